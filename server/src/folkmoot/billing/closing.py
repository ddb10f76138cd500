"""What a day brings by itself: periods end, invoices are written, who hasn't paid is told.

Law: it may be killed anywhere and goes on where it was. Each organisation is one transaction, after which it isn't due any more; so
none is charged twice, and one that fails keeps nobody waiting. A day that the server was off is made up for.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.billing import store
from folkmoot.billing.billing import BY_TIME, Billing, carry_out, refresh
from folkmoot.billing.deciding import Dissolve, FallDue, GiveUp, PassTime
from folkmoot.billing.dunning import Step, day_of, next_step
from folkmoot.billing.tables import days
from folkmoot.jobs import Jobs
from folkmoot.kit import Recurring
from folkmoot.orgs import OrgId
from folkmoot.orgs import store as orgs

KIND = "billing.day"
LOOK_S = 300.0
AT_ONCE = 50
MOST_S = 60.0
"""Of one job; what is left is the next one's."""

log = structlog.get_logger("folkmoot.billing")

Words = Callable[[AsyncConnection, OrgId, Step, str, date], Awaitable[None]]
"""Says to an organisation's owners what is open, and when it is restricted. In the transaction of the step."""


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
        for wanted, one in ((store.due, self._turn), (store.to_dun, self._dun)):
            while some := await self._some(wanted):
                for org in some:
                    await self._each(one, org)
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

    async def _each(self, one: Callable[[AsyncConnection, OrgId], Awaitable[None]], org: OrgId) -> None:
        try:
            async with self.at.storage.writing() as connection:
                await one(connection, org)
        except Exception:
            log.exception("an organisation can't be charged", org=org)
            self._failed.add(org)

    async def _turn(self, connection: AsyncConnection, org: OrgId) -> None:
        there = await orgs.org_of(connection, org) is not None
        await carry_out(self.at, connection, org, PassTime() if there else Dissolve(), BY_TIME)

    async def _dun(self, connection: AsyncConnection, org: OrgId) -> None:
        """One step of each invoice a day."""
        today = self.at.today
        for number, (due_on, taken) in (await store.open_of(connection, org)).items():
            step = next_step(due_on, taken, today)
            if step is None:
                continue
            steps = {**taken, step: today}
            await store.put_open(connection, org, number, due_on, steps)
            await self._take(connection, org, step, number, day_of(Step.RESTRICTED, due_on, steps))

    async def _take(
        self, connection: AsyncConnection, org: OrgId, step: Step, number: str, restricted_on: date
    ) -> None:
        command = GiveUp() if step is Step.ENDED else FallDue()
        await carry_out(self.at, connection, org, command, BY_TIME)
        await self.words(connection, org, step, number, restricted_on)
