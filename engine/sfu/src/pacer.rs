//! Pictures on their way to a path that was found full: a key frame is let go in runs, so that it fits a short queue.
//!
//! Law: sound never waits, nor what is sent again or tried; they only use up what pictures may. A path that was never found
//! full is not paced, and costs one comparison a packet. Where more waits than leaves in a second, pictures are clogged:
//! nothing is added until all has left, and then they begin anew.

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

/// A datagram that waits.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    len: usize,
    /// Its transport-wide number, if it has one.
    seq: Option<u16>,
}

/// See the module.
#[derive(Debug, Default)]
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
}

impl Pacer {
    /// The path is believed to carry so many bits a second; `None`: it was not found to have a bound.
    pub(crate) fn set_path(&mut self, bits: Option<u64>) {
        self.rate = bits.map_or(0, |bits| bits.saturating_mul(FASTER) / 100);
    }

    /// A picture's packet of so many bytes has to wait.
    #[inline]
    pub(crate) fn holds(&self, now: Instant, size: usize) -> bool {
        !self.waiting.is_empty() || self.rate != 0 && self.is_ahead(now, self.room(size))
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

    fn is_ahead(&self, now: Instant, time: Duration) -> bool {
        self.through.is_some_and(|through| through > now + time)
    }

    /// So many bytes leave.
    #[inline]
    pub(crate) fn let_go(&mut self, now: Instant, size: usize) {
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
        self.through.and_then(|through| (through + RUN).checked_sub(self.room(next.len)))
    }

    /// The next datagram that may leave, with its transport-wide number.
    pub(crate) fn release(&mut self, now: Instant) -> Option<(Option<u16>, &[u8])> {
        let Waiting { len, seq } = self.waiting.front().copied()?;
        if self.rate != 0 && self.is_ahead(now, self.room(len)) {
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

    /// Gives a burst of packets of 1,000 bytes at once; when each left, in milliseconds.
    fn burst(pacer: &mut Pacer, start: Instant, packets: u16) -> Vec<u128> {
        let mut left = Vec::new();
        for seq in 0..packets {
            if pacer.holds(start, 1000) {
                pacer.keep(1100, Some(seq), |_| 1000);
            } else {
                pacer.let_go(start, 1000);
                left.push(0);
            }
        }
        let mut now = start;
        while let Some(due) = pacer.due() {
            assert!(due > now, "it would wake for nothing");
            now = due;
            while let Some((seq, bytes)) = pacer.release(now) {
                assert_eq!((seq.map(usize::from), bytes.len()), (Some(left.len()), 1000), "in their order");
                left.push((now - start).as_millis());
            }
            pacer.tidy();
        }
        left
    }

    #[test]
    fn a_path_that_was_never_full_is_not_paced() {
        let mut pacer = Pacer::default();
        assert_eq!(burst(&mut pacer, Instant::now(), 100), vec![0; 100]);
    }

    #[test]
    fn a_key_frame_leaves_no_faster_than_the_path_carries_it_and_a_little() {
        let mut pacer = Pacer::default();
        pacer.set_path(Some(3_200_000));
        let left = burst(&mut pacer, Instant::now(), 34);
        let at_once = left.iter().filter(|ms| **ms == 0).count();
        assert!((14..18).contains(&at_once), "{left:?}");
        assert!(left.last().is_some_and(|ms| (35..60).contains(ms)), "{left:?}");
    }

    #[test]
    fn packets_that_take_long_leave_one_by_one() {
        let mut pacer = Pacer::default();
        pacer.set_path(Some(128_000));
        let left = burst(&mut pacer, Instant::now(), 5);
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
