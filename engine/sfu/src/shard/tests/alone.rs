//! What happens to one connection happens to it alone.

use folkmoot_peer::ControlEvent;

use super::*;

#[test]
fn a_fault_of_ours_ends_the_connection_it_was_on_behalf_of_and_no_other() {
    let mut hall = Hall::new();
    let (speaker, mut listener) = hall.speaker_and_listener();
    let (other, unlucky) = (hall.enter(), hall.enter());
    hall.send(&speaker, &Rtp::voice(10, 0, "0"));
    assert_eq!(hall.numbers(&mut listener).len(), 1);

    hall.shard.fault = hall.shard.conns.at(unlucky.conn);
    hall.throw(unlucky.addr, vec![0x80; 40]);
    hall.shard.fault = None;

    let failed: Vec<_> = hall.events.iter().filter(|e| matches!(e, ShardEvent::Failed { .. })).collect();
    assert_eq!(failed, [&ShardEvent::Failed { conn: unlucky.conn }]);
    assert_eq!((hall.shard.stats().faults, hall.shard.counts()[2]), (1, 3));
    hall.send(&speaker, &Rtp::voice(10, 1, "0"));
    assert_eq!(hall.numbers(&mut listener).len(), 1, "the others' media goes on");
    hall.throw(other.addr, vec![0x80; 40]);
    hall.throw(unlucky.addr, vec![0x80; 40]);
    assert_eq!(hall.shard.stats().faults, 1);
}

#[test]
fn a_fault_in_a_timer_or_a_command_is_caught_too() {
    let mut hall = Hall::new();
    let (speaker, mut listener) = hall.speaker_and_listener();
    let (unlucky, other) = (hall.enter(), hall.enter());
    hall.shard.fault = hall.shard.conns.at(unlucky.conn);
    hall.pass(1000 * MS);
    assert_eq!(hall.events.last(), Some(&ShardEvent::Failed { conn: unlucky.conn }));
    hall.shard.fault = hall.shard.conns.at(other.conn);
    hall.negotiate(&other);
    assert_eq!(hall.events.last(), Some(&ShardEvent::Failed { conn: other.conn }));
    let mut third = hall.enter();
    let track = hall.publish(&mut third, "0", Kind::Audio, &[]);
    hall.shard.fault = hall.shard.conns.at(third.conn);
    hall.command(Command::SetMuted { track, muted: true });
    assert_eq!(hall.events.last(), Some(&ShardEvent::Failed { conn: third.conn }));
    hall.shard.fault = None;
    hall.send(&speaker, &Rtp::voice(10, 0, "0"));
    assert_eq!(hall.numbers(&mut listener).len(), 1);
}

#[test]
fn a_fault_on_behalf_of_nobody_costs_nobody_their_call() {
    let mut hall = Hall::new();
    let (speaker, mut listener) = hall.speaker_and_listener();
    hall.shard.fault_at_large = true;
    hall.pass(3000 * MS);
    let in_ticks = hall.shard.stats().faults;
    assert!(in_ticks > 0, "what is said of speakers and quality was due");
    hall.command(Command::OpenRoom { room: 99 });
    assert_eq!(hall.shard.stats().faults, in_ticks + 1);
    hall.shard.fault_at_large = false;
    assert!(!hall.events.iter().any(|e| matches!(e, ShardEvent::Failed { .. })));
    hall.send(&speaker, &Rtp::voice(10, 0, "0"));
    assert_eq!(hall.numbers(&mut listener).len(), 1);
}

#[test]
fn who_can_be_reached_nowhere_does_not_keep_the_shard_awake() {
    let mut hall = Hall::new();
    let (speaker, mut listener) = hall.speaker_and_listener();
    let lost = hall.enter();
    let at = hall.shard.conns.at(lost.conn).expect("there");
    let _ = hall.shard.handle_control_event(hall.now, at, ControlEvent::Unselected);
    assert_eq!(hall.shard.conns[at].to, None);
    hall.pass(3000 * MS); // its reports fall due, and it is asked about no more than its own deadlines
    hall.send(&speaker, &Rtp::voice(10, 0, "0"));
    assert_eq!(hall.numbers(&mut listener).len(), 1);
}

#[test]
fn the_end_of_a_publisher_is_the_end_of_its_tracks_alone() {
    let mut hall = Hall::new();
    let (speaker, mut listener) = hall.speaker_and_listener();
    let mut second = hall.enter();
    let track = hall.publish(&mut second, "0", Kind::Audio, &[]);
    hall.subscribe(&mut listener, track, Kind::Audio, 2000);
    hall.command(Command::CloseConnection { conn: second.conn });
    hall.send(&speaker, &Rtp::voice(10, 0, "0"));
    hall.throw(second.addr, Rtp::voice(20, 0, "0").seal(&second.tx));
    let came = hall.came(&mut listener).media;
    assert_eq!(came.iter().map(|p| p.ssrc).collect::<Vec<_>>(), [1000]);
}

#[test]
fn an_address_stays_its_owners_while_the_owner_is_heard_of() {
    let mut hall = Hall::new();
    let (speaker, mut listener) = hall.speaker_and_listener();
    let thief = hall.knock();
    let claim = |hall: &mut Hall, guest: &Guest| {
        hall.shard.hear(hall.now, guest.conn, ControlEvent::Source(speaker.addr));
        hall.settle();
    };
    for n in 0..10 {
        hall.pass(2500 * MS);
        claim(&mut hall, &speaker);
        claim(&mut hall, &thief);
        hall.send(&speaker, &Rtp::voice(10, n, "0"));
    }
    assert_eq!(hall.numbers(&mut listener).len(), 10, "checks under a false address take nothing away");
}

#[test]
fn an_address_that_its_owner_has_left_goes_to_who_comes_next() {
    let mut hall = Hall::new();
    let (speaker, _) = hall.speaker_and_listener();
    hall.pass(9000 * MS);
    // As when a NAT gives one client's port to another.
    let newcomer = hall.knock();
    hall.shard.install_keys(hall.now, newcomer.conn, keys(newcomer.conn), speaker.addr);
    hall.settle();
    // The end of the first does not take it along.
    hall.command(Command::CloseConnection { conn: speaker.conn });
    hall.throw(speaker.addr, Rtp::voice(10, 1, "0").seal(&newcomer.tx));
    assert_eq!((hall.shard.stats().media_in, hall.shard.stats().media_refused), (1, 0));
}
