"""One server at a time works on a PostgreSQL database, as one does in a data folder.

Law: who doesn't hold the lock writes nothing. It is a session's advisory lock, so it goes with its connection: a server that is
killed holds it no longer, and one whose database was restarted takes it again, unless another was quicker.
"""

from __future__ import annotations

import contextlib

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from folkmoot.storage.address import name_of
from folkmoot.storage.refusal import StorageError

KEY = int.from_bytes(b"folkmoot")
EVERY_S = 5.0


class Ownership:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._held: AsyncConnection | None = None
        self._lost = False

    async def take(self) -> None:
        connection = await self._engine.connect()
        try:
            if not await connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": KEY}):
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


def in_use(where: str) -> StorageError:
    return StorageError(
        "data.in_use", f"Another Folkmoot works on {where}. End it, or name another database in storage.url."
    )
