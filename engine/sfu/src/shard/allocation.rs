//! Who is sent less when a receiver's path does not carry all: the budget learns what it carries, the allocator divides it.

use std::time::Instant;

use folkmoot_sdp::Kind;

use super::Shard;
use super::table::{At, Table};
use super::things::{Conn, Sub, Track};
use crate::allocator::{self, Demand, LAYERS};
use crate::budget::{Sent, Share};
use crate::command::{ShardEvent, Source};
use crate::layer::newest;

impl Shard {
    /// What the receiver tells of its path: the worst loss of a picture, in 1/256, and its estimate.
    pub(super) fn hear_of_path(&mut self, now: Instant, at: At, worst: Option<u8>, estimate: Option<u64>) {
        if estimate.is_none() && worst.is_none() {
            return;
        }
        let sent = self.pictures_sent(now, at);
        let budget = &mut self.conns[at].budget;
        let delays = estimate.is_some_and(|bits| budget.hear_estimate(now, bits, sent));
        let loses = worst.is_some_and(|lost| budget.hear_loss(now, f32::from(lost) / 256.0, sent));
        if delays || loses {
            self.stats.downgrades += 1;
            self.allocate(now, at);
        }
    }

    /// A path that has rested may carry more.
    pub(super) fn rest(&mut self, now: Instant, at: At) {
        let sent = self.pictures_sent(now, at);
        let Self { conns, subs, tracks, .. } = self;
        let mut budget = conns[at].budget.clone();
        let more = || {
            let (places, demands) = demands(now, &conns[at], subs, tracks);
            let targets: Vec<_> = places.iter().map(|sub| subs[*sub].allotted).collect();
            allocator::one_more(&demands, &targets)
        };
        let changed = budget.rest(now, sent, more);
        conns[at].budget = budget;
        if changed {
            self.allocate(now, at);
        }
    }

    /// Divides what the path carries anew, and chooses all layers by it.
    pub(super) fn allocate(&mut self, now: Instant, at: At) {
        let share = self.conns[at].budget.share();
        match share {
            Some(share) => self.divide(now, at, share),
            None => self.allot_all(at),
        }
        let mut next = 0;
        while let Some(sub) = self.conns[at].subs.get(next).copied() {
            self.retarget(now, sub);
            next += 1;
        }
    }

    fn allot_all(&mut self, at: At) {
        for sub in &self.conns[at].subs {
            self.subs[*sub].allotted = Some(LAYERS - 1);
        }
        self.tell_paused(at, false);
    }

    fn divide(&mut self, now: Instant, at: At, share: Share) {
        let Self { conns, subs, tracks, .. } = self;
        let (places, demands) = demands(now, &conns[at], subs, tracks);
        let mut targets = allocator::allocate(share.bits, share.all, &demands);
        let mut cameras = demands.iter().zip(&targets).filter(|(demand, _)| !demand.shared).map(|(_, target)| target);
        let paused = cameras.clone().next().is_some() && cameras.all(Option::is_none);
        if share.draining {
            allocator::keep_within(share.bits / 2, &demands, &mut targets);
        }
        for (sub, target) in places.iter().zip(targets) {
            subs[*sub].allotted = target;
        }
        self.tell_paused(at, paused);
    }

    fn tell_paused(&mut self, at: At, paused: bool) {
        if std::mem::replace(&mut self.conns[at].paused, paused) != paused {
            self.events.push_back(ShardEvent::Paused { conn: self.conns.handle(at), paused });
        }
    }

    /// What a receiver is sent of pictures now.
    fn pictures_sent(&mut self, now: Instant, at: At) -> Sent {
        let Self { conns, subs, tracks, .. } = self;
        let conn = &mut conns[at];
        let pictures = conn.subs.iter().map(|sub| &subs[*sub]).filter(|sub| tracks[sub.track].kind == Kind::Video);
        Sent {
            bits: conn.pace.bits(now),
            fresh: conn.fresh.bits(now),
            top: pictures.filter_map(|sub| sub.down.layer()).max(),
        }
    }
}

/// The pictures that a receiver wants, and what it wants of each.
fn demands(now: Instant, conn: &Conn, subs: &Table<Sub>, tracks: &mut Table<Track>) -> (Vec<At>, Vec<Demand>) {
    let wanted = conn.subs.iter().filter_map(|at| {
        let sub = &subs[*at];
        let track = &mut tracks[sub.track];
        (track.kind == Kind::Video && sub.is_wanted(track)).then(|| (*at, demand(now, sub, track)))
    });
    wanted.unzip()
}

fn demand(now: Instant, sub: &Sub, track: &mut Track) -> Demand {
    let mut rates = [0; LAYERS];
    let newest = newest(&track.layers);
    for (rate, layer) in rates.iter_mut().zip(&mut track.layers) {
        if newest.is_some_and(|newest| layer.is_alive(newest)) {
            *rate = layer.rate.bits(now).max(1); // a still screen costs nothing and is there
        }
    }
    let running = sub.allotted.is_some() && sub.down.layer().is_some();
    Demand { rates, largest: sub.max_layer, shared: track.source == Source::ScreenShare, running }
}
