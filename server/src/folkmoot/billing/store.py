"""Queries of plans, subscriptions and the books. Each within the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.billing.documents import Customer, Document, Series
from folkmoot.billing.dunning import Step, day_of
from folkmoot.billing.ledger import Account, Posting, Transaction
from folkmoot.billing.lines import Line
from folkmoot.billing.money import Money
from folkmoot.billing.plans import Plan, PlanId, Plans, with_free
from folkmoot.billing.subscription import Event, Standing, Subscription
from folkmoot.billing.tables import (
    customers,
    documents,
    events,
    numbers,
    open_invoices,
    pending,
    plans,
    postings,
    subscriptions,
    tax_rates,
)
from folkmoot.billing.tax import TaxRate
from folkmoot.billing.written import event, read, written
from folkmoot.orgs import OrgId

# --- what is sold, and to whom ----------------------------------------------------------------------------------------


async def plans_of(connection: AsyncConnection) -> Plans:
    return with_free([read(Plan, row.said) for row in await connection.execute(plans.select())])


async def put_plan(connection: AsyncConnection, plan: Plan) -> None:
    await connection.execute(plans.delete().where(plans.c.id == plan.id))
    await connection.execute(plans.insert().values(id=plan.id, said=written(plan)))


async def rates_of(connection: AsyncConnection, country: str) -> list[TaxRate]:
    found = await connection.execute(tax_rates.select().where(tax_rates.c.country == country))
    return [TaxRate(row.country, row.since, row.rate, row.name) for row in found]


async def put_rate(connection: AsyncConnection, rate: TaxRate) -> None:
    c = tax_rates.c
    await connection.execute(tax_rates.delete().where(c.country == rate.country, c.since == rate.since))
    row = {"country": rate.country, "since": rate.since, "rate": rate.rate, "name": rate.name}
    await connection.execute(tax_rates.insert().values(row))


async def customer_of(connection: AsyncConnection, org: OrgId) -> Customer | None:
    said = await connection.scalar(sa.select(customers.c.said).where(customers.c.org == org))
    return None if said is None else read(Customer, said)


async def put_customer(connection: AsyncConnection, org: OrgId, customer: Customer) -> None:
    await connection.execute(customers.delete().where(customers.c.org == org))
    await connection.execute(customers.insert().values(org=org, said=written(customer)))


# --- subscriptions ----------------------------------------------------------------------------------------------------


async def events_of(connection: AsyncConnection, org: OrgId) -> list[Event]:
    rows = await connection.execute(events.select().where(events.c.org == org).order_by(events.c.seq))
    return [event(row.kind, row.said) for row in rows]


async def add_event(
    connection: AsyncConnection, org: OrgId, seq: int, happened: Event, by: str, at: datetime
) -> None:
    row = {"org": org, "seq": seq, "at": at, "by": by, "kind": type(happened).__name__}
    await connection.execute(events.insert().values(**row, said=written(happened)))


async def put_subscription(
    connection: AsyncConnection, org: OrgId, now: Subscription, *, restricted: bool
) -> None:
    row = {
        "org": org,
        "standing": now.standing.value,
        "plan": now.terms.plan if now.terms else None,
        "restricted": restricted,
        "due_on": now.due_on,
    }
    await connection.execute(subscriptions.delete().where(subscriptions.c.org == org))
    await connection.execute(subscriptions.insert().values(row))


async def due(connection: AsyncConnection, today: date, most: int) -> list[OrgId]:
    c = subscriptions.c
    wanted = sa.select(c.org).where(c.due_on <= today).order_by(c.due_on, c.org).limit(most)
    return [OrgId(row.org) for row in await connection.execute(wanted)]


# --- lines to come, documents -----------------------------------------------------------------------------------------


async def pending_of(connection: AsyncConnection, org: OrgId) -> list[Line]:
    c = pending.c
    rows = await connection.execute(pending.select().where(c.org == org).order_by(c.seq, c.place))
    return [read(Line, row.said) for row in rows]


async def put_pending(connection: AsyncConnection, org: OrgId, seq: int, lines: Sequence[Line]) -> None:
    rows = [
        {"org": org, "seq": seq, "place": place, "said": written(line)} for place, line in enumerate(lines)
    ]
    if rows:
        await connection.execute(pending.insert(), rows)


async def clear_pending(connection: AsyncConnection, org: OrgId) -> None:
    await connection.execute(pending.delete().where(pending.c.org == org))


async def number(connection: AsyncConnection, series: Series, today: date) -> tuple[str, date]:
    """The next one, and the day of its document: never before the last one's, whatever the clock says."""
    c = numbers.c
    newest = sa.select(c.year, c.last, c.day).where(c.series == series.value).order_by(c.year.desc()).limit(1)
    last = (await connection.execute(newest)).first()
    day = today if last is None else max(today, last.day)
    n = last.last + 1 if last is not None and last.year == day.year else 1
    await connection.execute(numbers.delete().where(c.series == series.value, c.year == day.year))
    await connection.execute(numbers.insert().values(series=series.value, year=day.year, last=n, day=day))
    return series.number(day.year, n), day


async def add_document(connection: AsyncConnection, made: Document, at: datetime) -> None:
    row = {"number": made.number, "org": made.org, "at": at, "issued_on": made.issued_on}
    more = {"corrects": made.corrects, "net": made.net.amount, "said": written(made)}
    await connection.execute(documents.insert().values(row | more))


async def document(connection: AsyncConnection, number: str) -> Document | None:
    said = await connection.scalar(sa.select(documents.c.said).where(documents.c.number == number))
    return None if said is None else read(Document, said)


async def documents_of(connection: AsyncConnection, org: OrgId) -> list[Document]:
    c = documents.c
    rows = await connection.execute(
        sa.select(c.said).where(c.org == org).order_by(c.issued_on.desc(), c.number.desc())
    )
    return [read(Document, row.said) for row in rows]


async def corrected(connection: AsyncConnection, number: str) -> int:
    """So much of an invoice was, before tax."""
    wanted = sa.select(sa.func.sum(documents.c.net)).where(documents.c.corrects == number)
    return -int(await connection.scalar(wanted) or 0)


# --- the books --------------------------------------------------------------------------------------------------------


async def booked(connection: AsyncConnection, id: str) -> list[Posting]:
    c = postings.c
    rows = await connection.execute(postings.select().where(c.transaction == id).order_by(c.place))
    return [Posting(Account(row.account), Money(row.amount, row.currency), row.document) for row in rows]


async def book(connection: AsyncConnection, made: Transaction, at: datetime) -> None:
    """Its name is written once: a second time the database refuses."""
    of = {"transaction": made.id, "org": made.org, "at": at, "day": made.day}
    rows = [
        of
        | {"place": place, "account": one.account.value, "document": one.document}
        | {"amount": one.amount.amount, "currency": one.amount.currency}
        for place, one in enumerate(made.postings)
    ]
    if rows:
        await connection.execute(postings.insert(), rows)


async def asked(connection: AsyncConnection, invoice: Document) -> Money:
    """What it still asks for."""
    c = postings.c
    mine = (c.document == invoice.number, c.account == Account.RECEIVABLE.value)
    found = await connection.scalar(sa.select(sa.func.sum(c.amount)).where(*mine))
    return Money(int(found or 0), invoice.net.currency)


async def credit(connection: AsyncConnection, org: OrgId, currency: str) -> Money:
    """What a customer has with us; below zero they owe it."""
    c = postings.c
    mine = (c.org == org, c.account == Account.CREDIT.value, c.currency == currency)
    found = await connection.scalar(sa.select(sa.func.sum(c.amount)).where(*mine))
    return Money(-int(found or 0), currency)


async def balances(connection: AsyncConnection) -> Mapping[tuple[Account, str], int]:
    """All of the books, by account and currency."""
    c = postings.c
    sums = sa.select(c.account, c.currency, sa.func.sum(c.amount).label("sum")).group_by(
        c.account, c.currency
    )
    return {(Account(row.account), row.currency): int(row.sum) for row in await connection.execute(sums)}


# --- invoices that are open -------------------------------------------------------------------------------------------


async def put_open(
    connection: AsyncConnection, org: str, number: str, due_on: date, taken: Mapping[Step, date]
) -> None:
    step = next((one for one in Step if one not in taken), None)
    row = {
        "number": number,
        "org": org,
        "due_on": due_on,
        "taken": {s.value: str(d) for s, d in taken.items()},
    }
    next_on = None if step is None else day_of(step, due_on, taken)
    await remove_open(connection, number)
    await connection.execute(open_invoices.insert().values(row | {"next_on": next_on}))


async def remove_open(connection: AsyncConnection, number: str) -> None:
    await connection.execute(open_invoices.delete().where(open_invoices.c.number == number))


async def open_of(connection: AsyncConnection, org: str) -> dict[str, tuple[date, dict[Step, date]]]:
    """By number: when it was due, and which steps were taken when."""
    rows = await connection.execute(open_invoices.select().where(open_invoices.c.org == org))
    return {
        row.number: (row.due_on, {Step(step): date.fromisoformat(day) for step, day in row.taken.items()})
        for row in rows
    }


async def to_dun(connection: AsyncConnection, today: date, most: int) -> list[OrgId]:
    c = open_invoices.c
    wanted = sa.select(c.org).where(c.next_on <= today).distinct().order_by(c.org).limit(most)
    return [OrgId(row.org) for row in await connection.execute(wanted)]


async def standings(connection: AsyncConnection) -> list[tuple[str, PlanId | None, Standing, bool]]:
    """Of everybody: plan, standing, whether it is restricted."""
    c = subscriptions.c
    rows = await connection.execute(sa.select(c.org, c.plan, c.standing, c.restricted))
    return [
        (row.org, None if row.plan is None else PlanId(row.plan), Standing(row.standing), row.restricted)
        for row in rows
    ]
