//! Whether delay grows: the slope of delays over time, against a threshold that adapts to what the path does anyway
//! (draft-ietf-rmcat-gcc-02 §5.4; Carlucci, De Cicco, Holmer, Mascolo: Analysis and design of the Google congestion control
//! for web real-time communication, 2016; the slope in place of the Kalman filter as libwebrtc has it since 2016).

use std::collections::VecDeque;

use crate::groups::Delta;

/// Groups that the slope is taken over.
const WINDOW: usize = 20;
const SMOOTHING: f64 = 0.9;
/// The slope is weighed by the number of groups, up to so many, and by the gain, before it meets the threshold.
const MOST_GROUPS: u32 = 60;
const GAIN: f64 = 4.0;
/// The threshold, in milliseconds: at the start, at least and at most.
const THRESHOLD: f64 = 12.5;
const THRESHOLD_RANGE: (f64, f64) = (6.0, 600.0);
/// How fast the threshold follows upward and downward.
const FOLLOWS_UP: f64 = 0.0087;
const FOLLOWS_DOWN: f64 = 0.039;
/// What is so far above the threshold is no property of the path but a queue.
const SPIKE: f64 = 15.0;
/// Delay has grown for at least so long, in milliseconds.
const OVERUSE: f64 = 10.0;

/// What the path does with what it is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Usage {
    /// It carries it.
    #[default]
    Normal,
    /// A queue grows.
    Over,
    /// A queue shrinks.
    Under,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Trendline {
    /// (arrival, smoothed delay), milliseconds.
    delays: VecDeque<(f64, f64)>,
    origin: Option<i64>,
    delay: f64,
    smoothed: f64,
    groups: u32,
    threshold: f64,
    adapted: Option<f64>,
    slope: f64,
    /// For how long and over how many groups in a row the slope has been too steep.
    steep: Option<(f64, u32)>,
    usage: Usage,
}

impl Default for Trendline {
    fn default() -> Self {
        Self {
            delays: VecDeque::with_capacity(WINDOW + 1),
            origin: None,
            delay: 0.0,
            smoothed: 0.0,
            groups: 0,
            threshold: THRESHOLD,
            adapted: None,
            slope: 0.0,
            steep: None,
            usage: Usage::Normal,
        }
    }
}

impl Trendline {
    pub(crate) fn usage(&self) -> Usage {
        self.usage
    }

    pub(crate) fn take(&mut self, delta: Delta) {
        let origin = *self.origin.get_or_insert(delta.at);
        let (sent, arrived) = (delta.sent as f64 / 1e3, delta.arrived as f64 / 1e3);
        let at = (delta.at - origin) as f64 / 1e3;
        self.groups = (self.groups + 1).min(1000);
        self.delay += arrived - sent;
        self.smoothed = SMOOTHING * self.smoothed + (1.0 - SMOOTHING) * self.delay;
        self.delays.push_back((at, self.smoothed));
        if self.delays.len() > WINDOW {
            self.delays.pop_front();
        }
        let slope = if self.delays.len() == WINDOW { self.fit().unwrap_or(self.slope) } else { self.slope };
        self.judge(slope, sent, at);
    }

    /// Least squares.
    fn fit(&self) -> Option<f64> {
        let n = self.delays.len() as f64;
        let (sum_x, sum_y) = self.delays.iter().fold((0.0, 0.0), |(x, y), d| (x + d.0, y + d.1));
        let (mean_x, mean_y) = (sum_x / n, sum_y / n);
        let along = |(over, under): (f64, f64), d: &(f64, f64)| {
            (over + (d.0 - mean_x) * (d.1 - mean_y), under + (d.0 - mean_x).powi(2))
        };
        let (over, under) = self.delays.iter().fold((0.0, 0.0), along);
        (under > 0.0).then(|| over / under)
    }

    fn judge(&mut self, slope: f64, sent: f64, at: f64) {
        let weighed = f64::from(self.groups.min(MOST_GROUPS)) * slope * GAIN;
        if weighed > self.threshold {
            let (time, times) = self.steep.map_or((sent / 2.0, 1), |(time, times)| (time + sent, times + 1));
            self.steep = Some((time, times));
            if time > OVERUSE && times > 1 && slope >= self.slope {
                self.steep = None;
                self.usage = Usage::Over;
            }
        } else {
            self.steep = None;
            self.usage = if weighed < -self.threshold { Usage::Under } else { Usage::Normal };
        }
        self.slope = slope;
        self.adapt(weighed.abs(), at);
    }

    fn adapt(&mut self, weighed: f64, at: f64) {
        let since = (at - self.adapted.replace(at).unwrap_or(at)).clamp(0.0, 100.0);
        if weighed > self.threshold + SPIKE {
            return;
        }
        let follows = if weighed < self.threshold { FOLLOWS_DOWN } else { FOLLOWS_UP };
        let threshold = self.threshold + follows * (weighed - self.threshold) * since;
        self.threshold = threshold.clamp(THRESHOLD_RANGE.0, THRESHOLD_RANGE.1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Groups 20 ms apart, each of which takes `grows` microseconds longer than the one before, give or take `jitter`.
    fn seen(trendline: &mut Trendline, from: i64, n: i64, grows: i64, jitter: i64) -> Vec<Usage> {
        let shake = |i: i64| if i % 2 == 0 { jitter } else { -jitter };
        let mut group = |i| {
            let arrived = 20_000 + grows + shake(i) - shake(i - 1);
            trendline.take(Delta { sent: 20_000, arrived, at: i * (20_000 + grows) });
            trendline.usage()
        };
        (from..from + n).map(&mut group).collect()
    }

    #[test]
    fn a_queue_that_grows_is_overuse_within_half_a_second_and_its_end_is_told() {
        let mut trendline = Trendline::default();
        assert!(seen(&mut trendline, 0, 100, 0, 0).iter().all(|u| *u == Usage::Normal));
        let growing = seen(&mut trendline, 100, 25, 4_000, 0);
        assert!(growing.contains(&Usage::Over), "{growing:?}");
        assert_eq!(seen(&mut trendline, 125, 40, -4_000, 0).last(), Some(&Usage::Under));
        assert_eq!(seen(&mut trendline, 165, 100, 0, 0).last(), Some(&Usage::Normal));
    }

    #[test]
    fn a_path_that_shakes_is_not_taken_for_one_that_is_full() {
        let mut trendline = Trendline::default();
        assert!(!seen(&mut trendline, 0, 500, 0, 6_000).contains(&Usage::Over));
    }
}
