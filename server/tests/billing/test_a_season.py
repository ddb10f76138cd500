"""Two hundred days of one organisation, at random from a seed: whatever was done, the books are the one right ledger."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from folkmoot.billing import owning, paying, store
from folkmoot.billing.deciding import Cancel, Change, Start, Withdraw, folded
from folkmoot.billing.documents import Document, Series
from folkmoot.billing.exporting import exported
from folkmoot.billing.ledger import Account as Book
from folkmoot.billing.lines import Kind, lines_of
from folkmoot.billing.money import Money
from folkmoot.billing.plans import Period
from folkmoot.billing.subscription import NOTHING, evolve
from folkmoot.billing.tables import open_invoices
from folkmoot.growth.books import bring
from folkmoot.growth.warehouse import Warehouse
from folkmoot.kit import Refusal

from .conftest import SCHOOL, TEAM, Shop, eur

DAYS = 200
Act = Callable[[Shop, random.Random], object]


async def changes(shop: Shop, chance: random.Random) -> None:
    wanted: list[owning.Owners] = [
        Start(chance.choice([TEAM.id, SCHOOL.id]), chance.randint(1, 60), chance.choice([*Period]), "EUR"),
        Change(seats=chance.randint(-5, 60)),
        Change(plan=chance.choice([TEAM.id, SCHOOL.id])),
        Change(period=chance.choice([*Period])),
        Cancel("so"),
        Withdraw(),
    ]
    await owning.decide_on(shop.at, shop.owner, shop.org, chance.choice(wanted))


async def pays(shop: Shop, chance: random.Random) -> None:
    """Late, in parts, too much, told twice."""
    made = [one for one in await shop.documents() if one.series is Series.INVOICE]
    if made:
        invoice = chance.choice(made[-3:])
        amount = chance.choice([invoice.total, invoice.total, eur(chance.randint(1, 20000))])
        for _ in range(chance.randint(1, 2)):
            id = f"bank:{chance.randint(1, 60)}"
            await paying.pay(shop.at, "operator", id, invoice.number, amount)


async def corrects(shop: Shop, chance: random.Random) -> None:
    made = await shop.documents()
    if made:
        await paying.correct(shop.at, "operator", chance.choice(made).number, chance.randint(1, 5000), "")
    await paying.allow(shop.at, "operator", shop.org, eur(chance.randint(1, 500)), "")
    await paying.refund(
        shop.at, "operator", f"r:{chance.randint(1, 9)}", shop.org, eur(chance.randint(1, 9000))
    )


async def a_season(shop: Shop, chance: random.Random) -> None:
    for _ in range(DAYS):
        shop.town.office.clock.advance(timedelta(days=1).total_seconds())
        await shop.closing.work({})
        for act, often in ((changes, 0.2), (pays, 0.25), (corrects, 0.05)):
            if chance.random() < often:
                await act(shop, chance)


def numbered(made: list[Document], series: Series) -> list[str]:
    return sorted(one.number for one in made if one.series is series)


@pytest.mark.parametrize("seed", [13, 2026])
async def test_whatever_was_done_the_books_are_right(shop: Shop, seed: int, tmp_path: Path) -> None:
    await a_season(shop, random.Random(seed))
    made, now = await shop.documents(), await shop.now()
    assert len(made) > 10 and len(now.events) > 10, "the season was too quiet to show anything"
    assert sum((await shop.books()).values()) == 0
    for series in Series:
        expected = [series.number(2026, n + 1) for n in range(len(numbered(made, series)))]
        assert numbered(made, series) == expected, "no gaps"
    assert [one.issued_on for one in made] == sorted(one.issued_on for one in made)
    assert folded(now.events) == now.state
    assert await recognised(shop, tmp_path) == -(await shop.books())[Book.SALES]


async def recognised(shop: Shop, folder: Path) -> int:
    """What growth makes of the export, over all months."""
    async with shop.at.storage.reading() as connection:
        lines = [line async for line in exported(connection)]
    with Warehouse(folder / "book.duckdb") as book:
        bring(book, lines, "2030-01-01")
        [(found,)] = book.rows("SELECT coalesce(sum(own), 0)::BIGINT FROM recognised")
    return int(found)


@pytest.mark.parametrize("seed", [7])
async def test_invoices_are_what_the_events_replay_to(shop: Shop, seed: int) -> None:
    await a_season(shop, random.Random(seed))
    state, replayed = NOTHING, []
    for event in (await shop.now()).events:
        replayed += lines_of(state, event)
        state = evolve(state, event)
    async with shop.at.storage.reading() as connection:
        waiting = (await store.pending_of(connection, [shop.org]))[shop.org]
    asked = [line for one in await shop.documents() if one.series is Series.INVOICE for line in one.lines]
    written = [replace(line, called="") for line in (*asked, *waiting) if line.kind is not Kind.CREDIT_NOTE]
    assert sorted(map(repr, written)) == sorted(map(repr, replayed))
    assert not isinstance(await shop.now(), Refusal)


@pytest.mark.parametrize("seed", [99])
async def test_what_is_open_is_what_the_postings_say(shop: Shop, seed: int) -> None:
    await a_season(shop, random.Random(seed))
    made = [one for one in await shop.documents() if one.series is Series.INVOICE]
    async with shop.at.storage.reading() as connection:
        asked = {one.number: await store.asked(connection, one) for one in made}
        opened = set((await connection.scalars(sa.select(open_invoices.c.number))).all())
        receivable = (await shop.books()).get(Book.RECEIVABLE, 0)
    assert opened == {number for number, money in asked.items() if money.amount > 0}
    assert sum(money.amount for money in asked.values()) == receivable
    assert all(money >= Money(0, "EUR") for money in asked.values())
