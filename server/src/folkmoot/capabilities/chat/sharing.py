"""Files of the chat: bringing one, and fetching it again.

Law: whoever brings one may write to those it is for, before its first byte is taken and still when the last has come; else
nothing of it is kept. Whoever fetches one is in the meeting at that moment and is one of those it is for.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

from folkmoot.capabilities.chat import previews
from folkmoot.capabilities.chat.commands import Bring
from folkmoot.capabilities.chat.model import Attachment, Preview, State
from folkmoot.files import Bounds, File, Files, Wish
from folkmoot.kit import Refusal
from folkmoot.meetings import Meetings
from folkmoot.meetings.feature import Actor, ParticipantId
from folkmoot.meetings.journal import belongs_to
from folkmoot.meetings.running import LetGo, RunningMeeting
from folkmoot.meetings.tickets import Ticket

CHAT = "chat"
UNKNOWN = Refusal("files.unknown")
Writing = Callable[[], AbstractAsyncContextManager[Any]]


@dataclass(frozen=True, slots=True)
class Parcel:
    """What somebody would bring, as they say it."""

    name: str
    type: str
    announced: int | None
    """Bytes, without the preview's."""
    command: str
    """Theirs, so that what is sent twice is there once."""
    to: ParticipantId | None = None
    reply_to: str | None = None
    preview: bytes = b""


class Sharing:
    def __init__(self, meetings: Meetings, files: Files, writing: Writing, bounds: Bounds) -> None:
        self._meetings, self._files, self._writing, self._bounds = meetings, files, writing, bounds

    async def bring(self, ticket: Ticket, parcel: Parcel, chunks: AsyncIterator[bytes]) -> Refusal | None:
        inside = await self._meetings.inside(ticket)
        if isinstance(inside, Refusal):
            return inside
        meeting, actor = inside
        wished = Attachment("", parcel.name, parcel.type, parcel.announced or 0)
        refusal = meeting.would(actor.participant, CHAT, Bring(wished, parcel.to, parcel.reply_to))
        if refusal is not None:
            return refusal
        wish = _wish(meeting, actor, parcel)
        kept = await self._files.keep(wish, self._bounds, chunks)
        if isinstance(kept, Refusal):
            return kept
        return await self._tell(ticket, parcel, kept, await self._previewed(wish, parcel.preview))

    async def find(self, ticket: Ticket, id: str) -> File | Refusal:
        inside = await self._meetings.inside(ticket)
        if isinstance(inside, Refusal):
            return inside
        meeting, actor = inside
        state: State = meeting.state_of(CHAT)
        whose = state.files.get(id)
        if whose is None or not whose.is_for(actor.participant):
            return UNKNOWN
        return await self._files.find(id) or UNKNOWN

    async def allowance(self, ticket: Ticket) -> tuple[int, int] | Refusal:
        """The largest file, and how much there may still be of all."""
        inside = await self._meetings.inside(ticket)
        if isinstance(inside, Refusal):
            return inside
        meeting, actor = inside
        left = await self._files.left(_owner(meeting), actor.participant, self._bounds)
        return self._bounds.most, left

    # --- inside -----------------------------------------------------------------------------------------------------

    async def _previewed(self, wish: Wish, jpeg: bytes) -> Preview | None:
        """Without one, the file goes all the same."""
        size = previews.size_of(jpeg)
        if size is None:
            return None
        small = Wish(
            wish.owner, wish.kind, "preview.jpg", "image/jpeg", len(jpeg), brought_by=wish.brought_by
        )
        kept = await self._files.keep(small, self._bounds, _whole(jpeg))
        return None if isinstance(kept, Refusal) else Preview(kept.id, *size)

    async def _tell(
        self, ticket: Ticket, parcel: Parcel, kept: File, preview: Preview | None
    ) -> Refusal | None:
        """The meeting may have changed its mind meanwhile."""
        file = Attachment(kept.id, kept.name, kept.type, kept.size, preview)
        told: bool | Refusal = False
        try:
            told = await self._told(ticket, parcel, file)
        finally:
            if told is not True:
                await asyncio.shield(self._forget(file))
        return told if isinstance(told, Refusal) else None

    async def _told(self, ticket: Ticket, parcel: Parcel, file: Attachment) -> bool | Refusal:
        bring = Bring(file, parcel.to, parcel.reply_to)
        while True:
            inside = await self._meetings.inside(ticket)
            if isinstance(inside, Refusal):
                return inside
            meeting, actor = inside
            try:
                return await meeting.bring(actor.participant, CHAT, bring, parcel.command)
            except LetGo:
                self._meetings.put_down(meeting)

    async def _forget(self, file: Attachment) -> None:
        async with self._writing() as connection:
            await self._files.forget(connection, file.ids)


def _wish(meeting: RunningMeeting, actor: Actor, parcel: Parcel) -> Wish:
    return Wish(
        _owner(meeting), CHAT, parcel.name, parcel.type, parcel.announced, brought_by=actor.participant
    )


def _owner(meeting: RunningMeeting) -> str:
    return belongs_to(meeting.number, meeting.meeting.occurrence)


async def _whole(content: bytes) -> AsyncIterator[bytes]:
    yield content
