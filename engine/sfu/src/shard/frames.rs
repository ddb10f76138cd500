//! Data tracks: packets of frames that a client sends to whoever subscribed, each of whom knows the track by a number of its own.
//!
//! Law: a packet costs what its receivers are, whom the control plane named one by one. Who can't take it in time misses it.

use std::time::Instant;

use bytes::Bytes;
use folkmoot_wire::data_track;

use super::Shard;
use super::table::At;
use crate::command::{Handle, Word};

impl Shard {
    pub(super) fn carry_frames(&mut self, from: Handle, track: u16, to: Handle, number: u16) {
        self.drop_frames(from, track, to);
        if let Some(peer) = self.peers.get_mut(&from) {
            peer.frames.entry(track).or_default().push((to, number));
        }
    }

    pub(super) fn drop_frames(&mut self, from: Handle, track: u16, to: Handle) {
        let Some(peer) = self.peers.get_mut(&from) else { return };
        let Some(receivers) = peer.frames.get_mut(&track) else { return };
        receivers.retain(|(receiver, _)| *receiver != to);
        if receivers.is_empty() {
            peer.frames.remove(&track);
        }
    }

    /// A client sends a packet of one of its data tracks.
    pub(super) fn take_frame(&mut self, now: Instant, at: At, packet: &[u8]) {
        let Some(track) = data_track::number(packet) else { return };
        let Some(peer) = self.peers.get(&self.conns[at].peer).filter(|p| p.may_send_data) else { return };
        let Some(receivers) = peer.frames.get(&track) else { return };
        let (room, forwarded) = (peer.room, !peer.forwarded.is_empty());
        let (receivers, mut packet) = (receivers.clone(), packet.to_vec());
        self.stats.messages_in += 1;
        for (to, number) in receivers {
            data_track::set_number(&mut packet, number);
            if self.peers.contains_key(&to) {
                self.hand_frame(now, to, &packet);
            } else {
                self.send_frame(room, forwarded, to, &packet);
            }
        }
    }

    /// To whoever is in the room on another shard, or, of one who is forwarded, in another room there.
    fn send_frame(&mut self, room: Handle, forwarded: bool, to: Handle, packet: &[u8]) {
        if forwarded {
            self.words.push_back((None, Word::Frame { to, packet: Bytes::copy_from_slice(packet) }));
            return;
        }
        for shard in self.rooms.get(&room).map(|room| &room.others[..]).unwrap_or_default() {
            let packet = Bytes::copy_from_slice(packet);
            self.words.push_back((Some(*shard), Word::Frame { to, packet }));
        }
    }

    pub(super) fn hand_frame(&mut self, now: Instant, to: Handle, packet: &[u8]) {
        let conns = self.peers.get(&to).map(|p| &p.conns[..]).unwrap_or_default();
        let Some(at) = conns.iter().copied().find(|at| self.conns[*at].carries_to_client()) else { return };
        if let Some(channel) = self.conns[at].frames {
            self.guarded(at, |shard| shard.say(now, at, channel, packet));
        }
    }
}
