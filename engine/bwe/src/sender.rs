//! The sender's side: the record of what left, and what each part makes of what is said to have arrived.

use std::time::{Duration, Instant};

use crate::aimd::{Aimd, Rates};
use crate::ceiling::Ceiling;
use crate::feedback_timeout::FeedbackTimeout;
use crate::groups::Groups;
use crate::loss::Loss;
use crate::probe::{Finding, ProbeCluster, Probes, Shown};
use crate::queue::Queue;
use crate::sent::{CAPACITY, SendRecord};
use crate::throughput::{Pulse, Throughput};
use crate::trendline::{Trendline, Usage};

/// What a path is believed to carry before anything was heard of it: a picture or some, until a probe tells.
const AT_FIRST: u64 = 1_000_000;
/// Who has heard nothing of so many packets and for so long is not told.
const UNHEARD: u32 = 100;
const PATIENCE: Duration = Duration::from_secs(3);
/// What was said of the delay holds no longer: what made it grow is through, or nothing is sent.
const HOLDS: Duration = Duration::from_millis(500);
/// A path that was full is one that has a bound, for so long.
const FULL: Duration = Duration::from_secs(30);
/// A path that only stopped for a moment shows so soon that it carries more than was left of the rate.
const RECOVERS: Duration = Duration::from_secs(1);
/// Of a packet on the wire beside what is told of it: the headers of IP and UDP.
const HEADERS: usize = 28;

/// See the module.
#[derive(Debug)]
pub(crate) struct SenderSide {
    begun: Instant,
    /// The moment at which something left last, by our clock too: packets leave many at a time.
    left_at: (Instant, u32),
    sent: SendRecord,
    groups: Groups,
    trendline: Trendline,
    /// How fast what is told of had left, and how fast it arrived.
    left: Throughput,
    acked: Throughput,
    pulse: Pulse,
    aimd: Aimd,
    ceiling: Ceiling,
    loss: Loss,
    probes: Probes,
    queue: Queue,
    rtt: Option<Duration>,
    wanted: u64,
    /// When the path was found full last.
    full: Option<Instant>,
    fallen: Option<Fallen>,
    timeout: FeedbackTimeout,
    /// When feedback came last.
    heard: Option<Instant>,
    unheard: u32,
    first: Option<Instant>,
    deaf: bool,
}

/// The rate went down, from that, by what arrived.
#[derive(Debug)]
struct Fallen {
    at: Instant,
    from: u64,
    /// What the report before tells to have arrived, of the moment.
    pulse: u64,
}

/// What one feedback packet says in all.
#[derive(Default)]
struct Told {
    seen: u32,
    lost: u32,
    /// Of those that arrived.
    bytes: u64,
    /// The newest that arrived: when it left and when it came.
    newest: Option<(i64, i64)>,
}

impl SenderSide {
    pub(crate) fn new(now: Instant) -> Self {
        Self {
            begun: now,
            left_at: (now, 0),
            sent: SendRecord::default(),
            groups: Groups::default(),
            trendline: Trendline::default(),
            left: Throughput::default(),
            acked: Throughput::default(),
            pulse: Pulse::default(),
            aimd: Aimd::new(AT_FIRST),
            ceiling: Ceiling::default(),
            loss: Loss::default(),
            probes: Probes::default(),
            queue: Queue::default(),
            rtt: None,
            wanted: 0,
            full: None,
            fallen: None,
            timeout: FeedbackTimeout::default(),
            heard: None,
            unheard: 0,
            first: None,
            deaf: false,
        }
    }

    pub(crate) fn set_wanted(&mut self, bits: u64) {
        self.wanted = bits;
    }

    pub(crate) fn on_sent(&mut self, now: Instant, seq: u16, size: usize, probe: Option<u8>) {
        let at = self.leaves(now);
        self.sent.push(seq, at, (size + HEADERS).min(usize::from(u16::MAX)) as u16, probe.unwrap_or_default());
        if !self.hears() {
            self.first.get_or_insert(now);
            self.unheard = self.unheard.saturating_add(1);
            self.deaf |= self.unheard >= UNHEARD && self.is_unheard(now);
        }
    }

    pub(crate) fn on_kept(&mut self, seq: u16, size: usize) {
        self.sent.keep(seq, (size + HEADERS).min(usize::from(u16::MAX)) as u16);
    }

    pub(crate) fn on_left(&mut self, now: Instant, seq: u16) {
        let at = self.leaves(now);
        self.sent.leave(seq, at);
    }

    /// Something leaves, at that moment of the record.
    fn leaves(&mut self, now: Instant) -> u32 {
        if self.left_at.0 != now {
            self.left_at = (now, self.micros(now) as u32);
        }
        if self.hears() {
            self.timeout.on_sent(now);
        }
        self.left_at.1
    }

    pub(crate) fn on_feedback(&mut self, now: Instant, arrivals: impl IntoIterator<Item = (u16, Option<i64>)>) {
        self.rest(now);
        let micros = self.micros(now);
        let mut told = Told::default();
        // More than are remembered can't be meant.
        for (n, (seq, arrived)) in arrivals.into_iter().take(CAPACITY).enumerate() {
            if n == 0 {
                self.sent.reported_from(seq);
            }
            match arrived {
                Some(arrived) => self.arrive(micros, seq, arrived, &mut told),
                None => self.miss(micros, seq, &mut told),
            }
        }
        if told.seen > 0 {
            self.timeout.on_feedback();
        }
        let Some((sent, arrived)) = told.newest else {
            self.judge_loss(now, &told);
            return;
        };
        (self.heard, self.deaf) = (Some(now), false);
        self.pulse.take(arrived, told.bytes);
        let took = Duration::from_micros((micros - sent).max(0).unsigned_abs());
        self.rtt = Some(self.rtt.map_or(took, |rtt| (rtt * 7 + took) / 8));
        let rates = (self.left.bits(sent), self.acked.bits(arrived));
        self.judge(now, now.checked_sub(took).unwrap_or(self.begun), rates, &told);
    }

    fn miss(&mut self, micros: i64, seq: u16, told: &mut Told) {
        // What left out of turn may be told of before it can have been heard of.
        let ago = self.sent.left_late(seq).map(|at| micros - when(micros, at));
        if ago.zip(self.rtt).is_some_and(|(ago, rtt)| ago < rtt.as_micros() as i64 / 2) {
            return;
        }
        let Some(packet) = self.sent.miss(seq) else { return };
        self.left.take(when(micros, packet.at), packet.size);
        told.seen += 1;
        told.lost += 1;
    }

    fn arrive(&mut self, micros: i64, seq: u16, arrived: i64, told: &mut Told) {
        let Some(packet) = self.sent.arrive(seq) else { return };
        let sent = when(micros, packet.at);
        self.left.take(sent, packet.size);
        told.seen += 1;
        if told.newest.is_none_or(|(newest, _)| sent >= newest) {
            told.newest = Some((sent, arrived));
        }
        self.acked.take(arrived, packet.size);
        told.bytes += u64::from(packet.size);
        self.queue.take(arrived.saturating_sub(sent));
        if packet.probe != 0 {
            self.probes.take(packet.probe, sent, arrived, packet.size);
        }
        if let Some(delta) = self.groups.take(sent, arrived) {
            self.trendline.take(delta);
        }
    }

    fn judge(&mut self, now: Instant, sent: Instant, (left, acked): (Option<u64>, Option<u64>), told: &Told) {
        let rtt = self.rtt.unwrap_or_default();
        let ahead = |bits: u64| Duration::from_micros(self.sent.in_flight() * 8_000_000 / bits.max(1));
        let of_late = acked.unwrap_or(self.aimd.bits());
        let ahead = (ahead(of_late), self.pulse.bits().map_or(Duration::ZERO, ahead).saturating_sub(rtt));
        let (waits, before) = (self.queue.until().is_some(), self.aimd.bits());
        self.queue.judge(now, sent, ahead);
        if !waits && self.queue.until().is_some() {
            self.fall(now, acked);
        }
        let waited = self.probes.wait();
        if let Some(finding) = self.probes.refuted(now).or_else(|| self.probes.result(now)) {
            self.learn(now, finding, acked.unwrap_or_default(), waited);
        } else if let Some(acked) = acked
            && self.aimd.update(
                now,
                self.trendline.usage(),
                Rates { left: left.unwrap_or(u64::MAX), acked },
                rtt,
                self.ceiling.most(now),
            )
        {
            self.full = Some(now);
            // Where all of it arrived it is no measure of what would.
            if left.is_some_and(|left| acked < left / 100 * 90) {
                self.ceiling.hit(now, acked);
            }
            self.probes.rest(now);
        }
        if self.aimd.bits() < before {
            self.fallen = Some(Fallen { at: now, from: before, pulse: 0 });
        } else {
            self.recover(now);
        }
        self.judge_loss(now, told);
    }

    /// A path that stopped for a moment looks like one that has become narrow, until what waited comes through as fast as before.
    /// Two reports in a row have to say so: one may tell of a burst.
    fn recover(&mut self, now: Instant) {
        let Some(fallen) = self.fallen.as_mut() else { return };
        if now.saturating_duration_since(fallen.at) > RECOVERS {
            self.fallen = None;
            return;
        }
        let pulse = self.pulse.bits().unwrap_or_default();
        let carries = std::mem::replace(&mut fallen.pulse, pulse).min(pulse).min(fallen.from);
        if self.aimd.recover(now, carries) {
            self.ceiling.hit(now, carries);
        }
    }

    /// A queue begins to be waited for, and what came through it is all that the path carries. Whether delay grew is told by what
    /// is sent, so who waits before that is known would begin again with what filled the path.
    fn fall(&mut self, now: Instant, acked: Option<u64>) {
        let Some(carries) = self.pulse.bits().into_iter().chain(acked).min() else { return };
        if self.aimd.fall(now, carries) {
            self.full = Some(now);
            self.ceiling.hit(now, carries);
            self.probes.rest(now);
        }
    }

    /// Of what a probe has shown, while in all so many bits a second arrive. Until it is `waited` for if it is doubted.
    fn learn(&mut self, now: Instant, finding: Finding, acked: u64, waited: Duration) {
        let full = matches!(finding.shown, Shown::Full(_));
        self.full = self.full.max(full.then_some(now));
        match self.ceiling.believe(now, finding) {
            Ok(bits) => {
                // What a shaper let through at the head of a probe has arrived as well.
                let arrives = if finding.settles { 0 } else { acked };
                self.aimd.prove(now, bits, full.then_some(arrives));
                self.loss.prove(bits);
            }
            Err(doubt) => self.probes.doubt(now, doubt, waited),
        }
    }

    /// Something may still come of that probe.
    pub(crate) fn tries(&self, probe: u8) -> bool {
        self.probes.is_open(probe)
    }

    fn judge_loss(&mut self, now: Instant, told: &Told) {
        let bits = self.aimd.bits();
        if self.loss.update(now, told.lost, told.seen, bits, self.rtt.unwrap_or_default()) {
            self.full = Some(now);
            self.probes.rest(now);
        }
    }

    pub(crate) fn handle_timeout(&mut self, now: Instant) -> Option<ProbeCluster> {
        self.rest(now);
        if self.deaf
            || self.is_silent()
            || self.queue.until().is_some()
            || self.grows_until().is_some_and(|until| until > now)
        {
            return None;
        }
        self.probes.poll(now, self.bits(), self.wanted)
    }

    /// Behind a queue that is through all begins anew: what was seen of delay was that queue, and what arrived stopped with it.
    fn rest(&mut self, now: Instant) {
        if self.queue.rest(now) {
            (self.groups, self.trendline) = Default::default();
            (self.left, self.acked, self.pulse) = Default::default();
        }
    }

    pub(crate) fn deadline(&self, now: Instant) -> Option<Instant> {
        if self.deaf || self.is_silent() {
            return self.queue.until();
        }
        self.queue.until().or_else(|| {
            let probe = self.probes.due(now, self.bits(), self.wanted);
            probe.max(probe.and(self.grows_until()))
        })
    }

    /// While delay grows nothing more is tried: until then at least.
    fn grows_until(&self) -> Option<Instant> {
        self.heard.filter(|_| self.trendline.usage() == Usage::Over).map(|heard| heard + HOLDS)
    }

    pub(crate) fn lost(&self) -> f64 {
        self.loss.lost()
    }

    pub(crate) fn was_full(&self, now: Instant) -> bool {
        self.full.is_some_and(|at| now.saturating_duration_since(at) < FULL)
    }

    pub(crate) fn bits(&self) -> u64 {
        self.timeout.limit(self.aimd.bits().min(self.loss.bits()), self.left_at.0)
    }

    pub(crate) fn draining(&self) -> Option<Instant> {
        self.queue.until()
    }

    /// Feedback comes.
    pub(crate) fn hears(&self) -> bool {
        self.heard.is_some()
    }

    /// None comes, though it was agreed on.
    pub(crate) fn is_deaf(&self) -> bool {
        self.deaf
    }

    /// It came, and comes no more though something is sent.
    fn is_silent(&self) -> bool {
        self.timeout.is_over(self.left_at.0)
    }

    fn is_unheard(&self, now: Instant) -> bool {
        self.first.is_some_and(|first| now.saturating_duration_since(first) >= PATIENCE)
    }

    fn micros(&self, now: Instant) -> i64 {
        now.saturating_duration_since(self.begun).as_micros() as i64
    }
}

/// By the estimator's clock of now; the record's wraps, and what it holds is minutes old at most.
fn when(micros: i64, at: u32) -> i64 {
    micros - i64::from((micros as u32).wrapping_sub(at))
}
