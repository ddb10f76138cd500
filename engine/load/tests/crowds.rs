//! Crowds as small as the machine of a test run carries beside others; `make crowds` plays them in full.

use std::time::Duration;

use folkmoot_load::crowd::{Crowd, Outcome};

const SMALL: Crowd = Crowd {
    cameras: 12,
    voices: 2,
    receivers: 12,
    seen: 6,
    time: Duration::from_secs(2),
    shards: 2,
    people_per_shard: 6,
};

/// All came, all of it arrived but what is asked for again at the end, and some of it by way of another shard.
fn must_hold(crowd: Crowd) {
    let outcome = crowd.play().expect("a crowd");
    let Outcome { connected, clients, missing, witnessed, ring_drops, crossed, .. } = outcome;
    assert_eq!((connected, ring_drops), (clients, 0.0), "{outcome:?}");
    assert!(missing <= witnessed as u64, "{outcome:?}");
    assert!(crossed > 0.0 && outcome.came > outcome.due * 0.2, "{outcome:?}");
}

#[test]
fn a_meeting_on_two_shards_in_which_everybody_sees_some() {
    must_hold(SMALL);
}

#[test]
fn many_who_hear_one() {
    must_hold(Crowd { cameras: 0, voices: 1, receivers: 60, seen: 0, people_per_shard: 20, ..SMALL });
}
