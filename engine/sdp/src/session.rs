//! What a finished negotiation comes to: the only thing media knows of SDP.

use std::fmt;

use arrayvec::ArrayString;

/// ICE user name fragment and password of one side.
#[derive(Clone, PartialEq, Eq)]
pub struct IceCreds {
    /// At least 4 characters.
    pub ufrag: String,
    /// At least 22 characters.
    pub pwd: String,
}

impl fmt::Debug for IceCreds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IceCreds({})", self.ufrag) // passwords are never printed
    }
}

/// One completed offer and answer. Immutable; the next negotiation makes a new one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NegotiatedSession {
    /// Ours. They change when ICE is restarted, and only then.
    pub local_ice: IceCreds,
    /// The client's.
    pub remote_ice: IceCreds,
    /// SHA-256 of the client's certificate.
    pub remote_fingerprint: [u8; 32],
    /// Media sections in the order of their m-lines; rejected and inactive ones are among them, with neither
    /// `recv` nor `send`.
    pub sections: Vec<Section>,
    /// Data channels, when there is a section for them.
    pub sctp: Option<Sctp>,
}

impl Section {
    /// The codecs that a track of it can go on in, the preferred first.
    pub fn forwarded(&self) -> impl Iterator<Item = Codec> {
        self.codecs.iter().map(|c| c.codec).filter(|codec| *codec != Codec::Red)
    }
}

impl NegotiatedSession {
    /// Sids of the tracks that go out in their backup codec, because the client has not got the first.
    pub fn in_backup(&self) -> impl Iterator<Item = &str> {
        let lacks = |section: &Section, codec: Codec| section.codecs.iter().all(|c| !c.codec.decodes(codec));
        let sent = self.sections.iter().filter_map(|s| Some((s, s.sending.as_ref()?)));
        sent.filter(move |(s, track)| s.send && lacks(s, track.codec)).map(|(_, track)| track.track_sid.as_str())
    }
}

/// Data channels over SCTP over DTLS (RFC 8841).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sctp {
    /// The client's SCTP port.
    pub port: u16,
    /// The longest message the client takes, in bytes.
    pub max_message_size: u32,
}

/// A media section.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // four independent answers of a negotiation
pub struct Section {
    /// Its name, also in header extensions.
    pub mid: Mid,
    /// What it carries.
    pub kind: Kind,
    /// We receive here.
    pub recv: bool,
    /// We send here.
    pub send: bool,
    /// What was agreed on, the preferred first. Empty when the section is rejected.
    pub codecs: Vec<PayloadType>,
    /// Header extensions agreed on.
    pub exts: ExtMap,
    /// Simulcast layers the client sends, in its order, which says nothing of their size: browsers begin with the
    /// smallest, other clients with the largest. Empty when it does not name them.
    pub rids: Vec<Rid>,
    /// What the client declared by `a=ssrc`, the primary first. Simulcasting browsers declare none.
    pub ssrcs: Vec<u32>,
    /// (stream, its retransmissions) as the client declared them.
    pub rtx_pairs: Vec<(u32, u32)>,
    /// The client's own name of the track (`cid` of `AddTrackRequest`).
    pub msid_track: Option<String>,
    /// We have answered that what comes here may have two channels.
    pub stereo: bool,
    /// Lost packets are asked for again.
    pub nack: bool,
    /// Transport-wide feedback is agreed on.
    pub twcc: bool,
    /// Which of our tracks goes out here.
    pub sending: Option<SendTrack>,
}

/// A track of ours, looking for a section to go out on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendTrack {
    /// Our name of the track (`TR_…`); its key here.
    pub track_sid: String,
    /// The participant it comes from (`PA_…`): becomes the stream id of `a=msid`.
    pub stream_id: String,
    /// What it is.
    pub kind: Kind,
    /// The SSRC it goes out with.
    pub ssrc: u32,
    /// The SSRC its retransmissions go out with.
    pub rtx_ssrc: Option<u32>,
    /// What it is encoded in: put first on its section.
    pub codec: Codec,
    /// What it can be had in besides, for who lacks that.
    pub backup: Option<Codec>,
    /// It may have two channels: clients that are not told so play one (`sprop-stereo`, RFC 7587 §6.1).
    pub stereo: bool,
}

impl SendTrack {
    /// What it can go out in, the first before the backup.
    pub fn codecs(&self) -> impl Iterator<Item = Codec> {
        [Some(self.codec), self.backup].into_iter().flatten()
    }
}

/// What a section carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Sound.
    Audio,
    /// Pictures.
    Video,
}

/// Codecs we know by name. Not all are forwarded: H.265 is not agreed on, and RED is taken in, unpacked, and goes on as Opus or
/// as RED of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Codec {
    /// RFC 7587.
    Opus,
    /// Redundant audio, RFC 2198.
    Red,
    /// RFC 7741.
    Vp8,
    /// RFC 9628.
    Vp9,
    /// RFC 6184.
    H264(H264Profile),
    /// RFC 7798.
    H265,
    /// AV1 by its RTP payload specification.
    Av1,
}

/// A variant of H.264.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct H264Profile {
    /// How much of H.264 a decoder has to know.
    pub profile: Profile,
    /// Packetization mode 1 (fragments and aggregates); mode 0 otherwise.
    pub packetization_mode_1: bool,
}

/// Of H.264, each containing those before it. Constrained baseline is a part of all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Profile {
    /// Baseline, and constrained baseline.
    Baseline,
    /// Main.
    Main,
    /// High.
    High,
}

impl Profile {
    /// By `profile_idc`, the first byte of a `profile-level-id`.
    pub(crate) const fn from_idc(idc: u8) -> Option<Self> {
        match idc {
            0x42 => Some(Self::Baseline),
            0x4d => Some(Self::Main),
            0x64 => Some(Self::High),
            _ => None,
        }
    }
}

/// What a client asked for of a track that it publishes, beside what its offer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The codec that comes first in our answer.
    pub codec: Codec,
    /// Two channels. An offer doesn't say it: its `stereo=1` is what the client can receive (RFC 7587 §7.1), which every
    /// Firefox and every livekit-client writes into every section.
    pub stereo: bool,
    /// Next to nothing is sent while nobody speaks.
    pub dtx: bool,
}

impl Wish {
    /// Of a mime type with parameters of RFC 7587, such as `audio/opus;stereo=1;usedtx=1`.
    pub fn from_mime(mime: &str) -> Option<Self> {
        let (name, parameters) = mime.split_once(';').unwrap_or((mime, ""));
        let says = |wanted| parameters.split(';').any(|p| p.trim() == wanted);
        Some(Self { codec: Codec::from_mime(name.trim())?, stereo: says("stereo=1"), dtx: says("usedtx=1") })
    }
}

impl From<Codec> for Wish {
    fn from(codec: Codec) -> Self {
        Self { codec, stereo: false, dtx: false }
    }
}

impl Codec {
    /// The preferred kind of H.264: fragments allowed.
    pub const H264_DEFAULT: Self = Self::H264(H264Profile { profile: Profile::Baseline, packetization_mode_1: true });

    /// The codec of a mime type such as `video/VP8`, in any case of letters.
    pub fn from_mime(mime: &str) -> Option<Self> {
        let name = mime.split_once('/').map_or(mime, |(_, name)| name);
        let known = [Self::Opus, Self::Red, Self::Vp8, Self::Vp9, Self::H264_DEFAULT, Self::H265, Self::Av1];
        known.into_iter().find(|codec| codec.name().eq_ignore_ascii_case(name))
    }

    /// Its mime type, such as `video/VP8`.
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Opus => "audio/opus",
            Self::Red => "audio/red",
            Self::Vp8 => "video/VP8",
            Self::Vp9 => "video/VP9",
            Self::H264(_) => "video/H264",
            Self::H265 => "video/H265",
            Self::Av1 => "video/AV1",
        }
    }

    /// Its encoding name, as in `a=rtpmap`.
    pub const fn name(self) -> &'static str {
        let (_, name) = self.mime().split_at(6);
        name
    }

    /// What it encodes.
    pub const fn kind(self) -> Kind {
        match self {
            Self::Opus | Self::Red => Kind::Audio,
            _ => Kind::Video,
        }
    }

    /// Whether who has this codec can decode what is `sent`: profiles of H.264 contain those below them, and fragments are
    /// allowed, not required, where they are.
    pub fn decodes(self, sent: Self) -> bool {
        match (self, sent) {
            (Self::H264(own), Self::H264(sent)) => {
                own.profile >= sent.profile && own.packetization_mode_1 >= sent.packetization_mode_1
            }
            _ => self == sent,
        }
    }

    /// The same codec, whatever its profile.
    pub fn same_name(self, other: Self) -> bool {
        self.name() == other.name()
    }
}

/// A payload type agreed on, with the client's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PayloadType {
    /// The number in RTP.
    pub pt: u8,
    /// What it means.
    pub codec: Codec,
    /// Ticks a second of its timestamps.
    pub clock_rate: u32,
    /// The number of its retransmissions (RFC 4588).
    pub rtx: Option<u8>,
}

/// Header extension ids, 1 to 14 (RFC 8285, one-byte form), by what they carry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExtMap {
    /// `urn:ietf:params:rtp-hdrext:sdes:mid`
    pub mid: Option<u8>,
    /// `urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id`
    pub rid: Option<u8>,
    /// `urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id`
    pub rrid: Option<u8>,
    /// Transport-wide sequence number.
    pub twcc: Option<u8>,
    /// Absolute send time.
    pub abs_send_time: Option<u8>,
    /// `urn:ietf:params:rtp-hdrext:ssrc-audio-level`
    pub audio_level: Option<u8>,
    /// Video orientation (`urn:3gpp:video-orientation`), which phones send instead of turning the picture.
    pub orientation: Option<u8>,
    /// Dependency descriptor (AV1's RTP payload specification, appendix A): which layers a frame is of.
    pub dependency: Option<u8>,
}

/// Up to 16 bytes of text, kept inline.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Short(ArrayString<16>);

/// The name of a section (RFC 5888).
pub type Mid = Short;
/// The name of a simulcast layer (RFC 8851).
pub type Rid = Short;

impl Short {
    /// `None` when `text` is empty, longer than 16 bytes, or not printable ASCII.
    pub fn new(text: &str) -> Option<Self> {
        if text.is_empty() || !text.bytes().all(|b| b.is_ascii_graphic()) {
            return None;
        }
        ArrayString::from(text).ok().map(Self)
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As it travels in a header extension.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.as_str())
    }
}
