"""A7, the privilege matrix, asked of a whole server: whoever it is, whatever the meeting is set to, by LiveKit's own doors.

Channel and HTTP are asked cell by cell in `server/tests/meetings/test_privileges.py`, by the same table.
"""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from livekit.protocol import models
from livekit.protocol import rtc as wire
from tools.privileges import INSIDE, ROLES, SETTINGS, VERBS, may
from websockets.asyncio.client import connect

from tests.hostile.test_coming_back import invited, visitor
from tests.hostile.visitor import Visitor, by_room_service, meeting, signals
from tests.product import Product

SOURCES = {
    "microphone": models.TrackSource.MICROPHONE,
    "camera": models.TrackSource.CAMERA,
    "screen_share": models.TrackSource.SCREEN_SHARE,
}
ROOM = {str(verb): verb for verb in VERBS if verb.feature in ("room", "media")}


@asynccontextmanager
async def scene(product: Product, setting: str) -> AsyncIterator[dict[str, Visitor]]:
    """One of each, with the media ticket that they had, in a meeting set so."""
    async with meeting(product) as owner, meeting(product) as other:
        there = {role: visitor(owner) for role in ROLES} | {"owner": owner, "of another meeting": other}
        link = await invited(owner, "Member")
        await there["host"].comes("Host", host_key=owner.made["host_key"])
        await there["member"].comes("Member", admission=link)
        for role in ("cohost", "guest", "removed"):
            await there[role].comes(role)
        await owner.do("meeting", "make_cohost", participant=there["cohost"].id)
        tickets = {role: await one.media_ticket() for role, one in there.items() if role != "waiting"}
        await owner.do("meeting", "set_policy", waitingRoom="guests")
        assert await there["waiting"].comes("Waiting") == "waiting"
        await owner.do("meeting", "remove", participant=there["removed"].id)
        for step, payload in SETTINGS[setting].steps:
            named = payload | ({"participant": there["guest"].id} if payload.get("participant") else {})
            assert "done" in await owner.do("meeting", step, **named)
        for role, ticket in tickets.items():
            there[role].joined["media"] = ticket
        yield there


@pytest.mark.parametrize("setting", SETTINGS)
async def test_a7_by_a_media_ticket_from_before_one_sends_what_one_may_now(
    product: Product, setting: str
) -> None:
    """Raw at `/rtc`: the permission that is told, and what becomes of publishing all the same."""
    async with scene(product, setting) as there:
        for role in INSIDE:
            told, published = await publishing(product, there[role].joined["media"])
            expected = {source for source in SOURCES if may(role, ROOM[f"media.{source}"], setting)}
            assert (role, told) == (role, expected)
            assert (role, published) == (role, expected)
        assert await signals(product, there["removed"].joined["media"]) in (401, 403, 404)


async def test_a7_no_token_of_anybodys_rules_a_room_or_opens_another(product: Product) -> None:
    async with scene(product, "open") as there:
        owner, number = there["owner"], there["owner"].number
        for role, one in there.items():
            for token in (one.joined.get("media"), one.joined["channel_token"], one.joined["rejoin"]):
                if token is not None:
                    await by_room_service(product, owner, token)
            for token in (one.joined["channel_token"], one.joined["rejoin"], *forged(one, number)):
                for path in ("/rtc", "/rtc/v1"):
                    assert await signals(product, token, path) == 401, (role, path)
        claims = claims_of(there["guest"].joined["media"])
        assert claims["video"]["canPublishData"] is False and "roomAdmin" not in claims["video"]
        assert "done" in await owner.do("meeting", "mute_all"), "and nothing has changed"
        elsewhere = claims_of(there["of another meeting"].joined["media"])
        assert elsewhere["video"]["room"] != f"m-{number}"


async def publishing(product: Product, ticket: str) -> tuple[set[str], set[str]]:
    """What the room says they may send, and what it takes when they send everything."""
    async with connect(f"{product.signal_url}/rtc?access_token={ticket}", proxy=None) as line:
        first = wire.SignalResponse.FromString(await line.recv(decode=False))
        permission = first.join.participant.permission
        all_of_them = not permission.can_publish_sources and permission.can_publish
        told = {
            name
            for name, source in SOURCES.items()
            if all_of_them or source in permission.can_publish_sources
        }
        for name, source in SOURCES.items():
            kind = models.TrackType.AUDIO if name == "microphone" else models.TrackType.VIDEO
            track = wire.AddTrackRequest(cid=name, name=name, type=kind, source=source)
            await line.send(wire.SignalRequest(add_track=track).SerializeToString())
        await line.send(wire.SignalRequest(ping=1).SerializeToString())
        published = set()
        async for frame in line:
            said = wire.SignalResponse.FromString(frame if isinstance(frame, bytes) else frame.encode())
            if said.HasField("track_published"):
                published.add(said.track_published.cid)
            if said.HasField("pong"):
                break
        return told, published


def forged(one: Visitor, number: str) -> list[str]:
    """What a ticket of that room would look like: unsigned, and by somebody else's secret."""
    claims = {"sub": one.id, "iss": "devkey", "exp": 4102444800,
              "video": {"roomJoin": True, "roomAdmin": True, "room": f"m-{number}"}}  # fmt: skip
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return [f"eyJhbGciOiJub25lIn0.{body}.", one.product.token(one.id, f"m-{number}", secret="x" * 40)]


def claims_of(ticket: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(ticket.split(".")[1] + "=="))
    return found
