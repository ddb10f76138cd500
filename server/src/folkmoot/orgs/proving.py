"""An organisation says that a domain is its own, and proves it: in the DNS, or by a code mailed to who looks after its mail.

Law: nothing follows from a domain that isn't proven. Whoever proves one tells its people and asks them; nobody is moved. A domain
is one organisation's; it is lost to who shows in the DNS that it is theirs now, where nothing is left there of who proved it before.
A code is kept as a hash, for half an hour, and tries are counted.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError

from folkmoot.accounts import Account
from folkmoot.accounts.model import hashed
from folkmoot.accounts.store import account_of
from folkmoot.audit import Acting
from folkmoot.kit import Refusal
from folkmoot.orgs import domain_store, names, store
from folkmoot.orgs.adopting import begin_asking
from folkmoot.orgs.events import DomainVerified
from folkmoot.orgs.model import Domain, Member, OrgId, Role
from folkmoot.orgs.orgs import UNKNOWN, Orgs

MOST_DOMAINS = 100
RECORD = "_folkmoot"
CODE_LIFE = timedelta(minutes=30)
UNKNOWN_DOMAIN = Refusal("org.domain_unknown")
TAKEN = Refusal("org.domain_taken")


def record_of(domain: Domain) -> tuple[str, str]:
    """Name and value of the TXT record that proves it."""
    return f"{RECORD}.{domain.domain}", f"folkmoot={domain.token}"


async def claim(at: Orgs, who: Account, id: OrgId, said: str) -> Domain | Refusal:
    domain = names.domain(said)
    if isinstance(domain, Refusal):
        return domain
    if (refusal := names.claimable(domain)) is not None:
        return refusal
    async with at.audit.acting() as act:
        me = await at.standing(act.connection, id, who.id, Role.OWNER)
        if isinstance(me, Refusal):
            return me
        there = await domain_store.domain_of(act.connection, id, domain)
        if there is not None:
            return there
        if len(await domain_store.domains_of(act.connection, id)) >= MOST_DOMAINS:
            return Refusal("org.too_many_domains", {"most": MOST_DOMAINS})
        made = Domain(id, domain, at.accounts.draw(16), at.clock.now())
        await domain_store.add(act.connection, made)
        await act.note(id, who.id, "domain.claimed", domain)
    return made


async def give_up(at: Orgs, who: Account, id: OrgId, domain: str) -> Refusal | None:
    """Members stay members; who was asked for its sake is asked no more."""
    async with at.audit.acting() as act:
        kept = await _of(at, act, who, id, domain)
        if isinstance(kept, Refusal):
            return kept
        await domain_store.remove(act.connection, id, kept.domain)
        await domain_store.drop_unanswered(act.connection, id, kept.domain)
        await act.note(id, who.id, "domain.given_up", kept.domain)
    return None


async def check(at: Orgs, who: Account, id: OrgId, domain: str) -> Refusal | None:
    """Looks into the DNS now. No transaction waits for it."""
    async with at.storage.reading() as connection:
        me = await at.standing(connection, id, who.id, Role.OWNER)
        kept = await domain_store.domain_of(connection, id, domain)
    if isinstance(me, Refusal) or kept is None:
        return me if isinstance(me, Refusal) else UNKNOWN_DOMAIN
    if (
        refusal := at.accounts.limits.attempt(f"dns {domain}", str(id), "", at.clock.monotonic())
    ) is not None:
        return refusal
    name, value = record_of(kept)
    found = await at.resolve(name)
    if found is None:
        return Refusal("org.dns_silent")
    if not stands(value, found):
        return Refusal("org.dns_without", {"name": name, "value": value})
    at.accounts.limits.right(f"dns {domain}", str(id), "")
    return await _proven(at, who, kept, "dns", found)


def stands(value: str, found: Sequence[str]) -> bool:
    return any(hmac.compare_digest(one.strip().encode(), value.encode()) for one in found)


async def mail_code(at: Orgs, who: Account, id: OrgId, domain: str) -> Refusal | None:
    """To postmaster@ that domain: who runs its mail reads that (RFC 5321, 4.5.1)."""
    if at.accounts.post is None:
        return Refusal("mail.none")
    async with at.audit.acting() as act:
        kept = await _of(at, act, who, id, domain)
        if isinstance(kept, Refusal):
            return kept
        org = await store.org_of(act.connection, id)
        code = f"{at.accounts.randomness.below(10**8):08}"
        until = at.clock.now() + CODE_LIFE
        await domain_store.change(
            act.connection, id, kept.domain, code=hashed(f"{kept.token}:{code}"), code_until=until
        )
        told = {"org": org.name if org else "", "domain": names.shown(kept.domain), "code": code}
        to = f"postmaster@{names.written(kept.domain)}"
        await at.mail(act.connection, "domain", to, who.language, "/", **told)
        await act.note(id, who.id, "domain.mailed", kept.domain)
    return None


async def enter_code(at: Orgs, who: Account, id: OrgId, domain: str, code: str) -> Refusal | None:
    key = f"domain {domain}"
    if (refusal := at.accounts.limits.attempt(key, str(id), "", at.clock.monotonic())) is not None:
        return refusal
    async with at.storage.reading() as connection:
        me = await at.standing(connection, id, who.id, Role.OWNER)
        kept = await domain_store.domain_of(connection, id, domain)
        asked = await domain_store.code_of(connection, id, domain)
    if isinstance(me, Refusal) or kept is None:
        return me if isinstance(me, Refusal) else UNKNOWN_DOMAIN
    said = hashed(f"{kept.token}:{''.join(code.split())}")
    if asked is None or asked[1] < at.clock.now() or not hmac.compare_digest(asked[0], said):
        return Refusal("org.code_wrong")
    at.accounts.limits.right(key, str(id), "")
    return await _proven(at, who, kept, "mail")


async def _of(at: Orgs, act: Acting, who: Account, id: OrgId, domain: str) -> Domain | Refusal:
    me: Member | Refusal = await at.standing(act.connection, id, who.id, Role.OWNER)
    if isinstance(me, Refusal):
        return me
    return await domain_store.domain_of(act.connection, id, domain) or UNKNOWN_DOMAIN


async def _proven(
    at: Orgs, who: Account, kept: Domain, how: str, found: Sequence[str] | None = None
) -> Refusal | None:
    """`found`: what the DNS says just now, where that was asked."""
    try:
        async with at.audit.acting() as act:
            org = await store.org_of(act.connection, kept.org)
            if org is None:
                return UNKNOWN
            other = await domain_store.proven(act.connection, kept.domain)
            if other is not None and other.org == kept.org:
                await _proven_again(at, act, who, other, how)
                return None
            if other is not None and (found is None or stands(record_of(other)[1], found)):
                return TAKEN
            if other is not None:
                await lose(at, act, other, "domain.lost", "lost")
            await domain_store.change(act.connection, kept.org, kept.domain, **proof(how, at.clock.now()))
            await act.note(kept.org, who.id, "domain.proven", kept.domain, by=how)
            await begin_asking(at, act, org.id, kept.domain)
    except IntegrityError:
        return TAKEN
    at.bus.publish(DomainVerified(kept.org, kept.domain))
    return None


async def _proven_again(at: Orgs, act: Acting, who: Account, kept: Domain, how: str) -> None:
    """Nobody is asked anew. What proves it now is what is looked at from now on."""
    now = at.clock.now()
    await domain_store.change(act.connection, kept.org, kept.domain, **proof(how, now), looked_at=now)
    if kept.missing_since is not None:
        await act.note(kept.org, who.id, "domain.found", kept.domain, by=how)


def proof(how: str | None, when: datetime | None) -> dict[str, Any]:
    return {
        "proven_at": when,
        "proven_by": how,
        "code": None,
        "code_until": None,
        "missing_since": None,
        "warned_at": None,
    }


async def lose(at: Orgs, act: Acting, lost: Domain, deed: str, mail: str) -> None:
    """Its owners are told. Members stay members; who was asked for its sake is asked no more."""
    await domain_store.change(act.connection, lost.org, lost.domain, **proof(None, None))
    await domain_store.drop_unanswered(act.connection, lost.org, lost.domain)
    await act.note(lost.org, "", deed, lost.domain)
    await tell_owners(at, act, lost, mail)


async def tell_owners(at: Orgs, act: Acting, kept: Domain, what: str, **more: str) -> None:
    org = await store.org_of(act.connection, kept.org)
    told = {"org": org.name if org else "", "domain": names.shown(kept.domain), **more}
    for owner in await store.owners(act.connection, kept.org):
        person = await account_of(act.connection, owner)
        to = next((one.address for one in person.addresses if one.proven), None) if person else None
        if person is not None and to is not None:
            language = person.language
            await at.mail(act.connection, what, to, language, "/org/domains", name=person.name, **told)
