//! A room in virtual time: clients of str0m, bad links, one control half and its shards, all on one thread and one clock.
//!
//! Time stands still while a turn is taken and then jumps to the next thing that is due. Law: what moves a packet in time comes
//! from the seed, so that a scene that fails fails again. DTLS and SCTP of the libraries draw luck of their own, and it only
//! makes names and keys; scenes assert bounds, not traces.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use folkmoot_netem::{Link, LinkStats, Plan, Rng};
use folkmoot_node::Candidate;
use folkmoot_node::control::{Control, Handle, Host, Role};
use folkmoot_peer::{Identity, Path};
use folkmoot_sfu::{Egress, Shard, ShardConfig, ShardEvent, Wish};

use crate::dynacast::Dynacast;
use crate::media;
use crate::pc::{Pc, Wants};

/// Of IP and UDP.
const HEADERS: usize = 28;

/// The content type of a DTLS record of a handshake (RFC 9147 §4.1).
const DTLS_HANDSHAKE: u8 = 22;

/// The largest datagram anybody sends here.
const FULL: usize = 1200;

/// How a client connects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// One connection to send, one to receive.
    Dual,
    /// One for both.
    Single,
    /// One to send, and it receives nothing.
    Send,
}

/// What a client sends from its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Camera {
    /// None.
    Off,
    /// One layer.
    Plain,
    /// Three layers.
    Simulcast,
    /// Three layers in H.264; the others are in VP8.
    H264,
    /// One layer of 150 kb/s.
    Small,
    /// Three layers as a browser makes them of 720p.
    Hd,
    /// The same in three temporal layers each.
    Temporal,
}

/// A published track.
#[derive(Clone, Debug)]
pub struct Published {
    /// The number in its stamps.
    pub number: u32,
    /// The engine's handle.
    pub handle: Handle,
    /// Whether it is a camera.
    pub video: bool,
}

/// One connection with its path to the server and back.
pub struct End {
    /// The client's side.
    pub pc: Pc,
    /// The engine's handle.
    pub connection: Handle,
    up: Link<Vec<u8>>,
    down: Link<Vec<u8>>,
}

/// A client.
pub struct Person {
    /// Its identity.
    pub name: String,
    /// The engine's handle.
    pub peer: Handle,
    /// Its connections: sending first, receiving last.
    pub ends: Vec<End>,
    /// What it sends.
    pub tracks: Vec<Published>,
    /// What it subscribed to: track number → subscription.
    pub subscriptions: HashMap<u32, Handle>,
    /// Reliable messages it has sent, with the time.
    pub said: Vec<(u32, Instant)>,
    mode: Mode,
    /// Whether it has left.
    pub gone: bool,
}

/// The room and everything around it.
pub struct World {
    /// Now.
    pub now: Instant,
    /// When it began.
    pub start: Instant,
    rng: Rng,
    control: Control,
    shards: Vec<Shard>,
    server: SocketAddr,
    room: Handle,
    /// Who is there, in the order they came.
    pub people: Vec<Person>,
    /// What the shard told.
    pub events: Vec<ShardEvent>,
    /// Publishers send what anybody is given and no more, of each camera by its number.
    dynacast: Option<HashMap<u32, Dynacast>>,
    tracks: u32,
    hosts: u16,
}

#[derive(Default)]
struct Sent(Vec<(SocketAddr, Vec<u8>)>);

impl Egress for Sent {
    fn push(&mut self, to: Path, segment: usize, bytes: &[u8]) {
        self.0.extend(bytes.chunks(segment).map(|b| (to.addr(), b.to_vec())));
    }
}

impl World {
    /// An empty room whose luck comes from `seed`.
    pub fn new(seed: u64) -> Self {
        Self::spread(seed, 1)
    }

    /// The same on so many shards, with its people on each in turn.
    pub fn spread(seed: u64, shards: u8) -> Self {
        // What str0m and ICE draw, the order of layers sent at one moment among it.
        fastrand::seed(seed);
        let start = Instant::now();
        let server: SocketAddr = ([10, 255, 0, 1], 7882).into();
        let identity = Arc::new(Identity::generate().expect("a certificate"));
        let fingerprint = identity.fingerprint();
        let host = Host { candidates: vec![Candidate::udp(server)], fingerprint, shards, people_per_shard: 1 };
        let mut rng = Rng::new(seed);
        let mut luck = Rng::new(rng.bits());
        let mut control = Control::new(host, Box::new(move |bytes| bytes.fill_with(|| luck.bits() as u8)));
        let config = |number| ShardConfig { number, shards, ..ShardConfig::alone(identity.clone()) };
        let shards = (0..shards).map(|number| Shard::new(config(number), start)).collect();
        let room = control.open_room().expect("a room");
        let mut world = Self {
            now: start,
            start,
            rng,
            control,
            shards,
            server,
            room,
            people: Vec::new(),
            events: Vec::new(),
            dynacast: None,
            tracks: 0,
            hosts: 0,
        };
        world.obey();
        world
    }

    /// Time since the start.
    pub fn elapsed(&self) -> Duration {
        self.now - self.start
    }

    /// Publishers are told from now on which layers nobody is given, and stop them.
    pub fn with_dynacast(&mut self) {
        self.dynacast = Some(HashMap::new());
    }

    /// Somebody comes, sends what it has, and gets what the others send. Returns its number.
    pub fn join(&mut self, mode: Mode, microphone: bool, camera: Camera) -> usize {
        let who = self.people.len();
        let name = format!("person-{who}");
        let peer = self.control.open_peer(self.room, name.clone(), format!("PA_{who}"), true).expect("a peer");
        let roles: &[Role] = match mode {
            Mode::Dual => &[Role::Publisher, Role::Subscriber],
            Mode::Single => &[Role::Single],
            Mode::Send => &[Role::Publisher],
        };
        let ends = roles.iter().map(|role| self.end(peer, *role)).collect();
        self.people.push(Person {
            name,
            peer,
            ends,
            tracks: Vec::new(),
            subscriptions: HashMap::new(),
            said: Vec::new(),
            mode,
            gone: false,
        });
        self.publish(who, microphone, camera);
        let others: Vec<Published> =
            self.present().filter(|p| *p != who).flat_map(|p| self.people[p].tracks.clone()).collect();
        for track in others.iter().filter(|_| mode != Mode::Send) {
            self.subscribe(who, track);
        }
        let receives = |p: &usize| *p != who && self.people[*p].mode != Mode::Send;
        for other in self.present().filter(receives).collect::<Vec<_>>() {
            for track in self.people[who].tracks.clone() {
                self.subscribe(other, &track);
            }
            self.negotiate(other);
        }
        if mode != Mode::Send {
            self.negotiate(who);
        }
        who
    }

    fn end(&mut self, peer: Handle, role: Role) -> End {
        self.hosts += 1;
        let [a, b] = self.hosts.to_be_bytes();
        let connection = self.control.open_connection(peer, role).expect("a connection");
        self.obey();
        End {
            pc: Pc::new(([10, 1, a, b], 50_000).into(), self.start, self.now),
            connection,
            up: Link::new(Plan { delay: Duration::from_millis(10), ..Plan::default() }, self.rng.bits()),
            down: Link::new(Plan { delay: Duration::from_millis(10), ..Plan::default() }, self.rng.bits()),
        }
    }

    fn publish(&mut self, who: usize, microphone: bool, camera: Camera) {
        let mut wants = Wants { data: true, ..Wants::default() };
        if microphone {
            self.tracks += 1;
            wants.microphone = Some(self.tracks);
        }
        if camera != Camera::Off {
            self.tracks += 1;
            wants.camera = Some((self.tracks, !matches!(camera, Camera::Plain | Camera::Small)));
            wants.sizes = match camera {
                Camera::Small | Camera::Hd => Some(media::HD),
                Camera::Temporal => Some(media::TEMPORAL),
                _ => None,
            };
            wants.h264 = camera == Camera::H264;
        }
        let now = self.now;
        let end = &mut self.people[who].ends[0];
        let connection = end.connection;
        let offer = end.pc.offer(now, wants);
        let answer = self.control.accept_offer(connection, &offer, &HashMap::new()).expect("an answer");
        self.obey();
        self.people[who].ends[0].pc.accept_answer(now, &answer.sdp);
        for section in answer.receiving {
            let (source, number) = section.track_id.split_once('-').expect("the name we gave it");
            let number = number.parse().expect("a number");
            let video = source == "cam";
            let source = if video { "camera" } else { "microphone" };
            let handle =
                self.control.publish(connection, &section.mid, &format!("TR_{number}"), source, None).expect("a track");
            self.people[who].tracks.push(Published { number, handle, video });
        }
        self.obey();
    }

    fn subscribe(&mut self, who: usize, track: &Published) {
        let connection = self.people[who].ends.last().expect("an end").connection;
        let subscription = self.control.subscribe(connection, track.handle).expect("a subscription");
        self.people[who].subscriptions.insert(track.number, subscription);
        self.obey();
    }

    /// Carries out what is to be negotiated with `who`, as its signalling would.
    pub fn negotiate(&mut self, who: usize) {
        let now = self.now;
        let person = &mut self.people[who];
        let end = person.ends.last_mut().expect("an end");
        let due = self.control.negotiation(end.connection).expect("a connection");
        if !due.needed {
            return;
        }
        if person.mode == Mode::Dual {
            let offer = self.control.create_offer(end.connection).expect("an offer");
            let answer = end.pc.accept_offer(now, &offer);
            self.control.accept_answer(end.connection, &answer).expect("an answer that fits");
        } else {
            let places = Wants {
                // A client that is only nudged has to change something to be able to offer.
                audio_places: due.missing_audio.max(u32::from(due.missing_video == 0)),
                video_places: due.missing_video,
                ..Wants::default()
            };
            let offer = end.pc.offer(now, places);
            let answer = self.control.accept_offer(end.connection, &offer, &HashMap::new()).expect("an answer");
            end.pc.accept_answer(now, &answer.sdp);
        }
        self.obey();
    }

    /// From now on the paths of `who` behave so.
    pub fn set_network(&mut self, who: usize, up: Plan, down: Plan) {
        for end in &mut self.people[who].ends {
            end.up.set_plan(up);
            end.down.set_plan(down);
        }
    }

    /// The layer up to which `who` wants each camera.
    pub fn set_layer(&mut self, who: usize, enabled: bool, max_layer: u8) {
        for subscription in self.people[who].subscriptions.values() {
            self.control
                .configure_subscription(*subscription, Wish { enabled, max_layer, ..Wish::default() })
                .expect("a subscription");
        }
        self.obey();
    }

    /// The tracks of `who` fall silent or go on: at the client and in the engine.
    pub fn set_muted(&mut self, who: usize, muted: bool) {
        for track in self.people[who].tracks.clone() {
            self.people[who].ends[0].pc.mute(track.number, muted);
            self.control.set_muted(track.handle, muted).expect("a track");
        }
        self.obey();
    }

    /// `who` is gone without a word; the room is told later, by [`World::remove`] or by the engine.
    pub fn vanish(&mut self, who: usize) {
        self.people[who].gone = true;
        for end in &mut self.people[who].ends {
            end.pc.vanish();
        }
    }

    /// The room knows that `who` is gone.
    pub fn remove(&mut self, who: usize) {
        self.vanish(who);
        self.control.close_peer(self.people[who].peer).expect("closed");
        self.obey();
        for other in self.present().filter(|p| self.people[*p].mode != Mode::Send).collect::<Vec<_>>() {
            for track in self.people[who].tracks.clone() {
                self.people[other].subscriptions.remove(&track.number);
            }
            self.negotiate(other);
        }
    }

    /// `who` has another address and other credentials: as after a change of network.
    pub fn restart_ice(&mut self, who: usize) {
        let now = self.now;
        let end = &mut self.people[who].ends[0];
        let offer = end.pc.offer(now, Wants { restart: true, ..Wants::default() });
        let answer = self.control.accept_offer(end.connection, &offer, &HashMap::new()).expect("an answer");
        end.pc.accept_answer(now, &answer.sdp);
        self.obey();
    }

    /// `who` sends under other numbers from now on.
    pub fn start_over(&mut self, who: usize) {
        self.people[who].ends[0].pc.start_over();
    }

    /// `who` says the next number to all.
    pub fn say(&mut self, who: usize) {
        let now = self.now;
        let number = self.people[who].said.len() as u32;
        let said = self.people[who].ends[0].pc.send(now, "_reliable", &number.to_be_bytes(), &[]);
        if said {
            self.people[who].said.push((number, now));
        }
    }

    /// Strangers and the clients' own addresses throw nonsense at the server: noise, and real packets bent a little.
    pub fn throw_garbage(&mut self, count: u32) {
        let sources: Vec<SocketAddr> = self.people.iter().flat_map(|p| p.ends.iter().map(|e| e.pc.addr)).collect();
        for i in 0..count {
            let length = self.rng.below(1400) as usize;
            let mut bytes: Vec<u8> = (0..length).map(|_| self.rng.bits() as u8).collect();
            if let Some(first) = bytes.first_mut() {
                // One kind of protocol after the other.
                *first = [0, 1, 20, 22, 23, 63, 128, 144, 191, 255][i as usize % 10];
            }
            let from = if i % 3 == 0 {
                SocketAddr::from(([192, 0, 2, i as u8], 1000 + i as u16))
            } else {
                sources[self.rng.below(sources.len() as u64) as usize]
            };
            receive(&mut self.shards, self.now, from, &mut bytes);
        }
        self.flush();
    }

    /// What the path to `who` is believed to carry, in bits a second.
    pub fn estimate(&self, who: usize) -> Option<u64> {
        let connection = self.people[who].ends.last()?.connection;
        self.shards.iter().find_map(|shard| shard.estimate(connection))
    }

    /// What became of the packets sent to `who` where it receives.
    pub fn down_stats(&self, who: usize) -> LinkStats {
        self.people[who].ends.last().map(|end| end.down.stats()).unwrap_or_default()
    }

    /// Lets time pass.
    pub fn run(&mut self, time: Duration) {
        let end = self.now + time;
        loop {
            let next = self.next_turn();
            if next > end {
                self.now = end;
                return;
            }
            self.now = self.now.max(next);
            self.turn();
        }
    }

    /// Lets time pass until `done`, at most `time`; whether it was.
    pub fn run_until(&mut self, time: Duration, mut done: impl FnMut(&Self) -> bool) -> bool {
        let end = self.now + time;
        while self.now < end {
            if done(self) {
                return true;
            }
            self.run(Duration::from_millis(20).min(end - self.now));
        }
        done(self)
    }

    /// Who is there.
    pub fn present(&self) -> impl Iterator<Item = usize> + use<> {
        let there: Vec<usize> = (0..self.people.len()).filter(|p| !self.people[*p].gone).collect();
        there.into_iter()
    }

    fn next_turn(&self) -> Instant {
        let ends = self.people.iter().filter(|p| !p.gone).flat_map(|p| &p.ends);
        let ends = ends.flat_map(|e| [Some(e.pc.deadline()), e.up.deadline(), e.down.deadline()]);
        let shards = self.shards.iter().map(Shard::deadline);
        folkmoot_netem::earliest(ends.chain(shards)).unwrap_or(self.now + Duration::from_secs(1))
    }

    fn turn(&mut self) {
        let (now, told) = (self.now, self.events.len());
        for end in self.people.iter_mut().flat_map(|p| &mut p.ends) {
            while let Some(mut datagram) = end.up.poll(now) {
                receive(&mut self.shards, now, end.pc.addr, &mut datagram);
            }
        }
        let mut overdue = false;
        for shard in self.shards.iter_mut().filter(|shard| shard.deadline().is_some_and(|t| t <= now)) {
            shard.handle_timeout(now);
            overdue |= shard.deadline().is_some_and(|t| t <= now);
        }
        // Nothing may ask to be woken in the past for ever.
        if overdue {
            self.now += Duration::from_millis(1);
        }
        self.flush();
        self.tell_publishers(told);
        let server = self.server;
        for end in self.people.iter_mut().filter(|p| !p.gone).flat_map(|p| &mut p.ends) {
            while let Some(datagram) = end.down.poll(now) {
                end.pc.receive(now, server, &datagram);
            }
            if end.pc.deadline() <= now {
                end.pc.tick(now);
            }
            while let Some(datagram) = end.pc.out.pop_front() {
                end.up.push(now, weight(&datagram), datagram);
            }
        }
    }

    fn obey(&mut self) {
        while let Some((shard, command)) = self.control.poll_command() {
            self.shards[usize::from(shard)].handle_command(self.now, command);
        }
        self.flush();
    }

    fn flush(&mut self) {
        let mut sent = Sent::default();
        self.cross();
        self.shards.iter_mut().for_each(|shard| shard.flush(&mut sent));
        for (to, datagram) in sent.0 {
            let mut ends = self.people.iter_mut().flat_map(|p| &mut p.ends);
            if let Some(end) = ends.find(|e| e.pc.addr == to) {
                end.down.push(self.now, weight(&datagram), datagram);
            }
        }
        for shard in &mut self.shards {
            self.events.extend(std::iter::from_fn(|| shard.poll_event()));
        }
    }

    /// Carries what one shard has for another, until none has any more.
    fn cross(&mut self) {
        let count = self.shards.len();
        let mut busy = count > 1;
        while busy {
            busy = false;
            for from in 0..count {
                while let Some((to, word)) = self.shards[from].poll_word() {
                    busy = true;
                    let to = to.map(usize::from);
                    for shard in (0..count).filter(|shard| *shard != from && to.is_none_or(|to| to == *shard)) {
                        self.shards[shard].handle_word(self.now, from as u8, &word);
                    }
                }
                let mut packets = Vec::new();
                self.shards[from].cross(|to, packet, bytes| packets.push((to, packet, bytes.to_vec())));
                busy |= !packets.is_empty();
                for (to, packet, bytes) in packets {
                    self.shards[usize::from(to)].handle_crossing(self.now, &packet, &bytes);
                }
            }
        }
    }

    /// Tells publishers what has changed since the events up to `from`.
    fn tell_publishers(&mut self, from: usize) {
        let Some(all) = &mut self.dynacast else { return };
        let subscriptions = |track: u32| self.people.iter().filter_map(move |p| p.subscriptions.get(&track).copied());
        for event in &self.events[from..] {
            let ShardEvent::Carried { sub, layer, .. } = event else { continue };
            let of = self.people.iter().flat_map(|p| &p.subscriptions).find(|(_, handle)| *handle == sub);
            if let Some((track, _)) = of {
                all.entry(*track).or_default().take(*sub, *layer);
            }
        }
        let mut told = Vec::new();
        for (track, dynacast) in all {
            let receivers: Vec<Handle> = subscriptions(*track).collect();
            told.extend(dynacast.tell(self.now, &receivers).map(|layers| (*track, layers)));
        }
        for (track, layers) in told {
            let publisher = self.people.iter_mut().find(|p| p.tracks.iter().any(|t| t.number == track));
            publisher.expect("who sends it").ends[0].pc.send_layers(layers);
        }
    }
}

/// What a datagram weighs on a line, in bytes. One of a handshake is as heavy as a full one: its signatures are a byte longer
/// or shorter by luck that isn't the seed's, and all that comes after would be sooner or later by it.
fn weight(datagram: &[u8]) -> usize {
    let handshake = datagram.first() == Some(&DTLS_HANDSHAKE);
    HEADERS + if handshake { FULL } else { datagram.len() }
}

/// A datagram comes to one of the shards' sockets, as the kernel likes, and is handed to the shard that it belongs to.
fn receive(shards: &mut [Shard], now: Instant, from: SocketAddr, datagram: &mut [u8]) {
    let IpAddr::V4(ip) = from.ip() else { return };
    let at = ip.to_bits() as usize % shards.len();
    if let Some(to) = shards[at].handle_datagram(now, from, datagram) {
        shards[usize::from(to)].handle_handed(now, now, from, datagram);
    }
}
