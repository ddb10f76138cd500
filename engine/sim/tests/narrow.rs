//! Paths that carry less than there is to see: who is seen, how large, how soon again, and what a voice suffers meanwhile.

use std::time::Duration;

use folkmoot_netem::Plan;
use folkmoot_sim::{Camera, Mode, Viewer, World, viewer};

const MS: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);
fn path(rate: Option<u64>, queue: Duration) -> Plan {
    viewer::path(rate, queue, 10 * MS)
}

#[test]
fn of_twenty_five_plain_cameras_most_are_seen_and_the_speaker_to_the_last() {
    let senders: Vec<_> = (0..25).map(|n| (n == 7, Camera::Small)).collect();
    let mut room = Viewer::new(1, &senders, path(Some(3_000_000), 300 * MS));
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
    let mut room = Viewer::new(2, &[(true, Camera::Hd); 6], path(Some(3_000_000), 300 * MS));
    let since = room.run(12 * SECOND);
    room.run(20 * SECOND);
    let seen = room.all(6, since);
    assert!(seen.iter().all(|(rate, gap, _)| *rate > 20.0 && *gap < SECOND), "{seen:?}");
    assert!(room.voice(0, since).0 < 400 * MS, "{:?}", room.voice(0, since));
}

#[test]
fn a_line_that_becomes_narrow_and_wide_again_is_followed_and_the_voice_is_in_time() {
    for queue in [50 * MS, 3000 * MS] {
        let mut room = Viewer::new(3, &[(true, Camera::Hd)], path(Some(5_000_000), queue));
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
        assert_eq!(room.pictures(0, room.ago(SECOND / 2)).2, Some(2), "{queue:?}: {:?}", room.world.estimate(room.who));
        assert!(room.voice(0, room.ago(10 * SECOND)).1 < 300 * MS, "{queue:?}");
    }
}

#[test]
fn a_line_that_carries_a_voice_and_half_a_small_picture_shows_as_many_as_it_carries() {
    for (queue, delay) in [(50 * MS, 10 * MS), (3000 * MS, 10 * MS), (300 * MS, 50 * MS)] {
        let line = |rate| viewer::path(Some(rate), queue, delay);
        let mut room = Viewer::new(15, &[(true, Camera::Temporal)], line(5_000_000));
        room.run(10 * SECOND);
        assert_eq!(room.pictures(0, room.ago(SECOND)).2, Some(2), "{queue:?}");
        room.narrow(line(200_000));
        let since = room.run(5 * SECOND);
        room.run(15 * SECOND);
        let (late, gap) = room.voice(0, since);
        let (rate, freeze, layer) = room.pictures(0, since);
        println!("{queue:?}: {rate:.1} a second, {freeze:?} still, {layer:?}; a voice {late:?} late, {gap:?} silent");
        room.narrow(line(5_000_000));
        let step = room.run(Duration::ZERO);
        room.run(12 * SECOND);
        let back = room.reaches(0, 2, step);
        println!("{queue:?}: the best layer is back after {back:?}");
        assert!(late < 400 * MS && gap < 300 * MS, "{queue:?}: {late:?} {gap:?}");
        assert!(rate > 5.0 && freeze < SECOND, "{queue:?}: {rate} {freeze:?}");
        assert!(back.is_some_and(|back| back <= 10 * SECOND), "{queue:?}: {back:?}");
    }
}

#[test]
fn a_shaper_that_lets_a_burst_through_is_not_taken_for_a_wide_line() {
    for (seed, bucket, delay, jitter) in [
        (7, 5_000, 10, 0),
        (8, 10_000, 10, 5),
        (9, 10_000, 50, 0),
        (10, 10_000, 20, 20),
        (11, 16_000, 10, 2),
        (102, 16_000, 10, 2),
        (12, 24_000, 10, 2),
    ] {
        let line = |rate| Plan { jitter: jitter * MS, ..viewer::path(Some(rate), 3000 * MS, delay * MS) };
        let mut room = Viewer::new(seed, &[(true, Camera::Hd)], line(5_000_000));
        room.run(10 * SECOND);
        room.narrow(Plan { bucket, ..line(300_000) });
        room.run(6 * SECOND);
        let since = room.run(Duration::ZERO);
        room.run(40 * SECOND);
        let (late, gap) = room.voice(0, since);
        assert!(late < 400 * MS && gap < 300 * MS, "{seed}, {bucket} bytes: a voice is {late:?} late, {gap:?} silent");
        let (rate, freeze, _) = room.pictures(0, since);
        assert!(rate > 20.0 && freeze < SECOND, "{seed}, {bucket} bytes: {rate:.1} a second, {freeze:?} still");
        println!(
            "{seed}, {bucket} bytes: a voice {late:?} late, {gap:?} silent; {rate:.1} pictures a second, {freeze:?} still"
        );
        let large = room.largest(0, since);
        assert_eq!(large, Some(0), "{seed}, {bucket} bytes: what doesn't fit was sent");
        room.narrow(line(5_000_000));
        let wide = room.run(Duration::ZERO);
        room.run(12 * SECOND);
        let back = room.reaches(0, 2, wide);
        println!("{seed}, {bucket} bytes: the best layer is back after {back:?}");
        assert!(back.is_some_and(|back| back <= 8 * SECOND), "{seed}, {bucket} bytes: back after {back:?}");
    }
}

#[test]
fn a_camera_that_was_stopped_because_no_line_carried_it_is_back_when_one_does() {
    for (queue, narrow) in [(3000 * MS, 100_000), (3000 * MS, 200_000)] {
        let mut room = Viewer::new(6, &[(true, Camera::Hd)], path(Some(5_000_000), queue));
        room.world.with_dynacast();
        room.run(10 * SECOND);
        room.narrow(path(Some(narrow), queue));
        room.run(30 * SECOND);
        assert_eq!(room.pictures(0, room.ago(5 * SECOND)).2, None, "{narrow}: the line carries no picture");
        room.narrow(path(Some(5_000_000), queue));
        let step = room.run(Duration::ZERO);
        room.run(15 * SECOND);
        let back = [0, 1, 2].map(|layer| room.reaches(0, layer, step));
        assert!(back[2].is_some_and(|back| back <= 8 * SECOND), "{queue:?} {narrow}: {back:?}");
    }
}

#[test]
fn a_line_that_loses_is_no_reason_for_smaller_pictures_unless_it_loses_much() {
    for (loss, freeze) in [(0.01, SECOND), (0.04, SECOND), (0.2, 4 * SECOND)] {
        let mut room = Viewer::new(4, &[(true, Camera::Hd); 2], Plan { loss, ..path(None, Duration::ZERO) });
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
        world.set_network(viewer, path(None, Duration::ZERO), path(Some(rate), queue));
        world.run(10 * SECOND);
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..20 {
            world.run(SECOND);
            ours.push(world.estimate(viewer).expect("an estimate"));
        }
        // str0m's congestion control reduces nothing by itself here, so its path is as full as it can be.
        world.set_network(viewer, path(None, Duration::ZERO), path(None, Duration::ZERO));
        world.set_network(sender, path(Some(rate), queue), path(None, Duration::ZERO));
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
