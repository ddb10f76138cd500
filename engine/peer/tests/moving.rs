//! Clients that move, restart, or are not who they say.

mod support;

use std::time::Duration;

use folkmoot_peer::{ControlEvent, ControlOutput, stun_local_ufrag};
use folkmoot_sdp::Role;
use support::{World, address, creds};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn after_its_nat_gave_it_another_address_a_client_is_reached_there_with_its_next_check() {
    let mut world = World::new(Role::Single);
    world.open();
    world.run(4 * SECOND);
    let moved_at = world.now;
    world.outside = address("203.0.113.5:41111");
    world.reached = None;
    let id = world.channel("_reliable").expect("open");
    world.peer.send(id, true, b"where are you").expect("room for it");
    world.drain_peer();
    assert!(world.run_until_done(10 * SECOND, |w| w.client_messages.len() == 1), "{:?}", world.events);
    let gap = world.now - moved_at;
    // One period of the client's checks, and SCTP's next try after that.
    assert!(gap < Duration::from_millis(5500), "{gap:?}");
    let selected = world.events.iter().rev().find_map(|(at, e)| match e {
        ControlEvent::Selected(to) => Some((*at, *to)),
        _ => None,
    });
    let (at, to) = selected.expect("selected");
    assert_eq!(to, world.outside.into());
    // One period of its checks.
    assert!(at < (moved_at - world.start) + Duration::from_millis(2700), "{at:?}");
}

#[test]
fn after_an_ice_restart_the_old_name_is_answered_until_the_new_one_is_used() {
    let mut world = World::new(Role::Single);
    world.open();
    world.negotiator.set_spare_ice(creds(1));
    let (answer, session) = world.offered(true);
    assert_eq!(session.local_ice, creds(1));
    world.peer.set_remote(&session);
    world.drain_peer();
    // The answer is late by twenty seconds: the client goes on under the old name, and nobody is disconnected.
    world.run(20 * SECOND);
    assert_eq!(world.told(|e| matches!(e, ControlEvent::Disconnected)), None, "{:?}", world.events);
    assert!(world.client.is_connected(), "{:?}", world.client_events);
    world.answer(&answer);
    world.run(20 * SECOND);
    assert_eq!(world.told(|e| matches!(e, ControlEvent::Disconnected)), None);
    assert!(world.client.is_connected(), "{:?}", world.client_events);
    let id = world.channel("_reliable").expect("still open");
    world.peer.send(id, true, b"still here").expect("room for it");
    world.drain_peer();
    assert!(world.run_until_done(SECOND, |w| w.client_messages.len() == 1));
}

#[test]
fn a_client_comes_back_after_a_silence_by_an_ice_restart() {
    let mut world = World::new(Role::Single);
    world.open();
    world.loss = 100;
    world.run(25 * SECOND);
    assert!(world.told(|e| matches!(e, ControlEvent::Disconnected)).is_some());
    world.loss = 0;
    world.outside = address("203.0.113.9:42222");
    world.negotiator.set_spare_ice(creds(1));
    world.negotiate(true);
    world.run(5 * SECOND);
    let id = world.channel("_reliable").expect("still open");
    world.peer.send(id, true, b"welcome back").expect("room for it");
    world.drain_peer();
    assert!(world.run_until_done(10 * SECOND, |w| w.client_messages.iter().any(|m| m == b"welcome back")));
}

#[test]
fn what_does_not_know_the_password_is_not_answered_and_leaves_nothing() {
    let mut world = World::new(Role::Single);
    world.negotiate(false);
    let stranger = address("192.0.2.66:6666");
    let mut request = binding_request("srv00000:whoever");
    for _ in 0..1000 {
        request[19] = request[19].wrapping_add(1);
        world.peer.handle_datagram(world.now, stranger, &request);
    }
    for junk in [&[][..], &[0][..], &[0, 1, 0, 0][..], &[22; 40][..], &[22, 254, 253, 0][..], &[63; 1500][..]] {
        world.peer.handle_datagram(world.now, stranger, junk);
    }
    assert!(world.peer.poll_output().is_none());
}

#[test]
fn dtls_from_an_address_that_was_not_authenticated_is_not_read() {
    let mut world = World::new(Role::Single);
    world.open();
    let stranger = address("192.0.2.66:6666");
    for first in 20..=63 {
        world.peer.handle_datagram(world.now, stranger, &[first; 100]);
    }
    // Nor is noise from the right one fatal.
    for first in 20..=63 {
        world.peer.handle_datagram(world.now, world.outside, &[first; 100]);
    }
    while let Some(output) = world.peer.poll_output() {
        assert!(!matches!(output, ControlOutput::Event(ControlEvent::Closed(_))), "{output:?}");
    }
    world.client_writes("_reliable", b"unharmed");
    assert!(world.run_until_done(SECOND, |w| w.messages() == [b"unharmed"]));
}

#[test]
fn a_client_of_many_addresses_is_known_by_the_last_ones() {
    let mut world = World::new(Role::Single);
    world.open();
    for port in 0..200 {
        world.outside = address(&format!("203.0.113.5:{}", 42_000 + port));
        world.run(3 * SECOND);
    }
    assert_eq!(world.told(|e| matches!(e, ControlEvent::Disconnected)), None);
    world.client_writes("_reliable", b"on the road");
    assert!(world.run_until_done(10 * SECOND, |w| w.messages() == [b"on the road"]));
}

#[test]
fn the_name_in_a_check_is_found_without_trusting_it() {
    assert_eq!(stun_local_ufrag(&binding_request("AAAAB3x9:remote")), Some("AAAAB3x9"));
    assert_eq!(stun_local_ufrag(&binding_request("nocolon")), None);
    let whole = binding_request("AAAAB3x9:remote");
    for len in 0..whole.len() {
        let _ = stun_local_ufrag(&whole[..len]);
    }
    let mut answer = whole.clone();
    answer[0] = 1;
    assert_eq!(stun_local_ufrag(&answer), None);
    let mut endless = whole;
    endless[22] = 0xff;
    assert_eq!(stun_local_ufrag(&endless), None);
}

/// Well-formed, under a password nobody knows.
fn binding_request(username: &str) -> Vec<u8> {
    let mut attributes = vec![0, 6, 0, username.len() as u8];
    attributes.extend_from_slice(username.as_bytes());
    attributes.resize(attributes.len().next_multiple_of(4), 0);
    attributes.extend_from_slice(&[0, 0x24, 0, 4, 0x6e, 0, 1, 0xff]); // PRIORITY
    attributes.extend_from_slice(&[0, 8, 0, 20]); // MESSAGE-INTEGRITY
    attributes.extend_from_slice(&[0x5a; 20]);
    let mut request = vec![0, 1, 0, attributes.len() as u8, 0x21, 0x12, 0xa4, 0x42];
    request.extend_from_slice(&[9; 12]);
    request.extend_from_slice(&attributes);
    request
}
