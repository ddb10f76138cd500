//! How good a peer's connection is: a simplified E-model over its worst stream.
//!
//! The worst there is to tell is "poor". "Lost" makes a LiveKit client that publishes drop everything and join anew
//! after ten seconds, a cure worse than a wrong guess; that a peer is gone is for its transport to say.

use std::time::Duration;

/// How often quality is judged.
pub(crate) const EVERY: Duration = Duration::from_secs(5);

/// Steps of quality, as LiveKit numbers them.
pub(crate) const POOR: u8 = 0;
/// See [`POOR`].
pub(crate) const GOOD: u8 = 1;
/// See [`POOR`].
pub(crate) const EXCELLENT: u8 = 2;

const BEST: f32 = 100.0;
/// No matter how bad: something arrives.
const WORST: f32 = 30.0;
const EXCELLENT_ABOVE: f32 = 80.0;
const GOOD_ABOVE: f32 = 40.0;
/// What a hundredth of the packets lost costs: 2.5 % ends excellence, 7.5 % is poor.
const LOSS_WEIGHT: f32 = 8.0;
/// The share of the way that the score goes towards a better interval, and towards a worse: trust is won slowly.
const RISE: f32 = 0.4;
const FALL: f32 = 0.8;

/// What became of a stream, or of all streams of one direction, in the interval that ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Interval {
    /// Packets sent on the way; 0 when nothing flowed, which says nothing about the connection.
    pub expected: u64,
    /// Those that never arrived, retransmissions counted in.
    pub lost: u64,
    /// The longest round trip, where it is known.
    pub rtt: Option<Duration>,
    /// The largest jitter.
    pub jitter: Duration,
}

impl Interval {
    /// From 30 to 100.
    fn score(&self) -> f32 {
        let delay = self.rtt.unwrap_or_default() / 2 + 2 * self.jitter.min(EVERY);
        let delay = delay.as_secs_f32() * 1000.0;
        let delay = if delay > 160.0 { (delay - 120.0) / 10.0 } else { delay / 40.0 };
        let loss = 100.0 * self.lost.min(self.expected) as f32 / self.expected.max(1) as f32;
        (BEST - delay - LOSS_WEIGHT * loss).clamp(WORST, BEST)
    }
}

/// A peer's quality over time.
#[derive(Clone, Debug)]
pub(crate) struct Score(f32);

impl Default for Score {
    /// Excellent, until shown otherwise.
    fn default() -> Self {
        Self(BEST)
    }
}

impl Score {
    /// Takes the interval of each stream into account, the worst alone; the new quality when its step changes.
    /// When nothing flowed there is nothing to complain of, and an old complaint fades.
    pub(crate) fn update(&mut self, streams: impl IntoIterator<Item = Interval>) -> Option<(u8, f32)> {
        let before = self.step();
        let flowing = streams.into_iter().filter(|stream| stream.expected > 0);
        let worst = flowing.map(|stream| stream.score()).fold(BEST, f32::min);
        self.0 += (worst - self.0) * if worst > self.0 { RISE } else { FALL };
        (self.step() != before).then(|| self.now())
    }

    /// The step of quality and the mean opinion score, 1 to 4.5.
    pub(crate) fn now(&self) -> (u8, f32) {
        let score = self.0;
        (self.step(), 1.0 + 0.035 * score + 0.000_007 * score * (score - 60.0) * (BEST - score))
    }

    fn step(&self) -> u8 {
        if self.0 > EXCELLENT_ABOVE {
            EXCELLENT
        } else if self.0 > GOOD_ABOVE {
            GOOD
        } else {
            POOR
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn losing(percent: u64) -> Interval {
        Interval { expected: 1000, lost: 10 * percent, ..Interval::default() }
    }

    fn delayed(rtt: u64, jitter: u64) -> Interval {
        let millis = Duration::from_millis;
        Interval { expected: 1000, lost: 0, rtt: Some(millis(rtt)), jitter: millis(jitter) }
    }

    /// The step after `n` such intervals.
    fn settled(stream: Interval, n: usize) -> u8 {
        let mut score = Score::default();
        for _ in 0..n {
            score.update([stream]);
        }
        score.now().0
    }

    #[test]
    fn a_new_peer_is_excellent_and_a_clean_line_no_news() {
        let mut score = Score::default();
        assert_eq!(score.now(), (EXCELLENT, 4.5));
        assert_eq!(score.update([delayed(40, 5), losing(0)]), None);
    }

    #[test]
    fn a_line_that_goes_bad_is_told_once_a_step_and_recovers_slowly() {
        let mut score = Score::default();
        let told: Vec<_> = (0..3).map(|_| score.update([losing(50)]).map(|(step, _)| step)).collect();
        assert_eq!(told, [Some(GOOD), Some(POOR), None]);
        let told: Vec<_> = (0..4).map(|_| score.update([losing(0)]).map(|(step, _)| step)).collect();
        assert_eq!(told, [Some(GOOD), None, Some(EXCELLENT), None]);
    }

    #[test]
    fn loss_and_delay_cost_what_they_are_heard_to() {
        assert_eq!(settled(losing(2), 9), EXCELLENT);
        assert_eq!(settled(losing(4), 9), GOOD);
        assert_eq!(settled(losing(8), 9), POOR);
        assert_eq!(settled(delayed(200, 20), 9), EXCELLENT);
        assert_eq!(settled(delayed(600, 40), 9), GOOD);
        assert_eq!(settled(delayed(1800, 0), 9), POOR);
    }

    #[test]
    fn the_worst_stream_counts_and_those_at_rest_do_not() {
        let at_rest = Interval { expected: 0, lost: 5, rtt: Some(Duration::from_secs(9)), jitter: EVERY };
        let mut score = Score::default();
        assert_eq!(score.update([at_rest]), None);
        assert_eq!(score.update([losing(0), losing(50), at_rest]).unwrap().0, GOOD);
    }

    #[test]
    fn a_complaint_fades_when_nothing_flows() {
        let mut score = Score::default();
        score.update([losing(50)]);
        score.update([losing(50)]);
        assert_eq!(score.now().0, POOR);
        for _ in 0..3 {
            score.update([]);
        }
        assert_eq!(score.now().0, EXCELLENT);
    }

    #[test]
    fn the_worst_of_lines_is_poor_and_still_a_number() {
        let absurd = Interval { expected: 1, lost: u64::MAX, rtt: Some(Duration::MAX), jitter: Duration::MAX };
        let mut score = Score::default();
        for _ in 0..100 {
            score.update([absurd]);
        }
        let (step, opinion) = score.now();
        assert_eq!(step, POOR);
        assert!((1.0..=4.5).contains(&opinion), "{opinion}");
    }
}
