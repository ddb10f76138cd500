"""Passkeys: one touch is enough, and nobody else's is."""

from __future__ import annotations

from typing import Any

import pytest

from folkmoot.accounts import passkeys, signing_up
from folkmoot.accounts.accounts import SignedIn
from folkmoot.accounts.model import Account, Session
from folkmoot.kit import Refusal

from .authenticator import PRESENT, Authenticator
from .conftest import HERE, ORIGIN, Office

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


async def signs_up(office: Office, phone: Authenticator, address: str = "ada@example.org") -> Any:
    options = signing_up.begin_passkey(office.at, "Ada", address, HERE)
    assert isinstance(options, dict)
    return await office.signs_up(address=address, password="", credential=phone.makes(options))


async def test_one_is_enough_to_sign_up_by(office: Office, phone: Authenticator) -> None:
    said = await signs_up(office, phone)
    made = await office.opens_the_link(browser=said.browser)
    assert isinstance(made, SignedIn)
    signed = await signs_in(office, phone)
    assert isinstance(signed, SignedIn) and signed.account == made.account
    found = await office.at.who(signed.token)
    assert found and await passkeys.remove(office.at, *found, phone.id) == Refusal("signin.last_way")


async def test_in_another_browser_the_link_wants_the_passkey(office: Office, phone: Authenticator) -> None:
    await signs_up(office, phone)
    token = office.mailbox.token_to("ada@example.org")
    assert await office.opens_the_link(token=token) == Refusal("proof.passkey_needed")
    other = Authenticator(ORIGIN, "meet.example")
    for wrong in (
        other.signs(passkeys.begin_sign_in(office.at)),
        {},
        phone.makes(passkeys.begin_sign_in(office.at)),
    ):
        assert await office.opens_the_link(token=token, credential=wrong) == REFUSED
    signed = phone.signs(passkeys.begin_sign_in(office.at))
    assert isinstance(await office.opens_the_link(token=token, credential=signed), SignedIn)


async def test_without_mail_the_account_is_there_at_once(without_mail: Office, phone: Authenticator) -> None:
    assert isinstance(await signs_up(without_mail, phone), SignedIn)
    assert isinstance(await signs_in(without_mail, phone), SignedIn)
    assert await signs_up(without_mail, phone, "bo@example.org") == REFUSED, (
        "the same passkey for a second account"
    )


async def test_signing_up_by_one_tells_nobody_who_has_an_account(
    office: Office, phone: Authenticator
) -> None:
    await office.has_account()
    known, unknown = (
        await signs_up(office, phone),
        await signs_up(office, Authenticator(ORIGIN, "meet.example"), "bo@example.org"),
    )
    assert known == unknown == signing_up.Asked()
    office.mailbox.mails.clear()
    for name, address, code in (
        ("", "ada@example.org", "name.invalid"),
        ("Ada", "nonsense", "address.invalid"),
    ):
        assert signing_up.begin_passkey(office.at, name, address, HERE) == Refusal(code)


async def test_what_was_made_to_add_one_or_made_twice_does_not_sign_up(
    office: Office, phone: Authenticator
) -> None:
    ada = await inside(office)
    to_add = await passkeys.begin(office.at, *ada)
    to_sign_up = signing_up.begin_passkey(office.at, "Bo", "bo@example.org", HERE)
    assert isinstance(to_add, dict) and isinstance(to_sign_up, dict)
    for options, wanted in ((to_add, REFUSED), (to_sign_up, signing_up.Asked()), (to_sign_up, REFUSED)):
        credential = phone.makes(options)
        assert await office.signs_up("Bo", "bo@example.org", password="", credential=credential) == wanted


@pytest.mark.parametrize(
    "credential",
    [{}, {"response": 1}, {"response": {"clientDataJSON": "%%"}}, {"rawId": "é", "response": {"clientDataJSON": "e30"}},
     {"response": {"clientDataJSON": "W10"}}, {"response": {"clientDataJSON": "eyJjaGFsbGVuZ2UiOjF9"}}],
)  # fmt: skip
async def test_nonsense_is_refused(office: Office, credential: dict[str, object]) -> None:
    assert await passkeys.sign_in(office.at, credential, "") == REFUSED
