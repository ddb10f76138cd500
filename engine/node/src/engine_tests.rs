//! A media thread that dies, and what the caller's half makes of it.

use std::net::{Ipv4Addr, UdpSocket};
use std::os::fd::BorrowedFd;
use std::time::Instant;

use super::*;
use crate::sys;

fn engine() -> Engine {
    let here = Ipv4Addr::LOCALHOST.into();
    Engine::start(here, 0, None, &[here], UplinkLimit::default()).expect("an engine")
}

/// The next news, which are waited for.
#[allow(unsafe_code)]
fn news(engine: &mut Engine) -> Vec<Event> {
    // SAFETY: the engine holds the descriptor open longer than this call.
    let flag = unsafe { BorrowedFd::borrow_raw(engine.fileno()) };
    assert_eq!(sys::wait_readable([flag], Some(Duration::from_secs(10))).expect("a descriptor"), [true], "no news");
    engine.drain()
}

fn counter(engine: &Engine, name: &str) -> u64 {
    engine.stats().into_iter().find_map(|(n, value)| (n == name).then_some(value as u64)).unwrap_or_default()
}

/// A binding request for whoever has this name.
fn check(ufrag: &str) -> Vec<u8> {
    let name = format!("{ufrag}:them");
    let mut bytes = [&[0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42][..], &[7; 12], &[0, 6, 0, name.len() as u8]].concat();
    bytes.extend(name.as_bytes());
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

#[test]
fn when_the_media_thread_dies_the_caller_is_told_whom_it_cost_and_the_rooms_are_there_again() {
    let mut engine = engine();
    let room = engine.open_room().expect("a room");
    let peer = engine.open_peer(room, "alice".into(), "PA_a".into(), true).expect("a peer");
    let lost = engine.open_connection(peer, Role::Subscriber).expect("a connection");
    engine.thread.as_ref().expect("a thread").send(Order::Fail);
    assert_eq!(
        news(&mut engine),
        [
            Event::Disconnected { connection: lost, reason: "engine" },
            Event::Died { reason: "a fault for the test".into() },
        ]
    );
    // Who comes back is let in: the new shard answers to the name, and only to that.
    let connection = engine.open_connection(peer, Role::Subscriber).expect("another");
    let offer = engine.create_offer(connection).expect("an offer");
    let ufrag = offer.lines().find_map(|l| l.strip_prefix("a=ice-ufrag:")).expect("a name");
    let client = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a socket");
    let to = (Ipv4Addr::LOCALHOST, engine.udp_port());
    client.send_to(&check("nobody"), to).expect("sent");
    client.send_to(&check(ufrag), to).expect("sent");
    let give_up = Instant::now() + Duration::from_secs(10);
    while counter(&engine, "packets_in") < 2 {
        assert!(Instant::now() < give_up, "the new thread does not take what is sent to the old port");
        // Its answer shows that it is awake, and awake it counts.
        engine.probe(Duration::from_millis(200)).expect("a thread");
    }
    assert_eq!(counter(&engine, "unknown_source"), 1, "the stranger alone");
}
