//! One peer connection of a client: a str0m `Rtc` in RTP mode, with what it sends and what it has received.
//!
//! str0m is a client we did not write: its SDP, SRTP, RTP and RTCP judge ours.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use str0m::bwe::{Bitrate, BweKind};
use str0m::change::{SdpAnswer, SdpOffer, SdpPendingOffer};
use str0m::channel::{ChannelConfig, ChannelId, Reliability};
use str0m::format::{Codec, PayloadParams};
use str0m::media::{Direction, KeyframeRequestKind, MediaKind, Mid, Pt, Rid, Simulcast, SimulcastLayer};
use str0m::net::{Protocol, Receive};
use str0m::rtp::{ExtensionValues, RtpWrite};
use str0m::{Candidate, Event, Input, Output, Rtc};

use crate::media::{self, RIDS};
use crate::source::Source;
use crate::watch::{Packet, Stream};
use crate::wire::{self, Message};

/// On a path of the usual length.
const PATIENCE: Duration = Duration::from_millis(300);

/// A stream that comes in.
#[derive(Debug)]
pub struct Incoming {
    /// The section.
    pub mid: String,
    /// Its packets.
    pub stream: Stream,
    asked: Option<Instant>,
}

/// A client's peer connection.
pub struct Pc {
    /// Where its packets come from.
    pub addr: SocketAddr,
    rtc: Rtc,
    start: Instant,
    sources: Vec<Source>,
    timeout: Instant,
    /// Datagrams to send.
    pub out: VecDeque<Vec<u8>>,
    /// What came in, by SSRC.
    pub incoming: BTreeMap<u32, Incoming>,
    channels: Vec<(ChannelId, String, bool)>,
    /// Messages, with the label of their channel.
    pub messages: Vec<(String, Message)>,
    /// Whether ICE and DTLS are through.
    pub connected: bool,
    /// When they were.
    pub connected_at: Option<Instant>,
    /// Key frames that were asked of us.
    pub key_requests: u32,
    /// What its congestion control makes of our feedback.
    pub estimate: Option<Bitrate>,
    pending: Option<SdpPendingOffer>,
    /// How long it sees nothing new before it asks for a key frame.
    pub patience: Duration,
    /// Packets that carried no stamp of ours.
    pub strange: u32,
    /// It looks for what its path carries.
    probes: bool,
}

impl Pc {
    /// A connection that sends from `addr`.
    pub fn new(addr: SocketAddr, start: Instant, now: Instant) -> Self {
        let mut rtc = Rtc::builder()
            .set_rtp_mode(true)
            .clear_codecs()
            .enable_opus(true, false)
            .enable_vp8(true)
            .enable_h264(true)
            .enable_bwe(Some(Bitrate::mbps(3)))
            .build(now);
        rtc.add_local_candidate(Candidate::host(addr, "udp").expect("a host address"));
        let mut pc = Self {
            addr,
            rtc,
            start,
            sources: Vec::new(),
            timeout: now,
            out: VecDeque::new(),
            incoming: BTreeMap::new(),
            channels: Vec::new(),
            messages: Vec::new(),
            connected: false,
            connected_at: None,
            key_requests: 0,
            estimate: None,
            pending: None,
            patience: PATIENCE,
            strange: 0,
            probes: false,
        };
        pc.drain(now);
        pc
    }

    /// An offer: data channels when `data`, a microphone and a camera when asked, `places` sections of each kind to receive on.
    pub fn offer(&mut self, now: Instant, wants: Wants) -> String {
        let mut sdp = self.rtc.sdp_api();
        if wants.data {
            sdp.add_channel_with_config(ChannelConfig { label: "_reliable".into(), ..Default::default() });
            sdp.add_channel_with_config(ChannelConfig {
                label: "_lossy".into(),
                ordered: false,
                reliability: Reliability::MaxRetransmits { retransmits: 0 },
                ..Default::default()
            });
        }
        let mut added = Vec::new();
        if let Some(track) = wants.microphone {
            let cid = Some(format!("mic-{track}"));
            let mid = sdp.add_media(MediaKind::Audio, Direction::SendOnly, Some("stream".into()), cid, None);
            added.push((mid, track, MediaKind::Audio, vec![None]));
        }
        if let Some((track, simulcast)) = wants.camera {
            let mut group = Simulcast::new();
            for rid in RIDS {
                group.add_send_layer(SimulcastLayer::new(rid));
            }
            let cid = Some(format!("cam-{track}"));
            let group = simulcast.then_some(group);
            let mid = sdp.add_media(MediaKind::Video, Direction::SendOnly, Some("stream".into()), cid, group);
            let rids = if simulcast { RIDS.iter().map(|r| Some(Rid::from(*r))).collect() } else { vec![None] };
            added.push((mid, track, MediaKind::Video, rids));
        }
        for _ in 0..wants.audio_places {
            sdp.add_media(MediaKind::Audio, Direction::RecvOnly, None, None, None);
        }
        for _ in 0..wants.video_places {
            sdp.add_media(MediaKind::Video, Direction::RecvOnly, None, None, None);
        }
        if wants.restart {
            sdp.ice_restart(true);
        }
        let (offer, pending) = sdp.apply().expect("something to offer");
        self.pending = Some(pending);
        for (mid, track, kind, rids) in added {
            let (h264, sizes) = (wants.h264, wants.sizes.unwrap_or(media::MODEST));
            let temporal = kind == MediaKind::Video && sizes == media::TEMPORAL;
            self.sources.push(Source { h264, sizes, temporal, ..Source::new(mid, track, kind, &rids, now) });
        }
        self.drain(now);
        offer.to_sdp_string()
    }

    /// The server's answer.
    pub fn accept_answer(&mut self, now: Instant, sdp: &str) {
        let answer = SdpAnswer::from_sdp_string(sdp).expect("an answer that a stranger can read");
        let pending = self.pending.take().expect("an offer");
        self.rtc.sdp_api().accept_answer(pending, answer).expect("an answer that fits the offer");
        self.drain(now);
    }

    /// The server's offer.
    pub fn accept_offer(&mut self, now: Instant, sdp: &str) -> String {
        let offer = SdpOffer::from_sdp_string(sdp).expect("an offer that a stranger can read");
        let answer = self.rtc.sdp_api().accept_offer(offer).expect("an offer that can be answered");
        self.drain(now);
        answer.to_sdp_string()
    }

    /// It would send so much if its path carried it: what its congestion control looks for.
    pub fn want_to_send(&mut self, bits: u64) {
        self.probes = true;
        self.rtc.bwe().set_bitrate(Bitrate::ZERO, Bitrate::bps(bits));
    }

    /// Sends so many layers of its camera and no more.
    pub fn send_layers(&mut self, most: usize) {
        self.sources.iter_mut().filter(|s| s.kind.is_video()).for_each(|source| source.rest(most));
    }

    /// Stops or resumes what it sends.
    pub fn mute(&mut self, track: u32, muted: bool) {
        for source in self.sources.iter_mut().filter(|s| s.track == track) {
            source.muted = muted;
        }
    }

    /// All it sends begins anew: other streams, other numbers, another time. As when a page takes another device.
    pub fn start_over(&mut self) {
        for source in &mut self.sources {
            source.start_over();
            for rid in source.layers.iter().map(|layer| layer.rid) {
                let mut api = self.rtc.direct_api();
                let (ssrc, repair) = (api.new_ssrc(), api.new_ssrc());
                let repaired = api.stream_tx_by_mid(source.mid, rid).is_some_and(|stream| stream.rtx().is_some());
                api.reset_stream_tx(source.mid, rid, ssrc, repaired.then_some(repair)).expect("a stream to replace");
            }
        }
    }

    /// Sends a message; `false` while there is no such channel or it is full.
    pub fn send(&mut self, now: Instant, label: &str, payload: &[u8], to: &[&str]) -> bool {
        let Some((id, _, _)) = self.channels.iter().find(|(_, l, open)| l == label && *open) else { return false };
        let Some(mut channel) = self.rtc.channel(*id) else { return false };
        let taken = channel.write(true, &wire::write(payload, to)).unwrap_or(false);
        self.drain(now);
        taken
    }

    /// When it has something to do.
    pub fn deadline(&self) -> Instant {
        self.sources.iter().filter(|_| self.connected).map(|s| s.next).chain([self.timeout]).min().expect("a timeout")
    }

    /// Does what is due.
    pub fn tick(&mut self, now: Instant) {
        if self.timeout <= now {
            self.input(Input::Timeout(now));
            self.drain(now);
            if self.timeout <= now {
                self.timeout = now + Duration::from_millis(1);
            }
        }
        if self.connected {
            for i in 0..self.sources.len() {
                if self.sources[i].next <= now {
                    self.send_media(now, i);
                }
            }
        }
        self.ask_for_pictures(now);
    }

    /// A datagram came.
    pub fn receive(&mut self, now: Instant, from: SocketAddr, bytes: &[u8]) {
        let Ok(receive) = Receive::new(Protocol::Udp, from, self.addr, bytes) else { return };
        let input = Input::Receive(now, receive);
        if self.rtc.accepts(&input) {
            self.input(input);
            self.drain(now);
        }
    }

    /// Leaves without a word.
    pub fn vanish(&mut self) {
        self.rtc.disconnect();
        self.sources.clear();
    }

    fn input(&mut self, input: Input<'_>) {
        if let Err(error) = self.rtc.handle_input(input) {
            panic!("the client broke at {:?}: {error}", self.addr);
        }
    }

    fn drain(&mut self, now: Instant) {
        if !self.rtc.is_alive() {
            self.timeout = now + Duration::from_secs(3600);
            return;
        }
        loop {
            match self.rtc.poll_output().expect("a client that works") {
                Output::Timeout(t) => {
                    self.timeout = t;
                    return;
                }
                Output::Transmit(t) => self.out.push_back(t.contents.to_vec()),
                Output::Event(event) => self.event(now, event),
            }
        }
    }

    fn event(&mut self, now: Instant, event: Event) {
        match event {
            Event::Connected => {
                self.connected = true;
                self.connected_at.get_or_insert(now);
            }
            Event::ChannelOpen(id, label) => self.channels.push((id, label, true)),
            Event::ChannelData(data) => {
                let label = self.channels.iter().find(|(id, _, _)| *id == data.id).map(|(_, l, _)| l.clone());
                if let (Some(label), Some(message)) = (label, wire::read(&data.data)) {
                    self.messages.push((label, message));
                }
            }
            Event::KeyframeRequest(request) => {
                self.key_requests += 1;
                for source in self.sources.iter_mut().filter(|s| s.mid == request.mid) {
                    for layer in source.layers.iter_mut().filter(|l| l.rid == request.rid) {
                        layer.want_key = true;
                    }
                }
            }
            Event::EgressBitrateEstimate(estimate) => self.estimate = estimate_of(&estimate),
            Event::RtpPacket(packet) => self.take_packet(now, &packet),
            _ => {}
        }
    }

    fn take_packet(&mut self, now: Instant, packet: &str0m::rtp::RtpPacket) {
        let video = packet.time.frequency().get() == 90_000;
        let read = if video && self.is_h264(packet.header.payload_type) {
            media::read_h264(&packet.payload).map(|stamp| (None, stamp))
        } else if video {
            media::read_video(&packet.payload).map(|(vp8, stamp)| (Some(vp8), stamp))
        } else {
            media::read_audio(&packet.payload).map(|stamp| (None, stamp))
        };
        let Some((vp8, stamp)) = read else {
            self.strange += u32::from(!packet.payload.is_empty());
            return;
        };
        let ssrc = *packet.header.ssrc;
        let mid = self.rtc.direct_api().stream_rx(&ssrc.into()).map(|s| s.mid().to_string()).unwrap_or_default();
        let clock = if video { 90_000 } else { 48_000 };
        let incoming =
            self.incoming.entry(ssrc).or_insert_with(|| Incoming { mid, stream: Stream::new(clock), asked: None });
        incoming.stream.take(Packet {
            seq: *packet.seq_no,
            timestamp: packet.header.timestamp,
            marker: packet.header.marker,
            video,
            vp8,
            stamp,
            at: now,
        });
    }

    /// As a browser does when pictures come that it cannot show.
    fn ask_for_pictures(&mut self, now: Instant) {
        let mut asked = false;
        for (ssrc, incoming) in &mut self.incoming {
            let waited = incoming.asked.is_none_or(|at| now.saturating_duration_since(at) > self.patience);
            if waited && incoming.stream.is_stuck(now, self.patience) {
                incoming.asked = Some(now);
                let mut api = self.rtc.direct_api();
                if let Some(stream) = api.stream_rx(&(*ssrc).into()) {
                    stream.request_keyframe(KeyframeRequestKind::Pli);
                    asked = true;
                }
            }
        }
        if asked {
            self.drain(now);
        }
    }

    fn send_media(&mut self, now: Instant, i: usize) {
        let source = &mut self.sources[i];
        let (mid, video) = (source.mid, source.kind.is_video());
        let codec = match (video, source.h264) {
            (false, _) => Codec::Opus,
            (true, false) => Codec::Vp8,
            (true, true) => Codec::H264,
        };
        let packets = source.packets(now, self.start);
        let Some(pt) = self.payload_type(mid, codec) else { return };
        for packet in packets {
            let mut api = self.rtc.direct_api();
            let Some(stream) = api.stream_tx_by_mid(mid, packet.rid) else { continue };
            let exts = ExtensionValues {
                audio_level: (!video).then_some(-20),
                voice_activity: (!video).then_some(true),
                ..Default::default()
            };
            let write = RtpWrite::new(pt, packet.seq.into(), packet.timestamp, now, packet.payload);
            stream.write_rtp(write.marker(packet.marker).ext_vals(exts).nackable(video));
            // It leaves before the next is written: of several that wait, str0m takes one by the luck of a hash map. Where its
            // estimate counts it has to pace them itself.
            if !self.probes {
                self.input(Input::Timeout(now));
            }
            self.drain(now);
        }
    }

    fn is_h264(&self, pt: Pt) -> bool {
        self.rtc.codec_config().params().iter().any(|p| p.pt() == pt && p.spec().codec == Codec::H264)
    }

    fn payload_type(&self, mid: Mid, codec: Codec) -> Option<Pt> {
        let remote = self.rtc.media(mid)?.remote_pts();
        let mut params = self.rtc.codec_config().params().iter();
        params.find(|p| p.spec().codec == codec && remote.contains(&p.pt())).map(PayloadParams::pt)
    }
}

/// What an offer shall have in it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wants {
    /// Data channels.
    pub data: bool,
    /// A microphone, with its track number.
    pub microphone: Option<u32>,
    /// A camera, with its track number, and whether in three layers.
    pub camera: Option<(u32, bool)>,
    /// Whether its pictures are in H.264, not in VP8.
    pub h264: bool,
    /// How large its pictures are, if not modest.
    pub sizes: Option<media::Sizes>,
    /// Sections to receive audio on.
    pub audio_places: u32,
    /// Sections to receive video on.
    pub video_places: u32,
    /// New ICE credentials.
    pub restart: bool,
}

fn estimate_of(kind: &BweKind) -> Option<Bitrate> {
    match kind {
        BweKind::Twcc { estimate, .. } => Some(*estimate),
        _ => None,
    }
}
