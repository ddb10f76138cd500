"""A start after whatever happened to the database before."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import make_url

from folkmoot.storage import StorageError, open_storage, sqlite_url
from folkmoot.storage.migrate import COPIES_KEPT_S, forget_old_copies, migrate, opened, upgrade

from ..killed import in_a_process


@pytest.mark.parametrize("what", ["new", "old"])
def test_killed_at_any_step_the_next_start_goes_on(tmp_path: Path, what: str) -> None:
    steps = in_a_process("server.tests.storage.migration_killed", str(tmp_path / "data"), what)
    assert steps > 15, "the killing missed its work"


def refused(file: Path) -> StorageError:
    before = file.read_bytes()
    with pytest.raises(StorageError) as refusal:
        migrate(sqlite_url(file))
    assert file.read_bytes() == before, "what can't be used isn't touched"
    return refusal.value


def test_a_newer_database_is_refused_with_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "folkmoot.db"
    migrate(sqlite_url(file))
    with sqlite3.connect(file) as database:
        database.execute("UPDATE alembic_version SET version_num = '7777'")
    database.close()
    error = refused(file)
    assert error.code == "data.newer"
    assert "7777" in error.message and "restore" in error.message


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "folkmoot.db"
    file.write_bytes(b"a shopping list" * 1000)
    assert refused(file).code == "data.broken"


def test_a_damaged_database_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "folkmoot.db"
    migrate(sqlite_url(file))
    content = bytearray(file.read_bytes())
    content[4096 * 3 : 4096 * 4] = os.urandom(4096)
    file.write_bytes(content)
    assert refused(file).code == "data.broken"


def test_a_database_that_somebody_holds_is_not_called_damaged(tmp_path: Path) -> None:
    file = tmp_path / "folkmoot.db"
    holder = sqlite3.connect(file)
    holder.execute("PRAGMA locking_mode=EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StorageError) as refusal:
        migrate(sqlite_url(file) + "?timeout=0.01")
    holder.close()
    assert refusal.value.code == "data.unusable"
    assert "locked" in refusal.value.message


async def test_the_copy_from_before_goes_when_its_time_is_over(tmp_path: Path) -> None:
    """It has what was deleted since."""
    copied = tmp_path / "folkmoot.before-0003.db"
    copied.write_bytes(b"")
    written = copied.stat().st_mtime
    forget_old_copies(tmp_path / "folkmoot.db", written + COPIES_KEPT_S - 1)
    assert copied.exists()
    os.utime(copied, (written, written - COPIES_KEPT_S - 60))
    storage = await open_storage(sqlite_url(tmp_path / "folkmoot.db"))
    await storage.close()
    assert not copied.exists()


def test_services_that_everybody_had_they_keep(address: str) -> None:
    """Before they counted, a free plan's list said nothing."""
    engine = opened(make_url(address))
    said = {"id": "free", "name": "Free", "limits": {"people": 100}, "services": []}
    plans = sa.table("billing_plans", sa.column("id", sa.String), sa.column("said", sa.JSON))
    with engine.begin() as connection:
        upgrade(connection, "0022")
        connection.execute(plans.insert().values(id="free", said=said))
        connection.execute(plans.insert().values(id="team", said=said | {"id": "team"}))
    migrate(address)
    with engine.connect() as connection:
        found = {row.id: row.said for row in connection.execute(plans.select())}
    engine.dispose()
    assert found["free"] == said | {"services": ["api", "branding", "directory_sync"]}
    assert found["team"]["services"] == []
