//! What a client sends on one section, packet by packet.

use std::time::{Duration, Instant};

use str0m::media::{MediaKind, Mid, Rid};

use crate::media::{self, Stamp, Temporal, Vp8};

const VIDEO_EVERY: Duration = Duration::from_millis(40);
const AUDIO_EVERY: Duration = Duration::from_millis(20);

/// See the module.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) mid: Mid,
    pub(crate) track: u32,
    pub(crate) kind: MediaKind,
    /// Its pictures are in H.264, not in VP8.
    pub(crate) h264: bool,
    pub(crate) sizes: media::Sizes,
    /// They are in three temporal layers.
    pub(crate) temporal: bool,
    pub(crate) layers: Vec<Layer>,
    pub(crate) next: Instant,
    pub(crate) muted: bool,
    /// Larger ones are silent.
    pub(crate) most_layers: usize,
}

#[derive(Debug)]
pub(crate) struct Layer {
    pub(crate) rid: Option<Rid>,
    pub(crate) want_key: bool,
    seq: u64,
    first_timestamp: u32,
    frame: u32,
    /// Its last key frame.
    key: u32,
    picture: u16,
    tl0: u8,
}

/// A packet to send.
pub(crate) struct Outgoing {
    pub(crate) rid: Option<Rid>,
    pub(crate) seq: u64,
    pub(crate) timestamp: u32,
    pub(crate) marker: bool,
    pub(crate) payload: Vec<u8>,
}

impl Source {
    /// Numbers start anywhere, some just before they wrap.
    pub(crate) fn new(mid: Mid, track: u32, kind: MediaKind, rids: &[Option<Rid>], now: Instant) -> Self {
        let layer = |(i, rid): (usize, &Option<Rid>)| {
            let i = i as u32 + track * 3;
            Layer {
                rid: *rid,
                seq: u64::from(if i.is_multiple_of(2) { 65_500 } else { 1000 * i }),
                first_timestamp: if i.is_multiple_of(3) { u32::MAX - 200_000 } else { i.wrapping_mul(0x1234_5678) },
                frame: 0,
                key: 0,
                picture: (0x7ff0_u32.wrapping_add(i * 7) & 0x7fff) as u16,
                tl0: (i * 50) as u8,
                want_key: true,
            }
        };
        let layers = rids.iter().enumerate().map(layer).collect();
        Self {
            mid,
            track,
            kind,
            h264: false,
            sizes: media::MODEST,
            temporal: false,
            layers,
            next: now,
            muted: false,
            most_layers: 3,
        }
    }

    /// Sends no more layers than that; one that begins again does so with a key frame, as an encoder does.
    pub(crate) fn rest(&mut self, most: usize) {
        let before = std::mem::replace(&mut self.most_layers, most);
        self.layers.iter_mut().skip(before).for_each(|layer| layer.want_key = true);
    }

    /// Numbers and time begin somewhere else.
    pub(crate) fn start_over(&mut self) {
        for (i, layer) in self.layers.iter_mut().enumerate() {
            layer.seq = 300 + 7 * i as u64;
            layer.first_timestamp = layer.first_timestamp.wrapping_add(0x7654_3210);
            layer.picture = layer.picture.wrapping_mul(3) & 0x7fff;
            layer.tl0 = layer.tl0.wrapping_mul(3);
            layer.want_key = true;
        }
    }

    /// One frame of every layer.
    pub(crate) fn packets(&mut self, now: Instant, start: Instant) -> Vec<Outgoing> {
        let video = self.kind.is_video();
        let (every, rate) = if video { (VIDEO_EVERY, 90_000_u64) } else { (AUDIO_EVERY, 48_000_u64) };
        self.next = now + every;
        let mut packets = Vec::new();
        if self.muted {
            return packets;
        }
        let captured = now.saturating_duration_since(start);
        let ticks = (captured.as_micros() as u64 * rate / 1_000_000) as u32;
        for (number, layer) in self.layers.iter_mut().take(self.most_layers).enumerate() {
            let key = video && std::mem::take(&mut layer.want_key);
            let number = number as u8;
            if key {
                layer.key = layer.frame;
            }
            let of = if self.temporal { Temporal::after(layer.frame - layer.key) } else { Temporal::NONE };
            let (count, bytes) = if video { media::packets(&self.sizes, number, key) } else { (1, 0) };
            // The lowest temporal layer takes two fifths of all.
            let count = if self.temporal && of.id == 0 && !key { 2 * count } else { count };
            let (track, frame, needs) = (self.track, layer.frame, of.needs);
            let stamp = Stamp { track, layer: number, frame, index: 0, count, key, needs, captured };
            let timestamp = layer.first_timestamp.wrapping_add(ticks);
            let payloads: Vec<_> = if video && self.h264 {
                media::h264_frame(stamp).collect()
            } else if video {
                let tid = of.id << 6 | u8::from(of.sync) << 5;
                let vp8 = Vp8 { start: true, picture: layer.picture, tl0: layer.tl0, tid };
                media::video_frame(stamp, vp8, bytes).collect()
            } else {
                vec![media::audio_packet(stamp)]
            };
            layer.frame += 1;
            layer.picture = (layer.picture + 1) & 0x7fff;
            layer.tl0 = layer.tl0.wrapping_add(u8::from(of.id == 0));
            let last = payloads.len() - 1;
            for (index, payload) in payloads.into_iter().enumerate() {
                let (rid, seq, marker) = (layer.rid, layer.seq, video && index == last);
                packets.push(Outgoing { rid, seq, timestamp, marker, payload });
                layer.seq += 1;
            }
        }
        packets
    }
}
