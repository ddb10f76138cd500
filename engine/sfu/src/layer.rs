//! One layer of a published track: its packets, its clock, and where in it a receiver can begin.

use std::time::{Duration, Instant};

use folkmoot_sdp::Kind;
use folkmoot_wire::dependency::Structure;

use crate::clock::MediaClock;
use crate::keyframes::KeyframeRequests;
use crate::parameter_sets::ParameterSets;
use crate::parts::Parts;
use crate::rate::RateMeter;
use crate::receive_statistics::ReceiveStatistics;
use crate::rest::Rest;
use crate::ring::{Meta, Ring};
use crate::selector::Part;

/// Packets remembered: a second and more of the largest layer, two of a voice.
const VIDEO_RING: usize = 512;
const AUDIO_RING: usize = 128;
/// A layer is gone when it has been silent so much longer than another one of its track. Senders drop layers at will.
const GONE: Duration = Duration::from_secs(1);
/// A key frame that is not older, in packets and in time, is replayed to a newcomer in place of asking for another.
const REPLAY: u64 = 48;
const REPLAY_AGE: Duration = Duration::from_millis(700);
/// Who is sent another layer meanwhile goes over to one that is not older, however many packets it has: it is on its way.
const SWITCH_AGE: Duration = Duration::from_millis(1500);

/// Packets of a picture that come before its first slice: what delimits and describes it.
const DELIMITERS: u64 = 4;

/// How a packet came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Came {
    /// As it was sent first.
    InTurn,
    /// By a retransmission.
    Again,
    /// Long after it was sent, from the shard that had it: a mirror begins with it, and it says nothing of what comes now.
    Before,
}

/// See the module.
pub(crate) struct Layer {
    /// The stream that carries it now.
    pub(crate) ssrc: Option<u32>,
    /// Added to the extended numbers of that stream, so that a layer's numbers go on when its stream is replaced.
    base: u64,
    kind: Kind,
    pub(crate) ring: Ring,
    pub(crate) statistics: ReceiveStatistics,
    pub(crate) clock: MediaClock,
    pub(crate) heard: Option<Instant>,
    /// Of what comes.
    pub(crate) rate: RateMeter,
    /// What it would cost while it doesn't come.
    pub(crate) rest: Rest,
    /// Of its parts.
    pub(crate) parts: Parts,
    /// AV1: what its frames are like.
    pub(crate) structure: Option<Box<Structure>>,
    /// H.264.
    sets: Option<Box<ParameterSets>>,
    keyframe_at: Option<Instant>,
    /// When that was looked at, which is later than it came.
    keyframe_seen: Option<Instant>,
    requests: KeyframeRequests,
}

impl Layer {
    pub(crate) fn new(kind: Kind) -> Self {
        let rate = clock_rate(kind);
        Self {
            ssrc: None,
            base: 0,
            kind,
            ring: Ring::new(if kind == Kind::Audio { AUDIO_RING } else { VIDEO_RING }),
            statistics: ReceiveStatistics::new(rate),
            clock: MediaClock::new(rate),
            heard: None,
            rate: RateMeter::default(),
            rest: Rest::default(),
            parts: Parts::default(),
            structure: None,
            sets: None,
            keyframe_at: None,
            keyframe_seen: None,
            requests: KeyframeRequests::default(),
        }
    }

    /// The same of a track that comes in on another shard.
    pub(crate) fn mirrored(kind: Kind) -> Self {
        Self { requests: KeyframeRequests::to_home(), ..Self::new(kind) }
    }

    /// The layer is carried by `ssrc` from now on. `true` when that takes the place of another stream: what was said of
    /// its timestamps no longer holds.
    pub(crate) fn carry(&mut self, ssrc: u32, nack: bool) -> bool {
        let replaced = self.ssrc.is_some_and(|old| old != ssrc);
        if self.ssrc == Some(ssrc) {
            return false;
        }
        self.ssrc = Some(ssrc);
        let rate = clock_rate(self.kind);
        self.statistics = ReceiveStatistics::new(rate).with_nack(nack);
        self.clock = MediaClock::new(rate);
        (self.parts, self.structure, self.sets) = (Parts::default(), None, None);
        if let Some(highest) = self.ring.highest() {
            // Two rounds on, so that nothing of the new stream can be taken for something of the old one.
            self.base = (highest | 0xffff) + 1 + 0x1_0000;
            // What the ring holds is the old stream's: nobody begins with it, least of all those who have seen it.
            self.keyframe_at = None;
        }
        replaced
    }

    /// A packet of the stream, under its own extended number; the layer's number for it, unless it was here before.
    pub(crate) fn take(
        &mut self,
        now: Instant,
        own: u64,
        meta: &Meta,
        (payload, descriptor): (&[u8], &[u8]),
        came: Came,
    ) -> Option<u64> {
        let seq = self.base + own;
        if !self.ring.insert(seq, *meta, payload, descriptor) {
            return None;
        }
        self.heard = Some(now);
        if came != Came::Before {
            self.rate.note(now, payload.len());
            if self.kind == Kind::Video {
                self.parts.note(now, meta, payload.len());
            }
        }
        self.statistics.received(now, own, meta.timestamp, came != Came::InTurn);
        if came == Came::InTurn {
            self.clock.packet(now, meta.timestamp);
        }
        if meta.starts_keyframe && self.ring.keyframe() == Some(seq) {
            self.keyframe_at = Some(now);
            self.requests.answer();
            if self.kind == Kind::Video {
                self.statistics.forget_before(own);
            }
        }
        Some(seq)
    }

    /// Before [`Layer::take`] of a packet of H.264: where it begins a key frame that came without its parameter sets, they are
    /// put in front of it, under the number that it would have had. The layer's number for them.
    pub(crate) fn complete_keyframe(&mut self, now: Instant, own: u64, meta: &Meta, payload: &[u8]) -> Option<u64> {
        let sets = self.sets.get_or_insert_default();
        sets.note(meta.timestamp, payload);
        let seq = self.base + own;
        if self.ring.highest() >= Some(seq) || !is_whole(&self.ring, seq, meta.timestamp) {
            return None;
        }
        let sets = sets.lacking(meta.timestamp, payload)?;
        self.ring.insert(seq, Meta { starts_keyframe: true, marker: false, ..*meta }, sets, &[]);
        self.base += 1;
        self.keyframe_at = Some(now);
        self.requests.answer();
        self.statistics.forget_before(own);
        Some(seq)
    }

    /// What the dependency descriptor of a packet says, as far as its structure has come.
    pub(crate) fn read_dependency(&mut self, meta: &mut Meta, descriptor: &[u8]) {
        let structure = self.structure.get_or_insert_default();
        meta.descriptor = descriptor.len() as u8;
        let Some(frame) = structure.read(descriptor) else { return };
        meta.part = Part {
            spatial: frame.spatial,
            temporal: frame.temporal,
            starts: frame.starts,
            ends: frame.ends,
            sync: false,
        };
        meta.frame = Some(frame);
        if frame.structure_bits > 0 {
            self.parts.declare(structure.spatials());
        }
    }

    /// Whether its sender sends it, when one of its layers was heard at `newest`.
    pub(crate) fn is_alive(&self, newest: Instant) -> bool {
        self.heard.is_some_and(|at| newest.saturating_duration_since(at) <= GONE)
    }

    /// Whether a packet of the stream that carries it now is there still.
    pub(crate) fn has(&self, own: u64) -> bool {
        self.ring.get(self.base + own).is_some()
    }

    /// The own number of a packet of the stream that carries it now.
    pub(crate) fn own(&self, seq: u64) -> Option<u64> {
        seq.checked_sub(self.base)
    }

    /// The own extended number of a retransmitted packet.
    pub(crate) fn original(&self, sequence: u16) -> Option<u64> {
        self.ring.extend(sequence.wrapping_add(self.base as u16))?.checked_sub(self.base)
    }

    /// Where a newcomer may begin at once.
    pub(crate) fn newcomers_start(&self, now: Instant) -> Option<u64> {
        self.keyframe(now, REPLAY_AGE).filter(|key| self.ring.highest().is_some_and(|highest| highest - key <= REPLAY))
    }

    /// Where one may begin who is to see nothing of before: at the key frame that comes at this moment.
    pub(crate) fn starts_now(&self, now: Instant) -> Option<u64> {
        self.ring.keyframe().filter(|_| self.keyframe_at.is_some() && self.keyframe_seen == Some(now))
    }

    /// The packet of that number begins a key frame, and is looked at.
    pub(crate) fn see_keyframe(&mut self, now: Instant, seq: u64) {
        if self.ring.keyframe() == Some(seq) {
            self.keyframe_seen = Some(now);
        }
    }

    /// Where a receiver of another layer may go on at once, unless it has seen what is newer.
    pub(crate) fn switch_start(&self, now: Instant) -> Option<u64> {
        self.keyframe(now, SWITCH_AGE)
    }

    fn keyframe(&self, now: Instant, age: Duration) -> Option<u64> {
        let fresh = self.keyframe_at.is_some_and(|at| now.saturating_duration_since(at) <= age);
        self.ring.keyframe().filter(|_| fresh)
    }

    /// A receiver that has begun needs a key frame.
    pub(crate) fn request_keyframe(&mut self) {
        if self.kind == Kind::Video {
            self.requests.request();
        }
    }

    /// From when on a receiver waits for a key frame to begin with.
    pub(crate) fn await_keyframe(&mut self, from: Option<Instant>) {
        self.requests.set_awaited(from.filter(|_| self.kind == Kind::Video));
    }

    /// One more receiver does.
    pub(crate) fn await_keyframe_too(&mut self, from: Option<Instant>) {
        if let (Kind::Video, Some(from)) = (self.kind, from) {
            self.requests.add_awaited(from);
        }
    }

    /// Another shard says so of one of its receivers.
    pub(crate) fn await_keyframe_elsewhere(&mut self, now: Instant) {
        if self.kind == Kind::Video {
            self.requests.set_awaited_elsewhere(now);
        }
    }

    /// Whether that is all that it is asked for.
    pub(crate) fn only_awaits_keyframe(&self) -> bool {
        !self.requests.is_requested()
    }

    /// When the sender is to be asked for a key frame.
    pub(crate) fn keyframe_due(&self, now: Instant) -> Option<Instant> {
        self.requests.due(now).filter(|_| self.ssrc.is_some())
    }

    /// The stream to ask for a key frame of, if it is time to.
    pub(crate) fn ask_for_keyframe(&mut self, now: Instant) -> Option<u32> {
        let ssrc = self.ssrc?;
        self.requests.take(now).then_some(ssrc)
    }
}

/// Of the picture at this time all is there that comes before packet `seq`.
fn is_whole(ring: &Ring, seq: u64, timestamp: u32) -> bool {
    let mut before = (1..=DELIMITERS).map_while(|n| ring.get(seq.checked_sub(n)?));
    before.any(|(meta, _)| meta.timestamp != timestamp)
}

fn clock_rate(kind: Kind) -> u32 {
    if kind == Kind::Audio { 48_000 } else { 90_000 }
}

/// Which of the layers at these places (smallest first) a receiver gets that wants no more than `most` of them: the best that
/// is alive. `None` while none is.
pub(crate) fn choose(layers: &[Layer], places: &[usize], most: usize) -> Option<usize> {
    let newest = newest_of(layers, places)?;
    let alive = |place: &&usize| layers[**place].is_alive(newest);
    let (wanted, larger) = places.split_at(places.len().min(most.saturating_add(1)));
    wanted.iter().rev().find(alive).or_else(|| larger.iter().find(alive)).copied()
}

/// When any of the layers at these places was heard last.
pub(crate) fn newest_of(layers: &[Layer], places: &[usize]) -> Option<Instant> {
    places.iter().filter_map(|place| layers[*place].heard).max()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ring;

    const META: Meta = Meta { marker: true, starts_keyframe: true, ..ring::tests::META };

    fn layers(heard: &[Option<u64>], now: Instant) -> Vec<Layer> {
        let layer = |ago: &Option<u64>| {
            let mut layer = Layer::new(Kind::Video);
            layer.heard = ago.map(|ms| now.checked_sub(Duration::from_millis(ms)).expect("a past"));
            layer
        };
        heard.iter().map(layer).collect()
    }

    #[test]
    fn the_best_layer_that_lives_is_chosen() {
        let now = Instant::now() + Duration::from_secs(60);
        assert_eq!(choose(&layers(&[Some(0), Some(10), Some(20)], now), &[0, 1, 2][..3], 2), Some(2));
        assert_eq!(choose(&layers(&[Some(0), Some(10), Some(20)], now), &[0, 1, 2][..3], 1), Some(1));
        assert_eq!(
            choose(&layers(&[Some(0), Some(10), Some(3000)], now), &[0, 1, 2][..3], 2),
            Some(1),
            "the top was dropped"
        );
        assert_eq!(
            choose(&layers(&[None, None, Some(0)], now), &[0, 1, 2][..3], 0),
            Some(2),
            "better too large than none"
        );
        assert_eq!(choose(&layers(&[Some(30_000)], now), &[0, 1, 2][..1], 2), Some(0), "a still screen is no dead one");
        assert_eq!(choose(&layers(&[None], now), &[0, 1, 2][..1], 2), None);
    }

    #[test]
    fn a_stream_that_takes_over_a_layer_never_meets_the_old_ones_numbers() {
        let now = Instant::now();
        let mut layer = Layer::new(Kind::Video);
        assert!(!layer.carry(7, true));
        let old = layer.take(now, 70_000, &META, (b"old", b""), Came::InTurn).expect("taken");
        assert!(layer.carry(8, true));
        let new = layer.take(now, 5, &META, (b"new", b""), Came::InTurn).expect("taken");
        assert!(new > old + 0xffff);
        assert_eq!(layer.original(4), Some(4));
    }

    #[test]
    fn nobody_is_asked_before_there_is_a_stream() {
        let now = Instant::now();
        let mut layer = Layer::new(Kind::Video);
        layer.await_keyframe(Some(now));
        assert_eq!((layer.ask_for_keyframe(now), layer.keyframe_due(now)), (None, None));
        layer.carry(7, true);
        assert_eq!(layer.ask_for_keyframe(now), Some(7));
    }
}
