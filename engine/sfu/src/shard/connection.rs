//! A connection: its control half, its keys, what comes and goes by it, and what its path is believed to carry.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Instant;

use folkmoot_bwe::{Estimator, ProbeCluster};
use folkmoot_peer::{ControlPeer, Path};
use folkmoot_sdp::{Mid, NegotiatedSession, Role, Section};
use folkmoot_srtp::{Rx, Tx};
use folkmoot_wire::twcc;

use super::steps::LAYERS;
use super::table::At;
use super::track::Stream;
use crate::allocator::Allocator;
use crate::command::Handle;
use crate::pacer::Pacer;
use crate::rate::RateMeter;
use crate::run::Run;
use crate::uplink::Uplink;

/// How a receiver's path was divided last.
#[allow(clippy::struct_excessive_bools)] // independent findings
pub(crate) struct Allocation {
    pub(crate) allocator: Allocator,
    /// Bits a second that pictures were given.
    pub(crate) bits: u64,
    /// Somebody is seen smaller than is wanted, or not at all.
    pub(crate) starved: bool,
    /// A queue is waited for: no picture is sent.
    pub(crate) drains: bool,
    /// Of pictures that wait for their run there are too many.
    pub(crate) clogged: bool,
    /// No larger layer than that is of use by a path that loses so much.
    pub(crate) whole: usize,
    /// Who comes first, or what is wanted, has changed since.
    pub(crate) outdated: bool,
}

/// Losing more than the first, a path is sent no layer above this one, until it loses less than the second: of a picture of
/// many packets one is always missing, and a small one that moves is worth more than a large one that stands.
const LOSSES: [(f64, f64); LAYERS - 1] = [(0.25, 0.2), (0.13, 0.09)];

impl Default for Allocation {
    fn default() -> Self {
        Self {
            allocator: Allocator::default(),
            bits: 0,
            starved: false,
            drains: false,
            clogged: false,
            whole: LAYERS - 1,
            outdated: false,
        }
    }
}

impl Allocation {
    /// The path has lost this share of late.
    pub(crate) fn note_loss(&mut self, lost: f64) {
        let holds = |(layer, (more, less)): (usize, &(f64, f64))| lost > *more || self.whole <= layer && lost > *less;
        self.whole = LOSSES.iter().enumerate().position(|each| holds((each.0, each.1))).unwrap_or(LAYERS - 1);
    }
}

/// A burst of padding on its way out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Probe {
    pub(crate) cluster: ProbeCluster,
    pub(crate) since: Instant,
    pub(crate) packets: u32,
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
    /// What its client may send.
    pub(crate) uplink: Uplink,
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
    /// Pictures that wait for their run.
    pub(crate) pacer: Pacer,
    /// Of pictures that are sent.
    pub(crate) pace: RateMeter,
    /// Open channels: reliable or not, by stream.
    pub(crate) channels: HashMap<u16, bool>,
    pub(crate) reliable: Option<u16>,
    pub(crate) lossy: Option<u16>,
    /// The one of data tracks.
    pub(crate) frames: Option<u16>,
}

impl Conn {
    /// Media and messages to the client go over it.
    pub(crate) fn carries_to_client(&self) -> bool {
        self.role != Role::Publisher
    }

    /// When pictures that wait may leave; not while a queue on the path is waited for.
    pub(crate) fn pacing_due(&self) -> Option<Instant> {
        self.pacer.due().filter(|_| !self.allocation.drains)
    }

    /// Pictures leave as fast as the path is believed to carry them; while it is tried whether it carries more, they are part of
    /// what is tried. A path of which there is only a guess is not paced: nothing says that it is too narrow for what it is given.
    pub(crate) fn pace_pictures(&mut self, now: Instant) {
        let carries = self.bwe.estimate().filter(|_| self.bwe.was_full(now));
        self.pacer.set_path(carries.map(|bits| self.probe.map_or(bits, |probe| probe.cluster.bits.max(bits))));
    }

    pub(crate) fn section(&self, mid: Mid) -> Option<&Section> {
        self.session.as_ref()?.sections.iter().find(|s| s.mid == mid)
    }
}
