"""Money is earned by the day, and its parts are the whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from folkmoot.growth.months import Month
from folkmoot.growth.recognition import recognised
from folkmoot.growth.warehouse import Taken, Warehouse

from .conftest import Writer

DAYS = st.dates(date(2019, 1, 1), date(2029, 12, 31))
AMOUNTS = st.integers(-(10**15), 10**15)


def test_a_month_of_a_quarter_has_its_days() -> None:
    first, last = date(2026, 1, 15), date(2026, 4, 14)  # ninety days
    assert recognised(9000, first, last, date(2026, 2, 1), date(2026, 2, 28)) == 2800


def test_a_credit_takes_back_what_was_earned_each_day() -> None:
    days = date(2026, 1, 1), date(2026, 12, 31), date(2026, 3, 1), date(2026, 3, 31)
    assert recognised(-1000, *days) == -recognised(1000, *days)


@given(AMOUNTS, DAYS, st.integers(0, 3659), st.lists(st.integers(0, 3659), max_size=6))
def test_wherever_one_cuts_the_parts_are_the_whole(
    amount: int, first: date, days: int, cuts: list[int]
) -> None:
    last = first + timedelta(days=days)
    edges = [-40, *sorted({cut for cut in cuts if cut <= days}), days + 40]
    parts = [
        recognised(amount, first, last, first + timedelta(days=begin), first + timedelta(days=end - 1))
        for begin, end in pairwise(edges)
    ]
    assert sum(parts) == amount
    assert all(part * amount >= 0 for part in parts)


def test_the_closing_cuts_as_this_does(book: Warehouse, brings: Callable[..., Taken], line: Writer) -> None:
    lines = [
        (98_765, date(2025, 1, 31), date(2025, 3, 1)),
        (-10_000, date(2025, 2, 10), date(2026, 2, 9)),
        (7, date(2025, 5, 5), date(2025, 8, 4)),
        (10**15, date(2024, 2, 29), date(2025, 12, 31)),
    ]
    brings(
        *(
            line.billed(f"o{n}", amount, str(first), str(last))
            for n, (amount, first, last) in enumerate(lines)
        )
    )
    for organisation, month, own in book.rows("SELECT organisation, month, own FROM recognised"):
        amount, first, last = lines[int(organisation[1:])]
        of = Month.of(month)
        assert own == recognised(amount, first, last, of.first, of.last), (organisation, str(of))
    whole = dict(book.rows("SELECT organisation, sum(own)::BIGINT FROM recognised GROUP BY organisation"))
    assert whole == {f"o{n}": amount for n, (amount, _, _) in enumerate(lines)}
