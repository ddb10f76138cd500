//! All that we write is strict: LiveKit's Rust clients do not refuse a description they can't read, they panic, and take
//! the program they are in along. So each line we write is judged here by itself, whatever the offer was.

mod support;

use std::collections::HashSet;

use folkmoot_sdp::{Kind, Negotiator, Role};
use support::{
    H264_FIRST, JOIN, PUBLISH, PUBLISHER_V0, PYTHON_JOIN, PYTHON_PUBLISH, SENDRECV, negotiator, placeholders, sections,
    track, values,
};

fn judge(sdp: &str) {
    assert!(sdp.ends_with("\r\n") && !sdp.contains("\r\n\r\n") && !sdp.replace("\r\n", "").contains(['\r', '\n']));
    for line in sdp.trim_end().split("\r\n") {
        let (kind, value) = line.split_once('=').expect("a type and a value");
        assert!(kind.len() == 1 && !value.is_empty() && line.bytes().all(|b| (0x20..0x7f).contains(&b)), "{line:?}");
        assert_eq!(line, line.trim_end(), "no space at the end");
    }
    let head: Vec<&str> = sdp.split("\r\nm=").next().expect("a head").split("\r\n").collect();
    for (line, begins) in head.iter().zip(["v=0", "o=", "s=", "t="]) {
        assert!(line.starts_with(begins), "{head:?}");
    }
    let bundle = values(&head, "group").concat();
    let bundle: Vec<&str> = bundle.strip_prefix("BUNDLE").expect("a bundle").split_ascii_whitespace().collect();
    let mut mids = HashSet::new();
    for section in sections(sdp) {
        let section: Vec<&str> = section.into_iter().filter(|l| !l.is_empty()).collect();
        let [mid] = values(&section, "mid")[..] else { panic!("one mid: {section:?}") };
        assert!(mids.insert(mid.to_owned()), "no mid twice");
        assert_eq!(section.iter().filter(|l| l.starts_with("c=")).count(), 1, "{section:?}");
        let words: Vec<&str> = section[0].split(' ').collect();
        assert!(words.len() >= 4, "{}", section[0]);
        let refused = words[1] == "0";
        assert_eq!(bundle.contains(&mid), !refused, "the bundle is of what is accepted");
        if refused {
            continue;
        }
        for once in ["ice-ufrag", "ice-pwd", "fingerprint", "setup"] {
            assert_eq!(values(&section, once).len(), 1, "{once}: {section:?}");
        }
        for candidate in values(&section, "candidate") {
            let words: Vec<&str> = candidate.split(' ').collect();
            match words[2] {
                "udp" => assert_eq!(words[6..], ["typ", "host"], "{candidate}"),
                "tcp" => assert_eq!(words[6..], ["typ", "host", "tcptype", "passive"], "{candidate}"),
                other => panic!("{other} carries nothing of ours"),
            }
            assert!(words[4].parse::<std::net::IpAddr>().is_ok() && words[5].parse::<u16>().is_ok(), "{candidate}");
        }
        if !section[0].starts_with("m=application") {
            judge_media(&section, &words[3..]);
        }
    }
    assert!(bundle.iter().all(|mid| mids.contains(*mid)));
}

fn judge_media(section: &[&str], formats: &[&str]) {
    let directions = ["a=sendrecv", "a=sendonly", "a=recvonly", "a=inactive"];
    assert_eq!(section.iter().filter(|l| directions.contains(l)).count(), 1, "{section:?}");
    let msids = values(section, "msid");
    assert!(msids.len() <= 1 && msids.iter().all(|m| m.split(' ').count() == 2), "{msids:?}");
    let first = |line: &&str| line.split([' ', ':']).next().unwrap_or_default().to_owned();
    let mapped: Vec<String> = values(section, "rtpmap").iter().map(first).collect();
    assert_eq!(mapped.iter().map(String::as_str).collect::<HashSet<_>>(), formats.iter().copied().collect());
    assert_eq!((mapped.len(), formats.len()), (formats.len(), mapped.iter().collect::<HashSet<_>>().len()));
    for name in ["fmtp", "rtcp-fb"] {
        let unknown = values(section, name).iter().map(first).find(|pt| !formats.contains(&pt.as_str()));
        assert_eq!(unknown, None, "{name} of what is not there");
    }
    let ids: Vec<String> = values(section, "extmap").iter().map(first).collect();
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len(), "no id twice: {ids:?}");
    let ssrcs: Vec<String> = values(section, "ssrc").iter().map(first).collect();
    assert!(ssrcs.iter().all(|s| s.parse::<u32>().is_ok_and(|s| s > 0)), "{ssrcs:?}");
    if let [group] = values(section, "ssrc-group")[..] {
        let words: Vec<&str> = group.split(' ').collect();
        assert_eq!((words.len(), words[0], words[1]), (3, "FID", ssrcs[0].as_str()), "the first line is the primary");
        assert!(ssrcs.iter().any(|s| s == words[2]));
    }
}

const OFFERS: [&str; 7] = [JOIN, PUBLISH, PUBLISHER_V0, SENDRECV, PYTHON_JOIN, PYTHON_PUBLISH, H264_FIRST];

#[test]
fn every_answer_is_strict_before_while_and_after_tracks_go_out() {
    for offer in OFFERS {
        for role in [Role::Publisher, Role::Single] {
            let mut ours: Negotiator = negotiator(role);
            for round in 0..6 {
                judge(&ours.accept_offer(offer, &[]).expect("an answer").0);
                match round {
                    0 => ["TR_a", "TR_b"].map(|sid| ours.add_send(track(sid, Kind::Audio))),
                    1 => ["TR_v", "TR_w"].map(|sid| ours.add_send(track(sid, Kind::Video))),
                    2 => ["TR_a", "TR_v"].map(|sid| ours.remove_send(sid)),
                    _ => [(), ()],
                };
            }
        }
    }
    judge(&negotiator(Role::Single).accept_offer(&placeholders(40, 40), &[]).expect("an answer").0);
}

#[test]
fn every_offer_is_strict() {
    let mut ours = negotiator(Role::Subscriber);
    judge(&ours.create_offer());
    for n in 0..20 {
        ours.restart_ice(); // what is out is void, so each is a new one
        if n < 10 {
            let kind = if n % 2 == 0 { Kind::Audio } else { Kind::Video };
            ours.add_send(track(&format!("TR_{n}"), kind));
        } else {
            ours.remove_send(&format!("TR_{}", n - 10));
        }
        judge(&ours.create_offer());
    }
}

/// A client that fell back from one connection to two keeps its early sections, and its numbers go on from there.
#[test]
fn sections_of_an_earlier_life_are_answered_inactive_and_the_new_ones_taken() {
    let mut ours = negotiator(Role::Publisher);
    let (answer, _) = ours.accept_offer(PYTHON_JOIN, &[]).expect("an answer");
    judge(&answer);
    assert!(sections(&answer).iter().filter(|s| !s[0].starts_with("m=application")).all(|s| s.contains(&"a=inactive")));
    let (answer, session) = ours.accept_offer(PYTHON_PUBLISH, &[]).expect("an answer");
    judge(&answer);
    assert!(session.sections.iter().any(|s| s.recv), "what it publishes now is received");
    assert!(session.sections.iter().all(|s| !s.send));
}
