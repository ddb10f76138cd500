//! RTP header extension elements, one-byte and two-byte form (RFC 8285).

use crate::RtpHeader;

/// Most elements read of one packet: more is not a use we know of.
const MAX_ELEMENTS: usize = 16;

/// The elements `(id, content)` of a packet's extension block; stops at the first that is cut short.
pub fn elements<'a>(packet: &'a [u8], header: &RtpHeader) -> Elements<'a> {
    let block = packet.get(header.ext_start..header.ext_end).unwrap_or_default();
    let form = match header.ext_profile {
        0xbede => Form::OneByte,
        p if p & 0xfff0 == 0x1000 => Form::TwoByte,
        _ => Form::None,
    };
    Elements { block, form, left: MAX_ELEMENTS }
}

#[derive(Clone, Copy)]
enum Form {
    None,
    OneByte,
    TwoByte,
}

/// See [`elements`].
pub struct Elements<'a> {
    block: &'a [u8],
    form: Form,
    left: usize,
}

impl<'a> Iterator for Elements<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        while self.block.first() == Some(&0) {
            self.block = &self.block[1..];
        }
        let (id, start, len) = match self.form {
            Form::None => return None,
            Form::OneByte => {
                let byte = *self.block.first()?;
                if byte >> 4 == 15 {
                    return None; // RFC 8285 §4.2: stop here
                }
                (byte >> 4, 1, usize::from(byte & 0x0f) + 1)
            }
            Form::TwoByte => (*self.block.first()?, 2, usize::from(*self.block.get(1)?)),
        };
        let content = self.block.get(start..start + len)?;
        self.block = &self.block[start + len..];
        Some((id, content))
    }
}

/// Writes one-byte elements behind a fixed header into `out` and returns the bytes written, header of the block included.
///
/// Elements longer than 16 bytes or with ids above 14 can't be said in this form and are left out.
pub fn write_one_byte(out: &mut [u8], elements: &[(u8, &[u8])]) -> usize {
    let mut at = 4;
    for (id, content) in elements {
        let fits =
            (1..=14).contains(id) && (1..=16).contains(&content.len()) && at + 1 + content.len() + 3 <= out.len();
        if fits {
            out[at] = (id << 4) | (content.len() as u8 - 1);
            out[at + 1..at + 1 + content.len()].copy_from_slice(content);
            at += 1 + content.len();
        }
    }
    finish(out, at, [0xbe, 0xde])
}

/// Writes elements as [`write_one_byte`] does, in the two-byte form where one of them needs it (RFC 8285 §4.3).
pub fn write(out: &mut [u8], elements: &[(u8, &[u8])]) -> usize {
    if elements.iter().all(|(id, content)| (1..=14).contains(id) && content.len() <= 16) {
        return write_one_byte(out, elements);
    }
    let mut at = 4;
    for (id, content) in elements {
        if *id > 0 && content.len() <= 255 && at + 2 + content.len() + 3 <= out.len() {
            (out[at], out[at + 1]) = (*id, content.len() as u8);
            out[at + 2..at + 2 + content.len()].copy_from_slice(content);
            at += 2 + content.len();
        }
    }
    finish(out, at, [0x10, 0x00])
}

/// Pads the elements, which end at `at`, and writes the block's head.
fn finish(out: &mut [u8], mut at: usize, profile: [u8; 2]) -> usize {
    if at == 4 {
        return 0;
    }
    while !at.is_multiple_of(4) {
        out[at] = 0;
        at += 1;
    }
    out[..2].copy_from_slice(&profile);
    out[2..4].copy_from_slice(&(((at - 4) / 4) as u16).to_be_bytes());
    at
}

/// `abs-send-time`: seconds of the sender's clock as 6.18 fixed point, from microseconds.
pub fn abs_send_time(micros: u64) -> [u8; 3] {
    let value = ((micros << 18) / 1_000_000) & 0x00ff_ffff;
    [(value >> 16) as u8, (value >> 8) as u8, value as u8]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back_in_order() {
        let mut packet = vec![0x90, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        let mut block = [0; 32];
        let n = write_one_byte(&mut block, &[(1, b"mid"), (9, &[0x85]), (15, b"no"), (3, &[0; 17])]);
        packet.extend(&block[..n]);
        let header = RtpHeader::parse(&packet).unwrap();
        let read: Vec<_> = elements(&packet, &header).collect();
        assert_eq!(read, vec![(1, b"mid".as_slice()), (9, &[0x85][..])]);
    }

    #[test]
    fn an_element_too_long_for_one_byte_is_written_with_two() {
        let mut packet = vec![0x90, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        let (long, mut block) = ([7; 100], [0; 160]);
        let n = write(&mut block, &[(1, b"mid"), (8, &long), (9, &[0x85]), (10, &[1; 90])]);
        packet.extend(&block[..n]);
        let header = RtpHeader::parse(&packet).unwrap();
        let read: Vec<_> = elements(&packet, &header).collect();
        assert_eq!(
            read,
            vec![(1, b"mid".as_slice()), (8, &long[..]), (9, &[0x85][..])],
            "and what has no room is left out"
        );
        assert_eq!(write(&mut block, &[(1, b"mid")]), write_one_byte(&mut [0; 16], &[(1, b"mid")]));
    }

    #[test]
    fn a_two_byte_block_is_read_and_a_lying_one_ends() {
        let packet = [0x90, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, 0, 0, 2, 4, 1, 9, 0, 5, 9, 1, 1];
        let header = RtpHeader::parse(&packet).unwrap();
        assert_eq!(elements(&packet, &header).collect::<Vec<_>>(), vec![(4, &[9u8][..])]);
    }
}
