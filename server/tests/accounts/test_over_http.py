"""Accounts as a browser has them: cookies that no script reads, and requests of our own pages alone."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from folkmoot import rest
from folkmoot.accounts import router
from folkmoot.accounts.administering import begin_setup
from folkmoot.accounts.inside import COOKIE

from .conftest import ORIGIN, PASSWORD, Office

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
OURS = {"origin": ORIGIN, "sec-fetch-site": "same-origin", "user-agent": FIREFOX}
ADA = {"name": "Ada", "address": "ada@example.org", "password": PASSWORD}


@pytest.fixture
async def client(office: Office) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    setup = await begin_setup(office.at)
    rest.install(app, [router(office.at, setup)], "1")
    app.state.setup = setup
    transport = httpx.ASGITransport(app, client=("192.0.2.1", 1))
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=OURS) as opened:
        opened.app = app  # type: ignore[attr-defined]
        yield opened


async def signed_up(client: httpx.AsyncClient, office: Office) -> None:
    assert (await client.post("/api/signup", json=ADA)).json() == {"account": None}
    await office.jobs.settled()
    inside = await client.post("/api/verify", json={"token": office.mailbox.token_to("ada@example.org")})
    assert inside.json()["name"] == "Ada"


async def test_the_cookie_is_for_this_server_alone_and_no_script_reads_it(
    client: httpx.AsyncClient, office: Office
) -> None:
    await signed_up(client, office)
    answer = await client.post("/api/signin", json={"address": "ada@example.org", "password": PASSWORD})
    [session, device] = answer.headers.get_list("set-cookie")
    for cookie in (session, device):
        assert cookie.startswith("__Host-folkmoot")
        for word in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
            assert word in cookie
        assert "Domain" not in cookie
    assert answer.headers["cache-control"] == "no-store"
    assert (await client.get("/api/account")).json()["addresses"] == [
        {"address": "ada@example.org", "proven": True}
    ]
    sessions = (await client.get("/api/account/sessions")).json()
    assert [one["device"] for one in sessions] == ["Firefox on Linux"] * 2
    assert sum(one["here"] for one in sessions) == 1


async def test_nothing_of_somebody_is_kept_by_a_cache(client: httpx.AsyncClient, office: Office) -> None:
    await signed_up(client, office)
    for path in ("/api/account", "/api/account/export", "/api/account/sessions", "/api/account/signin"):
        assert (await client.get(path)).headers["cache-control"] == "no-store", path


async def test_who_is_not_signed_in_is_told_so(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/account")
    assert (answer.status_code, answer.json()["code"]) == (401, "account.signed_out")


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site", "origin": "https://evil.example"},
        {"sec-fetch-site": "same-site", "origin": "https://other.meet.example"},
        {"sec-fetch-site": "cross-site", "origin": ORIGIN},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {},
    ],
)
async def test_another_sites_page_does_nothing_by_the_cookie(
    client: httpx.AsyncClient, office: Office, headers: dict[str, str]
) -> None:
    await signed_up(client, office)
    before = {name: client.headers.pop(name) for name in ("origin", "sec-fetch-site")}
    for method, path, body in (
        ("PATCH", "/api/account", {"name": "Mallory"}),
        ("DELETE", "/api/account", None),
        ("PUT", "/api/account/password", {"password": "mallory's rare one"}),
        ("POST", "/api/account/codes", None),
        ("POST", "/api/signout", None),
        ("DELETE", "/api/account/sessions", None),
    ):
        answer = await client.request(method, path, json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "request.other_site"), path
    client.headers.update(before)
    assert (await client.get("/api/account")).json()["name"] == "Ada"


async def test_every_route_that_changes_something_asks_whose_page_it_is(client: httpx.AsyncClient) -> None:
    app: FastAPI = client.app  # type: ignore[attr-defined]
    asked = 0
    for path, methods in app.openapi()["paths"].items():
        for method in methods.keys() - {"get"}:
            await refused_from_elsewhere(client, method.upper(), path)
            asked += 1
    assert asked > 20


async def refused_from_elsewhere(client: httpx.AsyncClient, method: str, path: str) -> None:
    path = path.replace("{id}", "00").replace("{address}", "a@example.org")
    elsewhere = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    body = {**ADA, "token": "", "code": "", "credential": {}}
    answer = await client.request(method, path, json=body, headers=elsewhere)
    assert answer.json()["code"] == "request.other_site", f"{method} {path}"


async def test_sign_out_ends_the_session_and_takes_the_cookie(
    client: httpx.AsyncClient, office: Office
) -> None:
    await signed_up(client, office)
    stolen = client.cookies[COOKIE]
    assert (await client.post("/api/signout")).status_code == 204
    assert COOKIE not in client.cookies
    answer = await client.get("/api/account", headers={"cookie": f"{COOKIE}={stolen}"})
    assert answer.status_code == 401


async def test_the_first_run_makes_the_operator_by_the_printed_token_once(
    client: httpx.AsyncClient, office: Office
) -> None:
    assert (await client.get("/api/signup")).json() == {"sign_up": "open", "mail": True, "set_up": True}
    app: FastAPI = client.app  # type: ignore[attr-defined]
    wrong = await client.post("/api/setup", json={**ADA, "token": "guessed"})
    assert wrong.json()["code"] == "setup.wrong_token"
    made = await client.post("/api/setup", json={**ADA, "token": app.state.setup.token})
    assert made.json()["operator"] is True
    again = await client.post("/api/setup", json={**ADA, "token": "any"})
    assert (again.status_code, again.json()["code"]) == (409, "setup.over")
    assert (await client.get("/api/signup")).json()["set_up"] is False
    assert (await begin_setup(office.at)).token is None


async def test_a_host_header_leads_no_mail_elsewhere(client: httpx.AsyncClient, office: Office) -> None:
    await client.post(
        "/api/signup", json=ADA, headers={"host": "evil.example", "x-forwarded-host": "evil.example"}
    )
    await office.jobs.settled()
    assert office.mailbox.link_to("ada@example.org").startswith(f"{ORIGIN}/verify#")


async def test_what_is_changed_is_changed_and_what_can_not_be_is_refused(
    client: httpx.AsyncClient, office: Office
) -> None:
    await signed_up(client, office)
    told = await client.patch("/api/account", json={"name": "Ada L.", "time_zone": "Asia/Shanghai"})
    assert (told.json()["name"], told.json()["time_zone"]) == ("Ada L.", "Asia/Shanghai")
    assert (await client.patch("/api/account", json={"name": "\u202e"})).json()["code"] == "name.invalid"
    assert (await client.delete("/api/account/addresses/ada@example.org")).json()["code"] == "address.last"
    assert (await client.delete("/api/account/passkeys/zz")).json()["code"] == "passkey.unknown"
