//! What tests and fuzzers see of a shard that its users do not: keys without a handshake, and whether all tables agree.

use std::time::Instant;

use folkmoot_peer::{ControlEvent, Path};
use folkmoot_srtp::Keys;

use super::Shard;
use super::table::Table;
use crate::command::Handle;

impl Shard {
    /// As if the client had authenticated itself by `path` and agreed on `keys`.
    pub fn install_keys(&mut self, now: Instant, conn: Handle, keys: Keys, path: impl Into<Path>) {
        let path = path.into();
        for event in [
            ControlEvent::Source(path),
            ControlEvent::Selected(path),
            ControlEvent::Keys(keys),
            ControlEvent::Connected,
        ] {
            self.hear(now, conn, event);
        }
    }

    /// As if the connection's control half had told this.
    pub fn hear(&mut self, now: Instant, conn: Handle, event: ControlEvent) {
        if let Some(at) = self.conns.at(conn) {
            self.guarded(at, |shard| match shard.handle_control_event(now, at, event) {
                Some(_) => shard.close_connection(conn),
                None => shard.set_timer(now, at),
            });
        }
        self.deliver_mail(now);
    }

    /// How many rooms, peers, connections, tracks, subscriptions, names and paths there are.
    pub fn counts(&self) -> [usize; 7] {
        [
            self.rooms.len(),
            self.peers.len(),
            self.conns.len(),
            self.tracks.len(),
            self.subs.len(),
            self.ufrags.len(),
            self.sources.len(),
        ]
    }

    /// Panics when a table leads to what is not there, or two tables disagree.
    pub fn check(&self) {
        fn there<T>(table: &Table<T>, at: super::At) -> &T {
            table.get(at).expect("an index leads somewhere")
        }
        for owner in self.ufrags.values().chain(self.sources.values().map(|(owner, _)| owner)) {
            there(&self.conns, *owner);
        }
        for at in &self.dirty {
            assert!(there(&self.conns, *at).dirty, "in the list, so marked");
        }
        for (handle, room) in &self.rooms {
            for peer in &room.peers {
                assert_eq!(self.peers[peer].room, *handle);
            }
        }
        for (handle, peer) in &self.peers {
            assert!(self.rooms[&peer.room].peers.contains(handle));
            assert_eq!(peer.waiting_bytes, peer.waiting.iter().map(|(_, bytes)| bytes.len()).sum::<usize>());
            for conn in &peer.conns {
                assert_eq!(there(&self.conns, *conn).peer, *handle);
            }
        }
        for (at, conn) in self.conns.entries() {
            assert!(self.peers[&conn.peer].conns.contains(&at));
            assert!(conn.ufrags.iter().all(|name| self.ufrags.get(name) == Some(&at)));
            assert!(conn.tracks.iter().all(|track| there(&self.tracks, *track).conn == Some(at)));
            assert!(conn.subs.iter().all(|sub| there(&self.subs, *sub).conn == at));
            assert!(conn.sub_of_ssrc.values().all(|sub| conn.subs.contains(sub)));
            for stream in conn.streams.values() {
                assert!(conn.tracks.contains(&stream.track));
                assert!(stream.layer < there(&self.tracks, stream.track).layers.len());
            }
        }
        for (at, track) in self.tracks.entries() {
            assert!(track.conn.is_none_or(|conn| there(&self.conns, conn).tracks.contains(&at)));
            assert_eq!(track.conn.is_none(), track.mirror.is_some());
            assert!(track.subs.iter().all(|sub| there(&self.subs, *sub).track == at));
        }
        for (at, sub) in self.subs.entries() {
            assert!(there(&self.conns, sub.conn).subs.contains(&at));
            assert_eq!(there(&self.tracks, sub.track).subs.get(sub.in_track), Some(&at));
        }
    }
}
