"""The database itself: its migrations, and what a transaction is."""

from __future__ import annotations

import asyncio
import traceback
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import make_url

import folkmoot.app  # noqa: F401  registers the tables of all slices
from folkmoot.storage import database, metadata, open_storage, sqlite_url
from folkmoot.storage.migrate import MIGRATIONS, known, migrate, newest, opened, revision_of, upgrade

from ..conftest import KEPT

notes = sa.Table("notes", sa.MetaData(), sa.Column("text", sa.Text, primary_key=True))

PRIVATE = "between us"
A_MEETING = """INSERT INTO meetings (number, occurrence, title, created_at, admission_hash, passcode_hash, host_key_hash, locked,
    entered, reserved) VALUES ('123456789012', 1, 'Monday', '2026-01-01 00:00:00', '', '', '', '0', '0', 0)"""


def test_the_migrations_make_what_the_slices_tables_say(address: str) -> None:
    migrate(address)
    engine = opened(make_url(address))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_migrating_again_changes_nothing(address: str) -> None:
    assert revision_of(address) is None
    migrate(address)
    migrate(address)
    assert revision_of(address) == newest()


@pytest.mark.parametrize("revision", sorted(known()))
def test_every_revision_that_ever_was_comes_up_to_this_one(address: str, revision: str) -> None:
    engine = opened(make_url(address))
    with engine.begin() as connection:
        upgrade(connection, revision)
        connection.execute(sa.text(A_MEETING))
    migrate(address)
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT title FROM meetings")) == "Monday"
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_a_migration_is_named_by_its_revision() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [newest()]


async def test_a_transaction_is_all_or_nothing(address: str) -> None:
    storage = await open_storage(address)
    async with storage.writing() as connection:
        await connection.execute(sa.schema.CreateTable(notes))

    async def write_and_fail() -> None:
        async with storage.writing() as connection:
            await connection.execute(notes.insert().values(text="never"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await write_and_fail()
    async with storage.writing() as connection:
        await connection.execute(notes.insert().values(text="kept"))
    async with storage.reading() as connection:
        assert list(await connection.scalars(sa.select(notes.c.text))) == ["kept"]
    await storage.close()


async def test_writers_take_turns(address: str) -> None:
    storage = await open_storage(address)
    async with storage.writing() as connection:
        await connection.execute(sa.schema.CreateTable(notes))

    async def write(n: int) -> None:
        async with storage.writing() as connection:
            count = await connection.scalar(sa.select(sa.func.count()).select_from(notes))
            await asyncio.sleep(0)
            await connection.execute(notes.insert().values(text=f"{count}"))

    await asyncio.gather(*(write(n) for n in range(20)))
    async with storage.reading() as connection:
        assert await connection.scalar(sa.select(sa.func.count()).select_from(notes)) == 20
    await storage.close()


async def test_who_reads_sees_one_moment_however_many_statements_it_takes(address: str) -> None:
    storage = await open_storage(address)
    async with storage.writing() as connection:
        await connection.execute(sa.schema.CreateTable(notes))
    count = sa.select(sa.func.count()).select_from(notes)
    async with storage.reading() as reader:
        assert await reader.scalar(count) == 0
        async with storage.writing() as connection:
            await connection.execute(notes.insert().values(text="meanwhile"))
        assert await reader.scalar(count) == 0
    async with storage.reading() as reader:
        assert await reader.scalar(count) == 1
    await storage.close()


async def test_sqlite_is_told_to_keep_its_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "PRAGMAS", KEPT)
    storage = await open_storage(sqlite_url(tmp_path / "a.db"))
    async with storage.reading() as connection:
        told = {
            pragma: await connection.scalar(sa.text(f"PRAGMA {pragma}"))
            for pragma in ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
        }
    assert told == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1}
    await storage.close()


async def test_what_people_said_is_in_no_error(address: str) -> None:
    """An error is logged, and its text with it."""
    storage = await open_storage(address)
    async with storage.writing() as connection:
        await connection.execute(sa.schema.CreateTable(notes))

    async def twice() -> None:
        async with storage.writing() as connection:
            await connection.execute(notes.insert(), [{"text": PRIVATE}] * 2)

    with pytest.raises(sa.exc.IntegrityError) as failed:
        await twice()
    await storage.close()
    assert PRIVATE not in "".join(traceback.format_exception(failed.value))
