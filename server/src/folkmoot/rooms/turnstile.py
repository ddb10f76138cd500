"""Where those who come wait for their turn: `Arrivals` with the loop's own clock. It beats only while somebody comes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from folkmoot.kit.arrivals import BEAT_S, Arrivals

TELL_EVERY_S = 1.0
QUIET_S = 1.0
"""After so long without anybody it stops beating; an empty server does nothing."""

LATE_S = 5.0

log = structlog.get_logger("folkmoot.rooms")

Tell = Callable[[int], None]


class Turnstile:
    def __init__(self) -> None:
        self._arrivals: Arrivals[asyncio.Future[None]] = Arrivals()
        self._tells: dict[asyncio.Future[None], Tell] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._quiet_since = self._told_at = 0.0

    async def turn(
        self, tell: Tell | None = None, *, back: bool = False, within: float | None = None
    ) -> bool:
        """Waits until it is one's turn; False when it wasn't `within` seconds. Cancelled, one has given up."""
        loop = asyncio.get_running_loop()
        waiting: asyncio.Future[None] = loop.create_future()
        self._start(loop)
        if self._arrivals.arrive(waiting, back=back):
            return True
        if tell is not None:
            self._tells[waiting] = tell
            _told(tell, len(self._arrivals) - 1)
        try:
            async with asyncio.timeout(within):
                await waiting
        except TimeoutError:
            return False
        finally:
            self._arrivals.give_up(waiting)
            self._tells.pop(waiting, None)
        return True

    def counts(self) -> dict[str, float]:
        return {"waiting_to_come_in": len(self._arrivals)}

    def ailment(self) -> str | None:
        """Who waits is let in beat by beat, or it has stopped."""
        if self._timer is None or not len(self._arrivals):
            return "it stands still" if len(self._arrivals) else None
        late = asyncio.get_running_loop().time() - self._timer.when()
        return "it stands still" if late > LATE_S else None

    def _start(self, loop: asyncio.AbstractEventLoop) -> None:
        self._quiet_since = loop.time()
        if self._timer is None:
            self._set(loop)

    def _set(self, loop: asyncio.AbstractEventLoop) -> None:
        due = loop.time() + BEAT_S
        self._timer = loop.call_at(due, self._beat, loop, due)

    def _beat(self, loop: asyncio.AbstractEventLoop, due: float) -> None:
        now = loop.time()
        self._timer = None
        try:
            for waiting in self._arrivals.beat(now - due):
                if not waiting.done():
                    waiting.set_result(None)
            self._tell_places(now)
        finally:
            if len(self._arrivals):
                self._quiet_since = now
            if now - self._quiet_since < QUIET_S:
                self._set(loop)

    def _tell_places(self, now: float) -> None:
        if not self._tells or now - self._told_at < TELL_EVERY_S:
            return
        self._told_at = now
        for waiting, place in self._arrivals.places():
            if (tell := self._tells.get(waiting)) is not None:
                _told(tell, place)


def _told(tell: Tell, place: int) -> None:
    """Who can't be told keeps their place; those behind are told theirs."""
    try:
        tell(place)
    except Exception:
        log.exception("a place can't be told")
