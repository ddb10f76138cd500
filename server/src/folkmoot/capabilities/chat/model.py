"""What the chat of a meeting is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from folkmoot.meetings.feature import ParticipantId

KEPT = 500
"""Messages of one conversation, in the state; the log has them all."""
KEPT_PRIVATE = 5000
"""Of all private conversations of a meeting together."""
MOST_REACTING = 300
"""People who react to one message."""


MOST_FILES = 1000
"""Of a meeting."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A small picture of it, made on the device that it comes from."""

    id: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Attachment:
    """What lies in `files/`, as its reader needs to know it."""

    id: str
    name: str
    type: str
    size: int
    preview: Preview | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        return (self.id,) if self.preview is None else (self.id, self.preview.id)


@dataclass(frozen=True, slots=True)
class Whose:
    """In which message something is, and who may read that."""

    message: str
    by: ParticipantId
    to: ParticipantId | None

    def is_for(self, who: ParticipantId) -> bool:
        return self.to is None or who in (self.by, self.to)


@dataclass(frozen=True, slots=True)
class Message:
    id: str
    seq: int
    at: datetime
    by: ParticipantId
    name: str
    """The writer's, as it was then."""
    text: str
    to: ParticipantId | None = None
    reply_to: str | None = None
    edited: datetime | None = None
    written_in: int = 0
    """The entry that has its words: the first one, or that of the last change. It is what deleting erases."""
    reactions: Mapping[ParticipantId, str] = field(default_factory=dict)
    file: Attachment | None = None
    """What was brought instead of words."""

    def is_for(self, who: ParticipantId) -> bool:
        return self.to is None or who in (self.by, self.to)

    @property
    def talk(self) -> str | None:
        """The two who write to each other; None = everybody."""
        return None if self.to is None else pair(self.by, self.to)


@dataclass(frozen=True, slots=True)
class State:
    sent: int = 0
    """How many ever; also names the next one."""
    names: Mapping[ParticipantId, str] = field(default_factory=dict)
    """Of those who are in."""
    hosts: frozenset[ParticipantId] = frozenset()
    public: tuple[Message, ...] = ()
    private: Mapping[str, tuple[Message, ...]] = field(default_factory=dict)
    """By the two who write to each other, so that one talkative pair pushes nobody else's words out."""

    files: Mapping[str, Whose] = field(default_factory=dict)
    """By the id of each, also of those whose message is too old to be kept here."""

    def talks(self) -> Iterator[tuple[Message, ...]]:
        yield self.public
        yield from self.private.values()

    def find(self, id: str, by: ParticipantId) -> Message | None:
        """A private message of others is one that doesn't exist, also to a host."""
        return next((m for talk in self.talks() for m in talk if m.id == id and m.is_for(by)), None)


def pair(one: ParticipantId, other: ParticipantId) -> str:
    return " ".join(sorted((one, other)))
