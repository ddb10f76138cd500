"""Months and fiscal quarters. A month is the atom of every figure: a quarter is three of them, whenever the fiscal year starts."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import total_ordering

YEAR = 12


@total_ordering
@dataclass(frozen=True, slots=True)
class Month:
    number: int
    """Months since year 0."""

    @classmethod
    def of(cls, day: date) -> Month:
        return cls(day.year * 12 + day.month - 1)

    @property
    def first(self) -> date:
        return date(self.number // 12, self.number % 12 + 1, 1)

    @property
    def last(self) -> date:
        first = self.first
        return first.replace(day=monthrange(first.year, first.month)[1])

    def __add__(self, months: int) -> Month:
        return Month(self.number + months)

    def __sub__(self, months: int) -> Month:
        return Month(self.number - months)

    def __lt__(self, other: Month) -> bool:
        return self.number < other.number

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"


@dataclass(frozen=True, slots=True)
class FiscalYear:
    """The year from the first of the month `starts` (1–12)."""

    starts: int

    def first_of(self, month: Month) -> Month:
        return month - (month.number + 1 - self.starts) % 12

    def quarter_of(self, month: Month) -> Quarter:
        return Quarter(month - (month.number + 1 - self.starts) % 3)

    def year_of(self, month: Month) -> Quarter:
        return Quarter(self.first_of(month), YEAR)


@total_ordering
@dataclass(frozen=True, slots=True)
class Quarter:
    """Or a whole year, which is looked at in the same way."""

    first: Month
    long: int = 3
    """Months."""

    @property
    def last(self) -> Month:
        return self.first + (self.long - 1)

    @property
    def months(self) -> tuple[Month, ...]:
        return tuple(self.first + n for n in range(self.long))

    @property
    def id(self) -> str:
        """What names it where one is picked."""
        return f"{self.first}y" if self.long > 3 else str(self.first)

    def back(self, n: int) -> Quarter:
        return Quarter(self.first - n * self.long, self.long)

    def __lt__(self, other: Quarter) -> bool:
        return self.first < other.first

    def __str__(self) -> str:
        """Its first and last month: `2020-05..2020-07`."""
        return f"{self.first}..{self.last}"
