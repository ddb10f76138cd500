"""Amounts are parted as their currency is."""

from __future__ import annotations

import pytest

from folkmoot.cli.growth import _money, _round
from folkmoot.growth.words import money, span
from folkmoot.kit.currency import minor_units


def test_a_currency_is_parted_into_its_own_minor_units() -> None:
    assert [minor_units(code) for code in ("EUR", "JPY", "KWD", "QQQ")] == [100, 1, 1000, 100]


@pytest.mark.parametrize(
    ("currency", "minor"), [("EUR", 663_500_000_00), ("JPY", 663_500_000), ("KWD", 663_500_000_000)]
)
def test_a_figure_is_the_same_in_every_currency(currency: str, minor: int) -> None:
    assert "663.5 M" in money(minor, currency, "en")
    assert "6.635 亿" in money(minor, currency, "zh-CN")
    assert _money(minor, currency).startswith("663,500,000")
    assert _round(minor, currency) == "663,500,000"
    assert "2.00–2.50" in span(
        2 * 10**9 * minor_units(currency), 25 * 10**8 * minor_units(currency), currency, "en"
    )
