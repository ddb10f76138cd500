//! What a stream's RTP timestamps mean in time.
//!
//! A timestamp has a meaning only beside a reference: the sender's last report, which ties it to the sender's wall
//! clock; until one came, the fastest packet of late, which ties it to our clock but for the least delay of the path.
//! The layers of one participant share sender and path, so between two of them either reference cancels out. Both sides
//! must stand on the same kind. All sums are made of whole units from the reference on; nothing drifts.

use std::time::{Duration, Instant};

/// A fastest packet serves for at least one and at most two of these.
const WINDOW: Duration = Duration::from_secs(5);
/// Timestamps that far from what the arrivals say are those of a restarted clock.
const RESTART_NANOS: u64 = 3_000_000_000;

const NANOS: i64 = 1_000_000_000;

/// A timestamp and when its packet came.
#[derive(Clone, Copy, Debug)]
struct Sighting {
    at: Instant,
    timestamp: u32,
}

/// Sliding minimum of the path's delay in two halves.
#[derive(Clone, Copy, Debug)]
struct Fastest {
    opened: Instant,
    now: Sighting,
    before: Option<Sighting>,
}

/// The sender's word on its clocks.
#[derive(Clone, Copy, Debug)]
struct SenderReport {
    ntp: u64,
    rtp: u32,
    arrival: Instant,
}

/// The clock of one stream (one layer).
#[derive(Debug)]
pub(crate) struct MediaClock {
    clock_rate: u32,
    report: Option<SenderReport>,
    fastest: Option<Fastest>,
}

impl MediaClock {
    /// A clock of `clock_rate` ticks a second, not yet set.
    pub(crate) fn new(clock_rate: u32) -> Self {
        Self { clock_rate: clock_rate.max(1), report: None, fastest: None }
    }

    /// A sender report arrived: `ntp` (32.32 fixed point) and `rtp` are the same instant.
    pub(crate) fn sender_report(&mut self, now: Instant, ntp: u64, rtp: u32) {
        // Zero is the word of a sender without a clock (RFC 3550 §6.4.1): two such reports tell nothing together.
        if ntp != 0 {
            self.report = Some(SenderReport { ntp, rtp, arrival: now });
        }
    }

    /// A packet arrived, neither repaired nor overtaken.
    pub(crate) fn packet(&mut self, now: Instant, timestamp: u32) {
        let packet = Sighting { at: now, timestamp };
        let restart = Fastest { opened: now, now: packet, before: None };
        let Some(reference) = self.reference() else {
            self.fastest = Some(restart);
            return;
        };
        let restarted = self.lag(packet, reference).unsigned_abs() > RESTART_NANOS;
        let faster = self.fastest.is_some_and(|f| self.lag(packet, f.now) <= 0);
        let Some(fastest) = &mut self.fastest else { return };
        if restarted {
            *fastest = restart;
        } else if now.saturating_duration_since(fastest.opened) >= WINDOW {
            // However long the stream had paused: clocks drift less in a minute than a first packet may be late.
            *fastest = Fastest { before: Some(fastest.now), ..restart };
        } else if faster {
            fastest.now = packet;
        }
    }

    /// Nanoseconds by which `packet` was longer on its way than `other`.
    fn lag(&self, packet: Sighting, other: Sighting) -> i64 {
        let ticks = i64::from(signed(packet.timestamp, other.timestamp));
        nanos_between(other.at, packet.at) - ticks * NANOS / i64::from(self.clock_rate)
    }

    /// The fastest packet of late.
    fn reference(&self) -> Option<Sighting> {
        let fastest = self.fastest?;
        Some(fastest.before.filter(|before| self.lag(*before, fastest.now) < 0).unwrap_or(fastest.now))
    }

    /// The timestamp of this stream for the instant `other_timestamp` stands for in `other`, a stream of the same
    /// sender; none before anything is known of both.
    pub(crate) fn timestamp_at_capture_of(&self, other: &MediaClock, other_timestamp: u32) -> Option<u32> {
        if let (Some(ours), Some(theirs)) = (self.report, other.report) {
            // The wrapping difference is right also where NTP's era ends, in 2036.
            let between = theirs.ntp.wrapping_sub(ours.ntp).cast_signed();
            let ticks = self.ticks(between, 1 << 32, signed(other_timestamp, theirs.rtp), other.clock_rate);
            return Some(ours.rtp.wrapping_add(ticks));
        }
        let (ours, theirs) = (self.reference()?, other.reference()?);
        let between = nanos_between(ours.at, theirs.at);
        let ticks = self.ticks(between, NANOS, signed(other_timestamp, theirs.timestamp), other.clock_rate);
        Some(ours.timestamp.wrapping_add(ticks))
    }

    /// When what is stamped `timestamp` was captured, by our clock and but for the least delay of the path.
    pub(crate) fn instant_of(&self, timestamp: u32) -> Option<Instant> {
        let reference = self.reference()?;
        let nanos = i64::from(signed(timestamp, reference.timestamp)) * NANOS / i64::from(self.clock_rate);
        let distance = Duration::from_nanos(nanos.unsigned_abs());
        if nanos < 0 { reference.at.checked_sub(distance) } else { reference.at.checked_add(distance) }
    }

    /// The timestamp of what is captured at an instant.
    pub(crate) fn timestamp_at(&self, instant: Instant) -> Option<u32> {
        let reference = self.reference()?;
        Some(reference.timestamp.wrapping_add(self.ticks(nanos_between(reference.at, instant), NANOS, 0, 1)))
    }

    /// `time` in `unit`s a second plus `other_ticks` at `other_rate`, in ticks of this clock, rounded once.
    fn ticks(&self, time: i64, unit: i64, other_ticks: i32, other_rate: u32) -> u32 {
        let (unit, other_rate) = (i128::from(unit), i128::from(other_rate));
        let sum = (i128::from(time) * other_rate + i128::from(other_ticks) * unit) * i128::from(self.clock_rate);
        let divisor = unit * other_rate;
        (sum + divisor / 2).div_euclid(divisor) as u32
    }

    /// The last sender report as the sender would give it at `now`, (NTP, RTP): the same line through its clocks, so
    /// that what was in step at the sender stays in step downstream, however old the report is.
    pub(crate) fn sender_report_at(&self, now: Instant) -> Option<(u64, u32)> {
        let report = self.report?;
        let elapsed = now.saturating_duration_since(report.arrival);
        let seconds = elapsed.as_secs();
        let ntp = (seconds << 32).wrapping_add((u64::from(elapsed.subsec_nanos()) << 32) / NANOS as u64);
        let ticks = self.ticks(i64::try_from(elapsed.as_nanos()).unwrap_or(i64::MAX), NANOS, 0, 1);
        Some((report.ntp.wrapping_add(ntp), report.rtp.wrapping_add(ticks)))
    }

    /// The last sender report, and when it came.
    pub(crate) fn last_report(&self) -> Option<(Instant, u64, u32)> {
        self.report.map(|report| (report.arrival, report.ntp, report.rtp))
    }

    /// Middle 32 bits of the last sender report's NTP time, and when it came: for the report block.
    pub(crate) fn last_sr(&self) -> Option<(u32, Instant)> {
        self.report.map(|report| ((report.ntp >> 16) as u32, report.arrival))
    }
}

/// How far `a` is ahead of `b`, within half the circle.
fn signed(a: u32, b: u32) -> i32 {
    a.wrapping_sub(b).cast_signed()
}

/// From one instant to another, either way.
fn nanos_between(from: Instant, to: Instant) -> i64 {
    let nanos = |d: Duration| i64::try_from(d.as_nanos()).unwrap_or(i64::MAX);
    nanos(to.saturating_duration_since(from)) - nanos(from.saturating_duration_since(to))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);
    /// 2026, in 32.32 since 1900.
    const NTP: u64 = 3_990_000_000 << 32;

    /// NTP of a number of milliseconds.
    fn ntp(ms: u64) -> u64 {
        (ms << 32) / 1_000
    }

    fn near(got: Option<u32>, want: u32) {
        let off = signed(got.expect("a timestamp"), want);
        assert!(off.abs() <= 1, "off by {off} ticks");
    }

    #[test]
    fn unset_clocks_tell_nothing() {
        let (mut a, b) = (MediaClock::new(90_000), MediaClock::new(90_000));
        let now = Instant::now();
        assert_eq!(a.timestamp_at_capture_of(&b, 5), None);
        assert_eq!((a.sender_report_at(now), a.last_sr()), (None, None));
        a.packet(now, 5);
        assert_eq!(a.timestamp_at_capture_of(&b, 5), None);
        assert_eq!(b.timestamp_at_capture_of(&a, 5), None);
        assert_eq!(a.sender_report_at(now), None);
    }

    #[test]
    fn layers_meet_by_their_sender_reports() {
        let (mut low, mut high) = (MediaClock::new(90_000), MediaClock::new(90_000));
        let now = Instant::now();
        low.sender_report(now, NTP, 1_000);
        high.sender_report(now + 740 * MS, NTP + ntp(700), 4_000_000_000); // 40 ms more on the way
        near(high.timestamp_at_capture_of(&low, 1_000 + 63_000), 4_000_000_000);
        near(high.timestamp_at_capture_of(&low, 1_000), 4_000_000_000 - 63_000);
        near(low.timestamp_at_capture_of(&high, 4_000_000_000 + 9_000), 1_000 + 72_000);
    }

    #[test]
    fn timestamps_wrap_on_either_side() {
        let (mut low, mut high) = (MediaClock::new(90_000), MediaClock::new(90_000));
        let now = Instant::now();
        low.sender_report(now, NTP, u32::MAX - 10);
        high.sender_report(now, NTP, 20);
        near(high.timestamp_at_capture_of(&low, 89), 120);
        near(low.timestamp_at_capture_of(&high, 0), u32::MAX - 30);
        let far = (1 << 31) - 1;
        near(high.timestamp_at_capture_of(&low, (u32::MAX - 10).wrapping_add(far)), 20 + far);
        near(high.timestamp_at_capture_of(&low, (u32::MAX - 10).wrapping_sub(far)), 20u32.wrapping_sub(far));
    }

    #[test]
    fn reports_on_both_sides_of_an_era() {
        let (mut low, mut high) = (MediaClock::new(90_000), MediaClock::new(90_000));
        let now = Instant::now();
        low.sender_report(now, 0u64.wrapping_sub(ntp(500)), 0);
        high.sender_report(now, ntp(500), 0);
        near(high.timestamp_at_capture_of(&low, 90_000), 0);
    }

    #[test]
    fn reports_hours_apart_do_not_drift() {
        let (mut low, mut high) = (MediaClock::new(90_000), MediaClock::new(90_000));
        let now = Instant::now();
        low.sender_report(now, NTP, 7);
        high.sender_report(now, NTP + (36_000 << 32), 7);
        let ticks = (36_000u64 * 90_000) as u32;
        assert_eq!(low.timestamp_at_capture_of(&high, 7), Some(ticks.wrapping_add(7)));
        assert_eq!(high.timestamp_at_capture_of(&low, 7), Some(7u32.wrapping_sub(ticks)));
    }

    #[test]
    fn clock_rates_differ() {
        let (mut audio, mut video) = (MediaClock::new(48_000), MediaClock::new(90_000));
        let now = Instant::now();
        audio.sender_report(now, NTP, 0);
        video.sender_report(now, NTP + ntp(1_000), 500);
        near(video.timestamp_at_capture_of(&audio, 96_000), 90_500);
        near(audio.timestamp_at_capture_of(&video, 500), 48_000);
    }

    #[test]
    fn before_reports_the_fastest_packets_speak() {
        let (mut low, mut high) = (MediaClock::new(90_000), MediaClock::new(90_000));
        let now = Instant::now();
        for frame in 0..60u32 {
            // Every tenth frame finds the path empty, the others wait up to 27 ms more.
            let (sent, waits) = (now + MS * 33 * frame, |phase| MS * ((frame + phase) % 10 * 3));
            low.packet(sent + 20 * MS + waits(7), 33 * 90 * frame);
            high.packet(sent + 20 * MS + waits(2), (33 * 90 * frame).wrapping_sub(5_000));
        }
        near(high.timestamp_at_capture_of(&low, 90_000), 85_000);
        near(low.timestamp_at_capture_of(&high, 85_000), 90_000);
    }

    #[test]
    fn one_report_alone_is_not_mixed_with_arrivals() {
        let (mut low, mut high) = (MediaClock::new(90_000), MediaClock::new(90_000));
        let now = Instant::now();
        low.packet(now, 1_000);
        high.packet(now, 2_000);
        low.sender_report(now, NTP, 700);
        near(high.timestamp_at_capture_of(&low, 1_500), 2_500);
        high.sender_report(now, NTP, 1_800);
        near(high.timestamp_at_capture_of(&low, 1_500), 2_600);
    }

    #[test]
    fn sender_without_a_wall_clock_is_known_by_arrivals() {
        let (mut low, mut high) = (MediaClock::new(90_000), MediaClock::new(90_000));
        let now = Instant::now();
        low.packet(now, 1_000);
        high.packet(now, 2_000);
        low.sender_report(now, 0, 900);
        high.sender_report(now + 1_000 * MS, 0, 92_000);
        near(high.timestamp_at_capture_of(&low, 1_000), 2_000);
        assert_eq!(low.last_sr(), None);
    }

    #[test]
    fn fastest_packet_is_forgotten_once_the_path_got_longer() {
        let (mut low, mut high) = (MediaClock::new(90_000), MediaClock::new(90_000));
        let now = Instant::now();
        low.packet(now, 0);
        for tenth in 0..150u32 {
            let (at, timestamp) = (now + MS * 100 * tenth, 9_000 * tenth);
            high.packet(at + 80 * MS, timestamp);
            low.packet(at + MS * if tenth == 0 { 0 } else { 80 }, timestamp);
            if tenth == 90 {
                near(high.timestamp_at_capture_of(&low, 0), 0u32.wrapping_sub(80 * 90));
            }
        }
        near(high.timestamp_at_capture_of(&low, 0), 0);
    }

    #[test]
    fn fastest_packet_outlives_a_pause() {
        let (mut low, mut high) = (MediaClock::new(90_000), MediaClock::new(90_000));
        let now = Instant::now();
        high.packet(now, 0);
        low.packet(now, 0);
        low.packet(now + 60_000 * MS, 60 * 90_000);
        high.packet(now + 60_120 * MS, 60 * 90_000); // the key frame on return queues
        near(high.timestamp_at_capture_of(&low, 60 * 90_000), 60 * 90_000);
    }

    #[test]
    fn restarted_timestamps_start_the_filter_anew() {
        let (mut low, mut high) = (MediaClock::new(90_000), MediaClock::new(90_000));
        let now = Instant::now();
        low.packet(now, 0);
        high.packet(now, 1_000_000_000);
        high.packet(now + 100 * MS, 500); // elsewhere, and as if long delayed
        near(high.timestamp_at_capture_of(&low, 9_000), 500);
    }

    #[test]
    fn report_goes_on_in_the_senders_clock() {
        let mut clock = MediaClock::new(48_000);
        let now = Instant::now();
        clock.sender_report(now, NTP + 0x1234_5678, u32::MAX);
        assert_eq!(clock.last_sr(), Some((((NTP + 0x1234_5678) >> 16) as u32, now)));
        assert_eq!(clock.sender_report_at(now), Some((NTP + 0x1234_5678, u32::MAX)));
        let hour = 3_600u64;
        let later = clock.sender_report_at(now + 1_000 * MS * hour as u32 + 250 * MS);
        let ticks = (hour * 48_000 + 12_000) as u32;
        assert_eq!(later, Some((NTP + 0x1234_5678 + (hour << 32) + (1 << 30), ticks - 1)));
    }

    #[test]
    fn lips_stay_in_step() {
        let (mut audio, mut video) = (MediaClock::new(48_000), MediaClock::new(90_000));
        let now = Instant::now();
        audio.sender_report(now, NTP, 0);
        video.sender_report(now + 900 * MS, NTP + ntp(400), 36_000); // half a second late on the way
        let at = now + 5_000 * MS;
        let (heard, seen) = (audio.sender_report_at(at).unwrap(), video.sender_report_at(at).unwrap());
        let apart = (heard.0.wrapping_sub(seen.0).cast_signed() * 1_000) >> 32;
        assert!((499..=500).contains(&apart), "{apart}");
        // RTP zero was the same instant at the sender in both.
        let zero = |(ntp, rtp): (u64, u32), rate: u64| ntp - (u64::from(rtp) << 32) / rate;
        let off = zero(heard, 48_000).abs_diff(zero(seen, 90_000));
        assert!(off < ntp(1), "{off}");
    }
}
