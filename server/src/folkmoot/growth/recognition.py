"""When money is earned: each line of an invoice by the day, over the days it is for (IFRS 15 §35: over time, straight line).

Law: days and the cutting of money are billing's own, so that what is recognised of a line is the line, to the last unit, wherever one
cuts, and a credit is spread as the charge was that it takes back. So a quarter is the sum of its months, and what is left for later is
the line less what was.
"""

from __future__ import annotations

from datetime import date

from folkmoot.billing.days import DAY, Span
from folkmoot.billing.money import part


def recognised(amount: int, first: date, last: date, begin: date, end: date) -> int:
    """Of `amount` (minor units), for the days `first` to `last`, what belongs to the days `begin` to `end`; both inclusive."""
    span = Span(first, last)
    before, after = span.days - span.from_(begin), span.days - span.from_(end + DAY)
    return part(amount, before, after - 1, span.days)
