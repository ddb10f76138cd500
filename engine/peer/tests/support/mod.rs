//! One connection in virtual time: our peer, a client that we did not write, and a network with delay, loss and a NAT
//! between them. The libraries draw randomness of their own, so scenes assert bounds, not traces.
#![allow(dead_code)] // each scene takes what it needs

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use folkmoot_peer::{ChannelSpec, ControlConfig, ControlEvent, ControlOutput, ControlPeer, Identity, Path};
use folkmoot_sdp::{Candidate as Ours, IceCreds, LocalDescription, NegotiatedSession, Negotiator, Role};
use str0m::change::{SdpAnswer, SdpOffer, SdpPendingOffer};
use str0m::channel::{ChannelConfig, ChannelId, Reliability};
use str0m::net::{Protocol, Receive};
use str0m::{Candidate, Event, IceConnectionState, Input, Output, Rtc};

pub const SERVER: &str = "198.51.100.7:7882";
pub const INSIDE: &str = "10.0.0.5:50000";
pub const OUTSIDE: &str = "203.0.113.5:40000";
const DELAY: Duration = Duration::from_millis(10);

/// Making keys is slow and all scenes may share them.
static IDENTITY: LazyLock<Arc<Identity>> = LazyLock::new(|| Arc::new(Identity::generate().expect("a certificate")));

pub fn address(text: &str) -> SocketAddr {
    text.parse().expect("an address")
}

pub fn identity() -> Arc<Identity> {
    IDENTITY.clone()
}

pub fn creds(n: u32) -> IceCreds {
    IceCreds { ufrag: format!("srv{n:05}"), pwd: format!("{n:024}") }
}

pub struct World {
    pub now: Instant,
    pub start: Instant,
    pub peer: ControlPeer,
    pub negotiator: Negotiator,
    pub client: Rtc,
    /// What the client's NAT shows of it.
    pub outside: SocketAddr,
    /// Its TCP connection, once it has opened one.
    pub link: Option<NonZeroU32>,
    /// No datagram passes, either way.
    pub udp_is_blocked: bool,
    /// Loss in percent, each way.
    pub loss: u32,
    /// Nothing the client sends arrives, and it is not run.
    pub client_is_gone: bool,
    /// What the peer told, with the time.
    pub events: Vec<(Duration, ControlEvent)>,
    pub client_events: Vec<(Duration, String)>,
    pub client_messages: Vec<Vec<u8>>,
    pub client_channels: Vec<(ChannelId, String)>,
    /// When a datagram from the peer last reached the client.
    pub reached: Option<Instant>,
    pub sent_by_peer: usize,
    chance: u32,
    flying: BTreeMap<(Instant, u64), Datagram>,
    count: u64,
    client_timeout: Instant,
    pending: Option<SdpPendingOffer>,
}

enum Datagram {
    ToPeer(Path, Vec<u8>),
    ToClient(Path, Vec<u8>),
}

impl World {
    pub fn new(role: Role) -> Self {
        let start = Instant::now();
        let open = if role == Role::Subscriber { ChannelSpec::livekit() } else { Vec::new() };
        let config = ControlConfig { local_ice: creds(0), identity: identity(), open };
        let local = LocalDescription {
            ice: creds(0),
            fingerprint: identity().fingerprint(),
            candidates: vec![Ours::udp(address(SERVER)), Ours::tcp(address(SERVER))],
        };
        let mut client = Rtc::builder().build(start);
        client.add_local_candidate(Candidate::host(address(INSIDE), "udp").expect("a candidate"));
        Self {
            now: start,
            start,
            peer: ControlPeer::new(config, start),
            negotiator: Negotiator::new(role, local),
            client,
            outside: address(OUTSIDE),
            link: None,
            udp_is_blocked: false,
            loss: 0,
            client_is_gone: false,
            events: Vec::new(),
            client_events: Vec::new(),
            client_messages: Vec::new(),
            client_channels: Vec::new(),
            reached: None,
            sent_by_peer: 0,
            chance: 1,
            flying: BTreeMap::new(),
            count: 0,
            client_timeout: start,
            pending: None,
        }
    }

    /// The client offers two data channels; the session that came of it, not yet given to the peer.
    pub fn offered(&mut self, restart: bool) -> (String, Arc<NegotiatedSession>) {
        let mut api = self.client.sdp_api();
        if restart {
            api.ice_restart(true);
        } else {
            api.add_channel_with_config(ChannelConfig { label: "_reliable".into(), ..ChannelConfig::default() });
            api.add_channel_with_config(ChannelConfig {
                label: "_lossy".into(),
                ordered: false,
                reliability: Reliability::MaxRetransmits { retransmits: 0 },
                ..ChannelConfig::default()
            });
        }
        let (offer, pending) = api.apply().expect("something to offer");
        self.pending = Some(pending);
        self.negotiator.accept_offer(&offer.to_sdp_string(), &[]).expect("an answer")
    }

    pub fn answer(&mut self, answer: &str) {
        let answer = SdpAnswer::from_sdp_string(answer).expect("an answer that a stranger reads");
        let pending = self.pending.take().expect("an offer");
        self.client.sdp_api().accept_answer(pending, answer).expect("an answer that fits");
        self.drain_client();
    }

    /// Offer and answer, both at once.
    pub fn negotiate(&mut self, restart: bool) -> Arc<NegotiatedSession> {
        let (answer, session) = self.offered(restart);
        self.peer.set_remote(&session);
        self.answer(&answer);
        self.drain_peer();
        session
    }

    /// Our offer, answered.
    pub fn negotiate_ours(&mut self) {
        // Left the choice, this client would be the DTLS server; browsers would not.
        let offer = self.negotiator.create_offer().replace("a=setup:actpass", "a=setup:passive");
        let offer = SdpOffer::from_sdp_string(&offer).expect("an offer that a stranger reads");
        let answer = self.client.sdp_api().accept_offer(offer).expect("an answer");
        let session = self.negotiator.accept_answer(&answer.to_sdp_string()).expect("an answer we take");
        self.peer.set_remote(&session);
        self.drain_peer();
        self.drain_client();
    }

    pub fn elapsed(&self) -> Duration {
        self.now - self.start
    }

    pub fn run(&mut self, span: Duration) {
        let end = self.now + span;
        self.run_until(end, |_| false);
    }

    /// Runs until `done`, at most for `span`; whether it was done.
    pub fn run_until_done(&mut self, span: Duration, done: impl Fn(&Self) -> bool) -> bool {
        let end = self.now + span;
        self.run_until(end, done)
    }

    fn run_until(&mut self, end: Instant, done: impl Fn(&Self) -> bool) -> bool {
        let mut turns = 0;
        loop {
            if done(self) {
                return true;
            }
            turns += 1;
            assert!(turns < 2_000_000, "it spins at {:?}", self.elapsed());
            let flying = self.flying.first_key_value().map(|((at, _), _)| *at);
            let client = (!self.client_is_gone).then_some(self.client_timeout);
            let next = [flying, client, self.peer.deadline()].into_iter().flatten().min();
            let Some(next) = next.filter(|at| *at <= end) else {
                self.now = end;
                return done(self);
            };
            self.now = self.now.max(next);
            if flying == Some(next) {
                let (_, datagram) = self.flying.pop_first().expect("it flies");
                self.arrive(datagram);
            } else if self.peer.deadline().is_some_and(|at| at <= self.now) {
                self.peer.handle_timeout(self.now);
                self.drain_peer();
            } else {
                self.client.handle_input(Input::Timeout(self.now)).expect("a client that goes on");
                self.drain_client();
            }
        }
    }

    fn arrive(&mut self, datagram: Datagram) {
        match datagram {
            Datagram::ToPeer(source, bytes) => {
                // What is media is not the peer's.
                if bytes[0] < 64 {
                    self.peer.handle_datagram(self.now, source, &bytes);
                    self.drain_peer();
                }
            }
            Datagram::ToClient(to, bytes) => {
                if Some(to) != self.path(to.is_tcp()) || self.client_is_gone {
                    return; // the NAT has forgotten that address, or the connection is closed
                }
                self.reached = Some(self.now);
                let protocol = if to.is_tcp() { Protocol::Tcp } else { Protocol::Udp };
                let receive = Receive::new(protocol, address(SERVER), address(INSIDE), &bytes).expect("a datagram");
                self.client.handle_input(Input::Receive(self.now, receive)).expect("a client that goes on");
                self.drain_client();
            }
        }
    }

    /// The client as the peer knows it.
    pub fn path(&self, tcp: bool) -> Option<Path> {
        if tcp {
            self.link.map(|link| Path::tcp(self.outside, link))
        } else {
            (!self.udp_is_blocked).then_some(Path::udp(self.outside))
        }
    }

    /// The client takes TCP for a way, too, and opens its first connection.
    pub fn client_may_use_tcp(&mut self) {
        self.client.add_local_candidate(Candidate::host(address(INSIDE), "tcp").expect("a candidate"));
        self.link = NonZeroU32::new(1);
    }

    fn is_lost(&mut self) -> bool {
        self.chance = self.chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.chance >> 8) % 100 < self.loss
    }

    fn fly(&mut self, datagram: Datagram) {
        if !self.is_lost() {
            self.count += 1;
            self.flying.insert((self.now + DELAY, self.count), datagram);
        }
    }

    pub fn drain_peer(&mut self) {
        while let Some(output) = self.peer.poll_output() {
            match output {
                ControlOutput::Transmit { to, bytes } => {
                    self.sent_by_peer += 1;
                    assert!(bytes.len() <= 1200, "{} bytes in a datagram", bytes.len());
                    self.fly(Datagram::ToClient(to, bytes));
                }
                ControlOutput::Event(event) => self.events.push((self.elapsed(), event)),
            }
        }
    }

    pub fn drain_client(&mut self) {
        loop {
            match self.client.poll_output().expect("a client that goes on") {
                Output::Timeout(at) => {
                    self.client_timeout = at.max(self.now + Duration::from_micros(100));
                    return;
                }
                Output::Transmit(transmit) => {
                    if let Some(path) = self.path(transmit.proto == Protocol::Tcp).filter(|_| !self.client_is_gone) {
                        self.fly(Datagram::ToPeer(path, transmit.contents.to_vec()));
                    }
                }
                Output::Event(event) => self.note(event),
            }
        }
    }

    fn note(&mut self, event: Event) {
        match event {
            Event::ChannelData(data) => self.client_messages.push(data.data),
            Event::ChannelOpen(id, label) => self.client_channels.push((id, label)),
            Event::IceConnectionStateChange(IceConnectionState::Disconnected) => {
                self.client_events.push((self.elapsed(), "disconnected".into()));
            }
            other => {
                let text = format!("{other:?}");
                self.client_events.push((self.elapsed(), text.chars().take(60).collect()));
            }
        }
    }

    /// The client opens a channel in band, without a negotiation.
    pub fn client_opens(&mut self, label: &str) {
        let config = ChannelConfig { label: label.into(), ..ChannelConfig::default() };
        self.client.direct_api().create_data_channel(config);
        self.drain_client();
    }

    /// The client writes on a channel of this label; whether it was taken.
    pub fn client_writes(&mut self, label: &str, data: &[u8]) -> bool {
        let Some((id, _)) = self.client_channels.iter().find(|(_, l)| l == label) else { return false };
        let id = *id;
        let taken = self.client.channel(id).is_some_and(|mut c| c.write(true, data).unwrap_or(false));
        self.drain_client();
        taken
    }

    pub fn is_connected(&self) -> bool {
        self.events.iter().any(|(_, e)| matches!(e, ControlEvent::Connected))
    }

    /// The peer's id of a channel of this label.
    pub fn channel(&self, label: &str) -> Option<u16> {
        self.events.iter().find_map(|(_, e)| match e {
            ControlEvent::ChannelOpen { id, label: l, .. } if l == label => Some(*id),
            _ => None,
        })
    }

    pub fn messages(&self) -> Vec<Vec<u8>> {
        let data = |e: &ControlEvent| match e {
            ControlEvent::Message { data, .. } => Some(data.to_vec()),
            _ => None,
        };
        self.events.iter().filter_map(|(_, e)| data(e)).collect()
    }

    /// When the peer told something like this.
    pub fn told(&self, like: impl Fn(&ControlEvent) -> bool) -> Option<Duration> {
        self.events.iter().find(|(_, e)| like(e)).map(|(at, _)| *at)
    }

    /// Both channels are open at both ends.
    pub fn open(&mut self) {
        self.negotiate(false);
        let open = self.run_until_done(Duration::from_secs(10), |w| {
            w.channel("_reliable").is_some() && w.channel("_lossy").is_some() && w.client_channels.len() == 2
        });
        assert!(open, "{:?} {:?}", self.events, self.client_events);
    }
}
