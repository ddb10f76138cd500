"""A year of many organisations, every month closed, and the books read by a double-entry tool that isn't ours.

`YEAR_OF=200` for the full size.
"""

from __future__ import annotations

import os
import random
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from beancount import loader
from beancount.core.data import Open, Transaction

from folkmoot.billing import paying, store
from folkmoot.billing.beancount import as_beancount
from folkmoot.billing.billing import carry_out
from folkmoot.billing.deciding import Cancel, Change, Command, Start
from folkmoot.billing.documents import Customer, Document, Series
from folkmoot.billing.ledger import paid
from folkmoot.billing.money import Money
from folkmoot.billing.plans import Period
from folkmoot.kit.currency import DECIMALS
from folkmoot.orgs import OrgId
from folkmoot.orgs import store as orgs
from folkmoot.orgs.model import Joining, Org

from .conftest import SCHOOL, TEAM, Shop, eur

ORGANISATIONS = int(os.environ.get("YEAR_OF", "6"))
STEP = timedelta(days=5)
PLANS = (TEAM.id, SCHOOL.id)


async def text_of(shop: Shop) -> str:
    async with shop.at.storage.reading() as connection:
        return b"".join([line async for line in as_beancount(connection)]).decode()


async def balances(shop: Shop) -> dict[tuple[str, str], Decimal]:
    async with shop.at.storage.reading() as connection:
        sums = await store.balances(connection)
    return {
        (str(account), code): Decimal(sum_).scaleb(-DECIMALS[code])
        for (account, code), sum_ in sums.items()
        if sum_
    }


def read(text: str) -> dict[tuple[str, str], Decimal]:
    entries, errors, _ = loader.load_string(text)
    assert errors == [] and any(isinstance(one, Open) for one in entries)
    sums: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for entry in entries:
        for posting in entry.postings if isinstance(entry, Transaction) else ():
            assert posting.units is not None and posting.units.number is not None
            sums[posting.account, posting.units.currency] += posting.units.number
    return {key: value for key, value in sums.items() if value}


async def settled_in(shop: Shop) -> list[OrgId]:
    made = [OrgId(f"o_{n:03}") for n in range(ORGANISATIONS)]
    async with shop.at.storage.writing() as connection:
        for n, org in enumerate(made):
            await orgs.add_org(connection, Org(org, f"Org {n}", Joining.AUTOMATIC, shop.at.clock.now()))
            country = ("GB", "FR")[n % 2]
            await store.put_customer(connection, org, Customer(f"Org {n}", "A lane", country))
    return made


async def does(shop: Shop, org: OrgId, command: Command) -> None:
    async with shop.at.storage.writing() as connection:
        await carry_out(shop.at, connection, org, command, "owner")


async def something(shop: Shop, org: OrgId, chance: random.Random) -> None:
    wanted: list[Command] = [
        Start(chance.choice(PLANS), chance.randint(1, 60), chance.choice([*Period]), "EUR"),
        Change(seats=chance.randint(-3, 80)),
        Change(plan=chance.choice(PLANS)),
        Change(period=chance.choice([*Period])),
        Cancel("so"),
    ]
    await does(shop, org, chance.choice(wanted))


async def money(shop: Shop, org: OrgId, chance: random.Random) -> None:
    """Late payers, who pay too much or in parts; corrections; what is sent back."""
    async with shop.at.storage.reading() as connection:
        made = [one for one in await store.documents_of(connection, org) if one.series is Series.INVOICE]
    if not made:
        return
    one = chance.choice(made)
    amount = chance.choice([one.total, one.total + eur(500), eur(700)])
    await paying.pay(shop.at, "operator", f'bank:"{one.number}\\ {chance.randint(1, 3)}', one.number, amount)
    if chance.random() < 0.2:
        await paying.correct(shop.at, "operator", one.number, chance.randint(1, 900), "")
        await paying.allow(shop.at, "operator", org, eur(chance.randint(1, 300)), "")
        await paying.refund(shop.at, "operator", f"r:{org}:{one.number}", org, eur(chance.randint(1, 800)))


async def test_a_year_of_many_organisations_is_read_without_an_error(shop: Shop) -> None:
    chance, everybody = random.Random(13), await settled_in(shop)
    for org in everybody:
        await does(shop, org, Start(TEAM.id, chance.randint(1, 30), Period.MONTH, "EUR"))
    for _ in range(365 // STEP.days):
        shop.town.office.clock.advance(STEP.total_seconds())
        await shop.closing.work({})
        for org in everybody:
            if chance.random() < 0.15:
                await something(shop, org, chance)
            if chance.random() < 0.25:
                await money(shop, org, chance)
    theirs = read(await text_of(shop))
    assert len(theirs) >= 5, "the year was too quiet to show anything"
    assert theirs == await balances(shop)
    assert await numbers_have_no_gaps(shop)


async def numbers_have_no_gaps(shop: Shop) -> bool:
    async with shop.at.storage.reading() as connection:
        made: list[Document] = []
        for n in range(ORGANISATIONS):
            made += await store.documents_of(connection, OrgId(f"o_{n:03}"))
    for series in Series:
        for year in {one.issued_on.year for one in made}:
            mine = sorted(one.number for one in made if (one.series, one.issued_on.year) == (series, year))
            if mine != [series.number(year, n + 1) for n in range(len(mine))]:
                return False
    return True


async def test_books_without_a_line_are_an_empty_file_and_other_currencies_have_their_decimals(
    shop: Shop,
) -> None:
    assert await text_of(shop) == ""
    async with shop.at.storage.writing() as connection:
        for code, amount in (("JPY", 1200), ("KWD", 1234)):
            sold = paid(f"b:{code}", shop.org, Money(amount, code), "", None, shop.at.today)
            await store.book(connection, [sold], shop.at.clock.now())
    assert read(await text_of(shop)) == {
        ("Assets:Cash", "JPY"): Decimal(1200),
        ("Assets:Cash", "KWD"): Decimal("1.234"),
        ("Liabilities:Customers", "JPY"): Decimal(-1200),
        ("Liabilities:Customers", "KWD"): Decimal("-1.234"),
    }
