//! How fast something goes.

use std::time::{Duration, Instant};

/// Long enough for a key frame not to be all of it.
pub(crate) const WINDOW: Duration = Duration::from_millis(500);

/// Bits a second over the last window.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RateMeter {
    bytes: u64,
    since: Option<Instant>,
    /// Until then there is nothing to reckon: a comparison is cheaper than a difference, and this is asked with every packet.
    until: Option<Instant>,
    bits: u64,
    known: bool,
}

impl RateMeter {
    /// So many bytes have gone.
    pub(crate) fn note(&mut self, now: Instant, bytes: usize) {
        self.roll(now);
        self.bytes += bytes as u64;
    }

    /// Bits a second, once a window has passed.
    pub(crate) fn measured(&mut self, now: Instant) -> Option<u64> {
        self.roll(now);
        self.known.then_some(self.bits)
    }

    /// Bits a second; 0 until the first window has passed.
    pub(crate) fn bits(&mut self, now: Instant) -> u64 {
        self.roll(now);
        self.bits
    }

    #[inline]
    fn roll(&mut self, now: Instant) {
        if self.until.is_none_or(|until| now >= until) {
            self.reckon(now);
        }
    }

    fn reckon(&mut self, now: Instant) {
        let took = now.saturating_duration_since(*self.since.get_or_insert(now));
        if took >= WINDOW {
            let bits = self.bytes * 8_000 / took.as_millis() as u64;
            // Smoothed while it goes on, so that a key frame is not half of it.
            self.bits = if self.known && took < 2 * WINDOW { u64::midpoint(self.bits, bits) } else { bits };
            (self.bytes, self.since, self.known) = (0, Some(now), true);
        }
        self.until = self.since.map(|since| since + WINDOW);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_of_the_last_half_second() {
        let (mut rate, start) = (RateMeter::default(), Instant::now());
        for ms in (0..=2000).step_by(100) {
            let now = start + Duration::from_millis(ms);
            assert_eq!(rate.bits(now), if ms < 500 { 0 } else { 200_000 });
            rate.note(now, 2500);
        }
        assert_eq!(rate.bits(start + Duration::from_secs(600)), 33, "and long silence is slow");
    }
}
