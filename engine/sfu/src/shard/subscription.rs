//! A track on its way to one receiver.

use std::time::{Duration, Instant};

use folkmoot_sdp::{Codec, ExtMap, Kind, Mid, PayloadType};
use folkmoot_wire::rtcp::ReportBlock;

use super::connection::Conn;
use super::steps::LAYERS;
use super::table::At;
use super::track::{Encoding, Track};
use crate::command::{FirstNumbers, Wish};
use crate::downtrack::Downtrack;
use crate::quality::Interval;
use crate::repeats::Repeats;
use crate::resends::Resends;

/// Of a receiver that is further away than this, there and back, a picture stands for long if what is sent again is lost.
const FAR: Duration = Duration::from_millis(100);

/// What a subscription was given of its path.
pub(crate) struct Allotment {
    /// The step up to which it is sent.
    pub(crate) layer: Option<usize>,
    /// Something was given or refused to it.
    pub(crate) judged: bool,
    /// Its receiver was told that it is paused.
    pub(crate) paused: bool,
    /// Up to which layer its path was said to carry it, and since when it is less.
    said: Option<usize>,
    less: Option<Instant>,
}

impl Allotment {
    fn new() -> Self {
        Self { layer: None, judged: false, paused: false, said: Some(LAYERS - 1), less: None }
    }

    /// Its path carries it up to this layer: whether that is to be said now, more at once, less after a while.
    pub(crate) fn is_news(&mut self, now: Instant, layer: Option<usize>, a_while: Duration) -> bool {
        if layer < self.said {
            let since = *self.less.get_or_insert(now);
            if now.saturating_duration_since(since) < a_while {
                return false;
            }
        }
        self.less = None;
        std::mem::replace(&mut self.said, layer) != layer
    }
}

/// Where a subscription goes out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Binding {
    pub(crate) mid: Mid,
    pub(crate) exts: ExtMap,
    pub(crate) codecs: Vec<PayloadType>,
    pub(crate) rtx_ssrc: Option<u32>,
}

impl Binding {
    /// How its receiver calls a codec: by its own name, or by that of one that decodes it.
    pub(crate) fn format(&self, codec: Codec) -> Option<PayloadType> {
        let exact = self.codecs.iter().find(|c| c.codec == codec);
        exact.or_else(|| self.codecs.iter().find(|c| c.codec.decodes(codec))).copied()
    }

    /// How it calls sound that is said twice, if it takes it.
    pub(crate) fn repeats(&self) -> Option<PayloadType> {
        self.codecs.iter().find(|c| c.codec == Codec::Red).copied()
    }
}

pub(crate) struct Sub {
    pub(crate) conn: At,
    pub(crate) track: At,
    /// Its place among the track's: who leaves a big room costs no look at all the others.
    pub(crate) in_track: usize,
    pub(crate) ssrc: u32,
    pub(crate) wish: Wish,
    pub(crate) allotment: Allotment,
    pub(crate) target: Option<usize>,
    pub(crate) down: Downtrack,
    pub(crate) binding: Option<Binding>,
    /// A picture is sent from then on.
    pub(crate) begins: Option<Instant>,
    /// The number after the last one sent under another binding: older ones can't be made again as they were.
    pub(crate) bound_from: u64,
    /// The client knows which section the stream belongs to.
    pub(crate) placed: bool,
    pub(crate) told: bool,
    /// Packets without content that were sent to tell of it.
    pub(crate) announced: u8,
    pub(crate) packets: u32,
    pub(crate) octets: u32,
    pub(crate) rtx_seq: u64,
    /// Of sound, which packets went out with the frame before.
    pub(crate) repeats: Repeats,
    resends: Resends,
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
            in_track: 0,
            ssrc,
            wish: Wish::default(),
            allotment: Allotment::new(),
            target: None,
            down: Downtrack::new(first.seq, first.timestamp, kind == Kind::Video),
            binding: None,
            begins: None,
            bound_from: 0,
            placed: false,
            told: false,
            announced: 0,
            packets: 0,
            octets: 0,
            rtx_seq: u64::from(first.rtx_seq),
            repeats: Repeats::default(),
            resends: Resends::default(),
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

    /// The highest step that is sent of it. Sound always is, and no picture while a queue goes through.
    pub(crate) fn ceiling(&self, track: &Track, conn: &Conn) -> Option<usize> {
        match track.kind {
            Kind::Audio => Some(0),
            Kind::Video => self.allotment.layer.filter(|_| !conn.allocation.drains && !conn.pacer.is_clogged()),
        }
    }

    /// What it is sent of a track that comes in two codecs.
    pub(crate) fn encoding<'a>(&self, track: &'a Track) -> Option<&'a Encoding> {
        Some(&track.encodings[self.encoding_of(track)?])
    }

    /// Its place among the track's.
    pub(crate) fn encoding_of(&self, track: &Track) -> Option<usize> {
        track.encoding_for(&self.binding.as_ref()?.codecs)
    }

    /// The layer that is to be sent in place of the present one.
    pub(crate) fn awaits(&self) -> Option<usize> {
        self.target.filter(|target| self.down.layer() != Some(*target))
    }

    /// From when on only a key frame of that layer helps it on.
    pub(crate) fn waits_for(&self, layer: usize) -> Option<Instant> {
        let waits = self.target == Some(layer) && (self.down.layer() != Some(layer) || self.down.is_stuck());
        self.begins.filter(|_| waits)
    }

    /// Whether packet `seq` may be sent again now; notes that it is.
    pub(crate) fn may_resend(&mut self, now: Instant, seq: u64) -> bool {
        let round_trip = self.rtt.unwrap_or(Duration::from_millis(20)).min(Duration::from_millis(200));
        self.resends.may(now, seq, round_trip)
    }

    /// A question and its answer take long.
    pub(crate) fn is_far(&self) -> bool {
        self.rtt.is_some_and(|rtt| rtt >= FAR)
    }

    /// What the receiver says of the stream.
    pub(crate) fn handle_report(&mut self, now: Instant, block: &ReportBlock, rate: u32) {
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
