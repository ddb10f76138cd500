"""What other programs are told, in which order, and what a receiver that is slow or away costs."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from folkmoot.engine.fake import FakeEngine
from folkmoot.kit import ManualClock, SystemRandomness
from folkmoot.protocol.joining import Joining
from folkmoot.protocol.requests import AddTrack, Leave, Offer
from folkmoot.protocol.responses import Message
from folkmoot.protocol.tokens import Claims, Keys, VideoGrant
from folkmoot.protocol.values import Kind, Source
from folkmoot.rooms.live import Rooms
from folkmoot.roomservice.webhooks import MOST_WAITING, PAUSES_S, Webhooks

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
        self.open = asyncio.Event()
        self.open.set()
        self.webhooks = Webhooks(
            ["http://receiver/hook"], "key", self.keys, self.rooms, self.clock, SystemRandomness(),
            post=self.post, pause=self.pause,
        )  # fmt: skip
        self.rooms.listen(self.webhooks.happened)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        await self.open.wait()
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
    house.rooms.open("told")
    await house.told(1)
    assert [(hook["room"]["name"], hook["numDropped"]) for hook in house.got] == [("told", 1)]


async def test_one_that_is_away_is_not_asked_in_vain_for_everything(house: House) -> None:
    house.answers = [500] * (len(PAUSES_S) + 1 + 3)
    for number in range(5):
        house.rooms.open(f"r{number}")
    await house.told(1)
    assert [(hook["room"]["name"], hook["numDropped"]) for hook in house.got] == [("r4", 4)]
    assert house.pauses == list(PAUSES_S)


async def test_a_receiver_that_hangs_costs_its_oldest_news_and_nobody_else(house: House) -> None:
    house.open.clear()
    for number in range(MOST_WAITING + 11):
        house.rooms.open(f"r{number}")
        await asyncio.sleep(0)
    house.open.set()
    await house.told(MOST_WAITING + 1)
    assert len(house.got) == MOST_WAITING + 1
    assert sum(hook.get("numDropped", 0) for hook in house.got) == 10
    assert house.got[-1]["room"]["name"] == f"r{MOST_WAITING + 10}"


async def test_stopping_waits_a_moment_for_a_quick_receiver(house: House) -> None:
    house.rooms.open("r")
    house.rooms.close_all()
    await house.webhooks.stop()
    assert [hook["event"] for hook in house.got] == ["room_started", "room_finished"]
