//! One peer connection of a light client: str0m's ICE, DTLS, SCTP and SRTP behind a socket of its own, without its SDP.

use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use str0m::config::DtlsCert;
use str0m::media::{MediaKind, Mid};
use str0m::net::{Protocol, Receive};
use str0m::rtp::{Extension, ExtensionValues, RtpWrite};
use str0m::{Candidate, Event, IceCreds, Input, Output, Rtc, RtcConfig, RtcError};
use tokio::net::UdpSocket;

use super::hearing::{Hearing, said};
use super::sdp::{self, Local, MICROPHONE_MID, Remote};

const LARGEST: usize = 2048;
const OPUS: u8 = 111;
/// Of speech: one packet.
pub const FRAME: Duration = Duration::from_millis(20);
const SAMPLES: u32 = 960;
const PAYLOAD: usize = 80;

/// A peer connection and its socket.
pub struct Line {
    rtc: Box<Rtc>,
    socket: UdpSocket,
    here: SocketAddr,
    deadline: Instant,
    known: bool,
    /// ICE and DTLS are through.
    pub connected: bool,
    /// What comes of others' voices, if somebody listens.
    pub hearing: Option<HashMap<u32, Hearing>>,
    sent: u32,
}

impl Line {
    /// A line with a free port.
    pub async fn open() -> io::Result<Self> {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let here = socket.local_addr()?;
        let now = Instant::now();
        let mut rtc = RtcConfig::new()
            .set_dtls_cert(certificate())
            .set_rtp_mode(true)
            .clear_codecs()
            .enable_opus(true, false)
            .clear_extension_map()
            .set_extension(1, Extension::AudioLevel)
            .set_extension(4, Extension::RtpMid)
            .build(now);
        rtc.add_local_candidate(Candidate::host(here, "udp").map_err(io::Error::other)?);
        let mut line = Self {
            rtc: Box::new(rtc),
            socket,
            here,
            deadline: now,
            known: false,
            connected: false,
            hearing: None,
            sent: 0,
        };
        line.rtc.direct_api().set_ice_controlling(true);
        Ok(line)
    }

    /// What our descriptions say of us.
    pub fn local(&mut self) -> Local {
        let api = self.rtc.direct_api();
        let IceCreds { ufrag, pass } = api.local_ice_credentials();
        Local { ufrag, pwd: pass, fingerprint: api.local_dtls_fingerprint().to_string() }
    }

    /// The number of the stream that the microphone sends.
    pub fn microphone(&mut self) -> u32 {
        let mut api = self.rtc.direct_api();
        let ssrc = api.new_ssrc();
        api.declare_media(Mid::from(MICROPHONE_MID), MediaKind::Audio);
        api.declare_stream_tx(ssrc, None, Mid::from(MICROPHONE_MID), None);
        *ssrc
    }

    /// An offer or an answer came.
    pub fn set_remote(&mut self, remote: &Remote) -> Result<(), String> {
        if !std::mem::replace(&mut self.known, true) {
            self.start(remote)?;
        }
        for candidate in &remote.candidates {
            self.add_candidate(candidate);
        }
        if self.hearing.is_some() {
            self.expect(&remote.streams);
        }
        self.drain(Instant::now()).map_err(|e| e.to_string())
    }

    fn start(&mut self, remote: &Remote) -> Result<(), String> {
        let mut api = self.rtc.direct_api();
        api.set_remote_ice_credentials(IceCreds { ufrag: remote.ufrag.clone(), pass: remote.pwd.clone() });
        api.set_remote_fingerprint(remote.fingerprint.parse()?);
        api.start_dtls(!remote.active).map_err(|e| e.to_string())?;
        api.start_sctp(!remote.active);
        Ok(())
    }

    fn expect(&mut self, streams: &[(String, u32)]) {
        let mut api = self.rtc.direct_api();
        for (mid, ssrc) in streams {
            let mid = Mid::from(mid.as_str());
            if api.stream_rx(&(*ssrc).into()).is_none() {
                if api.stream_rx_by_mid(mid, None).is_none() {
                    api.declare_media(mid, MediaKind::Audio);
                }
                api.expect_stream_rx((*ssrc).into(), None, mid, None).suppress_nack(true);
            }
        }
    }

    /// Where the server can be reached; what isn't UDP is left out.
    pub fn add_candidate(&mut self, candidate: &str) {
        if let Ok(candidate) = Candidate::from_sdp_string(candidate)
            && candidate.proto() == Protocol::Udp
            && candidate.addr().is_ipv4()
        {
            self.rtc.add_remote_candidate(candidate);
            let _ = self.drain(Instant::now());
        }
    }

    /// Waits for a datagram.
    pub async fn readable(&self) {
        let _ = self.socket.readable().await;
    }

    /// When it has something to do by itself.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Takes in what has come, and does what is due.
    pub fn turn(&mut self) -> Result<(), RtcError> {
        let mut buffer = [0; LARGEST];
        while let Ok((n, from)) = self.socket.try_recv_from(&mut buffer) {
            let Ok(receive) = Receive::new(Protocol::Udp, from, self.here, &buffer[..n]) else { continue };
            let now = Instant::now();
            let input = Input::Receive(now, receive);
            if self.rtc.accepts(&input) {
                self.rtc.handle_input(input)?;
                self.drain(now)?;
            }
        }
        let now = Instant::now();
        if self.deadline <= now {
            self.rtc.handle_input(Input::Timeout(now))?;
            self.drain(now)?;
        }
        Ok(())
    }

    /// Says one frame.
    pub fn speak(&mut self) -> Result<(), RtcError> {
        let now = Instant::now();
        let level = ExtensionValues { audio_level: Some(-20), voice_activity: Some(true), ..Default::default() };
        let write = RtpWrite::new(
            OPUS.into(),
            u64::from(self.sent).into(),
            self.sent.wrapping_mul(SAMPLES),
            now,
            [&said(now), [0x78; PAYLOAD].as_slice()].concat(),
        );
        if let Some(stream) = self.rtc.direct_api().stream_tx_by_mid(Mid::from(MICROPHONE_MID), None) {
            stream.write_rtp(write.ext_vals(level));
            self.sent += 1;
        }
        self.drain(now)
    }

    fn drain(&mut self, now: Instant) -> Result<(), RtcError> {
        loop {
            match self.rtc.poll_output()? {
                Output::Timeout(at) => {
                    self.deadline = at.max(now + Duration::from_millis(1));
                    return Ok(());
                }
                Output::Transmit(datagram) => {
                    let _ = self.socket.try_send_to(&datagram.contents, datagram.destination);
                }
                Output::Event(Event::Connected) => self.connected = true,
                Output::Event(Event::RtpPacket(packet)) => {
                    if let Some(hearing) = &mut self.hearing {
                        let heard = hearing.entry(*packet.header.ssrc).or_default();
                        heard.hear(*packet.seq_no, now);
                        heard.was_said(&packet.payload, now);
                    }
                }
                Output::Event(_) => {}
            }
        }
    }
}

/// Once for all: a certificate a client would measure the making of keys.
fn certificate() -> DtlsCert {
    static CERTIFICATE: OnceLock<DtlsCert> = OnceLock::new();
    let make = || {
        let provider = str0m::crypto::from_feature_flags();
        provider.dtls_provider.generate_certificate().expect("a certificate")
    };
    CERTIFICATE.get_or_init(make).clone()
}

/// Reads a description, or says why it can't be.
pub fn described(sdp: &str) -> Result<Remote, String> {
    sdp::read(sdp).ok_or_else(|| "the server's description can't be read".into())
}
