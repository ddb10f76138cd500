//! The sending side of one peer.

use crate::keys::{KeySalt, Profile};
use crate::suite::Suite;

/// Seals what we send to one peer.
pub struct Tx {
    rtp: Suite,
    rtcp: Suite,
    rtcp_index: u32,
}

impl Tx {
    /// Session keys from our direction's master key.
    pub fn new(profile: Profile, master: &KeySalt) -> Self {
        Self { rtp: Suite::rtp(profile, master), rtcp: Suite::rtcp(profile, master), rtcp_index: 0 }
    }

    /// Seals `packet[..len]` in place, its first `header` bytes being the RTP header with this `ssrc`.
    ///
    /// `extended` is the 48-bit packet index (rollover counter above the 16-bit sequence number). `packet` needs
    /// [`crate::MAX_RTP_OVERHEAD`] bytes behind `len`. Returns the sealed length. Makes no allocation with GCM.
    pub fn seal_rtp(&self, packet: &mut [u8], header: usize, len: usize, ssrc: u32, extended: u64) -> usize {
        self.rtp.seal_rtp(packet, header, len, ssrc, extended & 0xffff_ffff_ffff)
    }

    /// Seals a plain RTCP compound in place; `false`, and the packet left plain, when it is no compound or the key's
    /// 2^31 packets are used up.
    pub fn seal_rtcp(&mut self, packet: &mut Vec<u8>) -> bool {
        let Some(ssrc) = packet.get(4..8).map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]])) else { return false };
        if self.rtcp_index == 0x7fff_ffff {
            return false;
        }
        self.rtcp_index += 1;
        self.rtcp.seal_rtcp(packet, ssrc, self.rtcp_index);
        true
    }
}
