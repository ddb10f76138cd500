"""The books as text that beancount and its kin read: whoever keeps accounts checks ours with a tool that isn't ours.

Law: every transaction is there, once, with every posting; the balances at the end are asserted, so that a reader who sums otherwise says so.
Nothing of a person is in it.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.billing import store
from folkmoot.billing.days import DAY
from folkmoot.billing.ledger import Account
from folkmoot.billing.money import Money
from folkmoot.billing.tables import postings

AT_ONCE = 1000
CONTROLS = re.compile(r"[\x00-\x1f\x7f]")


async def as_beancount(connection: AsyncConnection) -> AsyncIterator[bytes]:
    """Of one moment."""
    c = postings.c
    days = (await connection.execute(sa.select(sa.func.min(c.day), sa.func.max(c.day)))).one()
    if days[0] is None:
        return
    for account in Account:
        yield f"{days[0]} open {account}\n".encode()
    name = ""
    async for row in _every(connection):
        if row.transaction != name:
            name = row.transaction
            yield _opening(row).encode()
        yield f"  {row.account}  {Money(row.amount, row.currency)}\n{_of(row)}".encode()
    for line in await _asserted(connection, days[1] + DAY):
        yield line.encode()


async def _every(connection: AsyncConnection) -> AsyncIterator[Any]:
    c = postings.c
    wanted = postings.select().order_by(c.at, c.transaction, c.place)
    async with connection.stream(wanted.execution_options(yield_per=AT_ONCE)) as rows:
        async for row in rows:
            yield row


def _opening(row: Any) -> str:
    return f"\n{row.day} * {_text(row.transaction)}\n  organisation: {_text(row.org)}\n"


def _of(row: Any) -> str:
    return f"    document: {_text(row.document)}\n" if row.document else ""


async def _asserted(connection: AsyncConnection, day: date) -> list[str]:
    sums = await store.balances(connection)
    return [
        "\n",
        *(f"{day} balance {account}  {Money(sums[account, code], code)}\n" for account, code in sorted(sums)),
    ]


def _text(said: str) -> str:
    """Somebody's words: an id of a bank."""
    plain = CONTROLS.sub(" ", said).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'
