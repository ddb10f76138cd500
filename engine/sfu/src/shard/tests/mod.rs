//! Scenes driven through the shard's public face. Keys are installed, not negotiated, so that a scene is the shard's alone;
//! the whole way with real handshakes is the simulation's.

mod alone;
mod backups;
mod bounds;
mod closing;
mod keyframes;
mod layers;
mod links;
mod media;
mod messages;
mod mirrors;
mod narrow;
mod replay;
mod routes;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use folkmoot_peer::{Identity, Path};
use folkmoot_sdp::{Codec, ExtMap, IceCreds, Kind, NegotiatedSession, PayloadType, Role, Section, SendTrack, Short};
use folkmoot_srtp::{KeySalt, Keys, MAX_RTP_OVERHEAD, Profile, Rx, Tx};
use folkmoot_wire::rtcp::{self, Packet};
use folkmoot_wire::{RtpHeader, ext, rtp, twcc};

use super::{Shard, ShardConfig};
use crate::command::{Command, FirstNumbers, Handle, LastHeard, LinkNews, ShardEvent, Source, Wish};
use crate::run::Egress;
use crate::uplink::UplinkLimit;

const MS: Duration = Duration::from_millis(1);
const MID: u8 = 1;
const RID: u8 = 2;
/// `abs-send-time`.
const LEFT: u8 = 6;
const LEVEL: u8 = 5;
const OPUS: u8 = 111;
const RED: u8 = 63;
const VP8: u8 = 96;
const RTX: u8 = 97;
const H264: u8 = 102;
const H264_RTX: u8 = 103;

/// Making a certificate is slow, and all scenes may share one.
static IDENTITY: LazyLock<Arc<Identity>> = LazyLock::new(|| Arc::new(Identity::generate().expect("a certificate")));

#[derive(Default)]
struct Post(HashMap<Path, Vec<Vec<u8>>>);

impl Egress for Post {
    fn push(&mut self, to: Path, segment: usize, bytes: &[u8]) {
        self.0.entry(to).or_default().extend(bytes.chunks(segment).map(<[u8]>::to_vec));
    }
}

/// A room and its shard, in virtual time.
struct Hall {
    shard: Shard,
    now: Instant,
    room: Handle,
    last: Handle,
    post: Post,
    events: Vec<ShardEvent>,
}

/// Somebody with one connection.
struct Guest {
    peer: Handle,
    conn: Handle,
    addr: Path,
    sections: Vec<Section>,
    /// It agrees on telling of each packet when it came.
    tells_arrivals: bool,
    tx: Tx,
    rx: Rx,
}

/// An RTP packet before it is sealed, or after it was opened.
#[derive(Clone, Debug, PartialEq)]
struct Rtp {
    ssrc: u32,
    /// Extended.
    seq: u64,
    timestamp: u32,
    pt: u8,
    marker: bool,
    extensions: Vec<(u8, Vec<u8>)>,
    payload: Vec<u8>,
}

impl Rtp {
    /// A packet of a voice in section `mid`.
    fn voice(ssrc: u32, n: u64, mid: &str) -> Self {
        let extensions = vec![(MID, mid.into()), (LEVEL, vec![0x94])];
        Self {
            ssrc,
            seq: 100 + n,
            timestamp: 960 * n as u32,
            pt: OPUS,
            marker: false,
            extensions,
            payload: vec![1; 80],
        }
    }

    /// The same with the frames of so many packets before it, as redundant sound.
    fn repeating(mut self, before: u64) -> Self {
        let frame = |n: u64| self.payload.iter().map(move |_| n as u8);
        let header = |n: u64| (u32::from(0x80 | OPUS) << 24 | (960 * n as u32) << 10 | 0x50).to_be_bytes();
        let headers = (1..=before).rev().flat_map(header).chain([OPUS]).collect::<Vec<u8>>();
        let frames = (0..=before).rev().flat_map(|n| frame(self.seq - n));
        self.payload = headers.into_iter().chain(frames).collect();
        self.pt = RED;
        self
    }

    /// A picture of one packet.
    fn picture(ssrc: u32, n: u64, mid: &str, key: bool) -> Self {
        let [high, low] = (n as u16 | 0x8000).to_be_bytes();
        let mut payload = vec![0x90, 0xe0, high, low, n as u8, 0];
        payload.extend(if key { &[0x10, 0, 0, 0x9d, 1, 0x2a, 1, 1, 1, 1][..] } else { &[0x11, 0, 0][..] });
        payload.resize(400, 7);
        let extensions = vec![(MID, mid.into())];
        Self { ssrc, seq: 100 + n, timestamp: 3000 * n as u32, pt: VP8, marker: true, extensions, payload }
    }

    /// A packet of an H.264 picture.
    fn h264(ssrc: u32, seq: u64, picture: u32, unit: &[u8], marker: bool) -> Self {
        let mut payload = unit.to_vec();
        payload.resize(200, 7);
        let (timestamp, extensions) = (3000 * picture, vec![(MID, b"1".to_vec())]);
        Self { ssrc, seq, timestamp, pt: H264, marker, extensions, payload }
    }

    fn layer(mut self, rid: &str) -> Self {
        self.extensions.push((RID, rid.into()));
        self
    }

    /// The same packet, sent again on another stream.
    fn again(&self, ssrc: u32, seq: u64) -> Self {
        let payload = [&(self.seq as u16).to_be_bytes()[..], &self.payload].concat();
        let pt = if self.pt == H264 { H264_RTX } else { RTX };
        Self { ssrc, seq, pt, payload, ..self.clone() }
    }

    fn seal(&self, tx: &Tx) -> Vec<u8> {
        let elements: Vec<(u8, &[u8])> = self.extensions.iter().map(|(id, what)| (*id, &what[..])).collect();
        let mut block = [0; 128];
        let block_len = ext::write(&mut block, &elements);
        let mut fixed = [0; rtp::FIXED_LEN];
        rtp::write_fixed(&mut fixed, self.marker, block_len > 0, self.pt, self.seq as u16, self.timestamp, self.ssrc);
        let mut out = [&fixed[..], &block[..block_len], &self.payload].concat();
        let len = out.len();
        out.resize(len + MAX_RTP_OVERHEAD, 0);
        let sealed = tx.seal_rtp(&mut out, rtp::FIXED_LEN + block_len, len, self.ssrc, self.seq);
        out.truncate(sealed);
        out
    }

    fn open(rx: &mut Rx, sealed: &[u8]) -> Self {
        let mut bytes = sealed.to_vec();
        let header = RtpHeader::parse(&bytes).expect("RTP");
        let (len, seq) = rx.open_rtp(&mut bytes, &header).expect("a packet under our key, for the first time");
        let packet = &bytes[..len];
        let extensions = ext::elements(packet, &header).map(|(id, what)| (id, what.to_vec())).collect();
        Self {
            ssrc: header.ssrc,
            seq,
            timestamp: header.timestamp,
            pt: header.payload_type,
            marker: header.marker,
            extensions,
            payload: packet[header.len..].to_vec(),
        }
    }

    /// The picture id of a VP8 payload.
    fn picture_id(&self) -> u16 {
        u16::from_be_bytes([self.payload[2], self.payload[3]]) & 0x7fff
    }
}

/// What came to a guest.
#[derive(Debug, Default)]
struct Came {
    media: Vec<Rtp>,
    /// Plain compounds.
    reports: Vec<Vec<u8>>,
}

impl Came {
    /// Numbers asked for again, by stream.
    fn asked(&self) -> Vec<(u32, u16)> {
        let mut asked = Vec::new();
        for packet in self.reports.iter().flat_map(|compound| rtcp::packets(compound)) {
            if let Packet::Nack(ssrc, lost) = packet {
                asked.extend(lost.map(|n| (ssrc, n)));
            }
        }
        asked
    }

    /// Streams that a key frame was asked of.
    fn key_requests(&self) -> Vec<u32> {
        let packets = self.reports.iter().flat_map(|compound| rtcp::packets(compound));
        packets.filter_map(|p| if let Packet::Pli(ssrc) = p { Some(ssrc) } else { None }).collect()
    }
}

fn keys(n: u64) -> Keys {
    let part = |n: u8| KeySalt { key: vec![n; 32], salt: vec![n; 12] };
    Keys { profile: Profile::AeadAes256Gcm, client: part(n as u8), server: part(n as u8 ^ 0x80) }
}

fn section(mid: &str, kind: Kind) -> Section {
    let vp8 = PayloadType { pt: VP8, codec: Codec::Vp8, clock_rate: 90_000, rtx: Some(RTX) };
    let h264 = PayloadType { pt: H264, codec: Codec::H264_DEFAULT, clock_rate: 90_000, rtx: Some(H264_RTX) };
    let opus = PayloadType { pt: OPUS, codec: Codec::Opus, clock_rate: 48_000, rtx: None };
    let red = PayloadType { pt: RED, codec: Codec::Red, ..opus };
    Section {
        mid: Short::new(mid).expect("a mid"),
        kind,
        recv: false,
        send: false,
        codecs: if kind == Kind::Audio { vec![red, opus] } else { vec![vp8, h264] },
        exts: ExtMap {
            mid: Some(MID),
            rid: Some(RID),
            rrid: Some(3),
            twcc: Some(4),
            audio_level: Some(LEVEL),
            abs_send_time: (kind == Kind::Video).then_some(LEFT),
            ..ExtMap::default()
        },
        rids: Vec::new(),
        ssrcs: Vec::new(),
        rtx_pairs: Vec::new(),
        msid_track: None,
        stereo: false,
        nack: kind == Kind::Video,
        twcc: true,
        sending: None,
    }
}

impl Hall {
    fn new() -> Self {
        let now = Instant::now();
        let shard = Shard::new(ShardConfig::alone(IDENTITY.clone()), now);
        let mut hall = Self { shard, now, room: 1, last: 1, post: Post::default(), events: Vec::new() };
        hall.command(Command::OpenRoom { room: 1 });
        hall
    }

    fn handle(&mut self) -> Handle {
        self.last += 1;
        self.last
    }

    fn command(&mut self, command: Command) {
        self.shard.handle_command(self.now, command);
        self.settle();
    }

    fn settle(&mut self) {
        self.shard.flush(&mut self.post);
        self.events.extend(std::iter::from_fn(|| self.shard.poll_event()));
        self.shard.check();
    }

    /// Somebody whose connection has no keys yet.
    fn knock(&mut self) -> Guest {
        let (peer, conn) = (self.handle(), self.handle());
        let (identity, sid) = (format!("guest-{peer}"), format!("PA_{peer}"));
        self.command(Command::OpenPeer {
            room: self.room,
            peer,
            identity,
            sid,
            may_send_data: true,
            heard: LastHeard::default(),
        });
        let local = IceCreds { ufrag: format!("ufrag{conn}"), pwd: "p".repeat(24) };
        self.command(Command::OpenConnection { peer, conn, role: Role::Single, local });
        let keys = keys(conn);
        let (tx, rx) = (Tx::new(keys.profile, &keys.client), Rx::new(keys.profile, &keys.server));
        let addr = Path::udp(([198, 51, 100, conn as u8], 4000).into());
        Guest { peer, conn, addr, sections: Vec::new(), tells_arrivals: false, tx, rx }
    }

    fn let_in(&mut self, guest: &Guest) {
        self.shard.install_keys(self.now, guest.conn, keys(guest.conn), guest.addr);
        self.settle();
    }

    /// Somebody who is connected.
    fn enter(&mut self) -> Guest {
        let guest = self.knock();
        self.let_in(&guest);
        guest
    }

    fn negotiate(&mut self, guest: &Guest) {
        let session = NegotiatedSession {
            local_ice: IceCreds { ufrag: format!("ufrag{}", guest.conn), pwd: "p".repeat(24) },
            remote_ice: IceCreds { ufrag: "clnt".into(), pwd: "c".repeat(24) },
            remote_fingerprint: [7; 32],
            sections: guest.sections.clone(),
            sctp: None,
        };
        self.command(Command::Session { conn: guest.conn, session: Arc::new(session) });
    }

    /// A section on which `guest` sends, and the track that comes in on it.
    fn publish(&mut self, guest: &mut Guest, mid: &str, kind: Kind, rids: &[&str]) -> Handle {
        let rids = rids.iter().filter_map(|rid| Short::new(rid)).collect();
        guest.sections.push(Section { recv: true, rids, ..section(mid, kind) });
        self.negotiate(guest);
        self.publish_again(guest, mid, kind)
    }

    fn publish_again(&mut self, guest: &Guest, mid: &str, kind: Kind) -> Handle {
        let track = self.handle();
        let mid = Short::new(mid).expect("a mid");
        let source = if kind == Kind::Audio { Source::Microphone } else { Source::Camera };
        self.command(Command::Publish { conn: guest.conn, mid, track, kind, source });
        track
    }

    /// `guest` gets the track as stream `ssrc`.
    fn subscribe(&mut self, guest: &mut Guest, track: Handle, kind: Kind, ssrc: u32) -> Handle {
        let (sub, mid) = (self.handle(), format!("s{ssrc}"));
        let (codec, rtx_ssrc) = if kind == Kind::Audio { (Codec::Opus, None) } else { (Codec::Vp8, Some(ssrc + 1)) };
        let sending = SendTrack {
            track_sid: format!("TR_{track}"),
            stream_id: "PA".into(),
            kind,
            ssrc,
            rtx_ssrc,
            codec,
            backup: None,
            stereo: false,
        };
        let twcc = guest.tells_arrivals;
        guest.sections.push(Section { send: true, sending: Some(sending), twcc, ..section(&mid, kind) });
        guest.sections.last_mut().expect("it").codecs.retain(|c| c.codec != Codec::Red);
        self.command(Command::Subscribe { sub, conn: guest.conn, track, ssrc, first: FirstNumbers::default() });
        self.negotiate(guest);
        sub
    }

    /// From now on it takes the sound of its last section said twice as well.
    fn take_redundant(&mut self, guest: &mut Guest) {
        let red = PayloadType { pt: RED, codec: Codec::Red, clock_rate: 48_000, rtx: None };
        guest.sections.last_mut().expect("a section").codecs.insert(0, red);
        self.negotiate(guest);
    }

    /// Two who are connected: the first sends a voice (mid 0, stream 10), the second hears it as stream 1000.
    fn speaker_and_listener(&mut self) -> (Guest, Guest) {
        let (mut speaker, mut listener) = (self.enter(), self.enter());
        let track = self.publish(&mut speaker, "0", Kind::Audio, &[]);
        self.subscribe(&mut listener, track, Kind::Audio, 1000);
        (speaker, listener)
    }

    fn send(&mut self, from: &Guest, packet: &Rtp) {
        self.throw(from.addr, packet.seal(&from.tx));
    }

    fn report(&mut self, from: &mut Guest, write: impl FnOnce(&mut Vec<u8>)) {
        let mut compound = Vec::new();
        write(&mut compound);
        assert!(from.tx.seal_rtcp(&mut compound));
        self.throw(from.addr, compound);
    }

    fn throw(&mut self, from: Path, mut datagram: Vec<u8>) {
        self.shard.handle_datagram(self.now, from, &mut datagram);
        self.settle();
    }

    /// Time passes, and the shard is called when it wants to be.
    fn pass(&mut self, time: Duration) {
        let end = self.now + time;
        let mut turns = 0;
        while let Some(due) = self.shard.deadline().filter(|due| *due <= end) {
            turns += 1;
            assert!(turns < 10_000, "it wants to be called without end: {:?} after {:?}", end - due, self.now - due);
            self.now = self.now.max(due);
            self.shard.handle_timeout(self.now);
            self.settle();
            if self.shard.deadline().is_some_and(|next| next <= self.now) {
                self.now += MS; // as the thread does: what asks for the past waits a moment
            }
        }
        self.now = self.now.max(end);
    }

    /// What has come to `guest` since it was last asked.
    fn came(&mut self, guest: &mut Guest) -> Came {
        let mut came = Came::default();
        for datagram in self.post.0.remove(&guest.addr).unwrap_or_default() {
            if datagram[0] < 128 {
                continue; // DTLS
            }
            if rtp::is_rtcp(&datagram) {
                let mut plain = datagram;
                let len = guest.rx.open_rtcp(&mut plain).expect("a compound under our key");
                plain.truncate(len);
                came.reports.push(plain);
            } else {
                came.media.push(Rtp::open(&mut guest.rx, &datagram));
            }
        }
        came
    }

    /// The extended numbers of the media that came.
    fn numbers(&mut self, guest: &mut Guest) -> Vec<u64> {
        self.came(guest).media.iter().map(|p| p.seq).collect()
    }
}
