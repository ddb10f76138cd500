"""The queue: added in the caller's transaction, done by whoever was named for its kind."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.jobs.tables import jobs
from folkmoot.kit import Clock, Randomness, Recurring
from folkmoot.storage import Storage

AT_ONCE = 4
"""Of one kind."""
LOOK_S = 5.0
"""A job that failed is due by the clock; new ones are looked for at once."""
LONGEST_S = 120.0
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
GIVE_UP = timedelta(days=3)

log = structlog.get_logger("folkmoot.jobs")

Work = Callable[[Mapping[str, Any]], Awaitable[None]]


class Unworkable(Exception):
    """Trying again won't help."""


@dataclass(frozen=True, slots=True)
class Job:
    id: str
    kind: str
    payload: Mapping[str, Any]
    made_at: datetime
    tries: int


class Jobs:
    def __init__(self, storage: Storage, clock: Clock, randomness: Randomness) -> None:
        self._storage, self._clock, self._randomness = storage, clock, randomness
        self._works: dict[str, Work] = {}
        self._looking = Recurring("jobs", self.look, LOOK_S, clock)
        self._under_way: dict[str, set[asyncio.Task[None]]] = {}
        self._ids: set[str] = set()
        self._begun = 0
        self._more: set[str] = set()
        """Kinds of which there may be more than there was room for."""
        self._one_looks = asyncio.Lock()

    def does(self, kind: str, work: Work) -> None:
        self._works[kind] = work
        self._under_way[kind] = set()

    async def add(self, connection: AsyncConnection, kind: str, payload: Mapping[str, Any]) -> None:
        """Within the transaction of what it follows from; looked for when that stands."""
        now = self._clock.now()
        row = {"id": self._randomness.token(12).hex(), "kind": kind, "payload": dict(payload), "made_at": now}
        await connection.execute(jobs.insert().values(**row, due_at=now, tries=0))
        self._storage.then(connection, self._looking.soon)

    def start(self) -> None:
        self._looking.start()

    async def stop(self) -> None:
        """What is under way is ended; it is done again after the next start."""
        await self._looking.stop()
        tasks = [task for some in self._under_way.values() for task in some]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def ailment(self) -> str | None:
        return self._looking.ailment()

    async def look(self) -> None:
        """Begins what is due, as far as there is room. Two who look at once would begin the same."""
        async with self._one_looks:
            for kind in self._under_way:
                await self._begin(kind)

    async def _begin(self, kind: str) -> None:
        under_way = self._under_way[kind]
        room = AT_ONCE - len(under_way)
        found = await self._due(kind, room)
        (self._more.add if len(found) == room else self._more.discard)(kind)
        for job in found:
            task = asyncio.create_task(self._do(job), name=f"job {kind}")
            self._ids.add(job.id)
            self._begun += 1
            under_way.add(task)
            task.add_done_callback(under_way.discard)
            task.add_done_callback(partial(self._ended, kind, job.id))

    def _ended(self, kind: str, id: str, _: object) -> None:
        self._ids.discard(id)
        if kind in self._more:
            self._looking.soon()

    async def settled(self) -> None:
        """Everything that is due is done or put off. What was begun may have ended before the look did, and have added more."""
        while True:
            begun = self._begun
            await self.look()
            tasks = [task for some in self._under_way.values() for task in some]
            if not tasks and begun == self._begun:
                return
            await asyncio.gather(*tasks)

    async def given_up(self) -> list[tuple[Job, str]]:
        async with self._storage.reading() as connection:
            rows = await connection.execute(
                jobs.select().where(jobs.c.due_at.is_(None)).order_by(jobs.c.made_at)
            )
            return [(_job(row), row.failed) for row in rows]

    # --- inside -----------------------------------------------------------------------------------------------------

    async def _due(self, kind: str, most: int) -> list[Job]:
        if most <= 0:
            return []
        c = jobs.c
        wanted = jobs.select().where(c.kind == kind, c.due_at <= self._clock.now(), c.id.not_in(self._ids))
        async with self._storage.reading() as connection:
            return [_job(row) for row in await connection.execute(wanted.order_by(c.due_at).limit(most))]

    async def _do(self, job: Job) -> None:
        try:
            async with asyncio.timeout(LONGEST_S):
                await self._works[job.kind](job.payload)
        except Exception as fault:  # noqa: BLE001  (kept with the job)
            await self._put_off(job, fault)
        else:
            async with self._storage.writing() as connection:
                await connection.execute(jobs.delete().where(jobs.c.id == job.id))

    async def _put_off(self, job: Job, fault: Exception) -> None:
        now, why = self._clock.now(), f"{type(fault).__name__}: {fault}"[:500]
        over = isinstance(fault, Unworkable) or now - job.made_at > GIVE_UP
        pause = min(FIRST_PAUSE * 2 ** min(job.tries, 20), LONGEST_PAUSE)
        log.warning("a job failed", kind=job.kind, job=job.id, tries=job.tries + 1, given_up=over, why=why)
        later = {"tries": job.tries + 1, "failed": why, "due_at": None if over else now + pause}
        with contextlib.suppress(sa.exc.SQLAlchemyError):  # then it is due as before
            async with self._storage.writing() as connection:
                await connection.execute(jobs.update().where(jobs.c.id == job.id).values(later))


def _job(row: Any) -> Job:
    return Job(row.id, row.kind, row.payload, row.made_at, row.tries)
