"""What a day brings by itself: periods end, invoices are written, who hasn't paid is told.

Law: it may be killed anywhere and goes on where it was. Some organisations are one transaction, after which they aren't due any more; so
none is charged twice. One that fails is found by halving them, and keeps nobody waiting. A day that the server was off is made up for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.billing import store
from folkmoot.billing.billing import BY_TIME, Billing, carry, opened, refresh
from folkmoot.billing.daybook import Daybook
from folkmoot.billing.deciding import Dissolve, FallDue, GiveUp, PassTime
from folkmoot.billing.dunning import Step, day_of, next_step
from folkmoot.billing.tables import days
from folkmoot.jobs import Jobs
from folkmoot.kit import Recurring
from folkmoot.orgs import OrgId

KIND = "billing.day"
LOOK_S = 300.0
AT_ONCE = 50
MOST_S = 60.0
"""Of one job; what is left is the next one's."""

log = structlog.get_logger("folkmoot.billing")

Words = Callable[[AsyncConnection, OrgId, Step, str, date], Awaitable[None]]
"""Says to an organisation's owners what is open, and when it is restricted. In the transaction of the step."""
Several = Callable[[AsyncConnection, Daybook], Awaitable[None]]


async def no_words(*_: object) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Closing:
    at: Billing
    words: Words = no_words
    jobs: Jobs = field(init=False)
    _looking: Recurring = field(init=False)
    _failed: set[OrgId] = field(default_factory=set)

    def __post_init__(self) -> None:
        object.__setattr__(self, "jobs", self.at.orgs.jobs)
        object.__setattr__(self, "_looking", Recurring("closing days", self.look, LOOK_S, self.at.clock))
        self.jobs.does(KIND, self.work)

    async def start(self) -> None:
        await refresh(self.at)
        self._looking.start()

    async def stop(self) -> None:
        await self._looking.stop()

    def ailment(self) -> str | None:
        return self._looking.ailment() or ("some can't be charged" if self._failed else None)

    async def look(self) -> None:
        """One job a day, which is the database's to know."""
        today = self.at.today
        async with self.at.storage.writing() as connection:
            if await connection.scalar(days.select().where(days.c.day >= today).limit(1)) is None:
                await connection.execute(days.insert().values(day=today))
                await self.jobs.add(connection, KIND, {"day": str(today)})
        await refresh(self.at)

    async def work(self, said: Mapping[str, object]) -> None:
        """All that is due by now, whichever day the job was added on."""
        until = self.at.clock.monotonic() + MOST_S
        self._failed.clear()
        for wanted, several in ((store.due, self._turn), (store.to_dun, self._dun)):
            while some := await self._some(wanted):
                await self._all(several, some)
                if self.at.clock.monotonic() > until:
                    await self._go_on(said)
                    return
        await refresh(self.at)

    async def _go_on(self, said: Mapping[str, object]) -> None:
        async with self.at.storage.writing() as connection:
            await self.jobs.add(connection, KIND, said)

    async def _some(
        self, wanted: Callable[[AsyncConnection, date, int], Awaitable[Sequence[OrgId]]]
    ) -> list[OrgId]:
        """Those that failed in this round wait for the next day."""
        async with self.at.storage.reading() as connection:
            found = await wanted(connection, self.at.today, AT_ONCE + len(self._failed))
        return [org for org in found if org not in self._failed]

    async def _all(self, several: Several, orgs: Sequence[OrgId]) -> None:
        try:
            async with self.at.storage.writing(alone=True) as connection:
                book = await opened(self.at, connection, *orgs)
                await several(connection, book)
                await book.write(connection)
        except Exception:
            if len(orgs) > 1:
                await self._all(several, orgs[::2])
                await self._all(several, orgs[1::2])
                return
            log.exception("an organisation can't be charged", org=orgs[0])
            self._failed.add(orgs[0])

    async def _turn(self, connection: AsyncConnection, book: Daybook) -> None:
        there = await store.there(connection, book.folios)
        for org in book.folios:
            carry(book, org, PassTime() if org in there else Dissolve(), BY_TIME)
            await asyncio.sleep(0)  # whoever is in a meeting comes first

    async def _dun(self, connection: AsyncConnection, book: Daybook) -> None:
        """One step of each invoice a day."""
        today = book.now.date()
        for org, folio in book.folios.items():
            for number, (due_on, taken) in [*folio.opened.items()]:
                step = next_step(due_on, taken, today)
                if step is None:
                    continue
                steps = {**taken, step: today}
                book.open(folio, number, due_on, steps)
                carry(book, org, GiveUp() if step is Step.ENDED else FallDue(), BY_TIME)
                await self.words(connection, org, step, number, day_of(Step.RESTRICTED, due_on, steps))
            await asyncio.sleep(0)
