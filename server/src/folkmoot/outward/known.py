"""Own addresses and senders in memory: what every request and every link asks waits for nothing. Read anew after each change, and now
and then, since the shell changes them too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from folkmoot.orgs.model import OrgId
from folkmoot.outward.model import Host, Sender, State


@dataclass(slots=True)
class Known:
    hosts: Mapping[str, Host] = field(default_factory=dict)
    senders: Mapping[OrgId, Sender] = field(default_factory=dict)
    names: Mapping[OrgId, str] = field(default_factory=dict)
    """Of the organisations that have either."""
    addresses: Sequence[str] = ()
    """Of this server's own name, by the DNS."""

    def of(self, host: str, now: datetime) -> Host | None:
        """None: nobody's, or not any more."""
        found = self.hosts.get(host)
        return None if found is None or (found.leaves is not None and now >= found.leaves) else found

    def link_host(self, org: str, now: datetime) -> str | None:
        """What new links of its meetings name."""
        mine = (one for one in self.hosts.values() if one.org == org and one.state(now) is State.READY)
        first = min(mine, key=lambda one: (one.ready_at or now, one.host), default=None)
        return first.host if first else None
