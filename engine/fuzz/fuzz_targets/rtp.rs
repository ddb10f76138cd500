#![no_main]
//! An RTP packet: header, extension elements, padding, retransmission.

use folkmoot_wire::{RtpHeader, ext, rtp};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|packet: &[u8]| {
    let _ = rtp::is_rtcp(packet);
    let _ = rtp::original_sequence(packet);
    let Some(header) = RtpHeader::parse(packet) else { return };
    for (_, content) in ext::elements(packet, &header) {
        assert!(content.len() <= packet.len());
    }
    if let Some(end) = header.payload_end(packet) {
        assert!(end <= packet.len());
    }
});
