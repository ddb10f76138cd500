//! What one received stream looks like from here: losses, jitter, and what is worth asking for again.
//!
//! The path and the picture are counted apart. A packet that came by retransmission was lost on the path, so it stays
//! lost in the receiver report, by which the sender judges the path; it is whole for the viewer, so
//! [`ReceiveStatistics::interval`] does not hold it against the quality.

use std::time::{Duration, Instant};

use folkmoot_wire::rtcp::ReportBlock;

/// Missing packets held at a time; who lost more is better served by a key frame.
const MOST_MISSING: usize = 256;
/// Packets overtaken on the path come within this time, unasked.
const REORDERING: Duration = Duration::from_millis(5);
/// Asks for one packet before it is given up.
const MOST_ASKS: u8 = 10;
/// Round trip before the first measurement.
const FIRST_RTT: Duration = Duration::from_millis(60);
/// Bounds of the wait between two asks for one packet.
const WAIT: (Duration, Duration) = (Duration::from_millis(30), Duration::from_millis(400));
/// Between two calls for a key frame.
const KEYFRAME_PAUSE: Duration = Duration::from_millis(500);
/// A change of transit time beyond this many seconds is a restarted clock, not jitter.
const RESTART_SECONDS: u32 = 5;

/// A gap in the sequence.
#[derive(Clone, Copy, Debug)]
struct Missing {
    extended: u64,
    /// When it was noticed, or last asked for.
    since: Instant,
    wait: Duration,
    asks: u8,
}

impl Missing {
    fn due(&self) -> Instant {
        self.since + self.wait
    }

    fn ask(&mut self, now: Instant, rtt: Duration) {
        let wait = if self.asks == 0 { rtt * 6 / 5 } else { self.wait * 13 / 10 };
        self.wait = wait.clamp(WAIT.0, WAIT.1);
        self.since = now;
        self.asks += 1;
    }
}

/// Packets of one SSRC, as they arrive.
#[derive(Debug)]
pub(crate) struct ReceiveStatistics {
    clock_rate: u32,
    /// Lowest and highest extended sequence number.
    span: Option<(u64, u64)>,
    /// Came by themselves.
    received: u64,
    /// Came by retransmission.
    repaired: u64,
    /// Expected and received at the last report.
    reported: (u64, u64),
    /// Expected and lost at the last interval.
    scored: (u64, u64),

    /// First arrival, the zero of `transit`.
    epoch: Option<Instant>,
    /// Arrival minus timestamp, and the timestamp, of the last packet measured.
    transit: Option<(u32, u32)>,
    /// In 1/16 tick.
    jitter: u32,

    nack: bool,
    /// Ascending.
    missing: Vec<Missing>,
    /// No packet in `missing` is due earlier; none is missing if none.
    due: Option<Instant>,
    rtt: Duration,

    /// The last packet lost for good that no key frame has healed or been called for.
    unhealed: Option<u64>,
    /// A key frame is to be called for, and when that was last so.
    need_keyframe: bool,
    needed_at: Option<Instant>,
}

impl ReceiveStatistics {
    /// A stream nothing has come of, with `clock_rate` ticks a second; nothing is asked for again.
    pub(crate) fn new(clock_rate: u32) -> Self {
        Self {
            clock_rate: clock_rate.max(1),
            span: None,
            received: 0,
            repaired: 0,
            reported: (0, 0),
            scored: (0, 0),
            epoch: None,
            transit: None,
            jitter: 0,
            nack: false,
            missing: Vec::new(),
            due: None,
            rtt: FIRST_RTT,
            unhealed: None,
            need_keyframe: false,
            needed_at: None,
        }
    }

    /// Whether the sender agreed to retransmit.
    pub(crate) fn with_nack(mut self, nack: bool) -> Self {
        self.nack = nack;
        self
    }

    /// A packet arrived, never seen before; `by_rtx` if by retransmission (RTX).
    pub(crate) fn received(&mut self, now: Instant, extended: u64, timestamp: u32, by_rtx: bool) {
        let (first, highest) = *self.span.get_or_insert((extended, extended));
        if by_rtx && extended < first {
            return; // from before we listened: reporting the packets between as lost would be unjust
        }
        self.span = Some((first.min(extended), highest.max(extended)));
        if by_rtx {
            self.repaired += 1;
        } else {
            self.received += 1;
        }
        if extended < highest {
            self.came_late(now, extended, by_rtx);
            return;
        }
        if !by_rtx {
            self.measure_jitter(now, timestamp);
        }
        if self.nack && extended > highest + 1 {
            self.noticed_gap(now, highest + 1, extended);
        }
    }

    /// Interarrival jitter (RFC 3550 A.8) of the first packets of frames: those behind them wait in the sender's pacer.
    fn measure_jitter(&mut self, now: Instant, timestamp: u32) {
        let since = now.saturating_duration_since(*self.epoch.get_or_insert(now));
        let rate = u64::from(self.clock_rate);
        let arrival = since.as_secs() * rate + u64::from(since.subsec_nanos()) * rate / 1_000_000_000;
        let transit = (arrival as u32).wrapping_sub(timestamp);
        let Some((before, measured)) = self.transit else {
            self.transit = Some((transit, timestamp));
            return;
        };
        if timestamp == measured {
            return;
        }
        self.transit = Some((transit, timestamp));
        let change = transit.wrapping_sub(before).cast_signed().unsigned_abs();
        if change <= self.clock_rate.saturating_mul(RESTART_SECONDS) {
            self.jitter = self.jitter.saturating_add(change) - ((self.jitter.saturating_add(8)) >> 4);
        }
    }

    fn noticed_gap(&mut self, now: Instant, from: u64, to: u64) {
        let gap = usize::try_from(to - from).unwrap_or(usize::MAX);
        if gap > MOST_MISSING {
            self.missing.clear();
            self.due = None;
            self.lost_for_good(now, to - 1);
            return;
        }
        let excess = (self.missing.len() + gap).saturating_sub(MOST_MISSING);
        let dropped = self.missing.drain(..excess).next_back();
        if let Some(last) = dropped {
            self.lost_for_good(now, last.extended);
        }
        let wait = REORDERING;
        self.missing.extend((from..to).map(|extended| Missing { extended, since: now, wait, asks: 0 }));
        let due = now + wait;
        self.due = Some(self.due.map_or(due, |earliest| earliest.min(due)));
    }

    fn came_late(&mut self, now: Instant, extended: u64, by_rtx: bool) {
        let Ok(at) = self.missing.binary_search_by_key(&extended, |m| m.extended) else { return };
        let was = self.missing.remove(at);
        if self.missing.is_empty() {
            self.due = None;
        }
        // Karn's rule: with several asks, which one was answered is unknown. Then the backed-off wait stands for the
        // packets to come; else a round trip longer than the first wait would never be measured.
        match was.asks {
            1 if by_rtx => self.rtt = (self.rtt * 7 + now.saturating_duration_since(was.since)) / 8,
            2.. if by_rtx => self.rtt = self.rtt.max(was.wait * 5 / 6),
            _ => {}
        }
    }

    fn lost_for_good(&mut self, now: Instant, extended: u64) {
        self.unhealed = self.unhealed.max(Some(extended));
        self.call_for_keyframe(now);
    }

    /// A key frame is wanted, but the last one was called for too short a time ago.
    fn keyframe_due(&self) -> Option<Instant> {
        let waits = self.unhealed.is_some() && !self.need_keyframe;
        self.needed_at.filter(|_| waits).map(|at| at + KEYFRAME_PAUSE)
    }

    fn call_for_keyframe(&mut self, now: Instant) {
        if self.unhealed.is_some() && self.keyframe_due().is_none_or(|due| due <= now) && !self.need_keyframe {
            self.need_keyframe = true;
            self.needed_at = Some(now);
        }
    }

    /// Whether only a key frame helps, once per call for one; at most every 500 ms.
    pub(crate) fn take_need_keyframe(&mut self) -> bool {
        let need = std::mem::take(&mut self.need_keyframe);
        if need {
            self.unhealed = None;
        }
        need
    }

    /// Adds the sequence numbers to ask for now, in stream order.
    pub(crate) fn nacks(&mut self, now: Instant, out: &mut Vec<u16>) {
        if self.due.is_some_and(|due| due <= now) {
            let (rtt, mut given_up, mut earliest) = (self.rtt, None, None::<Instant>);
            self.missing.retain_mut(|missing| {
                if missing.due() <= now {
                    if missing.asks == MOST_ASKS {
                        given_up = Some(missing.extended);
                        return false;
                    }
                    missing.ask(now, rtt);
                    out.push(missing.extended as u16);
                }
                earliest = Some(earliest.map_or(missing.due(), |due| due.min(missing.due())));
                true
            });
            self.due = earliest;
            self.unhealed = self.unhealed.max(given_up);
        }
        self.call_for_keyframe(now);
    }

    /// When to call [`Self::nacks`]: never too late; after a repair perhaps too early, which costs nothing.
    pub(crate) fn nack_due(&self) -> Option<Instant> {
        self.due.into_iter().chain(self.keyframe_due()).min()
    }

    /// A key frame begins at `extended`: nothing older is worth asking for.
    pub(crate) fn forget_before(&mut self, extended: u64) {
        let old = self.missing.partition_point(|m| m.extended < extended);
        self.missing.drain(..old);
        if self.missing.is_empty() {
            self.due = None;
        }
        if self.unhealed.is_some_and(|lost| lost < extended) {
            self.unhealed = None;
            self.need_keyframe = false;
        }
    }

    fn expected(&self) -> u64 {
        self.span.map_or(0, |(first, highest)| highest - first + 1)
    }

    /// A report block (RFC 3550 A.3) on the path, with the fraction lost since the last one; `last_sr` is the middle
    /// of the last sender report's NTP time and when that report came.
    pub(crate) fn report(&mut self, ssrc: u32, last_sr: Option<(u32, Instant)>, now: Instant) -> ReportBlock {
        let counts = (self.expected(), self.received);
        let expected = counts.0 - self.reported.0;
        let lost = expected.saturating_sub(counts.1 - self.reported.1);
        self.reported = counts;
        ReportBlock {
            ssrc,
            fraction_lost: (lost << 8).checked_div(expected).unwrap_or(0).min(255) as u8,
            lost: counts.0.saturating_sub(counts.1).min(0x7f_ffff) as i32,
            highest_sequence: self.span.map_or(0, |(_, highest)| highest as u32),
            jitter: self.jitter >> 4,
            last_sr: last_sr.map_or(0, |(sr, _)| sr),
            delay_since_sr: last_sr.map_or(0, |(_, at)| sixteen_sixteen(now.saturating_duration_since(at))),
        }
    }

    /// Packets expected, and of these lost even to retransmission, since the last call. What is still being asked for
    /// is not lost yet.
    pub(crate) fn interval(&mut self) -> (u64, u64) {
        let expected = self.expected();
        let lost = expected.saturating_sub(self.received + self.repaired + self.missing.len() as u64);
        let since = (expected - self.scored.0, lost.saturating_sub(self.scored.1));
        self.scored = (expected, lost);
        since
    }

    /// Interarrival jitter as time.
    pub(crate) fn jitter(&self) -> Duration {
        Duration::from_nanos(u64::from(self.jitter >> 4) * 1_000_000_000 / u64::from(self.clock_rate))
    }
}

/// Seconds as 16.16 fixed point, as large as that goes.
fn sixteen_sixteen(duration: Duration) -> u32 {
    let fraction = (u64::from(duration.subsec_nanos()) << 16) / 1_000_000_000;
    duration.as_secs().checked_mul(1 << 16).map_or(u32::MAX, |s| u32::try_from(s + fraction).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    /// A video stream and the time.
    struct Stream {
        statistics: ReceiveStatistics,
        now: Instant,
    }

    impl Stream {
        fn new() -> Self {
            Self { statistics: ReceiveStatistics::new(90_000).with_nack(true), now: Instant::now() }
        }

        fn after(&mut self, ms: u32) -> &mut Self {
            self.now += MS * ms;
            self
        }

        fn come(&mut self, extended: impl IntoIterator<Item = u64>) -> &mut Self {
            for e in extended {
                self.statistics.received(self.now, e, 0, false);
            }
            self
        }

        fn repair(&mut self, extended: u64) -> &mut Self {
            self.statistics.received(self.now, extended, 0, true);
            self
        }

        fn asked(&mut self) -> Vec<u16> {
            let mut out = Vec::new();
            self.statistics.nacks(self.now, &mut out);
            out
        }

        /// Sleeps until something is due, and asks.
        fn ask_when_due(&mut self) -> (Duration, Vec<u16>) {
            let due = self.statistics.nack_due().expect("something to ask for");
            let slept = due - self.now;
            self.now = due;
            (slept, self.asked())
        }
    }

    #[test]
    fn nothing_lost_nothing_asked() {
        let mut s = Stream::new();
        s.come(65_000..66_000);
        assert_eq!(s.statistics.nack_due(), None);
        assert!(s.after(1_000).asked().is_empty());
        assert_eq!(s.statistics.interval(), (1_000, 0));
        assert!(!s.statistics.take_need_keyframe());
    }

    #[test]
    fn reordered_packet_is_not_asked_for() {
        let mut s = Stream::new();
        s.come([10, 12]).after(4);
        assert!(s.asked().is_empty());
        s.come([11]);
        assert_eq!(s.statistics.nack_due(), None);
        assert!(s.after(50).asked().is_empty());
    }

    #[test]
    fn second_gap_does_not_put_off_the_first() {
        let mut s = Stream::new();
        s.come([10, 12]).after(3).come([14]);
        assert_eq!(s.ask_when_due(), (2 * MS, vec![11]));
        assert_eq!(s.ask_when_due(), (3 * MS, vec![13]));
    }

    #[test]
    fn gap_over_the_wrap_is_asked_for_in_stream_order() {
        let mut s = Stream::new();
        s.come([65_533, 65_538]);
        assert_eq!(s.ask_when_due(), (5 * MS, vec![65_534, 65_535, 0, 1]));
        assert!(s.after(71).asked().is_empty(), "not within 1.2 round trips");
        assert_eq!(s.after(1).asked(), [65_534, 65_535, 0, 1]);
    }

    #[test]
    fn lost_without_nack_is_only_counted() {
        let mut s = Stream::new();
        s.statistics = ReceiveStatistics::new(48_000);
        s.come([1, 4, 1_000]);
        assert_eq!(s.statistics.nack_due(), None);
        assert!(!s.statistics.take_need_keyframe());
        assert_eq!(s.statistics.interval(), (1_000, 997));
    }

    #[test]
    fn unanswered_asks_back_off_and_end_in_a_key_frame() {
        let mut s = Stream::new();
        s.come([1, 3]);
        let mut waits = Vec::new();
        for _ in 0..10 {
            let (slept, asked) = s.ask_when_due();
            assert_eq!(asked, [2]);
            waits.push(slept);
        }
        assert!(waits[1..].is_sorted() && waits[1] == 72 * MS && waits[9] == 400 * MS, "{waits:?}");
        assert!(!s.statistics.take_need_keyframe());
        assert_eq!(s.statistics.interval(), (3, 0), "still asked for");
        assert_eq!(s.ask_when_due().1, []);
        assert!(s.statistics.take_need_keyframe());
        assert!(!s.statistics.take_need_keyframe());
        assert_eq!(s.statistics.nack_due(), None);
        assert_eq!(s.statistics.interval(), (0, 1));
    }

    #[test]
    fn huge_jump_asks_for_a_key_frame_instead() {
        let mut s = Stream::new();
        s.come([1, 3, 300]);
        assert_eq!(s.statistics.nack_due(), None);
        assert!(s.statistics.take_need_keyframe());
        s.come([301, 558]);
        assert!(!s.statistics.take_need_keyframe(), "256 can be asked for");
        assert_eq!(s.ask_when_due().1.len(), 256);
    }

    #[test]
    fn steady_loss_gives_up_the_oldest() {
        let mut s = Stream::new();
        s.come((0..=600).step_by(2));
        assert!(s.statistics.take_need_keyframe());
        let asked = s.ask_when_due().1;
        assert_eq!((asked.len(), asked[0], asked[255]), (256, 89, 599));
    }

    #[test]
    fn second_call_for_a_key_frame_waits_half_a_second() {
        let mut s = Stream::new();
        s.come([1, 1_000]);
        assert!(s.statistics.take_need_keyframe());
        s.after(100).come([2_000]);
        assert!(!s.statistics.take_need_keyframe());
        assert_eq!(s.ask_when_due(), (400 * MS, vec![]));
        assert!(s.statistics.take_need_keyframe());
    }

    #[test]
    fn key_frame_makes_older_losses_unimportant() {
        let mut s = Stream::new();
        s.come([1, 1_000]);
        assert!(s.statistics.take_need_keyframe());
        s.after(10).come([2_000, 2_002, 2_004]);
        s.statistics.forget_before(2_002);
        assert_eq!(s.ask_when_due(), (5 * MS, vec![2_003]));
        assert!(!s.after(500).asked().is_empty());
        assert!(!s.statistics.take_need_keyframe(), "the key frame came unasked");
    }

    #[test]
    fn key_frame_does_not_heal_what_was_lost_behind_it() {
        let mut s = Stream::new();
        s.come([1, 1_000]);
        assert!(s.statistics.take_need_keyframe());
        s.after(10).come([2_000]);
        s.statistics.forget_before(1_000);
        s.after(490).asked();
        assert!(s.statistics.take_need_keyframe());
    }

    #[test]
    fn round_trip_is_learnt_from_packets_asked_once() {
        let mut s = Stream::new();
        s.come([0]);
        for e in (2..80).step_by(2) {
            s.come([e]);
            s.ask_when_due();
            s.after(20).repair(e - 1);
        }
        assert!(s.statistics.rtt < 22 * MS, "{:?}", s.statistics.rtt);
        s.come([90]);
        s.ask_when_due();
        assert_eq!(s.ask_when_due().0, 30 * MS, "never below the least wait");
    }

    #[test]
    fn round_trip_longer_than_the_wait_is_learnt_all_the_same() {
        let mut s = Stream::new();
        s.come([0]);
        for e in (2..80).step_by(2) {
            s.come([e]);
            s.ask_when_due();
            let answered = s.now + 250 * MS;
            while s.statistics.nack_due().is_some_and(|due| due < answered) {
                s.ask_when_due();
            }
            s.now = answered;
            s.repair(e - 1);
        }
        assert!(s.statistics.rtt > 230 * MS && s.statistics.rtt < 270 * MS, "{:?}", s.statistics.rtt);
    }

    #[test]
    fn late_original_says_nothing_about_the_round_trip() {
        let mut s = Stream::new();
        s.come([0, 2]);
        s.ask_when_due();
        s.after(1).come([1]);
        assert_eq!(s.statistics.rtt, FIRST_RTT);
    }

    #[test]
    fn report_counts_the_path_and_interval_the_picture() {
        let mut s = Stream::new();
        s.come((65_530..65_630).filter(|e| e % 4 != 0));
        assert_eq!(s.statistics.interval(), (100, 0), "25 may still come");
        s.after(5).asked();
        for e in (65_530..65_630).filter(|e| e % 4 == 0) {
            s.repair(e);
        }
        let sr = Some((0xabcd, s.now));
        let block = s.statistics.report(7, sr, s.now + 1_500 * MS);
        let want = ReportBlock {
            ssrc: 7,
            fraction_lost: 64,
            lost: 25,
            highest_sequence: 65_629,
            jitter: 0,
            last_sr: 0xabcd,
            delay_since_sr: 3 << 15,
        };
        assert_eq!(block, want);
        assert_eq!(s.statistics.interval(), (0, 0));
        s.come(65_630..65_650);
        let next = s.statistics.report(7, None, s.now);
        assert_eq!((next.fraction_lost, next.lost, next.last_sr, next.delay_since_sr), (0, 25, 0, 0));
    }

    #[test]
    fn report_before_the_first_packet_is_empty() {
        let mut s = Stream::new();
        assert_eq!(s.statistics.report(7, None, s.now), ReportBlock { ssrc: 7, ..ReportBlock::default() });
        assert_eq!(s.statistics.interval(), (0, 0));
    }

    #[test]
    fn stream_joined_out_of_order() {
        let mut s = Stream::new();
        s.come([100, 98, 99, 101]).repair(20);
        assert_eq!(s.statistics.interval(), (4, 0), "what was sent before is not ours to count");
        assert_eq!(s.statistics.report(7, None, s.now).lost, 0);
        assert_eq!(s.statistics.nack_due(), None);
    }

    #[test]
    fn sender_report_of_another_day() {
        assert_eq!(sixteen_sixteen(Duration::from_secs(86_400)), u32::MAX);
        assert_eq!(sixteen_sixteen(Duration::MAX), u32::MAX);
    }

    #[test]
    fn jitter_of_frames_alternating_by_eight_milliseconds() {
        let mut s = Stream::new();
        for frame in 0..400u32 {
            for packet in 0..3 {
                let late = if frame % 2 == 0 { 0 } else { 8 };
                let at = s.now + MS * (33 * frame + late + packet);
                let timestamp = (33 * 90 * frame).wrapping_sub(90_000); // wraps early on
                s.statistics.received(at, u64::from(3 * frame + packet), timestamp, false);
            }
        }
        let jitter = s.statistics.jitter();
        assert!(jitter > 7 * MS && jitter <= 8 * MS, "{jitter:?}");
        assert!((631..=720).contains(&s.statistics.report(7, None, s.now).jitter));
    }

    #[test]
    fn neither_repairs_nor_a_restarted_clock_are_jitter() {
        let mut s = Stream::new();
        s.statistics.received(s.now, 1, 0, false);
        s.statistics.received(s.now + 20 * MS, 3, 1_800, false);
        s.statistics.received(s.now + 90 * MS, 2, 900, true);
        s.statistics.received(s.now + 90 * MS, 4, 3_600, true);
        s.statistics.received(s.now + 100 * MS, 5, 2_000_000_000, false);
        s.statistics.received(s.now + 120 * MS, 6, 2_000_001_800, false);
        assert_eq!(s.statistics.jitter(), Duration::ZERO);
    }
}
