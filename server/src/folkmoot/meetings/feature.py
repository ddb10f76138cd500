"""What people do together in a meeting, as one contract: chat, reactions, hands, host actions are each one `Feature`.

Law: a running meeting is a fold over an ordered log, `state = fold(evolve, initial, durable entries)`. `decide` may refuse,
`evolve` may not: it is total, and replays every entry that any version of ours ever stored. Only `decide` looks at roles
and time. A passing event leaves no state. A state is a frozen dataclass of plain values, so that a snapshot of it can
be stored; payloads are JSON.

Facts of the meeting (joined, left, removed, role changed, renamed, ended) reach every feature as entries of the feature
`meeting`: "the hand goes down when its owner leaves" is one branch of `evolve`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter

from folkmoot.kit import Refusal

ParticipantId = NewType("ParticipantId", str)


class Role(StrEnum):
    HOST = "host"
    COHOST = "cohost"
    MEMBER = "member"
    GUEST = "guest"
    WAITING = "waiting"
    """In the lobby: sees nothing, and may do nothing but leave."""

    @property
    def hosts(self) -> bool:
        return self in (Role.HOST, Role.COHOST)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, as the meeting knows them; never what the client claims."""

    participant: ParticipantId
    role: Role


@dataclass(frozen=True, slots=True)
class Audience:
    """Everybody who is in, unless it is narrowed to the hosts, to some people, or to both together."""

    hosts: bool = False
    people: tuple[ParticipantId, ...] | None = None

    @property
    def everyone(self) -> bool:
        return not self.hosts and self.people is None


EVERYONE = Audience()


@dataclass(frozen=True, slots=True)
class Event:
    """What a feature decided has happened. Durable ones are stored before anybody hears of them."""

    type: str
    payload: Mapping[str, JsonValue] = field(default_factory=dict)
    durable: bool = True
    to: Audience = EVERYONE


@dataclass(frozen=True, slots=True)
class Entry:
    """An event in its place in the log."""

    seq: int
    at: datetime
    feature: str
    type: str
    by: ParticipantId | None
    """None: the meeting itself."""
    payload: Mapping[str, JsonValue]
    durable: bool = True
    to: tuple[ParticipantId, ...] | None = None
    """None: everybody. Fixed when the entry was made: who becomes host later doesn't see what hosts saw before."""
    command: str | None = None
    """The client's id of the command that it follows from."""

    def visible_to(self, participant: ParticipantId, role: Role) -> bool:
        if self.to is None:
            return role is not Role.WAITING
        return participant in self.to


class Command(BaseModel):
    """What a participant asks for; `type` is a Literal in each kind. Parsed once, at the door."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


State = TypeVar("State")
C = TypeVar("C", contravariant=True)


class Feature(Protocol[State, C]):
    @property
    def name(self) -> str:
        """Prefix of its codes and of its messages."""
        ...

    @property
    def commands(self) -> TypeAdapter[Any]:
        """What it understands from outside. Anything else never reaches `decide`."""
        ...

    def initial(self) -> State: ...

    def decide(self, state: State, command: C, by: Actor, now: datetime) -> Sequence[Event] | Refusal: ...

    def evolve(self, state: State, entry: Entry) -> State:
        """Gets every durable entry of the meeting, its own and the others'."""
        ...

    def snapshot(self, state: State, to: Actor) -> JsonValue:
        """What this person may see."""
        ...


AnyFeature = Feature[Any, Any]
