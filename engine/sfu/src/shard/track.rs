//! A published track and its layers.

use std::time::Instant;

use folkmoot_sdp::{Codec, ExtMap, Kind, Mid, PayloadType, Rid, Section};

use super::subscription::Sub;
use super::table::{At, Table};
use crate::command::{Handle, Source};
use crate::layer::Layer;
use crate::speakers::Loudness;

/// Which layer a stream carries.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stream {
    pub(crate) track: At,
    pub(crate) layer: usize,
    /// It carries retransmissions.
    pub(crate) is_rtx: bool,
}

pub(crate) struct Track {
    /// By which it comes in; `None`: on another shard.
    pub(crate) conn: Option<At>,
    /// Of what comes in on another shard.
    pub(crate) mirror: Option<Mirror>,
    /// Other shards that have a mirror of it.
    pub(crate) mirrors: Vec<u8>,
    /// Who is woken for what is to be asked of its sender: the connection, or the mirror itself.
    pub(crate) timer: Handle,
    pub(crate) peer: Handle,
    pub(crate) mid: Mid,
    pub(crate) kind: Kind,
    pub(crate) source: Source,
    pub(crate) muted: bool,
    /// Smallest first.
    pub(crate) layers: Vec<Layer>,
    pub(crate) rids: Vec<Rid>,
    pub(crate) codecs: Vec<PayloadType>,
    pub(crate) exts: ExtMap,
    pub(crate) nack: bool,
    pub(crate) subs: Vec<At>,
    pub(crate) loudness: Loudness,
}

/// A track that comes in on another shard.
pub(crate) struct Mirror {
    pub(crate) home: u8,
    pub(crate) sid: String,
    pub(crate) spoke: Option<Instant>,
}

impl Track {
    /// Whether its loudness says that somebody speaks: not so of what a screen plays.
    pub(crate) fn is_voice(&self) -> bool {
        self.kind == Kind::Audio && self.source != Source::ScreenShareAudio
    }

    /// What its section says now. Layers that are there stay.
    pub(crate) fn read_section(&mut self, section: &Section) {
        if self.layers.is_empty() || self.rids.len() < section.rids.len() {
            self.rids = smallest_first(&section.rids);
        }
        while self.layers.len() < self.rids.len().max(1) {
            self.layers.push(Layer::new(self.kind));
        }
        self.codecs.clone_from(&section.codecs);
        self.exts = section.exts;
        self.nack = section.nack;
    }

    /// Takes the subscription at this place out; the last takes its place.
    pub(crate) fn remove_sub(&mut self, place: usize, subs: &mut Table<Sub>) {
        self.subs.swap_remove(place);
        if let Some(moved) = self.subs.get(place) {
            subs[*moved].in_track = place;
        }
    }

    pub(crate) fn layer_of(&self, rid: &[u8]) -> Option<usize> {
        self.rids.iter().position(|r| r.as_bytes() == rid)
    }

    pub(crate) fn codec(&self, pt: u8) -> Option<Codec> {
        self.codecs.iter().find(|c| c.pt == pt).map(|c| c.codec)
    }

    /// What a retransmission's payload type stands for.
    pub(crate) fn rtx_codec(&self, pt: u8) -> Option<Codec> {
        self.codecs.iter().find(|c| c.rtx == Some(pt)).map(|c| c.codec)
    }
}

/// LiveKit's clients name their layers q, h and f; some list them from the largest. Others are taken in their order.
fn smallest_first(rids: &[Rid]) -> Vec<Rid> {
    let mut rids = rids.to_vec();
    let size = |rid: &Rid| ["q", "h", "f"].iter().position(|name| *name == rid.as_str());
    if rids.iter().all(|rid| size(rid).is_some()) {
        rids.sort_by_key(size);
    }
    rids
}
