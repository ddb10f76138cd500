//! The rate while feedback that came before comes no more, as libwebrtc's RTT-based backoff has it: three seconds after the first
//! packet of which nothing was heard, a fifth less with every second of sending.
//!
//! Law: what it takes it gives back with the next feedback. Whatever happened to the path meanwhile the others see by that.

use std::time::{Duration, Instant};

use crate::RATES;

/// Feedback is a second late at the most where it comes at all.
const AFTER: Duration = Duration::from_secs(3);
const KEEPS: f64 = 0.8;
/// By then the least rate is reached from any.
const MOST_STEPS: u64 = 60;

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct FeedbackTimeout {
    /// When the first packet left that was not answered.
    since: Option<Instant>,
}

impl FeedbackTimeout {
    #[inline]
    pub(crate) fn on_sent(&mut self, now: Instant) {
        self.since.get_or_insert(now);
    }

    pub(crate) fn on_feedback(&mut self) {
        self.since = None;
    }

    /// Whether it has come to that; `sent`: when a packet left last.
    pub(crate) fn is_over(&self, sent: Instant) -> bool {
        self.silent(sent) >= AFTER
    }

    /// What is left of that rate.
    pub(crate) fn limit(&self, bits: u64, sent: Instant) -> u64 {
        let Some(over) = self.silent(sent).checked_sub(AFTER) else { return bits };
        let steps = (over.as_secs() + 1).min(MOST_STEPS) as i32;
        bits.min(RATES.clamp((bits as f64 * KEEPS.powi(steps)) as u64))
    }

    fn silent(&self, sent: Instant) -> Duration {
        self.since.map_or(Duration::ZERO, |since| sent.saturating_duration_since(since))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fifth_is_taken_every_second_of_sending_and_given_back_with_the_first_word() {
        let (start, mut timeout) = (Instant::now(), FeedbackTimeout::default());
        let after = |ms| start + Duration::from_millis(ms);
        assert_eq!(timeout.limit(1_000_000, after(60_000)), 1_000_000, "nothing was sent");
        timeout.on_sent(after(0));
        timeout.on_sent(after(2999));
        assert_eq!((timeout.limit(1_000_000, after(2999)), timeout.is_over(after(2999))), (1_000_000, false));
        assert_eq!((timeout.limit(1_000_000, after(3000)), timeout.is_over(after(3000))), (800_000, true));
        assert_eq!(timeout.limit(1_000_000, after(4000)), 640_000);
        assert_eq!(timeout.limit(100_000_000, after(3_600_000)), RATES.least);
        timeout.on_feedback();
        timeout.on_sent(after(3_600_000));
        assert_eq!(timeout.limit(1_000_000, after(3_600_100)), 1_000_000);
    }
}
