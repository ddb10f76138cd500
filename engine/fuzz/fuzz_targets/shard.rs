#![no_main]
//! A room of two with keys agreed on: sealed packets of any content, reports, messages, commands, strangers and time in any
//! order. No fault of ours, tables that agree, bounded output, and never two packets under one number of one key.

use std::collections::{HashMap, HashSet};
use std::num::NonZeroU32;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use folkmoot_fuzz::{Plan, honest, stun};
use folkmoot_peer::{ControlEvent, Identity, Path};
use folkmoot_sdp::{Codec, ExtMap, IceCreds, Kind, NegotiatedSession, PayloadType, Role, Section, SendTrack, Short};
use folkmoot_sfu::{Command, Egress, FirstNumbers, LastHeard, LinkNews, Shard, ShardConfig, Source, Wish};
use folkmoot_srtp::{KeySalt, Keys, MAX_RTP_OVERHEAD, Profile, Tx};
use folkmoot_wire::RtpHeader;
use libfuzzer_sys::fuzz_target;

const PASSWORD: &str = "abcdefghijklmnopqrstuvwx";
const CONNS: [u64; 2] = [20, 21];

static IDENTITY: LazyLock<Arc<Identity>> = LazyLock::new(|| Arc::new(Identity::generate().expect("a certificate")));

/// Every packet that went out, by receiver, stream and extended number.
#[derive(Default)]
struct Sent {
    streams: HashMap<(Path, u32), (i64, HashMap<i64, Vec<u8>>)>,
    count: usize,
}

impl Egress for Sent {
    fn push(&mut self, to: Path, segment: usize, bytes: &[u8]) {
        for packet in bytes.chunks(segment) {
            self.count += 1;
            let Some(header) = RtpHeader::parse(packet).filter(|h| !(64..=95).contains(&h.payload_type)) else {
                continue;
            };
            let number = i64::from(header.sequence);
            let (highest, seen) = self.streams.entry((to, header.ssrc)).or_insert((number, HashMap::new()));
            let ahead = i64::from(header.sequence.wrapping_sub(*highest as u16) as i16);
            let extended = *highest + ahead;
            if ahead.abs() > 0x4000 {
                seen.clear(); // too far to tell which round it is of
            }
            *highest = (*highest).max(extended);
            let before = seen.entry(extended).or_insert_with(|| packet.to_vec());
            assert_eq!(before, packet, "two packets under {} of {}", header.sequence, header.ssrc);
        }
    }
}

fn keys(n: u8) -> Keys {
    let part = |n: u8| KeySalt { key: vec![n; 32], salt: vec![n; 12] };
    Keys { profile: Profile::AeadAes256Gcm, client: part(n), server: part(n + 100) }
}

fn address(n: u8) -> Path {
    Path::udp(([198, 51, 100, n], 4000).into())
}

/// Half of them by TCP, from the same few addresses.
fn path(n: u8) -> Path {
    match NonZeroU32::new(u32::from(n >> 3 & 0xf)) {
        Some(link) if n >= 128 => Path::tcp(address(n & 3).addr(), link),
        _ => address(n),
    }
}

fn section(mid: &str, kind: Kind, recv: bool) -> Section {
    let vp8 = PayloadType { pt: 96, codec: Codec::Vp8, clock_rate: 90_000, rtx: Some(97) };
    let h264 = PayloadType { pt: 102, codec: Codec::H264_DEFAULT, clock_rate: 90_000, rtx: None };
    let vp9 = PayloadType { pt: 98, codec: Codec::Vp9, clock_rate: 90_000, rtx: Some(99) };
    let av1 = PayloadType { pt: 45, codec: Codec::Av1, clock_rate: 90_000, rtx: None };
    let opus = PayloadType { pt: 111, codec: Codec::Opus, clock_rate: 48_000, rtx: None };
    Section {
        mid: Short::new(mid).expect("a mid"),
        kind,
        recv,
        send: false,
        codecs: if kind == Kind::Audio { vec![opus] } else { vec![vp8, h264, vp9, av1] },
        exts: ExtMap {
            mid: Some(1),
            rid: Some(2),
            rrid: Some(3),
            twcc: Some(4),
            audio_level: Some(5),
            orientation: Some(6),
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

/// What the first sends: a microphone, three layers, and a camera whose streams are declared. `variant`: layers come and
/// go, the receiver takes fewer codecs, sections are turned off.
fn session(conn: u64, variant: u8) -> Arc<NegotiatedSession> {
    let mut sections = if conn == CONNS[0] {
        let mut simulcast = section("1", Kind::Video, true);
        simulcast.rids =
            ["q", "h", "f"].iter().take(3 - usize::from(variant & 1)).filter_map(|r| Short::new(r)).collect();
        let mut declared = section("2", Kind::Video, true);
        declared.ssrcs = vec![300, 301];
        declared.rtx_pairs = vec![(300, 301)];
        vec![section("0", Kind::Audio, true), simulcast, declared]
    } else {
        (0..3)
            .map(|n| {
                let kind = if n == 0 { Kind::Audio } else { Kind::Video };
                let mut section = section(["a", "b", "c"][n], kind, false);
                let (ssrc, rtx_ssrc) = (1000 + 2 * n as u32, (n > 0).then_some(1001 + 2 * n as u32));
                let codec = section.codecs[0].codec;
                let (track_sid, stream_id) = (format!("TR_{n}"), "PA_1".to_owned());
                section.sending =
                    Some(SendTrack { track_sid, stream_id, kind, ssrc, rtx_ssrc, codec, backup: None, stereo: false });
                section.send = true;
                section
            })
            .collect()
    };
    if variant & 2 != 0 {
        sections[1].codecs.truncate(1);
        sections[1].codecs[0].rtx = None;
    }
    if variant & 4 != 0 {
        sections[0].send = false;
        sections[0].sending = None;
        sections[0].recv = false;
    }
    Arc::new(NegotiatedSession {
        local_ice: creds(conn, variant >> 4),
        remote_ice: IceCreds { ufrag: "clnt".into(), pwd: "cccccccccccccccccccccccc".into() },
        remote_fingerprint: [7; 32],
        sections,
        sctp: None,
    })
}

fn creds(conn: u64, restart: u8) -> IceCreds {
    IceCreds { ufrag: format!("u{conn}{restart}"), pwd: PASSWORD.into() }
}

struct Play {
    shard: Shard,
    start: Instant,
    now: Instant,
    txs: [Tx; 2],
    sent: Sent,
    claimed: HashSet<Path>,
}

impl Play {
    fn new() -> Self {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        let now = *START;
        let mut play = Self {
            shard: Shard::new(ShardConfig::alone(IDENTITY.clone()), now),
            start: now,
            now,
            txs: [1, 2].map(|n| Tx::new(Profile::AeadAes256Gcm, &keys(n).client)),
            sent: Sent::default(),
            claimed: HashSet::new(),
        };
        play.shard.handle_command(now, Command::OpenRoom { room: 1 });
        for (n, conn) in CONNS.into_iter().enumerate() {
            let peer = 10 + n as u64;
            let (identity, sid) = (format!("p{n}"), format!("PA_{n}"));
            play.command(Command::OpenPeer {
                room: 1,
                peer,
                identity,
                sid,
                may_send_data: true,
                heard: LastHeard::default(),
            });
            play.command(Command::OpenConnection { peer, conn, role: Role::Single, local: creds(conn, 0) });
            play.command(Command::Session { conn, session: session(conn, 0) });
            play.shard.install_keys(now, conn, keys(n as u8 + 1), address(n as u8 + 1));
        }
        for n in 0..3 {
            play.publish(n);
            play.subscribe(n);
        }
        play.command(Command::Session { conn: CONNS[1], session: session(CONNS[1], 0) });
        play
    }

    fn command(&mut self, command: Command) {
        self.shard.handle_command(self.now, command);
    }

    fn publish(&mut self, n: u64) {
        let kind = if n == 0 { Kind::Audio } else { Kind::Video };
        let mid = Short::new(["0", "1", "2"][n as usize]).expect("a mid");
        self.command(Command::Publish { conn: CONNS[0], mid, track: 30 + n, kind, source: Source::Camera });
    }

    fn subscribe(&mut self, n: u64) {
        // A new stream of packets under an old name would be the control half's fault: names are drawn anew.
        if !self.sent.streams.contains_key(&(address(2), 1000 + 2 * n as u32)) {
            self.command(Command::Subscribe {
                sub: 40 + n,
                conn: CONNS[1],
                track: 30 + n,
                ssrc: 1000 + 2 * n as u32,
                first: FirstNumbers::default(),
            });
        }
    }

    fn step(&mut self, plan: &mut Plan<'_>) {
        let what = plan.byte();
        let who = usize::from(what >> 7);
        let from = address(who as u8 + 1);
        match what % 16 {
            0 => {
                let from = address(plan.byte() % 4);
                let mut datagram = plan.bytes().to_vec();
                self.shard.handle_datagram(self.now, from, &mut datagram);
            }
            1..=6 => {
                let mut packet = rtp(plan);
                let Some(header) = RtpHeader::parse(&packet) else { return };
                let len = packet.len();
                packet.resize(len + MAX_RTP_OVERHEAD, 0);
                let extended = u64::from(header.sequence);
                let len = self.txs[who].seal_rtp(&mut packet, header.len, len, header.ssrc, extended);
                self.shard.handle_datagram(self.now, from, &mut packet[..len]);
            }
            7 | 8 => {
                let mut compound = rtcp(plan);
                if self.txs[who].seal_rtcp(&mut compound) {
                    self.shard.handle_datagram(self.now, from, &mut compound);
                }
            }
            9 | 10 => {
                self.now += Duration::from_millis(u64::from(plan.byte()).pow(2) / 4);
                self.shard.handle_timeout(self.now);
            }
            11 => self.obey(plan),
            12 => {
                let ufrag = creds(CONNS[who], plan.byte() & 3).ufrag;
                let (from, gone) = (path(plan.byte()), plan.byte() & 3 == 3);
                if gone {
                    self.shard.handle_lost_path(self.now, from);
                } else {
                    let mut datagram = stun(&format!("{ufrag}:clnt"), PASSWORD, &honest());
                    self.shard.handle_datagram(self.now, from, &mut datagram);
                }
            }
            13 => {
                let (id, reliable) = (u16::from(plan.byte() & 3), plan.byte() & 1 == 0);
                let label = if reliable { "_reliable" } else { "_lossy" }.to_owned();
                let open = ControlEvent::ChannelOpen { id, label, ordered: reliable, reliable };
                self.shard.hear(self.now, CONNS[who], open);
            }
            14 => {
                let (id, data) = (u16::from(plan.byte() & 3), plan.bytes().to_vec());
                self.shard.hear(self.now, CONNS[who], ControlEvent::Message { id, binary: true, data: data.into() });
            }
            _ => {
                let id = u16::from(plan.byte() & 3);
                self.shard.hear(self.now, CONNS[who], ControlEvent::ChannelClosed { id });
            }
        }
    }

    fn obey(&mut self, plan: &mut Plan<'_>) {
        let n = u64::from(plan.byte() % 3);
        let flag = plan.byte();
        match plan.byte() % 16 {
            0 if flag & 1 == 0 => self.command(Command::NeverReplay { track: 30 + n }),
            0 => self.command(Command::Unpublish { track: 30 + n }),
            1 => {
                // A second track under one name would be the control half's fault.
                self.command(Command::Unpublish { track: 30 + n });
                self.publish(n);
            }
            2 => self.command(Command::Unsubscribe { sub: 40 + n }),
            3 => {
                self.command(Command::Unsubscribe { sub: 40 + n });
                self.subscribe(n);
            }
            4 | 5 => self.command(Command::SetMuted { track: 30 + n, muted: flag & 1 == 0 }),
            6..=9 => self.command(Command::Configure {
                sub: 40 + n,
                wish: Wish {
                    enabled: flag & 4 == 0,
                    max_layer: flag & 3,
                    priority: flag >> 4,
                    pixels: (n as u32 & 0xfff) << (flag % 20),
                    fps: u32::from(flag >> 3),
                },
            }),
            10 | 11 => {
                let conn = CONNS[usize::from(flag & 1)];
                self.command(Command::Session { conn, session: session(conn, flag >> 1) });
            }
            12 if flag > 250 => {
                // Into a room that is there, or isn't.
                self.command(Command::OpenRoom { room: 2 });
                self.command(Command::MovePeer { peer: 10 + n, room: 1 + u64::from(flag & 3), sid: "PA_moved".into() });
            }
            12 if flag > 245 => self.command(Command::ForwardPeer { peer: 10 + n, rooms: vec![1, 2, 99] }),
            12 => self.command(Command::SetMayData { peer: 10 + n, may: flag & 1 == 0 }),
            13 => {
                let to = (flag & 1 == 0).then(|| vec![10, 11, 99]);
                let bytes = plan.bytes().to_vec().into();
                self.command(Command::SendData { room: 1, to, reliable: flag & 2 == 0, bytes });
            }
            14 if flag > 250 => self.command(Command::CloseConnection { conn: CONNS[1] }),
            15 if flag > 250 => self.command(Command::ClosePeer { peer: 10 + n }),
            14 => {
                let (track, number) = (u16::from(flag & 3), u16::from(flag));
                self.command(Command::CarryFrames { from: 10, track, to: 10 + n, number });
            }
            15 => self.command(Command::DropFrames { from: 10, track: u16::from(flag & 3), to: 10 + n }),
            _ => {}
        }
    }
}

/// A packet: few streams, numbers near each other or anywhere, what extensions and payload there are.
fn rtp(plan: &mut Plan<'_>) -> Vec<u8> {
    let shape = plan.byte();
    let stream = plan.byte();
    let ssrc = if stream < 32 { 296 + u32::from(stream) } else { plan.long() };
    let sequence = if shape & 1 == 0 { u16::from(plan.byte()) } else { plan.short() };
    let timestamp = if shape & 2 == 0 { u32::from(plan.byte()) * 3000 } else { plan.long() };
    let pt = [111, 96, 97, 102, 98, 45, plan.byte() & 0x7f][usize::from(shape >> 2) % 7];
    let mut out = vec![if shape & 0x80 == 0 { 0x90 } else { 0xb0 }, pt | shape << 3 & 0x80];
    out.extend(sequence.to_be_bytes());
    out.extend(timestamp.to_be_bytes());
    out.extend(ssrc.to_be_bytes());
    let mut block = match plan.byte() % 8 {
        n @ 0..=2 => [0x10, b"012"[usize::from(n)], 0x41, plan.byte(), plan.byte(), 0x50, plan.byte()].to_vec(),
        n @ 3..=5 => [0x10, b'1', 0x20, b"qhf"[usize::from(n) - 3], 0x30, b"qhf"[usize::from(n) - 3], 0x60, 1].to_vec(),
        6 => Vec::new(),
        _ => plan.bytes().to_vec(),
    };
    block.resize(block.len().next_multiple_of(4), 0);
    out.extend([0xbe, 0xde]);
    out.extend(((block.len() / 4) as u16).to_be_bytes());
    out.extend(&block);
    match plan.byte() % 4 {
        0 => out.extend([0x90, 0xe0, 0x80 | plan.byte(), plan.byte(), plan.byte(), 0, 0x10, 0, 0, 0x9d, 1, 0x2a, 1, 1]),
        1 => out.extend([0x80, 0xe0, 0x80, plan.byte(), plan.byte(), 0, 1]),
        2 => out.extend(sequence.wrapping_sub(u16::from(plan.byte())).to_be_bytes()),
        _ => {}
    }
    out.extend(plan.bytes());
    out
}

/// A compound: any packets, their lengths right.
fn rtcp(plan: &mut Plan<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    for _ in 0..=plan.byte() % 3 {
        let (count, kind) = (plan.byte() & 0x1f, 200 + plan.byte() % 8);
        let mut body = plan.long().to_be_bytes().to_vec();
        body.extend((1000 + u32::from(plan.byte() % 8)).to_be_bytes());
        body.extend(plan.bytes());
        body.resize(body.len().next_multiple_of(4), 0);
        out.extend([0x80 | count, kind]);
        out.extend(((body.len() / 4) as u16).to_be_bytes());
        out.extend(body);
    }
    out
}

fuzz_target!(|input: &[u8]| {
    let mut plan = Plan(input);
    let mut play = Play::new();
    let mut steps = 0;
    while !plan.is_over() {
        steps += 1;
        play.step(&mut plan);
        let before = play.sent.count;
        play.shard.flush(&mut play.sent);
        let sent = play.sent.count - before;
        assert!(sent <= 2048, "{sent} packets for one step");
        while play.shard.poll_event().is_some() {}
        while let Some(news) = play.shard.poll_link() {
            match news {
                LinkNews::Claimed(path) => {
                    assert!(path.is_tcp());
                    play.claimed.insert(path);
                }
                LinkNews::Released(path) => assert!(play.claimed.contains(&path), "nobody's was given back"),
            }
        }
        play.shard.check();
        assert_eq!(play.shard.stats().faults, 0);
        let next = play.shard.deadline();
        assert!(next.is_none_or(|at| at >= play.start));
    }
    assert!(play.sent.count <= 200 + steps * 600);
});
