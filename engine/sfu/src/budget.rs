//! How much of pictures a receiver's path carries, when it does not carry what is sent. What is sent of it is the
//! allocator's.
//!
//! Two things tell: what is lost (RFC 3550 reports), and what the receiver believes its path to carry (REMB,
//! draft-alvestrand-rmcat-remb), which falls when packets begin to queue, long before the first is lost. A full link drops or
//! delays, and a smaller layer is worth more than a larger one with holes, seconds late. Down at once, up slowly, and more
//! slowly each time that up was wrong.
//!
//! Law: sound comes before pictures. Packets that queue delay both, so while a long queue goes through, no more than half
//! of what the path carries is sent. Loss alone never takes a picture away: where smaller layers do not cure it, the path is
//! not full but bad.

use std::time::{Duration, Instant};

use crate::rate;

/// Losing more than this share twice in a row is too much; less than the other is a path at ease.
const TOO_MUCH: f32 = 0.12;
const AT_EASE: f32 = 0.03;
/// While a step up is on trial this is too much: the path lost next to nothing before it.
const TOO_MUCH_ON_TRIAL: f32 = 0.06;
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
/// What is sent of before at most, when losses say that it is too much: what arrived, or less.
const LESS: f32 = 0.7;
/// What is sent in per cent of before, when more is tried; a step of one picture at least.
const MORE: u64 = 125;
/// A shorter queue goes through by the way.
const SHORT: Duration = Duration::from_millis(300);
/// A queue is waited for no longer.
const DRAINS: Duration = Duration::from_secs(4);

/// What a receiver is sent of pictures.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sent {
    /// Bits a second.
    pub(crate) bits: u64,
    /// Of these what was sent for the first time, and not again after losses.
    pub(crate) fresh: u64,
    /// The largest layer among them.
    pub(crate) top: Option<usize>,
}

/// What there is to divide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Share {
    /// Bits a second.
    pub(crate) bits: u64,
    /// Everybody gets the smallest layer at least.
    pub(crate) all: bool,
    /// A queue has to go through first: half of it, for now.
    pub(crate) draining: bool,
}

/// See the module.
#[derive(Clone, Debug)]
pub(crate) struct Budget {
    /// `None`: there is no bound.
    share: Option<Share>,
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

impl Default for Budget {
    fn default() -> Self {
        Self {
            share: None,
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

impl Budget {
    /// What there is to divide among pictures; `None` for as much as is wanted.
    pub(crate) fn share(&self) -> Option<Share> {
        self.share.map(|share| Share { draining: self.draining.is_some(), ..share })
    }

    /// Whether [`Budget::rest`] has anything to do.
    pub(crate) fn is_needed(&self) -> bool {
        self.share.is_some() || self.limit.is_some()
    }

    /// From now on no more bits a second than that, or as many as the path carries.
    pub(crate) fn limit(&mut self, bits: Option<u64>) {
        self.limit = bits;
    }

    /// A report says which share was lost, at the worst stream. `true` when less is to be sent.
    pub(crate) fn hear_loss(&mut self, now: Instant, lost: f32, sent: Sent) -> bool {
        self.at_ease = lost < AT_EASE;
        let too_much = if self.is_on_trial(now) { TOO_MUCH_ON_TRIAL } else { TOO_MUCH };
        if lost <= too_much {
            self.bad = 0;
            return false;
        }
        self.bad = (self.bad + 1).min(2);
        let meant = self.share.map_or(sent.fresh, |share| share.bits.min(sent.fresh));
        let arrived = (meant as f32 * LESS.min(1.0 - lost)) as u64;
        self.bad == 2 && self.lower(now, sent, arrived, true)
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
            () if self.is_on_trial(now) => STANDS_ON_TRIAL,
            () if estimate < sent.bits / 2 => STANDS_LOW,
            () => STANDS,
        };
        let queueing = now.saturating_duration_since(since);
        let carried = (estimate.saturating_mul(100) / OF_FULL).max(1);
        if queueing < stands || !self.lower(now, sent, carried.min(sent.bits * FITS / 100), false) {
            return false;
        }
        let over = sent.bits.saturating_sub(carried);
        let ms = u128::from(over) * (queueing + rate::WINDOW).as_millis() / u128::from(carried);
        let queue = Duration::from_millis(ms as u64);
        self.draining = (queue >= SHORT).then(|| now + DRAINS.min(queue));
        true
    }

    /// Time has passed. `more`: the bits a second of the next step up, if there is one. `true` when more may be sent, or has
    /// to be less.
    pub(crate) fn rest(&mut self, now: Instant, sent: Sent, more: impl FnOnce() -> Option<u64>) -> bool {
        let limit = self.limit.unwrap_or(u64::MAX);
        if sent.bits > limit && self.lower(now, sent, limit, true) {
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
        rested && self.share.is_some() && self.raise(now, sent, limit, more())
    }

    fn is_on_trial(&self, now: Instant) -> bool {
        self.raised && self.since(now) < TRIAL
    }

    fn since(&self, now: Instant) -> Duration {
        self.changed.map_or(Duration::MAX, |at| now.saturating_duration_since(at))
    }

    /// To `bits` a second; `all`: though everybody keeps a picture.
    fn lower(&mut self, now: Instant, sent: Sent, bits: u64, all: bool) -> bool {
        let since = self.since(now);
        let nothing_to_take = sent.top.is_none_or(|top| all && top == 0);
        if nothing_to_take || since < SETTLES && !self.raised {
            return false;
        }
        if self.raised && since < self.wait {
            self.wait = (self.wait * 2).min(LAST_TRY);
        }
        self.set(now, Some(Share { bits, all, draining: false }), false);
        true
    }

    fn raise(&mut self, now: Instant, sent: Sent, limit: u64, more: Option<u64>) -> bool {
        let share = more.map(|more| {
            let bits = more.max(sent.bits * MORE / 100);
            Share { bits, all: self.share.is_some_and(|share| share.all), draining: false }
        });
        if share.is_some_and(|share| share.bits > limit) {
            return false;
        }
        self.set(now, share, share.is_some());
        true
    }

    fn set(&mut self, now: Instant, share: Option<Share>, raised: bool) {
        (self.share, self.raised, self.changed) = (share, raised, Some(now));
        // What was said of other layers holds no longer; of no picture nothing will be said at all.
        (self.bad, self.at_ease, self.tight, self.draining) = (0, true, None, None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allocator::{Demand, allocate, keep_within, one_more};
    use crate::rate::RateMeter;

    /// A camera in layers of 150 kb/s, 500 kb/s and 1.7 Mb/s, all of which are wanted.
    #[derive(Default)]
    struct Camera {
        budget: Budget,
    }

    impl Camera {
        fn demand() -> Demand {
            Demand { rates: [150_000, 500_000, 1_700_000], largest: 2, running: true, ..Demand::default() }
        }

        fn most(&self) -> Option<usize> {
            let Some(share) = self.budget.share() else { return Some(2) };
            let mut targets = allocate(share.bits, share.all, &[Self::demand()]);
            if share.draining {
                keep_within(share.bits / 2, &[Self::demand()], &mut targets);
            }
            targets[0]
        }

        fn rest(&mut self, now: Instant, sent: Sent) -> bool {
            let most = self.most();
            self.budget.rest(now, sent, || one_more(&[Self::demand()], &[most]))
        }

        fn hear_loss(&mut self, now: Instant, lost: f32, sent: Sent) -> bool {
            self.budget.hear_loss(now, lost, sent)
        }

        fn hear_estimate(&mut self, now: Instant, estimate: u64, sent: Sent) -> bool {
            self.budget.hear_estimate(now, estimate, sent)
        }

        fn is_paused(&self) -> bool {
            self.budget.share().is_some_and(|share| allocate(share.bits, share.all, &[Self::demand()]) == [None])
        }
    }

    fn sent(camera: &Camera) -> Sent {
        let top = camera.most();
        let bits = top.map_or(0, |layer| [150_000, 500_000, 1_700_000][layer]);
        Sent { bits, fresh: bits, top }
    }

    const LARGE: Sent = Sent { bits: 1_700_000, fresh: 1_700_000, top: Some(2) };

    /// What the receiver is sent at the end of each second, `lost` being the share lost with each layer.
    fn seconds(camera: &mut Camera, start: Instant, from: u64, n: u64, lost: [f32; 3]) -> Vec<usize> {
        let mut second = |s| {
            let now = start + Duration::from_secs(s);
            camera.rest(now, sent(camera));
            camera.hear_loss(now, lost[camera.most().unwrap_or_default()], sent(camera));
            camera.most().expect("loss takes no picture away")
        };
        (from..from + n).map(&mut second).collect()
    }

    /// The same at the end of each fifth of a second, of a path that carries `link` and only delays. The estimate behaves as
    /// libwebrtc's does: 85 % of what arrives while packets queue, else it grows by 8 % a second up to one and a half times
    /// what arrives.
    fn on_a_link(camera: &mut Camera, start: Instant, seconds: u64, link: u64) -> Vec<Option<usize>> {
        let (mut estimate, mut queue) = (2_000_000_u64, 0_u64);
        let mut pace = RateMeter::default();
        let mut fifth = |n| {
            let now = start + Duration::from_millis(200 * n);
            let bits = sent(camera).bits;
            pace.note(now, bits as usize / 40);
            queue = (queue + bits / 5).saturating_sub(link / 5);
            estimate = if queue > 0 {
                estimate.min(link * 85 / 100)
            } else {
                (estimate * 1016 / 1000).min(bits.min(link) * 3 / 2 + 10_000).max(estimate)
            };
            let bits = pace.bits(now);
            let sent = Sent { bits, fresh: bits, top: camera.most() };
            camera.hear_loss(now, 0.0, sent);
            camera.hear_estimate(now, estimate, sent);
            camera.rest(now, sent);
            camera.most()
        };
        (0..5 * seconds).map(&mut fifth).collect()
    }

    /// How often each of these was gone over to.
    fn changes(sent: &[Option<usize>], to: Option<usize>) -> usize {
        sent.windows(2).filter(|w| w[0] != to && w[1] == to).count()
    }

    #[test]
    fn a_full_link_gets_a_layer_that_fits_it() {
        let sent = seconds(&mut Camera::default(), Instant::now(), 0, 8, [0.0, 0.3, 0.6]);
        assert_eq!(sent, [2, 1, 1, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn a_bad_second_changes_nothing_and_neither_does_a_noisy_path() {
        let (mut camera, start) = (Camera::default(), Instant::now());
        assert!(!camera.hear_loss(start, 0.5, sent(&camera)));
        assert_eq!(seconds(&mut camera, start, 1, 20, [0.08; 3]), [2; 20]);
    }

    #[test]
    fn up_is_tried_again_after_longer_and_longer() {
        let (mut camera, start) = (Camera::default(), Instant::now());
        let sent = seconds(&mut camera, start, 0, 120, [0.0, 0.0, 0.5]);
        let tries: Vec<u64> = (1..120).filter(|s| sent[*s as usize] == 2 && sent[*s as usize - 1] == 1).collect();
        let waits: Vec<u64> = tries.windows(2).map(|w| w[1] - w[0]).collect();
        assert!(waits.len() >= 2 && waits.windows(2).all(|w| w[1] > w[0] + 4), "{tries:?}");
    }

    #[test]
    fn a_path_that_recovers_gets_everything_back() {
        let (mut camera, start) = (Camera::default(), Instant::now());
        assert_eq!(seconds(&mut camera, start, 0, 6, [0.0, 0.5, 0.5]).last(), Some(&0));
        assert_eq!(seconds(&mut camera, start, 6, 30, [0.0; 3]).last(), Some(&2));
        assert!(!camera.budget.is_needed());
    }

    #[test]
    fn a_link_that_only_delays_gets_a_layer_that_fits_it_once_its_queue_is_through() {
        let sent = on_a_link(&mut Camera::default(), Instant::now(), 6, 700_000);
        assert_eq!(sent[4], Some(2));
        assert_eq!(sent[10..].iter().flatten().max(), Some(&1), "{sent:?}");
        assert!(sent.contains(&None) && sent[20..].iter().all(|s| *s == Some(1)), "{sent:?}");
        let wide = on_a_link(&mut Camera::default(), Instant::now(), 60, 3_000_000);
        assert!(wide.iter().all(|s| *s == Some(2)));
    }

    #[test]
    fn where_not_even_the_smallest_fits_pictures_pause_at_once_and_are_tried_again() {
        let mut camera = Camera::default();
        let start = Instant::now();
        let sent = on_a_link(&mut camera, start, 9, 100_000);
        assert!(camera.is_paused() && sent[10..].iter().all(Option::is_none), "{sent:?}");
        let better = on_a_link(&mut camera, start + Duration::from_secs(9), 60, 3_000_000);
        assert_eq!(better.last(), Some(&Some(2)));
    }

    #[test]
    fn pictures_that_paused_amid_losses_are_tried_again_though_nothing_is_reported_of_none() {
        let (mut camera, start) = (Camera::default(), Instant::now());
        for fifth in 0..40 {
            let now = start + Duration::from_millis(200 * fifth);
            if !camera.is_paused() {
                camera.hear_loss(now, 0.5, sent(&camera));
                camera.hear_estimate(now, 60_000, sent(&camera));
                camera.rest(now, sent(&camera));
            }
        }
        assert!(camera.is_paused());
        for s in 8..40 {
            camera.rest(start + Duration::from_secs(s), sent(&camera));
        }
        assert!(camera.most().is_some());
    }

    #[test]
    fn too_much_on_trial_is_taken_back_within_a_second_or_two() {
        let sent = on_a_link(&mut Camera::default(), Instant::now(), 200, 700_000);
        let later = &sent[25..];
        let tries = changes(later, Some(2));
        let above = later.iter().filter(|s| **s == Some(2)).count();
        assert!((2..8).contains(&tries) && above <= tries * 10, "{tries} tries, {above} fifths of a second");
    }

    #[test]
    fn an_estimate_that_lags_behind_a_larger_layer_is_none_that_it_does_not_fit() {
        let (mut camera, start) = (Camera::default(), Instant::now());
        let mut estimate = 300_000_u64;
        for half in 0..60 {
            camera.hear_estimate(start + Duration::from_millis(500 * half), estimate, LARGE);
            estimate = estimate * 104 / 100;
        }
        assert_eq!(camera.most(), Some(2));
    }

    #[test]
    fn a_step_that_makes_a_quiet_path_lose_a_little_is_taken_back() {
        let (mut camera, start) = (Camera::default(), Instant::now());
        assert_eq!(seconds(&mut camera, start, 0, 8, [0.0, 0.3, 0.6]).last(), Some(&0));
        let sent = seconds(&mut camera, start, 8, 20, [0.0, 0.09, 0.3]);
        assert!(sent.contains(&1) && sent.last() == Some(&0), "tried, and taken back: {sent:?}");
    }

    #[test]
    fn a_jolt_of_the_path_costs_nothing() {
        let (mut camera, start) = (Camera::default(), Instant::now());
        for (s, estimate) in [2_500_000, 1_440_000, 1_500_000, 1_560_000, 1_640_000, 1_770_000].into_iter().enumerate()
        {
            camera.hear_estimate(start + Duration::from_secs(s as u64), estimate, LARGE);
        }
        assert_eq!(camera.most(), Some(2));
    }

    #[test]
    fn a_limit_is_kept_to_and_never_takes_the_picture_away() {
        let (mut camera, start) = (Camera::default(), Instant::now());
        let mut seconds = |from: u64, n: u64, limit: Option<u64>| {
            camera.budget.limit(limit);
            for s in from..from + n {
                camera.rest(start + Duration::from_secs(s), sent(&camera));
            }
            camera.most()
        };
        assert_eq!(seconds(0, 30, Some(600_000)), Some(1), "and no more is tried");
        assert_eq!(seconds(30, 3, Some(1000)), Some(0));
        assert_eq!(seconds(33, 40, None), Some(2));
    }
}
