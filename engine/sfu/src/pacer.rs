//! Pictures on their way out: a key frame is let go in runs, so that it fits a short queue.
//!
//! Two queues are thought of. That of the path, where it was found full: then pictures leave a little faster than it carries
//! them. And that of the receiver's socket, on every path: it holds some ninety packets (Linux, as it comes), and a frame of
//! three hundred that leaves at once is lost there for the most part while its reader sleeps.
//!
//! Law: sound never waits, nor what is tried, nor for the path's sake what is sent again; they only use up what pictures may. A
//! packet on a path that was never found full costs one comparison, unless it is of such a frame. Where more waits than leaves
//! in a second, pictures are clogged: nothing is added until all has left, and then they begin anew.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use folkmoot_bwe::RUN;

/// Faster than the path is believed to carry, in per cent: else a queue of ours would take the place of the path's.
const FASTER: u64 = 125;
/// What may leave at once, as the time that it takes on the path: less than the shortest queue of a router. Of packets that take
/// longer one.
const AT_ONCE: Duration = Duration::from_millis(30);
/// More than that is not kept waiting.
const LONGEST: Duration = Duration::from_secs(1);
/// What is sent again may go so far ahead of the path.
const AHEAD: Duration = Duration::from_millis(150);

/// No receiver is sent more than twice these bytes at once: half of what its socket holds.
const BURST: u64 = 24 * 1200;
/// And what is more than that so fast, bits a second, or [`LINE_TIMES`] as fast as pictures leave for it in the mean.
const LINE: u64 = 50_000_000;
const LINE_TIMES: u64 = 2;
/// What waits for a socket is let go when so much of a burst has passed: by itself a packet would be a call of the system's.
const BURST_RUN: u64 = BURST / 2;
/// What is sent again waits only behind so much, as nobody asks for it before it is late.
const BURST_AGAIN: u64 = 2 * BURST;
/// The room for what waits is given back above so many packets and their bytes: a large key frame comes seldom, and a meeting of
/// hundreds would keep room for it for each of them.
const PACKETS: usize = 16;
const ROOM: usize = PACKETS << 10;

/// A datagram that waits.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    len: usize,
    /// Its transport-wide number, if it has one.
    seq: Option<u16>,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Pacer {
    /// Bits a second; 0 for a path that isn't paced.
    rate: u64,
    /// When all that was let go is through the path.
    through: Option<Instant>,
    waiting: VecDeque<Waiting>,
    /// Their bytes, one behind the other, from `start` on.
    bytes: Vec<u8>,
    start: usize,
    clogged: bool,
    /// Bits a second at which a burst passes.
    line: u64,
    /// Bytes that were let go and hadn't passed at `looked`.
    burst: u64,
    looked: Option<Instant>,
}

impl Default for Pacer {
    fn default() -> Self {
        Self {
            rate: 0,
            through: None,
            waiting: VecDeque::new(),
            bytes: Vec::new(),
            start: 0,
            clogged: false,
            line: LINE,
            burst: 0,
            looked: None,
        }
    }
}

impl Pacer {
    /// The path is believed to carry so many bits a second; `None`: it was not found to have a bound.
    pub(crate) fn set_path(&mut self, bits: Option<u64>) {
        self.rate = bits.map_or(0, |bits| bits.saturating_mul(FASTER) / 100);
    }

    /// Pictures leave for it at so many bits a second in the mean.
    pub(crate) fn set_mean(&mut self, bits: u64) {
        self.line = LINE.max(bits.saturating_mul(LINE_TIMES));
    }

    /// A picture's packet of so many bytes has to wait.
    #[inline]
    pub(crate) fn holds(&mut self, now: Instant, size: usize) -> bool {
        !self.waiting.is_empty() || self.is_early(now, size)
    }

    #[inline]
    fn is_early(&mut self, now: Instant, size: usize) -> bool {
        self.rate != 0 && self.is_ahead(now, self.room(size)) || self.is_burst(now, BURST.saturating_sub(size as u64))
    }

    /// More than that is on its way to the socket. When the last look was is asked only where it matters.
    #[inline]
    fn is_burst(&mut self, now: Instant, most: u64) -> bool {
        self.burst > most && {
            let since = self.looked.map(|looked| now.saturating_duration_since(looked));
            let passed =
                since.map_or(self.burst, |since| (since.as_micros() as u64).saturating_mul(self.line) / 8_000_000);
            (self.burst, self.looked) = (self.burst.saturating_sub(passed), Some(now));
            self.burst > most
        }
    }

    /// How far ahead of the path such a packet may leave.
    fn room(&self, size: usize) -> Duration {
        AT_ONCE.saturating_sub(self.takes(size))
    }

    fn takes(&self, size: usize) -> Duration {
        (size as u64 * 8_000_000).checked_div(self.rate).map_or(Duration::ZERO, Duration::from_micros)
    }

    /// Too much was let go for another packet to be sent again.
    pub(crate) fn is_overdrawn(&self, now: Instant) -> bool {
        self.rate != 0 && self.is_ahead(now, AHEAD)
    }

    /// A picture's packet that is sent again has to wait: no path's queue is thought of, only the socket's.
    pub(crate) fn holds_again(&mut self, now: Instant) -> bool {
        self.is_burst(now, BURST_AGAIN)
    }

    fn is_ahead(&self, now: Instant, time: Duration) -> bool {
        self.through.is_some_and(|through| through > now + time)
    }

    /// So many bytes leave.
    #[inline]
    pub(crate) fn let_go(&mut self, now: Instant, size: usize) {
        self.burst += size as u64;
        if self.rate != 0 {
            let free = self.through.map_or(now, |through| through.max(now));
            self.through = Some(free + self.takes(size));
        }
    }

    /// More waits than should, or did and has not all left yet.
    pub(crate) fn is_clogged(&self) -> bool {
        self.clogged
    }

    /// Keeps the datagram that `write` puts at the start of a buffer of `room` bytes; how long it is, 0 for none.
    pub(crate) fn keep(&mut self, room: usize, seq: Option<u16>, write: impl FnOnce(&mut [u8]) -> usize) -> usize {
        let at = self.bytes.len();
        self.bytes.resize(at + room, 0);
        let len = write(&mut self.bytes[at..]);
        self.bytes.truncate(at + len);
        if len > 0 {
            self.waiting.push_back(Waiting { len, seq });
        }
        let waiting = (self.bytes.len() - self.start) as u64 * 8;
        self.clogged |= self.rate != 0 && waiting > self.rate.saturating_mul(LONGEST.as_secs());
        len
    }

    /// When [`Pacer::release`] has a run: none for less.
    pub(crate) fn due(&self) -> Option<Instant> {
        let next = self.waiting.front()?;
        let through = self.through.filter(|_| self.rate != 0);
        let path = through.and_then(|through| (through + RUN).checked_sub(self.room(next.len)));
        let over = self.burst.saturating_sub(BURST_RUN);
        let socket = self.looked.map(|looked| looked + Duration::from_micros(over * 8_000_000 / self.line));
        path.max(socket)
    }

    /// The next datagram that may leave, with its transport-wide number.
    pub(crate) fn release(&mut self, now: Instant) -> Option<(Option<u16>, &[u8])> {
        let Waiting { len, seq } = self.waiting.front().copied()?;
        if self.is_early(now, len) {
            return None;
        }
        self.let_go(now, len);
        self.waiting.pop_front();
        let from = self.start;
        self.start += len;
        Some((seq, &self.bytes[from..from + len]))
    }

    /// Forgets the bytes of what has left.
    pub(crate) fn tidy(&mut self) {
        if self.waiting.is_empty() {
            self.bytes.clear();
            self.bytes.shrink_to(ROOM);
            self.waiting.shrink_to(PACKETS);
            (self.start, self.clogged) = (0, false);
        } else if self.start > self.bytes.len() / 2 {
            self.bytes.drain(..self.start);
            self.start = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);
    const SECOND: Duration = Duration::from_secs(1);

    /// Gives a frame of packets of 1,000 bytes at once; when each left, in milliseconds.
    fn frame(pacer: &mut Pacer, start: Instant, packets: u16) -> Vec<u128> {
        let (left, _) = frame_exactly(pacer, start, packets);
        left.iter().map(Duration::as_millis).collect()
    }

    /// The same, with the most that waited in it.
    fn frame_exactly(pacer: &mut Pacer, start: Instant, packets: u16) -> (Vec<Duration>, usize) {
        let mut left = Vec::new();
        for seq in 0..packets {
            if pacer.holds(start, 1000) {
                pacer.keep(1100, Some(seq), |_| 1000);
            } else {
                pacer.let_go(start, 1000);
                left.push(Duration::ZERO);
            }
        }
        let (mut now, waited) = (start, packets as usize - left.len());
        while let Some(due) = pacer.due() {
            assert!(due > now, "it would wake for nothing");
            now = due;
            while let Some((seq, bytes)) = pacer.release(now) {
                assert_eq!((seq.map(usize::from), bytes.len()), (Some(left.len()), 1000), "in their order");
                left.push(now - start);
            }
            pacer.tidy();
        }
        (left, waited)
    }

    #[test]
    fn on_a_path_that_was_never_full_no_ordinary_frame_waits() {
        let (start, mut pacer) = (Instant::now(), Pacer::default());
        for ms in (0..2000).step_by(5) {
            assert_eq!(frame(&mut pacer, start + ms * MS, 20), vec![0; 20], "32 Mb/s");
        }
    }

    #[test]
    fn a_frame_that_no_socket_holds_leaves_in_runs_on_every_path() {
        let (start, mut pacer) = (Instant::now(), Pacer::default());
        for second in 0..3 {
            let (left, waited) = frame_exactly(&mut pacer, start + second * SECOND, 400);
            let within =
                |time: Duration, from: Duration| left.iter().filter(|at| **at >= from && **at <= from + time).count();
            let most = |time: Duration| left.iter().map(|from| within(time, *from)).max().unwrap();
            assert!(most(Duration::ZERO) <= 58, "at once: {left:?}");
            assert!(most(4 * MS) <= 84, "while its reader sleeps: {left:?}");
            assert!(left[399] > 50 * MS && left[399] < 70 * MS, "as fast as a line: {left:?}");
            assert!(
                waited > 300 && pacer.bytes.capacity() <= ROOM && pacer.waiting.capacity() <= 2 * PACKETS,
                "and its room is given back"
            );
        }
    }

    #[test]
    fn who_is_sent_more_than_a_line_carries_is_sent_it() {
        let (start, mut pacer) = (Instant::now(), Pacer::default());
        pacer.set_mean(160_000_000);
        for frames in 0..500 {
            let left = frame(&mut pacer, start + 10 * frames * MS, 200);
            assert!(*left.last().unwrap() < 6, "{left:?}");
        }
    }

    #[test]
    fn a_key_frame_leaves_no_faster_than_the_path_carries_it_and_a_little() {
        let mut pacer = Pacer::default();
        pacer.set_path(Some(3_200_000));
        let left = frame(&mut pacer, Instant::now(), 34);
        let at_once = left.iter().filter(|ms| **ms == 0).count();
        assert!((14..18).contains(&at_once), "{left:?}");
        assert!(left.last().is_some_and(|ms| (35..60).contains(ms)), "{left:?}");
    }

    #[test]
    fn packets_that_take_long_leave_one_by_one() {
        let mut pacer = Pacer::default();
        pacer.set_path(Some(128_000));
        let left = frame(&mut pacer, Instant::now(), 5);
        let pauses: Vec<u128> = left.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(pauses.iter().all(|ms| (50..=55).contains(ms)), "each takes 50 ms: {left:?}");
    }

    #[test]
    fn what_would_wait_too_long_is_not_added_to_until_all_has_left() {
        let (now, mut pacer) = (Instant::now(), Pacer::default());
        pacer.set_path(Some(400_000));
        (0..62).for_each(|seq| assert_eq!(pacer.keep(1100, Some(seq), |_| 1000), 1000));
        assert!(!pacer.is_clogged());
        pacer.keep(1100, None, |_| 1000);
        assert!(pacer.is_clogged());
        for n in 0..62 {
            assert!(pacer.release(now + (n + 1) * SECOND).is_some());
            pacer.tidy();
            assert!(pacer.is_clogged());
        }
        assert!(pacer.release(now + 63 * SECOND).is_some());
        pacer.tidy();
        assert!(!pacer.is_clogged());
    }

    #[test]
    fn what_is_sent_again_uses_up_what_pictures_may() {
        let (now, mut pacer) = (Instant::now(), Pacer::default());
        pacer.set_path(Some(1_000_000));
        assert!(!pacer.holds(now, 1000));
        (0..10).for_each(|_| pacer.let_go(now, 1000));
        assert!(pacer.holds(now, 1000) && !pacer.is_overdrawn(now));
        (0..20).for_each(|_| pacer.let_go(now, 1000));
        assert!(pacer.is_overdrawn(now) && !pacer.is_overdrawn(now + 200 * MS));
    }

    #[test]
    fn what_is_sent_again_is_no_flood_either_and_all_of_it_is_sent() {
        let (now, mut pacer) = (Instant::now(), Pacer::default());
        let mut at_once = 0;
        for seq in 0..256 {
            if pacer.holds_again(now) {
                pacer.keep(1100, Some(seq), |_| 1000);
            } else {
                pacer.let_go(now, 1000);
                at_once += 1;
            }
        }
        assert!((50..=120).contains(&at_once), "{at_once}");
        let due = pacer.due().expect("the rest waits");
        assert!(due > now && due < now + 20 * MS);
        let left =
            (0..40).flat_map(|ms| std::iter::from_fn(|| pacer.release(now + ms * MS).map(|_| ())).collect::<Vec<_>>());
        assert_eq!(left.count(), 256 - at_once);
    }

    #[test]
    fn a_path_that_is_no_longer_paced_lets_all_go() {
        let (now, mut pacer) = (Instant::now(), Pacer::default());
        pacer.set_path(Some(100_000));
        pacer.let_go(now, 10_000);
        pacer.keep(1100, None, |_| 900);
        pacer.keep(1100, None, |_| 0);
        pacer.set_path(None);
        pacer.keep(1100, None, |_| 900);
        assert!(!pacer.is_clogged(), "nothing is too much any more");
        assert!(pacer.release(now).is_some() && pacer.release(now).is_some() && pacer.release(now).is_none());
    }
}
