//! Packets by groups that were sent in one burst, and how much longer a group took than the one before
//! (draft-ietf-rmcat-gcc-02 §5.2).

/// What leaves within so long (microseconds) is one burst.
const BURST: i64 = 5_000;
/// What a router or a radio lets go together is one as well, up to so long.
const LONGEST_BURST: i64 = 100_000;
/// A receiver whose clock leaps so far has another one.
const LEAP: i64 = 3_000_000;

/// The time between two groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Delta {
    /// At the sender, microseconds.
    pub(crate) sent: i64,
    /// At the receiver.
    pub(crate) arrived: i64,
    /// When the later one was there, by the receiver's clock.
    pub(crate) at: i64,
}

#[derive(Clone, Copy, Debug)]
struct Group {
    first_sent: i64,
    last_sent: i64,
    first_arrived: i64,
    last_arrived: i64,
}

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    before: Option<Group>,
    current: Option<Group>,
}

impl Groups {
    /// A packet's times; the delta of the group that it ends by beginning another.
    pub(crate) fn take(&mut self, sent: i64, arrived: i64) -> Option<Delta> {
        let begun = Group { first_sent: sent, last_sent: sent, first_arrived: arrived, last_arrived: arrived };
        let Some(current) = &mut self.current else {
            self.current = Some(begun);
            return None;
        };
        if (arrived - current.last_arrived).abs() > LEAP {
            *self = Self { before: None, current: Some(begun) };
            return None;
        }
        if sent < current.first_sent {
            return None; // of a group that is over
        }
        if current.holds(sent, arrived) {
            current.last_sent = current.last_sent.max(sent);
            current.last_arrived = current.last_arrived.max(arrived);
            return None;
        }
        let ended = std::mem::replace(current, begun);
        let before = self.before.replace(ended)?;
        Some(Delta {
            sent: ended.last_sent - before.last_sent,
            arrived: ended.last_arrived - before.last_arrived,
            at: ended.last_arrived,
        })
    }
}

impl Group {
    fn holds(&self, sent: i64, arrived: i64) -> bool {
        let (after, later) = (sent - self.last_sent, arrived - self.last_arrived);
        let caught_up = later < after && later <= BURST && arrived - self.first_arrived < LONGEST_BURST;
        sent - self.first_sent <= BURST || caught_up
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_one_group_and_the_next_one_tells_how_long_it_took() {
        let mut groups = Groups::default();
        for (sent, arrived) in [(0, 50_000), (1_000, 51_000), (33_000, 90_000), (34_000, 92_000)] {
            assert_eq!(groups.take(sent, arrived), None);
        }
        assert_eq!(groups.take(66_000, 130_000), Some(Delta { sent: 33_000, arrived: 41_000, at: 92_000 }));
    }

    #[test]
    fn what_was_held_up_and_let_go_together_is_one_group() {
        let mut groups = Groups::default();
        groups.take(0, 50_000);
        groups.take(20_000, 100_000);
        assert_eq!(groups.take(40_000, 101_000), None, "it caught up");
        assert_eq!(groups.take(60_000, 150_000).map(|d| d.sent), Some(40_000));
    }

    #[test]
    fn late_packets_and_leaping_clocks_end_no_group() {
        let mut groups = Groups::default();
        groups.take(0, 0);
        groups.take(20_000, 20_000);
        assert_eq!(groups.take(10_000, 30_000), None);
        assert_eq!(groups.take(40_000, i64::from(i32::MAX)), None);
        assert_eq!(groups.take(60_000, i64::from(i32::MAX) + 20_000), None, "all begins anew");
    }
}
