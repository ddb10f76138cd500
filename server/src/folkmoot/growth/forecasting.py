"""Forecasts of a book: made for each month that is over, and kept.

Law: a forecast that is kept is never made again, and looks at nothing that came after the month it was made of: a line or a notice
that was dated later did not exist.
"""

from __future__ import annotations

from folkmoot.growth.forecast import Cohort, Forecast, Pool, forecast, rates_of
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

# Who paid ahead is bound for as long as they did, who signed for a term until its end.
POOLS = """
WITH ahead AS (SELECT organisation, max("last") AS "last" FROM invoice_line WHERE happened_at::DATE <= last_day($month::DATE) AND "first" <= last_day($month::DATE) AND amount > 0 GROUP BY organisation)
SELECT cohort, greatest(0, date_diff('month', $month::DATE, coalesce(greatest("until", "last"), "until", "last", $month::DATE) + 1) - 1) AS bound,
  sum(mrr)::BIGINT FROM paying LEFT JOIN ahead USING (organisation) WHERE month = $month::DATE AND mrr IS NOT NULL GROUP BY ALL ORDER BY ALL
"""


def keep_forecasts(warehouse: Warehouse, today: str) -> None:
    """Those of the months that ended since the last time. Another year's start, or currency, has forecasts of its own."""
    warehouse.run((KEPT,))
    cohorts = [
        Cohort(Month.of(began), Month.of(month), mrr)
        for began, month, mrr in warehouse.rows("SELECT cohort, month, mrr FROM cohort WHERE mrr > 0")
    ]
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
    pools = [
        Pool(Month.of(began), bound, mrr)
        for began, bound, mrr in warehouse.rows(POOLS, {"month": month.first.isoformat()})
    ]
    return forecast(month, year, recognised, pools, rates_of(cohorts, month))


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
