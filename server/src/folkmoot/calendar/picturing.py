"""Somebody changes their picture while they are in a meeting, or wait for one: who is there sees it.

Nothing rests on it: who misses the news sees the new picture when its owner comes the next time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from folkmoot.accounts import AccountChanged, AccountId
from folkmoot.accounts.store import account_of
from folkmoot.calendar.calendar import Calendar

log = structlog.get_logger("folkmoot.calendar")


class Picturing:
    """`show`: tells the meetings that run of an account's picture."""

    def __init__(self, at: Calendar, show: Callable[[str, str], Awaitable[None]]) -> None:
        self._at, self._show = at, show
        self._tasks: set[asyncio.Task[None]] = set()
        self._end = at.accounts.bus.subscribe(AccountChanged, lambda event: self._soon(event.account))

    async def stop(self) -> None:
        self._end()
        await self.settled()

    async def settled(self) -> None:
        await asyncio.gather(*self._tasks)

    def _soon(self, account: AccountId) -> None:
        task = asyncio.get_running_loop().create_task(self._tell(account))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _tell(self, id: AccountId) -> None:
        try:
            async with self._at.storage.reading() as connection:
                account = await account_of(connection, id)
            if account is not None:
                await self._show(id, account.picture or "")
        except Exception:
            log.exception("a changed picture was not shown")
