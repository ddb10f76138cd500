//! A peer connection of str0m's with its socket, and what it sends.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use str0m::change::{SdpAnswer, SdpOffer, SdpPendingOffer};
use str0m::format::Codec;
use str0m::media::{Direction, MediaKind, Mid, Pt};
use str0m::net::{Protocol, Receive};
use str0m::rtp::{ExtensionValues, RtpPacket, RtpWrite};
use str0m::{Candidate, Event, Input, Output, Rtc};
use tokio::net::UdpSocket;

use super::media::{Packet, Shape, Source};
use super::tally::{Heard, Tally};
use super::{Options, Person};

const LARGEST: usize = 2048;
const FAR: Duration = Duration::from_secs(3600);

/// See the module.
pub struct Pc {
    rtc: Box<Rtc>,
    socket: UdpSocket,
    here: SocketAddr,
    deadline: Instant,
    pending: Option<SdpPendingOffer>,
    connected: bool,
    sources: Vec<(Mid, Pt, Source)>,
    heard: HashMap<u32, Option<Heard>>,
    tally: Arc<Tally>,
}

impl Pc {
    pub async fn open(from: IpAddr, tally: &Arc<Tally>) -> Result<Self, String> {
        let socket = UdpSocket::bind((from, 0)).await.map_err(|e| e.to_string())?;
        let here = socket.local_addr().map_err(|e| e.to_string())?;
        let now = Instant::now();
        let builder = Rtc::builder().set_rtp_mode(true).clear_codecs().enable_opus(true, false).enable_vp8(true);
        let mut rtc = Box::new(builder.build(now));
        rtc.add_local_candidate(Candidate::host(here, "udp").map_err(|e| e.to_string())?);
        let (pending, heard, sources, tally) = (None, HashMap::new(), Vec::new(), tally.clone());
        Ok(Self { rtc, socket, here, deadline: now, pending, connected: false, sources, heard, tally })
    }

    /// Offers to send; tracks have the names that they are given.
    pub fn offer(
        &mut self,
        options: &Options,
        person: Person,
        name: impl Fn(usize) -> String,
    ) -> Result<String, String> {
        let of = (person.sends.pictures + person.sends.voices) * options.senders.max(options.mesh.unwrap_or(1));
        let mut api = self.rtc.sdp_api();
        for (n, is_picture) in person.sends.streams().enumerate() {
            let kind = if is_picture { MediaKind::Video } else { MediaKind::Audio };
            let mid = api.add_media(kind, Direction::SendOnly, Some("stream".into()), Some(name(n)), None);
            let place = person.number * (person.sends.pictures + person.sends.voices) + n as u32;
            self.sources.push((mid, 0.into(), Source::new(options, is_picture, place, of)));
        }
        let (offer, pending) = api.apply().ok_or("nothing to offer")?;
        self.pending = Some(pending);
        self.drain(Instant::now())?;
        Ok(offer.to_sdp_string())
    }

    pub fn accept_answer(&mut self, sdp: &str) -> Result<(), String> {
        let answer = SdpAnswer::from_sdp_string(sdp).map_err(|e| e.to_string())?;
        let pending = self.pending.take().ok_or("an answer to nothing")?;
        self.rtc.sdp_api().accept_answer(pending, answer).map_err(|e| e.to_string())?;
        for i in 0..self.sources.len() {
            let (mid, is_picture) = (self.sources[i].0, self.sources[i].2.is_picture);
            self.sources[i].1 = self.payload_type(mid, is_picture).ok_or("no codec in common")?;
        }
        self.drain(Instant::now())
    }

    pub fn accept_offer(&mut self, sdp: &str) -> Result<String, String> {
        let offer = SdpOffer::from_sdp_string(sdp).map_err(|e| e.to_string())?;
        let answer = self.rtc.sdp_api().accept_offer(offer).map_err(|e| e.to_string())?;
        self.drain(Instant::now())?;
        Ok(answer.to_sdp_string())
    }

    /// Where the server can be reached; what isn't UDP is left out.
    pub fn add_candidate(&mut self, candidate: &str) -> Result<(), String> {
        if let Ok(candidate) = Candidate::from_sdp_string(candidate)
            && candidate.proto() == Protocol::Udp
            && candidate.addr().is_ipv4()
        {
            self.rtc.add_remote_candidate(candidate);
        }
        self.drain(Instant::now())
    }

    /// Waits for a datagram.
    pub async fn readable(&self) {
        let _ = self.socket.readable().await;
    }

    /// When it has something to do by itself.
    pub fn deadline(&self) -> Instant {
        let next = self.sources.iter().filter(|_| self.connected).map(|(_, _, source)| source.next).min();
        next.map_or(self.deadline, |next| next.min(self.deadline))
    }

    /// Takes in what has come, and does what is due.
    pub fn turn(&mut self) -> Result<(), String> {
        let mut buffer = [0; LARGEST];
        while let Ok((n, from)) = self.socket.try_recv_from(&mut buffer) {
            let Ok(receive) = Receive::new(Protocol::Udp, from, self.here, &buffer[..n]) else { continue };
            let now = Instant::now();
            let input = Input::Receive(now, receive);
            if self.rtc.accepts(&input) {
                self.rtc.handle_input(input).map_err(|e| e.to_string())?;
                self.drain(now)?;
            }
        }
        let now = Instant::now();
        if self.deadline <= now {
            self.rtc.handle_input(Input::Timeout(now)).map_err(|e| e.to_string())?;
            self.drain(now)?;
        }
        if self.connected {
            self.send(now)?;
        }
        Ok(())
    }

    fn send(&mut self, now: Instant) -> Result<(), String> {
        for i in 0..self.sources.len() {
            let (mid, pt, source) = &mut self.sources[i];
            let (mid, pt, is_picture) = (*mid, *pt, source.is_picture);
            for Packet { seq, timestamp, marker, payload } in source.due(now) {
                let said = ExtensionValues {
                    audio_level: (!is_picture).then_some(-20),
                    voice_activity: (!is_picture).then_some(true),
                    ..Default::default()
                };
                let write = RtpWrite::new(pt, seq.into(), timestamp, now, payload);
                if let Some(stream) = self.rtc.direct_api().stream_tx_by_mid(mid, None) {
                    stream.write_rtp(write.marker(marker).nackable(is_picture).ext_vals(said));
                    self.tally.sent(1);
                }
                self.drain(now)?;
            }
        }
        Ok(())
    }

    fn drain(&mut self, now: Instant) -> Result<(), String> {
        if !self.rtc.is_alive() {
            return Err("the connection is gone".into());
        }
        loop {
            match self.rtc.poll_output().map_err(|e| e.to_string())? {
                Output::Timeout(at) => {
                    self.deadline = at.clamp(now + Duration::from_millis(1), now + FAR);
                    return Ok(());
                }
                Output::Transmit(datagram) => {
                    let _ = self.socket.try_send_to(&datagram.contents, datagram.destination);
                }
                Output::Event(event) => self.hear(event),
            }
        }
    }

    fn hear(&mut self, event: Event) {
        match event {
            Event::Connected if !self.connected => {
                self.connected = true;
                if !self.sources.is_empty() {
                    self.tally.sends();
                }
            }
            Event::RtpPacket(packet) if !packet.payload.is_empty() => self.take(&packet),
            Event::KeyframeRequest(request) => {
                let asked = self.sources.iter_mut().filter(|(mid, ..)| *mid == request.mid);
                asked.for_each(|(_, _, source)| source.wants_key = true);
            }
            _ => {}
        }
    }

    fn take(&mut self, packet: &RtpPacket) {
        let heard = self.heard.entry(*packet.header.ssrc).or_default();
        self.tally.received(heard, *packet.seq_no, packet.payload.len());
    }

    fn payload_type(&self, mid: Mid, is_picture: bool) -> Option<Pt> {
        let remote = self.rtc.media(mid)?.remote_pts();
        let codec = if is_picture { Codec::Vp8 } else { Codec::Opus };
        let mut params = self.rtc.codec_config().params().iter();
        params.find(|p| p.spec().codec == codec && remote.contains(&p.pt())).map(str0m::format::PayloadParams::pt)
    }
}

impl Shape {
    /// Whether there is anything to send.
    pub fn sends(self) -> bool {
        self.pictures + self.voices > 0
    }
}
