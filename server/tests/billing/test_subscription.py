"""A school subscribes, grows, shrinks, leaves and comes back: what holds when, and what each of it costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.billing.days import Span
from folkmoot.billing.deciding import (
    Accept,
    Cancel,
    Change,
    Command,
    FallDue,
    GiveUp,
    Offer,
    PassTime,
    Settle,
    Start,
    Withdraw,
    WithdrawQuote,
    decide,
    folded,
)
from folkmoot.billing.lines import Kind, Line, lines_of
from folkmoot.billing.money import Money
from folkmoot.billing.plans import FREE, Limits, Period, Plan, PlanId, Price, with_free
from folkmoot.billing.proration import cost
from folkmoot.billing.subscription import NOTHING, Ended, Event, Renewed, Standing, Subscription, evolve
from folkmoot.billing.terms import Quote, Terms
from folkmoot.kit import Refusal

MONTH, YEAR = Period.MONTH, Period.YEAR


def eur(amount: int) -> Money:
    return Money(amount, "EUR")


def plan(id: str, month: int, year: int, **more: object) -> Plan:
    prices = (Price(MONTH, eur(month)), Price(YEAR, eur(year)))
    return Plan(PlanId(id), id.title(), prices, Limits(300), **more)  # type: ignore[arg-type]


TEAM, SCHOOL, OLD = (
    plan("team", 600, 6000, trial_days=14),
    plan("school", 999, 9999),
    plan("old", 500, 5000, offered=False),
)
PLANS = with_free([TEAM, SCHOOL, OLD])


@dataclass
class Org:
    """What it did, and what it is asked to pay."""

    plans: dict[PlanId, Plan] = field(default_factory=lambda: dict(PLANS))
    state: Subscription = NOTHING
    events: list[Event] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def does(self, day: str, command: Command) -> list[Event]:
        decided = decide(self.state, command, date.fromisoformat(day), self.plans)
        assert not isinstance(decided, Refusal), decided
        for event in decided:
            self.lines += lines_of(self.state, event)
            self.state = evolve(self.state, event)
            self.events.append(event)
        return decided

    def refused(self, day: str, command: Command) -> str:
        decided = decide(self.state, command, date.fromisoformat(day), self.plans)
        assert isinstance(decided, Refusal), decided
        return decided.code

    def stands(self, standing: Standing) -> bool:
        return self.state.standing is standing

    def paid(self) -> list[tuple[Kind, str, int]]:
        lines, self.lines = self.lines, []
        return [(line.kind, line.reason, line.amount.amount) for line in lines]


def team(seats: int = 40, day: str = "2026-11-01", period: Period = MONTH) -> Org:
    org = Org()
    org.does(day, Start(TEAM.id, seats, period, "EUR"))
    return org


def test_the_month_of_the_picture() -> None:
    org = team()
    org.does("2026-11-12", Change(seats=42))
    org.does("2026-12-01", PassTime())
    assert org.paid() == [
        (Kind.SEATS, "40 × 6.00 EUR", 24000),
        (Kind.SEATS_ADDED, "2 × 6.00 EUR × 19 ÷ 30", 760),
        (Kind.SEATS, "42 × 6.00 EUR", 25200),
    ]
    assert org.state.span == Span(date(2026, 12, 1), date(2026, 12, 31))
    assert org.state.since == date(2026, 11, 1)


def test_what_costs_more_holds_at_once() -> None:
    org = team(10)
    org.does("2026-11-16", Change(plan=SCHOOL.id))
    assert org.state.terms and org.state.terms.plan == SCHOOL.id
    assert org.paid()[1:] == [
        (Kind.REST_OF_BEFORE, "10 × 6.00 EUR × 15 ÷ 30", -3000),
        (Kind.REST_OF_PERIOD, "10 × 9.99 EUR × 15 ÷ 30", 4995),
    ]


def test_what_costs_less_holds_from_the_periods_end_and_is_taken_back_until_then() -> None:
    org = team()
    org.does("2026-11-12", Change(seats=30))
    assert org.state.terms and org.state.terms.seats == 40
    org.does("2026-11-30", Withdraw())
    org.does("2026-12-10", Change(plan=TEAM.id, seats=30))
    assert org.does("2026-12-11", Change(seats=30)) == [], "said twice, it is so once"
    org.does("2027-01-01", PassTime())
    assert [amount for _, _, amount in org.paid()] == [24000, 24000, 18000]
    assert org.refused("2027-01-01", Withdraw()) == "billing.nothing_to_come", "its day has come"


def test_as_it_was_takes_back_what_was_to_come() -> None:
    org = team()
    org.does("2026-11-12", Change(seats=30))
    org.does("2026-11-13", Change(seats=40))
    assert org.state.next is None
    org.does("2026-11-14", Cancel("too loud"))
    org.does("2026-11-15", Change(seats=41))
    assert org.state.leaving is None, "who adds seats stays"


def test_a_longer_period_begins_at_once_and_a_shorter_one_at_the_end() -> None:
    org = team(10)
    org.does("2026-11-21", Change(period=YEAR))
    assert org.paid()[1:] == [
        (Kind.REST_OF_BEFORE, "10 × 6.00 EUR × 10 ÷ 30", -2000),
        (Kind.SEATS, "10 × 60.00 EUR", 60000),
    ]
    org.does("2026-12-01", Change(period=MONTH))
    assert org.state.span == Span(date(2026, 11, 21), date(2027, 11, 20))
    org.does("2027-11-21", PassTime())
    assert org.paid() == [(Kind.SEATS, "10 × 6.00 EUR", 6000)]


def test_fewer_seats_for_longer_wait_for_the_periods_end() -> None:
    org = team(10)
    org.does("2026-11-21", Change(seats=5, period=YEAR))
    assert org.state.terms and org.state.terms.seats == 10
    org.does("2026-12-01", PassTime())
    assert org.paid()[1:] == [(Kind.SEATS, "5 × 60.00 EUR", 30000)]


def test_who_leaves_has_it_to_the_end_and_may_come_back() -> None:
    org = team()
    org.does("2026-11-12", Cancel("moved away"))
    assert org.state.runs
    assert org.does("2026-12-24", PassTime()) == [Ended(date(2026, 12, 1), "moved away")]
    assert org.refused("2026-12-24", Change(seats=2)) == "billing.no_subscription"
    assert org.refused("2026-12-24", Cancel()) == "billing.no_subscription"
    org.does("2027-01-15", Start(TEAM.id, 5, MONTH, "EUR"))
    assert org.state.since == date(2027, 1, 15)
    assert [amount for _, _, amount in org.paid()] == [24000, 3000]


def test_a_trial_costs_nothing_and_ends_unless_somebody_says_yes() -> None:
    org = Org()
    org.does("2026-11-01", Start(TEAM.id, 5, MONTH, "EUR", trial=True))
    assert org.stands(Standing.TRIAL)
    org.does("2026-11-15", PassTime())
    assert org.events[-1] == Ended(date(2026, 11, 15), "trial_over")
    assert org.paid() == []
    assert org.refused("2026-12-01", Start(TEAM.id, 5, MONTH, "EUR", trial=True)) == "billing.no_trial"
    assert org.refused("2026-12-01", Start(SCHOOL.id, 5, MONTH, "EUR", trial=True)) == "billing.no_trial"


@pytest.mark.parametrize("yes", [Start(TEAM.id, 7, MONTH, "EUR"), Change(seats=7)])
def test_who_says_yes_in_a_trial_pays_from_its_end_on(yes: Command) -> None:
    org = Org()
    org.does("2026-11-01", Start(TEAM.id, 5, MONTH, "EUR", trial=True))
    org.does("2026-11-03", yes)
    assert org.stands(Standing.TRIAL)
    org.does("2026-11-20", PassTime())
    assert org.stands(Standing.ACTIVE)
    assert org.state.span == Span(date(2026, 11, 15), date(2026, 12, 14))
    assert org.paid() == [(Kind.SEATS, "7 × 6.00 EUR", 4200)]


def test_a_server_that_was_off_renews_each_period_on_its_day() -> None:
    org = team(1, "2027-10-31")
    org.does("2028-03-31", PassTime())
    days = [event.day for event in org.events if isinstance(event, Renewed)]
    assert days == [
        date(2027, 11, 30),
        date(2027, 12, 31),
        date(2028, 1, 31),
        date(2028, 2, 29),
        date(2028, 3, 31),
    ]
    assert sum(amount for _, _, amount in org.paid()) == 6 * 600


def test_a_plan_that_gets_another_price_changes_no_running_period() -> None:
    org = team(10)
    org.plans[TEAM.id] = plan("team", 900, 9000)
    org.does("2026-11-16", Change(seats=12))
    org.does("2026-12-01", PassTime())
    assert [reason for _, reason, _ in org.paid()][1:] == ["2 × 6.00 EUR × 15 ÷ 30", "12 × 9.00 EUR"]


def test_a_plan_that_is_offered_no_more_goes_on_for_who_has_it() -> None:
    org = Org(plans={**PLANS, OLD.id: replace(OLD, offered=True)})
    org.does("2026-11-01", Start(OLD.id, 5, MONTH, "EUR"))
    org.plans[OLD.id] = OLD
    org.does("2026-11-30", Change(seats=6))
    org.plans.pop(OLD.id)
    org.does("2026-12-01", PassTime())
    assert org.paid()[-1] == (Kind.SEATS, "6 × 5.00 EUR", 3000)
    assert org.refused("2026-12-02", Start(OLD.id, 1, MONTH, "EUR")) == "billing.subscribed"


def test_who_has_not_paid_gets_no_more_and_keeps_what_they_have() -> None:
    org = team()
    org.does("2026-11-20", FallDue())
    assert org.does("2026-11-20", FallDue()) == [], "the ledger says it again"
    assert org.refused("2026-11-21", Change(seats=50)) == "billing.past_due"
    org.does("2026-11-21", Change(seats=30))
    org.does("2026-12-01", PassTime())
    assert org.stands(Standing.PAST_DUE), "another month doesn't pay the last one"
    org.does("2026-12-02", Settle())
    assert org.stands(Standing.ACTIVE)
    assert org.does("2026-12-02", GiveUp()) == [], "it was paid meanwhile"
    org.does("2026-12-20", FallDue())
    assert org.does("2026-12-24", GiveUp()) == [Ended(date(2026, 12, 24), "unpaid")]


def test_a_clock_that_was_set_back_moves_nothing_back() -> None:
    org = team()
    org.does("2026-11-12", Change(seats=42))
    org.does("2026-11-02", Change(seats=44))
    assert org.paid()[-1] == (Kind.SEATS_ADDED, "2 × 6.00 EUR × 19 ÷ 30", 760)
    assert [event.day for event in org.events] == sorted(event.day for event in org.events)
    assert org.does("2020-01-01", PassTime()) == []


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (Change(seats=-1), "billing.seats"),
        (Change(seats=0), "billing.seats"),
        (Change(seats=10**9), "billing.seats"),
        (Change(plan=PlanId("gold")), "billing.plan_unknown"),
        (Change(plan=FREE), "billing.plan_unknown"),
        (Change(plan=OLD.id), "billing.plan_unknown"),
        (Start(SCHOOL.id, 1, MONTH, "EUR"), "billing.subscribed"),
        (Withdraw(), "billing.nothing_to_come"),
        (Cancel("x" * 201), "billing.reason"),
        (Accept("q"), "billing.quote_unknown"),
        (WithdrawQuote("q"), "billing.quote_unknown"),
    ],
)
def test_what_can_not_be_is_refused(command: Command, code: str) -> None:
    assert team().refused("2026-11-12", command) == code


def test_nothing_is_sold_in_a_currency_without_a_price() -> None:
    assert Org().refused("2026-11-01", Start(TEAM.id, 5, MONTH, "USD")) == "billing.no_price"
    assert Org().refused("2026-11-01", Start(TEAM.id, -5, MONTH, "EUR")) == "billing.seats"


# --- contracts --------------------------------------------------------------------------------------------------------


def quote(starts: str = "2026-11-16", months: int = 12, seats: int = 500, seat: Money | None = None) -> Quote:
    terms = Terms(TEAM.id, seats, seat or eur(450), MONTH)
    return Quote("q1", terms, date.fromisoformat(starts), months, date(2026, 12, 31))


def test_a_quote_becomes_a_contract_on_its_day() -> None:
    org = team(10)
    org.does("2026-11-02", Offer(quote()))
    assert org.does("2026-11-02", Offer(quote())) == []
    assert org.refused("2026-11-02", Offer(quote(seats=400))) == "billing.quote_known"
    org.does("2026-11-10", Accept("q1"))
    assert org.does("2026-11-10", Accept("q1")) == [], "two owners at once"
    assert org.state.terms and org.state.terms.seats == 10, "its day hasn't come"
    org.does("2026-12-16", PassTime())
    assert org.state.until == date(2027, 11, 15)
    assert org.paid()[1:] == [
        (Kind.REST_OF_BEFORE, "10 × 6.00 EUR × 15 ÷ 30", -3000),
        (Kind.SEATS, "500 × 4.50 EUR", 225000),
        (Kind.SEATS, "500 × 4.50 EUR", 225000),
    ]


def test_a_contract_holds_to_its_last_day_with_its_own_price() -> None:
    org = Org()
    org.does("2026-11-16", Offer(quote(months=3)))
    org.does("2026-11-16", Accept("q1"))
    org.plans[TEAM.id] = plan("team", 900, 9000)
    assert org.refused("2026-11-20", Change(plan=SCHOOL.id)) == "billing.contract"
    assert org.refused("2026-11-20", Change(period=YEAR)) == "billing.contract"
    org.does("2026-12-01", Change(seats=510))
    org.does("2026-12-01", Cancel("budget"))
    org.does("2027-02-20", PassTime())
    assert [reason for _, reason, _ in org.paid()] == [
        *("500 × 4.50 EUR", "10 × 4.50 EUR × 15 ÷ 30", "510 × 4.50 EUR", "510 × 4.50 EUR")
    ]
    assert org.events[-1] == Ended(date(2027, 2, 16), "budget")


def test_after_its_term_a_contract_goes_on_at_its_price() -> None:
    org = Org()
    org.does("2026-11-16", Offer(quote(months=1)))
    org.does("2026-11-16", Accept("q1"))
    org.does("2026-12-01", Change(seats=400))
    org.does("2026-12-16", PassTime())
    assert org.paid()[-1] == (Kind.SEATS, "400 × 4.50 EUR", 180000)
    assert org.state.until is None


def test_a_quote_that_is_over_taken_back_or_wrong() -> None:
    org = team(10)
    org.does("2026-11-02", Offer(quote("2027-01-01")))
    assert org.refused("2027-01-01", Accept("q1")) == "billing.quote_over"
    org.does("2026-12-02", Accept("q1"))
    org.does("2026-12-30", WithdrawQuote("q1"))
    org.does("2027-01-02", PassTime())
    assert org.state.terms and org.state.terms.seats == 10
    yearly = replace(quote(), terms=replace(quote().terms, period=YEAR))
    for wrong, code in (
        (quote(seat=Money(450, "USD")), "billing.currency_mixed"),
        (quote(seats=-1), "billing.seats"),
        (quote(seat=eur(-1)), "billing.price"),
        (quote(months=0), "billing.term"),
        (replace(yearly, months=18), "billing.term"),
        (quote("2026-10-31"), "billing.quote_days"),
        (replace(quote(), open_until=date(2026, 10, 31)), "billing.quote_days"),
        (replace(quote(), terms=replace(quote().terms, plan=PlanId("gold"))), "billing.plan_unknown"),
    ):
        assert team().refused("2026-11-10", Offer(wrong)) == code


# --- properties -------------------------------------------------------------------------------------------------------

FIRST = date(2026, 11, 1)
commands = st.one_of(
    st.builds(Change, seats=st.integers(-1, 60)),
    st.builds(Change, plan=st.sampled_from([TEAM.id, SCHOOL.id, OLD.id, FREE])),
    st.builds(Change, period=st.sampled_from(Period)),
    st.builds(
        Start, st.just(TEAM.id), st.integers(1, 9), st.sampled_from(Period), st.just("EUR"), st.booleans()
    ),
    st.builds(Cancel, st.just("")),
    st.sampled_from(
        [Withdraw(), FallDue(), Settle(), GiveUp(), PassTime(), Accept("q1"), WithdrawQuote("q1")]
    ),
    st.builds(
        Offer, st.builds(quote, st.sampled_from(["2026-12-01", "2027-02-15"]), st.sampled_from([1, 3, 12]))
    ),
)
histories = st.lists(st.tuples(st.integers(-20, 120), commands), max_size=25)


def lived(history: Sequence[tuple[int, Command]]) -> Org:
    org, day = Org(), FIRST
    for step, command in history:
        day += timedelta(days=step)
        decided = decide(org.state, command, day, PLANS)
        if not isinstance(decided, Refusal):
            org.does(day.isoformat(), command)
    return org


@given(histories)
def test_whatever_happens_the_events_are_in_order_and_tell_all(history: list[tuple[int, Command]]) -> None:
    org = lived(history)
    days = [event.day for event in org.events]
    assert days == sorted(days)
    assert folded(org.events) == org.state
    assert org.state.runs == (org.state.terms is not None) == (org.state.span is not None)


@given(histories)
def test_every_period_costs_the_sum_over_its_days(history: list[tuple[int, Command]]) -> None:
    """Line by line as it happened, or all of it at the end: the same to the unit."""
    state, owed, said = NOTHING, 0, 0
    for event in lived(history).events:
        said += sum(line.amount.amount for line in lines_of(state, event))
        after = evolve(state, event)
        if after.span != state.span and state.span and state.stretches:
            ends = event.day if event.day in state.span and not isinstance(event, Ended) else None
            owed += cost(state.span, state.stretches, ends).amount
        state = after
    if state.span and state.stretches:
        owed += cost(state.span, state.stretches).amount
    assert said == owed


@given(st.lists(st.tuples(st.integers(0, 29), st.integers(1, 50)), max_size=8), st.randoms())
def test_who_adds_seats_first_changes_no_months_total(added: list[tuple[int, int]], chance: object) -> None:
    """On each day any number of owners; a price that doesn't divide."""

    def total(steps: list[tuple[int, int]]) -> int:
        org = Org()
        org.does("2026-11-01", Start(SCHOOL.id, 7, MONTH, "EUR"))
        for day, more in sorted(steps, key=lambda step: step[0]):
            assert org.state.terms
            org.does((FIRST + timedelta(days=day)).isoformat(), Change(seats=org.state.terms.seats + more))
        return sum(line.amount.amount for line in org.lines)

    shuffled = list(added)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert total(added) == total(shuffled)
