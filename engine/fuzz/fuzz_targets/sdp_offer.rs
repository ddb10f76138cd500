#![no_main]
//! An offer from a stranger, twice, with tracks of ours that look for a section. What we answer is strict, and reads again.

use folkmoot_sdp::{Candidate, Codec, IceCreds, Kind, LocalDescription, Negotiator, Role, SendTrack};
use libfuzzer_sys::fuzz_target;

fn negotiator(role: Role) -> Negotiator {
    let ice = IceCreds { ufrag: "AAAAAAAAAAAA".into(), pwd: "abcdefghijklmnopqrstuvwx".into() };
    let candidates = vec![Candidate::udp(([192, 0, 2, 7], 7882).into()), Candidate::tcp(([192, 0, 2, 7], 7881).into())];
    Negotiator::new(role, LocalDescription { ice, fingerprint: [0xab; 32], candidates })
}

fn track(sid: &str, kind: Kind, codec: Codec) -> SendTrack {
    let ssrc = 1000 + 2 * sid.bytes().map(u32::from).sum::<u32>();
    let rtx_ssrc = (kind == Kind::Video).then_some(ssrc + 1);
    SendTrack {
        track_sid: sid.into(),
        stream_id: "PA_ann".into(),
        kind,
        ssrc,
        rtx_ssrc,
        codec,
        backup: None,
        stereo: false,
    }
}

fuzz_target!(|text: &str| {
    let lines = text.split('\n').map(|l| l.strip_suffix('\r').unwrap_or(l));
    let asked = lines.filter(|l| l.starts_with("m=")).count();
    for role in [Role::Publisher, Role::Single, Role::Subscriber] {
        let mut ours = negotiator(role);
        for round in 0..3 {
            let Ok((answer, session)) = ours.accept_offer(text, &[("cid".into(), Codec::H264_DEFAULT.into())]) else {
                break;
            };
            assert_ne!(role, Role::Subscriber, "it makes offers, it takes none");
            let sections: Vec<&str> = answer.split("\r\nm=").skip(1).collect();
            assert_eq!(sections.len(), asked);
            for section in &sections {
                assert!(section.matches("\r\na=msid:").count() <= 1, "two msids make a client panic");
            }
            for section in &session.sections {
                assert_eq!(section.send, section.sending.is_some());
                assert!(section.rids.len() <= 8 && section.ssrcs.len() <= 32);
                assert!(role == Role::Single || !section.send);
            }
            if session.sctp.is_some() || session.sections.iter().any(|s| !s.codecs.is_empty()) {
                let turned = answer.replace("a=setup:passive", "a=setup:active");
                negotiator(role).accept_offer(&turned, &[]).expect("our answer reads as an offer of ours would");
            }
            match round {
                0 => {
                    ours.add_send(track("TR_a", Kind::Audio, Codec::Opus));
                    ours.add_send(track("TR_v", Kind::Video, Codec::Vp8));
                    ours.add_send(track("TR_h", Kind::Video, Codec::H264_DEFAULT));
                }
                _ => ours.remove_send("TR_v"),
            }
            let _ = (ours.missing(), ours.needs_negotiation(), ours.needs_spare_ice());
        }
    }
});
