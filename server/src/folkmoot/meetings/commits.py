"""Group commit: what many meetings store while one transaction is under way is the next one, together.

Law: each is acknowledged only when its own entries are on the disk. If a group fails, each of it is tried alone, so that a fault of
one meeting costs no other its step.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.kit import Clock, SystemClock
from folkmoot.meetings.journal import Belongings
from folkmoot.meetings.tables import events, meetings, occurrences, snapshots
from folkmoot.storage import Storage

LATE_S = 10.0
"""A transaction that takes longer hangs: the disk, or who holds the database."""
STATUS = ("reserved", "locked", "entered", "empty_since", "ended_at")
SET_STATUS = (
    meetings.update()
    .where(meetings.c.number == sa.bindparam("of"))
    .values({name: sa.bindparam(f"new_{name}") for name in STATUS})
)


@dataclass(frozen=True, slots=True)
class Step:
    """What one meeting stores at once."""

    number: str
    occurrence: int
    rows: Sequence[Mapping[str, Any]]
    erased: Sequence[int]
    dropped: Sequence[str]
    status: Mapping[str, Any]


class Commits:
    def __init__(self, storage: Storage, clock: Clock | None = None) -> None:
        self._storage, self._clock = storage, clock or SystemClock()
        self.belongings: Belongings | None = None
        self._began_at: float | None = None
        self._failed: str | None = None
        self._waiting: list[tuple[Step, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def append(self, step: Step) -> None:
        through: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((step, through))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all())
        await through

    def ailment(self) -> str | None:
        if self._began_at is not None and self._clock.monotonic() - self._began_at > LATE_S:
            return "writing hangs"
        return self._failed

    async def _write_all(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting, []
            try:
                if await self._tried(group) is not None and len(group) > 1:
                    for one in group:
                        await self._tried([one])
            finally:
                self._began_at = None
                # whoever it was that ended this task: nobody waits for what nobody writes
                _tell(group, ConnectionAbortedError("the writer was ended"))

    async def _tried(self, group: list[tuple[Step, asyncio.Future[None]]]) -> BaseException | None:
        """The fault, if there was one; a group of several isn't told of it yet."""
        self._began_at = self._clock.monotonic()
        try:
            async with self._storage.writing() as connection:
                await _write(connection, [step for step, _ in group])
                dropped = [id for step, _ in group for id in step.dropped]
                if dropped and self.belongings is not None:
                    await self.belongings.forget(connection, dropped)
        except Exception as fault:  # noqa: BLE001  (told to whoever waits)
            if len(group) == 1:
                self._failed = None if isinstance(fault, IntegrityError) else "writing fails"
                _tell(group, fault)
            return fault
        self._failed = None
        _tell(group, None)
        return None


def _tell(group: list[tuple[Step, asyncio.Future[None]]], fault: BaseException | None) -> None:
    for _, through in group:
        if through.done():
            continue
        if fault is None:
            through.set_result(None)
        else:
            through.set_exception(fault)


async def _write(connection: AsyncConnection, steps: Sequence[Step]) -> None:
    rows = [dict(row) for step in steps for row in step.rows]
    await connection.execute(events.insert(), rows)
    for step in steps:
        if step.erased:
            mine = (events.c.number == step.number, events.c.occurrence == step.occurrence)
            erasing = events.update().where(*mine, events.c.seq.in_(step.erased)).values(payload={})
            await connection.execute(erasing)
            await connection.execute(snapshots.delete().where(snapshots.c.number == step.number))
    statuses = [
        {"of": step.number, **{f"new_{name}": step.status[name] for name in STATUS}} for step in steps
    ]
    await connection.execute(SET_STATUS, statuses)
    for step in steps:
        if step.status["ended_at"] is not None:
            c = occurrences.c
            mine = (c.number == step.number, c.occurrence == step.occurrence)
            ended = occurrences.update().where(*mine).values(ended_at=step.status["ended_at"])
            await connection.execute(ended)
