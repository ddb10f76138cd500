"""What a meeting asks of the room where its media is: a port, because another media server could stand there."""

from __future__ import annotations

from typing import Protocol


class Media(Protocol):
    """None of these waits. The identity in a room is the participant's id."""

    def token(self, room: str, identity: str, *, name: str = "") -> str: ...

    def mute(self, room: str, identity: str, source: str) -> bool:
        """False: there was nothing to mute."""
        ...

    def remove(self, room: str, identity: str) -> bool: ...

    def close(self, room: str) -> bool: ...


PREFIX = "m-"


def room_of(number: str) -> str:
    return PREFIX + number


def number_of(room: str) -> str | None:
    """None: a room that is no meeting's."""
    return room[len(PREFIX) :] if room.startswith(PREFIX) else None
