"""Where somebody comes from, as a meeting may know it: by a hash whose key is another each day.

Law: no address is kept, and nothing of this is in a log or a database; a day later the hash means nothing. A network alone shuts
nobody out: who shares one with somebody removed waits to be let in, and a restart forgets it.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections import OrderedDict
from datetime import datetime, timedelta

from folkmoot.kit.network import network
from folkmoot.meetings.model import encode

KEPT_FOR = timedelta(hours=24)
MOST = 10_000


class Networks:
    def __init__(self, secret: bytes) -> None:
        self._key = hmac.digest(secret, b"folkmoot network", "sha256")
        self._banned: OrderedDict[tuple[str, str], datetime] = OrderedDict()

    def hashed(self, number: str, address: str, now: datetime) -> str:
        """Empty for this machine itself: whoever stands behind it is not told apart."""
        if _is_here(address):
            return ""
        said = f"{now:%Y-%m-%d}|{number}|{network(address)}"
        return encode(hmac.digest(self._key, said.encode(), "sha256")[:16])

    def ban(self, number: str, hashed: str, now: datetime) -> None:
        if hashed:
            self._banned[number, hashed] = now
            if len(self._banned) > MOST:
                self._banned.popitem(last=False)

    def is_banned(self, number: str, hashed: str, now: datetime) -> bool:
        at = self._banned.get((number, hashed))
        return at is not None and now - at < KEPT_FOR


def _is_here(address: str) -> bool:
    try:
        return ipaddress.ip_address(address.partition("%")[0]).is_loopback
    except ValueError:
        return True
