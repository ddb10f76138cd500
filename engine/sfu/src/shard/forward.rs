//! A packet on its way out: to every receiver of its layer, under that receiver's numbers and keys.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use folkmoot_sdp::{Kind, PayloadType};
use folkmoot_wire::{ext, red};

use super::connection::Conn;
use super::rtp_writer::{Content, Departure, has_rtx, write, write_again};
use super::steps::aim;
use super::subscription::{Binding, Sub};
use super::table::{At, Table};
use super::track::Track;
use super::{Shard, ShardStats};
use crate::command::ShardEvent;
use crate::downtrack::Rewrite;
use crate::layer::Layer;
use crate::ring::{Meta, Ring};

/// A mapping between two clocks that puts a new picture so far (ticks) before the last one is a lie of the sender.
const BACKWARDS_MAX: i32 = -2 * 90_000;
/// On a path that loses more than this share, and not because it is full, what is sent again is sent twice where asking once
/// more takes long.
const LOSES: f64 = 0.01;
/// A full path of which this is left for pictures carries copies of sound beside them, bits a second; one takes some 45,000.
const CARRIES_COPIES: u64 = 300_000;
/// The packets of a picture follow each other sooner.
const PICTURE: Duration = Duration::from_millis(100);

impl Shard {
    /// Now, as packets tell of it.
    pub(super) fn departure(&self, now: Instant) -> Departure {
        let since = now.saturating_duration_since(self.seconds.start());
        Departure { now, abs_send_time: ext::abs_send_time(since.as_micros() as u64) }
    }

    /// A packet was taken into a layer for the first time.
    pub(super) fn forward(&mut self, now: Instant, track: At, layer: usize, seq: u64) {
        let departure = self.departure(now);
        let Self { tracks, subs, conns, stats, events, dirty, sound, .. } = self;
        let track = &tracks[track];
        let structure = track.layers[layer].structure.as_deref();
        let Some((meta, payload)) = track.layers[layer].ring.get(seq) else { return };
        for at in &track.subs {
            let sub = &mut subs[*at];
            let conn = &mut conns[sub.conn];
            let Some(format) = sendable(conn, sub, meta) else { continue };
            let mut sent = 0;
            // A picture whose end was lost is left where the next one begins: later the key frame would be of the past.
            if let Some(target) = sub.awaits()
                && sub.down.leaves_unfinished(layer, meta)
                && let Some(at) = begin(now, track, target, sub)
            {
                sent += start(track, target, at, conn, sub, stats, departure);
            }
            if let Some(rewrite) = sub.down.rewrite(layer, seq, meta, structure) {
                sent += if meta.twice {
                    let ring = &track.layers[layer].ring;
                    write_sound(conn, sub, format, (ring, seq), rewrite, departure, sound)
                } else {
                    write(conn, sub, format, &Content { meta, kept: payload, structure }, rewrite, departure)
                };
            }
            // At the key frame of the layer it waits for, or, if a picture was under way then, when that has ended.
            if let Some(target) = sub.awaits()
                && (meta.starts_keyframe && target == layer || meta.marker)
                && may_leave(now, track, sub)
                && let Some(at) = begin(now, track, target, sub)
            {
                sent += start(track, target, at, conn, sub, stats, departure);
            }
            stats.media_out += sent;
            if sent > 0 {
                queue(sub.conn, conn, dirty);
                mark_subscribed(subs, *at, events);
            }
        }
    }

    /// Chooses the layer anew for all receivers of a track.
    pub(super) fn retarget_track(&mut self, now: Instant, track: At) {
        let mut next = 0;
        while let Some(sub) = self.tracks[track].subs.get(next).copied() {
            self.retarget(now, sub);
            next += 1;
        }
    }

    /// Chooses the layer for one receiver, and starts it at once where the ring allows; else a key frame is asked for.
    pub(super) fn retarget(&mut self, now: Instant, at: At) {
        let departure = self.departure(now);
        let Self { tracks, subs, conns, stats, events, dirty, timers, .. } = self;
        let Some(sub) = subs.get_mut(at) else { return };
        let track = &mut tracks[sub.track];
        let conn = &mut conns[sub.conn];
        let wanted = sub.is_wanted(track) && conn.keys.is_some();
        let ceiling = sub.ceiling(track, conn);
        let aim =
            ceiling.filter(|_| wanted).and_then(|step| aim(&track.layers, sub.encoding(track)?, step, sub.wish.fps));
        sub.target = aim.map(|aim| aim.layer);
        if let Some(aim) = aim {
            sub.down.want(aim.parts);
        }
        if ceiling.is_none() {
            sub.down.close(); // what still came of it would only be later
        }
        let Some(layer) = sub.awaits() else { return };
        if track.kind == Kind::Audio {
            return; // the next packet will do
        }
        if may_leave(now, track, sub)
            && let Some(seq) = begin(now, track, layer, sub)
        {
            let sent = start(track, layer, seq, conn, sub, stats, departure);
            stats.media_out += sent;
            if sent > 0 {
                queue(sub.conn, conn, dirty);
                mark_subscribed(subs, at, events);
                return;
            }
        }
        track.layers[layer].await_keyframe_too(sub.begins);
        if let Some(due) = track.layers[layer].keyframe_due(now) {
            timers.set(track.timer, due.max(now));
        }
    }

    /// A receiver asks for packets again, by the numbers it knows them by.
    pub(super) fn resend(&mut self, now: Instant, at: At, lost: impl Iterator<Item = u16>) {
        let departure = self.departure(now);
        let Self { tracks, subs, conns, stats, dirty, sound, .. } = self;
        let sub = &mut subs[at];
        let conn = &mut conns[sub.conn];
        let track = &tracks[sub.track];
        if sub.ceiling(track, conn).is_none() {
            return; // what was lost was too much
        }
        for sequence in lost {
            let Some(seq) = sub.down.extend(sequence) else { return };
            let Some((layer, own)) = sub.down.find(seq) else { continue };
            let Some((meta, payload)) = track.layers[layer].ring.get(own) else { continue };
            let Some(format) = sendable(conn, sub, meta) else { continue };
            if !has_rtx(sub, format) && seq < sub.bound_from {
                continue;
            }
            let overdrawn = track.kind == Kind::Video && conn.pacer.is_overdrawn(now);
            if conn.resends == 0 || overdrawn {
                return;
            }
            if !sub.may_resend(now, seq) {
                continue;
            }
            let Some(rewrite) = sub.down.again(layer, own, meta) else { continue };
            let structure = track.layers[layer].structure.as_deref();
            let content = Content { meta, kept: payload, structure };
            if track.kind == Kind::Audio {
                let ring = &track.layers[layer].ring;
                stats.resent += write_sound_again(conn, sub, format, (ring, own), rewrite, departure, sound);
                queue(sub.conn, conn, dirty);
                continue;
            }
            let twice = has_rtx(sub, format) && sub.is_far() && conn.bwe.lost() > LOSES && !conn.bwe.was_full(now);
            for _ in 0..conn.resends.min(if twice { 2 } else { 1 }) {
                conn.resends -= 1;
                stats.resent += write_again(conn, sub, format, &content, rewrite, departure);
            }
            queue(sub.conn, conn, dirty);
        }
    }
}

/// What a frame of sound and the one before it take, said together; longer ones are said once.
pub(super) const TWICE: usize = 1024;

/// On a path that is full what it loses is of our own making, and the copy would be in its own way: unless it carries far more
/// than a copy and loses all the same.
fn has_room_for_copies(conn: &Conn, now: Instant) -> bool {
    let carries = || conn.bwe.estimate().is_none_or(|bits| bits >= CARRIES_COPIES);
    !conn.bwe.was_full(now) || conn.bwe.lost() > LOSES && carries()
}

/// A packet of sound that its sender says twice: to who takes it so with the frame before it, where there is room for that.
#[inline(never)]
fn write_sound(
    conn: &mut Conn,
    sub: &mut Sub,
    format: PayloadType,
    (ring, seq): (&Ring, u64),
    rewrite: Rewrite,
    departure: Departure,
    room: &mut [u8],
) -> u64 {
    let twice = sub.binding.as_ref().and_then(Binding::repeats);
    let twice = twice.filter(|_| has_room_for_copies(conn, departure.now));
    let said = twice.and_then(|red| Some((red, say_twice(ring, seq, format.pt, room)?)));
    sub.repeats.note(rewrite.seq, said.is_some());
    let Some((meta, own)) = ring.get(seq) else { return 0 };
    let (format, kept) = said.map_or((format, own), |(red, len)| (red, &room[..len]));
    write(conn, sub, format, &Content { meta, kept, structure: None }, rewrite, departure)
}

/// The same packet again.
fn write_sound_again(
    conn: &mut Conn,
    sub: &mut Sub,
    format: PayloadType,
    (ring, seq): (&Ring, u64),
    rewrite: Rewrite,
    departure: Departure,
    room: &mut [u8],
) -> u64 {
    let Some((meta, own)) = ring.get(seq).filter(|_| conn.resends > 0) else { return 0 };
    let (format, kept) = match sub.repeats.had(rewrite.seq) {
        Some(false) => (format, own),
        Some(true) => {
            let Some(red) = sub.binding.as_ref().and_then(Binding::repeats) else { return 0 };
            let Some(len) = say_twice(ring, seq, format.pt, room) else { return 0 };
            (red, &room[..len])
        }
        None => return 0,
    };
    conn.resends -= 1;
    write_again(conn, sub, format, &Content { meta, kept, structure: None }, rewrite, departure)
}

/// The frame of packet `seq`, and before it that of the packet before, where it is there; how long that is.
fn say_twice(ring: &Ring, seq: u64, pt: u8, room: &mut [u8]) -> Option<usize> {
    let (meta, own) = ring.get(seq)?;
    let (before, frame) = ring.get(seq.checked_sub(1)?)?;
    red::write_twice(room, pt, (meta.timestamp.wrapping_sub(before.timestamp), frame), own)
}

/// The first packet of a subscription is news.
fn mark_subscribed(subs: &mut Table<Sub>, at: At, events: &mut VecDeque<ShardEvent>) {
    if !std::mem::replace(&mut subs[at].told, true) {
        events.push_back(ShardEvent::Subscribed { sub: subs.handle(at) });
    }
}

pub(super) fn queue(at: At, conn: &mut Conn, dirty: &mut Vec<At>) {
    if !conn.dirty {
        conn.dirty = true;
        dirty.push(at);
    }
}

/// How the receiver calls the packet's codec, if it can be sent to it now.
fn sendable(conn: &Conn, sub: &Sub, meta: &Meta) -> Option<PayloadType> {
    conn.keys.as_ref()?;
    conn.to?;
    sub.binding.as_ref()?.format(meta.codec)
}

/// Another layer may begin: the picture under way has ended, or nothing more comes of it.
fn may_leave(now: Instant, track: &Track, sub: &Sub) -> bool {
    let silent = |layer: usize| track.layers[layer].heard.is_none_or(|at| now.saturating_duration_since(at) > PICTURE);
    sub.down.is_between_pictures() || sub.down.layer().is_none_or(silent)
}

/// Where `layer` begins for this receiver. Who is sent another layer meanwhile gets the newest key frame however much of it
/// has come: whether it is of the past is told when the layer is opened.
fn begin(now: Instant, track: &Track, layer: usize, sub: &Sub) -> Option<u64> {
    let next = &track.layers[layer];
    if sub.down.layer().is_some() && last_instant(track, sub, layer).is_some() {
        return next.switch_start(now);
    }
    sub.begins.filter(|from| *from <= now).and_then(|_| track.newcomers_start(next, now))
}

/// The timestamp in `layer` of the instant of what was sent last.
fn last_instant(track: &Track, sub: &Sub, layer: usize) -> Option<u32> {
    if let Some(captured) = sub.down.last_captured() {
        return track.layers[layer].clock.timestamp_at(captured);
    }
    let (last, timestamp) = sub.down.last_sent()?;
    same_instant(&track.layers, last, timestamp, layer)
}

/// Begins `layer` at packet `seq`, which is in its ring, and sends what has come since. How many packets went out.
fn start(
    track: &Track,
    layer: usize,
    seq: u64,
    conn: &mut Conn,
    sub: &mut Sub,
    stats: &mut ShardStats,
    departure: Departure,
) -> u64 {
    let Layer { ring, structure, .. } = &track.layers[layer];
    let structure = structure.as_deref();
    let Some((meta, _)) = ring.get(seq) else { return 0 };
    let then =
        last_instant(track, sub, layer).filter(|then| meta.timestamp.wrapping_sub(*then).cast_signed() > BACKWARDS_MAX);
    if sendable(conn, sub, meta).is_none() || !sub.down.open(layer, seq, meta, then) {
        return 0;
    }
    stats.switches += 1;
    let mut sent = 0;
    for next in seq..=ring.highest().unwrap_or(seq) {
        if let Some((meta, payload)) = ring.get(next)
            && let Some(format) = sendable(conn, sub, meta)
            && let Some(rewrite) = sub.down.rewrite(layer, next, meta, structure)
        {
            sent += write(conn, sub, format, &Content { meta, kept: payload, structure }, rewrite, departure);
        }
    }
    sent
}

/// The timestamp in layer `to` of the instant that `timestamp` stands for in layer `from`.
fn same_instant(layers: &[Layer], from: usize, timestamp: u32, to: usize) -> Option<u32> {
    if from == to {
        return Some(timestamp);
    }
    layers[to].clock.timestamp_at_capture_of(&layers.get(from)?.clock, timestamp)
}
