//! A published track: in one codec or, for those who lack it, in two; and the layers of each.

use std::time::{Duration, Instant};

use folkmoot_sdp::{Codec, ExtMap, Kind, Mid, PayloadType, Rid, Section};

use super::subscription::Sub;
use super::table::{At, Table};
use crate::command::{Handle, Source};
use crate::layer::{Layer, newest_of};
use crate::speakers::Loudness;

/// The place of the first encoding, and of the one for those who lack its codec.
pub(crate) const FIRST: usize = 0;
pub(crate) const BACKUP: usize = 1;

/// Frames that say when they were taken say it to who listens already: a client is told of the track, and then looks to it.
/// LiveKit's server is as slow by itself, and programs for it count on that.
const SETTLING: Duration = Duration::from_millis(250);

/// Which layer a stream carries.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stream {
    pub(crate) track: At,
    pub(crate) encoding: usize,
    pub(crate) layer: usize,
    /// It carries retransmissions.
    pub(crate) is_rtx: bool,
}

/// A track in one codec.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Encoding {
    /// The section that it comes in on; none when it comes no more.
    pub(crate) mid: Option<Mid>,
    pub(crate) rids: Vec<Rid>,
    pub(crate) codecs: Vec<PayloadType>,
    pub(crate) exts: ExtMap,
    pub(crate) nack: bool,
    /// Places in the track's layers, smallest first.
    pub(crate) layers: Vec<usize>,
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
    pub(crate) kind: Kind,
    pub(crate) source: Source,
    pub(crate) muted: bool,
    /// Who comes begins with what is remembered of it.
    pub(crate) replays: bool,
    /// Of all encodings.
    pub(crate) layers: Vec<Layer>,
    /// One, or the first and the backup.
    pub(crate) encodings: Vec<Encoding>,
    /// Everybody is sent the backup while it comes, so that its publisher needn't encode twice.
    pub(crate) regresses: bool,
    pub(crate) subs: Vec<At>,
    pub(crate) loudness: Loudness,
}

/// A track that comes in on another shard.
pub(crate) struct Mirror {
    pub(crate) home: u8,
    pub(crate) sid: String,
    pub(crate) spoke: Option<Instant>,
}

impl Encoding {
    pub(crate) fn of(mid: Mid) -> Self {
        Self {
            mid: Some(mid),
            rids: Vec::new(),
            codecs: Vec::new(),
            exts: ExtMap::default(),
            nack: false,
            layers: Vec::new(),
        }
    }

    pub(crate) fn layer_of(&self, rid: &[u8]) -> Option<usize> {
        self.rids.iter().position(|r| r.as_bytes() == rid).map(|rank| self.layers[rank])
    }

    pub(crate) fn codec(&self, pt: u8) -> Option<Codec> {
        self.codecs.iter().find(|c| c.pt == pt).map(|c| c.codec)
    }

    /// What a retransmission's payload type stands for.
    pub(crate) fn rtx_codec(&self, pt: u8) -> Option<Codec> {
        self.codecs.iter().find(|c| c.rtx == Some(pt)).map(|c| c.codec)
    }

    /// Somebody who has these codecs can be sent it.
    fn suits(&self, codecs: &[PayloadType]) -> bool {
        self.codecs.first().is_some_and(|ours| codecs.iter().any(|theirs| theirs.codec.decodes(ours.codec)))
    }
}

impl Track {
    /// Whether its loudness says that somebody speaks: not so of what a screen plays.
    pub(crate) fn is_voice(&self) -> bool {
        self.kind == Kind::Audio && self.source != Source::ScreenShareAudio
    }

    /// Where who comes to it begins with one of its layers.
    pub(crate) fn newcomers_start(&self, layer: &Layer, now: Instant) -> Option<u64> {
        if self.replays { layer.newcomers_start(now) } else { layer.starts_now(now) }
    }

    /// How long a receiver is left to get ready, once it knows where the track comes.
    pub(crate) fn settling(&self) -> Duration {
        if self.replays { Duration::ZERO } else { SETTLING }
    }

    /// What the section of an encoding says now. Layers that are there stay.
    pub(crate) fn read_section(&mut self, encoding: usize, section: &Section) {
        let Self { encodings, layers, kind, .. } = self;
        let encoding = &mut encodings[encoding];
        if encoding.layers.is_empty() || encoding.rids.len() < section.rids.len() {
            encoding.rids = smallest_first(&section.rids);
        }
        while encoding.layers.len() < encoding.rids.len().max(1) {
            encoding.layers.push(layers.len());
            layers.push(Layer::new(*kind));
        }
        encoding.codecs.clone_from(&section.codecs);
        encoding.codecs.sort_by_key(|c| c.codec == Codec::Red); // it only carries the other one
        encoding.exts = section.exts;
        encoding.nack = section.nack;
    }

    /// Which encoding one who has these codecs is sent: none, when there is none for it yet.
    pub(crate) fn encoding_for(&self, codecs: &[PayloadType]) -> Option<usize> {
        let backup = self.encodings.get(BACKUP).filter(|e| e.mid.is_some() && e.suits(codecs));
        match backup {
            Some(_) if self.regresses && self.backup_comes() => Some(BACKUP),
            _ if self.encodings[FIRST].suits(codecs) => Some(FIRST),
            backup => backup.map(|_| BACKUP),
        }
    }

    fn backup_comes(&self) -> bool {
        let newest = |encoding: &Encoding| newest_of(&self.layers, &encoding.layers);
        let all: Option<Instant> = self.encodings.iter().filter_map(newest).max();
        let backup = self.encodings.get(BACKUP).map(|e| &e.layers[..]).unwrap_or_default();
        all.is_some_and(|all| backup.iter().any(|layer| self.layers[*layer].is_alive(all)))
    }

    /// Takes the subscription at this place out; the last takes its place.
    pub(crate) fn remove_sub(&mut self, place: usize, subs: &mut Table<Sub>) {
        self.subs.swap_remove(place);
        if let Some(moved) = self.subs.get(place) {
            subs[*moved].in_track = place;
        }
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
