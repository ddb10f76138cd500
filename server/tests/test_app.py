"""The doors as one application, over the fake engine."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from folkmoot import static
from folkmoot.app import LARGEST_BODY, Farewell, create_app
from folkmoot.bus import MemoryBus
from folkmoot.config import Config, load
from folkmoot.engine.fake import FakeEngine
from folkmoot.keyring import equipped, new_secrets
from folkmoot.kit import ManualClock, Problem
from folkmoot.protocol.tokens import Claims, Keys, VideoGrant
from folkmoot.storage import open_storage, sqlite_url

PAGE = {"accept": "text/html,application/xhtml+xml"}


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "web"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>Folkmoot</title>")
    (folder / "icon.svg").write_text("<svg/>")
    (folder / "assets/index-AbCd1234.js").write_text("console.log('folkmoot');" * 200)
    (folder / ".vite").mkdir()
    (folder / ".vite/manifest.json").write_text("{}")
    monkeypatch.setattr(static, "BUILT", folder)
    return folder


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return equipped(load({"dev": True, "data": tmp_path / "data"}, {}), new_secrets())


@pytest.fixture
async def made(config: Config, web: Path) -> AsyncIterator[FastAPI]:
    """Not yet started, so that a test may add to it."""
    engine = FakeEngine()
    config.data.mkdir()
    storage = await open_storage(sqlite_url(config.data / "folkmoot.db"))
    yield create_app(config, new_secrets(), storage, MemoryBus(), engine, ManualClock())
    await storage.close()
    engine.close()


@pytest.fixture
async def app(made: FastAPI) -> AsyncIterator[FastAPI]:
    async with made.router.lifespan_context(made):
        yield made


def browser(app: FastAPI, address: str = "127.0.0.1") -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(address, 40000))
    return httpx.AsyncClient(transport=transport, base_url="http://localhost")


@pytest.mark.parametrize("path", ["/", "/m/123456789012", "/anything/else"])
async def test_a_browser_gets_the_page_whatever_the_path(app: FastAPI, path: str) -> None:
    async with browser(app) as client:
        answer = await client.get(path, headers=PAGE)
    assert answer.status_code == 200
    assert "<title>Folkmoot</title>" in answer.text
    assert answer.headers["cache-control"] == "no-cache"


async def test_a_livekit_client_that_looks_for_health_gets_ok(app: FastAPI) -> None:
    async with browser(app) as client:
        answer = await client.get("/")
        page = await client.get("/", headers=PAGE)
    assert (answer.status_code, answer.text) == (200, "OK")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in page.headers


@pytest.mark.parametrize(
    "path", ["/", "/icon.svg", "/api/health", "/healthz", "/api/nothing", "/rtc/validate", "/assets/gone.js"]
)
async def test_every_answer_carries_the_fence(app: FastAPI, path: str) -> None:
    async with browser(app) as client:
        answer = await client.get(path, headers=PAGE)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy.replace("'wasm-unsafe-eval'", "")
    assert policy.endswith("; trusted-types folkmoot")
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"


async def test_a_hashed_file_is_kept_for_ever_and_packed(app: FastAPI) -> None:
    async with browser(app) as client:
        answer = await client.get("/assets/index-AbCd1234.js")
        again = await client.get(
            "/assets/index-AbCd1234.js", headers={"if-none-match": answer.headers["etag"]}
        )
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.text.startswith("console.log")
    assert again.status_code == 304


@pytest.mark.parametrize(
    "path",
    ["/api/nothing", "/rtc/nothing", "/twirp/nothing", "/assets/gone.js", "/assets/../../secrets.toml"],
)
async def test_what_is_not_there_is_not_a_page(app: FastAPI, path: str) -> None:
    async with browser(app) as client:
        answer = await client.get(path, headers=PAGE)
    assert answer.status_code == 404 or path.startswith("/assets/..")
    assert "api_secret" not in answer.text


async def test_what_the_build_keeps_for_itself_is_not_served(app: FastAPI) -> None:
    async with browser(app) as client:
        answer = await client.get("/.vite/manifest.json", headers=PAGE)
    assert answer.headers["content-type"].startswith("text/html")


async def test_without_a_built_client_the_page_says_what_to_do(
    web: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(static, "BUILT", web / "nowhere")
    client = static.WebClient()
    assert not client.built
    async with browser(FastAPI(routes=[*client.routes()])) as visitor:
        answer = await visitor.get("/", headers=PAGE)
        health = await visitor.get("/")
    assert answer.status_code == 503
    assert "make web" in answer.text
    assert health.status_code == 200


async def test_health_names_the_version(app: FastAPI) -> None:
    async with browser(app) as client:
        assert (await client.get("/api/health")).json()["status"] == "ok"


async def test_metrics_are_for_this_machine_and_name_no_path_of_a_stranger(app: FastAPI) -> None:
    async with browser(app) as client:
        await client.get("/m/987654321098", headers=PAGE)
        here = await client.get("/metrics")
        proxied = await client.get("/metrics", headers={"x-forwarded-for": "127.0.0.1"})
    async with browser(app, "192.0.2.9") as stranger:
        there = await stranger.get("/metrics")
    assert here.status_code == 200
    assert "folkmoot_rooms 0.0" in here.text
    assert "folkmoot_http_seconds_bucket" in here.text
    assert "987654321098" not in here.text
    assert (proxied.status_code, there.status_code) == (404, 404)


@pytest.mark.parametrize("path", ["/rtc/validate", "//rtc/validate", "/rtc/v1/validate"])
async def test_the_signalling_door_is_open_for_who_has_a_token(
    app: FastAPI, config: Config, path: str
) -> None:
    keys = Keys({key: secret.get_secret_value() for key, secret in config.keys.items()}, ManualClock())
    token = keys.mint(Claims("devkey", "ada", video=VideoGrant("room", room_join=True)), timedelta(minutes=5))
    async with browser(app) as client:
        url = f"http://localhost{path}"
        without = await client.get(url)
        good = await client.get("http://localhost/rtc/validate", params={"access_token": token})
    assert without.status_code == 401
    assert good.status_code == 200


async def test_a_stranger_has_a_line_to_try_and_the_ticket_opens_the_signalling_door(app: FastAPI) -> None:
    async with browser(app) as anybody:
        token = (await anybody.post("/api/line-check")).json()["token"]
        answer = await anybody.get("/rtc/validate", params={"access_token": token})
    assert answer.status_code == 200


async def test_a_line_that_is_tried_stands_in_no_figure(app: FastAPI, config: Config) -> None:
    keys = Keys({key: secret.get_secret_value() for key, secret in config.keys.items()}, ManualClock())
    maker = keys.mint(Claims("devkey", "", video=VideoGrant("", room_create=True)), timedelta(minutes=5))
    async with browser(app) as client:

        async def rooms_after(name: str) -> str:
            call = "/twirp/livekit.RoomService/CreateRoom"
            made = await client.post(call, json={"name": name}, headers={"authorization": f"Bearer {maker}"})
            assert made.status_code == 200
            text = (await client.get("/metrics")).text
            return next(line for line in text.splitlines() if line.startswith("folkmoot_rooms "))

        assert await rooms_after("check-0123456789abcdef01234567") == "folkmoot_rooms 0.0"
        assert await rooms_after("check-in") == "folkmoot_rooms 1.0"


async def test_a_body_that_never_ends_is_cut(made: FastAPI) -> None:
    app = made

    @app.post("/api/echo")
    async def echo(body: dict[str, str]) -> dict[str, str]:
        return body

    app.router.routes.insert(0, app.router.routes.pop())
    async with browser(app) as client:
        small = await client.post("/api/echo", json={"a": "b"})
        large = await client.post("/api/echo", content=b'"' + b"x" * LARGEST_BODY)
        wrong = await client.post("/api/echo", content=b"{nonsense")
    assert small.json() == {"a": "b"}
    assert large.status_code == 413
    assert (wrong.status_code, wrong.json()["code"]) == (422, "request.invalid")


async def test_a_fault_of_ours_is_an_answer_without_our_insides(made: FastAPI) -> None:
    app = made

    @app.get("/api/broken")
    async def broken() -> None:
        raise ValueError("the insides")

    @app.get("/api/refused")
    async def refused() -> None:
        raise Problem("meeting.closed_door", {"a": 1})

    app.router.routes[:0] = [app.router.routes.pop(), app.router.routes.pop()]
    async with browser(app) as client:
        fault = await client.get("/api/broken")
        refusal = await client.get("/api/refused")
    assert fault.status_code == 500
    assert "insides" not in fault.text
    assert refusal.status_code == 404
    assert refusal.headers["content-type"] == "application/problem+json"
    assert (refusal.json()["code"], refusal.json()["params"]) == ("meeting.closed_door", {"a": 1})


async def test_a_farewell_is_said_and_waits_only_so_long() -> None:
    said: list[str] = []
    farewell = Farewell(lambda: said.append("goodbye"))
    await farewell.say()

    async def never(scope: object, receive: object, send: object) -> None:
        await farewell.say(within=0.01)

    await farewell.counted(never)({"type": "websocket"}, None, None)  # type: ignore[arg-type]
    assert said == ["goodbye", "goodbye"]


@pytest.mark.parametrize(
    ("certificate", "told"), [("/etc/chain.pem", True), ("data/tls/lan.crt", False), (None, False)]
)
def test_a_browser_is_told_to_insist_on_https_where_the_certificate_is_a_real_one(
    tmp_path: Path, certificate: str | None, told: bool
) -> None:
    http = {"certificate": tmp_path / certificate, "key": tmp_path / "key"} if certificate else {}
    config = load({"data": tmp_path / "data", "http": http}, {})
    assert config.certified is told


async def test_the_fence_of_a_certified_server_insists_on_https() -> None:
    async def bare(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("")(scope, receive, send)

    for certified in (True, False):
        transport = httpx.ASGITransport(static.fenced(bare, certified=certified))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            answer = await client.get("/")
        assert ("strict-transport-security" in answer.headers) is certified


async def test_the_bounds_that_were_said_are_those_of_the_meetings(config: Config, web: Path) -> None:
    config = config.model_copy(update={"meetings": config.meetings.model_copy(update={"most_running": 1})})
    config.data.mkdir()
    engine, storage = FakeEngine(), await open_storage(sqlite_url(config.data / "folkmoot.db"))
    app = create_app(config, new_secrets(), storage, MemoryBus(), engine, ManualClock())
    async with app.router.lifespan_context(app), browser(app) as client:
        statuses = []
        for _ in range(2):
            made = (await client.post("/api/meetings", json={})).json()
            proof = {"name": "Ada", "host_key": made["host_key"]}
            answer = await client.post(f"/api/meetings/{made['number']}/join", json=proof)
            statuses.append((answer.status_code, answer.headers.get("retry-after")))
    engine.close()
    assert statuses == [(200, None), (503, "30")]
