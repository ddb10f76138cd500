"""What is behind a figure: it adds up to it, and no single person is told of."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.growth.behind import Page, Wish, events_behind
from folkmoot.growth.behind import organisations_behind as behind
from folkmoot.growth.books import bring
from folkmoot.growth.forecasting import explained
from folkmoot.growth.made_of import FIGURES, PEOPLE
from folkmoot.growth.months import FiscalYear, Month, Quarter
from folkmoot.growth.report import report
from folkmoot.growth.sheets import Wanted, sheet
from folkmoot.growth.warehouse import Taken, Warehouse

from .conftest import TODAY, Writer
from .test_always import HAPPENED, Told, a_book, lines

Brings = Callable[..., Taken]


def quarter(written: str) -> Quarter:
    return FiscalYear(1).quarter_of(Month.of(date.fromisoformat(f"{written}-01")))


def told(page: Page) -> list[tuple[str, int]]:
    return [(one.organisation, one.amount) for one in page.rows]


def town(line: Writer) -> list[bytes]:
    """Six customers of 2025: one that stays, one that grows, one that shrinks, one that leaves, one that comes back, one that comes late."""
    return [
        *(line.subscribed("2025-01-01", f"o-{name}", 10_000) for name in ("stays", "grows", "shrinks", "leaves", "comes-back")),
        line("organisation.created", "2024-12-01", organisation="o-stays", name="Harbour", person="p1", domain="harbour.example"),
        line.subscribed("2025-05-10", "o-grows", 15_000),
        line.subscribed("2025-05-10", "o-shrinks", 4_000),
        line("subscription.ended", "2025-05-10", organisation="o-leaves", reason="price"),
        line("subscription.ended", "2025-02-10", organisation="o-comes-back"),
        line.subscribed("2025-06-10", "o-comes-back", 9_000),
        line.subscribed("2025-06-10", "o-late", 7_000, until="2026-06-30"),
        line.billed("o-stays", 120_000, "2025-01-01", "2025-12-31"),
        line.billed("o-grows", 30_000, "2025-04-01", "2025-06-30"),
    ]  # fmt: skip


def test_mrr_goes_from_a_quarters_beginning_to_its_end_by_customers(
    book: Warehouse, brings: Brings, line: Writer
) -> None:
    brings(*town(line))
    shown = report(book, quarter("2025-05"))
    assert shown is not None
    f = shown.shown
    assert (f.mrr_before, f.mrr_new, f.mrr_back, f.mrr_more, f.mrr_less, f.mrr_gone, f.mrr) == (40_000, 7_000, 9_000, 5_000, 6_000, 10_000, 45_000)  # fmt: skip
    for figure, expected in (
        ("mrr_new", [("o-late", 7_000)]), ("mrr_back", [("o-comes-back", 9_000)]), ("mrr_more", [("o-grows", 5_000)]),
        ("mrr_less", [("o-shrinks", -6_000)]), ("mrr_gone", [("o-leaves", -10_000)]),
    ):  # fmt: skip
        page = behind(book, Wish(figure, quarter("2025-05")))  # type: ignore[arg-type]
        assert (told(page), page.many, page.whole) == (expected, 1, expected[0][1])


def test_who_gave_a_reason_and_who_gave_none(book: Warehouse, brings: Brings, line: Writer) -> None:
    brings(*town(line))
    shown = report(book, quarter("2025-05"))
    assert shown is not None and shown.reasons == [("price", 1)]
    page = behind(book, Wish("reason", quarter("2025-05"), of="price"))
    assert [(one.organisation, str(one.day)) for one in page.rows] == [("o-leaves", "2025-05-01")]
    assert told(behind(book, Wish("reason", quarter("2025-02")))) == [("o-comes-back", -10_000)]


def test_customers_of_a_cell_of_the_cohorts(book: Warehouse, brings: Brings, line: Writer) -> None:
    brings(*town(line))
    began = Month.of(date(2025, 1, 1))
    page = behind(book, Wish("cohort", quarter("2025-05"), began=began))
    shown = report(book, quarter("2025-05"))
    assert shown is not None
    (cell,) = (one.customers[1] for one in shown.cohorts if one.began == quarter("2025-01"))
    assert page.many == cell == 4
    assert {one.organisation for one in page.rows} == {"o-stays", "o-grows", "o-shrinks", "o-comes-back"}


def test_a_forecast_is_what_was_recognised_is_contracted_and_renews(
    book: Warehouse, brings: Brings, line: Writer
) -> None:
    brings(*town(line))
    made = explained(book, Month.of(date(2025, 6, 1)))
    assert made is not None and made.kept == made.now
    for figure in ("recognised", "contracted", "renewals"):
        page = behind(book, Wish(figure, quarter("2025-06")))
        assert page.whole == page.figure == getattr(made.kept, figure), figure
    assert told(behind(book, Wish("contracted", quarter("2025-06")))) == [("o-stays", 60_000), ("o-late", 42_000)]  # fmt: skip
    assert sum(one.contracted for one in made.cohorts) == made.kept.contracted
    (late,) = (one for one in made.cohorts if str(one.began) == "2025-06")
    assert (late.customers, late.mrr, late.contracted, late.renewals) == (1, 7_000, 42_000, 0)
    assert told(behind(book, Wish("contracted", quarter("2025-06"), began=late.began))) == [("o-late", 42_000)]  # fmt: skip
    assert explained(book, Month.of(date(2026, 3, 1))) is None


def test_a_forecast_that_was_made_is_kept_beside_what_would_be_made_today(
    book: Warehouse, brings: Brings, line: Writer
) -> None:
    brings(*town(line))
    brings(line.billed("o-late", 3_000, "2025-06-01", "2025-06-30"))
    page = behind(book, Wish("recognised", quarter("2025-06")))
    assert page.figure is not None and page.whole == page.figure + 3_000


def test_who_is_at_a_step_are_organisations_or_domains_of_five_people(
    book: Warehouse, brings: Brings, line: Writer
) -> None:
    brings(
        *town(line),
        *(line("person.joined", "2025-04-02", person=f"s{n}", domain="school.example") for n in range(5)),
        *(line("person.joined", "2025-04-02", person=f"f{n}", domain="four.example") for n in range(4)),
        line("person.joined", "2025-04-02", person="alone"),
        line("person.hosted", "2025-04-02", person="s1", domain="school.example"),
    )
    spring = quarter("2025-05")
    shown = report(book, spring)
    assert shown is not None
    people = behind(book, Wish("step_person", spring))
    assert (told(people), people.unit, people.figure) == ([("school.example", 5)], "people", shown.reached[0].many)  # fmt: skip
    assert people.figure == 11, "ten people, and who brought an organisation that nobody is named of"
    assert told(behind(book, Wish("step_host", spring))) == []
    winter = quarter("2025-01")
    begun = behind(book, Wish("step_paying", winter))
    assert begun.many == 5 and begun.unit == "none" and {str(one.day) for one in begun.rows} == {"2025-01-01"}
    assert [one.organisation for one in behind(book, Wish("step_large", quarter("2025-12"))).rows] == ["o-stays"]  # fmt: skip
    events = events_behind(book, Wish("step_paying", winter, organisation="o-stays"))
    assert [one.kind for one in events] == ["subscription.set", "organisation.created"]
    assert "p1" not in repr(events)


def test_money_without_a_rate_has_its_customers_too(book: Warehouse, brings: Brings, line: Writer) -> None:
    brings(
        *town(line),
        line.billed("o-far", 9_000, "2025-04-01", "2025-06-30", "USD"),
        line("cost", "2025-04-01", name="lines", amount=500, currency="USD", first="2025-04-01", last="2025-04-30"),
        line.subscribed("2025-04-01", "o-far", 3_000, currency="USD"),
        line.subscribed("2025-04-01", "o-free-of-lines", 2_000, currency="CHF"),
    )  # fmt: skip
    shown = report(book)
    assert shown is not None
    assert [(one.currency, one.amount, one.monthly) for one in shown.uncounted] == [("CHF", 0, 2_000), ("USD", 9_500, 3_000)]  # fmt: skip
    page = behind(book, Wish("uncounted", shown.shown.quarter, of="USD"))
    assert (told(page), page.currency) == ([("o-far", 9_000), ("lines", 500)], "USD")
    counted = [one.counted for one in events_behind(book, Wish("uncounted", shown.shown.quarter, of="USD"))]
    assert sum(one or 0 for one in counted) == 9_500
    assert told(behind(book, Wish("uncounted", shown.shown.quarter, of="CHF"))) == [("o-free-of-lines", 0)]
    brings(line("rate", "2025-01-01", currency="USD", to="EUR", rate="0.5"))
    shown = report(book)
    assert shown is not None and [one.currency for one in shown.uncounted] == ["CHF"]


def test_each_list_is_a_table_with_the_same_rows(
    book: Warehouse, brings: Brings, line: Writer, tmp_path: Path
) -> None:
    brings(*town(line), line("organisation.created", "2025-01-01", organisation="o-grows", name='=1+1, "x"'))
    to = tmp_path / "table.csv"
    for figure in FIGURES:
        wish = Wish(figure, quarter("2025-05"), of="price", began=Month.of(date(2025, 1, 1)))
        sheet(book, Wanted(figure, wish.quarter, wish.of, wish.began), to)
        head, *rows = csv.reader(to.open())
        assert head == ["organisation", "name", "amount", "currency", "day"]
        assert [row[0] for row in rows] == [one.organisation for one in behind(book, wish).rows], figure
        assert all(row[1] == '\'=1+1, "x"' for row in rows if row[0] == "o-grows")
        if figure not in PEOPLE:
            sheet(book, Wanted(f"{figure}-events", wish.quarter, wish.of, wish.began), to)
            assert len(list(csv.reader(to.open()))) == 1 + len(events_behind(book, wish, most=1000)), figure


def test_a_quarter_of_which_nothing_is_known_begins_with_nothing(
    book: Warehouse, brings: Brings, line: Writer
) -> None:
    brings(
        line.subscribed("2024-06-01", "o-one", 10_000),
        line("subscription.ended", "2024-12-01", organisation="o-two"),
    )
    last, beyond = (report(book, quarter(month)) for month in ("2024-12", "2025-01"))
    assert last is not None and (last.shown.mrr_before, last.shown.mrr) == (10_000, 10_000)
    assert beyond is not None and (beyond.shown.mrr_before, beyond.shown.mrr, beyond.shown.churn) == (
        0,
        0,
        None,
    )


def test_a_quarter_whose_end_finds_nobody_is_a_column_all_the_same(
    book: Warehouse, brings: Brings, line: Writer
) -> None:
    brings(
        line.subscribed("2024-07-06", "o-back", 10_000),
        line("subscription.ended", "2024-11-01", organisation="o-back"),
        line.subscribed("2025-02-01", "o-back", 9_000),
    )
    shown = report(book, quarter("2025-03"))
    assert shown is not None
    assert [(one.began.first, list(one.customers)) for one in shown.cohorts][:2] == [
        (Month.of(date(2024, 7, 1)), [1, 0]),
        (Month.of(date(2024, 10, 1)), [0]),
    ]


@given(HAPPENED, st.integers(1, 12))
@settings(max_examples=8)
def test_whatever_happened_a_list_adds_up_to_its_figure(happened: list[Told], in_month: int) -> None:
    with a_book() as book:
        bring(book, lines(happened), TODAY)
        asked = quarter(f"2025-{in_month:02}")
        shown = report(book, asked)
        if shown is None:
            return
        f, pages = (
            shown.shown,
            {figure: behind(book, Wish(figure, asked)) for figure in FIGURES if figure != "cohort"},
        )
        sums = {figure: page.whole for figure, page in pages.items()}
        assert (sums["revenue"], sums["revenue"] + sums["profit"]) == (f.revenue, f.profit)
        assert (pages["customers"].many, pages["over_ten"].many, pages["large"].many, sums["mrr"]) == (f.customers, f.over_ten, f.large, f.mrr)  # fmt: skip
        moved = tuple(sums[figure] for figure in ("mrr_new", "mrr_back", "mrr_more", "mrr_less", "mrr_gone"))
        assert moved == (f.mrr_new, f.mrr_back, f.mrr_more, -f.mrr_less, -f.mrr_gone)
        assert f.mrr_before + sum(moved) == f.mrr
        assert sums["net"] == sums["net_more"] + sums["gross"] and sums["gross"] == sums["net_less"] + sums["net_gone"]  # fmt: skip
        assert pages["left"].many == sum(many for _, many in shown.reasons)
        for reason, many in shown.reasons:
            assert behind(book, Wish("reason", asked, of=reason)).many == many
        for step in shown.reached[2:]:
            assert behind(book, Wish(f"step_{step.step}", asked)).many == step.many  # type: ignore[arg-type]
        for forecast in shown.forecasts:
            made = Wish("renewals", quarter(str(forecast.made)))
            assert behind(book, made).whole == forecast.renewals
            assert behind(book, Wish("contracted", made.quarter)).whole == forecast.contracted
            assert behind(book, Wish("recognised", made.quarter)).whole == forecast.recognised
        for cohort in shown.cohorts:
            if cohort.customers:  # the last of its cells
                at = Quarter(cohort.began.first + 3 * (len(cohort.customers) - 1))
                assert behind(book, Wish("cohort", at, began=cohort.began.first)).many == cohort.customers[-1]
