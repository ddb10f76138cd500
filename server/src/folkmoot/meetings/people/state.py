"""What a meeting knows of itself and its people, as values.

Law: whatever concerns a person is kept by their identity, so that it holds when they come again under another name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from pydantic import JsonValue

from folkmoot.meetings.feature import May, ParticipantId, Role, Source
from folkmoot.meetings.people.limits import NONE, Limits
from folkmoot.meetings.people.policy import OPEN, Policy

MOST_KNOWN = 5000
"""So many who were here once are known again; of hosts all."""
MOST_TURNED_AWAY = 1000


class Whose(NamedTuple):
    """Whose word a name is."""

    kind: str = "guest"
    """`member`, `outsider` (signed in, of elsewhere), `guest`: nobody vouches for the name."""
    org: str = ""
    picture: str = ""
    """The id of a file that everybody here may see."""

    def said(self) -> dict[str, JsonValue]:
        said: dict[str, JsonValue] = {"kind": self.kind, "org": self.org}
        return said | {"picture": self.picture} if self.picture else said


NOBODYS = Whose()


@dataclass(frozen=True, slots=True)
class Person:
    id: ParticipantId
    name: str
    role: Role
    joined_at: datetime
    since: int = 0
    """The entry that let them in: what came before isn't theirs to ask for."""
    whose: Whose = NOBODYS


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody in the waiting room."""

    id: ParticipantId
    name: str
    at: datetime
    reason: str
    """`waiting`: a host must let them in; `sent`, `link_in_use`: likewise; `no_host`: nothing but that keeps them."""
    marks: tuple[str, ...] = ()
    role: Role = Role.GUEST
    """As which they would be in."""
    device: str = ""
    link: str = ""
    yes: frozenset[ParticipantId] = frozenset()
    """Hosts that let them in already, where it needs more than one."""
    came_as: str = ""
    renamed_at: datetime | None = None
    whose: Whose = NOBODYS
    account: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who is or was here: what is theirs again when they come back."""

    name: str
    role: Role
    came_as: str
    """The name they said at the door. Saying it again undoes no renaming."""
    role_at: datetime
    device: str = ""
    link: str = ""
    key: bool = False
    """They proved the host key."""
    by_room: bool = False
    """They have no channel."""
    account: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    id: ParticipantId
    name: str
    kind: str
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class Stopped:
    """Everything was stopped: by whom, and how it was before."""

    at: datetime
    by: ParticipantId
    name: str
    kept: Policy
    was_locked: bool


@dataclass(frozen=True, slots=True)
class State:
    title: str = ""
    number: str = ""
    started_at: datetime | None = None
    most: int | None = None
    """So many people as were planned."""
    locked: bool = False
    ended: bool = False
    policy: Policy = OPEN
    """In force now."""
    floor: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """What it is never looser than (`floor`)."""
    limits: Limits = NONE
    """What a plan allows."""
    limits_at: datetime | None = None
    """When that was said."""
    began_at: datetime | None = None
    """When the first was in."""
    people: Mapping[ParticipantId, Person] = field(default_factory=dict)
    """Who is in, in the order they came."""
    hosted: bool = False
    """A host is in."""
    waiting: Mapping[ParticipantId, Waiting] = field(default_factory=dict)
    services: Mapping[ParticipantId, Service] = field(default_factory=dict)
    known: Mapping[ParticipantId, Known] = field(default_factory=dict)
    overrides: Mapping[ParticipantId, Mapping[May, bool]] = field(default_factory=dict)
    """What single people may or may not, whatever the policy says."""
    owner: ParticipantId | None = None
    successor: ParticipantId | None = None
    spotlight: tuple[ParticipantId, ...] = ()
    stopped: Stopped | None = None
    sent: Mapping[ParticipantId, str] = field(default_factory=dict)
    """Who was in and must wait when they come again; the mark they wear then, if any."""
    removed: Mapping[ParticipantId, datetime] = field(default_factory=dict)
    """May not come back, whatever they hold."""
    banned: Mapping[str, datetime] = field(default_factory=dict)
    """The devices and links of those."""
    turned_away: Mapping[str, datetime] = field(default_factory=dict)
    """By participant and by device, lately."""
    revoked: frozenset[str] = frozenset()
    """Links that let nobody in any more."""
    muted: Mapping[ParticipantId, Mapping[Source, int]] = field(default_factory=dict)
    """By which entry, last."""
