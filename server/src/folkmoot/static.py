"""The door for browsers: the built web client, held in memory, and the headers that fence it in.

Law: the page runs our own files and nothing else: no inline script, no eval but of WebAssembly (models), no third party, no frame around it but a meeting's where the operator allows it. A path
is looked up in what was read at the start, so no request ever names a file. A file with a hash in its name never
changes; every other answer is asked for anew.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import html
import mimetypes
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from folkmoot.kit import Problem
from folkmoot.outward.door import MAIN

BUILT = Path(__file__).parent / "web"
OTHERS = ("/api", "/rtc", "/twirp", "/agent", "/assets", "/.well-known")
"""Below these nothing is a page."""
MEETINGS, FRAMES = "/m/", "frame-ancestors"
FOREVER = "public, max-age=31536000, immutable"
MISSING = "The web client isn't built. In a checkout: make web. The API works without it.\n"

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "media-src 'self' blob: mediastream:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types folkmoot",
    )
)
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(self), microphone=(self), display-capture=(self), autoplay=(self), fullscreen=(self), "
    "picture-in-picture=(self), screen-wake-lock=(self), speaker-selection=(self), geolocation=(), payment=(), usb=()",
}

mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("application/wasm", ".wasm")
mimetypes.add_type("application/manifest+json", ".webmanifest")


@dataclass(frozen=True)
class Asset:
    content: bytes
    type: str
    cache: str

    @cached_property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.content).hexdigest()[:24]}"'

    @cached_property
    def packed(self) -> bytes | None:
        """None where packing gains nothing."""
        packed = gzip.compress(self.content, 9, mtime=0)
        return packed if len(packed) < len(self.content) * 0.9 else None


class WebClient:
    def __init__(self, folder: Path | None = None) -> None:
        folder = folder or BUILT
        self._by_main: dict[str, Asset] = {}
        self._assets = {
            "/" + file.relative_to(folder).as_posix(): _read(file)
            for file in (sorted(folder.rglob("*")) if folder.is_dir() else ())
            if file.is_file() and not any(part.startswith(".") for part in file.relative_to(folder).parts)
        }

    @property
    def paths(self) -> frozenset[str]:
        """Of what the client is made of."""
        return frozenset(self._assets)

    @property
    def built(self) -> bool:
        return "/index.html" in self._assets

    async def serve(self, request: Request) -> Response:
        path = request.url.path
        wants_page = "text/html" in request.headers.get("accept", "")
        if path == "/" and not wants_page:
            # what LiveKit's health check expects, from a page of any address
            return PlainTextResponse("OK", headers={"access-control-allow-origin": "*"})
        asset = self._assets.get(path)
        if asset is None and any(path == other or path.startswith(other + "/") for other in OTHERS):
            raise Problem("http.404")
        page = asset or self._assets.get("/index.html")
        main = request.scope.get(MAIN)
        if main is not None and page is not None and page is self._assets.get("/index.html"):
            page = self._told(page, main)
        if page is None:
            return PlainTextResponse(MISSING, 503)
        if "packed" not in vars(page):
            await asyncio.to_thread(getattr, page, "packed")  # some tenths of a second, once
        return _answer(page, request.headers)

    def _told(self, page: Asset, main: str) -> Asset:
        """By an organisation's own name the page knows where one signs in: it is read before anything is asked."""
        if main not in self._by_main:
            told = f'<html data-main="{html.escape(main)}"'.encode()
            self._by_main[main] = replace(page, content=page.content.replace(b"<html", told, 1))
        return self._by_main[main]

    def routes(self) -> list[Route]:
        """The last of all routes: what nobody else knows is a page, and the page says what it makes of it."""
        return [Route("/{path:path}", self.serve, methods=["GET", "HEAD"])]


STRICT_TRANSPORT = {"strict-transport-security": "max-age=31536000"}
"""Only where the certificate is a real one: browsers refuse what they were told never to accept an exception for."""


def fenced(
    app: ASGIApp, *, certified: bool = False, embedders: Callable[[], Sequence[str]] = tuple
) -> ASGIApp:
    """Puts the security headers on every answer of the product. `embedders`: whose pages may show a meeting in a frame."""
    always = HEADERS | (STRICT_TRANSPORT if certified else {})

    async def fencing(scope: Scope, receive: Receive, send: Send) -> None:
        async def adding(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in always.items():
                    headers.setdefault(name, value)
                headers.setdefault("content-security-policy", policy(scope["path"], embedders()))
                headers.setdefault("cache-control", "no-store")
            await send(message)

        await app(scope, receive, adding if scope["type"] == "http" else send)

    return fencing


def policy(path: str, embedders: Sequence[str]) -> str:
    """Nothing but a meeting's page is ever in a frame: not where people sign in, nor what they set."""
    if not embedders or not path.startswith(MEETINGS):
        return POLICY
    return POLICY.replace(f"{FRAMES} 'none'", f"{FRAMES} {' '.join(embedders)}")


def _read(file: Path) -> Asset:
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    kind = f"{kind}; charset=utf-8" if kind.startswith("text/") or kind == "image/svg+xml" else kind
    hashed = re.search(r"[.-][\w-]{8}\.\w+$", file.name) is not None and file.parent.name == "assets"
    return Asset(file.read_bytes(), kind, FOREVER if hashed else "no-cache")


def _answer(asset: Asset, asked: Headers) -> Response:
    headers = {"etag": asset.etag, "cache-control": asset.cache, "vary": "accept-encoding"}
    if asked.get("if-none-match") == asset.etag:
        return Response(status_code=304, headers=headers)
    packed = asset.packed if "gzip" in asked.get("accept-encoding", "") else None
    if packed is not None:
        headers["content-encoding"] = "gzip"
    return Response(asset.content if packed is None else packed, media_type=asset.type, headers=headers)
