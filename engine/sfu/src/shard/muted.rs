//! Muted tracks, for clients that learn of a track by its first packet, as Pion's do.
//!
//! Law: what is sent here carries nothing, and nothing of a track is ever sent before it: so its numbers are behind it, and
//! nobody can ask for them again.

use folkmoot_sdp::Kind;
use folkmoot_srtp::MAX_RTP_OVERHEAD;
use folkmoot_wire::ext;
use folkmoot_wire::rtp::{self, FIXED_LEN};

use super::Shard;
use super::connection::Conn;
use super::forward::queue;
use super::subscription::Sub;
use super::table::At;

/// Packets until a client has surely got one, one for each tenth of a second.
const ANNOUNCED: u8 = 50;
/// Room for mid and the block's head.
const EXTENSIONS: usize = 24;
/// What Opus sends for silence (RFC 6716 §2.1.9: discontinuous transmission).
const SILENCE: [u8; 3] = [0xf8, 0xff, 0xfe];
/// A packet of padding alone (RFC 3550 §5.1): its last byte says how much.
const PADDING: [u8; 32] = {
    let mut padding = [0; 32];
    padding[31] = 32;
    padding
};

impl Shard {
    /// Whether the connection's client has to be told of muted tracks.
    pub(super) fn announces_muted(&self, at: At) -> bool {
        let peer = self.conns.get(at).filter(|conn| conn.keys.is_some()).map(|conn| conn.peer);
        peer.and_then(|peer| self.peers.get(&peer)).is_some_and(|peer| peer.announces_muted)
    }

    /// One packet of each muted track that the client can't know of yet.
    pub(super) fn announce_muted(&mut self, at: At) {
        let Self { conns, subs, tracks, dirty, .. } = self;
        let conn = &mut conns[at];
        if conn.to.is_none() {
            return;
        }
        for next in 0..conn.subs.len() {
            let sub = &mut subs[conn.subs[next]];
            let track = &tracks[sub.track];
            if track.muted && sub.packets == 0 && sub.announced < ANNOUNCED && announce(conn, sub, track.kind) {
                queue(at, conn, dirty);
            }
        }
    }
}

fn announce(conn: &mut Conn, sub: &mut Sub, kind: Kind) -> bool {
    let Conn { keys: Some((_, tx)), run, .. } = conn else { return false };
    let Some(binding) = &sub.binding else { return false };
    let Some(format) = binding.codecs.first() else { return false };
    let Some((seq, first)) = sub.down.skip() else { return false };
    let silence = kind == Kind::Audio;
    let payload = if silence { &SILENCE[..] } else { &PADDING };
    let timestamp = first.wrapping_add(u32::from(sub.announced) * format.clock_rate / 10);
    sub.announced += 1;
    run.push(FIXED_LEN + EXTENSIONS + payload.len() + MAX_RTP_OVERHEAD, |out| {
        let (fixed, rest) = out.split_first_chunk_mut::<FIXED_LEN>().expect("there is room");
        let mid = binding.exts.mid.map(|id| (id, binding.mid.as_bytes()));
        let block = mid.map_or(0, |mid| ext::write_one_byte(&mut rest[..EXTENSIONS], &[mid]));
        rtp::write_fixed(fixed, false, block > 0, format.pt, seq as u16, timestamp, sub.ssrc);
        if !silence {
            fixed[0] |= 0x20;
        }
        let header = FIXED_LEN + block;
        out[header..header + payload.len()].copy_from_slice(payload);
        tx.seal_rtp(out, header, header + payload.len(), sub.ssrc, seq)
    });
    true
}
