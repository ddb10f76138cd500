"""Every part that lives as long as the server, made ill one after the other: it is named, counted, told once, and well again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs

from folkmoot.app import create_app
from folkmoot.bus import MemoryBus
from folkmoot.config import load
from folkmoot.engine import native
from folkmoot.engine.fake import FakeEngine
from folkmoot.health import Health
from folkmoot.keyring import equipped, new_secrets
from folkmoot.kit import ManualClock
from folkmoot.meetings import commits
from folkmoot.meetings.commits import Commits, Step
from folkmoot.rooms.turnstile import Turnstile
from folkmoot.storage import open_storage, sqlite_url


async def until(so: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(10):
        while not await so():  # noqa: ASYNC110  (it is the loop's own doing that is waited for)
            await asyncio.sleep(0.001)


class Served:
    def __init__(self, app: FastAPI, engine: FakeEngine, client: httpx.AsyncClient) -> None:
        self.app, self.engine, self.client = app, engine, client

    async def health(self) -> tuple[int, str]:
        answer = await self.client.get("/healthz")
        return answer.status_code, answer.text

    async def is_told(self, expected: str) -> None:
        async def told() -> bool:
            return (await self.health())[1] == expected

        await until(told)


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    engine = FakeEngine()
    storage = await open_storage(sqlite_url(tmp_path / "folkmoot.db"))
    config = equipped(load({"dev": True, "data": tmp_path}, {}), new_secrets())
    app = create_app(config, new_secrets(), storage, MemoryBus(), engine, ManualClock())
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 4000))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            yield Served(app, engine, client)
    engine.close()


async def test_a_media_thread_that_does_not_run_is_named_until_it_does(served: Served) -> None:
    assert await served.health() == (200, "ok")
    served.engine.runs = False
    with capture_logs() as lines:
        for _ in range(3):
            assert await served.health() == (503, "media: 1 of its 1 threads stand still")
        metrics = (await served.client.get("/metrics")).text
        served.engine.runs = True
        assert await served.health() == (200, "ok")
    assert "folkmoot_parts_ill 1.0" in metrics
    assert [line["event"] for line in lines] == [
        "a part of the server is ill",
        "a part of the server is well again",
    ]


async def test_a_media_thread_that_died_and_was_replaced_is_counted(served: Served) -> None:
    served.engine.emit("died", 0, "a fault of ours")

    async def counted() -> bool:
        return "folkmoot_media_died_total 1.0" in (await served.client.get("/metrics")).text

    await until(counted)
    assert await served.health() == (200, "ok")


async def test_events_that_cannot_be_read_are_asked_for_again_and_lose_none(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(native, "RETRY_S", 0.01)
    drain, asked = served.engine.drain, 0

    def broken() -> list[tuple[Any, ...]]:
        nonlocal asked
        asked += 1
        raise RuntimeError("poisoned")

    monkeypatch.setattr(served.engine, "drain", broken)
    with capture_logs() as lines:
        served.engine.emit("died", 0, "a fault of ours")
        await served.is_told("media: its events can't be read")
        monkeypatch.setattr(served.engine, "drain", drain)
        await served.is_told("ok")
    assert [line["log_level"] for line in lines].count("critical") == 1, "the event that waited was read"
    assert sum("can't be read" in line["event"] for line in lines) == 1
    assert asked < 200, "a descriptor that stays readable isn't asked without end"


async def test_a_server_that_stops_is_not_ready(served: Served) -> None:
    await served.app.state.farewell.say(within=0)
    assert await served.health() == (503, "stopping")


async def test_what_nobody_asks_for_is_noticed_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("folkmoot.health.EVERY_S", 0.001)
    health = Health(ManualClock())
    health.add("media", lambda: "its thread doesn't run")
    health.add("storage", lambda: 1 / 0)  # type: ignore[arg-type, return-value]
    with capture_logs() as lines:
        health.start()

        async def noticed() -> bool:
            return len(lines) > 1

        await until(noticed)
        await health.stop()
    assert [(line["part"], line["ailment"]) for line in lines] == [
        ("media", "its thread doesn't run"),
        ("storage", "can't be asked"),
    ]


# --- storage ----------------------------------------------------------------------------------------------------------


class Disk:
    """Storage whose transactions do what a test says."""

    def __init__(self) -> None:
        self.free = asyncio.Event()
        self.fault: Exception | None = None

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        await self.free.wait()
        if self.fault:
            raise self.fault
        yield None


def storing(clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> tuple[Disk, Commits, Callable[[], Any]]:
    async def written(connection: object, steps: object) -> None:
        return

    monkeypatch.setattr(commits, "_write", written)
    disk = Disk()
    writer = Commits(disk, clock)  # type: ignore[arg-type]
    return disk, writer, lambda: asyncio.create_task(writer.append(Step("1", 1, (), (), (), {})))


async def test_a_disk_that_hangs_is_told_until_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = ManualClock()
    disk, writer, append = storing(clock, monkeypatch)
    step = append()
    for _ in range(5):
        await asyncio.sleep(0)
    assert writer.ailment() is None
    clock.advance(commits.LATE_S + 1)
    assert writer.ailment() == "writing hangs"
    disk.free.set()
    await step
    assert writer.ailment() is None


async def test_a_disk_that_is_full_is_told_until_something_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    disk, writer, append = storing(ManualClock(), monkeypatch)
    disk.free.set()
    disk.fault = OSError("no space left")
    outcomes = await asyncio.gather(append(), append(), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [OSError, OSError]
    assert writer.ailment() == "writing fails"
    disk.fault = None
    await append()
    assert writer.ailment() is None


async def test_who_waits_for_a_writer_that_was_ended_is_told_and_the_next_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    disk, writer, append = storing(ManualClock(), monkeypatch)
    step = append()
    for _ in range(5):
        await asyncio.sleep(0)
    assert writer._writing is not None
    writer._writing.cancel()
    with pytest.raises(ConnectionAbortedError):
        await asyncio.wait_for(step, 10)
    disk.free.set()
    await asyncio.wait_for(append(), 10)


# --- the turnstile ----------------------------------------------------------------------------------------------------


async def test_one_who_cannot_be_told_their_place_keeps_nobody_outside() -> None:
    turnstile = Turnstile()

    def gone(place: int) -> None:
        raise OSError("gone")

    people = [asyncio.create_task(turnstile.turn(("room", str(n)), gone)) for n in range(40)]
    with capture_logs() as lines:
        async with asyncio.timeout(10):
            assert all(await asyncio.gather(*people))
    assert lines and turnstile.ailment() is None
