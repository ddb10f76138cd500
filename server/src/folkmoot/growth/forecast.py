"""What a year will bring, from what is known at the end of a month.

Law: what was recognised, what is contracted, and what renews as customers of the same age did; nobody who isn't a customer yet is
counted. A forecast that was made is kept as it was, so that it can be compared with the next.

A rate is of MRR: what customers of one age (months since the first that they paid) paid a month later, of what they paid. It is net: seats
added count, who left counts; at most `MOST_A_MONTH` is carried on. The range is one standard deviation of the last twelve months' rates
of all customers to either side.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import pstdev

from folkmoot.growth.months import FiscalYear, Month

LOOKED_BACK = 12
"""Months that rates are taken from."""
OLDEST = 24
"""Customers this many months old, and older ones, are of one age."""

MOST_A_MONTH = 2.0
"""One small customer who grew seventyfold in a month doesn't do so every month of a year."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """Customers whose first paid month is `began`: what they paid in `month`."""

    began: Month
    month: Month
    mrr: int


@dataclass(frozen=True, slots=True)
class Pool:
    """MRR at the end of a month, of one cohort, that is contracted for `bound` more months."""

    began: Month
    bound: int
    mrr: int


@dataclass(frozen=True, slots=True)
class Rates:
    by_age: Mapping[int, float]
    overall: float
    spread: float

    def at(self, age: int) -> float:
        return self.by_age.get(min(age, OLDEST), self.overall)


@dataclass(frozen=True, slots=True)
class Forecast:
    """Minor units. `low` and `high` are of the whole year."""

    made: Month
    """Of what was known at its end."""
    year: Month
    """The first month of the fiscal year that it is of."""
    recognised: int
    contracted: int
    renewals: int
    low: int
    high: int


def rates_of(cohorts: Iterable[Cohort], end: Month) -> Rates:
    """From the pairs of months of the `LOOKED_BACK` up to `end`."""
    paid = {(cohort.began, cohort.month): cohort.mrr for cohort in cohorts}
    before: dict[int, int] = {}
    after: dict[int, int] = {}
    months: dict[Month, tuple[int, int]] = {}
    for (began, month), mrr in paid.items():
        if not end - LOOKED_BACK <= month < end:
            continue
        age = min(month.number - began.number, OLDEST)
        kept = paid.get((began, month + 1), 0)
        before[age], after[age] = before.get(age, 0) + mrr, after.get(age, 0) + kept
        was, stayed = months.get(month, (0, 0))
        months[month] = was + mrr, stayed + kept
    all_before = sum(before.values())
    return Rates(
        {age: after[age] / mrr for age, mrr in before.items() if mrr},
        sum(after.values()) / all_before if all_before else 1.0,
        pstdev([stayed / was for was, stayed in months.values() if was] or [1.0]),
    )


def forecast(made: Month, year: FiscalYear, recognised: int, pools: Iterable[Pool], rates: Rates) -> Forecast:
    """`recognised`: of the year so far, up to the end of `made`."""
    first, left = year.first_of(made), months_left(year, made)
    contracted, middle, low, high = 0, 0.0, 0.0, 0.0
    for pool in pools:
        bound, free = parted(pool, left)
        contracted += pool.mrr * bound
        age = made.number - pool.began.number + bound
        middle += pool.mrr * months_of(rates, 0.0, age, free)
        low += pool.mrr * months_of(rates, -rates.spread, age, free)
        high += pool.mrr * months_of(rates, rates.spread, age, free)
    sure = recognised + contracted
    return Forecast(made, first, recognised, contracted, round(middle), sure + round(low), sure + round(high))


def months_left(year: FiscalYear, made: Month) -> int:
    return year.first_of(made).number + 11 - made.number


def parted(pool: Pool, left: int) -> tuple[int, int]:
    """Of the months that are left of the year: those it is bound for, and those in which it renews or doesn't."""
    bound = min(pool.bound, left)
    return bound, left - bound


def months_of(rates: Rates, shift: float, age: int, months: int) -> float:
    """How many months' MRR comes in `months` months, from who is `age` now."""
    stays, whole = 1.0, 0.0
    for month in range(months):
        stays *= min(max(rates.at(age + month) + shift, 0.0), MOST_A_MONTH)
        whole += stays
    return whole
