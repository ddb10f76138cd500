"""Bearer tokens of an organisation's directory: it says over SCIM who the organisation's people are, and nothing else is done by one.

Law: a token is kept as a hash, shown once, and good for its own organisation alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from folkmoot.accounts import Account
from folkmoot.accounts.accounts import must_be_fresh
from folkmoot.accounts.holding import DIRECTORY_SYNC
from folkmoot.accounts.model import Session, hashed
from folkmoot.kit import Refusal, text
from folkmoot.orgs.model import OrgId, Role
from folkmoot.orgs.orgs import Orgs
from folkmoot.orgs.tables import tokens

PREFIX = "fmd_"
MOST = 20
USED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Token:
    id: str
    name: str
    made_at: datetime
    used_at: datetime | None


async def make(at: Orgs, who: Account, session: Session, id: OrgId, name: str) -> tuple[Token, str] | Refusal:
    said = text.name(name)
    if isinstance(said, Refusal):
        return said
    refusal = must_be_fresh(session, at.accounts) or at.accounts.held.lacks(id, DIRECTORY_SYNC)
    if refusal is not None:
        return refusal
    async with at.audit.acting() as act:
        me = await at.standing(act.connection, id, who.id, Role.OWNER)
        if isinstance(me, Refusal):
            return me
        there = await act.connection.scalar(
            sa.select(sa.func.count()).select_from(tokens).where(tokens.c.org == id)
        )
        if int(there or 0) >= MOST:
            return Refusal("org.too_many_tokens", {"most": MOST})
        made, secret = Token(at.draw("t_"), said, at.clock.now(), None), PREFIX + at.accounts.draw(24)
        row = {"id": made.id, "org": id, "name": said, "made_by": who.id, "made_at": made.made_at}
        await act.connection.execute(tokens.insert().values(hash=hashed(secret), **row))
        await act.note(id, who.id, "token.made", made.id)
    return made, secret


async def listed(at: Orgs, who: Account, id: OrgId) -> list[Token] | Refusal:
    async with at.storage.reading() as connection:
        me = await at.standing(connection, id, who.id, Role.OWNER)
        if isinstance(me, Refusal):
            return me
        found = tokens.select().where(tokens.c.org == id).order_by(tokens.c.made_at)
        rows = await connection.execute(found)
        return [Token(row.id, row.name, row.made_at, row.used_at) for row in rows]


async def revoke(at: Orgs, who: Account, id: OrgId, token: str) -> Refusal | None:
    async with at.audit.acting() as act:
        me = await at.standing(act.connection, id, who.id, Role.OWNER)
        if isinstance(me, Refusal):
            return me
        mine = tokens.delete().where(tokens.c.org == id, tokens.c.id == token)
        if not (await act.connection.execute(mine)).rowcount:
            return Refusal("org.token_unknown")
        await act.note(id, who.id, "token.revoked", token)
    return None


async def bearer(at: Orgs, secret: str) -> tuple[OrgId, str] | None:
    """Whose directory says that: its organisation, and the token's id."""
    if not secret.startswith(PREFIX) or len(secret) > 100:
        return None
    now = at.clock.now()
    async with at.storage.reading() as connection:
        row = (await connection.execute(tokens.select().where(tokens.c.hash == hashed(secret)))).first()
    if row is None:
        return None
    if row.used_at is None or now - row.used_at > USED_EVERY:
        async with at.storage.writing() as connection:
            await connection.execute(tokens.update().where(tokens.c.hash == row.hash).values(used_at=now))
    return OrgId(row.org), row.id
