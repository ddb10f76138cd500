//! What goes by the clock and not by the packet: which layers live, who speaks, how good a connection is.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::Shard;
use crate::command::{Handle, ShardEvent};
use crate::{quality, speakers};

const LAYERS_EVERY: Duration = Duration::from_millis(100);

pub(super) struct Seconds {
    start: Instant,
    layers: Instant,
    levels: Instant,
    quality: Instant,
    /// Looks taken at receivers, so that those at ease take turns.
    pub(super) ticks: usize,
}

impl Seconds {
    pub(super) fn new(now: Instant) -> Self {
        Self { start: now, layers: now, levels: now, quality: now + quality::EVERY, ticks: 0 }
    }

    pub(super) fn start(&self) -> Instant {
        self.start
    }

    pub(super) fn next(&self) -> Instant {
        self.layers.min(self.levels).min(self.quality)
    }
}

/// What a room is told of its connections.
#[derive(Default)]
struct Scores {
    news: bool,
    all: Vec<(Handle, u8, f32)>,
}

/// Whether a matter of every `every` is due, and when it is next.
fn due(at: &mut Instant, every: Duration, now: Instant) -> bool {
    let due = *at <= now;
    if due {
        *at = now + every;
    }
    due
}

impl Shard {
    pub(super) fn tick_seconds(&mut self, now: Instant) {
        if due(&mut self.seconds.layers, LAYERS_EVERY, now) {
            for conn in 0..self.conns.ceiling() {
                if self.conns.get(conn).is_some_and(|c| c.carries_to_client() && !c.subs.is_empty()) {
                    self.guarded(conn, |shard| shard.follow_path(now, conn));
                }
                if self.announces_muted(conn) {
                    self.guarded(conn, |shard| shard.announce_muted(conn));
                }
            }
            for track in 0..self.tracks.ceiling() {
                let conn = self.tracks.get(track).filter(|t| t.layers.len() > 1 && !t.muted).map(|t| t.conn);
                match conn {
                    Some(Some(conn)) => self.guarded(conn, |shard| shard.retarget_track(now, track)),
                    Some(None) => self.contained("a mirror", |shard| shard.retarget_track(now, track)),
                    None => {}
                }
            }
        }
        if due(&mut self.seconds.levels, speakers::WINDOW, now) {
            self.contained("who speaks", |shard| shard.tell_speakers(now));
            self.contained("gaps in what was said", |shard| shard.tick_gaps(now));
        }
        if due(&mut self.seconds.quality, quality::EVERY, now) {
            self.contained("how good connections are", Self::tell_quality);
            self.routes.prune(now);
        }
    }

    fn tell_speakers(&mut self, now: Instant) {
        let mut levels: BTreeMap<Handle, Vec<(Handle, f32)>> = BTreeMap::new();
        let mut spoke = std::mem::take(&mut self.spoke);
        for track in self.tracks.iter_mut().filter(|t| t.is_voice()) {
            if let Some(peer) = self.peers.get(&track.peer) {
                levels.entry(peer.room).or_default().push((track.peer, track.loudness.close_window()));
            }
        }
        for (handle, room) in &mut self.rooms {
            let levels = levels.get(handle).map(Vec::as_slice).unwrap_or_default();
            let changes = room.speakers.tick(levels.iter().copied());
            for (peer, ..) in changes.iter().filter(|(.., speaks)| *speaks) {
                self.peers.entry(*peer).and_modify(|peer| peer.spoke = Some(now));
                spoke.push(*peer);
            }
            if !changes.is_empty() {
                let conns = room.peers.iter().filter_map(|peer| self.peers.get(peer)).flat_map(|peer| &peer.conns);
                conns.for_each(|conn| self.conns[*conn].allocation.outdated = true);
                self.events.push_back(ShardEvent::Speakers { room: *handle, changes });
            }
        }
        for peer in spoke.drain(..) {
            self.tell_spoke(now, peer);
        }
        self.spoke = spoke;
    }

    fn tell_quality(&mut self) {
        let mut rooms: BTreeMap<Handle, Scores> = BTreeMap::new();
        let Self { peers, conns, tracks, subs, .. } = self;
        for (handle, peer) in peers {
            let mut streams = Vec::new();
            for at in &peer.conns {
                let conn = &conns[*at];
                for track in &conn.tracks {
                    for layer in &mut tracks[*track].layers {
                        let (expected, lost) = layer.statistics.interval();
                        let jitter = layer.statistics.jitter();
                        streams.push(quality::Interval { expected, lost, rtt: None, jitter });
                    }
                }
                streams.extend(conn.subs.iter().map(|sub| subs[*sub].interval()));
            }
            let changed = peer.score.update(streams).is_some();
            let room = rooms.entry(peer.room).or_default();
            room.news |= changed || !peer.scored;
            peer.scored = true;
            let (step, score) = peer.score.now();
            room.all.push((*handle, step, score));
        }
        // Whoever is new knows nobody's score yet, so news go with all of them.
        let changes = rooms.into_iter().filter(|(_, scores)| scores.news);
        self.events.extend(changes.map(|(room, scores)| ShardEvent::Quality { room, changes: scores.all }));
    }
}
