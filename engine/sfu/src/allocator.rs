//! The bitrate allocator: which layer of each track a receiver is sent, when its path doesn't carry all that it wants.
//!
//! Law: one picture at a time. Who has a picture keeps it before another gets one, and everybody has a small one before
//! somebody has a large one; so a path that carries all tiles but one loses one, and what is tried again is one step.
//! A shared screen is always sent, in its smallest layer at least.

/// Layers of a track at most.
pub(crate) const LAYERS: usize = 3;

/// What a receiver wants of one track.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Demand {
    /// Bits a second of each layer, smallest first; 0 for one that isn't there.
    pub(crate) rates: [u64; LAYERS],
    /// The largest layer that is wanted.
    pub(crate) largest: usize,
    /// It is a shared screen.
    pub(crate) shared: bool,
    /// It has been allotted a layer already.
    pub(crate) running: bool,
}

/// The layer up to which each is sent; `None` for not at all.
pub(crate) type Target = Option<usize>;

/// Divides `bits` a second. `all`: everybody gets the smallest layer at least.
pub(crate) fn allocate(bits: u64, all: bool, demands: &[Demand]) -> Vec<Target> {
    let mut targets = vec![None; demands.len()];
    let mut left = bits;
    let order = in_order(demands);
    for layer in 0..LAYERS {
        for at in &order {
            let (demand, target) = (&demands[*at], &mut targets[*at]);
            let due = target.is_none() && (all || demand.shared);
            if let Some(more) = step_to(demand, *target, layer)
                && (due || more <= left)
            {
                *target = Some(layer);
                left = left.saturating_sub(more);
            }
        }
    }
    targets
}

/// Of what is allotted: that which fits into `bits` a second. The rest pauses.
pub(crate) fn keep_within(bits: u64, demands: &[Demand], targets: &mut [Target]) {
    let mut left = bits;
    for at in in_order(demands) {
        let rate = rate(&demands[at], targets[at]);
        let fits = rate <= left || demands[at].shared;
        targets[at] = targets[at].filter(|_| fits);
        left = left.saturating_sub(if fits { rate } else { 0 });
    }
}

/// The bits a second of `targets` and one step more, the smallest that there is; `None` when everybody has what it wants.
pub(crate) fn one_more(demands: &[Demand], targets: &[Target]) -> Option<u64> {
    let now: u64 = demands.iter().zip(targets).map(|(demand, target)| rate(demand, *target)).sum();
    let steps = demands.iter().zip(targets).filter_map(|(demand, target)| {
        let above = target.map_or(0, |layer| layer + 1);
        (above..LAYERS).find_map(|layer| step_to(demand, *target, layer))
    });
    steps.min().map(|step| now + step)
}

/// Shared screens first, then those that run, then the others.
fn in_order(demands: &[Demand]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..demands.len()).collect();
    order.sort_by_key(|at| (!demands[*at].shared, !demands[*at].running));
    order
}

fn rate(demand: &Demand, target: Target) -> u64 {
    target.map_or(0, |layer| demand.rates[layer])
}

/// What it costs to go up to `layer`, if it is there and wanted.
fn step_to(demand: &Demand, target: Target, layer: usize) -> Option<u64> {
    // Of what hasn't been heard yet nobody knows what it costs.
    let unheard = layer == 0 && demand.rates == [0; LAYERS];
    let there = layer <= demand.largest && demand.rates[layer] > 0 || unheard;
    (there && target.is_none_or(|now| now < layer)).then(|| demand.rates[layer].saturating_sub(rate(demand, target)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAMERA: Demand = Demand { rates: [150, 500, 1700], largest: 2, shared: false, running: true };
    const TILE: Demand = Demand { rates: [150, 0, 0], ..CAMERA };

    #[test]
    fn a_path_that_carries_all_tiles_but_some_loses_these_alone() {
        let targets = allocate(3000, false, &[TILE; 25]);
        assert_eq!(targets.iter().flatten().count(), 20);
        let mut demands = [TILE; 25];
        demands[0].running = false;
        assert_eq!(allocate(3600, false, &demands)[0], None, "who has a picture keeps it");
    }

    #[test]
    fn everybody_has_a_small_picture_before_somebody_has_a_large_one() {
        assert_eq!(allocate(900, false, &[CAMERA; 3]), [Some(1), Some(0), Some(0)]);
        assert_eq!(allocate(u64::MAX, false, &[CAMERA; 3]), [Some(2); 3]);
        let small = Demand { largest: 0, ..CAMERA };
        assert_eq!(allocate(2000, false, &[small, CAMERA]), [Some(0), Some(2)]);
    }

    #[test]
    fn a_screen_is_always_sent_and_all_are_where_it_is_so_wanted() {
        let screen = Demand { shared: true, running: false, ..CAMERA };
        assert_eq!(allocate(10, false, &[CAMERA, screen]), [None, Some(0)]);
        assert_eq!(allocate(10, true, &[CAMERA, screen]), [Some(0), Some(0)]);
        let mut targets = [Some(1), Some(0)];
        keep_within(10, &[CAMERA, screen], &mut targets);
        assert_eq!(targets, [None, Some(0)]);
    }

    #[test]
    fn the_next_step_is_the_smallest_one_of_anybody() {
        assert_eq!(one_more(&[CAMERA; 2], &[Some(1), None]), Some(650));
        assert_eq!(one_more(&[CAMERA; 2], &[Some(1), Some(2)]), Some(3400));
        assert_eq!(one_more(&[CAMERA, TILE], &[Some(2), Some(0)]), None);
    }

    #[test]
    fn what_was_not_heard_yet_may_begin() {
        assert_eq!(allocate(0, false, &[Demand { rates: [0; LAYERS], ..CAMERA }]), [Some(0)]);
        let top_alone = Demand { rates: [0, 0, 1700], ..CAMERA };
        assert_eq!(allocate(1000, false, &[top_alone]), [None]);
        assert_eq!(allocate(1700, false, &[top_alone]), [Some(2)]);
    }
}
