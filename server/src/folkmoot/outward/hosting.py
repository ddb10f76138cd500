"""An organisation has its meetings at an address of its own: said, looked at, given up.

Law: only below a domain that it has proven. Links name it when it has led here once, and no sooner; what was given away is sent on for
`model.LEAVING` when it is given up. Nothing is written while somebody else's server is asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from folkmoot.accounts import Account
from folkmoot.accounts.holding import BRANDING
from folkmoot.audit import Acting
from folkmoot.kit import Refusal
from folkmoot.orgs.model import OrgId, Role
from folkmoot.outward import naming, store
from folkmoot.outward.model import LEAVING, MOST_HOSTS, Host, Seen, Step, Why, looked
from folkmoot.outward.outward import Outward, shown

LOOK = "outward.look"
UNKNOWN = Refusal("host.none")
TAKEN = Refusal("host.taken")


@dataclass(frozen=True, slots=True)
class Record:
    """One that the DNS must have."""

    type: str
    name: str
    value: str


def records(at: Outward, host: str) -> list[Record]:
    """An alias where one can stand; else, and where this server has no name, its addresses."""
    if not naming.is_apex(host) and not at.site.is_address:
        return [Record("CNAME", host, at.site.host)]
    there = [at.site.host] if at.site.is_address else list(at.known.addresses)
    return [Record("AAAA" if ":" in one else "A", host, one) for one in there]


async def add(at: Outward, who: Account, id: OrgId, said: str) -> Host | Refusal:
    async with at.orgs.audit.acting() as act:
        me = await at.orgs.standing(act.connection, id, who.id, Role.OWNER)
        if isinstance(me, Refusal):
            return me
        return await allow(at, act, who.id, id, said)


async def allow(at: Outward, act: Acting, by: str, id: OrgId, said: str) -> Host | Refusal:
    """Also by the shell, which stands in no organisation."""
    if (lacks := at.orgs.accounts.held.lacks(id, BRANDING)) is not None:
        return lacks
    if not at.site.named:
        return Refusal("host.server_unnamed")
    proven = await store.proven_domains(act.connection)
    host = naming.own_host(said, at.site.host, proven, id)
    if isinstance(host, Refusal):
        return host
    there = await store.host(act.connection, host)
    now = at.clock.now()
    if there is not None and there.org == id:
        if there.leaving_since is None:
            return there
        await store.change_host(act.connection, host, leaving_since=None, why=None)
        await act.note(id, by, "host.back", host)
        return await store.host(act.connection, host) or there
    if there is not None and there.leaving_since is None and proven_by_it(there, proven):
        return TAKEN
    if (
        len([one for one in await store.hosts_of(act.connection, id) if one.leaving_since is None])
        >= MOST_HOSTS
    ):
        return Refusal("host.too_many", {"most": MOST_HOSTS})
    if there is not None:
        await store.remove_host(act.connection, host)
        await act.note(there.org, by, "host.gone", host)
    made = Host(host, id, now)
    try:
        await store.add_host(act.connection, made)
    except IntegrityError:
        return TAKEN
    await act.note(id, by, "host.added", host)
    return made


def proven_by_it(there: Host, proven: Mapping[str, OrgId]) -> bool:
    return naming.owner_of(there.host, proven) == there.org


async def remove(at: Outward, who: Account, id: OrgId, host: str) -> Refusal | None:
    async with at.orgs.audit.acting() as act:
        me = await at.orgs.standing(act.connection, id, who.id, Role.OWNER)
        if isinstance(me, Refusal):
            return me
        return await take_out(at, act, who.id, id, host)


async def take_out(at: Outward, act: Acting, by: str, id: OrgId, host: str) -> Refusal | None:
    there = await store.host(act.connection, host)
    if there is None or there.org != id or there.why is Why.REMOVED:
        return UNKNOWN
    if there.ready_at is None:
        await store.remove_host(act.connection, host)
        await act.note(id, by, "host.gone", host)
        return None
    await leave(at, act, by, there, Why.REMOVED)
    return None


async def leave(at: Outward, act: Acting, by: str, there: Host, why: Why) -> None:
    now = at.clock.now()
    await store.change_host(
        act.connection, there.host, leaving_since=there.leaving_since or now, why=why.value
    )
    await act.note(there.org, by, Step.LEAVES.value, there.host, why=why.value)
    until = (now + LEAVING).date().isoformat()
    await at.tell_owners(act, there.org, "leaves", host=shown(there.host), why=why.value, until=until)


async def check(at: Outward, who: Account, id: OrgId, host: str) -> Host | Refusal:
    """Looks now, by an owner's wish."""
    async with at.orgs.storage.reading() as connection:
        me = await at.orgs.standing(connection, id, who.id, Role.OWNER)
        there = await store.host(connection, host)
    if isinstance(me, Refusal):
        return me
    if there is None or there.org != id:
        return UNKNOWN
    limits = at.orgs.accounts.limits
    if (refusal := limits.attempt(f"host {host}", str(id), "", at.clock.monotonic())) is not None:
        return refusal
    found = await look(at, host)
    if found is not None and found.seen is Seen.OK:
        limits.right(f"host {host}", str(id), "")
    return found or UNKNOWN


async def look_job(at: Outward, payload: Mapping[str, Any]) -> None:
    await look(at, str(payload["host"]))


async def look(at: Outward, host: str) -> Host | None:
    """What is decided is decided of what holds after everybody was asked."""
    seen, until = await see(at, host)
    async with at.orgs.audit.acting() as act:
        there = await store.host(act.connection, host)
        if there is None:
            return None
        changed, step = looked(there, seen, until, at.clock.now())
        await store.change_host(act.connection, host, **changed)
        if step is not None:
            await act.note(there.org, "", step.value, host)
        if step is Step.FAILS and seen is not None:
            await at.tell_owners(act, there.org, "fails", host=shown(host), why=seen.value)
        return await store.host(act.connection, host)


async def see(at: Outward, host: str) -> tuple[Seen | None, datetime | None]:
    """None: nobody says anything."""
    origin = at.site.origin_of(host)
    (word, until), leads = await asyncio.gather(at.reach(origin, at.site.proof(host)), _leads_here(at, host))
    own = at.certified(host)
    if word == "ok":
        return Seen.OK, until or own
    if leads is None:
        return None, None
    if leads is not Seen.OK:
        return leads, None
    # many networks let nobody out and in again by their own address: then what is here is looked at
    if own is not None and own > at.clock.now() and word in ("away", "late", "inside", "name"):
        return Seen.OK, own
    if word == "certificate":
        return Seen.CERTIFICATE, None
    return (Seen.STRANGER if word in ("stranger", "broken") else Seen.AWAY), None


async def _leads_here(at: Outward, host: str) -> Seen | None:
    """By an alias of this server's name, or by the addresses that it has."""
    aliases, v4, v6 = await asyncio.gather(*(at.ask(host, kind) for kind in ("CNAME", "A", "AAAA")))
    if v4 is None and v6 is None and aliases is None:
        return None
    if at.site.host in {one.lower() for one in aliases or ()}:
        return Seen.OK
    there = {*(v4 or ()), *(v6 or ())}
    if not there:
        return Seen.NO_RECORD if v4 is not None and v6 is not None else None
    ours = {at.site.host} if at.site.is_address else set(await addresses(at) or at.known.addresses)
    return Seen.OK if there & ours else Seen.ELSEWHERE


async def addresses(at: Outward) -> Sequence[str] | None:
    """Of this server's own name. None: the DNS doesn't answer."""
    if at.site.is_address:
        return [at.site.host]
    v4, v6 = await asyncio.gather(*(at.ask(at.site.host, kind) for kind in ("A", "AAAA")))
    return None if v4 is None and v6 is None else [*(v4 or ()), *(v6 or ())]
