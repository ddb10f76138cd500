//! Whatever the network sends, every parser answers, and answers with something bounded.
use folkmoot_wire::{RtpHeader, data_track, ext, framed, h264, rtcp, twcc, vp8};
use proptest::prelude::*;

proptest! {
    #[test]
    fn no_packet_is_too_strange(bytes in proptest::collection::vec(any::<u8>(), 0..1500)) {
        if let Some(header) = RtpHeader::parse(&bytes) {
            prop_assert!(header.len <= bytes.len());
            prop_assert!(ext::elements(&bytes, &header).count() <= 16);
            if let Some(end) = header.payload_end(&bytes) {
                prop_assert!(header.len <= end && end <= bytes.len());
            }
        }
        let _ = (vp8::Descriptor::parse(&bytes), h264::starts_keyframe(&bytes));
        let _ = data_track::number(&bytes);
        if let Some(read) = twcc::read(&bytes) {
            prop_assert!(read.len() <= 8192);
        }
    }

    #[test]
    fn a_compound_ends(bytes in proptest::collection::vec(any::<u8>(), 0..1500), kind in 200u8..=207, count in 0u8..32) {
        let mut compound = bytes;
        if compound.len() >= 4 {
            compound[0] = 0x80 | count;
            compound[1] = kind;
            let words = (compound.len() / 4 - 1) as u16;
            compound[2..4].copy_from_slice(&words.to_be_bytes());
        }
        for packet in rtcp::packets(&compound) {
            match packet {
                rtcp::Packet::Nack(_, lost) => prop_assert!(lost.count() <= 17 * 400),
                rtcp::Packet::ReceiverReport(blocks) => prop_assert!(blocks.count() <= 31),
                _ => {}
            }
        }
    }

    #[test]
    fn feedback_reads_back_whatever_arrived(steps in proptest::collection::vec((0u16..40, 0i64..200_000), 1..200), start: u16) {
        let mut recorder = twcc::Recorder::default();
        let (mut seq, mut at) = (start, 0);
        let mut sent = vec![];
        for (gap, wait) in steps {
            seq = seq.wrapping_add(gap + 1);
            at += wait;
            recorder.arrived(seq, at);
            sent.push((seq, at));
            let mut out = vec![];
            recorder.write(&mut out, 1, 2);
            let Some(rtcp::Packet::TransportCc(body)) = rtcp::packets(&out).next() else { return Err(TestCaseError::fail("none")) };
            let told = twcc::read(body).unwrap();
            let (last, when) = *told.last().unwrap();
            prop_assert_eq!(last, seq);
            prop_assert!((when.unwrap() - at).abs() <= 250);
        }
    }
}

proptest! {
    #[test]
    fn a_stream_is_read_the_same_however_it_is_cut(
        bytes in proptest::collection::vec(prop_oneof![3 => 0u8..4, 1 => any::<u8>()], 0..4000),
        cuts in proptest::collection::vec(1usize..600, 1..40),
    ) {
        let read = |pieces: &mut dyn Iterator<Item = Vec<u8>>| {
            let (mut deframer, mut frames) = (framed::Deframer::default(), Vec::new());
            for mut piece in pieces {
                let outcome: Result<(), framed::TooLong> = deframer.take(&mut piece, |frame| {
                    frames.push(frame.to_vec());
                    Ok(())
                });
                assert!(deframer.held() < framed::HEADER + framed::MAX_FRAME);
                if outcome.is_err() {
                    return (frames, None);
                }
            }
            let held = deframer.held();
            (frames, Some(held))
        };
        let (mut at, mut cuts) = (0, cuts.iter().cycle());
        let mut pieces = std::iter::from_fn(|| {
            let end = (at + cuts.next()?).min(bytes.len());
            let piece = bytes[at..end].to_vec();
            at = end;
            (!piece.is_empty()).then_some(piece)
        });
        let cut = read(&mut pieces);
        prop_assert_eq!(&cut, &read(&mut std::iter::once(bytes.clone())));
        let total: usize = cut.0.iter().map(Vec::len).sum();
        prop_assert!(total + cut.1.unwrap_or(0) <= bytes.len());
    }
}
