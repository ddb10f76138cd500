"""A server with meetings alone, to be killed: `python one_process.py PORT DATABASE`."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from folkmoot import channel, rest
from folkmoot.bus import MemoryBus
from folkmoot.capabilities import FEATURES
from folkmoot.kit import SystemClock, SystemRandomness
from folkmoot.meetings import Meetings, StoredJournal, router
from folkmoot.rooms.turnstile import Turnstile
from folkmoot.storage import open_storage, sqlite_url


class NoMedia:
    def token(self, room: str, identity: str, **_: object) -> str:
        return ""

    def inside(self, room: str) -> list[str]:
        return []

    def enforce(self, room: str, **_: object) -> None:
        return

    def close(self, room: str) -> bool:
        return False


@asynccontextmanager
async def life(app: FastAPI) -> AsyncIterator[None]:
    storage = await open_storage(sqlite_url(Path(sys.argv[2])))
    clock = SystemClock()
    meetings = Meetings(
        StoredJournal(storage),
        FEATURES,
        NoMedia(),
        MemoryBus(),
        clock,
        SystemRandomness(),
        b"outside of the database",
    )
    rest.install(app, [router(meetings)], "0")
    app.router.routes += channel.routes(meetings, Turnstile())
    await meetings.start()
    yield
    await meetings.stop()
    await storage.close()


if __name__ == "__main__":
    uvicorn.run(FastAPI(lifespan=life), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
