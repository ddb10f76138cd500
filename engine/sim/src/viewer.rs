//! One who watches: a room in which some send and one receives them all by a path of its own, and what came of it.

use std::time::{Duration, Instant};

use folkmoot_netem::{LinkStats, Plan};

use crate::watch::Stream;
use crate::{Camera, Mode, World};

/// Whatever goes up from the viewer: feedback, on a good wire.
const UP: Plan = path(None, Duration::ZERO, Duration::from_millis(10));

/// A path that carries so much, with a queue so long before it, and takes so long.
pub const fn path(rate: Option<u64>, queue: Duration, delay: Duration) -> Plan {
    Plan {
        loss: 0.0,
        burst: 0.0,
        delay,
        jitter: Duration::ZERO,
        reorder: 0.0,
        hold: Duration::ZERO,
        duplicate: 0.0,
        rate,
        queue,
        bucket: 0,
    }
}

/// See the module.
pub struct Viewer {
    /// The room.
    pub world: World,
    /// Its number.
    pub who: usize,
}

impl Viewer {
    /// `senders`: with a microphone or not, and their camera.
    pub fn new(seed: u64, senders: &[(bool, Camera)], down: Plan) -> Self {
        let mut world = World::new(seed);
        for (microphone, camera) in senders {
            world.join(Mode::Send, *microphone, *camera);
        }
        let who = world.join(Mode::Dual, false, Camera::Off);
        world.set_network(who, UP, down);
        Self { world, who }
    }

    /// From now on the path down is this one, and the path up is as far and as bad, and wide.
    pub fn set_path(&mut self, down: Plan) {
        self.world.set_network(self.who, Plan { rate: None, ..down }, down);
        for end in &mut self.world.people[self.who].ends {
            // What is sent again takes a way there and back, and another if it was lost.
            end.pc.patience = end.pc.patience.max(4 * (down.delay + down.jitter) + Duration::from_millis(100));
        }
    }

    /// From now on the path down is this one.
    pub fn narrow(&mut self, down: Plan) {
        self.world.set_network(self.who, UP, down);
    }

    /// Lets time pass; the moment it is then.
    pub fn run(&mut self, time: Duration) -> Instant {
        self.world.run(time);
        self.world.now
    }

    /// What became of the packets sent to it.
    pub fn stats(&self) -> LinkStats {
        self.world.down_stats(self.who)
    }

    /// A moment of the past.
    pub fn ago(&self, time: Duration) -> Instant {
        self.world.now.checked_sub(time).expect("it has begun")
    }

    fn stream(&self, sender: usize, video: bool) -> Option<&Stream> {
        let track = self.world.people[sender].tracks.iter().find(|t| t.video == video)?.number;
        let mut streams = self.world.people[self.who].ends.iter().flat_map(|e| e.pc.incoming.values());
        streams.find(|i| i.stream.track() == Some(track)).map(|i| &i.stream)
    }

    /// The pictures of a sender since then: how many a second, the longest time without one, and the largest layer at the end.
    pub fn pictures(&self, sender: usize, since: Instant) -> (f64, Duration, Option<u8>) {
        let shown = self.stream(sender, true).map(|s| s.shown_since(since)).unwrap_or_default();
        let now = self.world.now;
        let mut times: Vec<Instant> = shown.iter().map(|(at, _)| *at).collect();
        times.insert(0, since);
        times.push(now);
        let gap = times.windows(2).map(|w| w[1].saturating_duration_since(w[0])).max().unwrap_or_default();
        (shown.len() as f64 / (now - since).as_secs_f64(), gap, shown.last().map(|(_, layer)| *layer))
    }

    /// The longest that a voice took since then, and the longest time without it.
    pub fn voice(&self, sender: usize, since: Instant) -> (Duration, Duration) {
        let stream = self.stream(sender, false).expect("a voice");
        let mut times: Vec<Instant> = stream.shown_since(since).iter().map(|(at, _)| *at).collect();
        times.push(self.world.now);
        let gap = times.windows(2).map(|w| w[1].saturating_duration_since(w[0])).max().unwrap_or_default();
        (stream.slowest_since(self.world.start, since), gap)
    }

    /// The largest layer of a sender since then.
    pub fn largest(&self, sender: usize, since: Instant) -> Option<u8> {
        let shown = self.stream(sender, true).map(|s| s.shown_since(since)).unwrap_or_default();
        shown.iter().map(|(_, layer)| *layer).max()
    }

    /// How long after `since` the pictures of a sender are of this layer or a larger one to the end.
    pub fn reaches(&self, sender: usize, layer: u8, since: Instant) -> Option<Duration> {
        let shown = self.stream(sender, true).map(|s| s.shown_since(since)).unwrap_or_default();
        let last_below = shown.iter().rev().find(|(_, is)| *is < layer).map_or(since, |(at, _)| *at);
        let (at, _) = shown.iter().find(|(at, is)| *is >= layer && *at > last_below)?;
        Some(*at - since)
    }

    /// [`Viewer::pictures`] of the first so many.
    pub fn all(&self, senders: usize, since: Instant) -> Vec<(f64, Duration, Option<u8>)> {
        (0..senders).map(|sender| self.pictures(sender, since)).collect()
    }
}
