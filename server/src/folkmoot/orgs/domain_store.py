"""Queries of domains, and of who is asked for their sake."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts import AccountId
from folkmoot.accounts.tables import accounts, addresses
from folkmoot.orgs import names
from folkmoot.orgs.model import Domain, OrgId, State
from folkmoot.orgs.tables import domains, members


async def domains_of(connection: AsyncConnection, org: OrgId) -> list[Domain]:
    wanted = domains.select().where(domains.c.org == org).order_by(domains.c.domain)
    return [_domain(row) for row in await connection.execute(wanted)]


async def domain_of(connection: AsyncConnection, org: OrgId, domain: str) -> Domain | None:
    wanted = domains.select().where(domains.c.org == org, domains.c.domain == domain)
    row = (await connection.execute(wanted)).first()
    return None if row is None else _domain(row)


async def proven(connection: AsyncConnection, domain: str) -> Domain | None:
    """By whichever organisation."""
    wanted = domains.select().where(domains.c.domain == domain, domains.c.proven_at.is_not(None))
    row = (await connection.execute(wanted)).first()
    return None if row is None else _domain(row)


async def to_look_at(
    connection: AsyncConnection, before: Mapping[str, datetime], most: int
) -> list[tuple[OrgId, str]]:
    """Those proven that were not looked at since then, which is another moment for each way in which one is proven."""
    c = domains.c
    looked = sa.func.coalesce(c.looked_at, c.proven_at)
    due = sa.or_(*(sa.and_(c.proven_by == how, looked <= then) for how, then in before.items()))
    missed = sa.and_(c.missing_since.is_not(None), looked <= max(before.values()))
    wanted = sa.select(c.org, c.domain).where(c.proven_at.is_not(None), sa.or_(due, missed))
    rows = await connection.execute(wanted.order_by(looked).limit(most))
    return [(OrgId(row.org), row.domain) for row in rows]


async def add(connection: AsyncConnection, made: Domain) -> None:
    row = {"org": made.org, "domain": made.domain, "token": made.token, "made_at": made.made_at}
    await connection.execute(domains.insert().values(**row))


async def change(connection: AsyncConnection, org: OrgId, domain: str, **changed: Any) -> None:
    mine = (domains.c.org == org, domains.c.domain == domain)
    await connection.execute(domains.update().where(*mine).values(**changed))


async def remove(connection: AsyncConnection, org: OrgId, domain: str) -> None:
    await connection.execute(domains.delete().where(domains.c.org == org, domains.c.domain == domain))


async def code_of(connection: AsyncConnection, org: OrgId, domain: str) -> tuple[bytes, datetime] | None:
    c = domains.c
    found = sa.select(c.code, c.code_until).where(c.org == org, c.domain == domain, c.code.is_not(None))
    row = (await connection.execute(found)).first()
    return None if row is None else (row.code, row.code_until)


async def strangers_at(
    connection: AsyncConnection, org: OrgId, domain: str, most: int
) -> list[tuple[AccountId, str]]:
    """Whose proven address is there, with that address, and who was never asked and is no member."""
    there = sa.exists().where(members.c.org == org, members.c.account == addresses.c.account)
    found = _at(domain).where(~there).order_by(addresses.c.account).limit(most)
    return [(AccountId(row.account), row.address) for row in await connection.execute(found)]


async def unanswered(connection: AsyncConnection, org: OrgId, domain: str) -> list[tuple[AccountId, str]]:
    c = members.c
    asked = sa.exists().where(
        c.org == org, c.domain == domain, c.state == State.ASKED, c.account == addresses.c.account
    )
    return [
        (AccountId(row.account), row.address) for row in await connection.execute(_at(domain).where(asked))
    ]


def _at(domain: str) -> sa.Select[tuple[str, str]]:
    c = addresses.c
    own = c.address.endswith(f"@{names.written(domain)}", autoescape=True)
    return (
        sa.select(c.account, sa.func.min(c.address).label("address"))
        .where(own, c.proven_at.is_not(None))
        .group_by(c.account)
    )


async def told_as(connection: AsyncConnection, account: AccountId) -> tuple[str, str] | None:
    """Name and language."""
    found = sa.select(accounts.c.name, accounts.c.language).where(accounts.c.id == account)
    row = (await connection.execute(found)).first()
    return None if row is None else (row.name, row.language)


async def answers(connection: AsyncConnection, org: OrgId, domain: str) -> dict[State, int]:
    """How many of those that were asked said what. Never who."""
    c = members.c
    counted = sa.select(c.state, sa.func.count().label("people")).where(c.org == org, c.domain == domain)
    return {State(row.state): row.people for row in await connection.execute(counted.group_by(c.state))}


async def drop_unanswered(connection: AsyncConnection, org: OrgId, domain: str) -> None:
    c = members.c
    asked = members.delete().where(c.org == org, c.domain == domain, c.state == State.ASKED)
    await connection.execute(asked)


def _domain(row: Any) -> Domain:
    proof = (row.proven_at, row.proven_by, row.missing_since, row.warned_at)
    return Domain(OrgId(row.org), row.domain, row.token, row.made_at, *proof)
