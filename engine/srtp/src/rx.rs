//! The receiving side of one peer: rollover counters and replay windows.

use folkmoot_wire::RtpHeader;

use crate::Refused;
use crate::keys::{KeySalt, Profile};
use crate::suite::Suite;

/// Sources of one peer; simulcast video with retransmission has six, a generous participant a few of those.
const MAX_SOURCES: usize = 128;
/// Senders of reports of one peer. Pion's interceptors report under a number of their own for each stream: a hundred streams
/// are two hundred senders, and streams come and go. So the longest silent gives its place to a new one; what it has said
/// could be said once more by whoever recorded it, which moves no media.
const MAX_REPORTERS: usize = 512;

/// A window of the last 128 indices.
#[derive(Clone, Copy, Debug, Default)]
struct Window {
    highest: u64,
    seen: u128,
    any: bool,
}

impl Window {
    fn is_new(&self, index: u64) -> bool {
        if !self.any || index > self.highest {
            return true;
        }
        let back = self.highest - index;
        back < 128 && self.seen >> back & 1 == 0
    }

    fn mark(&mut self, index: u64) {
        if !self.any || index > self.highest {
            let ahead = if self.any { index - self.highest } else { 128 };
            self.seen = if ahead < 128 { self.seen << ahead } else { 0 };
            self.highest = index;
            self.any = true;
        }
        self.seen |= 1u128.checked_shl((self.highest - index) as u32).unwrap_or(0);
    }

    /// The packet index nearest to the highest seen that ends in `sequence` (RFC 3711 §3.3.1).
    fn guess(&self, sequence: u16) -> u64 {
        if !self.any {
            return u64::from(sequence);
        }
        let ahead = sequence.wrapping_sub(self.highest as u16) as i16;
        match self.highest.checked_add_signed(i64::from(ahead)) {
            Some(index) => index,
            None => u64::from(sequence), // before the first packet of the first rollover
        }
    }
}

/// Opens what one peer sends.
pub struct Rx {
    rtp: Suite,
    rtcp: Suite,
    sources: Vec<(u32, Window)>,
    /// Who spoke last stands last.
    rtcp_sources: Vec<(u32, Window)>,
}

impl Rx {
    /// Session keys from the peer's direction's master key.
    pub fn new(profile: Profile, master: &KeySalt) -> Self {
        Self {
            rtp: Suite::rtp(profile, master),
            rtcp: Suite::rtcp(profile, master),
            sources: Vec::new(),
            rtcp_sources: Vec::new(),
        }
    }

    /// Opens an RTP packet in place: (length without tag, extended sequence number).
    pub fn open_rtp(&mut self, packet: &mut [u8], header: &RtpHeader) -> Result<(usize, u64), Refused> {
        if packet.len() < header.len + self.rtp.rtp_tag() {
            return Err(Refused::Malformed);
        }
        let at = self.sources.iter().position(|(ssrc, _)| *ssrc == header.ssrc);
        let window = at.map_or_else(Window::default, |at| self.sources[at].1);
        let index = window.guess(header.sequence);
        if !window.is_new(index) {
            return Err(Refused::Replayed);
        }
        if at.is_none() && self.sources.len() >= MAX_SOURCES {
            return Err(Refused::TooManySources);
        }
        let len = self.rtp.open_rtp(packet, header.len, header.ssrc, index).ok_or(Refused::Unauthentic)?;
        let at = at.unwrap_or_else(|| {
            self.sources.push((header.ssrc, Window::default()));
            self.sources.len() - 1
        });
        self.sources[at].1.mark(index);
        Ok((len, index))
    }

    /// Opens an RTCP compound in place: its plain length.
    pub fn open_rtcp(&mut self, packet: &mut [u8]) -> Result<usize, Refused> {
        let ssrc = packet.get(4..8).map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]])).ok_or(Refused::Malformed)?;
        let (len, index) = self.rtcp.open_rtcp(packet).ok_or(Refused::Unauthentic)?;
        let window = self.reporter(ssrc);
        if !window.is_new(u64::from(index)) {
            return Err(Refused::Replayed);
        }
        window.mark(u64::from(index));
        Ok(len)
    }

    /// The window of a sender of reports, which has shown that it has the key.
    fn reporter(&mut self, ssrc: u32) -> &mut Window {
        let reporters = &mut self.rtcp_sources;
        if let Some(at) = reporters.iter().rposition(|(s, _)| *s == ssrc) {
            reporters[at..].rotate_left(1);
        } else {
            if reporters.len() == MAX_REPORTERS {
                reporters.remove(0);
            }
            reporters.push((ssrc, Window::default()));
        }
        &mut reporters.last_mut().expect("just put there").1
    }

    /// How many senders of media and of reports are remembered.
    pub fn remembered(&self) -> usize {
        self.sources.len() + self.rtcp_sources.len()
    }

    /// The sources that are remembered.
    pub fn sources(&self) -> impl Iterator<Item = u32> {
        self.sources.iter().map(|(ssrc, _)| *ssrc)
    }

    /// Forgets a source, so that another may take its place.
    pub fn forget(&mut self, ssrc: u32) {
        self.sources.retain(|(s, _)| *s != ssrc);
        self.rtcp_sources.retain(|(s, _)| *s != ssrc);
    }
}
