"""Where somebody comes from, as a meeting may know it: by a hash whose key is drawn anew each day, and thrown away.

Law: no address is kept, and nothing of this is in a log. A day later the key is gone and the hash means nothing, to whoever has it and
whatever else they have. A network alone shuts nobody out: who shares one with somebody removed waits to be let in, for a day, also
after a restart.

What somebody carries names their network by the keys of three days: by tomorrow's and today's it is banned, by today's and yesterday's
it is known again.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime, timedelta

from folkmoot.kit import Randomness
from folkmoot.kit.network import network
from folkmoot.meetings.journal import Journal
from folkmoot.meetings.model import encode

KEPT_FOR = timedelta(hours=24)
MOST = 10_000
KEY_BYTES = 32
DAYS = (timedelta(days=-1), timedelta(0), timedelta(days=1))


class Networks:
    def __init__(self, journal: Journal, randomness: Randomness) -> None:
        self._journal, self._randomness = journal, randomness
        self._keys: dict[str, bytes] = {}
        self._banned: OrderedDict[tuple[str, str], datetime] = OrderedDict()

    async def ready(self, now: datetime) -> None:
        """The keys of these days are at hand, and kept; older ones are nowhere."""
        days = _days(now)
        if self._keys.keys() != set(days):
            drawn = {day: self._keys.get(day) or self._randomness.token(KEY_BYTES) for day in days}
            self._keys = dict(await self._journal.network_keys(drawn))

    def names(self, number: str, address: str, now: datetime) -> str:
        """Empty for this machine itself: whoever stands behind it is not told apart."""
        if _is_here(address):
            return ""
        said = f"{number}|{network(address)}".encode()
        return "~".join(encode(hmac.digest(self._keys[day], said, "sha256")[:16]) for day in _days(now))

    def ban(self, number: str, names: Iterable[str], at: datetime) -> None:
        for name in names:
            self._banned[number, name] = at
        while len(self._banned) > MOST:
            self._banned.popitem(last=False)

    def is_banned(self, number: str, names: str, now: datetime) -> bool:
        yesterday, today, _ = _apart(names)
        at = (self._banned.get((number, name)) for name in (yesterday, today))
        return any(one is not None and now - one < KEPT_FOR for one in at)


def to_ban(names: str) -> tuple[str, ...]:
    """By which it will be known again for a day."""
    _, today, tomorrow = _apart(names)
    return tuple(filter(None, (today, tomorrow)))


def same(names: str, others: str) -> bool:
    return bool(names) and bool({*names.split("~")} & {*others.split("~")})


def _apart(names: str) -> tuple[str, str, str]:
    yesterday, today, tomorrow = (*names.split("~"), "", "", "")[:3]
    return yesterday, today, tomorrow


def _days(now: datetime) -> tuple[str, ...]:
    return tuple(f"{now + days:%Y-%m-%d}" for days in DAYS)


def _is_here(address: str) -> bool:
    try:
        return ipaddress.ip_address(address.partition("%")[0]).is_loopback
    except ValueError:
        return True
