//! Key frames in VP9 payloads, from the payload descriptor (RFC 9628 §4.2), which stays readable under end-to-end encryption.

const PICTURE_ID: u8 = 0x80;
const PREDICTED: u8 = 0x40;
const LAYERS: u8 = 0x20;
const BEGINS: u8 = 0x08;

/// Whether a payload begins a key frame: the first packet of the lowest spatial layer of a picture that needs no other.
pub fn starts_keyframe(payload: &[u8]) -> bool {
    let Some(first) = payload.first() else { return false };
    if first & PREDICTED != 0 || first & BEGINS == 0 {
        return false;
    }
    if first & LAYERS == 0 {
        return true;
    }
    let id = if first & PICTURE_ID == 0 {
        0
    } else if payload.get(1).is_some_and(|b| b & 0x80 != 0) {
        2
    } else {
        1
    };
    payload.get(1 + id).is_some_and(|layer| layer & 0x0e == 0)
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
}
