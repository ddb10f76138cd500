//! How much one connection may send us: so many bits and so many packets a second, and a burst now and then.
//!
//! Law: only what its client has shown to have sent is charged, so that nobody who writes another's address on noise takes
//! that client's share. What is too much is dropped before it costs more than a look, and told of once in a while.

use std::time::{Duration, Instant};

/// What is too much is told of no more often.
const TELL_EVERY: Duration = Duration::from_secs(60);
/// Of its participant's share, what a connection has that only reports on what it is sent.
const REPORTS: u64 = 8;

/// What one participant may send, a second. Real cameras never meet it: it is for who floods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UplinkLimit {
    /// Bits.
    pub bits: u64,
    /// Packets.
    pub packets: u64,
}

impl Default for UplinkLimit {
    /// Three layers of a camera in 4K and a screen beside it send two thirds of that.
    fn default() -> Self {
        Self { bits: 30_000_000, packets: 6_000 }
    }
}

impl UplinkLimit {
    /// Of a connection on which nothing but reports and messages come.
    pub(crate) fn of_reports(self) -> Self {
        Self { bits: self.bits / REPORTS, packets: self.packets / REPORTS }
    }
}

/// Tokens are counted in millionths, so that a microsecond brings whole ones.
const TOKEN: i64 = 1_000_000;

/// A bucket of tokens that holds what a second brings. What is taken may leave a debt.
#[derive(Debug)]
struct Bucket {
    rate: i64,
    tokens: i64,
    filled: Instant,
}

impl Bucket {
    fn new(now: Instant, rate: u64) -> Self {
        let rate = rate.min(1 << 40).cast_signed();
        Self { rate, tokens: rate * TOKEN, filled: now }
    }

    /// Whether there is anything in it. The clock is looked at only when there is not.
    fn has_some(&mut self, now: Instant) -> bool {
        if self.tokens <= 0 {
            let micros = now.saturating_duration_since(self.filled).as_micros().min(1_000_000) as i64;
            self.tokens += self.rate * micros;
            self.filled = now;
        }
        self.tokens > 0
    }

    fn take(&mut self, tokens: usize) {
        self.tokens -= tokens as i64 * TOKEN;
    }
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Uplink {
    bits: Bucket,
    packets: Bucket,
    told: Option<Instant>,
}

impl Uplink {
    pub(crate) fn new(now: Instant, limit: UplinkLimit) -> Self {
        Self { bits: Bucket::new(now, limit.bits), packets: Bucket::new(now, limit.packets), told: None }
    }

    /// Whether another packet is taken.
    #[inline]
    pub(crate) fn takes(&mut self, now: Instant) -> bool {
        self.packets.has_some(now) && self.bits.has_some(now)
    }

    /// A packet of so many bytes was its client's.
    #[inline]
    pub(crate) fn charge(&mut self, bytes: usize) {
        self.packets.take(1);
        self.bits.take(bytes * 8);
    }

    /// The same of messages: how many there were, and their bytes.
    pub(crate) fn charge_all(&mut self, (packets, bytes): (usize, usize)) {
        self.packets.take(packets);
        self.bits.take(bytes * 8);
    }

    /// One was not taken: whether it is time to say so.
    pub(crate) fn is_news(&mut self, now: Instant) -> bool {
        let news = self.told.is_none_or(|at| now.saturating_duration_since(at) >= TELL_EVERY);
        if news {
            self.told = Some(now);
        }
        news
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: UplinkLimit = UplinkLimit { bits: 1_000_000, packets: 500 };

    /// Packets taken of `a_second` of `bytes` each, in each of some seconds.
    fn seconds(a_second: u32, bytes: usize) -> Vec<u32> {
        let (start, mut taken) = (Instant::now(), Vec::new());
        let mut uplink = Uplink::new(start, LIMIT);
        for n in 0..8 * a_second {
            let now = start + Duration::from_secs(1) * n / a_second;
            if n % a_second == 0 {
                taken.push(0);
            }
            if uplink.takes(now) {
                uplink.charge(bytes);
                *taken.last_mut().expect("a second") += 1;
            }
        }
        taken
    }

    #[test]
    fn who_sends_what_it_may_meets_nothing() {
        assert_eq!(seconds(100, 1200), [100; 8]);
        assert_eq!(seconds(490, 100), [490; 8]);
    }

    #[test]
    fn who_sends_too_many_bits_or_packets_is_taken_what_it_may() {
        for (a_second, bytes, most) in [(20_000, 50, 500), (5_000, 1250, 100)] {
            let taken = seconds(a_second, bytes);
            assert!(taken[1..].iter().all(|n| (most * 8 / 10..=most * 11 / 10).contains(n)), "{taken:?}");
            assert!(taken[0] <= 2 * most + 1, "a burst of a second: {taken:?}");
        }
    }

    #[test]
    fn after_a_flood_all_is_as_before_within_a_moment() {
        let (start, mut uplink) = (Instant::now(), Uplink::new(Instant::now(), LIMIT));
        while uplink.takes(start) {
            uplink.charge(1250);
        }
        assert!(uplink.takes(start + Duration::from_millis(20)));
    }

    #[test]
    fn it_is_news_once_a_minute() {
        let (start, mut uplink) = (Instant::now(), Uplink::new(Instant::now(), LIMIT));
        let told = (0..180).filter(|s| uplink.is_news(start + Duration::from_secs(*s))).count();
        assert_eq!(told, 3);
    }
}
