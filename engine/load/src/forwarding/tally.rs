//! What all clients together sent and received.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};

use serde_json::{Value, json};

/// See the module.
#[derive(Debug, Default)]
pub struct Tally {
    senders: AtomicU64,
    streams: AtomicU64,
    sent: AtomicU64,
    received: AtomicU64,
    bytes: AtomicU64,
    lost: AtomicI64,
    left: AtomicU64,
}

/// The numbers of one stream that comes.
#[derive(Clone, Copy, Debug)]
pub struct Heard {
    highest: u64,
}

impl Heard {
    /// The number nearest to the highest that ends so.
    pub fn extend(self, sequence: u16) -> u64 {
        let away = i64::from(sequence.wrapping_sub(self.highest as u16).cast_signed());
        self.highest.saturating_add_signed(away)
    }
}

impl Tally {
    /// One who sends is connected.
    pub fn sends(&self) {
        self.senders.fetch_add(1, Relaxed);
    }

    pub fn senders(&self) -> u64 {
        self.senders.load(Relaxed)
    }

    /// Streams that come, each to one receiver.
    pub fn streams(&self) -> u64 {
        self.streams.load(Relaxed)
    }

    pub fn sent(&self, packets: u64) {
        self.sent.fetch_add(packets, Relaxed);
    }

    /// One is no longer there.
    pub fn left(&self) {
        self.left.fetch_add(1, Relaxed);
    }

    /// A packet came; one that comes late makes up for one that was lost.
    pub fn received(&self, heard: &mut Option<Heard>, number: u64, bytes: usize) {
        self.received.fetch_add(1, Relaxed);
        self.bytes.fetch_add(bytes as u64, Relaxed);
        let Some(heard) = heard else {
            self.streams.fetch_add(1, Relaxed);
            *heard = Some(Heard { highest: number });
            return;
        };
        if number > heard.highest {
            self.lost.fetch_add((number - heard.highest - 1) as i64, Relaxed);
            heard.highest = number;
        } else {
            self.lost.fetch_sub(1, Relaxed);
        }
    }

    pub fn told(&self) -> Value {
        json!({
            "streams": self.streams(), "sent": self.sent.load(Relaxed), "received": self.received.load(Relaxed),
            "bytes": self.bytes.load(Relaxed), "lost": self.lost.load(Relaxed), "left": self.left.load(Relaxed),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_passed_over_is_lost_until_it_comes() {
        let (tally, mut heard) = (Tally::default(), None);
        for number in [7, 8, 11, 9] {
            tally.received(&mut heard, number, 100);
        }
        let told = tally.told();
        assert_eq!((&told["received"], &told["lost"], &told["streams"]), (&json!(4), &json!(1), &json!(1)));
    }
}
