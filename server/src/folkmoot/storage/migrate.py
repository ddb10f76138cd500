"""Bringing a database to this version. Migrations ship inside the package; they only ever go forward.

Law: all of them or none. Killed at any moment it leaves the database as it was, or migrated; the next start goes on. Before
one is changed that has something in it, a copy is put beside it.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from folkmoot.storage.address import file_of, name_of
from folkmoot.storage.copy import check, copy, unusable
from folkmoot.storage.ownership import in_use, locked_for_us
from folkmoot.storage.postgresql import CONNECTING, must_keep_every_name, without_values
from folkmoot.storage.refusal import StorageError, unreachable

MIGRATIONS = Path(__file__).with_name("migrations")
SYNC_DRIVERS = {"sqlite+aiosqlite": "sqlite"}
QUICKLY_READ = 64 * 1024 * 1024
"""Up to this size the whole file is looked at before it is used; `folkmoot doctor` looks at any."""
COPIES_KEPT_S = 7 * 24 * 3600.0
"""Time to notice that the new version doesn't do. Copies hold what is deleted afterwards, so they go too."""


def migrate(url: str) -> None:
    """Blocks; safe to repeat, and on a database that is there already."""
    parsed = make_url(url)
    engine = opened(parsed)
    try:
        with understood(parsed):
            _bring_up(engine, name_of(parsed), file_of(parsed))
    finally:
        engine.dispose()


def revision_of(url: str) -> str | None:
    """None: nothing was ever kept there."""
    parsed = make_url(url)
    engine = opened(parsed)
    try:
        with understood(parsed):
            return found(engine)
    finally:
        engine.dispose()


def must_be_of_this_version(url: str) -> None:
    """For who reads it and may not change it: a server may be running there."""
    at, where = revision_of(url), name_of(make_url(url))
    if at == newest():
        return
    if at is not None and at not in known():
        raise _newer(where, at)
    raise StorageError(
        "data.older", f"{where} is not of this version yet. Bring it up to date first: folkmoot migrate."
    )


def _bring_up(engine: Engine, where: str, file: Path | None) -> None:
    if file is not None and file.exists() and file.stat().st_size <= QUICKLY_READ:
        check(file)
    if file is None:
        must_keep_every_name(engine, where)
    at = found(engine)
    if at == newest():
        return
    if at is not None and at not in known():
        raise _newer(where, at)
    if file is not None and at is not None:
        copy(file, file.with_name(f"{file.stem}.before-{newest()}{file.suffix}"))
    with engine.begin() as connection:
        if file is None and not locked_for_us(connection):
            raise in_use(where)
        upgrade(connection)


@contextlib.contextmanager
def understood(url: URL) -> Iterator[None]:
    file = file_of(url)
    try:
        yield
    except DatabaseError as error:
        if file is not None:
            raise unusable(file, error.orig) from None
        raise unreachable(name_of(url), error.orig) from None


def newest() -> str:
    """Migrations are named by their number, and it is their revision."""
    return max(known())


def forget_old_copies(file: Path, now: float | None = None) -> None:
    for copied in file.parent.glob(f"{file.stem}.before-*{file.suffix}"):
        with contextlib.suppress(OSError):
            if copied.stat().st_mtime < (time.time() if now is None else now) - COPIES_KEPT_S:
                copied.unlink()


def known() -> set[str]:
    return {file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py")}


def opened(url: URL) -> Engine:
    is_sqlite = url.get_backend_name() == "sqlite"
    engine = create_engine(
        url.set(drivername=SYNC_DRIVERS.get(url.drivername, url.drivername)),
        poolclass=NullPool,
        hide_parameters=True,
        connect_args={} if is_sqlite else CONNECTING,
    )
    if is_sqlite:
        event.listen(engine, "connect", _leave_transactions_to_us)
        event.listen(engine, "begin", _begin)
    else:
        event.listen(engine, "handle_error", without_values)
    return engine


def _leave_transactions_to_us(connection: Any, _: object) -> None:
    connection.isolation_level = None  # Python's own begins none before CREATE TABLE, which then stands alone


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def found(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        at = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return str(at) if at else None


def _newer(where: str, found: str) -> StorageError:
    return StorageError(
        "data.newer",
        f"{where} was written by a newer Folkmoot (it is at {found}, this one knows {newest()}). Start that version again;"
        " or bring back a backup made before: folkmoot restore FILE --force.",
    )


def upgrade(connection: Connection, to: str = "head") -> None:
    # Most starts have nothing to bring up to date, and needn't load, or keep, what does it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, to)
