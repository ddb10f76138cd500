"""What a provider tells becomes what the books say.

Law: whatever it tells, told again, late or in another order it comes to the same books. Money that came is booked, though the invoice is
paid, asks for less, is in another currency or isn't there: what pays no invoice is the customer's.
"""

from __future__ import annotations

from folkmoot.billing import ledger, paying, providing, store
from folkmoot.billing.billing import Billing
from folkmoot.billing.provider import Came, Dropped, GivenBack, Gone, NotGivenBack, Saved
from folkmoot.billing.providing import Part, WayToPay
from folkmoot.jobs.queue import Unworkable
from folkmoot.kit import Refusal
from folkmoot.orgs import OrgId
from folkmoot.orgs import store as orgs_store

PREFER = "billing.prefer"
"""The job that tells a provider which way to pay is used."""


async def receive(at: Billing, came: Came) -> None:
    """Two payments of one name that say different things are for the operator to look at."""
    id = f"{at.provider.name}:{came.payment}"
    if await _pays(at, came):
        refusal = await paying.pay(at, at.provider.name, id, came.number, came.amount)
    else:
        refusal = await _keep(at, came, id)
    if refusal is not None:
        raise Unworkable(f"{came.payment}: {refusal.code}")


async def _pays(at: Billing, came: Came) -> bool:
    async with at.storage.reading() as connection:
        invoice = await store.document(connection, came.number)
    if invoice is None or invoice.series.value:
        return False
    return (invoice.org, invoice.net.currency) == (came.org, came.amount.currency)


async def _keep(at: Billing, came: Came, id: str) -> Refusal | None:
    """It is theirs, for an invoice to come or to be given back."""
    said = ledger.paid(id, came.org, came.amount, "", None, at.today)
    async with at.audit.acting() as act:
        if known := await store.booked(act.connection, said.id):
            return paying.told_again(known, said)
        await store.book(act.connection, [said], at.clock.now())
        await act.note(came.org, at.provider.name, "billing.paid", "", amount=came.amount.amount)
    return None


async def save(at: Billing, said: Saved) -> None:
    """The newest one holds, whatever comes last."""
    org = OrgId(said.org)
    async with at.audit.acting() as act:
        before = await providing.way_of(act.connection, org)
        late = before is not None and before.method and before.at >= said.at
        if late or await orgs_store.org_of(act.connection, org) is None:
            return
        if said.preferred and (before is None or before.customer != said.customer):
            return  # of one that was forgotten here
        await providing.put_way(act.connection, WayToPay(org, said.customer, said.method, said.at))
        if before is not None and before.method == said.method:
            return  # it is told again, or is what was asked for
        await providing.try_anew(act.connection, org, at.today)
        await act.note(org, at.provider.name, "billing.way_to_pay", org)
        if not said.preferred:
            await at.orgs.jobs.add(act.connection, PREFER, {"org": org})


async def drop(at: Billing, said: Dropped | Gone) -> None:
    async with at.storage.writing() as connection:
        if isinstance(said, Gone):
            await providing.remove_customer(connection, said.customer)
        else:
            await providing.drop_method(connection, said.method)


async def prefer(at: Billing, org: OrgId) -> None:
    """By what holds now: another may have been chosen meanwhile."""
    async with at.storage.reading() as connection:
        way = await providing.way_of(connection, org)
    if way is not None and way.method:
        await at.provider.prefer(way.customer, way.method)


async def give_back(at: Billing, said: GivenBack) -> None:
    """Ours was booked when it was asked for; what was done at the provider, or by a customer's bank, is booked now."""
    if said.ours:
        if isinstance(said, NotGivenBack):
            await came_back(at, said.ours)
        return
    org = await _whose(at, said.payment)
    if org is None:
        return
    id = f"{at.provider.name}:{said.id}"
    async with at.audit.acting() as act:
        if await providing.part(act.connection, id) is None:
            await providing.add_parts(act.connection, [Part(id, org, said.payment, said.amount)])
            booked = ledger.refunded(id, org, said.amount, at.today)
            await store.book(act.connection, [booked], at.clock.now())
            await act.note(org, at.provider.name, "billing.refunded", org, amount=said.amount.amount)
    if isinstance(said, NotGivenBack):
        await came_back(at, id)


async def came_back(at: Billing, id: str) -> None:
    """A part of a refund that failed is the customer's again, once."""
    async with at.audit.acting() as act:
        part = await providing.part(act.connection, id)
        if part is None or part.failed:
            return
        await providing.fail_part(act.connection, id)
        booked = ledger.came_back(id, part.org, part.amount, at.today)
        await store.book(act.connection, [booked], at.clock.now())
        await act.note(part.org, at.provider.name, "billing.refund_back", part.org, amount=part.amount.amount)


async def _whose(at: Billing, payment: str) -> OrgId | None:
    """Where the books don't know it yet, the provider does. None: it isn't one of ours."""
    async with at.storage.reading() as connection:
        org = await providing.owner_of(connection, at.provider.name, payment)
    if org is None and (came := await at.provider.payment(payment)) is not None:
        await receive(at, came)
        return OrgId(came.org)
    return org
