//! Synthetic media: pictures of some packets that look like VP8 to whoever forwards them, and voices.

use std::time::{Duration, Instant};

use super::Options;

/// Of speech: one packet.
const FRAME: Duration = Duration::from_millis(20);
const SAMPLES: u32 = 960;
const VOICE: usize = 80;
/// A key frame each so many pictures, and when one is asked for.
const KEY_EVERY: u64 = 300;

/// How much somebody sends.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shape {
    pub pictures: u32,
    pub voices: u32,
}

impl Shape {
    /// What is sent, pictures first.
    pub fn streams(self) -> impl Iterator<Item = bool> {
        (0..self.pictures).map(|_| true).chain((0..self.voices).map(|_| false))
    }
}

/// A packet to send.
pub struct Packet {
    pub seq: u64,
    pub timestamp: u32,
    pub marker: bool,
    pub payload: Vec<u8>,
}

/// One stream that is sent.
#[derive(Debug)]
pub struct Source {
    pub is_picture: bool,
    pub wants_key: bool,
    pub next: Instant,
    every: Duration,
    packets: u32,
    size: usize,
    seq: u64,
    frames: u64,
    step: u32,
}

impl Source {
    /// Begins at a moment of its own, so that the pictures of many don't come at once.
    pub fn new(options: &Options, is_picture: bool, place: u32, of: u32) -> Self {
        let every = if is_picture { Duration::from_secs(1) / options.fps } else { FRAME };
        Self {
            is_picture,
            wants_key: true,
            next: Instant::now() + every * place / of.max(1),
            every,
            packets: if is_picture { options.packets } else { 1 },
            size: if is_picture { options.size } else { VOICE },
            seq: 0,
            frames: 0,
            step: if is_picture { 90_000 / options.fps } else { SAMPLES },
        }
    }

    /// The packets that are due; what wasn't sent in time isn't made up for.
    pub fn due(&mut self, now: Instant) -> Vec<Packet> {
        if self.next > now {
            return Vec::new();
        }
        self.next = (self.next + self.every).max(now);
        let key = self.frames.is_multiple_of(KEY_EVERY) | std::mem::take(&mut self.wants_key);
        let timestamp = (self.frames as u32).wrapping_mul(self.step);
        self.frames += 1;
        (0..self.packets).map(|n| self.packet(n, timestamp, key)).collect()
    }

    fn packet(&mut self, n: u32, timestamp: u32, key: bool) -> Packet {
        let mut payload = vec![0; self.size];
        if self.is_picture {
            describe(&mut payload, n == 0, key, self.frames as u16);
        } else {
            payload[0] = 0x78;
        }
        self.seq += 1;
        let marker = self.is_picture && n + 1 == self.packets;
        Packet { seq: self.seq - 1, timestamp, marker, payload }
    }
}

/// A VP8 descriptor with a picture id of 15 bits, and the first bytes of a frame.
fn describe(payload: &mut [u8], first: bool, key: bool, picture: u16) {
    let [high, low] = picture.to_be_bytes();
    payload[..4].copy_from_slice(&[0x80 | u8::from(first) << 4, 0x80, 0x80 | high, low]);
    if first && key {
        payload[4..14].copy_from_slice(&[0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x00, 0x05, 0xd0, 0x02]);
    } else if first {
        payload[4..7].copy_from_slice(&[0x11, 0x02, 0x00]);
    }
}
