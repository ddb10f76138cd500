//! Smaller layers for a receiver whose path loses what it is sent.
//!
//! By loss alone (RFC 3550 reports): a full link drops packets, and a smaller layer is worth more than a larger one with
//! holes. Down at once, up slowly, and more slowly each time that up was wrong. Loss that a smaller layer does not cure
//! ends at the smallest; it never takes the picture away.

use std::time::{Duration, Instant};

/// The largest layer there is, so no bound.
pub(crate) const FREE: usize = 2;
/// Losing more than this share twice in a row is too much; less than the other is a path at ease.
const TOO_MUCH: f32 = 0.12;
const AT_EASE: f32 = 0.03;
/// A step needs so long to show in the reports.
const SETTLES: Duration = Duration::from_millis(1500);
const FIRST_TRY: Duration = Duration::from_secs(8);
const LAST_TRY: Duration = Duration::from_secs(60);

/// See the module.
#[derive(Clone, Debug)]
pub(crate) struct Relief {
    cap: usize,
    bad: u8,
    changed: Option<Instant>,
    raised: bool,
    wait: Duration,
}

impl Default for Relief {
    fn default() -> Self {
        Self { cap: FREE, bad: 0, changed: None, raised: false, wait: FIRST_TRY }
    }
}

impl Relief {
    /// The largest layer that this receiver is sent.
    pub(crate) fn cap(&self) -> usize {
        self.cap
    }

    /// A report says which share was lost, at the worst stream. `true` when the cap has changed.
    pub(crate) fn hear(&mut self, now: Instant, lost: f32) -> bool {
        let since = self.changed.map_or(Duration::MAX, |at| now.saturating_duration_since(at));
        if lost > TOO_MUCH {
            self.bad += 1;
            if self.bad < 2 || self.cap == 0 || since < SETTLES {
                self.bad = self.bad.min(2);
                return false;
            }
            if self.raised && since < self.wait {
                self.wait = (self.wait * 2).min(LAST_TRY);
            }
            return self.set(now, self.cap - 1, false);
        }
        self.bad = 0;
        lost < AT_EASE && self.cap < FREE && since >= self.wait && self.set(now, self.cap + 1, true)
    }

    fn set(&mut self, now: Instant, cap: usize, raised: bool) -> bool {
        (self.cap, self.bad, self.raised, self.changed) = (cap, 0, raised, Some(now));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the receiver is sent at the end of each second, `lost` being the share lost with each cap.
    fn seconds(relief: &mut Relief, start: Instant, from: u64, n: u64, lost: [f32; 3]) -> Vec<usize> {
        let mut second = |s| {
            relief.hear(start + Duration::from_secs(s), lost[relief.cap()]);
            relief.cap()
        };
        (from..from + n).map(&mut second).collect()
    }

    #[test]
    fn a_full_link_gets_a_layer_that_fits_it() {
        let caps = seconds(&mut Relief::default(), Instant::now(), 0, 8, [0.0, 0.3, 0.6]);
        assert_eq!(caps, [2, 1, 1, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn a_bad_second_changes_nothing_and_neither_does_a_noisy_path() {
        let (mut relief, start) = (Relief::default(), Instant::now());
        assert!(!relief.hear(start, 0.5));
        assert_eq!(seconds(&mut relief, start, 1, 20, [0.08; 3]), [2; 20]);
    }

    #[test]
    fn up_is_tried_again_after_longer_and_longer() {
        let (mut relief, start) = (Relief::default(), Instant::now());
        let caps = seconds(&mut relief, start, 0, 120, [0.0, 0.0, 0.5]);
        let tries: Vec<u64> = (1..120).filter(|s| caps[*s as usize] == 2 && caps[*s as usize - 1] == 1).collect();
        let waits: Vec<u64> = tries.windows(2).map(|w| w[1] - w[0]).collect();
        assert!(waits.len() >= 2 && waits.windows(2).all(|w| w[1] > w[0] + 4), "{tries:?}");
    }

    #[test]
    fn a_path_that_recovers_gets_everything_back() {
        let (mut relief, start) = (Relief::default(), Instant::now());
        seconds(&mut relief, start, 0, 6, [0.0, 0.5, 0.5]);
        assert_eq!(relief.cap(), 0);
        assert_eq!(seconds(&mut relief, start, 6, 30, [0.0; 3]).last(), Some(&FREE));
    }
}
