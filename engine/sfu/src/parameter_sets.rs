//! The parameter sets of an H.264 stream, for key frames that come without: some encoders send them once, and a decoder that
//! comes later could never begin.
//!
//! Law: what is kept has a bound. They are put in front of a picture only where nothing of it is missing: new ones may have
//! been lost on their way, and are asked for again.

use folkmoot_wire::h264;

/// Of all sets together; those of cameras have some thirty.
const BYTES: usize = 1000;

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct ParameterSets {
    /// As units of a packet that carries several (RFC 6184 §5.7.1), behind its head.
    packet: Vec<u8>,
    /// The timestamp of the picture that they came with.
    of: Option<u32>,
}

impl ParameterSets {
    /// A packet of the picture at `timestamp`.
    pub(crate) fn note(&mut self, timestamp: u32, payload: &[u8]) {
        for unit in h264::parameter_sets(payload) {
            if self.of != Some(timestamp) && h264::is_sequence_set(unit) {
                self.packet.clear();
            }
            self.of = Some(timestamp);
            if self.packet.is_empty() {
                self.packet.push(h264::SEVERAL);
            }
            if self.packet.len() + 2 + unit.len() <= BYTES {
                self.packet.extend((unit.len() as u16).to_be_bytes());
                self.packet.extend(unit);
            }
        }
    }

    /// What the picture at `timestamp` lacks, which this packet of it begins: the packet to put in front.
    pub(crate) fn lacking(&mut self, timestamp: u32, payload: &[u8]) -> Option<&[u8]> {
        if self.of.is_none_or(|of| of == timestamp) || !h264::starts_slice_of_keyframe(payload) {
            return None;
        }
        self.of = Some(timestamp);
        Some(&self.packet)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_frame_that_lacks_them_gets_the_last_ones_once() {
        let mut sets = ParameterSets::default();
        assert_eq!(sets.lacking(1, &[0x65, 1]), None, "none are known");
        sets.note(1, &[0x67, 1]);
        sets.note(1, &[0x68, 2]);
        assert_eq!(sets.lacking(1, &[0x65, 1]), None, "they came with it");
        assert_eq!(sets.lacking(2, &[0x41, 1]), None);
        assert_eq!(sets.lacking(3, &[0x7c, 0x85]), Some(&[0x78, 0, 2, 0x67, 1, 0, 2, 0x68, 2][..]));
        assert_eq!(sets.lacking(3, &[0x65, 1]), None, "another slice of the same");
        sets.note(4, &[0x78, 0, 2, 0x67, 3, 0, 2, 0x68, 4]);
        assert_eq!(sets.lacking(5, &[0x65, 1]), Some(&[0x78, 0, 2, 0x67, 3, 0, 2, 0x68, 4][..]));
    }

    #[test]
    fn what_is_kept_has_a_bound() {
        let mut sets = ParameterSets::default();
        (0..100).for_each(|_| sets.note(1, &[0x68; 300]));
        assert!(sets.lacking(2, &[0x65]).is_some_and(|packet| packet.len() <= BYTES));
    }
}
