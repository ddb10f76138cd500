"""What a closing makes of events, counted by hand."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.growth.behind import Wish
from folkmoot.growth.behind import organisations_behind as behind
from folkmoot.growth.books import Books, GrowthError, bring, describe
from folkmoot.growth.months import FiscalYear, Month
from folkmoot.growth.report import Kept, Meeting, Reached, cohorts_of, lines_of, met_in, picked, report
from folkmoot.growth.sheets import Wanted, sheet
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
    assert days == [("person", 2, None), ("host", 2, 3), ("organisation", 2, 5), ("paying", 2, 10), ("large", 0, None)]  # fmt: skip
    assert isinstance(shown.reached[0], Reached)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["person.joined", "person.hosted", "organisation.created", "subscription.set", "invoice.line"]),
            st.sampled_from("abc"),
            st.dates(date(2025, 1, 1), date(2025, 12, 31)),
            st.booleans(),
        ),
        max_size=12,
    ),
    st.integers(1, 12),
)  # fmt: skip
@settings(max_examples=20)
def test_whatever_is_skipped_nobody_is_at_a_step_who_isnt_at_the_one_before(
    happened: list[tuple[str, str, date, bool]], in_month: int
) -> None:
    line = Writer()
    told = {
        "person.joined": lambda day, who, named: line("person.joined", day, person=who),
        "person.hosted": lambda day, who, named: line("person.hosted", day, person=who),
        "organisation.created": lambda day, who, named: line(
            "organisation.created", day, organisation=f"o{who}", **({"person": who} if named else {})
        ),
        "subscription.set": lambda day, who, named: line.subscribed(day, f"o{who}", 5_000 * named),
        "invoice.line": lambda day, who, named: line.billed(f"o{who}", 200_000, day, day),
    }
    with tempfile.TemporaryDirectory() as folder, Warehouse(Path(folder) / "book.duckdb") as book:
        describe(book, currency="EUR", large=100_000)
        bring(book, [told[kind](str(day), who, named) for kind, who, day, named in happened], TODAY)
        shown = report(book, picked(f"2025-{in_month:02}", FiscalYear(1)))
    if shown is None:
        return
    so_far = [one.so_far for one in shown.reached]
    assert so_far == sorted(so_far, reverse=True)
    assert all(one.many <= one.so_far for one in shown.reached)


def test_two_organisations_of_one_person_are_one_way(book: Warehouse, brings: Brings, line: Writer) -> None:
    brings(
        line("person.hosted", "2025-01-05", person="p1"),
        *(line("organisation.created", "2025-01-10", organisation=f"o{n}", person="p1") for n in range(3)),
        *(line.subscribed("2025-01-20", f"o{n}", 10_000) for n in range(4)),
    )
    shown = report(book, picked("2025-01", FiscalYear(1)))
    assert shown is not None and shown.shown.customers == 4
    assert [one.many for one in shown.reached] == [2, 2, 2, 2, 0]


def test_who_met_is_what_was_said_of_the_server_or_else_the_sum_of_organisations(
    book: Warehouse, brings: Brings, line: Writer, tmp_path: Path
) -> None:
    def met(day: str, participants: int, span: str = "day", **rest: object) -> bytes:
        return line("usage", day, span=span, date=day, participants=participants, **rest)

    brings(
        met("2025-01-02", 90, organisations=4, minutes=500, meetings=6),
        met("2025-01-02", 30, organisation="o1"),
        met("2025-01-03", 40, organisation="o1", minutes=9),
        met("2025-01-03", 20, organisation="o2"),
        met("2025-01-03", 0, organisation="o3"),
        met("2025-02-01", 700, span="month", organisations=5),
        met("2025-02-02", 50, organisations=3),
        met("2025-02-02", 60, domain="school.example"),
        met("2026-03-01", 999),
    )
    shown = report(book, picked("2025-01", FiscalYear(1)))
    assert shown is not None
    january, february = shown.met_in
    assert (january.busiest, january.participants, january.organisations_busiest) == (90, 150, 4)
    assert (january.minutes, january.meetings, january.organisations) == (509, 6, 4)
    assert (february.busiest, february.participants, february.organisations) == (50, 700, 5)
    assert shown.met == Meeting(90, 700, 4, 5)
    sheet(book, Wanted("usage"), tmp_path / "usage.csv")
    days = (tmp_path / "usage.csv").read_text().splitlines()
    assert days[:3] == ["span,day,participants,organisations,meetings,minutes", "day,2025-01-02,90,4,6,500", "day,2025-01-03,60,2,0,9"]  # fmt: skip


def test_a_book_of_another_form_is_closed_anew_before_it_is_read(tmp_path: Path, line: Writer) -> None:
    books = Books(tmp_path)
    with books.opened("ours", writing=True) as book:
        bring(book, school(line), TODAY)
        before = report(book)
    with Warehouse(tmp_path / "growth" / "ours.duckdb") as book:
        book.run(("DROP TABLE closed", "DROP TABLE reached", 'ALTER TABLE "usage" DROP COLUMN organisations'))
    with books.opened("ours") as book:
        after = report(book)
    assert after is not None and before is not None and after.shown == before.shown
    with books.opened("ours", writing=True) as book:
        bring(book, [line("usage", "2025-01-02", span="day", date="2025-01-02", participants=7, organisations=2)], TODAY)  # fmt: skip
        assert [one.organisations for one in met_in(book, month("2025-03"), 13)] == [2]


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
    large = behind(book, Wish("large", FiscalYear(1).quarter_of(month("2024-12"))))
    assert [one.organisation for one in large.rows] == ["o1"]


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
