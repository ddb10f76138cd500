"""Whether an address has an account is told to nobody: not by words, not by codes, not by time.

What is timed is processor time, of both kinds by turns, so that whatever else the machine does falls on both. The margin is wide: a
stranger has three hundred tries an hour, over a network that is uneven by more than this.
"""

from __future__ import annotations

import statistics
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from folkmoot.accounts import recovering, signing_up
from folkmoot.accounts.limits import Limits
from folkmoot.accounts.passwords import Passwords
from folkmoot.accounts.signing_up import Wanted

from ..measured import Measured
from .authenticator import Authenticator
from .conftest import ELSEWHERE, ORIGIN, PASSWORD, Office

KNOWN, UNKNOWN = "ada@example.org", "nobody@example.org"
SAMPLES, APART = 25, 1.45
"""So many of each kind; so far apart may their medians be. One that gives itself away was 1.6 to 1.9 times the other."""
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
    said = list[object]()

    async def apart() -> float:
        took: dict[str, list[float]] = {KNOWN: [], UNKNOWN: []}
        for turn in range(2 * SAMPLES):
            address = (KNOWN, UNKNOWN)[turn % 2]
            office.at = replace(
                office.at, limits=Limits()
            )  # who is slowed is slowed alike: that is asked elsewhere
            with measured.lap() as lap:
                said.append(await ask(office, address))
            took[address].append(lap.seconds)
        known, unknown = (statistics.median(took[one]) for one in (KNOWN, UNKNOWN))
        return max(known / unknown, unknown / known)

    # What gives itself away does so each time; what the machine does otherwise comes and goes.
    ratio = await apart()
    for _ in range(2):
        ratio = ratio if ratio < APART else await apart()
    office.at.passwords.close()
    assert all(one == said[0] for one in said)
    assert ratio < APART
