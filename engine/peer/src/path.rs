use std::fmt;
use std::hash::{Hash, Hasher};
use std::net::SocketAddr;
use std::num::NonZeroU32;

/// How a client is reached: its address and, where that is by TCP, which connection.
///
/// Law: what comes in by a path may be answered by it, and two paths are equal only where that is the same way. So the
/// number of a connection is not given to another while anybody remembers its path, and no datagram of UDP, whatever it
/// says of its sender, has a path of TCP.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Path {
    addr: SocketAddr,
    link: Option<NonZeroU32>,
}

impl Path {
    /// Datagrams to and from an address.
    pub const fn udp(addr: SocketAddr) -> Self {
        Self { addr, link: None }
    }

    /// The TCP connection `link`, at whose far end is `addr`.
    pub const fn tcp(addr: SocketAddr, link: NonZeroU32) -> Self {
        Self { addr, link: Some(link) }
    }

    /// The address at the far end.
    pub const fn addr(self) -> SocketAddr {
        self.addr
    }

    /// Which TCP connection it is, if it is one.
    pub const fn link(self) -> Option<NonZeroU32> {
        self.link
    }

    /// By TCP, and not by datagrams.
    pub const fn is_tcp(self) -> bool {
        self.link.is_some()
    }
}

impl From<SocketAddr> for Path {
    fn from(addr: SocketAddr) -> Self {
        Self::udp(addr)
    }
}

impl Hash for Path {
    /// By hand, so that the path of a datagram costs what its address does: it is looked up for each.
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.addr.hash(state);
        if let Some(link) = self.link {
            link.hash(state);
        }
    }
}

impl fmt::Debug for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.link {
            None => write!(f, "{}", self.addr),
            Some(link) => write!(f, "{} tcp#{link}", self.addr),
        }
    }
}
