"""In a meeting's room the meeting decides: what this API does there becomes its command, or is refused.

Otherwise the room would be so as its meeting doesn't know it: a person removed who is still listed, somebody who may speak whom
no host let.
"""

from __future__ import annotations

from typing import Any

from folkmoot.kit import Refusal
from folkmoot.meetings import Meetings
from folkmoot.meetings.media import number_of
from folkmoot.meetings.people import End, Remove

DECIDED = frozenset({"CreateRoom", "UpdateParticipant", "UpdateSubscriptions"})


def kept_for_the_meeting(method: str, call: Any) -> Refusal | None:
    """Asked before anything is done."""
    if method in DECIDED and number_of(getattr(call, "room", "")) is not None:
        return Refusal("meeting.decides")
    return None


async def told_the_meeting(method: str, call: Any, meetings: Meetings) -> None:
    """After it was done in the room: the fold follows."""
    number = number_of(getattr(call, "room", ""))
    if number is None:
        return
    match method:
        case "RemoveParticipant":
            await meetings.command(number, Remove(type="remove", participant=call.identity))
        case "DeleteRoom":
            await meetings.command(number, End(type="end"))
