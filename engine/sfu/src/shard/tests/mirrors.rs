//! A room on two shards: a track comes in on one and goes out on the other.

use folkmoot_peer::ControlEvent;

use super::*;
use crate::command::{Crossing, Mirrored, Word};

/// Two shards of one room, and what is between them.
struct Halls {
    home: Hall,
    there: Hall,
    /// What crosses is lost.
    cut: bool,
}

fn mirrored() -> Mirrored {
    Mirrored { home: 0, sid: "PA_1".into(), kind: Kind::Video, source: Source::Camera, muted: false, replays: true }
}

impl Halls {
    fn new() -> Self {
        let [home, mut there] = [0, 1].map(|number| {
            let mut hall = Hall::new();
            hall.shard =
                Shard::new(ShardConfig { number, shards: 2, ..ShardConfig::alone(IDENTITY.clone()) }, hall.now);
            hall.command(Command::OpenRoom { room: 1 });
            hall.command(Command::Spread { room: 1, shards: vec![1 - number] });
            hall
        });
        // One clock, and no handle twice.
        there.now = home.now;
        there.last = 1000;
        Self { home, there, cut: false }
    }

    /// Carries over what each has for the other.
    fn cross(&mut self) {
        let Self { home, there, cut } = self;
        for turn in 0..8 {
            let (from, to, number) =
                if turn % 2 == 0 { (&mut *home, &mut *there, 0) } else { (&mut *there, &mut *home, 1) };
            while let Some((_, word)) = from.shard.poll_word() {
                to.shard.handle_word(to.now, number, &word);
            }
            let mut packets: Vec<(Crossing, Vec<u8>)> = Vec::new();
            from.shard.cross(|_, packet, bytes| packets.push((packet, bytes.to_vec())));
            for (packet, bytes) in packets.iter().filter(|_| !*cut) {
                to.shard.handle_crossing(to.now, packet, bytes);
            }
            from.settle();
            to.settle();
        }
    }

    fn passes(&mut self, time: Duration) {
        self.home.pass(time);
        self.there.pass(time);
        self.cross();
        for hall in [&mut self.home, &mut self.there] {
            hall.shard.handle_timeout(hall.now);
            hall.settle();
        }
    }

    /// A camera on the first, and one on the second who is to see it as stream 1000.
    fn camera_and_viewer(&mut self) -> (Guest, Guest, Handle) {
        let (mut sender, mut viewer) = (self.home.enter(), self.there.enter());
        let track = self.home.publish(&mut sender, "1", Kind::Video, &[]);
        self.there.command(Command::Mirror { track, mirrored: mirrored() });
        self.home.command(Command::Send { track, shard: 1 });
        self.there.subscribe(&mut viewer, track, Kind::Video, 1000);
        self.cross();
        (sender, viewer, track)
    }

    fn send(&mut self, sender: &Guest, n: u64, key: bool) {
        self.home.send(sender, &Rtp::picture(20, n, "1", key));
        self.cross();
    }
}

fn key_requests(halls: &mut Halls, sender: &mut Guest) -> usize {
    halls.home.came(sender).key_requests().len()
}

#[test]
fn what_comes_in_on_one_shard_goes_out_on_the_other_as_if_it_had_come_in_there() {
    let mut halls = Halls::new();
    let (mut sender, mut viewer, _) = halls.camera_and_viewer();
    halls.send(&sender, 0, false);
    assert_eq!(halls.there.came(&mut viewer).media, [], "nobody can begin here");
    halls.passes(5 * MS);
    assert_eq!(key_requests(&mut halls, &mut sender), 1, "and so one is asked for, at home");
    halls.passes(100 * MS);
    for n in 1..5 {
        halls.send(&sender, n, n == 1);
    }
    let seen = halls.there.came(&mut viewer).media;
    assert_eq!(seen.iter().map(|p| p.payload[10..].to_vec()).collect::<Vec<_>>().len(), 4);
    assert!(seen.windows(2).all(|w| w[1].seq == w[0].seq + 1 && w[1].timestamp == w[0].timestamp + 3000));
    assert_eq!(halls.there.events.iter().filter(|e| matches!(e, ShardEvent::Subscribed { .. })).count(), 1);
    assert_eq!(halls.home.shard.stats().media_crossed, 5);
}

#[test]
fn who_comes_later_begins_with_what_the_others_have() {
    let mut halls = Halls::new();
    let (mut sender, mut viewer) = (halls.home.enter(), halls.there.enter());
    let track = halls.home.publish(&mut sender, "1", Kind::Video, &[]);
    (0..3).for_each(|n| halls.send(&sender, n, n == 0));
    halls.there.command(Command::Mirror { track, mirrored: mirrored() });
    halls.there.subscribe(&mut viewer, track, Kind::Video, 1000);
    halls.home.command(Command::Send { track, shard: 1 });
    halls.cross();
    assert_eq!(halls.there.came(&mut viewer).media.len(), 3);
    assert_eq!(key_requests(&mut halls, &mut sender), 0);
}

#[test]
fn who_comes_to_the_mirror_of_a_track_that_is_never_replayed_begins_with_what_comes() {
    let mut halls = Halls::new();
    let (mut sender, mut first, mut second) = (halls.home.enter(), halls.there.enter(), halls.there.enter());
    let track = halls.home.publish(&mut sender, "1", Kind::Video, &[]);
    halls.home.command(Command::NeverReplay { track });
    halls.send(&sender, 0, true);
    halls.home.pass(33 * MS);
    halls.there.pass(33 * MS);
    halls.there.command(Command::Mirror { track, mirrored: Mirrored { replays: false, ..mirrored() } });
    halls.home.command(Command::Send { track, shard: 1 });
    halls.there.subscribe(&mut first, track, Kind::Video, 1000);
    halls.cross();
    assert_eq!(halls.there.came(&mut first).media, [], "nor does the mirror begin with what was");
    halls.passes(300 * MS);
    (1..3).for_each(|n| halls.send(&sender, n, n == 1));
    assert_eq!(halls.there.came(&mut first).media.len(), 2);
    halls.passes(33 * MS);
    halls.there.subscribe(&mut second, track, Kind::Video, 2000);
    halls.passes(300 * MS);
    assert_eq!(halls.there.came(&mut second).media, []);
}

#[test]
fn what_a_mirror_begins_with_is_not_counted_as_what_its_layer_costs() {
    let mut halls = Halls::new();
    let (mut sender, mut viewer) = (halls.home.enter(), halls.there.enter());
    let track = halls.home.publish(&mut sender, "1", Kind::Video, &[]);
    for n in 0..20 {
        halls.send(&sender, n, n == 0);
        halls.passes(20 * MS);
    }
    halls.there.command(Command::Mirror { track, mirrored: mirrored() });
    halls.there.subscribe(&mut viewer, track, Kind::Video, 1000);
    halls.home.command(Command::Send { track, shard: 1 });
    halls.cross();
    assert_eq!(halls.there.came(&mut viewer).media.len(), 20);
    for n in 20..50 {
        halls.send(&sender, n, false);
        halls.passes(20 * MS);
    }
    let measured = |hall: &mut Hall| {
        let at = hall.shard.tracks.at(track).expect("a track");
        hall.shard.tracks[at].layers[0].rate.measured(hall.now).expect("measured")
    };
    let (home, there) = (measured(&mut halls.home), measured(&mut halls.there));
    assert!(there.abs_diff(home) < home / 10, "{there} for {home}");
}

#[test]
fn a_key_frame_that_came_is_not_asked_for_once_more_by_who_waits_for_the_end_of_a_picture() {
    let mut halls = Halls::new();
    let (mut sender, mut viewer, _) = halls.camera_and_viewer();
    halls.send(&sender, 0, false);
    halls.passes(5 * MS);
    assert_eq!(key_requests(&mut halls, &mut sender), 1);
    // Told again and again while it is on its way.
    (0..8).for_each(|_| halls.passes(50 * MS));
    assert_eq!(key_requests(&mut halls, &mut sender), 1, "it may have been lost");
    halls.send(&sender, 1, true);
    assert_eq!(halls.there.came(&mut viewer).media.len(), 1);
    (0..20).for_each(|_| halls.passes(50 * MS));
    assert_eq!(key_requests(&mut halls, &mut sender), 0);
}

#[test]
fn what_is_lost_between_shards_is_healed_like_any_loss() {
    let mut halls = Halls::new();
    let (mut sender, mut viewer, _) = halls.camera_and_viewer();
    (0..2).for_each(|n| halls.send(&sender, n, n == 0));
    halls.cut = true;
    halls.send(&sender, 2, false);
    halls.cut = false;
    halls.send(&sender, 3, false);
    assert_eq!(halls.there.came(&mut viewer).media.len(), 3);
    halls.passes(Duration::from_secs(1));
    key_requests(&mut halls, &mut sender);
    halls.there.report(&mut viewer, |out| rtcp::write_pli(out, 1, 1000));
    halls.passes(5 * MS);
    assert_eq!(key_requests(&mut halls, &mut sender), 1);
}

#[test]
fn the_senders_clock_and_name_come_along() {
    let mut halls = Halls::new();
    let (mut sender, mut viewer, _) = halls.camera_and_viewer();
    halls.send(&sender, 0, true);
    let info = rtcp::SenderInfo { ssrc: 20, ntp: 7 << 32, rtp: 0, packets: 1, octets: 1 };
    halls.home.report(&mut sender, |out| rtcp::write_sender_report(out, &info));
    halls.cross();
    halls.passes(Duration::from_secs(2));
    let reports = halls.there.came(&mut viewer).reports;
    let named = |compound: &Vec<u8>| compound.windows(4).any(|bytes| bytes == b"PA_1");
    let timed = |p: Packet<'_>| matches!(p, Packet::SenderReport(info, _) if info.ssrc == 1000 && info.ntp >> 32 == 8);
    assert!(reports.iter().any(|compound| named(compound) && rtcp::packets(compound).any(timed)), "{reports:?}");
}

#[test]
fn a_mirror_ends_and_nothing_crosses_any_more() {
    let mut halls = Halls::new();
    let (sender, _, track) = halls.camera_and_viewer();
    halls.send(&sender, 0, true);
    halls.home.command(Command::EndSend { track, shard: 1 });
    halls.there.command(Command::EndMirror { track });
    halls.send(&sender, 1, false);
    halls.cross();
    assert_eq!(halls.home.shard.stats().media_crossed, 1);
    // What is still said of it is about nothing, and costs nothing.
    halls.there.shard.handle_word(halls.there.now, 0, &Word::Spoke { track, at: halls.there.now });
    halls.home.shard.handle_word(halls.home.now, 1, &Word::Keyframe { track, layer: 200, awaited: true });
    halls.home.shard.handle_word(halls.home.now, 1, &Word::Keyframe { track: 4711, layer: 0, awaited: false });
    assert_eq!([halls.home.shard.stats().faults, halls.there.shard.stats().faults], [0, 0]);
}

#[test]
fn a_muted_track_is_muted_in_its_mirror() {
    let mut halls = Halls::new();
    let (sender, mut viewer, track) = halls.camera_and_viewer();
    for hall in [&mut halls.home, &mut halls.there] {
        hall.command(Command::SetMuted { track, muted: true });
    }
    halls.send(&sender, 0, true);
    assert_eq!(halls.there.came(&mut viewer).media, []);
}

#[test]
fn what_a_forwarded_one_says_goes_to_every_shard_for_its_room_is_anywhere() {
    let mut halls = Halls::new();
    let ann = halls.home.enter();
    halls.there.command(Command::OpenRoom { room: 2 });
    halls.there.room = 2;
    let bob = halls.there.enter();
    halls.home.command(Command::ForwardPeer { peer: ann.peer, rooms: vec![2] });
    let label = "_reliable".to_owned();
    let opens = ControlEvent::ChannelOpen { id: 0, label, ordered: true, reliable: true };
    halls.home.shard.hear(halls.home.now, ann.conn, opens);
    let data = bytes::Bytes::from_static(b"\x12\x07\x12\x05hello");
    halls.home.shard.hear(halls.home.now, ann.conn, ControlEvent::Message { id: 0, binary: true, data });
    halls.cross();
    assert_eq!(halls.there.shard.peers[&bob.peer].waiting.len(), 1);
}
