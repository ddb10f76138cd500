"""Whether an address has an account is told to nobody: not by words, not by codes, not by time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from folkmoot.accounts import recovering, signing_up
from folkmoot.accounts.limits import Limits
from folkmoot.accounts.passwords import Passwords
from folkmoot.accounts.signing_up import Wanted

from ..alike import APART, told_apart
from ..measured import Measured
from .authenticator import Authenticator
from .conftest import ELSEWHERE, ORIGIN, PASSWORD, Office

KNOWN, UNKNOWN = "ada@example.org", "nobody@example.org"
Ask = Callable[[Office, str], Awaitable[object]]


async def signs_in(office: Office, address: str) -> object:
    return await office.signs_in(address, "not that password", where=ELSEWHERE)


async def signs_up(office: Office, address: str) -> object:
    return await signing_up.sign_up(office.at, Wanted("Mallory", address, PASSWORD), ELSEWHERE, "")


async def signs_up_by_passkey(office: Office, address: str) -> object:
    phone = Authenticator(ORIGIN, "meet.example")
    options = signing_up.begin_passkey(office.at, "Mallory", address, ELSEWHERE)
    assert isinstance(options, dict)
    wanted = Wanted("Mallory", address, credential=phone.makes(options))
    return await signing_up.sign_up(office.at, wanted, ELSEWHERE, "")


async def asks_for_a_reset(office: Office, address: str) -> object:
    return await recovering.ask(office.at, address, "en", ELSEWHERE)


@pytest.mark.parametrize("ask", [signs_in, signs_up, signs_up_by_passkey, asks_for_a_reset])
async def test_who_has_an_account_is_told_by_neither_words_nor_time(
    office: Office, measured: Measured, ask: Ask
) -> None:
    office.at = replace(office.at, passwords=Passwords())  # as much work as there is in earnest
    await office.has_account("Ada", KNOWN)

    async def begin() -> Callable[[int, bool], Awaitable[object]]:
        async def asks(_: int, known: bool) -> object:
            # who is slowed is slowed alike: that is asked elsewhere
            office.at = replace(office.at, limits=Limits())
            return await ask(office, KNOWN if known else UNKNOWN)

        return asks

    ratio, said = await told_apart(measured, begin)
    office.at.passwords.close()
    assert all(one == said[0] for one in said)
    assert ratio < APART
