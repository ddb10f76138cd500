//! When the sender of a layer is asked for a key frame.
//!
//! Law: no request is lost. One that comes too soon after another is made as soon as it may be; a key frame answers all
//! that came before it; and where somebody waits for one to begin with, it is asked for until it comes, because requests
//! get lost on their way too.

use std::time::{Duration, Instant};

/// A sender is asked no more often.
const ASK_EVERY: Duration = Duration::from_millis(500);
/// Nor its home by a mirror.
const TELL_EVERY: Duration = Duration::from_millis(50);
/// So long after it has said so a mirror is taken to wait still.
const TOLD: Duration = Duration::from_millis(150);

/// See the module.
#[derive(Debug)]
pub(crate) struct KeyframeRequests {
    every: Duration,
    requested: bool,
    awaited: bool,
    /// By receivers on other shards, until then.
    awaited_elsewhere: Option<Instant>,
    last_request: Option<Instant>,
}

impl Default for KeyframeRequests {
    fn default() -> Self {
        Self { every: ASK_EVERY, requested: false, awaited: false, awaited_elsewhere: None, last_request: None }
    }
}

impl KeyframeRequests {
    /// To the shard where it comes in, which asks the sender no more often than anybody.
    pub(crate) fn to_home() -> Self {
        Self { every: TELL_EVERY, ..Self::default() }
    }

    /// Somebody who has begun can't go on.
    pub(crate) fn request(&mut self) {
        self.requested = true;
    }

    /// Whether somebody waits to begin.
    pub(crate) fn set_awaited(&mut self, awaited: bool) {
        self.awaited = awaited;
    }

    /// Somebody on another shard does.
    pub(crate) fn set_awaited_elsewhere(&mut self, now: Instant) {
        self.awaited_elsewhere = Some(now + TOLD);
    }

    /// Whether somebody who has begun can't go on.
    pub(crate) fn is_requested(&self) -> bool {
        self.requested
    }

    /// A key frame has come. Whom it didn't help says so again.
    pub(crate) fn answer(&mut self) {
        (self.requested, self.awaited_elsewhere) = (false, None);
    }

    /// When the sender is to be asked.
    pub(crate) fn due(&self, now: Instant) -> Option<Instant> {
        let due = || self.last_request.map_or(now, |at| at + self.every);
        let awaited = self.awaited || self.awaited_elsewhere.is_some_and(|until| due().max(now) <= until);
        (self.requested || awaited).then(due)
    }

    /// Whether the sender is asked now.
    pub(crate) fn take(&mut self, now: Instant) -> bool {
        let due = self.due(now).is_some_and(|due| due <= now);
        if due {
            self.last_request = Some(now);
            self.requested = false;
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_awaited_is_asked_for_until_it_is_no_longer() {
        let (mut requests, now) = (KeyframeRequests::default(), Instant::now());
        requests.set_awaited(true);
        assert!(requests.take(now) && !requests.take(now + ASK_EVERY / 2) && requests.take(now + ASK_EVERY));
        requests.set_awaited(false);
        assert!(!requests.take(now + 3 * ASK_EVERY));
    }

    #[test]
    fn what_is_awaited_elsewhere_is_asked_for_while_that_is_said() {
        let (mut requests, now) = (KeyframeRequests::default(), Instant::now());
        requests.set_awaited_elsewhere(now);
        assert!(requests.take(now));
        let next = now + ASK_EVERY;
        requests.set_awaited_elsewhere(next.checked_sub(TOLD + TELL_EVERY).expect("a past"));
        assert_eq!(requests.due(now + TELL_EVERY), None, "by then it is known whether somebody waits still");
        requests.set_awaited_elsewhere(next.checked_sub(TELL_EVERY).expect("a past"));
        assert_eq!(requests.due(now + TELL_EVERY), Some(next));
        assert_eq!(requests.due(next + TOLD), None);
    }

    #[test]
    fn a_request_is_made_once_and_never_lost() {
        let (mut requests, now) = (KeyframeRequests::default(), Instant::now());
        requests.request();
        assert!(requests.take(now) && !requests.take(now + ASK_EVERY));
        requests.request();
        requests.set_awaited(false);
        assert!(requests.take(now + ASK_EVERY));
        requests.request();
        assert_eq!(requests.due(now + ASK_EVERY), Some(now + 2 * ASK_EVERY));
        requests.answer();
        assert_eq!(requests.due(now + ASK_EVERY), None);
    }
}
