//! What a client says reliably, in the order in which it counts it.
//!
//! Law: a message goes on once, after all that were counted before it, or after it was waited for long enough. A client whose
//! signal is cut keeps what it would say while it tries to come back, and says the rest: it knows of both, and says again from
//! the last number that we tell it on. So that number must have nothing missing below it, and what came after a gap waits for
//! what belongs there: receivers drop what comes late as something said twice. Pure: time comes in.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::time::{Duration, Instant};

use crate::command::LastHeard;

/// How long a gap waits for what belongs there, while nobody knows that the signal is cut or when it is back: nobody needs to
/// have been away, and a client that counts what it never says would keep everybody waiting.
const PATIENCE: Duration = Duration::from_secs(5);
/// So much is held, and so many.
const HELD_BYTES: usize = 1 << 20;
const HELD: usize = 4096;

/// Of one client. `T` is a message, or what stands for one that isn't passed on.
#[derive(Debug)]
pub(crate) struct Reorder<T> {
    pub(crate) heard: LastHeard,
    held: BTreeMap<u32, (usize, T)>,
    bytes: usize,
    /// When the gap was seen, or the signal came back since.
    since: Option<Instant>,
    away: bool,
}

impl<T> Reorder<T> {
    pub(crate) fn new(heard: LastHeard) -> Self {
        Self { heard, held: BTreeMap::new(), bytes: 0, since: None, away: false }
    }

    /// Whether something waits for what belongs before it.
    pub(crate) fn has_gap(&self) -> bool {
        !self.held.is_empty()
    }

    /// A message of that number (0: it isn't counted) and of so many bytes came. What goes on now is handed to `pass`.
    pub(crate) fn take(&mut self, now: Instant, sequence: u32, bytes: usize, message: T, mut pass: impl FnMut(T)) {
        let last = self.heard.get();
        if sequence == 0 {
            return pass(message);
        }
        if sequence <= last {
            return;
        }
        // Of one that is heard for the first time nobody knows where it began to count.
        if last == 0 || sequence == last + 1 {
            self.heard.set(sequence);
            pass(message);
            return self.pass_on(&mut pass);
        }
        self.since = self.since.or(Some(now));
        if let Entry::Vacant(place) = self.held.entry(sequence) {
            place.insert((bytes, message));
            self.bytes += bytes;
        }
        if self.held.len() > HELD || self.bytes > HELD_BYTES {
            self.give_up(pass);
        }
    }

    /// The client's signal is cut, or is back.
    pub(crate) fn set_away(&mut self, now: Instant, away: bool) {
        self.away = away;
        self.since = self.since.map(|_| now);
    }

    /// Time has passed.
    pub(crate) fn tick(&mut self, now: Instant, pass: impl FnMut(T)) {
        let late = self.since.is_some_and(|since| now.saturating_duration_since(since) >= PATIENCE);
        if late && !self.away {
            self.give_up(pass);
        }
    }

    /// What follows without a gap.
    fn pass_on(&mut self, pass: &mut impl FnMut(T)) {
        while let Some(first) = self.held.first_entry()
            && *first.key() == self.heard.get().saturating_add(1)
        {
            let (sequence, (bytes, message)) = first.remove_entry();
            self.bytes -= bytes;
            self.heard.set(sequence);
            pass(message);
        }
        if self.held.is_empty() {
            self.since = None;
        }
    }

    /// All that is held goes on; what is missing between is too late from now on.
    pub(crate) fn give_up(&mut self, mut pass: impl FnMut(T)) {
        for (sequence, (_, message)) in std::mem::take(&mut self.held) {
            self.heard.set(sequence);
            pass(message);
        }
        (self.bytes, self.since) = (0, None);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    struct Client {
        reorder: Reorder<u32>,
        heard: LastHeard,
        began: Instant,
        passed: Vec<u32>,
    }

    impl Client {
        fn new() -> Self {
            let heard = LastHeard::default();
            Self { reorder: Reorder::new(heard.clone()), heard, began: Instant::now(), passed: Vec::new() }
        }

        fn say(&mut self, at_ms: u64, sequences: impl IntoIterator<Item = u32>) {
            let now = self.began + Duration::from_millis(at_ms);
            for n in sequences {
                self.reorder.take(now, n, 100, n, |n| self.passed.push(n));
            }
        }

        fn tick(&mut self, at_ms: u64) {
            self.reorder.tick(self.began + Duration::from_millis(at_ms), |n| self.passed.push(n));
        }

        fn away(&mut self, at_ms: u64, away: bool) {
            self.reorder.set_away(self.began + Duration::from_millis(at_ms), away);
        }
    }

    #[test]
    fn what_a_client_kept_while_it_tried_to_come_back_stands_where_it_belongs() {
        let mut client = Client::new();
        client.say(0, [1, 2, 3]);
        client.away(100, true);
        client.say(200, [5, 6, 8]); // 4 and 7 were kept: it tried just then
        client.tick(12_000);
        assert_eq!((client.passed.as_slice(), client.heard.get()), (&[1, 2, 3][..], 3));
        client.away(12_100, false);
        client.say(12_200, [4, 5, 6, 7, 8, 9]); // all after 3 again
        assert_eq!(client.passed, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
        assert!(!client.reorder.has_gap() && client.heard.get() == 9);
    }

    #[test]
    fn a_gap_that_nobody_fills_is_waited_for_as_long_as_was_said_and_then_given_up() {
        let mut client = Client::new();
        client.say(0, [1, 3]);
        client.tick(4_999);
        assert_eq!(client.passed, [1]);
        client.tick(5_000);
        client.say(5_001, [2, 4]);
        assert_eq!(client.passed, [1, 3, 4], "2 came too late");
        client.say(6_000, [6]);
        client.away(7_000, true);
        client.tick(60_000);
        client.away(60_000, false);
        client.tick(64_999);
        assert_eq!(client.passed, [1, 3, 4]);
        client.tick(65_000);
        assert_eq!(client.passed, [1, 3, 4, 6]);
    }

    #[test]
    fn what_isnt_counted_or_is_said_twice_waits_for_nothing_and_goes_on_once() {
        let mut client = Client::new();
        client.say(0, [7, 0, 7, 6, 9, 9, 0]);
        assert_eq!(client.passed, [7, 0, 0]);
        client.say(1, [8, 9]);
        assert_eq!(client.passed, [7, 0, 0, 8, 9]);
        client.say(2, [u32::MAX, u32::MAX - 1]);
        client.tick(6_000);
        assert_eq!((client.passed.len(), client.heard.get()), (7, u32::MAX));
    }

    #[test]
    fn what_is_held_is_bounded_in_bytes_and_in_number() {
        for (bytes, most) in [(0, HELD), (HELD_BYTES / 4, 4)] {
            let (now, mut passed) = (Instant::now(), 0);
            let mut reorder = Reorder::new(LastHeard::default());
            reorder.take(now, 1, 0, (), |()| passed += 1);
            for n in 0..most as u32 {
                reorder.take(now, 3 + n, bytes, (), |()| passed += 1);
                reorder.take(now, 3 + n, bytes, (), |()| passed += 1);
            }
            assert_eq!(passed, 1);
            reorder.take(now, u32::MAX, bytes, (), |()| passed += 1);
            assert_eq!((passed, reorder.bytes, reorder.has_gap()), (2 + most, 0, false));
        }
    }

    proptest! {
        #[test]
        fn whatever_comes_goes_on_once_and_in_order(said in prop::collection::vec((0..40_u32, 0..3_000_u64), 1..200)) {
            let (mut client, mut at) = (Client::new(), 0);
            for (n, after) in said {
                at += after;
                client.tick(at);
                client.say(at, [n]);
            }
            client.tick(at + 5_000);
            let counted: Vec<u32> = client.passed.iter().copied().filter(|n| *n != 0).collect();
            prop_assert!(counted.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert!(!client.reorder.has_gap());
        }
    }
}
