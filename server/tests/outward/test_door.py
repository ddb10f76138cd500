"""By which name somebody came, and what they find there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from folkmoot.orgs import OrgId
from folkmoot.outward import Door, Known, Site
from folkmoot.outward.door import MAIN, Name, named
from folkmoot.outward.model import LEAVING, Host, Why
from folkmoot.static import WebClient

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
OWN = Host("meet.school.example", OrgId("o_1"), NOON, ready_at=NOON)
LEFT = replace(OWN, host="old.school.example", leaving_since=NOON, why=Why.SERVICE)
OVER = replace(OWN, host="gone.school.example", leaving_since=NOON - LEAVING, why=Why.SERVICE)
KNOWN = Known({one.host: one for one in (OWN, LEFT, OVER)})
SITE = Site("https://meet.example", True, b"s" * 32)
PAGE = "text/html,*/*"


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Says what reaches it, and would set a cookie."""
    if scope["type"] == "websocket":
        websocket = WebSocket(scope, receive, send)
        await websocket.accept()
        await websocket.send_text(websocket.headers.get("cookie", "none"))
        await websocket.close()
        return
    told = {"cookie": Request(scope).headers.get("cookie"), "main": scope.get(MAIN), "path": scope["path"]}
    await JSONResponse(told, headers={"set-cookie": "__Host-folkmoot=x"})(scope, receive, send)


def door(**more: object) -> Door:
    said: dict[str, object] = {"files": ("/app.webmanifest",), "also": ("folkmoot.internal.example",), **more}
    return Door(SITE, KNOWN, lambda: NOON, **said)  # type: ignore[arg-type]


async def asks(
    host: str, path: str = "/", method: str = "GET", at: Door | None = None, accept: str = "*/*"
) -> httpx.Response:
    transport = httpx.ASGITransport((at or door()).guarded(app))
    async with httpx.AsyncClient(transport=transport, base_url="https://x") as client:
        return await client.request(
            method, path, headers={"host": host, "cookie": "__Host-folkmoot=s", "accept": accept}
        )


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("meet.example", Name.OURS),
        ("MEET.example:443", Name.OURS),
        ("meet.example.", Name.OURS),
        ("folkmoot.internal.example", Name.OURS),
        ("localhost:7880", Name.OURS),
        ("127.0.0.1", Name.OURS),
        ("[::1]:7880", Name.OURS),
        ("folkmoot", Name.OURS),  # within a network of containers
        ("", Name.OURS),
        ("meet.school.example", Name.OWN),
        ("Meet.School.Example:8443", Name.OWN),
        ("old.school.example", Name.LEAVING),
        ("gone.school.example", Name.NOBODYS),
        ("evil.example", Name.NOBODYS),
        ("meet.example.evil.example", Name.NOBODYS),
        ("meet.school.example@evil.example", Name.BROKEN),
        ("meet.example/path", Name.BROKEN),
        ("meet.example, evil.example", Name.BROKEN),
        ("meet.example:80:80", Name.BROKEN),
        ("meet.example\tx", Name.BROKEN),
        ("мeet.example", Name.BROKEN),
        ("<script>", Name.BROKEN),
        ("a" * 300 + ".example", Name.BROKEN),
    ],
)
def test_a_name_is_ours_an_organisations_or_nobodys(said: str, name: Name) -> None:
    assert named(said, "meet.example", ("folkmoot.internal.example",), KNOWN, NOON)[0] is name


def test_a_server_that_nobody_named_takes_every_name() -> None:
    assert named("whatever.example", "", (), KNOWN, NOON)[0] is Name.OURS


async def test_by_an_own_name_one_meets_and_no_cookie_is_read_or_set() -> None:
    for path in (
        "/",
        "/m/123456789012",
        "/answer",
        "/assets/x.js",
        "/app.webmanifest",
        "/api/meetings/1/join",
    ):
        answer = await asks(OWN.host, path, accept="text/html")
        assert answer.status_code == 200, path
        assert answer.json() == {"cookie": None, "main": SITE.origin, "path": path}
        assert "set-cookie" not in answer.headers
        assert "strict-transport-security" not in answer.headers
    told = (await asks(OWN.host, at=door(certified=True))).headers["strict-transport-security"]
    assert told == "max-age=2592000", "it may be given to something else one day"
    assert (await asks("meet.example")).json()["cookie"] == "__Host-folkmoot=s"


@pytest.mark.parametrize(
    "path",
    [
        "/api/signin",
        "/api/signup",
        "/api/reset",
        "/api/account",
        "/api/orgs",
        "/api/operator/overview",
        "/api/calendar",
        "/scim/v2/Users",
        "/twirp/x",
        "/api/meetingsx",
        "/api/calendar/feed/x.ics",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_nobody_signs_in_by_an_own_name(path: str, method: str) -> None:
    answer = await asks(OWN.host, path, method)
    assert answer.status_code == 421
    assert (answer.json()["code"], answer.json()["params"]) == (
        "host.elsewhere",
        {"main": "https://meet.example"},
    )


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("/signin?next=%2Fm%2F1", "https://meet.example/signin?next=%2Fm%2F1"),
        ("/org/domains", "https://meet.example/org/domains"),
        ("/x//evil.example", "https://meet.example/x//evil.example"),
        ("/%0d%0aset-cookie:x", "https://meet.example/%0D%0Aset-cookie:x"),
        ("/@evil.example", "https://meet.example/@evil.example"),
    ],
)
async def test_other_pages_are_this_servers_own(path: str, there: str) -> None:
    answer = await asks(OWN.host, path, accept=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (307, there)


async def test_by_a_name_that_was_theirs_one_is_sent_on_into_the_same_meeting() -> None:
    answer = await asks(LEFT.host, "/m/123456789012?x=1", accept=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (
        307,
        "https://meet.example/m/123456789012?x=1",
    )
    running = await asks(LEFT.host, "/api/meetings/123456789012/join", "POST")
    assert running.status_code == 200, "who is in there already stays in"


async def test_by_nobodys_name_there_are_words_and_no_page() -> None:
    answer = await asks("gone.school.example", "/m/123456789012", accept=PAGE)
    assert answer.status_code == 421 and "https://meet.example/m/123456789012" in answer.text
    assert "此地址不通往这里的会议" in answer.text and not re.search(r"<script|style=", answer.text)
    answer = await asks("evil.example", '/m/x"><script>alert(1)</script>', accept=PAGE)
    assert answer.status_code == 421 and "<script>" not in answer.text
    for path in ("/offline.css", "/icon.svg"):
        assert (await asks("evil.example", path)).status_code == 200, "that one page has a look"
    refused = await asks("evil.example", "/api/signin", "POST")
    assert (refused.status_code, refused.json()["code"]) == (421, "host.unknown")
    assert (await asks("folkmoot.default.svc", "/healthz")).status_code == 200, (
        "machines have names of their own"
    )
    assert (await asks("meet.example/x", "/")).json()["code"] == "http.400"


async def test_it_says_who_it_is_by_names_of_somebody_alone() -> None:
    answer = await asks(OWN.host, "/.well-known/folkmoot")
    assert answer.text == SITE.proof(OWN.host) != SITE.proof(LEFT.host)
    assert (await asks("evil.example", "/.well-known/folkmoot")).status_code == 421


def test_sockets_are_opened_by_an_own_name_and_by_nobodys_not() -> None:
    client = TestClient(door().guarded(app))
    headers: Mapping[str, str] = {"host": OWN.host, "cookie": "__Host-folkmoot=s"}
    with client.websocket_connect("/api/meetings/1/channel", headers=headers) as socket:
        assert socket.receive_text() == "none"
    for host, path in (("evil.example", "/api/meetings/1/channel"), (OWN.host, "/agent")):
        with (
            pytest.raises(WebSocketDenialResponse) as refused,
            client.websocket_connect(path, headers={"host": host}),
        ):
            pass
        assert refused.value.status_code == 421


async def test_the_page_knows_where_one_signs_in() -> None:
    client = WebClient()
    if not client.built:
        pytest.skip("the web client isn't built")

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        await (await client.serve(Request(scope, receive)))(scope, receive, send)

    transport = httpx.ASGITransport(door().guarded(served))
    async with httpx.AsyncClient(transport=transport, base_url="https://x") as asking:
        own = await asking.get("/m/1", headers={"host": OWN.host, "accept": PAGE})
        main = await asking.get("/m/1", headers={"host": "meet.example", "accept": PAGE})
    assert '<html data-main="https://meet.example"' in own.text and "data-main" not in main.text
    assert own.headers["etag"] != main.headers["etag"]
