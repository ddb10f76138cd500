//! A camera in two codecs, because one of those who watch lacks the first.

use super::*;

const KEY: [u8; 9] = [0x78, 0, 2, 0x67, 1, 0, 2, 0x68, 2];
const DELTA: [u8; 2] = [0x41, 1];

/// A camera in H.264 (stream 20) that can be had in VP8 (stream 30), and two who watch: one has both codecs, one VP8 alone.
struct Stage {
    hall: Hall,
    sender: Guest,
    able: Guest,
    lacking: Guest,
    track: Handle,
    picture: u64,
}

impl Stage {
    fn new() -> Self {
        let mut hall = Hall::new();
        let (mut sender, mut able, mut lacking) = (hall.enter(), hall.enter(), hall.enter());
        for (mid, codec) in [("1", Codec::H264_DEFAULT), ("2", Codec::Vp8)] {
            let mut section = Section { recv: true, ..section(mid, Kind::Video) };
            section.codecs.retain(|c| c.codec == codec);
            sender.sections.push(section);
        }
        hall.negotiate(&sender);
        let track = hall.publish_again(&sender, "1", Kind::Video);
        hall.subscribe(&mut able, track, Kind::Video, 1000);
        hall.subscribe(&mut lacking, track, Kind::Video, 1000);
        lacking.sections[0].codecs.retain(|c| c.codec == Codec::Vp8);
        hall.negotiate(&lacking);
        Self { hall, sender, able, lacking, track, picture: 0 }
    }

    fn backs_up(&mut self, regresses: bool) {
        let mid = Short::new("2").expect("a mid");
        self.hall.command(Command::PublishBackup { track: self.track, mid, regresses });
    }

    /// A third of a second of pictures, in the codecs that are sent: what came to each, as (payload type, number).
    fn films(&mut self, first: bool, backup: bool) -> [Vec<(u8, u64)>; 2] {
        for n in self.picture..self.picture + 10 {
            let key = n.is_multiple_of(10);
            if first {
                let unit = if key { &KEY[..] } else { &DELTA };
                self.hall.send(&self.sender, &Rtp::h264(20, 100 + n, n as u32, unit, true));
            }
            if backup {
                self.hall.send(&self.sender, &Rtp::picture(30, n, "2", key));
            }
            self.hall.pass(33 * MS);
        }
        self.picture += 10;
        let [able, lacking] = [&mut self.able, &mut self.lacking].map(|guest| self.hall.came(guest).media);
        [able, lacking].map(|came| came.iter().map(|p| (p.pt, p.seq)).collect())
    }
}

fn codecs(came: &[(u8, u64)]) -> Vec<u8> {
    let mut codecs: Vec<u8> = came.iter().map(|(pt, _)| *pt).collect();
    codecs.dedup();
    codecs
}

#[test]
fn who_lacks_the_first_codec_sees_nothing_until_the_other_comes_and_asks_for_no_key_frames_in_vain() {
    let mut stage = Stage::new();
    let [able, lacking] = stage.films(true, false);
    assert_eq!((codecs(&able), codecs(&lacking)), (vec![H264], vec![]));
    stage.hall.came(&mut stage.sender);
    stage.films(true, false);
    assert_eq!(stage.hall.came(&mut stage.sender).key_requests(), Vec::<u32>::new());
    stage.backs_up(false);
    let [able, lacking] = stage.films(true, true);
    assert_eq!((codecs(&able), codecs(&lacking)), (vec![H264], vec![VP8]), "each what it can");
}

#[test]
fn all_go_over_to_the_backup_without_a_gap_and_back_when_it_ends() {
    let mut stage = Stage::new();
    stage.films(true, false);
    stage.backs_up(true);
    let mut able = Vec::new();
    for (first, backup) in [(true, true), (false, true), (false, true)] {
        able.extend(stage.films(first, backup)[0].iter());
    }
    assert_eq!(codecs(&able), [H264, VP8]);
    let [back, lacking]: [Vec<_>; 2] = {
        let mut came = [Vec::new(), Vec::new()];
        for _ in 0..6 {
            for (all, some) in came.iter_mut().zip(stage.films(true, false)) {
                all.extend(some);
            }
        }
        came
    };
    assert_eq!((codecs(&back), codecs(&lacking)), (vec![H264], vec![]), "it comes no more, so the first does");
    able.extend(back);
    assert!(able.windows(2).all(|w| w[1].1 == w[0].1 + 1), "and nobody sees a hole: {able:?}");
}

#[test]
fn a_backup_that_is_taken_away_leaves_the_first_and_may_come_anew() {
    let mut stage = Stage::new();
    stage.backs_up(true);
    stage.films(true, true);
    stage.hall.command(Command::DropBackup { track: stage.track });
    let [able, lacking] = stage.films(true, true);
    assert_eq!((codecs(&able), codecs(&lacking)), (vec![H264], vec![]), "what still comes of it is nobody's");
    stage.backs_up(true);
    stage.films(true, true);
    let [able, lacking] = stage.films(true, true);
    assert_eq!((codecs(&able).last(), codecs(&lacking)), (Some(&VP8), vec![VP8]));
}
