//! RTCP (RFC 3550 §6, RFC 4585, RFC 5104): read a compound packet piece by piece, write the pieces a forwarder sends.
//!
//! Reading is lazy and bounded: [`packets`] walks a compound, each list inside is an iterator over the bytes.

const SR: u8 = 200;
const RR: u8 = 201;
const SDES: u8 = 202;
const BYE: u8 = 203;
const RTPFB: u8 = 205;
const PSFB: u8 = 206;

/// What one receiver says of one stream (RFC 3550 §6.4.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReportBlock {
    /// The stream reported on.
    pub ssrc: u32,
    /// Share of packets lost since the last report, in 1/256.
    pub fraction_lost: u8,
    /// Packets lost so far (may be negative with duplicates).
    pub lost: i32,
    /// Highest sequence number seen, with its wraps above.
    pub highest_sequence: u32,
    /// Interarrival jitter in the stream's clock.
    pub jitter: u32,
    /// Middle 32 bits of the last sender report's NTP time, 0 if none.
    pub last_sr: u32,
    /// Delay since that report in 1/65536 s.
    pub delay_since_sr: u32,
}

/// Sender information (RFC 3550 §6.4.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SenderInfo {
    /// The stream.
    pub ssrc: u32,
    /// Wall clock of the sender, 32.32 fixed point.
    pub ntp: u64,
    /// The same instant in the stream's clock.
    pub rtp: u32,
    /// Packets sent.
    pub packets: u32,
    /// Payload bytes sent.
    pub octets: u32,
}

/// One packet of a compound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Packet<'a> {
    /// SR with its report blocks.
    SenderReport(SenderInfo, Blocks<'a>),
    /// RR with its report blocks.
    ReceiverReport(Blocks<'a>),
    /// BYE: these sources end.
    Bye(Words<'a>),
    /// Generic NACK for one stream.
    Nack(u32, Lost<'a>),
    /// Picture loss indication for one stream.
    Pli(u32),
    /// Full intra request naming one stream.
    Fir(u32),
    /// Receiver's estimate of the bitrate, bits a second.
    Remb(u64),
    /// Transport-wide feedback, whole body behind the two SSRCs.
    TransportCc(&'a [u8]),
    /// Known to be RTCP, of no use here.
    Other,
}

/// The packets of a compound; ends at the first that is cut short.
pub fn packets(compound: &[u8]) -> Packets<'_> {
    Packets(compound)
}

/// See [`packets`].
pub struct Packets<'a>(&'a [u8]);

impl<'a> Iterator for Packets<'a> {
    type Item = Packet<'a>;

    fn next(&mut self) -> Option<Packet<'a>> {
        let head = self.0.get(..4)?;
        if head[0] >> 6 != 2 {
            return None;
        }
        let len = 4 * (usize::from(u16::from_be_bytes([head[2], head[3]])) + 1);
        let whole = self.0.get(..len)?;
        self.0 = &self.0[len..];
        Some(read(whole[0] & 0x1f, whole[1], &whole[4..]).unwrap_or(Packet::Other))
    }
}

fn word(b: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(b.get(at..at + 4)?.try_into().ok()?))
}

fn read(count: u8, kind: u8, body: &[u8]) -> Option<Packet<'_>> {
    Some(match (kind, count) {
        (SR, _) => {
            let info = SenderInfo {
                ssrc: word(body, 0)?,
                ntp: u64::from(word(body, 4)?) << 32 | u64::from(word(body, 8)?),
                rtp: word(body, 12)?,
                packets: word(body, 16)?,
                octets: word(body, 20)?,
            };
            Packet::SenderReport(info, Blocks(body.get(24..)?, count))
        }
        (RR, _) => Packet::ReceiverReport(Blocks(body.get(4..)?, count)),
        (BYE, _) => Packet::Bye(Words(body.get(..4 * usize::from(count))?)),
        (RTPFB, 1) => Packet::Nack(word(body, 4)?, Lost { body: body.get(8..)?, base: 0, mask: 0, first: false }),
        (RTPFB, 15) => Packet::TransportCc(body.get(8..)?),
        (PSFB, 1) => Packet::Pli(word(body, 4)?),
        (PSFB, 4) => Packet::Fir(word(body, 8)?),
        (PSFB, 15) if body.get(8..12) == Some(b"REMB") => {
            let value = word(body, 12)? & 0x00ff_ffff;
            Packet::Remb(u64::from(value & 0x3_ffff) << (value >> 18).min(46))
        }
        _ => Packet::Other,
    })
}

/// Report blocks of one packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocks<'a>(&'a [u8], u8);

impl Iterator for Blocks<'_> {
    type Item = ReportBlock;

    fn next(&mut self) -> Option<ReportBlock> {
        self.1 = self.1.checked_sub(1)?;
        let b = self.0.get(..24)?;
        self.0 = &self.0[24..];
        let lost = word(b, 4)?;
        Some(ReportBlock {
            ssrc: word(b, 0)?,
            fraction_lost: (lost >> 24) as u8,
            lost: (lost << 8).cast_signed() >> 8,
            highest_sequence: word(b, 8)?,
            jitter: word(b, 12)?,
            last_sr: word(b, 16)?,
            delay_since_sr: word(b, 20)?,
        })
    }
}

/// 32-bit words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words<'a>(&'a [u8]);

impl Iterator for Words<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let w = word(self.0, 0)?;
        self.0 = &self.0[4..];
        Some(w)
    }
}

/// Sequence numbers of a NACK, in its order (RFC 4585 §6.2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost<'a> {
    body: &'a [u8],
    base: u16,
    mask: u16,
    first: bool,
}

impl Iterator for Lost<'_> {
    type Item = u16;

    fn next(&mut self) -> Option<u16> {
        if self.first {
            self.first = false;
            return Some(self.base);
        }
        if self.mask == 0 {
            let w = word(self.body, 0)?;
            self.body = &self.body[4..];
            (self.base, self.mask) = ((w >> 16) as u16, w as u16);
            return Some(self.base);
        }
        let bit = self.mask.trailing_zeros() as u16;
        self.mask &= self.mask - 1;
        Some(self.base.wrapping_add(bit + 1))
    }
}

// --- writing: each appends one whole packet ---------------------------------------------------------------------------

fn head(out: &mut Vec<u8>, count: u8, kind: u8, words: usize) {
    out.extend_from_slice(&[0x80 | count, kind]);
    out.extend_from_slice(&(words as u16).to_be_bytes());
}

fn put(out: &mut Vec<u8>, value: u32) {
    out.extend_from_slice(&value.to_be_bytes());
}

/// A sender report without blocks.
pub fn write_sender_report(out: &mut Vec<u8>, info: &SenderInfo) {
    head(out, 0, SR, 6);
    put(out, info.ssrc);
    put(out, (info.ntp >> 32) as u32);
    put(out, info.ntp as u32);
    put(out, info.rtp);
    put(out, info.packets);
    put(out, info.octets);
}

/// Receiver reports on these streams, in packets of 31 blocks at most; one without blocks when there are none.
pub fn write_receiver_reports(out: &mut Vec<u8>, sender: u32, blocks: &[ReportBlock]) {
    let mut rest = blocks;
    loop {
        let (now, later) = rest.split_at(rest.len().min(31));
        head(out, now.len() as u8, RR, 1 + 6 * now.len());
        put(out, sender);
        for b in now {
            put(out, b.ssrc);
            put(out, u32::from(b.fraction_lost) << 24 | (b.lost.clamp(-0x80_0000, 0x7f_ffff) as u32 & 0x00ff_ffff));
            put(out, b.highest_sequence);
            put(out, b.jitter);
            put(out, b.last_sr);
            put(out, b.delay_since_sr);
        }
        rest = later;
        if rest.is_empty() {
            return;
        }
    }
}

/// The canonical name of a source (RFC 3550 §6.5.1); `cname` up to 255 bytes.
pub fn write_cname(out: &mut Vec<u8>, ssrc: u32, cname: &str) {
    let name = &cname.as_bytes()[..cname.len().min(255)];
    let padded = (2 + name.len() + 1).next_multiple_of(4);
    head(out, 1, SDES, 1 + padded / 4);
    put(out, ssrc);
    out.extend_from_slice(&[1, name.len() as u8]);
    out.extend_from_slice(name);
    out.resize(out.len() + padded - 2 - name.len(), 0);
}

/// A picture loss indication.
pub fn write_pli(out: &mut Vec<u8>, sender: u32, media: u32) {
    head(out, 1, PSFB, 2);
    put(out, sender);
    put(out, media);
}

/// A generic NACK for `lost`, in ascending order.
pub fn write_nack(out: &mut Vec<u8>, sender: u32, media: u32, lost: &[u16]) {
    if lost.is_empty() {
        return;
    }
    let start = out.len();
    head(out, 1, RTPFB, 0);
    put(out, sender);
    put(out, media);
    let mut at = 0;
    while at < lost.len() {
        let base = lost[at];
        let mut mask = 0u16;
        at += 1;
        while let Some(&next) = lost.get(at) {
            let ahead = next.wrapping_sub(base);
            if !(1..=16).contains(&ahead) {
                break;
            }
            mask |= 1 << (ahead - 1);
            at += 1;
        }
        put(out, u32::from(base) << 16 | u32::from(mask));
    }
    set_length(out, start);
}

/// Sources that end.
pub fn write_bye(out: &mut Vec<u8>, ssrc: u32) {
    head(out, 1, BYE, 1);
    put(out, ssrc);
}

/// Transport-wide feedback whose body is already encoded (see [`crate::twcc`]).
pub(crate) fn write_transport_cc(out: &mut Vec<u8>, sender: u32, media: u32, body: &[u8]) {
    let start = out.len();
    head(out, 15, RTPFB, 0);
    put(out, sender);
    put(out, media);
    out.extend_from_slice(body);
    out.resize((out.len() - start).next_multiple_of(4) + start, 0);
    set_length(out, start);
}

fn set_length(out: &mut [u8], start: usize) {
    let words = ((out.len() - start) / 4 - 1) as u16;
    out[start + 2..start + 4].copy_from_slice(&words.to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compound_reads_back_as_written() {
        let info = SenderInfo { ssrc: 7, ntp: 0x0102_0304_0506_0708, rtp: 9, packets: 10, octets: 11 };
        let block = ReportBlock {
            ssrc: 3,
            fraction_lost: 25,
            lost: -2,
            highest_sequence: 70_000,
            jitter: 5,
            last_sr: 6,
            delay_since_sr: 8,
        };
        let mut out = Vec::new();
        write_sender_report(&mut out, &info);
        write_cname(&mut out, 7, "PA_someone");
        write_receiver_reports(&mut out, 1, &[block]);
        write_pli(&mut out, 1, 2);
        write_nack(&mut out, 1, 2, &[65_534, 65_535, 3, 40]);
        write_bye(&mut out, 7);
        let read: Vec<_> = packets(&out).collect();
        assert!(matches!(read[0], Packet::SenderReport(i, _) if i == info));
        assert_eq!(read[1], Packet::Other);
        let Packet::ReceiverReport(mut blocks) = read[2].clone() else { panic!("{read:?}") };
        assert_eq!(blocks.next(), Some(block));
        assert_eq!(read[3], Packet::Pli(2));
        let Packet::Nack(2, lost) = read[4].clone() else { panic!("{read:?}") };
        assert_eq!(lost.collect::<Vec<_>>(), vec![65_534, 65_535, 3, 40]);
        let Packet::Bye(mut gone) = read[5].clone() else { panic!("{read:?}") };
        assert_eq!(gone.next(), Some(7));
        assert_eq!(read.len(), 6);
    }

    #[test]
    fn an_estimate_of_any_size_stays_a_number() {
        let mut remb = vec![0x8f, PSFB, 0, 5, 0, 0, 0, 1, 0, 0, 0, 0];
        remb.extend(b"REMB");
        remb.extend([1, 0xff, 0xff, 0xff, 0, 0, 0, 9]);
        assert!(matches!(packets(&remb).next(), Some(Packet::Remb(_))));
    }

    #[test]
    fn lengths_that_lie_end_the_walk() {
        assert_eq!(packets(&[0x81, RR, 0xff, 0xff, 0, 0, 0, 0]).next(), None);
        let short = [0x9f, RR, 0, 1, 0, 0, 0, 1];
        let Some(Packet::ReceiverReport(mut blocks)) = packets(&short).next() else { panic!() };
        assert_eq!(blocks.next(), None);
    }
}
