//! Clients that no datagram reaches.

mod support;

use std::num::NonZeroU32;
use std::time::Duration;

use folkmoot_peer::{ControlEvent, ControlOutput, Path};
use folkmoot_sdp::{Candidate, Role};
use support::{SERVER, World, address, creds};

const SECOND: Duration = Duration::from_secs(1);

fn behind_a_wall(role: Role) -> World {
    let mut world = World::new(role);
    world.client_may_use_tcp();
    world.udp_is_blocked = true;
    world
}

fn says_something(world: &mut World, what: &[u8]) {
    let id = world.channel("_reliable").expect("open");
    world.peer.send(id, true, what).expect("room for it");
    world.drain_peer();
    let came = world.run_until_done(10 * SECOND, |w| w.client_messages.iter().any(|m| m == what));
    assert!(came, "{:?} {:?}", world.events, world.client_events);
}

/// Where the peer sends to now.
fn selected(world: &World) -> Option<Path> {
    world.events.iter().fold(None, |now, (_, event)| match event {
        ControlEvent::Selected(to) => Some(*to),
        ControlEvent::Unselected => None,
        _ => now,
    })
}

#[test]
fn where_udp_is_blocked_a_client_connects_by_tcp() {
    for role in [Role::Single, Role::Publisher] {
        let mut world = behind_a_wall(role);
        world.open();
        assert_eq!(selected(&world), world.path(true), "{role:?}");
        assert!(world.elapsed() < 2 * SECOND, "{:?}", world.elapsed());
        says_something(&mut world, b"through the wall");
        world.client_writes("_reliable", b"and back");
        assert!(world.run_until_done(SECOND, |w| w.messages() == [b"and back"]));
        world.run(30 * SECOND);
        assert_eq!(world.told(|e| matches!(e, ControlEvent::Disconnected)), None, "it is heard of by TCP alone");
    }
}

#[test]
fn where_both_ways_are_open_a_client_takes_udp() {
    let mut world = World::new(Role::Single);
    world.client_may_use_tcp();
    world.open();
    world.run(5 * SECOND);
    assert_eq!(selected(&world), world.path(false));
}

#[test]
fn an_ice_restart_moves_a_call_from_udp_to_tcp_and_back() {
    let mut world = World::new(Role::Single);
    world.client_may_use_tcp();
    world.open();
    world.run(2 * SECOND);
    assert_eq!(selected(&world), world.path(false));
    for (n, only, tcp) in [(1, Candidate::tcp(address(SERVER)), true), (2, Candidate::udp(address(SERVER)), false)] {
        world.udp_is_blocked = tcp;
        world.negotiator.set_candidates(vec![only]);
        world.negotiator.set_spare_ice(creds(n));
        world.negotiate(true);
        world.run(5 * SECOND);
        assert_eq!(selected(&world), world.path(tcp), "restart {n}");
        says_something(&mut world, format!("still here, {n}").as_bytes());
    }
    assert_eq!(world.told(|e| matches!(e, ControlEvent::Disconnected)), None);
}

#[test]
fn after_its_connection_was_cut_a_client_is_reached_by_its_next_one_and_never_by_the_old() {
    let mut world = behind_a_wall(Role::Single);
    world.open();
    let old = world.path(true).expect("connected");
    world.link = None;
    world.peer.handle_lost_path(world.now, old);
    world.drain_peer();
    assert_eq!(selected(&world), None);
    let sent = world.sent_by_peer;
    let id = world.channel("_reliable").expect("open");
    world.peer.send(id, true, b"where are you").expect("room for it");
    world.drain_peer();
    assert_eq!(world.sent_by_peer, sent, "there is nowhere to send it");
    // From the same address: only the number tells the two apart.
    world.link = NonZeroU32::new(2);
    assert!(world.run_until_done(10 * SECOND, |w| w.client_messages.len() == 1), "{:?}", world.events);
    assert_eq!(selected(&world), world.path(true));
    assert_eq!(world.told(|e| matches!(e, ControlEvent::Disconnected)), None);
}

#[test]
fn a_datagram_that_says_it_is_from_a_connections_far_end_is_still_a_strangers() {
    let mut world = behind_a_wall(Role::Single);
    world.open();
    while world.peer.poll_output().is_some() {}
    for first in 20..=63 {
        world.peer.handle_datagram(world.now, world.outside, &[first; 100]);
        world.peer.handle_datagram(world.now, Path::tcp(world.outside, NonZeroU32::MAX), &[first; 100]);
    }
    while let Some(output) = world.peer.poll_output() {
        assert!(!matches!(output, ControlOutput::Event(ControlEvent::Closed(_))), "{output:?}");
    }
    says_something(&mut world, b"unharmed");
}
