"""What is new of the people in a room and not told yet, and who ended lately.

Law: what comes together is told together. In a small room that is at once; in a larger one the first is, and what follows
waits a while that grows with the room, so that many who come in a rush cost everybody one message now and then, not one
for each. The last state of a person supersedes those before it; that somebody ended is never left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from folkmoot.rooms.model import Now, Participant

AT_ONCE = 16
"""In a room of so many nothing waits but what one can do many times a second,"""
TOGGLES_S = 0.1
"""and that so long;"""
LONGEST_S = 0.25
"""nothing waits longer."""
ENDED_KEPT_S = 60.0
ENDED_KEPT = 4096
"""Whoever resumes has missed less: its socket is missed by then, and without one it is removed."""


@dataclass(slots=True)
class _New:
    encoded: bytes | None
    """Of one that ended; others are told as they are when it is told."""
    participant: Participant
    tell_self: bool


@dataclass(frozen=True, slots=True)
class Told:
    """An update for everybody, and whom of those in it it needn't tell of itself."""

    people: list[tuple[str, bytes]]
    knowing: frozenset[str]


class Updates:
    def __init__(self) -> None:
        self._new: dict[str, _New] = {}
        self._ended: dict[str, tuple[float, str, bytes]] = {}
        self._at = -1e9
        self._urgent = False

    def __bool__(self) -> bool:
        return bool(self._new)

    def changed(self, participant: Participant, *, tell_self: bool, urgent: bool) -> None:
        known = self._new.get(participant.sid)
        if known is not None:
            known.tell_self |= tell_self
        else:
            self._new[participant.sid] = _New(None, participant, tell_self)
        self._urgent |= urgent

    def ended(self, participant: Participant, encoded: bytes, now: Now) -> None:
        self._new.pop(participant.sid, None)
        self._new[participant.sid] = _New(encoded, participant, tell_self=False)
        self._urgent = True
        self._ended.pop(participant.identity, None)
        self._ended[participant.identity] = (now.at, participant.sid, encoded)
        self._forget(now)

    def forget(self, participant: Participant) -> None:
        """Nothing more is told of it: its identity lives on under another sid, or nobody is left."""
        self._new.pop(participant.sid, None)

    def come(self, identity: str) -> bool:
        """Somebody of that identity is here anew: whether another of it ended and nobody was told yet."""
        ended = self._ended.pop(identity, None)
        return ended is not None and ended[1] in self._new

    def lately_ended(self, now: Now) -> list[bytes]:
        self._forget(now)
        return [encoded for _, _, encoded in self._ended.values()]

    def due(self, people: int) -> float:
        pause = 0.0 if people <= AT_ONCE else min(LONGEST_S, people / 1000)
        return self._at + (pause if self._urgent else max(pause, TOGGLES_S))

    def of(self, sids: Iterable[str]) -> list[bytes]:
        """What is new of these; it stays new for the others."""
        return [self._encoded(new) for sid in sids if (new := self._new.get(sid)) is not None]

    def take(self, now: Now) -> Told:
        people = [(sid, self._encoded(new)) for sid, new in self._new.items()]
        knowing = frozenset(sid for sid, new in self._new.items() if not new.tell_self)
        self._new = {}
        self._at, self._urgent = now.at, False
        return Told(people, knowing)

    @staticmethod
    def _encoded(new: _New) -> bytes:
        return new.participant.encoded() if new.encoded is None else new.encoded

    def _forget(self, now: Now) -> None:
        for identity, (at, _, _) in tuple(self._ended.items()):
            if at + ENDED_KEPT_S > now.at and len(self._ended) <= ENDED_KEPT:
                return
            del self._ended[identity]
