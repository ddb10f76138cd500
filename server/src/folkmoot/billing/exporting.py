"""What growth is computed from: subscriptions, lines, taxes and payments as events, one JSON object a line.

Law: an event has the same id whenever it is exported, so that bringing an export twice changes nothing. Nothing of a person is in it.
An organisation's events are in the order of their moments, though a clock was set back. What a trial costs a month is nothing; a year's
price is divided by twelve and rounded half to even. A line that the next invoice carries is told once, as its credit note's.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.billing.documents import Document
from folkmoot.billing.ledger import Account
from folkmoot.billing.subscription import NOTHING, Ended, Event, Standing, Subscription, evolve
from folkmoot.billing.tables import documents, events, postings
from folkmoot.billing.written import event, read

AT_ONCE = 1000
FROM_CREDIT = "credit"
"""The invoice of a refund: it is of what a customer has with us."""

Row = dict[str, Any]


async def exported(connection: AsyncConnection) -> AsyncIterator[bytes]:
    """Lines, of one moment. Whoever runs the server may, and nobody else: it is of all organisations."""
    for several in (_subscriptions, _documents, _payments):
        async for row in several(connection):
            yield json.dumps(row, separators=(",", ":")).encode() + b"\n"


async def _subscriptions(connection: AsyncConnection) -> AsyncIterator[Row]:
    org, telling = "", _Telling("")
    async for row in _walked(connection, events.select().order_by(events.c.org, events.c.seq)):
        if row.org != org:
            org, telling = row.org, _Telling(row.org)
        told = telling.tell(row.seq, row.at, event(row.kind, row.said))
        if told is not None:
            yield told


class _Telling:
    """One organisation's, as far as it came."""

    def __init__(self, org: str) -> None:
        self._org, self._state, self._said = org, NOTHING, _standing(NOTHING)
        self._at = datetime.min.replace(tzinfo=UTC)

    def tell(self, seq: int, at: datetime, happened: Event) -> Row | None:
        """None: nothing that costs anything is another now."""
        self._at = max(self._at, _moment(at, happened))
        self._state = evolve(self._state, happened)
        said = _standing(self._state)
        if said == self._said:
            return None
        self._said = said
        head = {"id": f"{self._org}.{seq:06}", "at": self._at.isoformat(), "organisation": self._org}
        if isinstance(happened, Ended):
            return {"kind": "subscription.ended", **head, "reason": happened.reason}
        return {"kind": "subscription.set", **head, **said}


def _standing(state: Subscription) -> Row:
    terms = state.terms
    if terms is None:
        return {}
    monthly = 0 if state.standing is Standing.TRIAL else terms.monthly
    said = {"plan": terms.plan, "seats": terms.seats, "monthly": monthly, "currency": terms.seat.currency}
    return said | ({"until": str(state.until)} if state.until else {})


def _moment(at: datetime, happened: Event) -> datetime:
    """Of its day, though it was written down on another."""
    return at if at.date() == happened.day else datetime.combine(happened.day, time(), UTC)


async def _documents(connection: AsyncConnection) -> AsyncIterator[Row]:
    wanted = sa.select(documents.c.at, documents.c.said).order_by(documents.c.at, documents.c.number)
    async for row in _walked(connection, wanted):
        for told in _of_document(read(Document, row.said), row.at):
            yield told


def _of_document(made: Document, at: datetime) -> Iterator[Row]:
    of = {"at": at.isoformat(), "organisation": made.org, "invoice": made.number}
    currency = made.net.currency
    for place, line in enumerate(made.lines):
        if line in made.carried:
            continue
        days = {"first": str(line.first), "last": str(line.last)}
        money = {"amount": line.amount.amount, "currency": currency}
        yield {"kind": "invoice.line", "id": f"{made.number}.{place}", **of, **money, **days}
    if made.tax.amount:
        money = {"amount": made.tax.amount.amount, "currency": currency}
        yield {"kind": "tax", "id": f"{made.number}.tax", **of, **money}


async def _payments(connection: AsyncConnection) -> AsyncIterator[Row]:
    c = postings.c
    cash = postings.select().where(c.account == Account.CASH.value).order_by(c.at, c.transaction)
    async for row in _walked(connection, cash):
        yield {
            "kind": "payment",
            "id": "pay." + hashlib.sha256(row.transaction.encode()).hexdigest()[:32],
            "at": row.at.isoformat(),
            "organisation": row.org,
            "invoice": row.document or FROM_CREDIT,
            "amount": row.amount,
            "currency": row.currency,
        }


async def _walked(connection: AsyncConnection, wanted: sa.Select[Any]) -> AsyncIterator[Any]:
    async with connection.stream(wanted.execution_options(yield_per=AT_ONCE)) as rows:
        async for row in rows:
            yield row
