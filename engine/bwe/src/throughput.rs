//! How fast packets go by one clock, in bits a second: how they left by the sender's, how they arrived by the receiver's.
//!
//! A window over that clock, in slices, so that a picture's burst is spread over the time it stands for.

/// Microseconds of a slice, and how many make the window.
const SLICE: i64 = 50_000;
const SLICES: usize = 10;
/// Of the window, how much there must be before it says anything.
const ENOUGH: i64 = 200_000;

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Throughput {
    bytes: [u64; SLICES],
    /// The slice that is being filled, and when the window began.
    current: i64,
    begun: Option<i64>,
}

impl Throughput {
    /// So many bytes went by, at this moment of the clock.
    pub(crate) fn take(&mut self, at: i64, bytes: u16) {
        let slice = at.div_euclid(SLICE);
        let passed = slice - self.current;
        if self.begun.is_none() || passed.unsigned_abs() >= SLICES as u64 {
            // Nothing for so long: what was before says nothing of now.
            *self = Self { bytes: [0; SLICES], current: slice, begun: Some(at) };
        }
        for next in self.current + 1..=slice {
            self.bytes[place(next)] = 0;
            self.current = next;
        }
        self.bytes[place(slice)] += u64::from(bytes);
    }

    /// Bits a second, up to `at`.
    pub(crate) fn bits(&self, at: i64) -> Option<u64> {
        let oldest = (self.current - SLICES as i64 + 1) * SLICE;
        let time = at - self.begun?.max(oldest);
        (time >= ENOUGH).then(|| self.bytes.iter().sum::<u64>() * 8_000_000 / time as u64)
    }
}

const fn place(slice: i64) -> usize {
    slice.rem_euclid(SLICES as i64) as usize
}

/// The same of this moment: over the last two reports. It shakes, and knows first of a path that became narrow.
#[derive(Debug, Default)]
pub(crate) struct Pulse {
    /// When the newest packet of a report had arrived, and how many bytes it told of; the last report first.
    reports: [Option<(i64, u64)>; 3],
}

impl Pulse {
    /// A report tells of so many bytes, the newest of which had arrived `at`.
    pub(crate) fn take(&mut self, at: i64, bytes: u64) {
        self.reports = [Some((at, bytes)), self.reports[0], self.reports[1]];
    }

    /// Bits a second.
    pub(crate) fn bits(&self) -> Option<u64> {
        let [Some((newest, last)), Some((_, before)), Some((begun, _))] = self.reports else { return None };
        let took = u64::try_from(newest.saturating_sub(begun)).ok().filter(|took| *took > 0)?;
        Some((last + before).saturating_mul(8_000_000) / took)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_half_second_counts() {
        let mut rate = Throughput::default();
        for n in 0..100 {
            rate.take(n * 10_000, 1250);
        }
        let bits = rate.bits(990_000).expect("enough");
        assert!((950_000..1_100_000).contains(&bits), "{bits}");
        for n in 100..150 {
            rate.take(n * 10_000, 125);
        }
        let bits = rate.bits(1_490_000).expect("enough");
        assert!((95_000..110_000).contains(&bits), "{bits}");
    }

    #[test]
    fn after_a_silence_nothing_is_known_until_enough_has_come() {
        let mut rate = Throughput::default();
        (0..100).for_each(|n| rate.take(n * 10_000, 1250));
        rate.take(9_000_000, 1250);
        assert_eq!(rate.bits(9_000_000), None);
        (1..30).for_each(|n| rate.take(9_000_000 + n * 10_000, 1250));
        assert!(rate.bits(9_290_000).is_some_and(|bits| (950_000..1_100_000).contains(&bits)));
    }

    #[test]
    fn what_arrives_at_this_moment_is_known_from_two_reports() {
        let mut pulse = Pulse::default();
        for n in 0..3 {
            assert_eq!(pulse.bits(), None);
            pulse.take(n * 50_000, 12_500);
        }
        assert_eq!(pulse.bits(), Some(2_000_000));
        pulse.take(150_000, 1_250);
        pulse.take(200_000, 1_250);
        assert_eq!(pulse.bits(), Some(200_000));
        pulse.take(i64::MIN, u64::MAX / 2);
        assert_eq!(pulse.bits(), None, "a clock that goes back tells nothing");
    }

    #[test]
    fn times_without_sense_are_survived() {
        let mut rate = Throughput::default();
        for at in [i64::MIN / 2, 0, i64::MAX / 2, -5, 7_000_000, 6_900_000, 6_999_999] {
            rate.take(at, 1000);
            let _ = rate.bits(at);
        }
    }
}
