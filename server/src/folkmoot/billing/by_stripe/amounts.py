"""Amounts as Stripe writes them: whole numbers of its own units, which aren't everywhere those of ISO 4217.

Law: nothing is lost. Stripe takes three-decimal currencies in tens and the ariary whole: what can't be asked for to the unit is asked for
rounded up, and what came beyond is the customer's.
"""

from __future__ import annotations

from folkmoot.billing.money import Money
from folkmoot.kit.currency import DECIMALS

AS_IF_TWO = frozenset({"ISK", "UGX"})
"""Without decimals, but written with two at Stripe, which are 00."""
WHOLE = frozenset({"MGA"})
"""With decimals in ISO 4217, and none at Stripe."""


def asked_for(amount: Money) -> int:
    """What Stripe is asked for."""
    ours, theirs, step = _places(amount.currency)
    if theirs >= ours:
        return _up(amount.amount * _ten(theirs - ours), step)
    return _up(amount.amount, _ten(ours - theirs)) // _ten(ours - theirs)


def given_back(amount: Money) -> int | None:
    """None: it can't be sent to the unit."""
    sent = asked_for(amount)
    return sent if came(sent, amount.currency) == amount else None


def came(amount: int, currency: str) -> Money | None:
    """None: that is no amount of a currency that we know."""
    code = currency.upper()
    if code not in DECIMALS:
        return None
    ours, theirs, _ = _places(code)
    if ours >= theirs:
        return Money(amount * _ten(ours - theirs), code)
    whole, rest = divmod(amount, _ten(theirs - ours))
    return None if rest else Money(whole, code)


def _places(currency: str) -> tuple[int, int, int]:
    """Digits after the point, ours and Stripe's, and of what Stripe's number is a multiple."""
    ours = DECIMALS[currency]
    if currency in AS_IF_TWO:
        return ours, 2, 100
    return ours, 0 if currency in WHOLE else ours, 10 if ours == 3 else 1


def _ten(places: int) -> int:
    return int(10**places)


def _up(number: int, step: int) -> int:
    return -(-number // step) * step
