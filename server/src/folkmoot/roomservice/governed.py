"""In a meeting's room the meeting decides: what this API does there becomes its command, or is refused.

Otherwise the room would be so as its meeting doesn't know it: a person removed who is still listed, a microphone shown on that is
muted, somebody who may speak whom no host let, words that no log has. Looking is free.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from inspect import isawaitable
from typing import Any, get_args

from folkmoot.kit import Refusal
from folkmoot.meetings import Meetings
from folkmoot.meetings.feature import Source
from folkmoot.meetings.media import number_of
from folkmoot.meetings.people.commands import End, Mute, Remove
from folkmoot.protocol import api
from folkmoot.rooms.live import Rooms
from folkmoot.roomservice.methods import METHODS

DECIDES = Refusal("meeting.decides")
LOOKS = frozenset({"ListRooms", "ListParticipants", "GetParticipant"})


async def _delete(rooms: Rooms, meetings: Meetings, number: str, call: api.DeleteRoom) -> Any | Refusal:
    refusal = await meetings.command(number, End(type="end"))
    closed = rooms.close(call.room)  # of a meeting that was over, or never was
    return refusal if refusal is not None and not closed else api.deleted()


async def _remove(
    rooms: Rooms, meetings: Meetings, number: str, call: api.RemoveParticipant
) -> Any | Refusal:
    refusal = await meetings.command(number, Remove(type="remove", participant=call.identity))
    was_inside = rooms.remove(call.room, call.identity, revoked_before=call.revoke_token_ts)
    return refusal if refusal is not None and not was_inside else api.removed()


async def _mute(rooms: Rooms, meetings: Meetings, number: str, call: api.MutePublishedTrack) -> Any | Refusal:
    track = rooms.track(call.room, call.identity, call.track_sid)
    if isinstance(track, Refusal):
        return track
    if not call.muted:
        return Refusal("track.unmute_not_offered") if track.muted else api.muted(track)
    if track.source.word not in get_args(Source):
        return DECIDES  # it knows no way to be without the sound of a screen but without the screen
    mute = Mute.model_validate({"type": "mute", "participant": call.identity, "source": track.source.word})
    refusal = await meetings.command(number, mute)
    after = rooms.track(call.room, call.identity, call.track_sid)
    return refusal or (after if isinstance(after, Refusal) else api.muted(after))


Governed = Callable[[Rooms, Meetings, str, Any], Awaitable[Any]]

COMMANDS: Mapping[str, Governed] = {
    "DeleteRoom": _delete,
    "RemoveParticipant": _remove,
    "MutePublishedTrack": _mute,
}


async def carried_out(method: str, call: Any, rooms: Rooms, meetings: Meetings) -> Any | Refusal:
    """The answer, whoever it was that decided."""
    number = number_of(getattr(call, "room", ""))
    if number is None and number_of(getattr(call, "destination", "")) is not None:
        return DECIDES
    if number is None or method in LOOKS:
        answer = METHODS[method][1](rooms, call)
        return await answer if isawaitable(answer) else answer
    if method in COMMANDS:
        return await COMMANDS[method](rooms, meetings, number, call)
    return DECIDES
