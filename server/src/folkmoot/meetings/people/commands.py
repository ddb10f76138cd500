"""What is asked of the feature `meeting`.

Law: what people may ask is a `Command`, in a schema. What the meeting itself knows is a plain value, in none: nobody can send it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from folkmoot.meetings.feature import Command, ParticipantId, Role, Source

Whom = Annotated[str, Field(min_length=1, max_length=256)]


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
