"""What somebody can subscribe to.

Law: security is never an entitlement: encryption, waiting rooms, locks, passkeys, audit and export are in every plan because no plan
can name them. What the product doesn't do can't be named either. A limit of None is none.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NewType

from folkmoot.billing.money import MOST, Money
from folkmoot.kit import Refusal
from folkmoot.kit.currency import DECIMALS

PlanId = NewType("PlanId", str)
ID = re.compile("[a-z][a-z0-9-]{0,31}")
MOST_SEATS = 1_000_000
MOST_PLANS = 50
LONGEST_TRIAL = 90
FREE = PlanId("free")
"""Who subscribes to nothing has this one. The operator says what it holds; it can't be taken away, and costs nothing."""


class Period(StrEnum):
    MONTH = "month"
    YEAR = "year"

    @property
    def months(self) -> int:
        return 1 if self is Period.MONTH else 12


class Service(StrEnum):
    BRANDING = "branding"
    API = "api"
    DIRECTORY_SYNC = "directory_sync"


class Support(StrEnum):
    COMMUNITY = "community"
    MAIL = "mail"
    PRIORITY = "priority"


@dataclass(frozen=True, slots=True)
class Limits:
    people: int | None = None
    """In a meeting."""
    minutes: int | None = None
    """That a meeting lasts."""
    at_once: int | None = None
    """Meetings of one organisation that run."""


@dataclass(frozen=True, slots=True)
class Price:
    """Of a seat, for a period."""

    period: Period
    seat: Money


@dataclass(frozen=True, slots=True)
class Plan:
    id: PlanId
    name: str
    prices: tuple[Price, ...] = ()
    limits: Limits = field(default_factory=Limits)
    services: frozenset[Service] = frozenset()
    support: Support = Support.COMMUNITY
    fewest_seats: int = 1
    most_seats: int = MOST_SEATS
    trial_days: int = 0
    offered: bool = True
    """False: who has it keeps it, and nobody else gets it."""

    @property
    def free(self) -> bool:
        return not any(price.seat for price in self.prices)

    def price(self, period: Period, currency: str) -> Money | None:
        wanted = (one.seat for one in self.prices if (one.period, one.seat.currency) == (period, currency))
        return next(wanted, None)


Plans = Mapping[PlanId, Plan]
DEFAULT = Plan(FREE, "Free", services=frozenset(Service))
"""Where who runs the server says nothing, nothing is kept from anybody."""


def as_said(plan: Plan, named: Container[str]) -> Plan:
    """`named`: the fields that were. A free plan that names no services holds all, as one of which nothing is said."""
    return replace(plan, services=DEFAULT.services) if plan.id == FREE and "services" not in named else plan


def with_free(plans: Iterable[Plan]) -> Plans:
    return {FREE: DEFAULT} | {plan.id: plan for plan in plans}


def called(id: PlanId, plans: Plans) -> str:
    """One that is there no more is called by its id."""
    return plans[id].name if id in plans else id


def wrong(plan: Plan) -> Refusal | None:
    """What can't be a plan."""
    if not ID.fullmatch(plan.id) or not 0 < len(plan.name.strip()) <= 64:
        return Refusal("billing.plan_name")
    return _prices(plan) or _numbers(plan)


def _prices(plan: Plan) -> Refusal | None:
    said = [(price.period, price.seat.currency) for price in plan.prices]
    if len(set(said)) < len(said) or any(
        not 0 <= price.seat.amount <= MOST // MOST_SEATS for price in plan.prices
    ):
        return Refusal("billing.price")
    if plan.id == FREE and (plan.prices or not plan.offered):
        return Refusal("billing.free_plan")
    return None


def _numbers(plan: Plan) -> Refusal | None:
    limits = (plan.limits.people, plan.limits.minutes, plan.limits.at_once)
    if any(limit is not None and limit < 1 for limit in limits):
        return Refusal("billing.limit")
    if not 1 <= plan.fewest_seats <= plan.most_seats <= MOST_SEATS:
        return Refusal("billing.seats", {"least": 1, "most": MOST_SEATS})
    if not 0 <= plan.trial_days <= LONGEST_TRIAL:
        return Refusal("billing.trial", {"most": LONGEST_TRIAL})
    return None


def currency_wrong(code: str) -> Refusal | None:
    return None if code in DECIMALS else Refusal("billing.currency")
