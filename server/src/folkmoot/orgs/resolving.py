"""What the DNS says of a name, asked of the resolvers of this machine, or of those that the operator names."""

from __future__ import annotations

from collections.abc import Sequence

import dns.asyncresolver
import dns.exception
import dns.nameserver
import dns.resolver

from folkmoot.orgs.orgs import Resolve

LONGEST_S = 10.0
MOST_RECORDS = 50


def resolver(servers: Sequence[tuple[str, int]] = ()) -> Resolve:
    """`servers`: instead of this machine's, with their ports."""

    async def records(name: str) -> list[str] | None:
        asked = dns.asyncresolver.Resolver(configure=not servers)
        if servers:
            asked.nameservers = [dns.nameserver.Do53Nameserver(*server) for server in servers]
        asked.cache = None
        try:
            answer = await asked.resolve(name, "TXT", lifetime=LONGEST_S, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError):
            return None
        return [b"".join(one.strings).decode("utf-8", "replace") for one in list(answer)[:MOST_RECORDS]]

    return records
