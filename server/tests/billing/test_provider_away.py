"""A provider that takes connections and never answers, beside a whole server: meetings don't notice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from folkmoot.app import LARGEST_BODY, billing_of, create_app
from folkmoot.billing import providing, store
from folkmoot.billing.billing import Billing, carry_out
from folkmoot.billing.deciding import Start
from folkmoot.billing.plans import Period
from folkmoot.bus import MemoryBus
from folkmoot.config import load
from folkmoot.engine.fake import FakeEngine
from folkmoot.keyring import equipped, new_secrets
from folkmoot.kit import ManualClock
from folkmoot.orgs import OrgId
from folkmoot.orgs import store as orgs
from folkmoot.orgs.model import Joining, Org
from folkmoot.storage import Storage, open_storage, sqlite_url

from .conftest import NORTHFIELD, TEAM

ORG = OrgId("o_northfield")


class Silence(asyncio.Protocol):
    """Counts who comes, and says nothing."""

    def __init__(self) -> None:
        self.came = asyncio.Semaphore(0)
        self.count = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.count += 1
        self.came.release()


async def sell(storage: Storage, at: Billing) -> None:
    """An invoice is open, and there is a way to pay it."""
    async with storage.writing() as connection:
        await orgs.add_org(connection, Org(ORG, "Northfield", Joining.NEVER, at.clock.now()))
        await store.put_plan(connection, TEAM)
        await store.put_customer(connection, ORG, NORTHFIELD)
        await carry_out(at, connection, ORG, Start(TEAM.id, 3, Period.MONTH, "EUR"), "owner")
        way = providing.WayToPay(ORG, "cus_1", "pm_1", at.clock.now())
        await providing.put_way(connection, way)


@pytest.fixture
async def silence() -> AsyncIterator[tuple[Silence, str]]:
    heard = Silence()
    server = await asyncio.get_running_loop().create_server(lambda: heard, "127.0.0.1", 0)
    yield heard, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()


@pytest.fixture
async def app(tmp_path: Path, silence: tuple[Silence, str]) -> AsyncIterator[FastAPI]:
    stripe = {"key": "sk_test_1", "webhook_secrets": ["whsec_1"], "address": silence[1]}
    flags = {"dev": True, "data": tmp_path, "billing": {"provider": "stripe", "stripe": stripe}}
    own, engine = new_secrets(), FakeEngine()
    config, clock = equipped(load(flags, {}), own), ManualClock()
    storage = await open_storage(sqlite_url(tmp_path / "folkmoot.db"))
    await sell(storage, billing_of(config, own, storage, clock))
    made = create_app(config, own, storage, MemoryBus(), engine, clock)
    async with made.router.lifespan_context(made):
        yield made
    engine.close()


async def test_people_join_while_it_is_waited_for(app: FastAPI, silence: tuple[Silence, str]) -> None:
    heard, _ = silence
    await heard.came.acquire()  # the invoice is being collected, and nothing comes back
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        made = (await client.post("/api/meetings", json={"title": "Monday", "preset": "open"})).json()
        for name in ("Ada", "Ben", "Cy"):
            said = {"name": name, "host_key": made["host_key"]}
            joined = await client.post(f"/api/meetings/{made['number']}/join", json=said)
            assert joined.status_code == 200, joined.text
    assert heard.count == 1, "nobody asked it because of them"


async def test_its_door_takes_no_more_than_it_needs(app: FastAPI) -> None:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answer = await client.post("/api/payments/stripe", content=b"x" * (LARGEST_BODY + 1))
        assert (answer.status_code, answer.json()["code"]) == (413, "http.413")
        answer = await client.post("/api/payments/stripe", content=b"x")
        assert (answer.status_code, answer.json()["code"]) == (400, "billing.forged")
