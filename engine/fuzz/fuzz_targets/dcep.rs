#![no_main]
//! A request for a data channel.

use libfuzzer_sys::fuzz_target;

fuzz_target!(|message: &[u8]| folkmoot_peer::fuzzing::dcep(message));
