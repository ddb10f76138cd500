//! A layer that its sender stopped because nobody took it: what it cost, so that a receiver whose path carries it again is
//! given it, and the sender told.
//!
//! Law: what a sender dropped while somebody took it is gone, and so is what doesn't come although it was taken again.

use std::time::{Duration, Instant};

/// Nobody has taken it for so long when it stopped.
const UNTAKEN: Duration = Duration::from_secs(3);
/// Who takes it again waits for it no longer.
const PATIENCE: Duration = Duration::from_secs(6);
/// What it cost at most in this time and the one before counts: while it ends it seems to cost less and less.
const WINDOW: Duration = Duration::from_secs(2);

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Rest {
    /// Bits a second at most, in this window and the one before, and when this one began.
    costs: [u64; 2],
    window: Option<Instant>,
    taken: Option<Instant>,
    /// It came when it was last looked at.
    comes: bool,
    rests: bool,
    /// Since when somebody takes what rests.
    awaited: Option<Instant>,
}

impl Rest {
    /// It comes, and costs so much.
    pub(crate) fn note(&mut self, now: Instant, cost: u64) {
        (self.comes, self.rests, self.awaited) = (true, false, None);
        if self.window.is_none_or(|since| now.saturating_duration_since(since) >= WINDOW) {
            (self.window, self.costs) = (Some(now), [0, self.costs[0]]);
        }
        self.costs[0] = self.costs[0].max(cost);
    }

    /// A receiver is given it.
    pub(crate) fn take(&mut self, now: Instant) {
        self.taken = Some(now);
        if self.rests {
            self.awaited.get_or_insert(now);
        }
    }

    /// It doesn't come: what it would cost if it were taken again.
    pub(crate) fn worth(&mut self, now: Instant) -> Option<u64> {
        let passed = |since: Instant| now.saturating_duration_since(since);
        if std::mem::take(&mut self.comes) {
            self.rests = self.taken.is_none_or(|at| passed(at) >= UNTAKEN);
        }
        self.rests &= self.awaited.is_none_or(|since| passed(since) < PATIENCE);
        self.rests.then(|| self.costs[0].max(self.costs[1]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn what_nobody_took_may_be_taken_again_for_a_while() {
        let (start, mut rest) = (Instant::now(), Rest::default());
        assert_eq!(rest.worth(start), None, "it never came");
        rest.note(start, 900);
        rest.take(start);
        rest.note(start, 1000);
        rest.note(start + SECOND, 100);
        assert_eq!(rest.worth(start + 5 * SECOND), Some(1000));
        assert_eq!(rest.worth(start + 500 * SECOND), Some(1000));
        rest.take(start + 500 * SECOND);
        assert_eq!(rest.worth(start + 505 * SECOND), Some(1000));
        assert_eq!(rest.worth(start + 506 * SECOND), None, "it doesn't come");
        (507..=511).for_each(|s| rest.note(start + s * SECOND, 800));
        assert_eq!(rest.worth(start + 520 * SECOND), Some(800), "it has come and nobody takes it");
    }

    #[test]
    fn what_was_dropped_while_it_was_taken_is_gone() {
        let (start, mut rest) = (Instant::now(), Rest::default());
        rest.note(start, 900);
        rest.take(start);
        assert_eq!(rest.worth(start + 2 * SECOND), None);
        assert_eq!(rest.worth(start + 20 * SECOND), None);
    }
}
