use std::net::{Ipv4Addr, Shutdown};

use folkmoot_wire::framed;

use super::*;

const LOCAL: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const SECOND: Duration = Duration::from_secs(1);

/// Links in a time of their own, over real sockets of the loopback network.
struct Hall {
    links: Links,
    port: u16,
    now: Instant,
    came: Vec<(Path, Vec<u8>)>,
    expected: Option<Probe>,
}

impl Hall {
    fn new() -> Self {
        Self::at(LOCAL)
    }

    fn at(host: IpAddr) -> Self {
        let door = bind(host, 0).expect("a free port");
        let (port, now) = (door.local_addr().expect("bound").port(), Instant::now());
        Self { links: Links::new(door, now, 1).expect("links"), port, now, came: Vec::new(), expected: None }
    }

    fn turn(&mut self) {
        crate::sys::wait_readable([self.links.as_fd()], Some(Duration::from_millis(20))).expect("poll");
        let Self { links, came, .. } = self;
        let each = |path, frame: &mut [u8]| {
            came.push((path, frame.to_vec()));
            None
        };
        links.receive(self.now, self.expected, each).expect("receive");
    }

    /// Turns until it is so; says what it waited for.
    fn until(&mut self, what: &str, done: impl Fn(&Self) -> bool) {
        let end = Instant::now() + 10 * SECOND;
        while !done(self) {
            assert!(Instant::now() < end, "still waiting: {what}; {:?}", self.links.stats);
            self.turn();
        }
    }

    fn call(&self) -> TcpStream {
        let stream = TcpStream::connect((LOCAL, self.port)).expect("connected");
        stream.set_read_timeout(Some(10 * SECOND)).expect("a timeout");
        stream
    }

    /// Somebody who said who it is, and was believed.
    fn client(&mut self) -> (TcpStream, Path) {
        let (mut stream, before) = (self.call(), self.came.len());
        stream.write_all(&framed(&check())).expect("sent");
        self.until("the check came", |hall| hall.came.len() > before);
        let path = self.came[before].0;
        self.links.handle_news(LinkNews::Claimed(path));
        (stream, path)
    }

    fn pass(&mut self, time: Duration) {
        let end = self.now + time;
        while self.now < end {
            self.now += SECOND;
            self.links.sweep(self.now);
        }
    }

    fn ended(&mut self) -> Vec<Path> {
        std::iter::from_fn(|| self.links.poll_ended()).collect()
    }
}

fn check() -> Vec<u8> {
    [&[0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42][..], &[7; 12]].concat()
}

fn framed(datagram: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    framed::write(&mut out, datagram);
    out
}

/// The far end has let go.
fn is_closed(stream: &mut TcpStream) -> bool {
    let mut rest = Vec::new();
    match stream.read_to_end(&mut rest) {
        Ok(_) => true,
        Err(error) => error.kind() == io::ErrorKind::ConnectionReset,
    }
}

#[test]
fn datagrams_come_and_go_whole_in_both_families_and_ipv4_goes_by_its_own_name() {
    let mut hall = Hall::at(Ipv6Addr::UNSPECIFIED.into());
    let mut hosts = vec![LOCAL];
    if hall.links.door.local_addr().expect("bound").is_ipv6() {
        hosts.push(Ipv6Addr::LOCALHOST.into());
    }
    for host in hosts {
        hall.came.clear();
        let mut alice = TcpStream::connect((host, hall.port)).expect("connected");
        let sent = [framed(&check()), framed(b""), framed(&[0x80; 1200]), framed(&[22; 3])].concat();
        for piece in sent.chunks(100) {
            alice.write_all(piece).expect("sent");
            hall.turn();
        }
        hall.until("all three", |hall| hall.came.len() == 3);
        let (path, _) = hall.came[0];
        assert_eq!(path.addr(), alice.local_addr().expect("connected"));
        let came: Vec<_> = hall.came.iter().map(|(from, bytes)| (*from == path, bytes.len())).collect();
        assert_eq!(came, [(true, 20), (true, 1200), (true, 3)]);
        hall.links.push(path, 1000, &[0x90; 2500]);
        hall.links.flush();
        let mut got = vec![0; 2506];
        alice.read_exact(&mut got).expect("sent");
        assert_eq!(got, [framed(&[0x90; 1000]), framed(&[0x90; 1000]), framed(&[0x90; 500])].concat());
    }
}

#[test]
fn who_says_nothing_or_drips_is_shown_out_after_ten_seconds_and_who_is_believed_is_not() {
    let mut hall = Hall::new();
    let (mut silent, mut dripping) = (hall.call(), hall.call());
    let (mut client, _) = hall.client();
    hall.until("three", |hall| hall.links.stats.accepted == 3);
    for _ in 0..9 {
        dripping.write_all(&[0]).expect("sent");
        hall.turn();
        hall.pass(SECOND);
    }
    assert_eq!((hall.links.stats.strangers, hall.links.stats.clients), (2, 1));
    hall.pass(2 * SECOND);
    assert_eq!((hall.links.stats.strangers, hall.links.stats.clients, hall.links.stats.evicted), (0, 1, 2));
    assert!(is_closed(&mut silent) && is_closed(&mut dripping));
    hall.ended();
    client.write_all(&framed(&check())).expect("sent");
    hall.until("it is heard", |hall| hall.came.len() == 2);
}

#[test]
fn what_is_no_call_is_shown_out_at_once() {
    let mut hall = Hall::new();
    let mut browser = hall.call();
    browser.write_all(b"GET / HTTP/1.1\r\n\r\n").expect("sent");
    let mut tls = hall.call();
    tls.write_all(&[22, 3, 1, 2, 0, 1]).expect("sent");
    let mut media = hall.call();
    media.write_all(&framed(&[0x80; 100])).expect("sent");
    hall.until("all three are out", |hall| hall.links.stats.evicted == 3);
    assert!(is_closed(&mut browser) && is_closed(&mut tls) && is_closed(&mut media));
    assert!(hall.came.is_empty());
}

#[test]
fn strangers_of_one_address_are_bounded_and_those_who_are_believed_make_room() {
    let mut hall = Hall::new();
    hall.links.most_strangers = 5;
    let calls: Vec<TcpStream> = (0..8).map(|_| hall.call()).collect();
    hall.until("all have knocked", |hall| hall.links.stats.accepted + hall.links.stats.refused == 8);
    assert_eq!((hall.links.stats.strangers, hall.links.stats.refused), (5, 3));
    (&calls[0]).write_all(&framed(&check())).expect("sent");
    hall.until("one says who it is", |hall| hall.came.len() == 1);
    let path = hall.came[0].0;
    hall.links.handle_news(LinkNews::Claimed(path));
    hall.links.handle_news(LinkNews::Claimed(path));
    assert_eq!((hall.links.stats.strangers, hall.links.stats.clients), (4, 1));
    let _next = hall.call();
    hall.until("there is room", |hall| hall.links.stats.accepted == 6);
    hall.links.most = 6;
    drop(calls);
    hall.until("they have gone", |hall| hall.links.stats.strangers == 1 && hall.links.stats.clients == 0);
    assert_eq!(hall.links.strangers.values().sum::<usize>(), 1);
    assert_eq!(hall.ended().len(), 5);
}

#[test]
fn the_end_of_a_connection_is_told_whether_it_is_closed_half_closed_or_reset() {
    let mut hall = Hall::new();
    let clients: Vec<_> = (0..3).map(|_| hall.client()).collect();
    let mut paths: Vec<Path> = clients.iter().map(|(_, path)| *path).collect();
    let [(closed, _), (says_no_more, _), (reset, _)] = <[_; 3]>::try_from(clients).expect("three");
    drop(closed);
    says_no_more.shutdown(Shutdown::Write).expect("half closed");
    socket2::SockRef::from(&reset).set_linger(Some(Duration::ZERO)).expect("set");
    drop(reset);
    hall.until("all have gone", |hall| hall.links.stats.clients == 0);
    let mut told = hall.ended();
    told.sort_by_key(|path| path.link());
    paths.sort_by_key(|path| path.link());
    assert_eq!(told, paths);
    // What is still sent there goes nowhere, though the place is taken again.
    let (mut next, path) = hall.client();
    assert!(!paths.contains(&path));
    for old in paths {
        hall.links.push(old, 4, b"\x80lost");
    }
    hall.links.push(path, 5, b"\x80kept");
    hall.links.flush();
    let mut got = [0; 7];
    next.read_exact(&mut got).expect("sent");
    assert_eq!(&got, b"\0\x05\x80kept");
}

#[test]
fn who_takes_nothing_holds_nobody_up_and_is_let_go() {
    let mut hall = Hall::new();
    let (stuck, stuck_path) = hall.client();
    let (mut other, other_path) = hall.client();
    socket2::SockRef::from(&stuck).set_recv_buffer_size(4096).expect("set");
    let (mut frames, began) = (0, Instant::now());
    while hall.links.stats.drops == 0 {
        hall.links.push(stuck_path, 1200, &[0x80; 12_000]);
        hall.links.push(other_path, 5, b"\x80live");
        hall.links.flush();
        frames += 1;
        assert!(frames < 10_000, "somewhere all of it must be");
    }
    let mut got = [0; 7];
    for _ in 0..frames {
        other.read_exact(&mut got).expect("sent");
        assert_eq!(&got, b"\0\x05\x80live");
    }
    assert!(began.elapsed() < 5 * SECOND, "{:?}", began.elapsed());
    let waiting = hall.links.entry(stuck_path.link().expect("tcp")).expect("there").link.waiting().len();
    assert!(waiting <= link::BACKLOG_MAX);
    for _ in 0..11 {
        other.write_all(&framed(&check())).expect("sent");
        hall.turn();
        hall.pass(SECOND);
    }
    assert_eq!((hall.links.stats.clients, hall.links.stats.stalled), (1, 1));
    assert_eq!(hall.ended(), [stuck_path]);
}

#[test]
fn a_slow_reader_gets_what_was_queued_whole_and_in_order_once_it_reads() {
    let mut hall = Hall::new();
    let (mut slow, path) = hall.client();
    let mut sent = Vec::new();
    let mut n = 0_u32;
    while hall.links.stats.drops == 0 {
        let datagram = [&[0x80][..], &n.to_be_bytes(), &vec![n as u8; 1000]].concat();
        hall.links.push(path, datagram.len(), &datagram);
        if hall.links.stats.drops == 0 {
            sent.extend_from_slice(&framed(&datagram));
        }
        hall.links.flush();
        n += 1;
    }
    let reader = std::thread::spawn(move || {
        let mut got = vec![0; sent.len()];
        slow.read_exact(&mut got).expect("all of it");
        (got == sent, slow)
    });
    let end = Instant::now() + 20 * SECOND;
    while !reader.is_finished() {
        assert!(Instant::now() < end, "it reads");
        hall.turn();
    }
    let (whole, _still_open) = reader.join().expect("a reader");
    assert!(whole);
    assert!(!hall.links.entry(path.link().expect("tcp")).expect("there").full);
}

#[test]
fn who_is_released_reads_what_was_said_before() {
    let mut hall = Hall::new();
    let (mut client, path) = hall.client();
    hall.links.push(path, 3, &[21, 1, 0]);
    hall.links.flush();
    hall.links.handle_news(LinkNews::Released(path));
    let mut rest = Vec::new();
    client.read_to_end(&mut rest).expect("until the end");
    assert_eq!(rest, framed(&[21, 1, 0]));
    assert_eq!(hall.ended(), []);
    assert_eq!(hall.links.stats.clients, 0);
}

#[test]
fn a_busy_port_is_an_error_and_one_in_time_wait_is_not() {
    let mut hall = Hall::new();
    assert_eq!(bind(LOCAL, hall.port).expect_err("taken").kind(), io::ErrorKind::AddrInUse);
    let (_client, path) = hall.client();
    hall.links.handle_news(LinkNews::Released(path)); // we close first, so TIME_WAIT is ours
    let port = hall.port;
    drop(hall);
    bind(LOCAL, port).expect("free again at once");
}

#[test]
fn the_probe_of_our_own_doctor_is_echoed_to_a_stranger() {
    let mut hall = Hall::new();
    hall.expected = Some([0xff; 24]);
    let mut doctor = hall.call();
    doctor.write_all(&framed(&[0xff; 24])).expect("sent");
    hall.until("it is read", |hall| hall.links.stats.accepted == 1);
    hall.turn();
    let mut got = [0; 26];
    doctor.read_exact(&mut got).expect("echoed");
    assert_eq!(got[..], framed(&[0xff; 24]));
    assert!(hall.came.is_empty());
}
