//! Pictures that waited for their run leave.

use std::time::Instant;

use super::Shard;
use super::forward::queue;
use super::table::At;

impl Shard {
    /// Lets go what is due; nothing while a queue on the path is waited for.
    pub(super) fn release_paced(&mut self, now: Instant, at: At) {
        let Self { conns, dirty, .. } = self;
        let conn = &mut conns[at];
        if conn.allocation.drains {
            return;
        }
        let mut left = false;
        while let Some((seq, datagram)) = conn.pacer.release(now) {
            conn.run.push(datagram.len(), |out| {
                out.copy_from_slice(datagram);
                datagram.len()
            });
            if let Some(seq) = seq {
                conn.bwe.on_left(now, seq);
            }
            left = true;
        }
        if left {
            conn.pacer.tidy();
            queue(at, conn, dirty);
        }
        if conn.allocation.clogged && !conn.pacer.is_clogged() {
            self.allocate(now, at, false);
        }
    }
}
