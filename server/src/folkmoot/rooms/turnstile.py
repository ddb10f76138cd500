"""Where those who come wait for their turn: `Arrivals` with the loop's own clock. It beats only while somebody comes.

Who is known by a room and an identity is settled when its media is connected there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from folkmoot.kit.arrivals import BEAT_S, Arrivals
from folkmoot.rooms.model import Event, ParticipantJoined, ParticipantLeft

TELL_EVERY_S = 1.0
QUIET_S = 1.0
"""After so long without anybody it stops beating; an empty server does nothing."""

LATE_S = 5.0

log = structlog.get_logger("folkmoot.rooms")

Tell = Callable[[int], None]
Who = tuple[str, str]
"""A room, and an identity in it."""


class Turnstile:
    def __init__(self) -> None:
        self._arrivals: Arrivals[asyncio.Future[None]] = Arrivals()
        self._tells: dict[asyncio.Future[None], Tell] = {}
        self._coming: dict[Who, asyncio.Future[None]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._quiet_since = self._told_at = 0.0

    async def turn(
        self, who: Who, tell: Tell | None = None, *, back: bool = False, within: float | None = None
    ) -> bool:
        """Waits until it is one's turn; False when it wasn't `within` seconds. Cancelled, one has given up."""
        loop = asyncio.get_running_loop()
        coming: asyncio.Future[None] = loop.create_future()
        self._start(loop)
        self._settle(who)
        if not self._arrivals.arrive(coming, back=back) and not await self._wait(coming, tell, within):
            return False
        self._settle(who)
        self._coming[who] = coming
        return True

    def announce(self, room: str, identity: str) -> None:
        """One with a ticket, who comes next."""
        loop = asyncio.get_running_loop()
        self._start(loop)
        self._settle((room, identity))
        self._coming[room, identity] = announced = loop.create_future()
        self._arrivals.announce(announced)

    def happened(self, event: Event) -> None:
        """In any room: listens to all of them."""
        if isinstance(event, ParticipantJoined | ParticipantLeft):
            self._settle((event.room, event.info.identity))

    async def _wait(self, waiting: asyncio.Future[None], tell: Tell | None, within: float | None) -> bool:
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
        return {"waiting_to_come_in": len(self._arrivals), "coming_in": self._arrivals.coming}

    def ailment(self) -> str | None:
        """Who waits is let in beat by beat, or it has stopped."""
        if self._timer is None or not len(self._arrivals):
            return "it stands still" if len(self._arrivals) else None
        late = asyncio.get_running_loop().time() - self._timer.when()
        return "it stands still" if late > LATE_S else None

    def _settle(self, who: Who) -> None:
        if (coming := self._coming.pop(who, None)) is not None:
            self._arrivals.settle(coming)

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
            if len(self._coming) > self._arrivals.coming:  # some weren't settled in time
                self._coming = {w: c for w, c in self._coming.items() if self._arrivals.is_coming(c)}
        finally:
            if len(self._arrivals):
                self._quiet_since = now
            if now - self._quiet_since < QUIET_S or self._arrivals.coming:
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
