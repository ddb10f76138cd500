use std::fmt;
use std::hash::{Hash, Hasher};
use std::net::SocketAddr;
use std::num::NonZeroU32;

/// How a client is reached: its address, and by which way of ours.
///
/// Law: what comes in by a path may be answered by it, and two paths are equal only where that is the same way. So the
/// number of a connection is not given to another while anybody remembers its path, no datagram of UDP, whatever it
/// says of its sender, has a path of TCP, and one that asks another address of ours has another path.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Path {
    addr: SocketAddr,
    way: Way,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// From this address of ours.
    Datagrams(Local),
    /// The number of a TCP connection.
    Link(NonZeroU32),
}

/// One of our own addresses, by its number at whoever holds the socket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Local(pub u8);

impl Local {
    /// Whichever the system takes.
    pub const ANY: Self = Self(0);
}

impl Path {
    /// Datagrams to and from an address.
    pub const fn udp(addr: SocketAddr) -> Self {
        Self::udp_from(Local::ANY, addr)
    }

    /// The same from one of our addresses: the one that was asked.
    pub const fn udp_from(local: Local, addr: SocketAddr) -> Self {
        Self { addr, way: Way::Datagrams(local) }
    }

    /// The TCP connection `link`, at whose far end is `addr`.
    pub const fn tcp(addr: SocketAddr, link: NonZeroU32) -> Self {
        Self { addr, way: Way::Link(link) }
    }

    /// The address at the far end.
    pub const fn addr(self) -> SocketAddr {
        self.addr
    }

    /// Which of our addresses is at the near end.
    pub const fn local(self) -> Local {
        match self.way {
            Way::Datagrams(local) => local,
            Way::Link(_) => Local::ANY,
        }
    }

    /// Which TCP connection it is, if it is one.
    pub const fn link(self) -> Option<NonZeroU32> {
        match self.way {
            Way::Datagrams(_) => None,
            Way::Link(link) => Some(link),
        }
    }

    /// By TCP, and not by datagrams.
    pub const fn is_tcp(self) -> bool {
        matches!(self.way, Way::Link(_))
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
        if let Way::Link(link) = self.way {
            link.hash(state);
        }
    }
}

impl fmt::Debug for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.way {
            Way::Datagrams(Local::ANY) => write!(f, "{}", self.addr),
            Way::Datagrams(local) => write!(f, "{} here#{}", self.addr, local.0),
            Way::Link(link) => write!(f, "{} tcp#{link}", self.addr),
        }
    }
}
