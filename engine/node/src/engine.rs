//! The engine as its caller sees it: the control half on the caller's thread, a shard on its own, events between.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use folkmoot_peer::Identity;
use folkmoot_sdp::{Candidate, Transport};
use folkmoot_sfu::{ShardConfig, ShardEvent, UplinkLimit, Wish};

use crate::control::{Accepted, Answer, Control, Error, Handle, Host, Negotiation, RandomBytes, Role};
use crate::events::{self, Listener, Notice, Teller};
use crate::probe::Probe;
use crate::thread::{Order, ShardThread, Sockets};
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
    /// A client sends more than it may; what is too much is dropped. Told once a minute.
    Policed {
        /// Whose.
        connection: Handle,
    },
    /// The media thread died by a fault of ours and was replaced; all its connections are lost.
    Died {
        /// What it said.
        reason: String,
    },
}

/// The media engine of a process.
pub struct Engine {
    control: Control,
    thread: Option<ShardThread>,
    events: Listener,
    /// Lent to each shard.
    teller: Teller,
    identity: Arc<Identity>,
    candidates: Vec<Candidate>,
    sockets: Sockets,
    uplink: UplinkLimit,
}

impl Engine {
    /// Binds the media ports (0: any; none by TCP without a `tcp_port`), makes the certificate and starts the shard.
    pub fn start(
        host: IpAddr,
        udp_port: u16,
        tcp_port: Option<u16>,
        advertise: &[IpAddr],
        uplink: UplinkLimit,
    ) -> Result<Self, Error> {
        if advertise.is_empty() {
            return Err(Error::new("engine.no_address", "At least one address must be advertised to clients."));
        }
        let udp = net::bind(host, udp_port).map_err(|e| unusable("UDP", udp_port, host, &e))?;
        let tcp =
            tcp_port.map(|port| tcp::bind(host, port).map_err(|e| unusable("TCP", port, host, &e))).transpose()?;
        let mut candidates = at(advertise, udp.local_addr().map_err(broken)?.port(), Candidate::udp);
        if let Some(tcp) = &tcp {
            candidates.extend(at(advertise, tcp.local_addr().map_err(broken)?.port(), Candidate::tcp));
        }
        let sockets = Sockets { udp, tcp };
        let identity = Arc::new(Identity::generate().map_err(broken)?);
        let (teller, events) = events::queue().map_err(broken)?;
        let host = Host { candidates: candidates.clone(), fingerprint: identity.fingerprint(), shard: 0 };
        let mut engine = Self {
            control: Control::new(host, random_bytes()),
            thread: None,
            events,
            teller,
            identity,
            candidates,
            sockets,
            uplink,
        };
        engine.start_thread()?;
        Ok(engine)
    }

    fn start_thread(&mut self) -> Result<(), Error> {
        let udp = self.sockets.udp.try_clone().map_err(broken)?;
        let tcp = self.sockets.tcp.as_ref().map(std::net::TcpListener::try_clone).transpose().map_err(broken)?;
        let config = ShardConfig { identity: self.identity.clone(), uplink: self.uplink };
        self.thread = Some(ShardThread::start(Sockets { udp, tcp }, config, self.teller.clone()).map_err(broken)?);
        Ok(())
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
        for notice in self.events.drain() {
            match notice {
                Notice::Shard(event) => happened.push(read_event(event)),
                Notice::Died(reason) => self.replace_shard(reason, &mut happened),
            }
        }
        happened
    }

    fn replace_shard(&mut self, reason: String, happened: &mut Vec<Event>) {
        self.thread = None;
        let lost = self.control.start_over();
        happened.extend(lost.into_iter().map(|connection| Event::Disconnected { connection, reason: "engine" }));
        happened.push(Event::Died { reason });
        if let Err(error) = self.start_thread() {
            tracing::error!(%error, "no new media thread");
        }
        self.forward();
    }

    /// Counters, by name.
    pub fn stats(&self) -> Vec<(&'static str, f64)> {
        let mut stats: Vec<_> = self.control.counts().iter().map(|(name, n)| (*name, *n as f64)).collect();
        let Some(thread) = &self.thread else { return stats };
        let counters = thread.counters();
        let (net, links) = (counters.net, counters.links);
        stats.extend([
            ("packets_in", (net.packets_in + links.packets_in) as f64),
            ("packets_out", (net.packets_out + links.packets_out) as f64),
            ("bytes_in", (net.bytes_in + links.bytes_in) as f64),
            ("bytes_out", (net.bytes_out + links.bytes_out) as f64),
            ("drops", (net.drops + links.drops) as f64),
            ("tcp_connections", links.clients as f64),
            ("tcp_strangers", links.strangers as f64),
            ("tcp_accepted", links.accepted as f64),
            ("tcp_refused", links.refused as f64),
            ("tcp_shown_out", links.evicted as f64),
            ("tcp_stalled", links.stalled as f64),
            ("tcp_packets_in", links.packets_in as f64),
            ("tcp_packets_out", links.packets_out as f64),
            ("tcp_drops", links.drops as f64),
        ]);
        stats.extend(counters.shard.named().map(|(name, n)| (name, n as f64)));
        stats
    }

    /// Sends some bytes to each advertised address and waits for the engine's echo: how long it took, or `None`.
    pub fn probe(&mut self, timeout: Duration) -> Result<Vec<(Candidate, Option<Duration>)>, Error> {
        let mut random = Probe::default();
        fill(&mut random);
        let probe = probe::from_random(random);
        let Some(thread) = &self.thread else { return Err(Error::new("engine.closed", "The engine is closed.")) };
        thread.send(Order::Expect(Some(probe)));
        let echo = |to: Candidate| match to.transport {
            Transport::Udp => probe::by_udp(to.address, &probe, timeout),
            Transport::Tcp => probe::by_tcp(to.address, &probe, timeout),
        };
        let found = self.candidates.iter().map(|to| (*to, echo(*to).ok())).collect();
        thread.send(Order::Expect(None));
        Ok(found)
    }

    fn forward(&mut self) {
        while let Some(command) = self.control.poll_command() {
            if let Some(thread) = &self.thread {
                thread.command(command);
            }
        }
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
    /// See [`Control::set_can_publish_data`].
    set_can_publish_data(peer: Handle, allowed: bool) -> ();
    /// See [`Control::announce_muted`].
    announce_muted(peer: Handle) -> ();
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
    /// See [`Control::subscribe`].
    subscribe(connection: Handle, track: Handle) -> Handle;
    /// See [`Control::unsubscribe`].
    unsubscribe(subscription: Handle) -> ();
    /// See [`Control::configure_subscription`].
    configure_subscription(subscription: Handle, wish: Wish) -> ();
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
        ShardEvent::Policed { conn } => Event::Policed { connection: conn },
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
