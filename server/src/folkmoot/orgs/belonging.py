"""Who is in which organisation, in memory: what a meeting asks when somebody comes waits for nothing.

It follows the news, and is read anew now and then, should one have been missed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import sqlalchemy as sa
import structlog

from folkmoot.accounts import AccountId
from folkmoot.kit import Recurring
from folkmoot.orgs import floors
from folkmoot.orgs.events import MemberJoined, MemberLeft, OrgDeleted, RulesChanged
from folkmoot.orgs.floors import Floor
from folkmoot.orgs.model import OrgId, State
from folkmoot.orgs.orgs import Orgs
from folkmoot.orgs.ruling import floor_of
from folkmoot.orgs.tables import members, orgs, rules

EVERY_S = 300.0

log = structlog.get_logger("folkmoot.orgs")


class Belonging:
    def __init__(self, at: Orgs) -> None:
        self._at = at
        self._of: dict[str, dict[OrgId, str]] = {}
        self._rules: set[OrgId] = set()
        """Of those that say any."""
        self._reading = Recurring("who is in which organisation", self.read, EVERY_S, at.clock)
        self.ailment = self._reading.ailment
        self.then: list[Callable[[], Awaitable[None]]] = []
        """Done when it was read after some news."""
        self._following: asyncio.Task[None] | None = None
        self._news = False
        for kind in (MemberJoined, MemberLeft, OrgDeleted, RulesChanged):
            at.bus.subscribe(kind, lambda _: self._soon())

    async def start(self) -> None:
        await self.read()
        self._reading.start()

    async def stop(self) -> None:
        await self._reading.stop()
        if self._following is not None:
            self._following.cancel()

    async def read(self) -> None:
        c, o = members.c, orgs.c
        wanted = sa.select(c.account, o.id, o.name).join(orgs, o.id == c.org)
        there = wanted.where(c.state == State.MEMBER.value, c.account.is_not(None)).order_by(c.made_at)
        found: dict[str, dict[OrgId, str]] = {}
        async with self._at.storage.reading() as connection:
            for row in await connection.execute(there):
                found.setdefault(row.account, {})[OrgId(row.id)] = row.name
            ruled = await connection.execute(sa.select(rules.c.org).distinct())
            self._rules = {OrgId(row.org) for row in ruled}
        self._of = found

    def of(self, account: str) -> Mapping[str, str]:
        """What they have joined is called, by id: two may be called the same."""
        return {str(id): name for id, name in self._of.get(account, {}).items()}

    def name(self, account: str) -> str:
        """What the organisation is called that they have been in the longest; empty: they are in none."""
        return next(iter(self._of.get(account, {}).values()), "")

    async def floor(self, owner: str) -> Mapping[str, tuple[str, str]]:
        """Of their meetings: the strictest that any of their organisations says. Nothing is read where none says anything."""
        mine = [org for org in self._of.get(owner, {}) if org in self._rules]
        said: dict[str, floors.Decided] = {}
        for org in mine:
            said = _stricter(said, await floor_of(self._at, org, AccountId(owner)))
        return {name: (one.value, one.name) for name, one in said.items()}

    async def settled(self) -> None:
        if self._following is not None:
            await self._following

    def _soon(self) -> None:
        self._news = True
        if self._following is None or self._following.done():
            self._following = asyncio.get_running_loop().create_task(self._follow())

    async def _follow(self) -> None:
        """Once for all that happened meanwhile."""
        while self._news:
            self._news = False
            await self._reading.round()
            for one in self.then:
                try:
                    await one()
                except Exception:
                    log.exception("what follows from another organisation's news failed")


def _stricter(one: Mapping[str, floors.Decided], other: Floor) -> dict[str, floors.Decided]:
    found = dict(one)
    for name, decided in other.items():
        before = found.get(name)
        if before is None or floors.strictness(name, decided.value) > floors.strictness(name, before.value):
            found[name] = decided
    return found
