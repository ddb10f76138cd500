"""When an account goes: what it owned is handed over or cancelled, what it was invited to is told to nobody else; and what somebody may take along."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
import structlog

from folkmoot.accounts import Account, AccountDeleted
from folkmoot.accounts.model import AccountId, Address, State
from folkmoot.accounts.tables import accounts
from folkmoot.calendar import planning, repeating, store
from folkmoot.calendar.calendar import Calendar, visitor
from folkmoot.calendar.model import Series
from folkmoot.calendar.tables import series
from folkmoot.meetings import planned

log = structlog.get_logger("folkmoot.calendar")


class Leaving:
    """Listens for accounts that go, and looks now and then for whom it missed."""

    def __init__(self, at: Calendar, heir: Callable[[str], str | None] = lambda _: None) -> None:
        """`heir`: who of their organisation takes over; None: what they owned ends."""
        self._at, self._heir = at, heir
        self._tasks: set[asyncio.Task[None]] = set()
        self._end = at.accounts.bus.subscribe(AccountDeleted, self._heard)

    async def stop(self) -> None:
        self._end()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def settled(self) -> None:
        await asyncio.gather(*self._tasks)

    async def look(self) -> None:
        """A server may have been killed between the deletion and the news of it."""
        async with self._at.storage.reading() as connection:
            known = sa.select(accounts.c.id)
            orphaned = sa.select(series.c.owner).where(series.c.owner.not_in(known)).distinct()
            gone = list(await connection.scalars(orphaned))
        for account in gone:
            await self.gone(account)
        await self._forget_cancelled()

    async def gone(self, account: str) -> None:
        heir = self._heir(account)
        async with self._at.storage.writing() as connection:
            owned = await store.owned(connection, account)
            for one in owned:
                if heir is not None:
                    await store.change(connection, replace(one, owner=heir))
                    continue
                if one.cancelled_at is None:
                    after = replace(one, cancelled_at=self._at.clock.now())
                    await planning.cancel_in(self._at, connection, one, after, self._server(one))
                await store.remove(connection, one.id)
                await planned.retire(connection, one.number)
            await store.forget_account(connection, account)
        for one in owned:
            self._at.tell_changed(one.number)
        await self._at.storage.forget_deleted()

    def _server(self, of: Series) -> Account:
        """Whoever it was is gone, with their name."""
        site = self._at.accounts.settings.site
        noreply = Address(f"noreply@{site.partition(':')[0]}", proven=True)
        id, made = AccountId(of.owner), of.made_at
        return Account(
            id, site, "en", of.zone, State.ACTIVE, operator=False, made_at=made, addresses=(noreply,)
        )

    async def _forget_cancelled(self) -> None:
        """What was cancelled is forgotten as what took place is."""
        old = self._at.clock.now() - self._at.kept_for
        async with self._at.storage.writing() as connection:
            wanted = sa.select(series.c.id, series.c.number).where(series.c.cancelled_at <= old).limit(100)
            for row in (await connection.execute(wanted)).all():
                await store.remove(connection, row.id)
                await planned.retire(connection, row.number)

    def _heard(self, event: AccountDeleted) -> None:
        task = asyncio.create_task(self.gone(event.account))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def exported(at: Calendar, account: Account) -> dict[str, Any]:
    """What of the calendar names them."""
    async with at.storage.reading() as connection:
        entries = await store.entries(connection, visitor(account), None)
        invited = {
            one.series.id: await store.invited(connection, one.series.id) for one in entries if one.mine.hosts
        }
        templates = await store.templates_of(connection, account.id)
        wanted = await store.preferences(connection, account.id)
    return {
        "meetings": [
            {
                "title": one.series.title,
                "notes": one.series.notes,
                "number": one.series.number,
                "mine": one.mine.value,
                "made_at": one.series.made_at.isoformat(),
                "times": [
                    {
                        "starts": f"{part.starts:%Y-%m-%dT%H:%M}",
                        "zone": part.zone,
                        "rule": repeating.written(part),
                    }
                    for part in one.series.stretches
                ],
                "answer": one.invitation.answer if one.invitation else None,
                "invited": [
                    {"name": who.name, "address": who.address, "answer": who.answer}
                    for who in invited.get(one.series.id, ())
                ],
            }
            for one in entries
        ],
        "templates": [{"name": name, **wish} for _, name, wish in templates],
        "quiet_hours": [wanted.quiet_from, wanted.quiet_to],
    }
