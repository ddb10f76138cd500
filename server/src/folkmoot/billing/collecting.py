"""What is open is collected from who saved a way to pay, by jobs.

Law: an invoice is asked for once, and again only after that failed for certain: the payment is made first, noted, and asked for by its
name. The provider may be away for days: what waits for it are these jobs and nothing else. Whoever has nothing saved is asked for nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.billing import providing, store
from folkmoot.billing.billing import Billing
from folkmoot.billing.provider import Bill, Came, Declined, Refused
from folkmoot.billing.providing import Collection, WayToPay
from folkmoot.billing.receiving import receive
from folkmoot.kit import Recurring
from folkmoot.orgs import OrgId

KIND, FORGET = "billing.collect", "billing.forget"
LOOK_S = 30.0
AT_ONCE = 200
AGAIN_AFTER = (3, 5, 7)
"""Days after each try that failed; then it is left to the words of dunning."""
LOST_AFTER = timedelta(days=4)
"""Longer than a job is tried: who hears nothing until then looks again. What takes its time is looked at as often."""

Words = Callable[[AsyncConnection, OrgId, str, str, date | None], Awaitable[None]]
"""Says to an organisation's owners that an invoice couldn't be collected, why, and when it is tried again."""


async def no_words(*_: object) -> None:
    return None


def again(tries: int, today: date) -> date | None:
    """When it is asked for after so many tries that failed. None: no more."""
    return today + timedelta(days=AGAIN_AFTER[tries - 1]) if 0 < tries <= len(AGAIN_AFTER) else None


@dataclass(frozen=True, slots=True)
class Collecting:
    at: Billing
    words: Words = no_words
    _looking: Recurring = field(init=False)

    def __post_init__(self) -> None:
        looking = Recurring("looking for invoices to collect", self.look, LOOK_S, self.at.clock)
        object.__setattr__(self, "_looking", looking)
        self.at.orgs.jobs.does(KIND, self.work)
        self.at.orgs.jobs.does(FORGET, self.forget)

    def start(self) -> None:
        """Where money comes by hand there is nothing to look for."""
        if self.at.provider.collects:
            self._looking.start()
            self._looking.soon()

    async def stop(self) -> None:
        await self._looking.stop()

    def ailment(self) -> str | None:
        return self._looking.ailment()

    async def look(self) -> None:
        """One job for each that is due, in the transaction that says so. Mostly there is nothing, and nothing is written."""
        async with self.at.storage.reading() as connection:
            gone = await providing.left_behind(connection, AT_ONCE)
            due = await providing.to_collect(connection, self.at.today, AT_ONCE)
        if gone or due:
            async with self.at.storage.writing() as connection:
                await self._forget_all(connection)
                await self._ask_for_all(connection)
        if AT_ONCE in (len(gone), len(due)):
            self._looking.soon()

    async def _forget_all(self, connection: AsyncConnection) -> None:
        for way in await providing.left_behind(connection, AT_ONCE):
            await providing.remove_way(connection, way.org)
            await self.at.orgs.jobs.add(connection, FORGET, {"customer": way.customer})

    async def _ask_for_all(self, connection: AsyncConnection) -> None:
        today = self.at.today
        for one in await providing.to_collect(connection, today, AT_ONCE):
            tries = one.tries if one.payment else one.tries + 1
            said = replace(one, tries=tries, again_on=today + LOST_AFTER)
            await providing.put_collection(connection, said)
            job = {"number": one.number, "until": str(said.again_on)}
            await self.at.orgs.jobs.add(connection, KIND, job)

    async def forget(self, said: Mapping[str, Any]) -> None:
        await self.at.provider.forget(str(said["customer"]))

    async def work(self, said: Mapping[str, Any]) -> None:
        number = str(said["number"])
        found = await self._wanted(number, str(said["until"]))
        if found is None:
            return
        one, way, bill = found
        payment = one.payment
        try:
            payment = payment or await self._prepare(one, way, bill)
            answer = await self.at.provider.collect(payment, way.method)
        except Refused as refused:
            answer = Declined(str(refused), for_good=str(refused) == "resource_missing")
        if isinstance(answer, Came):
            await receive(self.at, answer)
        elif isinstance(answer, Declined):
            await self.declined(number, answer, payment)

    async def declined(self, number: str, answer: Declined, payment: str) -> None:
        """`payment`: the one that failed; one that isn't waited for any more, or was somebody's own try, says nothing."""
        async with self.at.storage.writing() as connection:
            one = await providing.collection(connection, number)
            if one is None or payment != one.payment:
                return
            next_on = None if answer.for_good else again(one.tries, self.at.today)
            await providing.put_collection(
                connection, replace(one, payment="", again_on=next_on, why=answer.why[:64])
            )
            if answer.for_good and (way := await providing.way_of(connection, one.org)) is not None:
                await providing.drop_method(connection, way.method)
            await self.words(connection, one.org, number, answer.why, next_on)

    async def _wanted(self, number: str, until: str) -> tuple[Collection, WayToPay, Bill] | None:
        """What is still to be collected. None: it was paid meanwhile, another job does it, or nobody is to be asked any more."""
        async with self.at.storage.reading() as connection:
            one, invoice = (
                await providing.collection(connection, number),
                await store.document(connection, number),
            )
            if one is None or invoice is None or str(one.again_on) != until:
                return None
            way, asked = await providing.way_of(connection, one.org), await store.asked(connection, invoice)
        if way is None or not way.method or asked.amount <= 0:
            return None
        return one, way, Bill(invoice.org, number, asked)

    async def _prepare(self, one: Collection, way: WayToPay, bill: Bill) -> str:
        """Noted before it is asked for. What was made and not noted brings no money."""
        key = f"{one.number}.{one.tries}.{bill.amount.amount}.{way.method}"
        payment = await self.at.provider.prepare(bill, way.customer, way.method, key)
        async with self.at.storage.writing() as connection:
            await providing.put_collection(connection, replace(one, payment=payment))
        return payment
