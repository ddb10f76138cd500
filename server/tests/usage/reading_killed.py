"""`python -m server.tests.usage.reading_killed FOLDER read|forget`: the reading of a journal, killed at every step.

Two meetings have ended and one goes on. `forget`: retention is over for the two.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from server.tests.killed import everywhere, rows
from server.tests.meetings.house import House
from sqlalchemy.ext.asyncio import AsyncConnection

import folkmoot.app  # noqa: F401
from folkmoot.kit import ManualClock
from folkmoot.meetings import StoredJournal
from folkmoot.storage import Storage, open_storage, sqlite_url
from folkmoot.usage import Reading

LATER_S = 3600.0
EXPECTED = [("o_school", 2 * 2 * 1_800_000 + 3_300_000, 3, 2, 5)]


async def of_a_school(_: AsyncConnection, number: str) -> str:
    return "o_school"


async def hold(file: Path) -> None:
    storage = await open_storage(sqlite_url(file))
    house = House(StoredJournal(storage))
    for _ in range(2):
        house.created = None
        ada = await house.comes("Ada", host=True)
        await house.comes("Bo")
        house.clock.advance(1800)
        await ada.do("meeting", "end")
    house.created = None
    await house.comes("Cy", host=True)
    await storage.close()


async def _with(file: Path, do: Callable[[Storage, Reading], Awaitable[object]]) -> None:
    storage = Storage(sqlite_url(file))
    clock = ManualClock()
    clock.advance(2 * 1800 + LATER_S)
    await do(storage, Reading(storage, clock, of_a_school))
    await storage.close()


async def read(_: Storage, reading: Reading) -> None:
    await reading.read()


async def forget(storage: Storage, reading: Reading) -> None:
    journal = StoredJournal(storage)
    journal.owns(reading)
    await journal.forget(reading.clock.now() + timedelta(seconds=1))
    await reading.read()


def main(folder: Path, work: Callable[[Storage, Reading], Awaitable[None]]) -> int:
    file, held = folder / "folkmoot.db", folder.with_name("held.db")
    folder.mkdir()
    asyncio.run(hold(file))
    shutil.copy(file, held)

    def as_before() -> None:
        shutil.rmtree(folder)
        folder.mkdir()
        shutil.copy(held, file)

    def again() -> None:
        for _ in range(2):
            asyncio.run(_with(file, work))
        assert (
            rows(file, "SELECT org, sum(ms), sum(meetings), max(peak), sum(people) FROM usage_days")
            == EXPECTED
        )
        left = rows(file, "SELECT count(*) FROM usage_positions")
        assert left == [(3 if work is read else 1,)]

    return everywhere(as_before, lambda: asyncio.run(_with(file, work)), again)


if __name__ == "__main__":
    print(main(Path(sys.argv[1]), read if sys.argv[2] == "read" else forget))
