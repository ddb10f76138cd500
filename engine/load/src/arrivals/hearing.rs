//! What a listener hears of one voice: how long it was silent at most, how long a packet was on its way at most, and what
//! never came. A speaker sends a packet each 20 ms, so any longer silence was made on the way or by a speaker who wasn't
//! given the processor; what was on its way for long was not the speaker's.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// One voice, as it came.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hearing {
    last: Option<(u64, Instant)>,
    /// Packets that came.
    pub packets: u64,
    /// Numbers that were passed over.
    pub lost: u64,
    /// The longest time from one packet to the next.
    pub gap: Duration,
    /// The longest time from a mouth to an ear.
    pub delay: Duration,
}

/// What a speaker writes into a packet: when it was said.
pub fn said(now: Instant) -> [u8; 8] {
    (now.duration_since(beginning()).as_nanos() as u64).to_be_bytes()
}

/// Of all clocks of this process.
fn beginning() -> Instant {
    static BEGINNING: OnceLock<Instant> = OnceLock::new();
    *BEGINNING.get_or_init(Instant::now)
}

impl Hearing {
    /// How long that packet was on its way.
    pub fn was_said(&mut self, payload: &[u8], now: Instant) {
        if let Some(at) = payload.first_chunk::<8>() {
            let way = now.duration_since(beginning()).saturating_sub(Duration::from_nanos(u64::from_be_bytes(*at)));
            self.delay = self.delay.max(way);
        }
    }

    /// A packet came; one that comes late makes up for one that was lost.
    pub fn hear(&mut self, number: u64, now: Instant) {
        self.packets += 1;
        if let Some((last, at)) = self.last {
            if number <= last {
                self.lost = self.lost.saturating_sub(1);
                return;
            }
            self.lost += number - last - 1;
            self.gap = self.gap.max(now - at);
        }
        self.last = Some((number, now));
    }

    /// All voices of one listener together.
    pub fn and(self, other: Self) -> Self {
        Self {
            last: None,
            packets: self.packets + other.packets,
            lost: self.lost + other.lost,
            gap: self.gap.max(other.gap),
            delay: self.delay.max(other.delay),
        }
    }

    /// The silence that lasts until now.
    pub fn until(mut self, now: Instant) -> Self {
        if let Some((_, at)) = self.last {
            self.gap = self.gap.max(now - at);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_silence_and_what_was_lost_are_known() {
        let start = Instant::now();
        let mut hearing = Hearing::default();
        for (number, ms) in [(0, 0), (1, 20), (3, 90), (2, 95), (4, 110), (6, 150)] {
            hearing.hear(number, start + Duration::from_millis(ms));
        }
        assert_eq!((hearing.packets, hearing.lost, hearing.gap), (6, 1, Duration::from_millis(70)));
    }

    #[test]
    fn a_packet_says_when_it_was_said() {
        let said_at = beginning();
        let mut hearing = Hearing::default();
        hearing.was_said(&said(said_at), said_at + Duration::from_millis(30));
        hearing.was_said(&said(said_at), said_at + Duration::from_millis(10));
        hearing.was_said(&[0x78], said_at + Duration::from_secs(9));
        assert_eq!(hearing.delay, Duration::from_millis(30));
    }

    #[test]
    fn a_voice_that_stopped_is_a_gap_that_grows() {
        let start = Instant::now();
        let mut hearing = Hearing::default();
        hearing.hear(0, start);
        assert_eq!(hearing.until(start + Duration::from_secs(3)).gap, Duration::from_secs(3));
    }
}
