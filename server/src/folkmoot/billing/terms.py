"""What an organisation and who runs the server have agreed on: so many seats of a plan, at a price, by the period.

Law: terms are copied when they are agreed. A plan that gets another price changes no running period: whoever has it pays the new one
from the next renewal on, and a contract pays its own to its end and after it, until somebody changes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from folkmoot.billing.days import DAY, later
from folkmoot.billing.money import MOST, Money, half_even
from folkmoot.billing.plans import FREE, MOST_SEATS, Period, Plan, PlanId
from folkmoot.kit import Refusal
from folkmoot.kit.currency import DECIMALS

LONGEST_TERM = 120
"""Months of a contract."""
LONGEST_WAIT = timedelta(days=366)
"""Before a contract starts."""


@dataclass(frozen=True, slots=True)
class Terms:
    plan: PlanId
    seats: int
    seat: Money
    """What a seat costs for a period."""
    period: Period
    own_price: bool = False
    """Of a contract: no renewal looks for the plan's price."""

    @property
    def price(self) -> Money:
        return self.seat * self.seats

    @property
    def monthly(self) -> int:
        """Minor units: MRR. A year's price is divided by twelve and rounded half to even."""
        return half_even(self.price.amount, self.period.months)

    @property
    def yearly(self) -> int:
        """What terms are compared by."""
        return self.price.amount * (12 // self.period.months)


@dataclass(frozen=True, slots=True)
class Quote:
    """What the operator offers a large customer. Accepted, it is their contract."""

    id: str
    terms: Terms
    starts: date
    months: int
    open_until: date
    """The last day on which it may be accepted."""

    @property
    def ends(self) -> date:
        """Its last day."""
        return later(self.starts, self.months) - DAY

    def accepted_on(self, day: date) -> Quote:
        """A term isn't shorter because somebody took their time: it begins on its day, or on the one it was accepted."""
        return replace(self, starts=max(self.starts, day))


def agreed(
    plans: Mapping[PlanId, Plan],
    plan: PlanId,
    seats: int,
    period: Period,
    currency: str,
    *,
    known: bool = False,
) -> Terms | Refusal:
    """`known`: they have the plan already, so it needn't be on offer."""
    wanted = plans.get(plan)
    if wanted is None or wanted.id == FREE or not (known or wanted.offered):
        return Refusal("billing.plan_unknown")
    if (refusal := seats_wrong(wanted, seats)) is not None:
        return refusal
    seat = wanted.price(period, currency)
    return Refusal("billing.no_price") if seat is None else Terms(plan, seats, seat, period)


def renewed(terms: Terms, plans: Mapping[PlanId, Plan]) -> Terms:
    """The same for one more period. A price that was taken off the plan goes on for who has it."""
    plan = plans.get(terms.plan)
    seat = plan.price(terms.period, terms.seat.currency) if plan and not terms.own_price else None
    return terms if seat is None else replace(terms, seat=seat)


def seats_wrong(plan: Plan, seats: int) -> Refusal | None:
    if plan.fewest_seats <= seats <= plan.most_seats:
        return None
    return Refusal("billing.seats", {"least": plan.fewest_seats, "most": plan.most_seats})


def quote_wrong(quote: Quote, plans: Mapping[PlanId, Plan], today: date) -> Refusal | None:
    terms = quote.terms
    if terms.plan not in plans or terms.plan == FREE:
        return Refusal("billing.plan_unknown")
    if not 1 <= terms.seats <= MOST_SEATS:
        return Refusal("billing.seats", {"least": 1, "most": MOST_SEATS})
    if terms.seat.currency not in DECIMALS or not 0 <= terms.seat.amount <= MOST // MOST_SEATS:
        return Refusal("billing.price")
    if not 1 <= quote.months <= LONGEST_TERM or quote.months % terms.period.months:
        return Refusal("billing.term", {"most": LONGEST_TERM})
    if not today <= quote.open_until or not today <= quote.starts <= today + LONGEST_WAIT:
        return Refusal("billing.quote_days")
    return None
