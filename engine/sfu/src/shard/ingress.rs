//! Datagrams of a known connection: to the control half, to reports, or packet by packet into a layer.

use std::time::{Duration, Instant};

use folkmoot_peer::Path;
use folkmoot_sdp::{Codec, Kind};
use folkmoot_srtp::Refused;
use folkmoot_wire::rtp::{self, RtpHeader};
use folkmoot_wire::{av1, ext, h264, red, vp8, vp9};

use super::Shard;
use super::connection::Conn;
use super::mirrors::Crosses;
use super::table::At;
use super::track::{Encoding, Stream};
use crate::command::ShardEvent;
use crate::layer::{Came, Layer};
use crate::ring::Meta;
use crate::selector::Part;

/// How long what arrived waits to be told to the sender.
pub(super) const TWCC_EVERY: Duration = Duration::from_millis(50);
/// What a stream that was replaced still had on its way is here by then.
const LATE: Duration = Duration::from_secs(2);
/// Replaced streams that are remembered.
const RETIRED: usize = 16;
/// Streams of one connection that are known at a time.
const STREAMS: usize = 128;

/// When a packet came, and when it is looked at: how its path is is told by the one, what leaves for it leaves at the other.
#[derive(Clone, Copy)]
pub(super) struct Arrival {
    pub(super) at: Instant,
    pub(super) now: Instant,
}

/// What the extensions of a packet say.
#[derive(Default)]
struct Extensions<'a> {
    mid: Option<&'a [u8]>,
    rid: Option<&'a [u8]>,
    rrid: Option<&'a [u8]>,
    level: Option<u8>,
    orientation: Option<u8>,
    /// Whole.
    dependency: &'a [u8],
}

impl Shard {
    pub(super) fn take_datagram(&mut self, arrival: Arrival, at: At, source: Path, datagram: &mut [u8]) {
        let now = arrival.now;
        // What proves that the client is there is always taken.
        if datagram[0] >= 20 && !self.conns[at].uplink.takes(now) {
            return self.police(now, at);
        }
        match datagram[0] {
            0..=63 => {
                let conn = &mut self.conns[at];
                conn.control.handle_datagram(now, source, datagram);
                conn.uplink.charge_all(conn.control.take_received());
                self.drain_control(now, at);
            }
            _ if rtp::is_rtcp(datagram) => self.take_rtcp(now, at, datagram),
            _ => self.take_rtp(arrival, at, datagram),
        }
    }

    /// A client sends more than it may: that is dropped before it is opened, whatever it is. Its messages come again, and
    /// more slowly.
    fn police(&mut self, now: Instant, at: At) {
        self.stats.uplink_policed += 1;
        if self.conns[at].uplink.is_news(now) {
            self.events.push_back(ShardEvent::Policed { conn: self.conns.handle(at) });
        }
    }

    fn take_rtp(&mut self, arrival: Arrival, at: At, datagram: &mut [u8]) {
        let now = arrival.now;
        let conn = &mut self.conns[at];
        let Some((rx, _)) = &mut conn.keys else { return };
        let Some(header) = RtpHeader::parse(datagram) else { return };
        let opened = match rx.open_rtp(datagram, &header) {
            Err(Refused::TooManySources) => {
                // Those that carry nothing have had their place for nothing.
                let unknown = rx.sources().filter(|ssrc| !conn.streams.contains_key(ssrc)).collect::<Vec<_>>();
                for ssrc in unknown {
                    rx.forget(ssrc);
                }
                rx.open_rtp(datagram, &header)
            }
            opened => opened,
        };
        let Ok((len, own)) = opened else {
            self.stats.media_refused += 1;
            return;
        };
        self.stats.media_in += 1;
        conn.uplink.charge(datagram.len());
        let packet = &datagram[..len];
        let Some(end) = header.payload_end(packet) else { return };
        let payload = &packet[header.len..end];

        if let Some(id) = conn.twcc_ext
            && let Some((_, content)) = ext::elements(packet, &header).find(|(i, _)| *i == id)
            && let Ok(sequence) = <[u8; 2]>::try_from(content)
        {
            let micros = arrival.at.saturating_duration_since(self.seconds.start()).as_micros() as i64;
            conn.twcc.get_or_insert_default().arrived(u16::from_be_bytes(sequence), micros);
            conn.twcc_ssrc = header.ssrc;
            if conn.twcc_due.is_none() {
                conn.twcc_due = Some(now + TWCC_EVERY);
                self.timers.set(self.conns.handle(at), now + TWCC_EVERY);
            }
        }
        let Some(stream) = self.stream(now, at, packet, &header) else { return };
        if stream.is_rtx {
            self.take_rtx(arrival, stream, &header, packet, payload);
        } else {
            let encoding = &self.tracks[stream.track].encodings[stream.encoding];
            let Some(codec) = encoding.codec(header.payload_type) else { return };
            let extensions = read(packet, &header, &encoding.exts);
            if codec == Codec::Red {
                return self.take_red(arrival, stream, own, &header, payload, &extensions);
            }
            let read = self.read_packet(stream, &header, codec, payload, &extensions);
            self.take_packet(arrival, stream, own, read, payload, Came::InTurn);
        }
    }

    /// A frame of sound, and before it those that it says again: which are lost are taken as if they had come by themselves.
    fn take_red(
        &mut self,
        arrival: Arrival,
        stream: Stream,
        own: u64,
        header: &RtpHeader,
        payload: &[u8],
        said: &Extensions<'_>,
    ) {
        for block in red::blocks(payload).into_iter().flatten() {
            if block.packets == 0 {
                let meta = Meta { twice: true, ..meta(header, Codec::Opus, block.payload, said) };
                self.take_packet(arrival, stream, own, (meta, &[]), block.payload, Came::InTurn);
            } else if let Some(lost) = self.lost(stream, own, &block) {
                let mut meta = meta(header, Codec::Opus, block.payload, &Extensions::default());
                meta.timestamp = meta.timestamp.wrapping_sub(block.ticks);
                meta.marker = false;
                self.take_packet(arrival, stream, lost, (meta, &[]), block.payload, Came::Again);
            }
        }
    }

    /// The number of a frame that is said again in packet `own`, unless it has come, or is from before the first that did.
    /// It is paid for like a packet, for it goes on as one.
    fn lost(&mut self, stream: Stream, own: u64, block: &red::Block<'_>) -> Option<u64> {
        let track = &self.tracks[stream.track];
        let layer = &track.layers[stream.layer];
        let lost = own.checked_sub(block.packets)?;
        if block.payload.is_empty() || layer.heard.is_none() || layer.has(lost) {
            return None;
        }
        self.conns[track.conn?].uplink.charge(block.payload.len());
        Some(lost)
    }

    /// A retransmission (RFC 4588): the original's number, then its payload. Those without are probes for bandwidth.
    fn take_rtx(&mut self, arrival: Arrival, stream: Stream, header: &RtpHeader, packet: &[u8], payload: &[u8]) {
        let track = &self.tracks[stream.track];
        let Some((sequence, payload)) = rtp::original_sequence(payload).map(|seq| (seq, &payload[2..])) else { return };
        let encoding = &track.encodings[stream.encoding];
        let Some(codec) = encoding.rtx_codec(header.payload_type) else { return };
        let Some(own) = track.layers[stream.layer].original(sequence) else { return };
        let extensions = read(packet, header, &encoding.exts);
        let read = self.read_packet(stream, header, codec, payload, &extensions);
        self.take_packet(arrival, stream, own, read, payload, Came::Again);
    }

    /// What is known of a packet, and the dependency descriptor that is kept with it.
    fn read_packet<'a>(
        &mut self,
        stream: Stream,
        header: &RtpHeader,
        codec: Codec,
        payload: &[u8],
        said: &Extensions<'a>,
    ) -> (Meta, &'a [u8]) {
        let mut meta = meta(header, codec, payload, said);
        // Others say in their payload what it says, and are renumbered there.
        let descriptor = if codec == Codec::Av1 { said.dependency } else { &[] };
        let layer = &mut self.tracks[stream.track].layers[stream.layer];
        note_parts(layer, &mut meta, payload, descriptor);
        (meta, descriptor)
    }

    /// A key frame of H.264 that comes without its parameter sets is sent with them.
    fn complete_keyframe(&mut self, arrival: Arrival, stream: Stream, own: u64, meta: &Meta, payload: &[u8]) {
        let track = &mut self.tracks[stream.track];
        let sets = track.layers[stream.layer].complete_keyframe(arrival.at, own, meta, payload);
        if let Some(seq) = sets.filter(|_| !track.muted) {
            track.layers[stream.layer].see_keyframe(arrival.now, seq);
            self.forward(arrival.now, stream.track, stream.layer, seq);
        }
    }

    /// A packet has come in, here or on the track's own shard.
    pub(super) fn take_packet(
        &mut self,
        arrival: Arrival,
        stream: Stream,
        own: u64,
        (meta, descriptor): (Meta, &[u8]),
        payload: &[u8],
        came: Came,
    ) {
        let meta = &meta;
        let now = arrival.now;
        if matches!(meta.codec, Codec::H264(_)) {
            self.complete_keyframe(arrival, stream, own, meta, payload);
        }
        let track = &mut self.tracks[stream.track];
        let layer = &mut track.layers[stream.layer];
        let first = layer.heard.is_none();
        let Some(seq) = layer.take(arrival.at, own, meta, (payload, descriptor), came) else { return };
        if meta.starts_keyframe {
            layer.see_keyframe(now, seq);
        }
        if !track.mirrors.is_empty() {
            let Stream { track, layer, .. } = stream;
            self.crossings.push(Crosses { to: None, track, layer, seq, own, arrived: arrival.at, came });
        }
        if let Some(due) = layer.statistics.nack_due() {
            self.timers.set(track.timer, due);
        }
        if layer.statistics.take_need_keyframe() {
            layer.request_keyframe();
            self.timers.set(track.timer, now);
        }
        if track.muted {
            return;
        }
        if let Some(level) = meta.level {
            track.loudness.observe(level & 0x7f, meta.timestamp);
        }
        let video = track.kind == Kind::Video;
        if first && !video {
            self.retarget_track(now, stream.track);
        }
        self.forward(now, stream.track, stream.layer, seq);
        // A picture is begun from the ring, in which this packet is: forwarded behind that, it would go out twice.
        if first && video {
            self.allocate_track(now, stream.track);
        }
    }

    /// Which layer the packet's stream carries. A stream that is heard for the first time is placed by what the session
    /// declared or by what the packet says of itself; `None`, and nothing remembered, when neither does.
    fn stream(&mut self, now: Instant, at: At, packet: &[u8], header: &RtpHeader) -> Option<Stream> {
        let conn = &self.conns[at];
        if let Some(stream) = conn.streams.get(&header.ssrc) {
            return Some(*stream);
        }
        let late = |(ssrc, at): &(u32, Instant)| *ssrc == header.ssrc && now.saturating_duration_since(*at) < LATE;
        if conn.streams.len() >= STREAMS || conn.retired.iter().any(late) {
            return None;
        }
        let stream = self.declared(conn, header.ssrc).or_else(|| self.labelled(conn, packet, header))?;
        let streams = &mut self.conns[at].streams;
        if stream.is_rtx {
            // One that takes another's place. Else a sender that starts over again and again would have no place left.
            streams.retain(|_, old| !old.is_rtx || (old.track, old.layer) != (stream.track, stream.layer));
        }
        streams.insert(header.ssrc, stream);
        if !stream.is_rtx {
            let replaced = self.tracks[stream.track].layers[stream.layer].ssrc;
            if self.carry(now, stream, header.ssrc)
                && let Some(old) = replaced
            {
                self.retire(now, at, old, stream);
            }
            // A key frame may have been wanted before there was anybody to ask.
            if self.tracks[stream.track].layers[stream.layer].keyframe_due(now).is_some() {
                self.timers.set(self.conns.handle(at), now);
            }
        }
        Some(stream)
    }

    /// A layer is carried by that stream from now on; whether another's place is taken by it.
    pub(super) fn carry(&mut self, now: Instant, stream: Stream, ssrc: u32) -> bool {
        let captured = self.last_captured(stream);
        let track = &mut self.tracks[stream.track];
        let nack = track.encodings[stream.encoding].nack;
        let replaces = track.layers[stream.layer].carry(ssrc, nack);
        if replaces {
            let subs = track.subs.clone();
            for (sub, captured) in subs.into_iter().zip(captured) {
                self.subs[sub].down.lose_clock(stream.layer, captured);
                self.retarget(now, sub);
            }
        }
        replaces
    }

    /// When what each receiver of a layer was sent of it last was captured, while its clock still tells.
    fn last_captured(&self, stream: Stream) -> Vec<Option<Instant>> {
        let track = &self.tracks[stream.track];
        let captured = |sub: &At| {
            let (layer, timestamp) = self.subs[*sub].down.last_sent()?;
            track.layers.get(layer)?.clock.instant_of(timestamp)
        };
        track.subs.iter().map(captured).collect()
    }

    /// A stream and its repairs give their place to another.
    fn retire(&mut self, now: Instant, at: At, old: u32, by: Stream) {
        let Conn { streams, retired, .. } = &mut self.conns[at];
        streams.retain(|ssrc, stream| {
            let is_rtx = stream.is_rtx && (stream.track, stream.layer) == (by.track, by.layer);
            let goes = *ssrc == old || is_rtx;
            if goes {
                retired.push_back((*ssrc, now));
            }
            !goes
        });
        retired.drain(..retired.len().saturating_sub(RETIRED));
    }

    /// All that the connection sends: which encoding of which track, and the encoding.
    fn encodings<'a>(&'a self, conn: &'a Conn) -> impl Iterator<Item = (At, usize, &'a Encoding)> {
        conn.tracks.iter().flat_map(|at| {
            self.tracks[*at].encodings.iter().enumerate().map(|(number, encoding)| (*at, number, encoding))
        })
    }

    fn declared(&self, conn: &Conn, ssrc: u32) -> Option<Stream> {
        self.encodings(conn).find_map(|(track, number, encoding)| {
            let section = conn.section(encoding.mid?)?;
            let repaired = section.rtx_pairs.iter().find(|(_, repair)| *repair == ssrc).map(|(primary, _)| *primary);
            if let Some(known) = repaired.and_then(|primary| conn.streams.get(&primary)) {
                return Some(Stream { is_rtx: true, ..*known });
            }
            if !encoding.rids.is_empty() {
                return None; // its packets say which it is, and the lines need not be in the order of the names
            }
            let rank = rank_of(section, repaired.unwrap_or(ssrc))?;
            let layer = *encoding.layers.get(rank)?;
            Some(Stream { track, encoding: number, layer, is_rtx: repaired.is_some() })
        })
    }

    fn labelled(&self, conn: &Conn, packet: &[u8], header: &RtpHeader) -> Option<Stream> {
        let fits = |encoding: &Encoding| {
            encoding.codec(header.payload_type).is_some() || encoding.rtx_codec(header.payload_type).is_some()
        };
        let mut candidates = self.encodings(conn).filter(|(.., encoding)| {
            let Some(mid) = encoding.mid.filter(|_| fits(encoding)) else { return false };
            read(packet, header, &encoding.exts).mid.is_none_or(|said| said == mid.as_bytes())
        });
        let (track, number, encoding) = candidates.next()?;
        if candidates.next().is_some() {
            return None; // it doesn't say which, and guessing would mix two tracks
        }
        let extensions = read(packet, header, &encoding.exts);
        let is_rtx = encoding.rtx_codec(header.payload_type).is_some();
        let rid = if is_rtx { extensions.rrid.or(extensions.rid) } else { extensions.rid };
        let layer = match (rid, &encoding.layers[..]) {
            (Some(rid), _) => encoding.layer_of(rid)?,
            (None, [only]) => *only,
            _ => return None,
        };
        Some(Stream { track, encoding: number, layer, is_rtx })
    }
}

/// The rank of a declared stream, when they are declared in order and not named.
fn rank_of(section: &folkmoot_sdp::Section, ssrc: u32) -> Option<usize> {
    let is_rtx = |s: &u32| section.rtx_pairs.iter().any(|(_, repair)| repair == s);
    let mut primaries = section.ssrcs.iter().filter(|s| !is_rtx(s));
    primaries.position(|s| *s == ssrc)
}

/// What a packet tells of the parts that its layer has.
pub(super) fn note_parts(layer: &mut Layer, meta: &mut Meta, payload: &[u8], descriptor: &[u8]) {
    match meta.codec {
        Codec::Av1 if !descriptor.is_empty() => layer.read_dependency(meta, descriptor),
        Codec::Vp9 => {
            if let Some(spatials) = vp9::Descriptor::parse(payload).and_then(|d| d.spatials) {
                layer.parts.declare(spatials);
            }
        }
        _ => {}
    }
}

fn read<'a>(packet: &'a [u8], header: &RtpHeader, exts: &folkmoot_sdp::ExtMap) -> Extensions<'a> {
    let mut extensions = Extensions::default();
    for (id, content) in ext::elements(packet, header) {
        let id = Some(id);
        if id == exts.mid {
            extensions.mid = Some(content);
        } else if id == exts.rid {
            extensions.rid = Some(content);
        } else if id == exts.rrid {
            extensions.rrid = Some(content);
        } else if id == exts.audio_level {
            extensions.level = content.first().copied();
        } else if id == exts.orientation {
            extensions.orientation = content.first().copied();
        } else if id == exts.dependency {
            extensions.dependency = content;
        }
    }
    extensions
}

fn meta(header: &RtpHeader, codec: Codec, payload: &[u8], said: &Extensions<'_>) -> Meta {
    let mut meta = Meta {
        timestamp: header.timestamp,
        marker: header.marker,
        starts_keyframe: codec.kind() == Kind::Audio,
        codec,
        vp8: None,
        twice: false,
        level: said.level,
        orientation: said.orientation,
        part: Part::default(),
        frame: None,
        descriptor: 0,
    };
    match codec {
        Codec::Vp8 => read_vp8(&mut meta, payload),
        Codec::Vp9 => read_vp9(&mut meta, payload),
        Codec::H264(_) => meta.starts_keyframe = h264::starts_keyframe(payload),
        Codec::Av1 => meta.starts_keyframe = av1::starts_keyframe(payload),
        _ => {}
    }
    meta
}

fn read_vp8(meta: &mut Meta, payload: &[u8]) {
    let Some(d) = vp8::Descriptor::parse(payload) else { return };
    meta.starts_keyframe = d.keyframe;
    meta.part = Part { spatial: 0, temporal: d.tid, starts: d.starts_frame, ends: meta.marker, sync: d.layer_sync };
    meta.vp8 = Some(d);
}

fn read_vp9(meta: &mut Meta, payload: &[u8]) {
    let Some(d) = vp9::Descriptor::parse(payload) else { return };
    meta.starts_keyframe = d.is_keyframe();
    meta.part = Part { spatial: d.spatial, temporal: d.temporal, starts: d.starts, ends: d.ends, sync: d.switching_up };
}
