//! What a path carries, as its sender finds it out: Google congestion control as draft-ietf-rmcat-gcc-02 describes it, with
//! probes. [`Estimator`] is told of each packet sent and of what the receiver says of it, and knows a rate.
//!
//! Law: pure. Time is an argument, nothing is sent from here, and all that is kept has a bound. What a receiver says is hearsay:
//! of packets that were never sent, or twice, it changes nothing; and however much it claims, no more is tried than
//! [`Estimator::set_wanted`] says.
#![forbid(unsafe_code)]

mod aimd;
mod ceiling;
mod feedback_timeout;
mod groups;
mod loss;
mod probe;
mod queue;
mod reports;
mod sender;
mod sent;
mod throughput;
mod trendline;

use std::time::{Duration, Instant};

pub use probe::ProbeCluster;
use reports::Reports;
use sender::SenderSide;

/// What leaves within so long is one run: the step in which probes and pictures are spread.
pub const RUN: Duration = Duration::from_millis(5);

/// The rates that an estimate can have.
struct Rates {
    least: u64,
    most: u64,
}

const RATES: Rates = Rates { least: 30_000, most: 100_000_000 };

impl Rates {
    fn clamp(&self, bits: u64) -> u64 {
        bits.clamp(self.least, self.most)
    }
}

/// See the crate.
#[derive(Debug, Default)]
pub struct Estimator {
    reports: Reports,
    sender: Option<Box<SenderSide>>,
    limit: Option<u64>,
}

impl Estimator {
    /// Packets carry transport-wide numbers from now on, so the receiver can tell when each arrived.
    pub fn number_packets(&mut self, now: Instant) {
        self.sender.get_or_insert_with(|| Box::new(SenderSide::new(now)));
    }

    /// Whether they do.
    pub fn numbers_packets(&self) -> bool {
        self.sender.is_some()
    }

    /// No more bits a second than that, whatever the path carries: somebody wants to see what happens then.
    pub fn set_limit(&mut self, bits: Option<u64>) {
        self.limit = bits;
    }

    /// How many bits a second there would be to send. Beyond it nothing is tried.
    pub fn set_wanted(&mut self, bits: u64) {
        if let Some(sender) = &mut self.sender {
            sender.set_wanted(bits.min(self.limit.unwrap_or(u64::MAX)));
        }
    }

    /// A packet of `size` bytes left under `seq`, the number after the last one's; `probe`: the cluster it belongs to.
    #[inline]
    pub fn on_sent(&mut self, now: Instant, seq: u16, size: usize, probe: Option<u8>) {
        if let Some(sender) = &mut self.sender {
            sender.on_sent(now, seq, size, probe);
        }
    }

    /// A packet of `size` bytes has got the number after the last one's and is kept; it leaves later, perhaps out of turn.
    pub fn on_kept(&mut self, seq: u16, size: usize) {
        if let Some(sender) = &mut self.sender {
            sender.on_kept(seq, size);
        }
    }

    /// A packet that was kept leaves.
    pub fn on_left(&mut self, now: Instant, seq: u16) {
        if let Some(sender) = &mut self.sender {
            sender.on_left(now, seq);
        }
    }

    /// Transport-wide feedback: of each number when it arrived, in microseconds of the receiver's clock, or that it didn't.
    pub fn on_feedback(&mut self, now: Instant, arrivals: impl IntoIterator<Item = (u16, Option<i64>)>) {
        if let Some(sender) = &mut self.sender {
            sender.on_feedback(now, arrivals);
        }
    }

    /// The receiver believes its path to carry so many bits a second (REMB), while it is `sent` so many.
    pub fn on_remb(&mut self, now: Instant, bits: u64, sent: u64) {
        if !self.hears_feedback() {
            self.reports.hear_estimate(now, bits, sent);
        }
    }

    /// A report says that this share, 0 to 1, was lost of what is `sent`.
    pub fn on_loss(&mut self, now: Instant, share: f64, sent: u64) {
        if !self.hears_feedback() {
            self.reports.hear_loss(now, share, sent);
        }
    }

    /// Time has passed; a burst of padding to send, when it is time to try whether more fits.
    pub fn handle_timeout(&mut self, now: Instant) -> Option<ProbeCluster> {
        self.reports.rest(now);
        self.sender.as_mut()?.handle_timeout(now)
    }

    /// The rest of that probe is still to be sent: it wasn't seen to be too much.
    pub fn tries(&self, probe: u8) -> bool {
        self.sender.as_ref().is_some_and(|sender| sender.tries(probe))
    }

    /// When to call [`Estimator::handle_timeout`].
    pub fn deadline(&self, now: Instant) -> Option<Instant> {
        let sender = self.sender.as_ref().and_then(|sender| sender.deadline(now));
        [sender, self.reports.draining(), self.reports.due()].into_iter().flatten().min()
    }

    /// Bits a second that the path carries; `None` while nothing says that it has a bound.
    pub fn estimate(&self) -> Option<u64> {
        let sender = self.sender.as_ref().filter(|sender| !sender.is_deaf());
        let found = sender.map_or_else(|| self.reports.bits(), |sender| Some(sender.bits()));
        [found, self.limit].into_iter().flatten().min()
    }

    /// Nothing was heard of the path yet: the estimate is a guess to begin with, and no reason to take anything away.
    pub fn is_guess(&self) -> bool {
        self.sender.as_ref().is_some_and(|sender| !sender.hears() && !sender.is_deaf())
    }

    /// Until when nothing that can wait should be sent, for a queue to be through.
    pub fn draining(&self) -> Option<Instant> {
        let sender = self.sender.as_ref().filter(|sender| sender.hears());
        sender.map_or_else(|| self.reports.draining(), |sender| sender.draining())
    }

    /// The share of packets that the path has lost in the last seconds, 0 to 1, as far as its receiver tells.
    pub fn lost(&self) -> f64 {
        self.sender.as_ref().map_or(0.0, |sender| sender.lost())
    }

    /// The path was found to carry no more than it was sent, not long ago.
    pub fn was_full(&self, now: Instant) -> bool {
        let sender = self.sender.as_ref().filter(|sender| !sender.is_deaf());
        sender.map_or_else(|| self.reports.bits().is_some(), |sender| sender.was_full(now))
    }

    fn hears_feedback(&self) -> bool {
        self.sender.as_ref().is_some_and(|sender| sender.hears())
    }
}
