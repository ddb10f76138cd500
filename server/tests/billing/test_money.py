"""Amounts keep every unit, in every currency; a tax is the one of its day."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.billing.days import Span, later, period
from folkmoot.billing.money import Mixed, Money, cut, half_even, part, read, rounded
from folkmoot.billing.tax import Taxed, TaxRate, rate_on, taxed, wrong
from folkmoot.kit import Refusal

amounts = st.integers(-(10**12), 10**12)


def eur(amount: int) -> Money:
    return Money(amount, "EUR")


def test_an_amount_is_written_as_its_currency_is() -> None:
    assert [str(Money(-5, code)) for code in ("EUR", "JPY", "KWD")] == ["-0.05 EUR", "-5 JPY", "-0.005 KWD"]
    assert str(Money(1234567, "KWD")) == "1234.567 KWD"


@pytest.mark.parametrize(
    ("written", "currency", "amount"),
    [("6", "EUR", 600), ("6.5", "EUR", 650), ("-0.05", "EUR", -5), ("12", "JPY", 12), ("1.234", "KWD", 1234)],
)
def test_an_amount_is_read(written: str, currency: str, amount: int) -> None:
    assert read(written, currency) == amount


@pytest.mark.parametrize(
    ("written", "currency"),
    [("6.001", "EUR"), ("6.0", "JPY"), ("", "EUR"), (".5", "EUR"), ("6.", "EUR"), ("1e3", "EUR"), ("6,5", "EUR"),
     ("٣", "EUR"), ("--6", "EUR"), ("6", "XXX"), ("9999999999999999", "EUR")],
)  # fmt: skip
def test_what_is_no_amount_of_the_currency_is_none(written: str, currency: str) -> None:
    assert read(written, currency) is None


def test_two_currencies_are_never_one_sum() -> None:
    for mix in (
        lambda: eur(1) + Money(1, "USD"),
        lambda: eur(1) - Money(1, "USD"),
        lambda: eur(1) < Money(1, "USD"),
    ):
        with pytest.raises(Mixed):
            mix()
    with pytest.raises(ValueError, match="no currency"):
        Money(1, "EURO")


@given(amounts, st.lists(st.integers(1, 40), min_size=1, max_size=12))
def test_parts_add_up_to_the_whole(amount: int, lengths: list[int]) -> None:
    of, first, sum_ = sum(lengths), 0, 0
    for length in lengths:
        one = part(amount, first, first + length - 1, of)
        assert abs(one * of - amount * length) < of, "no part is a unit off"
        first, sum_ = first + length, sum_ + one
    assert sum_ == amount


@given(amounts, st.integers(1, 10**6))
def test_a_credit_is_rounded_as_its_charge(number: int, by: int) -> None:
    assert cut(-number, by) == -cut(number, by)
    assert rounded(-number, by) == -rounded(number, by)
    assert half_even(-number, by) == -half_even(number, by)
    assert abs(2 * (half_even(number, by) * by - number)) <= by


def test_halves() -> None:
    assert [rounded(one, 2) for one in (1, 3, -1, -3)] == [1, 2, -1, -2]
    assert [half_even(one, 2) for one in (1, 3, 5, -1, -3)] == [0, 2, 2, 0, -2]


RATES = [
    TaxRate("DE", date(2007, 1, 1), 1900, "USt"),
    TaxRate("DE", date(2020, 7, 1), 1600, "USt"),
    TaxRate("DE", date(2021, 1, 1), 1900, "USt"),
    TaxRate("GB", date(2011, 1, 4), 2000),
]


def test_the_rate_is_the_one_of_its_day() -> None:
    on = [rate_on(RATES, "DE", day) for day in (date(2020, 6, 30), date(2020, 7, 1), date(2021, 1, 1))]
    assert [one and one.rate for one in on] == [1900, 1600, 1900]
    assert rate_on(RATES, "DE", date(2006, 12, 31)) is None
    assert rate_on(RATES, "FR", date(2020, 1, 1)) is None


def test_tax_of_the_picture() -> None:
    assert taxed(eur(25540), rate_on(RATES, "GB", date(2026, 12, 1))) == Taxed(
        "VAT", 2000, eur(25540), eur(5108)
    )


def test_who_accounts_for_the_tax_themselves_is_charged_none() -> None:
    assert taxed(eur(100), RATES[0], reverse_charge=True) == Taxed("reverse charge", 0, eur(100), eur(0))
    assert taxed(eur(100), None).amount == eur(0)


def test_what_is_no_rate_is_refused() -> None:
    assert wrong(RATES[0]) is None
    assert wrong(TaxRate("Germany", date(2020, 1, 1), 1900)) == Refusal("billing.country")
    for rate, name in ((-1, "VAT"), (10001, "VAT"), (1900, " ")):
        assert wrong(TaxRate("DE", date(2020, 1, 1), rate, name)) == Refusal("billing.tax_rate")


def test_periods_never_drift() -> None:
    first, firsts = date(2027, 12, 31), []
    for _ in range(4):
        firsts.append(first)
        first = later(first, 1, 31)
    assert firsts == [date(2027, 12, 31), date(2028, 1, 31), date(2028, 2, 29), date(2028, 3, 31)]
    assert period(date(2028, 1, 31), 1, 31) == Span(date(2028, 1, 31), date(2028, 2, 28))
    assert period(date(2028, 2, 29), 12, 29).days == 365


def test_days_that_are_left() -> None:
    november = Span(date(2026, 11, 1), date(2026, 11, 30))
    left = [november.from_(day) for day in (date(2026, 10, 1), date(2026, 11, 12), date(2026, 12, 1))]
    assert left == [30, 19, 0]
    assert date(2026, 11, 30) in november and date(2026, 12, 1) not in november
