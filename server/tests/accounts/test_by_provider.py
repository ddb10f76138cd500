"""Signing in at one's organisation, and what becomes of its lies (H45). A real provider is in tests/interop."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from structlog.testing import capture_logs

from folkmoot.accounts import by_provider, store
from folkmoot.accounts.accounts import SignedIn
from folkmoot.accounts.by_provider import Returned
from folkmoot.accounts.model import AccountId
from folkmoot.accounts.provider import Directory, Provider
from folkmoot.kit import Refusal

from .conftest import Office

ISSUER, CLIENT, DEVICE = "https://idp.school.example", "folkmoot", "Firefox on Linux"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC: dict[str, Any] = {**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key())), "kid": "1"}
Sign = Callable[[dict[str, Any]], str]


def honest(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, KEY, "RS256", {"kid": "1"})


class School:
    """A provider that says what it is told to say."""

    def __init__(self, office: Office, *, issuer: str = ISSUER) -> None:
        self.office, self.issuer = office, issuer
        self.claims: dict[str, Any] = {}
        self.sign: Sign = honest
        self.down = False
        provider = Provider("school", "School", ISSUER, CLIENT, "shh", ("school.example",))
        self.directory = Directory(provider, office.clock, httpx.MockTransport(self.answer))

    def answer(self, request: httpx.Request) -> httpx.Response:
        if self.down:
            raise httpx.ConnectError("gone")
        match request.url.path:
            case "/.well-known/openid-configuration":
                return httpx.Response(200, json={
                    "issuer": self.issuer,
                    "authorization_endpoint": f"{ISSUER}/auth",
                    "token_endpoint": f"{ISSUER}/token",
                    "jwks_uri": f"{ISSUER}/keys",
                })  # fmt: skip
            case "/keys":
                return httpx.Response(200, json={"keys": [PUBLIC]})
            case _:
                return httpx.Response(200, json={"id_token": self.sign(self.claims)})

    async def sends_back(
        self, *, of: AccountId | None = None, comes_back: AccountId | None = None, **lies: Any
    ) -> Any:
        """Somebody presses the button, signs in there, and comes back. `of`: whose way in it becomes."""
        sent = await by_provider.begin(self.office.at, self.directory, "/settings/profile", of)
        assert not isinstance(sent, Refusal)
        asked = {key: value[0] for key, value in parse_qs(urlsplit(sent.address).query).items()}
        now = int(self.office.clock.now().timestamp())
        told = {
            "iss": ISSUER, "aud": CLIENT, "sub": "42", "nonce": asked["nonce"], "iat": now, "exp": now + 300,
            "name": "Ada", "email": "ada@school.example", "email_verified": True,
        }  # fmt: skip
        self.claims = {**told, **lies}
        back = Returned(sent.kept, asked["state"], "a code", account=comes_back or of)
        return await by_provider.finish(self.office.at, self.directory, back, DEVICE)


@pytest.fixture
def school(office: Office) -> School:
    return School(office)


async def test_who_comes_from_there_has_an_account_and_comes_back_to_the_same_one(school: School) -> None:
    inside, next = await school.sends_back()
    assert next == "/settings/profile"
    assert [(one.address, one.proven) for one in inside.account.addresses] == [("ada@school.example", True)]
    again, _ = await school.sends_back(email="ada.lovelace@school.example", name="Countess")
    assert again.account.id == inside.account.id


async def test_an_account_with_an_address_that_the_provider_speaks_for_is_theirs(
    school: School, office: Office
) -> None:
    mine = await office.has_account("Ada", "ada@school.example")
    inside, _ = await school.sends_back()
    assert inside.account.id == mine.account.id


@pytest.mark.parametrize(
    "lie", [{"email": "ada@example.org"}, {"email_verified": False}, {"email_verified": "true"}]
)
async def test_it_takes_over_no_account_that_it_does_not_speak_for(
    school: School, office: Office, lie: dict[str, Any]
) -> None:
    await office.has_account("Ada", "ada@example.org")
    await office.has_account("Ada", "ada@school.example")
    assert await school.sends_back(**lie) == Refusal("provider.address_in_use")


async def test_an_address_of_elsewhere_is_not_proven_by_its_word(school: School) -> None:
    inside, _ = await school.sends_back(email="ada@example.org")
    assert [one.proven for one in inside.account.addresses] == [False]


LIES: dict[str, tuple[dict[str, Any], Sign]] = {
    "issuer": ({"iss": "https://evil.example"}, honest),
    "audience": ({"aud": "another"}, honest),
    "audience ": ({"aud": [CLIENT, "another"]}, honest),
    "nonce": ({"nonce": "another"}, honest),
    "nonce ": ({"nonce": None}, honest),
    "audience  ": ({"aud": None}, honest),
    "issuer ": ({"iss": f"{ISSUER}/"}, honest),
    "time": ({"exp": 1}, honest),
    "time ": ({"iat": 1}, honest),
    "time  ": ({"exp": "soon"}, honest),
    "subject": ({"sub": ""}, honest),
    "algorithm": ({}, lambda claims: jwt.encode(claims, "", "none")),
    "algorithm ": ({}, lambda claims: jwt.encode(claims, "a shared secret, long enough for it", "HS256", {"kid": "1"})),
    "signature ": ({}, lambda claims: honest(claims).rpartition(".")[0] + "."),
    "signature": ({}, lambda claims: jwt.encode(claims, OTHER, "RS256", {"kid": "1"})),
    "key": ({}, lambda claims: jwt.encode(claims, KEY, "RS256", {"kid": "another"})),
    "form": ({}, lambda claims: "nonsense"),
}  # fmt: skip


@pytest.mark.parametrize("about", LIES)
async def test_a_lie_is_refused_and_named_in_the_log(school: School, office: Office, about: str) -> None:
    claims, school.sign = LIES[about]
    with capture_logs() as logs:
        assert await school.sends_back(**claims) == Refusal("provider.refused")
    assert [line["about"] for line in logs if line["event"] == "provider lies"] == [about.strip()]
    async with office.at.storage.reading() as connection:
        assert await store.all_accounts(connection, "", 10) == []


async def test_a_provider_that_says_it_is_another_is_none(office: Office) -> None:
    school = School(office, issuer="https://evil.example")
    assert await by_provider.begin(office.at, school.directory, "/") == Refusal("provider.unanswered")


async def test_one_that_is_down_is_said_and_what_it_said_before_is_good(
    school: School, office: Office
) -> None:
    await school.sends_back()
    office.clock.advance(7200)
    school.down = True
    assert not isinstance(await by_provider.begin(office.at, school.directory, "/"), Refusal)
    fresh = School(office)
    fresh.down = True
    assert await by_provider.begin(office.at, fresh.directory, "/") == Refusal("provider.unanswered")
    assert isinstance(await office.signs_in("nobody@school.example"), Refusal), (
        "and the password still answers"
    )


async def test_an_answer_is_for_the_browser_that_asked_in_its_time(school: School, office: Office) -> None:
    sent = await by_provider.begin(office.at, school.directory, "/")
    assert not isinstance(sent, Refusal)
    state = parse_qs(urlsplit(sent.address).query)["state"][0]
    for back in (
        Returned("", state, "a code"),
        Returned(sent.kept, "another", "a code"),
        Returned(sent.kept[:-2] + "xx", state, "a code"),
        Returned(sent.kept, state, ""),
    ):
        assert await by_provider.finish(office.at, school.directory, back, DEVICE) == Refusal("provider.over")
    office.clock.advance(601)
    late = Returned(sent.kept, state, "a code")
    assert await by_provider.finish(office.at, school.directory, late, DEVICE) == Refusal("provider.over")


async def test_another_providers_answer_is_not_taken_for_this_ones(school: School, office: Office) -> None:
    sent = await by_provider.begin(office.at, school.directory, "/")
    assert not isinstance(sent, Refusal)
    state = parse_qs(urlsplit(sent.address).query)["state"][0]
    mixed = Returned(sent.kept, state, "a code", "https://evil.example")
    assert await by_provider.finish(office.at, school.directory, mixed, DEVICE) == Refusal("provider.refused")


@pytest.mark.parametrize(
    "next", ["//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nset-cookie: x"]
)
async def test_nobody_is_led_to_another_site_afterwards(school: School, office: Office, next: str) -> None:
    sent = await by_provider.begin(office.at, school.directory, next)
    assert not isinstance(sent, Refusal)
    opened = office.at.sealing.unseal(sent.kept.encode())
    assert json.loads(opened or "")["next"] == "/"


async def test_who_is_suspended_stays_out(school: School, office: Office) -> None:
    inside, _ = await school.sends_back()
    assert isinstance(inside, SignedIn)
    async with office.at.storage.writing() as connection:
        await store.change_account(connection, inside.account.id, state="suspended")
    assert await school.sends_back() == Refusal("account.suspended")


async def test_who_is_signed_in_connects_it_and_enters_by_it(school: School, office: Office) -> None:
    ada = (await office.has_account()).account
    for _ in range(2):
        assert await school.sends_back(of=ada.id) == (None, "/settings/profile"), "no second session"
    inside, _ = await school.sends_back()
    assert inside.account.id == ada.id
    assert await school.sends_back(of=ada.id, sub="43") == Refusal("provider.connected_already")


async def test_what_was_begun_as_one_is_not_ended_as_another(school: School, office: Office) -> None:
    ada = (await office.has_account()).account
    bo = (await office.has_account("Bo", "bo@example.org")).account
    assert await school.sends_back(of=ada.id, comes_back=bo.id) == Refusal("provider.over")
    assert await school.sends_back(of=ada.id) == (None, "/settings/profile")
    assert await school.sends_back(of=bo.id) == Refusal("provider.anothers")


async def test_it_is_disconnected_by_who_has_proven_who_they_are_and_never_as_the_last_way(
    school: School, office: Office
) -> None:
    inside, _ = await school.sends_back()
    me = await office.at.who(inside.token)
    assert me
    assert await by_provider.disconnect(office.at, *me, ISSUER) == Refusal("signin.last_way")
    async with office.at.storage.writing() as connection:
        await store.set_password(connection, me[0].id, "a hash", office.clock.now())
    assert await by_provider.disconnect(office.at, *me, "https://x.example") == Refusal(
        "provider.not_connected"
    )
    stale = replace(me[1], proven_at=office.clock.now() - timedelta(seconds=601))
    assert await by_provider.disconnect(office.at, me[0], stale, ISSUER) == Refusal("account.prove_again")
    assert await by_provider.disconnect(office.at, *me, ISSUER) is None
