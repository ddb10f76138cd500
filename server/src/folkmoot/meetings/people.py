"""The feature `meeting`: who is here, with what role, whether the door is locked, and that it is over.

Besides what people ask for, it decides what the meeting itself knows: somebody came (`Enter`), somebody didn't come back
(`Lose`), nobody has been here for too long (`Close`). These three are in no schema: nobody can send them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, JsonValue, TypeAdapter

from folkmoot.kit import Refusal
from folkmoot.meetings import text
from folkmoot.meetings.feature import Actor, Audience, Command, Entry, Event, ParticipantId, Role

Source = Literal["microphone", "camera", "screen_share"]
Identity = Annotated[str, Field(min_length=1, max_length=64)]


class Mute(Command):
    type: Literal["mute"]
    participant: Identity
    source: Source


class MuteAll(Command):
    type: Literal["mute_all"]


class AskUnmute(Command):
    type: Literal["ask_unmute"]
    participant: Identity


class Remove(Command):
    type: Literal["remove"]
    participant: Identity


class Lock(Command):
    type: Literal["lock"]
    locked: bool


class End(Command):
    type: Literal["end"]


class Rename(Command):
    type: Literal["rename"]
    name: Annotated[str, Field(max_length=1024)]


class Leave(Command):
    type: Literal["leave"]


Asked = Mute | MuteAll | AskUnmute | Remove | Lock | End | Rename | Leave


@dataclass(frozen=True, slots=True)
class Enter:
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Lose:
    pass


@dataclass(frozen=True, slots=True)
class Close:
    pass


AnyCommand = Asked | Enter | Lose | Close


@dataclass(frozen=True, slots=True)
class Person:
    id: ParticipantId
    name: str
    role: Role
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class State:
    title: str = ""
    number: str = ""
    started_at: datetime | None = None
    locked: bool = False
    ended: bool = False
    people: Mapping[ParticipantId, Person] = field(default_factory=dict)
    """In the order they came."""
    removed: frozenset[ParticipantId] = frozenset()
    """May not come back, whatever they hold."""


class MeetingFeature:
    name = "meeting"
    commands: TypeAdapter[Asked] = TypeAdapter(Annotated[Asked, Field(discriminator="type")])

    def initial(self) -> State:
        return State()

    def decide(
        self, state: State, command: AnyCommand, by: Actor, now: datetime
    ) -> Sequence[Event] | Refusal:
        if state.ended:
            return Refusal("meeting.ended")
        match command:
            case Enter(name, role):
                return _enter(state, by.participant, name, role)
            case Lose():
                return _left(by.participant, "lost") if by.participant in state.people else []
            case Close():
                return [Event("ended")]
            case Leave():
                return _left(by.participant, "left")
            case Rename():
                return _rename(by.participant, command.name)
        if not by.role.hosts:
            return Refusal("meeting.not_host")
        match command:
            case Lock():
                return [Event("locked", {"locked": command.locked})] if command.locked != state.locked else []
            case End():
                return [Event("ended")]
            case MuteAll():
                return [_muted(p.id, "microphone") for p in state.people.values() if not p.role.hosts]
        if command.participant not in state.people:
            return Refusal("meeting.unknown_participant")
        other = ParticipantId(command.participant)
        match command:
            case Mute():
                return [_muted(other, command.source)]
            case AskUnmute():
                return [
                    Event("ask_unmute", {"participant": other}, durable=False, to=Audience(people=(other,)))
                ]
            case Remove():
                if other == by.participant:
                    return Refusal("meeting.not_oneself")
                return [Event("removed", {"participant": other}), *_left(other, "removed")]

    def evolve(self, state: State, entry: Entry) -> State:
        if entry.feature != self.name:
            return state
        payload = entry.payload
        match entry.type:
            case "started":
                return replace(
                    state,
                    title=str(payload["title"]),
                    number=str(payload["number"]),
                    started_at=entry.at,
                )
            case "joined":
                person = Person(
                    ParticipantId(str(payload["id"])),
                    str(payload["name"]),
                    Role(str(payload["role"])),
                    entry.at,
                )
                return replace(state, people={**state.people, person.id: person})
            case "left":
                return replace(state, people={k: p for k, p in state.people.items() if k != payload["id"]})
            case "removed":
                return replace(state, removed=state.removed | {ParticipantId(str(payload["participant"]))})
            case "locked":
                return replace(state, locked=payload["locked"] is True)
            case "role_changed":
                return _changed(state, payload["participant"], role=Role(str(payload["role"])))
            case "renamed":
                return _changed(state, payload["participant"], name=str(payload["name"]))
            case "ended":
                return replace(state, ended=True, people={})
        return state

    def snapshot(self, state: State, to: Actor) -> JsonValue:
        if to.role is Role.WAITING:
            return {}
        return {
            "title": state.title,
            "number": state.number,
            "locked": state.locked,
            "startedAt": _stamp(state.started_at),
            "ended": state.ended,
            "people": [
                {"id": p.id, "name": p.name, "role": p.role.value, "joinedAt": _stamp(p.joined_at)}
                for p in state.people.values()
            ],
        }


feature = MeetingFeature()


def _enter(state: State, who: ParticipantId, name: str, role: Role) -> Sequence[Event] | Refusal:
    if who in state.removed:
        return Refusal("meeting.removed")
    here = state.people.get(who)
    if here is None:
        return [Event("joined", {"id": who, "name": name, "role": role.value})]
    if role.hosts and not here.role.hosts:
        return [Event("role_changed", {"participant": who, "role": role.value})]
    return []


def _left(who: ParticipantId, reason: str) -> list[Event]:
    return [Event("left", {"id": who, "reason": reason})]


def _muted(who: ParticipantId, source: str) -> Event:
    return Event(
        "muted",
        {"participant": who, "source": source},
        durable=False,
        to=Audience(hosts=True, people=(who,)),
    )


def _rename(who: ParticipantId, wanted: str) -> Sequence[Event] | Refusal:
    name = text.name(wanted)
    return name if isinstance(name, Refusal) else [Event("renamed", {"participant": who, "name": name})]


def _changed(state: State, who: JsonValue, **change: object) -> State:
    here = state.people.get(ParticipantId(str(who)))
    if here is None:
        return state
    return replace(state, people={**state.people, here.id: replace(here, **change)})  # type: ignore[arg-type]


def _stamp(at: datetime | None) -> str:
    return at.isoformat() if at else ""
