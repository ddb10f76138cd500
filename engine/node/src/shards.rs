//! All shards' threads, as the caller has them: started, introduced to each other, replaced.
//!
//! Law: a shard that is lost takes nothing of another's with it. Its sockets stay open and belong to its place, so the kernel
//! goes on spreading datagrams over as many as before; what comes for others meanwhile waits there and is handed on.

use std::io;
use std::sync::Arc;

use folkmoot_peer::Identity;
use folkmoot_sfu::{Command, ShardConfig, UplinkLimit};

use crate::events::{Life, Teller};
use crate::handover::ring;
use crate::neighbours::Meeting;
use crate::thread::{Counters, Order, ShardThread, Sockets};
use crate::watch::{Watch, Watched};

struct Place {
    sockets: Sockets,
    /// Without one no new thread could be started.
    thread: Option<ShardThread>,
    life: Life,
}

/// See the module.
pub(crate) struct Shards {
    places: Vec<Place>,
    identity: Arc<Identity>,
    uplink: UplinkLimit,
    teller: Teller,
    watch: Watch,
    started: u32,
    hung: u64,
}

impl Shards {
    /// One for each pair of sockets.
    pub(crate) fn start(
        sockets: Vec<Sockets>,
        identity: Arc<Identity>,
        uplink: UplinkLimit,
        teller: Teller,
    ) -> io::Result<Self> {
        let watch = Watch::start(teller.clone())?;
        let place =
            |(shard, sockets)| Place { sockets, thread: None, life: Life { shard: shard as u8, began: (0, 0) } };
        let places = sockets.into_iter().enumerate().map(place).collect();
        let mut shards = Self { places, identity, uplink, teller, watch, started: 0, hung: 0 };
        for shard in 0..shards.count() {
            shards.start_thread(shard)?;
        }
        Ok(shards)
    }

    pub(crate) fn count(&self) -> u8 {
        self.places.len() as u8
    }

    fn start_thread(&mut self, shard: u8) -> io::Result<()> {
        self.started += 1;
        let (identity, uplink) = (self.identity.clone(), self.uplink);
        let config = ShardConfig { identity, number: shard, shards: self.count(), uplink };
        let place = &mut self.places[usize::from(shard)];
        let sockets = place.sockets.try_clone()?;
        let thread = ShardThread::start(sockets, config, self.started, self.teller.clone())?;
        place.life = Life { shard, began: (self.started, 0) };
        self.watch.over(Watched { life: place.life, pulse: thread.pulse.clone() });
        place.thread = Some(thread);
        (0..self.count()).filter(|other| *other != shard).for_each(|other| self.introduce(shard, other));
        Ok(())
    }

    /// From now on each hands the other what is the other's.
    fn introduce(&self, one: u8, other: u8) {
        let (Some(this), Some(that)) = (self.thread(one), self.thread(other)) else { return };
        let (to_that, of_this) = ring(that.door.wake.clone());
        let (to_this, of_that) = ring(this.door.wake.clone());
        let meeting = |shard, door, handing, taking| Order::Meet(Box::new(Meeting { shard, door, handing, taking }));
        this.send(meeting(other, that.door.clone(), to_that, of_that));
        that.send(meeting(one, this.door.clone(), to_this, of_this));
    }

    fn thread(&self, shard: u8) -> Option<&ShardThread> {
        self.places.get(usize::from(shard))?.thread.as_ref()
    }

    pub(crate) fn command(&self, shard: u8, command: Command) {
        let Some(place) = self.places.get(usize::from(shard)) else { return };
        if let Some(thread) = &place.thread {
            thread.send(Order::Command(place.life.began, command));
        }
    }

    /// To all of them.
    pub(crate) fn order(&self, order: impl Fn() -> Order) {
        self.places.iter().flat_map(|place| &place.thread).for_each(|thread| thread.send(order()));
    }

    /// Whether this is of the shard that is there now.
    pub(crate) fn is_current(&self, life: Life) -> bool {
        self.places.get(usize::from(life.shard)).is_some_and(|place| place.life == life)
    }

    /// A shard has ended and its thread begun anew; `false`: that was another thread, which is no more.
    pub(crate) fn began_anew(&mut self, life: Life) -> bool {
        let Some(place) = self.places.get_mut(usize::from(life.shard)) else { return false };
        let same_thread = place.life.began.0 == life.began.0;
        if same_thread {
            place.life = life;
            self.watch_again(life);
        }
        same_thread
    }

    fn watch_again(&self, life: Life) {
        if let Some(thread) = self.thread(life.shard) {
            self.watch.over(Watched { life, pulse: thread.pulse.clone() });
        }
    }

    /// A thread hangs: another takes its place.
    pub(crate) fn replace(&mut self, shard: u8) {
        self.hung += 1;
        if let Some(thread) = self.places[usize::from(shard)].thread.take() {
            thread.give_up();
        }
        if let Err(error) = self.start_thread(shard) {
            tracing::error!(shard, %error, "no new media thread");
        }
    }

    /// Threads that were given up since the start. They can't be ended: each may cost a core until the process ends.
    pub(crate) fn hung(&self) -> u64 {
        self.hung
    }

    /// How many don't do their work now.
    pub(crate) fn silent(&self) -> usize {
        let turns = |thread: &ShardThread| !thread.pulse.is_silent();
        self.places.iter().filter(|place| !place.thread.as_ref().is_some_and(turns)).count()
    }

    pub(crate) fn counters(&self) -> impl Iterator<Item = Counters> {
        self.places.iter().flat_map(|place| &place.thread).map(ShardThread::counters)
    }

    /// How often all of them were awake.
    #[cfg(test)]
    pub(crate) fn turns(&self) -> u64 {
        self.places.iter().flat_map(|place| &place.thread).map(|thread| thread.pulse.turns()).sum()
    }

    #[cfg(any(test, feature = "faults"))]
    pub(crate) fn order_one(&self, shard: u8, order: Order) {
        if let Some(thread) = self.thread(shard) {
            thread.send(order);
        }
    }
}
