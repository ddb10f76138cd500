"""Where an owner goes to pay: the provider's own page, by their click.

Law: nothing is asked of the provider before the click, and nothing of its is in a page of ours. It is waited for some seconds; where it is
away, an invoice is still payable by every other way.
"""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts import Account
from folkmoot.billing import providing, store
from folkmoot.billing.billing import Billing, look
from folkmoot.billing.collecting import FORGET
from folkmoot.billing.documents import Series
from folkmoot.billing.paying import UNKNOWN
from folkmoot.billing.provider import BY_HAND, Away, Bill, Refused, Ways
from folkmoot.billing.providing import WayToPay
from folkmoot.kit import Refusal
from folkmoot.orgs import OrgId, Role

AWAY, REFUSED = Refusal("billing.provider_away"), Refusal("billing.provider_refused")


async def to_pay(at: Billing, who: Account, org: OrgId, number: str) -> str | Refusal:
    async with at.storage.reading() as connection:
        me = await at.orgs.standing(connection, org, who.id, Role.OWNER)
        if isinstance(me, Refusal):
            return me
        invoice = await store.document(connection, number)
        if invoice is None or invoice.org != org or invoice.series is not Series.INVOICE:
            return UNKNOWN
        asked = await store.asked(connection, invoice)
    if asked.amount <= 0:
        return Refusal("billing.paid")
    return await at.provider.to_pay(Bill(org, number, asked), _ways(at, org, f"/org/plan/{number}"))


async def to_save(at: Billing, who: Account, org: OrgId) -> str | Refusal:
    if not at.provider.collects:
        return BY_HAND
    async with at.storage.reading() as connection:
        me = await at.orgs.standing(connection, org, who.id, Role.OWNER)
        if isinstance(me, Refusal):
            return me
        way, said = await providing.way_of(connection, org), await store.customer_of(connection, org)
        currency = await _currency(connection, org)
    if said is None:
        return Refusal("billing.no_customer")
    customer = way.customer if way else await _customer(at, org, said.name)
    if isinstance(customer, Refusal):
        return customer
    return await at.provider.to_save(org, customer, currency, _ways(at, org, "/org/plan"))


async def to_manage(at: Billing, who: Account, org: OrgId) -> str | Refusal:
    """Where nothing was ever saved there is nothing to look at."""
    if not at.provider.collects:
        return BY_HAND
    async with at.storage.reading() as connection:
        me = await at.orgs.standing(connection, org, who.id, Role.OWNER)
        if isinstance(me, Refusal):
            return me
        way = await providing.way_of(connection, org)
    if way is None:
        return Refusal("billing.no_way_to_pay")
    return await at.provider.to_manage(way.customer, _ways(at, org, "/org/plan").looked)


async def forget(at: Billing, who: Account, org: OrgId) -> Refusal | None:
    """It is no way to pay from now on; what the provider has of it is taken away as soon as it answers."""
    async with at.audit.acting() as act:
        me = await at.orgs.standing(act.connection, org, who.id, Role.OWNER)
        if isinstance(me, Refusal):
            return me
        way = await providing.way_of(act.connection, org)
        if way is not None:
            await providing.remove_way(act.connection, org)
            await at.orgs.jobs.add(act.connection, FORGET, {"customer": way.customer})
            await act.note(org, who.id, "billing.no_way_to_pay", org)
    return None


async def _customer(at: Billing, org: OrgId, name: str) -> str | Refusal:
    try:
        customer = await at.provider.customer(org, name)
    except Away:
        return AWAY
    except Refused:
        return REFUSED
    async with at.storage.writing() as connection:
        if await providing.way_of(connection, org) is None:
            await providing.put_way(connection, WayToPay(org, customer, "", at.clock.now()))
    return customer


async def _currency(connection: AsyncConnection, org: OrgId) -> str:
    """That they pay in, or would."""
    documents = await store.documents_of(connection, org)
    terms = (await look(connection, org)).state.terms
    offered = (
        price.seat.currency for one in (await store.plans_of(connection)).values() for price in one.prices
    )
    paid = (one.net.currency for one in documents)
    return next(paid, None) or (terms.seat.currency if terms else next(offered, "EUR"))


def _ways(at: Billing, org: OrgId, path: str) -> Ways:
    """Words of ours are there: neither of them says that money came, which the provider tells by itself."""
    there = f"{at.orgs.accounts.settings.origin}{path}?org={org}&payment="
    return Ways(f"{there}done", f"{there}back", f"{there}looked")
