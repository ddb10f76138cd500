"""What a meeting asks of the room where its media is: a port, because another media server could stand there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Protocol

from folkmoot.meetings.feature import Source

SOURCES: tuple[Source, ...] = ("microphone", "camera", "screen_share")
SOUND_OF: Mapping[Source, str] = {"screen_share": "screen_share_audio"}


class Media(Protocol):
    """None of these waits. The identity in a room is the participant's id."""

    def token(
        self,
        room: str,
        identity: str,
        *,
        name: str = "",
        can_publish: bool = True,
        can_publish_data: bool = True,
        can_publish_sources: Iterable[str] = (),
    ) -> str:
        """Lets one into the room, for some minutes."""
        ...

    def inside(self, room: str) -> Iterable[str]:
        """Identities, also of those whose media doesn't stand yet."""
        ...

    def enforce(
        self,
        room: str,
        *,
        remove: Collection[str] = (),
        permit: Mapping[str, Collection[str]] = MappingProxyType({}),
        mute: Collection[tuple[str, str]] = (),
    ) -> None:
        """All that a step changes, in one call: by identity who goes, what sources who may send from now on, and whose tracks of
        which source fall silent. What is so already is no error."""
        ...

    def close(self, room: str) -> bool: ...


PREFIX = "m-"


def room_of(number: str) -> str:
    return PREFIX + number


def number_of(room: str) -> str | None:
    """None: a room that is no meeting's."""
    return room[len(PREFIX) :] if room.startswith(PREFIX) else None


def sources_without(denied: frozenset[Source]) -> tuple[str, ...]:
    """As tokens and rooms name them. Who may not speak sends no sound with a screen either: it would be their voice."""
    allowed = [source for source in SOURCES if source not in denied]
    sounds = [SOUND_OF[source] for source in allowed if source in SOUND_OF]
    return (*allowed, *(sounds if "microphone" not in denied else ()))
