//! Guests who come by TCP.

use std::num::NonZeroU32;

use folkmoot_peer::ControlEvent;

use super::*;

fn link(guest: &Guest, number: u32) -> Path {
    Path::tcp(guest.addr.addr(), NonZeroU32::new(number).expect("a number"))
}

fn news(hall: &mut Hall) -> Vec<LinkNews> {
    std::iter::from_fn(|| hall.shard.poll_link()).collect()
}

fn claim(hall: &mut Hall, guest: &Guest, path: Path) {
    hall.shard.hear(hall.now, guest.conn, ControlEvent::Source(path));
    hall.settle();
}

/// A voice that is sent by UDP and heard by TCP connection 1.
fn heard_by_tcp(hall: &mut Hall) -> (Guest, Guest) {
    let (speaker, mut listener) = hall.speaker_and_listener();
    listener.addr = link(&listener, 1);
    claim(hall, &listener, listener.addr);
    hall.shard.hear(hall.now, listener.conn, ControlEvent::Selected(listener.addr));
    assert_eq!(news(hall), [LinkNews::Claimed(listener.addr)]);
    (speaker, listener)
}

#[test]
fn media_goes_out_by_the_connection_that_was_nominated_and_reports_come_in_by_it() {
    let mut hall = Hall::new();
    let (speaker, mut listener) = heard_by_tcp(&mut hall);
    for n in 0..3 {
        hall.send(&speaker, &Rtp::voice(10, n, "0"));
    }
    assert_eq!(hall.numbers(&mut listener).len(), 3);
    let refused = hall.shard.stats().media_refused;
    hall.report(&mut listener, |out| rtcp::write_pli(out, 1, 1000));
    assert_eq!((hall.shard.stats().unknown_source, hall.shard.stats().media_refused), (0, refused));
}

#[test]
fn a_connection_is_told_to_be_a_clients_once_and_given_back_with_it() {
    let mut hall = Hall::new();
    let (_, listener) = heard_by_tcp(&mut hall);
    for _ in 0..5 {
        hall.pass(2500 * MS);
        claim(&mut hall, &listener, listener.addr);
    }
    assert_eq!(news(&mut hall), []);
    hall.command(Command::CloseConnection { conn: listener.conn });
    assert_eq!(news(&mut hall), [LinkNews::Released(listener.addr)]);
}

#[test]
fn by_udp_there_is_nothing_to_tell() {
    let mut hall = Hall::new();
    let (speaker, listener) = hall.speaker_and_listener();
    for guest in [speaker, listener] {
        hall.command(Command::CloseConnection { conn: guest.conn });
    }
    assert_eq!(news(&mut hall), []);
}

#[test]
fn what_would_go_by_a_connection_that_was_cut_goes_nowhere_until_the_client_is_back() {
    let mut hall = Hall::new();
    let (speaker, mut listener) = heard_by_tcp(&mut hall);
    hall.shard.handle_lost_path(hall.now, listener.addr);
    hall.settle();
    hall.send(&speaker, &Rtp::voice(10, 0, "0"));
    assert!(hall.post.0.is_empty(), "{:?}", hall.post.0.keys());
    listener.addr = link(&listener, 2);
    claim(&mut hall, &listener, listener.addr);
    hall.shard.hear(hall.now, listener.conn, ControlEvent::Selected(listener.addr));
    hall.send(&speaker, &Rtp::voice(10, 1, "0"));
    assert_eq!(hall.numbers(&mut listener).len(), 1);
    // Twice told, or told of what nobody has: nothing happens.
    hall.shard.handle_lost_path(hall.now, link(&listener, 1));
    hall.shard.handle_lost_path(hall.now, link(&listener, 77));
    hall.send(&speaker, &Rtp::voice(10, 2, "0"));
    assert_eq!(hall.numbers(&mut listener).len(), 1);
}

#[test]
fn who_opens_connection_after_connection_keeps_eight_and_the_one_in_use() {
    let mut hall = Hall::new();
    let (speaker, mut listener) = heard_by_tcp(&mut hall);
    for number in 2..100 {
        let path = link(&listener, number);
        claim(&mut hall, &listener, path);
    }
    let told = news(&mut hall);
    let released: Vec<_> =
        told.iter().filter_map(|n| if let LinkNews::Released(path) = n { path.link() } else { None }).collect();
    assert_eq!(told.len() - released.len(), 98);
    assert_eq!(released.iter().map(|n| n.get()).collect::<Vec<_>>(), (2..93).collect::<Vec<_>>());
    hall.send(&speaker, &Rtp::voice(10, 0, "0"));
    assert_eq!(hall.numbers(&mut listener).len(), 1, "it still goes by the first");
}

#[test]
fn a_datagram_under_the_address_of_a_connections_far_end_is_a_strangers() {
    let mut hall = Hall::new();
    let guest = hall.knock();
    let path = link(&guest, 1);
    hall.shard.install_keys(hall.now, guest.conn, keys(guest.conn), path);
    hall.settle();
    let before = hall.shard.stats().unknown_source;
    hall.throw(guest.addr, Rtp::voice(10, 0, "0").seal(&guest.tx));
    hall.throw(link(&guest, 2), Rtp::voice(10, 0, "0").seal(&guest.tx));
    assert_eq!(hall.shard.stats().unknown_source, before + 2);
    hall.throw(path, Rtp::voice(10, 0, "0").seal(&guest.tx));
    assert_eq!(hall.shard.stats().media_in, 1);
}
