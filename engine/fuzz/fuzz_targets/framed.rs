#![no_main]
//! A stream of frames: read the same however it is cut, and never more held back than one frame.

use folkmoot_fuzz::Plan;
use folkmoot_wire::framed::{Deframer, HEADER, MAX_FRAME, TooLong};
use libfuzzer_sys::fuzz_target;

type Read = (Vec<Vec<u8>>, Option<usize>);

fn read<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> Read {
    let (mut deframer, mut frames) = (Deframer::default(), Vec::new());
    for piece in pieces {
        let outcome: Result<(), TooLong> = deframer.take(&mut piece.to_vec(), |frame| {
            frames.push(frame.to_vec());
            Ok(())
        });
        if outcome.is_err() {
            return (frames, None);
        }
        assert!(deframer.held() < HEADER + MAX_FRAME);
    }
    (frames, Some(deframer.held()))
}

fuzz_target!(|input: &[u8]| {
    let mut plan = Plan(input);
    let step = 1 + usize::from(plan.byte());
    let stream = plan.0;
    assert_eq!(read(stream.chunks(step)), read(std::iter::once(stream)));
});
