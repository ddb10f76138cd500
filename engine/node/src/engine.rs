//! The engine as its caller sees it: the control half on the caller's thread, shards on their own, events between.

use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use folkmoot_peer::Identity;
use folkmoot_sdp::{Candidate, Transport};
use folkmoot_sfu::{ShardEvent, UplinkLimit, Wish};

use crate::control::{Accepted, Answer, Control, Error, Handle, Host, Negotiation, RandomBytes, Role};
use crate::events::{self, Life, Listener, Notice, What};
use crate::probe::Probe;
use crate::shards::Shards;
use crate::thread::{Order, Sockets};
use crate::{net, probe, tcp};

/// What happened, for the caller's loop.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Keys are agreed; media and data flow.
    Connected {
        /// Whose.
        connection: Handle,
    },
    /// It is over; close it.
    Disconnected {
        /// Whose.
        connection: Handle,
        /// `closed`, `lost`, `failed` or `engine`.
        reason: &'static str,
    },
    /// Who speaks now, who no longer, how loud: changes only.
    Speakers {
        /// Where.
        room: Handle,
        /// Peer, level from 0 to 1, whether it speaks.
        changes: Vec<(Handle, f32, bool)>,
    },
    /// How good a peer's connection is: changes only.
    Quality {
        /// Where.
        room: Handle,
        /// Peer, `excellent`, `good`, `poor` or `lost`, and a score from 0 to 5.
        scores: Vec<(Handle, &'static str, f32)>,
    },
    /// The first packet of a subscription went out.
    Subscribed {
        /// Which.
        subscription: Handle,
    },
    /// The path of a receiver does not carry a picture for now, or carries it again.
    Paused {
        /// Whose.
        connection: Handle,
        /// Which.
        subscription: Handle,
        /// Whether it waits.
        paused: bool,
    },
    /// Up to which layer the path of a receiver carries a picture.
    Carried {
        /// Whose.
        connection: Handle,
        /// Which.
        subscription: Handle,
        /// 0 low, 1 middle, 2 high; −1: not even the lowest.
        layer: i8,
    },
    /// A client sends more than it may; what is too much is dropped. Told once a minute.
    Policed {
        /// Whose.
        connection: Handle,
    },
    /// A peer answers the server.
    Said {
        /// Who.
        peer: Handle,
        /// The packet.
        bytes: Vec<u8>,
    },
    /// A shard ended by a fault of ours and was replaced. Its connections are lost, and were told of before; those of other
    /// shards know nothing of it.
    Died {
        /// Which shard.
        shard: u8,
        /// What it said.
        reason: String,
    },
}

/// The media engine of a process.
pub struct Engine {
    control: Control,
    shards: Shards,
    events: Listener,
    candidates: Vec<Candidate>,
}

/// Where an engine listens, and with how many shards.
#[derive(Clone, Debug)]
pub struct Listening {
    /// The address to bind.
    pub host: IpAddr,
    /// The port for datagrams of all shards; 0: any.
    pub udp_port: u16,
    /// The port for media by TCP; `None`: there is none.
    pub tcp_port: Option<u16>,
    /// The addresses that clients are told.
    pub advertise: Vec<IpAddr>,
    /// `None`: as many as there are cores.
    pub shards: Option<u8>,
    /// A room takes another shard for each so many people more.
    pub people_per_shard: usize,
    /// What one participant may send.
    pub uplink: UplinkLimit,
}

/// What one core carries with ease, all of them seen and heard by each other as far as screens and ears go.
pub const PEOPLE_PER_SHARD: usize = 50;

/// More are of no use: each hands datagrams to each other.
const SHARDS_MAX: u8 = 64;

impl Listening {
    /// Any ports of this machine's own address, for who tries the engine out.
    pub fn loopback(shards: u8) -> Self {
        let here = std::net::Ipv4Addr::LOCALHOST.into();
        Self {
            host: here,
            udp_port: 0,
            tcp_port: Some(0),
            advertise: vec![here],
            shards: Some(shards),
            people_per_shard: PEOPLE_PER_SHARD,
            uplink: UplinkLimit::default(),
        }
    }

    fn count(&self) -> u8 {
        let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let count = self.shards.map_or_else(cores, usize::from);
        count.clamp(1, usize::from(SHARDS_MAX)) as u8
    }
}

impl Engine {
    /// Binds the media ports, makes the certificate and starts the shards.
    pub fn start(listening: &Listening) -> Result<Self, Error> {
        let Listening { host, udp_port, tcp_port, advertise, uplink, .. } = listening;
        if advertise.is_empty() {
            return Err(Error::new("engine.no_address", "At least one address must be advertised to clients."));
        }
        let count = listening.count();
        let udp = net::bind_all(*host, *udp_port, count).map_err(|e| unusable("UDP", *udp_port, *host, &e))?;
        let tcp =
            tcp_port.map(|port| tcp::bind(*host, port).map_err(|e| unusable("TCP", port, *host, &e))).transpose()?;
        let mut candidates = at(advertise, udp[0].local_addr().map_err(broken)?.port(), Candidate::udp);
        if let Some(tcp) = &tcp {
            candidates.extend(at(advertise, tcp.local_addr().map_err(broken)?.port(), Candidate::tcp));
        }
        let door = || tcp.as_ref().map(std::net::TcpListener::try_clone).transpose().map_err(broken);
        let sockets = udp.into_iter().map(|udp| Ok(Sockets { udp, tcp: door()?, shared_by: count }));
        let sockets = sockets.collect::<Result<Vec<_>, Error>>()?;
        let identity = Arc::new(Identity::generate().map_err(broken)?);
        let (teller, events) = events::queue().map_err(broken)?;
        let host = Host {
            candidates: candidates.clone(),
            fingerprint: identity.fingerprint(),
            shards: count,
            people_per_shard: listening.people_per_shard.max(1),
        };
        let shards = Shards::start(sockets, identity, *uplink, teller).map_err(broken)?;
        Ok(Self { control: Control::new(host, random_bytes()), shards, events, candidates })
    }

    /// The bound port for datagrams.
    pub fn udp_port(&self) -> u16 {
        self.port(Transport::Udp).unwrap_or_default()
    }

    /// The bound port for media by TCP, where there is one.
    pub fn tcp_port(&self) -> Option<u16> {
        self.port(Transport::Tcp)
    }

    fn port(&self, transport: Transport) -> Option<u16> {
        self.candidates.iter().find(|c| c.transport == transport).map(|c| c.address.port())
    }

    /// A descriptor that is readable while events wait.
    pub fn fileno(&self) -> i32 {
        self.events.fileno()
    }

    /// All that happened since the last call.
    pub fn drain(&mut self) -> Vec<Event> {
        let mut happened = Vec::new();
        for Notice { life, what } in self.events.drain() {
            match what {
                What::Shard(event) if self.shards.is_current(life) => happened.push(read_event(event)),
                What::Died(reason) if self.shards.began_anew(life) => self.start_over(life, reason, &mut happened),
                What::Hangs if self.shards.is_current(life) => {
                    tracing::error!(shard = life.shard, "a shard hangs");
                    self.shards.replace(life.shard);
                    self.start_over(life, "it hung".into(), &mut happened);
                }
                // Of one that is no more.
                What::Shard(_) | What::Died(_) | What::Hangs => {}
            }
        }
        happened
    }

    fn start_over(&mut self, life: Life, reason: String, happened: &mut Vec<Event>) {
        let lost = self.control.start_over(life.shard);
        happened.extend(lost.into_iter().map(|connection| Event::Disconnected { connection, reason: "engine" }));
        happened.push(Event::Died { shard: life.shard, reason });
        self.forward();
    }

    /// Counters, by name: those of all shards together.
    pub fn stats(&self) -> Vec<(&'static str, f64)> {
        let mut sums: BTreeMap<&'static str, u64> = BTreeMap::new();
        for counters in self.shards.counters() {
            counters.named().for_each(|(name, n)| *sums.entry(name).or_default() += n);
        }
        let control = self.control.counts();
        let all =
            control.iter().map(|(name, n)| (*name, *n as f64)).chain(sums.into_iter().map(|(k, n)| (k, n as f64)));
        all.chain([
            ("shards", f64::from(self.shards.count())),
            ("shards_silent", self.shards.silent() as f64),
            ("shards_hung", self.shards.hung() as f64),
        ])
        .collect()
    }

    /// Sends some bytes to each advertised address and waits for the engine's echo: how long it took, or `None`.
    pub fn probe(&mut self, timeout: Duration) -> Result<Vec<(Candidate, Option<Duration>)>, Error> {
        let mut random = Probe::default();
        fill(&mut random);
        let probe = probe::from_random(random);
        self.shards.order(|| Order::Expect(Some(probe)));
        let echo = |to: Candidate| match to.transport {
            Transport::Udp => probe::by_udp(to.address, &probe, timeout),
            Transport::Tcp => probe::by_tcp(to.address, &probe, timeout),
        };
        let found = self.candidates.iter().map(|to| (*to, echo(*to).ok())).collect();
        self.shards.order(|| Order::Expect(None));
        Ok(found)
    }

    fn forward(&mut self) {
        while let Some((shard, command)) = self.control.poll_command() {
            self.shards.command(shard, command);
        }
    }

    /// The shard ends as by a fault of ours.
    #[cfg(any(test, feature = "faults"))]
    pub fn fail(&self, shard: u8) {
        self.shards.order_one(shard, Order::Fail);
    }

    /// The shard's thread stands still for so long.
    #[cfg(any(test, feature = "faults"))]
    pub fn hang(&self, shard: u8, time: Duration) {
        self.shards.order_one(shard, Order::Hang(time));
    }
}

/// The calls of the control half, each followed by what it has for the shard.
macro_rules! forwarded {
    ($($(#[$doc:meta])* $name:ident($($arg:ident: $type:ty),*) -> $out:ty;)*) => {
        impl Engine {
            $($(#[$doc])* pub fn $name(&mut self, $($arg: $type),*) -> Result<$out, Error> {
                let result = self.control.$name($($arg),*);
                self.forward();
                result
            })*
        }
    };
}

forwarded! {
    /// See [`Control::open_room`].
    open_room() -> Handle;
    /// See [`Control::close_room`].
    close_room(room: Handle) -> ();
    /// See [`Control::open_peer`].
    open_peer(room: Handle, identity: String, sid: String, can_publish_data: bool) -> Handle;
    /// See [`Control::last_message`].
    last_message(peer: Handle) -> u32;
    /// See [`Control::set_away`].
    set_away(peer: Handle, away: bool) -> ();
    /// See [`Control::set_can_publish_data`].
    set_can_publish_data(peer: Handle, allowed: bool) -> ();
    /// See [`Control::announce_muted`].
    announce_muted(peer: Handle) -> ();
    /// See [`Control::move_peer`].
    move_peer(peer: Handle, room: Handle, sid: &str) -> ();
    /// See [`Control::forward_peer`].
    forward_peer(peer: Handle, room: Handle, forwarded: bool) -> ();
    /// See [`Control::limit_bandwidth`].
    limit_bandwidth(peer: Handle, bits: Option<u64>) -> ();
    /// See [`Control::use_tcp`].
    use_tcp(peer: Handle) -> ();
    /// See [`Control::close_peer`].
    close_peer(peer: Handle) -> ();
    /// See [`Control::open_connection`].
    open_connection(peer: Handle, role: Role) -> Handle;
    /// See [`Control::close_connection`].
    close_connection(connection: Handle) -> ();
    /// See [`Control::accept_offer`].
    accept_offer(connection: Handle, sdp: &str, preferred: &HashMap<String, String>) -> Answer;
    /// See [`Control::create_offer`].
    create_offer(connection: Handle) -> String;
    /// See [`Control::restart_ice`].
    restart_ice(connection: Handle) -> ();
    /// See [`Control::accept_answer`].
    accept_answer(connection: Handle, sdp: &str) -> Accepted;
    /// See [`Control::add_candidate`].
    add_candidate(connection: Handle, candidate: &str) -> ();
    /// See [`Control::negotiation`].
    negotiation(connection: Handle) -> Negotiation;
    /// See [`Control::publish`].
    publish(connection: Handle, mid: &str, track_sid: &str, source: &str, backup: Option<&str>) -> Handle;
    /// See [`Control::publish_backup`].
    publish_backup(track: Handle, mid: &str, regresses: bool) -> ();
    /// See [`Control::drop_backup`].
    drop_backup(track: Handle) -> ();
    /// See [`Control::unpublish`].
    unpublish(track: Handle) -> ();
    /// See [`Control::set_muted`].
    set_muted(track: Handle, muted: bool) -> ();
    /// See [`Control::never_replay`].
    never_replay(track: Handle) -> ();
    /// See [`Control::subscribe`].
    subscribe(connection: Handle, track: Handle) -> Handle;
    /// See [`Control::unsubscribe`].
    unsubscribe(subscription: Handle) -> ();
    /// See [`Control::configure_subscription`].
    configure_subscription(subscription: Handle, wish: Wish) -> ();
    /// See [`Control::carry_frames`].
    carry_frames(from: Handle, track: u16, to: Handle, number: u16) -> ();
    /// See [`Control::drop_frames`].
    drop_frames(from: Handle, track: u16, to: Handle) -> ();
    /// See [`Control::send_data`].
    send_data(room: Handle, to: Option<&[Handle]>, reliable: bool, data: &[u8]) -> ();
}

fn at(advertise: &[IpAddr], port: u16, candidate: impl Fn(SocketAddr) -> Candidate) -> Vec<Candidate> {
    advertise.iter().map(|ip| candidate(SocketAddr::new(*ip, port))).collect()
}

fn unusable(transport: &str, port: u16, host: IpAddr, error: &std::io::Error) -> Error {
    Error::new("engine.bind", format!("{transport} port {port} of {host} cannot be used: {error}."))
}

fn read_event(event: ShardEvent) -> Event {
    match event {
        ShardEvent::Connected { conn } => Event::Connected { connection: conn },
        ShardEvent::Disconnected { conn, reason } => Event::Disconnected { connection: conn, reason: reason.name() },
        ShardEvent::Failed { conn } => Event::Disconnected { connection: conn, reason: "failed" },
        ShardEvent::Speakers { room, changes } => Event::Speakers { room, changes },
        ShardEvent::Quality { room, changes } => {
            let scores =
                changes.into_iter().map(|(peer, quality, score)| (peer, quality_name(quality), score)).collect();
            Event::Quality { room, scores }
        }
        ShardEvent::Paused { conn, sub, paused } => Event::Paused { connection: conn, subscription: sub, paused },
        ShardEvent::Carried { conn, sub, layer } => {
            Event::Carried { connection: conn, subscription: sub, layer: layer.map_or(-1, |layer| layer as i8) }
        }
        ShardEvent::Policed { conn } => Event::Policed { connection: conn },
        ShardEvent::Said { peer, bytes } => Event::Said { peer, bytes: bytes.to_vec() },
        ShardEvent::Subscribed { sub } => Event::Subscribed { subscription: sub },
    }
}

fn quality_name(quality: u8) -> &'static str {
    ["poor", "good", "excellent"].get(usize::from(quality)).unwrap_or(&"lost")
}

fn random_bytes() -> RandomBytes {
    Box::new(fill)
}

fn fill(bytes: &mut [u8]) {
    aws_lc_rs::rand::fill(bytes).expect("the system gives random bytes");
}

fn broken(error: impl std::fmt::Display) -> Error {
    Error::new("engine.broken", format!("The engine cannot start: {error}."))
}

#[cfg(test)]
#[path = "engine_tests.rs"]
mod tests;
