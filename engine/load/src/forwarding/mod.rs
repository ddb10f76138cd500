//! What forwarding costs: people who send synthetic pictures and voices, and people who receive all of them, over real
//! ICE, DTLS and SRTP, at LiveKit's protocol, at Janus's, or at the floor. The same clients and the same packets at each.
//!
//! It obeys standard input, a line at a time, and answers each with a line of JSON: `grow N` (receivers, or rooms with
//! `--mesh`) when all of them have all their streams or it was waited long enough, `snap` with what was sent and received so
//! far. The end of standard input is the end.
//!
//! Law: light and honest. One thread; every packet is opened, counted and reported on as a client does.

mod bare;
mod janus;
mod livekit;
mod media;
mod pc;
mod tally;

use std::io::BufRead;
use std::net::{IpAddr, SocketAddr};
use std::process;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::{Parser, ValueEnum};
use serde_json::json;
use tokio::runtime::Builder;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::sleep;

use media::Shape;
use tally::Tally;

/// So long those who come have until all their streams are there.
const PATIENCE: Duration = Duration::from_secs(45);
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

/// Sends and receives media as it is told on standard input.
#[derive(Clone, Debug, Parser)]
#[command(name = "folkmoot-forwarding")]
pub struct Options {
    /// What the server speaks.
    #[arg(long, value_enum, default_value_t = Kind::Livekit)]
    server: Kind,
    /// Where it listens; of the floor its address and port.
    #[arg(long, default_value = "ws://127.0.0.1:7880")]
    url: String,
    /// API key.
    #[arg(long, default_value = "devkey")]
    key: String,
    /// API secret.
    #[arg(long, default_value = "secret")]
    secret: String,
    /// The address that media is sent from.
    #[arg(long, default_value = "127.0.0.1")]
    from: IpAddr,
    /// People who only send, to everybody.
    #[arg(long, default_value_t = 2)]
    senders: u32,
    /// Pictures that each of them sends.
    #[arg(long, default_value_t = 1)]
    pictures: u32,
    /// Voices that each of them sends.
    #[arg(long, default_value_t = 0)]
    voices: u32,
    /// In place of senders: rooms of so many, in which everybody sends to all others.
    #[arg(long)]
    mesh: Option<u32>,
    /// Pictures a second.
    #[arg(long, default_value_t = 30)]
    fps: u32,
    /// Packets of a picture.
    #[arg(long, default_value_t = 3)]
    packets: u32,
    /// Bytes of a packet's payload.
    #[arg(long, default_value_t = 1100)]
    size: usize,
    /// People who come in a second.
    #[arg(long, default_value_t = 25.0)]
    rate: f64,
}

/// Of what a server speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    Livekit,
    Janus,
    Floor,
}

/// One who comes.
#[derive(Clone, Copy, Debug)]
struct Person {
    room: u32,
    /// Within the room, from 0 on.
    number: u32,
    /// Sends so many pictures and voices.
    sends: Shape,
    receives: bool,
}

/// The program.
pub fn main() {
    let options = Options::parse();
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(Crowd::new(options).obey(orders()));
}

/// The lines of standard input, read by a thread that waits for them.
fn orders() -> UnboundedReceiver<String> {
    let (told, orders) = unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            let _ = told.send(line);
        }
    });
    orders
}

struct Crowd {
    options: Arc<Options>,
    tally: Arc<Tally>,
    came: u32,
    grown: u32,
}

impl Crowd {
    fn new(options: Options) -> Self {
        Self { options: Arc::new(options), tally: Arc::default(), came: 0, grown: 0 }
    }

    async fn obey(mut self, mut orders: UnboundedReceiver<String>) {
        while let Some(order) = orders.recv().await {
            match order.split_once(' ').map(|(word, n)| (word, n.parse::<u32>())) {
                Some(("grow", Ok(most))) => self.grow(most).await,
                _ => self.tell("snap"),
            }
        }
    }

    async fn grow(&mut self, most: u32) {
        if self.grown == 0 && self.options.mesh.is_none() {
            let sends = Shape { pictures: self.options.pictures, voices: self.options.voices };
            for number in 0..self.options.senders {
                self.come(Person { room: 0, number, sends, receives: false }).await;
            }
            self.wait(u64::from(self.options.senders), Tally::senders).await;
        }
        for n in self.grown..most {
            if let Some(size) = self.options.mesh {
                self.fill_room(n, size).await;
            } else {
                let number = self.options.senders + n;
                self.come(Person { room: 0, number, sends: Shape::default(), receives: true }).await;
            }
        }
        self.grown = most;
        self.wait(self.wanted(), Tally::streams).await;
        self.tell("grown");
    }

    async fn fill_room(&mut self, room: u32, size: u32) {
        for number in 0..size {
            self.come(Person { room, number, sends: Shape { pictures: 1, voices: 1 }, receives: true }).await;
        }
    }

    async fn come(&mut self, person: Person) {
        self.came += 1;
        let (options, tally) = (self.options.clone(), self.tally.clone());
        // The first one of a room at Janus makes it.
        let makes = options.server == Kind::Janus && person.number == 0;
        tokio::spawn(async move {
            let stay = match options.server {
                Kind::Livekit => livekit::attend(&options, person, &tally).await,
                Kind::Janus => janus::attend(&options, person, &tally).await,
                Kind::Floor => bare::attend(&options, person, &tally).await,
            };
            if let Err(why) = stay {
                eprintln!("{person:?}: {why}");
                tally.left();
            }
        });
        let pause = if makes { 0.3 } else { 1.0 / self.options.rate };
        sleep(Duration::from_secs_f64(pause)).await;
    }

    /// Streams that there will be in all.
    fn wanted(&self) -> u64 {
        let each = match self.options.mesh {
            Some(size) => size * (size - 1) * 2,
            None => self.options.senders * (self.options.pictures + self.options.voices),
        };
        u64::from(each) * u64::from(self.grown)
    }

    async fn wait(&self, wanted: u64, there: impl Fn(&Tally) -> u64) {
        let begin = Instant::now();
        while there(&self.tally) < wanted && begin.elapsed() < PATIENCE {
            sleep(BETWEEN_LOOKS).await;
        }
    }

    fn tell(&self, what: &str) {
        let mut told = self.tally.told();
        told["event"] = json!(what);
        told["wanted"] = json!(self.wanted());
        println!("{told}");
    }
}

/// Rooms of no two runs are the same.
fn room_name(room: u32) -> String {
    format!("forwarding-{}-{room}", process::id())
}

/// The floor's address.
fn floor(options: &Options) -> Result<SocketAddr, String> {
    options.url.parse().map_err(|_| "the floor's address is IP:PORT".to_owned())
}
