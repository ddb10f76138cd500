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

/// A source of which so many packets in a row don't open may have gone on by some rounds of numbers of which nothing came. One
/// of so many is tried in each of these; so is one of so many of noise under its number.
const TRIED: u8 = 16;
const ROUNDS: u64 = 8;

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

#[derive(Clone, Copy)]
struct Source {
    ssrc: u32,
    window: Window,
    /// Packets in a row that did not open.
    failed: u8,
}

/// Opens what one peer sends.
pub struct Rx {
    rtp: Suite,
    rtcp: Suite,
    sources: Vec<Source>,
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
        let at = self.sources.iter().position(|source| source.ssrc == header.ssrc);
        let window = at.map_or_else(Window::default, |at| self.sources[at].window);
        let index = window.guess(header.sequence);
        if at.is_none() && self.sources.len() >= MAX_SOURCES {
            return Err(Refused::TooManySources);
        }
        if let Some(source) = at.map(|at| &mut self.sources[at])
            && source.failed >= TRIED
        {
            source.failed = 0;
            return self.open_ahead(packet, header, index);
        }
        let opened = if window.is_new(index) {
            self.rtp.open_rtp(packet, header.len, header.ssrc, index).ok_or(Refused::Unauthentic)
        } else {
            Err(Refused::Replayed)
        };
        match (opened, at) {
            (Ok(len), _) => {
                self.mark(at, header.ssrc, index);
                Ok((len, index))
            }
            (Err(refused), at) => {
                if let Some(at) = at {
                    self.sources[at].failed += 1;
                }
                Err(refused)
            }
        }
    }

    /// The packet as one of this round of numbers or of the next ones.
    fn open_ahead(&mut self, packet: &mut [u8], header: &RtpHeader, index: u64) -> Result<(usize, u64), Refused> {
        let at = self.sources.iter().position(|source| source.ssrc == header.ssrc);
        let sealed = packet.to_vec();
        for index in (0..=ROUNDS).map(|rounds| index + (rounds << 16)) {
            packet.copy_from_slice(&sealed);
            let is_new = at.is_none_or(|at| self.sources[at].window.is_new(index));
            if is_new && let Some(len) = self.rtp.open_rtp(packet, header.len, header.ssrc, index) {
                self.mark(at, header.ssrc, index);
                return Ok((len, index));
            }
        }
        Err(Refused::Unauthentic)
    }

    fn mark(&mut self, at: Option<usize>, ssrc: u32, index: u64) {
        let at = at.unwrap_or_else(|| {
            self.sources.push(Source { ssrc, window: Window::default(), failed: 0 });
            self.sources.len() - 1
        });
        self.sources[at].window.mark(index);
        self.sources[at].failed = 0;
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
        self.sources.iter().map(|source| source.ssrc)
    }

    /// Forgets a source, so that another may take its place.
    pub fn forget(&mut self, ssrc: u32) {
        self.sources.retain(|source| source.ssrc != ssrc);
        self.rtcp_sources.retain(|(s, _)| *s != ssrc);
    }
}
