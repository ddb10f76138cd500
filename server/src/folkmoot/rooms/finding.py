"""Who and what a name means: a room, somebody in it, a place for one more; or the refusal that says why there is none."""

from __future__ import annotations

from collections.abc import Callable

from folkmoot.kit import Refusal
from folkmoot.rooms.model import Participant
from folkmoot.rooms.room import House, Room
from folkmoot.rooms.shell import Shell

NO_ROOM, NO_PARTICIPANT, NO_TRACK = (
    Refusal("room.unknown"),
    Refusal("participant.unknown"),
    Refusal("track.unknown"),
)
RETRY_AFTER_S = 10
"""Of one who comes when all is full."""
FORWARDED = Refusal("participant.forwarded")


class Finding:
    def __init__(self, house: House, shell: Shell) -> None:
        self._house, self._shell = house, shell

    def no_room_for(self, name: str) -> Refusal | None:
        full = self._shell.room(name) is None and self._shell.count >= self._house.limits.rooms
        return Refusal("server.too_many_rooms", {"retry_after_s": RETRY_AFTER_S}) if full else None

    def no_place(self) -> Refusal | None:
        full = len(self._house.homes) >= self._house.limits.participants
        return Refusal("server.full", {"retry_after_s": RETRY_AFTER_S}) if full else None

    def find(self, room: str, identity: str) -> tuple[Room, Participant] | Refusal:
        inside = self._shell.room(room)
        if inside is None:
            return NO_ROOM
        participant = inside.by_identity(identity)
        return (inside, participant) if participant else NO_PARTICIPANT

    def find_own(self, room: str, identity: str) -> tuple[Room, Participant] | Refusal:
        """Not one that only stands for somebody of another room."""
        found = self.find(room, identity)
        if not isinstance(found, Refusal) and found[1].origin is not None:
            return FORWARDED
        return found

    def elsewhere(
        self,
        name: str,
        identity: str,
        destination: str,
        may: Callable[[Participant, Room | None], Refusal | None],
    ) -> tuple[Room, Participant, Room] | Refusal:
        """Who is to be in another room, and that room."""
        found = self.find_own(name, identity)
        if isinstance(found, Refusal):
            return found
        refusal = may(found[1], self._shell.room(destination)) or self.no_room_for(destination)
        return refusal or (*found, self._shell.open(destination))

    def by_sid(self, room: str, sid: str) -> tuple[Room, Participant] | None:
        room, sid = self._shell.moves.follow(room, sid)
        inside = self._shell.room(room)
        participant = inside.by_sid(sid) if inside else None
        return (inside, participant) if inside and participant else None
