//! The client offers: a publisher of two connections, and the single connection of newer clients.

mod support;

use folkmoot_sdp::{Codec, H264Profile, IceCreds, Kind, NegotiatedSession, Profile, Role, Wish};
use support::{
    FIREFOX_JOIN, FIREFOX_MICROPHONE, FIREFOX_PUBLISH, H264_FIRST, JOIN, PUBLISH, PUBLISHER_V0, PYTHON_JOIN,
    PYTHON_PUBLISH, SENDRECV, coded, direction, edited, negotiator, placeholders, sections, track, values,
};

#[test]
fn an_answer_is_lite_passive_and_bundles_what_it_takes() {
    let (answer, session) = negotiator(Role::Single).accept_offer(JOIN, &[]).expect("an answer");
    assert!(answer.starts_with("v=0\r\n") && answer.ends_with("\r\n"));
    assert!(answer.contains("a=ice-lite\r\n"));
    assert!(answer.contains("a=group:BUNDLE 0 1 2 3 4 5 6\r\n"));
    let sections = sections(&answer);
    assert_eq!(sections.len(), 7);
    for section in &sections {
        assert_eq!(values(section, "setup"), ["passive"]);
        assert_eq!(values(section, "ice-ufrag"), ["AAAAAAAAAAAA"]);
        assert!(values(section, "fingerprint")[0].starts_with("sha-256 AB:AB:"));
    }
    let candidates = values(&sections[0], "candidate");
    assert_eq!(candidates[0], "1 1 udp 2130706431 192.0.2.7 7882 typ host");
    assert_eq!(candidates[1], "2 1 udp 2130706175 2001:db8::7 7882 typ host");
    assert_eq!(candidates[2], "3 1 tcp 1520434687 192.0.2.7 7881 typ host tcptype passive");
    assert_eq!(candidates[3], "4 1 tcp 1520434431 2001:db8::7 7881 typ host tcptype passive");
    let priority = |line: &str| line.split(' ').nth(3).and_then(|n| n.parse::<u32>().ok()).expect("a priority");
    assert!(candidates.iter().map(|c| priority(c)).is_sorted_by(|a, b| a > b), "best first: {candidates:?}");
    assert!(sections[1..].iter().all(|s| values(s, "candidate").is_empty()));
    assert_eq!(session.sctp.expect("data channels").max_message_size, 262_144);
    assert_eq!(values(&sections[6], "sctp-port"), ["5000"]);
    assert_eq!(session.remote_fingerprint[0], 0x02);
}

#[test]
fn placeholders_are_answered_inactive_with_the_layer_ids_that_a_later_simulcast_needs() {
    let (answer, session) = negotiator(Role::Single).accept_offer(JOIN, &[]).expect("an answer");
    let sections = sections(&answer);
    let video: Vec<_> = sections.iter().filter(|s| s[0].starts_with("m=video")).collect();
    assert_eq!(video.len(), 3);
    for section in video {
        assert_eq!(direction(section), "inactive");
        let exts = values(section, "extmap").join(" ");
        for uri in ["sdes:mid", "sdes:rtp-stream-id", "sdes:repaired-rtp-stream-id"] {
            assert!(exts.contains(uri), "{uri} is missing in {exts}");
        }
    }
    assert!(session.sections.iter().all(|s| !s.send && !s.recv));
}

/// libwebrtc takes the layers out of VP8's payload where it may send the descriptor, and we forward VP8 by its payload.
#[test]
fn only_a_picture_in_av1_is_sent_with_a_dependency_descriptor() {
    let camera = "79ab8be5-8598-4f33-8231-557e52d86a77";
    for (mime, comes) in
        [(None, false), (Some("video/vp9"), false), (Some("video/h264"), false), (Some("video/av1"), true)]
    {
        let asked: Vec<_> = mime.and_then(Wish::from_mime).map(|wish| (camera.to_owned(), wish)).into_iter().collect();
        let (answer, session) = negotiator(Role::Single).accept_offer(PUBLISH, &asked).expect("an answer");
        let sent = session.sections.iter().position(|s| s.kind == Kind::Video && s.recv).expect("the camera");
        let said = values(&sections(&answer)[sent], "extmap").join(" ");
        assert_eq!(said.contains("dependency-descriptor"), comes, "{mime:?}: {said}");
        assert_eq!(session.sections[sent].exts.dependency.is_some(), comes, "{mime:?}");
    }
}

#[test]
fn what_is_agreed_on_keeps_the_numbers_of_the_offer_and_is_only_what_we_forward() {
    let (answer, session) = negotiator(Role::Single).accept_offer(JOIN, &[]).expect("an answer");
    let sections = sections(&answer);
    assert_eq!(sections[0][0], "m=audio 9 UDP/TLS/RTP/SAVPF 111 63");
    assert_eq!(values(&sections[0], "fmtp"), ["111 minptime=10;useinbandfec=1", "63 111/111"]);
    let video = session.sections.iter().find(|s| s.kind == Kind::Video).expect("a video section");
    let offered = values(&support::sections(JOIN)[3], "rtpmap").join("\n");
    for payload in &video.codecs {
        assert!(offered.contains(&format!("{} {}/90000", payload.pt, payload.codec.name())), "{payload:?}");
        assert!(offered.contains(&format!("{} rtx/90000", payload.rtx.expect("retransmissions"))), "{payload:?}");
    }
    let codecs: Vec<Codec> = video.codecs.iter().map(|p| p.codec).collect();
    let h264 = |profile| [true, false].map(|mode| Codec::H264(H264Profile { profile, packetization_mode_1: mode }));
    let ([b1, b0], [m1, m0]) = (h264(Profile::Baseline), h264(Profile::Main));
    assert_eq!(codecs, [Codec::Vp8, Codec::Vp9, b1, b0, m1, m0, Codec::Av1]);
    assert!(video.nack && video.twcc);
    assert!(!answer.contains("H265"));
    assert!(!answer.contains("profile-id=2"), "of VP9 the profile that all decode");
    // Constrained baseline is taken where plain baseline is offered as well.
    assert!(values(&sections[3], "fmtp").iter().filter(|f| f.contains("42e01f")).count() == 2, "{answer}");
}

#[test]
fn simulcast_is_taken_with_its_layers_in_the_clients_order() {
    let (answer, session) = negotiator(Role::Single).accept_offer(PUBLISH, &[]).expect("an answer");
    let section = &sections(&answer)[7];
    assert_eq!(direction(section), "recvonly");
    assert_eq!(values(section, "rid"), ["q recv", "h recv", "f recv"]);
    assert_eq!(values(section, "simulcast"), ["recv q;h;f"]);
    let camera = &session.sections[7];
    assert!(camera.recv && !camera.send);
    let rids: Vec<_> = camera.rids.iter().map(ToString::to_string).collect();
    assert_eq!(rids, ["q", "h", "f"]);
    assert!(camera.exts.rid.is_some() && camera.exts.rrid.is_some() && camera.exts.mid.is_some());
    assert_eq!(camera.msid_track.as_deref(), Some("79ab8be5-8598-4f33-8231-557e52d86a77"));
    assert!(camera.ssrcs.is_empty());
}

#[test]
fn a_publisher_that_declares_its_ssrcs_is_known_by_them() {
    let (_, session) = negotiator(Role::Publisher).accept_offer(PUBLISHER_V0, &[]).expect("an answer");
    let camera = session.sections.iter().find(|s| s.kind == Kind::Video).expect("a video section");
    assert_eq!(camera.ssrcs.len(), 2);
    assert_eq!(camera.rtx_pairs, [(camera.ssrcs[0], camera.ssrcs[1])]);
    let microphone = session.sections.iter().find(|s| s.kind == Kind::Audio).expect("an audio section");
    assert!(microphone.exts.audio_level.is_some() && microphone.exts.twcc.is_none());
    assert_eq!((microphone.recv, microphone.send), (true, false));
}

#[test]
fn a_publisher_with_recvonly_sections_gets_them_back_inactive() {
    let mut negotiator = negotiator(Role::Publisher);
    negotiator.add_send(track("TR_x", Kind::Audio));
    let (answer, session) = negotiator.accept_offer(JOIN, &[]).expect("an answer");
    assert!(sections(&answer)[..6].iter().all(|s| direction(s) == "inactive"));
    assert!(session.sections.iter().all(|s| !s.send && s.sending.is_none()));
    assert_eq!(negotiator.missing(), (0, 0));
}

#[test]
fn the_codec_asked_for_by_the_tracks_name_comes_first() {
    let cid = "79ab8be5-8598-4f33-8231-557e52d86a77".to_owned();
    let prefer = [(cid, Wish::from_mime("video/H264").expect("known"))];
    let (answer, session) = negotiator(Role::Single).accept_offer(PUBLISH, &prefer).expect("an answer");
    let camera = &session.sections[7];
    assert_eq!(camera.codecs[0].codec, Codec::H264_DEFAULT);
    assert!(
        sections(&answer)[7][0].ends_with(" 108 109 114 115 116 117 39 40 96 97 45 46 98 99"),
        "{}",
        sections(&answer)[7][0]
    );
    assert_eq!(session.sections[3].codecs[0].codec, Codec::Vp8, "a section that nobody asked about keeps its order");
}

#[test]
fn redundant_sound_is_taken_and_comes_first_where_it_is_asked_for() {
    let formats = |offer: &str, wish: Option<&str>| {
        let (_, session) = negotiator(Role::Single).accept_offer(PUBLISH, &[]).expect("an answer");
        let microphone = session.sections.iter().rfind(|s| s.kind == Kind::Audio && s.recv).expect("a microphone");
        let cid = microphone.msid_track.clone().expect("a name");
        let asked: Vec<_> = wish.and_then(Wish::from_mime).map(|wish| (cid, wish)).into_iter().collect();
        let (answer, session) = negotiator(Role::Single).accept_offer(offer, &asked).expect("an answer");
        let at = session.sections.iter().rposition(|s| s.kind == Kind::Audio && s.recv).expect("a microphone");
        let sections = sections(&answer);
        let others = sections.iter().filter(|s| s[0].starts_with("m=audio") && direction(s) == "inactive");
        let wanted = offer.contains("a=fmtp:63 111/111\r\n");
        assert!(others.map(|s| values(s, "rtpmap").join(" ")).all(|said| said.contains("red/") == wanted));
        let list = sections[at][0].rsplit("SAVPF ").next().expect("a list").to_owned();
        (list, values(&sections[at], "fmtp").join(", "))
    };
    let opus = "111 minptime=10;useinbandfec=1".to_owned();
    assert_eq!(formats(PUBLISH, None), ("111 63".into(), format!("{opus}, 63 111/111")));
    assert_eq!(formats(PUBLISH, Some("audio/red")), ("63 111".into(), format!("63 111/111, {opus}")));
    let others = edited(PUBLISH, &[("a=fmtp:63 111/111", "a=fmtp:63 111/9")]);
    assert_eq!(formats(&others, Some("audio/red")), ("111".into(), opus.clone()), "of what we don't forward");
    let many = edited(PUBLISH, &[("111/111", &["111"; 5].join("/"))]);
    assert_eq!(formats(&many, None), ("111".into(), opus));
}

#[test]
fn a_codec_we_do_not_forward_is_not_preferred_and_the_offers_order_is_kept() {
    let (_, session) = negotiator(Role::Publisher).accept_offer(H264_FIRST, &[]).expect("an answer");
    assert!(matches!(session.sections[0].codecs[0].codec, Codec::H264(_)));
    let name = session.sections[0].msid_track.clone().expect("a name");
    let prefer = [(name, Codec::H265.into())];
    let (_, session) = negotiator(Role::Publisher).accept_offer(H264_FIRST, &prefer).expect("an answer");
    assert!(matches!(session.sections[0].codecs[0].codec, Codec::H264(_)));
}

#[test]
fn waiting_tracks_take_free_sections_of_their_kind() {
    let mut negotiator = negotiator(Role::Single);
    negotiator.accept_offer(JOIN, &[]).expect("an answer");
    assert!(!negotiator.needs_negotiation());
    for sid in ["TR_a", "TR_b", "TR_c", "TR_d"] {
        negotiator.add_send(track(sid, Kind::Audio));
    }
    negotiator.add_send(track("TR_v", Kind::Video));
    assert!(negotiator.needs_negotiation());
    assert_eq!(negotiator.missing(), (1, 0));
    let (answer, session) = negotiator.accept_offer(JOIN, &[]).expect("an answer");
    let sections = sections(&answer);
    assert_eq!(direction(&sections[0]), "sendonly");
    assert_eq!(values(&sections[0], "msid"), ["PA_ann|TR_a TR_a"]);
    assert_eq!(direction(&sections[3]), "sendonly");
    let video = track("TR_v", Kind::Video);
    let (ssrc, rtx) = (video.ssrc, video.rtx_ssrc.expect("retransmissions"));
    assert_eq!(values(&sections[3], "ssrc-group"), [format!("FID {ssrc} {rtx}")]);
    assert_eq!(values(&sections[3], "ssrc"), [format!("{ssrc} cname:PA_ann"), format!("{rtx} cname:PA_ann")]);
    let sent: Vec<_> =
        session.sections.iter().filter_map(|s| Some((s.mid.to_string(), s.sending.clone()?.track_sid))).collect();
    let pair = |mid: &str, sid: &str| (mid.to_owned(), sid.to_owned());
    assert_eq!(sent, [pair("0", "TR_a"), pair("1", "TR_b"), pair("2", "TR_c"), pair("3", "TR_v")]);
    assert_eq!(negotiator.missing(), (1, 0), "one track has still no section");
    let refused = negotiator.accept_offer(&placeholders(4, 1), &[]).expect_err("fewer sections than before");
    assert_eq!(refused.code, "sdp.sections_removed");
    let (_, session) = negotiator.accept_offer(JOIN, &[]).expect("the refusal changed nothing");
    assert_eq!(session.sections[2].sending.as_ref().map(|t| t.track_sid.as_str()), Some("TR_c"));
}

#[test]
fn a_section_goes_through_inactive_before_it_carries_another_track() {
    let mut negotiator = negotiator(Role::Single);
    let offer = placeholders(1, 0);
    negotiator.add_send(track("TR_a", Kind::Audio));
    let (_, session) = negotiator.accept_offer(&offer, &[]).expect("an answer");
    assert!(session.sections[0].send);
    negotiator.remove_send("TR_a");
    negotiator.add_send(track("TR_b", Kind::Audio));
    assert!(negotiator.needs_negotiation());
    assert_eq!(negotiator.missing(), (0, 0), "the section in use will do");
    let (answer, session) = negotiator.accept_offer(&offer, &[]).expect("an answer");
    assert_eq!(direction(&sections(&answer)[0]), "inactive");
    assert!(values(&sections(&answer)[0], "msid").is_empty());
    assert!(!session.sections[0].send && session.sections[0].sending.is_none());
    assert!(negotiator.needs_negotiation(), "TR_b waits still");
    let (answer, _) = negotiator.accept_offer(&offer, &[]).expect("an answer");
    assert_eq!(values(&sections(&answer)[0], "msid"), ["PA_ann|TR_b TR_b"]);
    assert!(!negotiator.needs_negotiation());
}

#[test]
fn a_track_whose_section_the_client_stops_waits_for_another() {
    let mut negotiator = negotiator(Role::Single);
    negotiator.add_send(track("TR_a", Kind::Audio));
    negotiator.accept_offer(&placeholders(1, 0), &[]).expect("an answer");
    let stopped = edited(&placeholders(1, 0), &[("m=audio 9 ", "m=audio 0 ")]);
    let (answer, session) = negotiator.accept_offer(&stopped, &[]).expect("an answer");
    assert!(sections(&answer)[0][0].starts_with("m=audio 0 "), "a rejected section is echoed");
    assert!(!answer.contains("BUNDLE"));
    assert!(session.sections[0].codecs.is_empty() && !session.sections[0].send);
    assert_eq!(negotiator.missing(), (1, 0));
    // The place is used again, under another name.
    let recycled = edited(&placeholders(1, 0), &[("a=mid:0", "a=mid:9"), ("a=group:BUNDLE 0", "a=group:BUNDLE 9")]);
    let (_, session) = negotiator.accept_offer(&recycled, &[]).expect("an answer");
    assert_eq!(session.sections[0].mid.as_str(), "9");
    assert_eq!(session.sections[0].sending.as_ref().map(|t| t.track_sid.as_str()), Some("TR_a"));
}

#[test]
fn one_section_can_carry_a_track_each_way() {
    let mut negotiator = negotiator(Role::Single);
    negotiator.add_send(track("TR_a", Kind::Audio));
    let (answer, session) = negotiator.accept_offer(SENDRECV, &[]).expect("an answer");
    let audio = session.sections.iter().position(|s| s.kind == Kind::Audio).expect("an audio section");
    assert_eq!(direction(&sections(&answer)[audio]), "sendrecv");
    assert_eq!(values(&sections(&answer)[audio], "msid").len(), 1);
    assert!(session.sections[audio].recv && session.sections[audio].send);
    assert!(session.sections[audio].msid_track.is_some());
    negotiator.remove_send("TR_a");
    let (answer, session) = negotiator.accept_offer(SENDRECV, &[]).expect("an answer");
    assert_eq!(direction(&sections(&answer)[audio]), "recvonly");
    assert!(session.sections[audio].recv && !session.sections[audio].send);
}

#[test]
fn a_track_is_sent_with_its_own_codec_first() {
    let mut negotiator = negotiator(Role::Single);
    let h264 = Codec::H264(H264Profile { profile: Profile::Baseline, packetization_mode_1: false });
    negotiator.add_send(folkmoot_sdp::SendTrack { codec: h264, ..track("TR_v", Kind::Video) });
    let (_, session) = negotiator.accept_offer(&placeholders(0, 1), &[]).expect("an answer");
    assert_eq!(session.sections[0].codecs[0].codec, h264);
    assert_eq!(session.sections[0].codecs.len(), 7);
}

/// The offer of a client that has no H.264.
fn without_h264(offer: &str) -> String {
    edited(offer, &[(" H264/90000", " H266/90000")])
}

fn sent(session: &NegotiatedSession) -> Vec<(&str, &str)> {
    let sending = session.sections.iter().filter(|s| s.send);
    sending.map(|s| (s.mid.as_str(), s.sending.as_ref().expect("a track").track_sid.as_str())).collect()
}

#[test]
fn a_track_that_the_client_cannot_decode_is_given_up_and_does_not_hold_up_the_others() {
    let mut negotiator = negotiator(Role::Single);
    let poor = without_h264(&placeholders(0, 1));
    negotiator.accept_offer(&poor, &[]).expect("an answer");
    negotiator.add_send(coded("TR_h", Codec::H264_DEFAULT));
    assert!(negotiator.needs_negotiation());
    assert_eq!(negotiator.missing(), (0, 0), "another section would be as poor");
    negotiator.add_send(track("TR_v", Kind::Video));
    let (answer, session) = negotiator.accept_offer(&poor, &[]).expect("an answer");
    assert_eq!(sent(&session), [("0", "TR_v")]);
    assert_eq!(values(&sections(&answer)[0], "msid"), ["PA_ann|TR_v TR_v"]);
    assert_eq!(negotiator.take_given_up(), ["TR_h"]);
    assert!(negotiator.take_given_up().is_empty(), "said once");
    assert!(!negotiator.needs_negotiation());
    // Asked for again by the same client, which has learned it meanwhile.
    negotiator.add_send(coded("TR_h", Codec::H264_DEFAULT));
    let (_, session) = negotiator.accept_offer(&placeholders(0, 2), &[]).expect("an answer");
    assert_eq!(sent(&session), [("0", "TR_v"), ("1", "TR_h")]);
    assert!(negotiator.take_given_up().is_empty());
}

#[test]
fn sound_that_the_client_cannot_decode_is_given_up_too() {
    let mut negotiator = negotiator(Role::Single);
    negotiator.add_send(track("TR_a", Kind::Audio));
    negotiator.add_send(track("TR_v", Kind::Video));
    let deaf = edited(&placeholders(1, 1), &[(" opus/48000/2", " speex/48000/2")]);
    let (_, session) = negotiator.accept_offer(&deaf, &[]).expect("an answer");
    assert_eq!(sent(&session), [("1", "TR_v")]);
    assert_eq!(negotiator.take_given_up(), ["TR_a"]);
}

#[test]
fn a_track_is_not_given_up_before_the_client_receives_anything_of_its_kind() {
    let mut negotiator = negotiator(Role::Single);
    negotiator.add_send(coded("TR_h", Codec::H264_DEFAULT));
    negotiator.accept_offer(&placeholders(1, 0), &[]).expect("an answer");
    assert!(negotiator.take_given_up().is_empty());
    assert_eq!(negotiator.missing(), (0, 1));
    let (_, session) = negotiator.accept_offer(&placeholders(1, 1), &[]).expect("an answer");
    assert_eq!(sent(&session), [("1", "TR_h")]);
}

#[test]
fn a_variant_that_the_client_cannot_decode_is_given_up() {
    let mut negotiator = negotiator(Role::Single);
    negotiator.add_send(coded("TR_h", Codec::H264_DEFAULT));
    let simple = edited(&placeholders(0, 1), &[("packetization-mode=1", "packetization-mode=2")]);
    let (_, session) = negotiator.accept_offer(&simple, &[]).expect("an answer");
    assert_eq!((sent(&session), negotiator.take_given_up()), (vec![], vec!["TR_h".to_owned()]));
}

#[test]
fn of_unlike_sections_a_track_takes_one_that_has_its_codec_and_waits_for_another_such() {
    let mut negotiator = negotiator(Role::Single);
    let two = placeholders(0, 2);
    let second = two.rfind("m=video").expect("two sections");
    let unlike = without_h264(&two[..second]) + &two[second..];
    negotiator.add_send(coded("TR_h", Codec::H264_DEFAULT));
    negotiator.add_send(coded("TR_i", Codec::H264_DEFAULT));
    let (_, session) = negotiator.accept_offer(&unlike, &[]).expect("an answer");
    assert_eq!(sent(&session), [("1", "TR_h")]);
    assert!(negotiator.take_given_up().is_empty(), "the client has the codec");
    assert_eq!(negotiator.missing(), (0, 1), "the section that is free will not do");
    negotiator.add_send(track("TR_v", Kind::Video));
    assert_eq!(negotiator.missing(), (0, 1));
    let (_, session) = negotiator.accept_offer(&unlike, &[]).expect("an answer");
    assert_eq!(sent(&session), [("0", "TR_v"), ("1", "TR_h")]);
}

#[test]
fn a_section_that_loses_the_codec_of_its_track_is_inactive_once() {
    let mut negotiator = negotiator(Role::Single);
    negotiator.add_send(coded("TR_h", Codec::H264_DEFAULT));
    let rich = placeholders(0, 1);
    let (_, session) = negotiator.accept_offer(&rich, &[]).expect("an answer");
    assert_eq!(sent(&session), [("0", "TR_h")]);
    negotiator.add_send(track("TR_v", Kind::Video));
    let (answer, session) = negotiator.accept_offer(&without_h264(&rich), &[]).expect("an answer");
    assert_eq!((direction(&sections(&answer)[0]), sent(&session).len()), ("inactive", 0));
    assert_eq!(negotiator.take_given_up(), ["TR_h"]);
    assert!(negotiator.needs_negotiation(), "TR_v waits for the section");
    assert_eq!(negotiator.missing(), (0, 0));
    let (_, session) = negotiator.accept_offer(&without_h264(&rich), &[]).expect("an answer");
    assert_eq!(sent(&session), [("0", "TR_v")]);
}

#[test]
fn other_credentials_are_an_ice_restart_and_get_other_credentials() {
    let mut negotiator = negotiator(Role::Single);
    let (_, first) = negotiator.accept_offer(JOIN, &[]).expect("an answer");
    let (_, same) = negotiator.accept_offer(JOIN, &[]).expect("an answer");
    assert_eq!(first.local_ice, same.local_ice);
    let restarted = edited(JOIN, &[("a=ice-ufrag:5xQu", "a=ice-ufrag:NEW1")]);
    assert!(negotiator.needs_spare_ice());
    let spare = IceCreds { ufrag: "BBBBBBBBBBBB".into(), pwd: "012345678901234567890123".into() };
    negotiator.set_spare_ice(spare.clone());
    assert!(!negotiator.needs_spare_ice());
    let (answer, session) = negotiator.accept_offer(&restarted, &[]).expect("an answer");
    assert_eq!((&session.local_ice, session.remote_ice.ufrag.as_str()), (&spare, "NEW1"));
    assert!(answer.contains("a=ice-ufrag:BBBBBBBBBBBB") && !answer.contains("a=ice-ufrag:AAAAAAAAAAAA"));
    assert!(negotiator.needs_spare_ice());
    let (_, again) = negotiator.accept_offer(JOIN, &[]).expect("an answer without a spare");
    assert_ne!(again.local_ice.ufrag, "BBBBBBBBBBBB");
}

#[test]
fn of_several_fingerprints_the_sha_256_one_counts() {
    let line = JOIN.lines().find(|l| l.starts_with("a=fingerprint:")).expect("a fingerprint").trim_end();
    let three = format!("{line}\r\na=fingerprint:sha-384 00:11\r\na=fingerprint:sha-512 22:33");
    let (_, session) = negotiator(Role::Single).accept_offer(&edited(JOIN, &[(line, &three)]), &[]).expect("an answer");
    assert_eq!(session.remote_fingerprint[..3], [0x02, 0x06, 0xd5]);
    let none = edited(JOIN, &[("a=fingerprint:sha-256", "a=fingerprint:sha-1")]);
    let refused = negotiator(Role::Single).accept_offer(&none, &[]).expect_err("no usable fingerprint");
    assert_eq!(refused.code, "sdp.no_fingerprint");
}

#[test]
fn what_stands_for_the_whole_session_stands_for_each_section() {
    let pick = |name: &str| JOIN.lines().find(|l| l.starts_with(name)).expect("a line").trim_end().to_owned();
    let lines: Vec<String> =
        ["a=ice-ufrag:", "a=ice-pwd:", "a=fingerprint:", "a=setup:"].iter().map(|name| pick(name)).collect();
    let mut moved = JOIN.to_owned();
    for line in &lines {
        moved = moved.replace(&format!("{line}\r\n"), "");
    }
    let moved = moved.replacen("t=0 0\r\n", &format!("t=0 0\r\n{}\r\n", lines.join("\r\n")), 1);
    let (_, session) = negotiator(Role::Single).accept_offer(&moved, &[]).expect("an answer");
    let (_, plain) = negotiator(Role::Single).accept_offer(JOIN, &[]).expect("an answer");
    assert_eq!(session, plain);
}

#[test]
fn a_client_that_wants_to_be_the_dtls_server_is_refused() {
    let passive = edited(JOIN, &[("a=setup:actpass", "a=setup:passive")]);
    let refused = negotiator(Role::Single).accept_offer(&passive, &[]).expect_err("two servers");
    assert_eq!(refused.code, "sdp.bad_setup");
    let active = edited(JOIN, &[("a=setup:actpass", "a=setup:active")]);
    negotiator(Role::Single).accept_offer(&active, &[]).expect("a client is what we want");
}

#[test]
fn a_section_we_cannot_serve_is_refused_and_the_others_are_not() {
    let odd = edited(&placeholders(1, 1), &[("a=rtpmap:111 opus/48000/2", "a=rtpmap:111 speex/48000/2")]);
    let (answer, session) = negotiator(Role::Single).accept_offer(&odd, &[]).expect("an answer");
    let sections = sections(&answer);
    assert!(sections[0][0].starts_with("m=audio 0 "));
    assert!(sections[1][0].starts_with("m=video 9 "));
    assert!(answer.contains("a=group:BUNDLE 1\r\n"));
    assert_eq!(values(&sections[1], "candidate").len(), 4, "candidates go with the first section in use");
    assert!(session.sections[0].codecs.is_empty() && !session.sections[1].codecs.is_empty());
}

#[test]
fn without_a_bundle_there_is_one_transport_and_one_section() {
    let group = JOIN.lines().find(|l| l.starts_with("a=group:")).expect("a group").trim_end();
    let apart = edited(JOIN, &[(&format!("{group}\r\n"), "")]);
    let (answer, _) = negotiator(Role::Single).accept_offer(&apart, &[]).expect("an answer");
    let ports: Vec<_> = sections(&answer).iter().map(|s| s[0].split(' ').nth(1).expect("a port").to_owned()).collect();
    assert_eq!(ports, ["9", "0", "0", "0", "0", "0", "0"]);
}

#[test]
fn silence_is_answered_only_when_it_was_offered() {
    let plain = negotiator(Role::Single).accept_offer(JOIN, &[]).expect("an answer").0;
    assert!(!plain.contains("usedtx"));
    let offer = edited(JOIN, &[("minptime=10;useinbandfec=1", "minptime=10;usedtx=1;useinbandfec=1")]);
    let rich = negotiator(Role::Single).accept_offer(&offer, &[]).expect("an answer").0;
    assert!(rich.contains("a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1\r\n"));
}

#[test]
fn two_channels_are_answered_to_who_asked_for_them_and_not_to_who_can_receive_them() {
    assert!(FIREFOX_PUBLISH.contains("stereo=1"));
    let plain = negotiator(Role::Single).accept_offer(FIREFOX_PUBLISH, &[]).expect("an answer").0;
    assert!(!plain.contains("stereo"));
    let asked = [(FIREFOX_MICROPHONE.to_owned(), Wish::from_mime("audio/opus;stereo=1").expect("known"))];
    let (answer, session) = negotiator(Role::Single).accept_offer(FIREFOX_PUBLISH, &asked).expect("an answer");
    let sections = sections(&answer);
    assert_eq!(values(&sections[7], "fmtp"), ["109 minptime=10;useinbandfec=1;stereo=1"]);
    assert_eq!(session.sections.iter().filter(|s| s.stereo).map(|s| s.recv).collect::<Vec<_>>(), [true]);
    assert_eq!(answer.matches("stereo").count(), 1);
}

#[test]
fn silence_is_left_out_where_the_publisher_asked_for_it() {
    let said = |offer: &str, wish| {
        let asked = [(FIREFOX_MICROPHONE.to_owned(), Wish::from_mime(wish).expect("known"))];
        let answer = negotiator(Role::Single).accept_offer(offer, &asked).expect("an answer").0;
        values(&sections(&answer)[7], "fmtp").join(" ")
    };
    assert_eq!(said(FIREFOX_PUBLISH, "audio/opus; usedtx=1"), "109 minptime=10;useinbandfec=1;usedtx=1");
    assert_eq!(said(FIREFOX_PUBLISH, "audio/opus"), "109 minptime=10;useinbandfec=1");
    let offered = FIREFOX_PUBLISH.replace("stereo=1", "stereo=1;usedtx=1");
    assert_eq!(said(&offered, "audio/opus;usedtx=1"), "109 minptime=10;useinbandfec=1;usedtx=1", "once");
}

#[test]
fn firefox_joins_and_publishes() {
    let mut negotiator = negotiator(Role::Single);
    let (answer, session) = negotiator.accept_offer(FIREFOX_JOIN, &[]).expect("an answer");
    assert!(answer.contains("a=group:BUNDLE 0 1 2 3 4 5 6\r\n"));
    assert!(session.sctp.is_some());
    negotiator.add_send(track("TR_voice", Kind::Audio));
    negotiator.add_send(track("TR_camera", Kind::Video));
    let (answer, session) = negotiator.accept_offer(FIREFOX_PUBLISH, &[]).expect("an answer");
    let sections = sections(&answer);
    assert_eq!((direction(&sections[0]), direction(&sections[3])), ("sendonly", "sendonly"));
    let (microphone, camera) = (&session.sections[6], &session.sections[7]);
    assert_eq!(microphone.msid_track.as_deref(), Some(FIREFOX_MICROPHONE), "with the braces that its page sees, too");
    let rids: Vec<_> = camera.rids.iter().map(folkmoot_sdp::Short::as_str).collect();
    assert_eq!(rids, ["q", "h", "f"]);
    assert_eq!(camera.codecs[0].codec, Codec::Vp8);
    assert!(camera.nack && camera.twcc && camera.codecs[0].rtx.is_some());
    // It writes the way of an extension behind its number; what it only sends it needs to hear that we take.
    assert!(camera.exts.rid.is_some() && camera.exts.rrid.is_some() && camera.exts.mid.is_some());
    assert_eq!(camera.rtx_pairs.len(), 3);
}

#[test]
fn the_python_client_joins_and_publishes() {
    // It offers pre-agreed SCTP and DTLS in STUN besides, which are not answered and therefore not used.
    let mut negotiator = negotiator(Role::Single);
    let (answer, session) = negotiator.accept_offer(PYTHON_JOIN, &[]).expect("an answer");
    assert!(!answer.contains("sctp-init") && !answer.contains("sped"));
    assert!(session.sctp.is_some() && session.sections.len() == 6);
    let (answer, session) = negotiator.accept_offer(PYTHON_PUBLISH, &[]).expect("an answer");
    assert_eq!(session.local_ice.ufrag, "AAAAAAAAAAAA", "no restart");
    let microphone = &session.sections[6];
    assert_eq!(microphone.msid_track.as_deref(), Some("9405be7a-281f-468f-af7b-420b5c2b2204"));
    assert_eq!(microphone.ssrcs, [384_872_816]);
    let camera = &session.sections[7];
    let rids: Vec<_> = camera.rids.iter().map(ToString::to_string).collect();
    assert_eq!(rids, ["f", "h", "q"]);
    assert_eq!(camera.codecs.len(), 1);
    assert_eq!((camera.codecs[0].codec, camera.codecs[0].rtx), (Codec::Vp8, None));
    assert!(answer.contains("a=fmtp:96 x-google-start-bitrate=1000\r\n"));
    assert!(answer.contains("a=simulcast:recv f;h;q\r\n"));
}

#[test]
fn of_h264_what_all_decode_comes_first_and_a_profile_goes_to_who_can_decode_it() {
    let h264 = |profile, packetization_mode_1| Codec::H264(H264Profile { profile, packetization_mode_1 });
    let (baseline, high) = (h264(Profile::Baseline, true), h264(Profile::High, true));
    assert!(high.decodes(baseline) && high.decodes(h264(Profile::Main, false)) && high.decodes(high));
    assert!(!baseline.decodes(high) && !h264(Profile::Baseline, false).decodes(baseline) && !high.decodes(Codec::Vp8));
    // A phone names High first.
    let phone = edited(&placeholders(0, 1), &[("profile-level-id=42001f", "profile-level-id=640c1f")]);
    let (_, session) = negotiator(Role::Single).accept_offer(&phone, &[]).expect("an answer");
    let offered: Vec<_> = session.sections[0].codecs.iter().map(|c| c.codec).filter(|c| c.same_name(high)).collect();
    assert_eq!((offered.first(), offered.get(4)), (Some(&baseline), Some(&high)), "{offered:?}");
    // To one who has baseline alone High is not sent, and given up.
    let mut narrow = negotiator(Role::Single);
    narrow.add_send(folkmoot_sdp::SendTrack { codec: high, ..track("TR_h", Kind::Video) });
    let plain = edited(&placeholders(0, 1), &[("profile-level-id=4d", "profile-level-id=f4")]);
    let (_, session) = narrow.accept_offer(&plain, &[]).expect("an answer");
    assert!(sent(&session).is_empty());
    assert_eq!(narrow.take_given_up(), ["TR_h"]);
}
