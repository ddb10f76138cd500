"""An organisation begins, is called otherwise, and ends."""

from __future__ import annotations

from folkmoot.accounts import Account
from folkmoot.accounts.accounts import must_be_fresh
from folkmoot.accounts.model import Session
from folkmoot.kit import Refusal, text
from folkmoot.orgs import store
from folkmoot.orgs.events import MemberJoined, OrgDeleted
from folkmoot.orgs.model import MOST_OWNED, ORG, Joining, Member, MemberId, Org, OrgId, Role, State
from folkmoot.orgs.orgs import UNKNOWN, Orgs, proven


async def found(at: Orgs, who: Account, name: str) -> Org | Refusal:
    """Anybody with an account may. They are its first owner."""
    said = text.name(name)
    if isinstance(said, Refusal):
        return said
    now = at.clock.now()
    async with at.audit.acting() as act:
        if await store.owned(act.connection, who.id) >= MOST_OWNED:
            return Refusal("org.too_many", {"most": MOST_OWNED})
        made = Org(OrgId(at.draw(ORG)), said, Joining.ASK, now)
        await store.add_org(act.connection, made)
        owner = Member(
            *(MemberId(at.draw("m_")), made.id, who.id, None, who.name, Role.OWNER, State.MEMBER, now, now)
        )
        await store.add_member(act.connection, owner, proven(who))
        await act.note(made.id, who.id, "org.founded", made.id)
    at.bus.publish(MemberJoined(made.id, who.id))
    return made


async def change(
    at: Orgs, who: Account, id: OrgId, name: str | None, joining: Joining | None
) -> Refusal | None:
    said = None if name is None else text.name(name)
    if isinstance(said, Refusal):
        return said
    async with at.audit.acting() as act:
        me = await at.standing(act.connection, id, who.id, Role.OWNER)
        if isinstance(me, Refusal):
            return me
        if said is not None:
            await store.change_org(act.connection, id, name=said)
            await act.note(id, who.id, "org.named", id)
        if joining is not None:
            await store.change_org(act.connection, id, joining=joining.value)
            await act.note(id, who.id, "org.joining", id, rule=joining.value)
    return None


async def delete(at: Orgs, who: Account, session: Session, id: OrgId) -> Refusal | None:
    """Its people and their meetings stay. The audit stays: it names nobody."""
    if (refusal := must_be_fresh(session, at.accounts)) is not None:
        return refusal
    async with at.audit.acting() as act:
        me = await at.standing(act.connection, id, who.id, Role.OWNER)
        if isinstance(me, Refusal):
            return me
        await at.end(act.connection, id)
        await act.note(id, who.id, "org.deleted", id)
    at.bus.publish(OrgDeleted(id))
    await at.storage.forget_deleted()
    return None


async def look(at: Orgs, who: Account, id: OrgId) -> tuple[Org, Member] | Refusal:
    async with at.storage.reading() as connection:
        me = await at.standing(connection, id, who.id)
        if isinstance(me, Refusal):
            return me
        org = await store.org_of(connection, id)
    return UNKNOWN if org is None else (org, me)
