"""What people did in the last two minutes: kinds, never words. Pure; bounded."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

from folkmoot.meetings.feature import Entry, ParticipantId
from folkmoot.meetings.people import Did, State

LATELY = timedelta(minutes=2)
MOST = 2000
MOST_EACH = 20


class Recent:
    def __init__(self) -> None:
        self._acts: deque[tuple[ParticipantId, str, datetime]] = deque(maxlen=MOST)

    def note(self, who: ParticipantId, what: str, at: datetime) -> None:
        self._acts.append((who, what, at))

    def follow(self, entry: Entry) -> None:
        """Not what is told to nobody else: that is between them and the meeting."""
        by, to = entry.by, entry.to
        if by is not None and (to is None or to != (by,) * len(to)):
            self.note(by, f"{entry.feature}.{entry.type}", entry.at)

    def of(self, state: State, now: datetime) -> tuple[Did, ...]:
        """Of all but hosts, who did last first."""
        by: dict[ParticipantId, list[tuple[str, datetime]]] = {}
        for who, what, at in reversed(self._acts):
            if now - at > LATELY:
                break
            known = state.known.get(who)
            if known is not None and not known.role.hosts and len(by.setdefault(who, [])) < MOST_EACH:
                by[who].append((what, at))
        return tuple(Did(who, state.known[who].name, did) for who, did in by.items())
