"""Who counts as what in a room, kept where it changes: a crowd isn't counted by asking everybody at each who comes."""

from __future__ import annotations

from dataclasses import dataclass, field

from folkmoot.rooms.model import Participant


@dataclass(slots=True)
class Census:
    """Each a set of sids."""

    people: set[str] = field(default_factory=set)
    """All but helpers."""
    seen: set[str] = field(default_factory=set)
    """Of the people those who aren't hidden."""
    publishers: set[str] = field(default_factory=set)
    recorders: set[str] = field(default_factory=set)

    def count(self, participant: Participant) -> None:
        hidden, helper = participant.permission.hidden, participant.is_helper
        for among, counts in (
            (self.people, not helper),
            (self.seen, not helper and not hidden),
            (self.publishers, bool(participant.published) and not hidden),
            (self.recorders, participant.is_recorder),
        ):
            (among.add if counts else among.discard)(participant.sid)

    def drop(self, sid: str) -> None:
        for among in (self.people, self.seen, self.publishers, self.recorders):
            among.discard(sid)
