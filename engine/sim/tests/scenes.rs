//! Rooms under bad networks, each a plan with a seed. `FOLKMOOT_SIM_SEEDS=n` plays every scene with n seeds instead of
//! the committed one: that is `make sim`.

use std::time::Duration;

use folkmoot_netem::Plan;
use folkmoot_sim::scene::report;
use folkmoot_sim::{Bounds, Camera, Mode, Scene, Step};

const MS: Duration = Duration::from_millis(1);
const WIRE: Plan = Plan {
    loss: 0.0,
    burst: 0.0,
    delay: Duration::from_millis(10),
    jitter: Duration::ZERO,
    reorder: 0.0,
    hold: Duration::ZERO,
    duplicate: 0.0,
    rate: None,
    queue: Duration::ZERO,
    bucket: 0,
};

/// Every scene twice: with connections to send and to receive, and with one for both.
fn modes() -> [Mode; 2] {
    [Mode::Dual, Mode::Single]
}

fn play(seed: u64, scene: impl Fn(u64) -> Scene) {
    match std::env::var("FOLKMOOT_SIM_SEEDS").ok().and_then(|n| n.parse::<u64>().ok()) {
        Some(n) => (0..n).for_each(|seed| drop(scene(seed).must_hold())),
        None => drop(scene(seed).must_hold()),
    }
}

fn room(mode: Mode, people: usize) -> Vec<(u64, Step)> {
    (0..people).map(|i| (i as u64 * 300, Step::Join(mode, true, Camera::Simulcast))).collect()
}

#[test]
fn two_people_on_a_good_wire() {
    for mode in modes() {
        play(1, |seed| Scene { seed, steps: room(mode, 2), until: 10_000, bounds: Bounds::default() });
    }
}

#[test]
fn a_camera_of_one_layer_is_forwarded_too() {
    play(2, |seed| Scene {
        seed,
        steps: (0..3).map(|i| (0, Step::Join(modes()[i % 2], true, Camera::Plain))).collect(),
        until: 8000,
        bounds: Bounds::default(),
    });
}

#[test]
fn losses_are_repaired_on_both_ways() {
    for mode in modes() {
        play(3, |seed| {
            let bad = Plan { loss: 0.05, delay: 20 * MS, ..WIRE };
            let mut steps = room(mode, 3);
            steps.extend((0..3).map(|who| (2000, Step::Network(who, bad, bad))));
            let bounds = Bounds { gap: 900 * MS, missing: 0.02, unheard: 0.14, ..Bounds::default() };
            Scene { seed, steps, until: 24_000, bounds }
        });
    }
}

#[test]
fn losses_in_bursts_cost_a_picture_not_the_stream() {
    play(4, |seed| {
        let bad = Plan { loss: 0.03, burst: 6.0, delay: 20 * MS, ..WIRE };
        let mut steps = room(Mode::Dual, 3);
        steps.extend((0..3).map(|who| (2000, Step::Network(who, bad, bad))));
        let bounds = Bounds { gap: 1500 * MS, missing: 0.03, unheard: 0.12, ..Bounds::default() };
        Scene { seed, steps, until: 24_000, bounds }
    });
}

#[test]
fn packets_that_overtake_each_other_arrive_in_their_order() {
    for mode in modes() {
        play(5, |seed| {
            let bad = Plan { reorder: 0.05, hold: 15 * MS, jitter: 8 * MS, duplicate: 0.02, ..WIRE };
            let mut steps = room(mode, 3);
            steps.extend((0..3).map(|who| (1500, Step::Network(who, bad, bad))));
            let bounds = Bounds { gap: 400 * MS, ..Bounds::default() };
            Scene { seed, steps, until: 12_000, bounds }
        });
    }
}

#[test]
fn a_path_around_the_world_only_delays() {
    play(6, |seed| {
        let far = Plan { delay: 150 * MS, jitter: 20 * MS, ..WIRE };
        let mut steps = room(Mode::Dual, 2);
        steps.insert(1, (0, Step::Network(0, far, far)));
        let bounds = Bounds { settle: 4000 * MS, gap: 600 * MS, ..Bounds::default() };
        Scene { seed, steps, until: 14_000, bounds }
    });
}

#[test]
fn a_narrow_downlink_carries_the_low_layer() {
    play(7, |seed| {
        let narrow = Plan { rate: Some(700_000), queue: 200 * MS, ..WIRE };
        let mut steps = room(Mode::Dual, 3);
        steps.push((2000, Step::Layer(2, true, 0)));
        steps.push((2500, Step::Network(2, WIRE, narrow)));
        let bounds = Bounds { gap: 600 * MS, missing: 0.02, unheard: 0.02, ..Bounds::default() };
        Scene { seed, steps, until: 14_000, bounds }
    });
}

#[test]
fn a_downlink_that_gets_too_narrow_is_given_the_low_layer() {
    let narrow = Plan { rate: Some(600_000), queue: 200 * MS, ..WIRE };
    let mut steps = room(Mode::Dual, 3);
    steps.push((3000, Step::Network(2, WIRE, narrow)));
    let bounds = Bounds { gap: 5000 * MS, missing: 0.4, unheard: 0.4, ..Bounds::default() };
    // The end lies between the first try of more, which is taken back, and the second.
    let world = Scene { seed: 18, steps, until: 27_000, bounds }.must_hold();
    for sender in [0, 1] {
        let camera = world.people[sender].tracks.iter().find(|t| t.video).expect("a camera");
        let seen = report(&world, 2, camera.number).expect("pictures");
        assert_eq!(seen.last_layer, Some(0), "{:?}", seen.layers);
        let stale = world.now - seen.last_shown.expect("pictures");
        assert!(stale < 200 * MS, "the last picture is {stale:?} old");
    }
    let camera = world.people[0].tracks.iter().find(|t| t.video).expect("a camera");
    assert_eq!(report(&world, 1, camera.number).expect("pictures").last_layer, Some(2), "others keep the high one");
}

#[test]
fn layers_are_switched_at_key_frames_without_a_seam() {
    for mode in modes() {
        play(8, |seed| {
            let mut steps = room(mode, 3);
            for (i, layer) in [0, 2, 1, 0, 1, 2, 0, 2].into_iter().enumerate() {
                steps.push((2000 + i as u64 * 1300, Step::Layer(i % 3, true, layer)));
            }
            Scene { seed, steps, until: 16_000, bounds: Bounds { gap: 300 * MS, ..Bounds::default() } }
        });
    }
}

#[test]
fn layers_of_h264_are_switched_and_begun_where_a_decoder_can() {
    for mode in modes() {
        play(22, |seed| {
            let mut steps: Vec<_> = (0..3).map(|i| (i * 300, Step::Join(mode, true, Camera::H264))).collect();
            for (i, layer) in [0, 2, 1, 0, 1, 2, 0, 2].into_iter().enumerate() {
                steps.push((2000 + i as u64 * 1300, Step::Layer(i % 3, true, layer)));
            }
            // Just behind a key frame, which is asked for whenever somebody comes.
            steps.push((12_600, Step::Join(mode, true, Camera::H264)));
            steps.push((12_700, Step::Join(mode, true, Camera::Plain)));
            Scene { seed, steps, until: 18_000, bounds: Bounds { gap: 300 * MS, ..Bounds::default() } }
        });
    }
}

#[test]
fn layers_of_h264_are_switched_under_loss() {
    play(23, |seed| {
        let bad = Plan { loss: 0.05, delay: 20 * MS, ..WIRE };
        let mut steps: Vec<_> = (0..2).map(|i| (i * 300, Step::Join(Mode::Dual, true, Camera::H264))).collect();
        steps.extend((0..2).map(|who| (1500, Step::Network(who, bad, bad))));
        for i in 0..14 {
            steps.push((2000 + i * 1000, Step::Layer(1, true, [2, 0, 1][i as usize % 3])));
        }
        let bounds = Bounds { gap: 1500 * MS, missing: 0.02, unheard: 0.14, ..Bounds::default() };
        Scene { seed, steps, until: 20_000, bounds }
    });
}

#[test]
fn layers_are_switched_under_loss() {
    play(9, |seed| {
        let bad = Plan { loss: 0.05, delay: 20 * MS, ..WIRE };
        let mut steps = room(Mode::Dual, 2);
        steps.extend((0..2).map(|who| (1500, Step::Network(who, bad, bad))));
        for i in 0..14 {
            steps.push((2000 + i * 1000, Step::Layer(1, true, [2, 0, 1][i as usize % 3])));
        }
        let bounds = Bounds { gap: 1500 * MS, missing: 0.02, unheard: 0.14, ..Bounds::default() };
        Scene { seed, steps, until: 20_000, bounds }
    });
}

#[test]
fn a_layer_is_the_one_that_was_asked_for() {
    let mut steps = room(Mode::Dual, 2);
    steps.push((2000, Step::Layer(1, true, 0)));
    steps.push((5000, Step::Layer(1, true, 1)));
    let world = Scene { seed: 10, steps, until: 9000, bounds: Bounds::default() }.must_hold();
    let camera = world.people[0].tracks.iter().find(|t| t.video).expect("a camera");
    let seen = report(&world, 1, camera.number).expect("pictures");
    assert_eq!(seen.last_layer, Some(1), "{:?}", seen.layers);
    assert!(seen.layers.contains(&0), "{:?}", seen.layers);
    let camera = world.people[1].tracks.iter().find(|t| t.video).expect("a camera");
    let seen = report(&world, 0, camera.number).expect("pictures");
    assert_eq!(seen.last_layer, Some(2), "{:?}", seen.layers);
}

#[test]
fn who_comes_late_sees_and_hears_all_at_once() {
    for mode in modes() {
        play(11, |seed| {
            let mut steps = room(mode, 4);
            steps.push((6000, Step::Join(mode, true, Camera::Simulcast)));
            steps.push((9000, Step::Join(mode, true, Camera::Plain)));
            Scene { seed, steps, until: 16_000, bounds: Bounds::default() }
        });
    }
}

#[test]
fn eight_people_meet() {
    play(12, |seed| Scene {
        seed,
        steps: (0..8).map(|i| (i * 200, Step::Join(modes()[i as usize % 2], true, Camera::Simulcast))).collect(),
        until: 9000,
        bounds: Bounds { settle: 3000 * MS, ..Bounds::default() },
    });
}

#[test]
fn who_vanishes_takes_nobody_along() {
    play(13, |seed| {
        let mut steps = room(Mode::Dual, 4);
        steps.push((3000, Step::Vanish(1)));
        steps.push((4000, Step::Leave(2)));
        steps.push((20_000, Step::Leave(1)));
        Scene { seed, steps, until: 26_000, bounds: Bounds::default() }
    });
}

#[test]
fn who_vanishes_is_noticed() {
    let mut steps = room(Mode::Dual, 2);
    steps.push((3000, Step::Vanish(1)));
    let world = Scene { seed: 14, steps, until: 40_000, bounds: Bounds::default() }.must_hold();
    let lost = world.events.iter().filter(|e| matches!(e, folkmoot_sfu::ShardEvent::Disconnected { .. })).count();
    assert_eq!(lost, 2, "both connections of the one who vanished");
}

#[test]
fn an_ice_restart_interrupts_nothing() {
    for mode in modes() {
        play(15, |seed| {
            let mut steps = room(mode, 3);
            steps.push((3000, Step::RestartIce(0)));
            steps.push((6000, Step::RestartIce(0)));
            Scene { seed, steps, until: 14_000, bounds: Bounds { gap: 400 * MS, ..Bounds::default() } }
        });
    }
}

#[test]
fn nonsense_from_the_network_harms_nobody() {
    for mode in modes() {
        play(16, |seed| {
            let mut steps = room(mode, 3);
            steps.extend((0..40).map(|i| (i * 200, Step::Garbage(50))));
            Scene { seed, steps, until: 12_000, bounds: Bounds::default() }
        });
    }
}

#[test]
fn who_mutes_falls_silent_and_comes_back() {
    play(17, |seed| {
        let mut steps = room(Mode::Dual, 3);
        steps.push((3000, Step::Mute(0, true)));
        steps.push((6000, Step::Mute(0, false)));
        Scene { seed, steps, until: 12_000, bounds: Bounds { gap: 3600 * MS, ..Bounds::default() } }
    });
}

#[test]
fn layers_are_switched_while_packets_are_doubled_and_shuffled() {
    for mode in modes() {
        play(18, |seed| {
            let bad = Plan { reorder: 0.05, hold: 15 * MS, jitter: 8 * MS, duplicate: 0.05, ..WIRE };
            let mut steps = room(mode, 3);
            steps.extend((0..3).map(|who| (1500, Step::Network(who, bad, bad))));
            for (i, layer) in [0, 2, 1, 0, 1, 2, 0, 2].into_iter().enumerate() {
                steps.push((2000 + i as u64 * 1300, Step::Layer(i % 3, true, layer)));
            }
            Scene { seed, steps, until: 16_000, bounds: Bounds { gap: 500 * MS, ..Bounds::default() } }
        });
    }
}

#[test]
fn a_narrow_uplink_delays_and_breaks_nothing() {
    play(19, |seed| {
        let narrow = Plan { rate: Some(2_500_000), queue: 300 * MS, ..WIRE };
        let mut steps = room(Mode::Dual, 3);
        steps.push((2000, Step::Network(0, narrow, WIRE)));
        Scene { seed, steps, until: 12_000, bounds: Bounds { gap: 400 * MS, ..Bounds::default() } }
    });
}

#[test]
fn who_was_cut_off_for_eight_seconds_is_back_with_media_within_three() {
    for mode in modes() {
        play(20, |seed| {
            let cut = Plan { loss: 1.0, ..WIRE };
            let mut steps = room(mode, 3);
            steps.push((4000, Step::Network(0, cut, cut)));
            steps.push((12_000, Step::Network(0, WIRE, WIRE)));
            let bounds = Bounds { gap: 11_000 * MS, missing: 1.0, unheard: 1.0, ..Bounds::default() };
            Scene { seed, steps, until: 24_000, bounds }
        });
    }
}

#[test]
fn a_sender_that_starts_over_under_other_numbers_is_seen_on() {
    for mode in modes() {
        play(21, |seed| {
            let mut steps = room(mode, 3);
            let shuffled = Plan { reorder: 0.1, hold: 15 * MS, jitter: 8 * MS, ..WIRE };
            steps.push((3000, Step::Network(1, shuffled, shuffled)));
            steps.push((4000, Step::StartOver(0)));
            steps.push((4300, Step::StartOver(1)));
            steps.push((7000, Step::StartOver(0)));
            Scene { seed, steps, until: 13_000, bounds: Bounds { gap: 500 * MS, ..Bounds::default() } }
        });
    }
}
