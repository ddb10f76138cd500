"""Who speaks and how good a connection is: passing news, and how things stand for those who come later."""

from __future__ import annotations

from typing import Any

from livekit.protocol.rtc import StreamState
from structlog.testing import capture_logs

from folkmoot.protocol.requests import Simulate
from folkmoot.protocol.values import ConnectionQuality, Kind, Permission, Source

from .conftest import Person, Scene
from .test_joining import resumes


def speaks(scene: Scene, person: Person, level: float) -> None:
    handle = scene.rooms.open("room").handle
    scene.emit("speakers", handle, [(person.me.peer, level, level > 0)])


def scored(scene: Scene, *scores: tuple[Person, str, float]) -> None:
    handle = scene.rooms.open("room").handle
    scene.emit("quality", handle, [(person.me.peer, quality, score) for person, quality, score in scores])


def loud(update: Any) -> dict[str, bool]:
    return {speaker.sid: speaker.active for speaker in update.speakers}


def test_everybody_hears_who_begins_and_who_stops(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    speaks(scene, alice, 0.5)
    speaks(scene, alice, 0)
    for person in (alice, bob):
        assert [loud(u) for u in person.heard("speakers_changed")] == [{alice.sid: True}, {alice.sid: False}]


def test_one_who_comes_later_hears_who_speaks_and_how_all_are_connected(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    speaks(scene, alice, 0.5)
    speaks(scene, bob, 0.5)
    speaks(scene, bob, 0)
    scored(scene, (alice, "excellent", 4.5), (bob, "poor", 2.0))
    carol = scene.joins("carol")
    assert not carol.heard("speakers_changed"), "a client drops news before it thinks itself connected"
    scene.passes(1.1)
    assert loud(carol.last("speakers_changed")) == {alice.sid: True}
    told = {u.participant_sid: u.quality for u in carol.last("connection_quality").updates}
    assert told == {alice.sid: ConnectionQuality.EXCELLENT, bob.sid: ConnectionQuality.POOR}


def test_one_who_comes_back_hears_it_again(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    scene.passes(2)
    bob.loses_signal()
    speaks(scene, alice, 0.5)
    again = resumes(scene, bob)
    assert again is not None
    scene.passes(1.1)
    assert loud(again.last("speakers_changed")) == {alice.sid: True}


def states(update: Any) -> dict[str, int]:
    return {each.track_sid: each.state for each in update.stream_states}


def test_whose_path_does_not_carry_a_picture_is_told_so_of_it_alone_and_when_it_comes_again(
    scene: Scene,
) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    cameras = [alice.publishes(name, kind=Kind.VIDEO, source=Source.CAMERA) for name in ("face", "desk")]
    subscription = bob.me.subscriptions[cameras[1]]
    scene.emit("paused", bob.me.primary, subscription.handle, True)
    assert states(bob.last("stream_state_update")) == {cameras[1]: StreamState.PAUSED}
    assert not alice.heard("stream_state_update")
    scene.emit("paused", bob.me.primary, subscription.handle, False)
    assert states(bob.last("stream_state_update")) == {cameras[1]: StreamState.ACTIVE}


def test_who_negotiates_a_camera_that_waits_is_told_so_again(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    camera = alice.publishes("face", kind=Kind.VIDEO, source=Source.CAMERA)
    scene.emit("paused", bob.me.primary, bob.me.subscriptions[camera].handle, True)
    told = len(bob.heard("stream_state_update"))
    scene.passes(1)
    bob.offers(offer_id=2)
    assert len(bob.heard("stream_state_update")) == told + 1
    assert states(bob.last("stream_state_update")) == {camera: StreamState.PAUSED}


def test_a_picture_paused_that_nobody_receives_is_nobodys_news(scene: Scene) -> None:
    bob = scene.joins("bob")
    scene.emit("paused", bob.me.primary, 987_654, True)
    assert not bob.heard("stream_state_update")


def test_a_client_may_play_a_narrow_line(scene: Scene) -> None:
    bob = scene.joins("bob")
    for bits in (100_000, 0, -7):
        bob.says(Simulate("subscriber_bandwidth", bits))
    peer = bob.me.peer
    assert scene.engine.called("limit_bandwidth") == [(peer, 100_000), (peer, None), (peer, None)]


def test_a_lost_connection_is_not_told_for_clients_would_begin_anew(scene: Scene) -> None:
    alice = scene.joins("alice")
    scored(scene, (alice, "lost", 1.0))
    assert not alice.heard("connection_quality")


def test_one_who_is_hidden_is_not_heard_of(scene: Scene) -> None:
    alice, ghost = scene.joins("alice"), scene.joins("ghost", permission=Permission(hidden=True))
    speaks(scene, ghost, 0.5)
    scored(scene, (ghost, "good", 4.0))
    assert not alice.heard("speakers_changed")
    assert not alice.heard("connection_quality")


def test_who_sends_too_much_is_named_in_the_log(scene: Scene) -> None:
    alice = scene.joins("alice")
    with capture_logs() as lines:
        scene.emit("policed", alice.me.primary)
        scene.emit("policed", 987_654)
    assert [(line["log_level"], line["participant"]) for line in lines] == [("warning", alice.sid)]
