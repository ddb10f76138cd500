"""Files of a meeting's chat over HTTP: `POST` brings one, `GET` fetches it. Both with the channel's ticket, never with a cookie, so no
page of elsewhere can ask for either, and an address alone opens nothing.

What says whose and for whom a file is stands in headers: an address is in the logs of whatever stands before us.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Annotated
from urllib.parse import unquote

from fastapi import APIRouter, Header, Request, Response
from pydantic import BaseModel
from starlette.requests import ClientDisconnect

from folkmoot.capabilities.chat import previews
from folkmoot.capabilities.chat.sharing import Parcel, Sharing
from folkmoot.files import Files, answer
from folkmoot.kit import Refusal
from folkmoot.kit.described import ANYTHING, gives, takes
from folkmoot.meetings import Meetings
from folkmoot.meetings.feature import ParticipantId
from folkmoot.meetings.routes import bearer, refuse

UPLOAD = re.compile(r"/api/meetings/[^/]+/files")
"""Where bodies are as large as files are, and bounded here."""
Named = Annotated[str, Header(alias="folkmoot-name", max_length=4096)]
Asked = Annotated[str, Header(alias="folkmoot-command", min_length=1, max_length=64)]
To = Annotated[str | None, Header(alias="folkmoot-to", max_length=64)]
ReplyTo = Annotated[str | None, Header(alias="folkmoot-reply-to", max_length=64)]
Previewed = Annotated[int, Header(alias="folkmoot-preview", ge=0, le=previews.MOST_BYTES)]


class Allowance(BaseModel):
    most: int
    """Bytes of one file."""
    left: int
    """Of all that this person may still bring."""


def router(meetings: Meetings, sharing: Sharing, files: Files) -> APIRouter:
    api = APIRouter(prefix="/api/meetings", tags=["chat"])

    @api.post("/{number}/files", status_code=204, openapi_extra=takes(ANYTHING))
    async def bring(
        number: str,
        request: Request,
        name: Named,
        command: Asked,
        to: To = None,
        reply_to: ReplyTo = None,
        preview: Previewed = 0,
    ) -> None:
        """The body is the file; its first `folkmoot-preview` bytes are a JPEG to show before it is fetched. `folkmoot-name` is
        percent-encoded. It stands in the chat when this is answered; sent again with the same command, it is there once."""
        ticket = bearer(meetings, number, request)
        body = _Body(request.stream())
        said = request.headers.get("content-length", "")
        announced = int(said) - preview if said.isdigit() and int(said) >= preview else None
        try:
            parcel = Parcel(
                *(unquote(name), request.headers.get("content-type", ""), announced, command),
                *(None if to is None else ParticipantId(to), reply_to, await body.first(preview)),
            )
            refusal = await sharing.bring(ticket, parcel, body.rest())
        except ClientDisconnect:
            return  # nobody hears the answer
        if refusal is not None:
            refuse(refusal)

    @api.get("/{number}/files")
    async def allowance(number: str, request: Request) -> Allowance:
        """What one may bring now. By who is in the meeting."""
        left = await sharing.allowance(bearer(meetings, number, request))
        if isinstance(left, Refusal):
            refuse(left)
        return Allowance(most=left[0], left=left[1])

    @api.get("/{number}/files/{id}", response_class=Response, responses=gives(ANYTHING))
    async def fetch(number: str, id: str, request: Request) -> Response:
        """By who is in the meeting and may read the message that it is in. Ranges are answered."""
        found = await sharing.find(bearer(meetings, number, request), id)
        if isinstance(found, Refusal):
            refuse(found)
        return await answer(files, found, request.headers, cache="private, no-store")

    return api


class _Body:
    """A stream in two parts."""

    def __init__(self, chunks: AsyncIterator[bytes]) -> None:
        self._chunks, self._left = chunks, b""

    async def first(self, size: int) -> bytes:
        got = bytearray()
        while len(got) < size and (chunk := await anext(self._chunks, None)) is not None:
            got += chunk
        self._left = bytes(got[size:])
        return bytes(got[:size])

    async def rest(self) -> AsyncIterator[bytes]:
        if self._left:
            yield self._left
        async for chunk in self._chunks:
            yield chunk
