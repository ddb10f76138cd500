"""Colleagues: found by a part of their name or address, listed a page at a time.

Law: a member sees members, an outsider nobody. Who was only asked is seen by nobody. What costs is bounded: one index is read,
and nothing of an account but of those that are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts import Account, AccountId
from folkmoot.accounts.store import pictures_of
from folkmoot.accounts.tables import addresses, codes, passkeys, passwords, sessions
from folkmoot.kit import Refusal
from folkmoot.kit.text import folded
from folkmoot.orgs import group_store, store
from folkmoot.orgs.model import LISTED, GroupId, Member, MemberId, OrgId, Role, State
from folkmoot.orgs.orgs import Orgs
from folkmoot.orgs.tables import group_members, members
from folkmoot.storage.searching import holds

MOST_SHOWN = 100
LONGEST_QUERY = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    like: str = ""
    group: GroupId | None = None
    role: Role | None = None
    after: tuple[str, str] | None = None
    most: int = 20


@dataclass(frozen=True, slots=True)
class Entry:
    member: Member
    address: str | None
    """Proven; or what they were invited by."""
    groups: tuple[GroupId, ...]
    signs_in_with: tuple[str, ...] = ()
    """`passkey`, `password`, `codes`: for who looks after them."""
    seen_at: datetime | None = None
    picture: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    people: Sequence[Entry]
    next: tuple[str, str] | None
    count: int | None
    """Of all members of the organisation, or of that group. None where something is searched for, or on a later page."""


async def search(at: Orgs, who: Account, id: OrgId, wanted: Wanted) -> Page | Refusal:
    async with at.storage.reading() as connection:
        me = await at.standing(connection, id, who.id)
        if isinstance(me, Refusal):
            return me
        within = await _within(connection, id, wanted.group)
        if isinstance(within, Refusal):
            return within
        found = await _found(connection, id, wanted, within, all_states=me.may(Role.ADMIN))
        more = len(found) > wanted.most
        shown = await _shown(connection, found[: wanted.most], closely=me.may(Role.ADMIN))
        whole = not wanted.like.strip() and wanted.after is None
        count = await _count(connection, id, within) if whole else None
    last = found[wanted.most - 1] if more else None
    return Page(shown, (folded(last.name)[:64], last.id) if last else None, count)


async def colleagues(at: Orgs, who: Account, like: str, most: int = 8) -> list[Entry]:
    """In all organisations one is in: to be invited to a meeting."""
    async with at.storage.reading() as connection:
        mine = [org.id for org, me in await store.orgs_of(connection, who.id) if me.may(Role.MEMBER)]
        found = [
            member
            for org in mine
            for member in await _found(connection, org, Wanted(like, most=most), None, all_states=False)
        ]
        once = {member.account: member for member in found if member.account != who.id}
        return await _shown(connection, list(once.values())[:most], closely=False)


async def _within(
    connection: AsyncConnection, id: OrgId, group: GroupId | None
) -> list[GroupId] | Refusal | None:
    if group is None:
        return None
    tree = await group_store.tree_of(connection, id)
    return tree.below(group) if group in tree.groups else Refusal("org.group_unknown")


async def _found(
    connection: AsyncConnection, id: OrgId, wanted: Wanted, within: list[GroupId] | None, *, all_states: bool
) -> list[Member]:
    """One more than is shown. The index alone is walked, in order, until there are enough."""
    c = members.c
    states = [one.value for one in LISTED] if all_states else [State.MEMBER.value]
    found = sa.select(c.id).where(c.org == id, c.state.in_(states))
    for word in folded(wanted.like[:LONGEST_QUERY]).split():
        found = found.where(holds(connection, c.sought, word))
    if within is not None:
        inside = sa.select(group_members.c.member).where(group_members.c.group.in_(within))
        found = found.where(c.id.in_(inside))
    if wanted.role is not None:
        found = found.where(c.role == wanted.role.value)
    if wanted.after is not None:
        found = found.where(sa.tuple_(c.sort, c.id) > sa.tuple_(*map(sa.literal, wanted.after)))
    ordered = found.order_by(c.sort, c.id).limit(wanted.most + 1)
    ids = [MemberId(row.id) for row in await connection.execute(ordered)]
    known = {member.id: member for member in await store.members_of(connection, id, ids)}
    return [known[one] for one in ids if one in known]


async def _count(connection: AsyncConnection, id: OrgId, within: list[GroupId] | None) -> int:
    if within is None:
        return await store.count_members(connection, id, state=State.MEMBER.value)
    c, m = group_members.c, members.c
    wanted = (
        sa.select(sa.func.count(sa.distinct(c.member)))
        .join_from(group_members, members, m.id == c.member)
        .where(c.group.in_(within), m.state == State.MEMBER.value)
    )
    return int(await connection.scalar(wanted) or 0)


async def _shown(connection: AsyncConnection, found: Sequence[Member], *, closely: bool) -> list[Entry]:
    accounts = [member.account for member in found if member.account is not None]
    proven = await _addresses(connection, accounts)
    pictures = await pictures_of(connection, accounts)
    groups = await group_store.groups_of(connection, [member.id for member in found])
    ways = await _ways(connection, accounts) if closely else {}
    seen = await _seen(connection, accounts) if closely else {}
    return [
        Entry(
            member,
            proven.get(member.account or AccountId(""), member.address),
            tuple(groups.get(member.id, ())),
            ways.get(member.account or AccountId(""), ()),
            seen.get(member.account or AccountId("")),
            pictures.get(member.account or AccountId("")),
        )
        for member in found
    ]


async def _addresses(connection: AsyncConnection, accounts: Sequence[AccountId]) -> dict[AccountId, str]:
    """The first proven one of each."""
    c = addresses.c
    found = addresses.select().where(c.account.in_(accounts), c.proven_at.is_not(None))
    ordered = found.order_by(c.proven_at.desc(), c.address.desc())
    return {AccountId(row.account): row.address for row in await connection.execute(ordered)}


async def _ways(
    connection: AsyncConnection, accounts: Sequence[AccountId]
) -> dict[AccountId, tuple[str, ...]]:
    found: dict[AccountId, tuple[str, ...]] = {}
    for way, table, more in (
        ("passkey", passkeys, sa.true()),
        ("password", passwords, sa.true()),
        ("codes", codes, codes.c.confirmed.is_(True)),
    ):
        wanted = sa.select(table.c.account).where(table.c.account.in_(accounts), more).distinct()
        for row in await connection.execute(wanted):
            found[AccountId(row.account)] = (*found.get(AccountId(row.account), ()), way)
    return found


async def _seen(connection: AsyncConnection, accounts: Sequence[AccountId]) -> dict[AccountId, datetime]:
    c = sessions.c
    wanted = sa.select(c.account, sa.func.max(c.used_at).label("at")).where(c.account.in_(accounts))
    return {AccountId(row.account): row.at for row in await connection.execute(wanted.group_by(c.account))}
