//! The packets that were sent last, by their transport-wide numbers, and what is known of each.
//!
//! Law: 1,024 packets, 12 bytes each, and no more. A number that was never given, or so long ago that it is forgotten, finds
//! nothing; a packet arrives once.

/// Packets remembered, a power of two.
pub(crate) const CAPACITY: usize = 1024;

/// A packet on its way.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Packet {
    /// Microseconds of the estimator's clock, which wraps after 71 minutes.
    pub(crate) at: u32,
    /// Bytes on the wire.
    pub(crate) size: u16,
    /// The probe cluster it belongs to; 0 for none.
    pub(crate) probe: u8,
    /// It was kept for a while, and left after some with later numbers.
    late: bool,
    state: State,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// The slot holds no packet.
    #[default]
    Empty,
    /// Kept by its sender: it has a number, and hasn't left.
    Waiting,
    Flying,
    /// Reported missing, or never reported on though later ones were. It may still turn up.
    Missing,
    Arrived,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct SendRecord {
    packets: Box<[Packet; CAPACITY]>,
    /// The newest number, extended; 0 before the first packet.
    newest: u64,
    /// Of all below it something was heard, or is expected no more.
    tail: u64,
    in_flight: u64,
}

impl Default for SendRecord {
    fn default() -> Self {
        Self { packets: Box::new([Packet::default(); CAPACITY]), newest: 0, tail: 0, in_flight: 0 }
    }
}

impl SendRecord {
    /// A packet left under `seq`, the number after the one before.
    pub(crate) fn push(&mut self, seq: u16, at: u32, size: u16, probe: u8) {
        self.put(seq, Packet { at, size, probe, late: false, state: State::Flying });
        self.in_flight += u64::from(size);
    }

    /// A packet has got that number, and leaves later.
    pub(crate) fn keep(&mut self, seq: u16, size: u16) {
        self.put(seq, Packet { at: 0, size, probe: 0, late: true, state: State::Waiting });
    }

    fn put(&mut self, seq: u16, packet: Packet) {
        let next = if self.newest == 0 {
            0x1_0000 + u64::from(seq)
        } else {
            self.newest + u64::from(seq.wrapping_sub(self.newest as u16).max(1))
        };
        // Numbers that were left out are no packets.
        for skipped in (self.newest + 1).max(next.saturating_sub(CAPACITY as u64))..next {
            self.evict(skipped);
        }
        self.evict(next);
        self.packets[index(next)] = packet;
        self.newest = next;
    }

    /// A packet that was kept leaves.
    pub(crate) fn leave(&mut self, seq: u16, at: u32) {
        let Some(seq) = self.extend(seq) else { return };
        let packet = &mut self.packets[index(seq)];
        if packet.state == State::Waiting {
            (packet.at, packet.state) = (at, State::Flying);
            self.in_flight += u64::from(packet.size);
        }
    }

    /// When a packet left that was kept, if nothing was heard of it yet.
    pub(crate) fn left_late(&self, seq: u16) -> Option<u32> {
        let packet = &self.packets[index(self.extend(seq)?)];
        (packet.late && packet.state == State::Flying).then_some(packet.at)
    }

    /// The packet has arrived; `None` when it is not known or has before.
    pub(crate) fn arrive(&mut self, seq: u16) -> Option<Packet> {
        let seq = self.extend(seq)?;
        let packet = &mut self.packets[index(seq)];
        match std::mem::replace(&mut packet.state, State::Arrived) {
            State::Flying => self.in_flight -= u64::from(packet.size),
            State::Missing => {}
            state @ (State::Empty | State::Waiting | State::Arrived) => {
                packet.state = state;
                return None;
            }
        }
        Some(*packet)
    }

    /// The packet was reported missing; `None` when it is not known or something was heard of it before.
    pub(crate) fn miss(&mut self, seq: u16) -> Option<Packet> {
        let seq = self.extend(seq)?;
        self.give_up(seq).then(|| self.packets[index(seq)])
    }

    /// Reports begin with `seq` now: of what is older nothing more will be heard.
    pub(crate) fn reported_from(&mut self, seq: u16) {
        let Some(seq) = self.extend(seq) else { return };
        let oldest = (self.newest + 1).saturating_sub(CAPACITY as u64);
        for old in self.tail.max(oldest)..seq {
            self.give_up(old);
        }
        self.tail = self.tail.max(seq);
    }

    /// Bytes of which nothing was heard yet.
    pub(crate) fn in_flight(&self) -> u64 {
        self.in_flight
    }

    fn evict(&mut self, seq: u64) {
        self.give_up(seq);
        self.packets[index(seq)].state = State::Empty;
    }

    fn give_up(&mut self, seq: u64) -> bool {
        let packet = &mut self.packets[index(seq)];
        let flew = packet.state == State::Flying;
        if flew {
            packet.state = State::Missing;
            self.in_flight -= u64::from(packet.size);
        }
        flew
    }

    /// The extended number, if it is remembered.
    fn extend(&self, seq: u16) -> Option<u64> {
        let back = u64::from((self.newest as u16).wrapping_sub(seq));
        (back < CAPACITY as u64).then(|| self.newest.checked_sub(back)).flatten()
    }
}

const fn index(seq: u64) -> usize {
    seq as usize % CAPACITY
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(numbers: std::ops::Range<u32>) -> SendRecord {
        let mut record = SendRecord::default();
        numbers.for_each(|n| record.push(n as u16, n, 100, 0));
        record
    }

    #[test]
    fn what_its_sender_keeps_is_neither_on_its_way_nor_lost() {
        let mut record = sent(0..2);
        let flying = record.in_flight();
        record.keep(2, 700);
        record.push(3, 0, 100, 0);
        assert_eq!(record.in_flight(), flying + 100);
        assert!(record.miss(2).is_none() && record.arrive(2).is_none(), "nobody can have got it");
        record.reported_from(3);
        record.leave(2, 9);
        assert_eq!((record.left_late(2), record.left_late(3), record.in_flight()), (Some(9), None, 800));
        assert_eq!(record.arrive(2).map(|p| (p.at, p.size)), Some((9, 700)));
        record.leave(2, 10);
        assert!(record.arrive(2).is_none());
    }

    #[test]
    fn a_packet_arrives_once_and_one_that_was_never_sent_never() {
        let mut record = sent(65_530..65_540);
        assert_eq!(record.in_flight(), 1000);
        assert_eq!(record.arrive(2).map(|p| p.at), Some(65_538));
        assert!(record.arrive(2).is_none() && record.arrive(4).is_none() && record.arrive(65_000).is_none());
        assert_eq!(record.in_flight(), 900);
    }

    #[test]
    fn what_is_missing_may_still_arrive_and_flies_no_more() {
        let mut record = sent(0..10);
        assert!(record.miss(3).is_some() && record.miss(3).is_none());
        assert_eq!(record.in_flight(), 900);
        assert!(record.arrive(3).is_some());
        assert_eq!(record.in_flight(), 900);
        record.reported_from(8);
        assert_eq!(record.in_flight(), 200);
    }

    #[test]
    fn what_is_older_than_the_memory_is_forgotten_with_all_it_counted_for() {
        let record = sent(0..5000);
        assert_eq!(record.in_flight(), 100 * CAPACITY as u64);
        let mut record = sent(0..10);
        record.push(40_000, 1, 100, 0);
        assert_eq!(record.in_flight(), 100, "a leap forgets all before it");
        assert!(record.arrive(9).is_none());
    }
}
