use std::net::{Ipv4Addr, Ipv6Addr};

use super::*;

fn net(host: IpAddr) -> (Net, u16) {
    let socket = bind(host, 0).expect("a free port");
    let port = socket.local_addr().expect("bound").port();
    (Net::new(socket).expect("a socket"), port)
}

fn receiver(host: IpAddr) -> (UdpSocket, SocketAddr) {
    let socket = UdpSocket::bind((host, 0)).expect("a free port");
    socket.set_read_timeout(Some(Duration::from_secs(2))).expect("a timeout");
    let addr = socket.local_addr().expect("bound");
    (socket, addr)
}

fn take(socket: &UdpSocket) -> Vec<u8> {
    let mut buffer = [0; 4096];
    let n = socket.recv(&mut buffer).expect("a datagram");
    buffer[..n].to_vec()
}

const V4: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

#[test]
fn a_run_arrives_as_its_datagrams_whether_the_kernel_cuts_it_or_we_do() {
    for gso in [true, false] {
        let (mut net, _) = net(V4);
        net.gso &= gso;
        let (bob, to) = receiver(V4);
        let run: Vec<u8> = (0..2500_u32).map(|i| i as u8).collect();
        net.push(to, 1000, &run);
        net.push(to, 3, b"end");
        net.flush();
        assert_eq!(take(&bob), run[..1000]);
        assert_eq!(take(&bob), run[1000..2000]);
        assert_eq!(take(&bob), run[2000..]);
        assert_eq!(take(&bob), b"end");
        assert_eq!((net.stats().packets_out, net.stats().bytes_out, net.stats().drops), (4, 2503, 0), "gso {gso}");
    }
}

#[test]
fn a_run_longer_than_the_kernel_takes_is_split() {
    let (mut net, _) = net(V4);
    let (bob, to) = receiver(V4);
    net.push(to, 1200, &vec![7; 1200 * 70]);
    net.push(to, 10, &[8; 10 * 70]);
    net.flush();
    assert_eq!(net.stats().drops, 0);
    assert_eq!(net.stats().packets_out, 140);
    for _ in 0..70 {
        assert_eq!(take(&bob).len(), 1200);
    }
    for _ in 0..70 {
        assert_eq!(take(&bob).len(), 10);
    }
}

#[test]
fn an_unreachable_receiver_costs_only_its_own_datagrams() {
    let (mut net, _) = net(V4);
    let (bob, to) = receiver(V4);
    // A socket of the loopback network has no way to the outside.
    net.push(SocketAddr::new(Ipv6Addr::LOCALHOST.into(), 9), 4, b"lost");
    net.push(to, 4, b"kept");
    net.flush();
    assert_eq!(take(&bob), b"kept");
    assert_eq!(net.stats().drops, 1);
}

#[test]
fn one_socket_carries_both_families_and_names_ipv4_peers_by_their_ipv4_address() {
    let (mut net, port) = net(Ipv6Addr::UNSPECIFIED.into());
    let mut hosts = vec![V4];
    if net.socket().local_addr().expect("bound").is_ipv6() {
        hosts.push(Ipv6Addr::LOCALHOST.into());
    }
    for host in hosts {
        let (alice, from) = receiver(host);
        alice.send_to(b"hello", (host, port)).expect("sent");
        sys::wait_readable([net.socket().as_fd()], Some(Duration::from_secs(2))).expect("poll");
        let mut seen = Vec::new();
        let more = net.receive(|source, _, _, bytes| seen.push((source.addr(), bytes.to_vec()))).expect("receive");
        assert!(!more);
        assert_eq!(seen, [(from, b"hello".to_vec())]);
        net.push(from, 5, b"howdy");
        net.flush();
        assert_eq!(take(&alice), b"howdy");
    }
}

#[test]
fn a_datagram_too_long_to_be_ours_is_dropped_whole() {
    let (mut net, port) = net(V4);
    let (alice, _) = receiver(V4);
    alice.send_to(&[1; sys::DATAGRAM + 1], (V4, port)).expect("sent");
    alice.send_to(&[1; sys::DATAGRAM], (V4, port)).expect("sent");
    let mut sizes = Vec::new();
    while sizes.is_empty() {
        sys::wait_readable([net.socket().as_fd()], Some(Duration::from_secs(2))).expect("poll");
        net.receive(|_, _, _, bytes| sizes.push(bytes.len())).expect("receive");
    }
    assert_eq!(sizes, [sys::DATAGRAM]);
    assert_eq!(net.stats().drops, 1);
}

/// What came in one batch, that is waited for.
fn received(net: &mut Net) -> Vec<(Path, Instant)> {
    sys::wait_readable([net.socket().as_fd()], Some(Duration::from_secs(2))).expect("poll");
    let mut seen = Vec::new();
    net.receive(|path, _, arrived, _| seen.push((path, arrived))).expect("receive");
    seen
}

#[test]
fn who_asked_one_address_of_a_host_with_several_is_answered_from_that_one() {
    for (host, gso) in [(Ipv4Addr::UNSPECIFIED.into(), true), (Ipv6Addr::UNSPECIFIED.into(), true), (V4, false)] {
        let (mut net, port) = net(host);
        net.gso &= gso;
        for asked in ["127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.2"] {
            if host == V4 && asked != "127.0.0.1" {
                continue; // bound to one, it hears of no other
            }
            let asked = SocketAddr::new(asked.parse().expect("an address"), port);
            let (alice, _) = receiver(V4);
            alice.send_to(b"hello", asked).expect("sent");
            let [(path, _)] = received(&mut net)[..] else { panic!("one datagram") };
            // A run that the kernel cuts says both, its segment and our address.
            net.push(path, 4, b"from whom");
            net.flush();
            for part in [4, 4, 1] {
                let mut buffer = [0; 16];
                assert_eq!(alice.recv_from(&mut buffer).expect("an answer"), (part, asked), "{host}");
            }
        }
        assert_eq!(net.stats().drops, 0);
    }
}

#[test]
fn a_host_with_more_addresses_than_numbers_leaves_the_rest_to_the_kernel() {
    let mut locals = Locals::default();
    let ip = |n: u32| IpAddr::from(Ipv4Addr::from_bits(n));
    let numbers: Vec<Local> = (0..300).map(|n| locals.number(ip(n))).collect();
    assert_eq!((numbers[0], numbers[254], numbers[255], numbers[299]), (Local(1), Local(255), Local::ANY, Local::ANY));
    assert_eq!(locals.number(ip(7)), numbers[7]);
    assert_eq!([numbers[0], numbers[254], numbers[255]].map(|n| locals.address(n)), [Some(ip(0)), Some(ip(254)), None]);
}

#[test]
fn a_datagram_that_waited_for_us_came_when_the_kernel_had_it() {
    let (mut net, port) = net(V4);
    let (alice, _) = receiver(V4);
    alice.send_to(b"first", (V4, port)).expect("sent");
    let between = Instant::now();
    alice.send_to(b"second", (V4, port)).expect("sent");
    let after = Instant::now();
    let came: Vec<_> = received(&mut net).into_iter().map(|(_, arrived)| arrived).collect();
    assert!(came.len() == 2 && came[0] <= between && came[0] < came[1] && came[1] <= after, "{came:?} {between:?}");
}

#[test]
fn a_wall_clock_that_was_set_meanwhile_moves_no_arrival() {
    let arrivals = Arrivals { now: Instant::now(), wall: Duration::from_secs(1_800_000_000) };
    let came = |before: i64| arrivals.instant(Duration::from_millis((1_800_000_000_000 - before) as u64));
    assert_eq!(came(3) + Duration::from_millis(3), arrivals.now);
    assert_eq!([came(-60_000), came(3_600_000)], [arrivals.now; 2]);
}
