"""A quarter of a book, whole: figures, the quarters before it, forecasts, the way from person to large customer.

Law: it reads what a closing made and computes nothing that isn't in `figures` or in a query here; domains are named from five hosts on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from folkmoot.growth.figures import QUARTERS_SHOWN, Figures, Line, figures_of, quarters_of, years_of
from folkmoot.growth.forecast import Forecast
from folkmoot.growth.forecasting import FIELDS, read
from folkmoot.growth.made_of import FEWEST
from folkmoot.growth.months import YEAR, FiscalYear, Month, Quarter
from folkmoot.growth.warehouse import Book, Warehouse

MOST_DOMAINS = 100
MONTHS_SHOWN = 13
Step = Literal["person", "host", "organisation", "paying", "large"]
STEPS: tuple[Step, ...] = ("person", "host", "organisation", "paying", "large")


@dataclass(frozen=True, slots=True)
class Reached:
    """How many reached a step in the quarter, how many had by its end, and how long the middle one of the quarter's took from the step before."""

    step: Step
    many: int
    so_far: int
    median: timedelta | None


@dataclass(frozen=True, slots=True)
class ManyHosts:
    """A domain whose people meet, and no organisation of it yet."""

    domain: str
    hosts: int
    new: int
    """In the last thirty days of the quarter."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """Who met: the most on a day, and the most in a month, of the quarter; and of organisations, how many."""

    daily: int
    monthly: int
    organisations_daily: int
    organisations_monthly: int


@dataclass(frozen=True, slots=True)
class MetIn:
    """A month."""

    month: Month
    busiest: int
    """Participants, on the day of the most."""
    organisations_busiest: int
    participants: int
    organisations: int
    meetings: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Kept:
    """Customers who began in `cohort`, in `month`."""

    cohort: Month
    month: Month
    customers: int
    mrr: int


@dataclass(frozen=True, slots=True)
class Cohort:
    """Customers who began in a quarter: how many of them there were at its end, and at the end of each that followed."""

    began: Quarter
    customers: Sequence[int]
    mrr: Sequence[int]


@dataclass(frozen=True, slots=True)
class Uncounted:
    """Money in a currency that the operator gave no rate for."""

    currency: str
    amount: int
    monthly: int
    """What its subscriptions cost a month, at the end."""
    since: Month


@dataclass(frozen=True, slots=True)
class Report:
    book: Book
    quarters: Sequence[Quarter]
    years: Sequence[Quarter]
    """All that can be picked."""
    shown: Figures
    before: Sequence[Figures]
    """The oldest first, and the shown one last."""
    forecasts: Sequence[Forecast]
    """Of the fiscal year that the quarter is in, one at each end of a quarter, up to the shown."""
    reached: Sequence[Reached]
    domains: Sequence[ManyHosts]
    met: Meeting
    met_in: Sequence[MetIn]
    """The last thirteen months of which something is known, the oldest first."""
    reasons: Sequence[tuple[str, int]]
    """Why customers left in the quarter, as they said."""
    uncounted: Sequence[Uncounted]
    cohorts: Sequence[Cohort]


def report(warehouse: Warehouse, quarter: Quarter | None = None) -> Report | None:
    """`quarter`: the last one that is over or begun, where none is named. None: the book is empty."""
    book = warehouse.book
    lines = lines_of(warehouse)
    quarters = quarters_of(lines, FiscalYear(book.year_starts))
    if not quarters:
        return None
    years = years_of(lines, FiscalYear(book.year_starts))
    shown = quarter or quarters[-1]
    known = years if shown.long == YEAR else quarters
    before = [shown.back(n) for n in reversed(range(QUARTERS_SHOWN))]
    return Report(
        book,
        quarters,
        years,
        figures_of(lines, shown),
        [figures_of(lines, one) for one in before if one in known or one == shown],
        forecasts_of(warehouse, shown),
        _reached(warehouse, shown),
        _domains(warehouse, shown),
        _met(warehouse, shown),
        met_in(warehouse, shown.last, MONTHS_SHOWN),
        _reasons(warehouse, shown),
        [Uncounted(currency, amount, monthly, Month.of(since)) for currency, amount, monthly, since in warehouse.rows("SELECT * FROM uncounted ORDER BY 1")],
        quarterly(cohorts_of(warehouse), [one for one in quarters if one.last <= min(shown.last, lines[-1].month)][-QUARTERS_SHOWN:]),
    )  # fmt: skip


def lines_of(warehouse: Warehouse) -> list[Line]:
    rows = warehouse.rows("SELECT * FROM monthly ORDER BY month")
    return [Line(Month.of(month), *rest) for month, *rest in rows]


def forecasts_of(warehouse: Warehouse, shown: Quarter) -> list[Forecast]:
    year = FiscalYear(warehouse.book.year_starts).first_of(shown.last)
    rows = warehouse.rows(
        f"SELECT {FIELDS} FROM forecast WHERE made <= $last AND year = $year AND currency = $currency ORDER BY made",
        {"last": shown.last.first, "year": year.first, "currency": warehouse.book.currency},
    )
    made = list(map(read, rows))
    return [one for one in made if (one.made.number - year.number) % 3 == 2]


def cohorts_of(warehouse: Warehouse) -> list[Kept]:
    rows = warehouse.rows(
        "SELECT cohort, month, customers, coalesce(mrr, 0) FROM cohort ORDER BY cohort, month"
    )
    return [Kept(Month.of(cohort), Month.of(month), *rest) for cohort, month, *rest in rows]


def quarterly(kept: Sequence[Kept], ended: Sequence[Quarter]) -> list[Cohort]:
    """By the quarter that they began in, as the quarters' ends found them, also those that found nobody."""
    found: dict[tuple[Quarter, Month], tuple[int, int]] = {}
    by_month = {month: one for one in ended for month in one.months}
    for each in kept:
        if each.cohort in by_month:
            place = by_month[each.cohort], each.month
            customers, mrr = found.get(place, (0, 0))
            found[place] = customers + each.customers, mrr + each.mrr
    return [
        Cohort(
            began,
            [found.get((began, end.last), (0, 0))[0] for end in ended if end >= began],
            [found.get((began, end.last), (0, 0))[1] for end in ended if end >= began],
        )
        for began in ended
    ]


def _days(quarter: Quarter) -> dict[str, object]:
    return {"first": quarter.first.first, "last": quarter.last.last}


def _reached(warehouse: Warehouse, quarter: Quarter) -> list[Reached]:
    """Of somebody who is at a step, all before it are known: so none has more than the one before."""
    (row,) = warehouse.rows(f"SELECT {', '.join(map(_counted, STEPS))} FROM reached", _days(quarter))
    return [Reached(step, *row[3 * n : 3 * n + 3]) for n, step in enumerate(STEPS)]


def _counted(step: Step) -> str:
    within = f"FILTER ({step} BETWEEN $first AND $last)"
    median = f"median(to_{step}) {within}" if step != STEPS[0] else "NULL::INTERVAL"
    return f"count(*) {within}, count(*) FILTER ({step} <= $last), {median}"


def _domains(warehouse: Warehouse, quarter: Quarter) -> list[ManyHosts]:
    rows = warehouse.rows(
        "SELECT domain, count(*) AS hosts, count(*) FILTER (first_at > $since) FROM ("
        "  SELECT domain, person, min(happened_at)::DATE AS first_at FROM person_hosted WHERE domain <> '' AND happened_at::DATE <= $last GROUP BY ALL"
        ") WHERE domain NOT IN (SELECT domain FROM organisation_created WHERE happened_at::DATE <= $last) "
        f"GROUP BY domain HAVING count(*) >= {FEWEST} ORDER BY hosts DESC, domain LIMIT {MOST_DOMAINS}",
        {"last": quarter.last.last, "since": quarter.last.last - timedelta(days=30)},
    )
    return [ManyHosts(*row) for row in rows]


def _met(warehouse: Warehouse, quarter: Quarter) -> Meeting:
    return Meeting(*warehouse.rows(
        "SELECT coalesce(max(busiest), 0), coalesce(max(participants), 0), coalesce(max(organisations_busiest), 0), coalesce(max(organisations), 0) "
        "FROM met_monthly WHERE month BETWEEN $first AND $last",
        _days(quarter),
    )[0])  # fmt: skip


def met_in(warehouse: Warehouse, last: Month, most: int) -> list[MetIn]:
    rows = warehouse.rows(
        "SELECT month, busiest, organisations_busiest, participants, organisations, meetings, minutes FROM met_monthly "
        "WHERE month BETWEEN $first AND $last ORDER BY month",
        {"first": (last - (most - 1)).first, "last": last.first},
    )
    return [MetIn(Month.of(month), *rest) for month, *rest in rows]


def _reasons(warehouse: Warehouse, quarter: Quarter) -> list[tuple[str, int]]:
    rows = warehouse.rows(
        "SELECT reason, count(*) AS many FROM moved WHERE kind = 'gone' AND month BETWEEN $first AND $last "
        "GROUP BY reason ORDER BY many DESC, reason",
        _days(quarter),
    )
    return [(reason, many) for reason, many in rows]


def month_of(written: str) -> Month | None:
    """`2020-07`."""
    try:
        return Month.of(date.fromisoformat(f"{written}-01"))
    except ValueError:
        return None


def picked(written: str, year: FiscalYear) -> Quarter | None:
    """`2020-07`: the quarter that a month is in. `2020-07y`: the fiscal year that it is in."""
    month = month_of(written.removesuffix("y"))
    if month is None:
        return None
    return year.year_of(month) if written.endswith("y") else year.quarter_of(month)
