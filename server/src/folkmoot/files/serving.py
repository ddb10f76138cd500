"""A file over HTTP: whole or in part, as something to keep and never as a page.

Law: whatever a file says that it is, a browser that opens it runs nothing of it: it is sandboxed, its type isn't guessed at, and
but for pictures that this server wrote itself it is only offered to be saved.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.responses import Response, StreamingResponse

from folkmoot.files.files import File, Files
from folkmoot.files.port import Away
from folkmoot.kit import Problem

FENCE = {
    "content-security-policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
}
OURS = {"picture": "image/webp", "logo": "image/png"}
"""By the kind of a file: as what this server drew it, whoever brought it. Of other kinds nothing is."""
RANGE = re.compile(r"bytes=(?!-$)(\d{0,19})-(\d{0,19})")
"""One part. Several at once are answered with all of it, as RFC 9110 allows."""


async def answer(files: Files, file: File, asked: Headers, *, inline: bool = False, cache: str) -> Response:
    """`inline`: to be looked at in a page of ours. `cache`: who may keep it, how long."""
    etag = f'"{(file.sha256 or b"").hex()[:32]}"'
    headers = FENCE | {"etag": etag, "accept-ranges": "bytes", "cache-control": cache}
    if asked.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    inline = inline and OURS.get(file.kind) == file.type
    headers["content-disposition"] = "inline" if inline else _attached(file.name)
    type = file.type if inline else "application/octet-stream"
    said = RANGE.fullmatch(asked.get("range", "")) if asked.get("if-range", etag) == etag else None
    part = _part(said[1], said[2], file.size) if said else (0, file.size)
    if part is None:
        raise Problem("files.range", {"size": file.size})
    start, end = part
    headers["content-length"], status = str(end - start), 200
    if said:
        status, headers["content-range"] = 206, f"bytes {start}-{end - 1}/{file.size}"
    body = await _begun(files.read(file, start, end))
    return StreamingResponse(body, status, headers, type)


def _part(first: str, last: str, size: int) -> tuple[int, int] | None:
    """None: nothing of the file is there."""
    if not first:
        return (max(0, size - int(last)), size) if int(last) else None
    start, end = int(first), min(int(last) + 1 if last else size, size)
    return (start, end) if start < end else None


async def _begun(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """What can't be read at all is a refusal, not an answer that breaks off."""
    try:
        first = await anext(chunks)
    except Away:
        raise Problem("files.away") from None

    async def all_of_it() -> AsyncIterator[bytes]:
        yield first
        async for chunk in chunks:
            yield chunk

    return all_of_it()


def _attached(name: str) -> str:
    plain = "".join(c if c.isascii() and c not in '"\\%' else "_" for c in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
