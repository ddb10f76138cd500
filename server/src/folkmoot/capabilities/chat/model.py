"""What the chat of a meeting is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from folkmoot.meetings.feature import ParticipantId

KEPT = 500
"""So many messages of one conversation, or a few more, are in the state; the log has them all."""
KEPT_PRIVATE = 5000
"""Of all private conversations of a meeting together."""
NEWEST = 32
"""Fewer than these are kept apart from what was said before: a new message copies them, and not all of the conversation."""
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
class Talk:
    """What was said in one conversation, in the order it was first written."""

    before: tuple[Message, ...] = ()
    newest: tuple[Message, ...] = ()

    def __iter__(self) -> Iterator[Message]:
        return chain(self.before, self.newest)

    def __len__(self) -> int:
        return len(self.before) + len(self.newest)

    def followed_by(self, message: Message) -> Talk:
        newest = (*self.newest, message)
        last = self.newest or self.before
        if last and last[-1].seq > message.seq:
            return Talk(tuple(sorted((*self, message), key=lambda each: each.seq))[-KEPT:])
        if len(newest) < NEWEST:
            return Talk(self.before, newest)
        return Talk((self.before + newest)[-KEPT:])

    def changed(self, id: str, change: Callable[[Message], Message | None]) -> Talk:
        """With one message made another, or none. The same object if it isn't in here."""
        if not any(message.id == id for message in self):
            return self
        changed = (change(message) if message.id == id else message for message in self)
        return Talk(tuple(message for message in changed if message is not None))

    def without_the_oldest(self) -> Talk:
        """Some at once, so that a meeting that is full doesn't look for them at each word."""
        return Talk(tuple(self)[NEWEST:])


NOTHING_SAID = Talk()


@dataclass(frozen=True, slots=True)
class State:
    sent: int = 0
    """How many ever; also names the next one."""
    names: Mapping[ParticipantId, str] = field(default_factory=dict)
    """Of those who are in."""
    hosts: frozenset[ParticipantId] = frozenset()
    public: Talk = NOTHING_SAID
    private: Mapping[str, Talk] = field(default_factory=dict)
    """By the two who write to each other, so that one talkative pair pushes nobody else's words out."""
    kept_private: int = 0
    """How many those are together."""
    files: Mapping[str, Whose] = field(default_factory=dict)
    """By the id of each, also of those whose message is too old to be kept here."""

    def talks(self) -> Iterator[Talk]:
        yield self.public
        yield from self.private.values()

    def find(self, id: str, by: ParticipantId) -> Message | None:
        """A private message of others is one that doesn't exist, also to a host."""
        return next((m for talk in self.talks() for m in talk if m.id == id and m.is_for(by)), None)


def pair(one: ParticipantId, other: ParticipantId) -> str:
    return " ".join(sorted((one, other)))
