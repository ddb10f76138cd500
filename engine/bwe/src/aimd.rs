//! The rate by what delay tells: up while a path carries it, down to what arrives when a queue grows
//! (draft-ietf-rmcat-gcc-02 §5.5).

use std::time::{Duration, Instant};

use crate::RATES;
use crate::trendline::Usage;

/// Of what arrived while a queue grew.
const DOWN: f64 = 0.85;
/// Of what is sent, in per cent, so much arrives by a path that carries it: where delay grew all the same, by a step of the
/// path or a burst, it is believed to carry that and a little, and no more.
const ALL: u64 = 95;
const ALL_AND: f64 = 1.05;
/// Of what it was measured to carry a moment ago and still does, in per cent, so much is left where it was a little too much.
/// Once in so long: where that doesn't help, it carries less by now.
const STILL: u64 = 90;
const OF_KNOWN: u64 = 93;
const SPARES: Duration = Duration::from_secs(2);
/// What came through a queue that has begun is measured over a moment: of the rate at most so many parts are left for it at once.
const AT_ONCE: u64 = 8;
/// A second.
const UP: f64 = 1.08;
/// No further above what arrives, in per cent: it was not tried.
const TRIED: u64 = 150;
/// Who sends less than this share of the rate, in per cent, tries nothing.
const TRIES: u64 = 75;
/// A path reacts after a round trip and so long.
const REACTS: Duration = Duration::from_millis(100);
/// Near the capacity found before, one packet of so many bits a reaction.
const PACKET: f64 = 9_600.0;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Hold,
    Increase,
}

/// Bits a second of the same packets: as they left and as they arrived.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rates {
    pub(crate) left: u64,
    pub(crate) acked: u64,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Aimd {
    bits: u64,
    state: State,
    changed: Option<Instant>,
    /// When it went down last because less arrived than was sent.
    spared: Option<Instant>,
    capacity: Capacity,
}

impl Aimd {
    pub(crate) fn new(bits: u64) -> Self {
        Self { bits, state: State::Increase, changed: None, spared: None, capacity: Capacity::default() }
    }

    pub(crate) fn bits(&self) -> u64 {
        self.bits
    }

    /// A probe has shown that the path carries so much, and where it filled the path, no more; that is at least what
    /// `arrives` anyway.
    pub(crate) fn prove(&mut self, now: Instant, bits: u64, arrives: Option<u64>) {
        match arrives {
            Some(arrives) => self.set(now, bits.max(arrives)),
            None if bits > self.bits => self.set(now, bits),
            None => {}
        }
    }

    /// Feedback came; `true` when the rate went down. `ceiling`: what the path is known to carry, no more is tried for now.
    pub(crate) fn update(&mut self, now: Instant, usage: Usage, rates: Rates, rtt: Duration, ceiling: u64) -> bool {
        match (usage, self.state) {
            (Usage::Over, _) => return self.decrease(now, rates, rtt, ceiling),
            (Usage::Under, _) => self.state = State::Hold,
            (Usage::Normal, State::Hold) => {
                (self.state, self.changed) = (State::Increase, Some(now));
            }
            (Usage::Normal, State::Increase) => self.increase(now, rates.acked, rtt, ceiling),
        }
        false
    }

    /// So many bits a second came through a queue that is waited for now; `true` when the rate went down.
    pub(crate) fn fall(&mut self, now: Instant, carries: u64) -> bool {
        let to = ((carries as f64 * DOWN) as u64).max(self.bits / AT_ONCE);
        let down = to < self.bits;
        if down {
            self.state = State::Hold;
            self.set(now, to);
        }
        down
    }

    /// So many bits a second come through the queue for which the rate went down; `true` when it goes up by that.
    pub(crate) fn recover(&mut self, now: Instant, carries: u64) -> bool {
        let to = (carries as f64 * DOWN) as u64;
        let up = to > self.bits;
        if up {
            self.set(now, to);
        }
        up
    }

    fn decrease(&mut self, now: Instant, Rates { left, acked }: Rates, rtt: Duration, known: u64) -> bool {
        self.state = State::Hold;
        let since = self.changed.map_or(Duration::MAX, |at| now.saturating_duration_since(at));
        let reacted = since >= rtt.clamp(Duration::from_millis(10), Duration::from_millis(200)) + REACTS;
        let carries_all = u128::from(acked) * 100 >= u128::from(left) * u128::from(ALL);
        let to = if carries_all { (acked.max(left) as f64 * ALL_AND) as u64 } else { self.below(now, acked, known) };
        if to >= self.bits || !(reacted || acked < self.bits / 2) {
            return false;
        }
        if !carries_all {
            self.capacity.observe(acked as f64);
            self.spared = Some(now);
        }
        self.set(now, to);
        true
    }

    /// What to send of what arrives while a queue grows.
    fn below(&self, now: Instant, acked: u64, known: u64) -> u64 {
        let down = (acked as f64 * DOWN) as u64;
        let spares = self.spared.is_none_or(|at| now.saturating_duration_since(at) >= SPARES);
        let little = known / 100 * OF_KNOWN;
        if spares && acked >= known / 100 * STILL && little < self.bits { down.max(little) } else { down }
    }

    fn increase(&mut self, now: Instant, acked: u64, rtt: Duration, ceiling: u64) {
        let since = now.saturating_duration_since(*self.changed.get_or_insert(now)).as_secs_f64().min(1.0);
        self.changed = Some(now);
        if acked < self.bits / 100 * TRIES {
            return;
        }
        if self.capacity.is_exceeded_by(acked as f64) {
            self.capacity = Capacity::default();
        }
        let bits = self.bits as f64;
        let more = if self.capacity.is_near(acked as f64) {
            (PACKET / (rtt + REACTS).as_secs_f64()).max(4_000.0) * since
        } else {
            bits * (UP.powf(since) - 1.0)
        };
        let most = (acked / 100 * TRIED + 10_000).min(ceiling);
        if most > self.bits {
            self.set(now, ((bits + more) as u64).min(most));
        }
    }

    fn set(&mut self, now: Instant, bits: u64) {
        (self.bits, self.changed) = (RATES.clamp(bits), Some(now));
    }
}

/// What arrived each time that the path was found full: its mean, and how far it strays.
#[derive(Debug, Default)]
struct Capacity {
    /// Kilobits, as its variance is normed by it.
    mean: Option<f64>,
    variance: f64,
}

impl Capacity {
    const FOLLOWS: f64 = 0.05;
    const VARIANCE: (f64, f64) = (0.4, 2.5);

    fn observe(&mut self, bits: f64) {
        let kilobits = bits / 1000.0;
        if self.mean.is_some() && (kilobits * 1000.0) < self.bounds().map_or(0.0, |(low, _)| low) {
            *self = Self::default();
        }
        let mean = self.mean.map_or(kilobits, |mean| mean + Self::FOLLOWS * (kilobits - mean));
        let strays = (mean - kilobits).powi(2) / mean.max(1.0);
        let variance = (1.0 - Self::FOLLOWS) * self.variance + Self::FOLLOWS * strays;
        (self.mean, self.variance) = (Some(mean), variance.clamp(Self::VARIANCE.0, Self::VARIANCE.1));
    }

    /// Three standard deviations to both sides.
    fn bounds(&self) -> Option<(f64, f64)> {
        let mean = self.mean?;
        let far = 3.0 * (self.variance * mean).sqrt();
        Some(((mean - far) * 1000.0, (mean + far) * 1000.0))
    }

    fn is_near(&self, bits: f64) -> bool {
        self.bounds().is_some_and(|(low, high)| (low..=high).contains(&bits))
    }

    fn is_exceeded_by(&self, bits: f64) -> bool {
        self.bounds().is_some_and(|(_, high)| bits > high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RTT: Duration = Duration::from_millis(50);

    /// More was sent than arrives.
    fn full(acked: u64) -> Rates {
        Rates { left: 2 * acked, acked }
    }

    fn fed(aimd: &mut Aimd, start: Instant, ms: std::ops::Range<u64>, usage: Usage, acked: u64) {
        for at in ms.step_by(100) {
            aimd.update(start + Duration::from_millis(at), usage, full(acked), RTT, u64::MAX);
        }
    }

    #[test]
    fn it_grows_by_eight_per_cent_a_second_and_no_further_than_was_tried() {
        let (start, mut aimd) = (Instant::now(), Aimd::new(1_000_000));
        fed(&mut aimd, start, 0..3100, Usage::Normal, 1_000_000);
        assert!((1_220_000..1_300_000).contains(&aimd.bits()), "{}", aimd.bits());
        fed(&mut aimd, start, 3100..60_000, Usage::Normal, 1_000_000);
        assert!((1_300_000..1_400_000).contains(&aimd.bits()), "{}", aimd.bits());
    }

    #[test]
    fn a_queue_brings_it_below_what_arrives_once_a_reaction() {
        let (start, mut aimd) = (Instant::now(), Aimd::new(2_000_000));
        assert!(aimd.update(start, Usage::Over, full(1_000_000), RTT, u64::MAX));
        assert_eq!(aimd.bits(), 850_000);
        assert!(
            !aimd.update(start + 50 * Duration::from_millis(1), Usage::Over, full(900_000), RTT, u64::MAX),
            "it hasn't shown yet"
        );
        assert!(aimd.update(start + 300 * Duration::from_millis(1), Usage::Over, full(900_000), RTT, u64::MAX));
        assert_eq!(aimd.bits(), 765_000);
    }

    #[test]
    fn where_the_path_is_known_to_carry_more_it_goes_down_by_little_once() {
        let (start, mut aimd) = (Instant::now(), Aimd::new(3_000_000));
        let ms = Duration::from_millis;
        assert!(aimd.update(start, Usage::Over, full(2_900_000), RTT, 2_850_000));
        assert_eq!(aimd.bits(), 2_650_500);
        assert!(aimd.update(start + ms(400), Usage::Over, full(2_800_000), RTT, 2_850_000));
        assert_eq!(aimd.bits(), 2_380_000, "it was no help");
        aimd.prove(start, 2_850_000, None);
        assert!(aimd.update(start + ms(3000), Usage::Over, full(2_400_000), RTT, 2_850_000));
        assert_eq!(aimd.bits(), 2_040_000, "it carries less by now");
    }

    #[test]
    fn where_all_arrives_it_goes_no_lower_than_that() {
        let (start, mut aimd) = (Instant::now(), Aimd::new(2_000_000));
        assert!(aimd.update(start, Usage::Over, Rates { left: 500_000, acked: 490_000 }, RTT, u64::MAX));
        assert_eq!(aimd.bits(), 525_000);
    }

    #[test]
    fn near_what_was_full_before_it_goes_by_packets() {
        let (start, mut aimd) = (Instant::now(), Aimd::new(1_000_000));
        aimd.update(start, Usage::Over, full(1_000_000), RTT, u64::MAX);
        fed(&mut aimd, start, 500..1600, Usage::Normal, 990_000);
        assert!((890_000..950_000).contains(&aimd.bits()), "{}", aimd.bits());
    }

    #[test]
    fn a_queue_that_is_waited_for_brings_it_to_what_came_through_but_not_to_nothing() {
        let (start, mut aimd) = (Instant::now(), Aimd::new(2_000_000));
        assert!(aimd.fall(start, 1_000_000));
        assert_eq!(aimd.bits(), 850_000);
        assert!(!aimd.fall(start, 1_000_000), "that is known");
        assert!(aimd.fall(start, 0));
        assert_eq!(aimd.bits(), 106_250);
    }

    #[test]
    fn who_sends_little_learns_nothing_of_more() {
        let (start, mut aimd) = (Instant::now(), Aimd::new(1_000_000));
        fed(&mut aimd, start, 0..10_000, Usage::Normal, 400_000);
        assert_eq!(aimd.bits(), 1_000_000);
        aimd.prove(start, 3_000_000, None);
        assert_eq!(aimd.bits(), 3_000_000);
        aimd.prove(start, 700_000, Some(400_000));
        assert_eq!(aimd.bits(), 700_000);
    }
}
