"""What a meeting knows of itself and its people, and how it follows from the log.

Law: `evolve` is total: it follows every entry that any version of ours ever stored, and refuses none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from folkmoot.meetings.feature import Entry, ParticipantId, Role, Source

MOST_KNOWN = 5000
"""So many who were here once are known again; of hosts all."""


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


def evolve(state: State, entry: Entry) -> State:
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
