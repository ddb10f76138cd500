"""What all that is done with own addresses and senders has at hand."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from folkmoot.accounts.store import account_of
from folkmoot.audit import Acting
from folkmoot.kit import Clock
from folkmoot.orgs import Orgs, names
from folkmoot.orgs import store as orgs_store
from folkmoot.orgs.model import OrgId
from folkmoot.orgs.resolving import Ask
from folkmoot.outward.known import Known
from folkmoot.outward.words import message


@dataclass(frozen=True, slots=True)
class Site:
    """This server, as the configuration has it."""

    origin: str
    named: bool = True
    """It has an address that others reach it by."""
    secret: bytes = field(default=b"", repr=False)
    sender: str = ""
    """The address that its mails are from."""
    sender_name: str = "Folkmoot"
    spf: str = ""
    """The domain whose SPF lets its mails out. Empty: that of `sender`."""
    dkim: str = ""
    """Where the key is that the mail server signs with. Empty: it isn't said that it signs."""

    @property
    def host(self) -> str:
        return urlsplit(self.origin).hostname or ""

    @property
    def is_address(self) -> bool:
        """A number and no name."""
        try:
            ipaddress.ip_address(self.host)
        except ValueError:
            return False
        return True

    @property
    def permits(self) -> str:
        return self.spf or self.sender.rpartition("@")[2]

    def origin_of(self, host: str) -> str:
        """With the scheme and port of this server's own."""
        here = urlsplit(self.origin)
        return f"{here.scheme}://{host}" + (f":{here.port}" if here.port else "")

    def proof(self, host: str) -> str:
        """What this server answers by that name, and nobody else."""
        return hmac.digest(self.secret, b"folkmoot host " + host.encode(), "sha256").hex()


Reach = Callable[[str, str], Awaitable[tuple[str, datetime | None]]]
"""Opens the origin of a host, and compares what it answers with what is expected: a word, and the end of the certificate that it showed.
`ok`: this server answers. `stranger`: another one. Else why nobody did: `name`, `away`, `late`, `certificate`, `broken`, `inside`."""


async def nobody_there(_: str, __: str) -> tuple[str, datetime | None]:
    return "away", None


async def no_records(_: str, __: str) -> list[str] | None:
    return None


@dataclass(frozen=True, slots=True)
class Outward:
    orgs: Orgs
    site: Site
    known: Known = field(default_factory=Known)
    ask: Ask = no_records
    reach: Reach = nobody_there
    certified: Callable[[str], datetime | None] = field(default=lambda host: None)
    """Until when this server itself has a certificate for a host."""

    @property
    def clock(self) -> Clock:
        return self.orgs.clock

    async def tell_owners(self, act: Acting, id: OrgId, what: str, **told: str) -> None:
        org = await orgs_store.org_of(act.connection, id)
        for owner in await orgs_store.owners(act.connection, id) if org else []:
            person = await account_of(act.connection, owner)
            to = next((one.address for one in person.addresses if one.proven), None) if person else None
            at = self.orgs.accounts
            if org is None or person is None or to is None or at.post is None:
                continue
            if at.limits.mail(to, at.clock.monotonic()):
                said = {
                    "org": org.name,
                    "name": person.name,
                    "link": f"{self.site.origin}/org/domains",
                    **told,
                }
                await at.post.put(
                    act.connection, message(what, to, person.language, site=at.settings.site, **said)
                )


def shown(host: str) -> str:
    return names.shown(host)
