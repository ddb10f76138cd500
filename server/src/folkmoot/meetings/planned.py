"""Planned meetings, as their door knows them: a number that outlives its occurrences, and the one question about who comes.

Law: a meeting asks whoever plans it once, when somebody comes: who is this to you, and may it begin? The answer is a value. Whether
a number is a planned meeting's is told only to who has proved something.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.kit import Randomness, Refusal
from folkmoot.meetings.feature import Entry, Role
from folkmoot.meetings.invitations import Invitation
from folkmoot.meetings.model import TOKEN_BYTES, hashed, new_number
from folkmoot.meetings.tables import events, invitations, meetings, occurrences

CLOSED = Refusal("meeting.closed_door")
PersonKind = Literal["member", "outsider", "guest"]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is signed in."""

    account: str
    name: str
    addresses: tuple[str, ...] = ()
    """Proven to be theirs."""
    picture: str = ""
    """Where others see them: the id of a file."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What the occurrence is like that begins when they come."""

    title: str
    preset: str = "open"
    waiting_room: str | None = None
    planned_for: str = ""
    keeps_until: datetime | None = None
    most: int | None = None
    attendance: bool = False
    floor: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """What it is never looser than, and who decided each (`people.floor`)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody is to a meeting, by their account and by how it was planned."""

    role: Role = Role.GUEST
    link: str = ""
    """The invitation that is theirs."""
    kind: PersonKind = "guest"
    org: str = ""
    """Whose they are, where that isn't the meeting's own."""
    refusal: Refusal | None = None
    """They may not come, whatever they show."""
    opening: Opening | Refusal = CLOSED
    """How it begins, if nothing of it takes place; or why it doesn't."""


STRANGER = Standing()


class Plans(Protocol):
    async def standing(
        self, number: str, visitor: Visitor | None, link: str, *, begins: bool = False
    ) -> Standing:
        """`link`: the invitation that they showed, if they did. `begins`: say how, for nothing of it takes place. Of a number that isn't planned it says who they are, no more."""
        ...


class NoPlans:
    """Where nothing is planned."""

    async def standing(
        self, number: str, visitor: Visitor | None, link: str, *, begins: bool = False
    ) -> Standing:
        return Standing(kind="guest" if visitor is None else "member")


@dataclass(frozen=True, slots=True)
class Held:
    """An occurrence that took place, or does."""

    number: str
    n: int
    planned_for: str
    title: str
    began_at: datetime
    ended_at: datetime | None
    people: int


# --- in the transaction of whoever plans --------------------------------------------------------------------------------


async def plan(connection: AsyncConnection, title: str, randomness: Randomness, at: datetime) -> str:
    """A new number, which opens nothing yet."""
    while True:
        number = new_number(randomness)
        row = {"number": number, "occurrence": 0, "title": title, "created_at": at, "planned": True}
        # nobody ever holds its host key: who owns it is told by their account
        row |= {
            "admission_hash": b"",
            "passcode_hash": b"",
            "host_key_hash": hashed(randomness.token(TOKEN_BYTES)),
        }
        row |= {"locked": False, "entered": False, "ended_at": at, "reserved": 0}
        try:
            async with connection.begin_nested():
                await connection.execute(meetings.insert().values(row))
        except IntegrityError:
            continue
        return number


async def set_proofs(
    connection: AsyncConnection, number: str, admission: bytes, passcode_hash: bytes
) -> None:
    proofs = {"admission_hash": hashed(admission), "passcode_hash": passcode_hash}
    await connection.execute(meetings.update().where(meetings.c.number == number).values(proofs))


async def retire(connection: AsyncConnection, number: str) -> None:
    """Nothing of it is to come: its number is forgotten with the last of its occurrences."""
    await connection.execute(meetings.update().where(meetings.c.number == number).values(planned=False))


async def set_links(connection: AsyncConnection, number: str, wanted: Sequence[Invitation]) -> None:
    """Those of the same ids are replaced."""
    c, ids = invitations.c, [one.id for one in wanted]
    mine = c.number == number
    await connection.execute(invitations.delete().where(mine, c.id.in_(ids)))
    place = (
        await connection.scalar(sa.select(sa.func.coalesce(sa.func.max(c.place), -1) + 1).where(mine)) or 0
    )
    rows = [
        {"number": number, "id": one.id, "place": place + n, "name": one.name, "made_at": one.made_at}
        | {"admission_hash": one.admission_hash, "revoked": one.revoked}
        for n, one in enumerate(wanted)
    ]
    await connection.execute(invitations.insert(), rows)


# --- what took place ------------------------------------------------------------------------------------------------------


async def held(
    connection: AsyncConnection, numbers: Sequence[str], before: datetime | None, most: int
) -> list[Held]:
    """The latest first."""
    c = occurrences.c
    wanted = occurrences.select().where(c.number.in_(numbers)).order_by(c.began_at.desc()).limit(most)
    if before is not None:
        wanted = wanted.where(c.began_at < before)
    return [_held(row) for row in await connection.execute(wanted)]


async def running(connection: AsyncConnection, numbers: Sequence[str]) -> dict[str, Held]:
    """Those that take place now."""
    c = occurrences.c
    wanted = occurrences.select().where(c.number.in_(numbers), c.ended_at.is_(None))
    return {row.number: _held(row) for row in await connection.execute(wanted)}


async def ended(
    connection: AsyncConnection, times: Collection[tuple[str, str]]
) -> dict[tuple[str, str], datetime]:
    """When those of these, number and time planned for, were over that took place; the last time, where one was begun again."""
    if not times:
        return {}
    c = occurrences.c
    numbers, planned_for = ({each[n] for each in times} for n in (0, 1))
    wanted = sa.select(c.number, c.planned_for, c.ended_at).where(
        c.number.in_(numbers), c.planned_for.in_(planned_for), c.ended_at.is_not(None)
    )
    rows = await connection.execute(wanted.order_by(c.occurrence))
    return {
        (row.number, row.planned_for): row.ended_at for row in rows if (row.number, row.planned_for) in times
    }


async def last_of(connection: AsyncConnection, number: str) -> Held | None:
    c = occurrences.c
    wanted = occurrences.select().where(c.number == number).order_by(c.occurrence.desc()).limit(1)
    row = (await connection.execute(wanted)).first()
    return None if row is None else _held(row)


async def one(connection: AsyncConnection, number: str, n: int) -> Held | None:
    c = occurrences.c
    row = (
        await connection.execute(occurrences.select().where(c.number == number, c.occurrence == n))
    ).first()
    return None if row is None else _held(row)


async def entries(
    connection: AsyncConnection, number: str, n: int, kinds: Mapping[str, Sequence[str]]
) -> list[Entry]:
    """Of its log, in order: of these features these types, and of them what everybody could see; of who was there, what hosts could."""
    c = events.c
    wanted = sa.or_(*(sa.and_(c.feature == name, c.type.in_(types)) for name, types in kinds.items()))
    mine = events.select().where(c.number == number, c.occurrence == n, wanted).order_by(c.seq)
    return [
        Entry(row.seq, row.at, row.feature, row.type, row.by, row.payload)
        for row in await connection.execute(mine)
        if row.audience is None or row.feature == "attendance"
    ]


def _held(row: Any) -> Held:
    return Held(
        row.number, row.occurrence, row.planned_for, row.title, row.began_at, row.ended_at, row.people
    )
