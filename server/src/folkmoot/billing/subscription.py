"""An organisation's subscription: what it is, and what can have happened to it.

Law: the state is the fold of its events and nothing else (`evolve`); events are never changed, and are in the order of their days. A
clock that was set back moves nothing back: what happens then happens on the last day that is known.

    nothing ──Started──► trial ──Renewed──► active ◄──Settled── past due
                           │                  │  └───Overdue──────►│
                           └──────Ended───────┴────────Ended───────┘──► cancelled ──Started──► …
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from folkmoot.billing.days import DAY, Span, period
from folkmoot.billing.proration import Stretch
from folkmoot.billing.terms import Quote, Terms


class Standing(StrEnum):
    TRIAL = "trial"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    CANCELLED = "cancelled"


# --- what happened ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Started:
    """A first period begins; a trial's has `trial`'s last day, and costs nothing."""

    day: date
    terms: Terms
    trial: date | None = None
    contract: Quote | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """At once, within the running period."""

    day: date
    terms: Terms


@dataclass(frozen=True, slots=True)
class Restarted:
    """At once, with a period of its own: the rest of the one before is given back."""

    day: date
    terms: Terms
    contract: Quote | None = None


@dataclass(frozen=True, slots=True)
class Scheduled:
    """From the next period on."""

    day: date
    terms: Terms


@dataclass(frozen=True, slots=True)
class CancelScheduled:
    day: date
    reason: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What was to come at the period's end doesn't."""

    day: date


@dataclass(frozen=True, slots=True)
class Renewed:
    """`day` is the first of the new period."""

    day: date
    terms: Terms


@dataclass(frozen=True, slots=True)
class Overdue:
    day: date


@dataclass(frozen=True, slots=True)
class Settled:
    day: date


@dataclass(frozen=True, slots=True)
class Ended:
    """`day` is the first without it."""

    day: date
    reason: str


@dataclass(frozen=True, slots=True)
class Quoted:
    day: date
    quote: Quote


@dataclass(frozen=True, slots=True)
class QuoteWithdrawn:
    day: date
    quote: str


@dataclass(frozen=True, slots=True)
class QuoteAccepted:
    """It begins on its day; `Started` or `Restarted` says that it has."""

    day: date
    quote: Quote


Event = (
    Started | Changed | Restarted | Scheduled | CancelScheduled | Withdrawn | Renewed | Overdue | Settled | Ended
    | Quoted | QuoteWithdrawn | QuoteAccepted
)  # fmt: skip

# --- what it is -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Subscription:
    day: date = date.min
    """The last one that anything happened on."""
    standing: Standing = Standing.CANCELLED
    terms: Terms | None = None
    span: Span | None = None
    """The running period. None: there is none."""
    anchor: int = 1
    """The day of the month that periods begin on."""
    stretches: tuple[Stretch, ...] = ()
    """What was agreed in this period, from day to day."""
    next: Terms | None = None
    leaving: str | None = None
    """Why it ends with the period. None: it doesn't."""
    since: date | None = None
    """Paid for without a pause."""
    until: date | None = None
    """The last day of the contract."""
    quotes: tuple[Quote, ...] = ()
    accepted: Quote | None = None
    had_trial: bool = False

    @property
    def runs(self) -> bool:
        return self.standing is not Standing.CANCELLED

    def bound(self, day: date) -> bool:
        """By a contract."""
        return self.until is not None and day <= self.until

    @property
    def contract_until(self) -> date | None:
        """The last day of what was agreed by a quote; of one that hasn't begun too."""
        return self.accepted.ends if self.accepted else self.until

    @property
    def due_on(self) -> date | None:
        """The day on which time alone changes it."""
        days = [self.span.last + DAY] if self.span else []
        days += [self.accepted.starts] if self.accepted else []
        return min(days, default=None)


NOTHING = Subscription()


def evolve(state: Subscription, event: Event) -> Subscription:
    return _evolved(replace(state, day=max(state.day, event.day)), event)


def _evolved(state: Subscription, event: Event) -> Subscription:
    match event:
        case Started(day, terms, trial, contract):
            return _begun(replace(state, next=None, leaving=None, since=None), day, terms, trial, contract)
        case Restarted(day, terms, contract):
            return _begun(state, day, terms, None, contract)
        case Renewed(day, terms):
            return _renewed(state, day, terms)
        case Changed(day, terms):
            stretches = (*state.stretches, Stretch(day, terms))
            return replace(state, terms=terms, stretches=stretches, next=None, leaving=None)
        case Ended():
            return Subscription(
                state.day, quotes=state.quotes, accepted=state.accepted, had_trial=state.had_trial
            )
        case Overdue():
            return replace(state, standing=Standing.PAST_DUE)
        case Settled():
            return replace(state, standing=Standing.ACTIVE)
        case _:
            return _to_come(state, event)


def _to_come(state: Subscription, event: Event) -> Subscription:
    match event:
        case Scheduled(_, terms):
            return replace(state, next=terms, leaving=None)
        case CancelScheduled(_, reason):
            return replace(state, leaving=reason, next=None)
        case Withdrawn():
            return replace(state, next=None, leaving=None)
        case Quoted(_, quote):
            return replace(state, quotes=(*state.quotes, quote))
        case QuoteWithdrawn(_, id):
            accepted = None if state.accepted and state.accepted.id == id else state.accepted
            return replace(state, quotes=_without(state.quotes, id), accepted=accepted)
        case QuoteAccepted(_, quote):
            quotes = _without(state.quotes, quote.id)
            return replace(state, quotes=quotes, accepted=quote, next=None, leaving=None)
    raise AssertionError(event)


def _begun(
    state: Subscription, day: date, terms: Terms, trial: date | None, contract: Quote | None
) -> Subscription:
    paid = trial is None
    past_due = state.standing is Standing.PAST_DUE
    return replace(
        state,
        standing=(Standing.PAST_DUE if past_due else Standing.ACTIVE) if paid else Standing.TRIAL,
        terms=terms,
        span=period(day, terms.period.months, day.day) if trial is None else Span(day, trial),
        anchor=day.day,
        stretches=(Stretch(day, terms),) if paid else (),
        next=None,
        leaving=None,
        since=(state.since or day) if paid else None,
        until=contract.ends if contract else None,
        accepted=None if contract else state.accepted,
        had_trial=state.had_trial or not paid,
    )


def _renewed(state: Subscription, day: date, terms: Terms) -> Subscription:
    """A contract goes on to its last day: what is to come waits for it."""
    anchor = day.day if state.standing is Standing.TRIAL else state.anchor
    standing = Standing.ACTIVE if state.standing is Standing.TRIAL else state.standing
    bound = state.bound(day)
    return replace(
        state,
        standing=standing,
        terms=terms,
        span=period(day, terms.period.months, anchor),
        anchor=anchor,
        stretches=(Stretch(day, terms),),
        next=state.next if bound else None,
        leaving=state.leaving if bound else None,
        since=state.since or day,
        until=state.until if bound else None,
    )


def _without(quotes: tuple[Quote, ...], id: str) -> tuple[Quote, ...]:
    return tuple(one for one in quotes if one.id != id)
