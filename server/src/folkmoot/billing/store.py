"""Queries of plans, subscriptions and the books. Each within the caller's transaction."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

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
from folkmoot.orgs.tables import orgs

AT_ONCE = 1000
Dunned = tuple[date, Mapping[Step, date]]
"""When an invoice was due, and which steps were taken when."""


@dataclass(frozen=True, slots=True)
class Happened:
    org: OrgId
    seq: int
    event: Event
    by: str


@dataclass(frozen=True, slots=True)
class Last:
    """Number of a series, and the day of its document."""

    n: int
    day: date


# --- what is sold, and to whom ----------------------------------------------------------------------------------------


async def plans_of(connection: AsyncConnection) -> Plans:
    return with_free([read(Plan, row.said) for row in await connection.execute(plans.select())])


async def put_plan(connection: AsyncConnection, plan: Plan) -> None:
    await connection.execute(plans.delete().where(plans.c.id == plan.id))
    await connection.execute(plans.insert().values(id=plan.id, said=written(plan)))


async def rates_of(connection: AsyncConnection, countries: Collection[str]) -> list[TaxRate]:
    found = await connection.execute(tax_rates.select().where(tax_rates.c.country.in_(countries)))
    return [TaxRate(row.country, row.since, row.rate, row.name) for row in found]


async def put_rate(connection: AsyncConnection, rate: TaxRate) -> None:
    c = tax_rates.c
    await connection.execute(tax_rates.delete().where(c.country == rate.country, c.since == rate.since))
    row = {"country": rate.country, "since": rate.since, "rate": rate.rate, "name": rate.name}
    await connection.execute(tax_rates.insert().values(row))


async def customers_of(connection: AsyncConnection, some: Collection[OrgId]) -> dict[OrgId, Customer]:
    rows = await connection.execute(customers.select().where(customers.c.org.in_(some)))
    return {OrgId(row.org): read(Customer, row.said) for row in rows}


async def customer_of(connection: AsyncConnection, org: OrgId) -> Customer | None:
    return (await customers_of(connection, [org])).get(org)


async def put_customer(connection: AsyncConnection, org: OrgId, customer: Customer) -> None:
    await connection.execute(customers.delete().where(customers.c.org == org))
    await connection.execute(customers.insert().values(org=org, said=written(customer)))


# --- subscriptions ----------------------------------------------------------------------------------------------------


async def events_of(connection: AsyncConnection, some: Collection[OrgId]) -> Mapping[OrgId, list[Event]]:
    c, found = events.c, defaultdict[OrgId, list[Event]](list)
    for row in await connection.execute(events.select().where(c.org.in_(some)).order_by(c.org, c.seq)):
        found[row.org].append(event(row.kind, row.said))
    return found


async def add_events(connection: AsyncConnection, happened: Sequence[Happened], at: datetime) -> None:
    rows = [
        {"org": one.org, "seq": one.seq, "at": at, "by": one.by}
        | {"kind": type(one.event).__name__, "said": written(one.event)}
        for one in happened
    ]
    await _add(connection, events, rows)


async def put_subscriptions(
    connection: AsyncConnection, kept: Sequence[tuple[OrgId, Subscription, bool]]
) -> None:
    """Each with whether it is restricted."""
    rows = [
        {"org": org, "standing": now.standing.value, "plan": now.terms.plan if now.terms else None}
        | {"restricted": restricted, "due_on": now.due_on, "until": now.contract_until}
        for org, now, restricted in kept
    ]
    if rows:
        mine = subscriptions.c.org.in_([row["org"] for row in rows])
        await connection.execute(subscriptions.delete().where(mine))
    await _add(connection, subscriptions, rows)


async def due(connection: AsyncConnection, today: date, most: int) -> list[OrgId]:
    c = subscriptions.c
    wanted = sa.select(c.org).where(c.due_on <= today).order_by(c.due_on, c.org).limit(most)
    return [OrgId(row.org) for row in await connection.execute(wanted)]


async def there(connection: AsyncConnection, some: Collection[OrgId]) -> set[OrgId]:
    """Those that weren't dissolved."""
    rows = await connection.execute(sa.select(orgs.c.id).where(orgs.c.id.in_(some)))
    return {OrgId(row.id) for row in rows}


# --- lines to come, documents -----------------------------------------------------------------------------------------


async def pending_of(connection: AsyncConnection, some: Collection[OrgId]) -> Mapping[OrgId, list[Line]]:
    c, found = pending.c, defaultdict[OrgId, list[Line]](list)
    wanted = pending.select().where(c.org.in_(some)).order_by(c.org, c.seq, c.place)
    for row in await connection.execute(wanted):
        found[row.org].append(read(Line, row.said))
    return found


async def put_pending(connection: AsyncConnection, waiting: Mapping[OrgId, Sequence[Line]]) -> None:
    """All that an organisation's next invoice carries."""
    if waiting:
        await connection.execute(pending.delete().where(pending.c.org.in_(waiting)))
    rows = [
        {"org": org, "seq": 0, "place": place, "said": written(line)}
        for org, lines in waiting.items()
        for place, line in enumerate(lines)
    ]
    await _add(connection, pending, rows)


async def last_numbers(connection: AsyncConnection) -> dict[Series, Last]:
    c = numbers.c
    rows = await connection.execute(numbers.select().order_by(c.year))
    return {Series(row.series): Last(row.last, row.day) for row in rows}


async def put_numbers(connection: AsyncConnection, given: Mapping[Series, Last]) -> None:
    c = numbers.c
    rows = [
        {"series": series.value, "year": one.day.year, "last": one.n, "day": one.day}
        for series, one in given.items()
    ]
    for row in rows:
        await connection.execute(numbers.delete().where(c.series == row["series"], c.year == row["year"]))
    await _add(connection, numbers, rows)


async def add_documents(connection: AsyncConnection, made: Sequence[Document], at: datetime) -> None:
    rows = [
        {"number": one.number, "org": one.org, "at": at, "issued_on": one.issued_on}
        | {"corrects": one.corrects, "net": one.net.amount}
        | {"said": written(one), "asked": one.asked or None}
        for one in made
    ]
    await _add(connection, documents, rows)


async def document(connection: AsyncConnection, number: str) -> Document | None:
    said = await connection.scalar(sa.select(documents.c.said).where(documents.c.number == number))
    return None if said is None else read(Document, said)


async def asked_for(connection: AsyncConnection, id: str) -> Document | None:
    """Under that id."""
    said = await connection.scalar(sa.select(documents.c.said).where(documents.c.asked == id))
    return None if said is None else read(Document, said)


async def documents_of(connection: AsyncConnection, org: OrgId, most: int | None = None) -> list[Document]:
    """The newest first."""
    c = documents.c
    wanted = sa.select(c.said).where(c.org == org).order_by(c.issued_on.desc(), c.number.desc())
    return [read(Document, row.said) for row in await connection.execute(wanted.limit(most))]


async def corrected(connection: AsyncConnection, number: str) -> int:
    """So much of an invoice was, before tax."""
    wanted = sa.select(sa.func.sum(documents.c.net)).where(documents.c.corrects == number)
    return -int(await connection.scalar(wanted) or 0)


# --- the books --------------------------------------------------------------------------------------------------------


async def booked(connection: AsyncConnection, id: str) -> Transaction | None:
    c = postings.c
    rows = (await connection.execute(postings.select().where(c.transaction == id).order_by(c.place))).all()
    said = (Posting(Account(row.account), Money(row.amount, row.currency), row.document) for row in rows)
    return Transaction(id, rows[0].org, rows[0].day, tuple(said)) if rows else None


async def book(connection: AsyncConnection, made: Sequence[Transaction], at: datetime) -> None:
    """A name is written once: a second time the database refuses."""
    rows = [
        {"transaction": of.id, "org": of.org, "at": at, "day": of.day}
        | {"place": place, "account": one.account.value, "document": one.document}
        | {"amount": one.amount.amount, "currency": one.amount.currency}
        for of in made
        for place, one in enumerate(of.postings)
    ]
    await _add(connection, postings, rows)


async def asked(connection: AsyncConnection, invoice: Document) -> Money:
    """What it still asks for."""
    c = postings.c
    mine = (c.document == invoice.number, c.account == Account.RECEIVABLE.value)
    found = await connection.scalar(sa.select(sa.func.sum(c.amount)).where(*mine))
    return Money(int(found or 0), invoice.net.currency)


async def credits_of(connection: AsyncConnection, some: Collection[OrgId]) -> Mapping[OrgId, Counter[str]]:
    """What customers have with us, by currency; below zero they owe it."""
    c, found = postings.c, defaultdict[OrgId, Counter[str]](Counter)
    sums = sa.select(c.org, c.currency, sa.func.sum(c.amount).label("sum")).group_by(c.org, c.currency)
    mine = sums.where(c.org.in_(some), c.account == Account.CREDIT.value)
    for row in await connection.execute(mine):
        found[row.org][row.currency] = -int(row.sum)
    return found


async def credit(connection: AsyncConnection, org: OrgId, currency: str) -> Money:
    return Money((await credits_of(connection, [org]))[org][currency], currency)


async def balances(connection: AsyncConnection) -> Mapping[tuple[Account, str], int]:
    """All of the books, by account and currency."""
    c = postings.c
    sums = sa.select(c.account, c.currency, sa.func.sum(c.amount).label("sum")).group_by(
        c.account, c.currency
    )
    return {(Account(row.account), row.currency): int(row.sum) for row in await connection.execute(sums)}


# --- invoices that are open -------------------------------------------------------------------------------------------


async def put_open(
    connection: AsyncConnection, some: Sequence[tuple[str, OrgId, date, Mapping[Step, date]]]
) -> None:
    rows = [
        {"number": number, "org": org, "due_on": due_on, "next_on": _next_on(due_on, taken)}
        | {"taken": {step.value: str(day) for step, day in taken.items()}}
        for number, org, due_on, taken in some
    ]
    if rows:
        await remove_open(connection, *(number for number, *_ in some))
    await _add(connection, open_invoices, rows)


def _next_on(due_on: date, taken: Mapping[Step, date]) -> date | None:
    step = next((one for one in Step if one not in taken), None)
    return None if step is None else day_of(step, due_on, taken)


async def remove_open(connection: AsyncConnection, *numbers: str) -> None:
    await connection.execute(open_invoices.delete().where(open_invoices.c.number.in_(numbers)))


async def open_of(connection: AsyncConnection, some: Collection[OrgId]) -> Mapping[OrgId, dict[str, Dunned]]:
    """By number."""
    c, found = open_invoices.c, defaultdict[OrgId, dict[str, Dunned]](dict)
    for row in await connection.execute(open_invoices.select().where(c.org.in_(some)).order_by(c.number)):
        taken = {Step(step): date.fromisoformat(day) for step, day in row.taken.items()}
        found[row.org][row.number] = (row.due_on, taken)
    return found


async def to_dun(connection: AsyncConnection, today: date, most: int) -> list[OrgId]:
    c = open_invoices.c
    wanted = sa.select(c.org).where(c.next_on <= today).distinct().order_by(c.org).limit(most)
    return [OrgId(row.org) for row in await connection.execute(wanted)]


async def standings(
    connection: AsyncConnection, some: Collection[OrgId] = ()
) -> AsyncIterator[tuple[str, PlanId | None, Standing, bool]]:
    """Of these, or of everybody: plan, standing, whether it is restricted."""
    c = subscriptions.c
    wanted = sa.select(c.org, c.plan, c.standing, c.restricted)
    if some:
        wanted = wanted.where(c.org.in_(some))
    async with connection.stream(wanted.execution_options(yield_per=AT_ONCE)) as rows:
        async for row in rows:
            plan = None if row.plan is None else PlanId(row.plan)
            yield row.org, plan, Standing(row.standing), row.restricted


async def _add(connection: AsyncConnection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        await connection.execute(table.insert(), rows)
