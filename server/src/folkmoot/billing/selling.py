"""What who runs the server sees of everybody's plans, and says of a customer. What is paid, given back and corrected is `paying`.

Law: an organisation is listed by its name, never by a person of it. A list costs a page, however many there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.billing import owning, store
from folkmoot.billing.billing import Billing, Seen, look, seen_of
from folkmoot.billing.deciding import Offer, WithdrawQuote
from folkmoot.billing.documents import Customer, Document
from folkmoot.billing.ledger import Account
from folkmoot.billing.money import Money
from folkmoot.billing.subscription import Standing
from folkmoot.billing.tables import postings, subscriptions, tax_rates
from folkmoot.billing.tax import TaxRate
from folkmoot.billing.terms import Quote
from folkmoot.kit import Refusal
from folkmoot.kit.text import folded
from folkmoot.orgs import OrgId
from folkmoot.orgs import store as orgs_store
from folkmoot.orgs.tables import orgs
from folkmoot.storage.searching import holds

MOST_LISTED = 50
STRANGER = Refusal("org.unknown")
NOBODY = Refusal("billing.no_customer")


@dataclass(frozen=True, slots=True)
class Listed:
    org: OrgId
    name: str
    """Empty: the organisation is gone."""
    seen: Seen
    restricted: bool


@dataclass(frozen=True, slots=True)
class Looked:
    """All of one customer."""

    listed: Listed
    customer: Customer | None
    documents: Sequence[Document]
    credit: Sequence[Money]
    """What they have with us, of each currency."""


async def subscribed(
    at: Billing, like: str, standing: Standing | None, after: str | None, *, contract: bool = False
) -> tuple[list[Listed], str | None]:
    """By parts of the name; where it goes on. `contract`: who has one, or agreed to one that is to begin."""
    on = at.today if contract else None
    async with at.storage.reading() as connection:
        rows = (await connection.execute(_wanted(connection, like, standing, after, on))).all()
        shown = rows[:MOST_LISTED]
        happened = await store.events_of(connection, [OrgId(row.org) for row in shown])
        found = [
            Listed(OrgId(row.org), row.name or "", seen_of(happened[OrgId(row.org)]), row.restricted)
            for row in shown
        ]
    return found, found[-1].org if len(rows) > MOST_LISTED else None


def _wanted(
    connection: AsyncConnection, like: str, standing: Standing | None, after: str | None, on: date | None
) -> sa.Select[tuple[str, str, bool]]:
    c = subscriptions.c
    wanted = sa.select(c.org, orgs.c.name, c.restricted).select_from(
        subscriptions.outerjoin(orgs, orgs.c.id == c.org)
    )
    for word in folded(like).split():
        wanted = wanted.where(holds(connection, orgs.c.folded, word))
    if standing is not None:
        wanted = wanted.where(c.standing == standing.value)
    if on is not None:
        wanted = wanted.where(c.until >= on)
    return wanted.where(c.org > (after or "")).order_by(c.org).limit(MOST_LISTED + 1)


async def customer_at(connection: AsyncConnection, org: OrgId, most: int) -> Looked | Refusal:
    """`most`: of the documents, the newest."""
    found, seen = await orgs_store.org_of(connection, org), await look(connection, org)
    if found is None and not seen.count:
        return STRANGER
    restricted = await connection.scalar(
        sa.select(subscriptions.c.restricted).where(subscriptions.c.org == org)
    )
    listed = Listed(org, found.name if found else "", seen, bool(restricted))
    documents = await store.documents_of(connection, org, most)
    return Looked(listed, await store.customer_of(connection, org), documents, await _credit(connection, org))


async def _credit(connection: AsyncConnection, org: OrgId) -> list[Money]:
    c = postings.c
    mine = (c.org == org, c.account == Account.CREDIT.value)
    sums = sa.select(c.currency, sa.func.sum(c.amount).label("sum")).where(*mine).group_by(c.currency)
    return [Money(-int(row.sum), row.currency) for row in await connection.execute(sums) if row.sum]


async def every_rate(at: Billing) -> list[TaxRate]:
    c = tax_rates.c
    async with at.storage.reading() as connection:
        found = await connection.execute(tax_rates.select().order_by(c.country, c.since))
        return [TaxRate(row.country, row.since, row.rate, row.name) for row in found]


async def offer(at: Billing, operator: str, org: OrgId, quote: Quote) -> Seen | Refusal:
    """To an organisation that is there. The same quote twice is one."""
    async with at.storage.reading() as connection:
        if await orgs_store.org_of(connection, org) is None:
            return STRANGER
    return await owning.offer(at, operator, org, Offer(quote))


async def withdraw(at: Billing, operator: str, org: OrgId, id: str) -> Seen | Refusal:
    return await owning.offer(at, operator, org, WithdrawQuote(id))


async def allow_reverse_charge(at: Billing, operator: str, org: OrgId, *, allowed: bool) -> Refusal | None:
    """From the next invoice on. Who has no tax number can't account for the tax."""
    async with at.audit.acting() as act:
        before = await store.customer_of(act.connection, org)
        if before is None:
            return NOBODY
        if allowed and not before.tax_number.strip():
            return Refusal("billing.customer", {"which": "tax_number"})
        await store.put_customer(act.connection, org, replace(before, reverse_charge=allowed))
        await act.note(org, operator, "billing.reverse_charge", org, allowed=int(allowed))
    return None
