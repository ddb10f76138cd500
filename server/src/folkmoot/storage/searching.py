"""What is found by a part of it, and listed a page at a time.

Law: what is searched lies folded (`kit.text.folded`) in an index that is walked in the order of the list, so a page costs at most
one walk over a column, and nothing of what somebody types is a pattern.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection


class Place(NamedTuple):
    """Where a list went on to, the oldest first."""

    made_at: datetime
    id: str


def holds(connection: AsyncConnection, column: Any, word: str) -> Any:
    """Quicker than LIKE on either, and nothing needs escaping."""
    where = sa.func.instr if connection.dialect.name == "sqlite" else sa.func.strpos
    return where(column, word) > 0


def beyond(table: sa.Table, after: Place | None) -> Any:
    c = table.c
    if after is None:
        return sa.true()
    return sa.tuple_(c.made_at, c.id) > sa.tuple_(
        sa.literal(after.made_at, c.made_at.type), sa.literal(after.id)
    )
