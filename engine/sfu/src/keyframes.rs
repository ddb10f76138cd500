//! When the sender of a layer is asked for a key frame.
//!
//! Law: no request is lost. One that comes too soon after another is made as soon as it may be; a key frame answers all
//! that came before it. Requests get lost on their way too: one that nothing answers is made again, and where somebody
//! waits for a key frame to begin with, it is asked for until it comes.

use std::time::{Duration, Instant};

/// A sender that answers is asked no more often,
const ASK_EVERY: Duration = Duration::from_millis(500);
/// and one that doesn't no more often than that. A browser heeds one request in 300 ms: if it had the first, this is none.
const ASK_AGAIN: Duration = Duration::from_millis(250);
/// What nothing answers is asked again so often.
const TIMES_AGAIN: u8 = 3;
/// Nor its home by a mirror.
const TELL_EVERY: Duration = Duration::from_millis(50);
/// So long after it has said so a mirror is taken to wait still.
const TOLD: Duration = Duration::from_millis(150);

/// See the module.
#[derive(Debug)]
pub(crate) struct KeyframeRequests {
    every: Duration,
    again: u8,
    requested: bool,
    /// Asked, and no key frame has begun since. Until it does it may be asked again, so often.
    unanswered: Option<u8>,
    /// From then on.
    awaited: Option<Instant>,
    /// By receivers on other shards, until then.
    awaited_elsewhere: Option<Instant>,
    last_request: Option<Instant>,
}

impl Default for KeyframeRequests {
    fn default() -> Self {
        Self {
            every: ASK_EVERY,
            again: TIMES_AGAIN,
            requested: false,
            unanswered: None,
            awaited: None,
            awaited_elsewhere: None,
            last_request: None,
        }
    }
}

impl KeyframeRequests {
    /// To the shard where it comes in, which asks the sender no more often than anybody.
    pub(crate) fn to_home() -> Self {
        Self { every: TELL_EVERY, again: 0, ..Self::default() }
    }

    /// Somebody who has begun can't go on.
    pub(crate) fn request(&mut self) {
        self.requested = true;
    }

    /// From when on somebody waits to begin.
    pub(crate) fn set_awaited(&mut self, from: Option<Instant>) {
        self.awaited = from;
    }

    /// One more does.
    pub(crate) fn add_awaited(&mut self, from: Instant) {
        self.awaited = Some(self.awaited.map_or(from, |others| others.min(from)));
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
        (self.requested, self.unanswered, self.awaited_elsewhere) = (false, None, None);
    }

    /// When the sender is to be asked.
    pub(crate) fn due(&self, now: Instant) -> Option<Instant> {
        let pause = if self.unanswered.is_some() { self.every.min(ASK_AGAIN) } else { self.every };
        let due = || self.last_request.map_or(now, |at| at + pause);
        let elsewhere = self.awaited_elsewhere.is_some_and(|until| due().max(now) <= until);
        if self.requested || elsewhere || self.unanswered.is_some_and(|again| again > 0) {
            return Some(due());
        }
        self.awaited.map(|from| due().max(from))
    }

    /// Whether the sender is asked now.
    pub(crate) fn take(&mut self, now: Instant) -> bool {
        let due = self.due(now).is_some_and(|due| due <= now);
        if due {
            self.last_request = Some(now);
            let again = self.unanswered.filter(|_| !self.requested).map_or(self.again, |again| again.saturating_sub(1));
            self.unanswered = Some(again);
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
        requests.set_awaited(Some(now));
        assert!(requests.take(now));
        requests.answer();
        assert!(!requests.take(now + ASK_AGAIN) && requests.take(now + ASK_EVERY));
        requests.answer();
        requests.set_awaited(None);
        assert!(!requests.take(now + 3 * ASK_EVERY));
    }

    #[test]
    fn who_waits_from_then_on_is_not_asked_for_before() {
        let (mut requests, now) = (KeyframeRequests::default(), Instant::now());
        requests.add_awaited(now + 2 * TOLD);
        assert_eq!(requests.due(now), Some(now + 2 * TOLD));
        assert!(!requests.take(now + TOLD));
        requests.add_awaited(now + TOLD);
        requests.add_awaited(now + 2 * TOLD);
        assert!(requests.take(now + TOLD), "another waits already");
    }

    #[test]
    fn what_nothing_answers_is_asked_again_and_not_for_ever() {
        let (mut requests, now) = (KeyframeRequests::default(), Instant::now());
        requests.request();
        let asked = (0..100).filter(|n| requests.take(now + *n * Duration::from_millis(50))).collect::<Vec<_>>();
        assert_eq!(asked, [0, 5, 10, 15]);
        let mut requests = KeyframeRequests::to_home();
        requests.request();
        assert_eq!((0..100).filter(|n| requests.take(now + *n * TELL_EVERY)).count(), 1, "home sees to that");
    }

    #[test]
    fn what_is_awaited_elsewhere_is_asked_for_while_that_is_said() {
        let (mut requests, now) = (KeyframeRequests::default(), Instant::now());
        requests.set_awaited_elsewhere(now);
        assert!(requests.take(now));
        requests.answer();
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
        assert!(requests.take(now));
        requests.answer();
        assert!(!requests.take(now + ASK_EVERY));
        requests.request();
        requests.set_awaited(None);
        assert!(requests.take(now + ASK_EVERY));
        requests.answer();
        requests.request();
        assert_eq!(requests.due(now + ASK_EVERY), Some(now + 2 * ASK_EVERY));
        requests.answer();
        assert_eq!(requests.due(now + ASK_EVERY), None);
    }
}
