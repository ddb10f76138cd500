"""Who somebody is to one meeting: the one value that admissions, roles and bans key on."""

from __future__ import annotations

from dataclasses import dataclass

from folkmoot.meetings.feature import ParticipantId


@dataclass(frozen=True, slots=True)
class Identity:
    participant: ParticipantId
    device: str = ""
    """A keyed hash of what the page drew for itself; it means nothing in another meeting. Empty: it said none."""
    link: str = ""
    """The invitation whose link they came by, if it was one of their own."""
    account: str = ""
    """Who is signed in. It is told to nobody in the meeting."""
    network: str = ""
    """Keyed hashes that mean nothing a day later (`networks`). They are in no log."""
