//! The shard: tables of what is there, and who is called when something comes in.
//!
//! Each file of this folder is one verb: commands are obeyed, datagrams taken, packets forwarded, feedback given, messages
//! delivered.

mod allocation;
mod commands;
mod connection;
mod control;
mod data;
mod feedback;
mod forward;
mod frames;
mod ingress;
#[cfg(any(test, fuzzing))]
mod inside;
mod mirrors;
mod muted;
mod pacing;
mod probing;
mod room;
mod routes;
mod rtcp;
mod rtp_writer;
mod seconds;
mod steps;
mod subscription;
mod table;
#[cfg(test)]
mod tests;
mod track;

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::fmt;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use folkmoot_peer::{Identity, Path};

use crate::allocator::Picture;
use crate::command::{Command, Handle, LinkNews, ShardEvent, Word};
use crate::data_packet::Rewritten;
use crate::run::Egress;
use crate::timers::Timers;
use crate::uplink::UplinkLimit;
use connection::Conn;
use data::Mail;
use ingress::Arrival;
use room::{Peer, Room};
pub use routes::{Routes, shard_of};
use subscription::Sub;
use table::{At, Table};
pub(crate) use track::Encoding;
use track::Track;

/// What a shard is made of.
#[derive(Clone, Debug)]
pub struct ShardConfig {
    /// The certificate of all its connections.
    pub identity: Arc<Identity>,
    /// Its number among all shards.
    pub number: u8,
    /// How many those are.
    pub shards: u8,
    /// What each participant may send.
    pub uplink: UplinkLimit,
}

impl ShardConfig {
    /// Of the only one there is.
    pub fn alone(identity: Arc<Identity>) -> Self {
        Self { identity, number: 0, shards: 1, uplink: UplinkLimit::default() }
    }
}

/// Counters since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ShardStats {
    /// RTP packets taken in.
    pub media_in: u64,
    /// RTP packets that did not open: not of this key, or seen before.
    pub media_refused: u64,
    /// RTP packets forwarded.
    pub media_out: u64,
    /// RTP packets that crossed to a mirror on another shard.
    pub media_crossed: u64,
    /// Packets sent again to a receiver.
    pub resent: u64,
    /// Packets asked for again of a sender.
    pub nacks_sent: u64,
    /// Key frames asked for.
    pub keyframes_asked: u64,
    /// Switches of a receiver's layer.
    pub switches: u64,
    /// Times that a receiver was sent less because its path did not carry it.
    pub downgrades: u64,
    /// Messages taken in.
    pub messages_in: u64,
    /// Messages handed to a receiver.
    pub messages_out: u64,
    /// Messages that a receiver could not take in time.
    pub messages_dropped: u64,
    /// Datagrams that were not taken, for their sender sent too many.
    pub uplink_policed: u64,
    /// Datagrams from an address that no connection is known by.
    pub unknown_source: u64,
    /// Faults of ours: each dropped a connection, or left a piece of work undone.
    pub faults: u64,
}

impl ShardStats {
    /// The counters by name.
    pub fn named(self) -> impl Iterator<Item = (&'static str, u64)> {
        [
            ("media_in", self.media_in),
            ("media_refused", self.media_refused),
            ("media_out", self.media_out),
            ("media_crossed", self.media_crossed),
            ("resent", self.resent),
            ("nacks_sent", self.nacks_sent),
            ("keyframes_asked", self.keyframes_asked),
            ("switches", self.switches),
            ("downgrades", self.downgrades),
            ("messages_in", self.messages_in),
            ("messages_out", self.messages_out),
            ("messages_dropped", self.messages_dropped),
            ("uplink_policed", self.uplink_policed),
            ("unknown_source", self.unknown_source),
            ("faults", self.faults),
        ]
        .into_iter()
    }
}

/// Rooms that share nothing with another shard's. See the crate for its law.
pub struct Shard {
    identity: Arc<Identity>,
    uplink: UplinkLimit,
    number: u8,
    shards: u8,
    // In order, so that the news are in the same order in every run.
    rooms: BTreeMap<Handle, Room>,
    peers: BTreeMap<Handle, Peer>,
    conns: Table<Conn>,
    tracks: Table<Track>,
    subs: Table<Sub>,
    /// Our names of connections in STUN.
    ufrags: HashMap<String, At>,
    /// Authenticated paths of clients, and when each was heard of last.
    sources: HashMap<Path, (At, Instant)>,
    routes: Routes,
    /// Ours that the others were told of, and when.
    told: HashMap<SocketAddr, (Path, Instant)>,
    timers: Timers,
    seconds: seconds::Seconds,
    dirty: Vec<At>,
    /// STUN, DTLS and RTCP to send.
    datagrams: Vec<(Path, Vec<u8>)>,
    mail: VecDeque<Mail>,
    /// Whose messages wait for some that were counted before them.
    gaps: BTreeSet<Handle>,
    /// Kept for its room.
    passed: Vec<Rewritten>,
    events: VecDeque<ShardEvent>,
    link_news: VecDeque<LinkNews>,
    /// For one shard, or for all others.
    words: VecDeque<(Option<u8>, Word)>,
    crossings: Vec<mirrors::Crosses>,
    stats: ShardStats,
    /// Lent to whoever allocates, writes a compound, a list of losses, sound that is said twice.
    compound: Vec<u8>,
    lost: Vec<u16>,
    pictures: Vec<Picture>,
    sound: Box<[u8]>,
    spoke: Vec<Handle>,
    #[cfg(test)]
    fault: Option<At>,
    #[cfg(test)]
    fault_at_large: bool,
}

impl fmt::Debug for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shard")
            .field("rooms", &self.rooms.len())
            .field("conns", &self.conns.len())
            .finish_non_exhaustive()
    }
}

impl Shard {
    /// No rooms.
    pub fn new(config: ShardConfig, now: Instant) -> Self {
        Self {
            identity: config.identity,
            uplink: config.uplink,
            number: config.number,
            shards: config.shards,
            rooms: BTreeMap::new(),
            peers: BTreeMap::new(),
            conns: Table::default(),
            tracks: Table::default(),
            subs: Table::default(),
            ufrags: HashMap::new(),
            sources: HashMap::new(),
            routes: Routes::default(),
            told: HashMap::new(),
            timers: Timers::default(),
            seconds: seconds::Seconds::new(now),
            dirty: Vec::new(),
            datagrams: Vec::new(),
            mail: VecDeque::new(),
            gaps: BTreeSet::new(),
            passed: Vec::new(),
            events: VecDeque::new(),
            link_news: VecDeque::new(),
            words: VecDeque::new(),
            crossings: Vec::new(),
            stats: ShardStats::default(),
            compound: Vec::new(),
            lost: Vec::new(),
            pictures: Vec::new(),
            sound: vec![0; forward::TWICE].into(),
            spoke: Vec::new(),
            #[cfg(test)]
            fault: None,
            #[cfg(test)]
            fault_at_large: false,
        }
    }

    /// Does what was decided elsewhere.
    pub fn handle_command(&mut self, now: Instant, command: Command) {
        let whose = match &command {
            Command::Session { conn, .. } | Command::Publish { conn, .. } | Command::Subscribe { conn, .. } => {
                self.conns.at(*conn)
            }
            Command::Unpublish { track }
            | Command::SetMuted { track, .. }
            | Command::PublishBackup { track, .. }
            | Command::DropBackup { track } => self.tracks.at(*track).and_then(|at| self.tracks[at].conn),
            Command::Unsubscribe { sub } | Command::Configure { sub, .. } => {
                self.subs.at(*sub).map(|at| self.subs[at].conn)
            }
            _ => None,
        };
        match whose {
            Some(at) => self.guarded(at, |shard| shard.obey(now, command)),
            None => self.contained("a command", |shard| shard.obey(now, command)),
        }
        self.deliver_mail(now);
    }

    /// A datagram came. It is decrypted in place. The shard that it belongs to, if that is another.
    pub fn handle_datagram(&mut self, now: Instant, source: impl Into<Path>, datagram: &mut [u8]) -> Option<u8> {
        self.handle_arrival(now, now, source, datagram)
    }

    /// The same of one that came at `arrived` and waited for us since: its sender is judged by when it came.
    pub fn handle_arrival(
        &mut self,
        now: Instant,
        arrived: Instant,
        source: impl Into<Path>,
        datagram: &mut [u8],
    ) -> Option<u8> {
        let source = source.into();
        // A check names whom it is for; an answer to one of ours comes from where we asked.
        let (known, ufrag) = match datagram.first() {
            Some(0..=3) => (true, folkmoot_peer::stun_local_ufrag(datagram)),
            Some(20..=63 | 128..=191) => (true, None),
            _ => (false, None),
        };
        let at = match ufrag {
            Some(name) => self.ufrags.get(name),
            None => self.sources.get(&source).map(|(at, _)| at).filter(|_| known),
        };
        let Some(at) = at.copied() else {
            let elsewhere = self.elsewhere(source, ufrag).filter(|_| known);
            self.stats.unknown_source += u64::from(elsewhere.is_none());
            return elsewhere;
        };
        self.guarded(at, |shard| shard.take_datagram(Arrival { at: arrived, now }, at, source, datagram));
        if !self.mail.is_empty() {
            self.deliver_mail(now);
        }
        None
    }

    /// A TCP connection was closed.
    pub fn handle_lost_path(&mut self, now: Instant, path: Path) {
        let Some((at, _)) = self.sources.remove(&path) else { return };
        self.guarded(at, |shard| {
            let conn = &mut shard.conns[at];
            conn.sources.retain(|source| *source != path);
            conn.to = conn.to.filter(|to| *to != path);
            conn.control.handle_lost_path(now, path);
            shard.drain_control(now, at);
        });
    }

    /// Time has passed.
    pub fn handle_timeout(&mut self, now: Instant) {
        while let Some(handle) = self.timers.pop(now) {
            if let Some(at) = self.conns.at(handle) {
                self.guarded(at, |shard| shard.tick(now, at));
            } else if let Some(at) = self.tracks.at(handle) {
                self.contained("a mirror", |shard| shard.ask_home(now, at));
            }
        }
        self.tick_seconds(now);
        self.deliver_mail(now);
    }

    /// When to call [`Shard::handle_timeout`] at the latest.
    pub fn deadline(&self) -> Option<Instant> {
        let seconds = (self.conns.len() > 0).then(|| self.seconds.next());
        [self.timers.next(), seconds].into_iter().flatten().min()
    }

    /// Hands all that waits to be sent to `egress`.
    pub fn flush(&mut self, egress: &mut impl Egress) {
        for (to, bytes) in self.datagrams.drain(..) {
            egress.push(to, bytes.len(), &bytes);
        }
        for at in &self.dirty {
            if let Some(conn) = self.conns.get_mut(*at) {
                conn.dirty = false;
                conn.run.close();
            }
        }
        let conns = &self.conns;
        let those = self.dirty.iter().filter_map(|at| conns.get(*at));
        egress.send(those.flat_map(|conn| conn.run.runs(conn.to)));
        for at in self.dirty.drain(..) {
            if let Some(conn) = self.conns.get_mut(at) {
                conn.run.clear();
                if let Some(due) = conn.pacing_due() {
                    self.timers.set(self.conns.handle(at), due);
                }
            }
        }
    }

    /// The next news.
    pub fn poll_event(&mut self) -> Option<ShardEvent> {
        self.events.pop_front()
    }

    /// The next news of a TCP connection, for whoever holds it.
    pub fn poll_link(&mut self) -> Option<LinkNews> {
        self.link_news.pop_front()
    }

    /// Bits a second that the path to a connection's client is believed to carry; `None`: no bound is known.
    pub fn estimate(&self, conn: Handle) -> Option<u64> {
        self.conns[self.conns.at(conn)?].bwe.estimate()
    }

    /// Counters.
    pub fn stats(&self) -> ShardStats {
        self.stats
    }

    /// Runs `act` on behalf of a connection: a panic in it is the end of that connection alone.
    fn guarded(&mut self, at: At, act: impl FnOnce(&mut Self)) {
        let conn = self.conns.handle(at);
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            #[cfg(test)]
            assert!(self.fault != Some(at), "a fault for the test");
            act(self);
        }));
        if outcome.is_err() {
            self.stats.faults += 1;
            tracing::error!(conn, "a connection was dropped by a fault of ours");
            // A second fault in here is not caught: nobody could say any more what the tables hold.
            self.close_connection(conn);
            self.events.push_back(ShardEvent::Failed { conn });
        }
    }

    /// Runs what is on behalf of no single connection: a panic in it costs what it was about to do, and nobody's call.
    fn contained(&mut self, what: &'static str, act: impl FnOnce(&mut Self)) {
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            #[cfg(test)]
            assert!(!self.fault_at_large, "a fault for the test");
            act(self);
        }));
        if outcome.is_err() {
            self.stats.faults += 1;
            tracing::error!(what, "left undone by a fault of ours");
        }
    }
}
