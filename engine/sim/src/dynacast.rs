//! What publishers are told to send, as the server's rooms tell them: up to the layer that any receiver is given.
//!
//! Law: up at once, down after a while.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use folkmoot_node::control::Handle;

use crate::media::RIDS;

/// What nobody takes any more is sent for so long.
const DOWN_AFTER: Duration = Duration::from_secs(5);

/// Of one camera.
#[derive(Debug)]
pub(crate) struct Dynacast {
    /// Layers that each receiver is given; all, before it was said.
    takes: HashMap<Handle, usize>,
    asked: usize,
    lowers: Option<Instant>,
}

impl Default for Dynacast {
    fn default() -> Self {
        Self { takes: HashMap::new(), asked: RIDS.len(), lowers: None }
    }
}

impl Dynacast {
    /// A receiver is given it up to this layer.
    pub(crate) fn take(&mut self, subscription: Handle, layer: Option<u8>) {
        self.takes.insert(subscription, layer.map_or(0, |layer| usize::from(layer) + 1));
    }

    /// How many layers the publisher is told to send now, if it is told anything.
    pub(crate) fn tell(&mut self, now: Instant, receivers: &[Handle]) -> Option<usize> {
        let takes = |receiver: &Handle| self.takes.get(receiver).copied().unwrap_or(RIDS.len());
        let wanted = receivers.iter().map(takes).max().unwrap_or(RIDS.len());
        if wanted >= self.asked {
            self.lowers = None;
        } else if now < *self.lowers.get_or_insert(now + DOWN_AFTER) {
            return None;
        }
        (std::mem::replace(&mut self.asked, wanted) != wanted).then_some(wanted)
    }
}
