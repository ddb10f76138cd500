//! A room on several shards: a track that comes in on one and has subscribers on others.
//!
//! Law: a packet is decrypted once, on the shard of its publisher, and crosses once to each other shard that has a subscriber
//! of it, where it enters its mirror at the place where a packet of that shard's own would: with the ring, the layers and the
//! receivers of the mirror nobody can tell which it was. What is asked of the sender goes home. What had no room on the way
//! is a loss like any other, and is healed like one.

use std::time::Instant;

use folkmoot_sdp::Short;

use super::Shard;
use super::ingress::{Arrival, note_parts};
use super::table::At;
use super::track::{Encoding, FIRST, Mirror, Stream, Track};
use crate::command::{Crossing, Handle, Mirrored, Shape, Word};
use crate::layer::{Came, Layer};
use crate::speakers::Loudness;

/// Of the two encodings that a track may have, three each.
const LAYERS_MAX: usize = 2 * 3;

/// A packet in the ring of its layer that is to cross. Until then it stays there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Crosses {
    /// `None`: to all its mirrors.
    pub(super) to: Option<u8>,
    pub(super) track: At,
    pub(super) layer: usize,
    pub(super) seq: u64,
    pub(super) own: u64,
    pub(super) arrived: Instant,
    pub(super) came: Came,
}

impl Shard {
    /// Hands each packet that is to cross to `out`: to which shard, and what it carries.
    pub fn cross(&mut self, mut out: impl FnMut(u8, Crossing, &[u8])) {
        let Self { tracks, crossings, stats, .. } = self;
        for crosses in crossings.drain(..) {
            let Crosses { to, layer: number, seq, own, arrived, came, .. } = crosses;
            let Some(track) = tracks.get(crosses.track) else { continue };
            let Some(layer) = track.layers.get(number) else { continue };
            let (Some(ssrc), Some((meta, kept))) = (layer.ssrc, layer.ring.get(seq)) else { continue };
            let handle = tracks.handle(crosses.track);
            let crossing = Crossing { track: handle, layer: number as u8, ssrc, own, arrived, came, meta: *meta };
            for shard in track.mirrors.iter().filter(|mirror| to.is_none_or(|to| to == **mirror)) {
                out(*shard, crossing, kept);
                stats.media_crossed += 1;
            }
        }
    }

    /// A packet of a track that comes in on another shard, as the ring there keeps it.
    pub fn handle_crossing(&mut self, now: Instant, crossing: &Crossing, kept: &[u8]) {
        self.contained("a packet of another shard", |shard| shard.take_crossing(now, crossing, kept));
    }

    fn take_crossing(&mut self, now: Instant, crossing: &Crossing, kept: &[u8]) {
        let Some(at) = self.tracks.at(crossing.track).filter(|at| self.tracks[*at].mirror.is_some()) else { return };
        let stream = Stream { track: at, encoding: FIRST, layer: usize::from(crossing.layer), is_rtx: false };
        if stream.layer >= LAYERS_MAX {
            return;
        }
        self.tracks[at].grow(stream.layer);
        if self.tracks[at].layers[stream.layer].ssrc != Some(crossing.ssrc) {
            self.carry(now, stream, crossing.ssrc);
        }
        let arrival = Arrival { at: crossing.arrived, now };
        let mut meta = crossing.meta;
        let (payload, descriptor) = meta.split(kept);
        note_parts(&mut self.tracks[at].layers[stream.layer], &mut meta, payload, descriptor);
        self.take_packet(arrival, stream, crossing.own, (meta, descriptor), payload, crossing.came);
        let mirror = &self.tracks[at];
        if mirror.layers[stream.layer].keyframe_due(now).is_some_and(|due| due <= now) {
            self.timers.set(mirror.timer, now);
        }
    }

    pub(super) fn spread(&mut self, room: Handle, shards: Vec<u8>) {
        if let Some(room) = self.rooms.get_mut(&room) {
            room.others = shards;
        }
    }

    pub(super) fn mirror(&mut self, handle: Handle, mirrored: Mirrored) {
        let Mirrored { home, sid, kind, source, muted, replays } = mirrored;
        let mut track = Track {
            conn: None,
            mirror: Some(Mirror { home, sid, spoke: None }),
            mirrors: Vec::new(),
            timer: handle,
            peer: 0,
            kind,
            source,
            muted,
            replays,
            layers: Vec::new(),
            encodings: vec![Encoding::of(Short::default())],
            regresses: false,
            subs: Vec::new(),
            loudness: Loudness::default(),
        };
        track.grow(0);
        self.tracks.insert(handle, track);
    }

    /// Another shard has subscribers of a track. It gets what a newcomer here would begin with.
    pub(super) fn send_to(&mut self, now: Instant, handle: Handle, shard: u8) {
        let Some(at) = self.tracks.at(handle) else { return };
        if self.tracks[at].mirrors.contains(&shard) {
            return;
        }
        self.tracks[at].mirrors.push(shard);
        self.tell_shape(at);
        let Self { tracks, words, crossings, .. } = self;
        let track = &tracks[at];
        for (number, layer) in track.layers.iter().enumerate() {
            if let Some((at, ntp, rtp)) = layer.clock.last_report() {
                let word = Word::Report { track: handle, layer: number as u8, at, ntp, rtp };
                words.push_back((Some(shard), word));
            }
            let newest = layer.ring.highest().unwrap_or_default();
            let begins = track.newcomers_start(layer, now).unwrap_or(newest + 1);
            crossings.extend((begins..=newest).filter_map(|seq| {
                let own = layer.own(seq)?;
                Some(Crosses { to: Some(shard), track: at, layer: number, seq, own, arrived: now, came: Came::Before })
            }));
        }
    }

    pub(super) fn end_send(&mut self, track: Handle, shard: u8) {
        if let Some(at) = self.tracks.at(track) {
            self.tracks[at].mirrors.retain(|mirror| *mirror != shard);
        }
    }

    /// The mirrors of a track have to know what it is made of.
    pub(super) fn tell_shape(&mut self, at: At) {
        let handle = self.tracks.handle(at);
        let track = &self.tracks[at];
        for shard in &track.mirrors {
            let mut encodings = track.encodings.clone();
            // What is missing is asked for here.
            for encoding in &mut encodings {
                encoding.nack = false;
            }
            let shape = Shape { encodings, layers: track.layers.len(), regresses: track.regresses };
            self.words.push_back((Some(*shard), Word::Shape { track: handle, shape }));
        }
    }

    pub(super) fn take_shape(&mut self, now: Instant, track: Handle, shape: &Shape) {
        let Some(at) = self.tracks.at(track) else { return };
        let track = &mut self.tracks[at];
        let known = track.encodings == shape.encodings && track.regresses == shape.regresses;
        if track.mirror.is_none() || shape.layers > LAYERS_MAX || known {
            return;
        }
        track.grow(shape.layers.saturating_sub(1));
        track.encodings.clone_from(&shape.encodings);
        track.regresses = shape.regresses;
        self.allocate_track(now, at);
    }

    /// What a mirror's receivers need of its sender.
    pub(super) fn ask_home(&mut self, now: Instant, at: At) {
        let handle = self.tracks.handle(at);
        for number in 0..self.tracks[at].layers.len() {
            let Self { tracks, subs, .. } = self;
            let track = &mut tracks[at];
            let Some(mirror) = &track.mirror else { return };
            let layer = &mut track.layers[number];
            layer.await_keyframe(track.subs.iter().filter_map(|sub| subs[*sub].waits_for(number)).min());
            let awaited = layer.only_awaits_keyframe();
            if layer.ask_for_keyframe(now).is_some() {
                let word = Word::Keyframe { track: handle, layer: number as u8, awaited };
                self.words.push_back((Some(mirror.home), word));
            }
            if let Some(due) = layer.keyframe_due(now) {
                self.timers.set(handle, due.max(now));
            }
        }
    }

    /// A receiver on another shard needs a key frame.
    pub(super) fn take_mirrors_request(&mut self, now: Instant, track: Handle, layer: usize, awaited: bool) {
        let Some(at) = self.tracks.at(track) else { return };
        let track = &mut self.tracks[at];
        let Some(layer) = track.layers.get_mut(layer).filter(|_| track.conn.is_some()) else { return };
        if awaited {
            layer.await_keyframe_elsewhere(now);
        } else {
            layer.request_keyframe();
        }
        if let Some(due) = layer.keyframe_due(now) {
            self.timers.set(track.timer, due.max(now));
        }
    }

    /// A sender tells how its clocks run.
    pub(super) fn take_sender_report(&mut self, now: Instant, stream: Stream, ntp: u64, rtp: u32) {
        let handle = self.tracks.handle(stream.track);
        let track = &mut self.tracks[stream.track];
        track.layers[stream.layer].clock.sender_report(now, ntp, rtp);
        if stream.layer == 0 {
            // Once more: what was told before may have found no room.
            self.tell_shape(stream.track);
        }
        let track = &self.tracks[stream.track];
        for shard in &track.mirrors {
            let word = Word::Report { track: handle, layer: stream.layer as u8, at: now, ntp, rtp };
            self.words.push_back((Some(*shard), word));
        }
    }

    pub(super) fn take_mirrored_report(&mut self, track: Handle, layer: usize, at: Instant, ntp: u64, rtp: u32) {
        let Some(track) = self.tracks.at(track) else { return };
        let track = &mut self.tracks[track];
        if track.mirror.is_some() && layer < LAYERS_MAX {
            track.grow(layer);
            track.layers[layer].clock.sender_report(at, ntp, rtp);
        }
    }

    /// Other shards' receivers show who speaks first, too.
    pub(super) fn tell_spoke(&mut self, now: Instant, peer: Handle) {
        let Some(peer) = self.peers.get(&peer) else { return };
        for at in peer.conns.iter().flat_map(|conn| &self.conns[*conn].tracks) {
            let track = self.tracks.handle(*at);
            for shard in &self.tracks[*at].mirrors {
                self.words.push_back((Some(*shard), Word::Spoke { track, at: now }));
            }
        }
    }

    pub(super) fn take_spoke(&mut self, track: Handle, at: Instant) {
        let Some(track) = self.tracks.at(track) else { return };
        let Self { tracks, subs, conns, .. } = self;
        let track = &mut tracks[track];
        let Some(mirror) = &mut track.mirror else { return };
        mirror.spoke = Some(at);
        for sub in &track.subs {
            conns[subs[*sub].conn].allocation.outdated = true;
        }
    }
}

impl Track {
    /// There are layers up to that.
    fn grow(&mut self, layer: usize) {
        while self.layers.len() <= layer {
            self.layers.push(Layer::mirrored(self.kind));
        }
    }
}
