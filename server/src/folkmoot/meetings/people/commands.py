"""What is asked of the feature `meeting`.

Law: what people may ask is a `Command`, in a schema. What the meeting itself knows is a plain value, in none: nobody can send it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from folkmoot.meetings.feature import Command, ParticipantId, Role, Source
from folkmoot.meetings.identity import Identity
from folkmoot.meetings.people.limits import Limits
from folkmoot.meetings.people.policy import Chat, Heirs, WaitingRoom, WithoutHost
from folkmoot.meetings.people.state import Whose

NOBODYS = Identity(ParticipantId(""))
Whom = Annotated[str, Field(min_length=1, max_length=256)]
MOST_SPOTLIT = 4
Word = Literal["unmute", "video", "share", "chat", "react", "rename", "draw", "files"]

# --- by anybody -------------------------------------------------------------------------------------------------------


class Rename(Command):
    type: Literal["rename"]
    name: Annotated[str, Field(max_length=1024)]
    of_waiting: ClassVar[bool] = True


class Leave(Command):
    type: Literal["leave"]
    of_waiting: ClassVar[bool] = True


class AskToShare(Command):
    """By one who may not."""

    type: Literal["ask_to_share"]
    passing: ClassVar[bool] = True


class Report(Command):
    """Kept for the one who runs the server, with what happened lately."""

    type: Literal["report"]
    participant: Whom
    what: Annotated[str, Field(max_length=1000)]


class TakeBack(Command):
    """By one who proved the host key."""

    type: Literal["take_back"]


# --- by hosts ---------------------------------------------------------------------------------------------------------


class Mute(Command):
    type: Literal["mute"]
    participant: Whom
    source: Source
    hard: bool = False
    """They may not undo it."""


class MuteAll(Command):
    type: Literal["mute_all"]
    hard: bool = False


class AskUnmute(Command):
    type: Literal["ask_unmute"]
    participant: Whom
    passing: ClassVar[bool] = True


class Spotlight(Command):
    """Shown large to everybody, in this order."""

    type: Literal["spotlight"]
    participants: Annotated[list[Whom], Field(max_length=MOST_SPOTLIT)]


class Lock(Command):
    type: Literal["lock"]
    locked: bool


class End(Command):
    type: Literal["end"]


class Remove(Command):
    type: Literal["remove"]
    participant: Whom
    block: bool = True
    """Else they may come back through the waiting room."""


class StopEverything(Command):
    type: Literal["stop_everything"]


class Resume(Command):
    type: Literal["resume"]
    what: Literal["all", "lock"] | Word


# --- by hosts, of what is allowed -------------------------------------------------------------------------------------


class _Camel(Command):
    """Fields as the policy on the wire has them."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, alias_generator=to_camel)


class Switches(_Camel):
    """What isn't said stays."""

    unmute: bool | None = None
    video: bool | None = None
    share: bool | None = None
    react: bool | None = None
    rename: bool | None = None
    files: bool | None = None
    draw: bool | None = None


class SetPolicy(_Camel):
    """What isn't said stays, or is as the preset has it."""

    type: Literal["set_policy"]
    preset: Annotated[str, Field(max_length=32)] | None = None
    waiting_room: WaitingRoom | None = None
    may: Switches | None = None
    chat: Chat | None = None
    mute_on_entry: bool | None = None
    without_host: WithoutHost | None = None
    show_title: bool | None = None
    waiting_line: Annotated[str, Field(max_length=200)] | None = None
    personal_only: bool | None = None
    hosts_to_admit: Literal[1, 2] | None = None
    heirs: Heirs | None = None

    def wish(self) -> Mapping[str, Any]:
        return self.model_dump(by_alias=True, exclude_none=True, exclude={"type"})


class Overrides(Switches):
    """Of one person; null: as the policy says."""

    chat: bool | None = None


class Let(Command):
    type: Literal["let"]
    participant: Whom
    may: Overrides


# --- by hosts, of who waits -------------------------------------------------------------------------------------------


class Admit(Command):
    type: Literal["admit"]
    participant: Whom


class AdmitAll(Command):
    type: Literal["admit_all"]


class Deny(Command):
    type: Literal["deny"]
    participant: Whom
    block: bool = False


class SendToWaiting(Command):
    type: Literal["send_to_waiting"]
    participant: Whom


# --- by owners --------------------------------------------------------------------------------------------------------


class MakeCohost(Command):
    type: Literal["make_cohost"]
    participant: Whom


class UnmakeCohost(Command):
    type: Literal["unmake_cohost"]
    participant: Whom


class HandOver(Command):
    type: Literal["hand_over"]
    participant: Whom


class NameSuccessor(Command):
    """Who becomes co-host when the last host leaves. Also by a co-host, while nobody who owns it is there."""

    type: Literal["name_successor"]
    participant: Whom | None = None


Anybodys = Rename | Leave | AskToShare | Report | TakeBack
Hosting = Mute | MuteAll | AskUnmute | Spotlight | Lock | End | Remove
Governing = SetPolicy | Let | StopEverything | Resume
Admitting = Admit | AdmitAll | Deny | SendToWaiting
Appointing = MakeCohost | UnmakeCohost | HandOver | NameSuccessor
Wanted = Anybodys | Hosting | Governing | Admitting | Appointing


# --- by the meeting itself --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Enter:
    """Somebody stands at the channel's end of the door. Everything that may keep them out is asked now."""

    name: str
    role: Role
    """What they proved; what the meeting made of them since counts more."""
    identity: Identity = NOBODYS
    proved_at: datetime | None = None
    most: int | None = None
    marks: tuple[str, ...] = ()
    """What the door noticed: `guessed`, `was_removed` (their network), `link_in_use`."""
    whose: Whose = field(default_factory=Whose)
    by_room: bool = False
    """They have no channel: a program of before, which only uses its media token."""


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
class Knock:
    """By one who proved an invitation to a locked meeting."""

    name: str


@dataclass(frozen=True, slots=True)
class Guessing:
    """The passcode is being guessed: hosts should know."""


@dataclass(frozen=True, slots=True)
class Tell:
    """One person, in passing, of what concerns them alone."""

    word: Literal["link_used_elsewhere"]
    to: ParticipantId


@dataclass(frozen=True, slots=True)
class Revoke:
    """A link of one person's own lets nobody in any more."""

    link: str


@dataclass(frozen=True, slots=True)
class ReplaceKey:
    """There is a new host key; who proved the old one has proved nothing, but for this one."""

    keeper: ParticipantId


@dataclass(frozen=True, slots=True)
class SetFloor:
    """What stands above the meeting is another now: rule, value, who decided."""

    floor: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class SetLimits:
    """A plan allows something else now."""

    limits: Limits


@dataclass(frozen=True, slots=True)
class Picture:
    """An account has another picture now, or none."""

    account: str
    picture: str


@dataclass(frozen=True, slots=True)
class Did:
    """What somebody did lately: kinds, never words."""

    participant: ParticipantId
    name: str
    did: Sequence[tuple[str, datetime]]


@dataclass(frozen=True, slots=True)
class Informed:
    """A command that needs to know what was done lately."""

    command: StopEverything | Report
    recent: tuple[Did, ...]


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


Own = (
    Enter
    | Lose
    | Away
    | Back
    | Knock
    | Guessing
    | Tell
    | Revoke
    | ReplaceKey
    | SetFloor
    | SetLimits
    | Picture
    | Informed
    | ServeIn
    | ServeOut
    | Close
)
AnyCommand = Wanted | Own
