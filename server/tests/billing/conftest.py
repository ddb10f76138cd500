"""An organisation with an owner, in a database of each kind, that pays."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest

from folkmoot.accounts import Account
from folkmoot.accounts.model import SignUp
from folkmoot.billing import owning, store
from folkmoot.billing.billing import Billing, Seen
from folkmoot.billing.closing import Closing
from folkmoot.billing.documents import Customer, Document
from folkmoot.billing.dunning import Step
from folkmoot.billing.ledger import Account as Book
from folkmoot.billing.money import Money
from folkmoot.billing.plans import FREE, Limits, Period, Plan, PlanId, Price
from folkmoot.billing.tax import TaxRate
from folkmoot.orgs import OrgId

from ..accounts.conftest import Mailbox, mailbox, opened
from ..orgs.conftest import Town, built, right

__all__ = ["mailbox"]

NORTHFIELD = Customer("Northfield School", "1 School Lane", "GB")


def eur(amount: int) -> Money:
    return Money(amount, "EUR")


def plan(id: str, month: int, year: int, people: int) -> Plan:
    prices = (Price(Period.MONTH, eur(month)), Price(Period.YEAR, eur(year)))
    return Plan(PlanId(id), id.title(), prices, Limits(people))


TEAM, SCHOOL = plan("team", 600, 6000, 300), plan("school", 999, 9999, 500)


@dataclass
class Shop:
    town: Town
    at: Billing
    org: OrgId
    owner: Account
    said: list[tuple[Step, str]] = field(default_factory=list)
    closing: Closing = field(init=False)

    def __post_init__(self) -> None:
        self.closing = Closing(self.at, self._words)

    async def _words(self, _: object, org: OrgId, step: Step, number: str, restricted_on: date) -> None:
        self.said.append((step, number))

    async def does(self, command: owning.Owners, seen: int | None = None) -> Seen:
        return right(await owning.decide_on(self.at, self.owner, self.org, command, seen))

    async def until(self, day: date) -> None:
        """Day by day, as a server that is on."""
        while self.at.today < day:
            self.town.office.clock.advance(timedelta(days=1).total_seconds())
            await self.day()

    async def day(self) -> None:
        await self.closing.look()
        await self.town.office.jobs.settled()

    async def documents(self) -> list[Document]:
        """The oldest first."""
        async with self.at.storage.reading() as connection:
            return [*reversed(await store.documents_of(connection, self.org))]

    async def books(self) -> dict[Book, int]:
        async with self.at.storage.reading() as connection:
            return {
                account: sum_ for (account, _), sum_ in (await store.balances(connection)).items() if sum_
            }

    async def now(self) -> Seen:
        return right(await owning.look_at(self.at, self.owner, self.org))


@pytest.fixture
async def shop(address: str, mailbox: tuple[Mailbox, int], tmp_path: Path) -> AsyncIterator[Shop]:
    async with opened(address, mailbox, SignUp.OPEN, mail=True) as office, built(office, tmp_path) as town:
        ada = await town.person("Ada")
        made = Shop(town, Billing(town.at), await town.org(ada), ada.account)
        plans = [TEAM, SCHOOL, Plan(FREE, "Free", limits=Limits(100, 60))]
        assert await owning.say_plans(made.at, "operator", plans) is None
        assert await owning.say_rate(made.at, "operator", TaxRate("GB", date(2011, 1, 4), 2000)) is None
        assert await owning.say_customer(made.at, made.owner, made.org, NORTHFIELD) is None
        yield made
