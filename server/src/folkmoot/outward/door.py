"""By which name somebody came, looked at before anything else is: this server's own, an organisation's, or nobody's.

Law: by an organisation's name one meets, and nothing else: no cookie is read or set there, since whoever has that name's DNS tomorrow
would have it, and whoever signs in there would show their password to it. Pages are sent on to this server's own address, with what
follows `#` (RFC 9110, 10.2.2). By a name that is nobody's there is no page at all, where the operator says what this server is called.
"""

from __future__ import annotations

import html
import ipaddress
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from folkmoot.kit import Problem
from folkmoot.kit.network import LOOPBACK
from folkmoot.kit.problem import MEDIA_TYPE
from folkmoot.outward.known import Known
from folkmoot.outward.model import State
from folkmoot.outward.outward import Site

WELL_KNOWN = "/.well-known/folkmoot"
MAIN = "folkmoot.main"
"""In a request's scope, where it came by an organisation's name: this server's own origin."""
WRITTEN = re.compile(r"(?P<name>[a-z0-9_.-]{1,253}|\[[0-9a-f:.]{2,45}\])(:\d{1,5})?", re.IGNORECASE)
PAGES = re.compile(r"/(m/[^/]+|answer|test|privacy)?")
"""What somebody sees who comes to a meeting."""
DOORS = (
    "/api/meetings",
    "/api/presets",
    "/api/calendar/answers",
    "/api/announcements",
    "/api/embed",
    "/api/line-check",
    "/api/pictures",
    "/api/branding",
    "/rtc",
    "/assets",
    "/healthz",
)
"""What those pages ask. Nothing of it is done by a cookie."""
MACHINES = (
    "/rtc",
    "/twirp",
    "/agent",
    "/healthz",
    "/readyz",
    "/livez",
    "/metrics",
    "/scim",
    "/api/hosts/ask",
)
"""Done by tokens and keys: programs reach this server by whatever name their network has for it."""
A_MONTH = b"max-age=2592000"
LOOKS = ("/offline.css", "/icon.svg")
"""Of the one page that is shown by nobody's name."""
NO_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<title>Folkmoot</title><link rel="stylesheet" href="/offline.css"></head><body>
<main>
<img src="/icon.svg" alt="">
<h1>This address leads to no meeting here</h1>
<p><strong>{host}</strong> leads to a Folkmoot server that doesn't go by this name. Your meeting may be waiting all the same: open it at <a href="{there}">{main}</a>, or ask who invited you for a new link.</p>
<section lang="zh-CN"><h2>此地址不通往这里的会议</h2>
<p><strong>{host}</strong> 指向一台 Folkmoot 服务器，但该服务器不使用这个名称。你的会议可能仍在进行：请在 <a href="{there}">{main}</a> 打开，或向邀请你的人索取新链接。</p></section>
</main>
</body></html>
"""


class Name(Enum):
    OURS = "ours"
    OWN = "own"
    """Of an organisation."""
    LEAVING = "leaving"
    """Was of an organisation."""
    NOBODYS = "nobodys"
    BROKEN = "broken"
    """No name at all."""


def named(header: str, main: str, also: Collection[str], known: Known, now: datetime) -> tuple[Name, str]:
    """`main`: what this server is called; empty: it says to nobody what it is called, and takes every name. `also`: others of it."""
    if not header:
        return Name.OURS, main  # HTTP/1.0
    written = WRITTEN.fullmatch(header.strip())
    if written is None:
        return Name.BROKEN, ""
    host = written["name"].lower().rstrip(".")
    if host == main or host in also:
        return Name.OURS, host
    found = known.of(host, now)
    if found is not None:
        return Name.LEAVING if found.state(now) is State.LEAVING else Name.OWN, host
    if not main or "." not in host or _is_address(host) or host.endswith(".localhost"):
        return Name.OURS, host  # what no browser is led to by somebody else's DNS
    return Name.NOBODYS, host


def is_for_meetings(path: str, files: Collection[str]) -> bool:
    under = any(path == one or path.startswith(one + "/") for one in DOORS)
    return under or PAGES.fullmatch(path) is not None or path in files


def _is_address(host: str) -> bool:
    if host in LOOPBACK:
        return True
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Door:
    """`files`: paths of the web client's own. `also`: other names of this server."""

    site: Site
    known: Known
    now: Callable[[], datetime]
    files: Collection[str] = ()
    also: Collection[str] = ()
    certified: bool = False
    """This server speaks https itself, with a certificate that browsers believe."""

    def guarded(self, app: ASGIApp) -> ASGIApp:
        main = self.site.host if self.site.named else ""

        async def guarding(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] not in ("http", "websocket"):
                await app(scope, receive, send)
                return
            headers, path = Headers(scope=scope), scope["path"]
            name, host = named(headers.get("host", ""), main, self.also, self.known, self.now())
            if name is Name.OURS:
                await app(scope, receive, send)
            elif name in (Name.OWN, Name.LEAVING):
                answer = self._by_own_name(name, host, scope, headers)
                if answer is not None:
                    await _say(answer, scope, receive, send)
                    return
                await app({**_without_cookies(scope), MAIN: self.site.origin}, receive, self._fenced(send))
            elif name is Name.BROKEN:
                await _say(_problem("http.400", {}), scope, receive, send)
            elif path in LOOKS or any(path == one or path.startswith(one + "/") for one in MACHINES):
                await app(scope, receive, send)
            elif _wants_page(scope, headers):
                await _say(self._no_page(host, path), scope, receive, send)
            else:
                await _say(_problem("host.unknown", {"main": self.site.origin}), scope, receive, send)

        return guarding

    def _fenced(self, send: Send) -> Send:
        """No cookie leaves; and browsers are told https for a month alone: the name may be given to something else one day."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = [one for one in message.get("headers", ()) if one[0].lower() != b"set-cookie"]
                if self.certified:
                    told.append((b"strict-transport-security", A_MONTH))
                message = {**message, "headers": told}
            await send(message)

        return sending

    def _by_own_name(self, name: Name, host: str, scope: Scope, headers: Headers) -> Response | None:
        path = scope["path"]
        if path == WELL_KNOWN:
            return PlainTextResponse(self.site.proof(host))
        page = _wants_page(scope, headers)
        if page and (name is Name.LEAVING or not is_for_meetings(path, self.files)):
            query = scope.get("query_string", b"").decode("latin-1")
            there = self.site.origin + quote(path, safe="/:@!$&'()*+,;=-._~%")
            return RedirectResponse(f"{there}?{query}" if query else there, 307)
        if not is_for_meetings(path, self.files):
            return _problem("host.elsewhere", {"main": self.site.origin})
        return None

    def _no_page(self, host: str, path: str) -> Response:
        there = self.site.origin + (quote(path) if path.startswith("/m/") else "/")
        said = {"host": host, "there": there, "main": urlsplit(self.site.origin).netloc}
        return HTMLResponse(NO_PAGE.format_map({k: html.escape(v) for k, v in said.items()}), 421)


def _wants_page(scope: Scope, headers: Headers) -> bool:
    asks = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
    return (
        asks
        and not scope["path"].startswith(("/api/", "/assets/"))
        and "text/html" in headers.get("accept", "")
    )


def _problem(code: str, params: dict[str, object]) -> Response:
    problem = Problem(code, params)
    return JSONResponse(problem.body(), problem.status, media_type=MEDIA_TYPE)


async def _say(answer: Response, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await answer(scope, receive, send)
        return
    head = {"status": answer.status_code, "headers": answer.raw_headers}
    await send({"type": "websocket.http.response.start", **head})
    await send({"type": "websocket.http.response.body", "body": bytes(answer.body)})


def _without_cookies(scope: Scope) -> Scope:
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if name != b"cookie"]}
