//! What the network sends makes no unbounded work and no unbounded state.

use super::*;

#[test]
fn strangers_make_no_state_and_get_no_answer() {
    let mut hall = Hall::new();
    let (_, _) = hall.speaker_and_listener();
    let before = hall.shard.counts();
    for n in 0..2000_u32 {
        let from = SocketAddr::from(([203, 0, 113, n as u8], 1000 + n as u16));
        let first = [0, 1, 2, 20, 22, 63, 64, 127, 128, 144, 191, 192, 255][n as usize % 13];
        let mut datagram: Vec<u8> = (0..n % 90).map(|i| (i * n) as u8).collect();
        datagram.insert(0, first);
        hall.shard.handle_datagram(hall.now, from, &mut datagram);
    }
    hall.shard.handle_datagram(hall.now, SocketAddr::from(([203, 0, 113, 1], 1)), &mut []);
    hall.settle();
    assert_eq!(hall.shard.counts(), before);
    assert_eq!(hall.shard.stats().unknown_source, 2001);
    assert!(hall.post.0.is_empty());
}

#[test]
fn a_wrong_name_or_password_in_stun_gets_no_answer() {
    let mut hall = Hall::new();
    let guest = hall.knock();
    hall.negotiate(&guest);
    for name in ["nobody:clnt", &format!("ufrag{}:clnt", guest.conn)] {
        // A binding request with a user name, and an integrity that is none.
        let mut datagram = vec![0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
        for (kind, value) in [(6_u16, name.as_bytes()), (0x24, &[0, 0, 1, 0][..]), (8, &[9; 20])] {
            datagram.extend(kind.to_be_bytes());
            datagram.extend((value.len() as u16).to_be_bytes());
            datagram.extend(value);
            datagram.resize(datagram.len().next_multiple_of(4), 0);
        }
        let len = (datagram.len() - 20) as u16;
        datagram[2..4].copy_from_slice(&len.to_be_bytes());
        hall.throw(guest.addr, datagram);
    }
    assert!(hall.post.0.is_empty());
    assert_eq!(hall.shard.counts()[6], 0, "no address is believed");
}

#[test]
fn packets_that_were_never_sent_are_not_sent_again() {
    let mut hall = Hall::new();
    let (mut sender, mut viewer) = (hall.enter(), hall.enter());
    let track = hall.publish(&mut sender, "1", Kind::Video, &[]);
    hall.subscribe(&mut viewer, track, Kind::Video, 1000);
    let all: Vec<u16> = (0..=u16::MAX).collect();
    hall.report(&mut viewer, |out| rtcp::write_nack(out, 1, 1000, &all[..5000]));
    for n in 0..400 {
        hall.send(&sender, &Rtp::picture(20, n, "1", n == 0));
    }
    let sent = hall.came(&mut viewer).media;
    let first = sent[0].seq as u16;
    for some in [&all[..usize::from(first)], &all[usize::from(first) + 400..]] {
        for some in some.chunks(5000) {
            hall.report(&mut viewer, |out| rtcp::write_nack(out, 1, 1000, some));
        }
    }
    hall.report(&mut viewer, |out| rtcp::write_nack(out, 1, 77, &all[..5000]));
    assert_eq!(hall.shard.stats().resent, 0);
    // All that was: no more than one compound may ask for, and each no more often than is of use.
    let known: Vec<u16> = (0..400).map(|n| first + n).collect();
    hall.report(&mut viewer, |out| rtcp::write_nack(out, 1, 1000, &known));
    assert_eq!(hall.shard.stats().resent, 256);
    for _ in 0..100 {
        hall.report(&mut viewer, |out| rtcp::write_nack(out, 1, 1000, &known[390..]));
    }
    assert_eq!(hall.shard.stats().resent, 266);
    for _ in 0..20 {
        hall.pass(300 * MS);
        hall.report(&mut viewer, |out| rtcp::write_nack(out, 1, 1000, &known[390..]));
    }
    assert!(hall.shard.stats().resent <= 256 + 4 * 10, "{}", hall.shard.stats().resent);
}

#[test]
fn who_asks_without_end_is_sent_twice_as_much_and_no_more() {
    let mut hall = Hall::new();
    let (mut sender, mut viewer) = (hall.enter(), hall.enter());
    let track = hall.publish(&mut sender, "1", Kind::Video, &[]);
    hall.subscribe(&mut viewer, track, Kind::Video, 1000);
    for n in 0..500 {
        hall.send(&sender, &Rtp::picture(20, n, "1", n == 0));
    }
    let newest = hall.came(&mut viewer).media.last().expect("pictures").seq as u16;
    for round in 0..200_u16 {
        // Each time others than the last ones, so that none is asked for too soon after it was sent again.
        let lost: Vec<u16> = (0..250).map(|n| newest - 250 * (round % 2) - n).collect();
        hall.report(&mut viewer, |out| rtcp::write_nack(out, 1, 1000, &lost));
        hall.pass(30 * MS);
    }
    assert_eq!(hall.shard.stats().resent, 500);
    hall.send(&sender, &Rtp::picture(20, 500, "1", false));
    let lost = [newest + 1, newest];
    hall.report(&mut viewer, |out| rtcp::write_nack(out, 1, 1000, &lost));
    assert_eq!(hall.shard.stats().resent, 501, "an honest request is served when media flows on");
}

#[test]
fn who_is_sent_much_all_the_time_is_sent_it_in_time() {
    let mut hall = Hall::new();
    let mut viewer = hall.enter();
    let senders: Vec<Guest> = (0..10)
        .map(|n| {
            let mut sender = hall.enter();
            let track = hall.publish(&mut sender, "1", Kind::Video, &[]);
            hall.subscribe(&mut viewer, track, Kind::Video, 1000 + 2 * n);
            sender
        })
        .collect();
    for ms in 0..3_000 {
        for sender in &senders {
            let mut packet = Rtp::picture(20, ms, "1", ms == 0);
            packet.payload.resize(1000, 7);
            hall.send(sender, &packet);
        }
        hall.pass(MS);
    }
    hall.pass(20 * MS);
    assert_eq!(hall.came(&mut viewer).media.len(), 30_000, "80 Mb/s");
}

#[test]
fn a_flood_of_key_frame_requests_reaches_the_sender_twice_a_second() {
    let mut hall = Hall::new();
    let (mut sender, mut viewer) = (hall.enter(), hall.enter());
    let track = hall.publish(&mut sender, "1", Kind::Video, &[]);
    hall.subscribe(&mut viewer, track, Kind::Video, 1000);
    hall.send(&sender, &Rtp::picture(20, 0, "1", true));
    let mut asked: Vec<(u32, u64)> = Vec::new();
    for n in 1..=3000_u64 {
        if n % 33 == 0 {
            let answers = asked.last().is_some_and(|(_, at)| n - at < 33);
            hall.send(&sender, &Rtp::picture(20, n / 33, "1", answers));
        }
        hall.report(&mut viewer, |out| rtcp::write_pli(out, 1, 1000));
        hall.pass(MS);
        for ssrc in hall.came(&mut sender).key_requests() {
            asked.push((ssrc, n));
        }
        hall.post.0.clear();
    }
    assert!(asked.iter().all(|(ssrc, _)| *ssrc == 20));
    assert!((5..=7).contains(&asked.len()), "{asked:?}");
    assert!(asked.windows(2).all(|w| w[1].1 - w[0].1 >= 499), "{asked:?}");
}

#[test]
fn a_request_for_somebody_elses_stream_is_none() {
    let mut hall = Hall::new();
    let (mut sender, mut viewer, mut other) = (hall.enter(), hall.enter(), hall.enter());
    let track = hall.publish(&mut sender, "1", Kind::Video, &[]);
    hall.subscribe(&mut viewer, track, Kind::Video, 1000);
    hall.send(&sender, &Rtp::picture(20, 0, "1", true));
    hall.pass(2000 * MS);
    hall.came(&mut sender);
    hall.report(&mut other, |out| {
        rtcp::write_pli(out, 1, 1000);
        rtcp::write_pli(out, 1, 20);
        rtcp::write_bye(out, 20);
        rtcp::write_bye(out, 1000);
    });
    hall.pass(100 * MS);
    assert_eq!(hall.came(&mut sender).key_requests(), [0; 0]);
    hall.send(&other, &Rtp::picture(20, 1, "1", true));
    hall.came(&mut viewer);
    hall.send(&sender, &Rtp::picture(20, 1, "1", false));
    assert_eq!(hall.came(&mut viewer).media.len(), 1, "one who uses another's number changes nothing");
}

#[test]
fn ten_thousand_streams_of_one_connection_are_128_and_the_voice_goes_on() {
    let mut hall = Hall::new();
    let (speaker, mut listener) = hall.speaker_and_listener();
    hall.send(&speaker, &Rtp::voice(10, 0, "0"));
    for ssrc in 0..10_000 {
        // Neither of a section nor of a known kind; and some that say they are the voice's section.
        let mut packet = Rtp::voice(10_000 + ssrc, 0, "9");
        if ssrc % 2 == 0 {
            packet.pt = 33;
        }
        hall.now += MS;
        hall.shard.handle_datagram(hall.now, speaker.addr, &mut packet.seal(&speaker.tx));
    }
    hall.settle();
    let conn = &hall.shard.conns[0];
    assert!(conn.keys.as_ref().expect("keys").0.sources().count() <= 128);
    assert_eq!(conn.streams.len(), 1);
    hall.send(&speaker, &Rtp::voice(10, 1, "0"));
    assert_eq!(hall.numbers(&mut listener).len(), 2);
}

#[test]
fn a_sender_may_start_over_as_often_as_it_likes() {
    let mut hall = Hall::new();
    let (mut sender, mut viewer) = (hall.enter(), hall.enter());
    let track = hall.publish(&mut sender, "1", Kind::Video, &[]);
    hall.subscribe(&mut viewer, track, Kind::Video, 1000);
    for round in 0..300_u32 {
        let key = Rtp::picture(20_000 + 2 * round, 0, "1", true);
        hall.send(&sender, &key);
        // A repair stream each time, as a probe for bandwidth makes one.
        hall.send(&sender, &key.again(20_001 + 2 * round, 5));
        hall.pass(40 * MS);
        assert_eq!(hall.came(&mut viewer).media.len(), 1, "round {round}");
    }
    assert!(hall.shard.conns[0].streams.len() <= 2, "{}", hall.shard.conns[0].streams.len());
}

#[test]
fn numbers_and_times_that_leap_are_followed() {
    let mut hall = Hall::new();
    let (speaker, mut listener) = hall.speaker_and_listener();
    let mut seq = 100;
    for n in 0..200_u64 {
        seq += [1, 1, 1, 20_000, 1, 300][n as usize % 6];
        let timestamp = (n as u32).wrapping_mul(0x3000_0000);
        hall.send(&speaker, &Rtp { seq, timestamp, ..Rtp::voice(10, n, "0") });
        hall.pass(20 * MS);
    }
    assert_eq!(hall.numbers(&mut listener).len(), 200);
}

#[test]
fn reports_of_ever_new_senders_are_heard_and_not_remembered_for_ever() {
    let mut hall = Hall::new();
    let (mut sender, mut viewer) = (hall.enter(), hall.enter());
    let track = hall.publish(&mut sender, "1", Kind::Video, &[]);
    hall.subscribe(&mut viewer, track, Kind::Video, 1000);
    hall.send(&sender, &Rtp::picture(20, 0, "1", true));
    let sent = hall.came(&mut viewer).media[0].seq as u16;
    // Pion's interceptors report under a random number for each stream, and forget it with the stream.
    for n in 0..3000 {
        hall.report(&mut viewer, |out| rtcp::write_receiver_reports(out, 5000 + n, &[]));
    }
    hall.report(&mut viewer, |out| rtcp::write_nack(out, 9000, 1000, &[sent]));
    assert_eq!((hall.shard.stats().resent, hall.shard.stats().media_refused), (1, 0));
    assert!(
        hall.shard.conns.entries().all(|(_, conn)| conn.keys.as_ref().is_none_or(|(rx, _)| rx.remembered() < 1500))
    );
}

#[test]
fn who_floods_is_taken_what_one_may_send_and_nobody_else_notices() {
    let mut hall = Hall::new();
    let (flooder, _) = hall.speaker_and_listener();
    let (speaker, mut listener) = (hall.enter(), hall.enter());
    let (mut speaker, limit) = (speaker, UplinkLimit::default());
    let track = hall.publish(&mut speaker, "0", Kind::Audio, &[]);
    hall.subscribe(&mut listener, track, Kind::Audio, 1000);
    // Three seconds of 20,000 packets, and what was said before it may say again.
    for n in 0..60_000_u64 {
        hall.now += 50 * Duration::from_micros(1);
        hall.shard.handle_datagram(hall.now, flooder.addr, &mut Rtp::voice(10, n, "0").seal(&flooder.tx));
        if n % 400 == 0 {
            hall.send(&speaker, &Rtp::voice(30, n / 400, "0"));
        }
    }
    hall.settle();
    let stats = hall.shard.stats();
    assert_eq!(stats.media_in + stats.uplink_policed, 60_150);
    assert!((3 * limit.packets..=4 * limit.packets + 150).contains(&stats.media_in), "{stats:?}");
    assert_eq!(hall.numbers(&mut listener).len(), 150, "the other one is heard");
    let told = hall.events.iter().filter(|e| matches!(e, ShardEvent::Policed { conn } if *conn == flooder.conn));
    assert_eq!(told.count(), 1, "once, not for each packet");
}

#[test]
fn noise_under_anothers_address_takes_nothing_of_what_that_one_may_send() {
    let mut hall = Hall::new();
    let (speaker, mut listener) = hall.speaker_and_listener();
    for n in 0..50_000_u64 {
        hall.shard.handle_datagram(hall.now, speaker.addr, &mut Rtp::voice(10, n, "0").seal(&listener.tx));
    }
    hall.send(&speaker, &Rtp::voice(10, 1, "0"));
    assert_eq!((hall.shard.stats().uplink_policed, hall.numbers(&mut listener).len()), (0, 1));
}

/// One of the things that a liar says of what it was sent: all came at once, before it left, long after, or backwards.
fn lie(n: u64, out: &mut Vec<u8>) {
    let mut recorder = twcc::Recorder::default();
    for seq in n.saturating_sub(200)..n + 200 {
        let micros = [0, 1, 1 << 40, 1_000_000_000 - 250 * seq as i64][n as usize % 4];
        recorder.arrived(seq as u16, micros);
    }
    recorder.write(out, 1, 1000);
    let everything: Vec<u16> = (0..250).map(|back| (n as u16).wrapping_sub(back)).collect();
    rtcp::write_nack(out, 1, 1000, &everything);
    rtcp::write_pli(out, 1, 1000);
    for (exponent, mantissa) in [(0_u32, 0_u32), (46, 0x3_ffff)] {
        // REMB of nothing, and of all that it can say.
        out.extend([0x8f, 206, 0, 5, 0, 0, 0, 1, 0, 0, 0, 0]);
        out.extend(b"REMB");
        out.extend((1 << 24 | exponent << 18 | mantissa).to_be_bytes());
        out.extend(1000_u32.to_be_bytes());
    }
}

#[test]
fn a_receiver_that_lies_of_what_it_gets_is_sent_little_more_than_twice_that_and_nobody_else_less() {
    let mut hall = Hall::new();
    let (mut sender, mut liar, mut other) = (hall.enter(), hall.enter(), hall.enter());
    liar.tells_arrivals = true;
    let track = hall.publish(&mut sender, "1", Kind::Video, &[]);
    hall.subscribe(&mut liar, track, Kind::Video, 1000);
    hall.subscribe(&mut other, track, Kind::Video, 2000);
    let (mut to_liar, mut to_other) = (0, 0);
    for n in 0..1800 {
        hall.send(&sender, &Rtp::picture(20, n, "1", n % 60 == 0));
        hall.pass(33 * MS);
        hall.report(&mut liar, |out| lie(n, out));
        to_liar += hall.came(&mut liar).media.iter().map(|p| p.payload.len()).sum::<usize>();
        to_other += hall.came(&mut other).media.len();
        hall.post.0.clear();
    }
    assert_eq!(to_other, 1800);
    assert!(to_liar < 1800 * 400 * 23 / 10, "{to_liar} bytes of {} in a minute", 1800 * 400);
}
