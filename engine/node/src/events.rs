//! From the shards' threads to the caller: a bounded queue and one flag.
//!
//! Law: who tells never waits for who listens.

use std::io;
use std::os::fd::{AsRawFd, RawFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

use folkmoot_sfu::ShardEvent;

use crate::flag::Flag;

/// What may wait for a caller who does not come. Passing news (levels, scores) is dropped beyond it, facts never.
const PASSING_MAX: usize = 4096;

/// Which shard, and how many before it had its number: news of one that is no more are nobody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    /// Its number.
    pub shard: u8,
    /// Its thread, and how often that has begun anew.
    pub began: (u32, u32),
}

/// What a shard's thread tells, or is told about it.
#[derive(Debug)]
pub enum What {
    /// From the shard itself.
    Shard(ShardEvent),
    /// The shard before it ended by a fault of ours; all its connections are gone, and its thread goes on with a new one.
    Died(String),
    /// It does not turn any more.
    Hangs,
}

/// Something that is told of a shard.
#[derive(Debug)]
pub struct Notice {
    /// Of which.
    pub life: Life,
    /// What.
    pub what: What,
}

impl Notice {
    fn is_passing(&self) -> bool {
        matches!(
            self.what,
            What::Shard(ShardEvent::Speakers { .. } | ShardEvent::Quality { .. } | ShardEvent::Said { .. })
        )
    }
}

/// What both ends see.
#[derive(Debug)]
struct Shared {
    waiting: AtomicUsize,
    flag: Flag,
}

/// An empty queue.
pub fn queue() -> io::Result<(Teller, Listener)> {
    let (sender, receiver) = channel();
    let shared = Arc::new(Shared { waiting: AtomicUsize::new(0), flag: Flag::new()? });
    Ok((Teller { sender, shared: shared.clone() }, Listener { receiver, shared }))
}

/// The shard's end.
#[derive(Clone, Debug)]
pub struct Teller {
    sender: Sender<Notice>,
    shared: Arc<Shared>,
}

impl Teller {
    /// Adds what happened in one wake-up of the shard.
    pub fn tell(&self, notices: impl IntoIterator<Item = Notice>) {
        let mut told = false;
        for notice in notices {
            if self.shared.waiting.load(Ordering::Relaxed) < PASSING_MAX || !notice.is_passing() {
                self.shared.waiting.fetch_add(1, Ordering::Relaxed);
                // Nobody listens any more only where everything ends.
                told |= self.sender.send(notice).is_ok();
            }
        }
        if told {
            self.shared.flag.raise();
        }
    }
}

/// The caller's end.
#[derive(Debug)]
pub struct Listener {
    receiver: Receiver<Notice>,
    shared: Arc<Shared>,
}

impl Listener {
    /// The descriptor that is readable while events wait.
    pub fn fileno(&self) -> RawFd {
        self.shared.flag.as_raw_fd()
    }

    /// Takes all that waits.
    pub fn drain(&self) -> Vec<Notice> {
        self.shared.flag.lower();
        let waiting: Vec<_> = self.receiver.try_iter().collect();
        self.shared.waiting.fetch_sub(waiting.len(), Ordering::Relaxed);
        waiting
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notice(what: What) -> Notice {
        Notice { life: Life { shard: 0, began: (0, 0) }, what }
    }

    fn level() -> Notice {
        notice(What::Shard(ShardEvent::Speakers { room: 1, changes: Vec::new() }))
    }

    #[test]
    fn to_who_does_not_come_levels_are_dropped_and_facts_never() {
        let (teller, listener) = queue().expect("a queue");
        teller.tell((0..PASSING_MAX + 100).map(|_| level()));
        teller.tell([notice(What::Died("a fault".into()))]);
        let waited = listener.drain();
        assert_eq!(waited.len(), PASSING_MAX + 1);
        assert!(matches!(waited.last().map(|n| &n.what), Some(What::Died(_))));
        teller.tell([level()]);
        assert_eq!(listener.drain().len(), 1, "who comes back is told again");
    }
}
