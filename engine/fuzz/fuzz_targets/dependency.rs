#![no_main]
//! Dependency descriptors, one after the other into one structure: read within bounds, and with another mask of active decode
//! targets read as the same frame.

use folkmoot_fuzz::Plan;
use folkmoot_wire::dependency::{MASK_LEN, MAX_LEN, Structure};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut plan = Plan(data);
    let mut structure = Structure::default();
    while !plan.is_over() {
        let (active, descriptor) = (plan.long(), plan.bytes());
        let Some(frame) = structure.read(descriptor) else { continue };
        assert!(structure.targets().len() <= 32 && structure.spatials() <= 4);
        let mut out = [0; MAX_LEN + MASK_LEN];
        let Some(len) = structure.write_active(&mut out, descriptor, &frame, active).filter(|len| *len <= MAX_LEN) else {
            continue;
        };
        let mut after = structure.clone();
        assert_eq!(after.read(&out[..len]), Some(frame));
        assert_eq!(after.active(), active & (u32::MAX >> (32 - structure.targets().len())));
    }
});
