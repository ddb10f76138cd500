//! Trying whether a path carries more: padding on the stream for retransmissions of a picture, in runs.

use std::time::Instant;

use super::Shard;
use super::connection::Probe;
use super::forward::queue;
use super::rtp_writer::write_padding;
use super::table::At;

impl Shard {
    /// Begins the probe that is due, and goes on with the one under way.
    pub(super) fn probe_path(&mut self, now: Instant, at: At) {
        let departure = self.departure(now);
        let Self { conns, subs, dirty, .. } = self;
        let conn = &mut conns[at];
        if let Some(cluster) = conn.bwe.handle_timeout(now) {
            conn.probe = Some(Probe { cluster, since: now, packets: 0, sent: 0 });
            conn.pace_pictures(now);
        }
        let Some(mut probe) = conn.probe.take() else { return };
        if !conn.bwe.tries(probe.cluster.id) {
            conn.pace_pictures(now);
            return;
        }
        // One whose stream is known to the client, if there is any.
        let on = conn.subs.iter().copied().filter(|sub| subs[*sub].pads()).max_by_key(|sub| subs[*sub].packets > 0);
        let Some(sub) = on.filter(|_| conn.to.is_some()) else { return };
        let due = probe.cluster.due(now.saturating_duration_since(probe.since));
        while probe.sent < due && !probe.is_complete() {
            match write_padding(conn, &mut subs[sub], probe.cluster.id, departure) {
                0 => return,
                size => probe.note(size),
            }
        }
        queue(at, conn, dirty);
        conn.probe = Some(probe).filter(|probe| !probe.is_complete());
        if conn.probe.is_none() {
            conn.pace_pictures(now);
        }
    }
}

impl Probe {
    /// A packet of other use is part of it: of which cluster.
    pub(super) fn take(&mut self, size: usize) -> u8 {
        self.note(size as u64);
        self.cluster.id
    }

    fn note(&mut self, size: u64) {
        (self.packets, self.sent) = (self.packets + 1, self.sent + size);
    }

    fn is_complete(&self) -> bool {
        self.cluster.is_complete(self.packets, self.sent)
    }
}
