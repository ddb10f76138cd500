"""Programs that come to a whole server's doors: by HTTP, on the channel, by LiveKit's signal."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
from livekit.protocol import rtc as wire
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from folkmoot.meetings.model import admission_of, encode
from folkmoot.roomservice.methods import METHODS
from tests.product import Product

SECRET = b"\x07" * 16
ADMISSION = encode(admission_of(SECRET))
HOME, ELSEWHERE = "198.51.100.7", "203.0.113.9"


class Visitor:
    """One program at the meeting's doors."""

    def __init__(self, product: Product, http: aiohttp.ClientSession, number: str) -> None:
        self.product, self.http, self.number = product, http, number
        self.joined: dict[str, Any] = {}
        self.line: ClientConnection | None = None
        self.heard: list[dict[str, Any]] = []
        self.made: dict[str, Any] = {}
        """Of its maker: passcode and host key."""

    async def join(self, name: str, **proof: Any) -> int:
        """What is answered is in `joined`. `address`: where they come from, as a proxy of this machine says."""
        came = {"X-Forwarded-For": proof.pop("address")} if "address" in proof else {}
        body = {"name": name, "device": encode(secrets.token_bytes(16))} | proof
        url = f"{self.product.address}api/meetings/{self.number}/join"
        async with self.http.post(url, json=body, headers=came) as answer:
            self.joined = await answer.json()
            return answer.status

    async def comes(self, name: str, **proof: Any) -> str:
        """The role they are in with, or the code that keeps them out."""
        if await self.join(name, **({"admission": ADMISSION} | proof)) != 200:
            return str(self.joined["code"])
        greeted = await self.enter()
        return str(greeted["welcome"]["you"]["role"] if "welcome" in greeted else greeted["denied"]["code"])

    @property
    def id(self) -> str:
        return str(self.joined["participant"])

    async def enter(self) -> dict[str, Any]:
        path = f"/api/meetings/{self.number}/channel?token={self.joined['channel_token']}"
        self.line = await connect(
            self.product.signal_url + path, proxy=None, max_size=None, ping_interval=None
        )
        await self.line.send(json.dumps({"hello": {}}))
        return await self.until("welcome", "denied")

    async def do(self, feature: str, type: str, **payload: Any) -> dict[str, Any]:
        assert self.line
        id = secrets.token_hex(4)
        await self.line.send(
            json.dumps({"do": {"id": id, "feature": feature, "type": type, "payload": payload}})
        )
        return await self.until("done", "refused", id=id)

    async def until(self, *kinds: str, id: str | None = None, within: float = 20) -> dict[str, Any]:
        async with asyncio.timeout(within):
            while True:
                for message in await self.next():
                    for kind in kinds:
                        if kind in message and (id is None or message[kind].get("id") == id):
                            return message

    async def next(self) -> list[dict[str, Any]]:
        assert self.line
        said = json.loads(await self.line.recv())
        messages = said if isinstance(said, list) else [said]
        self.heard += messages
        return messages

    def events(self, type: str, **like: Any) -> list[dict[str, Any]]:
        """Payloads of those that were heard."""
        told = (message["event"] for message in self.heard if "event" in message)
        found = (event["payload"] for event in told if event["type"] == type)
        return [one for one in found if like.items() <= one.items()]

    async def event(self, type: str, within: float = 20, **like: Any) -> dict[str, Any]:
        """The last of that type that was heard, or the next."""
        async with asyncio.timeout(within):
            while not self.events(type, **like):
                await self.next()
        return self.events(type, **like)[-1]

    async def refused_at_once(self) -> int:
        """The code with which a new channel is closed, by the ticket from before."""
        path = f"/api/meetings/{self.number}/channel?token={self.joined['channel_token']}"
        async with connect(self.product.signal_url + path, proxy=None) as line:
            with contextlib.suppress(ConnectionClosed):
                await line.send(json.dumps({"hello": {}}))
                while True:
                    await line.recv()
            return line.close_code or 0

    async def asks(self, method: str, path: str, **body: Any) -> tuple[int, Any]:
        """By HTTP, with their channel token."""
        bearer = {"Authorization": f"Bearer {self.joined['channel_token']}"}
        url = f"{self.product.address}api/meetings/{self.number}/{path}"
        async with self.http.request(method, url, json=body or None, headers=bearer) as answer:
            return answer.status, await answer.json() if answer.content_length else None

    async def media_ticket(self) -> str:
        """The newest that was heard, or the next."""
        while not (heard := [message["media"] for message in self.heard if "media" in message]):
            await self.next()
        return str(heard[-1]["token"])


@contextlib.asynccontextmanager
async def meeting(product: Product, **wish: Any) -> AsyncIterator[Visitor]:
    """With its host inside."""
    connector = aiohttp.TCPConnector(
        force_close=True
    )  # a socket that the server has just let go of is no answer
    async with aiohttp.ClientSession(connector=connector) as http:
        body = {"title": "The secret plan", "admission": ADMISSION} | wish
        async with http.post(f"{product.address}api/meetings", json=body) as answer:
            made = await answer.json()
        host = Visitor(product, http, made["number"])
        host.made = made
        assert await host.join("Ada", admission=ADMISSION, host_key=made["host_key"]) == 200
        await host.enter()
        yield host


async def signals(product: Product, ticket: str, path: str = "/rtc") -> wire.JoinResponse | int:
    """What the room's own door says to that token: how one is in, or the status of the refusal."""
    try:
        async with connect(f"{product.signal_url}{path}?access_token={ticket}", proxy=None) as line:
            first = wire.SignalResponse.FromString(await line.recv(decode=False))
            return first.join
    except InvalidStatus as refused:
        return refused.response.status_code


async def by_room_service(product: Product, host: Visitor, token: str) -> None:
    """Each method; what is answered is no, and no name."""
    room = f"m-{host.number}"
    for method in METHODS:
        url = f"{product.address}twirp/livekit.RoomService/{method}"
        body = {"room": room, "names": [room], "identity": host.joined["participant"]}
        async with host.http.post(url, json=body, headers={"Authorization": f"Bearer {token}"}) as answer:
            text = await answer.text()
            assert answer.status in (400, 401), (method, answer.status)
            assert "Ada" not in text and "plan" not in text
