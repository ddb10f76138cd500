//! Which packets of a stream were sent again, and when: a receiver that asks again within a round trip hasn't had the answer
//! to its first question, and one that asks for ever isn't helped.
//!
//! Law: as many are remembered as can be sent again at all, so that asking for many is no way around.

use std::time::{Duration, Instant};

/// As many as a layer remembers.
const PACKETS: usize = 512;
/// A packet is sent again so often.
const TIMES: u8 = 4;
/// Behind this a slot is another packet's: no ring holds one so long.
const OLD_MS: u32 = 10_000;

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    at_ms: u32,
    seq: u16,
    times: u8,
}

/// See the module. Most streams never need the memory.
#[derive(Debug, Default)]
pub(crate) struct Resends(Option<(Instant, Box<[Slot; PACKETS]>)>);

impl Resends {
    /// Whether packet `seq` may be sent again now, that was not within `pause`; notes that it is.
    pub(crate) fn may(&mut self, now: Instant, seq: u64, pause: Duration) -> bool {
        let (begun, slots) = self.0.get_or_insert_with(|| (now, Box::new([Slot::default(); PACKETS])));
        let at_ms = now.saturating_duration_since(*begun).as_millis() as u32;
        let slot = &mut slots[seq as usize % PACKETS];
        let since = at_ms.wrapping_sub(slot.at_ms);
        let known = slot.times > 0 && slot.seq == seq as u16 && since < OLD_MS;
        if known && (slot.times >= TIMES || since < pause.as_millis() as u32) {
            return false;
        }
        let times = if known { slot.times + 1 } else { 1 };
        *slot = Slot { at_ms, seq: seq as u16, times };
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn however_many_are_asked_for_each_is_sent_once_a_pause_and_four_times_at_most() {
        let (start, mut resends, mut sent) = (Instant::now(), Resends::default(), 0);
        for ms in 0..1000 {
            for seq in 70_000..70_000 + PACKETS as u64 {
                sent += usize::from(resends.may(start + ms * MS, seq, 100 * MS));
            }
            assert!(sent <= PACKETS * (1 + ms as usize / 100), "{sent} within {ms} ms");
        }
        assert_eq!(sent, PACKETS * usize::from(TIMES));
    }

    #[test]
    fn a_packet_of_the_same_place_is_another_one() {
        let (now, mut resends) = (Instant::now(), Resends::default());
        for _ in 0..9 {
            resends.may(now, 7, Duration::ZERO);
        }
        assert!(resends.may(now, 7 + PACKETS as u64, 100 * MS));
        for round in 1..5 {
            let later = now + round * 60_000 * MS;
            assert!(resends.may(later, 7 + u64::from(round) * 0x1_0000, 100 * MS), "a round of numbers later");
        }
    }
}
