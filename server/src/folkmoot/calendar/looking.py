"""What somebody sees of their calendar: what takes place now, what is next, today, coming, and what was.

Law: bounded, whatever somebody owns: of each meeting no more times are computed than are shown.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts import Account
from folkmoot.accounts import store as accounts
from folkmoot.accounts.model import AccountId
from folkmoot.calendar import occurring, store
from folkmoot.calendar.calendar import Calendar, visitor
from folkmoot.calendar.coming import opens_at, was_held
from folkmoot.calendar.model import Mine, Occurrence, Series
from folkmoot.calendar.store import Entry
from folkmoot.meetings import planned
from folkmoot.meetings.planned import Held

SHOWN = 20
FURTHEST = timedelta(days=370)


State = Literal["planned", "open", "running", "over", "cancelled"]
"""`open`: one may come, and nobody is there."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One time of a meeting, as it stands in somebody's calendar."""

    entry: Entry
    occurrence: Occurrence
    state: State
    invited: int
    organiser: str
    picture: str | None
    """The organiser's."""


@dataclass(frozen=True, slots=True)
class Was:
    entry: Entry
    held: Held


@dataclass(frozen=True, slots=True)
class Handed:
    """Somebody was made its organiser, and hasn't said that they keep it."""

    series: Series
    by: str
    """Whose it was, by name. Empty: they have gone."""
    back: bool
    """It can be given back to them."""


@dataclass(frozen=True, slots=True)
class Dashboard:
    now: Sequence[Seen]
    next: Seen | None
    today: Sequence[Seen]
    coming: Sequence[Seen]
    earlier: Sequence[Was]
    handed: Sequence[Handed]


class Look:
    """One look at a calendar, at one moment of the database."""

    def __init__(self, at: Calendar, connection: AsyncConnection, by: Account) -> None:
        self._at, self._connection, self._by = at, connection, by
        self._now = at.clock.now()

    async def dashboard(self, zone: str) -> Dashboard:
        going = await store.entries(self._connection, visitor(self._by), self._now)
        runs = await self._running(going)
        soon = list(islice(self._soon(going, self._now - timedelta(days=1)), SHOWN + 60))
        seen = await self._seen(going, [*self._without_times(going, runs), *soon], runs)
        now = [one for one in seen if one.state in ("running", "open")]
        later = [one for one in seen if one.state == "planned"]
        day_ends = _midnight_after(self._now, zone)
        today = [one for one in later if one.occurrence.starts_at < day_ends]
        handed = await self.handed(one.series for one in going)
        was = await self.earlier(None)
        return Dashboard(now, later[0] if later else None, today, later[:SHOWN], was, handed)

    async def handed(self, several: Iterable[Series]) -> list[Handed]:
        """Of those that are theirs, what they are still asked about."""
        asked = [one for one in several if one.owner == self._by.id and one.handed_by is not None][:SHOWN]
        before = {one.handed_by for one in asked if one.handed_by}
        names = await _names(self._connection, before) if before else {}
        return [Handed(one, names.get(one.handed_by or "", ""), self._takes_back(one)) for one in asked]

    def _takes_back(self, one: Series) -> bool:
        theirs = self._at.orgs(one.handed_by or "").keys()
        return bool(theirs & self._at.orgs(self._by.id).keys()) and (one.org is None or one.org in theirs)

    async def earlier(self, before: datetime | None) -> list[Was]:
        every = {
            one.series.number: one for one in await store.entries(self._connection, visitor(self._by), None)
        }
        ended = await planned.held(self._connection, list(every), before, SHOWN)
        return [Was(every[one.number], one) for one in ended if one.ended_at is not None]

    async def past(self, entry: Entry) -> list[Was]:
        """Of one meeting, the latest first."""
        ended = await planned.held(self._connection, [entry.series.number], None, SHOWN)
        return [Was(entry, one) for one in ended if one.ended_at is not None]

    async def times(self, entry: Entry, most: int = SHOWN) -> list[Seen]:
        """Those to come, the cancelled among them."""
        runs = await self._running([entry])
        there = self._soon([entry], self._now - timedelta(days=1), cancelled=True)
        return await self._seen([entry], [*self._without_times([entry], runs), *islice(there, most)], runs)

    # --- inside -----------------------------------------------------------------------------------------------------

    async def _running(self, entries: Iterable[Entry]) -> dict[str, Held]:
        return await planned.running(self._connection, [one.series.number for one in entries])

    def _soon(
        self, entries: Iterable[Entry], since: datetime, *, cancelled: bool = False
    ) -> Iterator[tuple[Entry, Occurrence]]:
        """In order, and no more computed than is asked for."""

        def times(entry: Entry) -> Iterator[tuple[datetime, str, Entry, Occurrence]]:
            for one in occurring.occurrences(entry.series, since, self._now + FURTHEST):
                if one.ends_at > self._now and (cancelled or not one.cancelled):
                    yield one.starts_at, entry.series.id, entry, one

        for _, _, entry, one in heapq.merge(*map(times, entries), key=lambda four: four[:2]):
            yield entry, one

    def _without_times(
        self, entries: Iterable[Entry], runs: dict[str, Held]
    ) -> Iterator[tuple[Entry, Occurrence]]:
        """What takes place though no time was planned for it: rooms, instant meetings, and what its host began sooner."""
        for entry in entries:
            held = runs.get(entry.series.number)
            if held is None or (held.planned_for and entry.series.stretches):
                continue
            series = entry.series
            yield (
                entry,
                Occurrence("", held.began_at, series.minutes, series.zone, series.title, series.notes),
            )

    async def _seen(
        self, entries: Sequence[Entry], times: Sequence[tuple[Entry, Occurrence]], runs: dict[str, Held]
    ) -> list[Seen]:
        ids = {entry.series.id for entry, _ in times}
        invited = await store.counts(self._connection, ids)
        owners = {entry.series.owner for entry, _ in times}
        names = await _names(self._connection, owners)
        pictures = await accounts.pictures_of(self._connection, [AccountId(id) for id in owners])
        ended = await self._ended(times)
        return [
            Seen(
                entry,
                one,
                self._state(entry, one, runs, ended),
                invited.get(entry.series.id, 0),
                names.get(entry.series.owner, ""),
                pictures.get(entry.series.owner),
            )
            for entry, one in times
        ]

    async def _ended(self, times: Iterable[tuple[Entry, Occurrence]]) -> set[tuple[str, str]]:
        """Of those that one could come to now. For who hosts they are not over: they may begin them again."""
        opened = {
            (entry.series.number, one.at): opens
            for entry, one in times
            if entry.mine is Mine.INVITED
            and (opens := opens_at(entry.series, one)) <= self._now < one.ends_at
        }
        ended = await planned.ended(self._connection, opened)
        return {key for key, at in ended.items() if was_held(at, opened[key])}

    def _state(
        self, entry: Entry, one: Occurrence, runs: dict[str, Held], ended: set[tuple[str, str]]
    ) -> State:
        if one.cancelled:
            return "cancelled"
        held = runs.get(entry.series.number)
        if held is not None and held.planned_for == one.at:
            return "running"
        if one.ends_at <= self._now or (entry.series.number, one.at) in ended:
            return "over"
        return "open" if opens_at(entry.series, one) <= self._now else "planned"


async def _names(connection: AsyncConnection, ids: Iterable[str]) -> dict[str, str]:
    return await accounts.names_of(connection, [AccountId(id) for id in ids])


def _midnight_after(now: datetime, zone: str) -> datetime:
    here = now.astimezone(ZoneInfo(zone))
    return (here + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
