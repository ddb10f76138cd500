//! Parts of a stream: temporal layers, and spatial ones where they come in one stream.

use super::*;

const VP9: u8 = 98;
const AV1: u8 = 45;
const DEPENDENCY: u8 = 8;
/// What an encoder of two sizes and two picture rates says with its key frame: templates (0,0) key, (0,0), (0,1), (1,0) key,
/// (1,0), (1,1); decode targets (0,0), (0,1), (1,0), (1,1).
const STRUCTURE: [u8; 26] = [
    0xc0, 0x00, 0x06, 0x80, 0x03, 0x18, 0x7a, 0xaa, 0xf1, 0x30, 0xa0, 0xa0, 0x14, 0xd1, 0x41, 0x38, 0x23, 0x01, 0x01,
    0x3f, 0x00, 0xb3, 0x02, 0x7f, 0x01, 0x67,
];

/// A camera in one stream, and one who sees it as stream 1000.
struct Stage {
    hall: Hall,
    sender: Guest,
    viewer: Guest,
    sub: Handle,
    picture: u64,
    packet: u64,
}

impl Stage {
    fn new(codec: Codec, pt: u8) -> Self {
        let mut hall = Hall::new();
        let (mut sender, mut viewer) = (hall.enter(), hall.enter());
        let layered = |section: &mut Section| {
            section.codecs = vec![PayloadType { pt, codec, clock_rate: 90_000, rtx: Some(RTX) }];
            section.exts.dependency = Some(DEPENDENCY);
        };
        let mut camera = Section { recv: true, ..section("1", Kind::Video) };
        layered(&mut camera);
        sender.sections.push(camera);
        hall.negotiate(&sender);
        let track = hall.publish_again(&sender, "1", Kind::Video);
        let sub = hall.subscribe(&mut viewer, track, Kind::Video, 1000);
        layered(&mut viewer.sections[0]);
        hall.negotiate(&viewer);
        Self { hall, sender, viewer, sub, picture: 0, packet: 0 }
    }

    fn wants(&mut self, max_layer: u8, fps: u32) {
        let wish = Wish { max_layer, fps, ..Wish::default() };
        self.hall.command(Command::Configure { sub: self.sub, wish });
    }

    /// Sends pictures, each as the packets that `film` makes of its number, and a key frame where it is asked for one.
    fn film(&mut self, pictures: u64, film: impl Fn(u64, bool) -> Vec<Rtp>) -> Vec<Rtp> {
        let mut seen = Vec::new();
        for _ in 0..pictures {
            let key = self.picture == 0 || !self.hall.came(&mut self.sender).key_requests().is_empty();
            for packet in film(self.picture, key) {
                self.hall.send(&self.sender, &Rtp { seq: 100 + self.packet, ..packet });
                self.packet += 1;
            }
            self.picture += 1;
            self.hall.pass(Duration::from_micros(33_333));
            seen.extend(self.hall.came(&mut self.viewer).media);
        }
        seen
    }
}

/// One packet of VP8 in three temporal layers as libwebrtc sends them: 0 2 1 2.
fn vp8(n: u64, key: bool) -> Vec<Rtp> {
    let mut packet = Rtp::picture(20, n, "1", key);
    let temporal = if key { 0 } else { [0, 2, 1, 2][n as usize % 4] };
    packet.payload[1] = 0xe0;
    packet.payload[5] = temporal << 6 | u8::from(matches!(n % 4, 1 | 2)) << 5;
    packet.payload[399] = temporal;
    vec![packet]
}

/// Three packets of VP9, a spatial layer each; the largest is nine times the smallest.
fn vp9(n: u64, key: bool) -> Vec<Rtp> {
    let layer = |spatial: u8| {
        let begins = 0x2c | if key { 0 } else { 0x40 } | if key && spatial == 0 { 2 } else { 0 };
        let mut payload = vec![begins, spatial << 1 | u8::from(spatial > 0), n as u8];
        if key && spatial == 0 {
            payload.push(0x40); // three of them
        }
        payload.resize(100 * 3_usize.pow(spatial.into()), spatial);
        let extensions = vec![(MID, b"1".to_vec())];
        Rtp { ssrc: 20, seq: 0, timestamp: 3000 * n as u32, pt: VP9, marker: spatial == 2, extensions, payload }
    };
    (0..3).map(layer).collect()
}

/// Two frames of AV1, a spatial layer each, every other picture in the upper temporal layer.
fn av1(n: u64, key: bool) -> Vec<Rtp> {
    let frame = |spatial: u8| {
        let upper = n % 2 == 1 && !key;
        let template = 3 * spatial + if key { 0 } else { 1 + u8::from(upper) };
        let [high, low] = (2 * n as u16 + u16::from(spatial)).to_be_bytes();
        let mut descriptor = vec![0xc0 | template, high, low];
        if key && spatial == 0 {
            descriptor = STRUCTURE.to_vec();
            (descriptor[0], descriptor[1], descriptor[2]) = (0xc0, high, low);
        }
        let mut payload = vec![if key && spatial == 0 { 0x18 } else { 0x10 }];
        payload.resize(100 * 3_usize.pow(spatial.into()), spatial);
        let extensions = vec![(MID, b"1".to_vec()), (DEPENDENCY, descriptor)];
        Rtp { ssrc: 20, seq: 0, timestamp: 3000 * n as u32, pt: AV1, marker: spatial == 1, extensions, payload }
    };
    (0..2).map(frame).collect()
}

/// Nothing is missing, and each picture ends.
fn whole(seen: &[Rtp]) {
    for pair in seen.windows(2) {
        assert_eq!(pair[1].seq, pair[0].seq + 1, "{pair:?}");
        assert_eq!(pair[0].marker, pair[0].timestamp != pair[1].timestamp, "{pair:?}");
    }
}

fn last_bytes(seen: &[Rtp]) -> Vec<u8> {
    let mut bytes: Vec<u8> = seen.iter().map(|p| p.payload[p.payload.len() - 1]).collect();
    bytes.sort_unstable();
    bytes.dedup();
    bytes
}

#[test]
fn who_asks_for_fewer_pictures_gets_a_lower_temporal_layer_without_a_hole() {
    let mut stage = Stage::new(Codec::Vp8, VP8);
    let mut seen = stage.film(60, vp8);
    assert_eq!(last_bytes(&seen), [0, 1, 2]);
    for (fps, layers, pictures) in [(15, &[0, 1][..], 29..=31), (5, &[0], 14..=16), (0, &[0, 1, 2], 57..=60)] {
        stage.wants(2, fps);
        seen.extend(stage.film(4, vp8));
        let came = stage.film(60, vp8);
        assert_eq!(last_bytes(&came), layers, "{fps}");
        assert!(pictures.contains(&came.len()), "{} at {fps}", came.len());
        seen.extend(came);
    }
    whole(&seen);
    assert!(seen.windows(2).all(|w| w[1].picture_id() == (w[0].picture_id() + 1) & 0x7fff), "nor among picture ids");
    assert!(stage.hall.came(&mut stage.sender).key_requests().is_empty());
}

#[test]
fn what_is_asked_for_again_is_found_behind_what_was_left_out() {
    let mut stage = Stage::new(Codec::Vp8, VP8);
    stage.film(60, vp8);
    stage.wants(2, 15);
    let seen = stage.film(40, vp8);
    let lost = seen[12].clone();
    stage.hall.report(&mut stage.viewer, |out| rtcp::write_nack(out, 1, 1000, &[lost.seq as u16]));
    let again = stage.hall.came(&mut stage.viewer).media;
    assert_eq!((again.len(), &again[0].payload[2..]), (1, &lost.payload[..]));
}

#[test]
fn a_thumbnail_is_sent_the_smallest_picture_of_a_layered_stream() {
    for (codec, pt, film, largest) in
        [(Codec::Vp9, VP9, vp9 as fn(u64, bool) -> Vec<Rtp>, 2), (Codec::Av1, AV1, av1 as fn(u64, bool) -> Vec<Rtp>, 1)]
    {
        let mut stage = Stage::new(codec, pt);
        stage.wants(0, 0);
        let mut seen = stage.film(60, film);
        assert_eq!((last_bytes(&seen), seen.len()), (vec![0], 60), "{codec:?}");
        stage.hall.came(&mut stage.sender);
        stage.wants(largest, 0);
        stage.film(30, film).iter().for_each(|p| seen.push(p.clone()));
        let large = stage.film(30, film);
        assert_eq!(last_bytes(&large), (0..=largest).collect::<Vec<_>>(), "{codec:?}");
        seen.extend(large);
        stage.wants(0, 0);
        seen.extend(stage.film(3, film));
        let small = stage.film(30, film);
        assert_eq!((last_bytes(&small), small.len()), (vec![0], 30), "{codec:?}");
        seen.extend(small);
        whole(&seen);
    }
}

#[test]
fn a_receiver_is_told_which_decode_targets_it_is_sent() {
    let mut stage = Stage::new(Codec::Av1, AV1);
    stage.wants(0, 0);
    let seen = stage.film(30, av1);
    let descriptor = |p: &Rtp| p.extensions.iter().find(|(id, _)| *id == DEPENDENCY).map(|(_, d)| d.clone());
    let mut structure = folkmoot_wire::dependency::Structure::default();
    for packet in &seen {
        let frame = structure.read(&descriptor(packet).expect("it is passed on")).expect("and can be read");
        assert_eq!((frame.spatial, structure.active()), (0, 0b0011));
    }
}

#[test]
fn a_narrow_path_is_sent_fewer_pictures_before_none() {
    let mut stage = Stage::new(Codec::Vp8, VP8);
    let large = |n, key| {
        let mut packets = vp8(n, key);
        packets[0].payload.resize(1100, 7);
        packets
    };
    stage.film(60, large); // 264 kb/s
    for _ in 0..30 {
        stage.hall.report(&mut stage.viewer, |out| super::narrow::write_remb(out, 150_000));
        stage.film(6, large);
    }
    let seen = stage.film(30, large);
    assert!((7..=17).contains(&seen.len()), "{}", seen.len());
    whole(&seen);
    let paused = |e: &ShardEvent| matches!(e, ShardEvent::Paused { .. });
    assert!(!stage.hall.events.iter().any(paused), "it stands still at no time");
}
