//! Session descriptions of a client that sends one microphone and hears whom it is offered, written and read as text.
//! A general reader would cost the generator more than the server it loads.

use std::fmt::Write;

/// What a description says of who writes it.
pub struct Local {
    /// ICE user fragment.
    pub ufrag: String,
    /// ICE password.
    pub pwd: String,
    /// Algorithm and digest of the certificate.
    pub fingerprint: String,
}

/// The track that is sent: its id, and its stream's number.
pub struct Microphone {
    /// As announced by `add_track`.
    pub cid: String,
    /// SSRC.
    pub ssrc: u32,
}

/// What we need of the server's descriptions.
#[derive(Debug, Default, PartialEq)]
pub struct Remote {
    pub ufrag: String,
    pub pwd: String,
    pub fingerprint: String,
    pub candidates: Vec<String>,
    /// The server begins DTLS.
    pub active: bool,
    /// Streams that will come, with their section.
    pub streams: Vec<(String, u32)>,
}

pub const MICROPHONE_MID: &str = "1";
const OPUS: &str = "a=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n";

/// Data channels, the microphone, and `places` to hear others on.
pub fn offer(local: &Local, version: u32, microphone: &Microphone, places: u32) -> String {
    let mut sdp = head(version);
    let mids: Vec<String> = (0..places + 2).map(|mid| mid.to_string()).collect();
    let _ = write!(sdp, "a=group:BUNDLE {}\r\na=msid-semantic: WMS *\r\n", mids.join(" "));
    sdp += "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\n";
    transport(&mut sdp, local, "actpass", "0");
    sdp += "a=sctp-port:5000\r\na=max-message-size:262144\r\n";
    for mid in &mids[1..] {
        sdp += "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\n";
        transport(&mut sdp, local, "actpass", mid);
        sdp += "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n";
        sdp += "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n";
        if mid == MICROPHONE_MID {
            let Microphone { cid, ssrc } = microphone;
            let _ = write!(sdp, "a=sendonly\r\na=msid:- {cid}\r\na=ssrc:{ssrc} cname:{cid}\r\n");
        } else {
            sdp += "a=recvonly\r\n";
        }
        sdp += "a=rtcp-mux\r\n";
        sdp += OPUS;
    }
    sdp
}

/// Takes what the server offers to send.
pub fn answer(local: &Local, version: u32, offer: &str) -> String {
    let mut sdp = head(version);
    if let Some(group) = value(offer, "a=group:") {
        let _ = write!(sdp, "a=group:{group}\r\n");
    }
    for section in sections(offer) {
        answer_section(&mut sdp, local, section);
    }
    sdp
}

fn answer_section(sdp: &mut String, local: &Local, section: &str) {
    let mid = value(section, "a=mid:").unwrap_or_default();
    let opus = section.lines().find_map(|l| l.strip_prefix("a=rtpmap:")?.split_once(" opus/48000").map(|(pt, _)| pt));
    if section.starts_with("m=application") {
        *sdp += "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\n";
        transport(sdp, local, "active", mid);
        *sdp += "a=sctp-port:5000\r\na=max-message-size:262144\r\n";
    } else if let Some(pt) = opus {
        let sends = section.lines().any(|line| line == "a=sendonly" || line == "a=sendrecv");
        let _ = write!(sdp, "m=audio 9 UDP/TLS/RTP/SAVPF {pt}\r\nc=IN IP4 0.0.0.0\r\n");
        transport(sdp, local, "active", mid);
        *sdp += if sends { "a=recvonly\r\n" } else { "a=inactive\r\n" };
        let _ = write!(sdp, "a=rtcp-mux\r\na=rtpmap:{pt} opus/48000/2\r\n");
    } else {
        let _ = write!(sdp, "m=video 0 UDP/TLS/RTP/SAVPF 0\r\nc=IN IP4 0.0.0.0\r\na=mid:{mid}\r\na=inactive\r\n");
    }
}

fn head(version: u32) -> String {
    format!("v=0\r\no=- 4611731400430051336 {version} IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n")
}

fn transport(sdp: &mut String, local: &Local, setup: &str, mid: &str) {
    let Local { ufrag, pwd, fingerprint } = local;
    let _ = write!(
        sdp,
        "a=ice-ufrag:{ufrag}\r\na=ice-pwd:{pwd}\r\na=fingerprint:{fingerprint}\r\na=setup:{setup}\r\na=mid:{mid}\r\n"
    );
}

/// An offer or an answer of the server's.
pub fn read(sdp: &str) -> Option<Remote> {
    let of = |name| value(sdp, name).map(str::to_owned);
    let mut remote = Remote {
        ufrag: of("a=ice-ufrag:")?,
        pwd: of("a=ice-pwd:")?,
        fingerprint: of("a=fingerprint:")?,
        candidates: Vec::new(),
        active: sdp.lines().any(|line| line == "a=setup:active"),
        streams: Vec::new(),
    };
    remote.candidates = sdp.lines().filter(|l| l.starts_with("a=candidate:")).map(|l| l[2..].to_owned()).collect();
    for section in sections(sdp) {
        let ssrc = value(section, "a=ssrc:").and_then(|v| v.split(' ').next()?.parse().ok());
        if let (Some(mid), Some(ssrc)) = (value(section, "a=mid:"), ssrc) {
            remote.streams.push((mid.to_owned(), ssrc));
        }
    }
    Some(remote)
}

fn sections(sdp: &str) -> impl Iterator<Item = &str> {
    let starts: Vec<usize> = sdp.match_indices("\nm=").map(|(at, _)| at + 1).collect();
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([sdp.len()]).collect();
    starts.into_iter().zip(ends).map(|(start, end)| &sdp[start..end])
}

fn value<'a>(sdp: &'a str, name: &str) -> Option<&'a str> {
    sdp.lines().find_map(|line| line.strip_prefix(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local() -> Local {
        Local { ufrag: "abcd".into(), pwd: "p".repeat(22), fingerprint: format!("sha-256 {}", ["AB"; 32].join(":")) }
    }

    fn microphone() -> Microphone {
        Microphone { cid: "mic".into(), ssrc: 77 }
    }

    #[test]
    fn its_own_offer_says_who_writes_it_and_what_will_come() {
        let remote = read(&offer(&local(), 1, &microphone(), 3)).expect("a description");
        assert_eq!((remote.ufrag.as_str(), remote.active), ("abcd", false));
        assert_eq!(remote.streams, [("1".to_owned(), 77)]);
    }

    #[test]
    fn what_is_sent_is_taken_and_what_it_has_no_codec_for_is_not() {
        let mut offered = offer(&local(), 1, &microphone(), 1);
        offered += "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:3\r\na=sendonly\r\na=rtpmap:96 VP8/90000\r\n";
        let answered = answer(&local(), 1, &offered);
        let taken: Vec<_> = sections(&answered).map(|s| s.lines().next().unwrap_or_default()).collect();
        assert_eq!(
            taken,
            [
                "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
                "m=audio 9 UDP/TLS/RTP/SAVPF 111",
                "m=audio 9 UDP/TLS/RTP/SAVPF 111",
                "m=video 0 UDP/TLS/RTP/SAVPF 0"
            ]
        );
        let directions: Vec<_> = answered.lines().filter(|l| *l == "a=recvonly" || *l == "a=inactive").collect();
        assert_eq!(directions, ["a=recvonly", "a=inactive", "a=inactive"]);
    }

    #[test]
    fn what_is_no_description_is_none() {
        assert_eq!(read(""), None);
        assert_eq!(read("v=0\r\nm=audio"), None);
    }
}
