//! Many datagrams by one system call, as plainly as it can be written; IPv4 alone.
//!
//! Law: every pointer handed to the kernel is made from a live borrow in the function that makes the call.
#![allow(unsafe_code)]

use std::mem::{size_of, zeroed};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, UdpSocket};
use std::os::fd::AsRawFd;
use std::ptr;

pub const BATCH: usize = 64;
const DATAGRAM: usize = 2048;
const MESSAGES: usize = 256;
const SEGMENTS: usize = 64;
const RUN_BYTES: usize = 65_507;
const BUFFER: libc::c_int = 8 << 20;
const CONTROL: usize = 24;

/// Large buffers, so that nothing is lost while we sleep.
pub fn prepare(socket: &UdpSocket) {
    socket.set_nonblocking(true).expect("a socket");
    for option in [libc::SO_RCVBUFFORCE, libc::SO_SNDBUFFORCE] {
        // SAFETY: the option value is a live `c_int` of the stated size.
        unsafe {
            let value = ptr::from_ref(&BUFFER).cast();
            libc::setsockopt(socket.as_raw_fd(), libc::SOL_SOCKET, option, value, size_of::<libc::c_int>() as _);
        }
    }
}

/// Sleeps until a datagram has come.
pub fn wait(socket: &UdpSocket) {
    let mut polled = libc::pollfd { fd: socket.as_raw_fd(), events: libc::POLLIN, revents: 0 };
    // SAFETY: one live `pollfd`.
    unsafe { libc::poll(&raw mut polled, 1, -1) };
}

/// Datagrams of one size to one receiver, of which the last may be shorter.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    start: usize,
    end: usize,
    segment: usize,
    closed: bool,
}

impl Run {
    pub fn new(start: usize, len: usize) -> Self {
        Self { start, end: start + len, segment: len, closed: false }
    }

    pub fn takes(&self, len: usize) -> bool {
        let bytes = self.end - self.start;
        !self.closed && len <= self.segment && bytes < self.segment * SEGMENTS && bytes + len <= RUN_BYTES
    }

    pub fn add(&mut self, len: usize) {
        self.end += len;
        self.closed = len < self.segment;
    }

    fn datagrams(&self) -> usize {
        (self.end - self.start).div_ceil(self.segment)
    }
}

/// Room for what is received at once.
pub struct Receiving {
    buffers: Box<[[u8; DATAGRAM]]>,
    names: Box<[libc::sockaddr_in]>,
    lengths: Box<[usize]>,
}

impl Receiving {
    pub fn new() -> Self {
        // SAFETY: all-zero bytes are a valid `sockaddr_in`.
        let name: libc::sockaddr_in = unsafe { zeroed() };
        Self {
            buffers: vec![[0; DATAGRAM]; BATCH].into(),
            names: vec![name; BATCH].into(),
            lengths: vec![0; BATCH].into(),
        }
    }

    pub fn receive(&mut self, socket: &UdpSocket) -> usize {
        // SAFETY: all-zero bytes are valid for both.
        let (mut iovecs, mut headers): ([libc::iovec; BATCH], [libc::mmsghdr; BATCH]) = unsafe { (zeroed(), zeroed()) };
        for i in 0..BATCH {
            iovecs[i] = libc::iovec { iov_base: self.buffers[i].as_mut_ptr().cast(), iov_len: DATAGRAM };
            headers[i].msg_hdr.msg_name = ptr::from_mut(&mut self.names[i]).cast();
            headers[i].msg_hdr.msg_namelen = size_of::<libc::sockaddr_in>() as _;
            headers[i].msg_hdr.msg_iov = &raw mut iovecs[i];
            headers[i].msg_hdr.msg_iovlen = 1;
        }
        let (fd, flags) = (socket.as_raw_fd(), libc::MSG_DONTWAIT);
        // SAFETY: all that the headers point at lives across the call.
        let n = unsafe { libc::recvmmsg(fd, headers.as_mut_ptr(), BATCH as _, flags, ptr::null_mut()) };
        let n = n.max(0) as usize;
        for (length, header) in self.lengths.iter_mut().zip(&headers[..n]) {
            *length = header.msg_len as usize;
        }
        n
    }

    pub fn datagram(&mut self, i: usize) -> (SocketAddr, &mut [u8]) {
        let name = &self.names[i];
        let ip = Ipv4Addr::from(u32::from_be(name.sin_addr.s_addr));
        let from = SocketAddrV4::new(ip, u16::from_be(name.sin_port));
        (from.into(), &mut self.buffers[i][..self.lengths[i]])
    }
}

/// The arrays of one system call.
#[derive(Default)]
pub struct Sending {
    names: Vec<libc::sockaddr_in>,
    iovecs: Vec<libc::iovec>,
    controls: Vec<Control>,
}

impl Sending {
    /// Sends all; how many datagrams they were. What the kernel doesn't take is lost, and the receivers count it.
    pub fn send<'a>(&mut self, socket: &UdpSocket, runs: impl Iterator<Item = (SocketAddr, &'a [u8], Run)>) -> usize {
        let mut datagrams = 0;
        self.names.clear();
        self.iovecs.clear();
        self.controls.clear();
        for (to, bytes, run) in runs {
            let SocketAddr::V4(to) = to else { continue };
            datagrams += run.datagrams();
            self.names.push(name(to));
            let bytes = &bytes[run.start..run.end];
            self.iovecs.push(libc::iovec { iov_base: bytes.as_ptr().cast_mut().cast(), iov_len: bytes.len() });
            self.controls.push(Control::cut(if run.datagrams() > 1 { run.segment as u16 } else { 0 }));
        }
        // SAFETY: all-zero bytes are a valid `mmsghdr`.
        let mut headers: Vec<libc::mmsghdr> = vec![unsafe { zeroed() }; self.names.len()];
        for (i, header) in headers.iter_mut().enumerate() {
            header.msg_hdr.msg_name = ptr::from_mut(&mut self.names[i]).cast();
            header.msg_hdr.msg_namelen = size_of::<libc::sockaddr_in>() as _;
            header.msg_hdr.msg_iov = &raw mut self.iovecs[i];
            header.msg_hdr.msg_iovlen = 1;
            header.msg_hdr.msg_controllen = self.controls[i].len as _;
            header.msg_hdr.msg_control = self.controls[i].words.as_mut_ptr().cast();
        }
        let mut rest = &mut headers[..];
        while !rest.is_empty() {
            let most = rest.len().min(MESSAGES);
            // SAFETY: names, iovecs and controls belong to `self`, the payload is borrowed for `'a`; the kernel only reads it.
            let n = unsafe { libc::sendmmsg(socket.as_raw_fd(), rest.as_mut_ptr(), most as _, libc::MSG_DONTWAIT) };
            rest = &mut rest[(n.max(1) as usize).min(most)..];
        }
        datagrams
    }
}

fn name(to: SocketAddrV4) -> libc::sockaddr_in {
    // SAFETY: all-zero bytes are a valid `sockaddr_in`.
    let mut name: libc::sockaddr_in = unsafe { zeroed() };
    name.sin_family = libc::AF_INET as _;
    name.sin_port = to.port().to_be();
    name.sin_addr.s_addr = u32::from(*to.ip()).to_be();
    name
}

/// A control message that asks the kernel to cut a run, or none.
struct Control {
    words: [u64; CONTROL / 8],
    len: usize,
}

impl Control {
    fn cut(segment: u16) -> Self {
        let mut words = [0_u64; CONTROL / 8];
        if segment == 0 {
            return Self { words, len: 0 };
        }
        // SAFETY: `CMSG_LEN` only computes; the words hold a header and a `u16` behind it.
        unsafe {
            let header = libc::cmsghdr {
                cmsg_len: libc::CMSG_LEN(size_of::<u16>() as _) as _,
                cmsg_level: libc::SOL_UDP,
                cmsg_type: libc::UDP_SEGMENT,
            };
            ptr::write_unaligned(words.as_mut_ptr().cast(), header);
            let value = words.as_mut_ptr().cast::<u8>().add(size_of::<libc::cmsghdr>());
            ptr::write_unaligned(value.cast(), segment);
        }
        Self { words, len: CONTROL }
    }
}
