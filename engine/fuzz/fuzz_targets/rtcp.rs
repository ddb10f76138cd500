#![no_main]
//! A compound RTCP packet with all its lists; reading it takes work in proportion to its length.

use folkmoot_wire::rtcp::{Packet, packets};
use folkmoot_wire::twcc;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|compound: &[u8]| {
    let mut items = 0;
    for packet in packets(compound) {
        items += 1 + match packet {
            Packet::SenderReport(_, blocks) | Packet::ReceiverReport(blocks) => blocks.count(),
            Packet::Bye(sources) => sources.count(),
            Packet::Nack(_, lost) => lost.count(),
            Packet::TransportCc(body) => usize::from(twcc::read(body).is_some()),
            _ => 0,
        };
    }
    // A NACK word of four bytes names seventeen packets at most.
    assert!(items <= compound.len() * 5, "{items} items in {} bytes", compound.len());
});
