"""What a closing makes of events, counted by hand."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from folkmoot.growth.behind import organisations_behind as behind
from folkmoot.growth.books import GrowthError, bring
from folkmoot.growth.months import FiscalYear, Month
from folkmoot.growth.report import Kept, Reached, cohorts_of, lines_of, picked, report
from folkmoot.growth.warehouse import Taken, Warehouse

from .conftest import TODAY, Writer

Brings = Callable[..., Taken]


def month(written: str) -> Month:
    return Month.of(date.fromisoformat(f"{written}-01"))


def school(line: Writer) -> list[bytes]:
    """Two customers; one adds seats, one leaves."""
    return [
        line("person.joined", "2025-01-02", person="p1", domain="school.example"),
        line("person.hosted", "2025-01-05", person="p1", domain="school.example"),
        line("organisation.created", "2025-01-10", organisation="o1", person="p1", name="School"),
        line.subscribed("2025-01-20", "o1", 10_000, seats=10),
        line.subscribed("2025-02-11", "o1", 12_000, seats=12),
        line.subscribed("2025-01-01", "o2", 5_000),
        line("subscription.ended", "2025-02-28", organisation="o2", reason="price"),
        line.billed("o1", 31_000, "2025-01-01", "2025-01-31"),
        line.billed("o1", 28_000, "2025-02-01", "2025-02-28"),
        line("cost", "2025-01-01", name="machines", amount=9_000, currency="EUR", first="2025-01-01", last="2025-03-31"),
    ]  # fmt: skip


def test_a_quarter_reads_what_its_events_say(book: Warehouse, brings: Brings, line: Writer) -> None:
    brings(*school(line))
    shown = report(book, FiscalYear(1).quarter_of(month("2025-03")))
    assert shown is not None
    figures = shown.shown
    assert (figures.revenue, figures.profit, figures.revenue_grew) == (59_000, 50_000, None)
    january, february, *_ = lines_of(book)
    assert (january.customers, january.over_ten, january.mrr, january.new) == (2, 1, 15_000, 2)
    assert (february.customers, february.over_ten, february.mrr) == (1, 1, 12_000)
    assert (february.mrr_more, february.mrr_gone, february.gone) == (2_000, 5_000, 1)
    assert shown.reasons == [("price", 1)]
    assert cohorts_of(book)[:2] == [
        Kept(month("2025-01"), month("2025-01"), 2, 15_000),
        Kept(month("2025-01"), month("2025-02"), 1, 12_000),
    ]


def test_the_way_from_a_person_to_a_customer_has_its_middle_times(
    book: Warehouse, brings: Brings, line: Writer
) -> None:
    brings(*school(line))
    shown = report(book, picked("2025-01", FiscalYear(1)))
    assert shown is not None
    days = [(one.step, one.many, one.median and one.median.days) for one in shown.reached]
    assert days == [("person", 1, None), ("host", 1, 3), ("organisation", 1, 5), ("paying", 2, 10), ("large", 0, None)]  # fmt: skip
    assert isinstance(shown.reached[0], Reached)


def test_who_has_paid_enough_in_twelve_months_is_large_and_not_for_ever(
    book: Warehouse, brings: Brings, line: Writer
) -> None:
    brings(
        line.billed("o1", 100_001, "2024-01-01", "2024-01-31"),
        line.billed("o2", 100_000, "2024-01-01", "2024-01-31"),
        line.billed("o1", 5, "2025-01-01", "2025-01-31"),
    )
    assert [one.month.number for one in lines_of(book) if one.large] == [
        month("2024-01").number + months for months in range(12)
    ]
    assert [one.organisation for one in behind(book, "large", FiscalYear(1).quarter_of(month("2024-12")))] == ["o1"]  # fmt: skip


def test_the_order_of_events_changes_nothing(
    book: Warehouse, brings: Brings, line: Writer, tmp_path: Path
) -> None:
    events = school(line)
    brings(*events)
    random.Random(7).shuffle(events)
    with Warehouse(tmp_path / "shuffled.duckdb") as other:
        other.say(book.book)
        bring(other, events, TODAY)
        assert report(other) == report(book)


def test_what_comes_bit_by_bit_is_the_same_but_for_forecasts_that_were_made(
    book: Warehouse, brings: Brings, line: Writer, tmp_path: Path
) -> None:
    events = school(line)
    brings(*events)
    with Warehouse(tmp_path / "bits.duckdb") as other:
        other.say(book.book)
        for event in events:
            bring(other, [event], TODAY)
        whole, bits = report(book), report(other)
    assert whole is not None and bits is not None
    assert replace(bits, forecasts=()) == replace(whole, forecasts=())


def test_what_was_brought_before_is_known(book: Warehouse, brings: Brings, line: Writer) -> None:
    events = school(line)
    assert brings(*events, *events[:3]) == Taken(10, 3)
    before = report(book)
    assert brings(*events) == Taken(0, 10)
    assert report(book) == before


def test_a_wrong_line_leaves_the_book_as_it_was(book: Warehouse, brings: Brings, line: Writer) -> None:
    brings(*school(line))
    before = report(book)
    with pytest.raises(GrowthError, match="line 2, field seats") as refusal:
        brings(
            line.billed("o9", 1, "2025-01-01", "2025-01-31"), line.subscribed("2025-01-01", "o9", 1, seats=-1)
        )
    assert refusal.value.code == "growth.field"
    assert report(book) == before
    assert book.rows("SELECT count(*) FROM invoice_line WHERE organisation = 'o9'") == [(0,)]


def test_money_is_counted_by_the_rate_of_its_month_or_named(
    book: Warehouse, brings: Brings, line: Writer
) -> None:
    brings(
        line.billed("o1", 10_000, "2025-01-01", "2025-01-31", "USD"),
        line.billed("o1", 10_000, "2025-02-01", "2025-02-28", "USD"),
        line.billed("o1", 10_000, "2025-02-01", "2025-02-28", "CHF"),
        line("rate", "2025-01-01", currency="USD", to="EUR", rate="0.95"),
        line("rate", "2025-02-10", currency="USD", to="EUR", rate="0.9"),
    )
    assert [one.revenue for one in lines_of(book)] == [9_500, 9_000]
    shown = report(book)
    assert shown is not None
    [uncounted] = shown.uncounted
    assert (uncounted.currency, uncounted.amount, uncounted.since) == ("CHF", 10_000, month("2025-02"))


def test_domains_are_named_from_five_hosts_on_and_until_they_have_an_organisation(
    book: Warehouse, brings: Brings, line: Writer
) -> None:
    for domain, hosts in (("few.example", 4), ("many.example", 5), ("there.example", 6)):
        brings(
            *(line("person.hosted", "2025-01-05", person=f"{domain}{n}", domain=domain) for n in range(hosts))
        )
    brings(line("organisation.created", "2025-02-01", organisation="o1", domain="there.example"))
    shown = report(book)
    assert shown is not None
    assert [(one.domain, one.hosts) for one in shown.domains] == [("many.example", 5)]


def test_an_event_of_next_week_is_kept_and_not_looked_at(
    book: Warehouse, brings: Brings, line: Writer
) -> None:
    brings(
        line.billed("o1", 10_000, "2026-01-01", "2026-01-31"),
        line.billed("o1", 10_000, "2026-02-01", "2026-02-28"),
    )
    assert [one.revenue for one in lines_of(book)] == [10_000]
    bring(book, [], "2026-02-28")
    assert [one.revenue for one in lines_of(book)] == [10_000, 10_000]


def test_an_empty_book_has_no_report(book: Warehouse, brings: Brings) -> None:
    brings()
    assert report(book) is None


def test_a_fiscal_year_starts_when_it_is_said_to() -> None:
    year = FiscalYear(2)
    assert str(year.quarter_of(month("2020-07"))) == "2020-05..2020-07"
    assert str(year.quarter_of(month("2021-01"))) == "2020-11..2021-01"
    assert str(year.first_of(month("2021-01"))) == "2020-02"
    assert picked("2020-13", year) is None


def test_growth_against_nothing_is_no_number(book: Warehouse, brings: Brings, line: Writer) -> None:
    brings(
        line.billed("o1", 300, "2024-01-01", "2024-01-31"), line.billed("o1", 900, "2025-01-01", "2025-01-31")
    )
    now, then = (report(book, picked(written, FiscalYear(1))) for written in ("2025-01", "2024-01"))
    assert now is not None and then is not None
    assert (now.shown.revenue_grew, then.shown.revenue_grew) == (Fraction(2), None)
