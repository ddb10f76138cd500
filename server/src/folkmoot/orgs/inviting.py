"""Somebody is invited: by mail, with a link of their own; or by a link that goes round.

Law: a link's secret is kept as a hash, and shown once. It stands in the fragment, so no server's log has it. By a link that goes
round one becomes a member, never more; nobody invites to a role above their own, nor anew who is expected above it; and an owner is
invited by one who just proved who they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from folkmoot.accounts import Account
from folkmoot.accounts.accounts import PROVE_AGAIN
from folkmoot.accounts.model import address as in_one_form
from folkmoot.accounts.model import hashed
from folkmoot.audit import Acting
from folkmoot.kit import Refusal, text
from folkmoot.orgs import group_store, store
from folkmoot.orgs.model import (
    LINK_LIFE,
    LONGEST_LINK,
    MOST_AT_ONCE,
    MOST_MEMBERS,
    GroupId,
    Link,
    Member,
    MemberId,
    Org,
    OrgId,
    Role,
    State,
)
from folkmoot.orgs.orgs import UNKNOWN, Orgs


@dataclass(frozen=True, slots=True)
class Wish:
    address: str
    name: str = ""
    role: Role = Role.MEMBER
    groups: tuple[GroupId, ...] = ()


@dataclass(frozen=True, slots=True)
class Invited:
    address: str
    member: MemberId | None
    link: str | None
    """To hand on, where no mail goes."""
    refusal: Refusal | None = None


async def invite(
    at: Orgs, who: Account, id: OrgId, wishes: Sequence[Wish], *, fresh: bool = False
) -> list[Invited] | Refusal:
    """Each as if it were alone: one that can't be keeps no other. `fresh`: whoever invites just proved who they are."""
    if len(wishes) > MOST_AT_ONCE:
        return Refusal("org.too_many_at_once", {"most": MOST_AT_ONCE})
    if not fresh and any(wish.role is Role.OWNER for wish in wishes):
        return PROVE_AGAIN
    async with at.audit.acting() as act:
        me = await at.standing(act.connection, id, who.id, Role.ADMIN)
        org = await store.org_of(act.connection, id)
        if isinstance(me, Refusal) or org is None:
            return me if isinstance(me, Refusal) else UNKNOWN
        if await store.count_members(act.connection, id) + len(wishes) > MOST_MEMBERS:
            return Refusal("org.full", {"most": MOST_MEMBERS})
        known = (await group_store.tree_of(act.connection, id)).groups
        made = []
        for wish in wishes:
            unknown = [group for group in wish.groups if group not in known]
            refusal = Refusal("org.group_unknown") if unknown else _outranked(me, wish.role)
            made.append(
                Invited(wish.address, None, None, refusal)
                if refusal
                else await invite_in(at, act, org, who, me, wish)
            )
    return made


async def invite_in(at: Orgs, act: Acting, org: Org, who: Account, me: Member, wish: Wish) -> Invited:
    address, name = in_one_form(wish.address), text.name(wish.name) if wish.name else ""
    for one in (address, name):
        if isinstance(one, Refusal):
            return Invited(wish.address, None, None, one)
    assert isinstance(address, str) and isinstance(name, str)
    there = await store.member_by_address(act.connection, org.id, address)
    if there is not None and there.state is not State.INVITED:
        return Invited(address, None, None, Refusal("org.member_already"))
    if there is not None and (refusal := _outranked(me, there.role)) is not None:
        return Invited(address, None, None, refusal)
    member = there or await _expected(at, act, org.id, address, name, wish)
    await store.remove_links_of(act.connection, member.id)
    path = await _own_link(at, act, org.id, who, member.id)
    sent = await at.mail(act.connection, "invited", address, who.language, path, who=who.name, org=org.name)
    await act.note(org.id, who.id, "member.invited", member.id, role=member.role.value)
    return Invited(address, member.id, None if sent else at.accounts.settings.origin + path)


async def _expected(at: Orgs, act: Acting, org: OrgId, address: str, name: str, wish: Wish) -> Member:
    now = at.clock.now()
    shown = name or address.partition("@")[0]
    made = Member(MemberId(at.draw("m_")), org, None, address, shown, wish.role, State.INVITED, now, now)
    await store.add_member(act.connection, made)
    for group in wish.groups:
        await group_store.put_in(act.connection, group, [made.id])
    return made


async def _own_link(at: Orgs, act: Acting, org: OrgId, who: Account, member: MemberId) -> str:
    now, secret = at.clock.now(), at.accounts.draw(24)
    made = Link(at.draw("l_"), org, member, None, who.id, now, now + LINK_LIFE)
    await store.add_link(act.connection, hashed(secret), made)
    return f"/invite#{secret}"


async def open_link(
    at: Orgs, who: Account, id: OrgId, group: GroupId | None, life: timedelta
) -> tuple[Link, str] | Refusal:
    """For everybody who gets it. Shown once."""
    if not timedelta() < life <= LONGEST_LINK:
        return Refusal("org.link_too_long", {"most": LONGEST_LINK.days})
    async with at.audit.acting() as act:
        me = await at.standing(act.connection, id, who.id, Role.ADMIN)
        if isinstance(me, Refusal):
            return me
        if group is not None and group not in (await group_store.tree_of(act.connection, id)).groups:
            return Refusal("org.group_unknown")
        now, secret = at.clock.now(), at.accounts.draw(24)
        if len(await store.open_links(act.connection, id, now)) >= MOST_AT_ONCE:
            return Refusal("org.too_many_at_once", {"most": MOST_AT_ONCE})
        made = Link(at.draw("l_"), id, None, group, who.id, now, now + life)
        await store.add_link(act.connection, hashed(secret), made)
        await act.note(id, who.id, "link.made", made.id)
    return made, f"{at.accounts.settings.origin}/invite#{secret}"


async def open_links(at: Orgs, who: Account, id: OrgId) -> list[Link] | Refusal:
    async with at.storage.reading() as connection:
        me = await at.standing(connection, id, who.id, Role.ADMIN)
        return me if isinstance(me, Refusal) else await store.open_links(connection, id, at.clock.now())


async def close_link(at: Orgs, who: Account, id: OrgId, link: str) -> Refusal | None:
    async with at.audit.acting() as act:
        me = await at.standing(act.connection, id, who.id, Role.ADMIN)
        if isinstance(me, Refusal):
            return me
        if not await store.remove_link(act.connection, id, link):
            return Refusal("org.link_over")
        await act.note(id, who.id, "link.closed", link)
    return None


def _outranked(me: Member, role: Role) -> Refusal | None:
    return Refusal("org.outranked") if role.rank > me.role.rank else None
