"""What is put into the queue is done at once: nobody's mail waits for the next look at the clock."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from folkmoot.jobs import Jobs, queue
from folkmoot.kit import SystemClock, SystemRandomness
from folkmoot.storage import Storage, open_storage

MANY = 3 * queue.AT_ONCE


@pytest.fixture
async def storage(address: str) -> AsyncIterator[Storage]:
    storage = await open_storage(address)
    yield storage
    await storage.close()


@pytest.fixture
async def jobs(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Jobs]:
    """Whose clock comes too late for these tests."""
    monkeypatch.setattr(queue, "LOOK_S", 3600.0)
    jobs = Jobs(storage, SystemClock(), SystemRandomness())
    yield jobs
    await jobs.stop()


class Done(Counter[int]):
    def __init__(self) -> None:
        super().__init__()
        self.all = asyncio.Event()

    async def work(self, payload: Mapping[str, Any]) -> None:
        self[payload["n"]] += 1
        if len(self) == MANY:
            self.all.set()


async def test_it_begins_when_the_transaction_stands_and_goes_on_until_nothing_is_left(
    storage: Storage, jobs: Jobs
) -> None:
    done = Done()
    jobs.does("mail", done.work)
    jobs.start()
    async with storage.writing() as connection:
        for n in range(MANY):
            await jobs.add(connection, "mail", {"n": n})
        assert not done, "nothing of it stands yet"
    async with asyncio.timeout(30):
        await done.all.wait()
    await jobs.settled()
    assert set(done.values()) == {1}


async def test_two_who_look_at_once_do_nothing_twice(storage: Storage, jobs: Jobs) -> None:
    done = Done()
    jobs.does("mail", done.work)
    async with storage.writing() as connection:
        for n in range(MANY):
            await jobs.add(connection, "mail", {"n": n})
    await asyncio.gather(*(jobs.look() for _ in range(5)))
    await jobs.settled()
    assert len(done) == MANY and set(done.values()) == {1}


async def test_what_was_taken_back_is_not_done(storage: Storage, jobs: Jobs) -> None:
    done = Done()
    jobs.does("mail", done.work)
    jobs.start()

    async def fails() -> None:
        async with storage.writing() as connection:
            await jobs.add(connection, "mail", {"n": 0})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()
    await jobs.settled()
    assert not done


async def test_all_is_settled_only_when_what_a_job_added_is_done_as_well(
    storage: Storage, jobs: Jobs
) -> None:
    """Done while others are still looked for: as on a slow database."""
    done = Done()
    jobs.does("mail", done.work)

    async def invoice(payload: Mapping[str, Any]) -> None:
        async with storage.writing() as connection:
            await jobs.add(connection, "mail", payload)

    jobs.does("invoice", invoice)
    for n in range(50):
        jobs.does(f"nothing {n}", done.work)
    async with storage.writing() as connection:
        await jobs.add(connection, "invoice", {"n": 1})
    await jobs.settled()
    assert done[1] == 1
