//! Monday, nine o'clock: many people come into many rooms at a steady rate, each with one muted microphone, over real
//! sockets, ICE and DTLS; a room that speaks already is listened to meanwhile. It speaks LiveKit's protocol and nothing
//! else, so it loads any server that does.
//!
//! Law: light. What is measured is the server, on the same machine, so a client does no work that the server could not
//! notice: descriptions are text, news of others are not decoded, one thread does all. Only who listens is in another process.

mod beside;
mod door;
mod hearing;
mod line;
mod participant;
mod report;
mod sdp;

use std::env::args;
use std::time::{Duration, Instant};

use clap::Parser;
use tokio::runtime::Builder;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{sleep, sleep_until, timeout};

use beside::{Beside, THERE};
use door::Door;
use participant::{Bells, Manner, Outcome, PATIENCE, QUEUED, attend};
use report::{Cpu, Report, Running};

/// Where they are who were there before.
const EARLY: &str = "early";
const BETWEEN_EARLY: Duration = Duration::from_millis(100);
/// How long those who were there before have, to hear each other.
const UNTIL_HEARD: Duration = Duration::from_secs(2);

/// Joins rooms at a steady rate and says how it went, as JSON.
#[derive(Debug, Parser)]
#[command(name = "folkmoot-arrivals")]
#[allow(clippy::struct_excessive_bools)] // switches of a command line
struct Options {
    /// Server; http(s) and ws(s) are the same here.
    #[arg(long, default_value = "ws://127.0.0.1:7880")]
    url: String,
    /// API key.
    #[arg(long, default_value = "devkey")]
    key: String,
    /// API secret.
    #[arg(long, default_value = "secret")]
    secret: String,
    /// People who come, over all rooms in turn.
    #[arg(long, default_value_t = 260)]
    people: usize,
    /// People in a room.
    #[arg(long, default_value_t = 26)]
    size: usize,
    /// Joins a second.
    #[arg(long, default_value_t = 20.0)]
    rate: f64,
    /// One peer connection each (`/rtc/v1`, as browsers); otherwise two (`/rtc`, as phones).
    #[arg(long)]
    single: bool,
    /// By Folkmoot's own doors: a ticket, the channel, one's turn, and then media.
    #[arg(long)]
    meetings: bool,
    /// People of a room that is there before; all of them listen.
    #[arg(long, default_value_t = 0)]
    running: usize,
    /// How many of them speak.
    #[arg(long, default_value_t = 2)]
    speakers: usize,
    /// Who comes comes to them, and listens.
    #[arg(long, requires = "running")]
    to_them: bool,
    /// Seconds that all stay after the last is in.
    #[arg(long, default_value_t = 3.0)]
    stay: f64,
    /// Be the room that is there before, until standard input ends.
    #[arg(long, hide = true)]
    beside: bool,
}

/// The program.
pub fn main() {
    let options = Options::parse();
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    if options.beside {
        let heard = runtime.block_on(running(&options));
        println!("{}", serde_json::to_string(&heard).expect("figures"));
        return;
    }
    let there = (options.running > 0).then(|| Beside::start(args().skip(1)).expect("a room that is there before"));
    let mut report = runtime.block_on(monday(&options));
    if let Some(there) = there {
        report.add_running(there.end().expect("what was heard"));
    }
    println!("{}", serde_json::to_string(&report).expect("figures"));
}

async fn monday(options: &Options) -> Report {
    let door = open_door(options, rooms(options)).await;
    let (end, over) = watch::channel(false);
    let (settled, mut news) = unbounded_channel();
    let bells = Bells { over, settled };
    let (before, begin) = (Cpu::now(), Instant::now());
    let comers = come(options, &door, &bells, begin).await;
    let began_within = begin.elapsed();
    let _ = timeout(PATIENCE + QUEUED, wait(&mut news, options.people)).await;
    sleep(Duration::from_secs_f64(options.stay)).await;
    let cpu = Cpu::now().since(before);
    let _ = end.send(true);
    Report::of(&all(comers).await, options.rate, began_within, cpu)
}

/// A meeting that is on before the others come, and until they are through.
async fn running(options: &Options) -> Running {
    let door = open_door(options, 1).await;
    let (end, over) = watch::channel(false);
    let bells = Bells { over, settled: unbounded_channel().0 };
    let mut there = Vec::new();
    for n in 0..options.running {
        let manner = Manner { single: options.single, speaks: n < options.speakers, listens: true };
        there.push(comes(&door, EARLY, 0, format!("early-{n}"), manner, &bells));
        sleep(BETWEEN_EARLY).await;
    }
    sleep(UNTIL_HEARD).await;
    println!("{THERE}");
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        end.send(true)
    });
    Running::of(&all(there).await)
}

/// All who come, each at its moment; who gets its moment late doesn't keep the next.
async fn come(options: &Options, door: &Door, bells: &Bells, begin: Instant) -> Vec<JoinHandle<Outcome>> {
    let manner = Manner { single: options.single, speaks: false, listens: options.to_them };
    let mut comers = Vec::with_capacity(options.people);
    for n in 0..options.people {
        sleep_until((begin + Duration::from_secs_f64(n as f64 / options.rate)).into()).await;
        let (floor, room) = if options.to_them { (EARLY, 0) } else { ("monday", n % rooms(options)) };
        comers.push(comes(door, floor, room, format!("person-{n}"), manner, bells));
    }
    comers
}

async fn open_door(options: &Options, meetings: usize) -> Door {
    let url = options.url.replacen("http", "ws", 1);
    if options.meetings {
        return Door::meetings(url, meetings).await.expect("meetings to come to");
    }
    Door::Rooms { url, key: options.key.clone(), secret: options.secret.clone() }
}

fn comes(
    door: &Door,
    floor: &'static str,
    room: usize,
    identity: String,
    manner: Manner,
    bells: &Bells,
) -> JoinHandle<Outcome> {
    let (door, bells) = (door.clone(), bells.clone());
    tokio::spawn(async move { attend(&door, floor, room, identity, manner, bells).await })
}

async fn wait(news: &mut UnboundedReceiver<()>, people: usize) {
    for _ in 0..people {
        news.recv().await;
    }
}

fn rooms(options: &Options) -> usize {
    options.people.div_ceil(options.size.max(1)).max(1)
}

async fn all(handles: Vec<JoinHandle<Outcome>>) -> Vec<Outcome> {
    let mut outcomes = Vec::with_capacity(handles.len());
    for handle in handles {
        let broken = |e: tokio::task::JoinError| Outcome { failure: Some(e.to_string()), ..Outcome::default() };
        outcomes.push(handle.await.unwrap_or_else(broken));
    }
    outcomes
}
