"""What an owner does with their organisation's subscription, and what who runs the server offers them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts import Account
from folkmoot.billing import store
from folkmoot.billing.billing import Billing, Seen, carry_out, look, refresh
from folkmoot.billing.deciding import Accept, Cancel, Change, Offer, Start, Withdraw, WithdrawQuote
from folkmoot.billing.documents import Customer, customer_wrong
from folkmoot.billing.plans import MOST_PLANS, Plan, wrong
from folkmoot.billing.tax import TaxRate
from folkmoot.billing.tax import wrong as rate_wrong
from folkmoot.kit import Refusal
from folkmoot.orgs import OrgId, Role

Owners = Start | Change | Cancel | Withdraw | Accept
Operators = Offer | WithdrawQuote
SCOPE = "server"
"""Of what the operator did, in the audit."""


async def look_at(at: Billing, who: Account, org: OrgId) -> Seen | Refusal:
    """Whoever governs it may."""
    async with at.storage.reading() as connection:
        me = await at.orgs.standing(connection, org, who.id, Role.ADMIN)
        return me if isinstance(me, Refusal) else await look(connection, org)


async def decide_on(
    at: Billing, who: Account, org: OrgId, command: Owners, seen: int | None = None
) -> Seen | Refusal:
    async with at.audit.acting() as act:
        me = await at.orgs.standing(act.connection, org, who.id, Role.OWNER)
        if isinstance(me, Refusal):
            return me
        if isinstance(command, Start | Accept):
            if await store.customer_of(act.connection, org) is None:
                return Refusal("billing.no_customer")
            if isinstance(command, Start) and await _owes(at, act.connection, org):
                return Refusal("billing.owes")
        now = await carry_out(at, act.connection, org, command, who.id, seen)
        if isinstance(now, Refusal):
            return now
        await act.note(org, who.id, f"billing.{type(command).__name__.lower()}", org)
    await refresh(at, org)
    return now


async def offer(at: Billing, operator: str, org: OrgId, command: Operators) -> Seen | Refusal:
    async with at.audit.acting() as act:
        now = await carry_out(at, act.connection, org, command, operator)
        if not isinstance(now, Refusal):
            await act.note(org, operator, f"billing.{type(command).__name__.lower()}", org)
    return now


async def say_customer(at: Billing, who: Account, org: OrgId, customer: Customer) -> Refusal | None:
    """Documents that were issued keep who they went to."""
    if (refusal := customer_wrong(customer)) is not None:
        return refusal
    async with at.audit.acting() as act:
        me = await at.orgs.standing(act.connection, org, who.id, Role.OWNER)
        if isinstance(me, Refusal):
            return me
        before = await store.customer_of(act.connection, org)
        if customer.reverse_charge and not (before and before.reverse_charge):
            return Refusal("billing.customer", {"which": "reverse_charge"})  # the operator's word
        await store.put_customer(act.connection, org, customer)
        await act.note(org, who.id, "billing.customer", org)
    return None


async def say_plans(at: Billing, operator: str, plans: Sequence[Plan]) -> Refusal | None:
    """All of them or none."""
    refusals = (wrong(plan) for plan in plans)
    if (refusal := next((one for one in refusals if one is not None), None)) is not None:
        return refusal
    async with at.audit.acting() as act:
        known = await store.plans_of(act.connection)
        if len({*known, *(plan.id for plan in plans)}) > MOST_PLANS:
            return Refusal("billing.too_many_plans", {"most": MOST_PLANS})
        for plan in plans:
            await store.put_plan(act.connection, plan)
            await act.note(SCOPE, operator, "billing.plan", plan.id)
    await refresh(at)
    return None


async def say_rate(at: Billing, operator: str, rate: TaxRate) -> Refusal | None:
    if (refusal := rate_wrong(rate)) is not None:
        return refusal
    async with at.audit.acting() as act:
        await store.put_rate(act.connection, rate)
        await act.note(
            SCOPE, operator, "billing.tax_rate", rate.country, since=str(rate.since), rate=rate.rate
        )
    return None


async def _owes(at: Billing, connection: AsyncConnection, org: OrgId) -> bool:
    """An invoice that is past its day."""
    opened = (await store.open_of(connection, [org]))[org]
    return any(due_on < at.today for due_on, _ in opened.values())
