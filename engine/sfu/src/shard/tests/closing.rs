//! What is closed leaves nothing behind.

use super::*;

/// A room in full swing: everybody sends a voice and a camera of three layers to everybody.
fn meeting(hall: &mut Hall, people: usize) -> Vec<Guest> {
    let mut guests: Vec<Guest> = (0..people).map(|_| hall.enter()).collect();
    let mut tracks = Vec::new();
    for guest in &mut guests {
        tracks.push((guest.peer, hall.publish(guest, "0", Kind::Audio, &[]), Kind::Audio));
        tracks.push((guest.peer, hall.publish(guest, "1", Kind::Video, &["q", "h", "f"]), Kind::Video));
    }
    for guest in &mut guests {
        for (n, (peer, track, kind)) in tracks.iter().enumerate() {
            if *peer != guest.peer {
                hall.subscribe(guest, *track, *kind, 1000 + 2 * n as u32);
            }
        }
    }
    for n in 0..5 {
        for guest in &guests {
            hall.send(guest, &Rtp::voice(10, n, "0"));
            for (layer, rid) in ["q", "h", "f"].into_iter().enumerate() {
                hall.send(guest, &Rtp::picture(20 + layer as u32, n, "1", n == 0).layer(rid));
            }
        }
        hall.pass(20 * MS);
    }
    guests
}

#[test]
fn a_room_closed_from_outside_leaves_nothing() {
    let mut hall = Hall::new();
    meeting(&mut hall, 4);
    assert_eq!(hall.shard.counts(), [1, 4, 4, 8, 24, 4, 4]);
    hall.command(Command::CloseRoom { room: hall.room });
    assert_eq!(hall.shard.counts(), [0; 7]);
    assert_eq!(hall.shard.deadline(), None);
}

#[test]
fn a_room_closed_from_inside_out_leaves_nothing() {
    let mut hall = Hall::new();
    let guests = meeting(&mut hall, 3);
    let (tracks, subs): (Vec<_>, Vec<_>) = (
        hall.shard.tracks.entries().map(|(at, _)| hall.shard.tracks.handle(at)).collect(),
        hall.shard.subs.entries().map(|(at, _)| hall.shard.subs.handle(at)).collect(),
    );
    let some = subs.len() / 2;
    for sub in &subs[..some] {
        hall.command(Command::Unsubscribe { sub: *sub });
    }
    for track in tracks {
        hall.command(Command::Unpublish { track });
    }
    assert_eq!(hall.shard.counts()[3..5], [0, 0], "a track takes its subscriptions along");
    for guest in &guests {
        hall.command(Command::CloseConnection { conn: guest.conn });
    }
    assert_eq!(hall.shard.counts(), [1, 3, 0, 0, 0, 0, 0]);
    for guest in &guests {
        hall.command(Command::ClosePeer { peer: guest.peer });
        hall.command(Command::ClosePeer { peer: guest.peer });
    }
    hall.command(Command::CloseRoom { room: hall.room });
    assert_eq!(hall.shard.counts(), [0; 7]);
}

#[test]
fn a_place_is_taken_again_and_knows_nothing_of_its_last_owner() {
    let mut hall = Hall::new();
    let (speaker, mut listener) = hall.speaker_and_listener();
    for round in 0..50 {
        hall.command(Command::ClosePeer { peer: listener.peer });
        listener = hall.enter();
        let track = hall.shard.tracks.handle(0);
        hall.subscribe(&mut listener, track, Kind::Audio, 2000 + round);
        hall.send(&speaker, &Rtp::voice(10, u64::from(round), "0"));
        assert_eq!(hall.numbers(&mut listener).len(), 1);
    }
    assert!(hall.shard.conns.ceiling() <= 3 && hall.shard.subs.ceiling() <= 2);
}

#[test]
fn commands_about_what_is_gone_do_nothing() {
    let mut hall = Hall::new();
    let (speaker, listener) = hall.speaker_and_listener();
    hall.command(Command::CloseConnection { conn: speaker.conn });
    let before = hall.shard.counts();
    hall.negotiate(&speaker);
    hall.publish_again(&speaker, "0", Kind::Audio);
    hall.command(Command::Unpublish { track: 99 });
    hall.command(Command::SetMuted { track: 99, muted: true });
    hall.command(Command::Subscribe {
        sub: 98,
        conn: listener.conn,
        track: 99,
        ssrc: 1,
        first: FirstNumbers::default(),
    });
    hall.command(Command::Configure { sub: 98, wish: Wish { enabled: true, max_layer: 1, ..Wish::default() } });
    hall.command(Command::SetMayData { peer: 97, may: true });
    let local = IceCreds { ufrag: "late".into(), pwd: "p".repeat(24) };
    hall.command(Command::OpenConnection { peer: 97, conn: 96, role: Role::Single, local });
    let (identity, sid) = ("late".to_owned(), "PA_late".to_owned());
    hall.command(Command::OpenPeer {
        room: 95,
        peer: 97,
        identity,
        sid,
        may_send_data: true,
        heard: LastHeard::default(),
    });
    assert_eq!(hall.shard.counts(), before);
}
