use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use dimpl::{Dtls, Output, SrtpProfile};
use folkmoot_sdp::{IceCreds, NegotiatedSession};
use folkmoot_srtp::{Keys, Profile};

use crate::channels::{ChannelSpec, Channels};
use crate::event::{CloseReason, ControlEvent, ControlOutput, SendError};
use crate::ice::Ice;
use crate::identity::{Identity, fingerprint};
use crate::path::Path;
use crate::pieces;

/// What a connection is made of.
#[derive(Clone, Debug)]
pub struct ControlConfig {
    /// Our ICE credentials, as in our first description.
    pub local_ice: IceCreds,
    /// Our certificate.
    pub identity: Arc<Identity>,
    /// Data channels we open ourselves once connected: see [`ChannelSpec::livekit`]; none where the client opens them.
    pub open: Vec<ChannelSpec>,
}

/// STUN, DTLS and SCTP of one connection.
pub struct ControlPeer {
    ice: Ice,
    dtls: Dtls,
    dtls_deadline: Option<Instant>,
    channels: Channels,
    remote_fingerprint: Option<[u8; 32]>,
    stage: Stage,
    now: Instant,
    out: VecDeque<ControlOutput>,
    buffer: Vec<u8>,
    /// Chunks of what DTLS opened, and its bytes.
    received: (usize, usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Handshake,
    /// The certificate is the announced one; keys follow.
    Verified,
    Open,
    Closed,
}

impl ControlPeer {
    /// Waits for its first negotiation.
    pub fn new(config: ControlConfig, now: Instant) -> Self {
        let ControlConfig { local_ice, identity, open } = config;
        // 1.2 and not 1.3: as a 1.3 server `dimpl` 0.9 follows the client's order of media protection, which begins with
        // AES-CM at Chromium's; as a 1.2 server it follows ours, and media goes under AES-GCM.
        let mut dtls = Dtls::new_12(identity.config.clone(), identity.certificate.clone(), now);
        dtls.set_active(false);
        Self {
            ice: Ice::new(&local_ice),
            dtls,
            dtls_deadline: None,
            channels: Channels::new(open),
            remote_fingerprint: None,
            stage: Stage::Handshake,
            now,
            out: VecDeque::new(),
            buffer: vec![0; 2048],
            received: (0, 0),
        }
    }

    /// A completed negotiation. Another `local_ice` than before is an ICE restart: both names are answered until the
    /// client has nominated under the new one.
    pub fn set_remote(&mut self, session: &NegotiatedSession) {
        if self.stage == Stage::Closed {
            return;
        }
        if let Some(sctp) = session.sctp {
            self.channels.set_remote_max(sctp.max_message_size);
        }
        match self.remote_fingerprint {
            None => self.remote_fingerprint = Some(session.remote_fingerprint),
            // Another certificate would need another DTLS; the client must make another connection.
            Some(known) if known != session.remote_fingerprint => return self.end(CloseReason::WrongFingerprint),
            Some(_) => {}
        }
        self.ice.set_remote(self.now, &session.local_ice, &session.remote_ice, &mut self.out);
    }

    /// A datagram whose first byte is 0..=3 (STUN) or 20..=63 (DTLS). Any other is ignored.
    pub fn handle_datagram(&mut self, now: Instant, source: impl Into<Path>, datagram: &[u8]) {
        let source = source.into();
        if self.stage == Stage::Closed {
            return;
        }
        self.now = now;
        match datagram.first() {
            Some(0..=3) => self.ice.handle(now, source, datagram, &mut self.out),
            Some(20..=63) if self.ice.is_authenticated(source) && self.remote_fingerprint.is_some() => {
                if self.dtls.handle_timeout(now).is_err() || self.dtls.handle_packet(datagram).is_err() {
                    return self.end(CloseReason::Dtls);
                }
                self.drive();
            }
            _ => {}
        }
    }

    /// A path is no more: its TCP connection was closed. The client comes back by another, or by the same address anew.
    pub fn handle_lost_path(&mut self, now: Instant, path: Path) {
        if self.stage == Stage::Closed {
            return;
        }
        self.now = now;
        self.ice.lose(path, &mut self.out);
    }

    /// Time has passed.
    pub fn handle_timeout(&mut self, now: Instant) {
        if self.stage == Stage::Closed {
            return;
        }
        self.now = now;
        self.ice.handle_timeout(now, &mut self.out);
        if self.dtls.handle_timeout(now).is_err() {
            return self.end(CloseReason::Dtls);
        }
        self.channels.handle_timeout(now);
        self.drive();
    }

    /// When to call `handle_timeout` at the latest.
    pub fn deadline(&self) -> Option<Instant> {
        if self.stage == Stage::Closed {
            return None;
        }
        [self.ice.deadline(), self.dtls_deadline, self.channels.deadline()].into_iter().flatten().min()
    }

    /// What to do; call until `None`.
    pub fn poll_output(&mut self) -> Option<ControlOutput> {
        self.out.pop_front()
    }

    /// What the client has sent of messages, and all that belongs to them, since this was last asked: chunks and bytes.
    pub fn take_received(&mut self) -> (usize, usize) {
        std::mem::take(&mut self.received)
    }

    /// Sends a message on an open channel.
    pub fn send(&mut self, channel: u16, binary: bool, data: &[u8]) -> Result<(), SendError> {
        if self.stage != Stage::Open {
            return Err(SendError::NoChannel);
        }
        self.channels.send(channel, binary, data)?;
        self.drive();
        Ok(())
    }

    /// Says goodbye and ends.
    pub fn close(&mut self, now: Instant) {
        if self.stage == Stage::Closed {
            return;
        }
        self.now = now;
        if self.dtls.handle_timeout(now).is_ok() && self.dtls.close().is_ok() {
            self.drain_dtls();
        }
        self.end(CloseReason::Local);
    }

    /// Runs DTLS and SCTP until neither has anything for the other.
    fn drive(&mut self) {
        loop {
            let received = self.drain_dtls();
            if self.stage == Stage::Closed {
                return;
            }
            for packet in received {
                self.channels.handle(self.now, packet);
            }
            let mut packets = Vec::new();
            if self.stage == Stage::Open {
                self.channels.poll(self.now, &mut self.out, &mut packets);
            }
            if packets.is_empty() {
                return;
            }
            for packet in packets {
                if self.dtls.send_application_data(&packet).is_err() {
                    return self.end(CloseReason::Dtls);
                }
                // After each: a full queue is fatal to DTLS. What comes in meanwhile is SCTP's.
                for received in self.drain_dtls() {
                    self.channels.handle(self.now, received);
                }
                if self.stage == Stage::Closed {
                    return;
                }
            }
        }
    }

    /// Sends what DTLS wants sent, tells what it tells, and gives back what it decrypted.
    fn drain_dtls(&mut self) -> Vec<Bytes> {
        let mut received = Vec::new();
        let mut end = None;
        loop {
            match self.dtls.poll_output(&mut self.buffer) {
                Output::Packet(packet) => {
                    if let Some(to) = self.ice.selected() {
                        self.ice.begin_handshake();
                        self.out.push_back(ControlOutput::Transmit { to, bytes: packet.to_vec() });
                    }
                }
                Output::BufferTooSmall { needed } => self.buffer.resize(needed.min(1 << 16), 0),
                Output::PeerCert(der) => {
                    if self.remote_fingerprint == Some(fingerprint(der)) {
                        self.stage = Stage::Verified;
                    } else {
                        end = Some(CloseReason::WrongFingerprint);
                    }
                }
                Output::KeyingMaterial(material, profile) if self.stage == Stage::Verified => {
                    match read_profile(profile).and_then(|p| Keys::from_dtls(p, &material)) {
                        Some(keys) => {
                            self.stage = Stage::Open;
                            self.ice.end_handshake();
                            self.out.push_back(ControlOutput::Event(ControlEvent::Keys(keys)));
                            self.out.push_back(ControlOutput::Event(ControlEvent::Connected));
                        }
                        None => end = Some(CloseReason::NoSrtpProfile),
                    }
                }
                Output::ApplicationData(data) if self.stage == Stage::Open => {
                    self.received = (self.received.0 + pieces::count(data).max(1), self.received.1 + data.len());
                    received.push(Bytes::copy_from_slice(data));
                }
                Output::CloseNotify => end = end.or(Some(CloseReason::Remote)),
                Output::Timeout(at) => {
                    // Never in the past: a caller that obeys must not spin.
                    self.dtls_deadline = Some(at.max(self.now + Duration::from_millis(1)));
                    break;
                }
                _ => {}
            }
        }
        if let Some(reason) = end {
            self.end(reason);
        }
        received
    }

    fn end(&mut self, reason: CloseReason) {
        if self.stage != Stage::Closed {
            self.stage = Stage::Closed;
            self.out.push_back(ControlOutput::Event(ControlEvent::Closed(reason)));
        }
    }
}

const fn read_profile(profile: SrtpProfile) -> Option<Profile> {
    match profile {
        SrtpProfile::AEAD_AES_256_GCM => Some(Profile::AeadAes256Gcm),
        SrtpProfile::AEAD_AES_128_GCM => Some(Profile::AeadAes128Gcm),
        SrtpProfile::AES128_CM_SHA1_80 => Some(Profile::AesCm128HmacSha1_80),
        _ => None,
    }
}
