//! The pieces of messages that have not come whole, as they lie in SCTP's reassembly.
//!
//! There each new one is compared with all that wait, so a message in pieces of a byte costs the square of its length, and a
//! hundred bytes of memory for each of its own. Law: no more of them wait than honest messages come in; whoever sends more
//! loses the association.

use std::time::{Duration, Instant};

/// Sixteen of the longest messages, as all clients cut them.
const MOST: usize = 4096;
/// A piece that is sent again is counted again. So one is forgotten in each of these.
const FORGOTTEN: Duration = Duration::from_millis(100);

const COMMON_HEADER: usize = 12;
const DATA: u8 = 0;
const I_DATA: u8 = 64;
const BEGINS_AND_ENDS: u8 = 3;

#[derive(Debug, Default)]
pub(crate) struct Pieces {
    waiting: usize,
    since: Option<Instant>,
}

impl Pieces {
    /// A packet came; `false`: there are too many by now.
    pub(crate) fn take(&mut self, now: Instant, packet: &[u8]) -> bool {
        let pieces =
            chunks(packet).filter(|(kind, flags)| is_data(*kind) && flags & BEGINS_AND_ENDS != BEGINS_AND_ENDS);
        let more = pieces.count();
        if more > 0 {
            self.forget(now);
            self.waiting += more;
        }
        self.waiting <= MOST
    }

    /// A message of so many pieces was read.
    pub(crate) fn read(&mut self, pieces: usize) {
        if pieces > 1 {
            self.waiting = self.waiting.saturating_sub(pieces);
        }
    }

    fn forget(&mut self, now: Instant) {
        let since = *self.since.get_or_insert(now);
        let old = now.saturating_duration_since(since).as_millis() / FORGOTTEN.as_millis();
        if old > 0 {
            self.waiting = self.waiting.saturating_sub(usize::try_from(old).unwrap_or(usize::MAX));
            self.since = Some(now);
        }
    }
}

/// How many chunks a packet has: each is work of its own.
pub(crate) fn count(packet: &[u8]) -> usize {
    chunks(packet).count()
}

const fn is_data(kind: u8) -> bool {
    matches!(kind, DATA | I_DATA)
}

/// Kind and flags of each, as far as lengths go.
fn chunks(packet: &[u8]) -> impl Iterator<Item = (u8, u8)> {
    let mut rest = packet.get(COMMON_HEADER..).unwrap_or_default();
    std::iter::from_fn(move || {
        let [kind, flags, high, low] = *rest.first_chunk()?;
        let len = usize::from(u16::from_be_bytes([high, low])).max(4).next_multiple_of(4);
        rest = rest.get(len..).unwrap_or_default();
        Some((kind, flags))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A packet of so many pieces of a byte.
    fn crumbs(n: usize, flags: u8) -> Vec<u8> {
        let chunk = [&[DATA, flags, 0, 17][..], &[0; 16]].concat();
        [vec![0; COMMON_HEADER], chunk.repeat(n)].concat()
    }

    #[test]
    fn a_message_in_crumbs_that_never_ends_is_the_end() {
        let (now, mut pieces) = (Instant::now(), Pieces::default());
        let taken = (0..1000).take_while(|_| pieces.take(now, &crumbs(50, 0))).count();
        assert_eq!(taken, MOST / 50);
    }

    #[test]
    fn whole_messages_and_those_that_are_read_wait_for_nothing() {
        let (start, mut pieces) = (Instant::now(), Pieces::default());
        for n in 0..10_000 {
            let now = start + Duration::from_millis(n);
            assert!(pieces.take(now, &crumbs(50, BEGINS_AND_ENDS)));
            assert!(pieces.take(now, &crumbs(40, 0)));
            pieces.read(40);
        }
    }

    #[test]
    fn pieces_that_came_twice_are_forgotten_in_time() {
        let (start, mut pieces) = (Instant::now(), Pieces::default());
        for second in 0..100_000 {
            assert!(pieces.take(start + Duration::from_secs(second), &crumbs(10, 0)));
        }
    }

    #[test]
    fn lengths_that_lie_end_the_walk() {
        for len in [0_u16, 1, 3, 17, u16::MAX] {
            let mut packet = crumbs(3, 0);
            packet[14..16].copy_from_slice(&len.to_be_bytes());
            assert!(count(&packet) <= packet.len() / 4);
        }
        assert_eq!((count(&[]), count(&[0; 11]), count(&[0; 14])), (0, 0, 0));
    }
}
