"""One shape for whatever goes wrong."""

from __future__ import annotations

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from folkmoot import rest
from folkmoot.kit import Problem

api = APIRouter(prefix="/api/things")


@api.get("/{number}")
async def thing(number: int) -> int:
    if number == 13:
        raise Problem("meeting.too_many_tries", {"retry_after_s": 7})
    return 100 // number


@pytest.fixture
def client() -> httpx.AsyncClient:
    app = FastAPI(openapi_url="/api/openapi.json")
    rest.install(app, [api], "1.2.3")
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://localhost")


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/things/13", 429, "meeting.too_many_tries"),
        ("/api/things/<script>", 422, "request.invalid"),
        ("/api/things/0", 500, "internal"),
        ("/api/nothing", 404, "http.404"),
    ],
)
async def test_every_failure_is_a_problem_and_repeats_nothing(
    client: httpx.AsyncClient, path: str, status: int, code: str
) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert set(answer.json()) == {"type", "title", "status", "detail", "code", "params"}
    assert answer.headers["content-type"] == "application/problem+json"
    assert "script" not in answer.text


async def test_later_says_when(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/things/13")).headers["retry-after"] == "7"


async def test_health_and_the_description_of_the_api(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/health")).json() == {"status": "ok", "version": "1.2.3"}
    assert "/api/things/{number}" in (await client.get("/api/openapi.json")).json()["paths"]
