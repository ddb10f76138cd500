"""When somebody goes: what they owned is handed over or cancelled, what it was invited to is told to nobody else; and what somebody may take along."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts import Account, AccountDeleted
from folkmoot.accounts.model import AccountId, Address, State
from folkmoot.accounts.tables import accounts
from folkmoot.calendar import handing_over, occurring, planning, repeating, store
from folkmoot.calendar.calendar import Calendar, visitor
from folkmoot.calendar.model import Kind, Series
from folkmoot.calendar.tables import series
from folkmoot.meetings import planned
from folkmoot.orgs import MemberLeft, OrgDeleted
from folkmoot.orgs.model import State as Membership
from folkmoot.orgs.tables import members

log = structlog.get_logger("folkmoot.calendar")


class Leaving:
    """Listens for who goes, and looks now and then for whom it missed."""

    def __init__(self, at: Calendar) -> None:
        self._at = at
        self._tasks: set[asyncio.Task[None]] = set()
        bus = at.accounts.bus
        self._ends = [
            bus.subscribe(AccountDeleted, lambda event: self._soon(self.gone(event.account))),
            bus.subscribe(MemberLeft, lambda event: self._soon(self.left(event.org, event.account))),
            bus.subscribe(OrgDeleted, lambda event: self._soon(self.dissolved(event.org))),
        ]

    async def stop(self) -> None:
        for end in self._ends:
            end()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def settled(self) -> None:
        await asyncio.gather(*self._tasks)

    async def look(self) -> None:
        """A server may have been killed between what happened and the news of it."""
        async with self._at.storage.reading() as connection:
            known = sa.select(accounts.c.id)
            orphaned = sa.select(series.c.owner).where(series.c.owner.not_in(known)).distinct()
            gone = list(await connection.scalars(orphaned))
            left = (await connection.execute(_left_behind())).all()
        for account in gone:
            await self.gone(account)
        for row in left:
            await self.left(row.org, row.owner)
        await self._forget_cancelled()

    async def gone(self, account: str) -> None:
        """What they planned passes to who follows, or ends; all else of theirs ends."""
        inherited: dict[str, tuple[Account, list[Series]]] = {}
        async with self._at.storage.writing() as connection:
            heir = (await store.preferences(connection, account)).heir
            owned = await store.owned(connection, account)
            for one in owned:
                follows = await handing_over.follower(connection, one, heir) if self._goes_on(one) else None
                if follows is None:
                    await self._end(connection, one)
                else:
                    after = await handing_over.hand_over(self._at, connection, one, *follows)
                    inherited.setdefault(after.owner, (follows[0], []))[1].append(after)
            for to, came in inherited.values():
                await handing_over.tell_heir(self._at, connection, to, came)
            await store.forget_account(connection, account)
        for one in owned:
            self._at.tell_changed(one.number)
        await self._at.storage.forget_deleted()

    async def left(self, org: str, account: str) -> None:
        """Somebody is no member any more: what belongs to the organisation stays with it."""
        async with self._at.storage.writing() as connection:
            theirs = await store.of_org(connection, org, account)
            came: list[Series] = []
            to: Account | None = None
            for one in theirs:
                follows = await handing_over.follower(connection, one, None) if self._goes_on(one) else None
                if follows is None:
                    await store.change(connection, replace(one, org=None))
                else:
                    to = follows[0]
                    came.append(await handing_over.hand_over(self._at, connection, one, *follows))
            if to is not None:
                await handing_over.tell_heir(self._at, connection, to, came)
        for one in theirs:
            self._at.tell_changed(one.number)

    async def dissolved(self, org: str) -> None:
        async with self._at.storage.writing() as connection:
            await store.forget_org(connection, org)

    def _goes_on(self, one: Series) -> bool:
        if one.kind is not Kind.PLANNED or one.cancelled_at is not None:
            return False
        last = occurring.last_end(one)
        return last is None or last > self._at.clock.now()

    async def _end(self, connection: AsyncConnection, one: Series) -> None:
        if one.cancelled_at is None:
            after = replace(one, cancelled_at=self._at.clock.now())
            await planning.put(self._at, connection, one, after, self._server(one))
        await store.remove(connection, one.id)
        await planned.retire(connection, one.number)

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

    def _soon(self, what: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(what)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _left_behind() -> sa.Select[Any]:
    """Meetings of an organisation whose owner is no member of it."""
    c, m = series.c, members.c
    there = sa.exists().where(m.org == c.org, m.account == c.owner, m.state == Membership.MEMBER.value)
    known = sa.exists().where(accounts.c.id == c.owner)
    return sa.select(c.org, c.owner).where(c.org.is_not(None), known, ~there).distinct()


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
                "organisation": one.series.org,
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
        "heir": wanted.heir,
        "quiet_hours": [wanted.quiet_from, wanted.quiet_to],
    }
