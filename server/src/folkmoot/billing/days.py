"""Days, and the periods that are made of them. A day is one of UTC, wherever the customer is: an invoice isn't about hours.

Law: a period begins on the day of the month that the first one began on, or on the month's last where it has no such day; it never
drifts. First and last day are both inclusive.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def from_(self, day: date) -> int:
        """How many days of it are left on the morning of `day`."""
        return min(self.days, max(0, (self.last - day).days + 1))

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def later(day: date, months: int, anchor: int | None = None) -> date:
    """The same day so many months later. `anchor`: the day of the month that was meant."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    longest = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(anchor or day.day, longest))


def period(first: date, months: int, anchor: int) -> Span:
    return Span(first, later(first, months, anchor) - DAY)
