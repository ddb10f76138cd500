"""Where somebody comes from: this machine, or a network, as limits count it."""

from __future__ import annotations

import ipaddress
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
