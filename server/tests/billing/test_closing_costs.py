"""What a night costs: the way to the database is gone some times for many organisations, not many times for each."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine, event

from folkmoot.billing import closing, store
from folkmoot.billing.billing import carry_out, opened
from folkmoot.billing.deciding import Start
from folkmoot.billing.plans import Period
from folkmoot.billing.tables import documents, subscriptions
from folkmoot.orgs import OrgId
from folkmoot.orgs import store as orgs
from folkmoot.orgs.model import Joining, Org

from .conftest import NORTHFIELD, TEAM, Shop

MOST_OF_A_BATCH = 60
"""Statements, with those that look for who is next."""


async def sold_to(shop: Shop, count: int) -> None:
    async with shop.at.storage.writing() as connection:
        for n in range(count):
            org = OrgId(f"o_{n:03}")
            await orgs.add_org(connection, Org(org, org, Joining.NEVER, shop.at.clock.now()))
            await store.put_customer(connection, org, NORTHFIELD)
            await carry_out(shop.at, connection, org, Start(TEAM.id, 3, Period.MONTH, "EUR"), "owner")


async def a_night(shop: Shop) -> int:
    """How many statements it took."""
    said: list[object] = []

    def counted(*_: object) -> None:
        said.append(1)

    shop.town.office.clock.advance(timedelta(days=32).total_seconds())
    event.listen(Engine, "before_cursor_execute", counted)
    try:
        await shop.closing.work({})
    finally:
        event.remove(Engine, "before_cursor_execute", counted)
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
