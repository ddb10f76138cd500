//! What comes out of a connection's control half: datagrams, addresses, keys, channels, messages, its end.

use std::time::{Duration, Instant};

use folkmoot_peer::{CloseReason, ControlEvent, ControlOutput, Path};
use folkmoot_srtp::{Rx, Tx};

use super::Shard;
use super::table::At;
use crate::command::{EndReason, LinkNews, ShardEvent};

/// Paths of one client that lead to it: the last ones.
const SOURCES: usize = 32;
/// Of them by TCP: each is a socket of ours.
const LINKS: usize = 8;
/// A path is its owner's for so long after each check: clients check every two to six seconds.
pub(super) const CLAIM: Duration = Duration::from_secs(8);
/// The first report goes out so long after the keys are there.
const FIRST_REPORT: Duration = Duration::from_millis(400);

impl Shard {
    /// Takes all that the control half has to say, and sets the connection's timer.
    pub(super) fn drain_control(&mut self, now: Instant, at: At) {
        let mut end = None;
        while let Some(output) = self.conns[at].control.poll_output() {
            match output {
                ControlOutput::Transmit { to, bytes } => self.datagrams.push((to, bytes)),
                ControlOutput::Event(event) => end = end.or(self.handle_control_event(now, at, event)),
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

    pub(super) fn handle_control_event(&mut self, now: Instant, at: At, event: ControlEvent) -> Option<EndReason> {
        let conn = &mut self.conns[at];
        match event {
            ControlEvent::Selected(to) => conn.to = Some(to),
            ControlEvent::Unselected => conn.to = None,
            ControlEvent::Source(source) => self.add_source(now, at, source),
            ControlEvent::Keys(keys) => {
                conn.keys = Some((Rx::new(keys.profile, &keys.client), Tx::new(keys.profile, &keys.server)));
            }
            ControlEvent::Connected => {
                conn.report_due = Some(now + FIRST_REPORT);
                let handle = self.conns.handle(at);
                self.events.push_back(ShardEvent::Connected { conn: handle });
                self.allocate(now, at, true);
            }
            ControlEvent::ChannelOpen { id, label, reliable, .. } => self.open_channel(at, id, &label, reliable),
            ControlEvent::Message { id, data, .. } => self.take_message(now, at, id, &data),
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

    /// The client has authenticated itself by this path, or does so again.
    fn add_source(&mut self, now: Instant, at: At, source: Path) {
        // Whoever can write another's address on its checks must not get what comes from there.
        let taken = |(owner, heard): &(At, Instant)| *owner != at && now.saturating_duration_since(*heard) < CLAIM;
        if self.sources.get(&source).is_some_and(taken) || self.is_taken_elsewhere(now, source) {
            return;
        }
        self.sources.insert(source, (at, now));
        self.tell_claimed(now, source);
        let conn = &mut self.conns[at];
        if conn.sources.contains(&source) {
            return;
        }
        let links = conn.sources.iter().filter(|path| path.is_tcp()).count();
        let no_more_links = source.is_tcp() && links == LINKS;
        if no_more_links || conn.sources.len() == SOURCES {
            let may_go = |path: &Path| Some(*path) != conn.to && (path.is_tcp() || !no_more_links);
            if let Some(old) = conn.sources.iter().position(may_go).and_then(|oldest| conn.sources.remove(oldest)) {
                self.forget_source(at, old);
            }
        }
        self.conns[at].sources.push_back(source);
        if source.is_tcp() {
            self.link_news.push_back(LinkNews::Claimed(source));
        }
    }

    /// A path leads to its connection no longer.
    pub(super) fn forget_source(&mut self, at: At, source: Path) {
        if self.sources.get(&source).is_some_and(|(owner, _)| *owner == at) {
            self.sources.remove(&source);
            self.tell_released(source);
            if source.is_tcp() {
                self.link_news.push_back(LinkNews::Released(source));
            }
        }
    }
}
