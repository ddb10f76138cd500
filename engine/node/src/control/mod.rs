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
mod places;
mod session;

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use bytes::Bytes;
use folkmoot_sdp::{Candidate, NegotiatedSession, Negotiator, SendTrack, Transport};
use folkmoot_sfu::{Command, LastHeard, Source};

pub use credentials::RandomBytes;
pub use error::Error;
pub use folkmoot_sdp::Role;
pub use session::{Accepted, Answer, Negotiation, ReceivingSection};

use credentials::Slot;
use error::unknown;
use places::{Place, Weight};

/// A handle, for ever of one thing.
pub type Handle = u64;

/// What is the same for all connections of this process.
#[derive(Clone, Debug)]
pub struct Host {
    /// Where clients reach us, best first.
    pub candidates: Vec<Candidate>,
    /// SHA-256 of our certificate.
    pub fingerprint: [u8; 32],
    /// How many shards there are, one at least.
    pub shards: u8,
    /// A room takes another shard, where there is one, for each so many people more.
    pub people_per_shard: usize,
}

impl Host {
    fn by_tcp(&self) -> Vec<Candidate> {
        self.candidates.iter().filter(|c| c.transport == Transport::Tcp).copied().collect()
    }
}

struct Room {
    peers: BTreeSet<Handle>,
    /// Where it lives, and how many people of it on each.
    shards: BTreeMap<u8, usize>,
}

struct Peer {
    room: Handle,
    shard: u8,
    identity: String,
    sid: String,
    can_publish_data: bool,
    heard: LastHeard,
    announces_muted: bool,
    /// It is told of no other way to us.
    by_tcp: bool,
    connections: BTreeSet<Handle>,
    /// Rooms besides its own where it is heard.
    forwarded: BTreeSet<Handle>,
}

struct Connection {
    peer: Handle,
    shard: u8,
    role: Role,
    slot: Slot,
    negotiator: Negotiator,
    session: Option<Arc<NegotiatedSession>>,
    tracks: BTreeSet<Handle>,
    /// By track.
    subscriptions: BTreeMap<Handle, Handle>,
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
    shard: u8,
    mid: folkmoot_sdp::Mid,
    /// Where it comes in in another codec.
    backup: Option<folkmoot_sdp::Mid>,
    send: SendTrack,
    source: Source,
    muted: bool,
    replays: bool,
    subscriptions: BTreeSet<Handle>,
    /// Other shards that have subscriptions to it, and how many.
    mirrors: BTreeMap<u8, usize>,
}

impl Track {
    /// Its own, and those of its mirrors.
    fn shards(&self) -> impl Iterator<Item = u8> {
        std::iter::once(self.shard).chain(self.mirrors.keys().copied())
    }
}

struct Subscription {
    connection: Handle,
    shard: u8,
    track: Handle,
    track_sid: String,
}

/// The tables of all shards.
pub struct Control {
    host: Host,
    random: RandomBytes,
    last: Handle,
    places: Vec<Place>,
    rooms: HashMap<Handle, Room>,
    peers: HashMap<Handle, Peer>,
    connections: HashMap<Handle, Connection>,
    tracks: HashMap<Handle, Track>,
    subscriptions: HashMap<Handle, Subscription>,
    commands: VecDeque<(u8, Command)>,
}

impl Control {
    /// Empty tables.
    pub fn new(host: Host, random: RandomBytes) -> Self {
        Self {
            places: (0..host.shards.max(1)).map(|_| Place::default()).collect(),
            host,
            random,
            last: 0,
            rooms: HashMap::new(),
            peers: HashMap::new(),
            connections: HashMap::new(),
            tracks: HashMap::new(),
            subscriptions: HashMap::new(),
            commands: VecDeque::new(),
        }
    }

    /// The next command, and the shard that it is for. Take all after every call.
    pub fn poll_command(&mut self) -> Option<(u8, Command)> {
        self.commands.pop_front()
    }

    fn order(&mut self, shard: u8, command: Command) {
        self.commands.push_back((shard, command));
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

    /// A room, on the shard that has least to do.
    pub fn open_room(&mut self) -> Result<Handle, Error> {
        let room = self.handle();
        let shard = self.least_loaded();
        self.rooms.insert(room, Room { peers: BTreeSet::new(), shards: BTreeMap::new() });
        self.settle(room, shard);
        Ok(room)
    }

    /// Closes a room and all in it.
    pub fn close_room(&mut self, room: Handle) -> Result<(), Error> {
        let Some(peers) = self.rooms.get(&room).map(|r| r.peers.clone()) else { return Ok(()) };
        for peer in peers {
            self.close_peer(peer)?;
        }
        for shard in self.rooms.remove(&room).into_iter().flat_map(|room| room.shards.into_keys()) {
            self.weigh(shard, Weight::Room, false);
            self.order(shard, Command::CloseRoom { room });
        }
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
        let shard = self.place_in(room).ok_or_else(|| unknown("room"))?;
        self.rooms.get_mut(&room).expect("just found").peers.insert(peer);
        self.last = peer;
        let entry = Peer {
            room,
            shard,
            identity,
            sid,
            can_publish_data,
            heard: LastHeard::default(),
            announces_muted: false,
            by_tcp: false,
            connections: BTreeSet::new(),
            forwarded: BTreeSet::new(),
        };
        self.order(shard, open_peer(peer, &entry));
        self.peers.insert(peer, entry);
        Ok(peer)
    }

    /// The peer's own number of its last reliable message that came; 0: none did.
    pub fn last_message(&mut self, peer: Handle) -> Result<u32, Error> {
        Ok(self.peers.get(&peer).ok_or_else(|| unknown("peer"))?.heard.get())
    }

    /// Whether data this peer sends is passed on.
    pub fn set_can_publish_data(&mut self, peer: Handle, allowed: bool) -> Result<(), Error> {
        let entry = self.peers.get_mut(&peer).ok_or_else(|| unknown("peer"))?;
        entry.can_publish_data = allowed;
        let shard = entry.shard;
        self.order(shard, Command::SetMayData { peer, may: allowed });
        Ok(())
    }

    /// This peer's signal is cut, or is back. What it couldn't say meanwhile is waited for.
    pub fn set_away(&mut self, peer: Handle, away: bool) -> Result<(), Error> {
        let shard = self.peers.get(&peer).ok_or_else(|| unknown("peer"))?.shard;
        self.order(shard, Command::SetAway { peer, away });
        Ok(())
    }

    /// Sends this peer a few packets without content of each muted track, because its client learns of none without a packet.
    pub fn announce_muted(&mut self, peer: Handle) -> Result<(), Error> {
        let entry = self.peers.get_mut(&peer).ok_or_else(|| unknown("peer"))?;
        entry.announces_muted = true;
        let shard = entry.shard;
        self.order(shard, Command::AnnounceMuted { peer });
        Ok(())
    }

    /// Keeps pictures sent to this peer to so many bits a second, as if its path carried no more, though never below its
    /// smallest layers; `None`: to what it carries. Holds for the connections it has.
    pub fn limit_bandwidth(&mut self, peer: Handle, bits: Option<u64>) -> Result<(), Error> {
        let shard = self.peers.get(&peer).ok_or_else(|| unknown("peer"))?.shard;
        self.order(shard, Command::Limit { peer, bits });
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
        if let Some(entry) = self.peers.remove(&peer) {
            if let Some(room) = self.rooms.get_mut(&entry.room) {
                room.peers.remove(&peer);
            }
            self.order(entry.shard, Command::ClosePeer { peer });
            self.leave_place(entry.room, entry.shard);
        }
        Ok(())
    }

    /// Takes a peer to another room, where it goes by another sid. Its connections and what it publishes stay as they are;
    /// whoever receives something of it, or it of others, is to be unsubscribed before.
    pub fn move_peer(&mut self, peer: Handle, room: Handle, sid: &str) -> Result<(), Error> {
        let Peer { room: before, shard, .. } = *self.peers.get(&peer).ok_or_else(|| unknown("peer"))?;
        if !self.rooms.contains_key(&room) {
            return Err(unknown("room"));
        }
        self.enter_on(room, shard);
        self.order(shard, Command::MovePeer { peer, room, sid: sid.to_owned() });
        let entry = self.peers.get_mut(&peer).expect("just found");
        entry.room = room;
        sid.clone_into(&mut entry.sid);
        entry.forwarded.clear();
        let tracks = entry.connections.iter().flat_map(|connection| &self.connections[connection].tracks);
        for track in tracks {
            sid.clone_into(&mut self.tracks.get_mut(track).expect("it is published").send.stream_id);
        }
        if let Some(room) = self.rooms.get_mut(&before) {
            room.peers.remove(&peer);
        }
        self.rooms.get_mut(&room).expect("just found").peers.insert(peer);
        self.leave_place(before, shard);
        Ok(())
    }

    /// Whether what a peer says is heard in another room, too. What it shows and plays there is subscribed to as anywhere.
    pub fn forward_peer(&mut self, peer: Handle, room: Handle, forwarded: bool) -> Result<(), Error> {
        let entry = self.peers.get_mut(&peer).ok_or_else(|| unknown("peer"))?;
        if forwarded && !self.rooms.contains_key(&room) {
            return Err(unknown("room"));
        }
        if forwarded {
            entry.forwarded.insert(room)
        } else {
            entry.forwarded.remove(&room)
        };
        let (shard, rooms) = (entry.shard, entry.forwarded.iter().copied().collect());
        self.order(shard, Command::ForwardPeer { peer, rooms });
        Ok(())
    }

    /// What a peer sends on its data track of that number goes to another of its room, or of one where it is forwarded to, on
    /// whose side it is `number`.
    pub fn carry_frames(&mut self, from: Handle, track: u16, to: Handle, number: u16) -> Result<(), Error> {
        let Peer { room, shard, forwarded, .. } = self.peers.get(&from).ok_or_else(|| unknown("peer"))?;
        let (there, shard) = (self.peers.get(&to).ok_or_else(|| unknown("peer"))?.room, *shard);
        if there != *room && !forwarded.contains(&there) {
            return Err(Error::new("engine.other_room", "Frames don't leave their room."));
        }
        self.order(shard, Command::CarryFrames { from, track, to, number });
        Ok(())
    }

    /// It goes there no longer.
    pub fn drop_frames(&mut self, from: Handle, track: u16, to: Handle) -> Result<(), Error> {
        if let Some(shard) = self.peers.get(&from).map(|peer| peer.shard) {
            self.order(shard, Command::DropFrames { from, track, to });
        }
        Ok(())
    }

    /// Hands a message to the named peers of a room, or to all.
    pub fn send_data(&mut self, room: Handle, to: Option<&[Handle]>, reliable: bool, data: &[u8]) -> Result<(), Error> {
        let entry = self.rooms.get(&room).ok_or_else(|| unknown("room"))?;
        let (to, bytes) = (to.map(<[_]>::to_vec), Bytes::copy_from_slice(data));
        let said = |shard: &u8| (*shard, Command::SendData { room, to: to.clone(), reliable, bytes: bytes.clone() });
        self.commands.extend(entry.shards.keys().map(said));
        Ok(())
    }

    /// A shard was lost with all its connections and there is a new one in its place: tells that one the rooms and peers,
    /// forgets the connections, and names them. Of the other shards' nothing is forgotten.
    pub fn start_over(&mut self, shard: u8) -> Vec<Handle> {
        let mut lost: Vec<_> = self.connections.iter().filter(|(_, c)| c.shard == shard).map(|(c, _)| *c).collect();
        lost.sort_unstable();
        for connection in &lost {
            let _ = self.close_connection(*connection);
        }
        self.commands.retain(|(to, _)| *to != shard);
        for (room, entry) in self.rooms.iter().filter(|(_, entry)| entry.shards.contains_key(&shard)) {
            self.commands.push_back((shard, Command::OpenRoom { room: *room }));
            if entry.shards.len() > 1 {
                self.commands.push_back((shard, entry.spread(*room, shard)));
            }
        }
        for (peer, entry) in self.peers.iter().filter(|(_, entry)| entry.shard == shard) {
            self.commands.push_back((shard, open_peer(*peer, entry)));
            if entry.announces_muted {
                self.commands.push_back((shard, Command::AnnounceMuted { peer: *peer }));
            }
            if !entry.forwarded.is_empty() {
                let rooms = entry.forwarded.iter().copied().collect();
                self.commands.push_back((shard, Command::ForwardPeer { peer: *peer, rooms }));
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
