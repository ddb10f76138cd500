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

/// See the module.
#[derive(Debug)]
pub(crate) struct KeyframeRequests {
    every: Duration,
    requested: bool,
    awaited: bool,
    last_request: Option<Instant>,
}

impl Default for KeyframeRequests {
    fn default() -> Self {
        Self { every: ASK_EVERY, requested: false, awaited: false, last_request: None }
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

    /// A key frame has come.
    pub(crate) fn answer(&mut self) {
        self.requested = false;
    }

    /// When the sender is to be asked.
    pub(crate) fn due(&self, now: Instant) -> Option<Instant> {
        (self.requested || self.awaited).then(|| self.last_request.map_or(now, |at| at + self.every))
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
