//! The other shards, as the thread of one sees them.
//!
//! Law: nothing here waits for another thread. Datagrams go by a ring for each pair, news by a bounded queue into each; what
//! finds no room is dropped and counted, and nothing depends on it for ever: addresses are told again while they are in use.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Instant;

use folkmoot_sfu::{Crossing, Word};

use crate::flag::Flag;
use crate::handover::{Handing, Taking};
use crate::tcp::Moved;

/// News that may wait for one thread.
const NEWS: usize = 4096;
/// Taken of each neighbour before timers and the flush have their turn again.
const TURN: usize = 512;

/// What goes by the rings, with its bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Parcel {
    Datagram(Handed),
    /// A packet for the mirror of a track.
    Packet(Crossing),
}

/// A datagram that came to another's socket.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Handed {
    pub(crate) source: SocketAddr,
    /// Which address of ours it came to.
    pub(crate) local: Option<IpAddr>,
    pub(crate) arrived: Instant,
}

/// What one shard's thread says to another.
pub(crate) enum News {
    Word(Word),
    /// A TCP connection whose first check is for the other.
    Link(Box<Moved>),
}

/// Where a thread hears from: by whom, and what.
pub(crate) type Inbox = Receiver<(u8, News)>;

/// The way to one thread's inbox.
#[derive(Clone)]
pub(crate) struct Door {
    news: SyncSender<(u8, News)>,
    pub(crate) wake: Arc<Flag>,
}

/// An inbox and the way to it.
pub(crate) fn inbox(wake: Arc<Flag>) -> (Door, Inbox) {
    let (news, inbox) = sync_channel(NEWS);
    (Door { news, wake }, inbox)
}

/// One neighbour more, or a new one in the place of one that is no more.
pub(crate) struct Meeting {
    pub(crate) shard: u8,
    pub(crate) door: Door,
    pub(crate) handing: Handing<Parcel>,
    pub(crate) taking: Taking<Parcel>,
}

/// Counters since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NeighbourStats {
    /// Datagrams of another shard that came here, and were handed to it.
    pub handed: u64,
    /// Datagrams, packets and news that another had no room for.
    pub dropped: u64,
}

/// See the module.
pub(crate) struct Neighbours {
    own: u8,
    inbox: Inbox,
    others: Vec<Meeting>,
    handed: u64,
    unsaid: u64,
}

impl Neighbours {
    pub(crate) fn new(own: u8, inbox: Inbox) -> Self {
        Self { own, inbox, others: Vec::new(), handed: 0, unsaid: 0 }
    }

    pub(crate) fn meet(&mut self, other: Meeting) {
        self.others.retain(|known| known.shard != other.shard);
        self.others.push(other);
    }

    /// `false`: there is no such shard.
    pub(crate) fn hand(&mut self, shard: u8, datagram: Handed, bytes: &[u8]) -> bool {
        let Some(other) = self.others.iter_mut().find(|other| other.shard == shard) else { return false };
        other.handing.put(Parcel::Datagram(datagram), bytes);
        self.handed += 1;
        true
    }

    /// A packet of a track of ours, to a mirror of it.
    pub(crate) fn send(&mut self, shard: u8, packet: Crossing, bytes: &[u8]) {
        if let Some(other) = self.others.iter_mut().find(|other| other.shard == shard) {
            other.handing.put(Parcel::Packet(packet), bytes);
        }
    }

    /// Wakes whom something was handed to.
    pub(crate) fn announce(&mut self) {
        self.others.iter_mut().for_each(|other| other.handing.announce());
    }

    pub(crate) fn say(&mut self, shard: u8, news: News) {
        let Some(other) = self.others.iter().find(|other| other.shard == shard) else { return };
        self.unsaid += u64::from(!tell(self.own, &other.door, news));
    }

    pub(crate) fn say_to_all(&mut self, word: &Word) {
        let told = self.others.iter().map(|other| tell(self.own, &other.door, News::Word(word.clone())));
        self.unsaid += told.filter(|told| !told).count() as u64;
    }

    /// The next news.
    pub(crate) fn hear(&self) -> Option<(u8, News)> {
        self.inbox.try_recv().ok()
    }

    /// Takes what was handed over, up to a bound; `true` when more may wait.
    pub(crate) fn take(&mut self, mut each: impl FnMut(Parcel, &mut [u8])) -> bool {
        let mut more = false;
        for other in &mut self.others {
            let mut left = TURN;
            while left > 0
                && let Some((parcel, bytes)) = other.taking.take()
            {
                each(parcel, bytes);
                left -= 1;
            }
            more |= left == 0;
        }
        more
    }

    pub(crate) fn stats(&self) -> NeighbourStats {
        let dropped: u64 = self.others.iter().map(|other| other.handing.dropped()).sum();
        NeighbourStats { handed: self.handed, dropped: dropped + self.unsaid }
    }
}

/// Whether there was room.
fn tell(own: u8, door: &Door, news: News) -> bool {
    let told = door.news.try_send((own, news)).is_ok();
    door.wake.raise();
    told
}
