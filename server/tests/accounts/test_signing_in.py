"""Signing in, staying so, and that no stranger does, or keeps an owner out."""

from __future__ import annotations

import statistics
import time
from datetime import timedelta

import pyotp
import pytest

from folkmoot.accounts import administering, codes, profile, recovering, signing_in
from folkmoot.accounts.accounts import SignedIn
from folkmoot.kit import Refusal

from .conftest import ELSEWHERE, HERE, PASSWORD, Office

WRONG = Refusal("signin.wrong")


async def test_a_wrong_password_and_an_address_without_an_account_are_answered_alike(office: Office) -> None:
    await office.has_account()
    assert await office.signs_in(password="not this one") == WRONG
    assert await office.signs_in("nobody@example.org") == WRONG
    assert await office.signs_in("no address at all") == WRONG
    assert await office.signs_in(password="x" * 100_000) == WRONG


async def test_they_take_as_long(office: Office) -> None:
    """Medians of the work, not of the waiting: a slow machine slows both."""
    await office.has_account()
    took: dict[str, list[float]] = {"ada@example.org": [], "nobody@example.org": []}
    for n in range(16):
        for typed, times in took.items():
            office.clock.advance(1000)
            began = time.process_time()
            assert await office.signs_in(typed, f"wrong {n}") == WRONG
            times.append(time.process_time() - began)
    known, unknown = (statistics.median(times) for times in took.values())
    assert 0.5 < known / unknown < 2


async def test_guessing_from_elsewhere_slows_strangers_and_not_the_owner(office: Office) -> None:
    ada = await office.has_account()
    for _ in range(10):
        assert await office.signs_in(password="guess", where=ELSEWHERE) == WRONG
    stranger = await office.signs_in(password=PASSWORD, where=ELSEWHERE)
    assert isinstance(stranger, Refusal) and stranger.code == "signin.too_many_tries"
    new_device = await office.signs_in()
    assert isinstance(new_device, Refusal), "by a device that nobody knows she waits as well"
    assert isinstance(await office.signs_in(known=ada.known_device), SignedIn)
    forged = ada.known_device[:-1] + ("0" if ada.known_device[-1] != "0" else "1")
    assert isinstance(await office.signs_in(known=forged), Refusal)


async def test_an_address_without_an_account_is_slowed_alike(office: Office) -> None:
    for _ in range(10):
        assert await office.signs_in("nobody@example.org") == WRONG
    refusal = await office.signs_in("nobody@example.org")
    assert isinstance(refusal, Refusal) and refusal.code == "signin.too_many_tries"


async def test_right_ones_use_nothing_up(office: Office) -> None:
    await office.has_account()
    for _ in range(30):
        assert isinstance(await office.signs_in(), SignedIn)


async def test_a_session_ends_thirty_days_after_its_last_use(office: Office) -> None:
    ada = await office.has_account()
    for _ in range(3):
        office.clock.advance(timedelta(days=29).total_seconds())
        assert await office.at.who(ada.token)
    office.clock.advance(timedelta(days=31).total_seconds())
    assert await office.at.who(ada.token) is None
    await office.at.forget_old()
    assert await office.at.who(ada.token) is None


async def test_sessions_are_listed_and_ended_one_by_one_or_all(office: Office) -> None:
    ada = await office.has_account()
    phone, desk = await office.signs_in(), await office.signs_in()
    assert isinstance(phone, SignedIn) and isinstance(desk, SignedIn)
    found = await office.at.who(phone.token)
    assert found
    assert len(await signing_in.sessions_of(office.at, ada.account)) == 3
    assert await signing_in.end_session(office.at, ada.account, found[1].id) is None
    assert await signing_in.end_session(office.at, ada.account, found[1].id) == Refusal("session.unknown")
    assert await office.at.who(phone.token) is None
    here = await office.at.who(ada.token)
    assert here
    await signing_in.end_all_sessions(office.at, ada.account, here[1])
    assert await office.at.who(desk.token) is None and await office.at.who(ada.token)
    await signing_in.sign_out(office.at, ada.token)
    assert await office.at.who(ada.token) is None


async def test_nobody_ends_another_ones_session(office: Office) -> None:
    ada, bo = await office.has_account(), await office.has_account("Bo", "bo@example.org")
    hers = await office.at.who(ada.token)
    assert hers
    assert await signing_in.end_session(office.at, bo.account, hers[1].id) == Refusal("session.unknown")
    assert await office.at.who(ada.token)


async def test_what_matters_needs_a_proof_of_the_last_ten_minutes(office: Office) -> None:
    ada = await office.has_account()
    found = await office.at.who(ada.token)
    assert found
    office.clock.advance(601)
    found = await office.at.who(ada.token)
    assert found
    for refused in (
        await recovering.change(office.at, *found, "a new and rare one"),
        await codes.begin(office.at, *found),
        await profile.delete(office.at, *found),
        await profile.add_address(office.at, *found, "else@example.org"),
    ):
        assert refused == Refusal("account.prove_again")
    assert await signing_in.prove_again(office.at, *found, "not this", HERE) == WRONG
    assert await signing_in.prove_again(office.at, *found, PASSWORD, HERE) is None
    found = await office.at.who(ada.token)
    assert found
    assert await recovering.change(office.at, *found, "a new and rare one") is None
    assert await office.signs_in() == WRONG
    assert isinstance(await office.signs_in(password="a new and rare one"), SignedIn)
    await office.jobs.settled()
    assert "changed" in office.mailbox.last_to("ada@example.org")["Subject"]


async def test_a_forgotten_password_is_replaced_by_mail_and_everybody_is_out(office: Office) -> None:
    ada = await office.has_account()
    assert await recovering.ask(office.at, "ada@example.org", "en", HERE) is None
    await office.jobs.settled()
    assert "/reset#" in office.mailbox.link_to("ada@example.org")
    token = office.mailbox.token_to("ada@example.org")
    assert await recovering.finish(office.at, token, "short") == Refusal("password.too_short", {"least": 10})
    assert await recovering.finish(office.at, token, "a new and rare one") is None
    assert await recovering.finish(office.at, token, "a new and rare one") == Refusal("proof.over")
    assert await office.at.who(ada.token) is None
    assert isinstance(await office.signs_in(password="a new and rare one"), SignedIn)


async def test_who_has_no_account_is_told_so_by_mail_alone(office: Office) -> None:
    assert await recovering.ask(office.at, "nobody@example.org", "en", HERE) is None
    await office.jobs.settled()
    assert "No account" in office.mailbox.last_to("nobody@example.org")["Subject"]


async def test_a_link_for_one_thing_is_good_for_nothing_else(office: Office) -> None:
    said = await office.signs_up()
    signup = office.mailbox.token_to("ada@example.org")
    assert await recovering.finish(office.at, signup, "a new and rare one") == Refusal("proof.over")
    await office.opens_the_link(browser=said.browser)
    await recovering.ask(office.at, "ada@example.org", "en", HERE)
    await office.jobs.settled()
    reset = office.mailbox.token_to("ada@example.org")
    assert await office.opens_the_link(token=reset, browser=said.browser) == Refusal("proof.over")


async def test_without_a_mail_server_the_operator_hands_a_link_on(without_mail: Office) -> None:
    ada = await without_mail.signs_up()
    assert await recovering.ask(without_mail.at, "ada@example.org", "en", HERE) == Refusal("mail.none")
    link = await administering.reset(without_mail.at, ada.account.id)
    assert isinstance(link, str) and link.startswith("https://meet.example/reset#")
    assert await recovering.finish(without_mail.at, link.partition("#")[2], "a new and rare one") is None
    assert isinstance(await without_mail.signs_in(password="a new and rare one"), SignedIn)


async def with_codes(office: Office) -> tuple[SignedIn, pyotp.TOTP, list[str]]:
    ada = await office.has_account()
    found = await office.at.who(ada.token)
    assert found
    address = await codes.begin(office.at, *found)
    assert isinstance(address, str)
    totp = pyotp.parse_uri(address)
    assert isinstance(totp, pyotp.TOTP)
    assert await codes.confirm(office.at, *found, "000000") == Refusal("signin.code_wrong")
    recovery = await codes.confirm(office.at, *found, totp.at(office.clock.now()))
    assert isinstance(recovery, list) and len(set(recovery)) == 10
    return ada, totp, recovery


async def test_a_code_is_wanted_after_the_password_and_good_once(office: Office) -> None:
    _, totp, _ = await with_codes(office)
    assert await office.signs_in() == Refusal("signin.code_needed")
    assert await office.signs_in(password="guess", code=totp.at(office.clock.now())) == WRONG
    assert await office.signs_in(code=totp.at(office.clock.now())) == Refusal("signin.code_wrong"), (
        "it was used"
    )
    office.clock.advance(30)
    code = totp.at(office.clock.now())
    assert isinstance(await office.signs_in(code=f"{code[:3]} {code[3:]}"), SignedIn)
    assert await office.signs_in(code=code) == Refusal("signin.code_wrong")


async def test_codes_can_not_be_guessed(office: Office) -> None:
    await with_codes(office)
    answers = [await office.signs_in(code=f"{n:06}") for n in range(12)]
    assert [one.code for one in answers if isinstance(one, Refusal)][-1] == "signin.too_many_tries"


async def test_a_recovery_code_lets_in_once(office: Office) -> None:
    _, _, recovery = await with_codes(office)
    assert isinstance(await office.signs_in(code=recovery[3].upper()), SignedIn)
    assert await office.signs_in(code=recovery[3]) == Refusal("signin.code_wrong")


async def test_the_secret_of_the_codes_is_sealed_in_the_database(office: Office) -> None:
    from folkmoot.accounts.tables import codes as table

    _, totp, _ = await with_codes(office)
    async with office.at.storage.reading() as connection:
        [row] = (await connection.execute(table.select())).all()
    assert totp.secret.encode() not in row.secret


async def test_who_is_suspended_is_out_at_once_and_told_only_after_the_password(office: Office) -> None:
    ada = await office.has_account()
    await administering.suspend(office.at, ada.account.id, suspended=True)
    assert await office.at.who(ada.token) is None
    assert await office.signs_in(password="guess") == WRONG
    assert await office.signs_in() == Refusal("account.suspended")
    await administering.suspend(office.at, ada.account.id, suspended=False)
    assert isinstance(await office.signs_in(), SignedIn)


async def test_who_deletes_their_account_is_in_no_table_and_no_file(office: Office, tmp_path: object) -> None:
    from folkmoot.storage import metadata

    ada = await office.has_account("Canary-Ada", "canary@example.org")
    await recovering.ask(office.at, "canary@example.org", "en", HERE)
    await office.jobs.settled()
    found = await office.at.who(ada.token)
    assert found
    exported = await profile.exported(office.at, found[0])
    assert (
        exported["account"]["name"] == "Canary-Ada"
        and exported["addresses"][0]["address"] == "canary@example.org"
    )
    assert await profile.delete(office.at, *found) is None
    assert await office.signs_in("canary@example.org") == WRONG
    async with office.at.storage.reading() as connection:
        for table in metadata.sorted_tables:
            rows = (await connection.execute(table.select())).all()
            assert "anary" not in repr(rows), table.name


@pytest.mark.parametrize("token", ["", "x", "\x00", "a" * 5000])
async def test_a_token_that_is_none_is_nobodys(office: Office, token: str) -> None:
    assert await office.at.who(token) is None
