//! Key frames in H.264 payloads (RFC 6184): single units, STAP-A and FU-A.

const SPS: u8 = 7;
const STAP_A: u8 = 24;
const FU_A: u8 = 28;

/// Whether a payload begins a key frame: it carries a sequence parameter set. The slices behind it are no place to begin,
/// though of a key frame: a decoder would read them by the parameter sets of another stream.
pub fn starts_keyframe(payload: &[u8]) -> bool {
    let Some(first) = payload.first() else { return false };
    match first & 0x1f {
        SPS => true,
        STAP_A => has_parameter_set(&payload[1..]),
        FU_A => payload.get(1).is_some_and(|fu| fu & 0x80 != 0 && fu & 0x1f == SPS),
        _ => false,
    }
}

fn has_parameter_set(mut units: &[u8]) -> bool {
    while let [high, low, rest @ ..] = units {
        let size = usize::from(u16::from_be_bytes([*high, *low]));
        let Some((unit, behind)) = rest.split_at_checked(size) else { return false };
        if unit.first().is_some_and(|b| b & 0x1f == SPS) {
            return true;
        }
        units = behind;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_frame_begins_with_its_parameter_sets() {
        assert!(starts_keyframe(&[0x67, 1, 2]));
        assert!(starts_keyframe(&[0x78, 0, 2, 0x67, 1, 0, 1, 0x68]));
        assert!(starts_keyframe(&[0x78, 0, 2, 0x09, 0x10, 0, 2, 0x67, 1, 0, 1, 0x68]), "behind a delimiter");
        assert!(starts_keyframe(&[0x7c, 0x87, 1]));
    }

    #[test]
    fn the_slices_behind_them_are_no_place_to_begin() {
        assert!(!starts_keyframe(&[0x65, 1]));
        assert!(!starts_keyframe(&[0x7c, 0x85, 1]));
        assert!(!starts_keyframe(&[0x78, 0, 2, 0x65, 1]));
        assert!(!starts_keyframe(&[0x68, 1]), "a picture set alone");
    }

    #[test]
    fn slices_and_continuations_are_not() {
        assert!(!starts_keyframe(&[0x41, 1]));
        assert!(!starts_keyframe(&[0x7c, 0x45, 1]));
        assert!(!starts_keyframe(&[0x78, 0xff, 0xff, 1]));
        assert!(!starts_keyframe(&[]));
    }
}
