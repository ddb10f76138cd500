"""What people do together in a meeting, as one contract: chat, reactions, hands, host actions are each one `Feature`.

Law: a running meeting is a fold over an ordered log, `state = fold(evolve, initial, durable entries)`. `decide` may refuse,
`evolve` may not: it is total, and replays every entry that any version of ours ever stored. Only `decide` looks at what one
may and at the time. A passing event leaves no state. A state is a frozen dataclass of plain values, so that a snapshot of
it can be stored; payloads are JSON.

No feature acts on the world. It says what it `wants` to be so, as a value, and when it is `due` to be asked again; the shell
compares and makes it so. An effect is a difference, not a message: none is lost between two steps, or by a restart.

Facts of the meeting (joined, left, removed, role changed, renamed, ended) reach every feature as entries of the feature
`meeting`: "the hand goes down when its owner leaves" is one branch of `evolve`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Generic, Literal, NewType, TypeVar

from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter

from folkmoot.kit import Refusal

ParticipantId = NewType("ParticipantId", str)
Source = Literal["microphone", "camera", "screen_share"]
"""What may be muted or forbidden. Who may share a screen may share its sound."""
Emoji = Literal["👍", "👏", "❤️", "😂", "🎉", "😮"]
"""The signs people answer with. Few, so that nobody searches, and every system draws them."""


class Role(StrEnum):
    OWNER = "owner"
    """The host whose meeting it is: who held the host key first, or whom they handed it to."""
    HOST = "host"
    """Proved the host key."""
    COHOST = "cohost"
    """Was made one by those."""
    MEMBER = "member"
    """Was invited by name."""
    GUEST = "guest"
    WAITING = "waiting"
    """In the waiting room: sees nothing, and may do nothing but leave."""

    @property
    def hosts(self) -> bool:
        return self in (Role.OWNER, Role.HOST, Role.COHOST)

    @property
    def owns(self) -> bool:
        """Appoints others."""
        return self in (Role.OWNER, Role.HOST)


class May(StrEnum):
    """What somebody is able to do at this moment. The page shows by these what the server decides by."""

    CHAT = "chat"
    """Write to anybody."""
    CHAT_HOSTS = "chat_hosts"
    """Write to hosts."""
    DRAW = "draw"
    FILES = "files"
    """Bring files to the chat."""
    HOST = "host"
    """The host tools."""
    OWN = "own"
    """Appoint others, hand over, replace the host key."""
    REACT = "react"
    RENAME = "rename"
    SHARE = "share"
    UNMUTE = "unmute"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, as the meeting knows them; never what the client claims."""

    participant: ParticipantId
    role: Role
    may: frozenset[May] = frozenset()

    @property
    def hosts(self) -> bool:
        return May.HOST in self.may

    @property
    def waits(self) -> bool:
        return self.role is Role.WAITING

    def lacks(self, what: May) -> Refusal | None:
        """The refusal for what they may not do."""
        if what in self.may:
            return None
        if what is May.HOST:
            return Refusal("meeting.not_host")
        if what is May.OWN:
            return Refusal("meeting.not_owner")
        return Refusal("meeting.not_allowed", {"may": what.value})


@dataclass(frozen=True, slots=True)
class To:
    """Whom an event is for: everybody who is in, unless narrowed to the hosts, to some people, or to both together."""

    hosts: bool = False
    people: tuple[ParticipantId, ...] | None = None

    @property
    def everyone(self) -> bool:
        return not self.hosts and self.people is None


EVERYONE, NOBODY = To(), To(people=())


@dataclass(frozen=True, slots=True)
class Event:
    """What a feature decided has happened. Durable ones are stored before anybody hears of them."""

    type: str
    payload: Mapping[str, JsonValue] = field(default_factory=dict)
    durable: bool = True
    to: To = EVERYONE
    erases: tuple[int, ...] = ()
    """Sequence numbers of own entries whose payload is to be gone from everywhere. Their places stay."""
    drops: tuple[str, ...] = ()
    """Ids of files that go with what is erased."""
    unsigned: bool = False
    """Nobody's: neither who asked for it nor their command is kept or told with it."""


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
    erases: tuple[int, ...] = ()
    drops: tuple[str, ...] = ()

    def visible_to(self, participant: ParticipantId, role: Role) -> bool:
        """The one guard. To who waits goes nothing but what names them."""
        if self.to is None:
            return role is not Role.WAITING
        return participant in self.to


class Command(BaseModel):
    """What a participant asks for; `type` is a Literal in each kind. Parsed once, at the door."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    passing: ClassVar[bool] = False
    """Leads to passing events only, and is counted apart, so that applause costs nobody their words."""
    of_waiting: ClassVar[bool] = False
    """Also who waits may ask for it."""


@dataclass(frozen=True, slots=True)
class Due:
    """The moment has come that a feature named. Asked by the meeting itself."""


@dataclass(frozen=True, slots=True)
class Wants:
    """What must be so outside of the log. Nothing, unless said; of several features all of it together."""

    inside: frozenset[ParticipantId] = frozenset()
    """Who may be in the room, and nobody else may."""
    denied: Mapping[ParticipantId, frozenset[Source]] = field(default_factory=dict)
    """What some of them may not send."""
    muted: Mapping[tuple[ParticipantId, Source], int] = field(default_factory=dict)
    """What was muted, with the number of the entry that did it: they may unmute themselves, until it is a greater one."""
    closed: bool = False

    @staticmethod
    def together(several: Iterable[Wants]) -> Wants:
        inside: set[ParticipantId] = set()
        denied: dict[ParticipantId, frozenset[Source]] = {}
        muted: dict[tuple[ParticipantId, Source], int] = {}
        closed = False
        for one in several:
            inside |= one.inside
            for who, sources in one.denied.items():
                denied[who] = denied.get(who, frozenset()) | sources
            for what, seq in one.muted.items():
                muted[what] = max(seq, muted.get(what, 0))
            closed = closed or one.closed
        return Wants(frozenset(inside), denied, muted, closed)


NOTHING = Wants()

State = TypeVar("State")
Asked = TypeVar("Asked")


class Feature(ABC, Generic[State, Asked]):
    """The whole contract. Whoever needs no more says no more than the first five."""

    name: ClassVar[str]
    """Prefix of its codes and of its messages."""
    commands: ClassVar[TypeAdapter[Any]]
    """What it understands from outside. Anything else never reaches `decide`."""

    @abstractmethod
    def initial(self) -> State: ...

    @abstractmethod
    def decide(self, state: State, command: Asked, by: Actor, now: datetime) -> Sequence[Event] | Refusal: ...

    @abstractmethod
    def evolve(self, state: State, entry: Entry) -> State:
        """Gets every durable entry of its own and of the feature `meeting`. What others say is theirs: capabilities are strangers."""

    @abstractmethod
    def snapshot(self, state: State, to: Actor) -> JsonValue:
        """What this person, who is in, may see."""

    def shared(self, state: State, to: Actor) -> object | None:
        """Whoever gets the same object here would get the same snapshot. None: theirs is nobody else's."""
        return state

    def waiting(self, state: State, to: ParticipantId) -> JsonValue:
        """What this person, who waits, may see: nothing, unless a feature says so."""
        return None

    def wants(self, state: State) -> Wants:
        return NOTHING

    def due(self, state: State) -> datetime | None:
        """When `decide` is to be asked with `Due`. It must move on then, or be None."""
        return None


AnyFeature = Feature[Any, Any]
