"""What lies behind a figure, a page at a time or whole: the organisations that it is made of, and the events of each (`made_of`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from folkmoot.growth.closing import closed_on
from folkmoot.growth.figures import figures_of
from folkmoot.growth.forecasting import factors, kept_of
from folkmoot.growth.made_of import FORECAST, MADE_OF, PEOPLE, Figure, Unit
from folkmoot.growth.months import FiscalYear, Month, Quarter
from folkmoot.growth.report import lines_of
from folkmoot.growth.warehouse import Warehouse
from folkmoot.kit.text import FORMULA

MOST = 100
"""On a page."""


@dataclass(frozen=True, slots=True)
class Wish:
    """`of`: the reason, or the currency without a rate. A forecast is that which was made of the quarter's last month. `began`: of customers that began in that
    month, or for `cohort` in that quarter."""

    figure: Figure
    quarter: Quarter
    of: str = ""
    began: Month | None = None
    organisation: str = ""
    """Of events: of one alone; of costs, their name."""


@dataclass(frozen=True, slots=True)
class Behind:
    """An organisation, and what a figure has of it: money, or what it pays a month. `profit` has costs instead, by their name; `net` and
    `gross` have by how much MRR changed in twelve months, `met` participants, steps of people their domains."""

    organisation: str
    name: str
    amount: int
    day: date | None
    """When it began, left, moved, reached the step."""


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Behind]
    many: int
    """In the whole list."""
    whole: int
    """Of all amounts of the list."""
    figure: int | None
    """What the figure was, where the list may be less: a forecast that was made before more was known, people of whom no domain is told."""
    unit: Unit
    currency: str


@dataclass(frozen=True, slots=True)
class Told:
    """An event behind a figure. `counted`: what of it is in the figure, in its own currency. Of who met, `amount` is participants
    and `counted` organisations."""

    at: datetime
    kind: str
    id: str
    organisation: str
    said: str
    amount: int
    currency: str
    first: date | None
    last: date | None
    counted: int | None


_NAMED = """SELECT organisation, arg_max(name, (happened_at, id)) AS name FROM organisation_created
  WHERE organisation IN (SELECT organisation FROM {of}) GROUP BY organisation"""
_ORDER = "abs(amount) DESC, day, organisation"


def organisations_behind(warehouse: Warehouse, wish: Wish, after: int = 0, most: int = MOST) -> Page:
    """The largest first; where there are no amounts, the first first."""
    made, bound = MADE_OF[wish.figure], _counted(warehouse, wish)
    warehouse.run((f"CREATE OR REPLACE TEMP TABLE figure AS {made.organisations}",), bound)
    ((many, whole),) = warehouse.rows("SELECT count(*), coalesce(sum(amount), 0)::BIGINT FROM figure")
    rows = warehouse.rows(
        f"WITH page AS (SELECT * FROM figure ORDER BY {_ORDER} LIMIT $most OFFSET $after), named AS ({_NAMED.format(of='page')}) "
        f"SELECT organisation, coalesce(name, ''), amount, day FROM page LEFT JOIN named USING (organisation) ORDER BY {_ORDER}",
        {"most": most, "after": after},
    )
    figure, currency = _figure(warehouse, wish), str(bound["in_currency"])
    return Page([Behind(*row) for row in rows], many, whole, figure, made.unit, currency)


def _figure(warehouse: Warehouse, wish: Wish) -> int | None:
    if wish.figure in PEOPLE:
        step = PEOPLE[wish.figure]
        query = f"SELECT count(*) FROM reached WHERE {step} BETWEEN $first AND $last"
        return int(warehouse.rows(query, bounds(warehouse, wish))[0][0])
    if wish.figure in FORECAST and wish.began is None:
        kept = kept_of(warehouse, wish.quarter.last)
        return None if kept is None else int(getattr(kept, wish.figure))
    return None


def events_behind(warehouse: Warehouse, wish: Wish, after: int = 0, most: int = MOST) -> list[Told]:
    """The newest first."""
    rows = warehouse.rows(
        f"SELECT * FROM ({_events(wish)}) ORDER BY happened_at DESC, id LIMIT $most OFFSET $after",
        bounds(warehouse, wish) | {"most": most, "after": after},
    )
    return [Told(*row) for row in rows]


def _events(wish: Wish) -> str:
    one = "WHERE organisation = $organisation" if wish.organisation else ""
    return f"SELECT * FROM ({MADE_OF[wish.figure].events}) AS told(happened_at, kind, id, organisation, said, amount, currency, first, last, counted) {one}"


def organisations_out(warehouse: Warehouse, wish: Wish, to: Path) -> None:
    """All of them as a CSV, written by the database."""
    made = MADE_OF[wish.figure]
    amount = "NULL" if made.unit == "none" else "amount"
    currency = "$in_currency" if made.unit == "money" else "NULL"
    warehouse.copied_out(
        f"WITH figure AS ({made.organisations}), named AS ({_NAMED.format(of='figure')}) "
        f"SELECT {_cell('organisation')}, {_cell('name')}, {amount} AS amount, {currency} AS currency, day{_marked(warehouse)} "
        f"FROM figure LEFT JOIN named USING (organisation) ORDER BY {_ORDER.replace('amount', 'figure.amount')}",
        _counted(warehouse, wish), to,
    )  # fmt: skip


def events_out(warehouse: Warehouse, wish: Wish, to: Path) -> None:
    warehouse.copied_out(
        f"SELECT strftime(happened_at, '%Y-%m-%dT%H:%M:%SZ') AS at, kind, {_cell('id')}, {_cell('organisation')}, {_cell('said')}, amount, currency, first, last, counted{_marked(warehouse)} "
        f"FROM ({_events(wish)}) ORDER BY happened_at DESC, id",
        bounds(warehouse, wish), to,
    )  # fmt: skip


def _cell(name: str) -> str:
    """`kit.text.cell` as a query."""
    begins = ", ".join(str(ord(one)) for one in FORMULA)
    return f"nullif(CASE WHEN ascii({name}) IN ({begins}) THEN '''' || {name} ELSE {name} END, '') AS {name}"


def _marked(warehouse: Warehouse) -> str:
    """Made-up figures say so in each line."""
    return f", '{mark}' AS made_up" if (mark := mark_of(warehouse)) else ""


def mark_of(warehouse: Warehouse) -> str:
    book = warehouse.book
    return f"seed {book.seed}" if book.made_up else ""


def bounds(warehouse: Warehouse, wish: Wish) -> dict[str, object]:
    """Where the quarter isn't over, its end is the last month that is counted. A forecast is of what its year had brought by then."""
    end, first = wish.quarter.last, wish.quarter.first
    if wish.figure not in FORECAST:
        end = figures_of(lines_of(warehouse), wish.quarter).end
    elif wish.figure == "recognised":
        first = FiscalYear(warehouse.book.year_starts).first_of(end)
    return {
        "first": first.first, "last": end.last, "end": end.first, "before": (first - 1).first, "ago": (end - 12).first, "trailing": (end - 11).first,
        "in_currency": wish.of if wish.figure == "uncounted" else warehouse.book.currency,
        "of": wish.of, "organisation": wish.organisation, "today": closed_on(warehouse),
        "began": wish.began and wish.began.first, "began_last": wish.began and (wish.began + 2).first,
    }  # fmt: skip


def _counted(warehouse: Warehouse, wish: Wish) -> dict[str, object]:
    bound = bounds(warehouse, wish)
    if wish.figure in ("contracted", "renewals"):
        bound |= factors(warehouse, wish.quarter.last, wish.figure)
    return bound
