//! What fuzzers reach of the inside. The shard's own is in `shard/inside.rs`.

use crate::data_packet;

/// A packet that passes is under its sender's name, and passes again as it is.
pub fn data_packet(bytes: &[u8]) {
    let Some(first) = data_packet::rewrite(bytes, "me", "PA_m") else { return };
    assert!(first.bytes.ends_with(b"\x22\x02me\x8a\x01\x04PA_m"));
    assert!(first.bytes.len() <= bytes.len() + 40, "{} of {}", first.bytes.len(), bytes.len());
    let again = data_packet::rewrite(&first.bytes, "me", "PA_m").expect("what we write we read");
    assert_eq!((again.bytes, again.to), (first.bytes, first.to));
}
