#![no_main]
//! Payloads of all codecs: key frames found, VP8's numbers rewritten in place and nothing else.

use folkmoot_wire::vp8::{Descriptor, PictureIdLen};
use folkmoot_wire::{av1, h264, vp8, vp9};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|payload: &[u8]| {
    let _ = (h264::starts_keyframe(payload), vp8::starts_keyframe(payload));
    let _ = (vp9::starts_keyframe(payload), av1::starts_keyframe(payload), vp9::Descriptor::parse(payload));
    let Some(before) = Descriptor::parse(payload) else { return };
    let mut copy = payload.to_vec();
    before.rewrite(&mut copy, 0x1234, 77);
    let after = Descriptor::parse(&copy).expect("still a descriptor");
    assert_eq!((after.len, after.tid, after.keyframe), (before.len, before.tid, before.keyframe));
    match after.picture_id {
        Some((id, PictureIdLen::Fifteen)) => assert_eq!(id, 0x1234),
        Some((id, PictureIdLen::Seven)) => assert_eq!(id, 0x34),
        None => assert_eq!(before.picture_id, None),
    }
    assert_eq!(after.tl0, before.tl0.map(|_| 77));
    assert_eq!(&copy[usize::from(after.len)..], &payload[usize::from(before.len)..]);
});
