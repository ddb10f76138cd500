"""Lines become an invoice, and what the customer has with us pays it first. Within the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.billing import store
from folkmoot.billing.documents import Customer, Document, Series, invoice, ripe, settlement, total_of
from folkmoot.billing.ledger import applied, issued
from folkmoot.billing.lines import Line
from folkmoot.billing.tax import TaxRate, rate_on
from folkmoot.orgs import OrgId

NOBODY = Customer("—", "—", "ZZ")
"""Who never said where invoices go to; ZZ is no country of ISO 3166, and has no tax."""


async def charge(
    connection: AsyncConnection, org: OrgId, now: datetime, *, runs: bool, seller: str = ""
) -> list[Document]:
    lines = await store.pending_of(connection, org)
    if not lines or not ripe(lines, runs=runs):
        return []
    parted = {code: [one for one in lines if one.amount.currency == code] for code in _currencies(lines)}
    over = [some for some in parted.values() if total_of(some).amount < 0]
    await store.clear_pending(connection, org)
    if runs:
        await store.put_pending(connection, org, 0, [line for some in over for line in some])
    made = [
        await _invoice(connection, org, some, now, seller) for some in parted.values() if some not in over
    ]
    return (
        made if runs else [*made, *[await _settlement(connection, org, some, now, seller) for some in over]]
    )


def _currencies(lines: list[Line]) -> list[str]:
    return sorted({line.amount.currency for line in lines})


async def _invoice(
    connection: AsyncConnection, org: OrgId, lines: list[Line], now: datetime, seller: str
) -> Document:
    made = await _issue(connection, org, Series.INVOICE, invoice, lines, now, seller)
    await _pay_by_credit(connection, org, made, now)
    return made


async def _settlement(
    connection: AsyncConnection, org: OrgId, lines: list[Line], now: datetime, seller: str
) -> Document:
    return await _issue(connection, org, Series.CREDIT_NOTE, settlement, lines, now, seller)


async def _issue(
    connection: AsyncConnection,
    org: OrgId,
    series: Series,
    write: Callable[[str, str, Customer, list[Line], TaxRate | None, date], Document],
    lines: list[Line],
    now: datetime,
    seller: str,
) -> Document:
    """Dated today, though the server was off when it was due: nobody is late for what they weren't asked."""
    customer = await store.customer_of(connection, org) or NOBODY
    number, on = await store.number(connection, series, now.date())
    rate = rate_on(await store.rates_of(connection, customer.country), customer.country, on)
    made = replace(write(number, org, customer, lines, rate, on), seller=seller)
    await store.add_document(connection, made, now)
    await store.book(connection, issued(made), now)
    return made


async def _pay_by_credit(connection: AsyncConnection, org: OrgId, made: Document, now: datetime) -> None:
    has = await store.credit(connection, org, made.total.currency)
    pays = min(has, made.total)
    if pays.amount > 0:
        await store.book(connection, applied(made, pays), now)
    if made.total.amount > max(pays.amount, 0):
        await store.put_open(connection, org, made.number, made.due_on, {})
