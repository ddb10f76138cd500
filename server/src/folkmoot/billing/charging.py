"""Lines become an invoice, and what the customer has with us pays it first. Within the caller's transaction."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.billing import store
from folkmoot.billing.documents import Customer, Document, Series, invoice, ripe, total_of
from folkmoot.billing.ledger import applied, issued
from folkmoot.billing.lines import Line
from folkmoot.billing.tax import rate_on
from folkmoot.orgs import OrgId

NOBODY = Customer("—", "—", "ZZ")
"""Who never said where invoices go to; ZZ is no country of ISO 3166, and has no tax."""


async def charge(
    connection: AsyncConnection, org: OrgId, now: datetime, day: date, *, runs: bool
) -> list[Document]:
    """`day`: of what it is for, which is earlier than today where the server was off."""
    lines = await store.pending_of(connection, org)
    made = []
    if lines and ripe(lines, runs=runs):
        await store.clear_pending(connection, org)
        for currency in sorted({line.amount.currency for line in lines}):
            some = [line for line in lines if line.amount.currency == currency]
            if total_of(some).amount >= 0:
                made.append(await _invoice(connection, org, some, now, day))
            else:
                await store.put_pending(connection, org, 0, some)
    return made


async def _invoice(
    connection: AsyncConnection, org: OrgId, lines: list[Line], now: datetime, day: date
) -> Document:
    customer = await store.customer_of(connection, org) or NOBODY
    number, on = await store.number(connection, Series.INVOICE, day)
    rate = rate_on(await store.rates_of(connection, customer.country), customer.country, on)
    made = invoice(number, org, customer, lines, rate, on)
    await store.add_document(connection, made, now)
    await store.book(connection, issued(made), now)
    await _pay_by_credit(connection, org, made, now)
    return made


async def _pay_by_credit(connection: AsyncConnection, org: OrgId, made: Document, now: datetime) -> None:
    has = await store.credit(connection, org, made.total.currency)
    pays = min(has, made.total)
    if pays.amount > 0:
        await store.book(connection, applied(made, pays), now)
    if made.total.amount > max(pays.amount, 0):
        await store.put_open(connection, org, made.number, made.due_on, {})
