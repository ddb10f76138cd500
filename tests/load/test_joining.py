"""What one more in a large room costs the server, by the functions that are called for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from tests.load.joining import calls_of


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    with capture_logs():
        yield


def test_a_stream_more_costs_as_little_as_it_did() -> None:
    few, many = (calls_of(people, auto_subscribe=True) for people in (50, 100))
    streams = 4 * 50  # two of the newcomer's to each of fifty more, and two of each of them to it
    assert (many - few) / streams <= 28, "it was 43 before what is the same for all was done once for all"


def test_somebody_more_whom_nobody_receives_costs_next_to_nothing() -> None:
    few, many = (calls_of(people, auto_subscribe=False) for people in (50, 100))
    assert (many - few) / 50 <= 24
