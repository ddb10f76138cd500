"""What a period costs in which something changed.

Law: a period's price is one sum over its days, cut toward zero once. What a change costs is the difference between the sum after it
and the sum before, so that changes add up to the same whatever order they came in, and however many there were.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from folkmoot.billing.days import DAY, Span
from folkmoot.billing.money import Money, cut
from folkmoot.billing.terms import Terms


@dataclass(frozen=True, slots=True)
class Stretch:
    """From the morning of a day on, until the next stretch or the period's end."""

    since: date
    terms: Terms


def cost(span: Span, stretches: Sequence[Stretch], until: date | None = None) -> Money:
    """`until`: the first day that isn't paid any more."""
    ends = [one.since for one in stretches[1:]] + [min(until or date.max, span.last + DAY)]
    of_days = sum(
        one.terms.price.amount * max(0, (end - one.since).days)
        for one, end in zip(stretches, ends, strict=True)
    )
    return Money(cut(of_days, span.days), stretches[0].terms.seat.currency)


def change(span: Span, stretches: Sequence[Stretch], more: Stretch) -> Money:
    """What it costs, or gives back, that `more` holds from its day on."""
    return cost(span, [*stretches, more]) - cost(span, stretches)


def given_back(span: Span, stretches: Sequence[Stretch], day: date) -> Money:
    """What was paid for the days from `day` on."""
    return cost(span, stretches, day) - cost(span, stretches)
