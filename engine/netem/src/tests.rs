use super::*;

const MS: Duration = Duration::from_millis(1);

/// Sends `n` packets of 1,000 bytes, one a millisecond; what arrived, and after how long from its start.
fn send(plan: Plan, seed: u64, n: u32) -> (Vec<(u32, Duration)>, LinkStats) {
    let start = Instant::now();
    let mut link = Link::new(plan, seed);
    for i in 0..n {
        link.push(start + i * MS, 1000, i);
    }
    let mut arrived = Vec::new();
    while let Some(at) = link.deadline() {
        let i = link.poll(at).expect("a due packet");
        arrived.push((i, at - (start + i * MS)));
    }
    (arrived, link.stats())
}

#[test]
fn a_perfect_wire_delivers_all_at_once_and_in_order() {
    let (arrived, _) = send(Plan::default(), 1, 100);
    assert_eq!(arrived, (0..100).map(|i| (i, Duration::ZERO)).collect::<Vec<_>>());
}

#[test]
fn the_same_seed_is_the_same_network_and_another_seed_is_not() {
    let plan = Plan { loss: 0.1, jitter: 9 * MS, reorder: 0.1, hold: 5 * MS, duplicate: 0.1, ..Plan::default() };
    assert_eq!(send(plan, 7, 500), send(plan, 7, 500));
    assert_ne!(send(plan, 7, 500), send(plan, 8, 500));
}

#[test]
fn a_share_of_the_packets_is_lost_singly_or_in_bursts() {
    for (burst, most_runs) in [(0.0, 1000), (8.0, 300)] {
        let (arrived, stats) = send(Plan { loss: 0.1, burst, ..Plan::default() }, 3, 10_000);
        assert!((800..1200).contains(&stats.lost), "lost {}", stats.lost);
        let runs = arrived.windows(2).filter(|w| w[1].0 != w[0].0 + 1).count();
        assert!(runs < most_runs, "{runs} gaps with bursts of {burst}");
    }
}

#[test]
fn where_few_packets_come_a_burst_of_losses_is_over_as_soon_as_elsewhere() {
    let plan = Plan { loss: 0.1, burst: 8.0, ..Plan::default() };
    let (start, mut link) = (Instant::now(), Link::new(plan, 3));
    for i in 0..10_000 {
        link.push(start + i * 40 * MS, 100, i);
    }
    let arrived: Vec<u32> = std::iter::from_fn(|| link.deadline().and_then(|at| link.poll(at))).collect();
    let longest = arrived.windows(2).map(|w| w[1] - w[0]).max().expect("some");
    assert!((2..=8).contains(&longest), "{longest} packets of 40 ms");
}

#[test]
fn a_held_packet_is_overtaken_and_jitter_alone_overtakes_nothing() {
    let (held, _) = send(Plan { reorder: 0.2, hold: 5 * MS, ..Plan::default() }, 5, 1000);
    assert!(held.windows(2).any(|w| w[1].0 < w[0].0));
    let (late, _) = send(Plan { delay: 20 * MS, jitter: 10 * MS, ..Plan::default() }, 5, 1000);
    assert!(late.windows(2).all(|w| w[1].0 > w[0].0));
    assert!(late.iter().all(|(_, took)| (20 * MS..=30 * MS).contains(took)));
}

#[test]
fn a_bottleneck_queues_up_to_its_depth_and_drops_the_rest() {
    // 8 Mbit/s arrive, 4 Mbit/s leave: the queue fills, then every second packet is lost.
    let plan = Plan { rate: Some(4_000_000), queue: 50 * MS, ..Plan::default() };
    let (arrived, stats) = send(plan, 1, 1000);
    assert!((400..500).contains(&stats.overflowed), "overflowed {}", stats.overflowed);
    assert!(arrived.iter().all(|(_, took)| *took <= 53 * MS));
}

#[test]
fn a_bucket_lets_a_burst_through_at_once_and_what_follows_at_the_rate() {
    let plan = Plan { rate: Some(800_000), queue: Duration::from_secs(3), bucket: 10_000, ..Plan::default() };
    let (start, mut link) = (Instant::now(), Link::new(plan, 1));
    let burst = |link: &mut Link<u32>, at: Instant| -> Vec<u128> {
        (0..20).for_each(|i| link.push(at, 1000, i));
        std::iter::from_fn(|| link.deadline().map(|due| (link.poll(due), (due - at).as_millis()).1)).collect()
    };
    let waited: Vec<u128> = [vec![0; 10], (1..=10).map(|n| n * 10).collect()].concat();
    assert_eq!(burst(&mut link, start), waited);
    assert_eq!(burst(&mut link, start + 150 * MS)[..6], [0, 0, 0, 0, 0, 10], "half of it is there again");
    assert_eq!(burst(&mut link, start + Duration::from_secs(9)), waited, "and no more than all of it");
}

#[test]
fn a_duplicate_arrives_twice() {
    let (arrived, stats) = send(Plan { duplicate: 1.0, ..Plan::default() }, 1, 10);
    assert_eq!(stats.delivered, 20);
    assert!(arrived.chunks(2).all(|pair| pair[0] == pair[1]));
}
