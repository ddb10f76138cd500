"""The feature `meeting`: who is here, with what role, what they may, whether the door is locked, and that it is over.

Besides what people ask for, it decides what the meeting itself knows: somebody comes (`Enter`), somebody's line is gone
(`Away`, `Back`, `Lose`), a program is in the room (`ServeIn`, `ServeOut`), nobody has been here for too long (`Close`).
These are in no schema: nobody can send them.

Roles live here and nowhere else: what was given or taken in the meeting holds when its bearer comes back, whatever they held
before. Programs let in by an API key are services: everybody sees them, a host can remove them, they are no people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Annotated, ClassVar, Literal

from pydantic import Field, JsonValue, TypeAdapter

from folkmoot.kit import Refusal
from folkmoot.meetings import text
from folkmoot.meetings.feature import (
    NOBODY,
    Actor,
    Command,
    Entry,
    Event,
    Feature,
    May,
    ParticipantId,
    Role,
    Source,
    To,
    Wants,
)

Whom = Annotated[str, Field(min_length=1, max_length=256)]
MOST_KNOWN = 5000
"""So many who were here once are known again; of hosts all."""
MOST_SERVICES = 64
SENDS: Mapping[May, Source] = {
    May.UNMUTE: "microphone",
    May.VIDEO: "camera",
    May.SHARE: "screen_share",
}


class Mute(Command):
    type: Literal["mute"]
    participant: Whom
    source: Source


class MuteAll(Command):
    type: Literal["mute_all"]


class AskUnmute(Command):
    type: Literal["ask_unmute"]
    participant: Whom
    passing: ClassVar[bool] = True


class Remove(Command):
    type: Literal["remove"]
    participant: Whom


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
    of_waiting: ClassVar[bool] = True


Wanted = Mute | MuteAll | AskUnmute | Remove | Lock | End | Rename | Leave


@dataclass(frozen=True, slots=True)
class Enter:
    """Somebody stands at the channel's end of the door. Everything that may keep them out is asked now."""

    name: str
    role: Role
    """What they proved; what the meeting made of them since counts more."""
    device: str = ""
    """A keyed hash; empty: they said none."""
    proved_at: datetime | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Lose:
    """They didn't come back, all of them at once."""

    people: tuple[ParticipantId, ...]


@dataclass(frozen=True, slots=True)
class Away:
    """Their line is gone for some seconds; they keep their place. `to`: tell only them."""

    people: tuple[ParticipantId, ...]
    to: ParticipantId | None = None


@dataclass(frozen=True, slots=True)
class Back:
    people: tuple[ParticipantId, ...]
    to: ParticipantId | None = None


@dataclass(frozen=True, slots=True)
class ServeIn:
    id: ParticipantId
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class ServeOut:
    services: tuple[ParticipantId, ...]


@dataclass(frozen=True, slots=True)
class Close:
    pass


AnyCommand = Wanted | Enter | Lose | Away | Back | ServeIn | ServeOut | Close


@dataclass(frozen=True, slots=True)
class Person:
    id: ParticipantId
    name: str
    role: Role
    joined_at: datetime
    since: int = 0
    """The entry that let them in: what came before isn't theirs to ask for."""


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who is or was here: what is theirs again when they come back."""

    name: str
    role: Role
    came_as: str
    """The name they said at the door. Saying it again undoes no renaming."""
    role_at: datetime
    device: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    id: ParticipantId
    name: str
    kind: str
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
    services: Mapping[ParticipantId, Service] = field(default_factory=dict)
    known: Mapping[ParticipantId, Known] = field(default_factory=dict)
    removed: frozenset[ParticipantId] = frozenset()
    """May not come back, whatever they hold."""
    banned: frozenset[str] = frozenset()
    """The devices of those."""
    muted: Mapping[ParticipantId, Mapping[Source, int]] = field(default_factory=dict)
    """By which entry, last."""


class MeetingFeature(Feature[State, AnyCommand]):
    name = "meeting"
    commands: ClassVar[TypeAdapter[Wanted]] = TypeAdapter(Annotated[Wanted, Field(discriminator="type")])

    def initial(self) -> State:
        return State()

    def decide(
        self, state: State, command: AnyCommand, by: Actor, now: datetime
    ) -> Sequence[Event] | Refusal:
        if state.ended:
            return Refusal("meeting.ended")
        match command:
            case Enter():
                return _enter(state, by.participant, command)
            case Lose(people):
                return [event for who in people if who in state.people for event in _left(who, "lost")]
            case Away(people, to) | Back(people, to):
                word = "away" if isinstance(command, Away) else "back"
                return [_passing(word, who, to) for who in people if who in state.people]
            case ServeIn():
                return _serve(state, command)
            case ServeOut(services):
                return [Event("service_left", {"id": who}) for who in services if who in state.services]
            case Close():
                return [Event("ended")]
            case Leave():
                return _left(by.participant, "left")
            case Rename():
                return _rename(by, command.name)
        return by.lacks(May.HOST) or _host(state, command, by)

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
                return _joined(state, entry)
            case "left":
                return _gone(state, ParticipantId(str(payload["id"])))
            case "device":
                return _of_device(state, ParticipantId(str(payload["id"])), str(payload["device"]))
            case "removed":
                return _removed(state, ParticipantId(str(payload["participant"])))
            case "service_joined":
                who = ParticipantId(str(payload["id"]))
                service = Service(who, str(payload["name"]), str(payload["kind"]), entry.at)
                return replace(state, services={**state.services, who: service})
            case "service_left":
                services = {k: s for k, s in state.services.items() if k != payload["id"]}
                return replace(state, services=services)
            case "muted":
                return _muted(state, entry)
            case "locked":
                return replace(state, locked=payload["locked"] is True)
            case "role_changed":
                return _in_role(state, entry)
            case "renamed":
                return _named(state, ParticipantId(str(payload["participant"])), str(payload["name"]))
            case "ended":
                return replace(state, ended=True, people={}, services={}, muted={})
        return state

    def snapshot(self, state: State, to: Actor) -> JsonValue:
        return {
            "title": state.title,
            "number": state.number,
            "locked": state.locked,
            "startedAt": _stamp(state.started_at),
            "ended": state.ended,
            "people": [
                {"id": p.id, "name": p.name, "role": p.role.value, "joinedAt": _stamp(p.joined_at)}
                for p in state.people.values()
                if p.role is not Role.WAITING
            ],
            "services": [{"id": s.id, "name": s.name, "kind": s.kind} for s in state.services.values()],
        }

    def wants(self, state: State) -> Wants:
        inside = {p.id for p in state.people.values() if p.role is not Role.WAITING}
        denied = {p.id: _may_not_send(p.role) for p in state.people.values()}
        muted = {(who, source): seq for who, of in state.muted.items() for source, seq in of.items()}
        return Wants(
            frozenset(inside | set(state.services)),
            {who: sources for who, sources in denied.items() if sources},
            muted,
            closed=state.ended,
        )


feature = MeetingFeature()

MEETING = Actor(ParticipantId(""), Role.HOST, frozenset(May))
"""The meeting itself, as one who asks."""


@cache
def may(role: Role) -> frozenset[May]:
    """What one of this role is able to do."""
    if role is Role.WAITING:
        return frozenset()
    return frozenset(May) if role.hosts else frozenset(May) - {May.HOST}


def acting(who: ParticipantId, role: Role) -> Actor:
    return Actor(who, role, may(role))


def as_whom(state: State, who: ParticipantId, asked: Enter) -> tuple[str, Role]:
    """Name and role of somebody who comes, by what they say and what the meeting knows of them."""
    known = state.known.get(who)
    if known is None:
        return asked.name, asked.role
    name = known.name if asked.name == known.came_as else asked.name
    newer = asked.proved_at is None or asked.proved_at >= known.role_at
    role = asked.role if asked.role.hosts and newer else known.role
    return name, role


# --- deciding -------------------------------------------------------------------------------------------------------


def _enter(state: State, who: ParticipantId, asked: Enter) -> Sequence[Event] | Refusal:
    if who in state.removed or asked.device in state.banned:
        return Refusal("meeting.removed")
    name, role = as_whom(state, who, asked)
    here = state.people.get(who)
    events: list[Event] = []
    if here is None:
        if (refusal := _kept_out(state, who, role, asked.most)) is not None:
            return refusal
        to = To(hosts=True) if role is Role.WAITING else To()
        events.append(Event("joined", {"id": who, "name": name, "role": role.value}, to=to))
    elif role.hosts and not here.role.hosts:
        events.append(Event("role_changed", {"participant": who, "role": role.value}))
    known = state.known.get(who)
    if asked.device and (known is None or known.device != asked.device):
        events.append(Event("device", {"id": who, "device": asked.device}, to=NOBODY))
    return events


def _kept_out(state: State, who: ParticipantId, role: Role, most: int | None) -> Refusal | None:
    """A host is let in to whatever they host."""
    if role.hosts:
        return None
    if state.locked and who not in state.known:
        return Refusal("meeting.locked")
    if most is not None and len(state.people) >= most:
        return Refusal("meeting.full", {"most": most})
    return None


def _serve(state: State, asked: ServeIn) -> Sequence[Event] | Refusal:
    if asked.id in state.removed:
        return Refusal("meeting.removed")
    if asked.id in state.services:
        return []
    if len(state.services) >= MOST_SERVICES:
        return Refusal("meeting.full", {"most": MOST_SERVICES})
    return [Event("service_joined", {"id": asked.id, "name": asked.name, "kind": asked.kind})]


def _host(state: State, command: AnyCommand, by: Actor) -> Sequence[Event] | Refusal:
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
            return [_passing("ask_unmute", other, other)]
        case Remove():
            if other == by.participant:
                return Refusal("meeting.not_oneself")
            out = [Event("service_left", {"id": other})] if other in state.services else []
            return [Event("removed", {"participant": other}), *(out or _left(other, "removed"))]


def _left(who: ParticipantId, reason: str) -> list[Event]:
    return [Event("left", {"id": who, "reason": reason})]


def _mute(who: ParticipantId, source: Source) -> Event:
    return Event("muted", {"participant": who, "source": source}, to=To(hosts=True, people=(who,)))


def _passing(word: str, who: ParticipantId, to: ParticipantId | None) -> Event:
    return Event(word, {"participant": who}, durable=False, to=To(people=(to,)) if to else To())


def _rename(by: Actor, wanted: str) -> Sequence[Event] | Refusal:
    if (refusal := by.lacks(May.RENAME)) is not None:
        return refusal
    name = text.name(wanted)
    if isinstance(name, Refusal):
        return name
    return [Event("renamed", {"participant": by.participant, "name": name})]


# --- evolving -------------------------------------------------------------------------------------------------------


def _joined(state: State, entry: Entry) -> State:
    who, name = ParticipantId(str(entry.payload["id"])), str(entry.payload["name"])
    role = Role(str(entry.payload["role"]))
    before = state.known.get(who)
    person = Person(who, name, role, entry.at, entry.seq)
    came_as = before.came_as if before and before.name == name else name
    role_at = before.role_at if before and before.role is role else entry.at
    known = Known(name, role, came_as, role_at, before.device if before else "")
    everybody = {**state.known, who: known}
    if len(everybody) > MOST_KNOWN:
        _forget_one(everybody, state.people)
    return replace(state, people={**state.people, who: person}, known=everybody)


def _forget_one(known: dict[ParticipantId, Known], here: Mapping[ParticipantId, Person]) -> None:
    gone = next((who for who, one in known.items() if who not in here and not one.role.hosts), None)
    if gone is not None:
        del known[gone]


def _gone(state: State, who: ParticipantId) -> State:
    people = {k: p for k, p in state.people.items() if k != who}
    return replace(state, people=people, muted={k: m for k, m in state.muted.items() if k != who})


def _removed(state: State, who: ParticipantId) -> State:
    known = state.known.get(who)
    banned = state.banned | {known.device} if known and known.device else state.banned
    return replace(state, removed=state.removed | {who}, banned=banned)


def _of_device(state: State, who: ParticipantId, device: str) -> State:
    known = state.known.get(who)
    if known is None:
        return state
    return replace(state, known={**state.known, who: replace(known, device=device)})


def _muted(state: State, entry: Entry) -> State:
    who = ParticipantId(str(entry.payload["participant"]))
    source: Source = entry.payload["source"]  # type: ignore[assignment]
    if who not in state.people and who not in state.services:
        return state
    return replace(state, muted={**state.muted, who: {**state.muted.get(who, {}), source: entry.seq}})


def _in_role(state: State, entry: Entry) -> State:
    who, role = ParticipantId(str(entry.payload["participant"])), Role(str(entry.payload["role"]))
    here, known = state.people.get(who), state.known.get(who)
    if here is not None:
        since = entry.seq if here.role is Role.WAITING else here.since
        state = replace(state, people={**state.people, who: replace(here, role=role, since=since)})
    if known is not None:
        changed = replace(known, role=role, role_at=entry.at)
        state = replace(state, known={**state.known, who: changed})
    return state


def _named(state: State, who: ParticipantId, name: str) -> State:
    here, known = state.people.get(who), state.known.get(who)
    if here is not None:
        state = replace(state, people={**state.people, who: replace(here, name=name)})
    if known is not None:
        state = replace(state, known={**state.known, who: replace(known, name=name)})
    return state


@cache
def _may_not_send(role: Role) -> frozenset[Source]:
    able = may(role)
    return frozenset(source for what, source in SENDS.items() if what not in able)


def _stamp(at: datetime | None) -> str:
    return at.isoformat() if at else ""
