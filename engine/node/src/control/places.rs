//! Which shards a room lives on, and how much each has to do.
//!
//! Law: a place is chosen once, when somebody enters, and by what is there then: nobody is moved, for a connection's keys,
//! numbers and path are its shard's, and who goes to another room takes its place along. Small rooms stay on one shard, where
//! nothing crosses; a large one takes another for each so many people, and gives it back when the last of them has left.

use folkmoot_sfu::Command;

use super::credentials::Slots;
use super::{Control, Handle, Room};

/// What there is of a shard.
#[derive(Debug, Default)]
pub(super) struct Place {
    pub(super) slots: Slots,
    load: u64,
}

#[cfg(test)]
impl Place {
    pub(super) fn load(&self) -> u64 {
        self.load
    }
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

impl Room {
    /// What a shard has to know of where else the room is.
    pub(super) fn spread(&self, room: Handle, shard: u8) -> Command {
        Command::Spread { room, shards: self.shards.keys().copied().filter(|other| *other != shard).collect() }
    }
}

impl Control {
    pub(super) fn least_loaded(&self) -> u8 {
        self.least_loaded_but(|_| false).unwrap_or_default()
    }

    /// Of those that have as little to do, the first.
    fn least_loaded_but(&self, taken: impl Fn(u8) -> bool) -> Option<u8> {
        let loads = self.places.iter().enumerate().map(|(shard, place)| (shard as u8, place.load));
        loads.filter(|(shard, _)| !taken(*shard)).min_by_key(|(_, load)| *load).map(|(shard, _)| shard)
    }

    pub(super) fn weigh(&mut self, shard: u8, what: Weight, more: bool) {
        let load = &mut self.places[usize::from(shard)].load;
        *load = if more { *load + what as u64 } else { load.saturating_sub(what as u64) };
    }

    /// A place for one more in the room: among the fewest of it, or, where those are many, on a shard that it takes for that.
    pub(super) fn place_in(&mut self, room: Handle) -> Option<u8> {
        let entry = self.rooms.get(&room)?;
        let (fewest, people) = entry.shards.iter().map(|(shard, people)| (*shard, *people)).min_by_key(|(_, n)| *n)?;
        let full = people >= self.host.people_per_shard;
        let fresh = self.least_loaded_but(|shard| entry.shards.contains_key(&shard)).filter(|_| full);
        let shard = fresh.unwrap_or(fewest);
        if let Some(fresh) = fresh {
            self.settle(room, fresh);
        }
        *self.rooms.get_mut(&room)?.shards.entry(shard).or_default() += 1;
        Some(shard)
    }

    /// One more in the room who brings its place along.
    pub(super) fn enter_on(&mut self, room: Handle, shard: u8) {
        if self.rooms.get(&room).is_some_and(|entry| !entry.shards.contains_key(&shard)) {
            self.settle(room, shard);
        }
        if let Some(entry) = self.rooms.get_mut(&room) {
            *entry.shards.entry(shard).or_default() += 1;
        }
    }

    /// The room lives on that shard, too.
    pub(super) fn settle(&mut self, room: Handle, shard: u8) {
        self.weigh(shard, Weight::Room, true);
        self.order(shard, Command::OpenRoom { room });
        let Some(entry) = self.rooms.get_mut(&room) else { return };
        entry.shards.insert(shard, 0);
        if entry.shards.len() > 1 {
            self.tell_spread(room);
        }
    }

    /// One of the room has left that shard; the last of several leaves no room there.
    pub(super) fn leave_place(&mut self, room: Handle, shard: u8) {
        let Some(entry) = self.rooms.get_mut(&room) else { return };
        let several = entry.shards.len() > 1;
        let Some(people) = entry.shards.get_mut(&shard) else { return };
        *people = people.saturating_sub(1);
        if *people == 0 && several {
            entry.shards.remove(&shard);
            self.weigh(shard, Weight::Room, false);
            self.order(shard, Command::CloseRoom { room });
            self.tell_spread(room);
        }
    }

    fn tell_spread(&mut self, room: Handle) {
        let Some(entry) = self.rooms.get(&room) else { return };
        self.commands.extend(entry.shards.keys().map(|shard| (*shard, entry.spread(room, *shard))));
    }
}
