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
from folkmoot.billing import charging, store
from folkmoot.billing.deciding import Command, decide, folded
from folkmoot.billing.dunning import Step
from folkmoot.billing.known import Known
from folkmoot.billing.lines import Line, lines_of
from folkmoot.billing.plans import Plans
from folkmoot.billing.provider import ByHand, Provider
from folkmoot.billing.subscription import Event, Subscription, evolve
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
    events = await store.events_of(connection, org)
    return Seen(folded(events), len(events), tuple(events))


async def carry_out(
    at: Billing, connection: AsyncConnection, org: OrgId, command: Command, by: str, seen: int | None = None
) -> Seen | Refusal:
    """`seen`: the count that whoever decides looked at; None where it doesn't matter."""
    before = await look(connection, org)
    if seen is not None and seen != before.count:
        return Refusal("billing.changed_meanwhile")
    plans = await store.plans_of(connection)
    decided = decide(before.state, command, at.today, plans)
    if isinstance(decided, Refusal):
        return decided
    return await happened(at, connection, org, before, decided, by)


async def happened(
    at: Billing, connection: AsyncConnection, org: OrgId, before: Seen, events: Sequence[Event], by: str
) -> Seen:
    """It is written down, and what is to be paid for it is asked for."""
    state = before.state
    for seq, event in enumerate(events, before.count + 1):
        lines: list[Line] = lines_of(state, event)
        await store.add_event(connection, org, seq, event, by, at.clock.now())
        await store.put_pending(connection, org, seq, lines)
        state = evolve(state, event)
        if lines or not state.runs:
            await charging.charge(connection, org, at.clock.now(), runs=state.runs, seller=at.seller)
    await keep(connection, org, state)
    return Seen(state, before.count + len(events), (*before.events, *events))


async def keep(connection: AsyncConnection, org: OrgId, state: Subscription) -> None:
    """What is looked for."""
    taken = (steps for _, steps in (await store.open_of(connection, org)).values())
    restricted = any(Step.RESTRICTED in steps for steps in taken)
    await store.put_subscription(connection, org, state, restricted=restricted)


async def refresh(at: Billing) -> None:
    """What plans allow is known anew."""
    async with at.storage.reading() as connection:
        plans: Plans = await store.plans_of(connection)
        at.known.learn(plans, await store.standings(connection))
