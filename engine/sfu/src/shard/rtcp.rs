//! Reports and requests that come in.

use std::time::Instant;

use folkmoot_sdp::Kind;
use folkmoot_wire::rtcp::{self, Packet, ReportBlock};

use super::Shard;
use super::table::At;

/// Numbers of one compound that are looked at: more is no receiver that can be helped.
const NUMBERS: usize = 256;
/// Numbers that feedback of one compound may tell of; twice as many as are remembered.
const STATUSES: usize = 2048;

impl Shard {
    pub(super) fn take_rtcp(&mut self, now: Instant, at: At, datagram: &mut [u8]) {
        let Some((rx, _)) = &mut self.conns[at].keys else { return };
        let Ok(len) = rx.open_rtcp(datagram) else {
            self.stats.media_refused += 1;
            return;
        };
        self.conns[at].uplink.charge(len);
        let mut numbers = NUMBERS;
        let mut statuses = STATUSES;
        let mut worst: Option<u8> = None;
        let mut estimate = None;
        for packet in rtcp::packets(&datagram[..len]) {
            match packet {
                Packet::SenderReport(info, blocks) => {
                    if let Some(stream) = self.conns[at].streams.get(&info.ssrc).filter(|s| !s.is_rtx) {
                        let stream = *stream;
                        self.take_sender_report(now, stream, info.ntp, info.rtp);
                    }
                    blocks.for_each(|block| worst = worst.max(self.take_report(now, at, &block)));
                }
                Packet::ReceiverReport(blocks) => {
                    blocks.for_each(|block| worst = worst.max(self.take_report(now, at, &block)));
                }
                Packet::Nack(ssrc, lost) => {
                    if let Some(sub) = self.conns[at].sub_of_ssrc.get(&ssrc) {
                        let lost = lost.take(numbers);
                        self.resend(now, *sub, lost.inspect(|_| numbers = numbers.saturating_sub(1)));
                    }
                }
                Packet::Pli(ssrc) | Packet::Fir(ssrc) => self.take_key_request(now, at, ssrc),
                Packet::Remb(bits) => estimate = Some(bits),
                Packet::TransportCc(body) => statuses -= self.take_arrivals(now, at, body, statuses),
                Packet::Bye(_) | Packet::Other => {}
            }
        }
        self.handle_path_report(now, at, worst, estimate);
    }

    /// The share of a picture's packets that were lost, in 1/256.
    fn take_report(&mut self, now: Instant, at: At, block: &ReportBlock) -> Option<u8> {
        let sub = &mut self.subs[*self.conns[at].sub_of_ssrc.get(&block.ssrc)?];
        let video = self.tracks[sub.track].kind == Kind::Video;
        sub.handle_report(now, block, if video { 90_000 } else { 48_000 });
        video.then_some(block.fraction_lost)
    }

    fn take_key_request(&mut self, now: Instant, at: At, ssrc: u32) {
        let Some(sub) = self.conns[at].sub_of_ssrc.get(&ssrc) else { return };
        let sub = &self.subs[*sub];
        let Some(layer) = sub.down.layer() else { return };
        let track = &mut self.tracks[sub.track];
        track.layers[layer].request_keyframe();
        if let Some(due) = track.layers[layer].keyframe_due(now) {
            self.timers.set(track.timer, due.max(now));
        }
    }
}
