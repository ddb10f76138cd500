"""What owners, operators, the ledger and the passing of time do to a subscription: `decide(state, command, today, plans)`.

Law: what costs more holds at once, what costs less from the period's end on, and until its day it can be taken back. Time passes
first: a command that comes late meets the period that runs by then, and every period between was renewed on its own day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import reduce

from folkmoot.billing import terms as agreements
from folkmoot.billing.days import DAY
from folkmoot.billing.plans import Period, Plan, PlanId
from folkmoot.billing.subscription import (
    NOTHING,
    CancelScheduled,
    Changed,
    Ended,
    Event,
    Overdue,
    QuoteAccepted,
    Quoted,
    QuoteWithdrawn,
    Renewed,
    Restarted,
    Scheduled,
    Settled,
    Standing,
    Started,
    Subscription,
    Withdrawn,
    evolve,
)
from folkmoot.billing.terms import Quote, Terms, agreed, renewed, seats_wrong
from folkmoot.kit import Refusal

MOST_PERIODS = 1200
"""That are renewed at a time."""
MOST_QUOTES = 10
LONGEST_REASON = 200
TRIAL_OVER, UNPAID, DISSOLVED = "trial_over", "unpaid", "dissolved"


@dataclass(frozen=True, slots=True)
class Start:
    plan: PlanId
    seats: int
    period: Period
    currency: str
    trial: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """None: as it is. What is said is what shall be, not by how much: said twice, it is so once."""

    plan: PlanId | None = None
    seats: int | None = None
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class Cancel:
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Withdraw:
    """What is to come at the period's end."""


@dataclass(frozen=True, slots=True)
class Offer:
    quote: Quote


@dataclass(frozen=True, slots=True)
class WithdrawQuote:
    """Also one that was accepted and hasn't begun."""

    id: str


@dataclass(frozen=True, slots=True)
class Accept:
    id: str


@dataclass(frozen=True, slots=True)
class FallDue:
    """An invoice wasn't paid in time."""


@dataclass(frozen=True, slots=True)
class Settle:
    """Nothing is owed any more."""


@dataclass(frozen=True, slots=True)
class GiveUp:
    """It wasn't paid, whatever was said."""


@dataclass(frozen=True, slots=True)
class Dissolve:
    """The organisation is gone."""


@dataclass(frozen=True, slots=True)
class PassTime:
    pass


Command = (
    Start
    | Change
    | Cancel
    | Withdraw
    | Offer
    | WithdrawQuote
    | Accept
    | FallDue
    | Settle
    | GiveUp
    | Dissolve
    | PassTime
)
Decision = list[Event] | Refusal
Plans = Mapping[PlanId, Plan]
NONE = Refusal("billing.no_subscription")


def decide(state: Subscription, command: Command, today: date, plans: Plans) -> Decision:
    """`today` by the clock; an earlier day than the last known one is that one."""
    today = max(today, state.day)
    if isinstance(command, Dissolve):
        gone: list[Event] = [QuoteWithdrawn(today, state.accepted.id)] if state.accepted else []
        return [*gone, *([Ended(today, DISSOLVED)] if state.runs else [])]
    passed = due(state, today, plans)
    now = folded(passed, state)
    decided = _decided(now, command, today, plans)
    if isinstance(decided, Refusal):
        return decided
    begun = due(folded(decided, now), today, plans) if isinstance(command, Accept) else []
    return [*passed, *decided, *begun]


def folded(events: Sequence[Event], state: Subscription = NOTHING) -> Subscription:
    return reduce(evolve, events, state)


def due(state: Subscription, today: date, plans: Plans) -> list[Event]:
    """What time alone did, up to today."""
    passed: list[Event] = []
    while (day := state.due_on) and day <= today and len(passed) < MOST_PERIODS:
        passed.append(_turned(state, day, plans))
        state = evolve(state, passed[-1])
    return passed


def _turned(state: Subscription, day: date, plans: Plans) -> Event:
    if state.accepted is not None and state.accepted.starts <= day:
        contract = state.accepted
        begins = Restarted(day, contract.terms, contract)
        return begins if state.runs else Started(day, contract.terms, None, contract)
    assert state.terms is not None, "only what runs comes to an end"
    bound = state.bound(day)
    if state.leaving is not None and not bound:
        return Ended(day, state.leaving)
    if state.standing is Standing.TRIAL and state.next is None:
        return Ended(day, TRIAL_OVER)
    return Renewed(day, renewed(state.terms if bound else state.next or state.terms, plans))


def _decided(state: Subscription, command: Command, today: date, plans: Plans) -> Decision:
    match command:
        case Start():
            return _start(state, command, today, plans)
        case Change():
            return _change(state, command, today, plans)
        case Cancel(reason):
            return _cancel(state, reason, today)
        case Withdraw():
            pending = state.next is not None or state.leaving is not None
            return [Withdrawn(today)] if pending else Refusal("billing.nothing_to_come")
        case Offer(quote):
            return _offer(state, quote, today, plans)
        case WithdrawQuote(id):
            known = [*state.quotes, *([state.accepted] if state.accepted else [])]
            return [QuoteWithdrawn(today, id)] if _of(known, id) else Refusal("billing.quote_unknown")
        case Accept(id):
            return _accept(state, id, today)
        case PassTime():
            return []
        case _:
            return _paying(state, command, today)


def _paying(state: Subscription, command: Command, today: date) -> Decision:
    """What the ledger says comes again and again, and may come late."""
    match command:
        case FallDue() if state.standing is Standing.ACTIVE:
            return [Overdue(today)]
        case Settle() if state.standing is Standing.PAST_DUE:
            return [Settled(today)]
        case GiveUp() if state.standing is Standing.PAST_DUE:
            return [Ended(today, UNPAID)]
    return []


def _start(state: Subscription, said: Start, today: date, plans: Plans) -> Decision:
    in_trial = state.standing is Standing.TRIAL
    if (state.runs and not in_trial) or state.accepted is not None:
        return Refusal("billing.subscribed")
    terms = agreed(plans, said.plan, said.seats, said.period, said.currency)
    if isinstance(terms, Refusal):
        return terms
    if in_trial and not said.trial:
        return [Scheduled(today, terms)]
    if not said.trial:
        return [Started(today, terms)]
    days = plans[said.plan].trial_days
    if not days or state.had_trial:
        return Refusal("billing.no_trial")
    return [Started(today, terms, today + timedelta(days=days) - DAY)]


def _change(state: Subscription, said: Change, today: date, plans: Plans) -> Decision:
    if state.terms is None:
        return NONE
    terms = _wanted(state.terms, said, plans)
    if isinstance(terms, Refusal):
        return terms
    if terms == state.terms and state.standing is not Standing.TRIAL:
        pending = state.next is not None or state.leaving is not None
        return [Withdrawn(today)] if pending else []
    at_once = _at_once(state.terms, terms)
    if at_once and state.standing is Standing.PAST_DUE:
        return Refusal("billing.past_due")
    if state.bound(today) and (terms.plan, terms.period) != (state.terms.plan, state.terms.period):
        return Refusal("billing.contract", {"until": str(state.until)})
    if state.standing is Standing.TRIAL or not at_once:
        return [] if terms == state.next else [Scheduled(today, terms)]
    if terms.period is not state.terms.period:
        return [Restarted(today, terms)]
    return [Changed(today, terms)]


def _wanted(now: Terms, said: Change, plans: Plans) -> Terms | Refusal:
    """The price that was agreed holds for more seats, too, until the period ends."""
    plan, period = said.plan or now.plan, said.period or now.period
    seats = now.seats if said.seats is None else said.seats
    if (plan, period) != (now.plan, now.period):
        return agreed(plans, plan, seats, period, now.seat.currency, known=plan == now.plan)
    known = plans.get(plan)
    refusal = seats_wrong(known or Plan(plan, plan), seats)
    return replace(now, seats=seats) if refusal is None else refusal


def _at_once(now: Terms, wanted: Terms) -> bool:
    """A longer period of no less begins at once, though a year costs less than twelve months."""
    if now.period.months < wanted.period.months and now.plan == wanted.plan:
        return wanted.seats >= now.seats
    return wanted.period.months >= now.period.months and wanted.yearly >= now.yearly


def _cancel(state: Subscription, reason: str, today: date) -> Decision:
    if not state.runs:
        return NONE
    if len(reason) > LONGEST_REASON:
        return Refusal("billing.reason", {"most": LONGEST_REASON})
    return [] if state.leaving == reason else [CancelScheduled(today, reason)]


def _offer(state: Subscription, quote: Quote, today: date, plans: Plans) -> Decision:
    if (refusal := agreements.quote_wrong(quote, plans, today)) is not None:
        return refusal
    if state.terms is not None and quote.terms.seat.currency != state.terms.seat.currency:
        return Refusal("billing.currency_mixed", {"currency": state.terms.seat.currency})
    if len(state.quotes) >= MOST_QUOTES:
        return Refusal("billing.too_many_quotes", {"most": MOST_QUOTES})
    quoted = replace(quote, terms=replace(quote.terms, own_price=True))
    if (known := _of(state.quotes, quote.id)) is not None:
        return [] if known == quoted else Refusal("billing.quote_known")
    return [Quoted(today, quoted)]


def _accept(state: Subscription, id: str, today: date) -> Decision:
    if state.accepted is not None and state.accepted.id == id:
        return []
    quote = _of(state.quotes, id)
    if quote is None:
        return Refusal("billing.quote_unknown")
    if quote.open_until < today:
        return Refusal("billing.quote_over")
    begins = quote.accepted_on(today)
    if state.accepted is not None or state.bound(begins.starts):
        last = state.accepted.ends if state.accepted else state.until
        return Refusal("billing.contract", {"until": str(last)})
    if state.terms is not None and quote.terms.seat.currency != state.terms.seat.currency:
        return Refusal("billing.currency_mixed", {"currency": state.terms.seat.currency})
    return [QuoteAccepted(today, begins)]


def _of(quotes: Sequence[Quote], id: str) -> Quote | None:
    return next((one for one in quotes if one.id == id), None)
