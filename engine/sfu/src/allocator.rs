//! How much of each picture a receiver gets, in steps, of what its path carries.
//!
//! Law: what a step costs is measured. Everybody's smallest comes before anybody's larger; what is shared, what the receiver
//! asked for first and who speaks come before others; where not even the smallest of all fit, pictures pause one by one, the
//! last in that order first. What is shared never pauses. Down at once; up only with room to spare, later when it was wrong; who
//! is paused waits less.

use std::cmp::Reverse;
use std::time::{Duration, Instant};

/// The steps that a picture can be had in, of rising cost: two of its smallest layer at lower picture rates, and its layers.
pub(crate) const STEPS: usize = 5;
/// More than is sent has to fit so well, in per cent of what it costs.
const ROOM: u64 = 106;
/// What is sent is kept while it costs no more than this, in per cent of what there is: both are measured.
pub(crate) const KEPT: u64 = 110;
/// A large picture, whose rate is still unknown.
const UNMEASURED: u64 = 2_000_000;
/// After a step down nothing goes up for so long; twice as long each time that a step up had to be taken back soon.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LAST_WAIT: Duration = Duration::from_secs(8);
const SOON: Duration = Duration::from_secs(4);
/// A picture that stands is the worst: what was paused is back sooner, for the path may only have stopped for a moment, and is
/// tried again sooner when it was wrong.
const RESUMES: Duration = Duration::from_millis(400);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Who comes before whom: the greater, the sooner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank {
    /// A screen.
    pub(crate) shared: bool,
    /// What the receiver says; 0 when it says nothing.
    pub(crate) priority: u8,
    /// How large it is shown, in powers of four.
    pub(crate) size: u8,
    /// When its publisher spoke last.
    pub(crate) spoke: Option<Instant>,
}

/// A picture that a receiver is to see.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Picture {
    /// Whose place it is, for the caller; the smaller, the longer it has been there.
    pub(crate) place: usize,
    /// Bits a second of each step; 0 for one that there isn't.
    pub(crate) rates: [u64; STEPS],
    /// They are no mere guesses.
    pub(crate) measured: bool,
    /// The highest step that is of use.
    pub(crate) wanted: usize,
    pub(crate) rank: Rank,
    /// The step that it gets, before and after.
    pub(crate) layer: Option<usize>,
    /// It has not got anything yet.
    pub(crate) new: bool,
}

impl Picture {
    fn smallest(&self) -> Option<usize> {
        self.sent().find(|layer| *layer <= self.wanted).or_else(|| self.sent().next())
    }

    /// The best of those that are of use, or the smallest there is.
    pub(crate) fn best(&self) -> Option<usize> {
        self.sent().filter(|layer| *layer <= self.wanted).last().or_else(|| self.sent().next())
    }

    /// What it may cost at most: what isn't measured may be as large as cameras send.
    pub(crate) fn most(&self) -> u64 {
        self.cost_of(self.best()).max(if self.measured { 0 } else { UNMEASURED })
    }

    fn next(&self) -> Option<usize> {
        let layer = self.layer?;
        self.sent().find(|next| *next > layer && *next <= self.wanted)
    }

    fn sent(&self) -> impl Iterator<Item = usize> {
        let rates = self.rates;
        (0..STEPS).filter(move |layer| rates[*layer] > 0)
    }

    fn cost(&self) -> u64 {
        self.layer.map_or(0, |layer| self.rates[layer])
    }

    /// Bits a second of a step.
    pub(crate) fn cost_of(&self, layer: Option<usize>) -> u64 {
        layer.map_or(0, |layer| self.rates[layer])
    }

    fn comes_first(&self) -> bool {
        self.rank.shared || self.rank.priority > 0
    }
}

/// See the module.
#[derive(Clone, Debug)]
pub(crate) struct Allocator {
    lowered: Option<Instant>,
    /// When there was more last, and what was sent before.
    raised: Option<(Instant, u64)>,
    wait: Duration,
}

impl Default for Allocator {
    fn default() -> Self {
        Self { lowered: None, raised: None, wait: FIRST_WAIT }
    }
}

impl Allocator {
    /// Gives each of `pictures` its layer, of `budget` bits a second (`None`: there is no bound). `anew`: who comes first, or
    /// what is wanted, has changed. `true` when something had to be taken away for want of room.
    pub(crate) fn allocate(&mut self, now: Instant, budget: Option<u64>, pictures: &mut [Picture], anew: bool) -> bool {
        for picture in &mut *pictures {
            // A layer that its sender dropped, or that is of no use any more, is not kept.
            let kept = picture.layer.filter(|layer| *layer <= picture.wanted && picture.rates[*layer] > 0);
            picture.layer = kept.or_else(|| picture.layer.and(picture.smallest()));
        }
        let Some(budget) = budget else {
            for picture in pictures {
                picture.layer = picture.best();
            }
            return false;
        };
        pictures.sort_unstable_by_key(|picture| (Reverse(picture.rank), picture.place));
        let spent = pictures.iter().map(Picture::cost).sum::<u64>();
        let since = self.lowered.map_or(Duration::MAX, |at| now.saturating_duration_since(at));
        let pause = if self.wait == FIRST_WAIT { RESUMES } else { self.wait.min(LONGEST_PAUSE) };
        let (rested, resumes) = (since >= self.wait, since >= pause);
        let roomy = budget.saturating_mul(100) / ROOM;
        if spent > budget.saturating_mul(KEPT) / 100 {
            deal(pictures, budget);
            self.lower(now, budget);
            return true;
        }
        let cost = |p: &Picture| p.cost_of(p.smallest());
        let new = pictures.iter().filter(|p| p.new).map(cost).sum::<u64>();
        let paused = pictures.iter().filter(|p| !p.new && p.layer.is_none()).map(cost).sum::<u64>();
        let more = if rested {
            roomy.max(spent)
        } else if resumes && new == 0 {
            roomy.min(spent + paused).max(spent)
        } else {
            budget.min(spent + new)
        };
        if anew || pictures.iter().any(|p| p.rank.shared && p.layer.is_none()) {
            deal(pictures, more);
        } else {
            grow(pictures, more.saturating_sub(spent));
        }
        if pictures.iter().map(Picture::cost).sum::<u64>() > spent {
            self.raised = Some((now, spent));
        }
        false
    }

    fn lower(&mut self, now: Instant, budget: u64) {
        let soon = |at| now.saturating_duration_since(at) < SOON;
        // Where not even what was sent before fits, it is the path that has changed.
        let wrong = self.raised.is_some_and(|(at, before)| soon(at) && before <= budget);
        self.wait = if wrong { (self.wait * 2).min(LAST_WAIT) } else { FIRST_WAIT };
        (self.lowered, self.raised) = (Some(now), None);
    }
}

/// All from nothing.
fn deal(pictures: &mut [Picture], budget: u64) {
    for picture in &mut *pictures {
        picture.layer = None;
    }
    grow(pictures, budget);
}

/// More for each, in their order, of so much that is `left`.
fn grow(pictures: &mut [Picture], mut left: u64) {
    for picture in pictures.iter_mut().filter(|p| p.layer.is_none()) {
        let smallest = picture.smallest();
        let cost = picture.cost_of(smallest);
        if cost <= left || picture.rank.shared {
            (picture.layer, left) = (smallest, left.saturating_sub(cost));
        }
    }
    // The latest to speak is seen as well as can be; then all others are, step by step.
    let speaker = pictures.iter().filter_map(|p| p.rank.spoke).max();
    for picture in pictures.iter_mut() {
        if picture.comes_first() || speaker.is_some() && picture.rank.spoke == speaker {
            while step(picture, STEPS, &mut left) {}
        }
    }
    for layer in 1..STEPS {
        for picture in pictures.iter_mut() {
            step(picture, layer, &mut left);
        }
    }
}

/// The next layer, up to `most`, if it fits.
fn step(picture: &mut Picture, most: usize, left: &mut u64) -> bool {
    let Some(next) = picture.next().filter(|next| *next <= most) else { return false };
    let more = picture.rates[next].saturating_sub(picture.cost());
    if more > *left {
        return false;
    }
    (picture.layer, *left) = (Some(next), *left - more);
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SIMULCAST: [u64; STEPS] = [0, 0, 150_000, 500_000, 1_700_000];
    const PLAIN: [u64; STEPS] = [0, 0, 150_000, 0, 0];

    fn picture(place: usize, rates: [u64; STEPS]) -> Picture {
        Picture { place, rates, measured: true, wanted: 4, rank: Rank::default(), layer: None, new: true }
    }

    fn many(n: usize, rates: [u64; STEPS]) -> Vec<Picture> {
        (0..n).map(|place| picture(place, rates)).collect()
    }

    fn layers(pictures: &[Picture]) -> Vec<Option<usize>> {
        let mut pictures = pictures.to_vec();
        pictures.sort_by_key(|p| p.place);
        pictures.iter().map(|p| p.layer.map(|step| step - 2)).collect()
    }

    fn look(pictures: &mut [Picture], new: bool) {
        for picture in pictures {
            picture.new = new;
        }
    }

    fn spent(pictures: &[Picture]) -> u64 {
        pictures.iter().map(Picture::cost).sum()
    }

    #[test]
    fn with_no_bound_all_get_what_they_want() {
        let mut pictures = many(3, SIMULCAST);
        pictures[1].wanted = 2;
        Allocator::default().allocate(Instant::now(), None, &mut pictures, true);
        assert_eq!(layers(&pictures), [Some(2), Some(0), Some(2)]);
    }

    #[test]
    fn of_twenty_five_plain_cameras_as_many_are_seen_as_fit_and_the_speaker_to_the_last() {
        let (start, mut allocator, mut pictures) = (Instant::now(), Allocator::default(), many(25, PLAIN));
        pictures[20].rank.spoke = Some(start);
        for (second, budget, seen) in [(0, 3_000_000, 18), (1, 2_600_000, 18), (2, 2_300_000, 15), (3, 160_000, 1)] {
            look(&mut pictures, second == 0);
            allocator.allocate(start + Duration::from_secs(second), Some(budget), &mut pictures, second == 0);
            let layers = layers(&pictures);
            assert_eq!(layers.iter().flatten().count(), seen, "{budget}: {layers:?}");
            assert_eq!(layers[20], Some(0));
        }
    }

    #[test]
    fn what_is_shared_comes_first_then_what_was_asked_for_then_who_speaks() {
        let start = Instant::now();
        let mut pictures = many(4, SIMULCAST);
        pictures[3].rank.shared = true;
        pictures[2].rank.priority = 1;
        pictures[1].rank.spoke = Some(start);
        let got = |budget| {
            let mut pictures = pictures.clone();
            Allocator::default().allocate(start, Some(budget), &mut pictures, true);
            layers(&pictures)
        };
        assert_eq!(got(100_000), [None, None, None, Some(0)], "a screen never pauses");
        assert_eq!(got(700_000), [Some(0); 4]);
        assert_eq!(got(2_500_000), [Some(0), Some(0), Some(0), Some(2)]);
        assert_eq!(got(4_000_000), [Some(0), Some(0), Some(2), Some(2)]);
        assert_eq!(got(6_300_000), [Some(1), Some(2), Some(2), Some(2)]);
    }

    #[test]
    fn all_grow_alike_before_one_grows_far() {
        let mut pictures = many(3, SIMULCAST);
        Allocator::default().allocate(Instant::now(), Some(1_700_000), &mut pictures, true);
        assert_eq!(layers(&pictures), [Some(1); 3]);
        let mut pictures = many(3, SIMULCAST);
        Allocator::default().allocate(Instant::now(), Some(3_100_000), &mut pictures, true);
        assert_eq!(layers(&pictures), [Some(2), Some(1), Some(1)]);
    }

    #[test]
    fn a_layer_that_was_too_much_is_tried_again_later_each_time() {
        let (start, mut allocator, mut pictures) = (Instant::now(), Allocator::default(), many(1, SIMULCAST));
        let mut raised = Vec::new();
        for tenth in 0..300 {
            let now = start + Duration::from_millis(tenth * 100);
            let before = pictures[0].layer;
            // A path whose estimate promises more than it carries.
            let budget = if before == Some(4) { 600_000 } else { 2_000_000 };
            allocator.allocate(now, Some(budget), &mut pictures, false);
            pictures[0].new = false;
            if pictures[0].layer > before {
                raised.push(tenth);
            }
        }
        let pauses: Vec<u64> = raised.windows(2).map(|w| w[1] - w[0]).collect();
        assert!(pauses.windows(2).all(|w| w[0] <= w[1]) && pauses.last() > Some(&75), "{pauses:?}");
    }

    #[test]
    fn a_picture_that_was_paused_is_back_sooner_than_a_larger_one() {
        let (start, mut allocator, mut pictures) = (Instant::now(), Allocator::default(), many(2, SIMULCAST));
        allocator.allocate(start, Some(1_100_000), &mut pictures, true);
        assert_eq!(layers(&pictures), [Some(1), Some(1)]);
        let mut at = |ms: u64, budget| {
            look(&mut pictures, false);
            allocator.allocate(start + Duration::from_millis(ms), Some(budget), &mut pictures, false);
            layers(&pictures)
        };
        assert_eq!(at(10_000, 160_000), [Some(0), None]);
        assert_eq!(at(10_300, 1_100_000), [Some(0), None]);
        assert_eq!(at(10_500, 1_100_000), [Some(0), Some(0)]);
        assert_eq!(at(11_100, 1_100_000), [Some(1), Some(1)]);
    }

    #[test]
    fn an_estimate_that_trembles_changes_nothing() {
        let (start, mut allocator, mut pictures) = (Instant::now(), Allocator::default(), many(6, SIMULCAST));
        allocator.allocate(start, Some(2_800_000), &mut pictures, true);
        let before = layers(&pictures);
        for n in 0..100 {
            look(&mut pictures, false);
            let budget = 2_800_000 - n % 5 * 40_000;
            allocator.allocate(start + Duration::from_millis(n * 100), Some(budget), &mut pictures, n % 7 == 0);
            assert_eq!(layers(&pictures), before, "{budget}");
        }
    }

    #[test]
    fn a_layer_that_its_sender_drops_is_given_up() {
        let (now, mut allocator, mut pictures) = (Instant::now(), Allocator::default(), many(1, SIMULCAST));
        allocator.allocate(now, Some(5_000_000), &mut pictures, true);
        pictures[0].rates[4] = 0;
        allocator.allocate(now, Some(5_000_000), &mut pictures, false);
        assert_eq!(layers(&pictures), [Some(1)]);
        pictures[0].rates = [0; STEPS];
        allocator.allocate(now, Some(5_000_000), &mut pictures, false);
        assert_eq!(layers(&pictures), [None]);
    }

    fn any_picture() -> impl Strategy<Value = Picture> {
        let rates = prop::array::uniform5(prop_oneof![1 => Just(0_u64), 4 => 20_000..3_000_000_u64]);
        let rank = (prop::bool::weighted(0.1), 0..3u8, 0..4u8);
        (rates, 0..STEPS, rank, prop::option::of(0..STEPS), any::<bool>()).prop_map(
            |(mut rates, wanted, (shared, priority, size), layer, new)| {
                rates.sort_unstable();
                let rank = Rank { shared, priority, size, spoke: None };
                Picture { place: 0, rates, measured: true, wanted, rank, layer: layer.filter(|_| !new), new }
            },
        )
    }

    fn any_pictures() -> impl Strategy<Value = Vec<Picture>> {
        prop::collection::vec(any_picture(), 0..40).prop_map(|mut pictures| {
            pictures.iter_mut().enumerate().for_each(|(place, p)| p.place = place);
            pictures
        })
    }

    proptest! {
        #[test]
        fn no_more_is_given_than_there_is_and_nobody_more_than_it_wants(
            mut pictures in any_pictures(), budget in 0..30_000_000u64, anew: bool
        ) {
            Allocator::default().allocate(Instant::now(), Some(budget), &mut pictures, anew);
            let shared: u64 = pictures.iter().filter(|p| p.rank.shared).map(|p| p.cost_of(p.smallest())).sum();
            prop_assert!(spent(&pictures) <= (budget * KEPT / 100).max(shared));
            for p in &pictures {
                prop_assert!(p.layer.is_none_or(|layer| p.rates[layer] > 0));
                prop_assert!(p.layer.is_none_or(|layer| layer <= p.wanted || Some(layer) == p.smallest()));
                prop_assert!(!p.rank.shared || p.layer.is_some() || p.smallest().is_none());
            }
        }

        #[test]
        fn nobody_is_large_where_another_could_be_seen_in_its_place(
            mut pictures in any_pictures(), budget in 0..30_000_000u64
        ) {
            Allocator::default().allocate(Instant::now(), Some(budget), &mut pictures, true);
            let smallest: u64 = pictures.iter().filter(|p| p.layer.is_some()).map(|p| p.cost_of(p.smallest())).sum();
            let before = pictures.clone();
            let room = budget * 100 / ROOM;
            for p in before.iter().filter(|p| p.layer.is_none() && p.smallest().is_some()) {
                prop_assert!(smallest + p.cost_of(p.smallest()) > room, "{p:?}");
            }
        }

        #[test]
        fn the_same_again_changes_nothing(mut pictures in any_pictures(), budget in 0..30_000_000u64, anew: bool) {
            let (now, mut allocator) = (Instant::now(), Allocator::default());
            allocator.allocate(now, Some(budget), &mut pictures, true);
            let before = layers(&pictures);
            look(&mut pictures, false);
            let shared: u64 = pictures.iter().filter(|p| p.rank.shared).map(|p| p.cost_of(p.smallest())).sum();
            prop_assume!(shared <= budget);
            allocator.allocate(now, Some(budget), &mut pictures, anew);
            prop_assert_eq!(layers(&pictures), before);
        }

        #[test]
        fn who_comes_first_gets_no_less(rates in prop::array::uniform5(20_000..3_000_000u64), budget in 0..30_000_000u64, speaker in 0..9usize) {
            let now = Instant::now();
            let mut pictures = many(9, rates);
            pictures[speaker].rank.spoke = Some(now);
            Allocator::default().allocate(now, Some(budget), &mut pictures, true);
            prop_assert!(pictures.iter().all(|p| p.layer <= pictures[0].layer) && pictures[0].place == speaker);
        }
    }
}
