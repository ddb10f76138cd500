//! Whether our addresses lead to us: some bytes to each, and the shard's thread says them back.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

/// What a probe datagram holds; its first byte belongs to no protocol of ours, so no peer can be taken for a probe.
pub(crate) type Probe = [u8; PROBE];
const PROBE: usize = 24;
/// How it travels by TCP: behind its length (RFC 4571).
const FRAMED: usize = 2 + PROBE;

/// The probe that these random bytes make.
pub(crate) fn from_random(mut bytes: Probe) -> Probe {
    bytes[0] = 0xff;
    bytes
}

/// Whether this is the probe as it comes by TCP.
pub(crate) fn is_framed(bytes: &[u8], probe: &Probe) -> bool {
    bytes.strip_prefix(&[0, PROBE as u8]) == Some(&probe[..])
}

/// How long a datagram takes there and back.
pub(crate) fn by_udp(to: SocketAddr, probe: &Probe, timeout: Duration) -> io::Result<Duration> {
    let any: IpAddr = if to.is_ipv4() { [0; 4].into() } else { [0_u16; 8].into() };
    let socket = UdpSocket::bind((any, 0))?;
    let start = Instant::now();
    let mut buffer: Probe = [0; PROBE];
    // A datagram may be lost even here: once more, then it is the network's fault.
    for _ in 0..2 {
        socket.set_read_timeout(Some((timeout / 2).max(Duration::from_millis(1))))?;
        socket.send_to(probe, to)?;
        match socket.recv_from(&mut buffer) {
            Ok((n, from)) if from == to && buffer[..n] == probe[..] => return Ok(start.elapsed()),
            _ => {}
        }
    }
    Err(ErrorKind::TimedOut.into())
}

/// How long it takes to connect, and there and back.
pub(crate) fn by_tcp(to: SocketAddr, probe: &Probe, timeout: Duration) -> io::Result<Duration> {
    let start = Instant::now();
    let mut stream = TcpStream::connect_timeout(&to, timeout)?;
    stream.set_read_timeout(Some(timeout))?;
    let (mut sent, mut came) = ([0; FRAMED], [0; FRAMED]);
    sent[1] = PROBE as u8;
    sent[2..].copy_from_slice(probe);
    stream.write_all(&sent)?;
    stream.read_exact(&mut came)?;
    if came == sent { Ok(start.elapsed()) } else { Err(ErrorKind::InvalidData.into()) }
}
