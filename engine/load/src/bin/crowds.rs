//! Crowds: hundreds of people in one meeting who see 25 each, and thousands who hear one.
//!
//! `folkmoot-crowds [people] [listeners] [seconds] [shards]`

use std::process::ExitCode;
use std::time::Duration;

use folkmoot_load::crowd::{Crowd, Outcome};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).map(|a| a.parse::<usize>());
    let mut next = |default| arguments.next().unwrap_or(Ok(default));
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(8);
    let (Ok(people), Ok(listeners), Ok(seconds), Ok(shards)) = (next(300), next(2000), next(10), next(cores)) else {
        eprintln!("usage: folkmoot-crowds [people] [listeners] [seconds] [shards]");
        return ExitCode::FAILURE;
    };
    let (time, shards) = (Duration::from_secs(seconds as u64), shards.clamp(1, 64) as u8);
    let meeting = Crowd { cameras: people, voices: 3, receivers: people, seen: 25, time, shards, people_per_shard: 50 };
    let talk = Crowd { cameras: 0, voices: 1, receivers: listeners, seen: 0, time, shards, people_per_shard: 50 };
    for (name, crowd) in [("a meeting", meeting), ("a talk", talk)] {
        match crowd.play() {
            Ok(outcome) => tell(name, &crowd, &outcome),
            Err(error) => {
                eprintln!("{error}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}

fn tell(name: &str, crowd: &Crowd, outcome: &Outcome) {
    println!("{name}: {} send pictures, {} a voice, {} receive", crowd.cameras, crowd.voices, crowd.receivers);
    println!("  connected              {} of {}", outcome.connected, outcome.clients);
    println!("  packets to receivers   {:.0}/s of {:.0}/s that were due", outcome.came, outcome.due);
    println!("  at the witnesses       {} streams, {} packets missing", outcome.witnessed, outcome.missing);
    println!("  crossed                {:.0}/s, {:.0} dropped on the way", outcome.crossed, outcome.ring_drops);
    println!("  dropped by sockets     {:.0}", outcome.socket_drops);
    for (shard, time) in outcome.threads.iter().take(usize::from(crowd.shards)).enumerate() {
        println!(
            "  shard {shard}                {:.0} % of a core",
            time.as_secs_f64() / crowd.time.as_secs_f64() * 100.0
        );
    }
}
