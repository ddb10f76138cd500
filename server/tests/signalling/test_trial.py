"""A line is tried in a room of one's own: anybody may, not without end, and nobody meets anybody there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from folkmoot import rest
from folkmoot.kit import ManualClock, SystemRandomness
from folkmoot.protocol.tokens import Keys, TokenRefused
from folkmoot.protocol.values import Room, Source
from folkmoot.rooms.model import Event, RoomOpened
from folkmoot.signalling import trial
from folkmoot.signalling.trial import OF_A_NETWORK, OF_ALL, WITHIN_S, Trials, apart


class House:
    def __init__(self) -> None:
        self.clock = ManualClock()
        self.keys = Keys({"key": "s" * 32}, self.clock)
        app = FastAPI()
        rest.install(app, [trial.router(self.keys, self.clock, SystemRandomness())], "1")
        self.client = TestClient(app)

    def asks(self) -> Any:
        return self.client.post("/api/line-check")


@pytest.fixture
def house() -> House:
    return House()


def test_everybody_gets_a_room_of_their_own_that_carries_a_voice_and_nothing_else(house: House) -> None:
    first, second = house.asks(), house.asks()
    assert (first.status_code, first.headers["cache-control"]) == (201, "no-store")
    one, other = (house.keys.verify(answer.json()["token"]) for answer in (first, second))
    assert one.video.room.startswith("check-") and one.video.room != other.video.room
    assert one.identity == other.identity == "self", "a second one under the same ticket is the same person"
    may = one.video.permission
    assert (may.can_publish_data, may.can_publish_sources) == (False, frozenset({Source.MICROPHONE}))
    assert not (one.video.room_admin or one.video.room_create or one.video.room_list or may.hidden)


def test_the_other_ticket_of_the_room_hears_and_sends_nothing(house: House) -> None:
    answer = house.asks().json()
    mouth, ear = (house.keys.verify(answer[ticket]) for ticket in ("token", "ear"))
    assert ear.video.room == mouth.video.room
    assert ear.identity != mouth.identity
    may = ear.video.permission
    assert (may.can_subscribe, may.can_publish, may.can_publish_data) == (True, False, False)
    assert not (ear.video.room_admin or ear.video.room_create or ear.video.room_list or may.hidden)


def test_a_ticket_ends_soon(house: House) -> None:
    answer = house.asks().json()
    house.clock.advance(timedelta(minutes=3).total_seconds())
    for ticket in ("token", "ear"):
        with pytest.raises(TokenRefused):
            house.keys.verify(answer[ticket])


def test_who_asks_in_a_loop_is_told_when_to_come_back_and_is_let_in_then(house: House) -> None:
    assert {house.asks().status_code for _ in range(OF_A_NETWORK)} == {201}
    refused = house.asks()
    assert (refused.status_code, refused.json()["code"]) == (429, "request.too_many")
    house.clock.advance(refused.json()["params"]["retry_after_s"])
    assert house.asks().status_code == 201


def test_one_network_takes_nothing_from_another_until_all_of_them_ask() -> None:
    trials = Trials()
    for _ in range(OF_A_NETWORK):
        assert trials.take("192.0.2.1", 0) == 0
    assert trials.take("192.0.2.1", 0) > 0
    others = [trials.take(f"198.51.{number}.1", 0) for number in range(OF_ALL - OF_A_NETWORK)]
    assert set(others) == {0}
    assert trials.take("203.0.113.1", 0) > 0
    assert trials.take("203.0.113.1", WITHIN_S) == 0


def test_nothing_of_a_trial_is_told_and_a_programs_own_room_is_never_taken_for_one(house: House) -> None:
    heard: list[Event] = []
    hears = apart(heard.append)
    trial_room = house.keys.verify(house.asks().json()["token"]).video.room
    own = ["check-in", "check-", trial_room + "0", trial_room.upper(), "m-" + trial_room]
    for name in (trial_room, *own):
        hears(RoomOpened(name, Room(name, "RM_1")))
    assert [event.room for event in heard] == own
