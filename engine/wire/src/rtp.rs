//! The RTP header (RFC 3550 §5.1) and retransmission payloads (RFC 4588).

/// Bytes of a header without contributing sources and extensions.
pub const FIXED_LEN: usize = 12;

/// What stands in front of an RTP payload. Offsets are into the packet it was parsed from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RtpHeader {
    /// The last byte of the packet counts padding (readable after decryption only).
    pub has_padding: bool,
    /// End of a frame, for video.
    pub marker: bool,
    /// Payload type, 0–127.
    pub payload_type: u8,
    /// Sequence number.
    pub sequence: u16,
    /// Media time in units of the codec's clock.
    pub timestamp: u32,
    /// Synchronisation source.
    pub ssrc: u32,
    /// Profile of the header extension (0xBEDE one-byte, 0x100X two-byte); 0 when there is none.
    pub ext_profile: u16,
    /// Where the extension's elements begin.
    pub ext_start: usize,
    /// Where they end.
    pub ext_end: usize,
    /// Bytes of the whole header.
    pub len: usize,
}

/// Whether a datagram whose first byte says RTP or RTCP is RTCP (RFC 5761 §4).
pub fn is_rtcp(packet: &[u8]) -> bool {
    packet.len() >= 2 && (192..=223).contains(&packet[1])
}

fn u16_at(b: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(b.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(b: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(b.get(at..at + 4)?.try_into().ok()?))
}

impl RtpHeader {
    /// The header of `packet`; `None` when it isn't RTP version 2 or is cut short.
    pub fn parse(packet: &[u8]) -> Option<Self> {
        if packet.len() < FIXED_LEN || packet[0] >> 6 != 2 {
            return None;
        }
        let csrcs = usize::from(packet[0] & 0x0f);
        let mut len = FIXED_LEN + 4 * csrcs;
        let (mut ext_profile, mut ext_start, mut ext_end) = (0, len, len);
        if packet[0] & 0x10 != 0 {
            ext_profile = u16_at(packet, len)?;
            let words = usize::from(u16_at(packet, len + 2)?);
            ext_start = len + 4;
            ext_end = ext_start + 4 * words;
            len = ext_end;
        }
        if packet.len() < len {
            return None;
        }
        Some(Self {
            has_padding: packet[0] & 0x20 != 0,
            marker: packet[1] & 0x80 != 0,
            payload_type: packet[1] & 0x7f,
            sequence: u16_at(packet, 2)?,
            timestamp: u32_at(packet, 4)?,
            ssrc: u32_at(packet, 8)?,
            ext_profile,
            ext_start,
            ext_end,
            len,
        })
    }

    /// Where the payload of the decrypted `packet` ends: its length less the padding; `None` when the padding lies.
    pub fn payload_end(&self, packet: &[u8]) -> Option<usize> {
        if !self.has_padding {
            return Some(packet.len());
        }
        let padding = usize::from(*packet.last()?);
        let end = packet.len().checked_sub(padding)?;
        (padding > 0 && end >= self.len).then_some(end)
    }
}

/// The original sequence number in front of a retransmission's payload (RFC 4588 §4).
pub fn original_sequence(rtx_payload: &[u8]) -> Option<u16> {
    u16_at(rtx_payload, 0)
}

/// Writes a fixed header; `has_ext` says that an extension block follows.
pub fn write_fixed(
    out: &mut [u8; FIXED_LEN],
    marker: bool,
    has_ext: bool,
    payload_type: u8,
    sequence: u16,
    timestamp: u32,
    ssrc: u32,
) {
    out[0] = 0x80 | if has_ext { 0x10 } else { 0 };
    out[1] = (u8::from(marker) << 7) | (payload_type & 0x7f);
    out[2..4].copy_from_slice(&sequence.to_be_bytes());
    out[4..8].copy_from_slice(&timestamp.to_be_bytes());
    out[8..12].copy_from_slice(&ssrc.to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_with_sources_and_extension_is_measured() {
        let mut packet = vec![0xb2, 0xe0, 0x12, 0x34, 0, 0, 0, 9, 0, 0, 0, 7];
        packet.extend([0; 8]); // two contributing sources
        packet.extend([0xbe, 0xde, 0, 1, 0x10, 0xff, 0, 0]);
        packet.extend([1, 2, 3, 0, 2]);
        let header = RtpHeader::parse(&packet).unwrap();
        assert_eq!((header.sequence, header.timestamp, header.ssrc, header.payload_type), (0x1234, 9, 7, 0x60));
        assert!(header.marker);
        assert_eq!((header.ext_start, header.ext_end, header.len), (24, 28, 28));
        assert_eq!(header.payload_end(&packet), Some(packet.len() - 2));
    }

    #[test]
    fn what_is_cut_short_or_lies_is_no_header() {
        assert_eq!(RtpHeader::parse(&[0x80; 11]), None);
        assert_eq!(RtpHeader::parse(&[0x40; 12]), None);
        assert_eq!(RtpHeader::parse(&[0x8f; 20]), None);
        let mut lying = vec![0x90; 16];
        lying[14] = 0xff;
        assert_eq!(RtpHeader::parse(&lying), None);
        let padded = [0xa0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 200];
        assert_eq!(RtpHeader::parse(&padded).unwrap().payload_end(&padded), None);
    }
}
