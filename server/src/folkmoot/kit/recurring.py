"""Work that is done again and again for as long as the server runs.

Law: no fault ends it. A round that fails is logged once until one goes well; a task that is ended by others' mistake begins again;
one that hangs says so when it is asked.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import structlog

from folkmoot.kit.clock import Clock

LATE_S = 15.0
"""A round that takes longer hangs."""

log = structlog.get_logger("folkmoot")


class Recurring:
    def __init__(self, name: str, work: Callable[[], Awaitable[None]], every_s: float, clock: Clock) -> None:
        self._name, self._work, self._every_s, self._clock = name, work, every_s, clock
        self._task: asyncio.Task[None] | None = None
        self._began_at: float | None = None
        self._fails = self._stopping = False
        self._wanted = asyncio.Event()

    def soon(self) -> None:
        """The next round is now, or when the one that is under way has ended."""
        self._wanted.set()

    def start(self) -> None:
        self._task = asyncio.create_task(self._for_ever(), name=self._name)
        self._task.add_done_callback(self._ended)

    async def stop(self) -> None:
        self._stopping = True
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def ailment(self) -> str | None:
        if self._began_at is not None and self._clock.monotonic() - self._began_at > LATE_S:
            return "hangs"
        return "fails" if self._fails else None

    async def round(self) -> None:
        self._began_at = self._clock.monotonic()
        try:
            await self._work()
        except Exception:
            if not self._fails:
                log.exception("what is done again and again fails", work=self._name)
            self._fails = True
        else:
            self._fails = False
        finally:
            self._began_at = None

    async def _for_ever(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._every_s):
                    await self._wanted.wait()
            self._wanted.clear()
            await self.round()

    def _ended(self, task: asyncio.Task[None]) -> None:
        if self._stopping or task.get_loop().is_closed():
            return
        fault = None if task.cancelled() else task.exception()
        log.error("what is done again and again was ended, and begins again", work=self._name, exc_info=fault)
        self.start()
