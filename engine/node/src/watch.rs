//! Whether the shards' threads still turn.
//!
//! A thread counts its turns, and turns at least once a second however little there is to do. One that has stood still for
//! several looks hangs: in a loop without end, or in a call that doesn't return. A thread can't be ended from outside, so all
//! that is done here is to say so.
//!
//! Law: who looks late has slept itself, with all others (the machine was stopped, or has far too much to do), and begins anew.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::events::{Life, Notice, Teller, What};

/// A thread turns at least so often.
pub(crate) const TURN: Duration = Duration::from_secs(1);
/// How often is looked.
const EVERY: Duration = Duration::from_millis(500);
/// A look that comes so late is none.
const LATE: Duration = Duration::from_millis(1500);
/// Looks without a turn until it is silent, and until it hangs.
const SILENT: u32 = 3;
const HANGS: u32 = 8;

/// What a thread shows of itself.
#[derive(Debug, Default)]
pub(crate) struct Pulse {
    turns: AtomicU64,
    silent: AtomicBool,
    given_up: AtomicBool,
}

impl Pulse {
    pub(crate) fn turn(&self) {
        self.turns.fetch_add(1, Ordering::Relaxed);
    }

    #[cfg(test)]
    pub(crate) fn turns(&self) -> u64 {
        self.turns.load(Ordering::Relaxed)
    }

    /// It has not turned for a while.
    pub(crate) fn is_silent(&self) -> bool {
        self.silent.load(Ordering::Relaxed)
    }

    /// Another does its work now: if it ever wakes it has to end without a word.
    pub(crate) fn give_up(&self) {
        self.given_up.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_given_up(&self) -> bool {
        self.given_up.load(Ordering::Relaxed)
    }
}

/// How often a thread was found where it was before.
#[derive(Debug, Default)]
struct Standstill {
    turns: Option<u64>,
    looks: u32,
}

impl Standstill {
    fn look(&mut self, turns: u64, late: bool) -> u32 {
        let stands = self.turns.replace(turns) == Some(turns) && !late;
        self.looks = if stands { self.looks + 1 } else { 0 };
        self.looks
    }
}

/// A thread to be watched.
pub(crate) struct Watched {
    pub(crate) life: Life,
    pub(crate) pulse: Arc<Pulse>,
}

/// Looks at the threads, by a thread of its own. Dropping it ends that.
pub(crate) struct Watch {
    watched: Option<Sender<Watched>>,
    thread: Option<JoinHandle<()>>,
}

impl Watch {
    pub(crate) fn start(teller: Teller) -> io::Result<Self> {
        let (watched, arriving) = channel();
        let thread = std::thread::Builder::new().name("folkmoot-watch".into());
        let thread = thread.spawn(move || look_on(&arriving, &teller))?;
        Ok(Self { watched: Some(watched), thread: Some(thread) })
    }

    /// From now on this is the thread of its shard.
    pub(crate) fn over(&self, watched: Watched) {
        if let Some(sender) = &self.watched {
            let _ = sender.send(watched);
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.watched = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn look_on(arriving: &Receiver<Watched>, teller: &Teller) {
    let mut threads: HashMap<u8, (Watched, Standstill)> = HashMap::new();
    let mut looked = Instant::now();
    loop {
        match arriving.recv_timeout((looked + EVERY).saturating_duration_since(Instant::now())) {
            Ok(watched) => {
                threads.insert(watched.life.shard, (watched, Standstill::default()));
            }
            Err(RecvTimeoutError::Timeout) => {
                let late = looked.elapsed() > LATE;
                looked = Instant::now();
                for (watched, stands) in threads.values_mut() {
                    look(watched, stands, late, teller);
                }
            }
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

fn look(watched: &Watched, stands: &mut Standstill, late: bool, teller: &Teller) {
    let looks = stands.look(watched.pulse.turns.load(Ordering::Relaxed), late);
    watched.pulse.silent.store(looks >= SILENT, Ordering::Relaxed);
    if looks == HANGS {
        teller.tell([Notice { life: watched.life, what: What::Hangs }]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_turns_is_well_and_who_stands_is_counted() {
        let mut stands = Standstill::default();
        assert_eq!([1, 2, 2, 3].map(|turns| stands.look(turns, false)), [0, 0, 1, 0]);
        assert_eq!([3, 3, 3].map(|turns| stands.look(turns, false)), [1, 2, 3]);
    }

    #[test]
    fn a_machine_that_was_stopped_has_no_thread_that_hangs() {
        let mut stands = Standstill::default();
        let looks: Vec<_> = (0..HANGS).map(|_| stands.look(5, false)).collect();
        assert_eq!(looks.last(), Some(&(HANGS - 1)));
        assert_eq!(stands.look(5, true), 0, "nobody had a chance to turn");
        assert_eq!(stands.look(6, false), 0);
    }

    #[test]
    fn a_thread_is_given_several_turns_before_it_is_said_to_hang() {
        assert!(EVERY * SILENT > TURN && EVERY * HANGS > TURN * 3 && LATE > EVERY * 2);
    }
}
