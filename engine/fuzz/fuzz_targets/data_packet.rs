#![no_main]
//! A message of a client, rewritten under its true name.

use libfuzzer_sys::fuzz_target;

fuzz_target!(|packet: &[u8]| folkmoot_sfu::fuzzing::data_packet(packet));
