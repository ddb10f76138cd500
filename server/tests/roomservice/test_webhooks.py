"""What other programs are told, in which order, and what a receiver that is slow or away costs."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import pytest
import structlog

from folkmoot.engine.fake import FakeEngine
from folkmoot.kit import ManualClock, SystemRandomness
from folkmoot.protocol.joining import Joining
from folkmoot.protocol.requests import AddTrack, Leave, Offer
from folkmoot.protocol.responses import Message
from folkmoot.protocol.tokens import Claims, Keys, VideoGrant
from folkmoot.protocol.values import Kind, Source
from folkmoot.rooms.live import Rooms
from folkmoot.rooms.room import Room
from folkmoot.roomservice.webhooks import (
    AT_ONCE,
    AWAY_PAUSE_S,
    MOST_BYTES,
    PAUSES_S,
    TOO_OLD_S,
    Webhooks,
)

OFFER = "v=0\r\nm=audio 9 x 111\r\na=mid:0\r\na=sendonly\r\na=msid:s mic\r\n"


class Silent:
    def send(self, message: Message) -> None: ...
    def hang_up(self) -> None: ...


class House:
    """A receiver at the end of a line that a test can cut."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.engine = FakeEngine()
        self.keys = Keys({"key": "s" * 32}, self.clock)
        self.rooms = Rooms(self.engine, self.keys, self.clock)
        self.answers: list[int | OSError] = []
        self.got: list[dict[str, Any]] = []
        self.pauses: list[float] = []
        self.gone = False
        self.asked = 0
        self.open = asyncio.Event()
        self.open.set()
        self.webhooks = Webhooks(
            ["http://receiver/hook"], "key", self.keys, self.rooms, self.clock, SystemRandomness(),
            post=self.post, pause=self.pause,
        )  # fmt: skip
        self.rooms.listen(self.webhooks.happened)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        self.asked += 1
        await self.open.wait()
        if self.gone:
            raise ConnectionRefusedError
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, OSError):
            raise answer
        if answer == 200:
            claims = self.keys.verify(headers["Authorization"])
            assert claims.sha256 == base64.b64encode(hashlib.sha256(body).digest()).decode()
            assert headers["Content-Type"] == "application/webhook+json"
            self.got.append(json.loads(body))
        return answer

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        await asyncio.sleep(0)

    async def until(self, so: Callable[[], bool]) -> None:
        for _ in range(10_000):
            if so():
                return
            await asyncio.sleep(0)
        raise AssertionError("it never came to that")

    async def away(self) -> None:
        await self.until(lambda: AWAY_PAUSE_S in self.pauses)

    def room(self, name: str) -> Room:
        room = self.rooms.room(name)
        assert room is not None
        return room

    async def told(self, count: int) -> list[str]:
        for _ in range(10_000):
            if len(self.got) >= count:
                break
            await asyncio.sleep(0)
        return [hook["event"] for hook in self.got]

    def joins(self, identity: str, *, active: bool = True) -> str:
        claims = Claims("key", identity, video=VideoGrant("r", True))
        sid = self.rooms.join(claims, Joining(single=True), Silent())
        assert isinstance(sid, str)
        inside = self.rooms.room("r")
        me = inside.by_sid(sid) if inside else None
        assert me is not None
        if active:
            self.rooms.engine_events([("connected", me.single)])
        return sid


@pytest.fixture
async def house() -> AsyncIterator[House]:
    made = House()
    made.webhooks.start()
    yield made
    await made.webhooks.stop(0.01)
    made.engine.close()


async def test_the_whole_story_is_told_in_its_order(house: House) -> None:
    sid = house.joins("alice")
    house.rooms.handle(sid, "r", AddTrack("mic", Kind.AUDIO, Source.MICROPHONE))
    house.rooms.handle(sid, "r", Offer(OFFER))
    house.rooms.handle(sid, "r", Leave())
    house.rooms.close("r")
    assert await house.told(6) == [
        *("room_started", "participant_joined", "track_published"),
        *("track_unpublished", "participant_left", "room_finished"),
    ]
    assert len({hook["id"] for hook in house.got}) == 6
    assert all(hook["room"]["name"] == "r" and int(hook["createdAt"]) for hook in house.got)
    assert house.got[1]["participant"]["identity"] == "alice"
    assert house.got[2]["track"]["sid"] == house.got[3]["track"]["sid"]
    assert house.got[4]["participant"]["disconnectReason"] == "CLIENT_INITIATED"


async def test_one_whose_media_never_connected_is_told_apart(house: House) -> None:
    house.rooms.handle(house.joins("alice", active=False), "r", Leave())
    assert (await house.told(2))[1] == "participant_connection_aborted"


async def test_a_receiver_that_fails_is_asked_again_with_longer_and_longer_pauses(house: House) -> None:
    house.answers = [500, OSError("refused"), 503]
    house.rooms.open("r")
    assert await house.told(1) == ["room_started"]
    assert house.pauses == list(PAUSES_S[:3])


async def test_what_could_not_be_told_is_counted(house: House) -> None:
    house.answers = [500] * (len(PAUSES_S) + 1)
    house.rooms.open("lost")
    await house.until(lambda: house.webhooks.counts()["webhooks_lost"] == 1)
    house.rooms.open("told")
    await house.told(1)
    assert [(hook["room"]["name"], hook["numDropped"]) for hook in house.got] == [("told", 1)]


async def test_one_that_is_away_gets_what_happened_meanwhile_when_it_is_back(house: House) -> None:
    house.gone = True
    for number in range(300):
        house.rooms.open(f"r{number}")
    await house.until(lambda: house.pauses.count(AWAY_PAUSE_S) >= AT_ONCE)
    house.gone = False
    await house.told(300)
    assert {hook["room"]["name"] for hook in house.got} == {f"r{number}" for number in range(300)}
    assert house.webhooks.counts() == {"webhooks_waiting": 0, "webhooks_lost": 0, "webhook_receivers_away": 0}


async def test_one_that_is_away_is_named_once_and_by_a_number(house: House) -> None:
    house.gone = True
    with structlog.testing.capture_logs() as logged:
        for number in range(50):
            house.rooms.open(f"r{number}")
        await house.until(lambda: house.pauses.count(AWAY_PAUSE_S) > 3 * AT_ONCE)
    assert [line["url"] for line in logged if line["event"] == "webhook receiver away"] == [
        "http://receiver/hook"
    ]
    assert house.webhooks.counts()["webhook_receivers_away"] == 1
    assert house.webhooks.counts()["webhooks_waiting"] >= 50 - AT_ONCE


async def test_what_is_too_old_is_not_told_any_more(house: House) -> None:
    house.gone = True
    house.rooms.open("old")
    await house.away()
    house.clock.advance(TOO_OLD_S + 1)
    await house.until(lambda: house.webhooks.counts()["webhooks_lost"] == 1)
    house.gone = False
    house.rooms.open("new")
    await house.told(1)
    assert [(hook["room"]["name"], hook["numDropped"]) for hook in house.got] == [("new", 1)]


async def test_a_slow_receiver_gets_everything_and_each_room_in_its_order(house: House) -> None:
    house.open.clear()
    for number in range(150):
        house.rooms.open(f"r{number}")
    for number in range(150):
        house.rooms.close(f"r{number}")
        await asyncio.sleep(0)
    assert house.asked <= AT_ONCE
    house.open.set()
    await house.told(300)
    told = [(hook["room"]["name"], hook["event"]) for hook in house.got]
    for number in range(150):
        mine = [event for room, event in told if room == f"r{number}"]
        assert mine == ["room_started", "room_finished"]


async def test_a_receiver_that_hangs_costs_bounded_memory_and_nobody_else(house: House) -> None:
    house.open.clear()
    profile = "x" * 60_000
    for number in range(MOST_BYTES // len(profile) + 100):
        house.rooms.open(f"r{number}")
        house.room(f"r{number}").metadata = profile
        house.rooms.close(f"r{number}")
    counts = house.webhooks.counts()
    assert counts["webhooks_lost"] > 0
    assert counts["webhooks_waiting"] * 60_000 / 2 < MOST_BYTES * 1.1
    house.open.set()
    await house.told(int(counts["webhooks_waiting"]) + AT_ONCE)
    assert sum(hook.get("numDropped", 0) for hook in house.got) == counts["webhooks_lost"]


async def test_an_event_that_its_receiver_refuses_is_not_pressed_upon_it(house: House) -> None:
    house.answers = [400]
    house.rooms.open("refused")
    house.rooms.open("taken")
    await house.told(1)
    assert [hook["room"]["name"] for hook in house.got] == ["taken"]
    assert house.pauses == []


async def test_stopping_waits_a_moment_for_a_quick_receiver(house: House) -> None:
    house.rooms.open("r")
    house.rooms.close_all()
    await house.webhooks.stop()
    assert [hook["event"] for hook in house.got] == ["room_started", "room_finished"]
