//! What a shard holds.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use folkmoot_bwe::{Estimator, ProbeCluster};
use folkmoot_peer::{ControlPeer, Path};
use folkmoot_sdp::{Codec, ExtMap, Kind, Mid, NegotiatedSession, PayloadType, Rid, Role, Section};
use folkmoot_srtp::{Rx, Tx};
use folkmoot_wire::rtcp::ReportBlock;
use folkmoot_wire::twcc;

use super::table::At;
use crate::allocator::Allocator;
use crate::command::{FirstNumbers, Handle, LastHeard, Source, Wish};
use crate::downtrack::Downtrack;
use crate::layer::Layer;
use crate::quality::{Interval, Score};
use crate::rate::RateMeter;
use crate::run::Run;
use crate::speakers::{Loudness, Speakers};

/// Retransmissions remembered per receiver, to answer no request twice in a moment.
const RESENT: usize = 64;
/// A packet is sent again so often.
const RESENDS: u8 = 4;

#[derive(Default)]
pub(crate) struct Room {
    pub(crate) peers: Vec<Handle>,
    pub(crate) speakers: Speakers,
}

pub(crate) struct Peer {
    pub(crate) room: Handle,
    pub(crate) identity: String,
    pub(crate) sid: String,
    pub(crate) may_send_data: bool,
    pub(crate) heard: LastHeard,
    /// Its client learns of a track by its first packet, so of a muted one not at all.
    pub(crate) announces_muted: bool,
    pub(crate) conns: Vec<At>,
    /// Reliable messages that wait for a channel that is not open yet, or full.
    pub(crate) waiting: VecDeque<(Instant, Bytes)>,
    pub(crate) waiting_bytes: usize,
    pub(crate) score: Score,
    /// When it spoke last.
    pub(crate) spoke: Option<Instant>,
    /// The room was told of it.
    pub(crate) scored: bool,
}

impl Peer {
    pub(crate) fn new(room: Handle, identity: String, sid: String, may_send_data: bool, heard: LastHeard) -> Self {
        Self {
            room,
            identity,
            sid,
            may_send_data,
            heard,
            announces_muted: false,
            conns: Vec::new(),
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            score: Score::default(),
            spoke: None,
            scored: false,
        }
    }
}

/// Which layer a stream carries.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stream {
    pub(crate) track: At,
    pub(crate) layer: usize,
    /// It carries retransmissions.
    pub(crate) repairs: bool,
}

/// How a receiver's path was divided last.
#[derive(Default)]
pub(crate) struct Allocation {
    pub(crate) allocator: Allocator,
    /// Bits a second that pictures were given.
    pub(crate) bits: u64,
    /// Somebody is seen smaller than is wanted, or not at all.
    pub(crate) starved: bool,
    /// A queue is waited for: no picture is sent.
    pub(crate) drains: bool,
    /// Who comes first, or what is wanted, has changed since.
    pub(crate) outdated: bool,
}

/// What a subscription was given of its path.
#[derive(Default)]
pub(crate) struct Allotment {
    /// The layer up to which it is sent.
    pub(crate) layer: Option<usize>,
    /// Something was given or refused to it.
    pub(crate) judged: bool,
    /// Its receiver was told that it is paused.
    pub(crate) paused: bool,
}

/// A burst of padding on its way out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Probe {
    pub(crate) cluster: ProbeCluster,
    pub(crate) since: Instant,
    pub(crate) sent: u64,
}

pub(crate) struct Conn {
    pub(crate) peer: Handle,
    pub(crate) role: Role,
    pub(crate) control: ControlPeer,
    pub(crate) ufrags: Vec<String>,
    pub(crate) sources: VecDeque<Path>,
    pub(crate) to: Option<Path>,
    pub(crate) session: Option<Arc<NegotiatedSession>>,
    pub(crate) keys: Option<(Rx, Tx)>,
    pub(crate) streams: HashMap<u32, Stream>,
    /// Streams whose place another has taken, and when: what is still on its way of them must not take it back.
    pub(crate) retired: VecDeque<(u32, Instant)>,
    pub(crate) tracks: Vec<At>,
    pub(crate) subs: Vec<At>,
    pub(crate) sub_of_ssrc: HashMap<u32, At>,
    /// How many packets may be sent again.
    pub(crate) resends: u32,
    pub(crate) run: Run,
    /// It stands in the list of those to flush.
    pub(crate) dirty: bool,
    pub(crate) twcc_ext: Option<u8>,
    pub(crate) twcc: Option<twcc::Recorder>,
    pub(crate) twcc_ssrc: u32,
    pub(crate) twcc_due: Option<Instant>,
    pub(crate) report_due: Option<Instant>,
    /// What its path carries.
    pub(crate) bwe: Estimator,
    pub(crate) allocation: Allocation,
    /// The next transport-wide number.
    pub(crate) next_twcc: u16,
    pub(crate) probe: Option<Probe>,
    /// Of pictures that are sent.
    pub(crate) pace: RateMeter,
    /// Open channels: reliable or not, by stream.
    pub(crate) channels: HashMap<u16, bool>,
    pub(crate) reliable: Option<u16>,
    pub(crate) lossy: Option<u16>,
}

impl Conn {
    /// Media and messages to the client go over it.
    pub(crate) fn carries_to_client(&self) -> bool {
        self.role != Role::Publisher
    }

    pub(crate) fn section(&self, mid: Mid) -> Option<&Section> {
        self.session.as_ref()?.sections.iter().find(|s| s.mid == mid)
    }
}

pub(crate) struct Track {
    pub(crate) conn: At,
    pub(crate) peer: Handle,
    pub(crate) mid: Mid,
    pub(crate) kind: Kind,
    pub(crate) source: Source,
    pub(crate) muted: bool,
    /// Smallest first.
    pub(crate) layers: Vec<Layer>,
    pub(crate) rids: Vec<Rid>,
    pub(crate) codecs: Vec<PayloadType>,
    pub(crate) exts: ExtMap,
    pub(crate) nack: bool,
    pub(crate) subs: Vec<At>,
    pub(crate) loudness: Loudness,
}

impl Track {
    /// Whether its loudness says that somebody speaks: not so of what a screen plays.
    pub(crate) fn is_voice(&self) -> bool {
        self.kind == Kind::Audio && self.source != Source::ScreenShareAudio
    }

    /// What its section says now. Layers that are there stay.
    pub(crate) fn read_section(&mut self, section: &Section) {
        if self.layers.is_empty() || self.rids.len() < section.rids.len() {
            self.rids = smallest_first(&section.rids);
        }
        while self.layers.len() < self.rids.len().max(1) {
            self.layers.push(Layer::new(self.kind));
        }
        self.codecs.clone_from(&section.codecs);
        self.exts = section.exts;
        self.nack = section.nack;
    }

    pub(crate) fn layer_of(&self, rid: &[u8]) -> Option<usize> {
        self.rids.iter().position(|r| r.as_bytes() == rid)
    }

    pub(crate) fn codec(&self, pt: u8) -> Option<Codec> {
        self.codecs.iter().find(|c| c.pt == pt).map(|c| c.codec)
    }

    /// What a retransmission's payload type stands for.
    pub(crate) fn repaired_codec(&self, pt: u8) -> Option<Codec> {
        self.codecs.iter().find(|c| c.rtx == Some(pt)).map(|c| c.codec)
    }
}

/// LiveKit's clients name their layers q, h and f; some list them from the largest. Others are taken in their order.
fn smallest_first(rids: &[Rid]) -> Vec<Rid> {
    let mut rids = rids.to_vec();
    let size = |rid: &Rid| ["q", "h", "f"].iter().position(|name| *name == rid.as_str());
    if rids.iter().all(|rid| size(rid).is_some()) {
        rids.sort_by_key(size);
    }
    rids
}

/// Where a subscription goes out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Binding {
    pub(crate) mid: Mid,
    pub(crate) exts: ExtMap,
    pub(crate) codecs: Vec<PayloadType>,
    pub(crate) rtx_ssrc: Option<u32>,
}

pub(crate) struct Sub {
    pub(crate) conn: At,
    pub(crate) track: At,
    pub(crate) ssrc: u32,
    pub(crate) wish: Wish,
    pub(crate) allotment: Allotment,
    pub(crate) target: Option<usize>,
    pub(crate) down: Downtrack,
    pub(crate) binding: Option<Binding>,
    /// The number after the last one sent under another binding: older ones can't be made again as they were.
    pub(crate) bound_from: u64,
    /// The client knows which section the stream belongs to.
    pub(crate) placed: bool,
    pub(crate) told: bool,
    /// Packets without content that were sent to tell of it.
    pub(crate) announced: u8,
    pub(crate) packets: u32,
    pub(crate) octets: u32,
    pub(crate) repair_seq: u64,
    resent: Vec<(u64, Instant, u8)>,
    /// The middle of the NTP time of the last report, and when it went out.
    pub(crate) reported: Option<(u32, Instant)>,
    pub(crate) rtt: Option<Duration>,
    jitter: Duration,
    highest: Option<u32>,
    lost: i32,
    interval: (u64, u64),
}

impl Sub {
    pub(crate) fn new(conn: At, track: At, ssrc: u32, first: FirstNumbers, kind: Kind) -> Self {
        Self {
            conn,
            track,
            ssrc,
            wish: Wish::default(),
            allotment: Allotment::default(),
            target: None,
            down: Downtrack::new(first.seq, first.timestamp, kind == Kind::Video),
            binding: None,
            bound_from: 0,
            placed: false,
            told: false,
            announced: 0,
            packets: 0,
            octets: 0,
            repair_seq: u64::from(first.rtx_seq),
            resent: Vec::new(),
            reported: None,
            rtt: None,
            jitter: Duration::ZERO,
            highest: None,
            lost: 0,
            interval: (0, 0),
        }
    }

    /// Padding can go out beside it.
    pub(crate) fn pads(&self) -> bool {
        let pads =
            |b: &Binding| b.exts.twcc.is_some() && b.rtx_ssrc.is_some() && b.codecs.iter().any(|c| c.rtx.is_some());
        self.binding.as_ref().is_some_and(pads)
    }

    /// The receiver wants to see it, and there is something to see.
    pub(crate) fn is_wanted(&self, track: &Track) -> bool {
        self.wish.enabled && self.binding.is_some() && !track.muted
    }

    /// The largest layer that is sent of it. Sound always is, and a screen while a queue goes through.
    pub(crate) fn most(&self, track: &Track, conn: &Conn) -> Option<usize> {
        match track.source {
            _ if track.kind == Kind::Audio => Some(0),
            Source::ScreenShare if conn.allocation.drains => Some(0),
            _ => self.allotment.layer.filter(|_| !conn.allocation.drains),
        }
    }

    /// The layer that is to be sent in place of the present one.
    pub(crate) fn awaits(&self) -> Option<usize> {
        self.target.filter(|target| self.down.layer() != Some(*target))
    }

    /// Whether packet `seq` may be sent again now; notes that it is.
    pub(crate) fn may_resend(&mut self, now: Instant, seq: u64) -> bool {
        let pause = self.rtt.unwrap_or(Duration::from_millis(20)).min(Duration::from_millis(200));
        if let Some((_, at, times)) = self.resent.iter_mut().find(|(s, ..)| *s == seq) {
            if *times >= RESENDS || now.saturating_duration_since(*at) < pause {
                return false;
            }
            (*at, *times) = (now, *times + 1);
            return true;
        }
        if self.resent.len() == RESENT {
            self.resent.remove(0);
        }
        self.resent.push((seq, now, 1));
        true
    }

    /// What the receiver says of the stream.
    pub(crate) fn hear(&mut self, now: Instant, block: &ReportBlock, rate: u32) {
        if let Some((middle, at)) = self.reported
            && block.last_sr == middle
        {
            let held = Duration::from_secs_f64(f64::from(block.delay_since_sr) / 65_536.0);
            self.rtt = Some(now.saturating_duration_since(at).saturating_sub(held));
        }
        self.placed = true;
        self.jitter = Duration::from_secs_f64(f64::from(block.jitter) / f64::from(rate));
        if let Some(highest) = self.highest {
            self.interval.0 += u64::from(block.highest_sequence.wrapping_sub(highest).min(1 << 16));
            self.interval.1 += u64::from((block.lost - self.lost).max(0).unsigned_abs().min(1 << 16));
        }
        self.highest = Some(block.highest_sequence);
        self.lost = block.lost;
    }

    /// The interval that ends now.
    pub(crate) fn interval(&mut self) -> Interval {
        let (expected, lost) = std::mem::take(&mut self.interval);
        Interval { expected, lost, rtt: self.rtt, jitter: self.jitter }
    }
}
