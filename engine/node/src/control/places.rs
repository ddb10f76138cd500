//! Which shard a room lives on, and how much each has to do.
//!
//! Law: a place is chosen once, when a room is opened, and by what is there then: nobody is moved, for a connection's keys,
//! numbers and path are its shard's.

use super::Control;
use super::credentials::Slots;

/// What there is of a shard.
#[derive(Debug, Default)]
pub(super) struct Place {
    pub(super) slots: Slots,
    load: u64,
}

/// What costs a shard work, by how much beside a stream that is sent.
#[derive(Clone, Copy, Debug)]
#[repr(u64)]
pub(super) enum Weight {
    /// A stream to one receiver.
    Subscription = 1,
    /// Its checks, its reports, and what it may send us.
    Connection = 4,
    /// Nobody is in it yet, and somebody will be: rooms that are opened in the same moment don't all go to one shard.
    Room = 16,
}

impl Control {
    /// Of those that have as little to do, the first.
    pub(super) fn least_loaded(&self) -> u8 {
        let loads = self.places.iter().enumerate();
        loads.min_by_key(|(_, place)| place.load).map_or(0, |(shard, _)| shard as u8)
    }

    pub(super) fn weigh(&mut self, shard: u8, what: Weight, more: bool) {
        let load = &mut self.places[usize::from(shard)].load;
        *load = if more { *load + what as u64 } else { load.saturating_sub(what as u64) };
    }
}
