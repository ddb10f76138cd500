//! Typed values to text. Lines end in CRLF, and nothing of a stranger's goes out but tokens that were checked.

use std::fmt::Write as _;

use crate::parse::{Direction, Feedback};
use crate::session::{IceCreds, SendTrack};
use crate::{Candidate, LocalDescription, Transport};

/// The longest message we take on a data channel.
pub(crate) const MAX_MESSAGE_SIZE: u32 = 262_144;

pub(crate) struct Text(pub(crate) String);

/// A line; the arguments are `format!`'s.
macro_rules! line {
    ($text:expr, $($argument:tt)*) => { $text.line(format_args!($($argument)*)) };
}
pub(crate) use line;

impl Text {
    pub(crate) fn line(&mut self, arguments: std::fmt::Arguments<'_>) {
        let _ = self.0.write_fmt(arguments); // writing to a String does not fail
        self.0.push_str("\r\n");
    }

    /// The part before the first section.
    pub(crate) fn session(local: &LocalDescription, version: u64, bundle: &[&str]) -> Self {
        let mut text = Self(String::with_capacity(1024 + 1024 * bundle.len()));
        // The id has only to stay the same and differ from other sessions' of the same client.
        let id = local
            .ice
            .ufrag
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
            >> 2;
        line!(text, "v=0");
        line!(text, "o=- {id} {version} IN IP4 0.0.0.0");
        line!(text, "s=-");
        line!(text, "t=0 0");
        line!(text, "a=ice-lite");
        if !bundle.is_empty() {
            line!(text, "a=group:BUNDLE {}", bundle.join(" "));
        }
        line!(text, "a=extmap-allow-mixed");
        line!(text, "a=msid-semantic:WMS *");
        text
    }

    /// Address and transport of a section that is in use. Candidates go with the first only.
    pub(crate) fn transport(
        &mut self,
        local: &LocalDescription,
        ice: &IceCreds,
        setup: &str,
        fingerprint: &str,
        first: bool,
    ) {
        let text = self;
        line!(text, "c=IN IP4 0.0.0.0");
        if first {
            for (n, candidate) in local.candidates.iter().enumerate() {
                text.candidate(n as u32, *candidate);
            }
            line!(text, "a=end-of-candidates");
        }
        line!(text, "a=ice-ufrag:{}", ice.ufrag);
        line!(text, "a=ice-pwd:{}", ice.pwd);
        line!(text, "a=fingerprint:sha-256 {fingerprint}");
        line!(text, "a=setup:{setup}");
    }

    fn candidate(&mut self, n: u32, candidate: Candidate) {
        // Type preference, then our order, then the only component (RFC 8445 §5.1.2.1). Over TCP the order is behind the
        // direction's preference, 4 for passive (RFC 6544 §4.2), and the type's is a browser's own for a host by TCP: below
        // all datagrams, even relayed ones' far ends, so that TCP carries where nothing else does.
        let (preference, order, more) = match candidate.transport {
            Transport::Udp => (126, 65_535_u32.saturating_sub(n), ""),
            Transport::Tcp => (90, 4 << 13 | 8191_u32.saturating_sub(n), " tcptype passive"),
        };
        let priority = preference << 24 | order << 8 | 255;
        let (ip, port, transport) = (candidate.address.ip(), candidate.address.port(), candidate.transport.name());
        line!(self, "a=candidate:{} 1 {transport} {priority} {ip} {port} typ host{more}", n + 1);
    }

    pub(crate) fn direction(&mut self, direction: Direction) {
        line!(
            self,
            "a={}",
            match (direction.send, direction.recv) {
                (true, true) => "sendrecv",
                (true, false) => "sendonly",
                (false, true) => "recvonly",
                (false, false) => "inactive",
            }
        );
    }

    pub(crate) fn feedback(&mut self, pt: u8, feedback: Feedback) {
        let all = [
            (feedback.remb, "goog-remb"),
            (feedback.twcc, "transport-cc"),
            (feedback.fir, "ccm fir"),
            (feedback.nack, "nack"),
            (feedback.pli, "nack pli"),
        ];
        for (_, name) in all.into_iter().filter(|(on, _)| *on) {
            line!(self, "a=rtcp-fb:{pt} {name}");
        }
    }

    /// One `a=msid`, and the primary SSRC first: browsers take the first for the stream itself, whatever FID says.
    pub(crate) fn sending(&mut self, track: &SendTrack) {
        let SendTrack { track_sid, stream_id, ssrc, rtx_ssrc, .. } = track;
        // Clients read the participant before the bar and, where a browser makes its own track ids, the track after it.
        if stream_id.contains('|') {
            line!(self, "a=msid:{stream_id} {track_sid}");
        } else {
            line!(self, "a=msid:{stream_id}|{track_sid} {track_sid}");
        }
        if let Some(rtx) = rtx_ssrc {
            line!(self, "a=ssrc-group:FID {ssrc} {rtx}");
        }
        line!(self, "a=ssrc:{ssrc} cname:{stream_id}");
        if let Some(rtx) = rtx_ssrc {
            line!(self, "a=ssrc:{rtx} cname:{stream_id}");
        }
    }

    pub(crate) fn data_channels(&mut self) {
        line!(self, "a=sctp-port:5000");
        line!(self, "a=max-message-size:{MAX_MESSAGE_SIZE}");
    }
}

pub(crate) fn fingerprint(bytes: &[u8; 32]) -> String {
    let mut text = String::with_capacity(95);
    for (n, byte) in bytes.iter().enumerate() {
        let colon = if n == 0 { "" } else { ":" };
        let _ = write!(text, "{colon}{byte:02X}");
    }
    text
}
