//! What a run showed, as one JSON object.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::hearing::Hearing;
use super::participant::Outcome;

/// Of one run.
#[derive(Debug, Serialize)]
pub struct Report {
    pub people: usize,
    pub rate: f64,
    /// Who didn't get in, or was not there at the end.
    pub failures: usize,
    pub why: BTreeMap<String, usize>,
    /// From the first to the last that began.
    pub began_within_s: f64,
    pub answered_ms: Spread,
    pub connected_ms: Spread,
    pub published_ms: Spread,
    /// Of those who listen.
    pub first_packet_ms: Spread,
    /// Who was told a place in a queue, and the last place anybody was told.
    pub queued: usize,
    pub last_place: u64,
    /// The generator's own processor time until all were in.
    pub own_cpu_s: Cpu,
    pub running: Running,
}

/// Of those who were there before.
#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Running {
    pub listeners: usize,
    /// Why some of them aren't there, or are no more.
    pub why: BTreeMap<String, usize>,
    pub packets: u64,
    pub lost: u64,
    pub longest_gap_ms: f64,
    pub longest_delay_ms: f64,
}

/// The middle and the ends of many times.
#[derive(Debug, Default, Serialize)]
pub struct Spread {
    pub p50: f64,
    pub p95: f64,
    pub most: f64,
}

/// Processor time, split as the kernel splits it.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Cpu {
    pub user: f64,
    pub system: f64,
}

impl Spread {
    pub fn of(times: impl Iterator<Item = Duration>) -> Self {
        let mut ms: Vec<f64> = times.map(|t| t.as_secs_f64() * 1e3).collect();
        ms.sort_by(f64::total_cmp);
        let at = |part: f64| {
            let rank = (part * ms.len() as f64).ceil() as usize;
            ms.get(rank.saturating_sub(1)).copied().unwrap_or_default()
        };
        Self { p50: at(0.5), p95: at(0.95), most: at(1.0) }
    }
}

impl Report {
    pub fn of(outcomes: &[Outcome], rate: f64, began_within: Duration, own_cpu_s: Cpu) -> Self {
        Self {
            people: outcomes.len(),
            rate,
            failures: outcomes.iter().filter(|o| o.failure.is_some() || !o.arrived()).count(),
            why: why(outcomes),
            began_within_s: began_within.as_secs_f64(),
            answered_ms: Spread::of(outcomes.iter().filter_map(|o| o.answered)),
            connected_ms: Spread::of(outcomes.iter().filter_map(|o| o.connected)),
            published_ms: Spread::of(outcomes.iter().filter_map(|o| o.published)),
            first_packet_ms: Spread::of(outcomes.iter().filter_map(|o| o.first_packet)),
            queued: outcomes.iter().filter(|o| !o.places.is_empty()).count(),
            last_place: outcomes.iter().flat_map(|o| &o.places).copied().max().unwrap_or_default(),
            own_cpu_s,
            running: Running::default(),
        }
    }

    /// Those who were there before.
    pub fn add_running(&mut self, running: Running) {
        for (why, times) in &running.why {
            self.failures += times;
            *self.why.entry(why.clone()).or_default() += times;
        }
        self.running = running;
    }
}

fn why(outcomes: &[Outcome]) -> BTreeMap<String, usize> {
    let mut why = BTreeMap::new();
    for failure in outcomes.iter().filter_map(|o| o.failure.as_ref()) {
        *why.entry(failure.clone()).or_default() += 1;
    }
    why
}

impl Running {
    pub fn of(outcomes: &[Outcome]) -> Self {
        let heard = outcomes.iter().fold(Hearing::default(), |all, o| all.and(o.heard));
        Self {
            listeners: outcomes.len(),
            why: why(outcomes),
            packets: heard.packets,
            lost: heard.lost,
            longest_gap_ms: heard.gap.as_secs_f64() * 1e3,
            longest_delay_ms: heard.delay.as_secs_f64() * 1e3,
        }
    }
}

impl Cpu {
    /// What this process has used so far.
    pub fn now() -> Self {
        let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
        // Behind the name, which may hold anything.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks = |at: usize| fields.get(at).and_then(|f| f.parse::<f64>().ok()).unwrap_or_default() / 100.0;
        Self { user: ticks(11), system: ticks(12) }
    }

    pub fn since(self, before: Self) -> Self {
        Self { user: self.user - before.user, system: self.system - before.system }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_twenty_times_the_ninety_fifth_part_is_the_nineteenth() {
        let spread = Spread::of((1..=20).rev().map(Duration::from_millis));
        assert_eq!((spread.p50, spread.p95, spread.most), (10.0, 19.0, 20.0));
    }

    #[test]
    fn who_was_there_before_and_is_no_more_is_a_failure_of_the_run() {
        let mut report = Report::of(&[], 1.0, Duration::ZERO, Cpu::default());
        let gone = Outcome { failure: Some("gone".into()), ..Outcome::default() };
        report.add_running(Running::of(&[gone.clone(), gone]));
        assert_eq!((report.failures, report.why["gone"], report.running.listeners), (2, 2, 2));
    }

    #[test]
    fn of_no_times_there_is_nothing_to_say() {
        assert!(Spread::of(std::iter::empty()).most.abs() < f64::EPSILON);
    }
}
