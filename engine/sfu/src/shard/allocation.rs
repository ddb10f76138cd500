//! What a receiver is sent of pictures: the estimator learns what its path carries, the allocator divides it.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use folkmoot_sdp::Kind;
use folkmoot_wire::twcc;

use super::Shard;
use super::connection::Conn;
use super::steps::{LAYERS, LOWER, rates};
use super::subscription::Sub;
use super::table::{At, Table};
use super::track::Track;
use crate::allocator::{KEPT, Picture, Rank, STEPS};
use crate::command::{Handle, ShardEvent, Source};

/// Who is given less for so long is said to be: until then its publisher sends what may be carried again.
const HELD: Duration = Duration::from_secs(10);
/// A receiver that gets all it wants is looked at on every so many ticks.
const AT_EASE: usize = 5;

impl Shard {
    /// What the receiver tells of its path where it doesn't tell of packets: the worst loss of a picture, in 1/256, and its
    /// estimate.
    pub(super) fn handle_path_report(&mut self, now: Instant, at: At, worst: Option<u8>, estimate: Option<u64>) {
        let conn = &mut self.conns[at];
        let sent = conn.pace.bits(now);
        if let Some(bits) = estimate {
            conn.bwe.on_remb(now, bits, sent);
        }
        if let Some(lost) = worst {
            conn.bwe.on_loss(now, f64::from(lost) / 256.0, sent);
        }
        if estimate.is_some() || worst.is_some() {
            self.reconsider(now, at);
        }
    }

    /// The receiver tells of packets, of so many at most: how many it told of.
    pub(super) fn take_arrivals(&mut self, now: Instant, at: At, body: &[u8], most: usize) -> usize {
        let conn = &mut self.conns[at];
        let Some(arrivals) = twcc::arrivals(body).filter(|told| told.remaining() <= most) else { return 0 };
        let told = arrivals.remaining();
        if conn.bwe.numbers_packets() {
            conn.bwe.on_feedback(now, arrivals);
            self.reconsider(now, at);
        }
        told
    }

    /// Less is sent at once; for more there is time.
    fn reconsider(&mut self, now: Instant, at: At) {
        let conn = &self.conns[at];
        let too_much = conn.bwe.estimate().is_some_and(|bits| bits < conn.allocation.bits / KEPT * 100);
        let waits = (is_draining(conn, now), conn.pacer.is_clogged());
        if too_much || waits != (conn.allocation.drains, conn.allocation.clogged) {
            self.allocate(now, at, false);
        }
    }

    /// Time has passed for a receiver.
    pub(super) fn follow_path(&mut self, now: Instant, at: At) {
        let conn = &mut self.conns[at];
        let anew = std::mem::take(&mut conn.allocation.outdated);
        let at_ease =
            conn.bwe.estimate().is_none_or(|bits| bits > conn.allocation.bits * 2) && !conn.allocation.starved;
        self.seconds.ticks = self.seconds.ticks.wrapping_add(1);
        if anew || !at_ease || self.seconds.ticks.is_multiple_of(AT_EASE) {
            self.allocate(now, at, anew);
        }
    }

    /// Of one subscription it has changed what is there or is wanted.
    pub(super) fn rechoose(&mut self, now: Instant, at: At) {
        let sub = &self.subs[at];
        if self.tracks[sub.track].kind == Kind::Video {
            self.allocate(now, sub.conn, true);
        } else {
            self.retarget(now, at);
        }
    }

    /// All who receive a track have something other to receive.
    pub(super) fn allocate_track(&mut self, now: Instant, track: At) {
        let mut next = 0;
        while let Some(sub) = self.tracks[track].subs.get(next).copied() {
            self.allocate(now, self.subs[sub].conn, true);
            next += 1;
        }
    }

    /// Divides what the path carries among the pictures that are wanted, and begins what has changed by it. `anew`: who
    /// comes first, or what is wanted, has changed.
    pub(super) fn allocate(&mut self, now: Instant, at: At, anew: bool) {
        let mut pictures = std::mem::take(&mut self.pictures);
        let conn = &mut self.conns[at];
        conn.allocation.note_loss(conn.bwe.lost());
        self.gather(now, at, &mut pictures);
        let conn = &mut self.conns[at];
        conn.bwe.set_wanted(pictures.iter().map(Picture::most).sum());
        let sent: u64 = pictures.iter().map(|p| p.cost_of(p.layer)).sum();
        let guess = conn.bwe.is_guess();
        let budget = conn.bwe.estimate().map(|bits| if guess { bits.max(sent) } else { bits });
        if conn.allocation.allocator.allocate(now, budget, &mut pictures, anew) {
            self.stats.downgrades += 1;
        }
        conn.allocation.bits = pictures.iter().map(|p| p.cost_of(p.layer)).sum();
        conn.allocation.starved = pictures.iter().any(|p| p.layer < p.best());
        conn.allocation.drains = is_draining(conn, now);
        conn.allocation.clogged = conn.pacer.is_clogged();
        conn.pace_pictures(now);
        for picture in &pictures {
            self.give(now, self.conns[at].subs[picture.place], picture);
        }
        pictures.clear();
        self.pictures = pictures;
        let mut next = 0;
        while let Some(sub) = self.conns[at].subs.get(next).copied() {
            self.retarget(now, sub);
            next += 1;
        }
    }

    /// The pictures that a receiver wants.
    fn gather(&mut self, now: Instant, at: At, pictures: &mut Vec<Picture>) {
        let Self { conns, subs, tracks, peers, events, .. } = self;
        let (conn, whole) = (conns.handle(at), conns[at].allocation.whole);
        for (place, at) in conns[at].subs.iter().enumerate() {
            let sub = &mut subs[*at];
            let track = &mut tracks[sub.track];
            if track.kind == Kind::Audio {
                continue;
            }
            if !sub.is_wanted(track) {
                (sub.allotment.judged, sub.allotment.layer) = (false, None);
                tell(events, subs, conn, *at, false);
                continue;
            }
            let spoke = match &track.mirror {
                Some(mirror) => mirror.spoke,
                None => peers.get(&track.peer).and_then(|peer| peer.spoke),
            };
            let mut picture = picture(now, place, sub, track, spoke);
            picture.wanted = picture.wanted.min(LOWER + whole);
            pictures.push(picture);
        }
    }

    fn give(&mut self, now: Instant, at: At, picture: &Picture) {
        let sub = &mut self.subs[at];
        let is_sent = picture.best().is_some();
        sub.allotment.layer = picture.layer;
        sub.allotment.judged |= is_sent;
        let conn = self.conns.handle(sub.conn);
        let rank = picture.layer.map(|step| step.saturating_sub(LOWER));
        let track = &mut self.tracks[sub.track];
        if let Some((encoding, rank)) = sub.encoding_of(track).zip(rank)
            && let Some(place) = track.encodings[encoding].layers.get(rank)
        {
            track.layers[*place].rest.take(now);
        }
        // Who gets all that is wanted is not bound by the path.
        let carried = if picture.layer == picture.best() { Some(LAYERS - 1) } else { rank };
        if is_sent && sub.allotment.is_news(now, carried, HELD) {
            let layer = carried.map(|layer| layer as u8);
            self.events.push_back(ShardEvent::Carried { conn, sub: self.subs.handle(at), layer });
        }
        tell(&mut self.events, &mut self.subs, conn, at, is_sent && picture.layer.is_none());
    }
}

/// News for the receiver, if it is any.
fn tell(events: &mut VecDeque<ShardEvent>, subs: &mut Table<Sub>, conn: Handle, at: At, paused: bool) {
    if std::mem::replace(&mut subs[at].allotment.paused, paused) != paused {
        events.push_back(ShardEvent::Paused { conn, sub: subs.handle(at), paused });
    }
}

fn is_draining(conn: &Conn, now: Instant) -> bool {
    conn.bwe.draining().is_some_and(|until| until > now)
}

fn picture(now: Instant, place: usize, sub: &Sub, track: &mut Track, spoke: Option<Instant>) -> Picture {
    let rank = Rank {
        shared: track.source == Source::ScreenShare,
        priority: sub.wish.priority,
        size: (u32::BITS - sub.wish.pixels.leading_zeros()).div_ceil(2) as u8,
        spoke,
    };
    let wanted = (LOWER + usize::from(sub.wish.max_layer)).min(STEPS - 1);
    let encoding = sub.encoding_of(track);
    let measured = track.layers.iter_mut().any(|layer| layer.rate.measured(now).is_some());
    Picture {
        place,
        rates: encoding.map(|encoding| rates(now, track, encoding, sub.wish.fps)).unwrap_or_default(),
        measured,
        wanted,
        rank,
        layer: sub.allotment.layer,
        new: !sub.allotment.judged,
    }
}
