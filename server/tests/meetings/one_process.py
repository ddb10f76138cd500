"""A server with meetings alone, to be killed: `python one_process.py PORT DATABASE`."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from folkmoot import channel, chat, reactions, rest
from folkmoot.bus import MemoryBus
from folkmoot.kit import SystemClock, SystemRandomness
from folkmoot.meetings import Meetings, StoredJournal, router
from folkmoot.storage import open_storage, sqlite_url


class NoMedia:
    def token(self, room: str, identity: str, *, name: str = "") -> str:
        return ""

    def mute(self, room: str, identity: str, source: str) -> bool:
        return False

    def remove(self, room: str, identity: str) -> bool:
        return False

    def close(self, room: str) -> bool:
        return False


@asynccontextmanager
async def life(app: FastAPI) -> AsyncIterator[None]:
    storage = await open_storage(sqlite_url(Path(sys.argv[2])))
    clock = SystemClock()
    meetings = Meetings(
        StoredJournal(storage),
        [chat.feature, reactions.feature],
        NoMedia(),
        MemoryBus(),
        clock,
        SystemRandomness(),
        b"outside of the database",
    )
    rest.install(app, [router(meetings)], "0")
    app.router.routes += channel.routes(meetings, clock)
    await meetings.start()
    yield
    await meetings.stop()
    await storage.close()


if __name__ == "__main__":
    uvicorn.run(FastAPI(lifespan=life), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
