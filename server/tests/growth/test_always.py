"""What holds of any events: in any order, brought twice, with clocks set back, in currencies that nothing is said of."""

from __future__ import annotations

import ast
import inspect
import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

import folkmoot.growth as growth
from folkmoot.growth import made_up
from folkmoot.growth.books import bring, describe
from folkmoot.growth.recognition import recognised
from folkmoot.growth.report import Report, lines_of, report
from folkmoot.growth.warehouse import Warehouse

from .conftest import TODAY, Writer

DAYS = st.dates(date(2024, 6, 1), date(2025, 12, 31))
MONEY = st.integers(-(10**9), 10**9)
BILLED = st.tuples(
    st.just("billed"), st.sampled_from("abc"), MONEY, st.sampled_from(["EUR", "USD", "CHF"]), DAYS, DAYS
)
SET = st.tuples(
    st.just("set"), st.sampled_from("abc"), st.integers(0, 10**6), st.sampled_from(["EUR", "USD"]), DAYS, DAYS
)
ENDED = st.tuples(st.just("ended"), st.sampled_from("abc"), st.just(0), st.just(""), DAYS, DAYS)
COST = st.tuples(st.just("cost"), st.sampled_from("abc"), MONEY, st.just("EUR"), DAYS, DAYS)
RATE = st.tuples(st.just("rate"), st.just(""), st.integers(1, 10**6), st.just("USD"), DAYS, DAYS)
MET = st.tuples(
    st.just("met"), st.sampled_from(["", "a", "b"]), st.integers(0, 10**6), st.just(""), DAYS, DAYS
)
HAPPENED = st.lists(st.one_of(BILLED, SET, ENDED, COST, RATE, MET), min_size=1, max_size=14)
Told = tuple[str, str, int, str, date, date]


def lines(happened: list[Told]) -> list[bytes]:
    line, written = Writer(), []
    for kind, who, much, currency, one, other in happened:
        first, last = str(min(one, other)), str(max(one, other))
        match kind:
            case "billed":
                written.append(line.billed(who, much, first, last, currency))
            case "set":
                written.append(line.subscribed(first, who, much, currency=currency))
            case "ended":
                written.append(line("subscription.ended", first, organisation=who))
            case "cost":
                written.append(
                    line("cost", first, name=who, amount=much, currency=currency, first=first, last=last)
                )
            case "rate":
                written.append(line("rate", first, currency=currency, to="EUR", rate=f"0.{much:06}"))
            case "met":
                written.append(
                    line("usage", first, span="day", date=first, participants=much, organisation=who)
                )
    return written


@contextmanager
def a_book() -> Iterator[Warehouse]:
    with tempfile.TemporaryDirectory() as folder, Warehouse(Path(folder) / "book.duckdb") as book:
        describe(book, currency="EUR", large=100_000)
        yield book


def shown(*parts: list[bytes]) -> tuple[Report | None, list[object]]:
    """Forecasts aside: one that was made is kept, whatever comes later."""
    with a_book() as book:
        for part in parts:
            bring(book, part, TODAY)
        found = report(book)
        return found and replace(found, forecasts=()), list(lines_of(book))


@given(HAPPENED, st.randoms(use_true_random=False))
@settings(max_examples=10)
def test_no_order_changes_a_months_total_and_nothing_counts_twice(
    happened: list[Told], chance: random.Random
) -> None:
    written = lines(happened)
    shuffled = chance.sample(written, len(written))
    cut = chance.randint(0, len(written))
    whole = shown(written)
    assert shown(shuffled) == whole
    assert shown(shuffled[:cut], written, shuffled) == whole


@given(HAPPENED)
@settings(max_examples=10)
def test_what_is_counted_and_what_is_named_uncounted_are_all_there_is(happened: list[Told]) -> None:
    """Months are those up to today; what is billed for later days comes in later months."""
    end = date.fromisoformat(TODAY)
    with a_book() as book:
        bring(book, lines(happened), TODAY)
        own = dict(
            book.rows(
                "SELECT currency, sum(own)::BIGINT FROM recognised WHERE month <= $end GROUP BY 1",
                {"end": end},
            )
        )
        found = report(book)
        uncounted = {one.currency for one in found.uncounted} if found else set()
        rated = {currency for (currency,) in book.rows("SELECT DISTINCT currency FROM monthly_rate")}
    for currency in ("EUR", "USD", "CHF"):
        billed = [one for one in happened if one[0] == "billed" and one[3] == currency]
        expected = sum(
            recognised(much, min(a, b), max(a, b), date(2000, 1, 1), end) for _, _, much, _, a, b in billed
        )
        assert own.get(currency, 0) == expected
        if billed and currency not in rated:
            assert currency in uncounted, "money that counts nowhere is named"
    assert "EUR" not in uncounted


def test_a_clock_that_was_set_back_makes_no_customer_twice() -> None:
    line = Writer()
    events = [
        line.subscribed("2025-03-10", "o1", 9_000),
        line("subscription.ended", "2025-03-05", organisation="o1"),
        line.subscribed("2025-03-05", "o1", 5_000),
    ]
    found, _ = shown(events)
    assert found is not None and found.shown.customers == 1 and found.shown.mrr == 9_000


def test_the_console_knows_nothing_of_what_makes_events_up() -> None:
    """No number and no name of the made-up company stands in what computes or shows figures; nothing but who asks for it imports it."""
    told = {
        value
        for one in made_up.STORY.values()
        for value in (one.revenue, one.profit, one.customers, one.large)
        if value > 100
    }
    chosen = (
        told
        | set(made_up.DOMAINS)
        | {made_up.SEAT, made_up.SMALL_SEAT, made_up.LEAST_LARGE, made_up.MOST_LARGE}
    )
    folder = Path(inspect.getfile(growth)).parent
    others = [file for file in folder.glob("*.py") if file.name != "made_up.py"]
    assert len(others) > 20
    importing = set()
    for file in others:
        tree = ast.parse(file.read_text())
        constants = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
        assert not {one for one in constants if isinstance(one, int | float | str) and one in chosen}, (
            file.name
        )
        if any(
            isinstance(node, ast.ImportFrom) and node.module == made_up.__name__ for node in ast.walk(tree)
        ):
            importing.add(file.name)
    assert importing == {"answering.py"}
