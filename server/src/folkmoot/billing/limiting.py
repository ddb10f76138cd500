"""What the plan of a meeting's owner allows it, by its number: asked each second, and answered from memory.

Law: it never waits and fails open: a meeting whose owner isn't known yet is limited by nothing, and the next second asks again. While
people are in a meeting its limits only get wider: what isn't paid, or is cancelled, is of the next meeting.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

import structlog

from folkmoot.billing.known import UNLIMITED, Known
from folkmoot.billing.plans import Limits
from folkmoot.kit import Clock

MOST_KNOWN = 20_000
OLD_S = 60.0
"""An owner is asked for again: a meeting is handed over."""
OVER_S = 30.0
"""Nobody asked for so long: that meeting is over, and the next begins anew."""

log = structlog.get_logger("folkmoot.billing")


@dataclass(slots=True)
class _Entry:
    owner: str | None
    learned_at: float
    asked_at: float
    limits: Limits | None = None


class Limiting:
    def __init__(
        self,
        known: Known,
        owner_of: Callable[[str], Awaitable[str | None]],
        orgs_of: Callable[[str], Iterable[str]],
        clock: Clock,
    ) -> None:
        self._known, self._owner_of, self._orgs_of, self._clock = known, owner_of, orgs_of, clock
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._asking: dict[str, asyncio.Task[None]] = {}

    def of(self, number: str) -> Limits:
        now, entry = self._clock.monotonic(), self._entries.get(number)
        if entry is None or now - entry.learned_at > OLD_S:
            self._learn(number)
        if entry is None:
            return UNLIMITED
        allowed = self._known.limits(self._orgs_of(entry.owner) if entry.owner else ())
        goes_on = entry.limits is not None and now - entry.asked_at <= OVER_S
        entry.limits = wider(entry.limits, allowed) if goes_on and entry.limits else allowed
        entry.asked_at = now
        self._entries.move_to_end(number)
        return entry.limits

    async def settled(self) -> None:
        await asyncio.gather(*self._asking.values())

    def _learn(self, number: str) -> None:
        if number not in self._asking:
            task = asyncio.get_running_loop().create_task(self._ask(number))
            self._asking[number] = task
            task.add_done_callback(lambda _: self._asking.pop(number, None))

    async def _ask(self, number: str) -> None:
        now = self._clock.monotonic()
        try:
            owner = await self._owner_of(number)
        except Exception:
            log.exception("whose a meeting is can't be asked")
            return
        entry = self._entries.setdefault(number, _Entry(owner, now, now))
        entry.owner, entry.learned_at = owner, now
        while len(self._entries) > MOST_KNOWN:
            self._entries.popitem(last=False)


def wider(one: Limits, other: Limits) -> Limits:
    return Limits(
        _more(one.people, other.people), _more(one.minutes, other.minutes), _more(one.at_once, other.at_once)
    )


def narrower(one: int | None, other: int | None) -> int | None:
    """None is no limit."""
    return min(one, other) if one is not None and other is not None else one if other is None else other


def _more(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else max(one, other)
