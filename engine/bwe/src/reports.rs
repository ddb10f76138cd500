//! What is known of a path whose receiver sends no transport-wide feedback: loss (RFC 3550) and, from some, its own estimate
//! (REMB, draft-alvestrand-rmcat-remb).
//!
//! Law: an estimate of the receiver's is a sign, not a budget. It lags behind what it is sent after a step up, so it counts
//! only where it is below what is sent and doesn't grow. Nobody says that more would fit: that is tried, later each time
//! that it was wrong.

use std::time::{Duration, Instant};

use crate::RATES;

/// Losing more than this share twice in a row is too much.
const TOO_MUCH: f64 = 0.12;
/// Of what is sent, after such a loss.
const AFTER_LOSS: f64 = 0.6;
/// A step down needs so long to show.
const SETTLES: Duration = Duration::from_millis(1500);
/// In per cent of what is sent: an estimate below says that the path does not carry that.
const FITS: u64 = 95;
/// One that has not grown by so many per cent in so long is the path's. Where it is not even half of what is sent, sooner.
const GROWS: u64 = 2;
const STANDS: Duration = Duration::from_secs(2);
const STANDS_LOW: Duration = Duration::from_secs(1);
/// libwebrtc's estimate of a full path, in per cent of what arrives by it.
const OF_FULL: u64 = 85;
/// More is tried after so long, and so much more.
const FIRST_TRY: Duration = Duration::from_secs(8);
const LAST_TRY: Duration = Duration::from_secs(60);
const MORE: u64 = 3;
/// A queue is waited for no longer.
const DRAINS: Duration = Duration::from_secs(4);

/// See the module.
#[derive(Debug)]
pub(crate) struct Reports {
    /// `None`: nothing limits.
    bits: Option<u64>,
    bad: u8,
    /// Since when the estimate has been too small for what is sent without growing, and what it was then.
    tight: Option<(Instant, u64)>,
    changed: Option<Instant>,
    raised: bool,
    wait: Duration,
    draining: Option<Instant>,
}

impl Default for Reports {
    fn default() -> Self {
        Self { bits: None, bad: 0, tight: None, changed: None, raised: false, wait: FIRST_TRY, draining: None }
    }
}

impl Reports {
    pub(crate) fn bits(&self) -> Option<u64> {
        self.bits
    }

    pub(crate) fn draining(&self) -> Option<Instant> {
        self.draining
    }

    /// When [`Reports::rest`] has something to do.
    pub(crate) fn due(&self) -> Option<Instant> {
        self.bits.and(self.changed).map(|at| at + self.wait)
    }

    /// A report says which share was lost, at the worst stream, of what is `sent`.
    pub(crate) fn hear_loss(&mut self, now: Instant, lost: f64, sent: u64) {
        if lost <= TOO_MUCH {
            self.bad = 0;
            return;
        }
        self.bad = (self.bad + 1).min(2);
        let settled = self.changed.is_none_or(|at| now.saturating_duration_since(at) >= SETTLES);
        if self.bad == 2 && settled && sent > 0 {
            self.lower(now, (sent as f64 * AFTER_LOSS) as u64);
        }
    }

    /// The receiver says what its path carries, in bits a second.
    pub(crate) fn hear_estimate(&mut self, now: Instant, estimate: u64, sent: u64) {
        if sent == 0 || estimate.saturating_mul(100) >= sent.saturating_mul(FITS) {
            self.tight = None;
            return;
        }
        let (since, then) = match self.tight {
            Some((since, then)) if estimate.saturating_mul(100) <= then.saturating_mul(100 + GROWS) => (since, then),
            _ => (now, estimate),
        };
        self.tight = Some((since, then));
        let stands = if estimate < sent / 2 { STANDS_LOW } else { STANDS };
        let queueing = now.saturating_duration_since(since);
        if queueing < stands {
            return;
        }
        let carried = (estimate.saturating_mul(100) / OF_FULL).max(1);
        self.lower(now, carried);
        let over = u128::from(sent.saturating_sub(carried)) * queueing.as_millis() / u128::from(carried);
        self.draining = Some(now + DRAINS.min(Duration::from_millis(u64::try_from(over).unwrap_or(u64::MAX))));
    }

    /// Time has passed.
    pub(crate) fn rest(&mut self, now: Instant) {
        self.draining = self.draining.filter(|until| *until > now);
        if self.due().is_none_or(|due| due > now) {
            return;
        }
        if self.raised {
            self.wait = FIRST_TRY; // it was right
        }
        self.bits = self.bits.map(|bits| bits.saturating_mul(MORE)).filter(|bits| *bits < RATES.most);
        (self.raised, self.changed) = (true, Some(now));
    }

    fn lower(&mut self, now: Instant, bits: u64) {
        if self.raised && self.changed.is_some_and(|at| now.saturating_duration_since(at) < self.wait) {
            self.wait = (self.wait * 2).min(LAST_TRY);
        }
        self.bits = Some(RATES.clamp(bits));
        (self.raised, self.changed, self.bad, self.tight) = (false, Some(now), 0, None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn an_estimate_that_grows_is_no_sign_and_one_that_stands_is() {
        let (start, mut reports) = (Instant::now(), Reports::default());
        for n in 0..30 {
            reports.hear_estimate(start + n as u32 * 200 * MS, 500_000 + n * 20_000, 2_000_000);
        }
        assert_eq!(reports.bits(), None);
        let later = start + Duration::from_secs(10);
        for n in 0..12 {
            reports.hear_estimate(later + n * 200 * MS, 510_000, 2_000_000);
        }
        assert_eq!(reports.bits(), Some(600_000));
        assert!(reports.draining().is_some_and(|until| until > later + 2 * Duration::from_secs(1)));
    }

    #[test]
    fn loss_twice_in_a_row_is_a_sign_once() {
        let (start, mut reports) = (Instant::now(), Reports::default());
        reports.hear_loss(start, 0.3, 1_000_000);
        reports.hear_loss(start + 500 * MS, 0.01, 1_000_000);
        reports.hear_loss(start + 1000 * MS, 0.3, 1_000_000);
        assert_eq!(reports.bits(), None);
        reports.hear_loss(start + 2000 * MS, 0.3, 1_000_000);
        assert_eq!(reports.bits(), Some(600_000));
        reports.hear_loss(start + 2500 * MS, 0.3, 600_000);
        reports.hear_loss(start + 3000 * MS, 0.3, 600_000);
        assert_eq!(reports.bits(), Some(600_000), "it has not shown yet");
    }

    #[test]
    fn more_is_tried_and_later_when_it_was_wrong() {
        let (start, mut reports) = (Instant::now(), Reports::default());
        let mut now = start;
        let mut tries = Vec::new();
        for second in 0..120 {
            now = start + Duration::from_secs(second);
            let sent = reports.bits().unwrap_or(2_000_000).min(2_000_000);
            let before = reports.bits();
            reports.hear_loss(now, if sent > 700_000 { 0.4 } else { 0.0 }, sent);
            reports.rest(now);
            if before.is_some_and(|before| reports.bits().is_none_or(|bits| bits > before)) {
                tries.push(second);
            }
        }
        assert!((3..7).contains(&tries.len()), "{tries:?}");
        assert!(reports.due().is_some_and(|due| due > now));
    }

    #[test]
    fn what_nobody_can_mean_is_survived() {
        let (start, mut reports) = (Instant::now(), Reports::default());
        for n in 0..100 {
            let now = start + n * 100 * MS;
            reports.hear_estimate(now, [0, 1 << 62, u64::MAX, 1][n as usize % 4], u64::MAX);
            reports.hear_estimate(now, 0, 1_000_000);
            reports.hear_loss(now, f64::from(n % 3), u64::MAX);
            reports.rest(now);
        }
        assert!(reports.bits().is_none_or(|bits| (RATES.least..=RATES.most).contains(&bits)));
    }
}
