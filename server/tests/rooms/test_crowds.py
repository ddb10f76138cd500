"""A thousand come, and go, at once: what it costs is counted in messages and encodings, which a slow machine doesn't change."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from folkmoot.protocol import responses
from folkmoot.protocol.joining import Joining
from folkmoot.protocol.requests import Mute
from folkmoot.protocol.responses import Message
from folkmoot.protocol.tokens import Claims, VideoGrant
from folkmoot.protocol.values import Action, Reason

from .conftest import Person, Scene

CROWD = 1100


def comes(scene: Scene, identity: str) -> Person:
    person = scene.enters(Claims("devkey", identity, video=VideoGrant("room", True)), Joining(single=True))
    person.connects()
    return person


def crowd(scene: Scene, *, within: float) -> list[Person]:
    people = []
    for number in range(CROWD):
        people.append(comes(scene, f"p{number}"))
        scene.passes_at_once(within / CROWD)
    scene.passes(0.5)
    return people


@pytest.fixture
def encodings(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    counted: Counter[str] = Counter()
    encode = responses.encoded

    def encoded(info: Any) -> bytes:
        counted[info.sid] += 1
        return encode(info)

    monkeypatch.setattr(responses, "encoded", encoded)
    return counted


def names(messages: list[Message]) -> Counter[str]:
    return Counter(message.name for message in messages)


def test_a_crowd_that_comes_within_a_second_is_told_in_some_updates_not_in_one_for_each(
    scene: Scene, encodings: Counter[str]
) -> None:
    people = crowd(scene, within=1)
    first, last = people[0], people[-1]
    assert len(first.sees()) == len(last.sees()) == CROWD - 1
    assert names(first.got)["update"] < 40, "the first sixteen are told one by one"
    assert names(last.got)["update"] < 5
    assert max(encodings.values()) <= 3, "each once as it came, as it connected, and for itself"
    told = sum(len(person.got) for person in people)
    assert told < 20 * CROWD


def test_who_comes_last_costs_no_more_than_who_came_in_the_middle(
    scene: Scene, encodings: Counter[str]
) -> None:
    crowd(scene, within=30)
    encodings.clear()
    comes(scene, "late")
    assert sum(encodings.values()) <= 3
    scene.passes(0.5)
    assert sum(encodings.values()) <= 3


def test_a_room_of_a_thousand_is_closed_with_one_word_for_each(scene: Scene) -> None:
    people = crowd(scene, within=1)
    for person in people:
        person.forgets()
    scene.rooms.close("room")
    for person in people:
        assert [message.name for message in person.got] == ["leave"]
        assert person.hung_up
    assert people[0].last("leave").reason == Reason.ROOM_DELETED


def test_a_server_that_stops_sends_a_thousand_away_with_one_word_for_each(scene: Scene) -> None:
    people = crowd(scene, within=1)
    for person in people:
        person.forgets()
    scene.rooms.send_away()
    for person in people:
        assert [message.name for message in person.got] == ["leave"]
        assert person.hung_up
    assert people[-1].last("leave").action == Action.RECONNECT


def test_a_thousand_who_leave_one_by_one_are_told_together(scene: Scene) -> None:
    people = crowd(scene, within=1)
    stays = people[0]
    stays.forgets()
    for person in people[1:]:
        scene.rooms.remove("room", person.identity)
        scene.passes_at_once(1 / CROWD)
    scene.passes(0.5)
    gone = [info.sid for update in stays.heard("update") for info in update.participants]
    assert sorted(gone) == sorted(person.sid for person in people[1:])
    assert names(stays.got)["update"] < 40


def test_what_somebody_does_fifty_times_a_second_is_told_ten_times(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    sid = alice.publishes("mic")
    scene.passes(1)
    bob.forgets()
    for number in range(50):
        alice.says(Mute(sid, number % 2 == 0))
        scene.passes(0.02)
    scene.passes(1)
    assert len(bob.heard("update")) <= 11
    assert bob.last("update").participants[0].tracks[0].muted is False


def test_muting_everybody_is_one_update_for_all(scene: Scene) -> None:
    people = [scene.joins(f"p{number}") for number in range(40)]
    for person in people:
        person.publishes("mic")
    scene.passes(1)
    for person in people:
        person.forgets()
    for person in people:
        scene.rooms.mute("room", person.identity, "microphone")
    scene.passes(1)
    for person in people:
        assert names(person.got)["update"] <= 2
        seen = {i.sid: i.tracks[0].muted for u in person.heard("update") for i in u.participants}
        assert len(seen) == len(people) and all(seen.values())


def test_nothing_is_negotiated_with_somebody_who_was_not_told_whose_it_is(scene: Scene) -> None:
    for number in range(40):
        scene.joins(f"p{number}")
    bob = scene.joins("bob")
    scene.passes(1)
    alice = scene.joins("alice")
    bob.forgets()
    sid = alice.publishes("mic")
    assert not any(t.sid == sid for u in bob.heard("update") for i in u.participants for t in i.tracks)
    bob.offers(offer_id=2)
    kinds = [message.name for message in bob.got]
    assert sid in bob.last("answer").mid_to_track_id.values()
    assert any(t.sid == sid for u in bob.heard("update") for i in u.participants for t in i.tracks)
    assert kinds.index("update") < kinds.index("answer")


def test_one_who_left_and_came_back_in_a_moment_is_not_taken_for_gone(scene: Scene) -> None:
    people = [scene.joins(f"p{number}") for number in range(40)]
    scene.passes(1)
    people[1].says(Mute("none", True))
    scene.joins("somebody")  # so that nothing more is told at once
    scene.rooms.remove("room", "p7")
    again = scene.joins("p7")
    scene.passes(1)
    assert people[0].sees()["p7"].sid == again.sid
    assert not any(
        i.identity == "p7" and i.state == i.DISCONNECTED
        for u in again.heard("update")
        for i in u.participants
    )


def test_an_update_of_very_many_comes_in_parts(scene: Scene) -> None:
    infos = [b"x" * 10_000] * 30
    parts = responses.updates(infos)
    assert len(parts) == 3
    assert all(len(part.binary) < responses.UPDATE_TARGET + 20_000 for part in parts)
