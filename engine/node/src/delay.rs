//! How long media is in this server: from the moment the kernel had a packet until what it led to was given to the kernel.
//!
//! What a receiver's pacer holds back for the sake of its path isn't waited for: that is the path's, not ours.

use std::time::{Duration, Instant};

/// Upper bounds, in microseconds, with the counter of what took no longer.
const CLASSES: [(u64, &str); 10] = [
    (250, "media_within_250us"),
    (500, "media_within_500us"),
    (1_000, "media_within_1000us"),
    (1_500, "media_within_1500us"),
    (2_000, "media_within_2000us"),
    (3_000, "media_within_3000us"),
    (5_000, "media_within_5000us"),
    (10_000, "media_within_10000us"),
    (20_000, "media_within_20000us"),
    (50_000, "media_within_50000us"),
];
/// A turn's packets beyond those aren't timed.
const MOST: usize = 1024;

/// How many packets were sent on within how long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delays {
    timed: u64,
    microseconds: u64,
    /// Each with those of the classes below.
    within: [u64; CLASSES.len()],
}

impl Delays {
    fn add(&mut self, delay: Duration) {
        let microseconds = delay.as_micros() as u64;
        self.timed += 1;
        self.microseconds += microseconds;
        for (class, (bound, _)) in self.within.iter_mut().zip(CLASSES) {
            *class += u64::from(microseconds <= bound);
        }
    }

    /// By name, as counters that only grow.
    pub fn named(self) -> impl Iterator<Item = (&'static str, u64)> {
        let sums = [("media_timed", self.timed), ("media_timed_us", self.microseconds)];
        sums.into_iter().chain(CLASSES.into_iter().zip(self.within).map(|((_, name), many)| (name, many)))
    }
}

/// Times the packets of a shard's turns.
pub(crate) struct Stopwatch {
    came: Vec<Instant>,
    delays: Delays,
}

impl Stopwatch {
    pub(crate) fn new() -> Self {
        Self { came: Vec::with_capacity(MOST), delays: Delays::default() }
    }

    /// A datagram that is handled in this turn; what isn't RTP isn't timed (RFC 7983, RFC 5761).
    pub(crate) fn came(&mut self, at: Instant, datagram: &[u8]) {
        let is_rtp = matches!(datagram, [128..=191, kind, ..] if !(64..96).contains(&(kind & 0x7f)));
        if is_rtp && self.came.len() < MOST {
            self.came.push(at);
        }
    }

    /// The turn is over, and all has left.
    pub(crate) fn flushed(&mut self, now: impl FnOnce() -> Instant) {
        if self.came.is_empty() {
            return;
        }
        let now = now();
        for at in self.came.drain(..) {
            self.delays.add(now.saturating_duration_since(at));
        }
    }

    pub(crate) fn delays(&self) -> Delays {
        self.delays
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(stopwatch: &Stopwatch) -> Vec<(&'static str, u64)> {
        stopwatch.delays().named().filter(|(_, n)| *n > 0).collect()
    }

    #[test]
    fn packets_are_timed_from_when_the_kernel_had_them_until_all_of_the_turn_has_left() {
        let (mut stopwatch, begin) = (Stopwatch::new(), Instant::now());
        let after = |us| begin + Duration::from_micros(us);
        let rtp = [0x80, 96, 0, 1];
        for (at, datagram) in
            [(0, rtp), (19_800, rtp), (0, [0x80, 200, 0, 1]), (0, [0, 1, 0, 0]), (0, [22, 254, 253, 0])]
        {
            stopwatch.came(after(at), &datagram);
        }
        stopwatch.flushed(|| after(20_001));
        stopwatch.flushed(|| panic!("nothing came"));
        let short: Vec<_> = named(&stopwatch).into_iter().filter(|(_, n)| *n == 1).map(|(name, _)| name).collect();
        assert_eq!(named(&stopwatch)[..2], [("media_timed", 2), ("media_timed_us", 20_202)]);
        assert_eq!((short[0], short.len()), ("media_within_250us", 9));
        assert_eq!(named(&stopwatch).last(), Some(&("media_within_50000us", 2)));
    }

    #[test]
    fn a_turn_with_more_than_its_share_costs_no_memory() {
        let mut stopwatch = Stopwatch::new();
        let (now, room) = (Instant::now(), stopwatch.came.capacity());
        (0..room * 2).for_each(|_| stopwatch.came(now, &[0x80, 96]));
        assert_eq!(stopwatch.came.capacity(), room);
    }
}
