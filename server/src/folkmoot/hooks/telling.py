"""From what happens in a room to who has asked to be told of it.

Law: what happens waits for nothing here: it is put down, and looked at a moment later. Where nobody has a webhook that is all.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence

import structlog

from folkmoot.accounts import AccountDeleted
from folkmoot.hooks.hooks import Hooks

MOST_WAITING = 10_000

log = structlog.get_logger("folkmoot.hooks")

Owners = Callable[[str], Awaitable[Sequence[str]]]
"""Whose the meeting in a room is: an account, and the organisation where it is one's."""


class Telling:
    def __init__(self, hooks: Hooks, owners: Owners) -> None:
        self._hooks, self._owners_of = hooks, owners
        self._waiting = asyncio.Queue[tuple[str, str, Callable[[], bytes]]](MOST_WAITING)
        self._who: set[str] = set()
        self._task: asyncio.Task[None] | None = None
        self._forgetting: asyncio.Task[None] | None = None
        self.lost = 0

    async def start(self) -> None:
        await self._hooks.forget_orphans()
        await self.refresh()
        self._task = asyncio.create_task(self._for_ever(), name="webhooks of owners")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def refresh(self) -> None:
        """Somebody made a webhook, or took one away."""
        self._who = await self._hooks.owners()

    def gone(self, _: AccountDeleted) -> None:
        self._forgetting = asyncio.create_task(self._hooks.forget_orphans())

    def heard(self, room: str, event: str, body: Callable[[], bytes]) -> None:
        if not self._who:
            return
        try:
            self._waiting.put_nowait((room, event, body))
        except asyncio.QueueFull:
            self.lost += 1

    async def told(self, room: str, event: str, body: Callable[[], bytes]) -> None:
        owners = [one for one in await self._owners_of(room) if one in self._who]
        owners = [one for one in owners if self._hooks.lacks(one) is None]
        if not owners:
            return
        wanted = [hook for hook in await self._hooks.of(*owners) if event in hook.events]
        if wanted:
            await self._hooks.tell(wanted, body().decode())

    async def _for_ever(self) -> None:
        while True:
            room, event, body = await self._waiting.get()
            try:
                await self.told(room, event, body)
            except Exception:
                self.lost += 1
                log.exception("a webhook's news was lost", happened=event)
