//! What a shard is told, and what it tells.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use bytes::Bytes;
use folkmoot_peer::Path;
use folkmoot_sdp::{IceCreds, Kind, Mid, NegotiatedSession, Role};

pub use crate::data_packet::Destinations;
use crate::layer::Came;
use crate::ring::Meta;
use crate::shard::Encoding;

/// A name for one thing for ever, given by the control half.
pub type Handle = u64;

/// What a track shows or plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A face.
    Camera,
    /// A voice.
    Microphone,
    /// A screen.
    ScreenShare,
    /// What a screen sounds like.
    ScreenShareAudio,
    /// Not said.
    Unknown,
}

/// Where the numbers of a stream begin: anywhere, so that nothing can be told of one stream from another.
#[derive(Clone, Copy, Debug, Default)]
pub struct FirstNumbers {
    /// The first sequence number.
    pub seq: u16,
    /// The first one of its retransmissions.
    pub rtx_seq: u16,
    /// What is added to the publisher's timestamps at first.
    pub timestamp: u32,
}

impl FirstNumbers {
    /// From random bytes. Sequence numbers begin in the lower half, so that a receiver can't take the first for one of a round
    /// before.
    pub fn from_bytes(bytes: [u8; 8]) -> Self {
        let bits = u64::from_be_bytes(bytes);
        Self { seq: (bits >> 48) as u16 & 0x7fff, rtx_seq: (bits >> 32) as u16 & 0x7fff, timestamp: bits as u32 }
    }
}

/// The sender's own number of the last reliable message of a peer below which none is missing; 0: none. The shard writes it, the
/// control half reads it when the peer's client asks from where on it shall say again what it said.
#[derive(Clone, Debug, Default)]
pub struct LastHeard(Arc<AtomicU32>);

impl LastHeard {
    /// The number.
    pub fn get(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn set(&self, sequence: u32) {
        self.0.store(sequence, Ordering::Relaxed);
    }
}

/// What the control half has decided. Commands about what is not there are ignored: it may have ended by itself meanwhile.
#[derive(Clone, Debug)]
#[allow(missing_docs)] // the fields are the handles that the names say
pub enum Command {
    OpenRoom {
        room: Handle,
    },
    CloseRoom {
        room: Handle,
    },
    OpenPeer {
        room: Handle,
        peer: Handle,
        identity: String,
        sid: String,
        may_send_data: bool,
        heard: LastHeard,
    },
    /// It goes to another room, where its sid is another. Its connections and tracks stay.
    MovePeer {
        peer: Handle,
        room: Handle,
        sid: String,
    },
    /// What it says is heard in these rooms, too.
    ForwardPeer {
        peer: Handle,
        rooms: Vec<Handle>,
    },
    SetMayData {
        peer: Handle,
        may: bool,
    },
    /// Its client's signal is cut, or is back: what it couldn't say meanwhile it says then.
    SetAway {
        peer: Handle,
        away: bool,
    },
    /// The peer's client learns of a track by its first packet: it is sent some without content of tracks that are muted.
    AnnounceMuted {
        peer: Handle,
    },
    /// What is sent to the peer is kept to so many bits a second of pictures, as if its path carried no more; `None`: to what
    /// it carries.
    Limit {
        peer: Handle,
        bits: Option<u64>,
    },
    ClosePeer {
        peer: Handle,
    },
    OpenConnection {
        peer: Handle,
        conn: Handle,
        role: Role,
        local: IceCreds,
    },
    CloseConnection {
        conn: Handle,
    },
    Session {
        conn: Handle,
        session: Arc<NegotiatedSession>,
    },
    Publish {
        conn: Handle,
        mid: Mid,
        track: Handle,
        kind: Kind,
        source: Source,
    },
    /// The track comes in on a second section in another codec, for those who lack the first. `regresses`: everybody is
    /// sent that one while it comes.
    PublishBackup {
        track: Handle,
        mid: Mid,
        regresses: bool,
    },
    /// It does no longer.
    DropBackup {
        track: Handle,
    },
    Unpublish {
        track: Handle,
    },
    SetMuted {
        track: Handle,
        muted: bool,
    },
    /// Who comes to it begins with what comes then, whatever is remembered of it.
    NeverReplay {
        track: Handle,
    },
    /// The room has people on these other shards, too.
    Spread {
        room: Handle,
        shards: Vec<u8>,
    },
    /// A track of another shard has subscribers here.
    Mirror {
        track: Handle,
        mirrored: Mirrored,
    },
    /// It has none any more.
    EndMirror {
        track: Handle,
    },
    /// That other shard has subscribers of a track of this one.
    Send {
        track: Handle,
        shard: u8,
    },
    /// It has none any more.
    EndSend {
        track: Handle,
        shard: u8,
    },
    /// Goes out on the section whose `sending` has this `ssrc`, as soon as a session has one.
    Subscribe {
        sub: Handle,
        conn: Handle,
        track: Handle,
        ssrc: u32,
        first: FirstNumbers,
    },
    Unsubscribe {
        sub: Handle,
    },
    /// How a receiver wants it.
    Configure {
        sub: Handle,
        wish: Wish,
    },
    /// What the peer sends on its data track of that number goes to another, on whose side it is `number`. Once more: `number`
    /// is another.
    CarryFrames {
        from: Handle,
        track: u16,
        to: Handle,
        number: u16,
    },
    /// It goes there no longer.
    DropFrames {
        from: Handle,
        track: u16,
        to: Handle,
    },
    SendData {
        room: Handle,
        to: Option<Vec<Handle>>,
        reliable: bool,
        bytes: Bytes,
    },
}

/// What a shard has to know of a track that comes in on another.
#[derive(Clone, Debug)]
pub struct Mirrored {
    /// Where it comes in.
    pub home: u8,
    /// Whose it is, by sid.
    pub sid: String,
    /// Sound or picture.
    pub kind: Kind,
    /// What it shows or plays.
    pub source: Source,
    /// Whether it is muted now.
    pub muted: bool,
    /// Whether who comes to it may begin with what was before.
    pub replays: bool,
}

/// What a receiver wants of a track.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// It wants it.
    pub enabled: bool,
    /// No larger layer than that: 0 low, 1 middle, 2 high.
    pub max_layer: u8,
    /// What is greater comes first when its path doesn't carry all; 0 when it doesn't say.
    pub priority: u8,
    /// On how many pixels it is shown; 0 when it doesn't say.
    pub pixels: u32,
    /// No more pictures a second than that; 0 when it doesn't say.
    pub fps: u32,
}

impl Default for Wish {
    /// All of it.
    fn default() -> Self {
        Self { enabled: true, max_layer: 2, priority: 0, pixels: 0, fps: 0 }
    }
}

/// Why a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndReason {
    /// The client closed it.
    Closed,
    /// Nothing was heard of the client for too long.
    Lost,
    /// It could not be made secure.
    Failed,
}

impl EndReason {
    /// As programs read it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Lost => "lost",
            Self::Failed => "failed",
        }
    }
}

/// What whoever holds the TCP connections has to know of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkNews {
    /// A client has shown by it that it knows the password of a connection of ours.
    Claimed(Path),
    /// Nothing comes or goes by it any more: close it.
    Released(Path),
}

/// What a shard tells another, or all others.
#[derive(Clone, Debug, PartialEq)]
pub enum Word {
    /// A client of mine has authenticated itself by this address, or does so again: what comes from there is mine.
    Claimed(SocketAddr),
    /// It is mine no longer.
    Released(SocketAddr),
    /// I begin, and have nothing of what I had.
    Anew,
    /// A receiver of your track needs a key frame of that layer.
    Keyframe {
        /// Which.
        track: Handle,
        /// Which.
        layer: u8,
        /// It waits for one to begin with, and this is said again for as long as it does.
        awaited: bool,
    },
    /// What a track of mine is made of now.
    Shape {
        /// Which.
        track: Handle,
        /// What it is made of.
        shape: Shape,
    },
    /// The sender of a track of mine has told how its clocks run.
    Report {
        /// Which.
        track: Handle,
        /// Which.
        layer: u8,
        /// When it told.
        at: Instant,
        /// Its wall clock.
        ntp: u64,
        /// The layer's.
        rtp: u32,
    },
    /// Who sends that track of mine speaks.
    Spoke {
        /// Which.
        track: Handle,
        /// When.
        at: Instant,
    },
    /// A packet of a data track.
    Frame {
        /// For whom.
        to: Handle,
        /// Under the number that it knows the track by.
        packet: Bytes,
    },
    /// Somebody in the room says something.
    Message {
        /// Where.
        room: Handle,
        /// To whom.
        to: Destinations,
        /// Whether it is said again until it has arrived.
        reliable: bool,
        /// What, with who says it.
        bytes: Bytes,
    },
}

impl Word {
    /// Nobody says it again, and somebody counts on it.
    pub fn is_owed(&self) -> bool {
        matches!(self, Self::Anew | Self::Message { reliable: true, .. })
    }

    /// The bytes that it carries.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Message { bytes, .. } | Self::Frame { packet: bytes, .. } => bytes.len(),
            _ => 0,
        }
    }
}

/// What a track is made of: its encodings and how many layers there are of all.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    pub(crate) encodings: Vec<Encoding>,
    pub(crate) layers: usize,
    pub(crate) regresses: bool,
}

/// A packet on its way to a track's mirror; what it carries is beside it.
#[derive(Clone, Copy, Debug)]
pub struct Crossing {
    pub(crate) track: Handle,
    pub(crate) layer: u8,
    pub(crate) ssrc: u32,
    pub(crate) own: u64,
    pub(crate) arrived: Instant,
    pub(crate) came: Came,
    pub(crate) meta: Meta,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum ShardEvent {
    /// Keys are agreed; media and data flow.
    Connected { conn: Handle },
    /// It is over; close it.
    Disconnected { conn: Handle, reason: EndReason },
    /// It ran into a fault of ours and was dropped, alone.
    Failed { conn: Handle },
    /// Peer, level from 0 to 1, whether it speaks: changes only.
    Speakers { room: Handle, changes: Vec<(Handle, f32, bool)> },
    /// Peer, 0 poor to 2 excellent, score: all of the room, when one has changed or is new.
    Quality { room: Handle, changes: Vec<(Handle, u8, f32)> },
    /// The first packet of a subscription went out.
    Subscribed { sub: Handle },
    /// A client sends more than it may; what is too much is dropped. Told once a minute.
    Policed { conn: Handle },
    /// The path of a receiver does not carry this picture for now, or carries it again.
    Paused { conn: Handle, sub: Handle, paused: bool },
    /// Up to this layer the path of a receiver carries a picture; `None`: not even the smallest. Less is said after a while.
    Carried { conn: Handle, sub: Handle, layer: Option<u8> },
    /// A peer answers the server: what it says is addressed to no person, but to [`SERVER`].
    Said { peer: Handle, bytes: Bytes },
}

/// Identities that begin so are the server's own; it speaks under them where it awaits an answer.
pub const SERVER: &str = "server:";
