"""What all that is done with money has at hand, and how a command is carried out.

Law: a command, its events, the invoice that follows and its postings are one transaction, and one after the other: of two owners who
do something at once the second one meets what the first one did.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.audit import Audit
from folkmoot.billing import charging, daybook, store
from folkmoot.billing.daybook import Daybook
from folkmoot.billing.deciding import Command, decide, folded
from folkmoot.billing.known import Known
from folkmoot.billing.lines import lines_of
from folkmoot.billing.plans import Plans
from folkmoot.billing.provider import ByHand, Provider
from folkmoot.billing.subscription import Event, Subscription
from folkmoot.kit import Clock, Refusal
from folkmoot.orgs import OrgId, Orgs
from folkmoot.storage import Storage

BY_TIME = "time"
"""Who did it, where nobody did."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A subscription, and how many events it is the fold of: who decides says what they saw."""

    state: Subscription
    count: int
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Billing:
    orgs: Orgs
    known: Known = field(default_factory=Known)
    seller: str = ""
    """Who invoices are from, as the operator's file says."""
    provider: Provider = field(default_factory=ByHand)

    @property
    def storage(self) -> Storage:
        return self.orgs.storage

    @property
    def clock(self) -> Clock:
        return self.orgs.clock

    @property
    def audit(self) -> Audit:
        return self.orgs.audit

    @property
    def today(self) -> date:
        return self.clock.now().date()


async def look(connection: AsyncConnection, org: OrgId) -> Seen:
    return seen_of((await store.events_of(connection, [org]))[org])


def seen_of(events: Sequence[Event], state: Subscription | None = None) -> Seen:
    return Seen(state or folded(events), len(events), tuple(events))


async def opened(at: Billing, connection: AsyncConnection, *orgs: OrgId) -> Daybook:
    return await daybook.opened(connection, orgs, at.clock.now(), at.seller)


async def carry_out(
    at: Billing, connection: AsyncConnection, org: OrgId, command: Command, by: str, seen: int | None = None
) -> Seen | Refusal:
    """`seen`: the count that whoever decides looked at; None where it doesn't matter."""
    book = await opened(at, connection, org)
    if seen is not None and seen != len(book.folios[org].events):
        return Refusal("billing.changed_meanwhile")
    refusal = carry(book, org, command, by)
    if refusal is not None:
        return refusal
    await book.write(connection)
    return seen_of(book.folios[org].events, book.folios[org].state)


def carry(book: Daybook, org: OrgId, command: Command, by: str) -> Refusal | None:
    """What follows is noted in the book, and what is to be paid for it is asked for."""
    folio = book.folios[org]
    decided = decide(folio.state, command, book.now.date(), book.plans)
    if isinstance(decided, Refusal):
        return decided
    for event in decided:
        lines = lines_of(folio.state, event)
        book.happened(folio, event, by)
        book.wait(folio, [*folio.pending, *lines])
        if lines or not folio.state.runs:
            charging.charge(book, folio)
    book.keep(folio)
    return None


async def refresh(at: Billing, *orgs: OrgId) -> None:
    """What plans allow is known anew; of these alone, where any are named: there may be many others."""
    async with at.known.learning, at.storage.reading() as connection:
        plans: Plans = await store.plans_of(connection)
        await at.known.learn(plans, store.standings(connection, orgs), all_=not orgs)
