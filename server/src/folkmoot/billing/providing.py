"""Queries of what is at the provider: ways to pay, collections, refunds. Each within the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.billing.ledger import Account
from folkmoot.billing.money import Money
from folkmoot.billing.tables import collections, open_invoices, postings, refunds, ways_to_pay
from folkmoot.orgs import OrgId
from folkmoot.orgs.tables import orgs


@dataclass(frozen=True, slots=True)
class WayToPay:
    org: OrgId
    customer: str
    method: str
    """Empty: none is saved."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Collection:
    number: str
    org: OrgId
    tries: int
    payment: str = ""
    again_on: date | None = None
    why: str = ""
    """The provider's word for why the last try failed."""


@dataclass(frozen=True, slots=True)
class Part:
    """Of a refund: what one payment gives back."""

    id: str
    org: OrgId
    payment: str
    amount: Money
    failed: bool = False


async def way_of(connection: AsyncConnection, org: OrgId) -> WayToPay | None:
    row = (await connection.execute(ways_to_pay.select().where(ways_to_pay.c.org == org))).first()
    return None if row is None else WayToPay(OrgId(row.org), row.customer, row.method, row.at)


async def put_way(connection: AsyncConnection, way: WayToPay) -> None:
    await remove_way(connection, way.org)
    row = {"org": way.org, "customer": way.customer, "method": way.method, "at": way.at}
    await connection.execute(ways_to_pay.insert().values(row))


async def remove_way(connection: AsyncConnection, org: OrgId) -> None:
    await connection.execute(ways_to_pay.delete().where(ways_to_pay.c.org == org))


async def drop_method(connection: AsyncConnection, method: str) -> None:
    c = ways_to_pay.c
    await connection.execute(ways_to_pay.update().where(c.method == method).values(method=""))


async def remove_customer(connection: AsyncConnection, customer: str) -> None:
    await connection.execute(ways_to_pay.delete().where(ways_to_pay.c.customer == customer))


async def left_behind(connection: AsyncConnection, most: int) -> list[WayToPay]:
    """Of organisations that are there no more."""
    c = ways_to_pay.c
    of = ways_to_pay.outerjoin(orgs, orgs.c.id == c.org)
    wanted = sa.select(c.org, c.customer, c.method, c.at).select_from(of).where(orgs.c.id.is_(None))
    rows = await connection.execute(wanted.limit(most))
    return [WayToPay(OrgId(row.org), row.customer, row.method, row.at) for row in rows]


# --- collections ------------------------------------------------------------------------------------------------------


async def to_collect(connection: AsyncConnection, today: date, most: int) -> list[Collection]:
    """Open invoices of who has a way to pay, that nobody asked for yet or that are to be asked for again."""
    c, o = collections.c, open_invoices.c
    of = open_invoices.join(ways_to_pay, ways_to_pay.c.org == o.org).outerjoin(
        collections, c.number == o.number
    )
    due = sa.or_(c.number.is_(None), c.again_on <= today)
    mine = sa.select(o.number, o.org, c.tries, c.payment, c.why).select_from(of)
    wanted = mine.where(ways_to_pay.c.method != "", due).order_by(o.number).limit(most)
    return [
        Collection(row.number, OrgId(row.org), row.tries or 0, row.payment or "", why=row.why or "")
        for row in await connection.execute(wanted)
    ]


async def collection(connection: AsyncConnection, number: str) -> Collection | None:
    row = (await connection.execute(collections.select().where(collections.c.number == number))).first()
    return None if row is None else _collection(row)


async def declined_of(connection: AsyncConnection, org: OrgId) -> list[Collection]:
    """What is open and couldn't be collected, the oldest first."""
    c = collections.c
    mine = collections.select().join(open_invoices, open_invoices.c.number == c.number)
    rows = await connection.execute(mine.where(c.org == org, c.why != "").order_by(c.number))
    return [_collection(row) for row in rows]


def _collection(row: Any) -> Collection:
    return Collection(row.number, OrgId(row.org), row.tries, row.payment, row.again_on, row.why)


async def put_collection(connection: AsyncConnection, said: Collection) -> None:
    await connection.execute(collections.delete().where(collections.c.number == said.number))
    row = {"number": said.number, "org": said.org, "tries": said.tries}
    more = {"payment": said.payment, "again_on": said.again_on, "why": said.why}
    await connection.execute(collections.insert().values(row | more))


async def try_anew(connection: AsyncConnection, org: OrgId, today: date) -> None:
    """By another way to pay. What is under way goes on."""
    c = collections.c
    mine = collections.update().where(c.org == org, c.payment == "")
    await connection.execute(mine.values(tries=0, again_on=today))


# --- refunds ----------------------------------------------------------------------------------------------------------


async def payments_of(
    connection: AsyncConnection, org: OrgId, provider: str, currency: str
) -> list[tuple[str, Money]]:
    """What each of theirs brought and hasn't given back, the newest first."""
    c, r, head = postings.c, refunds.c, f"payment {provider}:"
    mine = (c.org == org, c.account == Account.CASH.value, c.currency == currency)
    wanted = sa.select(c.transaction, c.amount).where(*mine, c.transaction.startswith(head, autoescape=True))
    rows = (await connection.execute(wanted.order_by(c.at.desc(), c.transaction))).all()
    back = sa.select(r.payment, sa.func.sum(r.amount).label("sum")).group_by(r.payment)
    gone = {
        row.payment: int(row.sum)
        for row in await connection.execute(
            back.where(r.org == org, r.failed.is_(False), r.currency == currency)
        )
    }
    brought = [(row.transaction.removeprefix(head), row.amount) for row in rows]
    return [(id, Money(amount - gone.get(id, 0), currency)) for id, amount in brought]


async def owner_of(connection: AsyncConnection, provider: str, payment: str) -> OrgId | None:
    """Whose payment it was. None: it isn't in the books."""
    name = f"payment {provider}:{payment}"
    found = await connection.scalar(sa.select(postings.c.org).where(postings.c.transaction == name).limit(1))
    return None if found is None else OrgId(found)


async def part(connection: AsyncConnection, id: str) -> Part | None:
    row = (await connection.execute(refunds.select().where(refunds.c.id == id))).first()
    return None if row is None else _part(row)


async def add_parts(connection: AsyncConnection, parts: Sequence[Part]) -> None:
    rows = [
        {"id": one.id, "org": one.org, "payment": one.payment, "failed": one.failed}
        | {"amount": one.amount.amount, "currency": one.amount.currency}
        for one in parts
    ]
    if rows:
        await connection.execute(refunds.insert(), rows)


async def fail_part(connection: AsyncConnection, id: str) -> None:
    await connection.execute(refunds.update().where(refunds.c.id == id).values(failed=True))


def _part(row: Any) -> Part:
    return Part(row.id, OrgId(row.org), row.payment, Money(row.amount, row.currency), row.failed)
