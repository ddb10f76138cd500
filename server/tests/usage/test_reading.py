"""Meetings are held, the server dies, logs are forgotten: no minute is lost or counted twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.meetings import StoredJournal
from folkmoot.meetings.model import Settings
from folkmoot.storage import Storage, open_storage
from folkmoot.usage import Reading, store
from folkmoot.usage.counting import Figures, together
from folkmoot.usage.tables import days, positions, sittings

from ..killed import in_a_process
from ..meetings.house import House

MINUTE, HOUR = 60_000, 3_600_000


async def of_a_school(_: AsyncConnection, number: str) -> str:
    return "o_school"


@dataclass
class Counted:
    storage: Storage
    house: House
    reading: Reading

    def restart(self) -> None:
        self.reading = Reading(self.storage, self.house.clock, of_a_school)
        journal = self.house.journal
        assert isinstance(journal, StoredJournal)
        journal.owns(self.reading)

    async def days(self) -> dict[date, Figures]:
        async with self.storage.reading() as connection:
            return dict(await store.days_of(connection, "o_school", date(2000, 1, 1), date(2100, 1, 1)))

    async def sum(self) -> Figures:
        return together((await self.days()).values())

    async def rows(self, table: sa.Table) -> int:
        async with self.storage.reading() as connection:
            return int(await connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0)

    async def until(self, moment: datetime) -> None:
        self.house.clock.advance((moment - self.house.clock.now()).total_seconds())


@pytest.fixture
async def counted(address: str) -> AsyncIterator[Counted]:
    storage = await open_storage(address)
    house = House(StoredJournal(storage), Settings(retention=timedelta(days=1)))
    made = Counted(storage, house, Reading(storage, house.clock, of_a_school))
    made.restart()
    yield made
    await storage.close()


async def test_a_night_into_another_month_read_again_and_again(counted: Counted) -> None:
    house = counted.house
    await counted.until(datetime(2026, 4, 30, 23, 0, tzinfo=UTC))
    ada = await house.comes("Ada", host=True)
    await house.comes("Bo")
    for _ in range(12):
        house.clock.advance(600)
        await counted.reading.read()
        await counted.reading.read()
    await ada.do("meeting", "end")
    await counted.reading.read()
    assert await counted.days() == {
        date(2026, 4, 30): Figures(2 * HOUR, 1, 2, 2),
        date(2026, 5, 1): Figures(2 * HOUR, 0, 2, 2),
    }


async def test_of_a_meeting_that_goes_on_all_but_the_last_minutes_is_there(counted: Counted) -> None:
    await counted.house.comes("Ada", host=True)
    counted.house.clock.advance(3600)
    await counted.reading.read()
    assert await counted.sum() == Figures(55 * MINUTE, 1, 1, 1)


async def test_how_many_there_are_at_once_and_how_long_the_longest_is(counted: Counted) -> None:
    """One goes on, one is over; both are there as often as they are read."""
    ada = await counted.house.comes("Ada", host=True)
    for _ in range(6):
        counted.house.clock.advance(600)
        await counted.reading.read()
    day = counted.house.clock.now().date()
    async with counted.storage.reading() as connection:
        [going_on] = await store.sittings_of(connection, "o_school", day, day)
    assert going_on.ended - going_on.began == 55 * MINUTE
    await ada.do("meeting", "end")
    await counted.reading.read()
    await counted.reading.read()
    async with counted.storage.reading() as connection:
        [over] = await store.sittings_of(connection, "o_school", day, day)
        assert await store.sittings_of(connection, "o_other", day, day) == []
        yesterday = day - timedelta(days=1)
        assert await store.sittings_of(connection, "o_school", yesterday, yesterday) == []
    assert (over.began, over.ended - over.began) == (going_on.began, 60 * MINUTE)
    counted.house.clock.advance(timedelta(days=500).total_seconds())
    await counted.reading.read()
    assert await counted.rows(sittings) == 0


async def test_who_waits_and_whoever_opens_a_page_alone_meets_nobody(counted: Counted) -> None:
    await counted.house.create(preset="careful")
    await counted.house.comes("Bo")
    counted.house.clock.advance(3600)
    await counted.reading.read()
    assert await counted.days() == {}


async def test_a_short_restart_interrupts_nobody(counted: Counted) -> None:
    ada = await counted.house.comes("Ada", host=True)
    counted.house.clock.advance(1200)
    await counted.reading.read()
    counted.house.clock.advance(120)
    await counted.house.restart()
    counted.restart()
    await counted.reading.read()
    await ada.connect()
    counted.house.clock.advance(480)
    await ada.do("meeting", "end")
    await counted.reading.read()
    assert await counted.sum() == Figures(30 * MINUTE, 1, 1, 1)


async def test_while_the_server_is_off_for_long_nobody_meets(counted: Counted) -> None:
    ada = await counted.house.comes("Ada", host=True)
    counted.house.clock.advance(1200)
    await counted.reading.read()
    counted.house.clock.advance(5 * 3600)
    await counted.house.restart()
    counted.restart()
    await counted.reading.read()
    await ada.connect()
    counted.house.clock.advance(600)
    await ada.do("meeting", "end")
    await counted.reading.read()
    assert await counted.sum() == Figures(30 * MINUTE, 1, 1, 1)


async def test_a_log_is_read_to_its_end_before_it_is_forgotten_and_nothing_of_it_stays(
    counted: Counted,
) -> None:
    house = counted.house
    ada = await house.comes("Ada", host=True)
    house.clock.advance(1800)
    await ada.do("meeting", "end")
    await house.passes(3 * 86_400)
    assert await counted.sum() == Figures(30 * MINUTE, 1, 1, 1)
    assert await counted.rows(positions) == 0
    await counted.reading.read()
    assert await counted.sum() == Figures(30 * MINUTE, 1, 1, 1)
    assert (await counted.rows(days), await counted.rows(positions)) == (1, 0)


async def test_what_failed_is_read_the_next_time(counted: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = await counted.house.comes("Ada", host=True)
    counted.house.clock.advance(600)
    await ada.do("meeting", "end")
    with monkeypatch.context() as broken:
        broken.setattr(store, "put_position", None)
        with pytest.raises(TypeError):
            await counted.reading.read()
    assert await counted.days() == {}, "what was counted went with it"
    await counted.reading.read()
    await counted.reading.read()
    assert await counted.sum() == Figures(10 * MINUTE, 1, 1, 1)


@pytest.mark.parametrize("what", ["read", "forget"])
def test_killed_at_any_step_no_minute_is_lost_or_counted_twice(tmp_path: Path, what: str) -> None:
    steps = in_a_process("server.tests.usage.reading_killed", str(tmp_path / "data"), what)
    assert steps > 15, "the killing missed its work"
