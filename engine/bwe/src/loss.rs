//! The rate by what is lost (draft-ietf-rmcat-gcc-02 §6), and when not to believe it.
//!
//! A path may lose because it is full, or because it is bad: a radio, a cable. The first is cured by sending less; the second
//! is not. So where less was sent and as much is lost as before, that much is the path's own, and only what is lost beyond it
//! counts. Law: loss alone, however bad, doesn't take a rate further down than it takes to find that out.

use std::time::{Duration, Instant};

use crate::RATES;

/// The share of packets above which the rate goes down, and below which it goes up.
const TOO_MUCH: f64 = 0.10;
const LITTLE: f64 = 0.02;
/// Packets that make an observation.
const PACKETS: u32 = 20;
/// No second step sooner than a round trip and so long.
const REACTS: Duration = Duration::from_millis(300);
/// A second, while little is lost.
const UP: f64 = 1.08;
/// Sent to this share of what it was when loss began, loss should be less than that share of what it was.
const LESS_SENT: f64 = 0.6;
const LESS_LOST: f64 = 0.7;
/// So many steps down are needed to tell.
const STEPS: u32 = 3;
/// An observation's part in what is lost over some seconds.
const FOLLOWS: f64 = 0.15;
/// What a path loses anyway is looked at anew after so long.
const BELIEVED: Duration = Duration::from_secs(30);

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Loss {
    /// `None`: loss limits nothing.
    bits: Option<u64>,
    lost: u32,
    seen: u32,
    /// Of the packets of the last observation.
    share: f64,
    /// Of those of the last seconds.
    smoothed: f64,
    changed: Option<Instant>,
    began: Option<Decline>,
    /// What the path loses whatever is sent, and since when that is believed.
    own: Option<(f64, Instant)>,
}

/// The rate goes down, step by step.
#[derive(Clone, Copy, Debug)]
struct Decline {
    from: u64,
    steps: u32,
    /// The largest share, but for the first: that is of packets from before and after the path became what it is.
    lost: f64,
}

impl Loss {
    /// The rate that loss allows.
    pub(crate) fn bits(&self) -> u64 {
        self.bits.unwrap_or(u64::MAX)
    }

    /// The share of packets that were lost in the last seconds, 0 to 1.
    pub(crate) fn lost(&self) -> f64 {
        self.smoothed
    }

    /// A probe has shown that the path carries so much.
    pub(crate) fn prove(&mut self, bits: u64) {
        self.bits = self.bits.map(|known| known.max(bits));
    }

    /// Of `seen` packets `lost` were lost, of what delay and demand have allowed: `bits`. `true` when the rate went down.
    pub(crate) fn update(&mut self, now: Instant, lost: u32, seen: u32, bits: u64, rtt: Duration) -> bool {
        self.lost += lost;
        self.seen += seen;
        let since = self.changed.map_or(Duration::MAX, |at| now.saturating_duration_since(at));
        if self.seen < PACKETS || since < rtt.min(REACTS) + REACTS {
            return false;
        }
        self.share = f64::from(self.lost.min(self.seen)) / f64::from(self.seen);
        self.smoothed += FOLLOWS * (self.share - self.smoothed);
        (self.lost, self.seen, self.changed) = (0, 0, Some(now));
        if self.own.is_some_and(|(_, since)| now.saturating_duration_since(since) > BELIEVED) {
            self.own = None;
        }
        let rate = self.bits().min(bits);
        let more = self.share - self.own.map_or(0.0, |(own, _)| own);
        if more > TOO_MUCH {
            return self.decrease(now, rate, more);
        }
        if more < LITTLE || self.own.is_some() {
            self.began = None;
            let up = (rate as f64 * UP.powf(since.as_secs_f64().min(1.0))) as u64 + 1_000;
            self.bits = self.bits.map(|_| up).filter(|up| *up <= bits.saturating_mul(2));
        }
        false
    }

    fn decrease(&mut self, now: Instant, rate: u64, more: f64) -> bool {
        let decline = self.began.get_or_insert(Decline { from: rate, steps: 0, lost: 0.0 });
        let less = (rate as f64) < decline.from as f64 * LESS_SENT && decline.steps >= STEPS;
        if less && self.share > decline.lost * LESS_LOST {
            (self.own, self.bits) = (Some((self.share.min(decline.lost), now)), Some(decline.from));
            self.began = None;
            return false;
        }
        if decline.steps > 0 {
            decline.lost = decline.lost.max(self.share);
        }
        decline.steps += 1;
        self.bits = Some(RATES.clamp((rate as f64 * (1.0 - more / 2.0)) as u64));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rate after each second on a path that loses `share` of what it carries and all that it doesn't.
    fn seconds(loss: &mut Loss, start: Instant, from: u64, n: u64, carries: u64, share: f64) -> Vec<u64> {
        let mut second = |s: u64| {
            for tenth in 0..10 {
                let now = start + Duration::from_millis(s * 1000 + tenth * 100);
                let sent = loss.bits().min(2_000_000);
                let through = (carries as f64 / sent as f64).min(1.0) * (1.0 - share);
                let packets = (sent / 100_000).max(4) as u32;
                let gone = f64::from(packets) * (1.0 - through);
                // A fraction of a packet is lost now and then.
                let gone = gone.floor() as u32 + u32::from((s * 10 + tenth) % 10 < (gone.fract() * 10.0) as u64);
                loss.update(now, gone, packets, 2_000_000, Duration::from_millis(50));
            }
            loss.bits().min(2_000_000)
        };
        (from..from + n).map(&mut second).collect()
    }

    #[test]
    fn a_path_that_drops_what_it_cannot_carry_is_sent_what_it_can() {
        let (start, mut loss) = (Instant::now(), Loss::default());
        let rates = seconds(&mut loss, start, 0, 10, 600_000, 0.0);
        assert!(rates[6..].iter().all(|bits| (400_000..720_000).contains(bits)), "{rates:?}");
        let rates = seconds(&mut loss, start, 10, 30, 5_000_000, 0.0);
        assert_eq!(rates.last(), Some(&2_000_000), "{rates:?}");
    }

    #[test]
    fn a_path_that_loses_whatever_it_is_sent_is_sent_as_much_as_before() {
        let (start, mut loss) = (Instant::now(), Loss::default());
        let rates = seconds(&mut loss, start, 0, 60, 5_000_000, 0.25);
        assert!(rates.iter().all(|bits| *bits > 900_000), "{rates:?}");
        assert!(rates.iter().filter(|bits| **bits > 1_900_000).count() > 40, "{rates:?}");
    }

    #[test]
    fn a_few_per_cent_are_no_reason() {
        let (start, mut loss) = (Instant::now(), Loss::default());
        assert!(seconds(&mut loss, start, 0, 20, 5_000_000, 0.07).iter().all(|bits| *bits == 2_000_000));
    }
}
