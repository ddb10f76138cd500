"""Where somebody comes from: this machine, or a network, as limits count it."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache

LOOPBACK = ("localhost", "127.0.0.1", "::1")


@lru_cache(maxsize=4096)
def network(address: str) -> str:
    """Who has one IPv6 address has 2^64 of them."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


ENDPOINT = re.compile(
    r"\[(?P<wide>[^\]]+)\](?::(?P<port>\d{1,5}))?|(?P<bare>[^:]+)(?::(?P<own>\d{1,5}))?|(?P<six>[^\[\]]+)"
)


def endpoint(text: str, port: int) -> tuple[str, int]:
    """An address with a port of its own, or with that one: `192.0.2.53`, `192.0.2.53:5353`, `2001:db8::53`, `[2001:db8::53]:5353`."""
    found = ENDPOINT.fullmatch(text)
    number = int((found and (found["port"] or found["own"])) or port)
    if found is None or not 0 < number < 65536:
        raise ValueError(text)
    return str(ipaddress.ip_address(found["wide"] or found["bare"] or found["six"])), number
