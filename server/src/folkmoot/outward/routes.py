"""Own addresses and senders over HTTP: for an organisation's owners, for who runs the server, and for the proxy before it that wants
to know for which names it may get a certificate."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field

from folkmoot.accounts import Account
from folkmoot.accounts.holding import BRANDING
from folkmoot.accounts.inside import Inside, operator, signed_in
from folkmoot.kit import Problem
from folkmoot.kit.bucket import Bucket
from folkmoot.kit.network import network
from folkmoot.orgs import names
from folkmoot.orgs.model import OrgId, Role
from folkmoot.orgs.routes.answers import done, or_refuse
from folkmoot.outward import hosting, sending, store
from folkmoot.outward.hosting import Record
from folkmoot.outward.model import Host, Sender, State
from folkmoot.outward.outward import Outward
from folkmoot.outward.rounds import Rounds

ASKS, ASKS_S = 60, 60.0
"""About names that are nobody's, in that time; those of somebody are always answered."""


class RecordShown(BaseModel):
    type: str
    """`CNAME`, `A`, `AAAA`, `TXT`."""
    record: str
    value: str


class HostWanted(BaseModel):
    host: str = Field(max_length=300)


class HostShown(BaseModel):
    host: str
    """As the DNS has it; it names it here."""
    shown: str
    """As people write it, where that misleads nobody."""
    state: str
    """`waiting`, `ready`, `failing` or `leaving`."""
    seen: str | None
    """What the last look found: `ok`, or what is in the way. Not set: nobody has looked."""
    looked_at: datetime | None
    certificate_until: datetime | None
    why: str | None
    """Why it is leaving: `removed`, `service`, `proof`, `dissolved`."""
    leaves_at: datetime | None
    """So long whatever comes by it is sent on."""
    records: list[RecordShown]
    """What its DNS must have: one of them where there are several of a kind."""


class HostOfOrganisation(BaseModel):
    org: str
    organisation: str
    host: str
    state: str
    seen: str | None
    certificate_until: datetime | None
    days_left: int | None


class SenderWanted(BaseModel):
    sender_name: str = Field(default="", max_length=200)
    """Empty: the organisation's name."""
    reply_to: str | None = Field(default=None, max_length=320)
    """Not set: the organiser is answered."""
    from_address: str | None = Field(default=None, max_length=320)
    """Of a domain that is proven. Not set: this server's."""


class SenderShown(BaseModel):
    sender_name: str
    reply_to: str | None
    from_address: str | None
    appears_as: str
    """What readers see now: a name, and the address behind it."""
    good: bool
    """Mails are from its own address."""
    seen: list[str]
    """What the DNS says, by the last look."""
    looked_at: datetime | None
    records: list[RecordShown]


class Senders(BaseModel):
    sender: SenderShown | None
    """Not set: mails are from this server alone."""
    domains: list[str]
    """That are proven: of these an address may be."""
    mail: bool
    """This server sends any."""


class TrialSent(BaseModel):
    address: str


def router(at: Outward, rounds: Rounds) -> APIRouter:
    api = APIRouter(prefix="/api/orgs", tags=["organisations"])
    known = Depends(signed_in(at.orgs.accounts))

    @api.get("/{org}/hosts")
    async def hosts(org: str, me: Inside = known) -> list[HostShown]:
        """Addresses of its own that lead here, or shall."""
        async with at.orgs.storage.reading() as connection:
            or_refuse(await at.orgs.standing(connection, OrgId(org), me[0].id, Role.ADMIN))
            found = await store.hosts_of(connection, OrgId(org))
        return [_host(at, one) for one in found]

    @api.post("/{org}/hosts", status_code=201)
    async def add(org: str, wanted: HostWanted, me: Inside = known) -> HostShown:
        """Below a domain that it has proven. Links name it when it has led here."""
        made = or_refuse(await hosting.add(at, me[0], OrgId(org), wanted.host))
        await rounds.read()
        rounds.soon()
        return _host(at, made)

    @api.post("/{org}/hosts/{host}/check")
    async def check(org: str, host: str, me: Inside = known) -> HostShown:
        """Opens it now, and looks into the DNS."""
        found = or_refuse(await hosting.check(at, me[0], OrgId(org), host))
        await rounds.read()
        return _host(at, found)

    @api.delete("/{org}/hosts/{host}", status_code=204)
    async def remove(org: str, host: str, me: Inside = known) -> None:
        """Whatever comes by it is sent on for ninety days."""
        done(await hosting.remove(at, me[0], OrgId(org), host))
        await rounds.read()

    @api.get("/{org}/sender")
    async def sender(org: str, me: Inside = known) -> Senders:
        """Who mails about its meetings are from."""
        async with at.orgs.storage.reading() as connection:
            or_refuse(await at.orgs.standing(connection, OrgId(org), me[0].id, Role.ADMIN))
            kept = await store.sender(connection, OrgId(org))
            proven = await store.proven_domains(connection)
        mine = sorted(names.shown(domain) for domain, of in proven.items() if of == org)
        shown = None if kept is None else _sender(at, kept)
        return Senders(sender=shown, domains=mine, mail=at.orgs.accounts.post is not None)

    @api.put("/{org}/sender")
    async def choose(org: str, wanted: SenderWanted, me: Inside = known) -> SenderShown:
        """An address of its own is used as soon as the DNS lets this server send for it."""
        said = (wanted.sender_name, wanted.reply_to, wanted.from_address)
        kept = or_refuse(await sending.choose(at, me[0], OrgId(org), *said))
        await rounds.read()
        rounds.soon()
        return _sender(at, kept)

    @api.delete("/{org}/sender", status_code=204)
    async def forget(org: str, me: Inside = known) -> None:
        """Mails are from this server alone again."""
        done(await sending.forget(at, me[0], OrgId(org)))
        await rounds.read()

    @api.post("/{org}/sender/check")
    async def look(org: str, me: Inside = known) -> SenderShown:
        """Looks into the DNS now."""
        found = or_refuse(await sending.check(at, me[0], OrgId(org)))
        await rounds.read()
        return _sender(at, found)

    @api.post("/{org}/sender/test", status_code=202)
    async def test(org: str, me: Inside = known) -> TrialSent:
        """A mail as its mails are, to your own address."""
        return TrialSent(address=or_refuse(await sending.trial(at, me[0], OrgId(org))))

    return api


def operator_router(at: Outward) -> APIRouter:
    api = APIRouter(prefix="/api/operator", tags=["operator"])
    governing = Depends(operator(at.orgs.accounts, by_key=True))

    @api.get("/hosts")
    async def hosts(_: Account = governing) -> list[HostOfOrganisation]:
        """Own addresses of all organisations, with the end of each certificate."""
        return every_host(at)

    return api


def every_host(at: Outward) -> list[HostOfOrganisation]:
    now = at.clock.now()
    return [
        HostOfOrganisation(
            org=one.org,
            organisation=at.known.names.get(one.org, ""),
            host=one.host,
            state=one.state(now).value,
            seen=None if one.seen is None else one.seen.value,
            certificate_until=(until := at.certified(one.host) or one.certificate_until),
            days_left=None if until is None else (until - now).days,
        )
        for one in sorted(at.known.hosts.values(), key=lambda one: one.host)
    ]


def asking_router(at: Outward, proxies: Collection[str]) -> APIRouter:
    """What Caddy asks before it gets a certificate (`on_demand_tls`). Only who stands before this server is answered, and only where it
    asks itself: from outside nobody lists what is here."""
    api = APIRouter(prefix="/api/hosts", tags=["server"])
    believed = {network(one) for one in proxies}
    misses: list[Bucket] = []

    @api.get("/ask")
    async def ask(request: Request, domain: Annotated[str, Query(max_length=300)]) -> None:
        """Whether that name is this server's, or an organisation's whose plan holds it: 200 or 404. For the proxy before this server."""
        forwarded = any(name in request.headers for name in ("x-forwarded-for", "forwarded", "via"))
        if forwarded or request.client is None or network(request.client.host) not in believed:
            raise Problem("http.404")
        name = domain.strip().lower().rstrip(".")
        if may_be_certified(at, name):
            return
        monotonic = at.clock.monotonic()
        misses[:] = misses or [Bucket(ASKS, ASKS_S, monotonic)]
        if wait := misses[0].take(monotonic):
            raise Problem("request.too_many", {"retry_after_s": round(wait, 1)})
        raise Problem("http.404")

    return api


def may_be_certified(at: Outward, name: str) -> bool:
    if at.site.named and name == at.site.host:
        return True
    found = at.known.of(name, at.clock.now())
    if found is None:
        return False
    # what leaves is sent on by https too; what never was ready and isn't held any more needs nothing
    lacks = at.orgs.accounts.held.lacks(found.org, BRANDING) is not None
    return found.ready_at is not None or not lacks


def _host(at: Outward, one: Host) -> HostShown:
    now = at.clock.now()
    state = one.state(now)
    return HostShown(
        host=one.host,
        shown=names.shown(one.host),
        state=state.value,
        seen=None if one.seen is None else one.seen.value,
        looked_at=one.looked_at,
        certificate_until=one.certificate_until,
        why=None if one.why is None else one.why.value,
        leaves_at=one.leaves,
        records=[]
        if state is State.LEAVING
        else [_record(record) for record in hosting.records(at, one.host)],
    )


def _sender(at: Outward, one: Sender) -> SenderShown:
    good = one.address is not None and one.good_at is not None
    name, address = (one.name, one.address) if good else (sending.via(at, one.name), at.site.sender)
    return SenderShown(
        sender_name=one.name,
        reply_to=one.reply_to,
        from_address=one.address,
        appears_as=f"{name} <{address}>",
        good=good,
        seen=list(one.seen),
        looked_at=one.looked_at,
        records=[]
        if one.address is None
        else [_record(record) for record in sending.needed(at, one.address)],
    )


def _record(one: Record) -> RecordShown:
    return RecordShown(type=one.type, record=one.name, value=one.value)
