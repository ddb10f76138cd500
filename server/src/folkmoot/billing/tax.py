"""Taxes that the operator has to take, by country and by the day.

Law: what a rate is on a day is never guessed: a country without one is taxed nothing, and the invoice says so. A rate that ended
stays written down, since a correction is taxed as what it corrects was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from folkmoot.billing.money import Money, rounded
from folkmoot.kit import Refusal

COUNTRY = re.compile("[A-Z]{2}")
WHOLE = 100_00
"""A rate of 20 % is 2000: hundredths of a percent."""


@dataclass(frozen=True, slots=True)
class TaxRate:
    country: str
    """ISO 3166, two letters."""
    since: date
    rate: int
    name: str = "VAT"


@dataclass(frozen=True, slots=True)
class Taxed:
    """What an invoice takes for the state, and why."""

    name: str
    rate: int
    on: Money
    amount: Money


def wrong(rate: TaxRate) -> Refusal | None:
    if not COUNTRY.fullmatch(rate.country):
        return Refusal("billing.country")
    if not 0 <= rate.rate <= WHOLE or not 0 < len(rate.name.strip()) <= 32:
        return Refusal("billing.tax_rate")
    return None


def rate_on(rates: Iterable[TaxRate], country: str, day: date) -> TaxRate | None:
    valid = [one for one in rates if one.country == country and one.since <= day]
    return max(valid, key=lambda one: one.since, default=None)


def taxed(net: Money, rate: TaxRate | None, *, reverse_charge: bool = False) -> Taxed:
    """`reverse_charge`: the customer accounts for the tax themselves; the invoice says so by a rate of nothing."""
    if rate is None or reverse_charge:
        return Taxed("reverse charge" if reverse_charge else "", 0, net, net * 0)
    return Taxed(rate.name, rate.rate, net, Money(rounded(net.amount * rate.rate, WHOLE), net.currency))
