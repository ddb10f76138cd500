//! Key frames in AV1 payloads, from the aggregation header (RTP payload format for AV1, §4.4).

const NEW_SEQUENCE: u8 = 0x08;

/// Whether a payload is the first of a coded video sequence, which is where a decoder can begin.
pub fn starts_keyframe(payload: &[u8]) -> bool {
    payload.first().is_some_and(|b| b & NEW_SEQUENCE != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_sequence_is_where_a_decoder_begins() {
        assert!(starts_keyframe(&[0x18, 0x0a]) && !starts_keyframe(&[0x10, 0x32]) && !starts_keyframe(&[]));
    }
}
