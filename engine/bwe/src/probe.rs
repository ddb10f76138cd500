//! Trying more than is sent: short bursts of padding at a higher rate, and what arrives of them.
//!
//! Law: nobody tries what nobody wants. A probe is no faster than what is asked for and a fifth more, lasts some
//! milliseconds, and the next one waits until something was heard of it; one that showed nothing makes the next wait longer.
//! What is hard to believe is tried once more, by a probe with a head: more bytes than a shaper lets through at once go before
//! what is measured. It ends when they wait in a queue.

use std::time::{Duration, Instant};

use crate::RATES;

/// How long a probe lasts, and how many bytes it has at least.
const LASTS: Duration = Duration::from_millis(15);
const LEAST: u64 = 1_500;
/// Times the estimate.
const BOLD: u64 = 2;
/// Of what is wanted, in per cent: so much more is room that a layer needs to stay.
const ROOM: u64 = 120;
/// What comes of a probe is known by then.
const KNOWN: Duration = Duration::from_secs(1);
/// Between probes that showed nothing.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LAST_WAIT: Duration = Duration::from_secs(4);
/// A head lasts no longer, and what is measured behind it is more than of another probe, since so much was spent on it.
const HEAD_LASTS: Duration = Duration::from_millis(800);
const BEHIND_HEAD: Duration = Duration::from_millis(40);
const LEAST_BEHIND_HEAD: u64 = 4_500;
/// So many packets in a row so much later (microseconds) than the quickest are a queue.
const QUEUED: i64 = 55_000;
const QUEUED_PACKETS: u32 = 3;
/// One so much later than the quickest came through a path that had no pause: between two such the path tells what it carries.
const BUSY: i64 = 20_000;
/// Between two doubts.
const LAST_DOUBT: Duration = Duration::from_secs(5);
/// After the rate went down.
const RESTS: Duration = Duration::from_secs(1);
/// A cluster has so many packets at least; shares of it that have to arrive, in per cent, and how many packets.
const PACKETS: u32 = 5;
const ARRIVED: u64 = 80;
const ARRIVED_PACKETS: u32 = 4;
/// Arriving so much slower than it was sent, it filled the path: then a little less than that is what the path carries.
const FILLED: f64 = 0.9;
const OF_FILLED: f64 = 0.95;
/// A result above this share of what was tried means that more can be tried at once.
const SUCCESS: f64 = 0.7;

/// A burst of padding to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProbeCluster {
    /// Its packets are to be marked so.
    pub id: u8,
    /// How fast, in bits a second.
    pub bits: u64,
    /// How much, in bytes on the wire.
    pub bytes: u64,
    /// How much of that comes before what is measured.
    pub head: u64,
}

/// What would be hard to believe: more than the path is `known` to carry, though a shaper may let `burst` bytes through at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Doubt {
    pub(crate) known: u64,
    pub(crate) burst: u64,
}

impl ProbeCluster {
    fn new(id: u8, bits: u64, doubt: Option<Doubt>) -> Self {
        let Some(Doubt { known, burst }) = doubt else {
            return Self { id, bits, bytes: lasting(LASTS, bits).max(LEAST), head: 0 };
        };
        // Of what goes there beyond the known rate, the head is to be the burst.
        let beyond = bits.saturating_sub(known).max(1);
        let head =
            (u128::from(burst) * u128::from(bits) / u128::from(beyond)).min(lasting(HEAD_LASTS, bits).into()) as u64;
        Self { id, bits, bytes: head + lasting(BEHIND_HEAD, bits).max(LEAST_BEHIND_HEAD), head }
    }

    fn head_lasts(&self) -> Duration {
        Duration::from_micros(self.head * 8_000_000 / self.bits.max(1))
    }

    /// How much of it has to be out after so long.
    pub fn due(&self, after: Duration) -> u64 {
        // A run stands for the time until the next one.
        self.bits.saturating_mul((after + crate::RUN).as_micros() as u64) / 8_000_000
    }

    /// So many packets of so many bytes in all are enough: of few large ones nothing can be told.
    pub fn is_complete(&self, packets: u32, bytes: u64) -> bool {
        bytes >= self.bytes && packets >= PACKETS
    }
}

/// What came of a probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// The path carries so much at least.
    Carried(u64),
    /// It carries so much and no more.
    Full(u64),
}

impl Shown {
    pub(crate) fn bits(self) -> u64 {
        let (Self::Carried(bits) | Self::Full(bits)) = self;
        bits
    }
}

/// What a cluster has shown, and whether it had a head, so that nothing that lets a burst through can have flattered it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) shown: Shown,
    pub(crate) settles: bool,
}

/// What arrived of a cluster.
#[derive(Clone, Copy, Debug)]
struct Cluster {
    plan: ProbeCluster,
    at: Instant,
    /// When the first of it left.
    first: Option<i64>,
    /// By two clocks, the least time that one took, and how many in a row took much longer.
    quickest: i64,
    late: u32,
    /// When the first and the last arrived of those that found the path busy, and the bytes of all but the first.
    busy: Option<(i64, i64)>,
    busy_bytes: u64,
    packets: u32,
    bytes: u64,
    sent: (i64, i64),
    /// Bytes that left with the last of them.
    last_sent: u64,
    arrived: (i64, i64),
    first_arrived: u64,
    shown: bool,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Probes {
    cluster: Option<Cluster>,
    id: u8,
    next: Option<Instant>,
    wait: Duration,
    /// What the next one is to settle.
    doubt: Option<Doubt>,
}

impl Default for Probes {
    fn default() -> Self {
        Self { cluster: None, id: 0, next: None, wait: FIRST_WAIT, doubt: None }
    }
}

impl Probes {
    /// When [`Probes::poll`] may have something; `None` while nothing more is wanted.
    pub(crate) fn due(&self, now: Instant, bits: u64, wanted: u64) -> Option<Instant> {
        let known = self.cluster.filter(|c| !c.shown).map(|c| c.at + c.plan.head_lasts() + KNOWN);
        is_short(bits, wanted).then(|| self.next.max(known).unwrap_or(now))
    }

    /// The next burst, when more is wanted than is known to be carried.
    pub(crate) fn poll(&mut self, now: Instant, bits: u64, wanted: u64) -> Option<ProbeCluster> {
        if self.due(now, bits, wanted)? > now {
            return None;
        }
        // A probe may be lost as well as another packet: it is made once more as soon as that is known.
        let lost = self.cluster.take().is_some_and(|c| !c.shown);
        if lost {
            self.wait = (self.wait * 3 / 2).min(LAST_WAIT);
        }
        self.id = self.id.wrapping_add(1).max(1);
        let doubt = self.doubt.take();
        let bold = doubt.map_or(bits, |doubt| doubt.known.max(bits)).saturating_mul(BOLD);
        let plan = ProbeCluster::new(self.id, RATES.clamp(bold.min(wanted.saturating_mul(ROOM) / 100)), doubt);
        self.cluster = Some(Cluster {
            plan,
            at: now,
            first: None,
            quickest: i64::MAX,
            late: 0,
            busy: None,
            busy_bytes: 0,
            packets: 0,
            bytes: 0,
            sent: (i64::MAX, i64::MIN),
            last_sent: 0,
            arrived: (i64::MAX, i64::MIN),
            first_arrived: 0,
            shown: false,
        });
        self.next = Some(now + if lost { self.wait } else { KNOWN });
        Some(plan)
    }

    /// The rate went down: what was tried last was too much.
    pub(crate) fn rest(&mut self, now: Instant) {
        self.next = self.next.max(Some(now + RESTS));
        (self.cluster, self.doubt) = (None, None);
    }

    /// What was carried isn't believed yet: the next one is to settle it, at once.
    pub(crate) fn doubt(&mut self, now: Instant, doubt: Doubt, wait: Duration) {
        (self.doubt, self.wait, self.next) = (Some(doubt), wait, Some(now));
    }

    /// How long the next one waits if the one before shows nothing.
    pub(crate) fn wait(&self) -> Duration {
        self.wait
    }

    /// A doubt was right: what was to settle it waits in a queue, and that tells what the path carries.
    pub(crate) fn refuted(&mut self, now: Instant) -> Option<Finding> {
        let open = self.cluster.filter(|c| c.plan.head > 0 && !c.shown && c.late >= QUEUED_PACKETS)?;
        let bits = rate(open.busy_bytes, open.busy?)?;
        self.cluster = None;
        self.wait = (self.wait * 3 / 2).min(LAST_DOUBT);
        self.next = Some(now + self.wait);
        let bits = bits.min(open.plan.bits as f64) * OF_FILLED;
        Some(Finding { shown: Shown::Full(bits as u64), settles: true })
    }

    /// Something may still come of that cluster.
    pub(crate) fn is_open(&self, id: u8) -> bool {
        self.cluster.is_some_and(|c| c.plan.id == id && !c.shown)
    }

    /// A packet of a cluster has arrived.
    pub(crate) fn take(&mut self, id: u8, sent: i64, arrived: i64, size: u16) {
        let Some(cluster) = self.cluster.as_mut().filter(|c| c.plan.id == id) else { return };
        let size = u64::from(size);
        let (took, first) = (arrived.saturating_sub(sent), *cluster.first.get_or_insert(sent));
        cluster.quickest = cluster.quickest.min(took);
        cluster.late = if took.saturating_sub(cluster.quickest) > QUEUED { cluster.late + 1 } else { 0 };
        cluster.pass(took.saturating_sub(cluster.quickest) > BUSY, arrived, size);
        if sent.saturating_sub(first) < cluster.plan.head_lasts().as_micros() as i64 {
            return;
        }
        cluster.packets += 1;
        cluster.bytes += size;
        if sent > cluster.sent.1 {
            cluster.last_sent = 0;
        }
        if sent >= cluster.sent.1 {
            cluster.last_sent += size;
        }
        if arrived < cluster.arrived.0 {
            cluster.first_arrived = size;
        }
        cluster.sent = (cluster.sent.0.min(sent), cluster.sent.1.max(sent));
        cluster.arrived = (cluster.arrived.0.min(arrived), cluster.arrived.1.max(arrived));
    }

    /// What a cluster has shown the path to carry, once.
    pub(crate) fn result(&mut self, now: Instant) -> Option<Finding> {
        let cluster = self.cluster.as_mut().filter(|c| !c.shown)?;
        let shown = cluster.rate()?;
        let settles = cluster.plan.head > 0;
        cluster.shown = true;
        if shown.bits() as f64 >= cluster.plan.bits as f64 * SUCCESS {
            (self.wait, self.next) = (FIRST_WAIT, Some(now));
        } else {
            let last = if settles { LAST_DOUBT } else { LAST_WAIT };
            self.wait = (self.wait * 3 / 2).min(last);
            self.next = Some(now + self.wait);
        }
        Some(Finding { shown, settles })
    }
}

/// More is wanted, with room, than is known to be carried.
fn is_short(bits: u64, wanted: u64) -> bool {
    wanted > 0 && bits < wanted.saturating_mul(ROOM - 5) / 100
}

impl Cluster {
    /// A packet came, and found the path busy or not.
    fn pass(&mut self, busy: bool, arrived: i64, size: u64) {
        (self.busy, self.busy_bytes) = match self.busy.filter(|_| busy) {
            Some((first, last)) => (Some((first, last.max(arrived))), self.busy_bytes + size),
            None => (busy.then_some((arrived, arrived)), 0),
        };
    }

    fn rate(&self) -> Option<Shown> {
        if self.packets < ARRIVED_PACKETS || self.bytes * 100 < (self.plan.bytes - self.plan.head) * ARRIVED {
            return None;
        }
        let sending = rate(self.bytes - self.last_sent, self.sent)?;
        let arriving = rate(self.bytes - self.first_arrived, self.arrived).unwrap_or(sending);
        let rate = sending.min(self.plan.bits as f64);
        let full = arriving < FILLED * rate;
        Some(if full { Shown::Full((arriving * OF_FILLED) as u64) } else { Shown::Carried(rate.min(arriving) as u64) })
    }
}

/// Bytes that leave in that time.
fn lasting(time: Duration, bits: u64) -> u64 {
    bits * time.as_micros() as u64 / 8_000_000
}

fn rate(bytes: u64, (first, last): (i64, i64)) -> Option<f64> {
    let micros = last.saturating_sub(first);
    (1..=1_000_000).contains(&micros).then(|| bytes as f64 * 8e6 / micros as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    /// Sends a cluster in runs over a path that carries `link` bits a second; what it shows.
    fn through(probes: &mut Probes, now: Instant, plan: ProbeCluster, link: u64) -> Option<Finding> {
        let (mut sent, mut packets, mut free) = (0, 0, 0_i64);
        for step in 0.. {
            let at = step * 5_000;
            while sent < plan.due(Duration::from_micros(at as u64)) && !plan.is_complete(packets, sent) {
                free = free.max(at) + (300 * 8_000_000 / link) as i64;
                probes.take(plan.id, at, free + 20_000, 300);
                (sent, packets) = (sent + 300, packets + 1);
            }
            if plan.is_complete(packets, sent) {
                return probes.result(now);
            }
        }
        None
    }

    #[test]
    fn a_wide_path_is_found_by_doubling_up_to_what_is_wanted() {
        let (mut now, mut probes, mut bits) = (Instant::now(), Probes::default(), 300_000);
        let mut tried = Vec::new();
        while let Some(plan) = probes.poll(now, bits, 3_000_000) {
            tried.push(plan.bits);
            now += 100 * MS;
            bits = bits.max(through(&mut probes, now, plan, 50_000_000).expect("a result").shown.bits());
        }
        assert!(tried.len() < 7 && *tried.last().expect("one") == 3_600_000, "{tried:?}");
        assert!(bits > 3_300_000, "{bits}");
        assert_eq!(probes.due(now, bits, 3_000_000), None, "no more is wanted");
    }

    #[test]
    fn a_full_path_shows_what_it_carries_and_is_tried_more_and_more_seldom() {
        let (start, mut probes, mut times) = (Instant::now(), Probes::default(), Vec::new());
        for ms in 0..60_000 {
            let now = start + ms * MS;
            if let Some(plan) = probes.poll(now, 800_000, 5_000_000) {
                let found = through(&mut probes, now, plan, 1_000_000).expect("a result").shown.bits();
                assert!((700_000..1_050_000).contains(&found), "{found}");
                times.push(ms);
            }
        }
        assert!((13..20).contains(&times.len()), "{times:?}");
    }

    #[test]
    fn a_probe_has_as_many_packets_as_it_takes_to_tell() {
        let plan = Probes::default().poll(Instant::now(), 400_000, 1_700_000).expect("a probe");
        assert!(!plan.is_complete(3, 3_000), "a large picture was under way");
        assert!(plan.is_complete(5, 3_000) && !plan.is_complete(5, 1_000));
    }

    /// By a shaper that lets `burst` bytes through at once.
    fn through_a_shaper(
        probes: &mut Probes,
        now: Instant,
        plan: ProbeCluster,
        link: u64,
        burst: i64,
    ) -> Option<Finding> {
        let (mut sent, mut packets) = (0, 0);
        let takes = |bytes: i64| bytes * 8_000_000 / link as i64;
        let mut free = -takes(burst);
        for step in 0..200 {
            let at = step * 5_000;
            while sent < plan.due(Duration::from_micros(at as u64)) && !plan.is_complete(packets, sent) {
                free = free.max(at - takes(burst)) + takes(300);
                probes.take(plan.id, at, free.max(at) + 20_000, 300);
                (sent, packets) = (sent + 300, packets + 1);
            }
        }
        probes.refuted(now).or_else(|| probes.result(now))
    }

    #[test]
    fn what_a_shaper_lets_through_at_once_goes_before_what_is_measured() {
        let (now, doubt) = (Instant::now(), Doubt { known: 300_000, burst: 12_000 });
        let settle = |link, burst| {
            let mut probes = Probes::default();
            let plan = probes.poll(now, 300_000, 3_000_000).expect("a probe");
            let carried = through_a_shaper(&mut probes, now, plan, link, burst).expect("a result");
            assert_eq!(carried, Finding { shown: Shown::Carried(carried.shown.bits()), settles: false });
            probes.doubt(now, doubt, FIRST_WAIT);
            let plan = probes.poll(now, 300_000, 3_000_000).expect("it is settled at once");
            assert!((12_000..40_000).contains(&plan.head), "{plan:?}");
            (through_a_shaper(&mut probes, now, plan, link, burst), probes.poll(now, 300_000, 3_000_000).is_some())
        };
        let (found, goes_on) = settle(3_000_000, 0);
        assert!(
            goes_on && found.is_some_and(|f| f.settles && matches!(f.shown, Shown::Carried(550_000..))),
            "{found:?}"
        );
        let (found, goes_on) = settle(300_000, 10_000);
        assert!(!goes_on && found.is_some_and(|f| matches!(f.shown, Shown::Full(250_000..310_000))), "{found:?}");
        let (found, goes_on) = settle(450_000, 1_000);
        assert!(!goes_on && found.is_some_and(|f| matches!(f.shown, Shown::Full(400_000..460_000))), "{found:?}");
    }

    #[test]
    fn a_doubt_is_over_as_soon_as_a_queue_grows_and_what_came_through_it_is_what_the_path_carries() {
        let (now, mut probes) = (Instant::now(), Probes::default());
        probes.doubt(now, Doubt { known: 300_000, burst: 12_000 }, FIRST_WAIT);
        let plan = probes.poll(now, 300_000, 3_000_000).expect("a probe");
        for (n, late) in [0, 0, 90_000, 0, 90_000, 90_000].into_iter().enumerate() {
            probes.take(plan.id, n as i64 * 5_000, n as i64 * 5_000 + late, 300);
        }
        assert!(probes.refuted(now).is_none() && probes.is_open(plan.id), "one that was late is no queue");
        probes.take(plan.id, 30_000, 130_000, 300);
        let found = probes.refuted(now).map(|found| (found.shown, found.settles));
        assert_eq!(found, Some((Shown::Full(228_000), true)), "two more in 20 ms");
        assert!(!probes.is_open(plan.id));
        assert_eq!(probes.poll(now + 1400 * MS, 300_000, 3_000_000), None);
        assert_eq!(probes.poll(now + 1500 * MS, 300_000, 3_000_000).map(|plan| plan.head), Some(0));
    }

    #[test]
    fn a_probe_of_which_too_little_arrives_shows_nothing() {
        let (now, mut probes) = (Instant::now(), Probes::default());
        let plan = probes.poll(now, 300_000, 3_000_000).expect("a probe");
        for n in 0..3 {
            probes.take(plan.id, n * 5_000, n * 5_000, 300);
            probes.take(plan.id.wrapping_add(1), n * 5_000, n * 5_000, 300);
        }
        assert_eq!(probes.result(now), None);
        assert_eq!(probes.poll(now + 900 * MS, 300_000, 3_000_000), None, "it may still come");
        assert!(probes.poll(now + 1600 * MS, 300_000, 3_000_000).is_some());
    }

    #[test]
    fn a_receiver_that_says_that_a_queue_came_at_once_shows_no_more_than_was_tried() {
        let (now, mut probes) = (Instant::now(), Probes::default());
        probes.doubt(now, Doubt { known: 300_000, burst: 12_000 }, FIRST_WAIT);
        let plan = probes.poll(now, 300_000, 3_000_000).expect("a probe");
        for (n, arrived) in [0, 500_000, 500_001, 500_002].into_iter().enumerate() {
            probes.take(plan.id, n as i64 * 5_000, arrived, u16::MAX);
        }
        assert!(probes.refuted(now).is_some_and(|found| found.shown.bits() <= plan.bits));
    }

    #[test]
    fn a_receiver_that_says_that_all_came_at_once_shows_no_more_than_was_sent() {
        let (now, mut probes) = (Instant::now(), Probes::default());
        let plan = probes.poll(now, 300_000, 3_000_000).expect("a probe");
        for n in 0..6 {
            probes.take(plan.id, n * 4_000, 7, 300);
        }
        assert!(probes.result(now).is_some_and(|found| found.shown.bits() <= plan.bits));
    }
}
