#![no_main]
//! Transport-wide feedback: what we record of any order of arrival is feedback that reads back.

use folkmoot_wire::rtcp::{Packet, packets};
use folkmoot_wire::twcc::{Recorder, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = read(bytes);
    let mut recorder = Recorder::default();
    let mut micros = 0;
    for arrival in bytes.chunks_exact(4) {
        micros += i64::from(u16::from_be_bytes([arrival[2], arrival[3]])) * 50;
        recorder.arrived(u16::from_be_bytes([arrival[0], arrival[1]]), micros);
        if arrival[3] == 0 && recorder.has_news() {
            let mut out = Vec::new();
            recorder.write(&mut out, 1, 2);
            for packet in packets(&out) {
                let Packet::TransportCc(body) = packet else { panic!("not feedback: {packet:?}") };
                assert!(read(body).is_some(), "our own feedback does not read back");
            }
        }
    }
});
