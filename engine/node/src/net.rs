//! One UDP socket for all peers, in batches: receive many, queue runs, send them together.
//!
//! A *run* is several datagrams to one receiver, all of one size but the last. Where the kernel cuts runs (UDP GSO) a run
//! costs about as much as one datagram; where it does not, the same bytes leave as single datagrams, and nobody above
//! this file knows. What cannot be sent is dropped and counted: this is UDP, and whoever misses it asks again.
//!
//! Law: who asked one address of ours is answered from that address, for clients drop what comes from another. And a
//! datagram has come when the kernel had it, however long it waited for us: who measures a path must not measure our naps.

use std::io;
use std::iter;
use std::mem;
use std::net::{IpAddr, Ipv6Addr, SocketAddr, UdpSocket};
use std::os::fd::AsFd;
use std::time::{Duration, Instant, SystemTime};

use folkmoot_peer::{Local, Path};
use socket2::{Domain, Protocol, SockRef, Socket, Type};

use crate::sys::{self, Outgoing, ReceiveSlab, SendSlab};

/// Socket buffers: a quarter of a second of a busy node.
const SOCKET_BUFFER: usize = 8 << 20;
/// What a run may hold: older kernels cut 64 pieces at most, and a UDP payload ends at 65,507 bytes.
const RUN_SEGMENTS: usize = 64;
const RUN_BYTES: usize = 65_507;
/// Older than that no datagram can be: what says so was stamped before the wall clock was set.
const WAITED_MAX: Duration = Duration::from_secs(1);
/// How long a full socket buffer may hold the shard before its datagrams are dropped.
const FULL_WAIT: Duration = Duration::from_millis(1);

/// Binds the media port. `host` `::` carries IPv4 too (where the machine has IPv6; else IPv4 alone).
pub fn bind(host: IpAddr, port: u16) -> io::Result<UdpSocket> {
    match open(host, port, false) {
        Err(_) if host == IpAddr::V6(Ipv6Addr::UNSPECIFIED) => {
            open(std::net::Ipv4Addr::UNSPECIFIED.into(), port, false)
        }
        result => result,
    }
}

/// So many sockets of one port, over which the kernel spreads those who send to it. The first binds the port for itself and
/// then shares it: else another server on the same port would not be noticed, and get some of our clients.
pub fn bind_all(host: IpAddr, port: u16, count: u8) -> io::Result<Vec<UdpSocket>> {
    let first = bind(host, port)?;
    let at = first.local_addr()?;
    if count > 1 {
        SockRef::from(&first).set_reuse_port(true)?;
    }
    let others = (1..count).map(|_| open(at.ip(), at.port(), true));
    std::iter::once(Ok(first)).chain(others).collect()
}

fn open(host: IpAddr, port: u16, shared: bool) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::for_address(SocketAddr::new(host, port)), Type::DGRAM, Some(Protocol::UDP))?;
    if host == IpAddr::V6(Ipv6Addr::UNSPECIFIED) {
        socket.set_only_v6(false)?;
    }
    socket.set_nonblocking(true)?;
    if !sys::force_buffer(socket.as_fd(), libc::SO_RCVBUFFORCE, SOCKET_BUFFER) {
        socket.set_recv_buffer_size(SOCKET_BUFFER)?;
    }
    if !sys::force_buffer(socket.as_fd(), libc::SO_SNDBUFFORCE, SOCKET_BUFFER) {
        socket.set_send_buffer_size(SOCKET_BUFFER)?;
    }
    // What either can't do it leaves out: then the kernel chooses our address, and what came came now.
    sys::tell_arrivals(socket.as_fd());
    if host.is_unspecified() {
        sys::tell_local_addresses(socket.as_fd(), host.is_ipv6());
    }
    socket.set_reuse_port(shared)?;
    socket.bind(&SocketAddr::new(host, port).into())?;
    Ok(socket.into())
}

/// Our own addresses, by number.
#[derive(Default)]
struct Locals(Vec<IpAddr>);

impl Locals {
    /// Those past the last number have none: the kernel chooses for them.
    fn number(&mut self, ip: IpAddr) -> Local {
        let known = self.0.iter().position(|known| *known == ip).unwrap_or_else(|| {
            if self.0.len() < usize::from(u8::MAX) {
                self.0.push(ip);
                self.0.len() - 1
            } else {
                usize::from(u8::MAX)
            }
        });
        Local((known as u8).wrapping_add(1))
    }

    fn address(&self, local: Local) -> Option<IpAddr> {
        self.0.get(usize::from(local.0).checked_sub(1)?).copied()
    }
}

/// Turns the kernel's moments into ours, for one batch.
struct Arrivals {
    now: Instant,
    wall: Duration,
}

impl Arrivals {
    fn now() -> Self {
        let (now, wall) = (Instant::now(), SystemTime::now());
        Self { now, wall: wall.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default() }
    }

    fn instant(&self, stamp: Duration) -> Instant {
        let waited = self.wall.saturating_sub(stamp);
        if waited > WAITED_MAX { self.now } else { self.now.checked_sub(waited).unwrap_or(self.now) }
    }
}

/// What passed through the socket since it was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NetStats {
    /// Datagrams received.
    pub packets_in: u64,
    /// Bytes of them.
    pub bytes_in: u64,
    /// Datagrams sent.
    pub packets_out: u64,
    /// Bytes of them.
    pub bytes_out: u64,
    /// Datagrams the kernel would not take, or too long to be for us.
    pub drops: u64,
}

/// A run that waits, by its place among the bytes that wait.
#[derive(Clone, Copy)]
struct Queued {
    to: Path,
    start: usize,
    end: usize,
    segment: usize,
}

#[derive(Clone, Copy)]
struct Run<'a> {
    to: Path,
    segment: usize,
    bytes: &'a [u8],
}

impl Run<'_> {
    fn datagrams(&self) -> u64 {
        self.bytes.len().div_ceil(self.segment) as u64
    }

    /// As many as the kernel can cut; none of what can't be sent.
    fn pieces(self) -> impl Iterator<Item = Self> + Clone {
        let Self { to, segment, bytes } = self;
        let bytes = if segment > RUN_BYTES { &bytes[..0] } else { bytes };
        let longest = segment * (RUN_BYTES / segment.max(1)).min(RUN_SEGMENTS);
        bytes.chunks(longest.max(1)).map(move |bytes| Self { to, segment, bytes })
    }
}

/// The media socket with its slabs. Lives on the shard's thread.
pub struct Net {
    socket: UdpSocket,
    receive: ReceiveSlab,
    send: SendSlab,
    queued: Vec<Queued>,
    bytes: Vec<u8>,
    locals: Locals,
    gso: bool,
    stats: NetStats,
}

impl Net {
    /// Takes a socket made by [`bind`].
    pub fn new(socket: UdpSocket) -> io::Result<Self> {
        let mapped = socket.local_addr()?.ip() == IpAddr::V6(Ipv6Addr::UNSPECIFIED);
        Ok(Self {
            gso: sys::cuts_runs(socket.as_fd()),
            socket,
            receive: ReceiveSlab::new(),
            send: SendSlab::new(mapped),
            queued: Vec::with_capacity(64),
            bytes: Vec::with_capacity(1 << 16),
            locals: Locals::default(),
            stats: NetStats::default(),
        })
    }

    /// The socket, to wait for.
    pub fn socket(&self) -> &UdpSocket {
        &self.socket
    }

    /// Counters since the start.
    pub fn stats(&self) -> NetStats {
        self.stats
    }

    /// Reads one batch of what waits, for [`Net::take`] to hand on: so many datagrams.
    pub(crate) fn read(&mut self) -> io::Result<usize> {
        self.receive.receive(self.socket.as_fd())
    }

    /// Hands each of the `n` datagrams that were read to `each`, with how it came, to which address of ours if that is known,
    /// and when; `false` when they were fewer than a batch, so none is left.
    pub(crate) fn take(&mut self, n: usize, mut each: impl FnMut(Path, Option<IpAddr>, Instant, &mut [u8])) -> bool {
        let arrivals = Arrivals::now();
        for i in 0..n {
            if let Some(datagram) = self.receive.datagram(i) {
                self.stats.packets_in += 1;
                self.stats.bytes_in += datagram.bytes.len() as u64;
                let local = datagram.local;
                let number = local.map_or(Local::ANY, |ip| self.locals.number(ip));
                let arrived = datagram.stamp.map_or(arrivals.now, |stamp| arrivals.instant(stamp));
                each(Path::udp_from(number, datagram.source), local, arrived, datagram.bytes);
            } else {
                self.stats.drops += 1;
            }
        }
        n == sys::BATCH
    }

    /// Reads a batch and hands it on at once.
    #[cfg(test)]
    pub(crate) fn receive(&mut self, each: impl FnMut(Path, Option<IpAddr>, Instant, &mut [u8])) -> io::Result<bool> {
        let n = self.read()?;
        Ok(self.take(n, each))
    }

    /// The path of a datagram that another socket of this port got.
    pub(crate) fn path(&mut self, local: Option<IpAddr>, source: SocketAddr) -> Path {
        Path::udp_from(local.map_or(Local::ANY, |ip| self.locals.number(ip)), source)
    }

    /// Queues `bytes`, datagrams of `segment` bytes each (the last may be shorter), for the next flush.
    pub fn push(&mut self, to: impl Into<Path>, segment: usize, bytes: &[u8]) {
        if !bytes.is_empty() && segment > 0 {
            let start = self.bytes.len();
            self.bytes.extend_from_slice(bytes);
            self.queued.push(Queued { to: to.into(), start, end: self.bytes.len(), segment });
        }
    }

    /// Sends all queued runs.
    pub fn flush(&mut self) {
        self.send(iter::empty());
    }

    /// Sends all queued runs, and behind them `runs` from where they are.
    pub fn send<'a>(&mut self, runs: impl Iterator<Item = (Path, usize, &'a [u8])> + Clone) {
        let (mut queued, mut bytes) = (mem::take(&mut self.queued), mem::take(&mut self.bytes));
        let before = queued.iter().map(|q| Run { to: q.to, segment: q.segment, bytes: &bytes[q.start..q.end] });
        let behind = runs.map(|(to, segment, bytes)| Run { to, segment, bytes });
        self.send_runs(before.chain(behind).filter(|run| run.segment > 0).flat_map(Run::pieces));
        queued.clear();
        bytes.clear();
        (self.queued, self.bytes) = (queued, bytes);
    }

    fn send_runs<'a>(&mut self, mut runs: impl Iterator<Item = Run<'a>> + Clone) {
        while let Some(first) = runs.clone().next() {
            let result = self.send.send(
                self.socket.as_fd(),
                runs.clone().take_while(|r| self.gso || r.datagrams() == 1).map(|r| Outgoing {
                    to: r.to.addr(),
                    local: self.locals.address(r.to.local()),
                    segment: if r.datagrams() > 1 { r.segment as u16 } else { 0 },
                    bytes: r.bytes,
                }),
            );
            match result {
                // Without GSO the first run is of several datagrams: these leave one by one.
                Ok(0) => {
                    self.send_cut(first);
                    runs.next();
                }
                Ok(n) => runs.by_ref().take(n).for_each(|run| self.count(run)),
                Err(error) if self.recover(&error, first) => drop(runs.next()),
                Err(_) => {}
            }
        }
    }

    fn count(&mut self, run: Run<'_>) {
        self.stats.packets_out += run.datagrams();
        self.stats.bytes_out += run.bytes.len() as u64;
    }

    /// What a refusal of `run` asks for; whether it is done with (else it is tried again).
    fn recover(&mut self, error: &io::Error, run: Run<'_>) -> bool {
        match error.raw_os_error() {
            Some(libc::EINTR) => false,
            Some(libc::EAGAIN) if sys::wait_writable(self.socket.as_fd(), FULL_WAIT).unwrap_or(false) => false,
            // EIO: this route has no checksum offload, so the kernel cannot cut for it; it will not learn to.
            // EINVAL, EMSGSIZE: the path of this one receiver is narrower than the segment.
            Some(code @ (libc::EIO | libc::EINVAL | libc::EMSGSIZE)) if run.datagrams() > 1 => {
                if code == libc::EIO {
                    self.gso = false;
                }
                self.send_cut(run);
                true
            }
            _ => {
                self.stats.drops += run.datagrams();
                true
            }
        }
    }

    /// Sends a run as single datagrams.
    fn send_cut(&mut self, run: Run<'_>) {
        let mut rest = run.bytes;
        while !rest.is_empty() {
            let (to, local) = (run.to.addr(), self.locals.address(run.to.local()));
            let pieces = rest.chunks(run.segment).map(|bytes| Outgoing { to, local, segment: 0, bytes });
            let first = rest.len().min(run.segment);
            let gone = match self.send.send(self.socket.as_fd(), pieces) {
                Ok(n) => {
                    let gone = (n * run.segment).min(rest.len());
                    self.stats.packets_out += n as u64;
                    self.stats.bytes_out += gone as u64;
                    gone
                }
                Err(error) if self.recover(&error, Run { bytes: &rest[..first], ..run }) => first,
                Err(_) => 0,
            };
            rest = &rest[gone..];
        }
    }
}

#[cfg(test)]
#[path = "net_tests.rs"]
mod tests;
