"""What organisations do because of what happened to an account. Each is found again in the tables, should the server end between.

Law: a name and addresses that one has changed are found under the new ones; who deleted their account leaves no organisation
without an owner.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any

import sqlalchemy as sa
import structlog

from folkmoot.accounts import AccountChanged, AccountDeleted, AccountId, AddressProven
from folkmoot.accounts.store import account_of
from folkmoot.accounts.tables import accounts
from folkmoot.kit import Recurring
from folkmoot.orgs import adopting, proving_again, store
from folkmoot.orgs.changing import succession
from folkmoot.orgs.model import OrgId, Role, State
from folkmoot.orgs.orgs import Orgs, proven
from folkmoot.orgs.tables import members, orgs

TIDY_S = 600.0
MOST_AT_ONCE = 500

log = structlog.get_logger("folkmoot.orgs")


class Following:
    def __init__(self, at: Orgs) -> None:
        self._at = at
        self._under_way: set[asyncio.Task[None]] = set()
        self._tidying = Recurring("organisations", self.tidy, TIDY_S, at.clock)
        self.ailment = self._tidying.ailment
        at.jobs.does(adopting.ASK, lambda payload: adopting.ask(at, payload))
        at.jobs.does(proving_again.LOOK, lambda payload: proving_again.look(at, payload))
        at.bus.subscribe(AddressProven, self._proven)
        at.bus.subscribe(AccountChanged, lambda event: self._soon(self.refresh(event.account)))
        at.bus.subscribe(AccountDeleted, lambda _: self._soon(self.succeed()))

    def start(self) -> None:
        self._tidying.start()

    async def stop(self) -> None:
        await self._tidying.stop()
        await self.settled()

    async def settled(self) -> None:
        while self._under_way:
            await asyncio.gather(*self._under_way, return_exceptions=True)

    async def tidy(self) -> None:
        await self.succeed()
        at = self._at
        async with at.storage.writing() as connection:
            await store.forget_old_links(connection, at.clock.now())
            c, a = members.c, accounts.c
            stale = sa.select(c.account).join(accounts, a.id == c.account).where(a.name != c.name)
            found = [row.account for row in await connection.execute(stale.limit(MOST_AT_ONCE))]
        for account in found:
            await self.refresh(AccountId(account))
        await proving_again.begin(at)

    async def refresh(self, id: AccountId) -> None:
        async with self._at.storage.writing() as connection:
            account = await account_of(connection, id)
            if account is not None:
                seen = store.seen_as(account.name, proven(account))
                await connection.execute(members.update().where(members.c.account == id).values(seen))

    async def succeed(self) -> None:
        owned = sa.exists().where(
            members.c.org == orgs.c.id, members.c.role == Role.OWNER, members.c.state == State.MEMBER
        )
        async with self._at.storage.reading() as connection:
            ownerless = sa.select(orgs.c.id).where(~owned).limit(MOST_AT_ONCE)
            found = [OrgId(row.id) for row in await connection.execute(ownerless)]
        for org in found:
            await succession(self._at, org)

    def _proven(self, event: AddressProven) -> None:
        self._soon(self._came(event))

    async def _came(self, event: AddressProven) -> None:
        await self.refresh(event.account)
        await adopting.came(self._at, event.account, event.address)

    def _soon(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            task = asyncio.get_running_loop().create_task(_logged(work))
        except RuntimeError:  # the shell: nobody listens there
            work.close()
            return
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)


async def _logged(work: Coroutine[Any, Any, None]) -> None:
    with contextlib.suppress(asyncio.CancelledError):
        try:
            await work
        except Exception:
            log.exception("what follows from an account's news failed")
