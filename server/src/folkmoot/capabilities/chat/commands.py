"""What may be asked of the chat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from folkmoot.capabilities.chat.model import Attachment
from folkmoot.meetings.feature import Command, Emoji, ParticipantId

Identity = Annotated[str, Field(min_length=1, max_length=64)]


class Send(Command):
    type: Literal["send"]
    text: str
    to: Identity | None = None
    reply_to: Identity | None = None
    """The message this one answers."""


class Edit(Command):
    """One's own words, written anew. What stood there before is erased."""

    type: Literal["edit"]
    id: Identity
    text: str


class Delete(Command):
    type: Literal["delete"]
    id: Identity


class React(Command):
    """One reaction of a person to a message; another replaces it, None takes it back."""

    type: Literal["react"]
    id: Identity
    emoji: Emoji | None


Asked = Send | Edit | Delete | React
"""What is in a schema: anybody can send it."""


@dataclass(frozen=True, slots=True)
class Bring:
    """A file, of which this server says what it is: it came by another way than the channel, and nobody can send this."""

    file: Attachment
    to: ParticipantId | None = None
    reply_to: str | None = None
