//! Messages between the people of a room.
//!
//! Law: who sent a message is what we know, not what it says. A reliable message reaches a receiver once and in order, or
//! not at all: where a receiver can't take it, it waits, within bounds. What a client says again, for it can't know what
//! arrived before its signal was cut, is taken once, and where it belongs: it counts its messages (`reorder`).
//! Towards receivers nothing has to be said again: a connection lives as long as its SCTP association does, which keeps what
//! was not acknowledged, and a resumed client is on the same one.

use std::time::{Duration, Instant};

use bytes::Bytes;
use folkmoot_peer::SendError;

use super::Shard;
use super::room::Peer;
use super::table::At;
use crate::command::{Handle, ShardEvent, Word};
use crate::data_packet::{self, Destinations, Rewritten};

/// So much may wait for a receiver whatever waits for others,
const WAITING: usize = 4 << 20;
/// as much while there is room: who sends a file sends it faster than a slow line takes it,
const WAITING_MOST: usize = 64 << 20;
/// and beyond the first so much for all receivers together. What many wait for is counted for each, and there once.
const WAITING_ALL: usize = 256 << 20;
/// As many small ones, each of which has its overhead.
const MESSAGES: usize = 1 << 16;
/// How long a message waits for a channel that is not open yet.
const PATIENCE: Duration = Duration::from_secs(2);

/// A message on its way to its receivers.
pub(super) struct Mail {
    room: Handle,
    from: Option<Handle>,
    to: To,
    reliable: bool,
    bytes: Bytes,
}

enum To {
    Named(Destinations),
    Peers(Vec<Handle>),
}

impl Peer {
    /// Messages that have waited too long for a channel are too late for whoever comes by it.
    fn forget_old(&mut self, now: Instant) {
        while let Some((since, old)) = self.waiting.front()
            && now.saturating_duration_since(*since) > PATIENCE
        {
            self.waiting_bytes -= old.len();
            self.waiting.pop_front();
        }
    }
}

impl Shard {
    pub(super) fn open_channel(&mut self, at: At, id: u16, label: &str, reliable: bool) {
        let conn = &mut self.conns[at];
        match label {
            "_reliable" => conn.reliable = Some(id),
            "_lossy" => conn.lossy = Some(id),
            "_data_track" => {
                conn.frames = Some(id);
                return;
            }
            _ => return,
        }
        conn.channels.insert(id, reliable);
    }

    pub(super) fn close_channel(&mut self, at: At, id: u16) {
        let conn = &mut self.conns[at];
        conn.channels.remove(&id);
        conn.reliable = conn.reliable.filter(|open| *open != id);
        conn.lossy = conn.lossy.filter(|open| *open != id);
        conn.frames = conn.frames.filter(|open| *open != id);
    }

    /// A client says something.
    pub(super) fn take_message(&mut self, now: Instant, at: At, id: u16, data: &[u8]) {
        let conn = &self.conns[at];
        if conn.frames == Some(id) {
            return self.take_frame(now, at, data);
        }
        let (handle, Some(&reliable)) = (conn.peer, conn.channels.get(&id)) else { return };
        let Some(peer) = self.peers.get_mut(&handle) else { return };
        let Some(packet) = data_packet::rewrite(data, &peer.identity, &peer.sid) else { return };
        if !reliable {
            if peer.may_send_data {
                self.pass_message(handle, false, packet);
            }
            return;
        }
        let (sequence, len) = (packet.sequence, packet.bytes.len());
        let packet = peer.may_send_data.then_some(packet);
        let mut passed = std::mem::take(&mut self.passed);
        peer.said.take(now, sequence, len, packet, |packet| passed.extend(packet));
        if peer.said.has_gap() {
            self.gaps.insert(handle);
        }
        self.pass_messages(handle, passed);
    }

    /// Gaps in what clients say are given up when they were waited for long enough.
    pub(super) fn tick_gaps(&mut self, now: Instant) {
        for handle in std::mem::take(&mut self.gaps) {
            let Some(peer) = self.peers.get_mut(&handle) else { continue };
            let mut passed = std::mem::take(&mut self.passed);
            peer.said.tick(now, |packet| passed.extend(packet));
            if peer.said.has_gap() {
                self.gaps.insert(handle);
            }
            self.pass_messages(handle, passed);
        }
    }

    /// Its client comes back no more; what it said is not lost with it.
    pub(super) fn end_gap(&mut self, handle: Handle) {
        let Some(peer) = self.peers.get_mut(&handle).filter(|peer| peer.said.has_gap()) else { return };
        let mut passed = std::mem::take(&mut self.passed);
        peer.said.give_up(|packet| passed.extend(packet));
        self.pass_messages(handle, passed);
    }

    fn pass_messages(&mut self, from: Handle, mut messages: Vec<Rewritten>) {
        for message in messages.drain(..) {
            self.pass_message(from, true, message);
        }
        self.passed = messages;
    }

    fn pass_message(&mut self, from: Handle, reliable: bool, packet: Rewritten) {
        let Some(peer) = self.peers.get(&from) else { return };
        self.stats.messages_in += 1;
        if packet.to.is_server() {
            self.events.push_back(ShardEvent::Said { peer: from, bytes: packet.bytes });
            return;
        }
        let (room, bytes) = (peer.room, packet.bytes);
        for room in peer.forwarded.iter().copied() {
            // Who is on which shard there is known there.
            let word = Word::Message { room, to: packet.to.clone(), reliable, bytes: bytes.clone() };
            self.words.push_back((None, word));
            let to = To::Named(packet.to.clone());
            self.mail.push_back(Mail { room, from: None, to, reliable, bytes: bytes.clone() });
        }
        for shard in self.rooms.get(&room).map(|room| &room.others[..]).unwrap_or_default() {
            let word = Word::Message { room, to: packet.to.clone(), reliable, bytes: bytes.clone() };
            self.words.push_back((Some(*shard), word));
        }
        self.mail.push_back(Mail { room, from: Some(from), to: To::Named(packet.to), reliable, bytes });
    }

    /// Somebody says something who is on another shard.
    pub(super) fn forward_message(&mut self, room: Handle, to: Destinations, reliable: bool, bytes: Bytes) {
        self.mail.push_back(Mail { room, from: None, to: To::Named(to), reliable, bytes });
    }

    /// The server says something.
    pub(super) fn post(&mut self, room: Handle, to: Option<Vec<Handle>>, reliable: bool, bytes: Bytes) {
        let to = to.map_or(To::Named(Destinations::All), To::Peers);
        self.mail.push_back(Mail { room, from: None, to, reliable, bytes });
    }

    /// Hands out all mail, also what comes in meanwhile.
    pub(super) fn deliver_mail(&mut self, now: Instant) {
        while let Some(mail) = self.mail.pop_front() {
            let Some(room) = self.rooms.get(&mail.room) else { continue };
            let addressed = |handle: &Handle| match &mail.to {
                To::Peers(peers) => peers.contains(handle),
                To::Named(names) => self.peers.get(handle).is_some_and(|peer| names.include(&peer.identity, &peer.sid)),
            };
            let others = room.peers.iter().filter(|peer| Some(**peer) != mail.from);
            let receivers: Vec<Handle> = others.filter(|peer| addressed(peer)).copied().collect();
            for peer in receivers {
                self.hand(now, peer, mail.reliable, &mail.bytes);
            }
        }
    }

    fn hand(&mut self, now: Instant, peer: Handle, reliable: bool, bytes: &Bytes) {
        let Some(entry) = self.peers.get_mut(&peer) else { return };
        let at = entry.conns.iter().copied().find(|at| self.conns[*at].carries_to_client());
        let channel = at.and_then(|at| if reliable { self.conns[at].reliable } else { self.conns[at].lossy });
        if !reliable {
            if let (Some(at), Some(channel)) = (at, channel) {
                self.guarded(at, |shard| shard.say(now, at, channel, bytes));
            }
            return;
        }
        if channel.is_none() {
            entry.forget_old(now);
        }
        let waiting = entry.waiting_bytes + bytes.len();
        let full = entry.waiting.len() >= MESSAGES
            || waiting > WAITING_MOST
            || waiting > WAITING && self.peers.values().map(|p| p.waiting_bytes).sum::<usize>() > WAITING_ALL;
        if full {
            self.stats.messages_dropped += 1;
            return;
        }
        let Some(entry) = self.peers.get_mut(&peer) else { return };
        entry.waiting_bytes += bytes.len();
        entry.waiting.push_back((now, bytes.clone()));
        if let (Some(at), Some(_)) = (at, channel) {
            self.guarded(at, |shard| shard.send_waiting(now, at));
        }
    }

    /// Sends what waits for a client, as much as its channel takes.
    pub(super) fn send_waiting(&mut self, now: Instant, at: At) {
        let conn = &mut self.conns[at];
        let Some(peer) = self.peers.get_mut(&conn.peer).filter(|p| !p.waiting.is_empty()) else { return };
        if !conn.carries_to_client() {
            return;
        }
        let Some(channel) = conn.reliable else { return peer.forget_old(now) };
        while let Some((_, bytes)) = peer.waiting.front() {
            match conn.control.send(channel, true, bytes) {
                Ok(()) => self.stats.messages_out += 1,
                Err(SendError::Full | SendError::NoChannel) => break,
                Err(SendError::TooLong) => self.stats.messages_dropped += 1,
            }
            peer.waiting_bytes -= bytes.len();
            peer.waiting.pop_front();
        }
        self.drain_control(now, at);
    }

    pub(super) fn say(&mut self, now: Instant, at: At, channel: u16, bytes: &[u8]) {
        match self.conns[at].control.send(channel, true, bytes) {
            Ok(()) => self.stats.messages_out += 1,
            Err(_) => self.stats.messages_dropped += 1,
        }
        self.drain_control(now, at);
    }
}
