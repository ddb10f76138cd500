"""The door itself: who may open it, what is let through, and what each end is told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient, WebSocketDenialResponse, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from folkmoot import channel, rest
from folkmoot.capabilities import FEATURES
from folkmoot.channel.outbox import MOST_BYTES, Outbox
from folkmoot.channel.routes import is_ours
from folkmoot.channel.session import MOST_WASTED
from folkmoot.kit import Bucket
from folkmoot.meetings import router
from folkmoot.meetings.budgets import COMMANDS
from folkmoot.meetings.feature import May
from folkmoot.rooms.turnstile import Turnstile, Who

from ..meetings.house import ADMISSION, House


class Building:
    """The house with its doors, over HTTP."""

    def __init__(self, client: TestClient, house: House) -> None:
        self.client, self.house = client, house
        self.made = client.post("/api/meetings", json={"admission": ADMISSION}).json()

    @property
    def number(self) -> str:
        return str(self.made["number"])

    def joins(self, name: str, **proof: Any) -> dict[str, Any]:
        body = {"name": name, "admission": ADMISSION} | proof
        answer = self.client.post(f"/api/meetings/{self.number}/join", json=body)
        assert answer.status_code == 200, answer.text
        joined: dict[str, Any] = answer.json()
        return joined

    def host(self, name: str) -> dict[str, Any]:
        return self.joins(name, host_key=self.made["host_key"])

    def opens(self, token: str, number: str | None = None, **headers: str) -> WebSocketTestSession:
        path = f"/api/meetings/{number or self.number}/channel?token={token}"
        return self.client.websocket_connect(path, headers=headers)

    def opens_as_a_page(self, *protocols: str) -> WebSocketTestSession:
        return self.client.websocket_connect(f"/api/meetings/{self.number}/channel", subprotocols=protocols)


def built(turnstile: Turnstile) -> Iterator[Building]:
    house = House()
    app = FastAPI()
    rest.install(app, [router(house.meetings)], "0.1.0")
    app.router.routes += channel.routes(house.meetings, turnstile)
    with TestClient(app) as client:
        yield Building(client, house)


@pytest.fixture
def building() -> Iterator[Building]:
    yield from built(Turnstile())


class Crowded(Turnstile):
    """Seven are before each newcomer, then one, then none; who comes back waits for nobody."""

    async def turn(
        self, who: Who, tell: Any = None, *, back: bool = False, within: float | None = None
    ) -> bool:
        for place in () if back else (7, 1):
            tell(place)
        return True


@pytest.fixture
def crowded() -> Iterator[Building]:
    yield from built(Crowded())


def do(socket: WebSocketTestSession, id: str, feature: str, type: str, **payload: Any) -> None:
    socket.send_json({"do": {"id": id, "feature": feature, "type": type, "payload": payload}})


def enters(socket: WebSocketTestSession) -> dict[str, Any]:
    """Says hello for the first time; the welcome. The ticket for media is read over."""
    socket.send_json({"hello": {}})
    welcome: dict[str, Any] = socket.receive_json()["welcome"]
    assert "media" in socket.receive_json()
    return welcome


def closed(socket: WebSocketTestSession) -> int:
    """Reads until the end; its code."""
    while True:
        try:
            socket.receive_json()
        except WebSocketDisconnect as end:
            return int(end.code)


def test_hello_is_answered_with_welcome_and_a_command_with_its_event_then_done(building: Building) -> None:
    ada = building.host("Ada")
    with building.opens(ada["channel_token"]) as socket:
        socket.send_json({"hello": {}})
        welcome = socket.receive_json()["welcome"]
        may = sorted(May)
        you = {"participant": ada["participant"], "name": "Ada", "role": "owner", "may": may}
        assert (welcome["you"], welcome["now"]) == (you, "2026-01-01T12:00:00+00:00")
        assert set(welcome["snapshot"]) == {"meeting", *(feature.name for feature in FEATURES)}
        media = socket.receive_json()["media"]
        assert media["url"] == "ws://testserver" and ada["participant"] in media["token"]
        do(socket, "c1", "chat", "send", text="hello")
        event = socket.receive_json()["event"]
        assert event == {
            "seq": welcome["seq"] + 1,
            "at": "2026-01-01T12:00:00+00:00",
            "feature": "chat",
            "type": "sent",
            "by": ada["participant"],
            "payload": {"id": "m1", "text": "hello"},
        }
        assert socket.receive_json() == {"done": {"id": "c1", "seq": event["seq"]}}
        do(socket, "c1", "chat", "send", text="hello")
        assert socket.receive_json() == {"done": {"id": "c1", "seq": event["seq"]}}, "a repeat is harmless"
        do(socket, "c2", "chat", "send", text="")
        assert socket.receive_json() == {"refused": {"id": "c2", "code": "chat.empty", "params": {}}}


def test_a_page_shows_its_ticket_beside_the_protocol_and_not_in_the_address(building: Building) -> None:
    ada = building.host("Ada")
    with building.opens_as_a_page("folkmoot", ada["channel_token"]) as socket:
        assert socket.accepted_subprotocol == "folkmoot"
        assert enters(socket)["you"]["name"] == "Ada"


@pytest.mark.parametrize("offered", [("folkmoot",), ("folkmoot", "no-ticket"), ("else", "x", "y")])
def test_a_page_that_shows_no_good_ticket_is_sent_for_one(
    building: Building, offered: tuple[str, ...]
) -> None:
    with building.opens_as_a_page(*offered) as socket:
        assert closed(socket) == 4001


def test_resuming_brings_what_was_missed(building: Building) -> None:
    ada, bo = building.joins("Ada"), building.joins("Bo")
    with building.opens(bo["channel_token"]) as socket:
        socket.send_json({"hello": {}})
        seen = socket.receive_json()["welcome"]["seq"]
    with building.opens(ada["channel_token"]) as socket:
        enters(socket)
        do(socket, "c1", "chat", "send", text="while you were away")
        socket.receive_json(), socket.receive_json()
    with building.opens(bo["channel_token"]) as socket:
        socket.send_json({"hello": {"resume": seen}})
        resumed = socket.receive_json()["resumed"]
        assert (resumed["seq"], resumed["you"]["name"]) == (seen + 2, "Bo")
        assert [socket.receive_json()["event"]["type"] for _ in range(2)] == ["joined", "sent"]
        assert "media" in socket.receive_json(), "a fresh one each time"


@pytest.mark.parametrize("seen", [99_999_999, 10**15])
def test_a_number_the_log_never_had_gets_a_fresh_welcome(building: Building, seen: int) -> None:
    with building.opens(building.joins("Ada")["channel_token"]) as socket:
        socket.send_json({"hello": {"resume": seen}})
        assert "welcome" in socket.receive_json()


@pytest.mark.parametrize(
    "token", ["", "x", "a.b.c", "p_1.9999999999.", "é", "p_1.99999999999999999999.x", "x" * 5000]
)
def test_a_bad_token_is_told_apart_by_its_close_code_only(building: Building, token: str) -> None:
    with building.opens(token) as socket:
        assert closed(socket) == 4001


def test_a_token_opens_its_own_meeting_and_until_its_end(building: Building) -> None:
    token = building.joins("Ada")["channel_token"]
    other = building.client.post("/api/meetings", json={"admission": ADMISSION}).json()["number"]
    for number in (other, "999999999999", "nonsense"):
        with building.opens(token, number) as socket:
            assert closed(socket) == 4001
    building.house.clock.advance(12 * 3600)
    with building.opens(token) as socket:
        assert closed(socket) == 4001


def test_removed_ended_and_replaced_are_close_codes_of_their_own(building: Building) -> None:
    ada, bo = building.host("Ada"), building.joins("Bo")
    with building.opens(ada["channel_token"]) as host, building.opens(bo["channel_token"]) as guest:
        for socket in (host, guest):
            socket.send_json({"hello": {}})
            socket.receive_json()
        with building.opens(ada["channel_token"]) as newer:
            newer.send_json({"hello": {}})
            newer.receive_json()
            assert closed(host) == 4004
            do(newer, "c1", "meeting", "remove", participant=bo["participant"])
            assert closed(guest) == 4002
            do(newer, "c2", "meeting", "end")
            assert closed(newer) == 4003
    for who, code in ((ada, 4003), (bo, 4003)):
        with building.opens(who["channel_token"]) as socket:
            socket.send_json({"hello": {}})
            assert closed(socket) == code


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://testserver.evil.example", "http://testserver:99"]
)
def test_another_sites_page_is_refused_before_the_upgrade(building: Building, origin: str) -> None:
    token = building.joins("Ada")["channel_token"]
    with pytest.raises(WebSocketDenialResponse) as denied, building.opens(token, origin=origin):
        pass
    assert denied.value.status_code == 403


@pytest.mark.parametrize(
    ("origin", "host", "ours"),
    [
        (None, "meet.example", True),
        ("https://meet.example", "meet.example", True),
        ("https://MEET.example", "meet.example", True),
        ("http://localhost:5173", "localhost:7880", True),
        ("http://127.0.0.1:5173", "[::1]:7880", True),
        ("http://localhost:5173", "meet.example", False),
        ("https://other.example", "meet.example", False),
        ("https://allowed.example", "meet.example", True),
        ("https://[", "meet.example", False),
        ("", "meet.example", False),
    ],
)
def test_whose_page_it_is(origin: str | None, host: str, ours: bool) -> None:
    assert is_ours(origin, host, ["https://allowed.example"]) is ours


@pytest.mark.parametrize(
    "frame",
    ["", "{", "[]", "null", "7", '"x"', "{}", '{"do": {}}', '{"do": null}', "[" * 30_000, '{"hello": {"resume": -1}}',
     '{"do": {"id": "", "feature": "chat", "type": "send"}}', '{"do":{"id":7,"feature":"chat","type":"send"}}'],
)  # fmt: skip
def test_nonsense_is_dropped_and_the_channel_lives(building: Building, frame: str) -> None:
    with building.opens(building.joins("Ada")["channel_token"]) as socket:
        socket.send_text(frame)
        enters(socket)
        socket.send_text(frame)
        do(socket, "c1", "reactions", "raise")
        assert "event" in socket.receive_json()


def test_nonsense_without_end_is_not_listened_to(building: Building) -> None:
    with building.opens(building.joins("Ada")["channel_token"]) as socket:
        for _ in range(MOST_WASTED + 1):
            socket.send_text("{}")
        assert closed(socket) == 1008


def test_nothing_is_done_before_hello(building: Building) -> None:
    with building.opens(building.joins("Ada")["channel_token"]) as socket:
        do(socket, "c1", "chat", "send", text="too early")
        socket.send_json({"hello": {}})
        assert socket.receive_json()["welcome"]["snapshot"]["chat"]["messages"] == []


def test_binary_frames_are_not_our_language(building: Building) -> None:
    with building.opens(building.joins("Ada")["channel_token"]) as socket:
        socket.send_bytes(b"\0" * 100)
        assert closed(socket) == 1003


def test_what_is_too_large_is_refused_by_its_id_so_that_it_is_not_sent_for_ever(building: Building) -> None:
    with building.opens(building.joins("Ada")["channel_token"]) as socket:
        enters(socket)
        do(socket, "c1", "chat", "send", text="x" * 40_000)
        assert socket.receive_json()["refused"] == {"id": "c1", "code": "meeting.too_large", "params": {}}
        do(socket, "c2", "chat", "send", text="short")
        assert "event" in socket.receive_json()


def test_twenty_commands_at_once_then_four_a_second(building: Building) -> None:
    with building.opens(building.joins("Ada")["channel_token"]) as socket:
        enters(socket)
        for n in range(COMMANDS + 1):
            do(socket, f"c{n}", "reactions", "lower")
        answers = [socket.receive_json() for _ in range(COMMANDS + 1)]
        assert all("done" in answer for answer in answers[:COMMANDS])
        refused = answers[COMMANDS]["refused"]
        assert (refused["code"], refused["params"]) == ("meeting.rate_limited", {"retry_after_s": 0.3})
        building.house.clock.advance(refused["params"]["retry_after_s"])
        do(socket, "again", "reactions", "lower")
        assert socket.receive_json()["done"]["id"] == "again"


def test_a_bucket_fills_no_higher_than_its_brim() -> None:
    bucket = Bucket(20, 5.0, 0)
    assert [bucket.take(1000) for _ in range(21)][-1] > 0


async def test_who_does_not_read_is_cut_and_costs_no_more_memory() -> None:
    light = Outbox()
    for _ in range(10_000):
        light.send("x")
    assert light.code is None, "many small ones are little"
    for _ in range(MOST_BYTES // 64):
        light.send("")
    assert light.code == 4008 and await light.next() is None, "but they aren't nothing"
    heavy = Outbox()
    for _ in range(20):
        heavy.send("x" * (MOST_BYTES // 10))
    assert heavy.code == 4008 and await heavy.next() is None


async def test_what_was_sent_before_the_close_still_arrives() -> None:
    outbox = Outbox()
    outbox.send(json.dumps({"event": 1}))
    outbox.close(4003)
    outbox.send("too late")
    outbox.close(1000)
    assert [await outbox.next(), await outbox.next(), outbox.code] == ['{"event": 1}', None, 4003]


async def test_a_writer_waits_until_there_is_something() -> None:
    outbox = Outbox()
    waiting = asyncio.create_task(outbox.next())
    await asyncio.sleep(0)
    assert not waiting.done()
    outbox.send("now")
    assert await waiting == "now"


def test_who_comes_with_many_is_told_its_place_until_it_is_in(crowded: Building) -> None:
    ada = crowded.host("Ada")
    with crowded.opens(ada["channel_token"]) as socket:
        socket.send_json({"hello": {}})
        assert [socket.receive_json() for _ in range(2)] == [
            {"queued": {"place": 7}},
            {"queued": {"place": 1}},
        ]
        welcome = socket.receive_json()["welcome"]
    with crowded.opens(ada["channel_token"]) as socket:
        socket.send_json({"hello": {"resume": welcome["seq"]}})
        assert "resumed" in socket.receive_json()


def test_a_locked_door_is_told_and_closed(building: Building) -> None:
    ada, bo = building.host("Ada"), building.joins("Bo")
    with building.opens(ada["channel_token"]) as host:
        enters(host)
        do(host, "c1", "meeting", "lock", locked=True)
        with building.opens(bo["channel_token"]) as guest:
            guest.send_json({"hello": {}})
            assert guest.receive_json() == {"denied": {"code": "meeting.locked", "params": {}}}
            assert closed(guest) == 4005


def test_a_budget_is_the_persons_not_the_connections(building: Building) -> None:
    token = building.joins("Ada")["channel_token"]
    with building.opens(token) as socket:
        enters(socket)
        for n in range(COMMANDS):
            do(socket, f"c{n}", "reactions", "lower")
            assert "done" in socket.receive_json()
    with building.opens(token) as socket:
        enters(socket)
        do(socket, "one more", "reactions", "lower")
        assert socket.receive_json()["refused"]["code"] == "meeting.rate_limited"
        do(socket, "applause", "reactions", "react", emoji="👍")
        assert "event" in socket.receive_json(), "applause has a budget of its own"


def test_a_page_that_says_it_goes_is_gone_for_the_others(building: Building) -> None:
    ada, bo = building.joins("Ada"), building.joins("Bo")
    with building.opens(ada["channel_token"]) as staying, building.opens(bo["channel_token"]) as going:
        enters(staying)
        enters(going)
        assert staying.receive_json()["event"]["type"] == "joined"
        going.send_json({"leaving": {}})
        event = staying.receive_json()["event"]
        assert (event["type"], event["payload"]) == ("away", {"participant": bo["participant"]})
