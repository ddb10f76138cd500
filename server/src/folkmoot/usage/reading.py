"""Reads the journal on, again and again, and to its end before a log is forgotten.

Law: what was read, and how far, is one transaction. While a meeting goes on its minutes are counted up to five minutes ago: by then all
that happened is in the journal. A short restart interrupts no meeting; of a longer absence, who was in is counted until the server
is last known to have run, and not on until it is back.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.kit import Clock, Recurring
from folkmoot.storage import Storage
from folkmoot.usage import store
from folkmoot.usage.counting import Count, Position, milliseconds
from folkmoot.usage.store import Log

EVERY_S = 60.0
AT_ONCE = 200
"""Logs, in one transaction."""
BEHIND = timedelta(minutes=5)
ABSENT = timedelta(minutes=5)
SITTINGS_KEPT = timedelta(days=400)
"""As many months as one may look back at, and a little."""

Whose = Callable[[AsyncConnection, str], Awaitable[str]]
"""Which organisation a meeting is of, by its number; empty: none."""


@dataclass(frozen=True, slots=True)
class Absence:
    """The server was off, in milliseconds since 1970."""

    began: int
    ended: int


@dataclass(slots=True)
class Reading:
    storage: Storage
    clock: Clock
    whose: Whose
    _again: Recurring = field(init=False)
    _came_back: bool = False

    def __post_init__(self) -> None:
        self._again = Recurring("counting usage", self.read, EVERY_S, self.clock)

    async def start(self) -> None:
        """Before anybody comes: what is in the journal is of before."""
        await self.read()
        self._again.start()

    async def stop(self) -> None:
        await self._again.stop()

    def ailment(self) -> str | None:
        return self._again.ailment()

    async def read(self) -> None:
        now = self.clock.now()
        absence = None if self._came_back else await self._absence(now)
        after: Log = ("", 0)
        while (last := await self._some(after, now, absence)) is not None:
            after = last
        async with self.storage.writing() as connection:
            await store.forget_sittings(connection, now - SITTINGS_KEPT)
            await store.put_beat(connection, now)
        self._came_back = True

    async def _absence(self, now: datetime) -> Absence | None:
        async with self.storage.reading() as connection:
            beat = await store.beat(connection)
        if beat is None or now - beat <= ABSENT:
            return None
        return Absence(milliseconds(beat), milliseconds(now))

    async def _some(self, after: Log, now: datetime, absence: Absence | None) -> Log | None:
        """The last of those that were read; None: there was none."""
        async with self.storage.writing() as connection:
            logs = await store.unread(connection, after, AT_ONCE)
            for log, over in logs:
                until = None if over else milliseconds(now - BEHIND)
                await self._take(connection, log, until, absence, over=over)
        return logs[-1][0] if logs else None

    async def _take(
        self, connection: AsyncConnection, log: Log, until: int | None, absence: Absence | None, *, over: bool
    ) -> None:
        found = await store.position(connection, log)
        org, before = (None, Position()) if found is None else found
        count = Count(before)
        count.read(await store.said(connection, log, before.seq))
        if absence is not None and count.position.here:
            count.pass_until(absence.began)
            count.skip_until(absence.ended)
        if until is not None and count.position.here:
            count.pass_until(until)
        if count.position == before and not over:
            return
        org = await self.whose(connection, log[0]) if org is None else org
        await store.add(connection, org, count.days)
        await store.add_sittings(connection, org, count.sittings)
        await store.put_position(connection, log, org, count.position, over=over, is_new=found is None)

    # --- what goes with a log -------------------------------------------------------------------------------------------

    async def forget(self, connection: Any, ids: Sequence[str]) -> None:
        """Single entries that go take nothing of this along."""

    async def forget_all_of(self, connection: Any, owners: Sequence[str]) -> None:
        for owner in owners:
            _, number, occurrence = owner.split(":")
            log = (number, int(occurrence))
            await self._take(connection, log, None, None, over=True)
            await store.forget(connection, log)
