"""What a year will bring: what is sure, and what renews as others did."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from folkmoot.growth.forecast import Cohort, Pool, Rates, forecast, rates_of
from folkmoot.growth.months import FiscalYear, Month
from folkmoot.growth.report import report
from folkmoot.growth.warehouse import Taken, Warehouse

from .conftest import Writer

MAY = Month.of(date(2025, 5, 1))
CALENDAR_YEAR = FiscalYear(1)


def test_who_signed_for_a_term_is_counted_whole_and_then_renews() -> None:
    half = Rates({}, 0.5, 0.0)
    made = forecast(MAY, CALENDAR_YEAR, 500, [Pool(MAY - 3, 2, 100)], half)
    assert (made.recognised, made.contracted) == (500, 200)
    assert made.renewals == round(100 * (0.5 + 0.25 + 0.125 + 0.0625 + 0.03125))
    assert made.low == made.high == 500 + 200 + made.renewals


def test_a_year_that_is_over_is_what_was_recognised() -> None:
    december = Month.of(date(2025, 12, 1))
    made = forecast(december, CALENDAR_YEAR, 1_000, [Pool(MAY, 0, 100)], Rates({}, 0.9, 0.1))
    assert (made.low, made.high, made.renewals) == (1_000, 1_000, 0)


def test_rates_are_of_customers_of_one_age_and_spread_as_months_did() -> None:
    cohorts = [
        Cohort(MAY - 2, MAY - 2, 100), Cohort(MAY - 2, MAY - 1, 80), Cohort(MAY - 2, MAY, 80),
        Cohort(MAY - 1, MAY - 1, 100), Cohort(MAY - 1, MAY, 100),
    ]  # fmt: skip
    rates = rates_of(cohorts, MAY)
    assert rates.at(0) == 0.9 and rates.at(1) == 1.0
    assert rates.at(5) == rates.overall == (80 + 80 + 100) / (100 + 80 + 100)
    assert rates.spread == pytest.approx(0.1)


def test_without_a_past_all_stay() -> None:
    assert rates_of([], MAY) == Rates({}, 1.0, 0.0)


def test_who_grew_seventyfold_once_is_not_carried_on_so() -> None:
    january = Month.of(date(2025, 1, 1))
    made = forecast(january, CALENDAR_YEAR, 0, [Pool(january, 0, 10**9)], Rates({}, 72.0, 500.0))
    assert made.renewals == 10**9 * sum(2**month for month in range(1, 12))
    assert made.high == made.renewals >= made.low, "it fits what a book can keep"


def test_a_forecast_that_was_made_stays_what_it_was(
    book: Warehouse, brings: Callable[..., Taken], line: Writer
) -> None:
    brings(line.subscribed("2025-01-01", "o1", 10_000), line.billed("o1", 30_000, "2025-01-01", "2025-03-31"))
    first = report(book)
    assert first is not None
    [made] = first.forecasts
    assert (made.recognised, made.contracted, made.renewals) == (30_000, 0, 90_000)
    brings(
        line.subscribed("2025-04-01", "o2", 50_000), line.billed("o2", 150_000, "2025-04-01", "2025-06-30")
    )
    later = report(book)
    assert later is not None
    assert later.forecasts[0] == made, "raised from what was said then"
    assert later.forecasts[1].low > made.low


def test_a_contract_holds_until_its_day(book: Warehouse, brings: Callable[..., Taken], line: Writer) -> None:
    brings(
        line.subscribed("2025-01-01", "o1", 10_000, until="2025-08-31"),
        line.billed("o1", 10_000, "2025-03-01", "2025-03-31"),
    )
    shown = report(book)
    assert shown is not None
    assert shown.forecasts[-1].contracted == 5 * 10_000
