//! Key frames in H.264 payloads (RFC 6184): single units, STAP-A and FU-A.

const IDR: u8 = 5;
const SPS: u8 = 7;
const STAP_A: u8 = 24;
const FU_A: u8 = 28;

/// Whether a payload begins a key frame: it carries parameter sets, or the start of an IDR picture.
pub fn starts_keyframe(payload: &[u8]) -> bool {
    let Some(first) = payload.first() else { return false };
    match first & 0x1f {
        IDR | SPS => true,
        STAP_A => {
            let mut rest = &payload[1..];
            while let [high, low, tail @ ..] = rest {
                let size = usize::from(u16::from_be_bytes([*high, *low]));
                let Some(unit) = tail.get(..size) else { return false };
                if unit.first().is_some_and(|b| matches!(b & 0x1f, IDR | SPS)) {
                    return true;
                }
                rest = &tail[size..];
            }
            false
        }
        FU_A => payload.get(1).is_some_and(|fu| fu & 0x80 != 0 && matches!(fu & 0x1f, IDR | SPS)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameter_sets_and_idr_starts_are_key_frames() {
        assert!(starts_keyframe(&[0x67, 1, 2]));
        assert!(starts_keyframe(&[0x78, 0, 2, 0x67, 1, 0, 1, 0x68]));
        assert!(starts_keyframe(&[0x7c, 0x85, 1]));
    }

    #[test]
    fn slices_and_continuations_are_not() {
        assert!(!starts_keyframe(&[0x41, 1]));
        assert!(!starts_keyframe(&[0x7c, 0x45, 1]));
        assert!(!starts_keyframe(&[0x78, 0xff, 0xff, 1]));
        assert!(!starts_keyframe(&[]));
    }
}
