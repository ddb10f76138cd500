"""Passkeys: one touch is enough, and nobody else's is."""

from __future__ import annotations

import pytest

from folkmoot.accounts import passkeys
from folkmoot.accounts.accounts import SignedIn
from folkmoot.accounts.model import Account, Session
from folkmoot.kit import Refusal

from .authenticator import PRESENT, Authenticator
from .conftest import ORIGIN, Office

REFUSED = Refusal("passkey.refused")
Inside = tuple[Account, Session]


@pytest.fixture
def phone() -> Authenticator:
    return Authenticator(ORIGIN, "meet.example")


async def inside(office: Office, name: str = "Ada", address: str = "ada@example.org") -> Inside:
    found = await office.at.who((await office.has_account(name, address)).token)
    assert found
    return found


async def adds(office: Office, who: Inside, phone: Authenticator) -> Refusal | None:
    options = await passkeys.begin(office.at, *who)
    assert isinstance(options, dict)
    return await passkeys.finish(office.at, *who, phone.makes(options), "My phone")


async def signs_in(office: Office, phone: Authenticator) -> SignedIn | Refusal:
    return await passkeys.sign_in(
        office.at, phone.signs(passkeys.begin_sign_in(office.at)), "Chrome on Android"
    )


async def test_one_that_was_added_signs_in_by_itself(office: Office, phone: Authenticator) -> None:
    ada = await inside(office)
    assert await adds(office, ada, phone) is None
    for _ in range(2):
        signed = await signs_in(office, phone)
        assert isinstance(signed, SignedIn) and signed.account == ada[0]


async def test_one_that_nobody_knows_does_not(office: Office, phone: Authenticator) -> None:
    await inside(office)
    assert await signs_in(office, phone) == REFUSED


async def test_a_signature_is_good_once_and_for_five_minutes(office: Office, phone: Authenticator) -> None:
    await adds(office, await inside(office), phone)
    signed = phone.signs(passkeys.begin_sign_in(office.at))
    assert isinstance(await passkeys.sign_in(office.at, signed, ""), SignedIn)
    assert await passkeys.sign_in(office.at, signed, "") == REFUSED
    options = passkeys.begin_sign_in(office.at)
    office.clock.advance(301)
    assert await passkeys.sign_in(office.at, phone.signs(options), "") == REFUSED


async def test_what_was_asked_to_add_one_does_not_sign_in(office: Office, phone: Authenticator) -> None:
    ada = await inside(office)
    await adds(office, ada, phone)
    options = await passkeys.begin(office.at, *ada)
    assert isinstance(options, dict)
    assert await passkeys.sign_in(office.at, phone.signs(options), "") == REFUSED


async def test_one_signed_for_another_site_is_refused(office: Office) -> None:
    ada = await inside(office)
    for origin, rp in (("https://evil.example", "meet.example"), (ORIGIN, "evil.example")):
        assert await adds(office, ada, Authenticator(origin, rp)) == REFUSED


async def test_one_that_did_not_look_who_it_is_is_refused(office: Office, phone: Authenticator) -> None:
    ada = await inside(office)
    phone.flags = PRESENT
    assert await adds(office, ada, phone) == REFUSED


async def test_a_copied_key_is_noticed(office: Office, phone: Authenticator) -> None:
    await adds(office, await inside(office), phone)
    assert isinstance(await signs_in(office, phone), SignedIn)
    phone.count = 0
    assert await signs_in(office, phone) == REFUSED


async def test_nobody_adds_anothers_or_removes_it(office: Office, phone: Authenticator) -> None:
    ada, bo = await inside(office), await inside(office, "Bo", "bo@example.org")
    await adds(office, ada, phone)
    assert await adds(office, bo, phone) == REFUSED
    assert await passkeys.remove(office.at, *bo, phone.id) == Refusal("passkey.unknown")
    assert await passkeys.remove(office.at, *ada, phone.id) is None
    assert await signs_in(office, phone) == REFUSED


@pytest.mark.parametrize(
    "credential",
    [{}, {"response": 1}, {"response": {"clientDataJSON": "%%"}}, {"rawId": "é", "response": {"clientDataJSON": "e30"}},
     {"response": {"clientDataJSON": "W10"}}, {"response": {"clientDataJSON": "eyJjaGFsbGVuZ2UiOjF9"}}],
)  # fmt: skip
async def test_nonsense_is_refused(office: Office, credential: dict[str, object]) -> None:
    assert await passkeys.sign_in(office.at, credential, "") == REFUSED
