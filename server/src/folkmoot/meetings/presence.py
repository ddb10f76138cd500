"""Whose line is gone, and for how long they may come back unnoticed. Pure: the time is handed in.

A closed tab is told after some seconds (`hide`), so that nobody talks to a ghost; the place, role and hand of its owner are
kept for longer (`lost`), so that a reload costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from folkmoot.meetings.feature import ParticipantId

NEVER = float("inf")
RECENT_S = 60.0


@dataclass(slots=True)
class _Absence:
    hide_at: float
    lost_at: float
    hidden: bool = False


class Presence:
    def __init__(self, everybody: Iterable[ParticipantId], lost_at: float) -> None:
        """After a restart everybody is awaited, and nobody's absence is told: it is the server's own."""
        self._away = {who: _Absence(NEVER, lost_at) for who in everybody}
        self._returned: dict[ParticipantId, float] = {}

    def __bool__(self) -> bool:
        return bool(self._away)

    @property
    def hidden(self) -> tuple[ParticipantId, ...]:
        return tuple(who for who, absence in self._away.items() if absence.hidden)

    def gone(self, who: ParticipantId, hide_at: float, lost_at: float) -> None:
        self._away[who] = _Absence(hide_at, lost_at)

    def hide_now(self, who: ParticipantId, now: float) -> None:
        if who in self._away:
            self._away[who].hide_at = now

    def back(self, who: ParticipantId, now: float) -> bool:
        """Whether others were told that they were away."""
        absence = self._away.pop(who, None)
        if absence is None or not absence.hidden:
            return False
        self._returned[who] = now
        return True

    def forget(self, who: ParticipantId) -> None:
        self._away.pop(who, None)
        self._returned.pop(who, None)

    def clear(self) -> None:
        """It is over: nobody is awaited."""
        self._away.clear()
        self._returned.clear()

    def returned(self, now: float) -> tuple[ParticipantId, ...]:
        """Who came back lately: one who was away at that time didn't hear of it."""
        self._returned = {who: at for who, at in self._returned.items() if now - at < RECENT_S}
        return tuple(self._returned)

    def to_hide(self, now: float) -> tuple[ParticipantId, ...]:
        return tuple(who for who, a in self._away.items() if not a.hidden and a.hide_at <= now < a.lost_at)

    def told(self, people: Iterable[ParticipantId]) -> None:
        for who in people:
            self._away[who].hidden = True

    def lost(self, now: float) -> tuple[ParticipantId, ...]:
        return tuple(who for who, absence in self._away.items() if absence.lost_at <= now)
