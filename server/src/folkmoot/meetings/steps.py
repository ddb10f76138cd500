"""A meeting's one order: what is decided is stored, applied, told and made so, one step after the other.

Law: one thing at a time. A step decides, stores what is durable, applies, tells everybody, makes the room so as it is wanted
then, in this order, and no other step begins before it is through; so everybody hears one order, and what is acknowledged
is stored. A step isn't cancelled half-way because the one who asked has gone. If storing fails, what is in memory may be
ahead or behind: the meeting is let go of, everybody is cut, and it is folded anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import structlog

from folkmoot.kit import Clock, Refusal
from folkmoot.meetings import people
from folkmoot.meetings.feature import Actor, Entry, ParticipantId
from folkmoot.meetings.keeping import Keeping
from folkmoot.meetings.log import Log
from folkmoot.meetings.model import Meeting
from folkmoot.meetings.outside import Outside
from folkmoot.meetings.presence import Presence
from folkmoot.meetings.seats import Seats

log = structlog.get_logger("folkmoot.meetings")

TRY_AGAIN = 1011

T = TypeVar("T")


class LetGo(Exception):
    """This one is no longer the meeting; open it again."""


class Steps:
    def __init__(
        self,
        meeting: Meeting,
        fold: Log,
        keeping: Keeping,
        seats: Seats,
        outside: Outside,
        presence: Presence,
        clock: Clock,
    ) -> None:
        self._meeting, self._log, self._keeping = meeting, fold, keeping
        self._seats, self._outside, self._presence = seats, outside, presence
        self._clock = clock
        self._turn = asyncio.Lock()
        self._running: set[asyncio.Task[object]] = set()
        self.gone = False
        """Let go of."""

    def __bool__(self) -> bool:
        """Some step runs, or waits for its turn."""
        return bool(self._running)

    async def in_turn(self, step: Callable[[], Awaitable[T]]) -> T:
        async def turn() -> T:
            async with self._turn:
                if self.gone:
                    raise LetGo
                return await step()

        task = asyncio.create_task(turn())
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    def decide(self, by: Actor, command: object) -> list[Entry] | Refusal:
        return self._log.decide(by, "meeting", command, self._clock.now())

    async def by_itself(self, command: object) -> Refusal | None:
        """As the meeting itself."""
        entries = self.decide(people.MEETING, command)
        if isinstance(entries, Refusal):
            return entries
        await self.happen(entries)
        return None

    async def happen(self, entries: Sequence[Entry], acknowledge: Callable[[], None] = lambda: None) -> None:
        if entries:
            await self._store(entries)
        self._seats.tell(entries)
        acknowledge()
        if any(entry.durable for entry in entries):
            self._follow(entries)
            await self._tell_let_in(entries)
            await self._keeping.snapshot(entries)
        if self._log.meeting.ended and self._meeting.planned:
            await self._keeping.count()

    def let_go(self, code: int = TRY_AGAIN) -> None:
        self.gone = True
        self._seats.close(code)

    async def settled(self) -> None:
        """What was being stored is stored."""
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _store(self, entries: Sequence[Entry]) -> None:
        try:
            await self._keeping.store(entries)
        except BaseException:
            self.let_go()
            raise

    def _follow(self, entries: Sequence[Entry]) -> None:
        """The room and the channels become what the fold says they are."""
        self._outside.make_so(self._log.wants())
        for who in self._seats.follow(entries):
            self._presence.forget(who)
        if self._log.meeting.ended:
            log.info("meeting ended", number=self._meeting.number)
            self._presence.clear()

    async def _tell_let_in(self, entries: Sequence[Entry]) -> None:
        """Who comes out of the waiting room hears who is away; who comes by the door has no seat yet, and hears it there."""
        came = [
            entry.payload["id"] for entry in entries if (entry.feature, entry.type) == ("meeting", "joined")
        ]
        for who in map(ParticipantId, map(str, came)):
            if who in self._seats and self._presence.hidden:
                await self.by_itself(people.Away(self._presence.hidden, who))
