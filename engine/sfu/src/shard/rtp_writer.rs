//! A packet of a track, written and sealed into the run of its receiver.
//!
//! Law: under its stream's own number a packet is the same to the last bit however often it is sent, or one key and nonce
//! would have sealed two.

use std::time::Instant;

use folkmoot_sdp::{Kind, PayloadType};
use folkmoot_srtp::{MAX_RTP_OVERHEAD, Tx};
use folkmoot_wire::dependency::{MASK_LEN, MAX_LEN, Structure};
use folkmoot_wire::ext::{self, OneByte};
use folkmoot_wire::rtp::{self, FIXED_LEN};

use super::connection::Conn;
use super::subscription::{Binding, Sub};
use crate::downtrack::Rewrite;
use crate::ring::Meta;

/// Room for the extensions that we write: mid (17), level (2), orientation (2), a transport-wide number (3) or
/// `abs-send-time` (4), the block's head and padding.
const EXTENSIONS: usize = 32;
/// What a block takes more whose elements have two bytes in front: one for each.
const TWO_BYTES: usize = 8;
/// Packets that may be sent again to one connection at once. One is added for each that is sent for the first time, so a
/// receiver that asks without end costs no more than twice one that does not.
const RESENDS_AT_ONCE: u32 = 1024;
/// Extensions and padding of a packet that carries nothing else: of one length, whatever they say. No more than 255 of it is
/// padding (RFC 3550 §5.1); eight at least are the number.
const PADDED: usize = 263;

/// When a packet leaves.
#[derive(Clone, Copy)]
pub(super) struct Departure {
    pub(super) now: Instant,
    /// The same as the packet says it, to those who estimate by it what their path carries.
    pub(super) abs_send_time: [u8; 3],
}

/// Under which stream and number a packet goes out.
struct Numbers {
    ssrc: u32,
    pt: u8,
    seq: u64,
    /// The number that it had, where it is sent again on the stream for that (RFC 4588).
    original: Option<u16>,
    /// The stream on which it can be sent again at another time than it was sent first, and its payload type.
    rtx: Option<(u32, u8)>,
}

/// What a packet carries, as it is kept.
#[derive(Clone, Copy)]
pub(super) struct Content<'a> {
    pub(super) meta: &'a Meta,
    /// Its payload, and its dependency descriptor behind it.
    pub(super) kept: &'a [u8],
    pub(super) structure: Option<&'a Structure>,
}

/// A packet for the first time: how many went out, none when it can't be written.
pub(super) fn write(
    conn: &mut Conn,
    sub: &mut Sub,
    format: PayloadType,
    content: &Content<'_>,
    rewrite: Rewrite,
    departure: Departure,
) -> u64 {
    let numbers = Numbers { ssrc: sub.ssrc, pt: format.pt, seq: rewrite.seq, original: None, rtx: rtx(sub, format) };
    if !put(conn, sub, content, rewrite, &numbers, departure) {
        return 0;
    }
    sub.packets = sub.packets.wrapping_add(1);
    sub.octets = sub.octets.wrapping_add(content.kept.len() as u32);
    conn.resends = (conn.resends + 1).min(RESENDS_AT_ONCE);
    1
}

/// A packet once more, on the stream for that where there is one.
pub(super) fn write_again(
    conn: &mut Conn,
    sub: &mut Sub,
    format: PayloadType,
    content: &Content<'_>,
    rewrite: Rewrite,
    departure: Departure,
) -> u64 {
    let rtx = rtx(sub, format);
    let numbers = match rtx {
        Some((ssrc, pt)) => {
            sub.rtx_seq += 1;
            Numbers { ssrc, pt, seq: sub.rtx_seq, original: Some(rewrite.seq as u16), rtx }
        }
        None => Numbers { ssrc: sub.ssrc, pt: format.pt, seq: rewrite.seq, original: None, rtx },
    };
    u64::from(put(conn, sub, content, rewrite, &numbers, departure))
}

/// A packet of padding alone on the stream for retransmissions, of a probe: its bytes on the wire, none when it can't be
/// written.
pub(super) fn write_padding(conn: &mut Conn, sub: &mut Sub, probe: u8, departure: Departure) -> u64 {
    let (Conn { keys: Some((_, tx)), run, bwe, next_twcc, pacer, .. }, Some(binding)) = (conn, &sub.binding) else {
        return 0;
    };
    let Some((ssrc, pt)) = binding.codecs.iter().find_map(|c| binding.rtx_ssrc.zip(c.rtx)) else { return 0 };
    sub.rtx_seq += 1;
    let (seq, timestamp) = (sub.rtx_seq, sub.down.last_timestamp());
    let number = next_twcc.to_be_bytes();
    // Firefox takes a stream for retransmissions for nobody's until one of its packets says whose it is.
    let elements =
        [(binding.exts.mid.unwrap_or(0), binding.mid.as_bytes()), (binding.exts.twcc.unwrap_or(0), &number[..])];
    let size = run.push(FIXED_LEN + EXTENSIONS + PADDED + MAX_RTP_OVERHEAD, |out| {
        let (fixed, rest) = out.split_first_chunk_mut::<FIXED_LEN>().expect("there is room");
        let header = FIXED_LEN + ext::write_one_byte(&mut rest[..EXTENSIONS], &elements);
        rtp::write_fixed(fixed, false, header > FIXED_LEN, pt, seq as u16, timestamp, ssrc);
        fixed[0] |= 0x20;
        let end = FIXED_LEN + PADDED;
        out[header..end].fill(0);
        out[end - 1] = (end - header) as u8;
        tx.seal_rtp(out, header, end, ssrc, seq)
    });
    if size > 0 {
        pacer.let_go(departure.now, size);
        bwe.on_sent(departure.now, *next_twcc, size, Some(probe));
        *next_twcc = next_twcc.wrapping_add(1);
    }
    size as u64
}

fn rtx(sub: &Sub, format: PayloadType) -> Option<(u32, u8)> {
    sub.binding.as_ref()?.rtx_ssrc.zip(format.rtx)
}

/// Whether it can be sent again at another time than it was sent first.
pub(super) fn has_rtx(sub: &Sub, format: PayloadType) -> bool {
    rtx(sub, format).is_some()
}

fn put(
    conn: &mut Conn,
    sub: &Sub,
    content: &Content<'_>,
    rewrite: Rewrite,
    numbers: &Numbers,
    departure: Departure,
) -> bool {
    let meta = content.meta;
    let (payload, descriptor) = meta.split(content.kept);
    let (Conn { keys: Some((_, tx)), run, pace, bwe, next_twcc, probe, pacer, .. }, Some(binding)) =
        (conn, &sub.binding)
    else {
        return false;
    };
    let picture = meta.codec.kind() == Kind::Video;
    if picture {
        pace.note(departure.now, payload.len());
    }
    let has_rtx = numbers.rtx.is_some();
    let extensions = Extensions {
        // The stream for what is sent again may be unknown when the other isn't: Firefox drops it, and tells of nothing that came.
        mid: !sub.placed || !has_rtx || numbers.original.is_some(),
        // Who is sent packets under the same number again can't be told which is which, or when they leave.
        twcc: binding.exts.twcc.filter(|_| has_rtx).map(|id| (id, next_twcc.to_be_bytes())),
        abs_send_time: has_rtx.then_some(departure.abs_send_time),
        dependency: Dependency { descriptor, structure: content.structure, active: rewrite.active },
    };
    let block = if descriptor.is_empty() { EXTENSIONS } else { EXTENSIONS + TWO_BYTES + descriptor.len() + MASK_LEN };
    let room = FIXED_LEN + block + 2 + payload.len() + MAX_RTP_OVERHEAD;
    let write = |out: &mut [u8]| seal(out, block, tx, binding, &extensions, meta, payload, rewrite, numbers);
    let waits = picture
        && match numbers.original {
            None => pacer.holds(departure.now, payload.len()),
            Some(_) => pacer.holds_again(departure.now),
        };
    let size = if waits {
        // Else more could wait than ever leaves: nothing else looks at a path that isn't full.
        pacer.set_mean(pace.bits(departure.now));
        pacer.keep(room, extensions.twcc.map(|_| *next_twcc), write)
    } else {
        let size = run.push(room, write);
        if picture {
            pacer.let_go(departure.now, size);
        }
        size
    };
    if extensions.twcc.is_some() && size > 0 {
        // What leaves while a probe is under way is part of it.
        if waits {
            bwe.on_kept(*next_twcc, size);
        } else {
            bwe.on_sent(departure.now, *next_twcc, size, probe.as_mut().map(|probe| probe.take(size)));
        }
        *next_twcc = next_twcc.wrapping_add(1);
    }
    true
}

/// What depends on more than the packet.
struct Extensions<'a> {
    mid: bool,
    /// The transport-wide number, and the element it goes into.
    twcc: Option<(u8, [u8; 2])>,
    /// For who doesn't get a number.
    abs_send_time: Option<[u8; 3]>,
    dependency: Dependency<'a>,
}

/// What tells the receiver of the layers, with those that are sent.
struct Dependency<'a> {
    descriptor: &'a [u8],
    structure: Option<&'a Structure>,
    active: Option<u32>,
}

impl Dependency<'_> {
    /// Written into `out`, or as it came where nothing is to be said: the element.
    fn write<'b>(&'b self, meta: &Meta, out: &'b mut [u8]) -> &'b [u8] {
        let told = self.active.zip(self.structure).zip(meta.frame.as_ref());
        let len = told.and_then(|((active, structure), frame)| {
            structure.write_active(out, self.descriptor, frame, active).filter(|len| *len <= MAX_LEN)
        });
        len.map_or(self.descriptor, |len| &out[..len])
    }
}

#[allow(clippy::too_many_arguments)] // the parts of a packet
fn seal(
    out: &mut [u8],
    room: usize,
    tx: &Tx,
    binding: &Binding,
    extensions: &Extensions<'_>,
    meta: &Meta,
    payload: &[u8],
    rewrite: Rewrite,
    numbers: &Numbers,
) -> usize {
    let (fixed, rest) = out.split_first_chunk_mut::<FIXED_LEN>().expect("there is room");
    let block = extensions.write(&mut rest[..room], binding, meta);
    rtp::write_fixed(fixed, rewrite.marker, block > 0, numbers.pt, numbers.seq as u16, rewrite.timestamp, numbers.ssrc);
    let header = FIXED_LEN + block;
    let mut at = header;
    if let Some(original) = numbers.original {
        out[at..at + 2].copy_from_slice(&original.to_be_bytes());
        at += 2;
    }
    let end = at + payload.len();
    out[at..end].copy_from_slice(payload);
    if let Some(descriptor) = &meta.vp8 {
        descriptor.rewrite(&mut out[at..end], rewrite.picture.0, rewrite.picture.1);
    }
    tx.seal_rtp(out, header, end, numbers.ssrc, numbers.seq)
}

impl Extensions<'_> {
    fn write(&self, out: &mut [u8], binding: &Binding, meta: &Meta) -> usize {
        if let Some(id) = binding.exts.dependency.filter(|_| !self.dependency.descriptor.is_empty()) {
            return self.write_with_dependency(out, id, binding, meta);
        }
        let mut block = OneByte::new(out.first_chunk_mut::<EXTENSIONS>().expect("there is room"));
        let exts = &binding.exts;
        if let Some(id) = exts.mid.filter(|_| self.mid) {
            block.put_slice(id, binding.mid.as_bytes());
        }
        if let (Some(id), Some(level)) = (exts.audio_level, meta.level) {
            block.put(id, [level]);
        }
        if let (Some(id), Some(orientation)) = (exts.orientation, meta.orientation) {
            block.put(id, [orientation]);
        }
        if let Some((id, number)) = self.twcc {
            block.put(id, number);
        } else if let (Some(id), Some(time)) = (exts.abs_send_time, self.abs_send_time) {
            block.put(id, time);
        }
        block.finish()
    }

    /// The same with an element that may need the two-byte form, and all others with it.
    fn write_with_dependency(&self, out: &mut [u8], id: u8, binding: &Binding, meta: &Meta) -> usize {
        let (level, orientation) = (meta.level.map(|l| [l]), meta.orientation.map(|o| [o]));
        let said = [
            binding.exts.mid.filter(|_| self.mid).map(|id| (id, binding.mid.as_bytes())),
            binding.exts.audio_level.zip(level.as_ref().map(|l| &l[..])),
            binding.exts.orientation.zip(orientation.as_ref().map(|o| &o[..])),
            self.twcc.as_ref().map(|(id, number)| (*id, &number[..])),
            binding.exts.abs_send_time.zip(self.abs_send_time.as_ref().map(|t| &t[..])).filter(|_| self.twcc.is_none()),
        ];
        let mut elements: [(u8, &[u8]); 6] = [(0, &[]); 6];
        let mut n = 0;
        for element in said.into_iter().flatten() {
            elements[n] = element;
            n += 1;
        }
        let mut room = [0; MAX_LEN + MASK_LEN];
        elements[n] = (id, self.dependency.write(meta, &mut room));
        ext::write(out, &elements[..=n])
    }
}
