//! Text from strangers.

mod support;

use std::fs;
use std::time::Duration;

use folkmoot_sdp::{Kind, Role};
use proptest::prelude::*;
use support::{JOIN, PUBLISH, PUBLISHER_V0, PYTHON_PUBLISH, SENDRECV, negotiator, placeholders, sections, track};

/// So much is allowed where optimisation may be off; release builds take a tenth.
const AT_MOST: Duration = Duration::from_millis(50);

/// What this thread has worked, to some milliseconds: unlike a clock it stands still while the machine does something else.
fn worked() -> Duration {
    let stat = fs::read_to_string("/proc/thread-self/schedstat").expect("Linux tells what a thread has run");
    let nanoseconds = stat.split(' ').next().and_then(|first| first.parse().ok());
    Duration::from_nanos(nanoseconds.expect("a number first"))
}

fn refused_quickly(sdp: &str) -> &'static str {
    let begun = worked();
    let refused = negotiator(Role::Single).accept_offer(sdp, &[]).expect_err("too much");
    let took = worked().saturating_sub(begun);
    assert!(took < AT_MOST, "took {took:?}");
    refused.code
}

#[test]
fn ten_megabytes_are_refused_at_once() {
    assert_eq!(refused_quickly(&format!("v=0\r\na={}\r\n", "x".repeat(10 << 20))), "sdp.too_large");
}

#[test]
fn five_thousand_sections_are_refused_at_once() {
    let sections = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n".repeat(5000);
    assert_eq!(refused_quickly(&format!("v=0\r\n{sections}")), "sdp.too_many_sections");
}

#[test]
fn a_hundred_thousand_attributes_are_refused_at_once() {
    assert_eq!(refused_quickly(&format!("v=0\r\n{}", "a=x\r\n".repeat(100_000))), "sdp.too_large");
    let one_section = format!("v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n{}", "a=ssrc:1 x\r\n".repeat(100_000));
    assert_eq!(refused_quickly(&one_section), "sdp.too_large");
}

#[test]
fn a_line_without_end_is_refused() {
    assert_eq!(refused_quickly(&format!("v=0\r\na=mid:{}\r\n", "x".repeat(9000))), "sdp.too_large");
}

#[test]
fn many_ssrcs_in_a_section_are_refused() {
    let ssrcs: Vec<String> = (0..100).map(|n| format!("a=ssrc:{n} cname:x\r\n")).collect();
    let sdp = format!("v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n{}", ssrcs.concat());
    assert_eq!(refused_quickly(&sdp), "sdp.malformed");
}

#[test]
fn what_is_no_description_is_refused_with_a_sentence() {
    for text in ["", "nonsense", "v=0", "v=1\r\n", "v=0\r\nm=\r\n", "v=0\r\nm=audio x y z\r\n"] {
        let refused = negotiator(Role::Single).accept_offer(text, &[]).expect_err("nonsense");
        assert!(refused.code.starts_with("sdp.") && !refused.sentence.is_empty(), "{refused:?}");
    }
}

#[test]
fn names_that_would_break_out_of_their_line_are_refused() {
    let long = JOIN.replace("a=mid:0", "a=mid:00000000000000000000000000");
    assert_eq!(negotiator(Role::Single).accept_offer(&long, &[]).expect_err("too long").code, "sdp.bad_mid");
    let twice = JOIN.replace("a=mid:1", "a=mid:0");
    assert_eq!(negotiator(Role::Single).accept_offer(&twice, &[]).expect_err("twice").code, "sdp.bad_mid");
    let odd = JOIN.replace("a=ice-ufrag:5xQu", "a=ice-ufrag:5\u{e9}Qu");
    assert_eq!(negotiator(Role::Single).accept_offer(&odd, &[]).expect_err("not ASCII").code, "sdp.malformed");
}

/// The work of a hundred answers to an offer with `sections` sections, a track waiting for each.
fn work(sections: usize) -> Duration {
    let half = sections / 2;
    let offer = placeholders(half, half);
    let mut negotiator = negotiator(Role::Single);
    for n in 0..half {
        negotiator.add_send(track(&format!("TR_a{n}"), Kind::Audio));
        negotiator.add_send(track(&format!("TR_v{n}"), Kind::Video));
    }
    let begun = worked();
    for _ in 0..100 {
        let (_, session) = negotiator.accept_offer(&offer, &[]).expect("an answer");
        assert_eq!(session.sections.iter().filter(|s| s.send).count(), sections);
    }
    worked().saturating_sub(begun)
}

#[test]
fn the_work_grows_with_the_sections_and_not_with_their_square() {
    // Four times the sections, and twice that is left for a machine whose caches others use.
    let (few, many) = (work(50), work(200));
    assert!(many < 8 * few, "a hundred of 50 sections take {few:?}, of 200 {many:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_answered_or_refused(text in "\\PC{0,400}") {
        let _ = negotiator(Role::Single).accept_offer(&text, &[]);
        let _ = negotiator(Role::Single).accept_offer(&format!("v=0\r\n{text}"), &[]);
    }

    /// Real offers with lines dropped, doubled, swapped and bitten: what is answered has as many sections as the offer,
    /// and the offerer of it could have been us: it reads again.
    #[test]
    fn a_torn_offer_is_refused_or_answered_readably(
        which in 0_usize..5,
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0_u8..5, any::<u8>()), 0..12),
    ) {
        let mut lines: Vec<String> =
            [JOIN, PUBLISH, PUBLISHER_V0, SENDRECV, PYTHON_PUBLISH][which].lines().map(str::to_owned).collect();
        for (at, what, byte) in edits {
            let at = at.index(lines.len());
            match what {
                0 if lines.len() > 1 => { lines.remove(at); }
                1 => lines.insert(at, lines[at].clone()),
                2 => { let other = usize::from(byte) % lines.len(); lines.swap(at, other); }
                3 => { let cut = usize::from(byte) % (lines[at].len() + 1); lines[at].truncate(cut); }
                _ => lines[at].push(char::from(byte % 0x5f + 0x20)),
            }
        }
        let offer = lines.join("\r\n") + "\r\n";
        let mut first = negotiator(Role::Single);
        first.add_send(track("TR_a", Kind::Audio));
        first.add_send(track("TR_v", Kind::Video));
        if let Ok((answer, session)) = first.accept_offer(&offer, &[]) {
            prop_assert_eq!(sections(&answer).len(), offer.split("\r\n").filter(|l| l.starts_with("m=")).count());
            prop_assert!(session.sections.iter().all(|s| s.send == s.sending.is_some()));
            for section in sections(&answer) {
                prop_assert!(section.iter().filter(|l| l.starts_with("a=msid:")).count() <= 1);
            }
            let turned = answer.replace("a=setup:passive", "a=setup:active");
            if session.sections.iter().any(|s| !s.codecs.is_empty()) || session.sctp.is_some() {
                let again = negotiator(Role::Single).accept_offer(&turned, &[]);
                prop_assert!(again.is_ok(), "{:?}\n{}", again.err(), turned);
            }
        }
    }
}
