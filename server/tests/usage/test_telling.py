"""What is told of the whole server: of many people, of days that are over, and always the same."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest

from folkmoot.storage import Storage, open_storage
from folkmoot.usage import store, told
from folkmoot.usage.counting import Figures
from folkmoot.usage.telling import Met

MINUTE = 60_000
SCHOOL = {
    date(2026, 3, 2): Figures(200 * MINUTE, 2, 6, 9),
    date(2026, 3, 3): Figures(90 * MINUTE, 1, 4, 4),
    date(2026, 4, 1): Figures(50 * MINUTE, 1, 5, 5),
}
CHOIR = {date(2026, 3, 2): Figures(100 * MINUTE, 1, 2, 2), date(2026, 3, 4): Figures(9 * MINUTE, 1, 2, 2)}
NOBODYS = {date(2026, 3, 2): Figures(MINUTE, 1, 1, 1)}
MONDAY = Met("day", date(2026, 3, 2), 12, 4, 301, 2)
MARCH = Met("month", date(2026, 3, 1), 12, 4, 301, 2)


@pytest.fixture
async def storage(address: str) -> AsyncIterator[Storage]:
    storage = await open_storage(address)
    async with storage.writing() as connection:
        for org, days in (("school", SCHOOL), ("choir", CHOIR), ("", NOBODYS)):
            await store.add(connection, org, days)
    yield storage
    await storage.close()


async def at(storage: Storage, *now: int) -> list[Met]:
    async with storage.reading() as connection:
        return [one async for one in told(connection, datetime(*now, tzinfo=UTC))]  # type: ignore[misc,arg-type]


async def test_a_day_of_few_is_in_no_day_and_in_no_month(storage: Storage) -> None:
    assert await at(storage, 2026, 4, 2, 0) == [MONDAY, MARCH]
    assert (await at(storage, 2026, 4, 2, 1))[2:] == [Met("day", date(2026, 4, 1), 5, 1, 50, 1)]


async def test_nothing_is_told_before_it_is_over(storage: Storage) -> None:
    assert await at(storage, 2026, 3, 3, 0, 59) == []
    assert await at(storage, 2026, 3, 3, 1) == [MONDAY]
    assert await at(storage, 2026, 4, 1, 0, 59) == [MONDAY]
    assert await at(storage, 2026, 4, 1, 1) == [MONDAY, MARCH]


async def test_days_from_before_people_were_counted_are_none(storage: Storage) -> None:
    async with storage.writing() as connection:
        await store.add(connection, "school", {date(2025, 1, 1): Figures(MINUTE, 1, 9)})
    assert (await at(storage, 2026, 4, 2))[0] == MONDAY
