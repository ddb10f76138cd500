"""A domain is proven: its people are told and asked. Somebody new comes with an address there: the organisation's rule says what.

Law: nobody is moved unasked who was here before. Who was asked is known to the organisation as a number, until they say yes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from folkmoot.accounts import Account, AccountId
from folkmoot.accounts.store import account_of
from folkmoot.audit import Acting
from folkmoot.kit import Refusal
from folkmoot.orgs import domain_store, names, store
from folkmoot.orgs.events import MemberJoined, RulesChanged
from folkmoot.orgs.joining import become
from folkmoot.orgs.model import Joining, Member, MemberId, Org, OrgId, Role, State
from folkmoot.orgs.orgs import Orgs, proven

ASK, AT_ONCE = "orgs.ask", 200


async def begin_asking(at: Orgs, act: Acting, org: OrgId, domain: str, *, again: bool = False) -> None:
    """In the transaction of what it follows from; done a few at a time, so that nobody waits for a university."""
    await at.jobs.add(act.connection, ASK, {"org": org, "domain": domain, "again": again})


async def ask(at: Orgs, payload: Mapping[str, Any]) -> None:
    """The job."""
    id, domain = OrgId(payload["org"]), str(payload["domain"])
    async with at.audit.acting() as act:
        org = await store.org_of(act.connection, id)
        kept = await domain_store.domain_of(act.connection, id, domain)
        if org is None or kept is None or kept.proven_at is None:
            return
        if payload["again"]:
            for account, address in await domain_store.unanswered(act.connection, id, domain):
                await _tell(at, act, org, domain, account, address, "asked")
            return
        people = await domain_store.strangers_at(act.connection, id, domain, AT_ONCE)
        asked = [await _ask(at, act, org, domain, *one) for one in people]
        if any(asked):
            await act.note(id, "", "domain.asked", domain, people=sum(asked))
        if len(people) == AT_ONCE:
            await begin_asking(at, act, id, domain)


async def ask_again(at: Orgs, who: Account, id: OrgId, domain: str) -> Refusal | None:
    """Who hasn't answered; by mail, as often as an address may be written to. Who said no isn't asked."""
    async with at.audit.acting() as act:
        me = await at.standing(act.connection, id, who.id, Role.ADMIN)
        if isinstance(me, Refusal):
            return me
        if await domain_store.domain_of(act.connection, id, domain) is None:
            return Refusal("org.domain_unknown")
        await begin_asking(at, act, id, domain, again=True)
        await act.note(id, who.id, "domain.asked_again", domain)
    return None


async def _ask(at: Orgs, act: Acting, org: Org, domain: str, account: AccountId, address: str) -> bool:
    if await store.member_of(act.connection, org.id, account) is not None:
        return False
    person = await account_of(act.connection, account)
    if person is None:
        return False
    now = at.clock.now()
    made = Member(
        *(MemberId(at.draw("m_")), org.id, account, None, person.name, Role.MEMBER, State.ASKED, now, now),
        domain=domain,
    )
    await store.add_member(act.connection, made, proven(person))
    await _tell(at, act, org, domain, account, address, "asked")
    return True


async def _tell(
    at: Orgs, act: Acting, org: Org, domain: str, account: AccountId, address: str, what: str
) -> None:
    told = await domain_store.told_as(act.connection, account)
    if told is not None:
        words = {"name": told[0], "org": org.name, "domain": names.shown(domain)}
        await at.mail(act.connection, what, address, told[1], "/org", **words)


async def came(at: Orgs, account: AccountId, address: str) -> None:
    """An address was proven. Bears being asked twice."""
    domain = names.domain(address.rpartition("@")[2])
    if isinstance(domain, Refusal):
        return
    joined: OrgId | None = None
    async with at.audit.acting() as act:
        person = await account_of(act.connection, account)
        owner = await domain_store.proven(act.connection, domain)
        org = await store.org_of(act.connection, owner.org) if owner else None
        if person is None or org is None:
            return
        if await _by_rule(at, act, org, domain, person, address):
            joined = org.id
    if joined is not None:
        at.bus.publish(MemberJoined(joined, account))
        at.bus.publish(RulesChanged(joined))


async def _by_rule(at: Orgs, act: Acting, org: Org, domain: str, person: Account, address: str) -> bool:
    """Whether they are a member now who wasn't. Whom the organisation's directory expects needs no rule."""
    mine = await store.member_of(act.connection, org.id, person.id)
    expected = await store.member_by_address(act.connection, org.id, address)
    awaited = expected if expected is not None and expected.account is None else None
    if mine is not None or (awaited is not None and awaited.state is State.INACTIVE):
        return False
    if (awaited is not None and awaited.managed) or org.joining is Joining.AUTOMATIC:
        await become(at, act, org.id, person, None, awaited, "rule")
        await _tell(at, act, org, domain, person.id, address, "joined")
        return True
    if org.joining is Joining.ASK and awaited is None:
        await _ask(at, act, org, domain, person.id, address)
    return False
