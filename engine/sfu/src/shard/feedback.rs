//! What a connection is told from time to time: what arrived, what is missing, which key frames are wanted, how the clocks
//! run.

use std::time::{Duration, Instant};

use folkmoot_bwe::RUN;
use folkmoot_peer::Path;
use folkmoot_srtp::Tx;
use folkmoot_wire::rtcp::{self, SenderInfo};

use super::Shard;
use super::table::At;

const REPORT_EVERY: Duration = Duration::from_secs(1);
/// A compound that is longer is sent before more is added.
const COMPOUND: usize = 1000;
/// Who we are where we only receive; browsers say the same of themselves.
const RECEIVER: u32 = 1;
/// How often messages that wait are tried again when nothing else wakes the connection.
pub(super) const RETRY: Duration = Duration::from_millis(50);

impl Shard {
    /// A connection's timer has gone off.
    pub(super) fn tick(&mut self, now: Instant, at: At) {
        let control = &mut self.conns[at].control;
        if control.deadline().is_some_and(|due| due <= now) {
            control.handle_timeout(now);
            self.drain_control(now, at);
        }
        if self.conns.get(at).is_some() {
            self.probe_path(now, at);
            if self.conns[at].allocation.drains && self.conns[at].bwe.draining().is_none() {
                self.allocate(now, at, false);
            }
            self.give_feedback(now, at);
            self.send_waiting(now, at);
        }
        self.set_timer(now, at);
    }

    /// Wakes the connection when the first of its matters is due.
    pub(super) fn set_timer(&mut self, now: Instant, at: At) {
        let Some(conn) = self.conns.get(at) else { return };
        let mut due = conn.control.deadline();
        let mut also = |at: Option<Instant>| due = [due, at].into_iter().flatten().min();
        // With nowhere to send it to, feedback stays due; waking for it would be waking for ever.
        if conn.keys.is_some() && conn.to.is_some() {
            also(conn.bwe.deadline(now));
            also(conn.probe.map(|_| now + RUN));
            also(conn.twcc_due);
            also(conn.report_due);
            for track in &conn.tracks {
                for layer in &self.tracks[*track].layers {
                    also(layer.arrivals.nack_due());
                    also(layer.keyframe_due(now));
                }
            }
        }
        if conn.carries_to_client() && self.peers.get(&conn.peer).is_some_and(|p| !p.waiting.is_empty()) {
            also(Some(now + RETRY));
        }
        if let Some(due) = due {
            self.timers.set(self.conns.handle(at), due);
        }
    }

    fn give_feedback(&mut self, now: Instant, at: At) {
        let Self { conns, tracks, subs, peers, datagrams, compound, lost, stats, .. } = self;
        let conn = &mut conns[at];
        let (Some((_, tx)), Some(to)) = (&mut conn.keys, conn.to) else { return };
        compound.clear();
        if conn.report_due.is_some_and(|due| due <= now) {
            conn.report_due = Some(now + REPORT_EVERY);
            for sub in &conn.subs {
                let sub = &mut subs[*sub];
                let track = &tracks[sub.track];
                let (Some(layer), Some(offset)) = (sub.down.layer(), sub.down.timestamp_offset()) else { continue };
                if sub.packets == 0 {
                    continue;
                }
                // In the publisher's own time: so voice and picture of one person stay together, whatever came between.
                let Some((ntp, rtp)) = track.layers[layer].clock.sender_report_at(now) else { continue };
                let info = SenderInfo {
                    ssrc: sub.ssrc,
                    ntp,
                    rtp: rtp.wrapping_add(offset),
                    packets: sub.packets,
                    octets: sub.octets,
                };
                sub.reported = Some(((ntp >> 16) as u32, now));
                rtcp::write_sender_report(compound, &info);
                rtcp::write_cname(compound, sub.ssrc, peers.get(&track.peer).map_or("", |p| &p.sid));
                send_if_long(compound, tx, to, datagrams);
            }
            let mut blocks = Vec::new();
            for track in &conn.tracks {
                for layer in &mut tracks[*track].layers {
                    if let (Some(ssrc), Some(_)) = (layer.ssrc, layer.heard) {
                        blocks.push(layer.arrivals.report(ssrc, layer.clock.last_sr(), now));
                    }
                }
            }
            if !blocks.is_empty() {
                rtcp::write_receiver_reports(compound, RECEIVER, &blocks);
            }
        }
        if conn.twcc_due.is_some_and(|due| due <= now) {
            conn.twcc_due = None;
            if let Some(recorder) = &mut conn.twcc {
                send_if_long(compound, tx, to, datagrams);
                recorder.write(compound, RECEIVER, conn.twcc_ssrc);
            }
        }
        for track in &conn.tracks {
            let track = &mut tracks[*track];
            for (number, layer) in track.layers.iter_mut().enumerate() {
                let Some(ssrc) = layer.ssrc else { continue };
                if layer.arrivals.nack_due().is_some_and(|due| due <= now) {
                    lost.clear();
                    layer.arrivals.nacks(now, lost);
                    stats.nacks_sent += lost.len() as u64;
                    rtcp::write_nack(compound, RECEIVER, ssrc, lost);
                    if layer.arrivals.take_need_keyframe() {
                        layer.request_keyframe();
                    }
                }
                let waits = |sub: &At| subs[*sub].target == Some(number) && subs[*sub].down.layer() != Some(number);
                layer.await_keyframe(track.subs.iter().any(waits));
                if let Some(ssrc) = layer.ask_for_keyframe(now) {
                    stats.keyframes_asked += 1;
                    rtcp::write_pli(compound, RECEIVER, ssrc);
                }
                send_if_long(compound, tx, to, datagrams);
            }
        }
        send(compound, tx, to, datagrams);
    }
}

fn send_if_long(compound: &mut Vec<u8>, tx: &mut Tx, to: Path, datagrams: &mut Vec<(Path, Vec<u8>)>) {
    if compound.len() > COMPOUND {
        send(compound, tx, to, datagrams);
    }
}

fn send(compound: &mut Vec<u8>, tx: &mut Tx, to: Path, datagrams: &mut Vec<(Path, Vec<u8>)>) {
    if !compound.is_empty() && tx.seal_rtcp(compound) {
        datagrams.push((to, compound.clone()));
    }
    compound.clear();
}
