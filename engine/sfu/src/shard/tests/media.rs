//! What a receiver gets.

use super::*;

/// The first sends a camera (mid 1) of these layers, the second sees it as stream 1000.
fn camera(hall: &mut Hall, rids: &[&str]) -> (Guest, Guest, Handle, Handle) {
    let (mut sender, mut viewer) = (hall.enter(), hall.enter());
    let track = hall.publish(&mut sender, "1", Kind::Video, rids);
    let sub = hall.subscribe(&mut viewer, track, Kind::Video, 1000);
    (sender, viewer, track, sub)
}

fn follows(packets: &[Rtp]) {
    for pair in packets.windows(2) {
        assert_eq!(pair[1].seq, pair[0].seq + 1, "numbers go on");
        assert!(pair[1].timestamp.wrapping_sub(pair[0].timestamp).cast_signed() > 0, "time goes on");
        assert_eq!(pair[1].picture_id(), (pair[0].picture_id() + 1) & 0x7fff, "pictures go on");
    }
}

#[test]
fn no_packet_is_looked_at_before_keys_are_agreed_on() {
    let mut hall = Hall::new();
    let mut early = hall.knock();
    let track = hall.publish(&mut early, "0", Kind::Audio, &[]);
    let mut listener = hall.enter();
    hall.subscribe(&mut listener, track, Kind::Audio, 1000);
    hall.send(&early, &Rtp::voice(10, 0, "0"));
    assert_eq!(hall.shard.stats().unknown_source, 1);
    hall.shard.hear(hall.now, early.conn, folkmoot_peer::ControlEvent::Source(early.addr));
    hall.send(&early, &Rtp::voice(10, 1, "0"));
    hall.report(&mut early, |out| rtcp::write_pli(out, 1, 1000));
    assert_eq!((hall.shard.stats().media_in, hall.shard.stats().media_refused), (0, 0));
    assert_eq!(hall.numbers(&mut listener), [0; 0]);
    hall.let_in(&early);
    hall.send(&early, &Rtp::voice(10, 2, "0"));
    assert_eq!(hall.numbers(&mut listener).len(), 1);
}

#[test]
fn a_packet_of_another_key_is_no_packet() {
    let mut hall = Hall::new();
    let (speaker, mut listener) = hall.speaker_and_listener();
    let stranger = Tx::new(Profile::AeadAes256Gcm, &keys(77).client);
    hall.throw(speaker.addr, Rtp::voice(10, 0, "0").seal(&stranger));
    assert_eq!(hall.shard.stats().media_refused, 1);
    let packet = Rtp::voice(10, 1, "0").seal(&speaker.tx);
    hall.throw(speaker.addr, packet.clone());
    hall.throw(speaker.addr, packet);
    assert_eq!(hall.shard.stats().media_refused, 2, "nor is one that was there before");
    assert_eq!(hall.numbers(&mut listener).len(), 1);
}

#[test]
fn what_is_not_published_is_not_forwarded_and_not_remembered() {
    let mut hall = Hall::new();
    let (mut speaker, mut listener) = hall.speaker_and_listener();
    speaker.sections.push(Section { recv: true, ..section("1", Kind::Video) });
    hall.negotiate(&speaker);
    hall.send(&speaker, &Rtp::picture(20, 0, "1", true));
    hall.send(&speaker, &Rtp::voice(21, 0, "9"));
    assert_eq!(hall.shard.conns[0].streams.len(), 0);
    hall.send(&speaker, &Rtp::voice(10, 0, "0"));
    assert_eq!(hall.came(&mut listener).media.len(), 1);
    // Published now: the next packet of the same stream is of it.
    let track = hall.publish_again(&speaker, "1", Kind::Video);
    hall.subscribe(&mut listener, track, Kind::Video, 2000);
    hall.send(&speaker, &Rtp::picture(20, 1, "1", true));
    assert_eq!(hall.came(&mut listener).media.len(), 1);
}

#[test]
fn who_mutes_is_not_forwarded_and_goes_on_without_a_gap() {
    let mut hall = Hall::new();
    let (mut speaker, mut listener) = (hall.enter(), hall.enter());
    let track = hall.publish(&mut speaker, "0", Kind::Audio, &[]);
    hall.subscribe(&mut listener, track, Kind::Audio, 1000);
    hall.send(&speaker, &Rtp::voice(10, 0, "0"));
    hall.command(Command::SetMuted { track, muted: true });
    for n in 1..50 {
        hall.send(&speaker, &Rtp::voice(10, n, "0"));
    }
    let before = hall.came(&mut listener).media;
    assert_eq!(before.len(), 1, "a sender that goes on sending is not heard");
    hall.command(Command::SetMuted { track, muted: false });
    hall.send(&speaker, &Rtp::voice(10, 50, "0"));
    let after = hall.came(&mut listener).media;
    assert_eq!(after[0].seq, before[0].seq + 1);
    assert_eq!(after[0].timestamp - before[0].timestamp, 50 * 960);
}

#[test]
fn a_muted_track_is_told_of_by_packets_without_content_to_who_needs_them() {
    let mut hall = Hall::new();
    let (mut speaker, mut listener) = hall.speaker_and_listener();
    let track = hall.publish_again(&speaker, "0", Kind::Audio);
    let camera = hall.publish(&mut speaker, "1", Kind::Video, &[]);
    hall.subscribe(&mut listener, camera, Kind::Video, 2000);
    hall.subscribe(&mut listener, track, Kind::Audio, 3000);
    for track in [track, camera] {
        hall.command(Command::SetMuted { track, muted: true });
    }
    hall.pass(500 * MS);
    assert_eq!(hall.came(&mut listener).media, [], "most clients know by themselves");
    hall.command(Command::AnnounceMuted { peer: listener.peer });
    hall.pass(Duration::from_secs(10));
    let told = hall.came(&mut listener).media;
    let of = |ssrc: u32| told.iter().filter(|p| p.ssrc == ssrc).collect::<Vec<_>>();
    assert_eq!((of(1000).len(), of(2000).len(), of(3000).len()), (0, 50, 50), "and not for ever");
    assert_eq!(of(3000)[0].payload, [0xf8, 0xff, 0xfe]);
    hall.report(&mut listener, |out| rtcp::write_nack(out, 1, 2000, &[of(2000)[3].seq as u16]));
    assert_eq!(hall.came(&mut listener).media, [], "what was nothing is not sent again");
    hall.command(Command::SetMuted { track: camera, muted: false });
    for n in 0..3 {
        hall.send(&speaker, &Rtp::picture(20, n, "1", n == 0));
    }
    let seen = hall.came(&mut listener).media;
    assert_eq!((seen.len(), seen[0].seq), (3, of(2000)[49].seq + 1), "numbers go on behind it");
    follows(&seen);
}

#[test]
fn a_camera_that_was_muted_is_asked_for_a_key_frame() {
    let mut hall = Hall::new();
    let (mut sender, mut viewer, track, _) = camera(&mut hall, &[]);
    hall.send(&sender, &Rtp::picture(20, 0, "1", true));
    hall.command(Command::SetMuted { track, muted: true });
    hall.pass(2000 * MS);
    hall.came(&mut sender);
    hall.command(Command::SetMuted { track, muted: false });
    hall.send(&sender, &Rtp::picture(20, 50, "1", false));
    hall.pass(20 * MS);
    assert_eq!(hall.came(&mut sender).key_requests(), [20]);
    hall.send(&sender, &Rtp::picture(20, 51, "1", true));
    let seen = hall.came(&mut viewer).media;
    assert_eq!(seen.len(), 2, "the picture before the mute and the key frame: {seen:?}");
    follows(&seen);
}

#[test]
fn a_sender_that_starts_over_under_another_number_is_seen_on() {
    let mut hall = Hall::new();
    let (sender, mut viewer, ..) = camera(&mut hall, &[]);
    for n in 0..10 {
        hall.send(&sender, &Rtp::picture(20, n, "1", n == 0));
        hall.pass(33 * MS);
    }
    // Another stream in its place: other numbers, other time.
    for n in 0..10 {
        let mut packet = Rtp::picture(24, n, "1", n == 0);
        packet.seq = 7 + n;
        packet.timestamp = packet.timestamp.wrapping_add(0x9000_0000);
        hall.send(&sender, &packet);
        hall.pass(33 * MS);
    }
    let seen = hall.came(&mut viewer).media;
    assert_eq!(seen.len(), 20);
    follows(&seen);
    assert_eq!(hall.shard.conns[0].streams.len(), 1, "the old one is forgotten");
}

#[test]
fn time_goes_on_by_the_gap_where_a_stream_takes_anothers_place() {
    let mut hall = Hall::new();
    let (sender, mut viewer, ..) = camera(&mut hall, &[]);
    for n in 0..10 {
        hall.send(&sender, &Rtp::picture(20, n, "1", n == 0));
        hall.pass(Duration::from_micros(33_333));
    }
    hall.pass(4000 * MS);
    for n in 0..3 {
        hall.send(&sender, &Rtp { timestamp: 0x9000_0000 + 3000 * n as u32, ..Rtp::picture(24, n, "1", n == 0) });
        hall.pass(Duration::from_micros(33_333));
    }
    let seen = hall.came(&mut viewer).media;
    follows(&seen);
    let gap = seen[10].timestamp.wrapping_sub(seen[9].timestamp);
    assert!((362_000..364_000).contains(&gap), "4.033 s are 363,000 ticks: {gap}");
}

#[test]
fn what_a_replaced_stream_had_on_its_way_comes_too_late() {
    let mut hall = Hall::new();
    let (sender, mut viewer, ..) = camera(&mut hall, &[]);
    let old = |n: u64| Rtp::picture(20, n, "1", n == 0);
    let new = |n: u64| Rtp { seq: 7 + n, ..Rtp::picture(24, n, "1", n == 0) };
    for n in 0..8 {
        hall.send(&sender, &old(n));
    }
    hall.send(&sender, &old(5).again(21, 1)); // a probe: its stream is known
    hall.send(&sender, &new(0));
    // A packet and a repair of before. The repair's number would be one of the new stream's to come.
    hall.send(&sender, &old(9));
    hall.send(&sender, &Rtp { payload: vec![0, 9, 1, 2, 3], ..old(8).again(21, 2) });
    for n in 1..8 {
        hall.send(&sender, &new(n));
    }
    let seen = hall.came(&mut viewer).media;
    assert_eq!(seen.len(), 16);
    follows(&seen);
    assert_eq!(hall.shard.conns[0].streams.len(), 1);
}

#[test]
fn a_track_that_comes_back_after_a_rollover_opens() {
    let mut hall = Hall::new();
    let (mut speaker, mut listener) = (hall.enter(), hall.enter());
    let track = hall.publish(&mut speaker, "0", Kind::Audio, &[]);
    hall.subscribe(&mut listener, track, Kind::Audio, 1000);
    let packet = |n: u64| Rtp { seq: 65_530 + n, payload: vec![n as u8], ..Rtp::voice(10, n, "0") };
    for n in 0..10 {
        hall.send(&speaker, &packet(n));
    }
    assert_eq!(hall.numbers(&mut listener).len(), 10);
    // Browsers go on counting where a section is used again for the same source.
    hall.command(Command::Unpublish { track });
    let track = hall.publish_again(&speaker, "0", Kind::Audio);
    hall.subscribe(&mut listener, track, Kind::Audio, 2000);
    hall.send(&speaker, &packet(10));
    hall.throw(speaker.addr, packet(3).seal(&speaker.tx));
    let came = hall.came(&mut listener).media;
    assert_eq!(
        (came.len(), came[0].ssrc, &came[0].payload[..]),
        (1, 2000, &[10][..]),
        "what was there before is refused"
    );
}

#[test]
fn a_loss_on_the_way_in_is_asked_for_and_fills_its_place() {
    let mut hall = Hall::new();
    let (mut sender, mut viewer, ..) = camera(&mut hall, &[]);
    let pictures: Vec<_> = (0..6).map(|n| Rtp::picture(20, n, "1", n == 0)).collect();
    for n in [0, 1, 2, 4, 5] {
        hall.send(&sender, &pictures[n]);
    }
    hall.pass(10 * MS);
    assert_eq!(hall.came(&mut sender).asked(), [(20, 103)]);
    hall.send(&sender, &pictures[3].again(21, 900));
    let mut seen = hall.came(&mut viewer).media;
    seen.sort_by_key(|p| p.seq);
    assert_eq!(seen.len(), 6);
    follows(&seen);
    hall.pass(500 * MS);
    assert_eq!(hall.came(&mut sender).asked(), [], "and is asked for no more");
}

#[test]
fn what_is_tried_always_says_whose_it_is_for_clients_that_know_a_stream_by_that_alone() {
    let mut hall = Hall::new();
    let (mut sender, mut viewer) = (hall.enter(), hall.enter());
    viewer.tells_arrivals = true;
    let track = hall.publish(&mut sender, "1", Kind::Video, &[]);
    hall.subscribe(&mut viewer, track, Kind::Video, 1000);
    for n in 0..6 {
        hall.send(&sender, &Rtp::picture(20, n, "1", n == 0));
    }
    let seen = hall.came(&mut viewer).media;
    let says = |packet: &Rtp| packet.extensions.iter().any(|(id, mid)| (*id, &mid[..]) == (MID, b"s1000"));
    assert!(seen.iter().all(says), "until it is known that the receiver knows the stream");
    let report = rtcp::ReportBlock { ssrc: 1000, highest_sequence: seen[5].seq as u32, ..Default::default() };
    hall.report(&mut viewer, |out| rtcp::write_receiver_reports(out, 1, &[report]));
    hall.pass(3000 * MS); // more is wanted than is known to fit: it is tried
    hall.send(&sender, &Rtp::picture(20, 6, "1", false));
    let (others, pictures): (Vec<Rtp>, Vec<Rtp>) =
        hall.came(&mut viewer).media.into_iter().partition(|packet| packet.ssrc == 1001);
    assert_eq!((pictures.len(), pictures.iter().any(says)), (1, false));
    assert!(others.len() > 5 && others.iter().all(says), "{others:?}");
}

#[test]
fn what_is_sent_again_always_says_whose_it_is_for_clients_that_know_a_stream_by_that_alone() {
    let mut hall = Hall::new();
    let (sender, mut viewer, ..) = camera(&mut hall, &[]);
    for n in 0..6 {
        hall.send(&sender, &Rtp::picture(20, n, "1", n == 0));
    }
    let seen = hall.came(&mut viewer).media;
    let report = rtcp::ReportBlock { ssrc: 1000, highest_sequence: seen[5].seq as u32, ..Default::default() };
    hall.report(&mut viewer, |out| rtcp::write_receiver_reports(out, 1, &[report]));
    hall.report(&mut viewer, |out| rtcp::write_nack(out, 1, 1000, &[seen[3].seq as u16]));
    let again = hall.came(&mut viewer).media;
    assert_eq!((again.len(), again[0].ssrc), (1, 1001));
    assert!(again[0].extensions.iter().any(|(id, mid)| (*id, &mid[..]) == (MID, b"s1000")), "{again:?}");
}

#[test]
fn what_waited_for_us_a_moment_is_what_comes_now() {
    let mut hall = Hall::new();
    let (mut sender, mut first, mut second) = (hall.enter(), hall.enter(), hall.enter());
    let track = hall.publish(&mut sender, "1", Kind::Video, &[]);
    hall.command(Command::NeverReplay { track });
    hall.subscribe(&mut first, track, Kind::Video, 1000);
    hall.pass(300 * MS);
    for n in 0..3 {
        let mut datagram = Rtp::picture(20, n, "1", n == 0).seal(&sender.tx);
        let came = hall.now;
        hall.now += 5 * MS;
        hall.shard.handle_arrival(hall.now, came, sender.addr, &mut datagram);
        hall.settle();
    }
    assert_eq!(hall.came(&mut first).media.len(), 3);
    hall.subscribe(&mut second, track, Kind::Video, 2000);
    hall.pass(20 * MS);
    assert_eq!(hall.came(&mut second).media, [], "but not what came before");
}

#[test]
fn who_comes_to_a_track_that_is_never_replayed_begins_with_what_comes() {
    let mut hall = Hall::new();
    let (mut sender, mut first, mut second) = (hall.enter(), hall.enter(), hall.enter());
    let track = hall.publish(&mut sender, "1", Kind::Video, &[]);
    hall.command(Command::NeverReplay { track });
    hall.command(Command::NeverReplay { track: 77 });
    hall.subscribe(&mut first, track, Kind::Video, 1000);
    hall.pass(300 * MS);
    for n in 0..3 {
        hall.send(&sender, &Rtp::picture(20, n, "1", n == 0));
    }
    assert_eq!(hall.came(&mut first).media.len(), 3);
    hall.pass(33 * MS);
    hall.subscribe(&mut second, track, Kind::Video, 2000);
    hall.pass(600 * MS);
    assert_eq!(hall.came(&mut second).media, []);
    assert!(!hall.came(&mut sender).key_requests().is_empty());
    for n in 3..6 {
        hall.send(&sender, &Rtp::picture(20, n, "1", n == 4));
    }
    assert_eq!(hall.came(&mut second).media.len(), 2);
}

#[test]
fn who_comes_to_a_track_that_is_never_replayed_is_left_to_get_ready() {
    let mut hall = Hall::new();
    let (mut sender, mut viewer) = (hall.enter(), hall.enter());
    let track = hall.publish(&mut sender, "1", Kind::Video, &[]);
    hall.command(Command::NeverReplay { track });
    hall.send(&sender, &Rtp::picture(20, 0, "1", true));
    hall.subscribe(&mut viewer, track, Kind::Video, 1000);
    for n in 1..6 {
        hall.pass(40 * MS);
        hall.send(&sender, &Rtp::picture(20, n, "1", n == 3));
    }
    assert_eq!(hall.came(&mut viewer).media, [], "it is told of the track, and looks to it now");
    assert_eq!(hall.came(&mut sender).key_requests(), []);
    hall.pass(60 * MS);
    assert_eq!(hall.came(&mut sender).key_requests().len(), 1);
    hall.send(&sender, &Rtp::picture(20, 6, "1", true));
    assert_eq!(hall.came(&mut viewer).media.len(), 1);
}

#[test]
fn redundant_sound_goes_on_as_opus_and_fills_what_was_lost() {
    let mut hall = Hall::new();
    let (speaker, mut listener) = hall.speaker_and_listener();
    for n in [0, 1, 4, 3, 5] {
        hall.send(&speaker, &Rtp::voice(10, n, "0").repeating(2));
    }
    let heard = hall.came(&mut listener).media;
    let first = heard[0].seq;
    assert!(heard.iter().all(|p| p.pt == OPUS && p.payload.len() == 80));
    let frames: Vec<_> =
        heard.iter().map(|p| (p.seq - first, p.payload[0], p.timestamp - heard[0].timestamp)).collect();
    let expected = [0_u8, 1, 2, 3, 4, 5].map(|n| (u64::from(n), 100 + n, 960 * u32::from(n)));
    assert_eq!(frames, expected, "each once, in its place, and none from before the first");
    let levels = heard.iter().map(|p| p.extensions.iter().any(|(id, _)| *id == LEVEL)).collect::<Vec<_>>();
    assert_eq!(levels, [true, true, false, false, true, true], "how loud a lost one was isn't known");
}

#[test]
fn redundant_sound_goes_on_so_to_who_takes_it_and_under_its_number_it_is_always_the_same() {
    let mut hall = Hall::new();
    let mut speaker = hall.enter();
    let track = hall.publish(&mut speaker, "0", Kind::Audio, &[]);
    let (mut plain, mut twice) = (hall.enter(), hall.enter());
    hall.subscribe(&mut plain, track, Kind::Audio, 1000);
    hall.subscribe(&mut twice, track, Kind::Audio, 1010);
    hall.take_redundant(&mut twice);
    for n in 0..6 {
        hall.send(&speaker, &Rtp::voice(10, n, "0").repeating(1));
    }
    hall.send(&speaker, &Rtp::voice(10, 6, "0"));
    assert!(hall.came(&mut plain).media.iter().all(|p| p.pt == OPUS && p.payload.len() == 80));
    let sealed = hall.post.0[&twice.addr].clone();
    let heard = hall.came(&mut twice).media;
    assert_eq!(heard.iter().map(|p| p.pt).collect::<Vec<_>>(), [OPUS, RED, RED, RED, RED, RED, OPUS]);
    for (n, packet) in heard.iter().enumerate().take(6).skip(1) {
        let frames = folkmoot_wire::red::blocks(&packet.payload).expect("well formed").collect::<Vec<_>>();
        let frames = frames.iter().map(|b| (b.pt, b.ticks, b.payload[0], b.payload.len())).collect::<Vec<_>>();
        assert_eq!(frames, [(OPUS, 960, 99 + n as u8, 80), (OPUS, 0, 100 + n as u8, 80)]);
    }
    let asked = heard.iter().map(|p| p.seq as u16).collect::<Vec<_>>();
    hall.pass(MS);
    hall.report(&mut twice, |out| rtcp::write_nack(out, 1, 1010, &asked));
    assert_eq!(hall.post.0[&twice.addr], sealed, "to the last bit");
}

/// A path that loses a quarter of all whatever is sent by it, and one that is known to carry little: there the copies are
/// what fills it.
#[test]
fn sound_goes_on_said_twice_where_much_is_lost_but_not_where_little_is_carried() {
    for (carries, said) in [(None, RED), (Some(250_000), OPUS)] {
        let mut hall = Hall::new();
        let (mut sender, mut viewer) = (hall.enter(), hall.enter());
        viewer.tells_arrivals = true;
        let camera = hall.publish(&mut sender, "1", Kind::Video, &[]);
        let voice = hall.publish(&mut sender, "0", Kind::Audio, &[]);
        hall.subscribe(&mut viewer, camera, Kind::Video, 1000);
        hall.subscribe(&mut viewer, voice, Kind::Audio, 1010);
        hall.take_redundant(&mut viewer);
        hall.command(Command::Limit { peer: viewer.peer, bits: carries });
        let (mut told, mut last) = (twcc::Recorder::default(), 0);
        for n in 0..500 {
            hall.send(&sender, &Rtp::voice(10, n, "0").repeating(1));
            hall.send(&sender, &Rtp::picture(20, n, "1", n % 50 == 0));
            for packet in hall.came(&mut viewer).media {
                if packet.ssrc == 1010 {
                    last = packet.pt;
                }
                let number = packet.extensions.iter().find(|(id, _)| *id == 4).map(|(_, seq)| [seq[0], seq[1]]);
                if let Some(seq) = number.map(u16::from_be_bytes).filter(|seq| seq % 4 > 0) {
                    told.arrived(seq, n as i64 * 20_000);
                }
            }
            hall.pass(20 * MS);
            if n % 5 == 4 && told.has_news() {
                hall.report(&mut viewer, |out| told.write(out, 1, 1000));
            }
        }
        assert_eq!(last, said, "{carries:?}");
    }
}

#[test]
fn of_redundant_sound_that_is_cut_off_nothing_goes_on() {
    let mut hall = Hall::new();
    let (speaker, mut listener) = hall.speaker_and_listener();
    for n in 0..3 {
        let mut packet = Rtp::voice(10, n, "0").repeating(2);
        packet.payload.truncate([0, 7, 100][n as usize]);
        hall.send(&speaker, &packet);
    }
    hall.send(&speaker, &Rtp::voice(10, 3, "0"));
    let heard = hall.came(&mut listener).media;
    assert_eq!(heard.iter().map(|p| p.payload[0]).collect::<Vec<_>>(), [1], "plain sound on the same stream does");
}

#[test]
fn a_loss_on_the_way_out_is_sent_again_on_its_own_stream() {
    let mut hall = Hall::new();
    let (sender, mut viewer, ..) = camera(&mut hall, &[]);
    for n in 0..6 {
        hall.send(&sender, &Rtp::picture(20, n, "1", n == 0));
    }
    let seen = hall.came(&mut viewer).media;
    let lost = seen[3].clone();
    hall.report(&mut viewer, |out| rtcp::write_nack(out, 1, 1000, &[lost.seq as u16]));
    let again = hall.came(&mut viewer).media;
    assert_eq!((again.len(), again[0].ssrc, again[0].pt), (1, 1001, RTX));
    assert_eq!(again[0].payload[..2], (lost.seq as u16).to_be_bytes());
    assert_eq!(again[0].payload[2..], lost.payload);
}

#[test]
fn a_layer_is_what_its_packets_say_and_not_the_order_of_lines() {
    let mut hall = Hall::new();
    let (mut sender, mut viewer) = (hall.enter(), hall.enter());
    let rids = ["q", "h", "f"].iter().filter_map(|rid| Short::new(rid)).collect();
    let declared = Section { recv: true, rids, ..section("1", Kind::Video) };
    sender.sections.push(Section { ssrcs: vec![22, 32, 20, 30], rtx_pairs: vec![(22, 32), (20, 30)], ..declared });
    hall.negotiate(&sender);
    let track = hall.publish_again(&sender, "1", Kind::Video);
    let sub = hall.subscribe(&mut viewer, track, Kind::Video, 1000);
    hall.command(Command::Configure { sub, wish: Wish { enabled: true, max_layer: 0, ..Wish::default() } });
    let low = |n: u64| Rtp::picture(20, n, "1", n == 0).layer("q");
    let high = |n: u64| Rtp { seq: 9000 + n, payload: vec![9; 600], ..Rtp::picture(22, n, "1", n == 0).layer("f") };
    for n in [0, 1, 2, 4] {
        hall.send(&sender, &low(n));
        hall.send(&sender, &high(n));
    }
    // A repair goes where what it repairs went, also when it says nothing of itself.
    hall.send(&sender, &Rtp { extensions: Vec::new(), ..low(3).again(30, 1) });
    let mut seen = hall.came(&mut viewer).media;
    seen.sort_by_key(|p| p.seq);
    assert_eq!((seen.len(), seen.iter().all(|p| p.payload.len() == 400)), (5, true));
    follows(&seen);
}

#[test]
fn layers_switch_at_key_frames_and_only_there() {
    let mut hall = Hall::new();
    let (sender, mut viewer, _, sub) = camera(&mut hall, &["q", "h", "f"]);
    let tick = |hall: &mut Hall, n: u64, keys: [bool; 3]| {
        for (layer, rid) in ["q", "h", "f"].into_iter().enumerate() {
            let mut packet = Rtp::picture(20 + layer as u32, n, "1", keys[layer]).layer(rid);
            packet.payload[399] = layer as u8;
            hall.send(&sender, &packet);
        }
        hall.pass(33 * MS);
    };
    for n in 0..30 {
        tick(&mut hall, n, [n == 0; 3]);
    }
    hall.command(Command::Configure { sub, wish: Wish { enabled: true, max_layer: 0, ..Wish::default() } });
    for n in 30..60 {
        tick(&mut hall, n, [n == 40, false, false]);
    }
    hall.command(Command::Configure { sub, wish: Wish { enabled: false, max_layer: 0, ..Wish::default() } });
    for n in 60..90 {
        tick(&mut hall, n, [false; 3]);
    }
    let seen = hall.came(&mut viewer).media;
    follows(&seen);
    let layers: Vec<u8> = seen.iter().map(|p| p.payload[399]).collect();
    let last_of_f = layers.iter().rposition(|l| *l == 2).expect("it began with the largest");
    assert!(layers[last_of_f + 1..].iter().all(|l| *l == 0), "{layers:?}");
    assert!((39..=41).contains(&last_of_f), "{last_of_f}");
    // Three of the first picture: each layer was the best one there for a moment.
    assert_eq!(layers.len(), 62, "and stands still when nobody looks");
}

#[test]
fn who_sends_is_told_when_its_packets_came_and_not_when_we_looked_at_them() {
    let mut hall = Hall::new();
    let (mut speaker, mut viewer, ..) = camera(&mut hall, &[]);
    let came: Vec<_> = (0..4).map(|n| hall.now + 10 * n * MS).collect();
    // One wake-up takes them all, 40 ms after the first.
    hall.now += 40 * MS;
    for (n, at) in (0..).zip(came) {
        let mut packet = Rtp::picture(10, n, "1", n == 0);
        packet.extensions.push((4, (n as u16).to_be_bytes().into()));
        hall.shard.handle_arrival(hall.now, at, speaker.addr, &mut packet.seal(&speaker.tx));
        hall.settle();
    }
    hall.pass(100 * MS);
    let reports = hall.came(&mut speaker).reports;
    let bodies = reports.iter().flat_map(|r| rtcp::packets(r));
    let told = bodies.filter_map(|p| if let Packet::TransportCc(body) = p { twcc::read(body) } else { None });
    let at: Vec<i64> = told.flatten().filter_map(|(_, arrived)| arrived).collect();
    assert_eq!(at.windows(2).map(|pair| pair[1] - pair[0]).collect::<Vec<_>>(), [10_000; 3]);
    // They leave together, and say so.
    let left = hall.came(&mut viewer).media;
    let stamp = |packet: &Rtp| packet.extensions.iter().find(|(id, _)| *id == LEFT).map(|(_, at)| at.clone());
    assert!(left.len() == 4 && stamp(&left[0]).is_some(), "{left:?}");
    assert!(left.iter().all(|packet| stamp(packet) == stamp(&left[0])));
}
