//! Key frames in H.264 payloads (RFC 6184): single units, STAP-A and FU-A.

const IDR: u8 = 5;
const SPS: u8 = 7;
const PPS: u8 = 8;
const STAP_A: u8 = 24;
const FU_A: u8 = 28;

/// The first byte of a packet of several units (STAP-A), such as parameter sets are.
pub const SEVERAL: u8 = 0x60 | STAP_A;

/// Whether a payload begins a key frame: it carries a sequence parameter set. The slices behind it are no place to begin,
/// though of a key frame: a decoder would read them by the parameter sets of another stream.
pub fn starts_keyframe(payload: &[u8]) -> bool {
    let Some(first) = payload.first() else { return false };
    match first & 0x1f {
        SPS => true,
        STAP_A => units(&payload[1..]).any(is_sequence_set),
        FU_A => payload.get(1).is_some_and(|fu| fu & 0x80 != 0 && fu & 0x1f == SPS),
        _ => false,
    }
}

/// Whether a payload begins a slice of a key frame, and brings no parameter sets along.
pub fn starts_slice_of_keyframe(payload: &[u8]) -> bool {
    match payload.first().map(|first| first & 0x1f) {
        Some(IDR) => true,
        Some(STAP_A) => units(&payload[1..]).any(|unit| kind(unit) == IDR) && !starts_keyframe(payload),
        Some(FU_A) => payload.get(1).is_some_and(|fu| fu & 0x80 != 0 && fu & 0x1f == IDR),
        _ => false,
    }
}

/// The whole parameter sets in a payload.
pub fn parameter_sets(payload: &[u8]) -> impl Iterator<Item = &[u8]> {
    let several = payload.first().is_some_and(|first| first & 0x1f == STAP_A);
    let single = Some(payload).filter(|_| !several);
    let inside = units(if several { &payload[1..] } else { &[] });
    single.into_iter().chain(inside).filter(|unit| matches!(kind(unit), SPS | PPS))
}

/// Whether a unit is a sequence parameter set.
pub fn is_sequence_set(unit: &[u8]) -> bool {
    kind(unit) == SPS
}

fn kind(unit: &[u8]) -> u8 {
    unit.first().map_or(0, |first| first & 0x1f)
}

/// Those of a STAP-A, as far as they are whole.
fn units(mut rest: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let [high, low, behind @ ..] = rest else { return None };
        let (unit, next) = behind.split_at_checked(usize::from(u16::from_be_bytes([*high, *low])))?;
        rest = next;
        Some(unit)
    })
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
    fn parameter_sets_and_slices_without_them_are_told_apart() {
        let sets = |payload: &'static [u8]| parameter_sets(payload).collect::<Vec<_>>();
        assert_eq!(sets(&[0x67, 1]), [&[0x67, 1][..]]);
        assert_eq!(sets(&[0x78, 0, 1, 0x09, 0, 2, 0x67, 1, 0, 1, 0x68, 0, 9]), [&[0x67, 1][..], &[0x68][..]]);
        assert!(sets(&[0x65, 1]).is_empty() && sets(&[]).is_empty() && sets(&[0x7c, 0x87]).is_empty());
        for slice in [&[0x65, 1][..], &[0x7c, 0x85], &[0x78, 0, 1, 0x06, 0, 1, 0x65]] {
            assert!(starts_slice_of_keyframe(slice), "{slice:?}");
        }
        for other in [&[0x41, 1][..], &[0x7c, 0x45], &[0x78, 0, 1, 0x67, 0, 1, 0x65], &[]] {
            assert!(!starts_slice_of_keyframe(other), "{other:?}");
        }
    }

    #[test]
    fn slices_and_continuations_are_not() {
        assert!(!starts_keyframe(&[0x41, 1]));
        assert!(!starts_keyframe(&[0x7c, 0x45, 1]));
        assert!(!starts_keyframe(&[0x78, 0xff, 0xff, 1]));
        assert!(!starts_keyframe(&[]));
    }
}
