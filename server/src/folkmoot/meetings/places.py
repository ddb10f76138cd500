"""How many meetings of an organisation, or of a person who is in none that pays, take place at once.

Law: a place is taken by who comes first into a meeting, held while somebody is in, and free the moment nobody is: also after a crash,
for nothing of it is kept. Nobody who is in ever loses it. Between asking and taking nothing waits, so that of two who begin at once one is told.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

import structlog

from folkmoot.kit import Clock, Refusal
from folkmoot.meetings.model import Meeting

HELD_S = 60.0
"""So long it is kept for whoever was given a ticket, and hasn't come in yet."""
ASK_AGAIN_S = 30
NEVER = float("-inf")

log = structlog.get_logger("folkmoot.meetings")


@dataclass(frozen=True, slots=True)
class Allowance:
    """Of one who holds places: so many meetings at once."""

    holder: str
    most: int


@dataclass(slots=True)
class _Place:
    holder: str
    until: float


class Places:
    def __init__(self, in_use: Callable[[str], bool]) -> None:
        """`in_use`: somebody is in that meeting."""
        self._in_use = in_use
        self._taken: dict[str, _Place] = {}

    def take(self, number: str, allowed: Sequence[Allowance], now: float) -> Refusal | None:
        """Of the first who has one left. `allowed`: by whom it may be held; none: nothing limits it."""
        self._forget(now)
        if not allowed or number in self._taken:
            return None
        free = self.free(allowed, now)
        if isinstance(free, Refusal):
            return free
        self._taken[number] = _Place(free, now + HELD_S)
        return None

    def free(self, allowed: Sequence[Allowance], now: float) -> str | Refusal:
        for one in allowed:
            if len(self.of((one.holder,), now)) < one.most:
                return one.holder
        most = max(one.most for one in allowed)
        return Refusal("meeting.at_once", {"most": most, "retry_after_s": ASK_AGAIN_S})

    def came(self, number: str) -> None:
        """Whoever had the ticket has come: from now on it is theirs as long as somebody is in."""
        if (place := self._taken.get(number)) is not None:
            place.until = NEVER

    def note(self, number: str, holder: str) -> None:
        """It goes on since before we were asked."""
        self._taken.setdefault(number, _Place(holder, NEVER))

    def unknown(self, numbers: Iterable[str]) -> list[str]:
        return [number for number in numbers if number not in self._taken]

    def of(self, holders: Sequence[str], now: float) -> list[str]:
        """The meetings that hold a place of theirs."""
        self._forget(now)
        return [number for number, place in self._taken.items() if place.holder in holders]

    def _forget(self, now: float) -> None:
        gone = [n for n, place in self._taken.items() if place.until <= now and not self._in_use(n)]
        for number in gone:
            del self._taken[number]


async def nobodys(_: str) -> str | None:
    return None


class Placing:
    def __init__(
        self, in_use: Callable[[str], bool], there: Callable[[], Iterable[str]], clock: Clock
    ) -> None:
        """`there`: the numbers of all meetings that somebody may be in."""
        self._in_use, self._there, self._clock = in_use, there, clock
        self._places = Places(in_use)
        self.came = self._places.came
        self.owner_of: Callable[[str], Awaitable[str | None]] = nobodys
        """Of a meeting, by its number."""
        self.allowed: Callable[[str], Sequence[Allowance]] = lambda owner: ()
        """Whose places the meetings of an owner may hold, from memory."""

    async def take(self, meeting: Meeting) -> Refusal | None:
        """For who comes into a meeting that nobody is in. One that nobody planned, or began signed in, counts nowhere."""
        if not meeting.planned or self._in_use(meeting.number):
            return None
        allowed = await self._allowed(meeting.number)
        if allowed:
            await self._know()
        return self._places.take(meeting.number, allowed, self._clock.monotonic())

    async def would(self, owner: str) -> Refusal | None:
        """What they would hear of one more."""
        allowed = self.allowed(owner)
        if not allowed:
            return None
        await self._know()
        free = self._places.free(allowed, self._clock.monotonic())
        return free if isinstance(free, Refusal) else None

    async def taken(self, owner: str) -> list[str]:
        """The meetings that theirs count among."""
        await self._know()
        holders = [one.holder for one in self.allowed(owner)]
        return self._places.of(holders, self._clock.monotonic())

    async def _know(self) -> None:
        """What goes on since before a restart."""
        there = {number for number in self._there() if self._in_use(number)}
        for number in self._places.unknown(there):
            holder = next((one.holder for one in await self._allowed(number)), "")
            self._places.note(number, holder)

    async def _allowed(self, number: str) -> Sequence[Allowance]:
        """It fails open: nothing of this is in the way of a meeting."""
        try:
            owner = await self.owner_of(number)
            return () if owner is None else self.allowed(owner)
        except Exception:
            log.exception("whose places a meeting may hold can't be asked")
            return ()
