//! What a connection is told from time to time: what arrived, what is missing, which key frames are wanted, how the clocks
//! run.

use std::time::{Duration, Instant};

use folkmoot_bwe::RUN;
use folkmoot_peer::Path;
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
            self.release_paced(now, at);
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
            also(conn.pacing_due());
            also(conn.twcc_due);
            also(conn.report_due);
            for track in &conn.tracks {
                for layer in &self.tracks[*track].layers {
                    also(layer.statistics.nack_due());
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

    /// What is due of reports and requests, in as few compounds as hold it.
    fn give_feedback(&mut self, now: Instant, at: At) {
        let conn = &mut self.conns[at];
        let (true, Some(to)) = (conn.keys.is_some(), conn.to) else { return };
        let report = conn.report_due.is_some_and(|due| due <= now);
        if report {
            conn.report_due = Some(now + REPORT_EVERY);
        }
        let twcc = conn.twcc_due.take_if(|due| *due <= now).is_some();
        self.compound.clear();
        if report {
            self.write_sender_reports(now, at, to);
            self.write_receiver_reports(now, at);
        }
        if twcc {
            self.write_twcc(at, to);
        }
        self.write_requests(now, at, to);
        self.send_compound(at, to, 0);
    }

    fn write_sender_reports(&mut self, now: Instant, at: At, to: Path) {
        let mut next = 0;
        while let Some(sub) = self.conns[at].subs.get(next).copied() {
            self.write_sender_report(now, sub);
            self.send_compound(at, to, COMPOUND);
            next += 1;
        }
    }

    /// In the publisher's own time: so voice and picture of one person stay together, whatever came between.
    fn write_sender_report(&mut self, now: Instant, at: At) {
        let Self { tracks, subs, peers, compound, .. } = self;
        let sub = &mut subs[at];
        let track = &tracks[sub.track];
        let (Some(layer), Some(offset)) = (sub.down.layer(), sub.down.timestamp_offset()) else { return };
        let Some((ntp, rtp)) = track.layers[layer].clock.sender_report_at(now).filter(|_| sub.packets > 0) else {
            return;
        };
        let info =
            SenderInfo { ssrc: sub.ssrc, ntp, rtp: rtp.wrapping_add(offset), packets: sub.packets, octets: sub.octets };
        sub.reported = Some(((ntp >> 16) as u32, now));
        rtcp::write_sender_report(compound, &info);
        let sid = match &track.mirror {
            Some(mirror) => &mirror.sid,
            None => peers.get(&track.peer).map_or("", |p| &p.sid),
        };
        rtcp::write_cname(compound, sub.ssrc, sid);
    }

    fn write_receiver_reports(&mut self, now: Instant, at: At) {
        let Self { conns, tracks, compound, .. } = self;
        let mut blocks = Vec::new();
        for track in &conns[at].tracks {
            for layer in &mut tracks[*track].layers {
                if let (Some(ssrc), Some(_)) = (layer.ssrc, layer.heard) {
                    blocks.push(layer.statistics.report(ssrc, layer.clock.last_sr(), now));
                }
            }
        }
        if !blocks.is_empty() {
            rtcp::write_receiver_reports(compound, RECEIVER, &blocks);
        }
    }

    fn write_twcc(&mut self, at: At, to: Path) {
        self.send_compound(at, to, COMPOUND);
        let conn = &mut self.conns[at];
        if let Some(recorder) = &mut conn.twcc {
            recorder.write(&mut self.compound, RECEIVER, conn.twcc_ssrc);
        }
    }

    /// What is missing, and which key frames are wanted.
    fn write_requests(&mut self, now: Instant, at: At, to: Path) {
        let mut next = 0;
        while let Some(track) = self.conns[at].tracks.get(next).copied() {
            for layer in 0..self.tracks[track].layers.len() {
                self.write_nack(now, track, layer);
                self.write_pli(now, track, layer);
                self.send_compound(at, to, COMPOUND);
            }
            next += 1;
        }
    }

    fn write_nack(&mut self, now: Instant, track: At, layer: usize) {
        let Self { tracks, compound, lost, stats, .. } = self;
        let layer = &mut tracks[track].layers[layer];
        let (Some(ssrc), Some(_)) = (layer.ssrc, layer.statistics.nack_due().filter(|due| *due <= now)) else { return };
        lost.clear();
        layer.statistics.nacks(now, lost);
        stats.nacks_sent += lost.len() as u64;
        rtcp::write_nack(compound, RECEIVER, ssrc, lost);
        if layer.statistics.take_need_keyframe() {
            layer.request_keyframe();
        }
    }

    fn write_pli(&mut self, now: Instant, track: At, number: usize) {
        let Self { tracks, subs, compound, stats, .. } = self;
        let track = &mut tracks[track];
        let layer = &mut track.layers[number];
        if layer.ssrc.is_none() {
            return;
        }
        layer.await_keyframe(track.subs.iter().filter_map(|sub| subs[*sub].waits_for(number)).min());
        if let Some(ssrc) = layer.ask_for_keyframe(now) {
            stats.keyframes_asked += 1;
            rtcp::write_pli(compound, RECEIVER, ssrc);
        }
    }

    /// Seals the compound and queues it, if it is longer than that.
    fn send_compound(&mut self, at: At, to: Path, longer: usize) {
        let Self { conns, compound, datagrams, .. } = self;
        if compound.len() <= longer {
            return;
        }
        if let Some((_, tx)) = &mut conns[at].keys
            && tx.seal_rtcp(compound)
        {
            datagrams.push((to, compound.clone()));
        }
        compound.clear();
    }
}
