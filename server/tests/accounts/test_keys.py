"""Programs come with an API key: what it opens, and what no key opens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from folkmoot import rest
from folkmoot.accounts import administering, keys, router
from folkmoot.accounts.administering import begin_setup
from folkmoot.accounts.inside import COOKIE
from folkmoot.accounts.key_routes import router as keys_router
from folkmoot.accounts.keys import MOST
from folkmoot.accounts.scopes import Scope, needed
from folkmoot.accounts.tables import api_keys
from folkmoot.kit import Refusal
from folkmoot.rest.limits import REQUESTS

from .conftest import ORIGIN, Office

OURS = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}
EVERYTHING = [scope.value for scope in Scope]


@pytest.fixture
async def app(office: Office) -> FastAPI:
    app = FastAPI()
    rest.install(app, [keys_router(office.at), router(office.at, await begin_setup(office.at))], "1")
    app.add_middleware(rest.Limited(office.clock).by_key)
    return app


def as_program(app: FastAPI, key: str, **headers: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, client=("192.0.2.1", 1))
    return httpx.AsyncClient(
        transport=transport, base_url=ORIGIN, headers={"authorization": f"Bearer {key}"} | headers
    )


@pytest.fixture
async def ada(office: Office, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """In her browser."""
    inside = await office.has_account()
    transport = httpx.ASGITransport(app, client=("192.0.2.1", 1))
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=OURS) as client:
        client.cookies.set(COOKIE, inside.token)
        yield client


async def made(ada: httpx.AsyncClient, *scopes: str, **more: Any) -> dict[str, Any]:
    said = await ada.post("/api/account/keys", json={"name": "backup", "scopes": list(scopes), **more})
    assert said.status_code == 201, said.text
    return dict(said.json())


async def test_a_key_does_what_its_scopes_say_and_is_shown_once(ada: httpx.AsyncClient, app: FastAPI) -> None:
    key = await made(ada, "account:read")
    async with as_program(app, key["key"]) as program:
        assert (await program.get("/api/account")).json()["name"] == "Ada"
        refused = await program.patch("/api/account", json={"name": "Mallory"})
    assert (refused.status_code, refused.json()["code"]) == (403, "key.scope")
    assert refused.json()["params"] == {"scope": "account:write"}
    [listed] = (await ada.get("/api/account/keys")).json()
    assert listed["used_at"] is not None
    assert "key" not in listed


async def test_the_database_has_nothing_that_opens_anything(ada: httpx.AsyncClient, office: Office) -> None:
    secret = (await made(ada, "account:read"))["key"]
    async with office.at.storage.reading() as connection:
        rows = (await connection.execute(api_keys.select())).all()
    assert secret not in str(rows)
    assert secret.removeprefix("fmk_") not in str(rows)


async def test_no_key_changes_who_one_is(ada: httpx.AsyncClient, app: FastAPI) -> None:
    """Whoever finds a key gets no further than its scopes."""
    key = await made(ada, *EVERYTHING)
    async with as_program(app, key["key"]) as program:
        for method, path, body in (
            ("POST", "/api/account/keys", {"name": "more", "scopes": EVERYTHING}),
            ("GET", "/api/account/keys", None),
            ("PUT", "/api/account/password", {"password": "mallory's rare one"}),
            ("POST", "/api/account/passkeys/begin", None),
            ("POST", "/api/account/codes", None),
            ("POST", "/api/account/addresses", {"address": "m@example.org"}),
            ("DELETE", "/api/account/sessions", None),
            ("POST", "/api/account/prove", {"password": "x"}),
        ):
            said = await program.request(method, path, json=body)
            assert (said.status_code, said.json()["code"]) == (403, "key.not_here"), path
        deleted = await program.delete("/api/account")
        assert deleted.json()["code"] == "account.prove_again"


async def test_a_key_is_read_from_its_header_alone(ada: httpx.AsyncClient, app: FastAPI) -> None:
    key = (await made(ada, "account:read"))["key"]
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as stranger:
        for request in (
            {"headers": {"cookie": f"{COOKIE}={key}"}},
            {"headers": {"cookie": f"authorization=Bearer {key}"}},
            {"params": {"key": key, "access_token": key}},
            {"headers": {"x-api-key": key}},
            {"auth": ("key", key)},
        ):
            said = await stranger.get("/api/account", **request)
            assert said.json()["code"] == "account.signed_out", request


async def test_where_there_is_a_key_no_cookie_is_looked_at(ada: httpx.AsyncClient, app: FastAPI) -> None:
    await made(ada, "account:read")
    said = await ada.get("/api/account", headers={"authorization": "Bearer fmk_" + "0" * 64})
    assert (said.status_code, said.json()["code"]) == (401, "key.wrong")


async def test_a_key_ends_when_it_is_revoked_or_over(
    ada: httpx.AsyncClient, app: FastAPI, office: Office
) -> None:
    key, short = await made(ada, "account:read"), await made(ada, "account:read", days=1)
    async with as_program(app, key["key"]) as program, as_program(app, short["key"]) as other:
        assert (await other.get("/api/account")).status_code == 200
        assert (await ada.delete(f"/api/account/keys/{key['id']}")).status_code == 204
        assert (await program.get("/api/account")).json()["code"] == "key.wrong"
        office.clock.advance(24 * 3600)
        assert (await other.get("/api/account")).json()["code"] == "key.wrong"
    assert (await ada.delete(f"/api/account/keys/{key['id']}")).json()["code"] == "key.unknown"


async def test_a_key_of_who_is_suspended_or_gone_opens_nothing(
    ada: httpx.AsyncClient, app: FastAPI, office: Office
) -> None:
    key = (await made(ada, "account:read"))["key"]
    id = (await ada.get("/api/account")).json()["id"]
    async with as_program(app, key) as program:
        await administering.suspend(office.at, id, suspended=True)
        assert (await program.get("/api/account")).json()["code"] == "account.suspended"
        await administering.suspend(office.at, id, suspended=False)
        inside = await office.signs_in()
        assert not isinstance(inside, Refusal)
        ada.cookies.set(COOKIE, inside.token)
        assert (await ada.delete("/api/account")).status_code == 204
        assert (await program.get("/api/account")).json()["code"] == "key.wrong"


async def test_a_key_is_made_by_who_was_there_a_moment_ago(ada: httpx.AsyncClient, office: Office) -> None:
    office.clock.advance(11 * 60)
    said = await ada.post("/api/account/keys", json={"name": "x", "scopes": ["account:read"]})
    assert said.json()["code"] == "account.prove_again"


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"name": "x", "scopes": []}, "key.unknown_scope"),
        ({"name": "x", "scopes": ["everything"]}, "key.unknown_scope"),
        ({"name": "\u202e", "scopes": ["account:read"]}, "name.invalid"),
        ({"name": "x", "scopes": ["account:read"], "days": 0}, "request.invalid"),
    ],
)
async def test_what_can_be_no_key_is_refused(
    ada: httpx.AsyncClient, wanted: dict[str, Any], code: str
) -> None:
    said = await ada.post("/api/account/keys", json=wanted)
    assert said.json()["code"] == code


async def test_an_organisation_owns_keys_by_its_id(office: Office, app: FastAPI) -> None:
    found = await keys.make(office.at, "o_school", "directory", ["organisations:read"])
    assert not isinstance(found, Refusal)
    assert [one.id for one in await keys.of_owner(office.at, "o_school")] == [found[0].id]
    assert await keys.revoke(office.at, "a_ada", found[0].id) == Refusal("key.unknown"), "another's (H39)"
    person = await keys.make(office.at, "o_school", "x", ["account:read"])
    assert not isinstance(person, Refusal)
    async with as_program(app, person[1]) as program:
        assert (await program.get("/api/account")).json()["code"] == "key.not_of_an_account"


async def test_there_are_only_so_many(office: Office) -> None:
    for _ in range(MOST):
        assert not isinstance(await keys.make(office.at, "o_school", "x", ["account:read"]), Refusal)
    assert await keys.make(office.at, "o_school", "x", ["account:read"]) == Refusal("key.too_many", {"most": MOST})  # fmt: skip


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/api/account", "account:read"),
        ("PATCH", "/api/account", "account:write"),
        ("GET", "/api/operator/users", "operator:read"),
        ("POST", "/api/operator/users/a/suspend", "operator:write"),
        ("GET", "/api/orgs/o_1", "organisations:read"),
        ("GET", "/api/made-up", None),
        ("POST", "/api/signin", None),
        ("GET", "/", None),
        ("GET", "/api", None),
        ("GET", "//api//account/keys", None),
    ],
)
def test_what_nobody_opened_to_keys_is_closed(method: str, path: str, scope: str | None) -> None:
    found = needed(method, path)
    assert (found and found.value) == scope


async def test_who_keeps_to_what_the_headers_say_is_never_refused(
    ada: httpx.AsyncClient, app: FastAPI, office: Office
) -> None:
    key = (await made(ada, "account:read"))["key"]
    async with as_program(app, key) as program:
        first = await program.get("/api/account")
        assert first.headers["ratelimit-policy"] == f'"key";q={REQUESTS};w=60'
        assert first.headers["ratelimit"] == f'"key";r={REQUESTS - 1};t=1'
        for left in range(REQUESTS - 2, -1, -1):
            said = await program.get("/api/health")
            assert said.status_code == 200
            assert f"r={left};" in said.headers["ratelimit"]
        refused = await program.get("/api/account")
        assert (refused.status_code, refused.json()["code"]) == (429, "request.too_many")
        assert refused.headers["retry-after"] == "1"
        assert refused.headers["content-type"] == "application/problem+json"
        office.clock.advance(1)
        assert (await program.get("/api/account")).status_code == 200


async def test_a_key_that_the_plan_holds_no_more_stays_and_opens_nothing_meanwhile(
    ada: httpx.AsyncClient, app: FastAPI, office: Office
) -> None:
    key = await made(ada, "account:read")
    office.at.held.holds = lambda owner, service: service != "api"
    async with as_program(app, key["key"]) as program:
        refused = await program.get("/api/account")
        assert (refused.status_code, refused.json()["code"]) == (403, "plan.without")
        assert refused.json()["params"] == {"service": "api"}
        another = await ada.post("/api/account/keys", json={"name": "x", "scopes": ["account:read"]})
        assert (another.status_code, another.json()["code"]) == (403, "plan.without")
        assert (await ada.get("/api/account")).status_code == 200, (
            "a person's own sign-in is asked of no plan"
        )
        assert [one["id"] for one in (await ada.get("/api/account/keys")).json()] == [key["id"]]
        office.at.held.holds = lambda owner, service: True
        assert (await program.get("/api/account")).status_code == 200


async def test_who_runs_the_server_is_kept_from_it_by_no_plan(
    ada: httpx.AsyncClient, app: FastAPI, office: Office
) -> None:
    id = (await ada.get("/api/account")).json()["id"]
    assert await administering.appoint(office.at, id, operator=True) is None
    office.at.held.holds = lambda owner, service: False
    key = await made(ada, "account:read")
    async with as_program(app, key["key"]) as program:
        assert (await program.get("/api/account")).status_code == 200
