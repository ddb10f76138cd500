//! What comes out of a connection's control half: datagrams, addresses, keys, channels, messages, its end.

use std::time::{Duration, Instant};

use folkmoot_peer::{CloseReason, ControlEvent, ControlOutput};
use folkmoot_srtp::{Rx, Tx};

use super::Shard;
use super::table::At;
use crate::command::{EndReason, ShardEvent};

/// Addresses of one client that lead to it: the last ones.
const SOURCES: usize = 32;
/// An address is its owner's for so long after each check: clients check every two to six seconds.
const CLAIM: Duration = Duration::from_secs(8);
/// The first report goes out so long after the keys are there.
const FIRST_REPORT: Duration = Duration::from_millis(400);

impl Shard {
    /// Takes all that the control half has to say, and sets the connection's timer.
    pub(super) fn drain_control(&mut self, now: Instant, at: At) {
        let mut end = None;
        while let Some(output) = self.conns[at].control.poll_output() {
            match output {
                ControlOutput::Transmit { to, bytes } => self.datagrams.push((to, bytes)),
                ControlOutput::Event(event) => end = end.or(self.hear_control(now, at, event)),
            }
        }
        if let Some(reason) = end {
            let conn = self.conns.handle(at);
            self.events.push_back(ShardEvent::Disconnected { conn, reason });
            self.close_connection(conn);
            return;
        }
        self.set_timer(now, at);
    }

    /// Sends what a connection that is about to go still has to say.
    pub(super) fn send_control(&mut self, at: At) {
        while let Some(output) = self.conns[at].control.poll_output() {
            if let ControlOutput::Transmit { to, bytes } = output {
                self.datagrams.push((to, bytes));
            }
        }
    }

    pub(super) fn hear_control(&mut self, now: Instant, at: At, event: ControlEvent) -> Option<EndReason> {
        let conn = &mut self.conns[at];
        match event {
            ControlEvent::Selected(to) => conn.to = Some(to),
            ControlEvent::Source(source) => {
                // Whoever can write another's address on its checks must not get what comes from there.
                let taken =
                    |(owner, heard): &(At, Instant)| *owner != at && now.saturating_duration_since(*heard) < CLAIM;
                if self.sources.get(&source).is_some_and(taken) {
                    return None;
                }
                self.sources.insert(source, (at, now));
                if conn.sources.contains(&source) {
                    return None;
                }
                if conn.sources.len() == SOURCES
                    && let Some(old) = conn.sources.pop_front()
                    && self.sources.get(&old).is_some_and(|(owner, _)| *owner == at)
                {
                    self.sources.remove(&old);
                }
                conn.sources.push_back(source);
            }
            ControlEvent::Keys(keys) => {
                conn.keys = Some((Rx::new(keys.profile, &keys.client), Tx::new(keys.profile, &keys.server)));
            }
            ControlEvent::Connected => {
                conn.report_due = Some(now + FIRST_REPORT);
                let handle = self.conns.handle(at);
                self.events.push_back(ShardEvent::Connected { conn: handle });
                for sub in self.conns[at].subs.clone() {
                    self.retarget(now, sub);
                }
            }
            ControlEvent::ChannelOpen { id, label, reliable, .. } => self.open_channel(at, id, &label, reliable),
            ControlEvent::Message { id, data, .. } => self.take_message(at, id, &data),
            ControlEvent::ChannelClosed { id } => self.close_channel(at, id),
            ControlEvent::Disconnected => return Some(EndReason::Lost),
            ControlEvent::Closed(reason) => {
                return Some(match reason {
                    CloseReason::Local | CloseReason::Remote => EndReason::Closed,
                    CloseReason::WrongFingerprint | CloseReason::Dtls | CloseReason::NoSrtpProfile => EndReason::Failed,
                });
            }
        }
        None
    }
}
