"""Makes a meeting's room so as its features want it: what is wanted now against what was made so before.

Law: who is not in the fold is not in the room, whatever token they hold. One call for all of a step. What media doesn't do,
it is told again by the next difference, never by the fault of this one stopping the meeting.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import structlog

from folkmoot.meetings.feature import NOTHING, ParticipantId, Source, Wants
from folkmoot.meetings.media import Media, room_of, sources_without

log = structlog.get_logger("folkmoot.meetings")


@dataclass(frozen=True, slots=True)
class _Change:
    remove: frozenset[str] = frozenset()
    permit: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mute: frozenset[tuple[str, str]] = frozenset()


NO_CHANGE = _Change()


class Outside:
    def __init__(self, number: str, media: Media) -> None:
        self.room = room_of(number)
        self._media = media
        self._number = number
        self._wanted = self._made = NOTHING

    def begin(self, wants: Wants) -> frozenset[str]:
        """After a fold: whoever is in the room by what was so before, and should not be, goes. Who stays is told."""
        self._wanted = self._made = wants
        found = frozenset(self._media.inside(self.room))
        self._ask(_Change(remove=found - wants.inside))
        return found & wants.inside

    def make_so(self, wants: Wants) -> None:
        self._wanted = wants
        if wants is not self._made and self._ask(_difference(self._made, wants)):
            self._made = wants

    def turn_out(self, who: str) -> None:
        """The room reports somebody who is not wanted there."""
        self._ask(_Change(remove=frozenset((who,))))

    def sources(self, who: ParticipantId) -> tuple[str, ...]:
        """What they may send."""
        return sources_without(self._wanted.denied.get(who, frozenset()))

    def token(self, who: ParticipantId, name: str, denied: frozenset[Source] | None = None) -> str:
        """`denied`: of one who isn't in the fold yet."""
        sources = self.sources(who) if denied is None else sources_without(denied)
        return self._media.token(
            self.room,
            who,
            name=name,
            can_publish=bool(sources),
            can_publish_data=False,
            can_publish_sources=sources,
        )

    def _ask(self, change: _Change) -> bool:
        try:
            if self._wanted.closed:
                self._media.close(self.room)
            elif change != NO_CHANGE:
                self._media.enforce(self.room, remove=change.remove, permit=change.permit, mute=change.mute)
        except Exception:
            log.exception("media didn't follow", number=self._number)
            return False
        return True


def _difference(before: Wants, wants: Wants) -> _Change:
    return _Change(
        remove=frozenset(before.inside - wants.inside),
        permit={
            who: sources_without(wants.denied.get(who, frozenset()))
            for who in before.denied.keys() | wants.denied.keys()
            if who in wants.inside and before.denied.get(who) != wants.denied.get(who)
        },
        mute=frozenset(what for what, seq in wants.muted.items() if seq > before.muted.get(what, 0)),
    )
