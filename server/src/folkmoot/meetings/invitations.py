"""Links of one person's own: bound to a name, revocable alone, walking past the waiting room.

Law: of a link's secret only a hash of its admission is kept. A link lets in one at a time, visibly: whoever uses it while it is
in use waits, and the one who uses it hears of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    id: str
    name: str
    admission_hash: bytes
    made_at: datetime
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class Invited:
    """As a host sees one."""

    id: str
    name: str
    used: bool
    live: bool
    revoked: bool


MOST_AT_ONCE = 300
MOST = 3000
"""Of one meeting."""
