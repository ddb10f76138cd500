"""Who mails about an organisation's meetings are from: chosen, looked at in the DNS, tried.

Law: `From` is an address of its own only while it is of a domain that it has proven and that domain's SPF lets this server send;
else it is this server's, with the organisation's name in it. What nobody lets us send is not sent: it would be taken for forged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from folkmoot.accounts import Account
from folkmoot.accounts import model as accounts_model
from folkmoot.accounts.holding import BRANDING
from folkmoot.audit import Acting
from folkmoot.kit import Refusal
from folkmoot.mail import Message
from folkmoot.orgs import names
from folkmoot.orgs import store as orgs_store
from folkmoot.orgs.model import OrgId, Role
from folkmoot.outward import naming, store
from folkmoot.outward import records as dns
from folkmoot.outward.hosting import Record
from folkmoot.outward.model import Sender
from folkmoot.outward.outward import Outward
from folkmoot.outward.words import message

LOOK = "outward.sender"
NONE = Refusal("sender.none")


@dataclass(frozen=True, slots=True)
class Appearing:
    """What a mail has of it. Empty: as this server has it."""

    name: str = ""
    address: str = ""
    reply_to: str = ""

    def on(self, message: Message) -> Message:
        reply_to = self.reply_to or message.reply_to
        return replace(message, from_name=self.name, from_address=self.address, reply_to=reply_to)


SERVERS = Appearing()


def appearing(at: Outward, org: str) -> Appearing:
    """Of the mails of that organisation, now; nothing is waited for."""
    one = at.known.senders.get(OrgId(org)) if org else None
    if one is None or at.orgs.accounts.held.lacks(org, BRANDING) is not None:
        return SERVERS
    if one.address and one.good_at:
        return Appearing(one.name, one.address, one.reply_to or "")
    return Appearing(via(at, one.name), "", one.reply_to or "")


def via(at: Outward, name: str) -> str:
    return f"{name} via {at.site.sender_name}"


def needed(at: Outward, address: str) -> list[Record]:
    """What its DNS must have: SPF; and where the operator's mail server signs, where its key is."""
    domain = names.domain(address.rpartition("@")[2])
    assert isinstance(domain, str)
    found = [Record("TXT", domain, f"v=spf1 include:{at.site.permits} ~all")]
    if at.site.dkim:
        found.append(Record("CNAME", dns.dkim_name(domain, at.site.dkim), at.site.dkim))
    return found


async def choose(
    at: Outward, who: Account, id: OrgId, name: str, reply_to: str | None, address: str | None
) -> Sender | Refusal:
    """`name`: empty is the organisation's."""
    async with at.orgs.audit.acting() as act:
        me = await at.orgs.standing(act.connection, id, who.id, Role.OWNER)
        if isinstance(me, Refusal):
            return me
        return await allow(at, act, who.id, id, name, reply_to, address)


async def allow(
    at: Outward, act: Acting, by: str, id: OrgId, name: str, reply_to: str | None, address: str | None
) -> Sender | Refusal:
    """Also by the shell."""
    if (lacks := at.orgs.accounts.held.lacks(id, BRANDING)) is not None:
        return lacks
    if at.orgs.accounts.post is None:
        return Refusal("mail.none")
    proven = {domain for domain, org in (await store.proven_domains(act.connection)).items() if org == id}
    if not proven:
        return Refusal("sender.unproven")
    org = await orgs_store.org_of(act.connection, id)
    called = naming.sender_name(name.strip() or (org.name if org else ""))
    if isinstance(called, Refusal):
        return called
    others = await store.names_of_the_proven(act.connection, id)
    mine = naming.skeleton(called)
    if (refusal := naming.taken(called, others, (at.site.sender_name, at.site.host))) is not None:
        return refusal
    if await store.chosen_by_another(act.connection, id, mine):
        return Refusal("sender.name_taken")
    checked: dict[str, str | None] = {}
    for field, said in (("reply_to", reply_to), ("address", address)):
        found = _address(said, proven)
        if isinstance(found, Refusal):
            return Refusal(found.code, {**found.params, "field": field})
        checked[field] = found
    now = at.clock.now()
    made = Sender(id, called, checked["reply_to"], checked["address"], now)
    before = await store.sender(act.connection, id)
    if before is not None and before.address == made.address:
        made = replace(made, good_at=before.good_at, looked_at=before.looked_at, seen=before.seen)
    await store.keep_sender(act.connection, made, mine)
    await act.note(id, by, "sender.chosen", "", own=made.address is not None)
    return made


def _address(said: str | None, proven: set[str]) -> str | Refusal | None:
    """Of a domain that is proven itself: what is below it may be somebody else's."""
    if said is None or not said.strip():
        return None
    address = accounts_model.address(said)
    if isinstance(address, Refusal):
        return Refusal("sender.address")
    local, _, written = address.rpartition("@")
    domain = names.domain(written)
    if isinstance(domain, Refusal) or not local.isascii():  # letters that look like others
        return Refusal("sender.address")
    return f"{local}@{domain}" if domain in proven else Refusal("sender.not_proven", {"domain": domain})


async def forget(at: Outward, who: Account, id: OrgId) -> Refusal | None:
    async with at.orgs.audit.acting() as act:
        me = await at.orgs.standing(act.connection, id, who.id, Role.OWNER)
        if isinstance(me, Refusal):
            return me
        return await drop(act, who.id, id)


async def drop(act: Acting, by: str, id: OrgId) -> Refusal | None:
    if await store.sender(act.connection, id) is None:
        return NONE
    await store.forget_sender(act.connection, id)
    await act.note(id, by, "sender.dropped")
    return None


async def check(at: Outward, who: Account, id: OrgId) -> Sender | Refusal:
    """Looks now, by an owner's wish."""
    async with at.orgs.storage.reading() as connection:
        me = await at.orgs.standing(connection, id, who.id, Role.OWNER)
    if isinstance(me, Refusal):
        return me
    limits = at.orgs.accounts.limits
    if (refusal := limits.attempt(f"sender {id}", str(id), "", at.clock.monotonic())) is not None:
        return refusal
    found = await look(at, id)
    if found is None:
        return NONE
    if found.good_at is not None:
        limits.right(f"sender {id}", str(id), "")
    return found


async def look_job(at: Outward, payload: Mapping[str, Any]) -> None:
    await look(at, OrgId(payload["org"]))


async def look(at: Outward, id: OrgId) -> Sender | None:
    """No transaction waits for the DNS. A DNS that is silent changes nothing."""
    async with at.orgs.storage.reading() as connection:
        asked = await store.sender(connection, id)
    if asked is None or asked.address is None:
        return asked
    seen = await _seen(at, asked.address)
    async with at.orgs.audit.acting() as act:
        there = await store.sender(act.connection, id)
        if there is None or there.address != asked.address or there.address is None:
            return there
        proven = await store.proven_domains(act.connection)
        own = proven.get(str(names.domain(there.address.rpartition("@")[2]))) == id
        now = at.clock.now()
        changed: dict[str, Any] = {"looked_at": now}
        if seen is not None or not own:
            good = own and seen is not None and dns.GOOD in seen
            codes = seen if seen is not None else there.seen
            changed |= {"seen": " ".join(codes if own else ("domain.unproven",))}
            changed |= {"good_at": (there.good_at or now) if good else None}
            if good and there.good_at is None:
                await act.note(id, "", "sender.good", "")
            if not good and there.good_at is not None:
                await act.note(id, "", "sender.refused", "")
                why = "spf" if own else "proof"
                await at.tell_owners(act, id, "unsent", address=there.address, why=why)
        await store.change_sender(act.connection, id, **changed)
        return await store.sender(act.connection, id)


async def _seen(at: Outward, address: str) -> tuple[str, ...] | None:
    """None: whether SPF lets us send, nobody says."""
    domain = str(names.domain(address.rpartition("@")[2]))
    spf = await dns.spf(at.ask, domain, at.site.permits)
    if spf is None:
        return None
    others = (
        await dns.dkim(at.ask, domain, at.site.dkim),
        await dns.dmarc(at.ask, domain, names.registrable(domain)),
    )
    return (spf, *(one for one in others if one is not None))


async def trial(at: Outward, who: Account, id: OrgId) -> str | Refusal:
    """A mail as the organisation's are, to who asks for it. Where it went."""
    async with at.orgs.storage.writing() as connection:
        me = await at.orgs.standing(connection, id, who.id, Role.OWNER)
        if isinstance(me, Refusal):
            return me
        if await store.sender(connection, id) is None:
            return NONE
        accounts = at.orgs.accounts
        to = next((one.address for one in who.addresses if one.proven), None)
        if accounts.post is None or to is None:
            return Refusal("mail.none" if accounts.post is None else "sender.no_address")
        if not accounts.limits.mail(to, at.clock.monotonic()):
            return Refusal("sender.enough")
        org = await orgs_store.org_of(connection, id)
        told = {"org": org.name if org else "", "name": who.name, "site": accounts.settings.site}
        link = f"{at.site.origin}/org/domains"
        await accounts.post.put(
            connection, appearing(at, id).on(message("trial", to, who.language, link=link, **told))
        )
    return to
