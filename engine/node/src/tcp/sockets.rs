//! How our TCP sockets are set up.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use socket2::{Domain, Protocol, SockRef, Socket, TcpKeepalive, Type};

/// Who waits to be shown in. Clients come by the hundred when a lesson begins.
const BACKLOG: i32 = 1024;
/// What the kernel may hold unsent. More would be media of seconds ago by the time it leaves; what is on its way is TCP's.
const UNSENT: u32 = 64 << 10;
/// What was sent and is not confirmed for so long is lost, and the connection with it.
const UNCONFIRMED: Duration = Duration::from_secs(15);

/// Binds the port for media by TCP. `host` `::` carries IPv4 too (where the machine has IPv6; else IPv4 alone).
pub fn bind(host: IpAddr, port: u16) -> io::Result<TcpListener> {
    match open(host, port) {
        Err(error) if host == IpAddr::V6(Ipv6Addr::UNSPECIFIED) && error.kind() != io::ErrorKind::AddrInUse => {
            open(Ipv4Addr::UNSPECIFIED.into(), port)
        }
        result => result,
    }
}

fn open(host: IpAddr, port: u16) -> io::Result<TcpListener> {
    let addr = SocketAddr::new(host, port);
    let socket = Socket::new(Domain::for_address(addr), Type::STREAM, Some(Protocol::TCP))?;
    if host == IpAddr::V6(Ipv6Addr::UNSPECIFIED) {
        socket.set_only_v6(false)?;
    }
    // What a server before us still has in TIME_WAIT is not in our way; one that listens is.
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&addr.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

pub(super) fn prepare(stream: &TcpStream) -> io::Result<()> {
    stream.set_nonblocking(true)?;
    stream.set_nodelay(true)?;
    let socket = SockRef::from(stream);
    socket.set_tcp_notsent_lowat(UNSENT)?;
    socket.set_tcp_user_timeout(Some(UNCONFIRMED))?;
    socket.set_tcp_keepalive(&TcpKeepalive::new().with_time(UNCONFIRMED).with_interval(Duration::from_secs(5)))
}
