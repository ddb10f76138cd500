"""Forecasts of a book: made for each month that is over, and kept.

Law: a forecast that is kept is never made again, and looks at nothing that came after the month it was made of: a line or a notice
that was dated later did not exist.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from folkmoot.growth.forecast import (
    Cohort,
    Forecast,
    Pool,
    Rates,
    forecast,
    months_left,
    months_of,
    parted,
    rates_of,
)
from folkmoot.growth.made_of import AHEAD
from folkmoot.growth.months import FiscalYear, Month
from folkmoot.growth.warehouse import Warehouse

KEPT = """
CREATE TABLE IF NOT EXISTS forecast (
  made DATE, year DATE, recognised BIGINT, contracted BIGINT, renewals BIGINT, low BIGINT, high BIGINT, kept_at DATE,
  currency VARCHAR)
"""
DUE = """
SELECT month FROM monthly WHERE last_day(month) <= $today::DATE AND (customers > 0 OR revenue <> 0)
ORDER BY month
"""
MADE = "SELECT made, year FROM forecast WHERE currency = $currency"

POOLS = f"WITH {AHEAD} SELECT cohort, bound, sum(mrr)::BIGINT FROM bound GROUP BY ALL ORDER BY ALL"
FIELDS = "made, year, recognised, contracted, renewals, low, high"


@dataclass(frozen=True, slots=True)
class Renewing:
    """Customers that began in a month, and what a forecast expects of them."""

    began: Month
    customers: int
    mrr: int
    rate: float
    """Of what customers of their age pay, what those pay a month later: where they stand when the forecast is made."""
    contracted: int
    renewals: int


@dataclass(frozen=True, slots=True)
class Explained:
    kept: Forecast
    now: Forecast
    """As the same month's events would make it today: more, where events came later that are dated before."""
    spread: float
    """By which the range differs from the middle, in each month's rate."""
    cohorts: Sequence[Renewing]


def keep_forecasts(warehouse: Warehouse, today: str) -> None:
    """Those of the months that ended since the last time. Another year's start, or currency, has forecasts of its own."""
    warehouse.run((KEPT,))
    cohorts = _cohorts(warehouse)
    year, there = (
        FiscalYear(warehouse.book.year_starts),
        set(warehouse.rows(MADE, {"currency": warehouse.book.currency})),
    )
    for (day,) in warehouse.rows(DUE, {"today": today}):
        month = Month.of(day)
        if (day, year.first_of(month).first) not in there:
            _keep(warehouse, _made(warehouse, month, cohorts), today)


def _made(warehouse: Warehouse, month: Month, cohorts: list[Cohort]) -> Forecast:
    year = FiscalYear(warehouse.book.year_starts)
    ((recognised,),) = warehouse.rows(
        "SELECT coalesce(sum(revenue), 0)::BIGINT FROM monthly WHERE month BETWEEN $first AND $month",
        {"first": year.first_of(month).first, "month": month.first},
    )
    pools = _pools(warehouse, month)
    return forecast(month, year, recognised, pools, rates_of(cohorts, month))


def _cohorts(warehouse: Warehouse) -> list[Cohort]:
    rows = warehouse.rows("SELECT cohort, month, mrr FROM cohort WHERE mrr > 0")
    return [Cohort(Month.of(began), Month.of(month), mrr) for began, month, mrr in rows]


def _pools(warehouse: Warehouse, month: Month) -> list[Pool]:
    rows = warehouse.rows(POOLS, {"end": month.first.isoformat()})
    return [Pool(Month.of(began), bound, mrr) for began, bound, mrr in rows]


def kept_of(warehouse: Warehouse, made: Month) -> Forecast | None:
    """The one that was kept of a month."""
    year = FiscalYear(warehouse.book.year_starts).first_of(made)
    rows = warehouse.rows(
        f"SELECT {FIELDS} FROM forecast WHERE made = $made AND year = $year AND currency = $currency",
        {"made": made.first, "year": year.first, "currency": warehouse.book.currency},
    )
    return next((read(row) for row in rows), None)


def read(row: tuple[Any, ...]) -> Forecast:
    made, year, *rest = row
    return Forecast(Month.of(made), Month.of(year), *rest)


def factors(warehouse: Warehouse, made: Month, part: Literal["contracted", "renewals"]) -> dict[str, object]:
    """By cohort and months bound, how many months' MRR a forecast expects of who is so: what `made_of` multiplies with."""
    left, rates = (
        months_left(FiscalYear(warehouse.book.year_starts), made),
        rates_of(_cohorts(warehouse), made),
    )
    warehouse.run(
        (f"CREATE OR REPLACE TEMP TABLE bound AS WITH {AHEAD} SELECT * FROM bound",), {"end": made.first}
    )
    rows = warehouse.rows("SELECT cohort, bound, sum(mrr)::BIGINT FROM bound GROUP BY ALL ORDER BY ALL")
    pools = [Pool(Month.of(began), bound, mrr) for began, bound, mrr in rows]
    months = [_months(pool, made, left, rates)[part == "renewals"] for pool in pools]
    return {
        "cohorts": [pool.began.first for pool in pools],
        "bounds": [pool.bound for pool in pools],
        "factors": months,
    }


def _months(pool: Pool, made: Month, left: int, rates: Rates) -> tuple[float, float]:
    bound, free = parted(pool, left)
    return float(bound), months_of(rates, 0.0, made.number - pool.began.number + bound, free)


def explained(warehouse: Warehouse, made: Month) -> Explained | None:
    kept = kept_of(warehouse, made)
    if kept is None:
        return None
    cohorts = _cohorts(warehouse)
    left, rates = months_left(FiscalYear(warehouse.book.year_starts), made), rates_of(cohorts, made)
    there = "SELECT cohort, count(*) FROM paying WHERE month = $month AND mrr IS NOT NULL GROUP BY cohort"
    many = dict(warehouse.rows(there, {"month": made.first}))
    found: dict[Month, Renewing] = {}
    for pool in _pools(warehouse, made):
        sure, later = _months(pool, made, left, rates)
        at = found.get(pool.began) or Renewing(
            pool.began, many[pool.began.first], 0, rates.at(made.number - pool.began.number), 0, 0
        )
        found[pool.began] = replace(
            at,
            mrr=at.mrr + pool.mrr,
            contracted=at.contracted + pool.mrr * int(sure),
            renewals=at.renewals + round(pool.mrr * later),
        )
    return Explained(
        kept, _made(warehouse, made, cohorts), rates.spread, sorted(found.values(), key=lambda one: one.began)
    )


def _keep(warehouse: Warehouse, made: Forecast, today: str) -> None:
    warehouse.run(
        (
            "INSERT INTO forecast VALUES ($made, $year, $recognised, $contracted, $renewals, $low, $high, $today, $currency)",
        ),
        {
            "made": made.made.first, "year": made.year.first, "recognised": made.recognised,
            "contracted": made.contracted, "renewals": made.renewals, "low": made.low, "high": made.high, "today": today, "currency": warehouse.book.currency,
        },
    )  # fmt: skip
