//! A layer that its sender stopped because nobody took it: what it cost, so that a receiver whose path carries it again is
//! given it, and the sender told.
//!
//! Law: what a sender dropped while somebody took it is gone, and so is what doesn't come although it was taken again.

use std::time::{Duration, Instant};

/// Nobody has taken it for so long when it stopped.
const UNTAKEN: Duration = Duration::from_secs(3);
/// Who takes it again waits for it no longer.
const PATIENCE: Duration = Duration::from_secs(6);

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Rest {
    /// Bits a second, while it came.
    cost: u64,
    taken: Option<Instant>,
    /// It came when it was last looked at.
    comes: bool,
    rests: bool,
    /// Since when somebody takes what rests.
    awaited: Option<Instant>,
}

impl Rest {
    /// It comes, and costs so much.
    pub(crate) fn note(&mut self, cost: u64) {
        (self.cost, self.comes, self.rests, self.awaited) = (cost, true, false, None);
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
        self.rests.then_some(self.cost)
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
        rest.note(900);
        rest.take(start);
        rest.note(1000);
        assert_eq!(rest.worth(start + 5 * SECOND), Some(1000));
        assert_eq!(rest.worth(start + 500 * SECOND), Some(1000));
        rest.take(start + 500 * SECOND);
        assert_eq!(rest.worth(start + 505 * SECOND), Some(1000));
        assert_eq!(rest.worth(start + 506 * SECOND), None, "it doesn't come");
        rest.note(800);
        assert_eq!(rest.worth(start + 520 * SECOND), Some(800), "it has come and nobody takes it");
    }

    #[test]
    fn what_was_dropped_while_it_was_taken_is_gone() {
        let (start, mut rest) = (Instant::now(), Rest::default());
        rest.note(900);
        rest.take(start);
        assert_eq!(rest.worth(start + 2 * SECOND), None);
        assert_eq!(rest.worth(start + 20 * SECOND), None);
    }
}
