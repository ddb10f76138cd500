"""What the ruler of coming and going calls grown; the going itself takes minutes: `make churn`."""

from __future__ import annotations

import dataclasses

from tests.load.churn import Held, left

FLAT = Held(kilobytes=100_000, descriptors=30, threads=8, engine=0)


def with_(**what: float) -> Held:
    return dataclasses.replace(FLAT, **what)  # type: ignore[arg-type]


def test_a_server_that_warms_up_and_then_stays_as_it_is_has_nothing_left() -> None:
    warming = [with_(kilobytes=60_000 + 10_000 * n) for n in range(4)]
    wavering = [with_(kilobytes=100_000 + 1000 * (n % 3), descriptors=30 + n % 2) for n in range(16)]
    assert left(warming + wavering) == []


def test_what_grows_a_little_each_round_is_named() -> None:
    assert left([with_(kilobytes=100_000 + 1000 * n) for n in range(20)]) == [
        "memory has grown from 106000 to 117000 kB"
    ]
    assert left([with_(descriptors=30 + n) for n in range(20)]) == ["descriptors have grown from 38 to 45"]
    assert left([FLAT] * 19 + [with_(engine=3)]) == ["the engine still has 3 things of people who left"]


def test_a_few_rounds_say_nothing() -> None:
    assert left([FLAT] * 4) == ["4 rounds are too few to say anything"]
