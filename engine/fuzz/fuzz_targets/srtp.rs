#![no_main]
//! SRTP and SRTCP of one sender: packets of its own, bent, and noise. What was not bent opens once.

use folkmoot_fuzz::{Plan, bend};
use folkmoot_srtp::{KeySalt, MAX_RTP_OVERHEAD, Profile, Rx, Tx};
use folkmoot_wire::RtpHeader;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let mut plan = Plan(input);
    let profile =
        [Profile::AeadAes256Gcm, Profile::AeadAes128Gcm, Profile::AesCm128HmacSha1_80][usize::from(plan.byte() % 3)];
    let (key, salt) = profile.lengths();
    let master = KeySalt { key: vec![7; key], salt: vec![9; salt] };
    let (mut tx, mut rx) = (Tx::new(profile, &master), Rx::new(profile, &master));
    while !plan.is_over() {
        let rtcp = plan.byte() & 1 == 0;
        let mut packet = plan.bytes().to_vec();
        if packet.is_empty() {
            continue;
        }
        packet[0] = packet[0] & 0x3f | 0x80;
        if rtcp {
            if !tx.seal_rtcp(&mut packet) {
                assert!(packet.len() < 8);
            }
        } else if let Some(header) = RtpHeader::parse(&packet) {
            let len = packet.len();
            packet.resize(len + MAX_RTP_OVERHEAD, 0);
            let extended = u64::from(plan.byte()) << 16 | u64::from(header.sequence);
            let sealed = tx.seal_rtp(&mut packet, header.len, len, header.ssrc, extended);
            packet.truncate(sealed);
        }
        let whole = packet.clone();
        bend(&mut plan, &mut packet);
        let bent = packet != whole;
        if rtcp {
            let opened = rx.open_rtcp(&mut packet);
            assert!(!(bent && opened.is_ok()), "a bent compound opened");
        } else if let Some(header) = RtpHeader::parse(&packet) {
            let opened = rx.open_rtp(&mut packet, &header);
            assert!(!(bent && opened.is_ok()), "a bent packet opened");
            if opened.is_ok() {
                assert!(rx.open_rtp(&mut whole.clone(), &header).is_err(), "a packet opened twice");
            }
        }
        assert!(rx.sources().count() <= 128);
    }
});
