//! The last packets of one layer, decrypted: where late joiners, layer switches and retransmissions take them from.
//!
//! Law: a sequence number is taken in once. So whatever stands behind the ring sees every packet at most once, and no
//! receiver is ever sent two different packets under one number.
//!
//! Each slot keeps its allocation, so a warm ring allocates nothing.

use folkmoot_sdp::Codec;
use folkmoot_wire::dependency::Frame;
use folkmoot_wire::vp8::Descriptor;

use crate::selector::Part;

/// What is known of a packet besides its payload.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Meta {
    /// RTP timestamp, as the sender wrote it.
    pub(crate) timestamp: u32,
    /// The marker bit.
    pub(crate) marker: bool,
    /// A decoder can begin here.
    pub(crate) starts_keyframe: bool,
    /// How it is encoded.
    pub(crate) codec: Codec,
    /// VP8 alone.
    pub(crate) vp8: Option<Descriptor>,
    /// Its sender says each frame of the sound twice.
    pub(crate) twice: bool,
    /// The audio level extension, as it came.
    pub(crate) level: Option<u8>,
    /// The video orientation extension, as it came.
    pub(crate) orientation: Option<u8>,
    /// Where it is in its stream.
    pub(crate) part: Part,
    /// AV1: what its dependency descriptor says.
    pub(crate) frame: Option<Frame>,
    /// How long that is; it is kept behind the payload.
    pub(crate) descriptor: u8,
}

impl Meta {
    /// The payload, and the dependency descriptor kept behind it.
    pub(crate) fn split<'a>(&self, kept: &'a [u8]) -> (&'a [u8], &'a [u8]) {
        kept.split_at(kept.len().saturating_sub(usize::from(self.descriptor)))
    }
}

struct Slot {
    seq: u64,
    meta: Meta,
    payload: Vec<u8>,
}

/// See the module.
pub(crate) struct Ring {
    slots: Vec<Option<Slot>>,
    highest: Option<u64>,
    keyframe: Option<u64>,
}

impl Ring {
    /// Remembers `capacity` packets, a power of two.
    pub(crate) fn new(capacity: usize) -> Self {
        debug_assert!(capacity.is_power_of_two());
        let mut slots = Vec::new();
        slots.resize_with(capacity, || None);
        Self { slots, highest: None, keyframe: None }
    }

    /// `false`: it was there before, or is too old to tell.
    pub(crate) fn insert(&mut self, seq: u64, meta: Meta, payload: &[u8], descriptor: &[u8]) -> bool {
        if self.highest.is_some_and(|highest| seq + self.slots.len() as u64 <= highest) {
            return false;
        }
        let at = self.index(seq);
        match &mut self.slots[at] {
            Some(slot) if slot.seq == seq => return false,
            Some(slot) => {
                slot.seq = seq;
                slot.meta = meta;
                slot.payload.clear();
                slot.payload.extend_from_slice(payload);
                slot.payload.extend_from_slice(descriptor);
            }
            empty => *empty = Some(Slot { seq, meta, payload: [payload, descriptor].concat() }),
        }
        self.highest = self.highest.max(Some(seq));
        if meta.starts_keyframe {
            self.keyframe = Some(self.begins(seq, &meta));
        }
        true
    }

    /// Where the newest key frame begins, now that one may begin at `seq`: several packets of one picture may look like its
    /// first, as parameter sets do that come one by one.
    fn begins(&self, seq: u64, meta: &Meta) -> u64 {
        let Some(newest) = self.keyframe else { return seq };
        let near = newest.abs_diff(seq) < self.slots.len() as u64; // another stream may begin at the same timestamp
        match self.get(newest) {
            Some((same, _)) if near && same.timestamp == meta.timestamp => newest.min(seq),
            _ => newest.max(seq),
        }
    }

    /// The packet with this extended sequence number.
    pub(crate) fn get(&self, seq: u64) -> Option<(&Meta, &[u8])> {
        let slot = self.slots[self.index(seq)].as_ref().filter(|slot| slot.seq == seq)?;
        Some((&slot.meta, &slot.payload))
    }

    /// The highest number taken in.
    pub(crate) fn highest(&self) -> Option<u64> {
        self.highest
    }

    /// Where the newest key frame begins, if it is still here.
    pub(crate) fn keyframe(&self) -> Option<u64> {
        self.keyframe.filter(|seq| self.get(*seq).is_some())
    }

    /// The extended number nearest to the highest one that ends in `sequence`.
    pub(crate) fn extend(&self, sequence: u16) -> Option<u64> {
        let highest = self.highest?;
        highest.checked_add_signed(i64::from(sequence.wrapping_sub(highest as u16) as i16))
    }

    fn index(&self, seq: u64) -> usize {
        seq as usize & (self.slots.len() - 1)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) const META: Meta = Meta {
        timestamp: 0,
        marker: false,
        starts_keyframe: false,
        codec: Codec::Vp8,
        vp8: None,
        twice: false,
        level: None,
        orientation: None,
        part: Part { spatial: 0, temporal: 0, starts: false, ends: false, sync: false },
        frame: None,
        descriptor: 0,
    };

    #[test]
    fn a_packet_is_taken_once_and_what_has_been_overwritten_is_too_old() {
        let mut ring = Ring::new(8);
        assert!(ring.insert(10, META, b"ten", b"") && !ring.insert(10, META, b"other", b""));
        assert_eq!(ring.get(10).map(|(_, p)| p), Some(&b"ten"[..]));
        assert!(ring.insert(18, META, b"eighteen", b""));
        assert!(ring.get(10).is_none() && !ring.insert(10, META, b"ten again", b""));
        assert!(ring.insert(11, META, b"eleven, late", b""));
    }

    #[test]
    fn a_key_frame_is_known_while_it_is_here() {
        let mut ring = Ring::new(8);
        ring.insert(3, Meta { starts_keyframe: true, ..META }, b"", b"");
        assert_eq!(ring.keyframe(), Some(3));
        ring.insert(11, META, b"", b"");
        assert_eq!(ring.keyframe(), None);
    }

    #[test]
    fn numbers_extend_to_the_nearest_on_both_sides_of_the_wrap() {
        let mut ring = Ring::new(8);
        assert_eq!(ring.extend(5), None);
        ring.insert(0x1_0002, META, b"", b"");
        assert_eq!(ring.extend(0xffff), Some(0xffff));
        assert_eq!(ring.extend(7), Some(0x1_0007));
    }
}
