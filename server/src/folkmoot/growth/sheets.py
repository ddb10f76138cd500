"""The tables of a quarter as CSV. What a spreadsheet would take for a formula is text."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from folkmoot.growth.behind import Wish, events_out, mark_of, organisations_out
from folkmoot.growth.books import GrowthError
from folkmoot.growth.figures import quarters_of
from folkmoot.growth.made_of import FIGURES, MADE_OF
from folkmoot.growth.months import FiscalYear, Month, Quarter
from folkmoot.growth.report import Report, cohorts_of, lines_of, report
from folkmoot.growth.typed import entries
from folkmoot.growth.warehouse import Warehouse
from folkmoot.kit import text

Row = tuple[object, ...]
MOST_ENTRIES = 200_000
EVENTS = "-events"
DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Wanted:
    table: str
    """A table, a figure for the organisations behind it, or a figure with `-events` at its end."""
    quarter: Quarter | None = None
    of: str = ""
    began: Month | None = None


def sheet(warehouse: Warehouse, wanted: Wanted, to: Path) -> None:
    """Into a file. What may be long is written by the database."""
    lines = lines_of(warehouse)
    if not lines:
        raise GrowthError("growth.empty", "The book has no events yet.")
    what, quarter = (
        wanted.table,
        wanted.quarter or quarters_of(lines, FiscalYear(warehouse.book.year_starts))[-1],
    )
    for figure in FIGURES:
        wish = Wish(figure, quarter, wanted.of, wanted.began)
        if what == figure:
            return organisations_out(warehouse, wish, to)
        if what == figure + EVENTS and MADE_OF[figure].events:
            return events_out(warehouse, wish, to)
    if what not in _TABLES and what not in _WHOLE:
        raise GrowthError("growth.no_table", f"There is no table {what!r}. See folkmoot growth csv --help.")
    shown = report(warehouse, quarter) if what in _TABLES else None
    rows = _TABLES[what](shown) if shown else _WHOLE[what](warehouse)
    with to.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(_inert(_marked(rows, mark_of(warehouse))))
    return None


def _marked(rows: Iterable[Row], mark: str) -> Iterator[Row]:
    """Made-up figures say so in each line."""
    for n, row in enumerate(rows):
        yield (*row, "made_up" if n == 0 else mark) if mark else row


def _inert(rows: Iterable[Row]) -> Iterator[Row]:
    return (tuple(text.cell(one) if isinstance(one, str) else one for one in row) for row in rows)


def _headed(head: Row, rows: Iterable[Row]) -> Iterator[Row]:
    yield head
    yield from rows


def _cohorts(warehouse: Warehouse) -> Iterable[Row]:
    found = cohorts_of(warehouse)
    return _headed(
        ("cohort", "month", "customers", "mrr"),
        ((one.cohort, one.month, one.customers, one.mrr) for one in found),
    )


def _met(warehouse: Warehouse) -> Iterable[Row]:
    head = ("span", "day", "participants", "organisations", "meetings", "minutes")
    return _headed(head, warehouse.rows(f"SELECT {', '.join(head)} FROM met ORDER BY span, day"))


def _costs(warehouse: Warehouse) -> Iterable[Row]:
    head = ("id", "name", "amount", "currency", "first", "last")
    return _headed(
        head,
        (
            (c.id, c.name, c.amount, c.currency, c.first, c.last)
            for c in entries(warehouse, MOST_ENTRIES).costs
        ),
    )


def _rates(warehouse: Warehouse) -> Iterable[Row]:
    head = ("id", "currency", "to", "rate", "since")
    return _headed(
        head, ((r.id, r.currency, r.to, r.rate, r.since) for r in entries(warehouse, MOST_ENTRIES).rates)
    )


def _quarters(shown: Report) -> Iterable[Row]:
    head = (
        "revenue",
        "profit",
        "customers",
        "over_ten",
        "large",
        "mrr",
        "mrr_before",
        "mrr_new",
        "mrr_back",
        "mrr_more",
        "mrr_less",
        "mrr_gone",
    )
    rows = ((f.quarter, *(getattr(f, name) for name in head), shown.book.currency) for f in shown.before)
    return _headed(("quarter", *head, "currency"), rows)


def _forecasts(shown: Report) -> Iterable[Row]:
    head = ("made", "year", "recognised", "contracted", "renewals", "low", "high")
    rows = ((*(getattr(f, name) for name in head), shown.book.currency) for f in shown.forecasts)
    return _headed((*head, "currency"), rows)


def _funnel(shown: Report) -> Iterable[Row]:
    rows = (
        (r.step, r.many, r.so_far, "" if r.median is None else f"{r.median.total_seconds() / DAY_S:.1f}")
        for r in shown.reached
    )
    return _headed(("step", "reached", "so_far", "median_days"), rows)


def _domains(shown: Report) -> Iterable[Row]:
    return _headed(("domain", "hosts", "new"), ((one.domain, one.hosts, one.new) for one in shown.domains))


def _reasons(shown: Report) -> Iterable[Row]:
    return _headed(("reason", "customers"), shown.reasons)


_WHOLE: dict[str, Callable[[Warehouse], Iterable[Row]]] = {
    "cohorts": _cohorts, "usage": _met, "costs": _costs, "rates": _rates,
}  # fmt: skip
"""Of all that the book has, not of the quarter."""
_TABLES: dict[str, Callable[[Report], Iterable[Row]]] = {
    "quarters": _quarters, "forecasts": _forecasts, "funnel": _funnel, "domains": _domains, "reasons": _reasons,
}  # fmt: skip
