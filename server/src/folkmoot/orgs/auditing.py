"""The audit of one organisation, for those who look after it: with names that hold now, since none are kept in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts import Account
from folkmoot.audit import Entry, Fault
from folkmoot.kit import Refusal
from folkmoot.orgs import store
from folkmoot.orgs.model import LISTED, OrgId, Role
from folkmoot.orgs.orgs import Orgs
from folkmoot.orgs.tables import groups, members


@dataclass(frozen=True, slots=True)
class Shown:
    entry: Entry
    actor: str
    subject: str
    detail: Mapping[str, str | int]


async def listed(at: Orgs, who: Account, id: OrgId, before: int | None) -> list[Shown] | Refusal:
    async with at.storage.reading() as connection:
        me = await at.standing(connection, id, who.id, Role.ADMIN)
        if isinstance(me, Refusal):
            return me
    found = await at.audit.entries(id, before)
    async with at.storage.reading() as connection:
        names = await _names(connection, id, found)
        org = await store.org_of(connection, id)
    return [_shown(entry, names, org.name if org else "") for entry in found]


async def proof(at: Orgs, who: Account, id: OrgId) -> tuple[int, Fault | None] | Refusal:
    async with at.storage.reading() as connection:
        me = await at.standing(connection, id, who.id, Role.ADMIN)
        if isinstance(me, Refusal):
            return me
    count, faults = await at.audit.verify(id)
    return count, next(iter(faults), None)


AS_WRITTEN = ("domain.", "host.", "billing.")
"""About what is no person and no group: a domain, an address, an invoice."""


def _shown(entry: Entry, names: Mapping[str, str], org: str) -> Shown:
    detail = {
        key: names.get(value, value) if isinstance(value, str) else value
        for key, value in entry.detail.items()
        if isinstance(value, str | int)
    }
    subject = entry.subject if entry.what.startswith(AS_WRITTEN) else names.get(entry.subject, "")
    if subject == entry.scope:
        subject = org
    return Shown(entry, names.get(entry.actor, ""), subject, detail)


async def _names(connection: AsyncConnection, id: OrgId, found: Sequence[Entry]) -> dict[str, str]:
    """By ids alone: told the organisation as well, SQLite walks all of it."""
    ids = {one for entry in found for one in (entry.actor, entry.subject, *map(str, entry.detail.values()))}
    c, g = members.c, groups.c
    people = sa.select(c.id, c.org, c.account, c.name, c.state).where(
        sa.or_(c.id.in_(ids), c.account.in_(ids))
    )
    names: dict[str, str] = {}
    for row in await connection.execute(people):
        if row.org == id and row.state in LISTED:
            names |= {row.id: row.name} | ({row.account: row.name} if row.account else {})
    called = sa.select(g.id, g.org, g.name).where(g.id.in_(ids))
    return names | {row.id: row.name for row in await connection.execute(called) if row.org == id}
