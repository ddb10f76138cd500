"""What hosts do, and leaving, which they may cause."""

from __future__ import annotations

from collections.abc import Sequence

from folkmoot.kit import Refusal
from folkmoot.meetings import text
from folkmoot.meetings.feature import Actor, Event, May, ParticipantId, Source, To
from folkmoot.meetings.people.commands import (
    AnyCommand,
    AskUnmute,
    End,
    Lock,
    Mute,
    MuteAll,
    Remove,
)
from folkmoot.meetings.people.permissions import may
from folkmoot.meetings.people.state import State


def host(state: State, command: AnyCommand, by: Actor) -> Sequence[Event] | Refusal:
    match command:
        case Lock():
            return [Event("locked", {"locked": command.locked})] if command.locked != state.locked else []
        case End():
            return [Event("ended")]
        case MuteAll():
            quiet = [p.id for p in state.people.values() if May.HOST not in may(p.role)]
            return [_mute(who, "microphone") for who in (*quiet, *state.services)]
        case Mute() | AskUnmute() | Remove():
            return _to_one(state, command, by)
    raise TypeError(type(command))


def _to_one(state: State, command: Mute | AskUnmute | Remove, by: Actor) -> Sequence[Event] | Refusal:
    other = ParticipantId(command.participant)
    if other not in state.people and other not in state.services:
        return Refusal("meeting.unknown_participant")
    match command:
        case Mute():
            return [_mute(other, command.source)]
        case AskUnmute():
            return [passing("ask_unmute", other, other)]
        case Remove():
            if other == by.participant:
                return Refusal("meeting.not_oneself")
            out = [Event("service_left", {"id": other})] if other in state.services else []
            return [Event("removed", {"participant": other}), *(out or left(other, "removed"))]


def left(who: ParticipantId, reason: str) -> list[Event]:
    return [Event("left", {"id": who, "reason": reason})]


def _mute(who: ParticipantId, source: Source) -> Event:
    return Event("muted", {"participant": who, "source": source}, to=To(hosts=True, people=(who,)))


def passing(word: str, who: ParticipantId, to: ParticipantId | None) -> Event:
    return Event(word, {"participant": who}, durable=False, to=To(people=(to,)) if to else To())


def rename(by: Actor, wanted: str) -> Sequence[Event] | Refusal:
    if (refusal := by.lacks(May.RENAME)) is not None:
        return refusal
    name = text.name(wanted)
    if isinstance(name, Refusal):
        return name
    return [Event("renamed", {"participant": by.participant, "name": name})]
