"""What a quarter reads, from the months that a closing made.

Law: pure. A figure is what its definition says of the months, no more: a month that isn't there counts nothing, and a change against a
quarter that had nothing is no number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from folkmoot.growth.months import FiscalYear, Month, Quarter

QUARTERS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Line:
    """A month of the closing: amounts in minor units, counts on its last day."""

    month: Month
    revenue: int
    costs: int
    customers: int
    over_ten: int
    large: int
    mrr: int
    new: int
    back: int
    gone: int
    mrr_new: int
    mrr_back: int
    mrr_more: int
    mrr_less: int
    mrr_gone: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one quarter. A part (of one) is None where what it is a part of is nothing."""

    quarter: Quarter
    end: Month
    """The last month that is counted: before the quarter's last, where it isn't over."""
    revenue: int
    revenue_grew: Fraction | None
    """Against the same months a year before: 1 is twice as much."""
    profit: int
    margin: Fraction | None
    customers: int
    over_ten: int
    over_ten_grew: Fraction | None
    large: int
    large_before: int
    """A year before."""
    large_grew: Fraction | None
    mrr: int
    arr: int
    mrr_before: int
    """At the beginning; from it to `mrr` by what came new, came back, was added, was given back, and left."""
    mrr_new: int
    mrr_back: int
    mrr_more: int
    mrr_less: int
    mrr_gone: int
    gross_retention: Fraction | None
    """Of the MRR of twelve months ago, less what was given back and who left, month by month."""
    net_retention: Fraction | None
    churn: Fraction | None
    """Customers who left in the quarter, of those at its beginning."""


def figures_of(lines: Sequence[Line], quarter: Quarter) -> Figures:
    by_month = {line.month: line for line in lines}
    now = [by_month[month] for month in quarter.months if month in by_month]
    then = [by_month[line.month - 12] for line in now if line.month - 12 in by_month]
    end = now[-1] if now else None
    year_ago = by_month.get(end.month - 12) if end else None
    revenue, costs = sum(line.revenue for line in now), sum(line.costs for line in now)
    opening = by_month.get(quarter.first - 1) if now else None
    return Figures(
        quarter=quarter,
        end=end.month if end else quarter.last,
        revenue=revenue,
        revenue_grew=_grew(revenue, sum(line.revenue for line in then)),
        profit=revenue - costs,
        margin=_part(revenue - costs, revenue),
        customers=end.customers if end else 0,
        over_ten=end.over_ten if end else 0,
        over_ten_grew=_grew(end.over_ten if end else 0, year_ago.over_ten if year_ago else 0),
        large=end.large if end else 0,
        large_before=year_ago.large if year_ago else 0,
        large_grew=_grew(end.large if end else 0, year_ago.large if year_ago else 0),
        mrr=end.mrr if end else 0,
        arr=12 * end.mrr if end else 0,
        mrr_before=opening.mrr if opening else 0,
        mrr_new=sum(line.mrr_new for line in now),
        mrr_back=sum(line.mrr_back for line in now),
        mrr_more=sum(line.mrr_more for line in now),
        mrr_less=sum(line.mrr_less for line in now),
        mrr_gone=sum(line.mrr_gone for line in now),
        gross_retention=_retained(by_month, end.month, net=False) if end else None,
        net_retention=_retained(by_month, end.month, net=True) if end else None,
        churn=_part(sum(line.gone for line in now), opening.customers if opening else 0),
    )


def quarters_of(lines: Sequence[Line], year: FiscalYear) -> list[Quarter]:
    """All that a book has a month of, the oldest first."""
    return sorted({year.quarter_of(line.month) for line in lines})


def years_of(lines: Sequence[Line], year: FiscalYear) -> list[Quarter]:
    return sorted({year.year_of(line.month) for line in lines})


def _grew(now: int, then: int) -> Fraction | None:
    return Fraction(now, then) - 1 if then > 0 else None


def _part(of: int, whole: int) -> Fraction | None:
    return Fraction(of, whole) if whole > 0 else None


def _retained(by_month: Mapping[Month, Line], end: Month, *, net: bool) -> Fraction | None:
    """The product of twelve months' rates: who came meanwhile is in none of their own first month."""
    kept = Fraction(1)
    for back in range(12):
        line, before = by_month.get(end - back), by_month.get(end - back - 1)
        if line is None or before is None or before.mrr <= 0:
            return None
        lost = line.mrr_less + line.mrr_gone
        kept *= Fraction(before.mrr - lost + (line.mrr_more if net else 0), before.mrr)
    return kept
