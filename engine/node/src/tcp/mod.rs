//! TCP connections for clients that no datagram reaches: one listening socket, frames in and out, all on the shard's thread.
//!
//! Law: nothing here waits. A socket that takes no more keeps what waits for it, within the bounds of its [`link`], and
//! nobody else's packets stand behind it. Who is shown in is bounded (in all, and of strangers: in all and for each
//! address) before anything is allocated for them; what a connection is worth is told by the shard
//! ([`LinkNews`]), not by what it says of itself. A number is not given to another connection before a million have
//! had the same place, so a path that somebody remembers leads to its own connection or nowhere.
//! All shards show in by one door, and whoever does hands a stranger whose first check is another's over to that, whole.

mod link;
mod sockets;

use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv6Addr, SocketAddr, SocketAddrV6, TcpListener, TcpStream};
use std::num::NonZeroU32;
use std::os::fd::{AsFd, BorrowedFd};
use std::time::{Duration, Instant};

use folkmoot_peer::Path;
use folkmoot_sfu::LinkNews;

use crate::probe::{Probe, is_framed};
use crate::sys::{Epoll, Ready, open_files};
use link::{End, Link, Pushed};

pub use sockets::bind;

/// Places: twelve bits of a number.
const LINKS: usize = 1 << SLOT_BITS;
const SLOT_BITS: u32 = 12;
/// Strangers at a time. Each is one for a round trip or two, or an attack.
const STRANGERS: usize = 1024;
/// Of one address, or of one network of IPv6: a school that begins its lessons comes from one.
const STRANGERS_OF_ONE: usize = 256;
/// Read at a time.
const CHUNK: usize = 64 << 10;
/// Read before timers, datagrams and the flush have their turn again.
const TURN: usize = 512 << 10;
/// Shown in before the same.
const ACCEPTS: usize = 64;
/// How often links are asked whether they have to end.
const SWEEP: Duration = Duration::from_secs(1);
/// Our listening socket, among what epoll tells. Numbers of connections are never 0.
const DOOR: u64 = 0;

/// What passed through all connections since the start, and how many there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LinkStats {
    /// Connections that a client has claimed.
    pub clients: u64,
    /// Connections of which nobody knows yet whose they are.
    pub strangers: u64,
    /// Connections taken since the start.
    pub accepted: u64,
    /// Connections not taken, for there were too many.
    pub refused: u64,
    /// Connections that were ended as nobody's: too slow to say who they are, or not callers at all.
    pub evicted: u64,
    /// Clients' connections that were ended because they took too little.
    pub stalled: u64,
    /// Connections whose client is another shard's, handed over to that.
    pub handed: u64,
    /// Datagrams received.
    pub packets_in: u64,
    /// Bytes of them.
    pub bytes_in: u64,
    /// Datagrams queued.
    pub packets_out: u64,
    /// Bytes of them.
    pub bytes_out: u64,
    /// Datagrams that a connection was too slow for.
    pub drops: u64,
}

struct Entry {
    stream: TcpStream,
    link: Link,
    path: Path,
    /// It stands in the list of those to write to.
    dirty: bool,
    /// Epoll tells when it takes more.
    full: bool,
}

#[derive(Default)]
struct Slot {
    generation: u32,
    entry: Option<Entry>,
}

/// A connection that turned out to be another shard's, with what has come by it.
pub(crate) struct Moved {
    stream: TcpStream,
    link: Link,
    addr: SocketAddr,
    frames: Vec<Vec<u8>>,
}

/// All TCP connections of a shard.
pub struct Links {
    door: TcpListener,
    epoll: Epoll,
    slots: Vec<Slot>,
    free: Vec<u32>,
    strangers: HashMap<IpAddr, usize>,
    most: usize,
    most_strangers: usize,
    /// Nobody is shown in before.
    door_closed_until: Option<Instant>,
    sweep_due: Option<Instant>,
    dirty: Vec<NonZeroU32>,
    ended: Vec<Path>,
    moved: Vec<(u8, Moved)>,
    chunk: Box<[u8]>,
    now: Instant,
    stats: LinkStats,
}

impl Links {
    /// Takes a listening socket made by [`bind`], which as many shards show in by.
    pub fn new(door: TcpListener, now: Instant, shards: u8) -> io::Result<Self> {
        let epoll = Epoll::new()?;
        epoll.add(door.as_fd(), DOOR)?;
        let files = open_files() / usize::from(shards.max(1));
        Ok(Self {
            door,
            epoll,
            slots: Vec::new(),
            free: Vec::new(),
            strangers: HashMap::new(),
            // The rest of the files is for those who come by HTTP.
            most: LINKS.min(files / 2),
            most_strangers: STRANGERS.min(files / 4),
            door_closed_until: None,
            sweep_due: None,
            dirty: Vec::new(),
            ended: Vec::new(),
            moved: Vec::new(),
            chunk: vec![0; CHUNK].into_boxed_slice(),
            now,
            stats: LinkStats::default(),
        })
    }

    /// Counters.
    pub fn stats(&self) -> LinkStats {
        self.stats
    }

    /// When to call [`Links::sweep`] at the latest; a past moment while there is news to take.
    pub fn deadline(&self) -> Option<Instant> {
        let news = (!self.ended.is_empty()).then_some(self.now);
        [news, self.sweep_due, self.door_closed_until].into_iter().flatten().min()
    }

    /// Takes what waits, up to a bound; the rest is still waiting afterwards. `each` gets every datagram but `expected`, which
    /// is echoed to whoever sent it, and tells the shard that it belongs to, if that is another.
    pub fn receive(
        &mut self,
        now: Instant,
        expected: Option<Probe>,
        mut each: impl FnMut(Path, &mut [u8]) -> Option<u8>,
    ) -> io::Result<()> {
        self.now = now;
        let mut ready = [Ready::default(); 64];
        let n = self.epoll.ready(&mut ready)?;
        let mut left = TURN;
        for ready in &ready[..n] {
            let Some(number) = u32::try_from(ready.token()).ok().and_then(NonZeroU32::new) else {
                self.accept(now);
                continue;
            };
            if ready.takes_more() {
                self.write(now, number);
            }
            if ready.has_something() && left > 0 {
                left = left.saturating_sub(self.read(now, number, expected, &mut each));
            }
        }
        Ok(())
    }

    /// What the shard tells of a connection.
    pub fn handle_news(&mut self, news: LinkNews) {
        match news {
            LinkNews::Claimed(path) => {
                let Some(entry) = path.link().and_then(|number| self.entry(number)) else { return };
                if !entry.link.is_claimed() {
                    entry.link.claim();
                    self.forget_stranger(path);
                    self.stats.clients += 1;
                }
            }
            LinkNews::Released(path) => {
                if let Some(number) = path.link().filter(|number| self.entry(*number).is_some()) {
                    self.end(number, End::Released);
                }
            }
        }
    }

    /// Queues `bytes`, datagrams of `segment` bytes each (the last may be shorter), for the next flush.
    pub fn push(&mut self, to: Path, segment: usize, bytes: &[u8]) {
        let Some(number) = to.link() else { return };
        let now = self.now;
        let mut failed = None;
        let (mut queued, mut queued_bytes, mut dropped) = (0, 0, 0);
        let mut newly_dirty = false;
        if let Some(entry) = self.entry(number) {
            for datagram in bytes.chunks(segment.max(1)) {
                match entry.link.push(now, datagram) {
                    Ok(Pushed::Queued) => {
                        queued += 1;
                        queued_bytes += datagram.len() as u64;
                    }
                    Ok(Pushed::Dropped) => dropped += 1,
                    Err(end) => failed = Some(end),
                }
            }
            newly_dirty = queued > 0 && !std::mem::replace(&mut entry.dirty, true);
        }
        self.stats.packets_out += queued;
        self.stats.bytes_out += queued_bytes;
        self.stats.drops += dropped;
        if newly_dirty {
            self.dirty.push(number);
        }
        if let Some(end) = failed {
            self.end(number, end);
        }
    }

    /// Writes what waits, to those who take it.
    pub fn flush(&mut self) {
        let now = self.now;
        let mut dirty = std::mem::take(&mut self.dirty);
        for number in dirty.drain(..) {
            let Some(entry) = self.entry(number) else { continue };
            entry.dirty = false;
            if !entry.full {
                self.write(now, number);
            }
        }
        self.dirty = dirty; // it keeps its memory
    }

    /// Ends what has to end by now, and opens the door again.
    pub fn sweep(&mut self, now: Instant) {
        self.now = now;
        if self.door_closed_until.is_some_and(|at| at <= now) {
            self.door_closed_until = None;
            // Where that fails, everything else of this process fails, too.
            let _ = self.epoll.add(self.door.as_fd(), DOOR);
        }
        if self.sweep_due.is_none_or(|at| now < at) {
            return;
        }
        for at in 0..self.slots.len() {
            if let Some(entry) = &self.slots[at].entry
                && let Some(end) = entry.link.verdict(now)
                && let Some(number) = entry.path.link()
            {
                self.end(number, end);
            }
        }
        self.sweep_due = (self.open() > 0).then(|| now + SWEEP);
    }

    /// The next connection that has ended by itself: the shard has to know.
    pub fn poll_ended(&mut self) -> Option<Path> {
        self.ended.pop()
    }

    fn open(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    fn entry(&mut self, number: NonZeroU32) -> Option<&mut Entry> {
        find(&mut self.slots, number)
    }

    fn accept(&mut self, now: Instant) {
        for _ in 0..ACCEPTS {
            match self.door.accept() {
                Ok((stream, addr)) => self.show_in(now, stream, canonical(addr)),
                Err(error) => match error.raw_os_error() {
                    Some(libc::EAGAIN) => return,
                    // Errors of a connection that is gone before it was taken (accept(2)).
                    Some(libc::EINTR | libc::ECONNABORTED | libc::EPROTO) => {}
                    _ => {
                        // No files left, mostly. Whoever waits would keep us awake without end.
                        tracing::warn!(%error, "no TCP connections are taken for a second");
                        let _ = self.epoll.remove(self.door.as_fd());
                        self.door_closed_until = Some(now + SWEEP);
                        return;
                    }
                },
            }
        }
    }

    fn show_in(&mut self, now: Instant, stream: TcpStream, addr: SocketAddr) {
        if sockets::prepare(&stream).is_err() {
            self.stats.refused += 1;
        } else if self.seat(now, stream, Link::new(now), addr).is_some() {
            self.stats.accepted += 1;
        }
    }

    /// Gives a stranger a place, if there is one.
    fn seat(&mut self, now: Instant, stream: TcpStream, link: Link, addr: SocketAddr) -> Option<Path> {
        let strangers: usize = self.stats.strangers as usize;
        let of_this = self.strangers.get(&network(addr.ip())).copied().unwrap_or_default();
        let full = self.open() >= self.most || strangers >= self.most_strangers || of_this >= STRANGERS_OF_ONE;
        if full {
            self.stats.refused += 1;
            return None;
        }
        let at = self.free.pop().unwrap_or_else(|| {
            self.slots.push(Slot::default());
            (self.slots.len() - 1) as u32
        });
        let slot = &mut self.slots[at as usize];
        slot.generation = (slot.generation + 1) & (u32::MAX >> SLOT_BITS);
        slot.generation = slot.generation.max(1);
        let number = NonZeroU32::new(slot.generation << SLOT_BITS | at)?;
        if self.epoll.add(stream.as_fd(), u64::from(number.get())).is_err() {
            self.free.push(at);
            self.stats.refused += 1;
            return None;
        }
        let path = Path::tcp(addr, number);
        slot.entry = Some(Entry { stream, link, path, dirty: false, full: false });
        *self.strangers.entry(network(addr.ip())).or_default() += 1;
        self.stats.strangers += 1;
        self.sweep_due.get_or_insert(now + SWEEP);
        Some(path)
    }

    /// How many bytes were read.
    fn read(
        &mut self,
        now: Instant,
        number: NonZeroU32,
        expected: Option<Probe>,
        each: &mut impl FnMut(Path, &mut [u8]) -> Option<u8>,
    ) -> usize {
        let Self { slots, chunk, stats, .. } = self;
        let Some(entry) = find(slots, number) else { return 0 };
        let mut leaving = None;
        let stranger = !entry.link.is_claimed();
        let (n, outcome) = match entry.stream.read(chunk) {
            Ok(0) => (0, Err(End::Gone)),
            Ok(n) if expected.is_some_and(|probe| is_framed(&chunk[..n], &probe)) => {
                // Our own doctor, who is not a caller and is answered by what it said.
                let _ = entry.stream.write(&chunk[..n]);
                (n, Ok(()))
            }
            Ok(n) => {
                let path = entry.path;
                let outcome = entry.link.take(now, &mut chunk[..n], |frame| {
                    stats.packets_in += 1;
                    stats.bytes_in += frame.len() as u64;
                    if leaving.is_none() {
                        leaving = each(path, frame).filter(|_| stranger).map(|shard| (shard, Vec::new()));
                    }
                    if let Some((_, frames)) = &mut leaving {
                        frames.push(frame.to_vec());
                    }
                });
                (n, outcome)
            }
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => (0, Ok(())),
            Err(_) => (0, Err(End::Gone)),
        };
        match (outcome, leaving) {
            (Err(end), _) => self.end(number, end),
            (Ok(()), Some((shard, frames))) => self.part(number, shard, frames),
            (Ok(()), None) => {}
        }
        n
    }

    /// A stranger's first check is for another shard.
    fn part(&mut self, number: NonZeroU32, shard: u8, frames: Vec<Vec<u8>>) {
        let at = place(number);
        let Some(entry) = self.slots.get_mut(at as usize).and_then(|slot| slot.entry.take()) else { return };
        self.free.push(at);
        self.forget_stranger(entry.path);
        if self.epoll.remove(entry.stream.as_fd()).is_ok() {
            self.stats.handed += 1;
            self.moved.push((shard, Moved { stream: entry.stream, link: entry.link, addr: entry.path.addr(), frames }));
        }
    }

    /// The next connection that is another shard's, and whose.
    pub(crate) fn poll_moved(&mut self) -> Option<(u8, Moved)> {
        self.moved.pop()
    }

    /// Takes a connection that another shard has shown in.
    pub(crate) fn adopt(&mut self, now: Instant, moved: Moved, mut each: impl FnMut(Path, &mut [u8])) {
        self.now = now;
        let Moved { stream, link, addr, frames } = moved;
        let Some(path) = self.seat(now, stream, link, addr) else { return };
        for mut frame in frames {
            each(path, &mut frame);
        }
    }

    fn write(&mut self, now: Instant, number: NonZeroU32) {
        let Self { slots, epoll, .. } = self;
        let Some(entry) = find(slots, number) else { return };
        let mut gone = false;
        while !entry.link.waiting().is_empty() {
            match entry.stream.write(entry.link.waiting()) {
                Ok(n) => entry.link.wrote(now, n),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    gone = error.kind() != io::ErrorKind::WouldBlock;
                    break;
                }
            }
        }
        let full = !entry.link.waiting().is_empty();
        if full != entry.full && !gone {
            entry.full = full;
            gone = epoll.tell_when_writable(entry.stream.as_fd(), u64::from(number.get()), full).is_err();
        }
        if gone {
            self.end(number, End::Gone);
        }
    }

    fn end(&mut self, number: NonZeroU32, end: End) {
        let at = place(number);
        let Some(entry) = self.slots.get_mut(at as usize).and_then(|slot| slot.entry.take()) else { return };
        self.free.push(at);
        if entry.link.is_claimed() {
            self.stats.clients -= 1;
            self.stats.stalled += u64::from(end == End::Stalled);
        } else {
            self.forget_stranger(entry.path);
            self.stats.evicted += u64::from(end != End::Gone);
        }
        tracing::debug!(path = ?entry.path, ?end, "a TCP connection ended");
        // The shard knows of what it released; of a stranger it may know more than we do.
        if end != End::Released {
            self.ended.push(entry.path);
        }
    }

    fn forget_stranger(&mut self, path: Path) {
        self.stats.strangers -= 1;
        let network = network(path.addr().ip());
        if let Some(n) = self.strangers.get_mut(&network) {
            *n -= 1;
            if *n == 0 {
                self.strangers.remove(&network);
            }
        }
    }
}

impl AsFd for Links {
    /// Readable while anything waits.
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.epoll.as_fd()
    }
}

const fn place(number: NonZeroU32) -> u32 {
    number.get() & (LINKS as u32 - 1)
}

fn find(slots: &mut [Slot], number: NonZeroU32) -> Option<&mut Entry> {
    let slot = slots.get_mut(place(number) as usize)?;
    slot.entry.as_mut().filter(|entry| entry.path.link() == Some(number))
}

/// IPv4 written in IPv6 is IPv4, as it is for datagrams.
fn canonical(addr: SocketAddr) -> SocketAddr {
    match addr {
        SocketAddr::V6(v6) => match v6.ip().to_ipv4_mapped() {
            Some(v4) => SocketAddr::new(v4.into(), v6.port()),
            None => SocketAddrV6::new(*v6.ip(), v6.port(), 0, v6.scope_id()).into(),
        },
        v4 @ SocketAddr::V4(_) => v4,
    }
}

/// Whom to count as one: an address, and of IPv6 what a household is given at least.
fn network(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
