#![no_main]
//! Redundant audio: whatever comes is taken apart within bounds, and two frames that are said together are read as those two.

use folkmoot_fuzz::Plan;
use folkmoot_wire::red;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Some(blocks) = red::blocks(data) {
        let all: Vec<_> = blocks.collect();
        assert!(!all.is_empty() && all.len() <= 4);
        assert!(all.iter().map(|block| block.payload.len()).sum::<usize>() < data.len());
        assert!(all.iter().rev().enumerate().all(|(n, block)| block.packets == n as u64));
    }
    let mut plan = Plan(data);
    let (earlier, pt, room) = (plan.long() & 0x7fff, plan.byte() & 0x7f, usize::from(plan.byte()) * 8);
    let (before, own) = (plan.bytes(), plan.bytes());
    let mut out = vec![0; room];
    let Some(len) = red::write_twice(&mut out, pt, (earlier, before), own) else { return };
    let mut read = red::blocks(&out[..len]).expect("what we write is read");
    let (first, second) = (read.next().expect("before"), read.next().expect("own"));
    assert_eq!((first.pt, first.ticks, first.packets, first.payload), (pt, earlier, 1, before));
    assert_eq!((second.pt, second.ticks, second.packets, second.payload), (pt, 0, 0, own));
    assert!(read.next().is_none());
});
