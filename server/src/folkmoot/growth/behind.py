"""What lies behind a figure: the organisations that it is made of, and the events of each.

Law: what is behind a figure adds up to it, to the last unit. A list is read a page at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

from folkmoot.growth.figures import figures_of
from folkmoot.growth.months import Quarter
from folkmoot.growth.report import lines_of
from folkmoot.growth.warehouse import Warehouse

MOST = 100
"""On a page."""
AT_ONCE = 500_000

Figure = Literal["revenue", "profit", "customers", "over_ten", "large", "mrr", "net", "gross", "left", "met"]
FIGURES: tuple[Figure, ...] = get_args(Figure)


@dataclass(frozen=True, slots=True)
class Behind:
    """An organisation, and what a figure has of it: money, or what it pays a month. `profit` has costs instead, by their name; `net` and
    `gross` have by how much MRR changed in twelve months, `met` has participants."""

    organisation: str
    name: str
    amount: int


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


_PAYING = "SELECT organisation, coalesce(mrr, 0) AS amount FROM paying WHERE month = $end"
_LEFT = """
SELECT organisation, -max(monthly) AS amount FROM standing
WHERE reason IS NOT NULL AND "before" BETWEEN $first AND $last GROUP BY organisation
"""
_MOVED = """
SELECT organisation, sum(moved)::BIGINT AS amount FROM (
  SELECT b.organisation, coalesce(n.mrr, 0) - coalesce(b.mrr, 0) AS moved FROM paying b
  LEFT JOIN paying n ON n.organisation = b.organisation AND n.month = (b.month + INTERVAL 1 MONTH)::DATE WHERE b.month >= $ago AND b.month < $end
) WHERE moved {counted} 0 GROUP BY organisation HAVING sum(moved) <> 0
"""
_ORGANISATIONS: dict[Figure, str] = {
    "revenue": "SELECT organisation, sum(amount)::BIGINT AS amount FROM recognised WHERE month BETWEEN $first AND $last GROUP BY organisation HAVING sum(amount) <> 0",
    "profit": "SELECT name AS organisation, -sum(amount)::BIGINT AS amount FROM spent WHERE month BETWEEN $first AND $last GROUP BY name HAVING sum(amount) <> 0",
    "customers": _PAYING,
    "mrr": _PAYING,
    "over_ten": f"{_PAYING} AND seats > 10",
    "large": "SELECT organisation, amount FROM large WHERE month = $end",
    "net": _MOVED.format(counted="<>"),
    "gross": _MOVED.format(counted="<"),
    "left": _LEFT,
    "met": """SELECT organisation, sum(participants)::BIGINT AS amount FROM "usage"
      WHERE organisation <> '' AND span = 'day' AND "date" BETWEEN $first AND $last GROUP BY organisation""",
}

_EARNED = """(amount::HUGEINT * (least("last", $last::DATE) - "first" + 1) // ("last" - "first" + 1)
  - amount::HUGEINT * greatest($first::DATE - "first", 0) // ("last" - "first" + 1))::BIGINT"""
_BY_DAY = f"""
SELECT happened_at, '{{kind}}', id, {{subject}}, {{said}}, amount, currency, "first", "last", {_EARNED} AS counted
FROM {{table}} WHERE "first" <= $last AND "last" >= $first
"""
_LINES = _BY_DAY.format(kind="invoice.line", subject="organisation", said="invoice", table="invoice_line")
_COSTS = _BY_DAY.format(kind="cost", subject="name", said="''", table="cost")
_STANDING = """
SELECT happened_at, 'subscription.set', id, organisation, plan || ' × ' || seats, monthly, currency, NULL::DATE, "until", NULL::BIGINT
FROM subscription_set WHERE happened_at::DATE <= $last
UNION ALL SELECT happened_at, 'subscription.ended', id, organisation, reason, 0, '', NULL, NULL, NULL
FROM subscription_ended WHERE happened_at::DATE <= $last
"""
_MET = """
SELECT happened_at, 'usage', id, organisation || domain, span, participants, '', "date", CASE span WHEN 'month' THEN last_day("date") ELSE "date" END, organisations
FROM "usage" WHERE "date" BETWEEN $first AND $last
"""
_EVENTS: dict[Figure, str] = {
    "revenue": _LINES,
    "large": _LINES,
    "profit": f"{_LINES} UNION ALL {_COSTS}",
    "customers": _STANDING,
    "over_ten": _STANDING,
    "mrr": _STANDING,
    "net": _STANDING,
    "gross": _STANDING,
    "left": _STANDING,
    "met": _MET,
}


def organisations_behind(
    warehouse: Warehouse, figure: Figure, quarter: Quarter, after: int = 0, most: int = MOST
) -> list[Behind]:
    """The largest first."""
    rows = warehouse.rows(
        f"WITH figure AS ({_ORGANISATIONS[figure]}), named AS (SELECT organisation, arg_max(name, (happened_at, id)) AS name FROM organisation_created GROUP BY organisation) "
        "SELECT figure.organisation, coalesce(named.name, ''), figure.amount FROM figure LEFT JOIN named USING (organisation) "
        "ORDER BY abs(figure.amount) DESC, figure.organisation LIMIT $most OFFSET $after",
        _bounds(warehouse, quarter) | {"most": most, "after": after},
    )
    return [Behind(*row) for row in rows]


def events_behind(
    warehouse: Warehouse,
    figure: Figure,
    quarter: Quarter,
    organisation: str = "",
    after: int = 0,
    most: int = MOST,
) -> list[Told]:
    """The newest first. `organisation` (for costs: their name): of one alone."""
    bounds = _bounds(warehouse, quarter)
    if figure == "large":
        bounds |= {"first": (figures_of(lines_of(warehouse), quarter).end - 11).first}
    rows = warehouse.rows(
        f"SELECT * FROM ({_EVENTS[figure]}) AS told(happened_at, kind, id, organisation, said, amount, currency, first, last, counted) "
        f"{'WHERE organisation = $organisation ' if organisation else ''}ORDER BY happened_at DESC, id LIMIT $most OFFSET $after",
        bounds | {"organisation": organisation, "most": most, "after": after},
    )
    return [Told(*row) for row in rows]


def all_of(warehouse: Warehouse, figure: Figure, quarter: Quarter) -> Iterator[Behind]:
    """Every organisation, a page after the other."""
    after = 0
    while some := organisations_behind(warehouse, figure, quarter, after, AT_ONCE):
        yield from some
        after += len(some)


def _bounds(warehouse: Warehouse, quarter: Quarter) -> dict[str, object]:
    """Where the quarter isn't over, its end is the last month that is counted."""
    end = figures_of(lines_of(warehouse), quarter).end
    return {"first": quarter.first.first, "last": end.last, "end": end.first, "ago": (end - 12).first}
