//! Paths that carry less than there is to see: who is seen, how large, how soon again, and what a voice suffers meanwhile.

use std::time::{Duration, Instant};

use folkmoot_netem::Plan;
use folkmoot_sim::watch::Stream;
use folkmoot_sim::{Camera, Mode, World};

const MS: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);
const UP: Plan = path(None, Duration::ZERO);

const fn path(rate: Option<u64>, queue: Duration) -> Plan {
    Plan {
        loss: 0.0,
        burst: 0.0,
        delay: Duration::from_millis(10),
        jitter: Duration::ZERO,
        reorder: 0.0,
        hold: Duration::ZERO,
        duplicate: 0.0,
        rate,
        queue,
    }
}

/// A room whose last one receives all others by a path of its own.
struct Room {
    world: World,
    viewer: usize,
}

impl Room {
    /// `senders`: with a microphone or not, and their camera.
    fn new(seed: u64, senders: &[(bool, Camera)], down: Plan) -> Self {
        let mut world = World::new(seed);
        for (microphone, camera) in senders {
            world.join(Mode::Send, *microphone, *camera);
        }
        let viewer = world.join(Mode::Dual, false, Camera::Off);
        world.set_network(viewer, UP, down);
        Self { world, viewer }
    }

    fn narrow(&mut self, down: Plan) {
        self.world.set_network(self.viewer, UP, down);
    }

    fn run(&mut self, time: Duration) -> Instant {
        self.world.run(time);
        self.world.now
    }

    fn ago(&self, time: Duration) -> Instant {
        self.world.now.checked_sub(time).expect("it has begun")
    }

    fn stream(&self, sender: usize, video: bool) -> Option<&Stream> {
        let track = self.world.people[sender].tracks.iter().find(|t| t.video == video)?.number;
        let mut streams = self.world.people[self.viewer].ends.iter().flat_map(|e| e.pc.incoming.values());
        streams.find(|i| i.stream.track() == Some(track)).map(|i| &i.stream)
    }

    /// The pictures of a sender since then: how many a second, the longest time without one, and the largest layer at the end.
    fn pictures(&self, sender: usize, since: Instant) -> (f64, Duration, Option<u8>) {
        let shown = self.stream(sender, true).map(|s| s.shown_since(since)).unwrap_or_default();
        let now = self.world.now;
        let mut times: Vec<Instant> = shown.iter().map(|(at, _)| *at).collect();
        times.insert(0, since);
        times.push(now);
        let gap = times.windows(2).map(|w| w[1].saturating_duration_since(w[0])).max().unwrap_or_default();
        (shown.len() as f64 / (now - since).as_secs_f64(), gap, shown.last().map(|(_, layer)| *layer))
    }

    /// The longest that a voice took since then, and the longest time without it.
    fn voice(&self, sender: usize, since: Instant) -> (Duration, Duration) {
        let stream = self.stream(sender, false).expect("a voice");
        let mut times: Vec<Instant> = stream.shown_since(since).iter().map(|(at, _)| *at).collect();
        times.push(self.world.now);
        let gap = times.windows(2).map(|w| w[1].saturating_duration_since(w[0])).max().unwrap_or_default();
        (stream.slowest_since(self.world.start, since), gap)
    }

    fn all(&self, senders: usize, since: Instant) -> Vec<(f64, Duration, Option<u8>)> {
        (0..senders).map(|sender| self.pictures(sender, since)).collect()
    }
}

#[test]
fn of_twenty_five_plain_cameras_most_are_seen_and_the_speaker_to_the_last() {
    let senders: Vec<_> = (0..25).map(|n| (n == 7, Camera::Small)).collect();
    let mut room = Room::new(1, &senders, path(Some(3_000_000), 300 * MS));
    let since = room.run(15 * SECOND);
    room.run(10 * SECOND);
    let seen = room.all(25, since);
    let moving = seen.iter().filter(|(rate, gap, _)| *rate > 20.0 && *gap < SECOND).count();
    assert!(moving >= 16, "{moving}: {seen:?}");
    let mut others = Vec::new();
    for rate in [1_500_000, 800_000, 400_000] {
        room.narrow(path(Some(rate), 300 * MS));
        let since = room.run(8 * SECOND);
        room.run(5 * SECOND);
        let seen = room.all(25, since);
        assert!(seen[7].0 > 20.0 && seen[7].1 < SECOND, "{rate}: {:?}", seen[7]);
        others.push(seen.iter().filter(|(rate, ..)| *rate > 20.0).count());
        assert!(room.voice(7, since).0 < 400 * MS, "{rate}: {:?}", room.voice(7, since));
    }
    assert!(others[0] >= 6 && others[0] > others[1] && others[1] > others[2], "{others:?}");
}

#[test]
fn six_large_cameras_are_all_seen_on_a_line_that_carries_two() {
    let mut room = Room::new(2, &[(true, Camera::Hd); 6], path(Some(3_000_000), 300 * MS));
    let since = room.run(12 * SECOND);
    room.run(20 * SECOND);
    let seen = room.all(6, since);
    assert!(seen.iter().all(|(rate, gap, _)| *rate > 20.0 && *gap < SECOND), "{seen:?}");
    assert!(room.voice(0, since).0 < 400 * MS, "{:?}", room.voice(0, since));
}

#[test]
fn a_line_that_becomes_narrow_and_wide_again_is_followed_and_the_voice_is_in_time() {
    for queue in [50 * MS, 3000 * MS] {
        let mut room = Room::new(3, &[(true, Camera::Hd)], path(Some(5_000_000), queue));
        room.run(10 * SECOND);
        assert_eq!(room.pictures(0, room.ago(SECOND)).2, Some(2), "{queue:?}");
        room.narrow(path(Some(300_000), queue));
        let since = room.run(4 * SECOND);
        room.run(20 * SECOND);
        let (late, gap) = room.voice(0, since);
        assert!(late < 400 * MS && gap < 300 * MS, "{queue:?}: {late:?} {gap:?}");
        let (rate, _, layer) = room.pictures(0, room.ago(5 * SECOND));
        assert!(rate > 20.0 && layer == Some(0), "{queue:?}: {rate} {layer:?}");
        room.narrow(path(Some(5_000_000), queue));
        room.run(10 * SECOND);
        assert_eq!(
            room.pictures(0, room.ago(SECOND / 2)).2,
            Some(2),
            "{queue:?}: {:?}",
            room.world.estimate(room.viewer)
        );
        assert!(room.voice(0, room.ago(10 * SECOND)).1 < 300 * MS, "{queue:?}");
    }
}

#[test]
fn a_line_that_loses_is_no_reason_for_smaller_pictures_unless_it_loses_much() {
    for (loss, freeze) in [(0.01, SECOND), (0.04, SECOND), (0.2, 4 * SECOND)] {
        let mut room = Room::new(4, &[(true, Camera::Hd); 2], Plan { loss, ..path(None, Duration::ZERO) });
        let since = room.run(10 * SECOND);
        room.run(30 * SECOND);
        let seen = room.all(2, since);
        assert!(seen.iter().all(|(_, gap, _)| *gap < freeze), "{loss}: {seen:?}");
        assert!(loss > 0.1 || seen.iter().all(|(.., layer)| *layer == Some(2)), "{loss}: {seen:?}");
    }
}

#[test]
fn an_estimate_of_ours_agrees_with_one_that_we_did_not_write() {
    for (rate, queue) in [(800_000, 300 * MS), (2_000_000, 100 * MS), (2_000_000, 1000 * MS)] {
        let mut world = World::new(5);
        let sender = world.join(Mode::Send, false, Camera::Hd);
        let viewer = world.join(Mode::Dual, false, Camera::Off);
        world.people[sender].ends[0].pc.want_to_send(2_400_000);
        world.set_network(viewer, UP, path(Some(rate), queue));
        world.run(10 * SECOND);
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..20 {
            world.run(SECOND);
            ours.push(world.estimate(viewer).expect("an estimate"));
        }
        // str0m's congestion control reduces nothing by itself here, so its path is as full as it can be.
        world.set_network(viewer, UP, UP);
        world.set_network(sender, path(Some(rate), queue), UP);
        for tenth in 0..300 {
            world.run(SECOND / 10);
            let pc = &mut world.people[sender].ends[0].pc;
            let bits = pc.estimate.map_or(0, |bits| bits.as_u64());
            // As a browser does with what it may send.
            pc.send_layers([700_000, 2_500_000].iter().filter(|needs| bits > **needs).count() + 1);
            theirs.extend((tenth >= 100).then_some(bits));
        }
        let mean = |rates: &[u64]| rates.iter().sum::<u64>() as f64 / rates.len() as f64 / rate as f64;
        let (ours, theirs) = (mean(&ours), mean(&theirs));
        assert!((0.6..1.15).contains(&ours), "{rate} {queue:?}: {ours} {theirs}");
        assert!((ours - theirs).abs() < 0.45, "{rate} {queue:?}: {ours} {theirs}");
    }
}
