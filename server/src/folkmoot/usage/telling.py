"""How much is met on the whole server, by day and month, for who looks at how it grows.

Law: a day on which no meeting had five people at a time is told nowhere, nor is it in its month: so nobody's attendance can be read from
what is told, nor from what is missing. A day is told when it is over, once, and never again as something else.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.usage import store
from folkmoot.usage.counting import Days, Figures, together
from folkmoot.usage.showing import FEWEST, last_of, minutes

LATE = timedelta(hours=1)
"""By then a day's log was read to its end."""


@dataclass(frozen=True, slots=True)
class Met:
    span: Literal["day", "month"]
    first: date
    participants: int
    meetings: int
    minutes: int
    organisations: int


async def told(connection: AsyncConnection, now: datetime) -> AsyncIterator[Met]:
    """All that is over, the oldest first."""
    over = (now - LATE).date()
    past = date.min, over - timedelta(days=1)
    each = await store.organisations_each_day(connection, *past)
    for first, mine in _by_month(await store.days_of_all(connection, *past)).items():
        for day, figures in mine.items():
            yield _met("day", day, figures, each.get(day, 0))
        if last_of(first) < over:
            organisations = await store.organisations_on(connection, list(mine))
            yield _met("month", first, together(mine.values()), organisations)


def _by_month(days: Days) -> Mapping[date, Days]:
    """Without the days that are told nowhere. Those from before people were counted have none."""
    found: dict[date, dict[date, Figures]] = {}
    for day in sorted(days):
        if days[day].peak >= FEWEST and days[day].people:
            found.setdefault(day.replace(day=1), {})[day] = days[day]
    return found


def _met(span: Literal["day", "month"], first: date, figures: Figures, organisations: int) -> Met:
    return Met(span, first, figures.people, figures.meetings, minutes(figures), organisations)
