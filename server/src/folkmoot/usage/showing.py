"""What is shown of a month, so that nobody's attendance can be read from it. Pure.

Law: a day on which no meeting had five people at a time has no figures of its own; it is in the month's. Where it would be the only one
without, and so the month less all others, the quietest other day is without as well.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from folkmoot.usage.counting import Days, Figures, together

FEWEST = 5
MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    days: list[tuple[date, Figures | None]]
    """Each day that somebody met on. None: it is in the sum alone."""
    sum: Figures


def month_of(first: date, days: Days) -> Month:
    mine = {day: days[day] for day in sorted(days) if (day.year, day.month) == (first.year, first.month)}
    hidden = _hidden(mine)
    shown = [(day, None if day in hidden else figures) for day, figures in mine.items()]
    return Month(first, shown, together(mine.values()))


def _hidden(days: Days) -> set[date]:
    hidden = {day for day, figures in days.items() if figures.peak < FEWEST}
    others = days.keys() - hidden
    if len(hidden) == 1 and others:
        hidden.add(min(others, key=lambda day: (days[day].peak, days[day].ms, day)))
    return hidden


def minutes(figures: Figures) -> int:
    """Of a sum, not of each of its parts: what is cut off is less than one."""
    return figures.ms // MINUTE_MS


def last_of(first: date) -> date:
    return first + timedelta(days=calendar.monthrange(first.year, first.month)[1] - 1)
