"""Who waits for a hash: one place for each, as many as are bounded, and media is never kept from its core."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar

import pytest

from folkmoot.accounts.accounts import SignedIn
from folkmoot.accounts.model import SignUp
from folkmoot.accounts.passwords import BUSY, MOST_WAITING, NICENESS, Passwords
from folkmoot.accounts.store import MOST_UNPROVEN
from folkmoot.kit import Refusal

from .conftest import PASSWORD, Mailbox, Office, opened

T = TypeVar("T")


class Gated(Passwords):
    """Each look takes until the gate is opened."""

    def __init__(self) -> None:
        super().__init__(memory_kib=64, time_cost=1)
        self.gate, self.looked_at = threading.Event(), 0
        self.came, self.expected, self.all_came = 0, 1, asyncio.Event()

    async def _done(self, work: Callable[[], T]) -> T | Refusal:
        self.came += 1
        if self.came == self.expected:
            self.all_came.set()
        return await super()._done(work)

    def _verified(self, kept: str, password: str) -> bool:
        self.gate.wait(30)
        self.looked_at += 1
        return super()._verified(kept, password)


@pytest.fixture
def gated() -> Iterator[Gated]:
    passwords = Gated()
    yield passwords
    passwords.gate.set()
    passwords.close()


async def test_who_comes_when_as_many_wait_as_may_is_told_when_to_come_again(
    office: Office, gated: Gated
) -> None:
    await office.has_account()
    office.at = replace(office.at, passwords=gated)
    gated.expected = MOST_WAITING
    first = [asyncio.create_task(office.signs_in(f"p{n}@example.org")) for n in range(MOST_WAITING)]
    await gated.all_came.wait()
    for _ in range(20):
        assert await office.signs_in() == BUSY
    assert BUSY.params == {"retry_after_s": 2.0}
    gated.gate.set()
    assert await asyncio.gather(*first) == [Refusal("signin.wrong")] * MOST_WAITING
    assert isinstance(await office.signs_in(), SignedIn), "who was sent away has used up no try"


async def test_somebody_has_one_place_however_many_hashes_are_looked_at(
    without_mail: Office, gated: Gated
) -> None:
    await without_mail.signs_up()
    await without_mail.signs_up("Bo", password="another password, his")
    without_mail.at = replace(without_mail.at, passwords=gated)
    waits = asyncio.create_task(without_mail.signs_in())
    await gated.all_came.wait()
    assert gated._waiting == 1
    gated.gate.set()
    await waits
    assert gated.looked_at == MOST_UNPROVEN


@pytest.mark.parametrize(
    ("typed", "password"),
    [("ada@example.org", PASSWORD), ("ada@example.org", "not that one"), ("nobody@example.org", PASSWORD)],
)
@pytest.mark.parametrize("mail", [True, False])
async def test_every_outcome_costs_as_many_hashes(
    address: str, mailbox: tuple[Mailbox, int], gated: Gated, typed: str, password: str, mail: bool
) -> None:
    async with opened(address, mailbox, SignUp.OPEN, mail=mail) as there:
        await (there.has_account() if mail else there.signs_up())
        there.at = replace(there.at, passwords=gated)
        gated.gate.set()
        await there.signs_in(typed, password)
    assert gated.looked_at == (1 if mail else MOST_UNPROVEN)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a thread has no niceness of its own")
async def test_hashing_gives_way_to_media_and_uses_every_core() -> None:
    passwords = Passwords(memory_kib=64, time_cost=1)
    told = await asyncio.wrap_future(
        passwords._pool.submit(lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
    )
    passwords.close()
    assert told >= NICENESS > os.getpriority(os.PRIO_PROCESS, 0)
    assert passwords._pool._max_workers == os.cpu_count()
