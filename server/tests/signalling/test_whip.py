"""WHIP: a program offers by HTTP, is in the room, and is the only one that changes or ends its session."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from folkmoot.engine.fake import FakeEngine
from folkmoot.kit import ManualClock
from folkmoot.protocol.tokens import Claims, Keys, RoomConfig, VideoGrant
from folkmoot.protocol.values import Permission, Source
from folkmoot.rooms.live import Rooms
from folkmoot.rooms.turnstile import Turnstile
from folkmoot.signalling import whip

CREDENTIALS = "a=ice-ufrag:mine\r\na=ice-pwd:secret\r\n"
OFFER = (
    f"v=0\r\nm=audio 9 x 111\r\n{CREDENTIALS}a=mid:0\r\na=sendonly\r\na=msid:s mic\r\n"
    f"m=video 9 x 96\r\n{CREDENTIALS}a=mid:1\r\na=sendonly\r\na=msid:s cam\r\n"
    "a=rid:q send\r\na=rid:h send\r\na=rid:f send\r\n"
)
FRAGMENT = "a=ice-ufrag:new\r\na=ice-pwd:newer\r\nm=audio 9 x 0\r\na=mid:0\r\na=candidate:1 1 udp 1 10.0.0.1 5 typ host\r\n"


class House:
    def __init__(self) -> None:
        self.clock, self.engine = ManualClock(), FakeEngine()
        self.keys = Keys({"key": "s" * 32}, self.clock)
        self.rooms = Rooms(self.engine, self.keys, self.clock)
        self.client = TestClient(Starlette(routes=whip.routes(self.rooms, self.keys, Turnstile())))

    def headers(self, identity: str = "cam", room: str = "r", **claims: Any) -> dict[str, str]:
        may = claims.pop("permission", Permission())
        made = Claims("key", identity, video=VideoGrant(room, True, permission=may), **claims)
        token = self.keys.mint(made, timedelta(minutes=5))
        return {"Authorization": f"Bearer {token}", "Content-Type": "application/sdp"}

    def creates(self, offer: str = OFFER, **claims: Any) -> Any:
        return self.client.post("/whip/v1", content=offer, headers=self.headers(**claims))

    def patches(self, path: str, tag: str, fragment: str = FRAGMENT, **claims: Any) -> Any:
        headers = self.headers(**claims) | {"Content-Type": "application/trickle-ice-sdpfrag"}
        headers |= {"If-Match": tag} if tag else {}
        return self.client.patch(path, content=fragment, headers=headers)

    def inside(self) -> list[str]:
        return self.rooms.inside("r")


@pytest.fixture
def house() -> Iterator[House]:
    made = House()
    with made.client:
        yield made
    made.engine.close()


def test_what_a_program_offers_is_published(house: House) -> None:
    made = house.creates()
    assert made.status_code == 201, made.text
    assert made.headers["content-type"] == "application/sdp"
    assert made.text.startswith("v=0")
    room = house.rooms.room("r")
    assert room is not None
    (cam,) = list(room)
    assert made.headers["location"] == f"/whip/v1/{cam.sid}"
    assert [(t.source, t.simulcast) for t in (p.info for p in cam.published.values())] == [
        (Source.MICROPHONE, False), (Source.CAMERA, True),
    ]  # fmt: skip
    assert cam.subscriptions == {}


def test_it_trickles_restarts_and_ends(house: House) -> None:
    made = house.creates()
    path, tag = made.headers["location"], made.headers["etag"]
    assert house.patches(path, tag).status_code == 204
    assert house.patches(path, tag.strip('"')).status_code == 204
    restarted = house.patches(path, "*")
    assert restarted.status_code == 200
    assert restarted.headers["content-type"] == "application/trickle-ice-sdpfrag"
    assert restarted.headers["etag"] != tag
    assert "a=ice-ufrag:" in restarted.text
    assert house.patches(path, tag).status_code == 412, "that was the session before"
    assert house.patches(path, restarted.headers["etag"]).status_code == 204
    room = house.rooms.room("r")
    assert room is not None
    assert len(next(iter(room)).published) == 2
    assert house.client.delete(path, headers=house.headers()).status_code == 200
    assert house.inside() == []
    assert house.client.delete(path, headers=house.headers()).status_code == 404


def test_nobody_else_changes_or_ends_it(house: House) -> None:
    path = house.creates().headers["location"]
    for claims in ({"identity": "eve"}, {"room": "other"}):
        assert house.patches(path, "*", **claims).status_code == 404
        assert house.client.delete(path, headers=house.headers(**claims)).status_code == 404
    assert house.client.delete(path).status_code == 401
    assert house.inside() == ["cam"]


def test_a_patch_that_says_nothing_is_refused(house: House) -> None:
    path = house.creates().headers["location"]
    assert house.patches(path, "").status_code == 428
    assert house.patches(path, "*", "hello").status_code == 400
    assert house.patches(path, "*", "a=candidate:1 1 udp 1 10.0.0.1 5 typ host\r\n").status_code == 400
    assert house.client.patch(path, content=FRAGMENT, headers=house.headers()).status_code == 400
    assert house.inside() == ["cam"]


@pytest.mark.parametrize(
    ("offer", "claims", "status"),
    [
        ("", {}, 400),
        ("v=0\r\n", {}, 400),
        ("v=0\r\nm=audio 9 x 111\r\na=mid:0\r\na=recvonly\r\n", {}, 400),
        (OFFER + "x" * 70_000, {}, 413),
        (OFFER, {"permission": Permission(can_publish=False)}, 401),
        (OFFER, {"permission": Permission(can_publish_sources=frozenset({Source.SCREEN_SHARE}))}, 400),
        (OFFER, {"identity": ""}, 400),
        (OFFER, {"room": "r" * 257}, 400),
    ],
)
def test_what_cant_be_published_leaves_nobody_behind(
    house: House, offer: str, claims: dict[str, Any], status: int
) -> None:
    refused = house.creates(offer, **claims)
    assert refused.status_code == status
    assert refused.json()["error"]
    assert house.inside() == []


def test_a_full_room_and_a_wrong_token_are_refused_and_pages_of_others_may_ask(house: House) -> None:
    house.rooms.create("full", RoomConfig(max_participants=1))
    assert house.creates(identity="first", room="full").status_code == 201
    assert house.creates(identity="second", room="full").status_code == 403
    assert (
        house.client.post("/whip/v1", content=OFFER, headers={"Content-Type": "application/sdp"}).status_code
        == 401
    )
    assert (
        house.client.post("/whip/v1", content=OFFER, headers={"Content-Type": "text/plain"}).status_code
        == 400
    )
    asked = house.client.options("/whip/v1")
    assert (asked.status_code, asked.headers["access-control-allow-origin"]) == (200, "*")
    assert house.client.get("/whip/v1").status_code == 204


def test_one_that_is_removed_has_no_session_any_more(house: House) -> None:
    path = house.creates().headers["location"]
    house.rooms.remove("r", "cam")
    assert house.patches(path, "*").status_code == 404


def test_one_that_comes_again_takes_its_own_place(house: House) -> None:
    first = house.creates().headers["location"]
    second = house.creates().headers["location"]
    assert house.inside() == ["cam"]
    assert house.patches(first, "*").status_code == 404
    assert house.client.delete(second, headers=house.headers()).status_code == 200
