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


def test_the_sign_stands_before_the_currency_and_small_sums_keep_two_places() -> None:
    assert money(-2_480_000_00, "USD", "en") == "-$2.48 M"
    assert money(1_327_00_000_00, "USD", "zh-CN") == "1.327 亿美元"
    assert money(-900_00, "QQQ", "en") == "-900 QQQ"


def test_a_range_whose_ends_read_the_same_is_one_number() -> None:
    assert span(1_008_00, 1_008_40, "EUR", "en") == "€1,008"
    assert span(1_008_00, 1_120_00, "EUR", "en") == "€1,008–1,120"
