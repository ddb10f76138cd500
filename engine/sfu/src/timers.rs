//! Which connection has to be woken when. Logarithmic to set, so a thousand idle connections cost a packet nothing.
//!
//! A timer set earlier replaces one that is later; one that is later than what is set already waits for it, and whoever
//! is woken says anew when it wants to be woken.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::time::Instant;

use crate::command::Handle;

#[derive(Debug, Default)]
pub(crate) struct Timers {
    heap: BinaryHeap<Reverse<(Instant, Handle)>>,
    set: HashMap<Handle, Instant>,
}

impl Timers {
    /// `who` wants to be woken at `at` at the latest.
    pub(crate) fn set(&mut self, who: Handle, at: Instant) {
        let earlier = self.set.get(&who).is_none_or(|set| at < *set);
        if earlier {
            self.set.insert(who, at);
            self.heap.push(Reverse((at, who)));
        }
        self.prune();
    }

    /// `who` is gone.
    pub(crate) fn forget(&mut self, who: Handle) {
        self.set.remove(&who);
        self.prune();
    }

    /// When the next one is due.
    pub(crate) fn next(&self) -> Option<Instant> {
        self.heap.peek().map(|Reverse((at, _))| *at)
    }

    /// One who is due, and no longer has a timer.
    pub(crate) fn pop(&mut self, now: Instant) -> Option<Handle> {
        if self.next()? > now {
            return None;
        }
        let Reverse((_, who)) = self.heap.pop()?;
        self.set.remove(&who);
        self.prune();
        Some(who)
    }

    /// What is on top is always a timer that still holds.
    fn prune(&mut self) {
        while let Some(Reverse((at, who))) = self.heap.peek()
            && self.set.get(who) != Some(at)
        {
            self.heap.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_earliest_wish_counts_once() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut timers = Timers::default();
        timers.set(1, at(30));
        timers.set(1, at(10));
        timers.set(1, at(20));
        timers.set(2, at(15));
        timers.set(3, at(5));
        timers.forget(3);
        assert_eq!(timers.next(), Some(at(10)));
        assert_eq!(timers.pop(at(9)), None);
        assert_eq!((timers.pop(at(40)), timers.pop(at(40)), timers.pop(at(40))), (Some(1), Some(2), None));
        assert_eq!(timers.next(), None);
    }
}
