"""Somebody is taken to another room, or heard and seen in another, too."""

from __future__ import annotations

from typing import Any

import pytest

from folkmoot.kit import Refusal
from folkmoot.protocol.joining import Client, Joining
from folkmoot.protocol.requests import Leave, Mute, TrackSettings, UnpublishDataTrack, UpdateMetadata
from folkmoot.protocol.tokens import Claims, RoomConfig, VideoGrant
from folkmoot.protocol.values import Kind, ParticipantKind, Permission, Reason, Source
from folkmoot.rooms.model import ParticipantJoined, ParticipantLeft, TrackPublished, TrackUnpublished

from .conftest import THREE_LAYERS, Person, Scene
from .test_data_tracks import handles, publishes

CAMERA: dict[str, Any] = {"kind": Kind.VIDEO, "source": Source.CAMERA, "layers": THREE_LAYERS}


def moves(scene: Scene, person: Person, to: str = "side") -> None:
    assert scene.rooms.move(person.room, person.identity, to) is None
    scene.passes(0.5)


def arrived(person: Person, room: str = "side") -> Person:
    """The same one as it is known now."""
    person.room, person.sid = room, person.last("room_moved").participant.sid
    return person


def forwards(scene: Scene, person: Person, to: str = "side") -> None:
    assert scene.rooms.forward(person.room, person.identity, to) is None
    scene.passes(0.5)


def asked_layers(person: Person) -> list[bool]:
    return [q.enabled for q in person.last("subscribed_quality_update").subscribed_codecs[0].qualities]


def joins_with_data(scene: Scene) -> tuple[Person, Person, Person]:
    """Two here and one in the side room, who take data tracks as they come."""
    may = Permission(can_update_metadata=True)
    wishes: dict[str, Any] = {"auto_subscribe_data": True}
    ada, bo = (scene.joins(name, permission=may, **wishes) for name in ("ada", "bo"))
    return ada, bo, scene.joins("eve", room="side", **wishes)


def code(outcome: object) -> str:
    assert isinstance(outcome, Refusal)
    return outcome.code


@pytest.mark.parametrize("single", [True, False], ids=["one-connection", "two-connections"])
def test_who_is_moved_is_told_of_the_new_room_first_and_keeps_connection_and_tracks(
    scene: Scene, single: bool
) -> None:
    ada, bo, eve = (
        scene.joins("ada", single=single),
        scene.joins("bo"),
        scene.joins("eve", room="side"),
    )
    mic, song = ada.publishes("mic"), eve.publishes("song")
    scene.passes(1)
    before, primary = ada.sid, ada.me.primary
    for person in (ada, bo, eve):
        person.forgets()
    moves(scene, ada)
    moved = ada.heard("room_moved")[0]
    assert ada.got[0].name == "room_moved"
    assert (moved.room.name, moved.participant.identity) == ("side", "ada")
    assert [p.identity for p in moved.other_participants] == ["eve"]
    assert moved.participant.sid != before
    assert [t.sid for t in moved.participant.tracks] == [mic], "its own tracks are what they were"
    assert not ada.hung_up and arrived(ada).me.primary == primary
    gone = [p for update in bo.heard("update") for p in update.participants if p.identity == "ada"]
    assert [(p.sid, p.state, p.disconnect_reason) for p in gone] == [(before, 3, Reason.MIGRATION)]
    assert eve.sees()["ada"].sid == ada.sid
    assert mic in eve.me.subscriptions and mic not in bo.me.subscriptions
    assert song in ada.me.subscriptions
    claims = scene.keys.verify(moved.token)
    assert (claims.video.room, claims.identity) == ("side", "ada")


def test_events_tell_a_leave_and_a_join(scene: Scene) -> None:
    ada = scene.joins("ada")
    ada.publishes("mic")
    scene.events.clear()
    moves(scene, ada)
    kinds = (TrackUnpublished, ParticipantLeft, ParticipantJoined, TrackPublished)
    told = [(type(e), e.room) for e in scene.events if isinstance(e, kinds)]
    assert told == [
        (ParticipantJoined, "side"), (TrackPublished, "side"), (TrackUnpublished, "room"), (ParticipantLeft, "room"),
    ]  # fmt: skip


def test_its_socket_goes_on_speaking_for_it_also_after_two_moves(scene: Scene) -> None:
    ada, bo = (
        scene.joins("ada", permission=Permission(can_update_metadata=True)),
        scene.joins("bo", room="far"),
    )
    old_sid, old_room = ada.sid, ada.room
    moves(scene, ada)
    arrived(ada)
    moves(scene, ada, "far")
    ada.sid, ada.room = old_sid, old_room  # what the socket knows
    ada.says(UpdateMetadata(0, name="Ada"))
    scene.passes(1)
    assert bo.sees()["ada"].name == "Ada"
    ada.says(Leave())
    assert bo.sees().keys() == set()
    ada.says(Leave())
    assert scene.rooms.room("far") is not None


def test_who_lost_its_signal_hears_of_the_move_when_it_comes_back_by_its_old_token(scene: Scene) -> None:
    ada, eve = scene.joins("ada"), scene.joins("eve", room="side")
    ada.loses_signal()
    moves(scene, ada)
    again = Person(scene, "ada", "room")
    joining = Joining(client=Client("test", "1", 17), single=True, reconnect=True, participant_sid=ada.sid)
    claims = Claims("devkey", "ada", video=VideoGrant("room", True))
    sid = scene.rooms.resume(claims, joining, again)
    assert sid == eve.sees()["ada"].sid
    assert [m.name for m in again.got[:2]] == ["reconnect", "room_moved"]
    assert len(again.heard("room_moved")) == 1
    scene.passes(10)
    assert "ada" in eve.sees()


def test_data_tracks_go_along_and_are_received_there(scene: Scene) -> None:
    ada, _, eve = joins_with_data(scene)
    mine, theirs = publishes(ada), publishes(eve, name="pressure")
    scene.passes(1)
    moves(scene, ada)
    arrived(ada)
    assert mine in handles(eve).values() and theirs in handles(ada).values()
    assert {(p, r) for p, _, r in scene.engine.frames} == {
        (ada.me.peer, eve.me.peer),
        (eve.me.peer, ada.me.peer),
    }


def test_dynacast_counts_who_takes_what_in_the_new_room_alone(scene: Scene) -> None:
    ada, bo, eve = scene.joins("ada"), scene.joins("bo"), scene.joins("eve", room="side")
    camera = ada.publishes("cam", **CAMERA)
    eve.says(TrackSettings((camera,), quality=0))
    scene.passes(1)
    assert bo.me.subscriptions
    moves(scene, ada)
    scene.passes(6)
    assert asked_layers(ada) == [True, False, False]


def test_a_room_that_is_not_there_is_opened_and_the_old_one_ends_in_its_time(scene: Scene) -> None:
    ada = scene.joins("ada")
    moves(scene, ada)
    scene.passes_at_once(60)
    assert scene.rooms.room("room") is None
    assert scene.rooms.identities("side") == ["ada"]


def test_who_is_there_already_under_that_name_makes_room(scene: Scene) -> None:
    ada, other = scene.joins("ada"), scene.joins("ada", room="side")
    moves(scene, ada)
    assert other.hung_up and other.last("leave").reason == Reason.DUPLICATE_IDENTITY
    assert scene.rooms.identities("side") == ["ada"]


def test_nobody_is_moved_who_cannot_be(scene: Scene) -> None:
    scene.rooms.create("full", RoomConfig(max_participants=1))
    scene.joins("eve", room="full")
    scene.joins("ada")
    scene.joins("old", protocol=15)
    scene.joins("coming", active=False)
    scene.joins("agent", kind=ParticipantKind.AGENT)
    for identity, to, refused in (
        ("nobody", "side", "participant.unknown"),
        ("ada", "full", "room.full"),
        ("old", "side", "participant.stays"),
        ("agent", "side", "participant.stays"),
        ("coming", "side", "participant.not_connected"),
    ):
        assert code(scene.rooms.move("room", identity, to)) == refused
    assert code(scene.rooms.move("nowhere", "ada", "side")) == "room.unknown"
    assert scene.rooms.room("side") is None, "no room was opened for it"


# --- forwarded --------------------------------------------------------------------------------------------------------


def test_who_is_forwarded_is_seen_and_heard_in_both_rooms_and_hears_its_own(scene: Scene) -> None:
    ada, bo, eve = joins_with_data(scene)
    mic, song = ada.publishes("mic"), eve.publishes("song")
    data = publishes(ada)
    scene.passes(1)
    ada.forgets()
    forwards(scene, ada)
    forwards(scene, ada)
    seen = eve.sees()["ada"]
    assert (seen.sid, [t.sid for t in seen.tracks], list(seen.kind_details)) == (ada.sid, [mic], [1])
    assert mic in eve.me.subscriptions and mic in bo.me.subscriptions and song not in ada.me.subscriptions
    assert data in handles(eve).values() and data in handles(bo).values()
    assert scene.engine.called("forward_peer")[-1][-1] is True
    assert not ada.heard("room_moved") and "eve" not in ada.sees()
    assert bo.sees()["ada"].kind_details == []


def test_what_it_does_is_seen_there(scene: Scene) -> None:
    ada, _, eve = joins_with_data(scene)
    forwards(scene, ada)
    mic = ada.publishes("mic")
    data = publishes(ada)
    ada.says(UpdateMetadata(0, name="Ada", attributes={"hand": "up"}))
    ada.says(Mute(mic, True))
    scene.passes(1)
    seen = eve.sees()["ada"]
    assert (seen.name, dict(seen.attributes), seen.tracks[0].muted) == ("Ada", {"hand": "up"}, True)
    assert mic in eve.me.subscriptions and data in handles(eve).values()
    scene.emit("speakers", scene.rooms.room("room").handle, [(ada.me.peer, 0.5, True)])  # type: ignore[union-attr]
    assert eve.last("speakers_changed").speakers[0].sid == ada.sid
    ada.extra = ""
    ada.offers()
    ada.says(UnpublishDataTrack(1))
    scene.passes(1)
    assert list(eve.sees()["ada"].tracks) == []
    assert eve.me.subscriptions == {} and handles(eve) == {}


def test_a_larger_layer_that_somebody_there_wants_is_asked_of_its_sender(scene: Scene) -> None:
    ada, bo, eve = scene.joins("ada"), scene.joins("bo"), scene.joins("eve", room="side")
    camera = ada.publishes("cam", **CAMERA)
    bo.says(TrackSettings((camera,), quality=0))
    scene.passes(6)
    forwards(scene, ada)
    assert asked_layers(ada) == [True, True, True]
    assert scene.rooms.remove("side", "ada")
    scene.passes(6)
    assert asked_layers(ada) == [True, False, False], "and is not when nobody there does any more"
    assert "ada" not in eve.sees() and camera in bo.me.subscriptions


def test_removed_there_it_stays_here_and_gone_here_it_is_gone_there(scene: Scene) -> None:
    ada, bo, eve = scene.joins("ada"), scene.joins("bo"), scene.joins("eve", room="side")
    mic = ada.publishes("mic")
    scene.passes(1)
    forwards(scene, ada)
    assert scene.rooms.remove("side", "ada")
    assert not ada.hung_up and not ada.heard("leave")
    assert mic in bo.me.subscriptions and eve.me.subscriptions == {}
    assert scene.engine.called("forward_peer")[-1][-1] is False
    forwards(scene, ada)
    assert mic in eve.me.subscriptions
    ada.says(Leave())
    scene.passes(1)
    assert "ada" not in eve.sees() and eve.me.subscriptions == {}
    left = [e for e in scene.happened(ParticipantLeft) if e.room == "side"]
    assert [e.identity for e in left] == ["ada", "ada"]


@pytest.mark.parametrize("goodbye", [True, False], ids=["said-goodbye", "was-cut-off"])
def test_who_begins_anew_is_forwarded_as_before(scene: Scene, goodbye: bool) -> None:
    """Clients do when nothing else helps: they leave and join, or only join."""
    ada, eve = scene.joins("ada"), scene.joins("eve", room="side")
    ada.publishes("mic")
    forwards(scene, ada)
    if goodbye:
        ada.says(Leave())
        scene.passes(3)
        assert "ada" not in eve.sees() and eve.me.subscriptions == {}
    again = scene.joins("ada", active=False)
    scene.passes(1)
    assert "ada" not in eve.sees(), "it isn't there before its media is"
    again.connects()
    song = again.publishes("song")
    scene.passes(1)
    assert eve.sees()["ada"].sid == again.sid and set(eve.me.subscriptions) == {song}
    assert scene.rooms.remove("side", "ada")
    again.says(Leave())
    scene.joins("ada")
    scene.passes(1)
    assert "ada" not in eve.sees(), "whom somebody took away isn't brought back"


def test_who_was_taken_away_comes_late_or_finds_no_room_there_is_forwarded_no_more(scene: Scene) -> None:
    ada, eve = scene.joins("ada"), scene.joins("eve", room="side")
    forwards(scene, ada)
    assert scene.rooms.remove("room", "ada")
    again = scene.joins("ada")
    scene.passes(1)
    assert "ada" not in eve.sees(), "somebody wanted that"
    forwards(scene, again)
    again.says(Leave())
    scene.passes(31)
    late = scene.joins("ada")
    scene.passes(1)
    assert "ada" not in eve.sees()
    forwards(scene, late)
    late.says(Leave())
    scene.rooms.close("side")
    scene.joins("ada")
    scene.passes(1)
    assert scene.rooms.room("side") is None


@pytest.mark.parametrize("ending", ["room", "side"])
def test_a_room_that_ends_ends_what_is_forwarded(scene: Scene, ending: str) -> None:
    ada, eve = scene.joins("ada"), scene.joins("eve", room="side")
    ada.publishes("mic")
    forwards(scene, ada)
    forwards(scene, eve, "room")
    scene.rooms.close(ending)
    scene.passes(1)
    left, person = ("side", eve) if ending == "room" else ("room", ada)
    assert scene.rooms.identities(left) == [person.identity]
    assert not person.hung_up and person.sees() == {}


def test_who_comes_there_itself_takes_the_place_of_who_stood_for_it(scene: Scene) -> None:
    ada, eve = scene.joins("ada"), scene.joins("eve", room="side")
    forwards(scene, ada)
    other = scene.joins("ada", room="side")
    scene.passes(1)
    assert eve.sees()["ada"].sid == other.sid and not ada.hung_up
    assert code(scene.rooms.forward("room", "ada", "side")) == "participant.there_already"
    moves(scene, ada)
    assert other.hung_up


def test_who_is_moved_to_where_it_was_forwarded_is_there_once(scene: Scene) -> None:
    ada, eve = scene.joins("ada"), scene.joins("eve", room="side")
    mic = ada.publishes("mic")
    forwards(scene, ada)
    moves(scene, ada)
    assert scene.rooms.identities("side") == ["eve", "ada"]
    assert eve.sees()["ada"].kind_details == [] and mic in eve.me.subscriptions


def test_who_only_stands_for_another_is_not_ordered_about(scene: Scene) -> None:
    ada = scene.joins("ada")
    mic = ada.publishes("mic")
    forwards(scene, ada)
    nothing: dict[str, Any] = {"name": "x", "metadata": "", "attributes": {}, "permission": None}
    for outcome in (
        scene.rooms.update("side", "ada", **nothing),
        scene.rooms.mute_track("side", "ada", mic, True),
        scene.rooms.subscribe("side", "ada", (mic,), True),
        scene.rooms.move("side", "ada", "far"),
        scene.rooms.forward("side", "ada", "far"),
    ):
        assert code(outcome) == "participant.forwarded"
    assert not ada.heard("mute") and scene.rooms.room("far") is None


def test_nobody_is_forwarded_who_cannot_be(scene: Scene) -> None:
    scene.rooms.create("full", RoomConfig(max_participants=1))
    scene.joins("eve", room="full")
    scene.joins("ada")
    scene.joins("coming", active=False)
    assert code(scene.rooms.forward("room", "ada", "full")) == "room.full"
    assert code(scene.rooms.forward("room", "coming", "side")) == "participant.not_connected"
    assert code(scene.rooms.forward("room", "nobody", "side")) == "participant.unknown"
    assert code(scene.rooms.forward("nowhere", "ada", "side")) == "room.unknown"


def test_a_lost_shard_leaves_nobody_who_stands_for_one_that_is_gone(scene: Scene) -> None:
    ada, eve = scene.joins("ada"), scene.joins("eve", room="side")
    ada.publishes("mic")
    forwards(scene, ada)
    scene.dies("room")
    scene.passes(1)
    assert scene.rooms.identities("side") == ["eve"] and eve.me.subscriptions == {}
