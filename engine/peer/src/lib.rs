//! One connection: ICE-lite, DTLS 1.2 (always its server), SCTP and data channels, composed, sans I/O.
//!
//! Law: after every call that takes `&mut self`, drain [`ControlPeer::poll_output`] until `None`; then call
//! [`ControlPeer::handle_timeout`] no later than [`ControlPeer::deadline`]. Time is an argument. Nothing that a stranger
//! sends makes state before STUN has authenticated it. After [`ControlEvent::Closed`] the peer takes nothing more in and
//! has no deadline: drop it.
#![forbid(unsafe_code)]

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use folkmoot_sdp::{IceCreds, NegotiatedSession};

/// Certificate and key of this process; make one.
pub struct Identity {
    certificate: dimpl::DtlsCertificate,
    fingerprint: [u8; 32],
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").finish_non_exhaustive()
    }
}

/// No certificate could be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityError(String);

impl fmt::Display for IdentityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "No certificate could be made: {}.", self.0)
    }
}

impl std::error::Error for IdentityError {}

impl Identity {
    /// A fresh P-256 key and a self-signed certificate.
    pub fn generate() -> Result<Self, IdentityError> {
        let certificate = dimpl::certificate::generate_self_signed_certificate().map_err(|e| IdentityError(e.to_string()))?;
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &certificate.certificate);
        let mut fingerprint = [0; 32];
        fingerprint.copy_from_slice(digest.as_ref());
        Ok(Self { certificate, fingerprint })
    }
    /// SHA-256 of the certificate.
    pub fn fingerprint(&self) -> [u8; 32] {
        let _ = &self.certificate;
        self.fingerprint
    }
}

/// What a connection is made of.
#[derive(Clone, Debug)]
pub struct ControlConfig {
    /// Our ICE credentials.
    pub local_ice: IceCreds,
    /// Our certificate.
    pub identity: Arc<Identity>,
    /// Data channels we open ourselves once connected (LiveKit's subscriber connection).
    pub open: Vec<ChannelSpec>,
}

/// A data channel to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelSpec {
    /// Its label.
    pub label: String,
    /// Ordered and reliable; otherwise unordered and never sent twice.
    pub reliable: bool,
}

/// What to do.
#[derive(Clone, Debug)]
pub enum ControlOutput {
    /// Send a datagram.
    Transmit {
        /// Where to.
        to: SocketAddr,
        /// What.
        bytes: Vec<u8>,
    },
    /// Something happened.
    Event(ControlEvent),
}

/// What happened.
#[derive(Clone, Debug)]
pub enum ControlEvent {
    /// The client sends from here and wants to be sent to here from now on.
    Selected(SocketAddr),
    /// An authenticated address of the client: its packets belong to this connection.
    Source(SocketAddr),
    /// Keys for media. Come once.
    Keys(folkmoot_srtp::Keys),
    /// DTLS is through and the certificate is the announced one.
    Connected,
    /// A data channel is open.
    ChannelOpen {
        /// Its stream.
        id: u16,
        /// Its label.
        label: String,
        /// Messages arrive in order.
        ordered: bool,
        /// Messages arrive.
        reliable: bool,
    },
    /// A message came.
    Message {
        /// On which channel.
        id: u16,
        /// Bytes, not text.
        binary: bool,
        /// What.
        data: Bytes,
    },
    /// A channel is closed.
    ChannelClosed {
        /// Which.
        id: u16,
    },
    /// Nothing has been heard of the client for 15 s. An ICE restart may bring it back.
    Disconnected,
    /// The end.
    Closed(CloseReason),
}

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseReason {
    /// We closed it.
    Local,
    /// The client closed it.
    Remote,
    /// The certificate was not the announced one.
    WrongFingerprint,
    /// DTLS failed.
    Dtls,
    /// Media protection we do not know.
    NoSrtpProfile,
}

/// Why a message was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendError {
    /// There is no such channel.
    NoChannel,
    /// Too much is waiting already.
    Full,
    /// Longer than the client or we take.
    TooLong,
}

/// STUN, DTLS and SCTP of one connection.
pub struct ControlPeer {
    config: ControlConfig,
}

impl ControlPeer {
    /// Waits for its first negotiation.
    pub fn new(config: ControlConfig, _now: Instant) -> Self {
        Self { config }
    }
    /// Every completed negotiation.
    pub fn set_remote(&mut self, _session: &NegotiatedSession) {
        todo!("{:?}", self.config)
    }
    /// A datagram whose first byte is 0..=3 (STUN) or 20..=63 (DTLS).
    pub fn handle_datagram(&mut self, _now: Instant, _source: SocketAddr, _datagram: &[u8]) {
        todo!()
    }
    /// Time has passed.
    pub fn handle_timeout(&mut self, _now: Instant) {
        todo!()
    }
    /// When to call `handle_timeout` at the latest.
    pub fn deadline(&self) -> Option<Instant> {
        todo!()
    }
    /// What to do; until `None`.
    pub fn poll_output(&mut self) -> Option<ControlOutput> {
        todo!()
    }
    /// Sends a message.
    pub fn send(&mut self, _channel: u16, _binary: bool, _data: &[u8]) -> Result<(), SendError> {
        todo!()
    }
    /// Says goodbye.
    pub fn close(&mut self, _now: Instant) {
        todo!()
    }
}

/// Our user name fragment in a STUN request: whose it is before any address is known.
pub fn stun_local_ufrag(_datagram: &[u8]) -> Option<&str> {
    todo!()
}
