"""What came from a customer and went back to them, as the books have it, and what can go back to where it came from.

Law: it is read off the postings; nothing of it is kept a second time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.billing import providing
from folkmoot.billing.ledger import Account
from folkmoot.billing.money import Money
from folkmoot.billing.tables import postings, refunds
from folkmoot.orgs import OrgId

BANK = "bank"
MOST = 50
"""Listed at a time."""


class Kind(StrEnum):
    CAME = "payment"
    WENT = "refund"
    RETURNED = "refund_back"
    """A refund that didn't reach anybody."""


@dataclass(frozen=True, slots=True)
class Moved:
    day: date
    kind: Kind
    amount: Money
    """Above zero, whichever way."""
    through: str
    """`bank`, or the provider's name."""
    number: str
    """Of the invoice that it came for; empty where it came for none."""


async def moved(
    connection: AsyncConnection, org: OrgId, provider: str, after: str | None = None
) -> tuple[list[Moved], str | None]:
    """The newest first, and what `after` takes where there are more. One `after` that is none of theirs ends the list."""
    c = postings.c
    mine = sa.and_(c.org == org, c.account == Account.CASH.value)
    order = (c.day, c.at, c.transaction)
    wanted = postings.select().where(mine)
    if after is not None:
        place = sa.select(*order).where(mine, c.transaction == after).limit(1)
        wanted = wanted.where(sa.tuple_(*order) < place.scalar_subquery())
    newest = wanted.order_by(*(one.desc() for one in order)).limit(MOST + 1)
    rows = (await connection.execute(newest)).all()
    shown = rows[:MOST]
    sent = await _sent(connection, org, [row.transaction for row in shown])
    found = []
    for row in shown:
        kind, _, id = row.transaction.partition(" ")
        through = provider if id.startswith(f"{provider}:") or id in sent else BANK
        amount = Money(abs(row.amount), row.currency)
        found.append(Moved(row.day, Kind(kind), amount, through, row.document))
    return found, shown[-1].transaction if len(rows) > MOST else None


async def _sent(connection: AsyncConnection, org: OrgId, transactions: Iterable[str]) -> set[str]:
    """Of refunds: those that a provider sends, by what they and their parts are called."""
    said = (one.partition(" ") for one in transactions)
    ids = [id for kind, _, id in said if kind != Kind.CAME]
    parts = [*ids, *(f"{id}.0" for id in ids)]
    wanted = sa.select(refunds.c.id).where(refunds.c.org == org, refunds.c.id.in_(parts))
    found = {row.id for row in await connection.execute(wanted)}
    return {id for id in ids if id in found or f"{id}.0" in found}


async def can_go_back(
    connection: AsyncConnection, org: OrgId, provider: str, credit: Iterable[Money]
) -> list[Money]:
    """Of what they have with us, what came through the provider and is still to be had there."""
    found = []
    for has in credit:
        payments = await providing.payments_of(connection, org, provider, has.currency)
        brought = sum((left.amount for _, left in payments if left.amount > 0), 0)
        if (most := min(has.amount, brought)) > 0:
            found.append(Money(most, has.currency))
    return found
