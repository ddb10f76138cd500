"""What organisations met in a month, with their names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.orgs.tables import orgs
from folkmoot.usage import store
from folkmoot.usage.counting import Figures
from folkmoot.usage.showing import last_of

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Summed:
    org: str
    """Empty: of no organisation."""
    name: str
    """Empty: it is gone."""
    figures: Figures


async def each_of(connection: AsyncConnection, first: date) -> list[Summed]:
    """Who met most comes first."""
    found = await store.organisations(connection, first, last_of(first))
    names = await _names(connection, sorted(found))
    summed = [Summed(org, names.get(org, ""), figures) for org, figures in found.items()]
    return sorted(summed, key=lambda one: (-one.figures.ms, one.org))


async def _names(connection: AsyncConnection, ids: list[str]) -> dict[str, str]:
    c, names = orgs.c, dict[str, str]()
    for some in (ids[n : n + AT_ONCE] for n in range(0, len(ids), AT_ONCE)):
        rows = await connection.execute(sa.select(c.id, c.name).where(c.id.in_(some)))
        names |= {row.id: row.name for row in rows}
    return names
