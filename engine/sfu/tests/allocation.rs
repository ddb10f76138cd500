//! What memory costs: nothing on the warm path, and little for each who is there.
//!
//! The warm path allocates nothing: a packet that comes in, is decrypted, remembered, renumbered, sealed for ten receivers
//! and handed to the socket, on its own shard and on another, touches no allocator. An allocator is where a thread of media would wait for others.
//!
//! Its own binary, for the counting allocator is the whole program's.

mod support;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::time::{Duration, Instant};

use folkmoot_peer::Path;
use folkmoot_sdp::Kind;
use folkmoot_sfu::{Command, Egress, FirstNumbers, Mirrored, Shard, ShardConfig, Source};
use support::{Client, identity, section};

thread_local! {
    static ALLOCATED: Cell<u64> = const { Cell::new(0) };
    /// Bytes that are held.
    static HELD: Cell<i64> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: every call is handed on unchanged to the system's allocator, which keeps the contract; the counter is a
// thread-local without a destructor, so counting allocates nothing and is allowed at any time.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATED.set(ALLOCATED.get() + 1);
        HELD.set(HELD.get() + layout.size() as i64);
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        HELD.set(HELD.get() - layout.size() as i64);
        // SAFETY: `at` came from `System` by the methods of this allocator.
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATED.set(ALLOCATED.get() + 1);
        HELD.set(HELD.get() + size as i64 - layout.size() as i64);
        // SAFETY: as above.
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const RECEIVERS: u64 = 10;

#[derive(Default)]
struct Counted(usize);

impl Egress for Counted {
    fn push(&mut self, _: Path, segment: usize, bytes: &[u8]) {
        self.0 += bytes.len().div_ceil(segment);
    }
}

/// A receiver of both tracks.
fn receiver(shard: &mut Shard, now: Instant, n: u64) {
    let mut receiver = Client::enter(shard, now, 2 + n);
    for (track, kind, ssrc) in [(300, Kind::Audio, 1000), (301, Kind::Video, 2000)] {
        receiver.sections.push(section(if kind == Kind::Audio { "a" } else { "v" }, kind, Some(ssrc)));
        let (sub, conn) = (400 + 2 * n + track % 2, receiver.conn);
        shard.handle_command(now, Command::Subscribe { sub, conn, track, ssrc, first: FirstNumbers::default() });
    }
    receiver.negotiate(shard, now);
}

#[test]
fn a_thousand_warm_packets_to_ten_receivers_on_two_shards_allocate_nothing() {
    let mut now = Instant::now();
    let mut shards =
        [0, 1].map(|number| Shard::new(ShardConfig { number, shards: 2, ..ShardConfig::alone(identity()) }, now));
    for shard in &mut shards {
        shard.handle_command(now, Command::OpenRoom { room: 1 });
    }
    let [home, there] = &mut shards;
    let mut sender = Client::enter(home, now, 1);
    sender.sections = vec![section("0", Kind::Audio, None), section("1", Kind::Video, None)];
    sender.negotiate(home, now);
    for (track, kind, source) in [(300, Kind::Audio, Source::Microphone), (301, Kind::Video, Source::Camera)] {
        let mid = sender.sections[usize::from(kind == Kind::Video)].mid;
        home.handle_command(now, Command::Publish { conn: sender.conn, mid, track, kind, source });
        let mirrored = Mirrored { home: 0, sid: "PA".into(), kind, source, muted: false, replays: true };
        there.handle_command(now, Command::Mirror { track, mirrored });
        home.handle_command(now, Command::Send { track, shard: 1 });
    }
    for n in 0..RECEIVERS {
        receiver(if n % 2 == 0 { &mut *home } else { &mut *there }, now, n);
    }
    while let Some((_, word)) = home.poll_word() {
        there.handle_word(now, 0, &word);
    }

    let mut egress = Counted::default();
    let mut allocated = 0;
    let mut sent = 0;
    for n in 0..4000_u64 {
        let mut packet = if n % 4 == 0 { sender.voice(n / 4) } else { sender.picture(n) };
        let warm = n >= 3000;
        let before = (ALLOCATED.get(), egress.0);
        home.handle_datagram(now, sender.addr, &mut packet);
        home.cross(|_, packet, payload| there.handle_crossing(now, &packet, payload));
        home.flush(&mut egress);
        there.flush(&mut egress);
        if warm {
            allocated += ALLOCATED.get() - before.0;
            sent += egress.0 - before.1;
        }
        now += Duration::from_millis(3); // twelve seconds in all: less than an address is trusted without another check
        for shard in [&mut *home, &mut *there] {
            while shard.poll_event().is_some() {}
            shard.handle_timeout(now);
            shard.flush(&mut egress);
        }
    }
    assert_eq!(sent as u64, 1000 * RECEIVERS, "all were forwarded");
    assert_eq!(allocated, 0);
    assert!(ALLOCATED.get() > 1000, "the counter counts: the way here was full of them");
}

const PEOPLE: i64 = 20;
const STREAMS: i64 = 25;

/// Kilobytes that `act` leaves, for each of `of`.
fn held(of: i64, act: impl FnOnce()) -> f64 {
    let before = HELD.get();
    act();
    (HELD.get() - before) as f64 / 1000.0 / of as f64
}

#[test]
fn a_participant_and_a_stream_cost_little_memory() {
    let now = Instant::now();
    let mut shard = Shard::new(ShardConfig::alone(identity()), now);
    shard.handle_command(now, Command::OpenRoom { room: 1 });
    let mut room = Vec::new();
    let participant = held(PEOPLE, || room.extend((0..PEOPLE).map(|n| Client::enter(&mut shard, now, 1 + n as u64))));
    let (senders, receivers) = room.split_at_mut(1);
    let sender = &mut senders[0];
    sender.sections = vec![section("0", Kind::Audio, None), section("1", Kind::Video, None)];
    sender.negotiate(&mut shard, now);
    let mid = sender.sections[1].mid;
    let published = held(STREAMS, || {
        for n in 0..STREAMS as u64 {
            let publish =
                Command::Publish { conn: sender.conn, mid, track: 300 + n, kind: Kind::Video, source: Source::Camera };
            shard.handle_command(now, publish);
        }
    });
    let subscribed = held(STREAMS * (PEOPLE - 1), || {
        for (n, receiver) in receivers.iter_mut().enumerate() {
            let own = HELD.get();
            let tracks = 300..300 + STREAMS as u64;
            receiver.sections =
                tracks.clone().map(|t| section(&t.to_string(), Kind::Video, Some(10 * t as u32))).collect();
            HELD.set(own); // what the client keeps is its own
            for track in tracks {
                let (sub, ssrc) = (1000 * (1 + n as u64) + track, 10 * track as u32);
                let first = FirstNumbers::default();
                shard.handle_command(now, Command::Subscribe { sub, conn: receiver.conn, track, ssrc, first });
            }
            receiver.negotiate(&mut shard, now);
        }
    });
    println!(
        "kB: a participant {participant:.1}, a published picture before it comes {published:.1}, a stream of a receiver {subscribed:.1}"
    );
    assert!(participant <= 60.0, "{participant} kB");
    assert!(subscribed <= 9.0, "{subscribed} kB");
}
