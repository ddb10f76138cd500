//! What a path was full at: for a while the rate doesn't grow beyond it by itself.
//!
//! A short queue hides that a path is full until it overflows, so who only grows comes to the same end every few seconds. Law: a
//! probe that arrives is believed, as it was carried; but what is far above what the path was full at a moment ago only from
//! one that no burst can have flattered, for a shaper lets one through first. Where believing was wrong nothing a little
//! above is believed for a while, and far above takes twice the burst. A probe that filled the path measures it, and
//! measurements are averaged.

use std::time::{Duration, Instant};

use crate::probe::{Doubt, Finding, Shown};

/// So long.
const HOLDS: Duration = Duration::from_secs(12);
/// A probe was wrong if the path is full so soon after.
const SOON: Duration = Duration::from_secs(4);
/// In per cent of what it was full at.
const FAR_ABOVE: u64 = 130;
const FAR_BELOW: u64 = 85;
/// What a shaper lets through at once, in bytes: supposed at first, and at most.
const BURST: u64 = 20_000;
const LARGEST_BURST: u64 = 80_000;

/// See the module.
#[derive(Debug)]
pub(crate) struct Ceiling {
    full: Option<(u64, Instant)>,
    /// What it was before a probe raised it last, and when that was.
    before: Option<(u64, Instant)>,
    /// When a probe was wrong last.
    wrong: Option<Instant>,
    /// A shaper may let so many bytes through at once.
    burst: u64,
}

impl Default for Ceiling {
    fn default() -> Self {
        Self { full: None, before: None, wrong: None, burst: BURST }
    }
}

impl Ceiling {
    /// The path was full while so many bits a second arrived: it carries that at least, and not far more.
    pub(crate) fn hit(&mut self, now: Instant, arrived: u64) {
        self.doubt_what_was_believed(now, arrived);
        let known = self.at(now).filter(|known| arrived > known / 100 * FAR_BELOW);
        self.full = Some((known.map_or(arrived, |known| known.max(arrived)), now));
    }

    /// Full so soon at no more than it was full at before: the probe between was flattered.
    fn doubt_what_was_believed(&mut self, now: Instant, arrived: u64) {
        let soon = |at: Instant| now.saturating_duration_since(at) < SOON;
        let flattered = self.before.take().filter(|(before, at)| soon(*at) && !is_far_above(*before, arrived));
        if let Some((before, _)) = flattered {
            (self.full, self.wrong) = (Some((before, now)), Some(now));
            self.burst = (self.burst * 2).min(LARGEST_BURST);
        }
    }

    /// What to believe of what a probe has shown, or what to settle first.
    pub(crate) fn believe(&mut self, now: Instant, Finding { shown, settles }: Finding) -> Result<u64, Doubt> {
        match (shown, self.at(now)) {
            (Shown::Full(bits), _) => {
                self.doubt_what_was_believed(now, bits);
                let known = self.at(now);
                self.full = Some((known.map_or(bits, |known| measured(known, bits)), now));
                Ok(bits.min(self.most(now)))
            }
            (Shown::Carried(bits), Some(known)) if is_far_above(known, bits) && !settles => {
                Err(Doubt { known, burst: self.burst })
            }
            (Shown::Carried(bits), Some(known)) if bits > known => Ok(self.raise(now, known, bits)),
            (Shown::Carried(bits), _) => Ok(bits),
        }
    }

    fn raise(&mut self, now: Instant, known: u64, bits: u64) -> u64 {
        if is_far_above(known, bits) {
            (self.full, self.before) = (None, Some((known, now))); // the path has become wider
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

fn is_far_above(known: u64, bits: u64) -> bool {
    bits > known.saturating_mul(FAR_ABOVE) / 100
}

/// Where it is near what is known, a share of it.
fn measured(known: u64, bits: u64) -> u64 {
    let near = bits >= known / 100 * FAR_BELOW && !is_far_above(known, bits);
    if near { known.saturating_mul(2).saturating_add(bits) / 3 } else { bits }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn carried(bits: u64) -> Finding {
        Finding { shown: Shown::Carried(bits), settles: false }
    }

    fn settled(bits: u64) -> Finding {
        Finding { settles: true, ..carried(bits) }
    }

    #[test]
    fn what_a_probe_has_carried_is_believed_until_it_was_wrong() {
        let (start, mut ceiling) = (Instant::now(), Ceiling::default());
        let more = carried(3_300_000);
        assert_eq!((ceiling.believe(start, more), ceiling.most(start)), (Ok(3_300_000), u64::MAX));
        ceiling.hit(start, 3_000_000);
        assert_eq!(ceiling.believe(start, carried(2_000_000)), Ok(2_000_000));
        assert_eq!((ceiling.believe(start, more), ceiling.most(start)), (Ok(3_300_000), 3_300_000));
        let soon = start + SECOND;
        ceiling.hit(soon, 2_900_000);
        assert_eq!((ceiling.believe(soon, more), ceiling.most(soon)), (Ok(3_000_000), 3_000_000));
        assert_eq!(ceiling.believe(soon + 12 * SECOND, more), Ok(3_300_000));
    }

    #[test]
    fn what_was_carried_for_a_while_was_no_mistake() {
        let (start, mut ceiling) = (Instant::now(), Ceiling::default());
        ceiling.hit(start, 400_000);
        assert_eq!(ceiling.believe(start + SECOND, carried(500_000)), Ok(500_000));
        ceiling.hit(start + 6 * SECOND, 490_000);
        assert_eq!(ceiling.believe(start + 7 * SECOND, carried(600_000)), Ok(600_000));
    }

    #[test]
    fn what_is_far_above_is_settled_first_and_by_twice_the_burst_where_that_was_wrong() {
        let (start, mut ceiling) = (Instant::now(), Ceiling::default());
        ceiling.hit(start, 300_000);
        let doubt = Doubt { known: 300_000, burst: BURST };
        assert_eq!(ceiling.believe(start, carried(600_000)), Err(doubt));
        assert_eq!(ceiling.most(start), 300_000);
        assert_eq!(ceiling.believe(start, settled(600_000)), Ok(600_000));
        assert_eq!(ceiling.most(start), u64::MAX);
        ceiling.hit(start + SECOND, 290_000);
        assert_eq!(ceiling.most(start + SECOND), 300_000, "what it was full at isn't forgotten");
        assert_eq!(ceiling.believe(start + SECOND, carried(600_000)), Err(Doubt { burst: 2 * BURST, ..doubt }));
    }

    #[test]
    fn a_path_that_became_wider_is_full_at_more_and_a_narrower_one_is_known_again() {
        let (start, mut ceiling) = (Instant::now(), Ceiling::default());
        ceiling.hit(start, 300_000);
        assert_eq!(ceiling.believe(start, settled(600_000)), Ok(600_000));
        ceiling.hit(start, 3_000_000);
        ceiling.hit(start, 2_800_000);
        assert_eq!(ceiling.most(start), 3_000_000, "it was full a moment ago, and less was sent");
        assert_eq!(ceiling.believe(start, carried(3_300_000)), Ok(3_300_000), "it was no mistake");
        ceiling.hit(start + 5 * SECOND, 1_000_000);
        assert_eq!(ceiling.most(start + 5 * SECOND), 1_000_000);
    }

    #[test]
    fn a_doubt_that_was_right_says_anew_what_it_is_full_at_and_what_was_believed_before_it_was_flattered() {
        let (start, mut ceiling) = (Instant::now(), Ceiling::default());
        let queued = |bits| Finding { shown: Shown::Full(bits), settles: true };
        ceiling.hit(start, 300_000);
        assert_eq!(ceiling.believe(start + 10 * SECOND, queued(300_000)), Ok(300_000));
        assert_eq!(ceiling.most(start + 20 * SECOND), 300_000);
        assert_eq!(ceiling.believe(start + 20 * SECOND, carried(360_000)), Ok(360_000));
        assert_eq!(ceiling.believe(start + 21 * SECOND, queued(290_000)), Ok(290_000));
        let doubt = Doubt { known: 296_666, burst: 2 * BURST };
        assert_eq!(ceiling.believe(start + 22 * SECOND, carried(600_000)), Err(doubt));
        assert_eq!(ceiling.most(start + 40 * SECOND), u64::MAX, "that was too long ago");
    }

    #[test]
    fn what_was_taken_for_full_too_soon_is_put_right_by_what_fills_it() {
        let (start, mut ceiling) = (Instant::now(), Ceiling::default());
        let full = |bits| Finding { shown: Shown::Full(bits), settles: false };
        ceiling.hit(start, 2_500_000);
        for n in 0..6 {
            let believed = ceiling.believe(start + n * 4 * SECOND, full(2_900_000)).expect("it was measured");
            assert!((2_600_000..=2_900_000).contains(&believed), "{believed}");
        }
        assert!(ceiling.most(start + 20 * SECOND) > 2_850_000);
        assert_eq!(ceiling.believe(start + 21 * SECOND, full(400_000)), Ok(400_000));
    }
}
