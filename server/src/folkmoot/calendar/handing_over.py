"""Whose a meeting is when it stops being its owner's alone: brought into an organisation, or left to who follows.

Law: nothing is taken. A meeting belongs to an organisation when its owner said so, and passes to somebody when its owner named them or goes from
the organisation that it belongs to. Its number, its links and who is invited stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts import Account
from folkmoot.accounts import store as accounts
from folkmoot.accounts.model import AccountId, State
from folkmoot.calendar import inviting, mails, store
from folkmoot.calendar.calendar import Calendar, visitor
from folkmoot.calendar.model import Series
from folkmoot.kit import Refusal
from folkmoot.orgs import OrgId
from folkmoot.orgs import store as orgs

NOBODY = Refusal("calendar.heir")


async def bring(at: Calendar, connection: AsyncConnection, org: str, owner: str, ids: Sequence[str]) -> None:
    """What they don't own stays as it is."""
    for number in await store.give(connection, owner, org, ids):
        at.tell_changed(number)


async def name_heir(at: Calendar, by: Account, heir: str | None) -> str | Refusal:
    """Who has their meetings when their account goes: an organisation that they are in, or a colleague. What those are called."""
    async with at.storage.writing() as connection:
        name = await _may_follow(at, connection, by, heir)
        if name is None:
            return NOBODY
        wanted = await store.preferences(connection, by.id)
        await store.prefer(connection, by.id, replace(wanted, heir=heir))
    return name


@dataclass(frozen=True, slots=True)
class Heirs:
    """Who was named, as far as they may still follow, and which organisations might be."""

    heir: str | None
    name: str
    orgs: Mapping[str, str]


async def heirs(at: Calendar, by: Account) -> Heirs:
    async with at.storage.reading() as connection:
        heir = (await store.preferences(connection, by.id)).heir
        name = await _may_follow(at, connection, by, heir)
        mine = at.orgs(by.id)
        there = {id: called for id, called in mine.items() if await _has_somebody(connection, id, by)}
    return Heirs(heir if name is not None else None, name or "", there)


async def _has_somebody(connection: AsyncConnection, org: str, but: Account) -> bool:
    """Who owns or governs it, and isn't the one who goes."""
    return await orgs.successor(connection, OrgId(org), but.id) is not None


async def _may_follow(at: Calendar, connection: AsyncConnection, by: Account, heir: str | None) -> str | None:
    """What they are called."""
    if heir is None:
        return ""
    mine = at.orgs(by.id)
    if heir in mine:
        return mine[heir] if await _has_somebody(connection, heir, by) else None
    if heir == by.id or not mine.keys() & at.orgs(heir).keys():
        return None
    account = await accounts.account_of(connection, AccountId(heir))
    return account.name if account is not None and account.state is State.ACTIVE else None


async def follower(
    connection: AsyncConnection, one: Series, heir: str | None
) -> tuple[Account, str | None] | None:
    """Who has it now, and which organisation; None: nobody. An organisation's own is not anybody's to will away."""
    for wanted in (one.org, heir):
        if wanted is None:
            continue
        org = wanted if wanted == one.org or wanted.startswith("o_") else None
        id = wanted if org is None else await orgs.successor(connection, OrgId(org), AccountId(one.owner))
        found = await accounts.account_of(connection, AccountId(id)) if id is not None else None
        if found is not None and found.state is State.ACTIVE and found.id != one.owner:
            return found, org or one.org
    return None


async def hand_over(
    at: Calendar, connection: AsyncConnection, one: Series, to: Account, org: str | None
) -> Series:
    """The invited hear whose it is now, who has it hears of it by the list of what came to them."""
    after = replace(one, owner=to.id, org=org, sequence=one.sequence + 1)
    await store.change(connection, after)
    own = await store.invitation_of(connection, one.id, visitor(to))
    if own is not None:
        await inviting.take_back(at, connection, one, own)
    await inviting.tell_handed_over(at, connection, after, to)
    return after


async def tell_heir(at: Calendar, connection: AsyncConnection, to: Account, came: Sequence[Series]) -> None:
    mail = mails.inherited(at, to, came)
    if mail is not None and at.post is not None:
        await at.post.put(connection, mail)
