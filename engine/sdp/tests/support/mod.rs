//! What the scenes share: a host to answer from, and looks into a description.
#![allow(dead_code)] // each scene takes what it needs

use folkmoot_sdp::{Candidate, Codec, IceCreds, Kind, LocalDescription, Negotiator, Role, SendTrack};

pub const JOIN: &str = include_str!("../fixtures/chromium_join.sdp");
pub const PUBLISH: &str = include_str!("../fixtures/chromium_publish.sdp");
pub const PUBLISHER_V0: &str = include_str!("../fixtures/chromium_publisher_v0.sdp");
pub const SENDRECV: &str = include_str!("../fixtures/chromium_sendrecv.sdp");
pub const PYTHON_JOIN: &str = include_str!("../fixtures/python_join.sdp");
pub const PYTHON_PUBLISH: &str = include_str!("../fixtures/python_publish.sdp");
pub const FIREFOX_JOIN: &str = include_str!("../fixtures/firefox_join.sdp");
pub const FIREFOX_PUBLISH: &str = include_str!("../fixtures/firefox_publish.sdp");
/// The name of its microphone's track.
pub const FIREFOX_MICROPHONE: &str = "{fd4189b3-f79f-4ffb-b062-b31aa756c86e}";
pub const H264_FIRST: &str = include_str!("../fixtures/chromium_h264_first.sdp");

pub fn negotiator(role: Role) -> Negotiator {
    Negotiator::new(
        role,
        LocalDescription {
            ice: IceCreds { ufrag: "AAAAAAAAAAAA".into(), pwd: "abcdefghijklmnopqrstuvwx".into() },
            fingerprint: [0xab; 32],
            candidates: vec![
                Candidate::udp(([192, 0, 2, 7], 7882).into()),
                Candidate::udp("[2001:db8::7]:7882".parse().expect("an address")),
                Candidate::tcp(([192, 0, 2, 7], 7881).into()),
                Candidate::tcp("[2001:db8::7]:7881".parse().expect("an address")),
            ],
        },
    )
}

pub fn track(sid: &str, kind: Kind) -> SendTrack {
    let number = sid.bytes().fold(1_u32, |n, b| n.wrapping_mul(31).wrapping_add(b.into()));
    let (rtx_ssrc, codec) = match kind {
        Kind::Audio => (None, Codec::Opus),
        Kind::Video => (Some(number + 1), Codec::Vp8),
    };
    SendTrack {
        track_sid: sid.into(),
        stream_id: "PA_ann".into(),
        kind,
        ssrc: number,
        rtx_ssrc,
        codec,
        backup: None,
        stereo: false,
    }
}

/// One of pictures in another codec than VP8.
pub fn coded(sid: &str, codec: Codec) -> SendTrack {
    SendTrack { codec, ..track(sid, Kind::Video) }
}

/// The sections of a description, each with its m-line first.
pub fn sections(sdp: &str) -> Vec<Vec<&str>> {
    let mut sections: Vec<Vec<&str>> = Vec::new();
    for line in sdp.split("\r\n") {
        if line.starts_with("m=") {
            sections.push(Vec::new());
        }
        if let Some(section) = sections.last_mut() {
            section.push(line);
        }
    }
    sections
}

/// The values of one attribute, in order.
pub fn values<'a>(section: &[&'a str], name: &str) -> Vec<&'a str> {
    let prefix = format!("a={name}:");
    section.iter().filter_map(|line| line.strip_prefix(prefix.as_str())).collect()
}

pub fn direction<'a>(section: &[&'a str]) -> &'a str {
    let names = ["a=sendrecv", "a=sendonly", "a=recvonly", "a=inactive"];
    let found: Vec<_> = section.iter().filter(|line| names.contains(line)).collect();
    assert!(found.len() <= 1, "more than one direction: {found:?}");
    found.first().map_or("sendrecv", |line| &line[2..])
}

/// The offer once more, with each `from` replaced.
pub fn edited(offer: &str, edits: &[(&str, &str)]) -> String {
    let mut out = offer.to_owned();
    for (from, to) in edits {
        assert!(out.contains(from), "the offer has no {from:?}");
        out = out.replace(from, to);
    }
    out
}

/// Chromium's joining offer with so many placeholders of each kind.
pub fn placeholders(audio: usize, video: usize) -> String {
    let whole = sections(JOIN);
    let head = JOIN.split("m=audio").next().expect("a head");
    let pick = |kind: &str| whole.iter().find(|s| s[0].starts_with(kind)).expect("a section").join("\r\n");
    let kinds = std::iter::repeat_n("m=audio", audio).chain(std::iter::repeat_n("m=video", video));
    let (mut body, mut names) = (String::new(), String::new());
    for (n, kind) in kinds.enumerate() {
        let section = pick(kind);
        let old = section.lines().find(|l| l.starts_with("a=mid:")).expect("a mid").to_owned();
        body.push_str(section.trim_end_matches("\r\n").replace(&old, &format!("a=mid:{n}")).as_str());
        body.push_str("\r\n");
        names = names + " " + &n.to_string();
    }
    head.replace("a=group:BUNDLE 0 1 2 3 4 5 6", &format!("a=group:BUNDLE{names}")) + &body
}
