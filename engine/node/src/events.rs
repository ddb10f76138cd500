//! From the shard's thread to the caller: a bounded queue and one flag.
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

/// Something that the shard's thread tells.
#[derive(Debug)]
pub enum Notice {
    /// From the shard itself.
    Shard(ShardEvent),
    /// The thread has ended by a fault of ours; all its connections are gone.
    Died(String),
}

impl Notice {
    fn is_passing(&self) -> bool {
        matches!(self, Self::Shard(ShardEvent::Speakers { .. } | ShardEvent::Quality { .. } | ShardEvent::Said { .. }))
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

    fn level() -> Notice {
        Notice::Shard(ShardEvent::Speakers { room: 1, changes: Vec::new() })
    }

    #[test]
    fn to_who_does_not_come_levels_are_dropped_and_facts_never() {
        let (teller, listener) = queue().expect("a queue");
        teller.tell((0..PASSING_MAX + 100).map(|_| level()));
        teller.tell([Notice::Died("a fault".into())]);
        let waited = listener.drain();
        assert_eq!(waited.len(), PASSING_MAX + 1);
        assert!(matches!(waited.last(), Some(Notice::Died(_))));
        teller.tell([level()]);
        assert_eq!(listener.drain().len(), 1, "who comes back is told again");
    }
}
