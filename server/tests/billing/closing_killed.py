"""`python -m server.tests.billing.closing_killed FOLDER`: the closing of a day, killed at every step, then done again.

Two organisations are due: one renews, and one that owes is told so.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
from datetime import timedelta
from pathlib import Path

from server.tests.killed import everywhere, rows

from folkmoot import keyring
from folkmoot.app import billing_of
from folkmoot.billing import Billing, Closing, store
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
from folkmoot.storage import Storage, open_storage, sqlite_url

MONTH = Plan(PlanId("team"), "Team", (Price(Period.MONTH, Money(600, "EUR")),))
ORGANISATIONS = (OrgId("o_one"), OrgId("o_two"))


def billing(folder: Path, storage: Storage, later: timedelta) -> Billing:
    clock = ManualClock()
    clock.advance(later.total_seconds())
    return billing_of(Config(data=folder), keyring.server_secrets(folder), storage, clock)


async def sell(folder: Path, file: Path) -> None:
    storage = await open_storage(sqlite_url(file))
    at = billing(folder, storage, timedelta())
    async with storage.writing() as connection:
        await store.put_plan(connection, MONTH)
        for org in ORGANISATIONS:
            await orgs.add_org(connection, Org(org, org, Joining.NEVER, at.clock.now()))
            await store.put_customer(connection, org, Customer(org, "A lane", "GB"))
            await carry_out(at, connection, org, Start(MONTH.id, 3, Period.MONTH, "EUR"), "owner")
    at.orgs.accounts.passwords.close()
    await storage.close()


async def close_the_day(folder: Path, file: Path) -> None:
    storage = Storage(sqlite_url(file))
    at = billing(folder, storage, timedelta(days=32))
    await Closing(at).work({})
    at.orgs.accounts.passwords.close()
    await storage.close()


def looked_at(file: Path) -> None:
    numbers = rows(file, "SELECT number FROM billing_documents ORDER BY number")
    assert [n[0][5:] for n in numbers] == ["0001", "0002", "0003", "0004"], numbers
    each = rows(file, "SELECT org, count(*) FROM billing_documents GROUP BY org ORDER BY org")
    assert each == [(org, 2) for org in ORGANISATIONS], each
    assert rows(file, "SELECT sum(amount) FROM billing_postings") == [(0,)]
    assert rows(file, "SELECT count(*) FROM billing_postings WHERE account = 'Assets:Receivable'") == [(4,)]
    steps = rows(file, "SELECT org, taken FROM billing_open WHERE taken != '{}' ORDER BY org")
    assert [org for org, _ in steps] == [*ORGANISATIONS], "each was told of the older one, once"


def main(folder: Path) -> int:
    data, held = folder / "data", folder / "held"
    data.mkdir(parents=True)
    asyncio.run(sell(data, data / "folkmoot.db"))
    shutil.copytree(data, held)

    def as_before() -> None:
        shutil.rmtree(data)
        shutil.copytree(held, data)

    def again() -> None:
        asyncio.run(close_the_day(data, data / "folkmoot.db"))
        looked_at(data / "folkmoot.db")

    return everywhere(as_before, lambda: asyncio.run(close_the_day(data, data / "folkmoot.db")), again)


if __name__ == "__main__":
    print(main(Path(sys.argv[1])))
