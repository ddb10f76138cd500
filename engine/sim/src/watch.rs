//! What a receiver makes of one stream, and what is wrong with it.
//!
//! The checks are those a decoder lives by: sequence numbers without a break, timestamps that go on with the pictures,
//! picture ids that count every picture, and pictures that can be shown. They run over packets in sequence order, so a
//! repaired loss is no fault, and what was never repaired is counted and bounded.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use crate::media::{Stamp, Vp8};

/// What is missing before a packet that came so shortly before the end may still be on its way.
const FLIGHT: Duration = Duration::from_millis(200);

/// Pictures that others may need.
const REFERENCES: usize = 5;

/// One received packet.
#[derive(Clone, Copy, Debug)]
pub struct Packet {
    /// Extended sequence number.
    pub seq: u64,
    /// RTP timestamp.
    pub timestamp: u32,
    /// The marker bit.
    pub marker: bool,
    /// Part of a picture.
    pub video: bool,
    /// VP8 alone.
    pub vp8: Option<Vp8>,
    /// What the sender wrote into it.
    pub stamp: Stamp,
    /// When it arrived.
    pub at: Instant,
}

/// All packets of one SSRC.
#[derive(Debug)]
pub struct Stream {
    clock_rate: u32,
    packets: BTreeMap<u64, Packet>,
    /// What was wrong on arrival.
    faults: Vec<String>,
}

/// What a receiver saw of one stream.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Broken promises, in words; none is right.
    pub faults: Vec<String>,
    /// Packets that came.
    pub packets: usize,
    /// Sequence numbers that never came, between the first and the last.
    pub missing: u64,
    /// The neighbours of the first of them, in words.
    pub first_missing: String,
    /// Pictures that could be shown (for audio: packets).
    pub shown: usize,
    /// The longest time without one.
    pub longest_gap: Duration,
    /// Layers that were shown, in the order of their first picture.
    pub layers: Vec<u8>,
    /// Which layer was shown last.
    pub last_layer: Option<u8>,
    /// When the first could be shown.
    pub first_shown: Option<Instant>,
    /// When the last could be shown.
    pub last_shown: Option<Instant>,
}

impl Stream {
    /// A stream whose timestamps run at `clock_rate`.
    pub fn new(clock_rate: u32) -> Self {
        Self { clock_rate, packets: BTreeMap::new(), faults: Vec::new() }
    }

    /// A packet came.
    pub fn take(&mut self, packet: Packet) {
        if let Some(first) = self.packets.get(&packet.seq) {
            if first.stamp != packet.stamp {
                self.faults.push(format!("{} is two packets: {:?} and {:?}", packet.seq, first.stamp, packet.stamp));
            }
            return;
        }
        self.packets.insert(packet.seq, packet);
    }

    /// Which track its packets say they are of.
    pub fn track(&self) -> Option<u32> {
        self.packets.first_key_value().map(|(_, p)| p.stamp.track)
    }

    /// When pictures were shown since then, and of which layer. For audio: when packets came.
    pub fn shown_since(&self, since: Instant) -> Vec<(Instant, u8)> {
        let mut shown: Vec<_> =
            self.shown().iter().map(|p| (p.at, p.stamp.layer)).filter(|(at, _)| *at >= since).collect();
        shown.sort_unstable();
        shown
    }

    /// The longest that a packet since then took from its capture, when the run began at `start`.
    pub fn slowest_since(&self, start: Instant, since: Instant) -> Duration {
        let took = |p: &Packet| p.at.saturating_duration_since(start + p.stamp.captured);
        self.packets.values().filter(|p| p.at >= since).map(took).max().unwrap_or_default()
    }

    /// Whether packets keep coming and yet nothing new could be shown for as long as `patience`.
    pub fn is_stuck(&self, now: Instant, patience: Duration) -> bool {
        let report = self.report();
        let newest = self.packets.last_key_value().map(|(_, p)| p.at);
        newest.is_some_and(|at| {
            now.saturating_duration_since(at) < patience
                && report.last_shown.is_none_or(|shown| now.saturating_duration_since(shown) > patience)
        })
    }

    /// The stream judged from its first packet to its last.
    pub fn report(&self) -> Report {
        let mut report = Report { faults: self.faults.clone(), packets: self.packets.len(), ..Report::default() };
        let mut last: Option<&Packet> = None;
        let newest = self.packets.values().map(|p| p.at).max();
        for packet in self.packets.values() {
            if let Some(last) = last {
                if newest.is_some_and(|newest| newest.saturating_duration_since(packet.at) > FLIGHT) {
                    report.missing += packet.seq - last.seq - 1;
                    if packet.seq > last.seq + 1 && report.first_missing.is_empty() {
                        let (a, b) = (brief(last), brief(packet));
                        report.first_missing = format!("{} → {}: {a:?} → {b:?}", last.seq, packet.seq);
                    }
                }
                self.judge_step(last, packet, &mut report.faults);
            }
            last = Some(packet);
        }
        let mut shown = self.shown();
        shown.sort_by_key(|p| p.at);
        for packet in &shown {
            if !report.layers.contains(&packet.stamp.layer) {
                report.layers.push(packet.stamp.layer);
            }
            report.last_layer = Some(packet.stamp.layer);
        }
        report.shown = shown.len();
        report.first_shown = shown.first().map(|p| p.at);
        report.last_shown = shown.last().map(|p| p.at);
        report.longest_gap = shown.windows(2).map(|w| w[1].at - w[0].at).max().unwrap_or_default();
        report
    }

    /// Two packets that follow each other, perhaps with a loss between them.
    fn judge_step(&self, a: &Packet, b: &Packet, faults: &mut Vec<String>) {
        let step = i64::from(b.timestamp.wrapping_sub(a.timestamp).cast_signed());
        let same_frame = (a.stamp.layer, a.stamp.frame) == (b.stamp.layer, b.stamp.frame);
        let mut fault = |what: &str| {
            if faults.len() < 20 {
                faults.push(format!("{what} at {} → {}: {:?} → {:?}", a.seq, b.seq, brief(a), brief(b)));
            }
        };
        if same_frame != (step == 0) {
            fault(if same_frame { "one picture with two timestamps" } else { "two pictures with one timestamp" });
        }
        if step < 0 {
            fault("a timestamp went backward");
        }
        // Layers are captured at the same time, so the time between two pictures is known whatever the layer.
        let captured = b.stamp.captured.as_secs_f64() - a.stamp.captured.as_secs_f64();
        let told = step as f64 / f64::from(self.clock_rate);
        if (told - captured).abs() > 0.1 {
            fault("timestamps drifted from the time of capture");
        }
        let whole = b.seq == a.seq + 1;
        if let (Some(p), Some(q)) = (a.vp8, b.vp8) {
            let pictures = q.picture.wrapping_sub(p.picture) & 0x7fff;
            if whole && pictures != u16::from(!same_frame) {
                fault("picture ids break");
            }
        }
        if a.video {
            if whole && !same_frame && (b.stamp.index != 0 || !a.marker) {
                fault("a picture was cut");
            }
            if whole && same_frame && b.stamp.index != a.stamp.index + 1 {
                fault("a picture was shuffled");
            }
            if whole && a.stamp.layer != b.stamp.layer && !b.stamp.key {
                fault("a switch without a key frame");
            }
            if whole
                && a.stamp.layer == b.stamp.layer
                && !same_frame
                && !b.stamp.key
                && b.stamp.frame != a.stamp.frame + 1
            {
                fault("a picture was left out");
            }
        }
    }

    /// The last packet of every picture that could be shown: whole, and its predecessor shown or itself a key frame.
    /// It is shown when the latest of its packets is there, and not before its predecessor. For audio every packet is.
    fn shown(&self) -> Vec<Packet> {
        let mut shown = Vec::new();
        let mut decoded: VecDeque<(u8, u32)> = VecDeque::new();
        let mut have: Vec<&Packet> = Vec::new();
        for packet in self.packets.values() {
            if !packet.video {
                shown.push(*packet);
                continue;
            }
            if have.first().is_some_and(|f| (f.stamp.layer, f.stamp.frame) != (packet.stamp.layer, packet.stamp.frame))
            {
                have.clear();
            }
            have.push(packet);
            let Stamp { layer, frame, count, key, needs, .. } = packet.stamp;
            if have.len() == usize::from(count) {
                let needed = frame.checked_sub(u32::from(needs)).map(|before| (layer, before));
                if key || needed.is_some_and(|needed| decoded.contains(&needed)) {
                    // A decoder forgets another layer with the key frame of this one.
                    decoded.retain(|(of, _)| *of == layer);
                    decoded.push_back((layer, frame));
                    decoded.drain(..decoded.len().saturating_sub(REFERENCES));
                    let at = have.iter().map(|p| p.at).max().expect("not empty");
                    let at = shown.last().map_or(at, |before: &Packet| at.max(before.at));
                    shown.push(Packet { at, ..*packet });
                }
                have.clear();
            }
        }
        shown
    }
}

fn brief(p: &Packet) -> (u8, u32, u16, u32, Option<u16>) {
    (p.stamp.layer, p.stamp.frame, p.stamp.index, p.timestamp, p.vp8.map(|v| v.picture))
}
