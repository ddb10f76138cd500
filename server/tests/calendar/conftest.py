"""A whole server without sockets: accounts, a calendar, meetings whose media is noted, in a database of each kind, and a real mail server."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from folkmoot import calendar, rest
from folkmoot.accounts import router as accounts_router
from folkmoot.accounts.administering import Setup
from folkmoot.accounts.inside import COOKIE
from folkmoot.accounts.model import SignUp
from folkmoot.app import visiting
from folkmoot.bus import MemoryBus
from folkmoot.calendar import Bell, Calendar, Coming, Leaving, Links
from folkmoot.calendar.calendar import as_folkmoot
from folkmoot.capabilities import FEATURES
from folkmoot.kit import ManualClock, Refusal
from folkmoot.meetings import Meetings, StoredJournal, model
from folkmoot.meetings import router as meetings_router
from folkmoot.meetings.tickets import TokenSigner

from ..accounts.conftest import ORIGIN, Mailbox, Office, mailbox, opened
from ..meetings.house import NotedMedia

__all__ = ["mailbox"]

SECRET = b"s" * 32
HEADERS = {"origin": ORIGIN, "sec-fetch-site": "same-origin", "user-agent": "Firefox on Linux"}


@dataclass
class School:
    office: Office
    app: FastAPI
    calendar: Calendar
    meetings: Meetings
    media: NotedMedia
    bell: Bell
    leaving: Leaving
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    @property
    def clock(self) -> ManualClock:
        return self.office.clock

    @property
    def mailbox(self) -> Mailbox:
        return self.office.mailbox

    def browser(self) -> httpx.AsyncClient:
        """Of somebody who isn't signed in."""
        transport = httpx.ASGITransport(self.app, client=("192.0.2.1", 1))
        client = httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=HEADERS)
        self.clients.append(client)
        return client

    async def person(self, name: str, address: str, **more: str) -> Person:
        inside = await self.office.has_account(name, address, **more)
        client = self.browser()
        client.cookies.set(COOKIE, inside.token)
        return Person(self, client, inside.account.id, name, address)

    async def settled(self) -> None:
        await self.office.jobs.settled()


@dataclass
class Person:
    school: School
    client: httpx.AsyncClient
    id: str
    name: str
    address: str

    async def asks(self, method: str, path: str, status: int = 200, **json: Any) -> Any:
        answer = await self.client.request(method, path, json=json or None)
        assert answer.status_code == status, (answer.status_code, answer.text)
        return answer.json() if answer.content else None

    async def plans(self, title: str = "Physics", starts: str = "2026-01-05T09:00", **more: Any) -> Any:
        said = {"title": title, "starts": starts, "minutes": 60} | more
        return await self.asks("POST", "/api/calendar/meetings", 201, **said)

    async def refused(self, method: str, path: str, **json: Any) -> tuple[int, str]:
        answer = await self.client.request(method, path, json=json or None)
        assert answer.status_code >= 400, answer.text
        return answer.status_code, answer.json()["code"]


class Line:
    """A channel that keeps what it was told."""

    def __init__(self) -> None:
        self.media_url = "wss://meet.example"
        self.told: list[dict[str, Any]] = []
        self.code: int | None = None

    def send(self, text: str) -> None:
        said = json.loads(text)
        self.told += said if isinstance(said, list) else [said]

    def close(self, code: int) -> None:
        self.code = code

    @property
    def you(self) -> Any:
        return next(one["welcome"]["you"] for one in self.told if "welcome" in one)

    @property
    def snapshot(self) -> Any:
        return [one["welcome"]["snapshot"] for one in self.told if "welcome" in one][-1]

    def heard(self, kind: str) -> list[Any]:
        return [
            one["event"]["payload"] for one in self.told if "event" in one and one["event"]["type"] == kind
        ]


def proof_of(link: str) -> dict[str, str]:
    """As a page derives it of a link."""
    secret = model.decode(link.partition("#k=")[2])
    return {"admission": model.encode(model.admission_of(secret))}


async def join(client: httpx.AsyncClient, number: str, name: str = "", **proof: Any) -> httpx.Response:
    device = model.encode(name.encode().ljust(16, b"-")[:32])
    said = {"name": name, "device": device} | proof
    return await client.post(f"/api/meetings/{number}/join", json=said)


async def enters(
    school: School, client: httpx.AsyncClient, number: str, name: str = "", **proof: Any
) -> Line | Refusal:
    """By the door and the channel. What the door refuses is a fault here."""
    answer = await join(client, number, name, **proof)
    assert answer.status_code == 200, answer.text
    ticket = school.meetings.read_ticket(number, answer.json()["channel_token"])
    assert ticket is not None
    line = Line()
    entered = await school.meetings.enter(ticket, line, None)
    if isinstance(entered, Refusal):
        return entered
    line.meeting, line.id = entered, ticket.participant  # type: ignore[attr-defined]
    return line


@contextlib.asynccontextmanager
async def school_of(
    office: Office, orgs: Callable[[str], Mapping[str, str]] = lambda _: {}, branded: Any = as_folkmoot
) -> AsyncIterator[School]:
    storage, clock, randomness = office.at.storage, office.clock, office.at.randomness
    media, bus = NotedMedia(), office.at.bus
    assert isinstance(bus, MemoryBus)
    meetings = Meetings(StoredJournal(storage, clock), FEATURES, media, bus, clock, randomness, SECRET)
    at = Calendar(
        *(storage, clock, randomness, office.at, Links(SECRET, ORIGIN), TokenSigner(SECRET)),
        *(office.at.post, meetings.presets),
        orgs=orgs,
        branded=branded,
    )
    app = FastAPI()
    meetings.plans = Coming(at)
    doors = meetings_router(meetings, visitor=partial(visiting, office.at))
    routers = [accounts_router(office.at, Setup(None)), doors]
    bell, leaving = Bell(clock), Leaving(at)
    routers += [calendar.router(at, meetings), calendar.open_router(at), calendar.own_router(at, bell)]
    rest.install(app, routers, "1")
    office.at.also_exported["calendar"] = partial(calendar.exported, at)
    school = School(office, app, at, meetings, media, bell, leaving)
    yield school
    for client in school.clients:
        await client.aclose()
    await leaving.stop()
    await meetings.stop()


@pytest.fixture
async def school(address: str, mailbox: tuple[Mailbox, int]) -> AsyncIterator[School]:
    async with opened(address, mailbox, SignUp.OPEN, mail=True) as office, school_of(office) as made:
        yield made


@pytest.fixture
async def ada(school: School) -> Person:
    return await school.person("Ada", "ada@school.example", time_zone="Europe/Berlin")
