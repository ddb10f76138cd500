"""An open database. SQLite: one file, WAL, one writer at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from folkmoot.storage.migrate import file_of, forget_old_copies, migrate

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
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # in WAL, NORMAL would lose the last acknowledged commits to a power cut
    "secure_delete=ON",
    "foreign_keys=ON",
    f"busy_timeout={BUSY_MS}",
)


def sqlite_url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


async def open_storage(url: str) -> Storage:
    """Opens the database and brings it to this version first."""
    await asyncio.to_thread(migrate, url)
    storage = Storage(url)
    await storage.forget_deleted()  # what was deleted just before a crash
    return storage


class Storage:
    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self._is_sqlite = parsed.get_backend_name() == "sqlite"
        self._file = file_of(parsed)
        # what people said is among the parameters, and an error is logged
        self._engine: AsyncEngine = create_async_engine(url, hide_parameters=True)
        # SQLite has one writer; waiting for our turn here is cheaper than its polling for the lock.
        self._turn: AbstractAsyncContextManager[Any] = asyncio.Lock() if self._is_sqlite else nullcontext()
        if self._is_sqlite:
            event.listen(self._engine.sync_engine, "connect", _prepare)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        async with self._engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """One transaction: all of it or nothing."""
        async with self._turn, self._engine.begin() as connection:
            yield connection

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
        await self._engine.dispose()


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
