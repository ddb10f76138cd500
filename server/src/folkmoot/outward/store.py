"""Queries of own addresses and senders."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.orgs.model import OrgId
from folkmoot.orgs.tables import domains, orgs
from folkmoot.outward.model import Host, Seen, Sender, Why
from folkmoot.outward.tables import hosts, senders
from folkmoot.storage.searching import holds

# --- addresses ------------------------------------------------------------------------------------------------------------


async def every_host(connection: AsyncConnection) -> list[Host]:
    return [_host(row) for row in await connection.execute(hosts.select().order_by(hosts.c.added_at))]


async def hosts_of(connection: AsyncConnection, org: OrgId) -> list[Host]:
    mine = hosts.select().where(hosts.c.org == org).order_by(hosts.c.added_at, hosts.c.host)
    return [_host(row) for row in await connection.execute(mine)]


async def host(connection: AsyncConnection, name: str) -> Host | None:
    row = (await connection.execute(hosts.select().where(hosts.c.host == name))).first()
    return None if row is None else _host(row)


async def hosts_of_all(connection: AsyncConnection, some: Collection[OrgId]) -> dict[OrgId, list[Host]]:
    """Of each that has any."""
    found: dict[OrgId, list[Host]] = {}
    theirs = hosts.select().where(hosts.c.org.in_(some)).order_by(hosts.c.added_at, hosts.c.host)
    for row in await connection.execute(theirs):
        found.setdefault(OrgId(row.org), []).append(_host(row))
    return found


async def found_by_host(connection: AsyncConnection, part: str, most: int) -> list[OrgId]:
    """Who has an address, or a proven domain, with that part in it."""
    d = domains.c
    own = sa.select(hosts.c.org).where(holds(connection, hosts.c.host, part))
    proven = sa.select(d.org).where(d.proven_at.is_not(None), holds(connection, d.domain, part))
    rows = await connection.execute(own.union(proven).limit(most))
    return [OrgId(row.org) for row in rows]


async def add_host(connection: AsyncConnection, made: Host) -> None:
    row = {"host": made.host, "org": made.org, "added_at": made.added_at}
    await connection.execute(hosts.insert().values(**row))


async def change_host(connection: AsyncConnection, name: str, **changed: Any) -> None:
    await connection.execute(hosts.update().where(hosts.c.host == name).values(**changed))


async def remove_host(connection: AsyncConnection, name: str) -> None:
    await connection.execute(hosts.delete().where(hosts.c.host == name))


# --- senders --------------------------------------------------------------------------------------------------------------


async def every_sender(connection: AsyncConnection) -> list[Sender]:
    return [_sender(row) for row in await connection.execute(senders.select())]


async def sender(connection: AsyncConnection, org: OrgId) -> Sender | None:
    row = (await connection.execute(senders.select().where(senders.c.org == org))).first()
    return None if row is None else _sender(row)


async def keep_sender(connection: AsyncConnection, one: Sender, skeleton: str) -> None:
    await forget_sender(connection, one.org)
    row: dict[str, Any] = {"org": one.org, "name": one.name, "skeleton": skeleton, "reply_to": one.reply_to}
    row |= {"address": one.address, "changed_at": one.changed_at, "good_at": one.good_at}
    row |= {"looked_at": one.looked_at, "seen": " ".join(one.seen)}
    await connection.execute(senders.insert().values(**row))


async def change_sender(connection: AsyncConnection, org: OrgId, **changed: Any) -> None:
    await connection.execute(senders.update().where(senders.c.org == org).values(**changed))


async def forget_sender(connection: AsyncConnection, org: OrgId) -> None:
    await connection.execute(senders.delete().where(senders.c.org == org))


async def chosen_by_another(connection: AsyncConnection, org: OrgId, skeleton: str) -> bool:
    wanted = sa.select(senders.c.org).where(senders.c.skeleton == skeleton, senders.c.org != org)
    return (await connection.execute(wanted.limit(1))).first() is not None


# --- what both rest on ----------------------------------------------------------------------------------------------------


async def proven_domains(connection: AsyncConnection) -> dict[str, OrgId]:
    c = domains.c
    rows = await connection.execute(sa.select(c.domain, c.org).where(c.proven_at.is_not(None)))
    return {row.domain: OrgId(row.org) for row in rows}


async def names_of_the_proven(connection: AsyncConnection, but: OrgId) -> list[str]:
    """What organisations are called that have proven a domain."""
    proven = sa.select(domains.c.org).where(domains.c.proven_at.is_not(None))
    wanted = sa.select(orgs.c.name).where(orgs.c.id.in_(proven), orgs.c.id != but)
    return [row.name for row in await connection.execute(wanted)]


async def names_of(connection: AsyncConnection, of: Collection[OrgId]) -> dict[OrgId, str]:
    """Of those that are still there."""
    wanted = sa.select(orgs.c.id, orgs.c.name).where(orgs.c.id.in_(of))
    return {OrgId(row.id): row.name for row in await connection.execute(wanted)}


def _host(row: Any) -> Host:
    return Host(
        row.host,
        OrgId(row.org),
        row.added_at,
        row.ready_at,
        row.looked_at,
        None if row.seen is None else Seen(row.seen),
        row.certificate_until,
        row.wrong_since,
        row.leaving_since,
        None if row.why is None else Why(row.why),
    )


def _sender(row: Any) -> Sender:
    seen = tuple(row.seen.split())
    return Sender(
        OrgId(row.org), row.name, row.reply_to, row.address, row.changed_at, row.good_at, row.looked_at, seen
    )
