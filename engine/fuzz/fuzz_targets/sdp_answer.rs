#![no_main]
//! A stranger's answer to an offer of ours. A refused one changes nothing.

use folkmoot_sdp::{Candidate, Codec, IceCreds, Kind, LocalDescription, Negotiator, Role, SendTrack};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let ice = IceCreds { ufrag: "AAAAAAAAAAAA".into(), pwd: "abcdefghijklmnopqrstuvwx".into() };
    let candidates = vec![Candidate::udp(([192, 0, 2, 7], 7882).into()), Candidate::tcp(([192, 0, 2, 7], 7881).into())];
    let mut ours = Negotiator::new(Role::Subscriber, LocalDescription { ice, fingerprint: [0xab; 32], candidates });
    for (sid, kind, codec, ssrc) in [("TR_a", Kind::Audio, Codec::Opus, 10), ("TR_v", Kind::Video, Codec::Vp8, 20)] {
        let rtx_ssrc = (kind == Kind::Video).then_some(ssrc + 1);
        ours.add_send(SendTrack {
            track_sid: sid.into(),
            stream_id: "PA_ann".into(),
            kind,
            ssrc,
            rtx_ssrc,
            codec,
            backup: None,
            stereo: false,
        });
    }
    let offer = ours.create_offer();
    match ours.accept_answer(text) {
        Ok(session) => {
            assert_eq!(session.sections.len(), 2);
            for section in &session.sections {
                assert!(!section.recv && section.send == section.sending.is_some());
            }
            ours.remove_send("TR_v");
            let again = ours.create_offer();
            assert_eq!(again.matches("\r\nm=").count(), offer.matches("\r\nm=").count());
            let _ = ours.accept_answer(text);
        }
        Err(_) => assert_eq!(ours.create_offer(), offer, "the offer is still out"),
    }
});
