//! A crowd in one meeting, beside an engine with real threads and sockets.
//!
//! Who receives only counts what comes, but for a few witnesses: those are clients in full, and judge every packet of what they
//! are sent. All clients are turned by one thread, which shares the machine with the engine: what is measured here is whether
//! a crowd is carried, and by how much of the engine's threads; not how many people a machine carries.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use folkmoot_node::{Engine, Error, Handle, Listening, Role};
use folkmoot_sim::media;
use folkmoot_sim::pc::Wants;

use crate::client::Client;

/// Receivers that judge what they get.
const WITNESSES: usize = 4;
/// How long a crowd may take to arrive.
const ARRIVING: Duration = Duration::from_secs(120);

/// What is played.
#[derive(Clone, Copy, Debug)]
pub struct Crowd {
    /// Who send pictures of 150 kb/s, each by a connection of its own.
    pub cameras: usize,
    /// Who send a voice.
    pub voices: usize,
    /// Who receive.
    pub receivers: usize,
    /// Pictures that each of them is sent, the next ones after its own number; and all voices.
    pub seen: usize,
    /// How long, once all are connected.
    pub time: Duration,
    /// The engine's threads.
    pub shards: u8,
    /// People of the meeting on one of them.
    pub people_per_shard: usize,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outcome {
    /// Clients that were connected in time.
    pub connected: usize,
    /// Of so many.
    pub clients: usize,
    /// Media packets a second that should have come to those who count.
    pub due: f64,
    /// And that came.
    pub came: f64,
    /// Packets that never came to a witness, of those it was sent.
    pub missing: u64,
    /// Streams that witnesses saw or heard.
    pub witnessed: usize,
    /// Packets a second that crossed to another shard.
    pub crossed: f64,
    /// What the rings between the shards had no room for.
    pub ring_drops: f64,
    /// What the sockets had no room for.
    pub socket_drops: f64,
    /// CPU of the engine's threads in the time, each.
    pub threads: [Duration; 8],
}

impl Crowd {
    /// Plays it.
    pub fn play(&self) -> Result<Outcome, Error> {
        let people_per_shard = self.people_per_shard;
        let mut engine = Engine::start(&Listening { people_per_shard, ..Listening::loopback(self.shards) })?;
        let mut clients = self.gather(&mut engine)?;
        let server = SocketAddr::from((Ipv4Addr::LOCALHOST, engine.udp_port()));
        let give_up = Instant::now() + ARRIVING;
        while Instant::now() < give_up && clients.iter().any(|client| !client.pc.connected) {
            turn(&mut engine, &mut clients, server);
        }
        for _ in 0..2 {
            turn_for(&mut engine, &mut clients, server, Duration::from_secs(1));
            for client in &mut clients {
                client.counted = 0;
            }
        }
        let before = (counter(&engine, "media_crossed"), threads(), Instant::now());
        turn_for(&mut engine, &mut clients, server, self.time);
        let took = before.2.elapsed().as_secs_f64();
        let counting = clients.iter().filter(|client| client.only_counts);
        let (counters, came) = counting.fold((0, 0), |(n, sum), client| (n + 1, sum + client.counted));
        let reports: Vec<_> =
            clients.iter().flat_map(|c| c.pc.incoming.values()).map(|incoming| incoming.stream.report()).collect();
        let mut cpu = threads();
        cpu.iter_mut().zip(before.1).for_each(|(now, then)| *now = now.saturating_sub(then));
        Ok(Outcome {
            connected: clients.iter().filter(|client| client.pc.connected).count(),
            clients: clients.len(),
            due: f64::from(counters) * self.packets_a_second(),
            came: came as f64 / took,
            missing: reports.iter().map(|report| report.missing).sum(),
            witnessed: reports.iter().filter(|report| report.shown > 0).count(),
            crossed: (counter(&engine, "media_crossed") - before.0) / took,
            ring_drops: counter(&engine, "handover_drops"),
            socket_drops: counter(&engine, "drops"),
            threads: cpu,
        })
    }

    /// What one receiver is sent: a voice is fifty packets a second, a small picture one packet, thirty times.
    fn packets_a_second(&self) -> f64 {
        self.voices as f64 * 50.0 + self.seen.min(self.cameras) as f64 * 30.0
    }

    /// Everybody, with what they send and what they get, before the first packet.
    fn gather(&self, engine: &mut Engine) -> Result<Vec<Client>, Error> {
        let room = engine.open_room()?;
        let (mut clients, mut cameras, mut voices) = (Vec::new(), Vec::<Handle>::new(), Vec::<Handle>::new());
        for number in 0..self.cameras.max(self.voices) {
            let mut client = Client::new(engine, room, number, Role::Publisher)?;
            let track = number as u32 * 2;
            client.send(
                engine,
                Wants {
                    camera: (number < self.cameras).then_some((track + 1, false)),
                    microphone: (number < self.voices).then_some(track),
                    sizes: Some(media::HD),
                    ..Wants::default()
                },
            )?;
            let sent = client.tracks.clone();
            let voice = usize::from(number < self.voices);
            voices.extend(&sent[..voice]);
            cameras.extend(&sent[voice..]);
            clients.push(client);
        }
        for number in 0..self.receivers {
            let mut client = Client::new(engine, room, clients.len(), Role::Subscriber)?;
            let seen = cameras.iter().cycle().skip(number).take(self.seen.min(cameras.len()));
            let tracks: Vec<Handle> = voices.iter().chain(seen).copied().collect();
            client.subscribe(engine, &tracks)?;
            client.only_counts = number >= WITNESSES;
            clients.push(client);
        }
        Ok(clients)
    }
}

fn turn(engine: &mut Engine, clients: &mut [Client], server: SocketAddr) {
    let mut busy = false;
    for client in clients.iter_mut() {
        busy |= client.turn(server);
    }
    engine.drain();
    if !busy {
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn turn_for(engine: &mut Engine, clients: &mut [Client], server: SocketAddr, time: Duration) {
    let end = Instant::now() + time;
    while Instant::now() < end {
        turn(engine, clients, server);
    }
}

fn counter(engine: &Engine, name: &str) -> f64 {
    engine.stats().into_iter().find_map(|(n, value)| (n == name).then_some(value)).unwrap_or_default()
}

/// What the scheduler has given each of the engine's threads so far.
pub fn threads() -> [Duration; 8] {
    let mut times = [Duration::ZERO; 8];
    let threads = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let read = |path: std::path::PathBuf| std::fs::read_to_string(path).unwrap_or_default();
    let shards = threads.filter(|thread| read(thread.path().join("comm")).trim() == "folkmoot-shard");
    let nanos = shards.map(|thread| {
        let spent = read(thread.path().join("schedstat"));
        spent.split(' ').next().and_then(|n| n.parse::<u64>().ok()).unwrap_or(0)
    });
    times.iter_mut().zip(nanos).for_each(|(time, nanos)| *time = Duration::from_nanos(nanos));
    times
}
