"""The tables of a quarter as CSV. What a spreadsheet would take for a formula is text."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator

from folkmoot.growth.behind import FIGURES, all_of, events_behind
from folkmoot.growth.books import GrowthError
from folkmoot.growth.months import Quarter
from folkmoot.growth.report import Report, cohorts_of, report
from folkmoot.growth.typed import entries
from folkmoot.growth.warehouse import Warehouse
from folkmoot.kit import text

Row = tuple[object, ...]
MOST_EVENTS = 200_000
EVENTS = "-events"
DAY_S = 86_400


def sheet(warehouse: Warehouse, what: str, quarter: Quarter | None) -> str:
    """`what`: a table, a figure for the organisations behind it, or a figure with `-events` at its end."""
    shown = report(warehouse, quarter)
    if shown is None:
        raise GrowthError("growth.empty", "The book has no events yet.")
    into = io.StringIO()
    inert = (
        [text.cell(one) if isinstance(one, str) else one for one in row]
        for row in _rows(warehouse, what, shown)
    )
    csv.writer(into, lineterminator="\n").writerows(inert)
    return into.getvalue()


def _rows(warehouse: Warehouse, what: str, shown: Report) -> Iterable[Row]:
    if what in _TABLES:
        return _TABLES[what](shown)
    if what in _WHOLE:
        return _WHOLE[what](warehouse)
    for figure in FIGURES:
        if what == figure:
            found = all_of(warehouse, figure, shown.shown.quarter)
            return _headed(
                ("organisation", "name", "amount"),
                ((one.organisation, one.name, one.amount) for one in found),
            )
        if what == figure + EVENTS:
            told = events_behind(warehouse, figure, shown.shown.quarter, most=MOST_EVENTS)
            head = (
                "at",
                "kind",
                "id",
                "organisation",
                "said",
                "amount",
                "currency",
                "first",
                "last",
                "counted",
            )
            return _headed(
                head,
                (
                    (
                        e.at.isoformat(),
                        e.kind,
                        e.id,
                        e.organisation,
                        e.said,
                        e.amount,
                        e.currency,
                        e.first or "",
                        e.last or "",
                        "" if e.counted is None else e.counted,
                    )
                    for e in told
                ),
            )
    raise GrowthError("growth.no_table", f"There is no table {what!r}. See folkmoot growth csv --help.")


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
            for c in entries(warehouse, MOST_EVENTS).costs
        ),
    )


def _rates(warehouse: Warehouse) -> Iterable[Row]:
    head = ("id", "currency", "to", "rate", "since")
    return _headed(
        head, ((r.id, r.currency, r.to, r.rate, r.since) for r in entries(warehouse, MOST_EVENTS).rates)
    )


def _quarters(shown: Report) -> Iterable[Row]:
    head = ("quarter", "revenue", "profit", "customers", "over_ten", "large", "mrr")
    return _headed(
        head,
        ((f.quarter, f.revenue, f.profit, f.customers, f.over_ten, f.large, f.mrr) for f in shown.before),
    )


def _forecasts(shown: Report) -> Iterable[Row]:
    head = ("made", "year", "recognised", "contracted", "renewals", "low", "high")
    return _headed(
        head,
        ((f.made, f.year, f.recognised, f.contracted, f.renewals, f.low, f.high) for f in shown.forecasts),
    )


def _funnel(shown: Report) -> Iterable[Row]:
    rows = (
        (r.step, r.many, r.so_far, "" if r.median is None else f"{r.median.total_seconds() / DAY_S:.1f}")
        for r in shown.reached
    )
    return _headed(("step", "reached", "so_far", "median_days"), rows)


def _domains(shown: Report) -> Iterable[Row]:
    return _headed(("domain", "hosts", "new"), ((one.domain, one.hosts, one.new) for one in shown.domains))


_WHOLE: dict[str, Callable[[Warehouse], Iterable[Row]]] = {
    "cohorts": _cohorts, "usage": _met, "costs": _costs, "rates": _rates,
}  # fmt: skip
"""Of all that the book has, not of the quarter."""
_TABLES: dict[str, Callable[[Report], Iterable[Row]]] = {
    "quarters": _quarters, "forecasts": _forecasts, "funnel": _funnel, "domains": _domains,
}  # fmt: skip
