//! The VP9 payload descriptor (RFC 9628 §4.2), which stays readable under end-to-end encryption: where key frames begin, and
//! which spatial and temporal layer a packet belongs to.

const PICTURE_ID: u8 = 0x80;
const PREDICTED: u8 = 0x40;
const LAYERS: u8 = 0x20;
const FLEXIBLE: u8 = 0x10;
const BEGINS: u8 = 0x08;
const ENDS: u8 = 0x04;
const STRUCTURE: u8 = 0x02;
/// References of one picture (RFC 9628 §4.2).
const REFERENCES: usize = 3;

/// What one packet says.
#[allow(clippy::struct_excessive_bools)] // flags, as on the wire
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Descriptor {
    /// The first packet of a layer frame.
    pub starts: bool,
    /// The last one.
    pub ends: bool,
    /// It needs an earlier picture.
    pub predicted: bool,
    /// Spatial layer.
    pub spatial: u8,
    /// Temporal layer.
    pub temporal: u8,
    /// Higher temporal layers may begin behind it.
    pub switching_up: bool,
    /// How many spatial layers there are, where it says so.
    pub spatials: Option<u8>,
}

impl Descriptor {
    /// Reads the descriptor at the start of `payload`; `None` when it is cut short.
    pub fn parse(payload: &[u8]) -> Option<Self> {
        let flags = *payload.first()?;
        let has = |flag| flags & flag != 0;
        let mut d = Self { starts: has(BEGINS), ends: has(ENDS), predicted: has(PREDICTED), ..Self::default() };
        let mut at = 1;
        if has(PICTURE_ID) {
            at += if payload.get(at)? & 0x80 != 0 { 2 } else { 1 };
        }
        if has(LAYERS) {
            let layer = *payload.get(at)?;
            (d.temporal, d.switching_up, d.spatial) = (layer >> 5, layer & 0x10 != 0, layer >> 1 & 7);
            at += if has(FLEXIBLE) { 1 } else { 2 };
        }
        if has(FLEXIBLE) && has(PREDICTED) {
            let references = payload.get(at..)?.iter().take(REFERENCES).take_while(|r| **r & 1 != 0).count();
            at += (references + 1).min(REFERENCES);
        }
        if has(STRUCTURE) {
            d.spatials = payload.get(at).map(|structure| (structure >> 5) + 1);
        }
        Some(d)
    }

    /// The first packet of the lowest spatial layer of a picture that needs no other.
    pub fn is_keyframe(&self) -> bool {
        self.starts && !self.predicted && self.spatial == 0
    }
}

/// Whether a payload begins a key frame.
pub fn starts_keyframe(payload: &[u8]) -> bool {
    Descriptor::parse(payload).is_some_and(|d| d.is_keyframe())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_frame_begins_with_its_lowest_layer() {
        assert!(starts_keyframe(&[0x88, 1, 2]));
        assert!(starts_keyframe(&[0xa8, 0x81, 2, 0x00]));
        assert!(starts_keyframe(&[0x28, 0x10]), "no picture id");
    }

    #[test]
    fn other_packets_do_not() {
        assert!(!starts_keyframe(&[0xc8, 1]), "predicted from another picture");
        assert!(!starts_keyframe(&[0x80, 1]), "goes on with a frame");
        assert!(!starts_keyframe(&[0xa8, 0x81, 2, 0x02]), "the second spatial layer");
        assert!(!starts_keyframe(&[0xa8, 0x81]) && !starts_keyframe(&[0xa8]) && !starts_keyframe(&[]), "cut short");
    }

    #[test]
    fn layers_are_read_in_both_modes_and_their_number_with_the_structure() {
        let fixed = Descriptor::parse(&[0xac, 0x81, 2, 0x54, 9, 0]).expect("a descriptor");
        assert_eq!((fixed.spatial, fixed.temporal, fixed.switching_up, fixed.ends), (2, 2, true, true));
        let flexible = Descriptor::parse(&[0xfa, 0x05, 0x22, 0x03, 0x04, 0x58]).expect("a descriptor");
        assert_eq!((flexible.spatial, flexible.temporal, flexible.predicted), (1, 1, true));
        assert_eq!(flexible.spatials, Some(3), "behind two references");
        assert_eq!(Descriptor::parse(&[0x0a, 0x40]).and_then(|d| d.spatials), Some(3));
        assert_eq!(Descriptor::parse(&[0xfa, 0x05]), None);
    }
}
