//! From the first check to open channels, and the ways a connection ends.

mod support;

use std::time::Duration;

use folkmoot_peer::{CloseReason, ControlEvent, SendError};
use folkmoot_sdp::Role;
use folkmoot_srtp::Profile;
use support::{OUTSIDE, World, address};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_client_connects_and_media_is_protected_by_the_cipher_we_prefer() {
    let mut world = World::new(Role::Single);
    world.negotiate(false);
    assert!(world.run_until_done(SECOND, World::is_connected), "{:?}", world.events);
    let keys = world.events.iter().find_map(|(_, e)| match e {
        ControlEvent::Keys(keys) => Some(keys.clone()),
        _ => None,
    });
    assert_eq!(keys.expect("keys").profile, Profile::AeadAes256Gcm);
    let order: Vec<String> = world
        .events
        .iter()
        .enumerate()
        // An address is told with every check; here the first is of interest.
        .filter(|(n, (_, e))| *n == 0 || !matches!(e, ControlEvent::Source(_)))
        .map(|(_, (_, e))| format!("{e:?}").split(['(', ' ']).next().expect("a name").to_owned())
        .collect();
    assert_eq!(order[..4], ["Source", "Selected", "Keys", "Connected"]);
    assert!(matches!(world.events[0].1, ControlEvent::Source(source) if source == address(OUTSIDE).into()));
    // Two round trips of 20 ms for DTLS without a cookie, one for ICE; the client paces its checks.
    assert!(world.elapsed() < Duration::from_millis(300), "{:?}", world.elapsed());
}

#[test]
fn messages_pass_both_ways_whatever_their_size() {
    let mut world = World::new(Role::Single);
    world.open();
    let (reliable, lossy) = (world.channel("_reliable").expect("open"), world.channel("_lossy").expect("open"));
    let all: Vec<Vec<u8>> = [0, 1, 300, 1200, 60_000].iter().map(|len| vec![7; *len]).collect();
    for message in &all {
        world.peer.send(reliable, true, message).expect("room for it");
        world.drain_peer();
        assert!(message.is_empty() || world.client_writes("_reliable", message));
    }
    world.peer.send(lossy, false, b"hello").expect("room for it");
    world.drain_peer();
    world.run(5 * SECOND);
    let mut got = world.client_messages.clone();
    got.sort_by_key(Vec::len);
    let lens: Vec<usize> = got.iter().map(Vec::len).collect();
    assert_eq!(lens, [0, 1, 5, 300, 1200, 60_000]);
    let lens: Vec<usize> = world.messages().iter().map(Vec::len).collect();
    assert_eq!(lens, [1, 300, 1200, 60_000]);
}

#[test]
fn channels_keep_the_rules_they_were_opened_with() {
    let mut world = World::new(Role::Single);
    world.open();
    let rules = |label: &str| {
        world.events.iter().find_map(|(_, e)| match e {
            ControlEvent::ChannelOpen { label: l, ordered, reliable, .. } if l == label => Some((*ordered, *reliable)),
            _ => None,
        })
    };
    assert_eq!(rules("_reliable"), Some((true, true)));
    assert_eq!(rules("_lossy"), Some((false, false)));
}

#[test]
fn on_a_subscribers_connection_the_channels_are_ours() {
    let mut world = World::new(Role::Subscriber);
    world.negotiate_ours();
    let open = world.run_until_done(5 * SECOND, |w| w.client_channels.len() == 3 && w.channel("_data_track").is_some());
    assert!(open, "{:?} {:?}", world.events, world.client_events);
    let labels: Vec<&str> = world.client_channels.iter().map(|(_, l)| l.as_str()).collect();
    assert_eq!(labels, ["_reliable", "_lossy", "_data_track"]);
    let id = world.channel("_reliable").expect("open");
    assert_eq!(id % 2, 1, "a DTLS server opens odd streams");
    world.peer.send(id, true, b"welcome").expect("room for it");
    world.drain_peer();
    assert!(world.run_until_done(SECOND, |w| w.client_messages == [b"welcome"]));
}

#[test]
fn forty_long_messages_at_once_do_not_kill_the_connection() {
    // A full queue is fatal to DTLS, so it is drained after every packet: 150 packets come of each message.
    let mut world = World::new(Role::Single);
    world.open();
    let id = world.channel("_reliable").expect("open");
    let mut sent = 0;
    for _ in 0..40 {
        if world.peer.send(id, true, &vec![1; 200_000]).is_ok() {
            sent += 1;
        }
        world.drain_peer();
        world.run(Duration::from_millis(300));
    }
    world.run(20 * SECOND);
    assert!(sent > 5, "{sent}");
    assert_eq!(world.client_messages.len(), sent);
    assert_eq!(world.told(|e| matches!(e, ControlEvent::Closed(_))), None);
}

#[test]
fn a_reader_that_does_not_read_is_not_fed_without_end() {
    let mut world = World::new(Role::Single);
    world.open();
    let (reliable, lossy) = (world.channel("_reliable").expect("open"), world.channel("_lossy").expect("open"));
    world.client_is_gone = true;
    let message = vec![0; 60_000];
    let fill = |world: &mut World, id: u16| {
        let mut taken = 0;
        loop {
            match world.peer.send(id, true, &message) {
                Ok(()) => taken += 60_000,
                Err(e) => return (taken, e),
            }
            world.drain_peer();
            assert!(taken < 5_000_000, "no bound");
        }
    };
    assert!(matches!(fill(&mut world, reliable), (n, SendError::Full) if n > 500_000));
    assert!(matches!(fill(&mut world, lossy), (n, SendError::Full) if n < 400_000));
}

#[test]
fn what_cannot_be_sent_is_said_so() {
    let mut world = World::new(Role::Single);
    assert_eq!(world.peer.send(1, true, b"early"), Err(SendError::NoChannel));
    world.open();
    let id = world.channel("_reliable").expect("open");
    assert_eq!(world.peer.send(999, true, b"x"), Err(SendError::NoChannel));
    assert_eq!(world.peer.send(id, true, &vec![0; 300 * 1024]), Err(SendError::TooLong));
}

#[test]
fn a_client_that_falls_silent_is_disconnected_after_fifteen_seconds() {
    let mut world = World::new(Role::Single);
    world.open();
    world.run(3 * SECOND);
    let last = world.elapsed();
    world.client_is_gone = true;
    world.run(30 * SECOND);
    let told = world.told(|e| matches!(e, ControlEvent::Disconnected)).expect("disconnected");
    // Its last check was up to one period of checks earlier.
    assert!(told > last + 11 * SECOND && told <= last + 16 * SECOND, "{told:?} after {last:?}");
    assert_eq!(world.events.iter().filter(|(_, e)| matches!(e, ControlEvent::Disconnected)).count(), 1);
}

#[test]
fn closing_tells_the_client() {
    let mut world = World::new(Role::Single);
    world.open();
    world.peer.close(world.now);
    world.drain_peer();
    assert!(world.told(|e| matches!(e, ControlEvent::Closed(CloseReason::Local))).is_some());
    assert_eq!(world.peer.deadline(), None);
    world.run(SECOND);
    assert!(!world.client.is_alive(), "{:?}", world.client_events);
}

#[test]
fn a_client_that_closes_ends_the_connection() {
    let mut world = World::new(Role::Single);
    world.open();
    world.client.close().expect("a farewell");
    world.drain_client();
    world.run(SECOND);
    assert!(world.told(|e| matches!(e, ControlEvent::Closed(CloseReason::Remote))).is_some(), "{:?}", world.events);
    assert_eq!(world.peer.deadline(), None);
}

#[test]
fn another_certificate_than_announced_ends_the_connection_before_any_key() {
    let mut world = World::new(Role::Single);
    let (answer, session) = world.offered(false);
    let mut other = (*session).clone();
    other.remote_fingerprint[0] ^= 1;
    world.peer.set_remote(&other);
    world.answer(&answer);
    world.run(5 * SECOND);
    assert!(world.told(|e| matches!(e, ControlEvent::Closed(CloseReason::WrongFingerprint))).is_some());
    assert!(world.told(|e| matches!(e, ControlEvent::Keys(_) | ControlEvent::Connected)).is_none());
    assert!(world.channel("_reliable").is_none());
}

#[test]
fn a_tenth_of_all_datagrams_lost_delays_but_does_not_prevent() {
    for seed in 0..8 {
        let mut world = World::new(Role::Single);
        world.run(Duration::from_millis(seed * 7));
        world.loss = 10;
        for _ in 0..seed {
            world.drain_client();
        }
        world.negotiate(false);
        let open =
            world.run_until_done(10 * SECOND, |w| w.channel("_reliable").is_some() && !w.client_channels.is_empty());
        assert!(open, "seed {seed}: {:?} {:?}", world.events, world.client_events);
        let id = world.channel("_reliable").expect("open");
        for n in 0..20 {
            world.peer.send(id, true, &[n; 3000]).expect("room for it");
            world.drain_peer();
        }
        assert!(world.run_until_done(30 * SECOND, |w| w.client_messages.len() == 20), "seed {seed}");
        assert!(world.client_messages.iter().zip(0..).all(|(m, n)| m[0] == n), "in order");
    }
}

#[test]
fn a_channel_that_the_client_closes_is_closed_and_its_place_can_be_used_again() {
    let mut world = World::new(Role::Single);
    world.open();
    let id = world.channel("_lossy").expect("open");
    let (channel, _) = world.client_channels.iter().find(|(_, l)| l == "_lossy").cloned().expect("open");
    world.client.direct_api().close_data_channel(channel);
    world.drain_client();
    let closed = |e: &ControlEvent| matches!(e, ControlEvent::ChannelClosed { id: closed } if *closed == id);
    assert!(world.run_until_done(5 * SECOND, |w| w.told(closed).is_some()), "{:?}", world.events);
    assert_eq!(world.peer.send(id, true, b"late"), Err(SendError::NoChannel));
    world.client_opens("again");
    assert!(world.run_until_done(5 * SECOND, |w| w.channel("again").is_some()));
}

#[test]
fn more_channels_than_anybody_needs_are_not_opened() {
    let mut world = World::new(Role::Single);
    world.open();
    for n in 0..100 {
        world.client_opens(&format!("channel {n}"));
        world.run(Duration::from_millis(100));
    }
    world.run(5 * SECOND);
    let open = world.events.iter().filter(|(_, e)| matches!(e, ControlEvent::ChannelOpen { .. })).count();
    assert_eq!(open, 64);
    world.client_writes("_reliable", b"unharmed");
    assert!(world.run_until_done(SECOND, |w| w.messages() == [b"unharmed"]));
}

/// For a profiler: what ICE, DTLS and SCTP take of a processor until a client is in, both ends of it.
#[test]
#[ignore = "for a profiler"]
fn two_hundred_who_come() {
    for _ in 0..200 {
        let mut world = World::new(Role::Single);
        world.negotiate(false);
        assert!(world.run_until_done(SECOND, World::is_connected), "{:?}", world.events);
    }
}
