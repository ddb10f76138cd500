//! The queue on the path: how much later packets arrive than the quickest did, and until when sending has to pause for it to
//! be through.
//!
//! The clocks of both ends have nothing to do with each other, so only differences count, and the quickest of some time ago
//! counts for nothing: clocks drift and routes change.

use std::time::{Duration, Instant};

/// The quickest packet of this and the last stretch of so long.
const STRETCH: Duration = Duration::from_secs(15);
/// A queue so long delays a voice too much.
const TOO_LONG: i64 = 250_000;
/// One that grows is on its way to that: it has begun, and what is on its way takes so much longer than a packet.
const BEGUN: i64 = 60_000;
const WILL_BE_LONG: Duration = Duration::from_millis(700);
/// No queue is waited for longer.
const DRAINS: Duration = Duration::from_secs(4);

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    /// The least differences between the clocks, of this stretch and the one before.
    least: (Option<i64>, Option<i64>),
    stretch: Option<Instant>,
    /// The least of the feedback being read.
    quickest: Option<i64>,
    until: Option<Instant>,
    /// The last report said that a long one is on its way.
    growing: bool,
    /// When a queue was waited for to the end: what is sent behind that finds none.
    waited: Option<Instant>,
}

impl Queue {
    /// A packet took so long, by two clocks.
    pub(crate) fn take(&mut self, difference: i64) {
        self.quickest = Some(self.quickest.map_or(difference, |q| q.min(difference)));
    }

    /// All of the feedback was taken; the newest of its packets left at `sent`. `ahead`: how long it takes for what is on its
    /// way to be through, by what arrives of late and at this moment.
    pub(crate) fn judge(&mut self, now: Instant, sent: Instant, (ahead, soon): (Duration, Duration)) {
        let Some(quickest) = self.quickest.take() else { return };
        if self.waited.take_if(|since| sent > *since).is_some() && self.length(quickest) > TOO_LONG {
            self.least = (Some(quickest), None); // the path itself has become longer
        }
        if self.stretch.is_none_or(|since| now.saturating_duration_since(since) >= STRETCH) {
            (self.least, self.stretch) = ((None, self.least.0), Some(now));
        }
        self.least.0 = Some(self.least.0.map_or(quickest, |least| least.min(quickest)));
        let excess = Duration::from_micros(TOO_LONG.unsigned_abs());
        if self.length(quickest) > TOO_LONG && ahead > excess {
            self.until = Some(now + ahead.min(DRAINS));
        }
        let grows = self.length(quickest) > BEGUN && soon > WILL_BE_LONG;
        if std::mem::replace(&mut self.growing, grows) && grows {
            self.until = Some(now + soon.min(DRAINS));
        }
    }

    /// Until when nothing should be sent.
    pub(crate) fn until(&self) -> Option<Instant> {
        self.until
    }

    /// Time has passed; `true` when a queue is through.
    pub(crate) fn rest(&mut self, now: Instant) -> bool {
        let through = self.until.take_if(|until| *until <= now).is_some();
        if through {
            self.waited = Some(now);
        }
        through
    }

    fn length(&self, difference: i64) -> i64 {
        let (now, before) = self.least;
        let shortest = [now, before].into_iter().flatten().min();
        shortest.map_or(0, |shortest| difference.saturating_sub(shortest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn a_long_queue_is_waited_for_and_a_late_packet_among_others_is_none() {
        let (start, mut queue) = (Instant::now(), Queue::default());
        queue.take(1_000_000);
        queue.judge(start, start, (1000 * MS, 1000 * MS));
        assert_eq!(queue.until(), None);
        queue.take(1_400_000);
        queue.take(1_000_000);
        queue.judge(start + 100 * MS, start, (1000 * MS, 1000 * MS));
        assert_eq!(queue.until(), None);
        queue.take(1_400_000);
        queue.judge(start + 200 * MS, start, (800 * MS, 800 * MS));
        assert_eq!(queue.until(), Some(start + 1000 * MS));
        queue.rest(start + 999 * MS);
        assert!(queue.until().is_some());
        queue.rest(start + 1000 * MS);
        assert!(queue.until().is_none());
    }

    #[test]
    fn a_queue_that_will_be_long_is_waited_for_before_it_is() {
        let (start, mut queue) = (Instant::now(), Queue::default());
        queue.take(0);
        queue.judge(start, start, (50 * MS, 50 * MS));
        for (ms, late) in [(100, 70_000), (150, 120_000)] {
            assert_eq!(queue.until(), None);
            queue.take(late);
            queue.judge(start + ms * MS, start, (200 * MS, 900 * MS));
        }
        assert_eq!(queue.until(), Some(start + 1050 * MS));
    }

    #[test]
    fn a_path_that_has_become_longer_is_waited_for_once() {
        let (start, mut queue) = (Instant::now(), Queue::default());
        queue.take(0);
        queue.judge(start, start, (MS, MS));
        queue.take(500_000);
        queue.judge(start + 100 * MS, start + 50 * MS, (500 * MS, 500 * MS));
        queue.rest(start + 600 * MS);
        for n in 0..10 {
            queue.take(500_000);
            queue.judge(start + (1200 + n * 100) * MS, start + (700 + n * 100) * MS, (500 * MS, 500 * MS));
            assert_eq!(queue.until(), None);
        }
    }
}
