"""Bringing a database to this version. Migrations ship inside the package; they only ever go forward.

Law: all of them or none. Killed at any moment it leaves the database as it was, or migrated; the next start goes on. Before
one is changed that has something in it, a copy is put beside it.
"""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from folkmoot.storage.copy import check, copy, unusable
from folkmoot.storage.refusal import StorageError

MIGRATIONS = Path(__file__).with_name("migrations")
SYNC_DRIVERS = {"sqlite+aiosqlite": "sqlite"}
QUICKLY_READ = 64 * 1024 * 1024
"""Up to this size the whole file is looked at before it is used; `folkmoot doctor` looks at any."""
COPIES_KEPT_S = 7 * 24 * 3600.0
"""Time to notice that the new version doesn't do. Copies hold what is deleted afterwards, so they go too."""


def migrate(url: str) -> None:
    """Blocks; safe to repeat, and on a database that is there already."""
    parsed = make_url(url)
    file = file_of(parsed)
    engine = _engine(parsed)
    try:
        if file is not None and file.exists() and file.stat().st_size <= QUICKLY_READ:
            check(file)
        found = _found(engine)
        if found == newest():
            return
        if found is not None and found not in _known():
            raise _newer(str(file or parsed.host), found)
        if file is not None and found is not None:
            copy(file, file.with_name(f"{file.stem}.before-{newest()}{file.suffix}"))
        with engine.begin() as connection:
            _upgrade(connection)
    except DatabaseError as error:
        if file is None:
            raise
        raise unusable(file, error.orig) from None
    finally:
        engine.dispose()


def newest() -> str:
    """Migrations are named by their number, and it is their revision."""
    return max(_known())


def forget_old_copies(file: Path, now: float | None = None) -> None:
    for copied in file.parent.glob(f"{file.stem}.before-*{file.suffix}"):
        with contextlib.suppress(OSError):
            if copied.stat().st_mtime < (time.time() if now is None else now) - COPIES_KEPT_S:
                copied.unlink()


def file_of(url: URL) -> Path | None:
    """Of SQLite's."""
    is_file = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
    return Path(str(url.database)) if is_file else None


def _known() -> set[str]:
    return {file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py")}


def _engine(url: URL) -> Engine:
    engine = create_engine(
        url.set(drivername=SYNC_DRIVERS.get(url.drivername, url.drivername)),
        poolclass=NullPool,
        hide_parameters=True,
    )
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _leave_transactions_to_us)
        event.listen(engine, "begin", _begin)
    return engine


def _leave_transactions_to_us(connection: Any, _: object) -> None:
    connection.isolation_level = None  # Python's own begins none before CREATE TABLE, which then stands alone


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _found(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return str(found) if found else None


def _newer(where: str, found: str) -> StorageError:
    return StorageError(
        "data.newer",
        f"{where} was written by a newer Folkmoot (it is at {found}, this one knows {newest()}). Start that version again;"
        " or bring back a backup made before: folkmoot restore FILE --force.",
    )


def _upgrade(connection: Connection) -> None:
    # Most starts have nothing to bring up to date, and needn't load, or keep, what does it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
