"""What is PostgreSQL's own: whose it is, that it restarts, and how it is said that it can't be used."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from folkmoot.kit import SystemClock
from folkmoot.meetings import StoredJournal
from folkmoot.meetings.feature import Entry
from folkmoot.meetings.model import Meeting
from folkmoot.storage import Storage, StorageError, database_url, open_storage, sqlite_url
from folkmoot.storage.migrate import migrate
from folkmoot.storage.ownership import KEY
from folkmoot.storage.transfer import transfer

from ..killed import in_a_process
from ..postgresql import Postgresql

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SAID = {"text": "ünïcode 🎉 \x00 \u2028"}


def url(said: str) -> str:
    return database_url(said, Path("unused"))


@pytest.fixture
def there(postgresql: Postgresql) -> str:
    return url(postgresql.database())


def refused(said: str) -> StorageError:
    with pytest.raises(StorageError) as refusal:
        migrate(url(said))
    return refusal.value


@pytest.mark.parametrize(
    "said",
    ["mysql://u:secret@host/db", "postgresql://u:secret@host", "postgresql://u:secret@host:port/db", "db"],
)
def test_an_address_that_is_none_is_refused_without_its_password(said: str) -> None:
    error = refused(said)
    assert error.code == "storage.url"
    assert "postgresql://user:password@host/database" in error.message and "secret" not in error.message


def test_one_that_does_not_answer_is_named_without_its_password() -> None:
    error = refused("postgresql://u:secret@127.0.0.1:1/meetings")
    assert error.code == "storage.unreachable"
    assert "meetings on 127.0.0.1" in error.message and "secret" not in error.message


async def test_text_that_not_every_name_fits_in_is_refused(postgresql: Postgresql) -> None:
    with pytest.raises(StorageError) as refusal:
        await open_storage(url(postgresql.database("SQL_ASCII")))
    assert refusal.value.code == "storage.encoding"


async def test_two_servers_on_one_database_are_refused(there: str) -> None:
    first = await open_storage(there)
    with pytest.raises(StorageError) as refusal:
        await open_storage(there)
    assert refusal.value.code == "data.in_use"
    await first.close()
    await (await open_storage(there)).close()


async def brought_up(there: str) -> None:
    await asyncio.to_thread(migrate, there)


@pytest.mark.parametrize("does", [brought_up, open_storage])
async def test_who_starts_while_the_one_before_is_still_going_waits_for_it(
    postgresql: Postgresql, does: Callable[[str], Coroutine[Any, Any, Storage | None]]
) -> None:
    """Killed or stopped, it is gone some milliseconds before the database has noticed."""
    there = postgresql.database()
    if does is open_storage:
        await brought_up(url(there))
    with psycopg.connect(there, autocommit=True) as before, psycopg.connect(there, autocommit=True) as looks:
        before.execute("SELECT pg_advisory_lock(%s)", (KEY,))
        starts: asyncio.Task[Storage | None] = asyncio.create_task(does(url(there)))
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"

        def until_it_waits() -> None:
            while not starts.done() and looks.execute(waiting).fetchone() == (0,):
                pass

        await asyncio.to_thread(until_it_waits)
        before.close()
        storage = await starts
    if storage is not None:
        await storage.close()


async def test_no_migration_begins_under_a_server_that_runs(
    there: str, monkeypatch: pytest.MonkeyPatch, postgresql: Postgresql
) -> None:
    storage = await open_storage(there)
    async with storage.writing() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0002'")
    with pytest.raises(StorageError) as refusal:
        await asyncio.to_thread(migrate, there)
    assert refusal.value.code == "data.in_use"
    await storage.close()


async def test_it_is_restarted_and_the_server_goes_on_and_still_owns_it(
    postgresql: Postgresql, there: str
) -> None:
    storage = await open_storage(there)
    journal = StoredJournal(storage)
    assert await journal.create(meeting("100000000001"), started())
    postgresql.stop()
    with pytest.raises(Exception, match="connect"):
        await journal.create(meeting("100000000002"), started())
    postgresql.start()
    assert await journal.create(meeting("100000000002"), started())
    await storage._ownership.check()
    with pytest.raises(StorageError):
        await open_storage(there)
    await storage.close()


async def test_who_lost_it_to_another_writes_nothing_and_says_so(there: str) -> None:
    first, other = await open_storage(there), Storage(there)
    await first._ownership.release()
    await other.own(SystemClock())
    with pytest.raises(StorageError):
        await first._ownership.check()
    assert first.ailment()
    with pytest.raises(StorageError) as refusal:
        await StoredJournal(first).create(meeting("100000000001"), started())
    assert refusal.value.code == "data.in_use"
    await other.close()
    await first._ownership.check()
    assert first.ailment() is None
    assert await StoredJournal(first).create(meeting("100000000001"), started())
    await first.close()


def test_a_migration_killed_at_any_statement_is_all_or_nothing(there: str, tmp_path: Path) -> None:
    steps = in_a_process("server.tests.storage.postgresql_killed", there, str(tmp_path))
    assert steps > 6, "the killing missed its work"


async def test_everything_moves_to_the_other_kind_and_back(there: str, tmp_path: Path) -> None:
    first, last = (sqlite_url(tmp_path / name) for name in ("a.db", "b.db"))
    kept = Entry(2, NOW, "chat", "sent", None, SAID, to=(), command="c1")
    storage = await open_storage(first)
    journal = StoredJournal(storage)
    await journal.create(meeting("100000000001"), started())
    await journal.append("100000000001", [kept], meeting("").status, 1000)
    await storage.close()
    for target in (there, last):
        migrate(target)
    other = await open_storage(there)
    await StoredJournal(other).create(meeting("100000000009"), started())
    await other.close()
    transfer(first, there)
    transfer(there, last)
    for moved in (there, last):
        storage = await open_storage(moved)
        journal = StoredJournal(storage)
        assert await journal.find("100000000001") == meeting("100000000001")
        assert await journal.find("100000000009") is None, "what was there is gone"
        assert list((await journal.load("100000000001", "", 9)).entries) == [started(), kept]
        await storage.close()


def meeting(number: str) -> Meeting:
    return Meeting(number, "Stand-up ☕", NOW, b"a\x00" * 16, b"b" * 32, b"c" * 32)


def started() -> Entry:
    return Entry(1, NOW, "meeting", "started", None, {"title": "Stand-up ☕"})
