"""One server at a time works on a PostgreSQL database, as one does in a data folder.

Law: who doesn't hold the lock writes nothing. It is a session's advisory lock, so it goes with its connection: a server that is
killed holds it no longer, and one whose database was restarted takes it again, unless another was quicker. The database notices
a connection that is gone a moment later than the machine does, so who starts waits that long before it refuses.
"""

from __future__ import annotations

import contextlib

from psycopg.errors import LockNotAvailable
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from folkmoot.storage.address import name_of
from folkmoot.storage.refusal import StorageError

KEY = int.from_bytes(b"folkmoot")
EVERY_S = 5.0
WAITS = text("SET LOCAL lock_timeout = '3s'")
AS_BEFORE = text("SET LOCAL lock_timeout TO DEFAULT")


class Ownership:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._held: AsyncConnection | None = None
        self._lost = False

    async def take(self, *, waits: bool = False) -> None:
        connection = await self._engine.connect()
        try:
            if waits:
                is_ours = await connection.run_sync(_waited_for, "pg_advisory_lock")
            else:
                is_ours = await connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": KEY})
            if not is_ours:
                raise in_use(name_of(self._engine.url))
            await connection.commit()
        except BaseException:
            await connection.close()
            raise
        self._held, self._lost = connection, False

    async def check(self) -> None:
        """Takes it again where the connection broke; raises while it can't be had."""
        if self._held is not None:
            try:
                await self._held.scalar(text("SELECT 1"))
                await self._held.commit()
            except DBAPIError:
                await self.release()
            else:
                return
        try:
            await self.take()
        except StorageError:
            self._lost = True
            raise

    def must_hold(self) -> None:
        if self._lost:
            raise in_use(name_of(self._engine.url))

    def ailment(self) -> str | None:
        return "another server works on its database" if self._lost else None

    async def release(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            with contextlib.suppress(DBAPIError):
                await held.invalidate()
                await held.close()


def locked_for_us(connection: Connection) -> bool:
    """Until the transaction ends nobody else works on it."""
    return _waited_for(connection, "pg_advisory_xact_lock")


def _waited_for(connection: Connection, lock: str) -> bool:
    connection.execute(WAITS)
    try:
        connection.execute(text(f"SELECT {lock}(:key)"), {"key": KEY})
    except DBAPIError as error:
        if isinstance(error.orig, LockNotAvailable):
            return False
        raise
    connection.execute(AS_BEFORE)
    return True


def in_use(where: str) -> StorageError:
    return StorageError(
        "data.in_use", f"Another Folkmoot works on {where}. End it, or name another database in storage.url."
    )
