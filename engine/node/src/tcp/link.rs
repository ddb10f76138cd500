//! One TCP connection without its socket: what may come, what waits to go, and when it has to end.
//!
//! Law: pure. Bytes and the time go in; frames, and a reason to end, come out. Whatever the far end does or leaves undone,
//! a link holds at most one unfinished frame of it and [`BACKLOG_MAX`] bytes for it.
//!
//! A stranger has ten seconds to become somebody: to send a check that a connection of ours accepts. It begins with a check
//! or is shown out at once. What the far end is too slow for is dropped, the newest first, and by what would miss it least:
//! media is late anyway; data is sent again, and its loss is what tells SCTP to slow down; but a link on which not even the
//! answer to a check has room is of no use to anybody, and ends.

use std::time::{Duration, Instant};

use folkmoot_wire::framed::{self, Deframer, TooLong};

/// A stranger is shown out after so long.
const STRANGER: Duration = Duration::from_secs(10);
/// And after so many frames: a client's first check is accepted, or its call is over.
const STRANGER_FRAMES: u32 = 64;
/// Nothing came for so long: clients check every two to six seconds what they may use.
const IDLE: Duration = Duration::from_secs(30);
/// The far end took nothing of what waits for so long.
const STALLED: Duration = Duration::from_secs(10);

/// What may wait before media is dropped: a key frame, or half a second of a good picture.
const BACKLOG_MEDIA: usize = 256 << 10;
/// And before data is.
const BACKLOG_DATA: usize = 512 << 10;
/// And before the link ends.
pub(super) const BACKLOG_MAX: usize = 576 << 10;
/// What a queue keeps of its memory while it is empty.
const QUEUE_KEPT: usize = 64 << 10;

/// Why a link ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The far end has closed it, or it broke.
    Gone,
    /// It sent what is no frame of ours.
    TooLong,
    /// It is not somebody who wants to call.
    Stranger,
    /// It did not say who it is in time.
    Silent,
    /// Nothing came for too long.
    Idle,
    /// It takes too little, or nothing.
    Stalled,
    /// The client has no use for it any more.
    Released,
}

impl From<TooLong> for End {
    fn from(_: TooLong) -> Self {
        Self::TooLong
    }
}

/// What became of a datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pushed {
    Queued,
    Dropped,
}

#[derive(Debug)]
pub(super) struct Link {
    deframer: Deframer,
    queue: Vec<u8>,
    /// How much of the queue has gone.
    gone: usize,
    opened: Instant,
    heard: Instant,
    /// When the queue was last empty or became shorter.
    moved: Instant,
    frames: u32,
    claimed: bool,
}

impl Link {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            deframer: Deframer::default(),
            queue: Vec::new(),
            gone: 0,
            opened: now,
            heard: now,
            moved: now,
            frames: 0,
            claimed: false,
        }
    }

    /// Bytes came. `each` gets the datagrams in them.
    pub(super) fn take(&mut self, now: Instant, bytes: &mut [u8], mut each: impl FnMut(&mut [u8])) -> Result<(), End> {
        let Self { deframer, heard, frames, claimed, .. } = self;
        deframer.take(bytes, |frame| {
            if !*claimed {
                *frames += 1;
                if *frames > STRANGER_FRAMES || *frames == 1 && !is_check(frame) {
                    return Err(End::Stranger);
                }
            }
            *heard = now;
            each(frame);
            Ok(())
        })
    }

    /// A client has shown by it that it knows a password of ours.
    pub(super) fn claim(&mut self) {
        self.claimed = true;
    }

    pub(super) fn is_claimed(&self) -> bool {
        self.claimed
    }

    /// Queues a datagram.
    pub(super) fn push(&mut self, now: Instant, datagram: &[u8]) -> Result<Pushed, End> {
        let Some(first) = datagram.first() else { return Ok(Pushed::Dropped) };
        let room = match first {
            128..=191 => BACKLOG_MEDIA,
            // Application data of DTLS 1.2, and all records of 1.3.
            23 | 32..=63 => BACKLOG_DATA,
            _ => BACKLOG_MAX,
        };
        if datagram.len() > framed::MAX_FRAME {
            return Ok(Pushed::Dropped);
        }
        if self.waiting().len() + framed::HEADER + datagram.len() > room {
            return if room == BACKLOG_MAX { Err(End::Stalled) } else { Ok(Pushed::Dropped) };
        }
        if self.queue.is_empty() {
            self.moved = now;
        }
        framed::write(&mut self.queue, datagram);
        Ok(Pushed::Queued)
    }

    /// What waits to be written.
    pub(super) fn waiting(&self) -> &[u8] {
        &self.queue[self.gone..]
    }

    /// `n` bytes of it were.
    pub(super) fn wrote(&mut self, now: Instant, n: usize) {
        if n > 0 {
            self.moved = now;
        }
        self.gone += n;
        if self.gone == self.queue.len() {
            self.queue.clear();
            self.queue.shrink_to(QUEUE_KEPT);
            self.gone = 0;
        } else if self.gone >= self.queue.len() / 2 {
            // Rare, and no more bytes are moved than have gone: the queue never holds twice what waits.
            self.queue.drain(..self.gone);
            self.gone = 0;
        }
    }

    /// Whether it has to end by now.
    pub(super) fn verdict(&self, now: Instant) -> Option<End> {
        let since = |at: Instant| now.saturating_duration_since(at);
        match () {
            () if !self.claimed && since(self.opened) >= STRANGER => Some(End::Silent),
            () if self.claimed && since(self.heard) >= IDLE => Some(End::Idle),
            () if !self.queue.is_empty() && since(self.moved) >= STALLED => Some(End::Stalled),
            () => None,
        }
    }
}

/// A STUN binding request (RFC 8489), or what says it is one: whether it is anybody's, the shard tells.
fn is_check(frame: &[u8]) -> bool {
    frame.len() >= 20 && frame[..2] == [0, 1] && frame[4..8] == [0x21, 0x12, 0xa4, 0x42]
}

#[cfg(test)]
#[path = "link_tests.rs"]
mod tests;
