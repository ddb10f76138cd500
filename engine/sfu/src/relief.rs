//! Smaller pictures, or none, for a receiver whose path does not carry what it is sent.
//!
//! Two things tell: what is lost (RFC 3550 reports), and what the receiver believes its path to carry (REMB,
//! draft-alvestrand-rmcat-remb), which falls when packets begin to queue, long before the first is lost. A full link drops or
//! delays, and a smaller layer is worth more than a larger one with holes, seconds late. Down at once, up slowly, and more
//! slowly each time that up was wrong.
//!
//! Law: sound comes before pictures. Packets that queue delay both, so when a layer was too large, none is sent until the
//! queue is through; and when the smallest is, pictures pause. Loss alone never takes the picture away: where a smaller layer
//! does not cure it, the path is not full but bad.

use std::time::{Duration, Instant};

/// No picture; then the layers, smallest first.
const NONE: usize = 0;
const SMALLEST: usize = 1;
/// The largest layer there is, so no bound.
const FREE: usize = 3;

/// Losing more than this share twice in a row is too much; less than the other is a path at ease.
const TOO_MUCH: f32 = 0.12;
const AT_EASE: f32 = 0.03;
/// A step needs so long to show in the reports.
const SETTLES: Duration = Duration::from_millis(1500);
const FIRST_TRY: Duration = Duration::from_secs(8);
const LAST_TRY: Duration = Duration::from_secs(120);

/// In per cent of what is sent: an estimate below it says that the path does not carry that.
const FITS: u64 = 95;
/// But an estimate also lags behind what is sent after a step up, and then it grows (libwebrtc: 8 % a second, or a packet for
/// each round trip). One that has not grown by this many per cent in so long is the path's.
const GROWS: u64 = 2;
const STANDS: Duration = Duration::from_secs(2);
/// Where it is not even half of what is sent.
const STANDS_LOW: Duration = Duration::from_secs(1);
/// While a step up is on trial.
const STANDS_ON_TRIAL: Duration = Duration::from_millis(600);
const TRIAL: Duration = Duration::from_secs(5);
/// libwebrtc's estimate of a full path, in per cent of what arrives by it.
const OF_FULL: u64 = 85;
/// How many times the rate of the next smaller layer a layer has, roughly: senders halve both sides.
const SMALLER: u64 = 3;
/// A queue is waited for no longer.
const DRAINS: Duration = Duration::from_secs(4);

/// What a receiver is sent of pictures.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sent {
    /// Bits a second.
    pub(crate) bits: u64,
    /// The largest layer among them.
    pub(crate) top: Option<usize>,
}

/// See the module.
#[derive(Clone, Debug)]
pub(crate) struct Relief {
    level: usize,
    /// Reports in a row that told of too much loss.
    bad: u8,
    at_ease: bool,
    /// Since when the estimate has been too small for what is sent without growing, and what it was then.
    tight: Option<(Instant, u64)>,
    /// What the path is said to carry, by somebody who wants to see what happens then.
    limit: Option<u64>,
    /// A queue drains until then.
    draining: Option<Instant>,
    changed: Option<Instant>,
    raised: bool,
    wait: Duration,
}

impl Default for Relief {
    fn default() -> Self {
        Self {
            level: FREE,
            bad: 0,
            at_ease: true,
            tight: None,
            limit: None,
            draining: None,
            changed: None,
            raised: false,
            wait: FIRST_TRY,
        }
    }
}

impl Relief {
    /// The largest layer that this receiver is sent now; `None` for no picture at all.
    pub(crate) fn most(&self) -> Option<usize> {
        if self.draining.is_some() { None } else { self.level.checked_sub(SMALLEST) }
    }

    /// Pictures pause.
    pub(crate) fn is_paused(&self) -> bool {
        self.level == NONE
    }

    /// Whether [`Relief::rest`] has anything to do.
    pub(crate) fn is_needed(&self) -> bool {
        self.level < FREE || self.draining.is_some() || self.limit.is_some()
    }

    /// From now on no more bits a second than that, or as many as the path carries.
    pub(crate) fn limit(&mut self, bits: Option<u64>) {
        self.limit = bits;
    }

    /// A report says which share was lost, at the worst stream. `true` when less is to be sent.
    pub(crate) fn hear_loss(&mut self, now: Instant, lost: f32, sent: Sent) -> bool {
        self.at_ease = lost < AT_EASE;
        if lost <= TOO_MUCH {
            self.bad = 0;
            return false;
        }
        self.bad = (self.bad + 1).min(2);
        // What a path carries that loses isn't known: a step, and the next reports tell.
        self.bad == 2 && self.lower(now, sent, sent.bits, SMALLEST)
    }

    /// The receiver says what its path carries, in bits a second. `true` when less is to be sent.
    pub(crate) fn hear_estimate(&mut self, now: Instant, estimate: u64, sent: Sent) -> bool {
        if estimate.saturating_mul(100) >= sent.bits.saturating_mul(FITS) {
            self.tight = None;
            return false;
        }
        let (since, then) = match self.tight {
            Some((since, then)) if estimate.saturating_mul(100) <= then.saturating_mul(100 + GROWS) => (since, then),
            _ => (now, estimate),
        };
        self.tight = Some((since, then));
        let stands = match () {
            () if self.raised && self.since(now) < TRIAL => STANDS_ON_TRIAL,
            () if estimate < sent.bits / 2 => STANDS_LOW,
            () => STANDS,
        };
        let queueing = now.saturating_duration_since(since);
        let carried = (estimate.saturating_mul(100) / OF_FULL).max(1);
        if queueing < stands || !self.lower(now, sent, carried, NONE) {
            return false;
        }
        let over = sent.bits.saturating_sub(carried);
        let ms = u128::from(over) * (queueing + Pace::WINDOW).as_millis() / u128::from(carried);
        self.draining = Some(now + DRAINS.min(Duration::from_millis(ms as u64)));
        true
    }

    /// Time has passed. `true` when more may be sent, or has to be less.
    pub(crate) fn rest(&mut self, now: Instant, sent: Sent) -> bool {
        let limit = self.limit.unwrap_or(u64::MAX);
        if sent.bits > limit && self.lower(now, sent, limit, SMALLEST) {
            return true;
        }
        if self.draining.is_some_and(|until| until <= now) {
            self.draining = None;
            return true;
        }
        if self.raised && self.since(now) >= FIRST_TRY {
            self.wait = FIRST_TRY; // it was right, so the next step is no bolder than the first
        }
        let rested = self.at_ease && self.tight.is_none() && self.since(now) >= self.wait;
        rested && sent.bits.saturating_mul(SMALLER) <= limit && self.level < FREE && self.set(now, self.level + 1, true)
    }

    fn since(&self, now: Instant) -> Duration {
        self.changed.map_or(Duration::MAX, |at| now.saturating_duration_since(at))
    }

    /// To what fits into `carried` bits a second, a step at least, though not below `floor`.
    fn lower(&mut self, now: Instant, sent: Sent, carried: u64, floor: usize) -> bool {
        let since = self.since(now);
        let level = self.level.min(sent.top.map_or(NONE, |layer| layer + SMALLEST));
        if level <= floor || since < SETTLES && !self.raised {
            return false;
        }
        if self.raised && since < self.wait {
            self.wait = (self.wait * 2).min(LAST_TRY);
        }
        let fits = |steps: &u32| sent.bits / SMALLER.pow(*steps) <= carried;
        let steps = (1..FREE as u32).find(fits).unwrap_or(FREE as u32);
        self.set(now, level.saturating_sub(steps as usize).max(floor), false)
    }

    fn set(&mut self, now: Instant, level: usize, raised: bool) -> bool {
        (self.level, self.raised, self.changed) = (level, raised, Some(now));
        // What was said of another layer holds no longer; of no picture nothing will be said at all.
        (self.bad, self.at_ease, self.tight) = (0, true, None);
        true
    }
}

/// How fast a receiver is sent pictures.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pace {
    bytes: u64,
    since: Option<Instant>,
    bits: u64,
}

impl Pace {
    /// Long enough for a key frame not to be all of it.
    const WINDOW: Duration = Duration::from_millis(500);

    /// So many bytes have gone.
    pub(crate) fn note(&mut self, bytes: usize) {
        self.bytes += bytes as u64;
    }

    /// Bits a second, in the last window or what has passed since it was asked last.
    pub(crate) fn bits(&mut self, now: Instant) -> u64 {
        let took = now.saturating_duration_since(*self.since.get_or_insert(now));
        if took >= Self::WINDOW {
            self.bits = self.bytes * 8_000 / took.as_millis() as u64;
        }
        if took >= Self::WINDOW || took.is_zero() {
            (self.bytes, self.since) = (0, Some(now));
        }
        self.bits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of layers of 150 kb/s, 500 kb/s and 1.7 Mb/s, of which the largest is wanted.
    fn sent(relief: &Relief) -> Sent {
        let top = relief.most();
        Sent { bits: top.map_or(0, |layer| [150_000, 500_000, 1_700_000][layer]), top }
    }

    const LARGE: Sent = Sent { bits: 1_700_000, top: Some(2) };

    /// What the receiver is sent at the end of each second, `lost` being the share lost with each layer.
    fn seconds(relief: &mut Relief, start: Instant, from: u64, n: u64, lost: [f32; 3]) -> Vec<usize> {
        let mut second = |s| {
            let now = start + Duration::from_secs(s);
            relief.rest(now, sent(relief));
            relief.hear_loss(now, lost[relief.most().unwrap_or_default()], sent(relief));
            relief.most().expect("loss takes no picture away")
        };
        (from..from + n).map(&mut second).collect()
    }

    /// The same at the end of each fifth of a second, of a path that carries `link` and only delays. The estimate behaves as
    /// libwebrtc's does: 85 % of what arrives while packets queue, else it grows by 8 % a second up to one and a half times
    /// what arrives.
    fn on_a_link(relief: &mut Relief, start: Instant, seconds: u64, link: u64) -> Vec<Option<usize>> {
        let (mut estimate, mut queue) = (2_000_000_u64, 0_u64);
        let mut pace = Pace::default();
        let mut fifth = |n| {
            let now = start + Duration::from_millis(200 * n);
            let bits = sent(relief).bits;
            pace.note(bits as usize / 40);
            queue = (queue + bits / 5).saturating_sub(link / 5);
            estimate = if queue > 0 {
                estimate.min(link * 85 / 100)
            } else {
                (estimate * 1016 / 1000).min(bits.min(link) * 3 / 2 + 10_000).max(estimate)
            };
            let sent = Sent { bits: pace.bits(now), top: relief.most() };
            relief.hear_loss(now, 0.0, sent);
            relief.hear_estimate(now, estimate, sent);
            relief.rest(now, sent);
            relief.most()
        };
        (0..5 * seconds).map(&mut fifth).collect()
    }

    /// How often each of these was gone over to.
    fn changes(sent: &[Option<usize>], to: Option<usize>) -> usize {
        sent.windows(2).filter(|w| w[0] != to && w[1] == to).count()
    }

    #[test]
    fn a_full_link_gets_a_layer_that_fits_it() {
        let sent = seconds(&mut Relief::default(), Instant::now(), 0, 8, [0.0, 0.3, 0.6]);
        assert_eq!(sent, [2, 1, 1, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn a_bad_second_changes_nothing_and_neither_does_a_noisy_path() {
        let (mut relief, start) = (Relief::default(), Instant::now());
        assert!(!relief.hear_loss(start, 0.5, sent(&relief)));
        assert_eq!(seconds(&mut relief, start, 1, 20, [0.08; 3]), [2; 20]);
    }

    #[test]
    fn up_is_tried_again_after_longer_and_longer() {
        let (mut relief, start) = (Relief::default(), Instant::now());
        let sent = seconds(&mut relief, start, 0, 120, [0.0, 0.0, 0.5]);
        let tries: Vec<u64> = (1..120).filter(|s| sent[*s as usize] == 2 && sent[*s as usize - 1] == 1).collect();
        let waits: Vec<u64> = tries.windows(2).map(|w| w[1] - w[0]).collect();
        assert!(waits.len() >= 2 && waits.windows(2).all(|w| w[1] > w[0] + 4), "{tries:?}");
    }

    #[test]
    fn a_path_that_recovers_gets_everything_back() {
        let (mut relief, start) = (Relief::default(), Instant::now());
        assert_eq!(seconds(&mut relief, start, 0, 6, [0.0, 0.5, 0.5]).last(), Some(&0));
        assert_eq!(seconds(&mut relief, start, 6, 30, [0.0; 3]).last(), Some(&2));
        assert!(!relief.is_needed());
    }

    #[test]
    fn a_link_that_only_delays_gets_a_layer_that_fits_it_once_its_queue_is_through() {
        let sent = on_a_link(&mut Relief::default(), Instant::now(), 6, 700_000);
        assert_eq!(sent[4], Some(2));
        assert_eq!(sent[10..].iter().flatten().max(), Some(&1), "{sent:?}");
        assert!(sent.contains(&None) && sent[20..].iter().all(|s| *s == Some(1)), "{sent:?}");
        let wide = on_a_link(&mut Relief::default(), Instant::now(), 60, 3_000_000);
        assert!(wide.iter().all(|s| *s == Some(2)));
    }

    #[test]
    fn where_not_even_the_smallest_fits_pictures_pause_at_once_and_are_tried_again() {
        let mut relief = Relief::default();
        let start = Instant::now();
        let sent = on_a_link(&mut relief, start, 9, 100_000);
        assert!(relief.is_paused() && sent[10..].iter().all(Option::is_none), "{sent:?}");
        let better = on_a_link(&mut relief, start + Duration::from_secs(9), 60, 3_000_000);
        assert_eq!(better.last(), Some(&Some(2)));
    }

    #[test]
    fn pictures_that_paused_amid_losses_are_tried_again_though_nothing_is_reported_of_none() {
        let (mut relief, start) = (Relief::default(), Instant::now());
        for fifth in 0..40 {
            let now = start + Duration::from_millis(200 * fifth);
            if !relief.is_paused() {
                relief.hear_loss(now, 0.5, sent(&relief));
                relief.hear_estimate(now, 60_000, sent(&relief));
                relief.rest(now, sent(&relief));
            }
        }
        assert!(relief.is_paused());
        for s in 8..40 {
            relief.rest(start + Duration::from_secs(s), sent(&relief));
        }
        assert!(relief.most().is_some());
    }

    #[test]
    fn too_much_on_trial_is_taken_back_within_a_second_or_two() {
        let sent = on_a_link(&mut Relief::default(), Instant::now(), 200, 700_000);
        let later = &sent[25..];
        let tries = changes(later, Some(2));
        let above = later.iter().filter(|s| **s == Some(2)).count();
        assert!((2..8).contains(&tries) && above <= tries * 10, "{tries} tries, {above} fifths of a second");
    }

    #[test]
    fn an_estimate_that_lags_behind_a_larger_layer_is_none_that_it_does_not_fit() {
        let (mut relief, start) = (Relief::default(), Instant::now());
        let mut estimate = 300_000_u64;
        for half in 0..60 {
            relief.hear_estimate(start + Duration::from_millis(500 * half), estimate, LARGE);
            estimate = estimate * 104 / 100;
        }
        assert_eq!(relief.most(), Some(2));
    }

    #[test]
    fn a_jolt_of_the_path_costs_nothing() {
        let (mut relief, start) = (Relief::default(), Instant::now());
        for (s, estimate) in [2_500_000, 1_440_000, 1_500_000, 1_560_000, 1_640_000, 1_770_000].into_iter().enumerate()
        {
            relief.hear_estimate(start + Duration::from_secs(s as u64), estimate, LARGE);
        }
        assert_eq!(relief.most(), Some(2));
    }

    #[test]
    fn a_limit_is_kept_to_and_never_takes_the_picture_away() {
        let (mut relief, start) = (Relief::default(), Instant::now());
        let mut seconds = |from: u64, n: u64, limit: Option<u64>| {
            relief.limit(limit);
            for s in from..from + n {
                relief.rest(start + Duration::from_secs(s), sent(&relief));
            }
            relief.most()
        };
        assert_eq!(seconds(0, 30, Some(600_000)), Some(1), "and no more is tried");
        assert_eq!(seconds(30, 3, Some(1000)), Some(0));
        assert_eq!(seconds(33, 40, None), Some(2));
    }

    #[test]
    fn a_pace_is_of_the_last_half_second() {
        let (mut pace, start) = (Pace::default(), Instant::now());
        pace.note(1_000_000);
        assert_eq!(pace.bits(start), 0, "nobody knows in what time");
        for ms in (100..=2000).step_by(100) {
            pace.note(2500);
            let bits = pace.bits(start + Duration::from_millis(ms));
            assert_eq!(bits, if ms < 500 { 0 } else { 200_000 });
        }
    }
}
