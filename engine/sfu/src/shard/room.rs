//! A room, and who is in it.

use std::collections::{BTreeMap, VecDeque};
use std::time::Instant;

use bytes::Bytes;

use super::table::At;
use crate::command::{Handle, LastHeard};
use crate::data_packet::Rewritten;
use crate::quality::Score;
use crate::reorder::Reorder;
use crate::speakers::Speakers;

#[derive(Default)]
pub(crate) struct Room {
    pub(crate) peers: Vec<Handle>,
    pub(crate) speakers: Speakers,
    /// Shards that have people of it, too.
    pub(crate) others: Vec<u8>,
}

impl Room {
    /// It is not in this room any more.
    pub(crate) fn forget(&mut self, peer: Handle) {
        self.peers.retain(|p| *p != peer);
        self.speakers.forget(peer);
    }
}

pub(crate) struct Peer {
    pub(crate) room: Handle,
    pub(crate) identity: String,
    pub(crate) sid: String,
    pub(crate) may_send_data: bool,
    /// Its reliable messages; of those that aren't passed on, that they came.
    pub(crate) said: Reorder<Option<Rewritten>>,
    /// Its client learns of a track by its first packet, so of a muted one not at all.
    pub(crate) announces_muted: bool,
    pub(crate) conns: Vec<At>,
    /// Reliable messages that wait for a channel that is not open yet, or full.
    pub(crate) waiting: VecDeque<(Instant, Bytes)>,
    pub(crate) waiting_bytes: usize,
    pub(crate) score: Score,
    /// Who gets what it sends on its data tracks, by their numbers, and by which number.
    pub(crate) frames: BTreeMap<u16, Vec<(Handle, u16)>>,
    /// When it spoke last.
    pub(crate) spoke: Option<Instant>,
    /// Other rooms that hear what it says.
    pub(crate) forwarded: Vec<Handle>,
    /// The room was told of it.
    pub(crate) scored: bool,
}

impl Peer {
    pub(crate) fn new(room: Handle, identity: String, sid: String, may_send_data: bool, heard: LastHeard) -> Self {
        Self {
            room,
            identity,
            sid,
            may_send_data,
            said: Reorder::new(heard),
            announces_muted: false,
            conns: Vec::new(),
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            score: Score::default(),
            frames: BTreeMap::new(),
            spoke: None,
            forwarded: Vec::new(),
            scored: false,
        }
    }
}
