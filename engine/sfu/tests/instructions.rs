//! What a packet costs, held to a number: instructions from the datagram that came to the runs that leave. Wall time is
//! noise on a shared machine; this is the same everywhere, and the first to know when a packet becomes dearer.
//!
//! Law: what a packet costs a receiver doesn't depend on how many streams it has.
//!
//! The baseline is of one compiler; another one's may differ by some per cent, and then it is written anew.

mod support;

use std::hint::black_box;
use std::time::{Duration, Instant};

use folkmoot_peer::Path;
use folkmoot_sdp::Kind;
use folkmoot_sfu::{Command, Egress, FirstNumbers, Shard, ShardConfig, Source};
use folkmoot_steps::{alone, count, hold};
use support::{Client, identity, section};

const BASELINE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/instructions.baseline");
const KINDS: [(Kind, &str, Source); 2] =
    [(Kind::Audio, "voice", Source::Microphone), (Kind::Video, "picture", Source::Camera)];
const FEW: u64 = 2;
const MORE: u64 = 6;

struct Nowhere;

impl Egress for Nowhere {
    fn push(&mut self, _: Path, _: usize, bytes: &[u8]) {
        black_box(bytes);
    }
}

/// A room in which everybody who receives has all streams of everybody who sends.
struct Room {
    shard: Shard,
    now: Instant,
    senders: Vec<Client>,
    turns: u64,
}

impl Room {
    fn new(senders: u64, receivers: u64) -> Self {
        let now = Instant::now();
        let mut shard = Shard::new(ShardConfig::alone(identity()), now);
        shard.handle_command(now, Command::OpenRoom { room: 1 });
        let mut room = Self { shard, now, senders: Vec::new(), turns: 0 };
        (0..senders).for_each(|n| room.add_sender(n));
        (0..receivers).for_each(|n| room.add_receiver(senders + n));
        (0..150).for_each(|_| room.turn());
        room
    }

    fn add_sender(&mut self, n: u64) {
        let mut sender = Client::enter(&mut self.shard, self.now, 1 + n);
        sender.sections = vec![section("0", Kind::Audio, None), section("1", Kind::Video, None)];
        sender.negotiate(&mut self.shard, self.now);
        for (i, (kind, _, source)) in KINDS.into_iter().enumerate() {
            let (mid, track) = (sender.sections[i].mid, 300 + 2 * n + i as u64);
            let publish = Command::Publish { conn: sender.conn, mid, track, kind, source };
            self.shard.handle_command(self.now, publish);
        }
        self.senders.push(sender);
    }

    fn add_receiver(&mut self, n: u64) {
        let mut receiver = Client::enter(&mut self.shard, self.now, 1 + n);
        for track in 300..300 + 2 * self.senders.len() as u64 {
            let (kind, ssrc) = (KINDS[(track % 2) as usize].0, 10 * track as u32);
            receiver.sections.push(section(&track.to_string(), kind, Some(ssrc)));
            let (sub, first) = (1000 * (1 + n) + track, FirstNumbers::default());
            self.shard.handle_command(self.now, Command::Subscribe { sub, conn: receiver.conn, track, ssrc, first });
        }
        receiver.negotiate(&mut self.shard, self.now);
    }

    /// Twenty milliseconds in which everybody sends everything.
    fn turn(&mut self) {
        for n in 0..self.senders.len() {
            for (kind, ..) in KINDS {
                let packet = self.packet(n, kind);
                self.take(n, packet);
            }
        }
        self.turns += 1;
        while self.shard.poll_event().is_some() {}
        self.now += Duration::from_millis(20);
        self.shard.handle_timeout(self.now);
        self.shard.flush(&mut Nowhere);
    }

    fn packet(&self, sender: usize, kind: Kind) -> Vec<u8> {
        let sender = &self.senders[sender];
        if kind == Kind::Video { sender.picture(self.turns) } else { sender.voice(self.turns) }
    }

    fn take(&mut self, sender: usize, mut packet: Vec<u8>) {
        self.shard.handle_datagram(self.now, self.senders[sender].addr, &mut packet);
        self.shard.flush(&mut Nowhere);
    }

    /// Instructions of one warm packet of the first sender.
    fn cost(&mut self, kind: Kind) -> u64 {
        self.turn();
        let (packet, before) = (self.packet(0, kind), self.shard.stats().media_out);
        let cost = count(|| self.take(0, packet)).expect("a counter, or the test isn't run");
        let receivers = self.shard.stats().media_out - before;
        self.turns += 1;
        assert!(receivers == FEW || receivers == MORE, "sent to {receivers}");
        cost
    }
}

#[test]
fn a_packet_is_not_dearer_than_it_was() {
    alone("a_packet_is_not_dearer_than_it_was", || {
        let mut figures = Vec::new();
        for senders in [1, 8] {
            let (mut few, mut more) = (Room::new(senders, FEW), Room::new(senders, MORE));
            for (kind, name, _) in KINDS {
                let (least, most) = (few.cost(kind), more.cost(kind));
                let each = (most - least) / (MORE - FEW);
                figures.push((format!("{name}-to-each-of-{}-streams", 2 * senders), each));
                if senders == 1 {
                    figures.push((format!("{name}-in"), least - FEW * each));
                }
            }
        }
        hold(BASELINE, &figures);
        for (_, name, _) in KINDS {
            let [few, many] = [2, 16].map(|streams| of(&figures, &format!("{name}-to-each-of-{streams}-streams")));
            assert!(
                many <= few + few / 20,
                "{name}: {few} instructions where there are few streams, {many} where many"
            );
        }
    });
}

fn of(figures: &[(String, u64)], name: &str) -> u64 {
    figures.iter().find(|(n, _)| n == name).expect("it was measured").1
}

/// For a profiler: `valgrind --tool=callgrind --collect-atstart=no --toggle-collect='*::a_profile' TEST --ignored --exact warm_packets`.
#[test]
#[ignore = "for a profiler"]
fn warm_packets() {
    let mut room = Room::new(2, 12);
    for (kind, ..) in KINDS {
        for _ in 0..200 {
            let packet = room.packet(0, kind);
            room.turns += 1;
            a_profile(&mut room, packet);
        }
    }
}

#[inline(never)]
fn a_profile(room: &mut Room, packet: Vec<u8>) {
    room.take(0, packet);
}
