//! What a path was full at: for a while the rate doesn't grow beyond it by itself.
//!
//! A short queue hides that a path is full until it overflows, so who only grows comes to the same end every few seconds. Law: a
//! probe that arrives is believed, as it was carried. Only where that was wrong a moment ago (a shaper lets a burst through
//! first) nothing a little above is believed for a while. A probe that filled the path measures it, and measurements are
//! averaged.

use std::time::{Duration, Instant};

use crate::probe::Shown;

/// So long.
const HOLDS: Duration = Duration::from_secs(12);
/// A probe was wrong if the path is full so soon after.
const SOON: Duration = Duration::from_secs(4);
/// In per cent of what it was full at.
const FAR_ABOVE: u64 = 130;
const FAR_BELOW: u64 = 85;

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Ceiling {
    full: Option<(u64, Instant)>,
    /// What it was before a probe raised it last, and when that was.
    before: Option<(u64, Instant)>,
    /// When a probe was wrong last.
    wrong: Option<Instant>,
}

impl Ceiling {
    /// The path was full while so many bits a second arrived: it carries that at least, and not far more.
    pub(crate) fn hit(&mut self, now: Instant, arrived: u64) {
        let flattered = self.before.take().filter(|(_, at)| now.saturating_duration_since(*at) < SOON);
        if let Some((before, _)) = flattered {
            (self.full, self.wrong) = (Some((before, now)), Some(now));
        }
        let known = self.at(now).filter(|known| arrived > known / 100 * FAR_BELOW);
        self.full = Some((known.map_or(arrived, |known| known.max(arrived)), now));
    }

    /// What to believe of what a probe has shown.
    pub(crate) fn believe(&mut self, now: Instant, shown: Shown) -> u64 {
        match (shown, self.at(now)) {
            (Shown::Full(bits), known) => {
                self.full = Some((known.map_or(bits, |known| measured(known, bits)), now));
                bits.min(self.most(now))
            }
            (Shown::Carried(bits), Some(known)) if bits > known => self.raise(now, known, bits),
            (Shown::Carried(bits), _) => bits,
        }
    }

    fn raise(&mut self, now: Instant, known: u64, bits: u64) -> u64 {
        if bits > known.saturating_mul(FAR_ABOVE) / 100 {
            *self = Self::default(); // the path has become wider
        } else if self.wrong.is_some_and(|at| now.saturating_duration_since(at) < HOLDS) {
            return known;
        } else {
            (self.full, self.before) = (Some((bits, now)), Some((known, now)));
        }
        bits
    }

    /// The most that a rate may grow to by itself.
    pub(crate) fn most(&self, now: Instant) -> u64 {
        self.at(now).unwrap_or(u64::MAX)
    }

    fn at(&self, now: Instant) -> Option<u64> {
        self.full.filter(|(_, at)| now.saturating_duration_since(*at) < HOLDS).map(|(bits, _)| bits)
    }
}

/// Where it is near what is known, a share of it.
fn measured(known: u64, bits: u64) -> u64 {
    let near = (known / 100 * FAR_BELOW..=known.saturating_mul(FAR_ABOVE) / 100).contains(&bits);
    if near { known.saturating_mul(2).saturating_add(bits) / 3 } else { bits }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn what_a_probe_has_carried_is_believed_until_it_was_wrong() {
        let (start, mut ceiling) = (Instant::now(), Ceiling::default());
        let carried = Shown::Carried(3_300_000);
        assert_eq!((ceiling.believe(start, carried), ceiling.most(start)), (3_300_000, u64::MAX));
        ceiling.hit(start, 3_000_000);
        assert_eq!(ceiling.believe(start, Shown::Carried(2_000_000)), 2_000_000);
        assert_eq!((ceiling.believe(start, carried), ceiling.most(start)), (3_300_000, 3_300_000));
        let soon = start + SECOND;
        ceiling.hit(soon, 2_900_000);
        assert_eq!((ceiling.believe(soon, carried), ceiling.most(soon)), (3_000_000, 3_000_000));
        assert_eq!(ceiling.believe(soon + 12 * SECOND, carried), 3_300_000);
    }

    #[test]
    fn what_was_carried_for_a_while_was_no_mistake() {
        let (start, mut ceiling) = (Instant::now(), Ceiling::default());
        ceiling.hit(start, 400_000);
        assert_eq!(ceiling.believe(start + SECOND, Shown::Carried(500_000)), 500_000);
        ceiling.hit(start + 6 * SECOND, 490_000);
        assert_eq!(ceiling.believe(start + 7 * SECOND, Shown::Carried(600_000)), 600_000);
    }

    #[test]
    fn a_path_that_became_wider_is_believed_at_once_and_a_narrower_one_is_known_again() {
        let (start, mut ceiling) = (Instant::now(), Ceiling::default());
        ceiling.hit(start, 300_000);
        assert_eq!(ceiling.believe(start, Shown::Carried(600_000)), 600_000);
        assert_eq!(ceiling.most(start), u64::MAX);
        ceiling.hit(start, 3_000_000);
        ceiling.hit(start, 2_800_000);
        assert_eq!(ceiling.most(start), 3_000_000, "it was full a moment ago, and less was sent");
        ceiling.hit(start, 1_000_000);
        assert_eq!(ceiling.most(start), 1_000_000);
    }

    #[test]
    fn what_was_taken_for_full_too_soon_is_put_right_by_what_fills_it() {
        let (start, mut ceiling) = (Instant::now(), Ceiling::default());
        ceiling.hit(start, 2_500_000);
        for n in 0..6 {
            let believed = ceiling.believe(start + n * 4 * SECOND, Shown::Full(2_900_000));
            assert!((2_600_000..=2_900_000).contains(&believed), "{believed}");
        }
        assert!(ceiling.most(start + 20 * SECOND) > 2_850_000);
        assert_eq!(ceiling.believe(start + 21 * SECOND, Shown::Full(400_000)), 400_000);
    }
}
