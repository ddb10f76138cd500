"""Coming in, becoming visible, being replaced, leaving."""

from __future__ import annotations

from dataclasses import replace

from folkmoot.protocol.joining import Joining
from folkmoot.protocol.requests import AnswerTo, Leave, Simulate, SyncState
from folkmoot.protocol.tokens import Claims, RoomConfig, VideoGrant
from folkmoot.protocol.values import Action, Permission, Reason, State
from folkmoot.rooms.model import ParticipantJoined, ParticipantLeft, RoomClosed

from .conftest import Person, Scene


def test_the_first_message_is_join_then_the_token_then_the_answer(scene: Scene) -> None:
    alice = scene.joins("alice", active=False)
    assert [m.name for m in alice.got] == ["join", "refresh_token", "answer"]
    join = alice.last("join")
    assert (join.participant.identity, join.participant.sid) == ("alice", alice.sid)
    assert (join.ping_interval, join.ping_timeout, join.subscriber_primary) == (5, 15, False)
    assert alice.last("answer").id == 1


def test_a_go_client_gets_its_first_answer_a_moment_later(scene: Scene) -> None:
    alice = scene.joins("alice", sdk="go", active=False)
    assert [m.name for m in alice.got] == ["join", "refresh_token"]
    scene.passes(0.1)
    assert alice.last("answer").id == 1
    scene.passes(0.1)
    assert len(alice.heard("answer")) == 1


def test_one_whose_media_takes_long_is_seen_to_be_there(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob", active=False)
    scene.passes(2)
    assert set(alice.sees()) == set()
    scene.passes(2)
    assert alice.sees()["bob"].state == State.JOINED
    assert not bob.heard("update"), "it knows"
    bob.connects()
    assert alice.sees()["bob"].state == State.ACTIVE


def test_one_who_goes_before_its_media_stood_is_seen_to_go(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob", active=False)
    scene.passes(4)
    bob.says(Leave())
    assert set(alice.sees()) == set()
    carol = scene.joins("carol", active=False)
    carol.says(Leave())
    scene.passes(4)
    assert set(alice.sees()) == set()


def test_muted_tracks_are_announced_to_clients_that_learn_of_none_without_a_packet(scene: Scene) -> None:
    gopher = scene.joins("gopher", sdk="go")
    scene.joins("browser", sdk="js")
    assert scene.engine.called("announce_muted") == [(gopher.me.peer,)]


def test_the_server_poses_as_a_recent_one_and_keeps_to_protocol_17(scene: Scene) -> None:
    join = scene.joins("alice").last("join")
    assert join.server_info.version.startswith("1.13.") and join.server_version == join.server_info.version
    assert join.server_info.protocol == 17
    assert [c.mime for c in join.enabled_publish_codecs] == [
        "video/VP8", "video/H264", "video/VP9", "video/AV1", "audio/opus",
    ]  # fmt: skip


def test_two_connections_get_a_server_offer_at_once(scene: Scene) -> None:
    bob = scene.joins("bob", single=False, active=False)
    assert [m.name for m in bob.got] == ["join", "refresh_token", "offer"]
    assert bob.last("join").subscriber_primary
    assert bob.last("offer").id == 1


def test_nobody_is_announced_before_its_media_connection_stands(scene: Scene) -> None:
    alice = scene.joins("alice")
    bob = scene.joins("bob", active=False)
    assert alice.sees() == {}
    assert set(bob.sees()) == {"alice"}
    bob.connects()
    assert set(alice.sees()) == {"bob"}
    assert alice.sees()["bob"].state == alice.sees()["bob"].ACTIVE
    assert [e.identity for e in scene.happened(ParticipantJoined)] == ["alice", "bob"]


def test_one_who_leaves_is_gone_at_once(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    bob.says(Leave())
    assert alice.sees() == {}
    assert alice.last("update").participants[0].disconnect_reason == Reason.CLIENT_INITIATED
    assert bob.hung_up and not bob.heard("leave")
    assert [(e.identity, e.reason) for e in scene.happened(ParticipantLeft)] == [
        ("bob", Reason.CLIENT_INITIATED)
    ]


def test_a_second_join_of_one_identity_replaces_the_first(scene: Scene) -> None:
    watcher, older = scene.joins("watcher"), scene.joins("twin")
    newer = scene.joins("twin")
    assert older.last("leave").reason == Reason.DUPLICATE_IDENTITY
    assert older.last("leave").action == Action.DISCONNECT
    assert older.hung_up
    assert watcher.sees()["twin"].sid == newer.sid
    states = [p.state for u in watcher.heard("update") for p in u.participants]
    assert 3 not in states, "its identity was never gone"
    older.says(Leave())
    assert watcher.sees()["twin"].sid == newer.sid


def test_one_whose_media_never_connects_is_removed(scene: Scene) -> None:
    alice = scene.joins("alice", active=False)
    scene.passes(59)
    assert not alice.hung_up
    scene.passes(2)
    assert alice.last("leave").reason == Reason.JOIN_FAILURE
    assert alice.hung_up


def test_a_lost_signal_may_come_back_while_media_flows(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    bob.loses_signal()
    scene.passes(10)
    assert set(alice.sees()) == {"bob"}
    again = resumes(scene, bob)
    assert again is not None
    assert [m.name for m in again.got][:3] == ["reconnect", "update", "room_update"]
    assert {p.identity for p in again.got[1].wire.update.participants} == {"alice", "bob"}
    scene.passes(30)
    assert set(alice.sees()) == {"bob"}


def test_a_lost_signal_that_stays_away_is_a_leave(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    bob.loses_signal()
    scene.passes(16)
    assert alice.sees() == {}
    assert alice.last("update").participants[0].disconnect_reason == Reason.SIGNAL_CLOSE
    assert resumes(scene, bob) is None


def test_without_signal_and_media_one_is_gone_sooner(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    connection = bob.me.single
    bob.loses_signal()
    scene.emit("disconnected", connection, "consent")
    scene.passes(6)
    assert alice.sees() == {}


def test_media_that_stays_away_sends_the_client_to_begin_anew(scene: Scene) -> None:
    alice = scene.joins("alice")
    scene.emit("disconnected", alice.me.single, "consent")
    scene.passes(14)
    assert not alice.hung_up
    scene.passes(2)
    assert alice.last("leave").action == Action.RECONNECT


def test_media_that_comes_back_in_time_changes_nothing(scene: Scene) -> None:
    alice = scene.joins("alice")
    scene.emit("disconnected", alice.me.single, "consent")
    scene.passes(5)
    alice.connects()
    scene.passes(20)
    assert not alice.hung_up


def test_an_older_socket_that_closes_late_harms_nobody(scene: Scene) -> None:
    alice = scene.joins("alice")
    again = resumes(scene, alice)
    assert again is not None and alice.hung_up
    alice.loses_signal()
    scene.passes(30)
    assert not again.hung_up


def test_one_who_resumes_on_two_connections_gets_an_offer_for_the_network_it_is_on_now(scene: Scene) -> None:
    bob = scene.joins("bob", single=False)
    bob.says(AnswerTo("v=0\r\n", 1))
    bob.loses_signal()
    again = resumes(scene, bob, single=False)
    assert again is not None and again.last("offer").id == 2
    assert ("restart_ice", again.me.subscriber) in scene.engine.calls


def test_an_offer_lost_with_the_signal_is_made_again(scene: Scene) -> None:
    bob = scene.joins("bob", single=False)
    assert bob.last("offer").id == 1
    bob.loses_signal()
    again = resumes(scene, bob, single=False)
    assert again is not None and again.last("offer").id == 2
    again.says(AnswerTo("v=0\r\n", 1))
    alice = scene.joins("alice")
    sid = alice.publishes("mic")
    again.says(AnswerTo("v=0\r\n", 2))
    assert again.last("offer").id == 3, "one answer settles it, and what came since is offered"
    again.says(AnswerTo("v=0\r\n", 3))
    assert alice.last("track_subscribed").track_sid == sid
    scene.passes(20)
    assert not again.hung_up


def test_what_a_client_believes_when_it_comes_back_is_checked(scene: Scene) -> None:
    alice = scene.joins("alice")
    sid = alice.publishes("mic")
    again = resumes(scene, alice, sync=SyncState(published=(sid,)))
    assert again is not None and not again.heard("leave")
    third = resumes(scene, again, sync=SyncState(published=("TR_of_another_life",)))
    assert third is not None
    assert (third.last("leave").action, third.hung_up) == (Action.RECONNECT, True)


def test_a_session_of_another_sid_is_not_resumed(scene: Scene) -> None:
    alice = scene.joins("alice")
    alice.sid, real = "PA_another", alice.sid
    assert resumes(scene, alice) is None
    alice.sid = real


def test_the_token_is_refreshed_every_five_minutes_with_the_same_rights(scene: Scene) -> None:
    alice = scene.joins("alice", permission=Permission(can_publish=False))
    scene.passes(301)
    tokens = alice.heard("refresh_token")
    assert len(tokens) == 2
    claims = scene.keys.verify(tokens[-1])
    assert (claims.identity, claims.video.room, claims.video.permission.can_publish) == (
        "alice",
        "room",
        False,
    )


def test_hidden_is_honoured_in_plain_rooms_and_ignored_in_meetings(scene: Scene) -> None:
    for room, seen in (("plain", set()), ("m-123456789012", {"ghost"})):
        alice = scene.joins("alice", room=room)
        scene.joins("ghost", room=room, permission=Permission(hidden=True))
        assert set(alice.sees()) == seen
        bob = scene.joins("bob", room=room)
        assert set(bob.sees()) == {"alice"} | seen


def test_a_full_room_refuses_but_not_one_who_is_in_it_already(scene: Scene) -> None:
    scene.joins("alice")
    scene.rooms.open("room").max_participants = 1
    assert scene.rooms.may_join(claims("bob"), Joining()) is not None
    assert scene.rooms.may_join(claims("alice"), Joining()) is None


def test_what_it_says_of_itself_beats_its_token_and_takes_nothing_away(scene: Scene) -> None:
    bob = scene.joins("bob")
    token = replace(claims("alice"), metadata="token", attributes={"a": "1", "b": "2"})
    own = Joining(single=True, metadata="own", attributes={"a": "", "b": "3", "c": "4"})
    assert scene.rooms.may_join(token, own) is None
    alice = scene.enters(token, own)
    alice.connects()
    seen = bob.sees()["alice"]
    assert (seen.metadata, dict(seen.attributes)) == ("own", {"a": "1", "b": "3", "c": "4"})


def test_more_metadata_than_a_room_can_bear_is_refused(scene: Scene) -> None:
    for own in (Joining(metadata="m" * 600_000), Joining(attributes={"a": "v" * 70_000})):
        refusal = scene.rooms.may_join(claims("alice"), own)
        assert refusal is not None and refusal.code == "participant.too_large"


def test_how_many_are_here_is_told_once_for_all_who_came_together(scene: Scene) -> None:
    alice = scene.joins("alice")
    for number in range(9):
        scene.joins(f"guest{number}")
    assert not alice.heard("room_update")
    scene.passes(6)
    (update,) = alice.heard("room_update")
    assert (update.room.num_participants, update.room.num_publishers) == (10, 0)
    alice.publishes("mic")
    scene.passes(20)
    assert [u.room.num_publishers for u in alice.heard("room_update")] == [0, 1]


def test_the_first_one_in_may_bring_the_rooms_configuration(scene: Scene) -> None:
    def joins(identity: str, metadata: str) -> Person:
        config = RoomConfig(metadata, empty_timeout=66, max_participants=3)
        return scene.enters(replace(claims(identity), room_config=config), Joining(single=True))

    told = joins("alice", "first").last("join").room
    assert (told.metadata, told.empty_timeout, told.departure_timeout, told.max_participants) == (
        "first",
        66,
        20,
        3,
    )
    assert joins("bob", "second").last("join").room.metadata == "first"


def test_a_room_that_all_have_left_closes_after_a_while(scene: Scene) -> None:
    alice = scene.joins("alice")
    alice.says(Leave())
    scene.passes(15)
    scene.joins("bob").says(Leave())
    scene.passes(19)
    assert scene.happened(RoomClosed) == []
    scene.passes(2)
    assert len(scene.happened(RoomClosed)) == 1
    assert scene.rooms.room("room") is None


def test_when_a_shard_dies_everybody_on_it_is_asked_to_come_again(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob", single=False)
    elsewhere = scene.joins("dora", room="other")
    alice.publishes("mic")
    scene.dies("room")
    for person in (alice, bob):
        assert (person.last("leave").action, person.last("leave").reason) == (
            Action.RECONNECT,
            Reason.MEDIA_FAILURE,
        )
        assert person.hung_up
    assert set(scene.joins("carol").sees()) == set()
    assert scene.happened(RoomClosed) == [], "the room waits for them"
    assert elsewhere.me.active and not elsewhere.hung_up, "another shard's rooms go on"


def test_of_a_room_on_two_shards_those_of_the_one_that_died_come_again(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    track = alice.publishes("mic")
    scene.emit("disconnected", alice.me.primary, "engine")
    assert (alice.last("leave").action, alice.hung_up) == (Action.RECONNECT, True)
    assert not bob.hung_up
    assert bob.me.active
    assert track not in bob.me.subscriptions


def test_removing_and_closing_tell_the_reason(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    assert scene.rooms.remove("room", "bob")
    assert bob.last("leave").reason == Reason.PARTICIPANT_REMOVED
    assert alice.last("update").participants[0].disconnect_reason == Reason.PARTICIPANT_REMOVED
    assert not scene.rooms.remove("room", "bob")
    assert scene.rooms.close("room")
    assert alice.last("leave").reason == Reason.ROOM_DELETED
    assert not scene.rooms.close("room")


def test_who_asks_for_tcp_is_met_by_it_now_and_for_five_minutes_when_it_comes_anew(scene: Scene) -> None:
    alice = scene.joins("alice")
    scene.joins("bob")
    assert scene.engine.called("use_tcp") == []
    alice.says(Simulate("switch_candidate_protocol", 1))
    assert scene.engine.called("use_tcp") == [(alice.me.peer,)]
    scene.passes(280)
    scene.joins("bob")
    again = scene.joins("alice", single=False)
    assert scene.engine.called("use_tcp")[1:] == [(again.me.peer,)], "bob is met as before"
    assert_in_order(scene, ("use_tcp", again.me.peer), ("open_connection", again.me.peer))
    scene.passes(21)
    scene.joins("alice")
    assert len(scene.engine.called("use_tcp")) == 2


def test_who_asks_for_udp_again_is_met_as_everybody_is(scene: Scene) -> None:
    alice = scene.joins("alice")
    alice.says(Simulate("switch_candidate_protocol", 1))
    alice.says(Simulate("switch_candidate_protocol", 0))
    before = len(scene.engine.called("use_tcp"))
    scene.joins("alice")
    assert len(scene.engine.called("use_tcp")) == before == 1


def test_who_asks_for_a_relay_by_tls_that_we_lack_is_met_by_tcp(scene: Scene) -> None:
    bob = scene.joins("bob")
    bob.says(Simulate("switch_candidate_protocol", 2))
    again = scene.joins("bob")
    assert [peer for (peer,) in scene.engine.called("use_tcp")][1:] == [again.me.peer]


def test_without_tcp_nobody_is_kept_out(scene: Scene) -> None:
    scene.engine.has_tcp = False
    scene.joins("alice").says(Simulate("switch_candidate_protocol", 1))
    assert scene.joins("alice").heard("join")


def assert_in_order(scene: Scene, *calls: tuple[object, ...]) -> None:
    at = [next(i for i, call in enumerate(scene.engine.calls) if call[: len(c)] == c) for c in calls]
    assert at == sorted(at), calls


def claims(identity: str) -> Claims:
    return Claims("devkey", identity, video=VideoGrant("room", True))


def resumes(
    scene: Scene, person: Person, *, single: bool = True, sync: SyncState | None = None
) -> Person | None:
    again = Person(scene, person.identity, person.room)
    joining = Joining(single=single, reconnect=True, participant_sid=person.sid, sync=sync)
    sid = scene.rooms.resume(claims(person.identity), joining, again)
    again.sid = sid or ""
    return again if sid else None
