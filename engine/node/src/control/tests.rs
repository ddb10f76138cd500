use super::*;

fn control() -> Control {
    control_at(vec![Candidate::udp(([192, 0, 2, 1], 7882).into()), Candidate::tcp(([192, 0, 2, 1], 7881).into())])
}

fn control_at(candidates: Vec<Candidate>) -> Control {
    let host = Host { candidates, fingerprint: [7; 32], shards: 1, people_per_shard: 50 };
    let mut n = 0_u8;
    Control::new(
        host,
        Box::new(move |bytes| {
            bytes.fill_with(|| {
                n = n.wrapping_mul(5).wrapping_add(1);
                n
            });
        }),
    )
}

fn commands(control: &mut Control) -> Vec<String> {
    std::iter::from_fn(|| control.poll_command()).map(|(_, command)| name(&command)).collect()
}

fn name(command: &Command) -> String {
    let text = format!("{command:?}");
    text.split([' ', '{', '(']).next().unwrap_or_default().to_owned()
}

#[test]
fn closing_a_room_closes_from_the_inside_out() {
    let mut control = control();
    let room = control.open_room().expect("a room");
    let peer = control.open_peer(room, "alice".into(), "PA_a".into(), true).expect("a peer");
    control.open_connection(peer, Role::Single).expect("a connection");
    assert_eq!(commands(&mut control), ["OpenRoom", "OpenPeer", "OpenConnection"]);
    control.close_room(room).expect("closed");
    assert_eq!(commands(&mut control), ["CloseConnection", "ClosePeer", "CloseRoom"]);
    control.close_room(room).expect("closed again");
    assert_eq!(commands(&mut control), Vec::<String>::new());
    assert!(control.counts().iter().all(|(_, n)| *n == 0));
}

#[test]
fn a_refused_call_tells_the_shard_nothing() {
    let mut control = control();
    let room = control.open_room().expect("a room");
    let peer = control.open_peer(room, "alice".into(), "PA_a".into(), true).expect("a peer");
    let connection = control.open_connection(peer, Role::Publisher).expect("a connection");
    commands(&mut control);
    let code = |e: Error| e.code;
    assert_eq!(control.open_peer(99, String::new(), String::new(), true).map_err(code), Err("engine.unknown_room"));
    assert_eq!(control.publish(connection, "0", "TR_a", "camera", None).map_err(code), Err("engine.no_section"));
    assert_eq!(control.subscribe(connection, 99).map_err(code), Err("engine.unknown_track"));
    assert_eq!(control.create_offer(connection).map_err(code), Err("engine.wrong_role"));
    assert!(control.accept_offer(connection, "nonsense", &HashMap::new()).is_err());
    assert_eq!(commands(&mut control), Vec::<String>::new());
}

#[test]
fn a_new_shard_is_told_the_rooms_and_the_people_but_no_connection() {
    let mut control = control();
    let room = control.open_room().expect("a room");
    let peer = control.open_peer(room, "alice".into(), "PA_a".into(), true).expect("a peer");
    let connection = control.open_connection(peer, Role::Single).expect("a connection");
    commands(&mut control);
    assert_eq!(control.start_over(0), [connection]);
    assert_eq!(commands(&mut control), ["OpenRoom", "OpenPeer"]);
    control.close_connection(connection).expect("closed before");
    control.open_connection(peer, Role::Single).expect("a new one");
    assert_eq!(commands(&mut control), ["OpenConnection"]);
}

#[test]
fn a_new_shard_is_told_who_learns_of_muted_tracks_by_a_packet_alone() {
    let mut control = control();
    let room = control.open_room().expect("a room");
    let [program, page] = ["program", "page"]
        .map(|identity| control.open_peer(room, identity.into(), format!("PA_{identity}"), true).expect("a peer"));
    control.announce_muted(program).expect("known");
    commands(&mut control);
    control.start_over(0);
    let told: Vec<_> = std::iter::from_fn(|| control.poll_command())
        .filter_map(|(_, c)| if let Command::AnnounceMuted { peer } = c { Some(peer) } else { None })
        .collect();
    assert!(told == [program] && program != page, "{told:?}");
}

#[test]
fn every_connection_has_its_own_name() {
    let mut control = control();
    let room = control.open_room().expect("a room");
    let peer = control.open_peer(room, "alice".into(), "PA_a".into(), true).expect("a peer");
    let offers: Vec<String> = (0..3)
        .map(|_| {
            let connection = control.open_connection(peer, Role::Subscriber).expect("a connection");
            let offer = control.create_offer(connection).expect("an offer");
            control.close_connection(connection).expect("closed");
            offer.lines().find(|l| l.starts_with("a=ice-ufrag:")).expect("a ufrag").to_owned()
        })
        .collect();
    assert!(offers[0] != offers[1] && offers[1] != offers[2] && offers[0] != offers[2], "{offers:?}");
}

#[test]
fn an_ice_restart_offers_another_name_and_password() {
    let mut control = control();
    let room = control.open_room().expect("a room");
    let peer = control.open_peer(room, "alice".into(), "PA_a".into(), true).expect("a peer");
    let connection = control.open_connection(peer, Role::Subscriber).expect("a connection");
    let creds = |offer: String| {
        let lines = offer.lines().filter(|l| l.starts_with("a=ice-ufrag:") || l.starts_with("a=ice-pwd:"));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let before = creds(control.create_offer(connection).expect("an offer"));
    control.restart_ice(connection).expect("a restart");
    let after = creds(control.create_offer(connection).expect("another"));
    assert!(before.len() == 2 && before[0] != after[0] && before[1] != after[1], "{before:?} {after:?}");
    let publisher = control.open_connection(peer, Role::Publisher).expect("a connection");
    assert_eq!(control.restart_ice(publisher).map_err(|e| e.code), Err("engine.wrong_role"));
}

#[test]
fn a_peer_whom_datagrams_do_not_reach_is_told_of_tcp_alone_from_the_next_negotiation_on() {
    let mut control = control();
    let room = control.open_room().expect("a room");
    let peer = control.open_peer(room, "alice".into(), "PA_a".into(), true).expect("a peer");
    let connection = control.open_connection(peer, Role::Subscriber).expect("a connection");
    let transports = |offer: String| {
        let lines = offer.lines().filter_map(|l| l.strip_prefix("a=candidate:"));
        lines.filter_map(|l| l.split(' ').nth(2).map(str::to_owned)).collect::<Vec<_>>()
    };
    assert_eq!(transports(control.create_offer(connection).expect("an offer")), ["udp", "tcp"]);
    control.use_tcp(peer).expect("there is TCP");
    control.restart_ice(connection).expect("a restart");
    assert_eq!(transports(control.create_offer(connection).expect("an offer")), ["tcp"]);
    let next = control.open_connection(peer, Role::Subscriber).expect("a connection");
    assert_eq!(transports(control.create_offer(next).expect("an offer")), ["tcp"]);
    let other = control.open_peer(room, "bob".into(), "PA_b".into(), true).expect("a peer");
    let connection = control.open_connection(other, Role::Subscriber).expect("a connection");
    assert_eq!(transports(control.create_offer(connection).expect("an offer")), ["udp", "tcp"]);
}

#[test]
fn where_tcp_is_switched_off_nobody_is_sent_there() {
    let mut control = control_at(vec![Candidate::udp(([192, 0, 2, 1], 7882).into())]);
    let room = control.open_room().expect("a room");
    let peer = control.open_peer(room, "alice".into(), "PA_a".into(), true).expect("a peer");
    assert_eq!(control.use_tcp(peer).map_err(|e| e.code), Err("engine.no_tcp"));
    let connection = control.open_connection(peer, Role::Subscriber).expect("a connection");
    assert!(control.create_offer(connection).expect("an offer").contains(" udp "));
}

/// A client's description of one section of pictures, after the one for data where it answers us.
fn pictures(codec: &str, direction: &str, answers: bool) -> String {
    let (names, mid) = if answers { ("0 1", 1) } else { ("0", 0) };
    let fingerprint = ["AB"; 32].join(":");
    let data = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:0\r\n";
    format!(
        "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE {names}\r\na=setup:active\r\n\
         a=ice-ufrag:CLNT\r\na=ice-pwd:cccccccccccccccccccccccc\r\na=fingerprint:sha-256 {fingerprint}\r\n{}\
         m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:{mid}\r\na=rtcp-mux\r\na=rtpmap:96 {codec}/90000\r\n\
         a=msid:stream cam\r\na={direction}\r\n",
        if answers { data } else { "" }
    )
}

#[test]
fn a_track_for_which_a_client_has_no_codec_is_named_to_whoever_asked_for_it() {
    let mut control = control();
    let room = control.open_room().expect("a room");
    let alice = control.open_peer(room, "alice".into(), "PA_a".into(), true).expect("a peer");
    let publisher = control.open_connection(alice, Role::Publisher).expect("a connection");
    let none = HashMap::new();
    let answer = control.accept_offer(publisher, &pictures("H264", "sendonly", false), &none).expect("an answer");
    assert!(answer.refused.is_empty());
    let track = control.publish(publisher, "0", "TR_h", "camera", None).expect("a track");
    let bob = control.open_peer(room, "bob".into(), "PA_b".into(), true).expect("a peer");

    let single = control.open_connection(bob, Role::Single).expect("a connection");
    control.subscribe(single, track).expect("a subscription");
    let answer = control.accept_offer(single, &pictures("VP8", "recvonly", false), &none).expect("an answer");
    assert_eq!((answer.refused, answer.mid_to_track), (vec!["TR_h".to_owned()], Vec::new()));
    assert_eq!(control.negotiation(single).expect("known"), Negotiation::default());

    let subscriber = control.open_connection(bob, Role::Subscriber).expect("a connection");
    control.subscribe(subscriber, track).expect("a subscription");
    control.create_offer(subscriber).expect("an offer");
    let refused = control.accept_answer(subscriber, &pictures("VP8", "recvonly", true)).expect("an answer we take");
    assert_eq!((refused.refused, refused.in_backup), (vec!["TR_h".to_owned()], vec![]));
    let second = control.open_connection(bob, Role::Single).expect("a connection");
    control.subscribe(second, track).expect("a subscription");
    let answer = control.accept_offer(second, &pictures("H264", "recvonly", false), &none).expect("an answer");
    assert_eq!((answer.refused.len(), answer.mid_to_track), (0, vec![("0".to_owned(), "TR_h".to_owned())]));
}

#[test]
fn no_stream_comes_twice_on_a_connection_whatever_the_luck() {
    for unlucky in [0, 7, 0xff] {
        let mut ssrcs = Ssrcs(u32::from_ne_bytes([unlucky; 4]));
        let taken: Vec<u32> = (0..10_000).map(|_| ssrcs.take()).collect();
        let with_rtx: std::collections::HashSet<u32> = taken.iter().flat_map(|ssrc| [*ssrc, ssrc | 1]).collect();
        assert_eq!(with_rtx.len(), 20_000);
        assert!(!taken.contains(&0));
    }
}

/// As many shards, all idle.
fn control_of(shards: u8) -> Control {
    let host = Host { candidates: Vec::new(), fingerprint: [7; 32], shards, people_per_shard: 2 };
    Control::new(host, Box::new(|bytes| bytes.fill(3)))
}

fn addressed(control: &mut Control) -> Vec<(u8, String)> {
    std::iter::from_fn(|| control.poll_command()).map(|(shard, command)| (shard, name(&command))).collect()
}

#[test]
fn a_room_goes_to_the_shard_with_least_to_do_and_all_that_is_said_of_it_goes_there() {
    let mut control = control_of(2);
    let rooms = [(); 3].map(|()| control.open_room().expect("a room"));
    assert_eq!(addressed(&mut control).iter().map(|(shard, _)| *shard).collect::<Vec<_>>(), [0, 1, 0]);
    let peer = control.open_peer(rooms[1], "alice".into(), "PA_a".into(), true).expect("a peer");
    let connection = control.open_connection(peer, Role::Single).expect("a connection");
    control.set_can_publish_data(peer, false).expect("a peer");
    control.send_data(rooms[1], None, true, b"hello").expect("a room");
    control.close_connection(connection).expect("closed");
    control.close_room(rooms[1]).expect("closed");
    assert!(addressed(&mut control).iter().all(|(shard, _)| *shard == 1));
    // What was closed weighs nothing any more.
    control.open_room().expect("a room");
    assert_eq!(addressed(&mut control), [(1, "OpenRoom".into())]);
}

#[test]
fn a_lost_shard_costs_the_others_nothing() {
    let mut control = control_of(2);
    let rooms = [(); 2].map(|()| control.open_room().expect("a room"));
    let connections = rooms.map(|room| {
        let peer = control.open_peer(room, "alice".into(), "PA_a".into(), true).expect("a peer");
        control.open_connection(peer, Role::Single).expect("a connection")
    });
    let kept = connections[0];
    assert_eq!(control.start_over(1), [connections[1]]);
    let told = addressed(&mut control);
    let first: Vec<_> = told.iter().filter(|(shard, _)| *shard == 0).map(|(_, name)| name.as_str()).collect();
    let second: Vec<_> = told.iter().filter(|(shard, _)| *shard == 1).map(|(_, name)| name.as_str()).collect();
    assert_eq!(first, ["OpenRoom", "OpenPeer", "OpenConnection"], "what was said before is still to be done");
    assert_eq!(second, ["OpenRoom", "OpenPeer"]);
    assert!(control.negotiation(kept).is_ok());
}

#[test]
fn a_room_of_many_takes_another_shard_and_gives_it_back() {
    let mut control = control_of(2);
    let room = control.open_room().expect("a room");
    let people: Vec<_> = (0..5)
        .map(|n| control.open_peer(room, format!("person-{n}"), format!("PA_{n}"), true).expect("a peer"))
        .collect();
    let told = addressed(&mut control);
    let shards: Vec<_> = told.iter().filter(|(_, name)| name == "OpenPeer").map(|(shard, _)| *shard).collect();
    assert_eq!(shards, [0, 0, 1, 1, 0], "two on the first, then on another as well, then where there are fewest");
    assert_eq!(told.iter().filter(|(_, name)| name == "Spread").count(), 2);
    control.send_data(room, None, true, b"hello").expect("a room");
    assert_eq!(addressed(&mut control), [(0, "SendData".into()), (1, "SendData".into())]);
    people[2..4].iter().for_each(|peer| control.close_peer(*peer).expect("closed"));
    let told = addressed(&mut control);
    assert_eq!(told.last(), Some(&(0, "Spread".into())));
    assert!(told.contains(&(1, "CloseRoom".into())));
    control.close_room(room).expect("closed");
    assert!(control.counts().iter().all(|(_, n)| *n == 0));
}

#[test]
fn a_track_that_is_never_replayed_is_not_in_its_mirrors_either() {
    let mut control = control_of(2);
    let room = control.open_room().expect("a room");
    let [first, second, viewer] = [0, 1, 2].map(|n| {
        let peer = control.open_peer(room, format!("person-{n}"), format!("PA_{n}"), true).expect("a peer");
        control.open_connection(peer, Role::Single).expect("a connection")
    });
    let [early, late] = [first, second].map(|sender| {
        let offer = pictures("VP8", "sendonly", false);
        control.accept_offer(sender, &offer, &HashMap::new()).expect("an answer");
        control.publish(sender, "0", &format!("TR_{sender}"), "camera", None).expect("a track")
    });
    control.subscribe(viewer, early).expect("a subscription");
    addressed(&mut control);
    control.never_replay(early).expect("known");
    control.never_replay(late).expect("known");
    let never = |shard| (shard, "NeverReplay".to_owned());
    assert_eq!(addressed(&mut control), [never(0), never(1), never(0)], "the mirror that is there is told");
    control.subscribe(viewer, late).expect("a subscription");
    let mirrors: Vec<_> = std::iter::from_fn(|| control.poll_command())
        .filter_map(|(_, c)| if let Command::Mirror { mirrored, .. } = c { Some(mirrored.replays) } else { None })
        .collect();
    assert_eq!(mirrors, [false], "and one that comes later begins so");
}

#[test]
fn who_goes_to_another_room_takes_its_place_and_its_tracks_along() {
    let mut control = control_of(2);
    let [here, there] = [(); 2].map(|()| control.open_room().expect("a room"));
    let mover = control.open_peer(here, "ada".into(), "PA_ada".into(), true).expect("a peer");
    let connection = control.open_connection(mover, Role::Single).expect("a connection");
    control.accept_offer(connection, &pictures("VP8", "sendonly", false), &HashMap::new()).expect("an answer");
    let track = control.publish(connection, "0", "TR_ada", "camera", None).expect("a track");
    addressed(&mut control);
    control.move_peer(mover, there, "PA_moved").expect("both are there");
    let told = addressed(&mut control);
    let names: Vec<_> = told.iter().map(|(shard, name)| (*shard, name.as_str())).collect();
    // The new room comes to the shard of the one who goes there, and the old one keeps where it was opened.
    assert_eq!(names, [(0, "OpenRoom"), (0, "Spread"), (1, "Spread"), (0, "MovePeer")]);
    assert_eq!(control.tracks[&track].send.stream_id, "PA_moved");
    control.close_room(here).expect("closed");
    assert!(control.negotiation(connection).is_ok(), "it isn't there any more");
    control.close_room(there).expect("closed");
    assert!(control.counts().iter().all(|(_, n)| *n == 0));
    assert!(control.places.iter().all(|place| place.load() == 0));
}

#[test]
fn nobody_goes_where_there_is_no_room_and_nothing_is_forwarded_there() {
    let mut control = control_of(2);
    let room = control.open_room().expect("a room");
    let peer = control.open_peer(room, "ada".into(), "PA_ada".into(), true).expect("a peer");
    addressed(&mut control);
    assert!(control.move_peer(peer, 4711, "PA_x").is_err());
    assert!(control.move_peer(4711, room, "PA_x").is_err());
    assert!(control.forward_peer(peer, 4711, true).is_err());
    assert_eq!(addressed(&mut control), []);
}

#[test]
fn frames_leave_their_room_only_where_their_sender_is_forwarded_to() {
    let mut control = control_of(1);
    let [here, there] = [(); 2].map(|()| control.open_room().expect("a room"));
    let ada = control.open_peer(here, "ada".into(), "PA_ada".into(), true).expect("a peer");
    let bo = control.open_peer(there, "bo".into(), "PA_bo".into(), true).expect("a peer");
    assert!(control.carry_frames(ada, 1, bo, 1).is_err());
    control.forward_peer(ada, there, true).expect("both are there");
    control.carry_frames(ada, 1, bo, 1).expect("it is heard there");
    assert!(control.carry_frames(bo, 1, ada, 1).is_err(), "but not the other way round");
    control.forward_peer(ada, there, false).expect("both are there");
    assert!(control.carry_frames(ada, 1, bo, 1).is_err());
}
