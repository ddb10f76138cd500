"""What an event of a subscription costs: lines of an invoice, each with its reason.

Law: a line says how its amount came about (so many seats, at so much, so many days of how many), and the lines of a period add up to
`proration.cost` of it. Nothing costs anything in a trial.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from folkmoot.billing.days import Span, period
from folkmoot.billing.money import Money
from folkmoot.billing.plans import Period, PlanId
from folkmoot.billing.proration import Stretch, change, given_back
from folkmoot.billing.subscription import Changed, Event, Renewed, Restarted, Standing, Started, Subscription
from folkmoot.billing.terms import Terms


class Kind(StrEnum):
    SEATS = "seats"
    """For a whole period, in advance."""
    SEATS_ADDED = "seats_added"
    """For the rest of one."""
    REST_OF_BEFORE = "rest_of_before"
    """Given back, since other terms begin."""
    REST_OF_PERIOD = "rest_of_period"
    """Of other terms, until the period ends."""
    CREDIT_NOTE = "credit_note"


@dataclass(frozen=True, slots=True)
class Line:
    kind: Kind
    amount: Money
    first: date
    last: date
    """Of the days that it is for; both inclusive."""
    plan: PlanId | None = None
    seats: int = 0
    seat: Money | None = None
    period: Period | None = None
    of_days: int = 0
    """That the period has."""
    note: str = ""
    """The credit note's number, and why."""
    called: str = ""
    """The plan, on the day of the document. Empty: it is in none yet, or it is an older one."""

    @property
    def days(self) -> int:
        return Span(self.first, self.last).days

    @property
    def reason(self) -> str:
        """How the amount came about, in signs that every language has."""
        if self.seat is None:
            return self.note
        times = f"{self.seats} × {self.seat}"
        return times if self.days == self.of_days else f"{times} × {self.days} ÷ {self.of_days}"


def lines_of(before: Subscription, event: Event) -> list[Line]:
    """`before`: as it was when it happened."""
    match event:
        case Started(day, terms, None):
            lines = [_whole(terms, period(day, terms.period.months, day.day))]
        case Renewed(day, terms):
            anchor = day.day if before.standing is Standing.TRIAL else before.anchor
            lines = [_whole(terms, period(day, terms.period.months, anchor))]
        case Restarted(day, terms):
            lines = [*_rest(before, day), _whole(terms, period(day, terms.period.months, day.day))]
        case Changed(day, terms):
            lines = _within(before, day, terms)
        case _:
            lines = []
    return [line for line in lines if line.amount]


def _whole(terms: Terms, span: Span) -> Line:
    return _line(Kind.SEATS, terms, terms.price, span, span.days)


def _rest(before: Subscription, day: date) -> list[Line]:
    """A period that is over, or a trial, has none."""
    if before.span is None or not before.stretches or day not in before.span:
        return []
    back = given_back(before.span, before.stretches, day)
    left = Span(day, before.span.last)
    return [_line(Kind.REST_OF_BEFORE, before.stretches[-1].terms, back, left, before.span.days)]


def _within(before: Subscription, day: date, terms: Terms) -> list[Line]:
    assert before.span is not None and before.terms is not None, "what runs has a period"
    left, of = Span(day, before.span.last), before.span.days
    more = change(before.span, before.stretches, Stretch(day, terms))
    if terms.seat == before.terms.seat and terms.plan == before.terms.plan:
        added = Terms(terms.plan, terms.seats - before.terms.seats, terms.seat, terms.period)
        return [_line(Kind.SEATS_ADDED, added, more, left, of)]
    [back] = _rest(before, day)
    return [back, _line(Kind.REST_OF_PERIOD, terms, more - back.amount, left, of)]


def _line(kind: Kind, terms: Terms, amount: Money, span: Span, of: int) -> Line:
    return Line(kind, amount, span.first, span.last, terms.plan, terms.seats, terms.seat, terms.period, of)
