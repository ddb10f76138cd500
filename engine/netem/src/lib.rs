//! A bad network in virtual time: one direction of a path, with loss, delay, jitter, reordering, duplicates and a bottleneck.
//!
//! Law: a [`Link`] is pure. The same seed, plan and calls give the same deliveries, to the nanosecond; it never reads a
//! clock. Packets of equal delivery time leave in the order they came.

mod rng;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

pub use rng::Rng;

/// What a path does to packets. The default is a perfect wire.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Plan {
    /// Share of packets lost, 0 to 1, each by its own throw.
    pub loss: f64,
    /// Mean length of a burst of losses, in packets. 0 or 1: losses are independent. Whatever takes a row of packets out of a
    /// stream is soon over: where few come, as on the way back of a stream, a burst ends with `BURST_LASTS`.
    pub burst: f64,
    /// Time of flight.
    pub delay: Duration,
    /// A packet may take up to this much longer; it does not overtake another by it.
    pub jitter: Duration,
    /// Share of packets held back so that later ones overtake them.
    pub reorder: f64,
    /// How long such a packet is held.
    pub hold: Duration,
    /// Share of packets that arrive twice.
    pub duplicate: f64,
    /// Bottleneck in bits a second. `None`: none.
    pub rate: Option<u64>,
    /// What waits before the bottleneck at most; more is lost. Only with `rate`.
    pub queue: Duration,
    /// Bytes that the bottleneck lets through at once after a rest, as a shaper with a bucket of tokens does. Only with `rate`.
    pub bucket: u64,
}

/// A burst of losses is over after that, however few packets there were to lose.
const BURST_LASTS: Duration = Duration::from_millis(250);

/// What became of the packets given to a link.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LinkStats {
    /// Packets given.
    pub sent: u64,
    /// Lost on the way, by chance.
    pub lost: u64,
    /// Lost before the bottleneck.
    pub overflowed: u64,
    /// Delivered, duplicates included.
    pub delivered: u64,
}

/// One direction of a path, carrying packets of type `T`.
#[derive(Debug)]
pub struct Link<T> {
    plan: Plan,
    rng: Rng,
    flying: BTreeMap<(Instant, u64), T>,
    order: u64,
    /// When the bottleneck is free again; with a bucket, when it was empty last and all that has passed since is paid for.
    busy_until: Option<Instant>,
    /// The latest delivery of a packet that may not be overtaken.
    latest: Option<Instant>,
    burst_since: Option<Instant>,
    stats: LinkStats,
}

impl<T: Clone> Link<T> {
    /// A link that follows `plan`, its luck drawn from `seed`.
    pub fn new(plan: Plan, seed: u64) -> Self {
        Self {
            plan,
            rng: Rng::new(seed),
            flying: BTreeMap::new(),
            order: 0,
            busy_until: None,
            latest: None,
            burst_since: None,
            stats: LinkStats::default(),
        }
    }

    /// From now on the path behaves so. What flies already keeps its time.
    pub fn set_plan(&mut self, plan: Plan) {
        self.plan = plan;
    }

    /// The plan in force.
    pub fn plan(&self) -> Plan {
        self.plan
    }

    /// What became of the packets so far.
    pub fn stats(&self) -> LinkStats {
        self.stats
    }

    /// A packet of `size` bytes enters at `now`.
    pub fn push(&mut self, now: Instant, size: usize, packet: T) {
        self.stats.sent += 1;
        let Some(out) = self.through_bottleneck(now, size) else {
            self.stats.overflowed += 1;
            return;
        };
        if self.is_lost(now) {
            self.stats.lost += 1;
            return;
        }
        let copies = 1 + usize::from(self.rng.chance(self.plan.duplicate));
        for _ in 0..copies {
            let at = self.arrival(out);
            self.order += 1;
            self.flying.insert((at, self.order), packet.clone());
        }
    }

    /// The next packet that has arrived by `now`.
    pub fn poll(&mut self, now: Instant) -> Option<T> {
        let entry = self.flying.first_entry()?;
        if entry.key().0 > now {
            return None;
        }
        self.stats.delivered += 1;
        Some(entry.remove())
    }

    /// When the next packet arrives.
    pub fn deadline(&self) -> Option<Instant> {
        self.flying.first_key_value().map(|((at, _), _)| *at)
    }

    fn through_bottleneck(&mut self, now: Instant, size: usize) -> Option<Instant> {
        let Some(rate) = self.plan.rate else { return Some(now) };
        let takes = |bytes: u64| Duration::from_nanos(bytes * 8 * 1_000_000_000 / rate.max(1));
        let full = now.checked_sub(takes(self.plan.bucket)).unwrap_or(now);
        let free = self.busy_until.map_or(full, |t| t.max(full));
        if free.saturating_duration_since(now) > self.plan.queue {
            return None;
        }
        let out = free + takes(size as u64);
        self.busy_until = Some(out);
        Some(out.max(now))
    }

    /// Bursts as Gilbert saw them: a lossy state that is left with the chance 1/burst at each packet.
    fn is_lost(&mut self, now: Instant) -> bool {
        if self.plan.burst <= 1.0 {
            return self.rng.chance(self.plan.loss);
        }
        let leave = 1.0 / self.plan.burst;
        let enter = self.plan.loss * leave / (1.0 - self.plan.loss).max(f64::EPSILON);
        let since = self.burst_since.filter(|since| now.saturating_duration_since(*since) < BURST_LASTS);
        let goes_on = if since.is_some() { !self.rng.chance(leave) } else { self.rng.chance(enter) };
        self.burst_since = goes_on.then(|| since.unwrap_or(now));
        goes_on
    }

    fn arrival(&mut self, out: Instant) -> Instant {
        let at = out + self.plan.delay + self.plan.jitter.mul_f64(self.rng.share());
        if self.rng.chance(self.plan.reorder) {
            return at + self.plan.hold;
        }
        let at = self.latest.map_or(at, |latest| at.max(latest));
        self.latest = Some(at);
        at
    }
}

/// The earliest of several deadlines.
pub fn earliest(deadlines: impl IntoIterator<Item = Option<Instant>>) -> Option<Instant> {
    deadlines.into_iter().flatten().min()
}

#[cfg(test)]
mod tests;
