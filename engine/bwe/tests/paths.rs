//! The estimator over paths of every kind, in virtual time: what it finds, how soon, and what a voice beside it suffers.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use folkmoot_bwe::{Estimator, ProbeCluster, RUN};
use folkmoot_netem::{Link, Plan};

const MS: Duration = Duration::from_millis(1);
const PACKET: usize = 1100;
const FEEDBACK_EVERY: Duration = Duration::from_millis(50);

/// A sender that sends what it has, or what it may, and a receiver that tells what came.
struct Road {
    now: Instant,
    begun: Instant,
    estimator: Estimator,
    link: Link<u16>,
    back: Link<Vec<(u16, Option<i64>)>>,
    /// Bits a second that there would be to send.
    wanted: u64,
    seq: u16,
    owed: f64,
    /// The burst under way, since when, and how many packets and bytes of it are out.
    probe: Option<(ProbeCluster, Instant, u32, u64)>,
    arrived: BTreeMap<u16, i64>,
    told: u16,
    next_feedback: Instant,
    left: BTreeMap<u16, Instant>,
    /// The longest way of a packet since the last [`Road::seconds`].
    slowest: Duration,
    /// Before that nothing goes through, and waits.
    stops: Instant,
    waiting: Vec<(usize, u16)>,
    packet: usize,
}

impl Road {
    fn new(plan: Plan, wanted: u64, seed: u64) -> Self {
        let now = Instant::now();
        let mut estimator = Estimator::default();
        estimator.number_packets(now);
        estimator.set_wanted(wanted);
        Self {
            now,
            begun: now,
            estimator,
            link: Link::new(plan, seed),
            back: Link::new(Plan { delay: plan.delay, ..Plan::default() }, seed),
            wanted,
            seq: 65_000,
            owed: 0.0,
            probe: None,
            arrived: BTreeMap::new(),
            told: 65_000,
            next_feedback: now + FEEDBACK_EVERY,
            left: BTreeMap::new(),
            slowest: Duration::ZERO,
            stops: now,
            waiting: Vec::new(),
            packet: PACKET,
        }
    }

    fn narrow(rate: u64, queue: Duration) -> Plan {
        Plan { rate: Some(rate), queue, delay: 20 * MS, ..Plan::default() }
    }

    fn send(&mut self, size: usize, probe: Option<u8>) {
        self.estimator.on_sent(self.now, self.seq, size, probe);
        self.waiting.push((size + 28, self.seq));
        self.left.insert(self.seq, self.now);
        self.seq = self.seq.wrapping_add(1);
    }

    fn step(&mut self) {
        let now = self.now;
        let draining = self.estimator.draining().is_some_and(|until| until > now);
        let rate = if draining { 0 } else { self.estimator.estimate().unwrap_or(u64::MAX).min(self.wanted) };
        self.owed = (self.owed + rate as f64 * RUN.as_secs_f64() / 8.0).min(40_000.0);
        while self.owed >= self.packet as f64 {
            self.owed -= self.packet as f64;
            // What leaves meanwhile is part of it.
            let id = self.probe.as_mut().map(|(cluster, _, packets, bytes)| {
                (*packets, *bytes) = (*packets + 1, *bytes + self.packet as u64 + 28);
                cluster.id
            });
            self.send(self.packet, id);
        }
        if let Some(cluster) = self.estimator.handle_timeout(now) {
            self.probe = Some((cluster, now, 0, 0));
        }
        self.probe.take_if(|(cluster, ..)| !self.estimator.tries(cluster.id));
        if let Some((cluster, since, mut packets, mut bytes)) = self.probe.take() {
            while bytes < cluster.due(now - since) && !cluster.is_complete(packets, bytes) {
                self.send(300, Some(cluster.id));
                (packets, bytes) = (packets + 1, bytes + 328);
            }
            self.probe = (!cluster.is_complete(packets, bytes)).then_some((cluster, since, packets, bytes));
        }
        if self.stops <= now {
            self.waiting.drain(..).for_each(|(size, seq)| self.link.push(now, size, seq));
        }
        while let Some(seq) = self.link.poll(now) {
            if let Some(left) = self.left.remove(&seq) {
                self.slowest = self.slowest.max(now - left);
            }
            self.arrived.insert(seq, (now - self.begun).as_micros() as i64 + 123_456_789);
        }
        if self.next_feedback <= now {
            self.next_feedback = now + FEEDBACK_EVERY;
            self.feed_back();
        }
        while let Some(told) = self.back.poll(now) {
            self.estimator.on_feedback(now, told);
        }
        self.now += RUN;
    }

    fn feed_back(&mut self) {
        let newest = self.arrived.keys().map(|seq| seq.wrapping_sub(self.told)).filter(|n| *n < 0x8000).max();
        let Some(newest) = newest else { return };
        let told = (0..=newest).map(|n| self.told.wrapping_add(n)).map(|seq| (seq, self.arrived.remove(&seq)));
        self.back.push(self.now, 100, told.collect());
        self.told = self.told.wrapping_add(newest + 1);
    }

    /// What is estimated at the end of each second.
    fn seconds(&mut self, n: u64) -> Vec<u64> {
        self.slowest = Duration::ZERO;
        let mut second = |_| {
            (0..1000 / RUN.as_millis()).for_each(|_| self.step());
            self.estimator.estimate().expect("an estimate")
        };
        (0..n).map(&mut second).collect()
    }
}

fn all_within(rates: &[u64], least: u64, most: u64) -> bool {
    rates.iter().all(|bits| (least..=most).contains(bits))
}

#[test]
fn a_path_of_any_width_is_found_within_seconds_and_kept() {
    for queue in [50 * MS, 300 * MS, 3000 * MS] {
        for rate in [300_000, 1_000_000, 3_000_000, 10_000_000] {
            let mut road = Road::new(Road::narrow(rate, queue), 20_000_000, 1);
            let found = road.seconds(8);
            let kept = road.seconds(40);
            assert!(all_within(&kept, rate * 60 / 100, rate * 115 / 100), "{rate} {queue:?}: {found:?} {kept:?}");
            let mean = kept.iter().sum::<u64>() / 40;
            assert!(mean > rate * 75 / 100, "{rate} {queue:?}: {mean} {kept:?}");
            assert!(road.slowest < 400 * MS, "{rate} {queue:?}: {:?}", road.slowest);
        }
    }
}

#[test]
fn a_wide_path_is_known_to_carry_what_is_wanted_within_a_second() {
    let mut road = Road::new(Plan { delay: 40 * MS, ..Plan::default() }, 4_000_000, 1);
    assert!(road.seconds(1)[0] >= 4_000_000);
    assert!(all_within(&road.seconds(60), 4_000_000, 8_000_000));
}

#[test]
fn a_path_that_becomes_narrow_is_left_at_once_and_taken_again_when_it_is_wide() {
    for queue in [50 * MS, 3000 * MS] {
        let mut road = Road::new(Road::narrow(5_000_000, queue), 4_000_000, 2);
        road.seconds(10);
        road.link.set_plan(Road::narrow(300_000, queue));
        let down = road.seconds(6);
        let low = road.seconds(30);
        assert!(all_within(&low, 150_000, 360_000), "{queue:?}: {down:?} {low:?}");
        assert!(road.slowest < 400 * MS, "{queue:?}: {:?}", road.slowest);
        road.link.set_plan(Road::narrow(5_000_000, queue));
        let up = road.seconds(10);
        assert!(up[9] >= 4_000_000, "{queue:?}: {up:?}");
    }
}

#[test]
fn a_bad_path_is_not_taken_for_a_narrow_one() {
    for loss in [0.01, 0.05, 0.2] {
        let mut road = Road::new(Plan { loss, delay: 20 * MS, ..Plan::default() }, 3_000_000, 3);
        road.seconds(20);
        let rates = road.seconds(60);
        let least = if loss < 0.1 { 2_900_000 } else { 1_200_000 };
        assert!(rates.iter().all(|bits| *bits >= least), "{loss}: {rates:?}");
    }
}

#[test]
fn a_path_that_shakes_keeps_most_of_its_rate() {
    let mut road = Road::new(Plan { jitter: 30 * MS, ..Road::narrow(3_000_000, 300 * MS) }, 2_000_000, 4);
    road.seconds(10);
    let rates = road.seconds(60);
    let mean = rates.iter().sum::<u64>() / 60;
    assert!(mean > 1_400_000, "{mean} {rates:?}");
}

/// A radio that looks for another, or a machine that had something else to do.
#[test]
fn a_path_that_stops_for_a_moment_is_soon_sent_what_it_carries_again() {
    for stop in [150, 200, 250, 300, 350] {
        for phase in 0..10 {
            let mut road = Road::new(Road::narrow(240_000, 3000 * MS), 20_000_000, phase);
            road.seconds(15);
            (road.wanted, road.packet) = (150_000, 400);
            road.estimator.set_wanted(150_000);
            road.seconds(10);
            (0..7 * phase).for_each(|_| road.step());
            road.stops = road.now + stop * MS;
            let mut tenth = |_| {
                (0..100 / RUN.as_millis()).for_each(|_| road.step());
                road.estimator.estimate().expect("an estimate")
            };
            let rates: Vec<u64> = (0..40).map(&mut tenth).collect();
            let little = rates.iter().filter(|rate| **rate < 140_000).count();
            assert!(little <= 3, "{stop} ms, {phase}: for {little} tenths of a second: {rates:?}");
        }
    }
}

/// A receiver that has no time for what it gets, or a way back that is cut.
#[test]
fn a_receiver_that_tells_no_more_is_sent_less_and_all_again_when_it_does() {
    let mut road = Road::new(Plan { delay: 20 * MS, ..Plan::default() }, 2_000_000, 7);
    let before = road.seconds(10)[9];
    road.back.set_plan(Plan { loss: 1.0, ..Plan::default() });
    let silent = road.seconds(30);
    assert!(all_within(&silent[..2], before, before), "a word or two may be lost: {silent:?}");
    assert!(silent[2..9].is_sorted_by(|a, b| a > b) && silent[9] < before / 4, "{silent:?}");
    assert!(all_within(&silent[25..], 30_000, 30_000), "{silent:?}");
    road.back.set_plan(Plan { delay: 20 * MS, ..Plan::default() });
    let again = road.seconds(2);
    assert!(again[1] >= 2_000_000, "{again:?}");
}

#[test]
fn what_was_kept_before_it_left_is_waited_for_as_well() {
    let mut road = Road::new(Plan { delay: 20 * MS, ..Plan::default() }, 2_000_000, 8);
    let before = road.seconds(10)[9];
    for n in 0..500 {
        let seq = road.seq.wrapping_add(n);
        road.estimator.on_kept(seq, PACKET);
        road.estimator.on_left(road.now + u32::from(n) * 10 * MS, seq);
    }
    assert!(road.estimator.estimate().is_some_and(|bits| bits < before / 10 * 7));
}

#[test]
fn who_wants_nothing_tries_nothing() {
    let mut road = Road::new(Plan { delay: 20 * MS, ..Plan::default() }, 0, 5);
    road.seconds(20);
    assert_eq!(road.seq, 65_000);
}

#[test]
fn a_receiver_that_tells_nothing_is_no_bound() {
    let mut road = Road::new(Plan { delay: 20 * MS, ..Plan::default() }, 2_000_000, 6);
    road.back.set_plan(Plan { loss: 1.0, ..Plan::default() });
    road.seconds(3);
    for _ in 0..200 {
        road.step();
    }
    assert_eq!(road.estimator.estimate(), None);
}

mod lies {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever is said, of packets sent or not, an estimate stays within its bounds, and no probe is faster than what is
        /// wanted and a fifth more, or longer than it takes.
        #[test]
        fn no_feedback_is_too_strange(
            says in prop::collection::vec((any::<u16>(), 0..70_000usize, any::<i64>(), -2_000_000..2_000_000i64), 1..60),
            wanted in 0..20_000_000u64,
        ) {
            let mut now = Instant::now();
            let mut estimator = Estimator::default();
            estimator.number_packets(now);
            estimator.set_wanted(wanted);
            let mut seq = 0_u16;
            for (base, count, from, step) in says {
                for _ in 0..base % 50 {
                    estimator.on_sent(now, seq, 1200, None);
                    seq = seq.wrapping_add(1);
                }
                let at = |n: usize| from.checked_add(step.saturating_mul(n as i64)).filter(|_| !n.is_multiple_of(7));
                estimator.on_feedback(now, (0..count).map(|n| (base.wrapping_add(n as u16), at(n))));
                estimator.on_feedback(now, (0..count).map(|n| (seq.wrapping_sub(40).wrapping_add(n as u16), at(n))));
                estimator.on_remb(now, from.unsigned_abs(), wanted);
                estimator.on_loss(now, base as f64 / 65_535.0, wanted);
                let probe = estimator.handle_timeout(now);
                if let Some(probe) = probe {
                    prop_assert!(wanted > 0 && probe.bits <= (wanted * 6 / 5).max(30_000), "{probe:?}");
                    let lasts = if probe.head > 0 { 540 } else { 15 };
                    prop_assert!(probe.bytes <= 1_500.max(4_500 * lasts / 540 + probe.head).max(probe.bits * lasts / 8_000));
                }
                prop_assert!(estimator.estimate().is_none_or(|bits| (30_000..=100_000_000).contains(&bits)));
                prop_assert!(estimator.draining().is_none_or(|until| until <= now + Duration::from_secs(4)));
                now += Duration::from_millis(u64::from(base % 997));
            }
        }

        /// What the receiver claims, it is tried with padding a small part of the time only.
        #[test]
        fn probes_are_a_small_part_of_the_time(claims in prop::collection::vec(0..3u8, 600)) {
            let begun = Instant::now();
            let mut estimator = Estimator::default();
            estimator.number_packets(begun);
            estimator.set_wanted(5_000_000);
            let (mut seq, mut padding) = (0_u16, 0_u64);
            for (n, claim) in claims.into_iter().enumerate() {
                let now = begun + n as u32 * 50 * MS;
                let probe = estimator.handle_timeout(now);
                padding += probe.map_or(0, |probe| probe.bytes);
                for _ in 0..5 {
                    estimator.on_sent(now, seq, 300, probe.map(|p| p.id));
                    seq = seq.wrapping_add(1);
                }
                let at = |i: u16| match claim {
                    0 => Some(0),
                    1 => Some(i64::from(i) * 1000 + n as i64 * 50_000),
                    _ => None,
                };
                estimator.on_feedback(now, (0..5).map(|i| (seq.wrapping_sub(5).wrapping_add(i), at(i))));
            }
            // Thirty seconds: at one a second, less than a third of a megabyte in all.
            prop_assert!(padding < 350_000, "{padding}");
        }
    }
}
