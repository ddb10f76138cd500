#![no_main]
//! A receiver that says anything of what it was sent: an estimate stays within its bounds, a probe within what is wanted.

use std::time::{Duration, Instant};

use folkmoot_bwe::Estimator;
use folkmoot_wire::twcc;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut now = Instant::now();
    let mut estimator = Estimator::default();
    estimator.number_packets(now);
    let (mut rest, mut seq, mut wanted) = (bytes, 0_u16, 0_u64);
    while let Some((&[what, a, b, c], after)) = rest.split_first_chunk() {
        rest = after;
        let value = u64::from(u32::from_be_bytes([0, a, b, c]));
        match what % 8 {
            0 => now += Duration::from_micros(value),
            1 | 2 => {
                for _ in 0..a {
                    estimator.on_sent(now, seq, usize::from(u16::from_be_bytes([b, c])), (a > 128).then_some(b));
                    seq = seq.wrapping_add(u16::from(what) / 128 + 1);
                }
            }
            3 => {
                let (body, after) = rest.split_at(rest.len().min(usize::from(a)));
                rest = after;
                if let Some(arrivals) = twcc::arrivals(body) {
                    estimator.on_feedback(now, arrivals);
                }
            }
            4 => {
                let at = |n: u64| (n % 5 > 0).then(|| (value * n) as i64);
                estimator.on_feedback(now, (0..u64::from(a)).map(|n| (seq.wrapping_sub(n as u16), at(n))));
            }
            5 => {
                wanted = value;
                estimator.set_wanted(wanted);
            }
            6 => estimator.on_remb(now, value << (a % 40), wanted),
            _ => estimator.on_loss(now, f64::from(a) / 255.0, wanted),
        }
        if let Some(probe) = estimator.handle_timeout(now) {
            assert!(wanted > 0 && probe.bits <= (wanted * 6 / 5).max(30_000), "{probe:?}");
        }
        assert!(estimator.estimate().is_none_or(|bits| (30_000..=100_000_000).contains(&bits)));
        assert!(estimator.draining().is_none_or(|until| until <= now + Duration::from_secs(4)));
    }
});
