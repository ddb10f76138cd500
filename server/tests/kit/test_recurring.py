"""Work that is done again and again, whatever happens to it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, MutableMapping
from typing import Any

import pytest
from structlog.testing import capture_logs

from folkmoot.kit import ManualClock, Recurring
from folkmoot.kit.recurring import LATE_S


@pytest.fixture
def logged() -> Iterator[list[MutableMapping[str, Any]]]:
    with capture_logs() as lines:
        yield lines


async def test_a_round_that_fails_is_told_once_and_the_next_is_done(
    logged: list[MutableMapping[str, Any]],
) -> None:
    rounds, broken = 0, True

    async def work() -> None:
        nonlocal rounds
        rounds += 1
        if broken:
            raise ValueError

    again = Recurring("sweeping", work, 1, ManualClock())
    for _ in range(3):
        await again.round()
    assert (rounds, again.ailment(), len(logged)) == (3, "fails", 1)
    broken = False
    await again.round()
    assert again.ailment() is None


async def test_a_round_that_hangs_says_so(logged: list[MutableMapping[str, Any]]) -> None:
    clock, through = ManualClock(), asyncio.Event()

    async def work() -> None:
        await through.wait()

    again = Recurring("sweeping", work, 0, clock)
    again.start()
    for _ in range(5):
        await asyncio.sleep(0)
    assert again.ailment() is None
    clock.advance(LATE_S + 1)
    assert again.ailment() == "hangs"
    through.set()
    await again.stop()
    assert logged == []


async def test_a_task_that_somebody_ends_begins_again(logged: list[MutableMapping[str, Any]]) -> None:
    done = asyncio.Event()

    async def work() -> None:
        done.set()

    again = Recurring("sweeping", work, 0, ManualClock())
    again.start()
    next(task for task in asyncio.all_tasks() if task.get_name() == "sweeping").cancel()
    await asyncio.wait_for(done.wait(), 10)
    assert [line["log_level"] for line in logged] == ["error"]
    await again.stop()
    assert not any(task.get_name() == "sweeping" for task in asyncio.all_tasks())
