"""When money is earned: each line of an invoice by the day, over the days it is for (IFRS 15 §35: over time, straight line).

Law: the parts of a line add up to the line, to the last unit, wherever one cuts. So a quarter is the sum of its months, and what is
left for later is the line less what was.
"""

from __future__ import annotations

from datetime import date


def recognised(amount: int, first: date, last: date, begin: date, end: date) -> int:
    """Of `amount` (minor units), for the days `first` to `last`, what belongs to the days `begin` to `end`; both inclusive."""
    days = (last - first).days + 1
    return _up_to(amount, days, (end - first).days + 1) - _up_to(amount, days, (begin - first).days)


def _up_to(amount: int, days: int, passed: int) -> int:
    """Cut toward zero, so that a credit is spread as the charge was that it takes back."""
    whole = abs(amount) * min(max(passed, 0), days) // days
    return whole if amount >= 0 else -whole
