//! Which packets of a stream a receiver gets that wants no more than some of its layers.
//!
//! Law: what is let through can be decoded without what is not. So more is sent only from a frame on that needs none of those
//! left out; where no such frame comes the receiver is [`Selector::is_stuck`] until a key frame does. A picture is never cut:
//! what is decided at its first packet holds for all of it.
//!
//! VP8 and VP9 say in their payload descriptors which layer a packet is of; AV1 in the dependency descriptor.

use folkmoot_wire::dependency::{Frame, Indication, Needs, Structure};

use crate::ring::Meta;

/// Pictures that are left out, though wanted, until a key frame is asked for: some encoders mark no picture to begin with.
const PATIENCE: u8 = 32;

/// The highest layers that are sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Layers {
    pub(crate) spatial: u8,
    pub(crate) temporal: u8,
}

impl Layers {
    pub(crate) const ALL: Self = Self { spatial: u8::MAX, temporal: u8::MAX };
}

/// Where a packet is in its stream, by what its codec says of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) spatial: u8,
    pub(crate) temporal: u8,
    /// It begins a frame.
    pub(crate) starts: bool,
    /// It ends one.
    pub(crate) ends: bool,
    /// Its temporal layer may begin with it.
    pub(crate) sync: bool,
}

/// See the module.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Selector {
    wanted: Layers,
    current: Layers,
    /// The picture under way, by its timestamp.
    picture: Option<u32>,
    missed: u8,
    stuck: bool,
    /// By the dependency descriptor: the decode target, the frame under way, and those sent.
    target: Option<usize>,
    frame: Option<(u16, bool)>,
    sent: History,
}

impl Default for Selector {
    fn default() -> Self {
        Self {
            wanted: Layers::ALL,
            current: Layers::default(),
            picture: None,
            missed: 0,
            stuck: false,
            target: None,
            frame: None,
            sent: History::default(),
        }
    }
}

impl Selector {
    /// No more than that is sent as soon as can be, or so much again.
    pub(crate) fn want(&mut self, wanted: Layers) {
        if self.wanted != wanted {
            (self.wanted, self.missed) = (wanted, 0);
        }
    }

    /// Another stream begins.
    pub(crate) fn begin(&mut self) {
        *self = Self { wanted: self.wanted, ..Self::default() };
    }

    /// What is wanted begins with a key frame only.
    pub(crate) fn is_stuck(&self) -> bool {
        self.stuck
    }

    /// The spatial layer that ends a picture now, and the decode targets that are sent, where there are such.
    pub(crate) fn shape(&self, structure: Option<&Structure>) -> (u8, u32) {
        let Some((structure, target)) = structure.zip(self.target) else { return (self.current.spatial, 0) };
        let Some(most) = structure.targets().get(target) else { return (u8::MAX, 0) };
        let part = |layer: &(u8, u8)| layer.0 <= most.0 && layer.1 <= most.1;
        let bits = structure.targets().iter().enumerate().filter(|(_, layer)| part(layer));
        (most.0, bits.fold(0, |mask, (n, _)| mask | 1 << n) & structure.active())
    }

    /// Whether the packet, newer than all before, is sent.
    pub(crate) fn admit(&mut self, meta: &Meta, structure: Option<&Structure>) -> bool {
        match (&meta.frame, structure) {
            (Some(frame), Some(structure)) => self.admit_frame(meta, frame, structure),
            _ => self.admit_part(meta),
        }
    }

    fn admit_part(&mut self, meta: &Meta) -> bool {
        let Part { spatial, temporal, starts, sync, .. } = meta.part;
        let begins = self.picture.replace(meta.timestamp) != Some(meta.timestamp) && starts;
        if meta.starts_keyframe {
            (self.current, self.missed, self.stuck) = (self.wanted, 0, false);
        } else if begins {
            self.current.spatial = self.current.spatial.min(self.wanted.spatial);
            self.current.temporal = self.current.temporal.min(self.wanted.temporal);
            if sync && temporal <= self.wanted.temporal && temporal.checked_sub(1) == Some(self.current.temporal) {
                (self.current.temporal, self.missed) = (temporal, 0);
            }
        }
        if begins && temporal > self.current.temporal && temporal <= self.wanted.temporal {
            self.missed = self.missed.saturating_add(1);
        }
        self.stuck |= spatial > self.current.spatial && spatial <= self.wanted.spatial;
        self.stuck |= self.missed >= PATIENCE;
        if spatial <= self.current.spatial && self.current.spatial == self.wanted.spatial && self.missed < PATIENCE {
            self.stuck = false; // it isn't wanted any more
        }
        spatial <= self.current.spatial && temporal <= self.current.temporal
    }

    fn admit_frame(&mut self, meta: &Meta, frame: &Frame, structure: &Structure) -> bool {
        if let Some((_, admitted)) = self.frame.filter(|(number, _)| *number == frame.number) {
            return admitted;
        }
        let wanted = best_target(structure, self.wanted);
        if meta.starts_keyframe {
            (self.target, self.stuck, self.sent) = (wanted, false, History::default());
        } else if self.target == wanted {
            self.stuck = false;
        } else if wanted.is_some_and(|target| frame.indication(target) == Indication::Switch) {
            self.stuck = !self.sent.has(frame.number, frame.needs);
            if !self.stuck {
                self.target = wanted;
            }
        }
        let admitted = self.target.is_none_or(|target| frame.indication(target) != Indication::NotPresent);
        self.sent.note(frame.number, admitted);
        self.frame = Some((frame.number, admitted));
        admitted
    }
}

/// The decode target that gives most of what is wanted, of those that are sent; the smallest where none is so small.
fn best_target(structure: &Structure, wanted: Layers) -> Option<usize> {
    let sent = |n: &usize| structure.active() >> n & 1 == 1;
    let all = || (0..structure.targets().len()).filter(sent);
    let layer = |n: &usize| structure.targets()[*n];
    let fits = |n: &usize| layer(n).0 <= wanted.spatial && layer(n).1 <= wanted.temporal;
    all().filter(fits).max_by_key(layer).or_else(|| all().min_by_key(layer))
}

/// Which of the last frames were sent.
#[derive(Clone, Copy, Debug, Default)]
struct History {
    newest: Option<u16>,
    /// The lowest bit is the newest frame.
    sent: u64,
}

impl History {
    fn note(&mut self, number: u16, sent: bool) {
        let ahead = self.newest.map_or(u16::MAX, |newest| number.wrapping_sub(newest));
        self.sent = self.sent.checked_shl(u32::from(ahead)).unwrap_or_default() | u64::from(sent);
        self.newest = Some(number);
    }

    /// Whether all were sent that frame `number`, which is new, needs.
    fn has(&self, number: u16, needs: Needs) -> bool {
        let Some(newest) = self.newest else { return needs == Needs::default() };
        let between = u32::from(number.wrapping_sub(newest)).saturating_sub(1);
        let seen = needs.frames.checked_shr(between).unwrap_or_default();
        !needs.far && seen.checked_shl(between).unwrap_or_default() == needs.frames && seen & !self.sent == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ring::tests::META;

    fn part(picture: u32, spatial: u8, temporal: u8, key: bool, sync: bool) -> Meta {
        let part = Part { spatial, temporal, starts: true, ends: true, sync };
        Meta { timestamp: picture * 3000, starts_keyframe: key && spatial == 0, part, ..META }
    }

    /// Three temporal layers as libwebrtc's VP8 has them: 0 2 1 2, each upper one a place to begin at.
    fn temporal(selector: &mut Selector, pictures: std::ops::Range<u32>, key: u32) -> Vec<u8> {
        let layer = |n: u32| [0, 2, 1, 2][n as usize % 4];
        let sync = |n: u32| matches!(n % 4, 1 | 2);
        pictures.filter(|n| selector.admit(&part(*n, 0, layer(*n), *n == key, sync(*n)), None)).map(layer).collect()
    }

    #[test]
    fn temporal_layers_are_left_out_at_once_and_come_back_where_they_may_begin() {
        let mut selector = Selector::default();
        assert_eq!(temporal(&mut selector, 0..8, 0), [0, 2, 1, 2, 0, 2, 1, 2]);
        selector.want(Layers { temporal: 0, ..Layers::ALL });
        assert_eq!(temporal(&mut selector, 8..16, 0), [0, 0]);
        selector.want(Layers::ALL);
        assert_eq!(temporal(&mut selector, 16..24, 0), [0, 1, 0, 2, 1, 2]);
        assert!(!selector.is_stuck());
    }

    #[test]
    fn where_no_picture_is_marked_a_key_frame_is_waited_for() {
        let mut selector = Selector::default();
        selector.want(Layers { temporal: 0, ..Layers::ALL });
        selector.admit(&part(0, 0, 0, true, false), None);
        selector.want(Layers::ALL);
        let sent = (1..100).filter(|n| selector.admit(&part(*n, 0, (*n % 2) as u8, false, false), None)).count();
        assert_eq!((sent, selector.is_stuck()), (49, true));
        assert!(selector.admit(&part(100, 0, 0, true, false), None) && !selector.is_stuck());
        assert!(selector.admit(&part(101, 0, 1, false, false), None));
    }

    #[test]
    fn a_larger_picture_needs_a_key_frame_and_a_smaller_one_a_new_picture() {
        let mut selector = Selector::default();
        let sent = |selector: &mut Selector, picture, key| -> Vec<u8> {
            (0..3).filter(|s| selector.admit(&part(picture, *s, 0, key, false), None)).collect()
        };
        selector.want(Layers { spatial: 0, ..Layers::ALL });
        assert_eq!(sent(&mut selector, 0, true), [0]);
        selector.want(Layers { spatial: 1, ..Layers::ALL });
        assert_eq!(sent(&mut selector, 1, false), [0]);
        assert!(selector.is_stuck());
        assert_eq!(sent(&mut selector, 2, true), [0, 1]);
        assert!(!selector.is_stuck());
        assert_eq!(selector.shape(None), (1, 0));
        assert!(selector.admit(&part(3, 0, 0, false, false), None));
        selector.want(Layers { spatial: 0, ..Layers::ALL });
        assert!(selector.admit(&part(3, 1, 0, false, false), None), "the picture under way is not cut");
        assert_eq!(sent(&mut selector, 4, false), [0]);
    }

    #[test]
    fn what_is_wanted_and_then_not_any_more_asks_for_nothing() {
        let mut selector = Selector::default();
        selector.want(Layers { spatial: 0, ..Layers::ALL });
        selector.admit(&part(0, 0, 0, true, false), None);
        selector.want(Layers::ALL);
        selector.admit(&part(0, 1, 0, false, false), None);
        assert!(selector.is_stuck());
        selector.want(Layers { spatial: 0, ..Layers::ALL });
        selector.admit(&part(1, 0, 0, false, false), None);
        assert!(!selector.is_stuck());
    }

    #[test]
    fn frames_that_were_sent_are_known_across_the_end_of_numbers() {
        let mut history = History::default();
        for (number, sent) in [(65_534, true), (65_535, false), (0, true)] {
            history.note(number, sent);
        }
        let needs = |frames| Needs { frames, far: false };
        assert!(history.has(1, needs(0b101)) && !history.has(1, needs(0b010)));
        assert!(history.has(3, needs(0b100)) && !history.has(3, needs(0b001)), "1 and 2 have not come");
        assert!(!history.has(1, Needs { frames: 0, far: true }));
        assert!(!history.has(500, needs(1)) && history.has(500, needs(0)));
    }
}
