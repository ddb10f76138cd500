//! Redundant audio (RFC 2198): a packet's own frame, and before it, once more, those of the packets before.

/// Senders repeat one or two; more is taken for nonsense.
const BLOCKS_MAX: usize = 4;
/// Of a block that is repeated.
const HEADER: usize = 4;

/// A frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block<'a> {
    /// How it is encoded.
    pub pt: u8,
    /// How many packets before.
    pub packets: u64,
    /// How many ticks before.
    pub ticks: u32,
    /// It.
    pub payload: &'a [u8],
}

/// The frames of a packet, the oldest first and its own last.
pub fn blocks(payload: &[u8]) -> Option<impl Iterator<Item = Block<'_>>> {
    let repeated = payload.iter().step_by(HEADER).take(BLOCKS_MAX + 1).position(|first| first & 0x80 == 0)?;
    let (headers, rest) = payload.split_at_checked(repeated * HEADER)?;
    let (own, mut rest) = rest.split_first()?;
    let headers = headers.chunks_exact(HEADER).map(read);
    let all: usize = headers.clone().map(|(.., len)| len).sum();
    if repeated >= BLOCKS_MAX || all > rest.len() {
        return None;
    }
    let last = (*own, 0, rest.len() - all);
    Some(headers.chain([last]).enumerate().map(move |(n, (pt, ticks, len))| {
        let (payload, after) = rest.split_at(len);
        rest = after;
        Block { pt, packets: (repeated - n) as u64, ticks, payload }
    }))
}

/// The largest numbers that a header has room for.
const TICKS_MAX: u32 = 0x3fff;
const LEN_MAX: usize = 0x3ff;

/// Writes a frame of that payload type, and before it once more the one of the packet before, so many ticks `earlier`. How long
/// it is; `None` where it can't be said so, or `out` is too short.
pub fn write_twice(out: &mut [u8], pt: u8, (earlier, before): (u32, &[u8]), own: &[u8]) -> Option<usize> {
    if earlier > TICKS_MAX || before.len() > LEN_MAX {
        return None;
    }
    let header = (1 << 31 | u32::from(pt) << 24 | earlier << 10 | before.len() as u32).to_be_bytes();
    let mut at = 0;
    for part in [&header[..], &[pt], before, own] {
        out.get_mut(at..at + part.len())?.copy_from_slice(part);
        at += part.len();
    }
    Some(at)
}

/// Payload type, ticks before, and length.
fn read(header: &[u8]) -> (u8, u32, usize) {
    let word = header.iter().fold(0, |word, byte| word << 8 | u32::from(*byte));
    ((word >> 24 & 0x7f) as u8, word >> 10 & 0x3fff, (word & 0x3ff) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two frames again, 1,920 and 960 ticks before, and one of its own.
    const THREE: [u8; 15] = [0xef, 0x1e, 0x00, 2, 0xef, 0x0f, 0x00, 3, 111, 1, 1, 2, 2, 2, 3];

    #[test]
    fn frames_are_told_apart_the_oldest_first() {
        let all: Vec<Block<'_>> = blocks(&THREE).expect("well formed").collect();
        let expected = [(2, 1920, &[1, 1][..]), (1, 960, &[2, 2, 2]), (0, 0, &[3])];
        let expected = expected.map(|(packets, ticks, payload)| Block { pt: 111, packets, ticks, payload });
        assert_eq!(all, expected);
        let alone: Vec<Block<'_>> = blocks(&[111, 9, 9]).expect("well formed").collect();
        assert_eq!(alone, [Block { pt: 111, packets: 0, ticks: 0, payload: &[9, 9] }]);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let mut out = [0; 16];
        let len = write_twice(&mut out, 111, (960, &[2, 2, 2]), &[3, 4]).expect("room");
        let all: Vec<Block<'_>> = blocks(&out[..len]).expect("well formed").collect();
        let expected = [(1, 960, &[2, 2, 2][..]), (0, 0, &[3, 4])];
        assert_eq!(all, expected.map(|(packets, ticks, payload)| Block { pt: 111, packets, ticks, payload }));
        assert_eq!(write_twice(&mut out, 111, (960, &[0; 10]), &[3, 4]), None, "there is no room");
        assert_eq!(write_twice(&mut out, 111, (0x4000, &[2]), &[3]), None, "that is too long ago to be told");
        assert_eq!(write_twice(&mut [0; 2000], 111, (960, &[2; 1024]), &[3]), None, "that is too long to be told");
    }

    #[test]
    fn what_is_cut_off_or_without_end_is_refused() {
        for len in 0..14 {
            assert!(blocks(&THREE[..len]).is_none(), "{len}");
        }
        assert!(blocks(&THREE[..14]).is_some_and(|mut b| b.all(|b| b.packets > 0 || b.payload.is_empty())));
        let endless = [0xef, 0, 0, 0].repeat(40);
        assert!(blocks(&endless).is_none());
        let many = [&endless[..4 * BLOCKS_MAX], &[111, 1]].concat();
        assert!(blocks(&many).is_none());
        assert!(blocks(&many[4..]).is_some_and(|b| b.count() == BLOCKS_MAX));
    }
}
