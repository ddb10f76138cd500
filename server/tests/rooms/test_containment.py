"""What goes wrong costs itself: an event, a timer, a sink or a listener that fails takes nothing of anybody else's along."""

from __future__ import annotations

from typing import Any

import pytest

from folkmoot.engine import EngineError
from folkmoot.protocol.responses import Message
from folkmoot.protocol.values import Action
from folkmoot.rooms import arriving
from folkmoot.rooms.model import Event, ParticipantJoined
from folkmoot.rooms.room import Room

from .conftest import Person, Scene


def fails(*_: Any, **__: Any) -> Any:
    raise EngineError("engine.unknown_connection")


def test_an_event_that_fails_loses_none_behind_it(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    alice, bob = scene.joins("alice", active=False), scene.joins("bob", room="other", active=False)
    activate = arriving.activate

    def fails_for_alice(room: Any, participant: Any, now: Any) -> None:
        if participant.identity == "alice":
            fails()
        activate(room, participant, now)

    monkeypatch.setattr(arriving, "activate", fails_for_alice)
    scene.rooms.engine_events([("connected", alice.me.primary), ("connected", bob.me.primary)])
    assert [event.identity for event in scene.happened(ParticipantJoined)] == ["bob"]


def test_an_event_that_cannot_be_read_loses_none_behind_it(scene: Scene) -> None:
    alice = scene.joins("alice", active=False)
    scene.rooms.engine_events([("speakers", 1, [("odd",)]), (), ("connected", alice.me.primary)])
    assert alice.me.active


def test_who_connected_in_the_moment_the_engine_died_is_told_to_come_back_as_all_are(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob", active=False)
    carol = scene.joins("carol", room="other")
    alice.publishes("mic")
    scene.passes(1)
    monkeypatch.setattr(scene.engine, "subscribe", fails)
    scene.engine.emit("connected", bob.me.primary)
    scene.dies()
    for person in (alice, bob, carol):
        assert person.last("leave").action == Action.RECONNECT
        assert person.hung_up


def test_a_room_that_cannot_be_sent_away_keeps_nobody_from_being_told(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [scene.joins("alice"), scene.joins("bob"), scene.joins("carol", room="other")]
    close_peer, peer = scene.engine.close_peer, people[0].me.peer

    def fails_for_alice(closed: int) -> None:
        close_peer(closed)
        if closed == peer:
            fails()

    monkeypatch.setattr(scene.engine, "close_peer", fails_for_alice)
    scene.rooms.send_away()
    for person in people:
        assert person.last("leave").action == Action.RECONNECT
    monkeypatch.undo()
    scene.rooms.close_all()


def test_a_timer_that_fails_keeps_no_other_from_its_time(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, bob = scene.joins("alice", active=False), scene.joins("bob", active=False)
    seen = arriving.seen

    def fails_for_alice(room: Any, participant: Any) -> None:
        if participant.identity == "alice":
            fails()
        seen(room, participant)

    monkeypatch.setattr(arriving, "seen", fails_for_alice)
    scene.passes(4)
    assert "bob" in alice.sees()
    assert "alice" not in bob.sees()


def test_a_room_whose_news_cannot_be_taken_stops_no_other_rooms_clock(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, bob = scene.joins("alice", active=False), scene.joins("bob", room="other", active=False)
    take = Room.take_outputs

    def fails_for_alice(room: Room, now: Any) -> Any:
        return fails() if room.name == "room" else take(room, now)

    monkeypatch.setattr(Room, "take_outputs", fails_for_alice)
    scene.rooms.engine_events([("connected", alice.me.primary), ("connected", bob.me.primary)])
    assert [event.identity for event in scene.happened(ParticipantJoined)] == ["bob"]
    scene.passes(40)
    monkeypatch.undo()
    scene.passes(1)
    assert scene.rooms.ailment() is None


def test_timers_that_nobody_lets_go_off_are_told(scene: Scene) -> None:
    scene.joins("alice", active=False)
    scene.clock.advance(3600)
    assert scene.rooms.ailment() == "timers are late"
    scene.rooms.tick()
    assert scene.rooms.ailment() is None


def test_a_sink_that_fails_costs_its_own_message(scene: Scene) -> None:
    class Broken(Person):
        def send(self, message: Message) -> None:
            raise OSError("gone")

    alice, bob = scene.joins("alice"), scene.joins("bob")
    alice.__class__ = Broken
    scene.joins("carol")
    assert "carol" in bob.sees()
    alice.__class__ = Person


def test_a_listener_that_fails_keeps_no_other_from_hearing(scene: Scene) -> None:
    heard: list[Event] = []
    scene.rooms.listen(fails)
    scene.rooms.listen(heard.append)
    scene.joins("alice")
    assert any(isinstance(event, ParticipantJoined) for event in heard)


def test_what_a_request_said_before_it_failed_is_delivered(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = scene.joins("alice")
    monkeypatch.setattr(scene.engine, "set_muted", fails)
    with pytest.raises(EngineError):
        alice.publishes("mic", muted=True)
    assert alice.heard("track_published")
