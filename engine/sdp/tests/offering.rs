//! We offer: the subscriber's connection of clients that have two.

mod support;

use folkmoot_sdp::{Codec, Kind, Negotiator, Role, SendTrack};
use support::{coded, direction, negotiator, sections, track, values};

/// What a browser answers: the same sections, receiving what is sent.
fn answer(offer: &str) -> String {
    let group = offer.lines().find(|l| l.starts_with("a=group:")).expect("a group").trim_end();
    let mut out = format!("v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n{group}\r\n");
    for section in sections(offer) {
        for line in section.iter().filter(|l| !l.is_empty()) {
            let line = match *line {
                "a=setup:passive" => "a=setup:active",
                "a=sendonly" => "a=recvonly",
                l if l.starts_with("a=ice-ufrag:") => "a=ice-ufrag:CLNT",
                l if l.starts_with("a=ice-pwd:") => "a=ice-pwd:cccccccccccccccccccccccc",
                l if ["a=msid", "a=ssrc", "a=candidate", "a=end-of"].iter().any(|p| l.starts_with(p)) => continue,
                l => l,
            };
            out.push_str(line);
            out.push_str("\r\n");
        }
    }
    out
}

fn sent(negotiator: &mut Negotiator) -> Vec<(String, String)> {
    let offer = negotiator.create_offer();
    let session = negotiator.accept_answer(&answer(&offer)).expect("an answer we take");
    let sending = session.sections.iter().filter(|s| s.send);
    sending.map(|s| (s.mid.to_string(), s.sending.clone().expect("a track").track_sid)).collect()
}

#[test]
fn the_first_offer_is_for_data_channels_alone() {
    let mut negotiator = negotiator(Role::Subscriber);
    assert!(negotiator.needs_negotiation());
    let offer = negotiator.create_offer();
    let sections = sections(&offer);
    assert_eq!(sections.len(), 1);
    assert_eq!(sections[0][0], "m=application 9 UDP/DTLS/SCTP webrtc-datachannel");
    assert_eq!(values(&sections[0], "setup"), ["passive"]);
    assert_eq!(values(&sections[0], "candidate").len(), 4);
    let session = negotiator.accept_answer(&answer(&offer)).expect("an answer we take");
    assert!(session.sctp.is_some() && session.sections.is_empty());
    assert_eq!(session.remote_ice.ufrag, "CLNT");
    assert!(!negotiator.needs_negotiation());
}

#[test]
fn who_gets_a_track_of_two_channels_is_told_so() {
    let mut negotiator = negotiator(Role::Subscriber);
    negotiator.add_send(SendTrack { stereo: true, ..track("TR_music", Kind::Audio) });
    negotiator.add_send(track("TR_voice", Kind::Audio));
    let offer = negotiator.create_offer();
    let said: Vec<_> = sections(&offer)[1..].iter().map(|section| values(section, "fmtp").join(" ")).collect();
    assert_eq!(said.iter().filter(|fmtp| fmtp.contains(";sprop-stereo=1")).count(), 1, "{said:?}");
}

#[test]
fn sound_is_offered_said_twice_as_well_and_who_leaves_that_out_gets_it_once() {
    let codecs = |leaves_out: bool| {
        let mut negotiator = negotiator(Role::Subscriber);
        negotiator.add_send(track("TR_voice", Kind::Audio));
        let offer = negotiator.create_offer();
        assert!(offer.contains("m=audio 9 UDP/TLS/RTP/SAVPF 111 63\r\n") && offer.contains("a=fmtp:63 111/111\r\n"));
        let mut answer = answer(&offer);
        if leaves_out {
            answer = answer.replace("SAVPF 111 63", "SAVPF 111").replace("a=rtpmap:63 red/48000/2\r\n", "");
        }
        let session = negotiator.accept_answer(&answer).expect("an answer we take");
        assert!(session.sections[0].send && session.sections[0].nack);
        session.sections[0].codecs.iter().map(|c| c.codec).collect::<Vec<_>>()
    };
    assert_eq!((codecs(false), codecs(true)), (vec![Codec::Opus, Codec::Red], vec![Codec::Opus]));
}

#[test]
fn a_track_goes_out_with_one_msid_and_its_primary_ssrc_first() {
    let mut negotiator = negotiator(Role::Subscriber);
    negotiator.add_send(track("TR_a", Kind::Audio));
    negotiator.add_send(track("TR_v", Kind::Video));
    let offer = negotiator.create_offer();
    let sections = sections(&offer);
    assert_eq!(direction(&sections[1]), "sendonly");
    assert_eq!(values(&sections[2], "msid"), ["PA_ann|TR_v TR_v"]);
    let video = track("TR_v", Kind::Video);
    assert!(values(&sections[2], "ssrc")[0].starts_with(&video.ssrc.to_string()));
    assert_eq!(sections[2][0], "m=video 9 UDP/TLS/RTP/SAVPF 96 97 125 107 108 109 39 40 123 124 98 99 35 36");
    let session = negotiator.accept_answer(&answer(&offer)).expect("an answer we take");
    assert_eq!(session.sections[1].codecs[0].codec, Codec::Vp8);
    assert_eq!(session.sections[1].codecs[0].rtx, Some(97));
    assert!(session.sections[1].nack && session.sections[1].exts.mid.is_some());
    assert!(!session.sections[1].recv);
}

#[test]
fn one_offer_is_out_at_a_time_and_what_comes_meanwhile_waits_for_the_next() {
    let mut negotiator = negotiator(Role::Subscriber);
    negotiator.add_send(track("TR_a", Kind::Audio));
    let offer = negotiator.create_offer();
    negotiator.add_send(track("TR_b", Kind::Audio));
    assert!(!negotiator.needs_negotiation(), "an offer is out");
    assert_eq!(negotiator.create_offer(), offer);
    let session = negotiator.accept_answer(&answer(&offer)).expect("an answer we take");
    assert_eq!(session.sections.len(), 1);
    assert!(negotiator.needs_negotiation());
    let pair = |mid: &str, sid: &str| (mid.to_owned(), sid.to_owned());
    assert_eq!(sent(&mut negotiator), [pair("1", "TR_a"), pair("2", "TR_b")]);
    assert!(!negotiator.needs_negotiation());
}

#[test]
fn a_freed_section_is_inactive_once_and_then_carries_the_next_track_of_its_kind() {
    let mut negotiator = negotiator(Role::Subscriber);
    negotiator.add_send(track("TR_a", Kind::Audio));
    sent(&mut negotiator);
    negotiator.remove_send("TR_a");
    let offer = negotiator.create_offer();
    assert_eq!(direction(&sections(&offer)[1]), "inactive");
    assert!(values(&sections(&offer)[1], "msid").is_empty());
    negotiator.accept_answer(&answer(&offer)).expect("an answer we take");
    negotiator.add_send(track("TR_v", Kind::Video));
    negotiator.add_send(track("TR_b", Kind::Audio));
    let pair = |mid: &str, sid: &str| (mid.to_owned(), sid.to_owned());
    assert_eq!(sent(&mut negotiator), [pair("1", "TR_b"), pair("2", "TR_v")]);
}

#[test]
fn a_track_taken_away_while_its_offer_is_out_is_not_sent() {
    let mut negotiator = negotiator(Role::Subscriber);
    negotiator.add_send(track("TR_a", Kind::Audio));
    let offer = negotiator.create_offer();
    negotiator.remove_send("TR_a");
    negotiator.add_send(track("TR_b", Kind::Audio));
    let session = negotiator.accept_answer(&answer(&offer)).expect("an answer we take");
    assert!(session.sections[0].sending.is_none() && !session.sections[0].send);
    assert!(negotiator.take_given_up().is_empty());
    let pair = |mid: &str, sid: &str| (mid.to_owned(), sid.to_owned());
    assert_eq!(sent(&mut negotiator), [pair("2", "TR_b")]);
}

#[test]
fn the_clients_choice_of_codecs_is_kept() {
    let mut negotiator = negotiator(Role::Subscriber);
    negotiator.add_send(coded("TR_v", Codec::from_mime("video/H264").expect("known")));
    let offer = negotiator.create_offer();
    assert_eq!(sections(&offer)[1][0], "m=video 9 UDP/TLS/RTP/SAVPF 125 107 108 109 39 40 123 124 96 97 98 99 35 36");
    let fewer = answer(&offer).replace("SAVPF 125 107 108 109 39 40 123 124 96 97 98 99 35 36", "SAVPF 123 124");
    let session = negotiator.accept_answer(&fewer).expect("an answer we take");
    let codecs: Vec<_> = session.sections[0].codecs.iter().map(|p| (p.codec.name(), p.pt)).collect();
    assert_eq!(codecs, [("H264", 123)]);
    assert!(session.sections[0].send, "High has baseline in it");
    assert!(negotiator.take_given_up().is_empty());
}

#[test]
fn a_track_whose_codec_the_client_lacks_is_given_up_and_its_section_carries_the_next() {
    let mut negotiator = negotiator(Role::Subscriber);
    negotiator.add_send(coded("TR_h", Codec::H264_DEFAULT));
    negotiator.add_send(track("TR_v", Kind::Video));
    let offer = negotiator.create_offer();
    let poor = answer(&offer).replace(" 125 107 108 109 39 40 123 124", "");
    let session = negotiator.accept_answer(&poor).expect("an answer we take");
    assert!(!session.sections[0].send && session.sections[0].sending.is_none());
    assert!(session.sections[1].send, "what it can decode goes out");
    assert_eq!(negotiator.take_given_up(), ["TR_h"]);
    assert!(negotiator.take_given_up().is_empty(), "said once");
    assert!(negotiator.needs_negotiation(), "the client is to see the section free");
    let offer = negotiator.create_offer();
    assert_eq!(direction(&sections(&offer)[1]), "inactive");
    negotiator.accept_answer(&answer(&offer).replace(" 125 107 108 109 39 40 123 124", "")).expect("an answer we take");
    assert!(!negotiator.needs_negotiation());
    negotiator.add_send(track("TR_w", Kind::Video));
    let pair = |mid: &str, sid: &str| (mid.to_owned(), sid.to_owned());
    assert_eq!(sent(&mut negotiator), [pair("1", "TR_w"), pair("2", "TR_v")]);
    assert!(negotiator.take_given_up().is_empty());
}

#[test]
fn a_track_that_its_client_does_not_want_to_receive_is_not_given_up() {
    let mut negotiator = negotiator(Role::Subscriber);
    negotiator.add_send(coded("TR_h", Codec::H264_DEFAULT));
    let offer = negotiator.create_offer();
    let still = answer(&offer).replace(" 125 107 108 109 39 40 123 124", "").replace("a=recvonly", "a=inactive");
    negotiator.accept_answer(&still).expect("an answer we take");
    assert!(negotiator.take_given_up().is_empty());
}

#[test]
fn a_section_the_client_refuses_stays_refused() {
    let mut negotiator = negotiator(Role::Subscriber);
    negotiator.add_send(track("TR_v", Kind::Video));
    let offer = negotiator.create_offer();
    let refused = answer(&offer).replace("m=video 9", "m=video 0");
    let session = negotiator.accept_answer(&refused).expect("an answer we take");
    assert!(!session.sections[0].send && session.sections[0].codecs.is_empty());
    assert_eq!(negotiator.take_given_up(), ["TR_v"], "it will never go out");
    negotiator.add_send(track("TR_w", Kind::Video));
    let offer = negotiator.create_offer();
    assert!(sections(&offer)[1][0].starts_with("m=video 0 "));
    assert!(offer.contains("a=group:BUNDLE 0 2\r\n"));
}

#[test]
fn an_answer_that_does_not_fit_changes_nothing() {
    let mut negotiator = negotiator(Role::Subscriber);
    let code = |e: folkmoot_sdp::SdpError| e.code;
    assert_eq!(negotiator.accept_answer("v=0\r\n").map_err(code), Err("sdp.no_offer"));
    negotiator.add_send(track("TR_a", Kind::Audio));
    let offer = negotiator.create_offer();
    let good = answer(&offer);
    let cut = good.split("m=audio").next().expect("a head");
    assert_eq!(negotiator.accept_answer(cut).map_err(code), Err("sdp.sections_differ"));
    let open = good.replace("a=setup:active", "a=setup:actpass");
    assert_eq!(negotiator.accept_answer(&open).map_err(code), Err("sdp.bad_setup"));
    let anonymous = good.replace("a=fingerprint:sha-256", "a=fingerprint:sha-1");
    assert_eq!(negotiator.accept_answer(&anonymous).map_err(code), Err("sdp.no_fingerprint"));
    negotiator.accept_answer(&good).expect("the offer was still out");
}

#[test]
fn an_ice_restart_takes_other_credentials_and_voids_the_offer_that_is_out() {
    let mut negotiator = negotiator(Role::Subscriber);
    let before = negotiator.create_offer();
    negotiator.restart_ice();
    assert!(negotiator.needs_negotiation());
    let after = negotiator.create_offer();
    let ufrag = |sdp: &str| values(&sections(sdp)[0], "ice-ufrag")[0].to_owned();
    assert_ne!(ufrag(&before), ufrag(&after));
    let session = negotiator.accept_answer(&answer(&after)).expect("an answer we take");
    assert_eq!(session.local_ice.ufrag, ufrag(&after));
}
