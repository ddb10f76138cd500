"""An open database: SQLite (one file, WAL) or PostgreSQL.

Law: writers take turns, on either: what a transaction has read is still so when it writes. One server owns the database, so
its turn is kept here; where the shell does the same beside it, both write `alone`. Who reads sees one moment, however many statements it takes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import MetaData, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from folkmoot.kit import Clock, Recurring, SystemClock
from folkmoot.storage.address import file_of
from folkmoot.storage.migrate import forget_old_copies, migrate
from folkmoot.storage.ownership import EVERY_S, Ownership
from folkmoot.storage.postgresql import CONNECTING, without_values

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""The tables of all slices."""

BUSY_MS = 5000
PRAGMAS: tuple[str, ...] = (
    "journal_mode=WAL",
    "synchronous=FULL",  # in WAL, NORMAL would lose the last acknowledged commits to a power cut
    "secure_delete=ON",
    "foreign_keys=ON",
    f"busy_timeout={BUSY_MS}",
)


BEGIN = text("BEGIN IMMEDIATE")
"""SQLite's driver begins a transaction of its own only when something is written, which is after what was read."""
TURN = text(f"SELECT pg_advisory_xact_lock({int.from_bytes(b'alone')})")


async def open_storage(url: str, clock: Clock | None = None) -> Storage:
    """Opens the database as its only server, and brings it to this version first."""
    await asyncio.to_thread(migrate, url)
    storage = Storage(url)
    await storage.own(clock or SystemClock())
    await storage.forget_deleted()  # what was deleted just before a crash
    return storage


class Storage:
    """Not owned, it is for looking: `folkmoot reports` while the server runs."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self._is_sqlite = parsed.get_backend_name() == "sqlite"
        self._file = file_of(parsed)
        # what people said is among the parameters, and an error is logged
        self._engine: AsyncEngine = create_async_engine(url, hide_parameters=True, **_pool(self._is_sqlite))
        # waiting for our turn here is cheaper than SQLite's polling for its lock
        self._turn = asyncio.Lock()
        self._ownership = Ownership(self._engine)
        self._owning: Recurring | None = None
        self._after: dict[AsyncConnection, list[Callable[[], None]]] = {}
        if self._is_sqlite:
            event.listen(self._engine.sync_engine, "connect", _prepare)
        else:
            event.listen(self._engine.sync_engine, "handle_error", without_values)

    async def own(self, clock: Clock) -> None:
        """Of SQLite's file the data folder's lock says whose it is."""
        if self._is_sqlite:
            return
        try:
            await self._ownership.take(waits=True)
        except BaseException:
            await self._engine.dispose()
            raise
        self._owning = Recurring("owning the database", self._ownership.check, EVERY_S, clock)
        self._owning.start()

    def ailment(self) -> str | None:
        return self._ownership.ailment() or (self._owning.ailment() if self._owning else None)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        async with self._engine.connect() as connection:
            if self._is_sqlite:
                await _snapshot(connection)
                yield connection
            else:
                yield await connection.execution_options(isolation_level="REPEATABLE READ")

    @asynccontextmanager
    async def writing(self, *, alone: bool = False) -> AsyncIterator[AsyncConnection]:
        """One transaction: all of it or nothing. `alone`: of other processes, too, nobody who wants the same writes meanwhile."""
        self._ownership.must_hold()
        news: list[Callable[[], None]] = []
        async with self._turn, self._engine.begin() as connection:
            self._after[connection] = news
            try:
                if alone:
                    await connection.execute(BEGIN if self._is_sqlite else TURN)
                yield connection
            finally:
                del self._after[connection]
        for told in news:
            told()

    def then(self, connection: AsyncConnection, told: Callable[[], None]) -> None:
        """Once, when that transaction stands; never, if it doesn't."""
        news = self._after.get(connection)
        if news is not None and told not in news:
            news.append(told)

    async def forget_deleted(self) -> bool:
        """What was deleted is gone from the write-ahead log too, and from old copies. False: somebody reads; ask again."""
        busy = False
        if self._is_sqlite:
            async with self._turn, self._engine.connect() as connection:
                busy = await _truncate(connection)
            if self._file is not None:
                await asyncio.to_thread(forget_old_copies, self._file)
        return not busy

    async def close(self) -> None:
        if self._owning is not None:
            await self._owning.stop()
        await self._ownership.release()
        await self._engine.dispose()


def _pool(is_sqlite: bool) -> dict[str, Any]:
    """A database that was restarted is noticed before a statement is lost to it."""
    return {} if is_sqlite else {"pool_pre_ping": True, "connect_args": CONNECTING}


async def _snapshot(connection: AsyncConnection) -> None:
    """By the driver itself: SQLAlchemy would go to the connection's thread four times, and every page reads."""
    driver: Any = (await connection.get_raw_connection()).driver_connection
    await driver.execute("BEGIN")


async def _truncate(connection: AsyncConnection) -> bool:
    """Whether a reader was in the way. It isn't waited for: all writers would wait as well."""
    await connection.execute(text("PRAGMA busy_timeout=0"))
    try:
        return bool((await connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))).one()[0])
    finally:
        await connection.execute(text(f"PRAGMA busy_timeout={BUSY_MS}"))


def _prepare(connection: Any, _: object) -> None:
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
