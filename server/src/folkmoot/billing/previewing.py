"""What something would cost, before anybody says yes to it: the same decision, and the same lines, with nothing written down.

Law: what is shown is what `owning.decide_on` would do on the same day. It reads, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts import Account
from folkmoot.billing import store
from folkmoot.billing.billing import Billing, look
from folkmoot.billing.daybook import NOBODY
from folkmoot.billing.deciding import Plans, decide, due
from folkmoot.billing.documents import ripe, total_of
from folkmoot.billing.lines import Line, lines_of
from folkmoot.billing.money import Money
from folkmoot.billing.owning import Owners
from folkmoot.billing.subscription import Event, Subscription, evolve
from folkmoot.billing.tax import Taxed, rate_on, taxed
from folkmoot.kit import Refusal
from folkmoot.orgs import OrgId, Role


@dataclass(frozen=True, slots=True)
class Bill:
    """An invoice that would be written on that day."""

    day: date
    lines: tuple[Line, ...]
    tax: Taxed
    credit: Money
    """That pays some of it, or all."""

    @property
    def total(self) -> Money:
        return self.tax.on + self.tax.amount


@dataclass(frozen=True, slots=True)
class Preview:
    after: Subscription
    at_once: bool
    """False: it holds from the period's end on, or nothing is another."""
    now: Bill | None
    coming: Bill | None
    """The next one. None: it ends, or costs nothing."""


async def preview(at: Billing, who: Account, org: OrgId, command: Owners) -> Preview | Refusal:
    async with at.storage.reading() as connection:
        me = await at.orgs.standing(connection, org, who.id, Role.ADMIN)
        if isinstance(me, Refusal):
            return me
        plans = await store.plans_of(connection)
        before = (await look(connection, org)).state
        decided = decide(before, command, at.today, plans)
        if isinstance(decided, Refusal):
            return decided
        after, lines = _followed(before, decided)
        pending = [*(await store.pending_of(connection, [org]))[org], *lines]
        is_ripe = bool(lines) and ripe(pending, runs=after.runs)
        now = await _bill(connection, org, at.today, pending) if is_ripe else None
        left = [] if is_ripe else pending
        coming = await _coming(connection, org, after, plans, left, now)
        return Preview(after, before.terms != after.terms, now, coming)


async def coming(at: Billing, connection: AsyncConnection, org: OrgId, state: Subscription) -> Bill | None:
    """As it stands."""
    plans, pending = await store.plans_of(connection), await store.pending_of(connection, [org])
    return await _coming(connection, org, state, plans, pending[org], None)


def _followed(state: Subscription, events: Sequence[Event]) -> tuple[Subscription, list[Line]]:
    lines: list[Line] = []
    for event in events:
        lines += lines_of(state, event)
        state = evolve(state, event)
    return state, lines


async def _coming(
    connection: AsyncConnection,
    org: OrgId,
    state: Subscription,
    plans: Plans,
    pending: Sequence[Line],
    now: Bill | None,
) -> Bill | None:
    day = state.due_on
    if day is None:
        return None
    _, lines = _followed(state, due(state, day, plans))
    spent = now.credit if now else None
    return await _bill(connection, org, day, [*pending, *lines], spent) if [*pending, *lines] else None


async def _bill(
    connection: AsyncConnection, org: OrgId, day: date, lines: Sequence[Line], spent: Money | None = None
) -> Bill | None:
    """Of the currency of the newest line. What is below zero waits for a later one."""
    currency = lines[-1].amount.currency
    mine = [line for line in lines if line.amount.currency == currency]
    net = total_of(mine)
    if net.amount < 0:
        return None
    customer = await store.customer_of(connection, org) or NOBODY
    rate = rate_on(await store.rates_of(connection, [customer.country]), customer.country, day)
    tax = taxed(net, rate, reverse_charge=customer.reverse_charge)
    has = await store.credit(connection, org, currency)
    left = has - spent if spent is not None and spent.currency == currency else has
    pays = max(0, min(left.amount, (tax.on + tax.amount).amount))
    return Bill(day, tuple(mine), tax, Money(pays, currency))
