//! Messages between people. The channels are told of, not opened: what is on its way to a client waits, and is looked at
//! where it waits.

use folkmoot_peer::ControlEvent;

use super::*;

fn open(hall: &mut Hall, guest: &Guest, id: u16, reliable: bool) {
    let label = if reliable { "_reliable" } else { "_lossy" }.to_owned();
    hall.shard.hear(hall.now, guest.conn, ControlEvent::ChannelOpen { id, label, ordered: reliable, reliable });
    hall.settle();
}

/// A field of a protobuf message.
fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    [&[number << 3 | 2, bytes.len() as u8][..], bytes].concat()
}

fn say(hall: &mut Hall, guest: &Guest, id: u16, message: Vec<u8>) {
    hall.shard.hear(hall.now, guest.conn, ControlEvent::Message { id, binary: true, data: message.into() });
    hall.settle();
}

fn waiting(hall: &Hall, guest: &Guest) -> Vec<Vec<u8>> {
    hall.shard.peers[&guest.peer].waiting.iter().map(|(_, bytes)| bytes.to_vec()).collect()
}

fn has(message: &[u8], part: &str) -> bool {
    message.windows(part.len()).any(|w| w == part.as_bytes())
}

fn three(hall: &mut Hall) -> [Guest; 3] {
    let guests = [hall.enter(), hall.enter(), hall.enter()];
    open(hall, &guests[0], 0, true);
    guests
}

#[test]
fn who_says_something_is_who_it_is_and_not_who_it_says() {
    let mut hall = Hall::new();
    let [ann, bob, eve] = three(&mut hall);
    let user = [field(5, b"eve"), field(2, b"hello")].concat();
    say(&mut hall, &ann, 0, [field(4, b"eve"), field(2, &user)].concat());
    for receiver in [&bob, &eve] {
        let messages = waiting(&hall, receiver);
        assert_eq!(messages.len(), 1);
        assert!(has(&messages[0], "hello") && has(&messages[0], &format!("guest-{}", ann.peer)));
        assert!(!has(&messages[0], "eve"));
    }
    assert_eq!(waiting(&hall, &ann).len(), 0, "nobody hears itself");
}

#[test]
fn a_message_reaches_those_it_names_by_identity_or_by_sid() {
    let mut hall = Hall::new();
    let [ann, bob, eve] = three(&mut hall);
    say(&mut hall, &ann, 0, field(5, format!("guest-{}", bob.peer).as_bytes()));
    let user = field(3, format!("PA_{}", eve.peer).as_bytes());
    say(&mut hall, &ann, 0, field(2, &user));
    say(&mut hall, &ann, 0, field(5, b"nobody"));
    assert_eq!((waiting(&hall, &bob).len(), waiting(&hall, &eve).len()), (1, 1));
}

#[test]
fn rooms_do_not_hear_each_other() {
    let mut hall = Hall::new();
    let [ann, bob, _] = three(&mut hall);
    hall.room = 500;
    hall.command(Command::OpenRoom { room: 500 });
    let far = hall.enter();
    say(&mut hall, &ann, 0, field(2, b""));
    say(&mut hall, &ann, 0, field(5, format!("guest-{}", far.peer).as_bytes()));
    assert_eq!((waiting(&hall, &bob).len(), waiting(&hall, &far).len()), (1, 0));
}

#[test]
fn one_who_may_not_speak_is_not_heard_until_it_may() {
    let mut hall = Hall::new();
    let [ann, bob, _] = three(&mut hall);
    hall.command(Command::SetMayData { peer: ann.peer, may: false });
    say(&mut hall, &ann, 0, field(2, b""));
    assert_eq!(waiting(&hall, &bob).len(), 0);
    hall.command(Command::SetMayData { peer: ann.peer, may: true });
    say(&mut hall, &ann, 0, field(2, b""));
    assert_eq!(waiting(&hall, &bob).len(), 1);
}

#[test]
fn what_is_malformed_or_comes_by_a_channel_that_is_none_goes_nowhere() {
    let mut hall = Hall::new();
    let [ann, bob, _] = three(&mut hall);
    say(&mut hall, &ann, 0, vec![0xff; 40]);
    say(&mut hall, &ann, 9, field(2, b""));
    hall.shard.hear(
        hall.now,
        ann.conn,
        ControlEvent::ChannelOpen { id: 4, label: "mine".into(), ordered: true, reliable: true },
    );
    say(&mut hall, &ann, 4, field(2, b""));
    hall.shard.hear(hall.now, ann.conn, ControlEvent::ChannelClosed { id: 0 });
    say(&mut hall, &ann, 0, field(2, b""));
    assert_eq!(waiting(&hall, &bob).len(), 0);
    assert_eq!(hall.shard.stats().messages_in, 0);
}

#[test]
fn a_message_waits_two_seconds_for_a_channel_that_is_not_open_yet() {
    let mut hall = Hall::new();
    let [ann, bob, _] = three(&mut hall);
    say(&mut hall, &ann, 0, field(2, &field(2, b"one")));
    hall.pass(1900 * MS);
    say(&mut hall, &ann, 0, field(2, &field(2, b"two")));
    assert_eq!(waiting(&hall, &bob).len(), 2);
    hall.pass(200 * MS);
    assert_eq!(waiting(&hall, &bob).len(), 1, "the first has waited long enough");
    hall.pass(2000 * MS);
    assert_eq!(waiting(&hall, &bob).len(), 0, "whether or not another comes");
    assert_eq!(hall.shard.peers[&bob.peer].waiting_bytes, 0);
}

#[test]
fn what_waits_for_one_receiver_is_bounded_and_keeps_its_order() {
    let mut hall = Hall::new();
    let [ann, bob, _] = three(&mut hall);
    let room = hall.room;
    for n in 0..100_u32 {
        let bytes = [&n.to_be_bytes()[..], &vec![0; 1_000_000]].concat().into();
        hall.command(Command::SendData { room, to: Some(vec![bob.peer]), reliable: true, bytes });
    }
    let kept = waiting(&hall, &bob);
    assert!(kept.len() == 67 && kept.iter().map(Vec::len).sum::<usize>() <= 64 << 20, "{}", kept.len());
    assert!(kept.iter().zip(0_u32..).all(|(message, n)| message[..4] == n.to_be_bytes()));
    assert_eq!(hall.shard.stats().messages_dropped, 33);
    assert_eq!(waiting(&hall, &ann).len(), 0);
}

#[test]
fn when_much_waits_for_some_a_little_may_still_wait_for_each() {
    let mut hall = Hall::new();
    let guests: Vec<Guest> = (0..6).map(|_| hall.enter()).collect();
    let (room, bytes) = (hall.room, bytes::Bytes::from(vec![7; 1_000_000]));
    for guest in &guests {
        for _ in 0..67 {
            let (to, bytes) = (Some(vec![guest.peer]), bytes.clone());
            hall.shard.handle_command(hall.now, Command::SendData { room, to, reliable: true, bytes });
        }
    }
    let kept: Vec<usize> = guests.iter().map(|guest| hall.shard.peers[&guest.peer].waiting.len()).collect();
    assert_eq!((kept[0], kept[3], kept[5]), (67, 67, 4), "{kept:?}");
}

#[test]
fn many_small_messages_are_bounded_too() {
    let mut hall = Hall::new();
    let [_, bob, _] = three(&mut hall);
    let room = hall.room;
    for _ in 0..100_000 {
        let bytes = vec![1].into();
        hall.shard
            .handle_command(hall.now, Command::SendData { room, to: Some(vec![bob.peer]), reliable: true, bytes });
    }
    assert!(hall.shard.peers[&bob.peer].waiting.len() <= 1 << 16);
}

#[test]
fn a_lossy_message_waits_for_nobody() {
    let mut hall = Hall::new();
    let [ann, bob, _] = three(&mut hall);
    open(&mut hall, &ann, 2, false);
    say(&mut hall, &ann, 2, field(2, b""));
    assert_eq!((waiting(&hall, &bob).len(), hall.shard.stats().messages_in), (0, 1));
}

/// A message that its sender counts.
fn counted(number: u8) -> Vec<u8> {
    [&field(2, &field(2, b"word"))[..], &[0x80, 1, number]].concat()
}

/// The numbers of what came for somebody since this was asked last.
fn came(hall: &mut Hall, guest: &Guest) -> Vec<u8> {
    let peer = hall.shard.peers.get_mut(&guest.peer).expect("a guest");
    peer.waiting_bytes = 0;
    let number = |m: &[u8]| m[m.windows(2).position(|w| w == [0x80, 1]).expect("it is counted") + 2];
    peer.waiting.drain(..).map(|(_, message)| number(&message)).collect()
}

#[test]
fn what_is_said_again_is_taken_once_and_in_order() {
    let mut hall = Hall::new();
    let [ann, bob, _] = three(&mut hall);
    for number in [1, 2, 3, 2, 3, 4] {
        say(&mut hall, &ann, 0, counted(number));
    }
    assert_eq!(came(&mut hall, &bob), [1, 2, 3, 4]);
    assert_eq!(hall.shard.peers[&ann.peer].said.heard.get(), 4);
}

#[test]
fn each_counts_for_itself_and_what_may_be_lost_is_not_counted() {
    let mut hall = Hall::new();
    let [ann, bob, eve] = three(&mut hall);
    open(&mut hall, &bob, 0, true);
    open(&mut hall, &ann, 1, false);
    say(&mut hall, &ann, 0, counted(5));
    say(&mut hall, &bob, 0, counted(1));
    say(&mut hall, &ann, 1, counted(9));
    say(&mut hall, &ann, 0, counted(6));
    assert_eq!(waiting(&hall, &eve).len(), 3);
    assert_eq!(hall.shard.peers[&ann.peer].said.heard.get(), 6);
}

#[test]
fn who_does_not_count_is_always_heard() {
    let mut hall = Hall::new();
    let [ann, bob, _] = three(&mut hall);
    for _ in 0..3 {
        say(&mut hall, &ann, 0, field(2, &field(2, b"word")));
    }
    assert_eq!(waiting(&hall, &bob).len(), 3);
}

fn open_frames(hall: &mut Hall, guest: &Guest, id: u16) {
    let label = "_data_track".to_owned();
    hall.shard.hear(hall.now, guest.conn, ControlEvent::ChannelOpen { id, label, ordered: false, reliable: false });
    hall.settle();
}

fn frame(track: u8) -> Vec<u8> {
    [&[0b11000, 0, 0, track, 0, 1, 0, 1, 0, 0, 0, 9][..], b"frame"].concat()
}

/// How many packets were handed to a receiver, or lost on the way to one that has no channel in truth.
fn handed(hall: &Hall) -> u64 {
    hall.shard.stats().messages_out + hall.shard.stats().messages_dropped
}

#[test]
fn frames_go_to_those_who_subscribed_and_to_nobody_else() {
    let mut hall = Hall::new();
    let [ann, bob, eve] = three(&mut hall);
    for guest in [&ann, &bob, &eve] {
        open_frames(&mut hall, guest, 5);
    }
    say(&mut hall, &ann, 5, frame(7));
    assert_eq!(handed(&hall), 0);
    hall.command(Command::CarryFrames { from: ann.peer, track: 7, to: bob.peer, number: 1 });
    hall.command(Command::CarryFrames { from: ann.peer, track: 7, to: bob.peer, number: 2 });
    say(&mut hall, &ann, 5, frame(7));
    assert_eq!(handed(&hall), 1, "under its newest number alone");
    say(&mut hall, &ann, 5, frame(8));
    say(&mut hall, &ann, 5, b"short".to_vec());
    say(&mut hall, &bob, 5, frame(7));
    assert_eq!(handed(&hall), 1);
    hall.command(Command::CarryFrames { from: ann.peer, track: 7, to: eve.peer, number: 1 });
    hall.command(Command::DropFrames { from: ann.peer, track: 7, to: bob.peer });
    say(&mut hall, &ann, 5, frame(7));
    assert_eq!(handed(&hall), 2);
    hall.command(Command::SetMayData { peer: ann.peer, may: false });
    say(&mut hall, &ann, 5, frame(7));
    assert_eq!(handed(&hall), 2);
    hall.command(Command::SetMayData { peer: ann.peer, may: true });
    hall.command(Command::ClosePeer { peer: eve.peer });
    say(&mut hall, &ann, 5, frame(7));
    assert_eq!(handed(&hall), 2, "who is gone gets nothing");
}

#[test]
fn what_is_said_to_the_server_reaches_nobody_else() {
    let mut hall = Hall::new();
    let [ann, bob, _] = three(&mut hall);
    hall.events.clear();
    say(&mut hall, &ann, 0, [field(11, &field(1, b"id")), field(5, b"server:1")].concat());
    let said =
        |event: &ShardEvent| matches!(event, ShardEvent::Said { peer, bytes } if *peer == ann.peer && has(bytes, "id"));
    assert_eq!(hall.events.iter().filter(|e| said(e)).count(), 1);
    assert!(waiting(&hall, &bob).is_empty());
    say(&mut hall, &ann, 0, [field(5, b"server:1"), field(5, format!("guest-{}", bob.peer).as_bytes())].concat());
    assert_eq!(waiting(&hall, &bob).len(), 1, "who names others as well speaks to them");
}

#[test]
fn who_goes_to_another_room_is_heard_there_and_hears_what_is_said_there() {
    let mut hall = Hall::new();
    let [ann, bob, eve] = three(&mut hall);
    hall.command(Command::OpenRoom { room: 2 });
    for guest in [&ann, &eve] {
        hall.command(Command::MovePeer { peer: guest.peer, room: 2, sid: format!("PA_new{}", guest.peer) });
    }
    say(&mut hall, &ann, 0, field(2, &field(2, b"hello")));
    let heard = waiting(&hall, &eve);
    assert!(heard.len() == 1 && has(&heard[0], &format!("PA_new{}", ann.peer)), "under its new sid");
    assert!(waiting(&hall, &bob).is_empty());
    hall.command(Command::CloseRoom { room: 1 });
    assert_eq!(hall.shard.peers.len(), 2, "the old room takes nobody with it who went");
    hall.command(Command::MovePeer { peer: ann.peer, room: 99, sid: "PA_nowhere".into() });
    assert_eq!(hall.shard.peers[&ann.peer].room, 2, "there is no such room");
}

#[test]
fn who_is_forwarded_is_heard_in_both_rooms_and_hears_its_own_alone() {
    let mut hall = Hall::new();
    let [ann, bob, eve] = three(&mut hall);
    hall.command(Command::OpenRoom { room: 2 });
    hall.command(Command::MovePeer { peer: eve.peer, room: 2, sid: "PA_eve".into() });
    hall.command(Command::ForwardPeer { peer: ann.peer, rooms: vec![2, 99] });
    say(&mut hall, &ann, 0, field(2, &field(2, b"hello")));
    say(&mut hall, &ann, 0, field(5, format!("guest-{}", eve.peer).as_bytes()));
    assert_eq!((waiting(&hall, &bob).len(), waiting(&hall, &eve).len()), (1, 2), "named, it is for that one alone");
    open(&mut hall, &eve, 0, true);
    say(&mut hall, &eve, 0, field(2, &field(2, b"hello")));
    assert!(waiting(&hall, &ann).is_empty());
    hall.command(Command::ForwardPeer { peer: ann.peer, rooms: Vec::new() });
    let before = waiting(&hall, &eve).len();
    say(&mut hall, &ann, 0, field(2, &field(2, b"hello")));
    assert_eq!(waiting(&hall, &eve).len(), before);
}

#[test]
fn what_follows_a_gap_waits_for_what_belongs_there_as_long_as_its_sender_is_away() {
    let mut hall = Hall::new();
    let [ann, bob, _] = three(&mut hall);
    hall.command(Command::SetAway { peer: ann.peer, away: true });
    for number in [1, 3, 5] {
        say(&mut hall, &ann, 0, counted(number));
    }
    assert_eq!(came(&mut hall, &bob), [1]);
    hall.pass(9000 * MS);
    hall.command(Command::SetAway { peer: ann.peer, away: false });
    for number in [2, 3, 4, 5, 6] {
        say(&mut hall, &ann, 0, counted(number));
    }
    assert_eq!(came(&mut hall, &bob), [2, 3, 4, 5, 6]);
}

#[test]
fn a_gap_is_given_up_when_nobody_is_away_or_its_sender_is_gone() {
    let mut hall = Hall::new();
    let [ann, bob, _] = three(&mut hall);
    for number in [1, 3] {
        say(&mut hall, &ann, 0, counted(number));
    }
    assert_eq!(came(&mut hall, &bob), [1]);
    hall.pass(4800 * MS);
    assert_eq!(came(&mut hall, &bob), [0_u8; 0]);
    hall.pass(1000 * MS);
    assert_eq!(came(&mut hall, &bob), [3]);
    say(&mut hall, &ann, 0, counted(5));
    hall.command(Command::ClosePeer { peer: ann.peer });
    assert_eq!(came(&mut hall, &bob), [5]);
}

#[test]
fn who_makes_and_fills_gaps_all_the_time_is_looked_at_once() {
    let mut hall = Hall::new();
    let [ann, _, _] = three(&mut hall);
    say(&mut hall, &ann, 0, counted(1));
    for number in 1..60 {
        say(&mut hall, &ann, 0, counted(2 * number + 1));
        say(&mut hall, &ann, 0, counted(2 * number));
    }
    say(&mut hall, &ann, 0, counted(125));
    assert_eq!(hall.shard.gaps.len(), 1);
}

#[test]
fn what_one_may_not_say_leaves_no_gap() {
    let mut hall = Hall::new();
    let [ann, bob, _] = three(&mut hall);
    say(&mut hall, &ann, 0, counted(1));
    hall.command(Command::SetMayData { peer: ann.peer, may: false });
    say(&mut hall, &ann, 0, counted(2));
    hall.command(Command::SetMayData { peer: ann.peer, may: true });
    say(&mut hall, &ann, 0, counted(3));
    assert_eq!(came(&mut hall, &bob), [1, 3]);
}
