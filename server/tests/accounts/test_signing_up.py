"""An account in a minute: asked for, proven by mail, there; and nobody learns who has one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from folkmoot.accounts import AccountChanged, AccountDeleted, AddressProven, profile
from folkmoot.accounts.accounts import SignedIn
from folkmoot.accounts.model import SignUp, time_zone
from folkmoot.accounts.signing_up import Asked
from folkmoot.kit import Refusal

from ..measured import Measured
from .conftest import PASSWORD, Mailbox, Office, opened, text_of


async def test_a_link_in_the_mail_makes_the_account_and_signs_in(office: Office) -> None:
    said = await office.signs_up("Ada ☕", "Ada@Example.org", language="zh-CN", time_zone="Asia/Shanghai")
    assert said == Asked()
    mail = office.mailbox.last_to("ada@example.org")
    assert "确认" in mail["Subject"] and "Ada ☕" in text_of(mail)
    assert office.mailbox.link_to("ada@example.org").startswith("https://meet.example/verify#")
    inside = await office.opens_the_link(browser=said.browser)
    assert isinstance(inside, SignedIn)
    account = inside.account
    assert (account.name, account.language, account.time_zone) == ("Ada ☕", "zh-CN", "Asia/Shanghai")
    assert [(one.address, one.proven) for one in account.addresses] == [("ada@example.org", True)]
    found = await office.at.who(inside.token)
    assert found and found[0] == account
    assert isinstance(await office.signs_in(), SignedIn)


async def test_a_link_is_good_once_and_for_half_an_hour(office: Office) -> None:
    await office.has_account()
    assert await office.opens_the_link() == Refusal("proof.over")
    bo = await office.signs_up("Bo", "bo@example.org")
    office.clock.advance(timedelta(minutes=31).total_seconds())
    assert await office.opens_the_link("bo@example.org", browser=bo.browser) == Refusal("proof.over")


async def test_who_signs_up_with_another_s_address_gets_nothing_when_its_owner_presses(
    office: Office,
) -> None:
    await office.signs_up("Mallory", password="somebody else's password")
    assert await office.opens_the_link() == Refusal("proof.password_needed")
    assert await office.opens_the_link(browser="f" * 48) == Refusal("proof.password_needed")
    assert await office.opens_the_link(password=PASSWORD) == Refusal("signin.wrong")
    mallorys = office.mailbox.token_to("ada@example.org")
    await office.has_account("Ada")
    assert await office.opens_the_link(token=mallorys, password="somebody else's password") == Refusal(
        "proof.over"
    )
    assert await office.signs_in(password="somebody else's password") == Refusal("signin.wrong")


async def test_in_another_browser_the_link_counts_with_the_password(office: Office) -> None:
    await office.signs_up()
    inside = await office.opens_the_link(password=PASSWORD)
    assert isinstance(inside, SignedIn) and inside.account.name == "Ada"


async def test_the_password_of_a_link_is_not_guessed_without_end(office: Office) -> None:
    await office.signs_up()
    tried = [await office.opens_the_link(password=f"guess number {n}") for n in range(30)]
    assert tried[0] == Refusal("signin.wrong")
    assert tried[-1].code == "signin.too_many_tries"


async def test_the_answer_to_who_signs_up_tells_nothing_of_an_account(office: Office) -> None:
    ada = await office.signs_up()
    await office.opens_the_link(browser=ada.browser)
    again = await office.signs_up("Mallory")
    assert len(again.browser) == len(ada.browser)


async def test_who_asks_again_with_an_address_that_has_an_account_learns_it_by_mail_alone(
    office: Office,
) -> None:
    await office.has_account()
    assert await office.signs_up("Mallory", "ADA@example.org") == Asked()
    mail = office.mailbox.last_to("ada@example.org")
    assert "already" in mail["Subject"] and "Mallory" not in text_of(mail)
    assert isinstance(await office.signs_in(), SignedIn), "nothing of hers was changed"


async def test_of_two_who_asked_with_one_address_the_first_to_prove_it_has_it(office: Office) -> None:
    mallory = await office.signs_up("Mallory", password="somebody else's password")
    first = office.mailbox.token_to("ada@example.org")
    await office.has_account("Ada")
    assert await office.opens_the_link(token=first, browser=mallory.browser) == Refusal("proof.over")
    assert await office.signs_in(password="somebody else's password") == Refusal("signin.wrong")


@pytest.mark.parametrize(
    ("field", "said", "code"),
    [
        ("name", "", "name.invalid"),
        ("name", "a\nb", "name.invalid"),
        ("name", "\u202eada", "name.invalid"),
        ("address", "nobody", "address.invalid"),
        ("address", "ada@example.org\r\nBcc: all@example.org", "address.invalid"),
        ("address", '"a\r\nb"@example.org', "address.invalid"),
        ("language", "tlh", "language.unknown"),
        ("time_zone", "Mars/Olympus", "time_zone.unknown"),
        ("password", "short", "password.too_short"),
        ("password", "a" * 1025, "password.too_long"),
        ("password", "abababababab", "password.guessable"),
        ("password", "ada@example.org", "password.guessable"),
        ("password", "Qwertyuiop", "password.leaked"),
    ],
)
async def test_what_can_not_be_is_refused_by_its_name(
    office: Office, field: str, said: str, code: str
) -> None:
    refusal = await office.signs_up(**{field: said})
    assert isinstance(refusal, Refusal) and refusal.code == code
    assert office.mailbox.mails == []


async def test_closed_is_closed_and_a_domain_opens_it_for_its_own(
    address: str, mailbox: tuple[Mailbox, int]
) -> None:
    async with opened(address, mailbox, SignUp.DOMAIN, mail=True) as office:
        assert await office.signs_up() == Refusal("signup.closed")
        assert await office.signs_up("Eve", "eve@school.example.evil.org") == Refusal("signup.closed")
        assert await office.signs_up("Eve", "eve@School.Example") == Asked()


async def test_nobody_is_flooded_with_mails(office: Office) -> None:
    for _ in range(9):
        assert await office.signs_up() == Asked(), "who asks isn't told"
    assert len(office.mailbox.mails) == 5
    office.clock.advance(3600)
    await office.signs_up()
    assert len(office.mailbox.mails) == 6


async def test_without_a_mail_server_it_works_at_once_and_grants_nothing(without_mail: Office) -> None:
    ada = await without_mail.signs_up()
    assert isinstance(ada, SignedIn) and not ada.account.addresses[0].proven
    mallory = await without_mail.signs_up("Mallory", password="another password, hers")
    assert isinstance(mallory, SignedIn), "an address that nobody has proven keeps nobody away"
    again = await without_mail.signs_in()
    other = await without_mail.signs_in(password="another password, hers")
    assert isinstance(again, SignedIn) and again.account.id == ada.account.id
    assert isinstance(other, SignedIn) and other.account.id == mallory.account.id


async def test_when_the_mail_server_is_down_nothing_waits_and_nothing_is_lost(office: Office) -> None:
    office.mailbox.answer = "451 not now"
    said = await office.signs_up()
    assert said == Asked()
    assert office.mailbox.mails == []
    office.mailbox.answer = "250 OK"
    await office.jobs.settled()
    assert office.mailbox.mails == [], "it is not due yet"
    office.clock.advance(61)
    await office.jobs.settled()
    assert isinstance(await office.opens_the_link(browser=said.browser), SignedIn)


async def test_what_the_mail_server_will_never_take_is_given_up_and_kept_for_the_operator(
    office: Office,
) -> None:
    office.mailbox.answer = "550 no such user"
    await office.signs_up()
    [(job, why)] = await office.jobs.given_up()
    assert job.kind == "mail" and "550" in why and "ada" not in why


async def test_passwords_are_kept_as_what_can_not_be_read(office: Office, address: str) -> None:
    await office.has_account()
    async with office.at.storage.reading() as connection:
        from folkmoot.accounts.tables import passwords

        [row] = (await connection.execute(passwords.select())).all()
    assert row.hash.startswith("$argon2id$") and PASSWORD not in row.hash


async def test_what_others_hear_of_an_account(office: Office) -> None:
    heard: list[object] = []
    for kind in (AddressProven, AccountChanged, AccountDeleted):
        office.at.bus.subscribe(kind, heard.append)
    inside = await office.has_account()
    id = inside.account.id
    assert heard == [AddressProven(id, "ada@example.org")]
    await profile.change(office.at, inside.account, "Ada King", None, None)
    assert heard[1:] == [AccountChanged(id)]
    found = await office.at.who(inside.token)
    assert found is not None
    assert await profile.delete(office.at, *found) is None
    assert heard[2:] == [AccountDeleted(id)]


async def test_another_address_is_proven_by_who_is_signed_in_alone(office: Office) -> None:
    ada = await office.has_account()
    found = await office.at.who(ada.token)
    assert found
    assert await profile.add_address(office.at, *found, "bo@example.org") is None
    await office.jobs.settled()
    assert await office.opens_the_link("bo@example.org") == Refusal("proof.sign_in_first"), (
        "Bo reads the mail"
    )
    inside = await office.opens_the_link("bo@example.org", account=ada.account.id)
    assert isinstance(inside, SignedIn)
    whole = await office.at.who(inside.token)
    assert whole and all(one.proven for one in whole[0].addresses) and len(whole[0].addresses) == 2


def test_whether_a_time_zone_is_one_opens_no_files(measured: Measured) -> None:
    assert time_zone("Europe/Berlin") == "Europe/Berlin"
    with measured.counting() as counted:
        assert isinstance(time_zone("Mars/Olympus"), Refusal)
    assert counted.calls < 20, "each sign-up, and each event of a calendar that is brought, asks"
