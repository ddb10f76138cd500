"""`python -m server.tests.billing.closing_killed FOLDER [URL]`: the closing of a day, killed at every step, then done again.

Three organisations are due, in two transactions: each renews, and owes for the month before, and is told so. URL: of a PostgreSQL database
that may be thrown away; without it, SQLite.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from server.tests.killed import everywhere
from sqlalchemy import make_url

from folkmoot import keyring
from folkmoot.app import billing_of
from folkmoot.billing import Billing, Closing, closing, store
from folkmoot.billing.billing import carry_out
from folkmoot.billing.deciding import Start
from folkmoot.billing.documents import Customer
from folkmoot.billing.money import Money
from folkmoot.billing.plans import Period, Plan, PlanId, Price
from folkmoot.config import Config
from folkmoot.kit import ManualClock
from folkmoot.orgs import OrgId
from folkmoot.orgs import store as orgs
from folkmoot.orgs.model import Joining, Org
from folkmoot.storage import Storage, database_url, open_storage

MONTH = Plan(PlanId("team"), "Team", (Price(Period.MONTH, Money(600, "EUR")),))
ORGANISATIONS = (OrgId("o_one"), OrgId("o_three"), OrgId("o_two"))
closing.AT_ONCE = 2


@dataclass(frozen=True)
class Place:
    """A data folder and its database, as they are before the closing, and again before each death."""

    folder: Path
    address: str

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def url(self) -> str:
        return database_url(self.address, self.data / "folkmoot.db")

    def hold(self) -> None:
        shutil.copytree(self.data, self.folder / "held")
        self._copied("held", self._name)

    def as_before(self) -> None:
        shutil.rmtree(self.data)
        shutil.copytree(self.folder / "held", self.data)
        self._copied(self._name, "held")

    @property
    def _name(self) -> str:
        return str(make_url(self.address).database) if self.address else ""

    def _copied(self, made: str, of: str) -> None:
        if not self.address:
            return
        server = make_url(self.address).set(database="postgres").render_as_string(hide_password=False)
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {made} WITH (FORCE)".encode())
            connection.execute(f"CREATE DATABASE {made} TEMPLATE {of}".encode())


def billing(place: Place, storage: Storage, later: timedelta) -> Billing:
    clock = ManualClock()
    clock.advance(later.total_seconds())
    return billing_of(Config(data=place.data), keyring.server_secrets(place.data), storage, clock)


async def sell(place: Place) -> None:
    storage = await open_storage(place.url)
    at = billing(place, storage, timedelta())
    async with storage.writing() as connection:
        await store.put_plan(connection, MONTH)
        for org in ORGANISATIONS:
            await orgs.add_org(connection, Org(org, org, Joining.NEVER, at.clock.now()))
            await store.put_customer(connection, org, Customer(org, "A lane", "GB"))
            await carry_out(at, connection, org, Start(MONTH.id, 3, Period.MONTH, "EUR"), "owner")
    at.orgs.accounts.passwords.close()
    await storage.close()


async def close_the_day(place: Place) -> None:
    storage = Storage(place.url)
    at = billing(place, storage, timedelta(days=32))
    await Closing(at).work({})
    at.orgs.accounts.passwords.close()
    await storage.close()


async def looked_at(place: Place) -> None:
    storage = Storage(place.url)
    async with storage.reading() as connection:

        async def rows(query: str) -> list[tuple[Any, ...]]:
            return [tuple(row) for row in await connection.execute(sa.text(query))]

        numbers = await rows("SELECT number FROM billing_documents ORDER BY number")
        assert [n[0][5:] for n in numbers] == [f"{n:04}" for n in range(1, 7)], numbers
        each = await rows("SELECT org, count(*) FROM billing_documents GROUP BY org ORDER BY org")
        assert each == [(org, 2) for org in ORGANISATIONS], each
        assert await rows("SELECT sum(amount) FROM billing_postings") == [(0,)]
        asked = "SELECT count(*) FROM billing_postings WHERE account = 'Assets:Receivable'"
        assert await rows(asked) == [(6,)]
        told = await rows("SELECT org, kind FROM billing_events WHERE kind = 'Overdue' ORDER BY org")
        assert [org for org, _ in told] == [*ORGANISATIONS], "each was told of the older one, once"
    await storage.close()


def main(folder: Path, address: str = "") -> int:
    place = Place(folder, address)
    place.data.mkdir(parents=True)
    asyncio.run(sell(place))
    place.hold()

    def again() -> None:
        asyncio.run(close_the_day(place))
        asyncio.run(looked_at(place))

    return everywhere(place.as_before, lambda: asyncio.run(close_the_day(place)), again)


if __name__ == "__main__":
    print(main(Path(sys.argv[1]), *sys.argv[2:]))
