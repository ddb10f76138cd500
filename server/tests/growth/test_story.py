"""The quarter of the story, from nothing but events: a company fifty times smaller reads the same, to the unit."""

from __future__ import annotations

from pathlib import Path

from folkmoot.growth.books import bring, describe
from folkmoot.growth.made_up import CURRENCY, STORY, YEAR_STARTS, Company
from folkmoot.growth.report import report
from folkmoot.growth.warehouse import Warehouse

ONE_IN = 50


def test_the_storys_quarter_is_given_back_to_the_cent(tmp_path: Path) -> None:
    with Warehouse(tmp_path / "demo.duckdb") as book:
        describe(book, made_up=True, seed=2020, currency=CURRENCY, year_starts=YEAR_STARTS)
        bring(book, Company(2020, ONE_IN).lines(), "2026-01-31")
        shown = report(book)
    assert shown is not None and shown.book.made_up
    assert [one.revenue for one in shown.before] == [
        round(told.revenue * 1e8 / ONE_IN) for told in list(STORY.values())[3:]
    ]
    figures = shown.shown
    assert str(figures.quarter) == "2020-05..2020-07"
    assert figures.profit == 186_000_000_00 // ONE_IN
    assert figures.over_ten == 370_200 // ONE_IN
    assert f"{float(figures.revenue_grew or 0):.0%}" == "355%"
    assert f"{float(figures.over_ten_grew or 0):.0%}" == "458%"
    assert (figures.large, figures.large_before) == (20, 9)
    assert [one.large for one in shown.before] == [
        round(told.large / ONE_IN) for told in list(STORY.values())[3:]
    ]
    told = {
        str(one.made): tuple(round(part * ONE_IN / 1e11, 2) for part in (one.low, one.high))
        for one in shown.forecasts
    }
    assert (told["2020-04"], told["2020-07"]) == ((1.78, 1.80), (2.37, 2.39)), "raised, in thousand million"


def test_a_seed_makes_the_same_lines_and_another_makes_others() -> None:
    def beginning(seed: int) -> list[bytes]:
        lines = Company(seed, 100).lines()
        return [next(lines) for _ in range(500)]

    assert beginning(1) == beginning(1) != beginning(2)
