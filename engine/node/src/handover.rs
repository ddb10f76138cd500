//! From one shard's thread to another: a bounded ring of things with bytes, and of the bytes themselves.
//!
//! Law: who hands over never waits and never allocates. What has no room is dropped and counted: it is a datagram, and whoever
//! misses it asks again. Each ring has one thread at each end.

use std::sync::Arc;

use rtrb::{Consumer, Producer, RingBuffer};

use crate::flag::Flag;

/// Things under way between two threads: some milliseconds of all that one core can take in.
const THINGS: usize = 2048;
/// And their bytes.
const BYTES: usize = 1 << 20;
/// One thing's bytes.
const LONGEST: usize = crate::sys::DATAGRAM;

struct Item<T> {
    thing: T,
    length: usize,
}

/// An empty ring. `wake` is raised when something waits in it.
pub(crate) fn ring<T>(wake: Arc<Flag>) -> (Handing<T>, Taking<T>) {
    let (things, taken) = RingBuffer::new(THINGS);
    let (bytes, taken_bytes) = RingBuffer::new(BYTES);
    let taking = Taking { things: taken, bytes: taken_bytes, buffer: vec![0; LONGEST].into_boxed_slice() };
    (Handing { things, bytes, wake, announced: true, dropped: 0 }, taking)
}

/// The end of the thread that has something that is another's.
pub(crate) struct Handing<T> {
    things: Producer<Item<T>>,
    bytes: Producer<u8>,
    wake: Arc<Flag>,
    announced: bool,
    dropped: u64,
}

impl<T> Handing<T> {
    /// The other thread is told by [`Handing::announce`].
    pub(crate) fn put(&mut self, thing: T, bytes: &[u8]) {
        let fits = bytes.len() <= LONGEST && !self.things.is_full();
        // The bytes first: whoever sees the thing has to find them.
        if fits && self.bytes.push_entire_slice(bytes).is_ok() {
            let _ = self.things.push(Item { thing, length: bytes.len() });
            self.announced = false;
        } else {
            self.dropped += 1;
        }
    }

    /// Once for all that was put since.
    pub(crate) fn announce(&mut self) {
        if !std::mem::replace(&mut self.announced, true) {
            self.wake.raise();
        }
    }

    /// What had no room, since the start.
    pub(crate) fn dropped(&self) -> u64 {
        self.dropped
    }
}

/// The end of the thread that it belongs to.
pub(crate) struct Taking<T> {
    things: Consumer<Item<T>>,
    bytes: Consumer<u8>,
    buffer: Box<[u8]>,
}

impl<T> Taking<T> {
    /// How many wait.
    pub(crate) fn waiting(&self) -> usize {
        self.things.slots()
    }

    /// The next, if any waits.
    pub(crate) fn take(&mut self) -> Option<(T, &mut [u8])> {
        let Item { thing, length } = self.things.pop().ok()?;
        let bytes = self.buffer.get_mut(..length)?;
        self.bytes.pop_entire_slice(bytes).ok()?;
        Some((thing, bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new() -> (Handing<u32>, Taking<u32>) {
        ring(Arc::new(Flag::new().expect("a flag")))
    }

    #[test]
    fn everything_comes_over_whole_and_in_order_and_what_is_too_much_is_counted() {
        let (mut handing, mut taking) = new();
        let bytes = |n: u32| vec![n as u8; n as usize % 1500];
        let (mut put, mut taken) = (0, 0);
        // More than a ring holds, in bursts of several sizes, so that its ends are passed at every place.
        for burst in 1..200 {
            for _ in 0..burst {
                handing.put(put, &bytes(put));
                put += 1;
            }
            while let Some((n, got)) = taking.take() {
                assert_eq!((n, &got[..]), (taken, &bytes(taken)[..]));
                taken += 1;
            }
        }
        assert_eq!((put, handing.dropped()), (taken, 0));
        for n in 0..THINGS as u32 + 100 {
            handing.put(n, b"x");
        }
        assert_eq!(handing.dropped(), 100);
        assert_eq!(std::iter::from_fn(|| taking.take().map(|(n, _)| n)).count(), THINGS);
        handing.put(0, &[0; LONGEST + 1]);
        assert_eq!((handing.dropped(), taking.take().is_none()), (101, true), "too long for anybody");
        (0..1000).for_each(|n| handing.put(n, &[7; 1500]));
        assert!(handing.dropped() > 101, "the bytes are bounded, too");
        while taking.take().is_some_and(|(_, bytes)| bytes == [7; 1500]) {}
        handing.put(9, b"again");
        assert_eq!(taking.take().map(|(n, bytes)| (n, bytes.to_vec())), Some((9, b"again".to_vec())));
    }

    #[test]
    fn two_threads_lose_nothing_that_has_room() {
        let (mut handing, mut taking) = new();
        let putting = std::thread::spawn(move || {
            (0..200_000_u32).for_each(|n| handing.put(n, &n.to_be_bytes().repeat(n as usize % 50)));
            handing.dropped()
        });
        let (mut seen, mut last) = (0_u64, None);
        loop {
            let done = putting.is_finished();
            while let Some((n, bytes)) = taking.take() {
                assert!(last < Some(n) && bytes == n.to_be_bytes().repeat(n as usize % 50), "{n}");
                (seen, last) = (seen + 1, Some(n));
            }
            if done {
                break;
            }
        }
        assert_eq!(seen + putting.join().expect("it went through"), 200_000);
    }
}
