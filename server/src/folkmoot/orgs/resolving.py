"""What the DNS says of a name, asked of the resolvers of this machine, or of those that the operator names."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import dns.asyncresolver
import dns.exception
import dns.nameserver
import dns.resolver

from folkmoot.orgs.orgs import Resolve

LONGEST_S = 10.0
MOST_RECORDS = 50

Ask = Callable[[str, str], Awaitable[list[str] | None]]
"""Records of a name and a kind; None: the DNS doesn't answer."""


def asking(servers: Sequence[tuple[str, int]] = ()) -> Ask:
    """`servers`: instead of this machine's, with their ports."""

    async def records(name: str, kind: str) -> list[str] | None:
        asked = dns.asyncresolver.Resolver(configure=not servers)
        if servers:
            asked.nameservers = [dns.nameserver.Do53Nameserver(*server) for server in servers]
        asked.cache = None
        try:
            answer = await asked.resolve(name, kind, lifetime=LONGEST_S, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError):
            return None
        found = list(answer)[:MOST_RECORDS]
        if kind == "TXT":
            return [b"".join(one.strings).decode("utf-8", "replace") for one in found]
        return [one.to_text().rstrip(".") for one in found]

    return records


def resolver(servers: Sequence[tuple[str, int]] = ()) -> Resolve:
    """The TXT records alone."""
    ask = asking(servers)

    async def records(name: str) -> list[str] | None:
        return await ask(name, "TXT")

    return records
