"""What a plan may hold. Security is in all of them, because none can name it."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from folkmoot.accounts import holding
from folkmoot.billing.money import Money
from folkmoot.billing.plans import (
    FREE,
    Limits,
    Period,
    Plan,
    PlanId,
    Price,
    Service,
    Support,
    as_said,
    with_free,
    wrong,
)
from folkmoot.kit import Refusal

TEAM = Plan(
    *(PlanId("team"), "Team"),
    (Price(Period.MONTH, Money(600, "EUR")), Price(Period.YEAR, Money(6000, "EUR"))),
    Limits(300, None, 20),
    frozenset({Service.API}),
)
SECURITY = (
    "encrypt",
    "seal",
    "waiting",
    "lobby",
    "lock",
    "passkey",
    "second_factor",
    "audit",
    "export",
    "sso",
    "sign",
)
UNBUILT = (
    "record",
    "caption",
    "transcri",
    "breakout",
    "whiteboard",
    "webinar",
    "room_system",
    "telephon",
    "storage",
)


def test_security_is_never_sold_and_nothing_unbuilt_either() -> None:
    """The whole table: whatever a plan can hold."""
    sold = [one.value for one in (*Service, *Support)] + [
        one.name for one in (*fields(Limits), *fields(Plan))
    ]
    assert set(sold) == {
        *(
            "branding",
            "api",
            "directory_sync",
            "community",
            "mail",
            "priority",
            "people",
            "minutes",
            "at_once",
        ),
        *(
            "id",
            "name",
            "prices",
            "limits",
            "services",
            "support",
            "fewest_seats",
            "most_seats",
            "trial_days",
            "offered",
        ),
    }
    assert {holding.API, holding.DIRECTORY_SYNC, holding.BRANDING} == {one.value for one in Service}
    for word in (*SECURITY, *UNBUILT):
        assert not [one for one in sold if word in one]


def test_everybody_has_the_free_plan_and_without_a_word_it_keeps_nothing_from_them() -> None:
    assert with_free([])[FREE].free
    assert (with_free([])[FREE].limits, with_free([])[FREE].services) == (Limits(), frozenset(Service))
    small = Plan(FREE, "Free", limits=Limits(100, 60))
    assert with_free([small, TEAM]) == {FREE: small, TEAM.id: TEAM}


def test_a_seat_has_a_price_for_a_period_in_a_currency() -> None:
    assert TEAM.price(Period.YEAR, "EUR") == Money(6000, "EUR")
    assert TEAM.price(Period.YEAR, "USD") is None
    assert wrong(TEAM) is None and not TEAM.free


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (replace(TEAM, id=PlanId("Team")), "billing.plan_name"),
        (replace(TEAM, name=" "), "billing.plan_name"),
        (replace(TEAM, prices=TEAM.prices * 2), "billing.price"),
        (replace(TEAM, prices=(Price(Period.MONTH, Money(-1, "EUR")),)), "billing.price"),
        (replace(TEAM, id=FREE), "billing.free_plan"),
        (Plan(FREE, "Free", offered=False), "billing.free_plan"),
        (replace(TEAM, limits=Limits(people=0)), "billing.limit"),
        (replace(TEAM, fewest_seats=0), "billing.seats"),
        (replace(TEAM, fewest_seats=9, most_seats=8), "billing.seats"),
        (replace(TEAM, trial_days=91), "billing.trial"),
    ],
)
def test_what_is_no_plan_is_refused(plan: Plan, code: str) -> None:
    refusal = wrong(plan)
    assert isinstance(refusal, Refusal) and refusal.code == code


def test_a_free_plan_that_names_no_services_holds_all_and_another_none() -> None:
    small = Plan(FREE, "Free", limits=Limits(at_once=1))
    assert as_said(small, {"id", "name", "limits"}).services == frozenset(Service)
    assert as_said(small, {"id", "services"}).services == frozenset()
    assert as_said(TEAM, {"id", "name"}) == TEAM
