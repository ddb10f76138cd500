"""A small Monday: two rooms fill beside a meeting that speaks, and the generator itself is judged by it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.load.monday import Served, Storm, holds, ours, storm, table


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with ours() as served:
        yield served


def test_a_room_fills_and_a_running_one_loses_no_word(server: Served) -> None:
    report = storm(server, Storm(people=26, rate=26, single=False, running=3, stay=0.5))
    assert report["failures"] == 0, report["why"]
    heard = report["running"]
    assert heard["packets"] > 300, "two speakers, each heard by two others"
    assert heard["lost"] == 0
    assert report["server_thread_s"]["folkmoot-shard"] > 0
    assert 0 < heard["longest_delay_ms"] < 5000, "each packet says when it was said"


def test_who_comes_into_a_room_that_speaks_hears_it(server: Served) -> None:
    for single in (True, False):
        report = storm(server, Storm(people=10, rate=100, single=single, running=3, to_them=True, stay=0.5))
        assert report["failures"] == 0, report["why"]
        assert 0 < report["connected_ms"]["p50"] <= report["first_packet_ms"]["most"] < 5000


def test_more_than_can_come_in_at_once_wait_for_their_turn_and_all_get_in(server: Served) -> None:
    report = storm(server, Storm(people=60, rate=2000, single=True, running=3, meetings=True, stay=0.5))
    assert report["failures"] == 0, report["why"]
    assert report["queued"] > 0, "sixty in thirty milliseconds are more than a beat takes"
    assert 0 < report["last_place"] < 60
    assert report["running"]["lost"] == 0


def test_who_shows_a_wrong_key_is_not_in_and_the_report_says_why(server: Served) -> None:
    stranger = Served(server.url, "not the secret", server.pid)
    report = storm(stranger, Storm(people=3, rate=20, single=True, stay=0))
    assert report["failures"] == 3
    assert report["why"] == {"HTTP error: 401 Unauthorized": 3}


def test_a_rate_holds_by_who_gets_in_and_by_when_they_are_answered() -> None:
    good = {"people": 2080, "failures": 1, "answered_ms": {"p95": 2000}}
    assert holds(good)
    assert not holds(good | {"failures": 2})
    assert not holds(good | {"answered_ms": {"p95": 2001}})
    assert not holds(good | {"people": 260})  # one of few is more than one of many


def test_the_table_says_what_did_not_hold() -> None:
    spread, cpu = {"p50": 1.0, "p95": 2.0}, {"user": 1.0, "system": 0.5}
    run = {
        "server": "Folkmoot", "connections": 1, "rate": 26.0, "holds": False, "failures": 3, "people": 100,
        "answered_ms": spread, "connected_ms": spread, "server_cpu_s": cpu, "own_cpu_s": cpu,
    }  # fmt: skip
    assert table([run]).splitlines()[-1] == (
        "| Folkmoot, 1 | 26 (does not hold) | 3 of 100 | 1 / 2 | 2 | 10.0 + 5.0 | 10.0 + 5.0 |"
    )
