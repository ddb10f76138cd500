//! One track on its way to one receiver: which layer it sees, and how numbers, timestamps and picture ids go on without a
//! seam when the layer changes.
//!
//! What a receiver got is a row of *spans*, each a stretch of one layer under one set of offsets. So a late or repeated
//! packet is renumbered as its neighbours were, and a number that a receiver asks for again leads back to the packet,
//! without a memory of every packet sent.
//!
//! Where only some of a stream's layers are sent ([`Selector`]) what is left out ends a span and the next begins behind it, so
//! that the receiver sees no hole. Only the newest packet is left out: one that comes late has its number already.
//!
//! Law: numbers of two spans never overlap, and a span gives each packet of its layer one number. Together with the ring's
//! (a packet is taken in once) this keeps two different packets from being sealed under one number.

use std::collections::VecDeque;
use std::time::Instant;

use folkmoot_wire::dependency::Structure;

use crate::ring::Meta;
use crate::selector::{Layers, Selector};

/// Spans kept for late packets and retransmissions: some seconds where every other picture is left out.
const SPANS: usize = 64;
/// A key frame may seem to be this much older (ticks) than what was sent last, as when both layers show one picture.
const SAME_PICTURE: i32 = 900;
/// Ticks between what was sent last and a picture that has to come after it.
const STEP: u32 = 90;

/// How a packet is rewritten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rewrite {
    /// Extended sequence number.
    pub(crate) seq: u64,
    /// RTP timestamp.
    pub(crate) timestamp: u32,
    /// VP8: picture id and `TL0PICIDX`.
    pub(crate) picture: (u16, u8),
    /// It ends a picture, as far as that is sent.
    pub(crate) marker: bool,
    /// The decode targets that its dependency descriptor shall tell of.
    pub(crate) active: Option<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Span {
    layer: usize,
    first_in: u64,
    /// `None` while it is open.
    last_in: Option<u64>,
    first_out: u64,
    /// The first picture's own timestamp, and what it became.
    first_timestamp: (u32, u32),
    timestamp: u32,
    picture: (u16, u8),
    /// The spatial layer that ends a picture, and the decode targets that are sent.
    shape: (u8, u32),
}

/// The layer that is sent.
#[derive(Clone, Copy, Debug)]
struct Current {
    layer: usize,
    /// The number behind the newest packet seen of it.
    next: u64,
    left_out: Option<LeftOut>,
}

/// What is being left out of it.
#[derive(Clone, Copy, Debug)]
struct LeftOut {
    /// The number that the next packet sent gets.
    next_out: u64,
    /// The last packet left out, and its timestamp.
    through: u64,
    timestamp: u32,
    /// Pictures.
    pictures: u16,
}

impl Span {
    fn rewrite(&self, seq: u64, meta: &Meta) -> Option<Rewrite> {
        if seq < self.first_in || self.last_in.is_some_and(|last| seq > last) {
            return None;
        }
        let timestamp = if meta.timestamp == self.first_timestamp.0 {
            self.first_timestamp.1
        } else {
            meta.timestamp.wrapping_add(self.timestamp)
        };
        let (id, tl0) = own_picture(meta);
        let picture = (id.wrapping_add(self.picture.0) & 0x7fff, tl0.wrapping_add(self.picture.1));
        let marker = meta.marker || meta.part.ends && meta.part.spatial == self.shape.0;
        let tells = seq == self.first_in || meta.starts_keyframe;
        let active = Some(self.shape.1).filter(|mask| tells && *mask != 0);
        Some(Rewrite { seq: self.first_out + (seq - self.first_in), timestamp, picture, marker, active })
    }

    /// The number of `seq`, were it part of it.
    fn out(&self, seq: u64) -> u64 {
        self.first_out + (seq - self.first_in)
    }
}

#[derive(Clone, Copy, Debug)]
struct Last {
    rewrite: Rewrite,
    layer: usize,
    meta_timestamp: u32,
    /// When it was captured, once nothing else tells: its stream's clock has gone.
    captured: Option<Instant>,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Downtrack {
    spans: VecDeque<Span>,
    first: u64,
    /// Added to the timestamps of the first span.
    timestamp: u32,
    last: Option<Last>,
    /// Video: pictures end with a marker, and one that was not sent whole leaves a hole for the receiver to see.
    pictures: bool,
    current: Option<Current>,
    selector: Selector,
}

impl Downtrack {
    /// Numbers begin at `first`, timestamps are moved by `timestamp`.
    pub(crate) fn new(first: u16, timestamp: u32, pictures: bool) -> Self {
        Self {
            spans: VecDeque::new(),
            first: u64::from(first),
            timestamp,
            last: None,
            pictures,
            current: None,
            selector: Selector::default(),
        }
    }

    /// No more than these layers of a stream are sent.
    pub(crate) fn want(&mut self, layers: Layers) {
        self.selector.want(layers);
    }

    /// What is wanted of the stream begins with a key frame only.
    pub(crate) fn is_stuck(&self) -> bool {
        self.current.is_some() && self.selector.is_stuck()
    }

    /// The layer that is being sent.
    pub(crate) fn layer(&self) -> Option<usize> {
        self.current.map(|current| current.layer)
    }

    /// The timestamp that was sent last.
    pub(crate) fn last_timestamp(&self) -> u32 {
        self.last.map_or(0, |last| last.rewrite.timestamp)
    }

    /// The last packet sent, in the order of numbers: its layer and its own timestamp there.
    pub(crate) fn last_sent(&self) -> Option<(usize, u32)> {
        self.last.map(|l| (l.layer, l.meta_timestamp))
    }

    /// When the last packet sent was captured, where its stream's clock has gone.
    pub(crate) fn last_captured(&self) -> Option<Instant> {
        self.last?.captured
    }

    /// What packet `seq` of `layer` becomes; `None` when the receiver is not to see it.
    pub(crate) fn rewrite(
        &mut self,
        layer: usize,
        seq: u64,
        meta: &Meta,
        structure: Option<&Structure>,
    ) -> Option<Rewrite> {
        if let Some(current) = self.current.filter(|current| current.layer == layer && seq >= current.next) {
            let admitted = self.selector.admit(meta, structure);
            let left_out =
                if admitted { self.go_on(current, seq, structure) } else { self.leave_out(current, seq, meta) };
            self.current = Some(Current { layer, next: seq + 1, left_out });
        }
        let rewrite = self.spans.iter().rev().filter(|s| s.layer == layer).find_map(|s| s.rewrite(seq, meta))?;
        if self.last.is_none_or(|last| rewrite.seq > last.rewrite.seq) {
            self.last = Some(Last { rewrite, layer, meta_timestamp: meta.timestamp, captured: None });
        }
        Some(rewrite)
    }

    /// A packet is sent, the first behind some that were not or the first of another shape.
    fn go_on(&mut self, current: Current, seq: u64, structure: Option<&Structure>) -> Option<LeftOut> {
        let span = self.spans.back_mut()?;
        let shape = self.selector.shape(structure);
        if current.left_out.is_none() && span.shape == shape {
            return None;
        }
        if current.left_out.is_none() && seq == span.first_in {
            span.shape = shape;
            return None;
        }
        let (first_in, first_out, pictures) = match current.left_out {
            // What is missing in between may be of what is sent, and keeps its numbers.
            Some(left_out) => (left_out.through + 1, left_out.next_out, left_out.pictures),
            None => (seq, span.out(seq), 0),
        };
        span.last_in = span.last_in.or(Some(seq - 1));
        let (id, tl0) = span.picture;
        let picture = (id.wrapping_sub(pictures) & 0x7fff, tl0);
        let next = Span { first_in, last_in: None, first_out, picture, shape, ..*span };
        self.push(next);
        None
    }

    /// A packet is not sent.
    fn leave_out(&mut self, current: Current, seq: u64, meta: &Meta) -> Option<LeftOut> {
        let timestamp = meta.timestamp;
        let before_it = seq.checked_sub(1)?;
        let span = self.spans.back_mut()?;
        let Some(before) = current.left_out else {
            span.last_in = Some(before_it);
            return Some(LeftOut { next_out: span.out(seq), through: seq, timestamp, pictures: 1 });
        };
        if before.timestamp == timestamp {
            return Some(LeftOut { through: seq, ..before });
        }
        // What is missing between two pictures may be one that is sent.
        let (first_in, missing) = (before.through + 1, seq - before.through - 1);
        let next = Span { first_in, last_in: Some(before_it), first_out: before.next_out, ..*span };
        if missing > 0 {
            self.push(next);
        }
        let next_out = before.next_out + missing;
        Some(LeftOut { next_out, through: seq, timestamp, pictures: before.pictures + 1 })
    }

    fn push(&mut self, span: Span) {
        if self.spans.len() == SPANS {
            self.spans.pop_front();
        }
        self.spans.push_back(span);
    }

    /// Which packet went out under `seq`, and as what: `(layer, its own number)`. Only what has been sent.
    pub(crate) fn find(&self, seq: u64) -> Option<(usize, u64)> {
        if self.last.is_none_or(|last| seq > last.rewrite.seq) {
            return None;
        }
        self.spans.iter().rev().find_map(|s| {
            let at = s.first_in + seq.checked_sub(s.first_out)?;
            s.last_in.is_none_or(|last| at <= last).then_some((s.layer, at))
        })
    }

    /// The same rewrite as before, of a packet that [`Downtrack::find`] has found.
    pub(crate) fn again(&self, layer: usize, seq: u64, meta: &Meta) -> Option<Rewrite> {
        self.spans.iter().rev().filter(|s| s.layer == layer).find_map(|s| s.rewrite(seq, meta))
    }

    /// The extended number nearest to the last one sent that ends in `sequence`.
    pub(crate) fn extend(&self, sequence: u16) -> Option<u64> {
        let last = self.last?.rewrite.seq;
        last.checked_add_signed(i64::from(sequence.wrapping_sub(last as u16) as i16))
    }

    /// The number that the next packet gets at the earliest.
    pub(crate) fn next(&self) -> u64 {
        self.last.map_or(self.first, |last| last.rewrite.seq + 1)
    }

    /// The number of a packet that is no packet of any layer, and what its timestamp is moved by; only before the first one
    /// that is.
    pub(crate) fn skip(&mut self) -> Option<(u64, u32)> {
        if self.last.is_some() || !self.spans.is_empty() {
            return None;
        }
        self.first += 1;
        Some((self.first - 1, self.timestamp))
    }

    /// What was sent last ended a picture, so that another layer can begin without cutting one.
    pub(crate) fn is_between_pictures(&self) -> bool {
        !self.pictures || self.last.is_none_or(|last| last.rewrite.marker)
    }

    /// Whether a packet of the layer that is sent begins another picture though the last one has not ended.
    pub(crate) fn leaves_unfinished(&self, layer: usize, meta: &Meta) -> bool {
        let is_newer = |last: &Last| meta.timestamp.wrapping_sub(last.meta_timestamp).cast_signed() > 0;
        self.layer() == Some(layer)
            && !self.is_between_pictures()
            && self.last.is_some_and(|last| last.layer == layer && is_newer(&last))
    }

    /// What has to be added to a timestamp of the layer that is sent.
    pub(crate) fn timestamp_offset(&self) -> Option<u32> {
        self.current.and_then(|_| self.spans.back()).map(|s| s.timestamp)
    }

    /// From here on nothing is sent until [`Downtrack::open`].
    pub(crate) fn close(&mut self) {
        if self.current.take().is_none() {
            return;
        }
        // Numbers above the last one sent are given anew: nobody can ask for what they stood for.
        let last = self.last.map(|last| last.rewrite.seq);
        while self.spans.back().is_some_and(|span| last.is_none_or(|last| last < span.first_out)) {
            self.spans.pop_back();
        }
        if let Some((span, last)) = self.spans.back_mut().zip(last) {
            let through = span.first_in + (last - span.first_out);
            span.last_in = Some(span.last_in.map_or(through, |known| known.min(through)));
        }
    }

    /// `layer` is carried by another stream from now on, whose timestamps have nothing to do with those before. What was sent
    /// of it last was `captured` then.
    pub(crate) fn lose_clock(&mut self, layer: usize, captured: Option<Instant>) {
        if self.layer() == Some(layer) {
            self.close();
        }
        if let Some(last) = self.last.as_mut().filter(|last| last.layer == layer) {
            last.layer = usize::MAX;
            last.captured = captured;
        }
    }

    /// From packet `seq` on, `layer` is sent. `then`: the timestamp in this layer of the instant of the last packet sent,
    /// where it can be told. `false`, and nothing changed, when the packet is older than what the receiver has seen.
    pub(crate) fn open(&mut self, layer: usize, seq: u64, meta: &Meta, then: Option<u32>) -> bool {
        let (id, tl0) = own_picture(meta);
        let span = match self.last {
            None => Span {
                layer,
                first_in: seq,
                last_in: None,
                first_out: self.first,
                first_timestamp: (meta.timestamp, meta.timestamp.wrapping_add(self.timestamp)),
                timestamp: self.timestamp,
                picture: (0, 0),
                shape: (u8::MAX, 0),
            },
            Some(last) => {
                let since = then.map_or(STEP as i32, |then| meta.timestamp.wrapping_sub(then).cast_signed());
                if since <= -SAME_PICTURE {
                    return false;
                }
                let sent = last.rewrite;
                let exact = sent.timestamp.wrapping_add_signed(since);
                let hole = u64::from(self.pictures && !sent.marker);
                Span {
                    layer,
                    first_in: seq,
                    last_in: None,
                    first_out: sent.seq + 1 + hole,
                    first_timestamp: (
                        meta.timestamp,
                        if since > 0 { exact } else { sent.timestamp.wrapping_add(STEP) },
                    ),
                    timestamp: exact.wrapping_sub(meta.timestamp),
                    picture: (
                        sent.picture.0.wrapping_add(1).wrapping_sub(id) & 0x7fff,
                        sent.picture.1.wrapping_add(1).wrapping_sub(tl0),
                    ),
                    shape: (u8::MAX, 0),
                }
            }
        };
        self.close();
        self.push(span);
        self.current = Some(Current { layer, next: seq, left_out: None });
        self.selector.begin();
        true
    }
}

fn own_picture(meta: &Meta) -> (u16, u8) {
    meta.vp8.map_or((0, 0), |d| (d.picture_id.map_or(0, |(id, _)| id), d.tl0.unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use folkmoot_wire::vp8::{Descriptor, PictureIdLen};

    use super::*;
    use crate::ring::tests::META;
    use crate::selector::Part;

    fn packet(timestamp: u32, picture: u16, marker: bool) -> Meta {
        let vp8 = Descriptor {
            picture_id: Some((picture, PictureIdLen::Fifteen)),
            tl0: Some(picture as u8),
            ..Descriptor::default()
        };
        Meta { timestamp, marker, vp8: Some(vp8), ..META }
    }

    #[test]
    fn the_first_layer_goes_out_as_it_comes() {
        let mut down = Downtrack::new(7, 0, true);
        assert_eq!(down.rewrite(0, 100, &packet(5, 9, true), None), None);
        assert!(down.open(0, 100, &packet(5, 9, true), None));
        let first = down.rewrite(0, 100, &packet(5, 9, true), None);
        assert_eq!(first, Some(Rewrite { seq: 7, timestamp: 5, picture: (9, 9), marker: true, active: None }));
        assert_eq!(down.rewrite(0, 99, &packet(4, 8, true), None), None);
        assert_eq!(down.rewrite(1, 100, &packet(5, 9, true), None), None);
        assert_eq!(down.rewrite(0, 103, &packet(6, 10, true), None).map(|r| r.seq), Some(10));
        assert_eq!(down.rewrite(0, 102, &packet(6, 10, false), None).map(|r| r.seq), Some(9));
    }

    #[test]
    fn timestamps_begin_where_they_are_told_to() {
        let mut down = Downtrack::new(0, 7000, true);
        down.open(0, 1, &packet(u32::MAX - 999, 1, true), None);
        assert_eq!(down.rewrite(0, 1, &packet(u32::MAX - 999, 1, true), None).map(|r| r.timestamp), Some(6000));
        assert_eq!(down.rewrite(0, 2, &packet(2000, 2, true), None).map(|r| r.timestamp), Some(9000));
        assert_eq!(down.timestamp_offset(), Some(7000));
    }

    #[test]
    fn a_switch_goes_on_in_numbers_timestamps_and_pictures() {
        let mut down = Downtrack::new(0, 0, true);
        down.open(0, 100, &packet(1000, 0x7fff, true), None);
        down.rewrite(0, 100, &packet(1000, 0x7fff, true), None);
        // The other layer's clock stands at 50,000 when this one's stands at 1,000.
        let key = packet(53_600, 40, false);
        assert!(down.open(2, 9, &key, Some(50_000)));
        assert_eq!(
            down.rewrite(2, 9, &key, None),
            Some(Rewrite { seq: 1, timestamp: 4600, picture: (0, 0), marker: false, active: None })
        );
        let next = packet(57_200, 41, true);
        assert_eq!(
            down.rewrite(2, 11, &next, None),
            Some(Rewrite { seq: 3, timestamp: 8200, picture: (1, 1), marker: true, active: None })
        );
    }

    #[test]
    fn one_picture_in_two_layers_is_two_pictures_and_the_clock_does_not_drift() {
        let mut down = Downtrack::new(0, 0, true);
        down.open(0, 1, &packet(1000, 1, true), None);
        down.rewrite(0, 1, &packet(1000, 1, true), None);
        assert!(down.open(1, 1, &packet(1000, 1, true), Some(1000)));
        assert_eq!(down.rewrite(1, 1, &packet(1000, 1, true), None).map(|r| r.timestamp), Some(1000 + STEP));
        assert_eq!(down.rewrite(1, 2, &packet(4600, 2, true), None).map(|r| r.timestamp), Some(4600));
    }

    #[test]
    fn a_key_frame_of_the_past_is_not_switched_to() {
        let mut down = Downtrack::new(0, 0, true);
        down.open(0, 1, &packet(10_000, 1, true), None);
        down.rewrite(0, 1, &packet(10_000, 1, true), None);
        assert!(!down.open(1, 1, &packet(6400, 1, true), Some(10_000)));
        assert_eq!(down.layer(), Some(0));
    }

    #[test]
    fn a_picture_that_was_not_sent_whole_leaves_a_hole() {
        let mut down = Downtrack::new(0, 0, true);
        down.open(0, 1, &packet(1000, 1, false), None);
        down.rewrite(0, 1, &packet(1000, 1, false), None);
        down.open(1, 1, &packet(4600, 1, true), Some(1000));
        assert_eq!(down.rewrite(1, 1, &packet(4600, 1, true), None).map(|r| r.seq), Some(2));
        assert_eq!(down.find(1), None, "nothing went out under it");
    }

    #[test]
    fn late_packets_of_a_layer_that_was_left_keep_their_numbers() {
        let mut down = Downtrack::new(0, 0, true);
        down.open(0, 1, &packet(1000, 1, true), None);
        for seq in [1, 2, 4] {
            down.rewrite(0, seq, &packet(1000, 1, true), None);
        }
        down.open(1, 50, &packet(4600, 1, true), Some(1000));
        down.rewrite(1, 50, &packet(4600, 1, true), None);
        assert_eq!(down.rewrite(0, 3, &packet(1000, 1, false), None).map(|r| r.seq), Some(2));
        assert_eq!(down.rewrite(0, 5, &packet(4600, 2, false), None), None, "after the switch");
        assert_eq!((down.find(2), down.find(4), down.find(5)), (Some((0, 3)), Some((1, 50)), None));
    }

    #[test]
    fn a_pause_closes_the_gap() {
        let mut down = Downtrack::new(65_000, 0, false);
        down.open(0, 1, &packet(1000, 0, false), None);
        down.rewrite(0, 1, &packet(1000, 0, false), None);
        down.close();
        assert_eq!(down.rewrite(0, 2, &packet(1960, 0, false), None), None);
        down.open(0, 600, &packet(500_000, 0, false), Some(1000));
        let after = down.rewrite(0, 600, &packet(500_000, 0, false), None).expect("it goes on");
        assert_eq!((after.seq, after.timestamp), (65_001, 500_000));
    }

    #[test]
    fn numbers_of_spans_never_overlap_whatever_happens() {
        let mut down = Downtrack::new(0, 0, true);
        let mut given = std::collections::HashMap::new();
        let mut rng = fastrand::Rng::with_seed(1);
        for step in 0..20_000_u64 {
            let (layer, late) = (rng.usize(..3), rng.u64(..8));
            let seq = 1000 + step - late.min(step);
            let part = Part { temporal: rng.u8(..3), starts: true, ends: true, ..Part::default() };
            let meta = Meta {
                part,
                starts_keyframe: rng.u8(..4) == 0,
                ..packet((1000 + seq as u32) * 3000, seq as u16, rng.bool())
            };
            match rng.u8(..32) {
                0 => down.close(),
                4..=6 => down.want(Layers { temporal: layer as u8, ..Layers::ALL }),
                1..=3 => {
                    let then = down.last_sent().map(|(_, t)| t);
                    down.open(layer, seq, &meta, then);
                }
                _ => {
                    if let Some(out) = down.rewrite(layer, seq, &meta, None) {
                        let before = given.insert(out.seq, (layer, seq));
                        assert!(before.is_none_or(|b| b == (layer, seq)), "{} went to two packets", out.seq);
                    }
                }
            }
        }
        assert!(given.len() > 500);
    }

    /// A picture of one packet in temporal layer `temporal`.
    fn part(n: u64, temporal: u8) -> Meta {
        let part = Part { temporal, starts: true, ends: true, ..Part::default() };
        Meta { part, starts_keyframe: n == 100, ..packet(n as u32 * 3000, n as u16, true) }
    }

    fn lowest_only() -> Downtrack {
        let mut down = Downtrack::new(0, 0, true);
        down.want(Layers { temporal: 0, ..Layers::ALL });
        down.open(0, 100, &part(100, 0), None);
        down
    }

    #[test]
    fn what_is_left_out_leaves_no_hole_in_numbers_or_pictures_and_is_found_again() {
        let mut down = lowest_only();
        let sent: Vec<_> =
            (100..140).filter_map(|n| Some((n, down.rewrite(0, n, &part(n, (n % 4 != 0).into()), None)?))).collect();
        assert_eq!(sent.len(), 10);
        for (place, (own, rewrite)) in sent.iter().enumerate() {
            assert_eq!((rewrite.seq, rewrite.picture), (place as u64, (100 + place as u16, *own as u8)));
            assert_eq!(rewrite.timestamp, *own as u32 * 3000);
            assert_eq!(down.find(rewrite.seq), Some((0, *own)));
            assert_eq!(down.again(0, *own, &part(*own, 0)), Some(*rewrite));
        }
        assert_eq!(down.rewrite(0, 137, &part(137, 1), None), None, "late, and still left out");
    }

    #[test]
    fn what_was_lost_among_what_is_left_out_keeps_its_number() {
        let mut down = lowest_only();
        down.rewrite(0, 100, &part(100, 0), None);
        assert_eq!(down.rewrite(0, 101, &part(101, 1), None), None);
        // 102 and 103 are lost: they may be of what is sent.
        assert_eq!(down.rewrite(0, 104, &part(104, 1), None), None);
        assert_eq!(down.rewrite(0, 105, &part(105, 0), None).map(|r| r.seq), Some(3));
        assert_eq!(down.rewrite(0, 103, &part(103, 0), None).map(|r| r.seq), Some(2));
        assert_eq!((down.find(1), down.find(2)), (Some((0, 102)), Some((0, 103))));
    }

    #[test]
    fn the_rest_of_a_picture_that_is_left_out_is_no_loss() {
        let mut down = lowest_only();
        down.rewrite(0, 100, &part(100, 0), None);
        assert_eq!(down.rewrite(0, 101, &part(101, 1), None), None);
        assert_eq!(down.rewrite(0, 103, &part(101, 1), None), None, "102 is of the same picture");
        assert_eq!(down.rewrite(0, 104, &part(104, 0), None).map(|r| r.seq), Some(1));
        assert_eq!(down.rewrite(0, 102, &part(101, 1), None), None);
    }

    #[test]
    fn a_picture_ends_with_the_largest_layer_that_is_sent() {
        let mut down = Downtrack::new(0, 0, true);
        down.want(Layers { spatial: 1, ..Layers::ALL });
        let layer = |n: u64| {
            let part = Part { spatial: (n % 3) as u8, starts: true, ends: true, ..Part::default() };
            Meta { part, starts_keyframe: n == 0, ..packet(n as u32 / 3, 0, n % 3 == 2) }
        };
        down.open(0, 0, &layer(0), None);
        let sent: Vec<_> = (0..9).filter_map(|n| down.rewrite(0, n, &layer(n), None)).collect();
        assert_eq!(sent.iter().map(|r| r.seq).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5]);
        assert_eq!(sent.iter().map(|r| r.marker).collect::<Vec<_>>(), [false, true, false, true, false, true]);
        assert!(down.is_between_pictures());
        assert_eq!(down.again(0, 1, &layer(1)).map(|r| r.marker), Some(true), "and however often it is sent");
    }
}
