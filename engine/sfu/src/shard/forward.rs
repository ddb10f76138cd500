//! A packet on its way out: to every receiver of its layer, under that receiver's numbers and keys.

use std::time::{Duration, Instant};

use folkmoot_sdp::Kind;
use folkmoot_srtp::MAX_RTP_OVERHEAD;
use folkmoot_wire::ext;
use folkmoot_wire::rtp::{self, FIXED_LEN};

use super::table::At;
use super::things::{Conn, Sub, Track};
use super::{Shard, ShardStats};
use crate::command::{ShardEvent, Source};
use crate::downtrack::Rewrite;
use crate::layer::{Layer, choose};
use crate::relief::Sent;
use crate::ring::Meta;

/// Room for the extensions that we write: mid (17), level (2), orientation (2), `abs-send-time` (4), the block's head and
/// padding.
const EXTENSIONS: usize = 32;
/// A mapping between two clocks that puts a new picture so far (ticks) before the last one is a lie of the sender.
const LIE: i32 = -2 * 90_000;

/// Packets that may be sent again to one connection at once. One is added for each that is sent for the first time, so a
/// receiver that asks without end costs no more than twice one that does not.
const RESENDS: u32 = 1024;
/// The packets of a picture follow each other sooner.
const PICTURE: Duration = Duration::from_millis(100);

impl Shard {
    /// What a packet that is sent now says of it, to those who estimate by it what their path carries.
    fn leaves(&self, now: Instant) -> [u8; 3] {
        let since = now.saturating_duration_since(self.seconds.start());
        ext::abs_send_time(since.as_micros() as u64)
    }

    /// A packet was taken into a layer for the first time.
    pub(super) fn forward(&mut self, now: Instant, track: At, layer: usize, seq: u64, meta: &Meta, payload: &[u8]) {
        let leaves = self.leaves(now);
        let Self { tracks, subs, conns, stats, events, dirty, .. } = self;
        let track = &tracks[track];
        for at in &track.subs {
            let sub = &mut subs[*at];
            let conn = &mut conns[sub.conn];
            if !can_send(conn, sub, meta) {
                continue;
            }
            let mut sent = 0;
            // A picture whose end was lost is left where the next one begins: later the key frame would be of the past.
            if let Some(target) = sub.awaits()
                && sub.down.leaves_unfinished(layer, meta)
                && let Some(at) = begin(now, track, target, sub)
            {
                sent += start(track, target, at, conn, sub, stats, leaves);
            }
            if let Some(rewrite) = sub.down.rewrite(layer, seq, meta) {
                sent += write(conn, sub, meta, payload, rewrite, leaves, false);
            }
            // At the key frame of the layer it waits for, or, if a picture was under way then, when that has ended.
            if let Some(target) = sub.awaits()
                && (meta.starts_keyframe && target == layer || meta.marker)
                && may_leave(now, track, sub)
                && let Some(at) = begin(now, track, target, sub)
            {
                sent += start(track, target, at, conn, sub, stats, leaves);
            }
            stats.media_out += sent;
            if sent > 0 {
                queue(sub.conn, conn, dirty);
                if !sub.told {
                    sub.told = true;
                    events.push_back(ShardEvent::Subscribed { sub: subs.handle(*at) });
                }
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

    /// What a receiver is sent of pictures now.
    pub(super) fn pictures_sent(&mut self, now: Instant, at: At) -> Sent {
        let Self { conns, subs, tracks, .. } = self;
        let conn = &mut conns[at];
        let pictures = conn.subs.iter().map(|sub| &subs[*sub]).filter(|sub| tracks[sub.track].kind == Kind::Video);
        Sent { bits: conn.pace.bits(now), top: pictures.filter_map(|sub| sub.down.layer()).max() }
    }

    /// A receiver's path was found to carry less than it is sent, or is tried with more: chooses all its layers anew.
    pub(super) fn relieve(&mut self, now: Instant, at: At) {
        let mut next = 0;
        while let Some(sub) = self.conns[at].subs.get(next).copied() {
            self.retarget(now, sub);
            next += 1;
        }
        let paused = self.conns[at].relief.is_paused();
        if std::mem::replace(&mut self.conns[at].paused, paused) != paused {
            self.events.push_back(ShardEvent::Paused { conn: self.conns.handle(at), paused });
        }
    }

    /// Chooses the layer for one receiver, and starts it at once where the ring allows; else a key frame is asked for.
    pub(super) fn retarget(&mut self, now: Instant, at: At) {
        let leaves = self.leaves(now);
        let Self { tracks, subs, conns, stats, events, dirty, timers, .. } = self;
        let Some(sub) = subs.get_mut(at) else { return };
        let track = &mut tracks[sub.track];
        let conn = &mut conns[sub.conn];
        let wanted = sub.enabled && sub.binding.is_some() && !track.muted && conn.keys.is_some();
        let most = most(track, conn);
        sub.target = most.filter(|_| wanted).and_then(|most| choose(&track.layers, sub.max_layer.min(most)));
        if most.is_none() {
            sub.down.close(); // what still came of it would only be later
        }
        let Some(layer) = sub.awaits() else { return };
        if track.kind == Kind::Audio {
            return; // the next packet will do
        }
        if may_leave(now, track, sub)
            && let Some(seq) = begin(now, track, layer, sub)
        {
            let sent = start(track, layer, seq, conn, sub, stats, leaves);
            stats.media_out += sent;
            if sent > 0 {
                queue(sub.conn, conn, dirty);
                if !sub.told {
                    sub.told = true;
                    events.push_back(ShardEvent::Subscribed { sub: subs.handle(at) });
                }
                return;
            }
        }
        track.layers[layer].await_keyframe(true);
        if let Some(due) = track.layers[layer].keyframe_due(now) {
            timers.set(conns.handle(track.conn), due.max(now));
        }
    }

    /// A receiver asks for packets again, by the numbers it knows them by.
    pub(super) fn resend(&mut self, now: Instant, at: At, lost: impl Iterator<Item = u16>) {
        let leaves = self.leaves(now);
        let Self { tracks, subs, conns, stats, dirty, .. } = self;
        let sub = &mut subs[at];
        let conn = &mut conns[sub.conn];
        let track = &tracks[sub.track];
        if most(track, conn).is_none() {
            return; // what was lost was too much
        }
        for sequence in lost {
            let Some(seq) = sub.down.extend(sequence) else { return };
            let Some((layer, own)) = sub.down.find(seq) else { continue };
            let Some((meta, payload)) = track.layers[layer].ring.get(own) else { continue };
            if !can_send(conn, sub, meta) || (!has_rtx(sub, meta) && seq < sub.bound_from) {
                continue;
            }
            if conn.resends == 0 {
                return;
            }
            if !sub.may_resend(now, seq) {
                continue;
            }
            conn.resends -= 1;
            let Some(rewrite) = sub.down.again(layer, own, meta) else { continue };
            let sent = write(conn, sub, meta, payload, rewrite, leaves, true);
            stats.resent += sent;
            if sent > 0 {
                queue(sub.conn, conn, dirty);
            }
        }
    }
}

pub(super) fn queue(at: At, conn: &mut Conn, dirty: &mut Vec<At>) {
    if !conn.dirty {
        conn.dirty = true;
        dirty.push(at);
    }
}

fn can_send(conn: &Conn, sub: &Sub, meta: &Meta) -> bool {
    conn.keys.is_some()
        && conn.to.is_some()
        && sub.binding.as_ref().is_some_and(|b| b.codecs.iter().any(|c| c.codec == meta.codec))
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
    next.newcomers_start(now)
}

/// The timestamp in `layer` of the instant of what was sent last.
fn last_instant(track: &Track, sub: &Sub, layer: usize) -> Option<u32> {
    let (last, timestamp) = sub.down.last_sent()?;
    same_instant(&track.layers, last, timestamp, layer)
}

/// The largest layer that the receiver's path carries. Sound is always sent, and what is shared in its smallest layer.
fn most(track: &Track, conn: &Conn) -> Option<usize> {
    match track.source {
        _ if track.kind == Kind::Audio => Some(0),
        Source::ScreenShare => conn.relief.most().or(Some(0)),
        _ => conn.relief.most(),
    }
}

fn has_rtx(sub: &Sub, meta: &Meta) -> bool {
    sub.binding
        .as_ref()
        .is_some_and(|b| b.rtx_ssrc.is_some() && b.codecs.iter().any(|c| c.codec == meta.codec && c.rtx.is_some()))
}

/// Begins `layer` at packet `seq`, which is in its ring, and sends what has come since. How many packets went out.
fn start(
    track: &Track,
    layer: usize,
    seq: u64,
    conn: &mut Conn,
    sub: &mut Sub,
    stats: &mut ShardStats,
    leaves: [u8; 3],
) -> u64 {
    let ring = &track.layers[layer].ring;
    let Some((meta, _)) = ring.get(seq) else { return 0 };
    let then = last_instant(track, sub, layer).filter(|then| meta.timestamp.wrapping_sub(*then).cast_signed() > LIE);
    if !can_send(conn, sub, meta) || !sub.down.open(layer, seq, meta, then) {
        return 0;
    }
    stats.switches += 1;
    let mut sent = 0;
    for next in seq..=ring.highest().unwrap_or(seq) {
        if let Some((meta, payload)) = ring.get(next)
            && can_send(conn, sub, meta)
            && let Some(rewrite) = sub.down.rewrite(layer, next, meta)
        {
            sent += write(conn, sub, meta, payload, rewrite, leaves, false);
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

/// Writes and seals a packet into its receiver's run: 1, or 0 when it can't be.
fn write(
    conn: &mut Conn,
    sub: &mut Sub,
    meta: &Meta,
    payload: &[u8],
    rewrite: Rewrite,
    leaves: [u8; 3],
    again: bool,
) -> u64 {
    let Conn { keys: Some((_, tx)), run, pace, .. } = &mut *conn else { return 0 };
    let Some(binding) = &sub.binding else { return 0 };
    let Some(format) = binding.codecs.iter().find(|c| c.codec == meta.codec) else { return 0 };
    let rtx = binding.rtx_ssrc.zip(format.rtx);
    let (ssrc, pt, seq, repair) = match rtx.filter(|_| again) {
        Some((ssrc, pt)) => {
            sub.repair_seq += 1;
            (ssrc, pt, sub.repair_seq, Some(rewrite.seq as u16))
        }
        // Under the same number again: the packet must be the same to the last bit, so nothing in it may depend on when.
        None => (sub.ssrc, format.pt, rewrite.seq, None),
    };
    let mid = binding.exts.mid.filter(|_| !sub.placed || rtx.is_none());
    // So who is sent packets under the same number again can't be told when they leave.
    let abs_send_time = binding.exts.abs_send_time.filter(|_| rtx.is_some());
    if meta.codec.kind() == Kind::Video {
        pace.note(payload.len());
    }
    let room = FIXED_LEN + EXTENSIONS + 2 + payload.len() + MAX_RTP_OVERHEAD;
    run.push(room, |out| {
        let (level, orientation) = (meta.level.map(|l| [l]), meta.orientation.map(|o| [o]));
        let said = [
            mid.map(|id| (id, binding.mid.as_bytes())),
            binding.exts.audio_level.zip(level.as_ref().map(|l| &l[..])),
            binding.exts.orientation.zip(orientation.as_ref().map(|o| &o[..])),
            abs_send_time.map(|id| (id, &leaves[..])),
        ];
        let mut elements: [(u8, &[u8]); 4] = [(0, &[]); 4];
        let mut n = 0;
        for element in said.into_iter().flatten() {
            elements[n] = element;
            n += 1;
        }
        let (fixed, rest) = out.split_first_chunk_mut::<FIXED_LEN>().expect("there is room");
        let block = if n == 0 { 0 } else { ext::write_one_byte(&mut rest[..EXTENSIONS], &elements[..n]) };
        rtp::write_fixed(fixed, meta.marker, block > 0, pt, seq as u16, rewrite.timestamp, ssrc);
        let header = FIXED_LEN + block;
        let mut at = header;
        if let Some(original) = repair {
            out[at..at + 2].copy_from_slice(&original.to_be_bytes());
            at += 2;
        }
        let end = at + payload.len();
        out[at..end].copy_from_slice(payload);
        if let Some(descriptor) = &meta.vp8 {
            descriptor.rewrite(&mut out[at..end], rewrite.picture.0, rewrite.picture.1);
        }
        tx.seal_rtp(out, header, end, ssrc, seq)
    });
    if repair.is_none() && !again {
        sub.packets = sub.packets.wrapping_add(1);
        sub.octets = sub.octets.wrapping_add(payload.len() as u32);
        conn.resends = (conn.resends + 1).min(RESENDS);
    }
    1
}
