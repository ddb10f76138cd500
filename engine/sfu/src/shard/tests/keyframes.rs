//! Where a decoder begins, when a layer is switched, and when a sender is asked for a key frame.

use super::*;

/// What libwebrtc sends of a key frame: the parameter sets, then the picture in pieces.
const SETS: [u8; 9] = [0x78, 0, 2, 0x67, 1, 0, 2, 0x68, 2];
const BEGIN: [u8; 2] = [0x7c, 0x85];
const END: [u8; 2] = [0x7c, 0x45];
const DELTA: [u8; 2] = [0x41, 1];

/// A camera and one who sees it as stream 1000.
struct Stage {
    hall: Hall,
    sender: Guest,
    viewer: Guest,
    track: Handle,
    sub: Handle,
}

impl Stage {
    fn new(rids: &[&str]) -> Self {
        let mut hall = Hall::new();
        let (mut sender, mut viewer) = (hall.enter(), hall.enter());
        let track = hall.publish(&mut sender, "1", Kind::Video, rids);
        let sub = hall.subscribe(&mut viewer, track, Kind::Video, 1000);
        Self { hall, sender, viewer, track, sub }
    }

    fn send(&mut self, packet: &Rtp) {
        self.hall.send(&self.sender, packet);
    }

    fn wants(&mut self, max_layer: u8) {
        self.hall
            .command(Command::Configure { sub: self.sub, wish: Wish { enabled: true, max_layer, ..Wish::default() } });
    }

    fn seen(&mut self) -> Vec<Rtp> {
        self.hall.came(&mut self.viewer).media
    }

    fn begs(&mut self) {
        self.hall.report(&mut self.viewer, |out| rtcp::write_pli(out, 1, 1000));
    }

    fn requests(&mut self) -> usize {
        self.hall.came(&mut self.sender).key_requests().len()
    }
}

/// A packet of a picture: `part` of `of`, alike in all layers and told apart by its last byte.
fn piece(layer: u8, seq: u64, picture: u64, part: u64, of: u64, key: bool) -> Rtp {
    let mut packet = Rtp::picture(20 + u32::from(layer), picture, "1", key).layer(["q", "h", "f"][usize::from(layer)]);
    if part > 0 {
        packet.payload[0] = 0x80; // goes on with a picture
        packet.payload[6..10].fill(7);
    }
    packet.payload[399] = layer;
    Rtp { seq, marker: part + 1 == of, ..packet }
}

#[test]
fn whoever_comes_amid_a_key_frame_of_h264_begins_with_its_parameter_sets() {
    let mut stage = Stage::new(&[]);
    for (seq, unit) in [(100, &SETS[..]), (101, &BEGIN[..]), (102, &END[..])] {
        stage.send(&Rtp::h264(20, seq, 1, unit, seq == 102));
    }
    let mut late = stage.hall.enter();
    stage.hall.subscribe(&mut late, stage.track, Kind::Video, 3000);
    let seen = stage.hall.came(&mut late).media;
    assert_eq!(seen.len(), 3);
    assert_eq!(seen[0].payload[..SETS.len()], SETS);
}

#[test]
fn lost_parameter_sets_are_asked_for_again_and_the_picture_begins_with_them() {
    let mut stage = Stage::new(&[]);
    stage.send(&Rtp::h264(20, 100, 1, &DELTA, true));
    stage.send(&Rtp::h264(20, 102, 2, &BEGIN, false));
    stage.send(&Rtp::h264(20, 103, 2, &END, true));
    stage.hall.pass(10 * MS);
    assert_eq!(stage.hall.came(&mut stage.sender).asked(), [(20, 101)]);
    assert_eq!(stage.seen().len(), 0, "no decoder could begin with these");
    stage.send(&Rtp::h264(20, 101, 2, &SETS, false).again(21, 1));
    let seen = stage.seen();
    assert_eq!((seen.len(), &seen[0].payload[..2]), (3, &SETS[..2]));
}

#[test]
fn a_key_frame_of_h264_without_parameter_sets_is_sent_with_those_that_came_before() {
    let mut stage = Stage::new(&[]);
    let packet = |seq, picture, unit: &[u8]| Rtp::h264(20, seq, picture, unit, unit == END || unit == DELTA);
    for (seq, picture, unit) in [(100, 1, &SETS[..]), (101, 1, &BEGIN), (102, 1, &END), (103, 2, &DELTA)] {
        stage.send(&packet(seq, picture, unit));
    }
    stage.hall.pass(2000 * MS);
    let mut late = stage.hall.enter();
    stage.hall.subscribe(&mut late, stage.track, Kind::Video, 3000);
    for (seq, picture, unit) in [(104, 3, &[0x09, 0x10]), (105, 3, &BEGIN), (106, 3, &END), (108, 5, &DELTA)] {
        stage.send(&packet(seq, picture, unit));
    }
    let seen = stage.hall.came(&mut late).media;
    assert_eq!(seen[..3].iter().map(|p| p.payload[0]).collect::<Vec<_>>(), [0x78, 0x7c, 0x7c]);
    assert_eq!((&seen[0].payload[..], seen[0].timestamp), (&SETS[..], seen[1].timestamp));
    stage.hall.pass(50 * MS);
    assert_eq!(stage.hall.came(&mut stage.sender).asked(), [(20, 107)], "by the numbers of its sender");
    stage.send(&packet(107, 4, &DELTA).again(21, 1));
    let mut numbers: Vec<u64> = stage.seen().iter().map(|p| p.seq).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (numbers[0]..numbers[0] + 10).collect::<Vec<_>>());
}

#[test]
fn a_layer_of_h264_that_comes_back_amid_a_picture_is_begun_with_its_parameter_sets() {
    let mut stage = Stage::new(&["q", "f"]);
    let q = |seq, picture, unit: &[u8], marker| Rtp::h264(20, seq, picture, unit, marker).layer("q");
    let f = |seq, unit: &[u8], marker| Rtp::h264(22, seq, 2, unit, marker).layer("f");
    stage.send(&q(100, 1, &SETS, false));
    stage.send(&q(101, 1, &[0x65, 1], true));
    // The large layer's key frame comes between two packets of the small one's picture.
    stage.send(&q(102, 2, &[0x5c, 0x81], false));
    stage.send(&f(500, &SETS, false));
    stage.send(&f(501, &BEGIN, false));
    stage.send(&q(103, 2, &[0x5c, 0x41], true));
    stage.send(&f(502, &END, true));
    let seen = stage.seen();
    let begins = seen.iter().skip(2).position(|p| p.payload[..SETS.len()] == SETS).expect("the large layer") + 2;
    assert_eq!((begins, seen.len()), (4, 7), "behind the small picture, and whole");
}

#[test]
fn parameter_sets_in_packets_of_their_own_are_one_beginning() {
    let mut stage = Stage::new(&[]);
    for (seq, unit) in [(100, &[0x67, 1]), (101, &[0x67, 2]), (102, &[0x68, 1]), (103, &[0x65, 1])] {
        stage.send(&Rtp::h264(20, seq, 1, unit, seq == 103));
    }
    let mut late = stage.hall.enter();
    stage.hall.subscribe(&mut late, stage.track, Kind::Video, 3000);
    assert_eq!(stage.hall.came(&mut late).media.len(), 4);
}

#[test]
fn a_request_that_comes_too_soon_after_another_is_made_later() {
    let mut stage = Stage::new(&[]);
    stage.send(&Rtp::picture(20, 0, "1", true));
    stage.begs();
    stage.hall.pass(20 * MS);
    assert_eq!(stage.requests(), 1);
    stage.send(&Rtp::picture(20, 1, "1", true));
    // That one didn't arrive, say.
    stage.hall.pass(80 * MS);
    stage.begs();
    for n in 2..8 {
        stage.send(&Rtp::picture(20, n, "1", false));
        stage.hall.pass(50 * MS);
    }
    assert_eq!(stage.requests(), 0, "not yet");
    stage.hall.pass(200 * MS);
    assert_eq!(stage.requests(), 1);
    stage.send(&Rtp::picture(20, 8, "1", true));
    stage.hall.pass(3000 * MS);
    assert_eq!(stage.requests(), 0, "once for each");
}

#[test]
fn a_request_that_nothing_answers_is_made_again() {
    let mut stage = Stage::new(&[]);
    stage.send(&Rtp::picture(20, 0, "1", true));
    stage.begs();
    let mut asked = Vec::new();
    for n in 1..60 {
        stage.send(&Rtp::picture(20, n, "1", false));
        stage.hall.pass(50 * MS);
        asked.extend((0..stage.requests()).map(|_| n * 50));
    }
    assert_eq!(asked.len(), 4, "and not for ever: {asked:?}");
    assert!(asked.windows(2).all(|w| (200..=300).contains(&(w[1] - w[0]))), "{asked:?}");
}

#[test]
fn a_request_that_a_key_frame_has_answered_meanwhile_is_not_made() {
    let mut stage = Stage::new(&[]);
    stage.send(&Rtp::picture(20, 0, "1", true));
    stage.begs();
    stage.hall.pass(100 * MS);
    stage.begs();
    stage.send(&Rtp::picture(20, 1, "1", true));
    stage.hall.pass(3000 * MS);
    assert_eq!(stage.requests(), 1);
}

/// The small layer is seen, the large one is wanted from now on.
fn looking_up() -> Stage {
    let mut stage = Stage::new(&["q", "h", "f"]);
    stage.wants(0);
    stage.send(&piece(0, 100, 0, 0, 1, true));
    stage.send(&piece(2, 500, 0, 0, 1, false));
    stage.hall.pass(600 * MS);
    stage.seen();
    stage.wants(2);
    stage.hall.pass(20 * MS);
    assert_eq!(stage.requests(), 1);
    stage
}

#[test]
fn a_switch_is_made_however_much_of_the_key_frame_has_come_when_the_picture_before_it_ends() {
    let mut stage = looking_up();
    stage.send(&piece(0, 101, 1, 0, 2, false));
    for part in 0..200 {
        stage.send(&piece(2, 501 + part, 1, part, 200, true));
    }
    stage.send(&piece(0, 102, 1, 1, 2, false));
    stage.hall.pass(20 * MS); // no socket holds as much at once
    let seen = stage.seen();
    assert_eq!(seen.iter().filter(|p| p.payload[399] == 2).count(), 200);
    assert!(seen.windows(2).all(|w| w[1].seq == w[0].seq + 1));
    stage.hall.pass(2000 * MS);
    assert_eq!(stage.requests(), 0, "and asked for no more");
}

#[test]
fn a_switch_does_not_wait_for_the_end_of_a_picture_that_was_lost() {
    let mut stage = looking_up();
    stage.send(&piece(0, 101, 1, 0, 2, false));
    for part in 0..100 {
        stage.send(&piece(2, 501 + part, 1, part, 200, true));
        stage.hall.pass(MS / 4);
    }
    // The end of the small picture doesn't come; the next one does.
    stage.send(&piece(0, 103, 2, 0, 2, false));
    for part in 100..200 {
        stage.send(&piece(2, 501 + part, 1, part, 200, true));
    }
    stage.hall.pass(20 * MS);
    let seen = stage.seen();
    let large = seen.iter().position(|p| p.payload[399] == 2).expect("the large layer");
    assert_eq!((large, seen.len()), (1, 201));
    assert_eq!(seen[1].seq, seen[0].seq + 2, "with a hole for the end that is missing");
    stage.hall.pass(2000 * MS);
    assert_eq!(stage.requests(), 0, "and asked for no more");
}
