"""What storage is asked for, counted in statements and transactions: a slow machine doesn't change these."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from folkmoot.meetings import StoredJournal
from folkmoot.meetings.door import Joined
from folkmoot.meetings.store import AT_ONCE
from folkmoot.meetings.tables import events, meetings
from folkmoot.storage import Storage, open_storage, sqlite_url

from ..meetings.house import House, Page

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Counted:
    def __init__(self, storage: Storage) -> None:
        self.statements: list[tuple[str, int]] = []
        """Each with how many values it carries."""
        self.commits = 0
        event.listen(storage._engine.sync_engine, "before_cursor_execute", self._statement)
        event.listen(storage._engine.sync_engine, "commit", self._commit)

    def _statement(self, _: Any, __: Any, said: str, values: Any, ___: Any, many: bool) -> None:
        self.statements.append((said, 0 if many else len(values)))

    def _commit(self, _: Any) -> None:
        self.commits += 1

    def forget(self) -> None:
        self.statements.clear()
        self.commits = 0


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    opened = await open_storage(sqlite_url(tmp_path / "folkmoot.db"))
    yield opened
    await opened.close()


async def joined(house: House, name: str) -> Page:
    joined = await house.join(name)
    assert isinstance(joined, Joined)
    house.pages.append(Page(house, joined))
    return house.pages[-1]


async def test_a_join_is_one_transaction_of_two_statements_and_reads_nothing(storage: Storage) -> None:
    house = House(StoredJournal(storage))
    await house.comes("Ada")
    counted = Counted(storage)
    await house.comes("Bo")
    assert [said.split()[0] for said, _ in counted.statements] == ["INSERT", "UPDATE"]
    assert counted.commits == 1


async def test_a_ticket_that_nobody_uses_costs_the_database_nothing(storage: Storage) -> None:
    house = House(StoredJournal(storage))
    await house.comes("Ada")
    counted = Counted(storage)
    for n in range(20):
        await joined(house, f"Person {n}")
    assert counted.statements == []


async def test_those_who_come_to_many_meetings_at_once_share_transactions(storage: Storage) -> None:
    house, pages = House(StoredJournal(storage)), []
    for _ in range(40):
        await house.create()
        await house.comes("Host")
        pages.append(await joined(house, "Guest"))
    counted = Counted(storage)
    await asyncio.gather(*(page.connect() for page in pages))
    assert all(page.meeting is not None for page in pages)
    assert counted.commits <= 3, "the first by itself, the others while it was written"


async def test_very_many_are_forgotten_some_at_a_time(storage: Storage) -> None:
    """SQL knows a most of values in one statement, and others want to write meanwhile."""
    many = 2 * AT_ONCE + 50
    numbers = [f"1{n:011}" for n in range(many)]
    secrets = {"admission_hash": b"", "passcode_hash": b"", "host_key_hash": b""}
    facts = {"occurrence": 1, "title": "", "created_at": NOW, "reserved": 1, "locked": False, "entered": True}
    entry = {"occurrence": 1, "seq": 1, "at": NOW, "feature": "chat", "type": "sent", "payload": {}}
    async with storage.writing() as connection:
        rows = [{"number": number, "ended_at": NOW, **facts, **secrets} for number in numbers]
        await connection.execute(meetings.insert(), rows)
        await connection.execute(events.insert(), [{"number": number, **entry} for number in numbers])
    counted = Counted(storage)
    gone = await StoredJournal(storage).forget(NOW + timedelta(days=1))
    assert sorted(gone) == numbers
    assert max(values for _, values in counted.statements) <= AT_ONCE
    assert counted.commits == 3
    async with storage.reading() as connection:
        for table in (meetings, events):
            assert (await connection.execute(table.select())).first() is None


async def test_a_reader_in_the_way_keeps_nobody_waiting_and_what_was_erased_goes_the_next_time(
    storage: Storage, tmp_path: Path
) -> None:
    word, journal = b"a-secret-word-of-the-chat", StoredJournal(storage)
    house = House(journal)
    host = await house.comes("Ada", host=True)
    for _ in range(3):
        await host.do("chat", "send", text=word.decode())
    await host.do("chat", "delete", id=host.heard("sent")[-1]["id"])
    await host.do("meeting", "end")

    def found() -> bool:
        return any(word in file.read_bytes() for file in tmp_path.iterdir() if file.is_file())

    with closing(sqlite3.connect(tmp_path / "folkmoot.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM meeting_events").fetchall()
        async with asyncio.timeout(4):  # of the five seconds that SQLite would wait
            await journal.forget(house.clock.now() + timedelta(days=1))
        assert found(), "the reader still has it"
    await journal.forget(house.clock.now())
    assert not found()
