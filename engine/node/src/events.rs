//! From the shard's thread to the caller: a bounded queue and one flag.

use std::collections::VecDeque;
use std::io;
use std::os::fd::{AsRawFd, RawFd};
use std::sync::{Mutex, PoisonError};

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
        matches!(self, Self::Shard(ShardEvent::Speakers { .. } | ShardEvent::Quality { .. }))
    }
}

/// The queue. One thread pushes, one drains.
#[derive(Debug)]
pub struct Events {
    queue: Mutex<VecDeque<Notice>>,
    flag: Flag,
}

impl Events {
    /// An empty queue.
    pub fn new() -> io::Result<Self> {
        Ok(Self { queue: Mutex::default(), flag: Flag::new()? })
    }

    /// The descriptor that is readable while events wait.
    pub fn fileno(&self) -> RawFd {
        self.flag.as_raw_fd()
    }

    /// Adds what happened in one wake-up of the shard.
    pub fn push(&self, notices: impl IntoIterator<Item = Notice>) {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        for notice in notices {
            if queue.len() < PASSING_MAX || !notice.is_passing() {
                queue.push_back(notice);
            }
        }
        let raise = !queue.is_empty();
        drop(queue);
        if raise {
            self.flag.raise();
        }
    }

    /// Takes all that waits.
    pub fn drain(&self) -> VecDeque<Notice> {
        self.flag.lower();
        std::mem::take(&mut self.queue.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
