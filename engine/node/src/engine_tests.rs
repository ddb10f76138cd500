//! Shards that die or hang, and what the caller's half makes of it.

use std::net::{Ipv4Addr, UdpSocket};
use std::os::fd::BorrowedFd;
use std::time::Instant;

use super::*;
use crate::sys;

fn engine(shards: u8) -> Engine {
    Engine::start(&Listening { tcp_port: None, ..Listening::loopback(shards) }).expect("an engine")
}

/// A room with somebody in it who is about to connect.
fn somebody(engine: &mut Engine) -> (Handle, Handle) {
    let room = engine.open_room().expect("a room");
    let peer = engine.open_peer(room, "alice".into(), "PA_a".into(), true).expect("a peer");
    (peer, engine.open_connection(peer, Role::Subscriber).expect("a connection"))
}

fn ufrag(engine: &mut Engine, connection: Handle) -> String {
    let offer = engine.create_offer(connection).expect("an offer");
    offer.lines().find_map(|l| l.strip_prefix("a=ice-ufrag:")).expect("a name").to_owned()
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

/// A thread counts while it is awake, so it is woken until it has counted so many.
fn wait_for(engine: &mut Engine, name: &str, least: u64) {
    let give_up = Instant::now() + Duration::from_secs(10);
    while counter(engine, name) < least {
        assert!(Instant::now() < give_up, "{name}: {} of {least}", counter(engine, name));
        engine.probe(Duration::from_millis(200)).expect("threads");
    }
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
    let mut engine = engine(1);
    let (peer, lost) = somebody(&mut engine);
    engine.fail(0);
    assert_eq!(
        news(&mut engine),
        [
            Event::Disconnected { connection: lost, reason: "engine" },
            Event::Died { shard: 0, reason: "a fault for the test".into() },
        ]
    );
    // Who comes back is let in: the new shard answers to the name, and only to that.
    let connection = engine.open_connection(peer, Role::Subscriber).expect("another");
    let ufrag = ufrag(&mut engine, connection);
    let client = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a socket");
    let to = (Ipv4Addr::LOCALHOST, engine.udp_port());
    client.send_to(&check("nobody"), to).expect("sent");
    client.send_to(&check(&ufrag), to).expect("sent");
    wait_for(&mut engine, "packets_in", 2);
    assert_eq!(counter(&engine, "unknown_source"), 1, "the stranger alone");
}

#[test]
fn rooms_go_where_there_is_least_to_do_and_a_name_says_where_its_connection_is() {
    let mut engine = engine(3);
    let homes: Vec<_> = (0..6)
        .map(|_| {
            let (_, connection) = somebody(&mut engine);
            folkmoot_sfu::shard_of(&ufrag(&mut engine, connection)).expect("a shard")
        })
        .collect();
    assert_eq!(homes, [0, 1, 2, 0, 1, 2]);
}

#[test]
fn whichever_socket_a_check_comes_to_it_is_handed_to_the_shard_that_it_is_for() {
    let mut engine = engine(3);
    let names: Vec<_> = (0..3)
        .map(|_| {
            let (_, connection) = somebody(&mut engine);
            ufrag(&mut engine, connection)
        })
        .collect();
    let to = (Ipv4Addr::LOCALHOST, engine.udp_port());
    // The kernel spreads callers by their ports.
    let clients: Vec<_> = (0..32).map(|_| UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a socket")).collect();
    for client in &clients {
        for name in &names {
            client.send_to(&check(name), to).expect("sent");
        }
        client.send_to(&check("zzzz"), to).expect("sent"); // of a shard that there isn't
    }
    wait_for(&mut engine, "packets_in", 32 * 4);
    wait_for(&mut engine, "unknown_source", 32);
    let handed = counter(&engine, "handed_over");
    assert!(handed > 16 && handed <= 32 * 2, "{handed} of 96 came to another's socket");
    assert_eq!([counter(&engine, "unknown_source"), counter(&engine, "handover_drops")], [32, 0]);
}

#[test]
fn a_shard_that_dies_takes_its_own_rooms_alone() {
    let mut engine = engine(2);
    let (first, second) = (somebody(&mut engine), somebody(&mut engine));
    engine.fail(1);
    let lost = Event::Disconnected { connection: second.1, reason: "engine" };
    assert_eq!(news(&mut engine), [lost, Event::Died { shard: 1, reason: "a fault for the test".into() }]);
    assert!(engine.create_offer(first.1).is_ok() && engine.create_offer(second.1).is_err());
    assert!(engine.open_connection(second.0, Role::Subscriber).is_ok(), "who was in the room is in it");
}

#[test]
fn orders_to_a_shard_that_has_died_meanwhile_are_not_carried_out_by_the_next() {
    let mut engine = engine(1);
    let (peer, _) = somebody(&mut engine);
    engine.fail(0);
    // The caller has not heard of it yet.
    let late = engine.open_connection(peer, Role::Subscriber).expect("a connection");
    let happened = news(&mut engine);
    assert!(happened.contains(&Event::Disconnected { connection: late, reason: "engine" }), "{happened:?}");
    let connection = engine.open_connection(peer, Role::Subscriber).expect("a connection");
    let name = ufrag(&mut engine, connection);
    let client = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a socket");
    client.send_to(&check(&name), (Ipv4Addr::LOCALHOST, engine.udp_port())).expect("sent");
    wait_for(&mut engine, "packets_in", 1);
    assert_eq!(counter(&engine, "unknown_source"), 0, "it is in the room once more, and its connection is known");
}

#[test]
fn a_media_thread_asks_for_short_turns_and_for_no_larger_share() {
    let _engine = engine(1);
    let told = |thread: &std::path::Path, what: &str| -> Option<u64> {
        let text = std::fs::read_to_string(thread.join("sched")).ok()?;
        text.lines().find_map(|line| line.strip_prefix(what)?.split(':').nth(1)?.trim().parse().ok())
    };
    let own = std::path::Path::new("/proc/thread-self");
    let usual = told(own, "se.slice");
    let asking = std::thread::spawn(move || {
        sys::ask_for_slices(Duration::from_micros(300));
        told(own, "se.slice")
    });
    let granted = asking.join().expect("a slice");
    let Some(usual) = usual.filter(|_| granted < usual) else { return }; // a kernel that doesn't heed it, or doesn't tell
    let media = || {
        let threads = std::fs::read_dir("/proc/self/task").expect("threads").flatten().map(|thread| thread.path());
        let named = |thread: &std::path::PathBuf| std::fs::read_to_string(thread.join("comm")).unwrap_or_default();
        threads.filter(move |thread| named(thread) == "folkmoot-shard\n")
    };
    // It takes its name and asks before all else, and may not have come to it.
    let give_up = Instant::now() + Duration::from_secs(5);
    while !media().any(|thread| told(&thread, "se.slice").is_some_and(|slice| slice < usual)) {
        assert!(Instant::now() < give_up, "{usual} ns at a time, as everybody");
        std::thread::yield_now();
    }
    assert!(media().all(|thread| told(&thread, "prio").is_none_or(|prio| Some(prio) == told(own, "prio"))));
}

#[test]
fn orders_that_follow_each_other_wake_a_shard_together() {
    let mut engine = engine(1);
    let (peer, _) = somebody(&mut engine);
    let turns = |engine: &Engine| engine.shards.turns();
    let (before, begin) = (turns(&engine), Instant::now());
    for away in 0..2_000 {
        engine.set_away(peer, away % 2 == 0).expect("a peer");
        // Long enough for a shard that doesn't wait for more to be asleep again.
        let next = Instant::now() + Duration::from_micros(20);
        while Instant::now() < next {}
    }
    let (turned, took) = (turns(&engine) - before, begin.elapsed());
    let most = took.as_micros() as u64 / 300 + 2;
    assert!(turned <= most, "{turned} turns for 2,000 orders in {took:?}");
}

#[test]
fn who_comes_right_behind_the_order_is_known() {
    let mut engine = engine(1);
    let client = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a socket");
    let to = (Ipv4Addr::LOCALHOST, engine.udp_port());
    let known = somebody(&mut engine).1;
    let known = check(&ufrag(&mut engine, known));
    let mut sent = 0;
    for turn in 0..400 {
        // The shard is awake for others when the order is given, and has looked for orders already.
        for _ in 0..turn % 40 {
            client.send_to(&known, to).expect("sent");
            sent += 1;
        }
        let (_, connection) = somebody(&mut engine);
        let name = ufrag(&mut engine, connection);
        client.send_to(&check(&name), to).expect("sent");
        sent += 1;
        wait_for(&mut engine, "packets_in", sent);
    }
    assert_eq!(counter(&engine, "unknown_source"), 0);
}

#[test]
fn a_shard_that_hangs_is_silent_and_then_replaced() {
    let mut engine = engine(2);
    let (first, second) = (somebody(&mut engine), somebody(&mut engine));
    engine.hang(1, Duration::from_secs(9));
    let give_up = Instant::now() + Duration::from_secs(10);
    while engine.shards.silent() == 0 {
        assert!(Instant::now() < give_up, "nobody notices");
        std::thread::yield_now();
    }
    let lost = Event::Disconnected { connection: second.1, reason: "engine" };
    assert_eq!(news(&mut engine), [lost, Event::Died { shard: 1, reason: "it hung".into() }]);
    assert_eq!([counter(&engine, "shards_silent"), counter(&engine, "shards_hung")], [0, 1]);
    // What comes to the socket that it had is taken by the next, and handed on as before.
    let connection = engine.open_connection(second.0, Role::Subscriber).expect("a connection");
    let names = [ufrag(&mut engine, connection), ufrag(&mut engine, first.1)];
    let to = (Ipv4Addr::LOCALHOST, engine.udp_port());
    for _ in 0..16 {
        let client = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a socket");
        for name in &names {
            assert!(client.send_to(&check(name), to).is_ok());
        }
    }
    wait_for(&mut engine, "packets_in", 32);
    assert_eq!(counter(&engine, "unknown_source"), 0);
}

#[test]
fn a_port_that_another_server_has_is_not_shared_with_it() {
    let one = engine(2);
    let same = |shards| Listening { udp_port: one.udp_port(), ..Listening::loopback(shards) };
    for shards in [1, 2] {
        assert_eq!(Engine::start(&same(shards)).err().map(|e| e.code), Some("engine.bind"));
    }
}
