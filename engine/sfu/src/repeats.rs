//! Sound that goes out with the frame before it once more: which packets did.
//!
//! Law: under its number a packet is the same however often it is sent, so of what isn't remembered nothing is sent again.

/// As many as a layer of sound remembers.
const PACKETS: u64 = 128;

/// See the module.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Repeats {
    newest: u64,
    /// The lowest bit is the newest packet's.
    twice: u128,
}

impl Repeats {
    /// Packet `seq` goes out with the frame before it, or without.
    pub(crate) fn note(&mut self, seq: u64, twice: bool) {
        if seq > self.newest {
            let ahead = u32::try_from(seq - self.newest).unwrap_or(u32::MAX);
            (self.newest, self.twice) = (seq, self.twice.checked_shl(ahead).unwrap_or_default());
        }
        if let Some(bit) = self.bit(seq) {
            self.twice = if twice { self.twice | bit } else { self.twice & !bit };
        }
    }

    /// Whether it did, as far as that is known.
    pub(crate) fn had(&self, seq: u64) -> Option<bool> {
        if seq > self.newest { Some(false) } else { self.bit(seq).map(|bit| self.twice & bit != 0) }
    }

    fn bit(&self, seq: u64) -> Option<u128> {
        self.newest.checked_sub(seq).filter(|back| *back < PACKETS).map(|back| 1 << back)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_went_out_is_known_for_a_while() {
        let mut repeats = Repeats::default();
        assert_eq!(repeats.had(70_000), Some(false), "nothing was said twice");
        for seq in (70_000..70_400).filter(|seq| seq % 7 != 0) {
            repeats.note(seq, seq % 3 == 0);
        }
        repeats.note(70_350, false);
        for seq in 70_271..70_400 {
            assert_eq!(repeats.had(seq), Some(seq % 3 == 0 && seq % 7 != 0 && seq != 70_350), "{seq}");
        }
        assert_eq!((repeats.had(70_270), repeats.had(70_400)), (None, Some(false)));
        repeats.note(80_000, true);
        assert_eq!((repeats.had(80_000), repeats.had(79_999), repeats.had(70_399)), (Some(true), Some(false), None));
    }
}
