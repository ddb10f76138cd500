//! A described run of a room, and its judgement.

use std::fmt::Write;
use std::time::Duration;

use folkmoot_netem::Plan;

use crate::watch::Report;
use crate::world::{Camera, Mode, World};

/// What happens. People are numbered in the order they join.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::large_enum_variant)] // a scene has tens of them
pub enum Step {
    /// Somebody comes, with a microphone or not and a camera or not.
    Join(Mode, bool, Camera),
    /// The paths of somebody behave so from now on: up, down.
    Network(usize, Plan, Plan),
    /// Somebody wants cameras up to this layer, or (`false`) not at all.
    Layer(usize, bool, u8),
    /// Somebody mutes or unmutes all it sends.
    Mute(usize, bool),
    /// Somebody is gone without a word.
    Vanish(usize),
    /// Somebody leaves as one should.
    Leave(usize),
    /// Somebody restarts ICE.
    RestartIce(usize),
    /// All that somebody sends begins anew, under other numbers.
    StartOver(usize),
    /// So many datagrams of nonsense hit the server.
    Garbage(u32),
}

/// What must hold at every receiver when the scene is over.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// The first picture is there so long after both sides were.
    pub settle: Duration,
    /// No stream stands still longer.
    pub gap: Duration,
    /// Share of a camera's sequence numbers that may be missing for good.
    pub missing: f64,
    /// The same of a microphone's. This client asks for nothing again that has no stream for it, so what two bad paths
    /// lose of a voice is lost.
    pub unheard: f64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { settle: Duration::from_secs(2), gap: Duration::from_millis(200), missing: 0.0, unheard: 0.0 }
    }
}

/// A room's story.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The luck of everything that is ours.
    pub seed: u64,
    /// When (milliseconds from the start) what happens, in order of time.
    pub steps: Vec<(u64, Step)>,
    /// When it ends. Nobody talks in the last four seconds, so that what was said can arrive.
    pub until: u64,
    /// What must hold.
    pub bounds: Bounds,
}

const TALK_EVERY: u64 = 100;
const QUIET: u64 = 4000;
/// So much later may words still come from a sender whose path loses some: what is lost four times in a row this client sends again
/// after 1, 2, 4 and 8 s (RFC 9260 §6.3.3). What the server has of them is at everybody in time.
const LATEST: u64 = 16_000;

impl Scene {
    /// Plays it in a room that is spread over so many shards, and tells all that was wrong.
    pub fn play(&self, shards: u8) -> (World, Vec<String>) {
        let mut world = World::spread(self.seed, shards);
        let mut steps = self.steps.iter().peekable();
        let mut joined = Vec::new();
        for at in (0..self.until).step_by(TALK_EVERY as usize) {
            while let Some((_, step)) = steps.next_if(|(when, _)| *when <= at) {
                if let Step::Join(..) = step {
                    joined.push(Duration::from_millis(at));
                }
                take(&mut world, step);
            }
            if at + QUIET < self.until {
                for who in world.present() {
                    world.say(who);
                }
            }
            world.run(Duration::from_millis(TALK_EVERY));
        }
        let mut wrong = Vec::new();
        for receiver in world.present() {
            judge_media(&world, receiver, &joined, &self.bounds, &mut wrong);
        }
        let loses =
            |(_, step): &(u64, Step)| matches!(step, Step::Network(_, up, down) if up.loss.max(down.loss) > 0.0);
        wrong.extend(behind_others(&world));
        let latest = if self.steps.iter().any(loses) { LATEST } else { 0 };
        for _ in 0..latest / TALK_EVERY {
            if words(&world).is_empty() {
                break;
            }
            world.run(Duration::from_millis(TALK_EVERY));
        }
        wrong.extend(words(&world));
        (world, wrong)
    }

    /// Plays it and panics with all that was wrong. Whether a room is on one shard or on several, nobody in it may notice.
    pub fn must_hold(&self) -> World {
        let (world, wrong) = self.play(1);
        let (_, wrong_spread) = self.play(3);
        for (shards, wrong) in [(1, wrong), (3, wrong_spread)] {
            let all = wrong.join("\n");
            assert!(wrong.is_empty(), "seed {}, {shards} shards: {} faults\n{all}", self.seed, wrong.len());
        }
        world
    }
}

fn take(world: &mut World, step: &Step) {
    match *step {
        Step::Join(mode, microphone, camera) => {
            world.join(mode, microphone, camera);
        }
        Step::Network(who, up, down) => world.set_network(who, up, down),
        Step::Layer(who, enabled, layer) => world.set_layer(who, enabled, layer),
        Step::Mute(who, muted) => world.set_muted(who, muted),
        Step::Vanish(who) => world.vanish(who),
        Step::Leave(who) => world.remove(who),
        Step::RestartIce(who) => world.restart_ice(who),
        Step::StartOver(who) => world.start_over(who),
        Step::Garbage(count) => world.throw_garbage(count),
    }
}

/// What `receiver` made of track `number`, if anything came.
pub fn report(world: &World, receiver: usize, number: u32) -> Option<Report> {
    let ends = &world.people[receiver].ends;
    let mut streams = ends.iter().flat_map(|e| e.pc.incoming.values()).map(|i| &i.stream);
    streams.find(|s| s.track() == Some(number)).map(crate::watch::Stream::report)
}

fn judge_media(world: &World, receiver: usize, joined: &[Duration], bounds: &Bounds, wrong: &mut Vec<String>) {
    let start = world.start;
    for sender in world.present().filter(|s| *s != receiver) {
        for track in &world.people[sender].tracks {
            let who = format!("{} of {sender} at {receiver}", if track.video { "camera" } else { "microphone" });
            let mut fault = |what: String| wrong.push(format!("{who}: {what}"));
            let Some(report) = report(world, receiver, track.number) else {
                fault("nothing came".into());
                continue;
            };
            for what in &report.faults {
                fault(what.clone());
            }
            let (Some(first), Some(last)) = (report.first_shown, report.last_shown) else {
                fault(format!("{} packets came, nothing could be shown", report.packets));
                continue;
            };
            let due = joined[sender].max(joined[receiver]) + bounds.settle;
            if first - start > due {
                fault(format!("first shown after {:?}, due after {due:?}", first - start));
            }
            let gap = report.longest_gap.max(world.now - last);
            if gap > bounds.gap {
                fault(format!("stood still for {gap:?}"));
            }
            let missing = report.missing as f64 / (report.packets as f64 + report.missing as f64);
            if missing > if track.video { bounds.missing } else { bounds.unheard } {
                let Report { missing, packets, first_missing, .. } = &report;
                fault(format!("{missing} of {packets} packets never came, the first of them at {first_missing}"));
            }
        }
    }
    for end in &world.people[receiver].ends {
        if end.pc.strange > 0 {
            wrong.push(format!("{} packets at {receiver} came back as something else", end.pc.strange));
        }
    }
}

/// The numbers of the words that came.
fn heard(world: &World, sender: usize, receiver: usize) -> Vec<u32> {
    let name = &world.people[sender].name;
    (world.people[receiver].ends.iter())
        .flat_map(|e| &e.pc.messages)
        .filter(|(label, m)| label == "_reliable" && m.from == *name)
        .map(|(_, m)| u32::from_be_bytes(m.payload[..].try_into().unwrap_or_default()))
        .collect()
}

/// Who lacks a word that another has: the server had it.
fn behind_others(world: &World) -> Vec<String> {
    let mut wrong = Vec::new();
    for sender in world.present() {
        let last: Vec<(usize, Option<u32>)> = (world.present().filter(|r| *r != sender))
            .map(|receiver| (receiver, heard(world, sender, receiver).last().copied()))
            .collect();
        let most = last.iter().filter_map(|(_, last)| *last).max();
        for (receiver, last) in last.into_iter().filter(|(_, last)| *last < most) {
            wrong.push(format!("{sender} to {receiver}: heard up to {last:?}, others up to {most:?}"));
        }
    }
    wrong
}

/// What is wrong with what was said.
fn words(world: &World) -> Vec<String> {
    let mut wrong = Vec::new();
    world.present().for_each(|receiver| judge_words(world, receiver, &mut wrong));
    wrong
}

/// What was said reliably arrives once and in order, from the moment the receiver's channel is open to the end.
fn judge_words(world: &World, receiver: usize, wrong: &mut Vec<String>) {
    for sender in world.present().filter(|s| *s != receiver) {
        let said = &world.people[sender].said;
        let heard = heard(world, sender, receiver);
        let mut what = String::new();
        if heard.windows(2).any(|w| w[1] != w[0] + 1) {
            write!(what, "words were lost, doubled or shuffled: {heard:?}; ").expect("to a string");
        }
        if heard.last() != said.last().map(|(n, _)| n) {
            write!(what, "heard up to {:?} of {} words", heard.last(), said.len()).expect("to a string");
        }
        if !what.is_empty() {
            wrong.push(format!("{sender} to {receiver}: {what}"));
        }
    }
}
