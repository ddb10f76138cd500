//! Offers and answers (RFC 8866, RFC 8829, RFC 9143) come to a [`NegotiatedSession`]: pure, no I/O, no crypto.
//!
//! Law: a description is text from a stranger. It is bounded before it is looked at, read once into typed values, and
//! refused with an [`SdpError`] that changes nothing. What we write is strict: payload type numbers and extension ids are
//! the offerer's, a subset of what it offered, never invented; a section never has two `a=msid` lines; the first
//! `a=ssrc` line is the primary stream.
#![forbid(unsafe_code)]

mod answerer;
mod codecs;
mod offered;
mod offerer;
mod parse;
mod session;
mod write;

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use answerer::Answerer;
use offerer::Offerer;

pub use session::{
    Codec, ExtMap, H264Profile, IceCreds, Kind, Mid, NegotiatedSession, PayloadType, Profile, Rid, Sctp, Section,
    SendTrack, Short, Wish,
};

/// Why a description was refused. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SdpError {
    /// Stable, for programs: `sdp.too_large`, `sdp.malformed`, ….
    pub code: &'static str,
    /// For people.
    pub sentence: String,
}

impl SdpError {
    pub(crate) fn new(code: &'static str, sentence: impl Into<String>) -> Self {
        Self { code, sentence: sentence.into() }
    }
}

impl fmt::Display for SdpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl std::error::Error for SdpError {}

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The client offers and sends.
    Publisher,
    /// We offer and send.
    Subscriber,
    /// The client offers; both send.
    Single,
}

/// What our descriptions say of us.
#[derive(Clone, Debug)]
pub struct LocalDescription {
    /// Our credentials, until ICE is restarted.
    pub ice: IceCreds,
    /// SHA-256 of our certificate.
    pub fingerprint: [u8; 32],
    /// Where we can be reached, best first.
    pub candidates: Vec<Candidate>,
}

/// Where we can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// By which kind of packets.
    pub transport: Transport,
    /// At which address.
    pub address: SocketAddr,
}

impl Candidate {
    /// An address for datagrams.
    pub const fn udp(address: SocketAddr) -> Self {
        Self { transport: Transport::Udp, address }
    }

    /// An address to connect to.
    pub const fn tcp(address: SocketAddr) -> Self {
        Self { transport: Transport::Tcp, address }
    }
}

/// What carries media.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// Datagrams.
    Udp,
    /// A connection that the client opens (RFC 6544, passive).
    Tcp,
}

impl Transport {
    /// As in a candidate.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Udp => "udp",
            Self::Tcp => "tcp",
        }
    }
}

/// One connection's side of offers and answers.
///
/// Publisher and Single answer the client's offers; a Subscriber makes its own. Where a call is of the other kind it does
/// nothing, or refuses.
#[derive(Clone, Debug)]
pub struct Negotiator {
    local: LocalDescription,
    side: Side,
}

#[derive(Clone, Debug)]
enum Side {
    Answers(Answerer),
    Offers(Offerer),
}

impl Negotiator {
    /// Nothing negotiated yet.
    pub fn new(role: Role, local: LocalDescription) -> Self {
        let side = match role {
            Role::Publisher => Side::Answers(Answerer::new(false, local.ice.clone())),
            Role::Single => Side::Answers(Answerer::new(true, local.ice.clone())),
            Role::Subscriber => Side::Offers(Offerer::new(local.ice.clone())),
        };
        Self { local, side }
    }

    /// A client's offer; comes to our answer. `wishes`: its name of a track, and what it asked for.
    pub fn accept_offer(
        &mut self,
        sdp: &str,
        wishes: &[(String, Wish)],
    ) -> Result<(String, Arc<NegotiatedSession>), SdpError> {
        match &mut self.side {
            Side::Answers(side) => side.accept_offer(&self.local, sdp, wishes),
            Side::Offers(_) => Err(SdpError::new("sdp.wrong_side", "on this connection the offers are ours")),
        }
    }

    /// Where we can be reached, as our next description says; a client that knows the old ones learns these by restarting
    /// ICE.
    pub fn set_candidates(&mut self, candidates: Vec<Candidate>) {
        self.local.candidates = candidates;
    }

    /// A track shall go out, from the next negotiation on. A Single waits for a free section.
    pub fn add_send(&mut self, track: SendTrack) {
        match &mut self.side {
            Side::Answers(side) => side.add_send(track),
            Side::Offers(side) => side.add_send(track),
        }
    }

    /// It shall no longer. Its section is inactive in the next negotiation and free after that.
    pub fn remove_send(&mut self, track_sid: &str) {
        match &mut self.side {
            Side::Answers(side) => side.remove_send(track_sid),
            Side::Offers(side) => side.remove_send(track_sid),
        }
    }

    /// Sids of the tracks that finished negotiations gave up, once: the client has no codec for them. They go out no longer,
    /// nor wait, until they are added again.
    pub fn take_given_up(&mut self) -> Vec<String> {
        match &mut self.side {
            Side::Answers(side) => side.take_given_up(),
            Side::Offers(side) => side.take_given_up(),
        }
    }

    /// (audio, video) sections that a Single's client must add to its next offer.
    pub fn missing(&self) -> (u32, u32) {
        match &self.side {
            Side::Answers(side) => side.missing(),
            Side::Offers(_) => (0, 0),
        }
    }

    /// An offer is due: ours for a Subscriber (never while one is out), else the client's.
    pub fn needs_negotiation(&self) -> bool {
        match &self.side {
            Side::Answers(side) => side.needs_negotiation(),
            Side::Offers(side) => side.needs_negotiation(),
        }
    }

    /// Whether [`Negotiator::set_spare_ice`] should be called before the next negotiation.
    pub fn needs_spare_ice(&self) -> bool {
        match &self.side {
            Side::Answers(side) => side.needs_spare_ice(),
            Side::Offers(side) => side.needs_spare_ice(),
        }
    }

    /// Credentials for the next ICE restart. Without any, a restart takes another name under the same password.
    pub fn set_spare_ice(&mut self, creds: IceCreds) {
        match &mut self.side {
            Side::Answers(side) => side.set_spare_ice(creds),
            Side::Offers(side) => side.set_spare_ice(creds),
        }
    }

    /// Our offer (Subscriber). While one is out, that one again; empty on the other roles.
    pub fn create_offer(&mut self) -> String {
        match &mut self.side {
            Side::Offers(side) => side.create_offer(&self.local),
            Side::Answers(_) => String::new(),
        }
    }

    /// The client's answer to it.
    pub fn accept_answer(&mut self, sdp: &str) -> Result<Arc<NegotiatedSession>, SdpError> {
        match &mut self.side {
            Side::Offers(side) => side.accept_answer(sdp),
            Side::Answers(_) => Err(SdpError::new("sdp.no_offer", "it answers no offer of ours")),
        }
    }

    /// Subscriber: the next offer restarts ICE; one that is out is void.
    pub fn restart_ice(&mut self) {
        if let Side::Offers(side) = &mut self.side {
            side.restart_ice();
        }
    }
}
