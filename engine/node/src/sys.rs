//! The only unsafe code of the engine: some system calls that the standard library does not wrap.
//!
//! Law of this module: every pointer handed to the kernel is made from a live borrow in the same function that makes the
//! call, so nothing here can outlive its buffer. What it gives out are plain slices, numbers and `io::Error`.
#![allow(unsafe_code)]

use std::fs::File;
use std::io::{self, Read, Write};
use std::mem::{size_of, zeroed};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::ptr;
use std::time::Duration;

/// Datagrams taken by one `recvmmsg`.
pub(crate) const BATCH: usize = 64;
/// Room for one datagram. Media and DTLS stay below 1,500 bytes; a longer datagram is not for us.
pub(crate) const DATAGRAM: usize = 2048;
/// Messages given to one `sendmmsg`.
pub(crate) const SEND_BATCH: usize = 256;
/// Bytes of a control buffer: what we say of a run (its segment, our address), or what we are told of a datagram (when it
/// came, our address).
const CONTROL: usize = 72;

/// A wake-up flag another thread can raise and a poll can wait for.
#[derive(Debug)]
pub struct EventFd(File);

impl EventFd {
    /// A lowered flag.
    pub fn new() -> io::Result<Self> {
        // SAFETY: no pointers; the returned descriptor is checked and owned by nobody else.
        let fd = unsafe { libc::eventfd(0, libc::EFD_CLOEXEC | libc::EFD_NONBLOCK) };
        if fd < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: `fd` is a fresh, open descriptor.
        Ok(Self(File::from(unsafe { OwnedFd::from_raw_fd(fd) })))
    }

    /// Raises the flag. It stays raised until `clear`, so a signal is never lost, whoever looks first.
    pub fn signal(&self) {
        // The only failure is a counter at its ceiling, and then the flag is up already.
        let _ = (&self.0).write(&1_u64.to_ne_bytes());
    }

    /// Lowers the flag.
    pub fn clear(&self) {
        let _ = (&self.0).read(&mut [0; 8]);
    }
}

impl AsFd for EventFd {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

impl AsRawFd for EventFd {
    fn as_raw_fd(&self) -> i32 {
        self.0.as_raw_fd()
    }
}

/// Sleeps until one of `fds` is readable or `timeout` has passed. Tells for each whether it is.
pub(crate) fn wait_readable<const N: usize>(
    fds: [BorrowedFd<'_>; N],
    timeout: Option<Duration>,
) -> io::Result<[bool; N]> {
    wait(fds, libc::POLLIN, timeout)
}

/// Sleeps until `fd` takes data again or `timeout` has passed.
pub(crate) fn wait_writable(fd: BorrowedFd<'_>, timeout: Duration) -> io::Result<bool> {
    wait([fd], libc::POLLOUT, Some(timeout)).map(|[ready]| ready)
}

fn wait<const N: usize>(fds: [BorrowedFd<'_>; N], events: i16, timeout: Option<Duration>) -> io::Result<[bool; N]> {
    let mut polled = fds.map(|fd| libc::pollfd { fd: fd.as_raw_fd(), events, revents: 0 });
    let spec = timeout.map(|t| libc::timespec {
        tv_sec: t.as_secs().min(3600) as libc::time_t,
        tv_nsec: t.subsec_nanos() as libc::c_long,
    });
    let spec = spec.as_ref().map_or(ptr::null(), ptr::from_ref);
    // SAFETY: `polled` and `spec` live across the call; the length is the array's.
    let n = unsafe { libc::ppoll(polled.as_mut_ptr(), N as libc::nfds_t, spec, ptr::null()) };
    if n < 0 {
        let error = io::Error::last_os_error();
        return if error.kind() == io::ErrorKind::Interrupted { Ok([false; N]) } else { Err(error) };
    }
    Ok(polled.map(|p| p.revents != 0))
}

/// Which of many sockets have something for us. It can itself be waited for, like a socket.
#[derive(Debug)]
pub(crate) struct Epoll(OwnedFd);

/// One of them.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub(crate) struct Ready(libc::epoll_event);

impl Default for Ready {
    fn default() -> Self {
        Self(libc::epoll_event { events: 0, u64: 0 })
    }
}

impl Ready {
    /// What it was added under.
    pub(crate) fn token(self) -> u64 {
        self.0.u64
    }

    /// Bytes, a connection, an end or an error: reading tells.
    pub(crate) fn has_something(self) -> bool {
        self.0.events & !(libc::EPOLLOUT as u32) != 0
    }

    /// It takes data again.
    pub(crate) fn takes_more(self) -> bool {
        self.0.events & libc::EPOLLOUT as u32 != 0
    }
}

impl Epoll {
    pub(crate) fn new() -> io::Result<Self> {
        // SAFETY: no pointers; the returned descriptor is checked and owned by nobody else.
        let fd = unsafe { libc::epoll_create1(libc::EPOLL_CLOEXEC) };
        if fd < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: `fd` is a fresh, open descriptor.
        Ok(Self(unsafe { OwnedFd::from_raw_fd(fd) }))
    }

    /// Tells of `fd` under `token` from now on. A descriptor that is closed leaves by itself.
    pub(crate) fn add(&self, fd: BorrowedFd<'_>, token: u64) -> io::Result<()> {
        self.control(libc::EPOLL_CTL_ADD, fd, token, libc::EPOLLIN | libc::EPOLLRDHUP)
    }

    /// Whether it is also told when `fd` takes data.
    pub(crate) fn tell_when_writable(&self, fd: BorrowedFd<'_>, token: u64, tell: bool) -> io::Result<()> {
        let more = if tell { libc::EPOLLOUT } else { 0 };
        self.control(libc::EPOLL_CTL_MOD, fd, token, libc::EPOLLIN | libc::EPOLLRDHUP | more)
    }

    pub(crate) fn remove(&self, fd: BorrowedFd<'_>) -> io::Result<()> {
        self.control(libc::EPOLL_CTL_DEL, fd, 0, 0)
    }

    fn control(&self, what: libc::c_int, fd: BorrowedFd<'_>, token: u64, events: libc::c_int) -> io::Result<()> {
        let mut event = libc::epoll_event { events: events as u32, u64: token };
        // SAFETY: `event` lives across the call, and the kernel copies it.
        let rc = unsafe { libc::epoll_ctl(self.0.as_raw_fd(), what, fd.as_raw_fd(), &raw mut event) };
        if rc < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
    }

    /// Fills in those that have something now, without waiting, and tells how many. What is left out comes first next time.
    pub(crate) fn ready(&self, ready: &mut [Ready]) -> io::Result<usize> {
        // SAFETY: `Ready` is an `epoll_event` and nothing else; the slice lives across the call, and its length is given.
        let n =
            unsafe { libc::epoll_wait(self.0.as_raw_fd(), ready.as_mut_ptr().cast(), ready.len() as libc::c_int, 0) };
        if n >= 0 {
            return Ok(n as usize);
        }
        let error = io::Error::last_os_error();
        if error.kind() == io::ErrorKind::Interrupted { Ok(0) } else { Err(error) }
    }
}

impl AsFd for Epoll {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// What `sched_setattr` reads; libc doesn't have it everywhere.
#[repr(C)]
struct SchedAttr {
    size: u32,
    policy: u32,
    flags: u64,
    nice: i32,
    priority: u32,
    runtime: u64,
    deadline: u64,
    period: u64,
}

/// This thread wishes to run for so long at a time, and sooner for it when it wakes: its share of the processor stays what it
/// was. Since Linux 6.12 anybody may ask for that (EEVDF's slices); older ones don't heed it. Where an operator chose another
/// policy than the usual, that stays.
pub(crate) fn ask_for_slices(of: Duration) {
    // SAFETY: no pointers; 0 is this thread, whose policy and niceness are always there.
    let (policy, nice) = unsafe { (libc::sched_getscheduler(0), libc::getpriority(libc::PRIO_PROCESS, 0)) };
    if policy != libc::SCHED_OTHER {
        return;
    }
    let attr = SchedAttr {
        size: size_of::<SchedAttr>() as u32,
        policy: libc::SCHED_OTHER as u32,
        flags: 0,
        nice,
        priority: 0,
        runtime: of.as_nanos() as u64,
        deadline: 0,
        period: 0,
    };
    // SAFETY: `attr` lives across the call and says its own size; 0 is this thread.
    let _ = unsafe { libc::syscall(libc::SYS_sched_setattr, 0, &raw const attr, 0) };
}

/// How many files this process may have open.
pub(crate) fn open_files() -> usize {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: `limit` lives across the call.
    let rc = unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) };
    if rc == 0 { usize::try_from(limit.rlim_cur).unwrap_or(usize::MAX) } else { 1024 }
}

/// Whether the kernel of this socket cuts runs into datagrams for us (UDP GSO).
pub(crate) fn cuts_runs(fd: BorrowedFd<'_>) -> bool {
    set_option(fd, libc::SOL_UDP, libc::UDP_SEGMENT, 0)
}

/// Enlarges a socket buffer past `rmem_max`/`wmem_max` where we may; `false` where we may not.
pub(crate) fn force_buffer(fd: BorrowedFd<'_>, option: libc::c_int, bytes: usize) -> bool {
    set_option(fd, libc::SOL_SOCKET, option, bytes as libc::c_int)
}

/// Each datagram is to come with the moment the kernel had it at, where the kernel can.
pub(crate) fn tell_arrivals(fd: BorrowedFd<'_>) -> bool {
    set_option(fd, libc::SOL_SOCKET, libc::SO_TIMESTAMPNS, 1)
}

/// Each datagram is to come with the address of ours that it was sent to. An IPv6 socket tells it of IPv4, too.
pub(crate) fn tell_local_addresses(fd: BorrowedFd<'_>, v6: bool) -> bool {
    if v6 {
        set_option(fd, libc::SOL_IPV6, libc::IPV6_RECVPKTINFO, 1)
    } else {
        set_option(fd, libc::SOL_IP, libc::IP_PKTINFO, 1)
    }
}

/// Whether the kernel knows the option and lets us set it.
fn set_option(fd: BorrowedFd<'_>, level: libc::c_int, option: libc::c_int, value: libc::c_int) -> bool {
    // SAFETY: the option value is a live `c_int` of the stated size.
    let rc = unsafe {
        libc::setsockopt(
            fd.as_raw_fd(),
            level,
            option,
            ptr::from_ref(&value).cast(),
            size_of::<libc::c_int>() as libc::socklen_t,
        )
    };
    rc == 0
}

/// A socket address as the kernel reads it; `family` comes first in both forms.
#[derive(Clone, Copy)]
#[repr(C)]
union Name {
    family: libc::sa_family_t,
    v4: libc::sockaddr_in,
    v6: libc::sockaddr_in6,
}

impl Name {
    fn empty() -> Self {
        // SAFETY: all-zero bytes are a valid `sockaddr_in6`.
        Self { v6: unsafe { zeroed() } }
    }

    /// `mapped`: the socket is an IPv6 one that also carries IPv4.
    fn encode(addr: SocketAddr, mapped: bool) -> (Self, libc::socklen_t) {
        let mut name = Self::empty();
        let ip = match addr.ip() {
            IpAddr::V4(v4) if mapped => IpAddr::V6(v4.to_ipv6_mapped()),
            ip => ip,
        };
        match ip {
            IpAddr::V4(v4) => {
                name.v4 = libc::sockaddr_in {
                    sin_family: libc::AF_INET as libc::sa_family_t,
                    sin_port: addr.port().to_be(),
                    sin_addr: libc::in_addr { s_addr: u32::from_ne_bytes(v4.octets()) },
                    sin_zero: [0; 8],
                };
                (name, size_of::<libc::sockaddr_in>() as libc::socklen_t)
            }
            IpAddr::V6(v6) => {
                let scope = if let SocketAddr::V6(a) = addr { a.scope_id() } else { 0 };
                name.v6 = libc::sockaddr_in6 {
                    sin6_family: libc::AF_INET6 as libc::sa_family_t,
                    sin6_port: addr.port().to_be(),
                    sin6_flowinfo: 0,
                    sin6_addr: libc::in6_addr { s6_addr: v6.octets() },
                    sin6_scope_id: scope,
                };
                (name, size_of::<libc::sockaddr_in6>() as libc::socklen_t)
            }
        }
    }

    /// IPv4 written in IPv6 comes back as IPv4, so that one peer has one address. Scopes of link-local addresses are kept.
    fn decode(&self) -> Option<SocketAddr> {
        // SAFETY: every variant begins with the family, and the whole union is initialised from `empty`.
        match i32::from(unsafe { self.family }) {
            libc::AF_INET => {
                // SAFETY: the kernel wrote a `sockaddr_in`, as the family says.
                let v4 = unsafe { self.v4 };
                let ip = Ipv4Addr::from(v4.sin_addr.s_addr.to_ne_bytes());
                Some(SocketAddr::new(ip.into(), u16::from_be(v4.sin_port)))
            }
            libc::AF_INET6 => {
                // SAFETY: as above, for IPv6.
                let v6 = unsafe { self.v6 };
                let port = u16::from_be(v6.sin6_port);
                let ip = Ipv6Addr::from(v6.sin6_addr.s6_addr);
                Some(match ip.to_ipv4_mapped() {
                    Some(v4) => SocketAddr::new(v4.into(), port),
                    None => std::net::SocketAddrV6::new(ip, port, 0, v6.sin6_scope_id).into(),
                })
            }
            _ => None,
        }
    }
}

/// Control messages beside one message.
#[derive(Clone, Copy)]
#[repr(C, align(8))]
struct Control {
    bytes: [u8; CONTROL],
    len: usize,
}

impl Control {
    const EMPTY: Self = Self { bytes: [0; CONTROL], len: 0 };

    /// Adds one. All that we add at a time have room.
    fn push<T: Copy>(&mut self, level: libc::c_int, kind: libc::c_int, value: T) {
        let size = size_of::<T>() as libc::c_uint;
        // SAFETY: both only compute.
        let (len, space) = unsafe { (libc::CMSG_LEN(size), libc::CMSG_SPACE(size) as usize) };
        let header = libc::cmsghdr { cmsg_len: len as _, cmsg_level: level, cmsg_type: kind };
        let room = &mut self.bytes[self.len..][..space];
        // SAFETY: `room` holds the header and the value behind it: that is what `CMSG_SPACE` says.
        unsafe {
            ptr::write_unaligned(room.as_mut_ptr().cast(), header);
            ptr::write_unaligned(room[size_of::<libc::cmsghdr>()..].as_mut_ptr().cast(), value);
        }
        self.len += space;
    }

    /// Asks the kernel to cut a run every `segment` bytes.
    fn push_segment(&mut self, segment: u16) {
        self.push(libc::SOL_UDP, libc::UDP_SEGMENT, segment);
    }

    /// Which address of ours it leaves from. `mapped` as in [`Name::encode`].
    fn push_local(&mut self, local: IpAddr, mapped: bool) {
        match local {
            IpAddr::V4(v4) if !mapped => {
                let spec_dst = libc::in_addr { s_addr: u32::from_ne_bytes(v4.octets()) };
                let info =
                    libc::in_pktinfo { ipi_ifindex: 0, ipi_spec_dst: spec_dst, ipi_addr: libc::in_addr { s_addr: 0 } };
                self.push(libc::SOL_IP, libc::IP_PKTINFO, info);
            }
            ip => {
                let v6 = match ip {
                    IpAddr::V4(v4) => v4.to_ipv6_mapped(),
                    IpAddr::V6(v6) => v6,
                };
                let addr = libc::in6_addr { s6_addr: v6.octets() };
                self.push(libc::SOL_IPV6, libc::IPV6_PKTINFO, libc::in6_pktinfo { ipi6_addr: addr, ipi6_ifindex: 0 });
            }
        }
    }

    /// What is said under `level` and `kind`, in the first `len` bytes.
    fn find<T: Copy>(&self, len: usize, level: libc::c_int, kind: libc::c_int) -> Option<T> {
        const HEADER: usize = size_of::<libc::cmsghdr>();
        let mut rest = self.bytes.get(..len)?;
        while rest.len() >= HEADER {
            // SAFETY: there are as many bytes, and any are a valid `cmsghdr`.
            let header: libc::cmsghdr = unsafe { ptr::read_unaligned(rest.as_ptr().cast()) };
            let end = header.cmsg_len as usize;
            let value = rest.get(HEADER..end)?;
            if header.cmsg_level == level && header.cmsg_type == kind && value.len() >= size_of::<T>() {
                // SAFETY: the kernel wrote a `T` under this name, and there are as many bytes.
                return Some(unsafe { ptr::read_unaligned(value.as_ptr().cast()) });
            }
            rest = rest.get(end.next_multiple_of(size_of::<usize>())..)?;
        }
        None
    }

    /// The address of ours that a datagram was sent to.
    fn local(&self, len: usize) -> Option<IpAddr> {
        if let Some(info) = self.find::<libc::in6_pktinfo>(len, libc::SOL_IPV6, libc::IPV6_PKTINFO) {
            return Some(Ipv6Addr::from(info.ipi6_addr.s6_addr).to_canonical());
        }
        let info: libc::in_pktinfo = self.find(len, libc::SOL_IP, libc::IP_PKTINFO)?;
        Some(Ipv4Addr::from(info.ipi_spec_dst.s_addr.to_ne_bytes()).into())
    }

    /// When the kernel had it, by its wall clock.
    fn stamp(&self, len: usize) -> Option<Duration> {
        let at: libc::timespec = self.find(len, libc::SOL_SOCKET, libc::SCM_TIMESTAMPNS)?;
        Some(Duration::new(at.tv_sec.try_into().ok()?, at.tv_nsec.try_into().ok()?))
    }
}

/// Room for one batch of received datagrams, allocated once.
pub(crate) struct ReceiveSlab {
    buffers: Box<[[u8; DATAGRAM]]>,
    names: Box<[Name]>,
    controls: Box<[Control]>,
    iovecs: Box<[libc::iovec]>,
    headers: Box<[libc::mmsghdr]>,
}

impl ReceiveSlab {
    pub(crate) fn new() -> Self {
        // SAFETY: all-zero bytes are a valid `iovec` and a valid `mmsghdr` (null pointers, zero lengths).
        let (iovec, header): (libc::iovec, libc::mmsghdr) = unsafe { (zeroed(), zeroed()) };
        Self {
            buffers: vec![[0; DATAGRAM]; BATCH].into_boxed_slice(),
            names: vec![Name::empty(); BATCH].into_boxed_slice(),
            controls: vec![Control::EMPTY; BATCH].into_boxed_slice(),
            iovecs: vec![iovec; BATCH].into_boxed_slice(),
            headers: vec![header; BATCH].into_boxed_slice(),
        }
    }

    /// Takes up to `BATCH` waiting datagrams; 0 when none waits.
    pub(crate) fn receive(&mut self, fd: BorrowedFd<'_>) -> io::Result<usize> {
        let slots = self.buffers.iter_mut().zip(&mut self.names).zip(&mut self.controls).zip(&mut self.iovecs);
        for ((((buffer, name), control), iovec), header) in slots.zip(&mut self.headers) {
            *iovec = libc::iovec { iov_base: buffer.as_mut_ptr().cast(), iov_len: DATAGRAM };
            header.msg_hdr.msg_name = ptr::from_mut(name).cast();
            header.msg_hdr.msg_namelen = size_of::<Name>() as libc::socklen_t;
            header.msg_hdr.msg_iov = iovec;
            header.msg_hdr.msg_iovlen = 1;
            header.msg_hdr.msg_control = control.bytes.as_mut_ptr().cast();
            header.msg_hdr.msg_controllen = CONTROL as _;
            header.msg_hdr.msg_flags = 0;
        }
        // SAFETY: every header points at a buffer, name, control and iovec of `self`, borrowed mutably for the whole call.
        let n = unsafe {
            libc::recvmmsg(
                fd.as_raw_fd(),
                self.headers.as_mut_ptr(),
                BATCH as libc::c_uint,
                libc::MSG_DONTWAIT,
                ptr::null_mut(),
            )
        };
        if n >= 0 {
            return Ok(n as usize);
        }
        let error = io::Error::last_os_error();
        match error.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted => Ok(0),
            _ => Err(error),
        }
    }

    /// Datagram `i` of the last batch. `None` for one that was too long for us.
    pub(crate) fn datagram(&mut self, i: usize) -> Option<Incoming<'_>> {
        let header = &self.headers[i];
        if header.msg_hdr.msg_flags & libc::MSG_TRUNC != 0 {
            return None;
        }
        let source = self.names[i].decode()?;
        let told: usize = header.msg_hdr.msg_controllen as _;
        Some(Incoming {
            source,
            local: self.controls[i].local(told),
            stamp: self.controls[i].stamp(told),
            bytes: &mut self.buffers[i][..(header.msg_len as usize).min(DATAGRAM)],
        })
    }
}

/// A datagram that came.
pub(crate) struct Incoming<'a> {
    pub(crate) source: SocketAddr,
    /// The address of ours that it was sent to, if [`tell_local_addresses`] was asked for.
    pub(crate) local: Option<IpAddr>,
    /// When the kernel had it, by its wall clock, if [`tell_arrivals`] was.
    pub(crate) stamp: Option<Duration>,
    pub(crate) bytes: &'a mut [u8],
}

/// One message for `sendmmsg`: `bytes` go to `to` from `local`, cut every `segment` bytes (0 = not cut).
#[derive(Clone, Copy)]
pub(crate) struct Outgoing<'a> {
    pub(crate) to: SocketAddr,
    /// `None`: from whichever address the kernel takes.
    pub(crate) local: Option<IpAddr>,
    pub(crate) segment: u16,
    pub(crate) bytes: &'a [u8],
}

/// The arrays of one `sendmmsg`, allocated once.
pub(crate) struct SendSlab {
    names: Vec<Name>,
    controls: Vec<Control>,
    iovecs: Vec<libc::iovec>,
    headers: Vec<libc::mmsghdr>,
    /// The socket is an IPv6 one that also carries IPv4.
    mapped: bool,
}

impl SendSlab {
    pub(crate) fn new(mapped: bool) -> Self {
        Self {
            names: Vec::with_capacity(SEND_BATCH),
            controls: Vec::with_capacity(SEND_BATCH),
            iovecs: Vec::with_capacity(SEND_BATCH),
            headers: Vec::with_capacity(SEND_BATCH),
            mapped,
        }
    }

    /// Sends the first messages of `messages`, at most `SEND_BATCH`, and tells how many the kernel took.
    /// An error is about the first message alone.
    pub(crate) fn send<'a>(
        &mut self,
        fd: BorrowedFd<'_>,
        messages: impl Iterator<Item = Outgoing<'a>>,
    ) -> io::Result<usize> {
        self.names.clear();
        self.controls.clear();
        self.iovecs.clear();
        self.headers.clear();
        for message in messages.take(SEND_BATCH) {
            let (name, name_len) = Name::encode(message.to, self.mapped);
            self.names.push(name);
            let mut control = Control::EMPTY;
            if message.segment != 0 {
                control.push_segment(message.segment);
            }
            if let Some(local) = message.local {
                control.push_local(local, self.mapped);
            }
            self.iovecs
                .push(libc::iovec { iov_base: message.bytes.as_ptr().cast_mut().cast(), iov_len: message.bytes.len() });
            // SAFETY: all-zero bytes are a valid `mmsghdr`.
            let mut header: libc::mmsghdr = unsafe { zeroed() };
            header.msg_hdr.msg_namelen = name_len;
            header.msg_hdr.msg_iovlen = 1;
            header.msg_hdr.msg_controllen = control.len as _;
            self.controls.push(control);
            self.headers.push(header);
        }
        if self.headers.is_empty() {
            return Ok(0);
        }
        // Pointers only now: the vectors no longer grow.
        for (i, header) in self.headers.iter_mut().enumerate() {
            header.msg_hdr.msg_name = ptr::from_mut(&mut self.names[i]).cast();
            header.msg_hdr.msg_iov = &raw mut self.iovecs[i];
            if header.msg_hdr.msg_controllen != 0 {
                header.msg_hdr.msg_control = self.controls[i].bytes.as_mut_ptr().cast();
            }
        }
        // SAFETY: names, iovecs and controls belong to `self`, the payload is borrowed for `'a`; the kernel only reads it.
        let n = unsafe {
            libc::sendmmsg(
                fd.as_raw_fd(),
                self.headers.as_mut_ptr(),
                self.headers.len() as libc::c_uint,
                libc::MSG_DONTWAIT,
            )
        };
        if n < 0 { Err(io::Error::last_os_error()) } else { Ok(n as usize) }
    }
}
