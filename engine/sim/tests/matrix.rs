//! The network matrix: paths of every kind, and what is promised on each. A few cells of each kind by default, all of them
//! under `make sim` (`FOLKMOOT_SIM_SEEDS`). What a cell gave is printed (`--nocapture`).
//!
//! Law: a bound is what somebody in a meeting would forgive, less where the path can't give it: what is said is said once, so
//! it is never later than its path and `LATE`, but for the moments in which a long queue fills up.

use std::time::Duration;

use folkmoot_netem::Plan;
use folkmoot_sim::viewer::path;
use folkmoot_sim::{Camera, Viewer};

const MS: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);
/// A voice may be so late.
const LATE: Duration = Duration::from_millis(400);
/// A voice stands still no longer, whatever is lost of it.
const SILENT: Duration = Duration::from_millis(300);
const TALKING: (bool, Camera) = (true, Camera::Hd);

/// Somebody who talks, seen by a way that takes up to so long. This client takes nothing again that is a hundred packets old,
/// a third of a second of large pictures, so where that doesn't last for two ways there and back it is sent pictures of few.
fn talking(way: Duration) -> (bool, Camera) {
    if way <= 50 * MS { TALKING } else { (true, Camera::Simulcast) }
}

/// What a viewer found on a path, and what was promised of it.
struct Judge {
    cell: String,
    faults: Vec<String>,
}

impl Judge {
    fn new(cell: String) -> Self {
        Self { cell, faults: Vec::new() }
    }

    fn expect(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.faults.push(format!("{}: {}", self.cell, what()));
        }
    }

    /// The voice of `sender` in the last `time`.
    fn voice(&mut self, room: &Viewer, sender: usize, time: Duration) {
        let (late, gap) = room.voice(sender, room.ago(time));
        println!("{}: voice {late:?} late, {gap:?} silent", self.cell);
        self.expect(late < LATE, || format!("a voice is {late:?} late"));
        self.expect(gap < SILENT, || format!("a voice is silent for {gap:?}"));
    }
}

/// The cells to play: all of them, or every so many.
fn sample<T>(cells: Vec<T>, every: usize) -> Vec<T> {
    let step = if std::env::var_os("FOLKMOOT_SIM_SEEDS").is_some() { 1 } else { every };
    cells.into_iter().step_by(step).collect()
}

fn all_hold(judged: impl IntoIterator<Item = Judge>) {
    let faults: Vec<String> = judged.into_iter().flat_map(|judge| judge.faults).collect();
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

/// Two who talk, seen by a path without a bound that loses, delays, shakes and shuffles.
fn on_a_bad_path(loss: f64, delay: Duration, jitter: Duration, reorder: f64) -> Judge {
    let mut judge = Judge::new(format!("loss {loss}, delay {delay:?}, jitter {jitter:?}, reorder {reorder}"));
    let bad = Plan { loss, jitter, reorder, hold: 15 * MS, ..path(None, Duration::ZERO, delay) };
    let mut room = Viewer::new(11, &[talking(delay + jitter); 2], path(None, Duration::ZERO, delay));
    room.run(3 * SECOND);
    room.set_path(bad);
    let since = room.run(10 * SECOND);
    room.run(30 * SECOND);
    for sender in 0..2 {
        judge.voice(&room, sender, 30 * SECOND);
        let (rate, freeze, layer) = room.pictures(sender, since);
        println!("{}: {rate:.1} pictures a second, {freeze:?} still, layer {layer:?}", judge.cell);
        // From afar: what is sent again may be lost as well, and is asked for after another way there and back.
        let still = SECOND.max(6 * delay + 400 * MS);
        judge.expect(loss > 0.05 || freeze <= still, || format!("a picture stands still for {freeze:?}"));
        judge.expect(loss > 0.05 || layer == Some(2), || format!("it is of layer {layer:?}"));
        judge.expect(rate > if loss < 0.1 { 10.0 } else { 2.0 }, || format!("{rate:.1} pictures a second"));
    }
    judge
}

#[test]
fn on_bad_paths_voices_go_on_and_pictures_freeze_for_no_second() {
    let mut cells = Vec::new();
    for loss in [0.0, 0.01, 0.04, 0.2, 0.3] {
        for delay in [0, 50, 150, 300] {
            for (jitter, reorder) in [(0, 0.0), (30, 0.0), (0, 0.05), (30, 0.05)] {
                cells.push((loss, delay * MS, jitter * MS, reorder));
            }
        }
    }
    all_hold(sample(cells, 13).into_iter().map(|(l, d, j, r)| on_a_bad_path(l, d, j, r)));
}

/// One who talks, seen by a path that becomes narrow and wide again.
fn on_a_path_that_steps(queue: Duration, delay: Duration, loss: f64) -> Judge {
    let mut judge = Judge::new(format!("5 Mb/s, 300 kb/s, 5 Mb/s, queue {queue:?}, delay {delay:?}, loss {loss}"));
    let at = |rate| Plan { loss, ..path(Some(rate), queue, delay) };
    let mut room = Viewer::new(12, &[talking(delay)], at(5_000_000));
    room.set_path(at(5_000_000));
    room.run(10 * SECOND);
    judge.voice(&room, 0, 8 * SECOND);
    judge.expect(room.pictures(0, room.ago(SECOND)).2 == Some(2), || "it is not the best layer".into());
    room.set_path(at(300_000));
    let step = room.run(Duration::ZERO);
    // What fills the queue before anybody can know takes as long to be through.
    room.run(4 * SECOND + queue.min(SECOND));
    let (late, gap) = room.voice(0, step);
    println!("{}: at the step a voice is {late:?} late, silent for {gap:?}", judge.cell);
    judge.expect(gap < 4 * SECOND, || format!("at the step a voice is silent for {gap:?}"));
    room.run(20 * SECOND);
    judge.voice(&room, 0, 20 * SECOND);
    let (rate, freeze, layer) = room.pictures(0, room.ago(10 * SECOND));
    println!("{}: narrow, {rate:.1} pictures a second, {freeze:?} still, layer {layer:?}", judge.cell);
    let enough = if delay < 150 * MS { 15.0 } else { 5.0 };
    judge.expect(rate > enough && layer == Some(0), || format!("{rate:.1} a second of {layer:?}"));
    room.set_path(at(5_000_000));
    let step = room.run(Duration::ZERO);
    room.run(15 * SECOND);
    let back = room.reaches(0, 2, step);
    println!("{}: the best layer is back after {back:?}", judge.cell);
    judge.expect(back.is_some_and(|back| back <= 10 * SECOND), || format!("the best layer is back after {back:?}"));
    judge.voice(&room, 0, 15 * SECOND);
    judge
}

#[test]
fn on_a_path_that_steps_down_and_up_a_voice_is_in_time_and_the_best_layer_is_back_in_ten_seconds() {
    let mut cells = Vec::new();
    for queue in [50 * MS, 3000 * MS] {
        for delay in [10 * MS, 100 * MS, 300 * MS] {
            for loss in [0.0, 0.01] {
                cells.push((queue, delay, loss));
            }
        }
    }
    all_hold(sample(cells, 5).into_iter().map(|(q, d, l)| on_a_path_that_steps(q, d, l)));
}

/// As many tiles as a gallery has, each of 150 kb/s, by 3 Mb/s.
fn of_a_gallery(queue: Duration, delay: Duration) -> Judge {
    let mut judge = Judge::new(format!("25 tiles, 3 Mb/s, queue {queue:?}, delay {delay:?}"));
    let senders: Vec<_> = (0..25).map(|n| (n == 7, Camera::Small)).collect();
    let down = path(Some(3_000_000), queue, delay);
    let mut room = Viewer::new(13, &senders, down);
    room.set_path(down);
    let since = room.run(15 * SECOND);
    room.run(15 * SECOND);
    let seen = room.all(25, since);
    let moving = seen.iter().filter(|(rate, freeze, _)| *rate > 20.0 && *freeze < SECOND).count();
    println!("{}: {moving} tiles move", judge.cell);
    judge.expect(moving >= 16, || format!("{moving} tiles move"));
    judge.expect(seen[7].0 > 20.0 && seen[7].1 < SECOND, || format!("who speaks: {:?}", seen[7]));
    judge.voice(&room, 7, 15 * SECOND);
    judge
}

/// Six cameras of 720p, by what carries two of them.
fn of_six_large(queue: Duration, delay: Duration) -> Judge {
    let mut judge = Judge::new(format!("six of 720p, 3 Mb/s, queue {queue:?}, delay {delay:?}"));
    let down = path(Some(3_000_000), queue, delay);
    let mut room = Viewer::new(14, &[TALKING; 6], down);
    room.set_path(down);
    let since = room.run(12 * SECOND);
    room.run(20 * SECOND);
    let seen = room.all(6, since);
    println!("{}: {seen:?}", judge.cell);
    for (rate, freeze, _) in &seen {
        judge.expect(*rate >= 20.0 && *freeze <= SECOND, || format!("{rate:.1} pictures a second, {freeze:?} still"));
    }
    judge.voice(&room, 0, 20 * SECOND);
    judge
}

#[test]
fn on_three_megabits_a_gallery_and_a_round_of_six_all_move() {
    let mut cells = Vec::new();
    for queue in [50 * MS, 300 * MS, 3000 * MS] {
        for delay in [10 * MS, 100 * MS] {
            cells.push((queue, delay));
        }
    }
    let judged = sample(cells, 4).into_iter();
    all_hold(judged.flat_map(|(queue, delay)| [of_a_gallery(queue, delay), of_six_large(queue, delay)]));
}
