"""What a night costs: the way to the database is gone some times for many organisations, not many times for each."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine, event

from folkmoot.billing import closing, paying, store
from folkmoot.billing.billing import carry_out, opened
from folkmoot.billing.deciding import Start
from folkmoot.billing.plans import Period
from folkmoot.billing.selling import MOST_LISTED, customer_at, subscribed
from folkmoot.billing.subscription import Standing
from folkmoot.billing.tables import documents, subscriptions
from folkmoot.orgs import OrgId
from folkmoot.orgs import store as orgs
from folkmoot.orgs.model import Joining, Org

from ..orgs.conftest import right
from .conftest import NORTHFIELD, TEAM, Shop, eur

MOST_OF_A_BATCH = 60
"""Statements, with those that look for who is next."""


async def sold_to(shop: Shop, count: int) -> None:
    async with shop.at.storage.writing() as connection:
        for n in range(count):
            org = OrgId(f"o_{n:03}")
            await orgs.add_org(connection, Org(org, org, Joining.NEVER, shop.at.clock.now()))
            await store.put_customer(connection, org, NORTHFIELD)
            await carry_out(shop.at, connection, org, Start(TEAM.id, 3, Period.MONTH, "EUR"), "owner")


@contextmanager
def counting() -> Iterator[list[str]]:
    """Statements that reach the database."""
    said: list[str] = []

    def counted(_: object, __: object, statement: str, *___: object) -> None:
        said.append(statement)

    event.listen(Engine, "before_cursor_execute", counted)
    try:
        yield said
    finally:
        event.remove(Engine, "before_cursor_execute", counted)


async def a_night(shop: Shop) -> int:
    """How many statements it took."""
    shop.town.office.clock.advance(timedelta(days=32).total_seconds())
    with counting() as said:
        await shop.closing.work({})
    return len(said)


@pytest.mark.parametrize("count", [3, closing.AT_ONCE])
async def test_a_night_takes_as_many_statements_for_many_as_for_few(shop: Shop, count: int) -> None:
    await sold_to(shop, count)
    assert await a_night(shop) <= MOST_OF_A_BATCH
    async with shop.at.storage.reading() as connection:
        assert await connection.scalar(sa.select(sa.func.count(documents.c.number))) == 2 * count
        due = await connection.scalar(sa.select(sa.func.min(subscriptions.c.due_on)))
    assert due == date(2026, 3, 1)
    assert len(shop.said) == count, "each was told of the month that isn't paid"


async def test_of_many_the_one_that_fails_fails_alone(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    await sold_to(shop, 9)
    added = store.add_documents

    async def breaks(connection: object, made: list[object], at: object) -> None:
        if any(getattr(one, "org", "") == "o_004" for one in made):
            raise OSError("the disk is full")
        await added(connection, made, at)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "add_documents", breaks)
    await a_night(shop)
    async with shop.at.storage.reading() as connection:
        numbers = (await connection.scalars(sa.select(documents.c.number).order_by("number"))).all()
        assert await store.due(connection, shop.at.today, 9) == ["o_004"]
    assert numbers == [f"2026-{n:04}" for n in range(1, 18)], "no number is left out"


async def test_whoever_is_in_a_meeting_comes_first(shop: Shop) -> None:
    """The night leaves the loop to others between one organisation and the next."""
    await sold_to(shop, 20)
    turns = 0

    async def counts() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    beside = asyncio.create_task(counts())
    async with shop.at.storage.reading() as connection:
        orgs_ = await store.due(connection, date(2026, 2, 2), 50)
    shop.town.office.clock.advance(timedelta(days=32).total_seconds())
    async with shop.at.storage.writing() as connection:
        book = await opened(shop.at, connection, *orgs_)
        before = turns
        await shop.closing._turn(connection, book)
        assert turns - before >= 20
    beside.cancel()


async def test_a_page_of_customers_takes_two_statements_however_many_they_are(shop: Shop) -> None:
    await sold_to(shop, MOST_LISTED + 3)
    listed, after = [], None
    for pages in (1, 2):
        with counting() as said:
            found, after = await subscribed(shop.at, "o_", Standing.ACTIVE, after)
        assert len(said) == 2, said
        listed += [one.org for one in found]
        assert (after is None) == (pages == 2)
    assert listed == [f"o_{n:03}" for n in range(MOST_LISTED + 3)]


async def test_one_customers_page_reads_as_many_documents_as_it_shows(shop: Shop) -> None:
    await shop.does(Start(TEAM.id, 3, Period.MONTH, "EUR"))
    for n in range(4):
        right(await paying.allow(shop.at, "operator", shop.org, eur(1), str(n)))
    async with shop.at.storage.reading() as connection:
        looked = right(await customer_at(connection, shop.org, 2))
    assert [one.number for one in looked.documents] == ["2026-C0004", "2026-C0003"]
