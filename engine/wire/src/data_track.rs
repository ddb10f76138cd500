//! The packets of data tracks: twelve bytes, extensions, a payload. Only the track's number in it is ours to change.
//!
//! Version and flags (8 bits), reserved (8), number of the track (16), sequence (16), frame (16), timestamp (32); with the
//! flag for it, extensions: their length in words of four bytes less one (16), then each its id, its length, its content.

const HEADER: usize = 12;
const HAS_EXTENSIONS: u8 = 1 << 2;
/// The sender's session id. Who sent something is what a server knows, so clients don't say it.
const SENDER: u8 = 255;

/// The number of the track that a packet is of; `None` when it is malformed or speaks of its sender.
pub fn number(packet: &[u8]) -> Option<u16> {
    let header = packet.get(..HEADER)?;
    if header[0] & HAS_EXTENSIONS != 0 {
        let len = (usize::from(u16::from_be_bytes([*packet.get(HEADER)?, *packet.get(HEADER + 1)?])) + 1) * 4;
        let mut rest = packet.get(HEADER + 2..HEADER + len)?;
        while let [id, after @ ..] = rest
            && *id != 0
        {
            let (size, content) = after.split_first()?;
            rest = content.get(usize::from(*size)..)?;
            if *id == SENDER {
                return None;
            }
        }
    }
    Some(u16::from_be_bytes([header[2], header[3]]))
}

/// Writes another number into a packet that [`number`] has read.
pub fn set_number(packet: &mut [u8], number: u16) {
    packet[2..4].copy_from_slice(&number.to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(extensions: &[u8]) -> Vec<u8> {
        let flags = if extensions.is_empty() { 0b11000 } else { 0b11100 };
        let mut out = vec![flags, 0, 0, 7, 0, 1, 0, 1, 0, 0, 0, 9];
        out.extend_from_slice(extensions);
        out.extend_from_slice(b"payload");
        out
    }

    #[test]
    fn a_track_is_known_by_its_number_which_can_be_another() {
        let mut bare = packet(&[]);
        assert_eq!(number(&bare), Some(7));
        set_number(&mut bare, 0x0102);
        assert_eq!(number(&bare), Some(0x0102));
        assert!(bare.ends_with(b"payload"));
    }

    #[test]
    fn extensions_are_stepped_over_and_padding_ends_them() {
        assert_eq!(number(&packet(&[0, 1, 2, 3, b'a', b'b', b'c', 0])), Some(7));
        assert_eq!(number(&packet(&[0, 0, 0, 0])), Some(7));
    }

    #[test]
    fn what_is_cut_short_or_runs_over_is_none() {
        let whole = packet(&[0, 1, 2, 3, b'a', b'b', b'c', 0]);
        assert_eq!(number(&whole[..11]), None);
        assert_eq!(number(&whole[..13]), None);
        assert_eq!(number(&whole[..19]), None);
        assert_eq!(number(&packet(&[0, 0, 2, 9])), None, "an extension longer than all of them");
        assert_eq!(number(&packet(&[255, 255, 2, 0])), None);
    }

    #[test]
    fn a_packet_that_names_its_sender_is_none() {
        assert_eq!(number(&packet(&[0, 1, 255, 3, b'e', b'v', b'e', 0])), None);
    }
}
