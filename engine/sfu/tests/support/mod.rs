//! A client of a shard, with a real STUN check and a real handshake: how else would it come by keys.

use std::sync::{Arc, LazyLock};
use std::time::Instant;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;
use dimpl::{Dtls, DtlsCertificate, Output};
use folkmoot_peer::{Identity, Path};
use folkmoot_sdp::{Codec, ExtMap, IceCreds, Kind, NegotiatedSession, PayloadType, Role, Section, SendTrack, Short};
use folkmoot_sfu::{Command, Egress, LastHeard, Shard};
use folkmoot_srtp::{Keys, MAX_RTP_OVERHEAD, Profile, Tx};
use folkmoot_wire::{ext, rtp};

const OPUS: u8 = 111;
const VP8: u8 = 96;

static IDENTITY: LazyLock<Arc<Identity>> = LazyLock::new(|| Arc::new(Identity::generate().expect("a certificate")));
static CERTIFICATE: LazyLock<DtlsCertificate> =
    LazyLock::new(|| dimpl::certificate::generate_self_signed_certificate().expect("a certificate"));

pub fn identity() -> Arc<Identity> {
    IDENTITY.clone()
}

pub struct Client {
    pub conn: u64,
    pub addr: Path,
    pub sections: Vec<Section>,
    tx: Tx,
}

struct To(Path, Vec<Vec<u8>>);

impl Egress for To {
    fn push(&mut self, to: Path, segment: usize, bytes: &[u8]) {
        if to == self.0 {
            self.1.extend(bytes.chunks(segment).map(<[u8]>::to_vec));
        }
    }
}

impl Client {
    /// A peer with one connection, checked and keyed.
    pub fn enter(shard: &mut Shard, now: Instant, n: u64) -> Self {
        let (peer, conn, addr) = (100 + n, 200 + n, Path::udp(([198, 51, 100, n as u8], 4000).into()));
        let (identity, sid) = (format!("p{n}"), format!("PA_{n}"));
        shard.handle_command(
            now,
            Command::OpenPeer { room: 1, peer, identity, sid, may_send_data: true, heard: LastHeard::default() },
        );
        shard.handle_command(now, Command::OpenConnection { peer, conn, role: Role::Single, local: creds(conn) });
        let session = session(conn, Vec::new());
        shard.handle_command(now, Command::Session { conn, session });
        shard.handle_datagram(now, addr, &mut check(conn));

        let config = Arc::new(dimpl::Config::builder().build().expect("a configuration"));
        let mut dtls = Dtls::new_12(config, CERTIFICATE.clone(), now);
        dtls.set_active(true);
        dtls.handle_timeout(now).expect("a client that begins");
        let mut buffer = vec![0; 4096];
        for _ in 0..20 {
            loop {
                match dtls.poll_output(&mut buffer) {
                    Output::Packet(packet) => {
                        shard.handle_datagram(now, addr, &mut packet.to_vec());
                    }
                    Output::KeyingMaterial(material, profile) => {
                        assert_eq!(profile, dimpl::SrtpProfile::AEAD_AES_256_GCM);
                        let keys = Keys::from_dtls(Profile::AeadAes256Gcm, &material).expect("as much as it takes");
                        let tx = Tx::new(keys.profile, &keys.client);
                        return Self { conn, addr, sections: Vec::new(), tx };
                    }
                    Output::Timeout(_) => break,
                    _ => {}
                }
            }
            let mut came = To(addr, Vec::new());
            shard.flush(&mut came);
            for datagram in came.1.iter().filter(|d| (20..=63).contains(&d[0])) {
                dtls.handle_packet(datagram).expect("a server that speaks DTLS");
            }
        }
        panic!("no keys");
    }

    pub fn negotiate(&self, shard: &mut Shard, now: Instant) {
        shard.handle_command(
            now,
            Command::Session { conn: self.conn, session: session(self.conn, self.sections.clone()) },
        );
    }

    /// A packet of a voice.
    pub fn voice(&self, n: u64) -> Vec<u8> {
        self.seal(OPUS, 10, n, 960 * n as u32, b"0", &[1; 80])
    }

    /// A picture of one packet; the first is a key frame.
    pub fn picture(&self, n: u64) -> Vec<u8> {
        let [high, low] = (n as u16 | 0x8000).to_be_bytes();
        let mut payload = [7; 1000];
        payload[..7].copy_from_slice(&[0x90, 0xe0, high, low, n as u8, 0, u8::from(n > 1)]);
        payload[9..12].copy_from_slice(&[0x9d, 1, 0x2a]);
        self.seal(VP8, 20, n, 3000 * n as u32, b"1", &payload)
    }

    fn seal(&self, pt: u8, ssrc: u32, seq: u64, timestamp: u32, mid: &[u8], payload: &[u8]) -> Vec<u8> {
        let mut block = [0; 32];
        let twcc = (seq as u16).to_be_bytes();
        let block_len = ext::write_one_byte(&mut block, &[(1, mid), (4, &twcc), (5, &[0x94])]);
        let mut fixed = [0; rtp::FIXED_LEN];
        rtp::write_fixed(&mut fixed, true, true, pt, seq as u16, timestamp, ssrc);
        let mut out = [&fixed[..], &block[..block_len], payload].concat();
        let len = out.len();
        out.resize(len + MAX_RTP_OVERHEAD, 0);
        let sealed = self.tx.seal_rtp(&mut out, rtp::FIXED_LEN + block_len, len, ssrc, seq);
        out.truncate(sealed);
        out
    }
}

/// A section on which the client sends, or receives stream `ssrc`.
pub fn section(mid: &str, kind: Kind, ssrc: Option<u32>) -> Section {
    let codec = if kind == Kind::Audio {
        PayloadType { pt: OPUS, codec: Codec::Opus, clock_rate: 48_000, rtx: None }
    } else {
        PayloadType { pt: VP8, codec: Codec::Vp8, clock_rate: 90_000, rtx: Some(97) }
    };
    let sending = ssrc.map(|ssrc| SendTrack {
        track_sid: format!("TR_{ssrc}"),
        stream_id: "PA".into(),
        kind,
        ssrc,
        rtx_ssrc: (kind == Kind::Video).then_some(ssrc + 1),
        codec: codec.codec,
        backup: None,
        stereo: false,
    });
    Section {
        mid: Short::new(mid).expect("a mid"),
        kind,
        recv: ssrc.is_none(),
        send: ssrc.is_some(),
        codecs: vec![codec],
        exts: ExtMap { mid: Some(1), twcc: Some(4), audio_level: Some(5), ..ExtMap::default() },
        rids: Vec::new(),
        ssrcs: Vec::new(),
        rtx_pairs: Vec::new(),
        msid_track: None,
        stereo: false,
        nack: kind == Kind::Video,
        twcc: true,
        sending,
    }
}

fn creds(conn: u64) -> IceCreds {
    IceCreds { ufrag: format!("ufrag{conn}"), pwd: "p".repeat(24) }
}

fn session(conn: u64, sections: Vec<Section>) -> Arc<NegotiatedSession> {
    let fingerprint = digest(&SHA256, &CERTIFICATE.certificate);
    Arc::new(NegotiatedSession {
        local_ice: creds(conn),
        remote_ice: IceCreds { ufrag: "clnt".into(), pwd: "c".repeat(24) },
        remote_fingerprint: fingerprint.as_ref().try_into().expect("32 bytes"),
        sections,
        sctp: None,
    })
}

/// A binding request that nominates.
fn check(conn: u64) -> Vec<u8> {
    let creds = creds(conn);
    let mut out = vec![0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    let put = |out: &mut Vec<u8>, kind: u16, value: &[u8]| {
        out.extend(kind.to_be_bytes());
        out.extend((value.len() as u16).to_be_bytes());
        out.extend(value);
        out.resize(out.len().next_multiple_of(4), 0);
    };
    put(&mut out, 6, format!("{}:clnt", creds.ufrag).as_bytes());
    put(&mut out, 0x24, &[0, 0, 1, 0]);
    put(&mut out, 0x802a, &[9; 8]);
    put(&mut out, 0x25, &[]);
    let len = (out.len() - 20 + 24) as u16;
    out[2..4].copy_from_slice(&len.to_be_bytes());
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, creds.pwd.as_bytes()), &out);
    put(&mut out, 8, tag.as_ref());
    out
}
