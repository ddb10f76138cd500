//! Offers and answers (RFC 8866, RFC 8829, RFC 9143) come to a [`NegotiatedSession`]: pure, no I/O, no crypto.
//!
//! Law: a description is text from a stranger. It is bounded before it is looked at, read once into typed values, and
//! refused with an [`SdpError`] that changes nothing. What we write is strict: payload type numbers and extension ids are
//! the offerer's, a subset of what it offered, never invented; a section never has two `a=msid` lines; the first
//! `a=ssrc` line is the primary stream.
#![forbid(unsafe_code)]

mod session;

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

pub use session::{
    Codec, ExtMap, H264Profile, IceCreds, Kind, Mid, NegotiatedSession, PayloadType, Rid, Sctp, Section, SendTrack, Short,
};

/// Why a description was refused. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SdpError {
    /// Stable, for programs: `sdp.too_large`, `sdp.malformed`, ….
    pub code: &'static str,
    /// For people.
    pub sentence: String,
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
    pub candidates: Vec<SocketAddr>,
}

/// Holds one connection's side of offers and answers.
#[derive(Debug)]
pub struct Negotiator {
    role: Role,
    local: LocalDescription,
}

impl Negotiator {
    /// Nothing negotiated yet.
    pub fn new(role: Role, local: LocalDescription) -> Self {
        Self { role, local }
    }
    /// A client's offer (Publisher, Single). `prefer`: its name of a track and the codec it asked for.
    pub fn accept_offer(
        &mut self,
        _sdp: &str,
        _prefer: &[(String, Codec)],
    ) -> Result<(String, Arc<NegotiatedSession>), SdpError> {
        todo!("{:?} {:?}", self.role, self.local)
    }
    /// A track shall go out.
    pub fn add_send(&mut self, _track: SendTrack) {
        todo!()
    }
    /// It shall no longer.
    pub fn remove_send(&mut self, _track_sid: &str) {
        todo!()
    }
    /// Single: (audio, video) sections the client must add.
    pub fn missing(&self) -> (u32, u32) {
        todo!()
    }
    /// An offer is due.
    pub fn needs_negotiation(&self) -> bool {
        todo!()
    }
    /// Our credentials for the next ICE restart have been used up (or never given): see `set_spare_ice`.
    pub fn needs_spare_ice(&self) -> bool {
        todo!()
    }
    /// Credentials to take when the client restarts ICE.
    pub fn set_spare_ice(&mut self, _creds: IceCreds) {
        todo!()
    }
    /// Our offer (Subscriber).
    pub fn create_offer(&mut self) -> String {
        todo!()
    }
    /// The client's answer to it.
    pub fn accept_answer(&mut self, _sdp: &str) -> Result<Arc<NegotiatedSession>, SdpError> {
        todo!()
    }
    /// Subscriber: the next offer restarts ICE.
    pub fn restart_ice(&mut self) {
        todo!()
    }
}
