//! The control half: which rooms, peers, connections, tracks and subscriptions there are, and what each has negotiated.
//!
//! Pure: a call changes the tables and leaves [`Command`]s for the shard in a queue; nothing here knows a thread, a socket
//! or a clock, and its randomness is an argument. Session descriptions are read and written here, on the caller's thread;
//! the shard never sees one.
//!
//! Invariants: a handle names one thing for ever. Closing closes all that hangs on it (room › peer › connection ›
//! track, subscription), and closing what is closed is no error. A refused call has changed nothing. What hangs on a thing
//! is a set: who leaves a big room costs no look at all the others.

mod credentials;
mod error;
mod media;
mod session;

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use folkmoot_sdp::{Candidate, NegotiatedSession, Negotiator, SendTrack, Transport};
use folkmoot_sfu::{Command, LastHeard};

pub use credentials::RandomBytes;
pub use error::Error;
pub use folkmoot_sdp::Role;
pub use session::{Accepted, Answer, Negotiation, ReceivingSection};

use credentials::{Slot, Slots};
use error::unknown;

/// A handle, for ever of one thing.
pub type Handle = u64;

/// What is the same for all connections of this process.
#[derive(Clone, Debug)]
pub struct Host {
    /// Where clients reach us, best first.
    pub candidates: Vec<Candidate>,
    /// SHA-256 of our certificate.
    pub fingerprint: [u8; 32],
    /// Which shard the connections live on.
    pub shard: u8,
}

impl Host {
    fn by_tcp(&self) -> Vec<Candidate> {
        self.candidates.iter().filter(|c| c.transport == Transport::Tcp).copied().collect()
    }
}

struct Room {
    peers: BTreeSet<Handle>,
}

struct Peer {
    room: Handle,
    identity: String,
    sid: String,
    can_publish_data: bool,
    heard: LastHeard,
    announces_muted: bool,
    /// It is told of no other way to us.
    by_tcp: bool,
    connections: BTreeSet<Handle>,
}

struct Connection {
    peer: Handle,
    role: Role,
    slot: Slot,
    negotiator: Negotiator,
    session: Option<Arc<NegotiatedSession>>,
    tracks: BTreeSet<Handle>,
    subscriptions: BTreeSet<Handle>,
    candidates: u32,
    /// Credentials given out after the first.
    restarts: u16,
    ssrcs: Ssrcs,
}

/// The streams that a connection is sent. They are counted from anywhere, not drawn: under one key a stream that came twice
/// would seal two packets under one nonce.
struct Ssrcs(u32);

impl Ssrcs {
    /// One that has not been before. The lowest bit tells a stream from its retransmissions; zero is none.
    fn take(&mut self) -> u32 {
        let ssrc = self.0 & !1;
        self.0 = ssrc.wrapping_add(2);
        if ssrc == 0 { self.take() } else { ssrc }
    }
}

struct Track {
    connection: Handle,
    mid: folkmoot_sdp::Mid,
    /// Where it comes in in another codec.
    backup: Option<folkmoot_sdp::Mid>,
    send: SendTrack,
    subscriptions: BTreeSet<Handle>,
}

struct Subscription {
    connection: Handle,
    track: Handle,
    track_sid: String,
}

/// The tables of one shard.
pub struct Control {
    host: Host,
    random: RandomBytes,
    last: Handle,
    slots: Slots,
    rooms: HashMap<Handle, Room>,
    peers: HashMap<Handle, Peer>,
    connections: HashMap<Handle, Connection>,
    tracks: HashMap<Handle, Track>,
    subscriptions: HashMap<Handle, Subscription>,
    commands: VecDeque<Command>,
}

impl Control {
    /// Empty tables.
    pub fn new(host: Host, random: RandomBytes) -> Self {
        Self {
            host,
            random,
            last: 0,
            slots: Slots::default(),
            rooms: HashMap::new(),
            peers: HashMap::new(),
            connections: HashMap::new(),
            tracks: HashMap::new(),
            subscriptions: HashMap::new(),
            commands: VecDeque::new(),
        }
    }

    /// The next command for the shard. Take all after every call.
    pub fn poll_command(&mut self) -> Option<Command> {
        self.commands.pop_front()
    }

    /// How many rooms, peers, connections, tracks and subscriptions there are.
    pub fn counts(&self) -> [(&'static str, usize); 5] {
        [
            ("rooms", self.rooms.len()),
            ("peers", self.peers.len()),
            ("connections", self.connections.len()),
            ("tracks", self.tracks.len()),
            ("subscriptions", self.subscriptions.len()),
        ]
    }

    /// A room.
    pub fn open_room(&mut self) -> Result<Handle, Error> {
        let room = self.handle();
        self.rooms.insert(room, Room { peers: BTreeSet::new() });
        self.commands.push_back(Command::OpenRoom { room });
        Ok(room)
    }

    /// Closes a room and all in it.
    pub fn close_room(&mut self, room: Handle) -> Result<(), Error> {
        let Some(peers) = self.rooms.get(&room).map(|r| r.peers.clone()) else { return Ok(()) };
        for peer in peers {
            self.close_peer(peer)?;
        }
        self.rooms.remove(&room);
        self.commands.push_back(Command::CloseRoom { room });
        Ok(())
    }

    /// Somebody enters a room.
    pub fn open_peer(
        &mut self,
        room: Handle,
        identity: String,
        sid: String,
        can_publish_data: bool,
    ) -> Result<Handle, Error> {
        let peer = self.last + 1;
        self.rooms.get_mut(&room).ok_or_else(|| unknown("room"))?.peers.insert(peer);
        self.last = peer;
        let entry = Peer {
            room,
            identity,
            sid,
            can_publish_data,
            heard: LastHeard::default(),
            announces_muted: false,
            by_tcp: false,
            connections: BTreeSet::new(),
        };
        self.commands.push_back(open_peer(peer, &entry));
        self.peers.insert(peer, entry);
        Ok(peer)
    }

    /// The peer's own number of its last reliable message that came; 0: none did.
    pub fn last_message(&mut self, peer: Handle) -> Result<u32, Error> {
        Ok(self.peers.get(&peer).ok_or_else(|| unknown("peer"))?.heard.get())
    }

    /// Whether data this peer sends is passed on.
    pub fn set_can_publish_data(&mut self, peer: Handle, allowed: bool) -> Result<(), Error> {
        self.peers.get_mut(&peer).ok_or_else(|| unknown("peer"))?.can_publish_data = allowed;
        self.commands.push_back(Command::SetMayData { peer, may: allowed });
        Ok(())
    }

    /// Sends this peer a few packets without content of each muted track, because its client learns of none without a packet.
    pub fn announce_muted(&mut self, peer: Handle) -> Result<(), Error> {
        self.peers.get_mut(&peer).ok_or_else(|| unknown("peer"))?.announces_muted = true;
        self.commands.push_back(Command::AnnounceMuted { peer });
        Ok(())
    }

    /// Keeps pictures sent to this peer to so many bits a second, as if its path carried no more, though never below its
    /// smallest layers; `None`: to what it carries. Holds for the connections it has.
    pub fn limit_bandwidth(&mut self, peer: Handle, bits: Option<u64>) -> Result<(), Error> {
        self.peers.get(&peer).ok_or_else(|| unknown("peer"))?;
        self.commands.push_back(Command::Limit { peer, bits });
        Ok(())
    }

    /// Datagrams don't reach this peer well: from the next negotiation on it is told of our TCP addresses alone. What stands
    /// goes on until ICE is restarted.
    pub fn use_tcp(&mut self, peer: Handle) -> Result<(), Error> {
        let entry = self.peers.get_mut(&peer).ok_or_else(|| unknown("peer"))?;
        let candidates = self.host.by_tcp();
        if candidates.is_empty() {
            return Err(Error::new("engine.no_tcp", "Media over TCP is switched off."));
        }
        entry.by_tcp = true;
        for connection in &entry.connections {
            if let Some(connection) = self.connections.get_mut(connection) {
                connection.negotiator.set_candidates(candidates.clone());
            }
        }
        Ok(())
    }

    /// Somebody leaves.
    pub fn close_peer(&mut self, peer: Handle) -> Result<(), Error> {
        let Some(connections) = self.peers.get(&peer).map(|p| p.connections.clone()) else { return Ok(()) };
        for connection in connections {
            self.close_connection(connection)?;
        }
        if let Some(entry) = self.peers.remove(&peer)
            && let Some(room) = self.rooms.get_mut(&entry.room)
        {
            room.peers.remove(&peer);
        }
        self.commands.push_back(Command::ClosePeer { peer });
        Ok(())
    }

    /// Hands a message to the named peers of a room, or to all.
    pub fn send_data(&mut self, room: Handle, to: Option<&[Handle]>, reliable: bool, data: &[u8]) -> Result<(), Error> {
        if !self.rooms.contains_key(&room) {
            return Err(unknown("room"));
        }
        self.commands.push_back(Command::SendData {
            room,
            to: to.map(<[_]>::to_vec),
            reliable,
            bytes: data.to_vec().into(),
        });
        Ok(())
    }

    /// The shard was lost with all its connections and has been replaced: tells the new one the rooms and peers, forgets
    /// the connections, and names them.
    pub fn start_over(&mut self) -> Vec<Handle> {
        self.commands.clear();
        let lost: Vec<_> = self.connections.keys().copied().collect();
        for connection in &lost {
            let _ = self.close_connection(*connection);
        }
        self.commands.clear();
        self.commands.extend(self.rooms.keys().map(|room| Command::OpenRoom { room: *room }));
        for (peer, entry) in &self.peers {
            self.commands.push_back(open_peer(*peer, entry));
            if entry.announces_muted {
                self.commands.push_back(Command::AnnounceMuted { peer: *peer });
            }
        }
        lost
    }

    fn handle(&mut self) -> Handle {
        self.last += 1;
        self.last
    }
}

fn open_peer(peer: Handle, entry: &Peer) -> Command {
    Command::OpenPeer {
        room: entry.room,
        peer,
        identity: entry.identity.clone(),
        sid: entry.sid.clone(),
        may_send_data: entry.can_publish_data,
        heard: entry.heard.clone(),
    }
}

#[cfg(test)]
mod tests;
