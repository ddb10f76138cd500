//! A flag that one side raises and another waits for, at the price of a system call only when it was down.
//!
//! The order on the waiting side is a law: lower the flag, *then* take what it announced. What comes in between is either
//! in what is taken or raises the flag again; in the other order it could lie there unseen.

use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, RawFd};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::sys::EventFd;

/// A descriptor that is readable while the flag is up.
#[derive(Debug)]
pub(crate) struct Flag {
    up: AtomicBool,
    fd: EventFd,
}

impl Flag {
    /// A lowered flag.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self { up: AtomicBool::new(false), fd: EventFd::new()? })
    }

    /// Something waits. Say so behind putting it there.
    pub(crate) fn raise(&self) {
        if !self.up.swap(true, Ordering::AcqRel) {
            self.fd.signal();
        }
    }

    /// Something waits that was put there before this moment. Who was woken lowers the flag all the same: it may be down already,
    /// while its descriptor, signalled a little later, is readable still.
    pub(crate) fn is_up(&self) -> bool {
        self.up.load(Ordering::Acquire)
    }

    /// Before taking what waits.
    pub(crate) fn lower(&self) {
        self.fd.clear();
        // Not merely stored: whoever found the flag up has put its thing before this moment, and it shall be seen.
        self.up.swap(false, Ordering::AcqRel);
    }
}

impl AsFd for Flag {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

impl AsRawFd for Flag {
    fn as_raw_fd(&self) -> RawFd {
        self.fd.as_raw_fd()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::*;
    use crate::sys::wait_readable;

    fn is_up(flag: &Flag, within: Duration) -> bool {
        wait_readable([flag.as_fd()], Some(within)).expect("a descriptor") == [true]
    }

    #[test]
    fn raised_twice_it_is_lowered_once() {
        let flag = Flag::new().expect("a flag");
        assert!(!is_up(&flag, Duration::ZERO));
        flag.raise();
        flag.raise();
        assert!(is_up(&flag, Duration::ZERO));
        flag.lower();
        assert!(!is_up(&flag, Duration::ZERO));
        flag.raise();
        assert!(is_up(&flag, Duration::ZERO));
    }

    #[test]
    fn nothing_that_is_announced_is_left_lying() {
        const THINGS: usize = 100_000;
        let flag = Arc::new(Flag::new().expect("a flag"));
        let (put, taken) = channel();
        let announcing = flag.clone();
        let putting = std::thread::spawn(move || {
            for thing in 0..THINGS {
                put.send(thing).expect("somebody who takes");
                announcing.raise();
            }
        });
        let mut seen = 0;
        while seen < THINGS {
            assert!(is_up(&flag, Duration::from_secs(10)), "{seen} of {THINGS} were seen");
            flag.lower();
            seen += taken.try_iter().count();
        }
        putting.join().expect("all were put");
    }
}
