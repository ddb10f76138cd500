"""The ruler is judged: its floor forwards, what arrives is counted, and what can't be relied on has no figure."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from tests.load.apart import FLOOR, lacking
from tests.load.forwarding import GENERATOR, cell, least_covering, ratio, sound, table
from tests.product import free_port

GOOD: dict[str, Any] = {
    "cpu": 1.5, "user": 1.0, "system": 0.5, "softirq": 0.1, "whole": 2.0, "packets": 9000.0,
    "lost": 0.0, "grown": 1.0, "streams": 100, "wanted": 100, "kb_stream": 9.0, "cores": 0.1,
}  # fmt: skip


@pytest.fixture
def floor() -> Iterator[str]:
    address = f"127.0.0.1:{free_port()}"
    process = subprocess.Popen([str(FLOOR), "--listen", address])
    try:
        yield address
    finally:
        process.kill()
        process.wait()


def test_everybody_gets_every_stream_of_the_others_at_the_floor(floor: str) -> None:
    words = [str(GENERATOR), "--server", "floor", "--url", floor, "--mesh", "3", "--fps", "10"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as generator:
        told, _ = generator.communicate("grow 2\nsnap\n", timeout=60)
    grown, snap = (json.loads(line) for line in told.splitlines())
    assert grown["streams"] == grown["wanted"] == 2 * 3 * 2 * 2
    assert snap["received"] >= grown["received"] > 0


def test_a_server_that_is_not_there_is_said_not_waited_for_without_end() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        url = f"ws://127.0.0.1:{silent.getsockname()[1]}"
        words = [str(GENERATOR), "--url", url, "--senders", "1"]
        done = subprocess.run(words, input="snap\n", capture_output=True, text=True, check=True, timeout=20)
    assert json.loads(done.stdout)["streams"] == 0


def test_what_lost_packets_or_streams_has_no_figure() -> None:
    assert sound(GOOD)
    assert not sound(GOOD | {"lost": 0.001})
    assert not sound(GOOD | {"streams": 99})
    assert not sound(GOOD | {"grown": 0.5})
    assert cell([GOOD | {"lost": 0.5}]) == "not all arrived"
    assert cell(None) == "not there"
    assert ratio({"floor": [GOOD], "folkmoot": [GOOD | {"lost": 1.0}]}, "folkmoot", "floor") == "–"


def test_the_table_has_medians_ratios_and_room_for_who_is_not_there() -> None:
    row = {
        "floor": [GOOD | {"cpu": 1.0}],
        "folkmoot": [GOOD | {"cpu": cpu, "p99_ms": 1.5} for cpu in (1.2, 1.0, 9.0)],
        "livekit": [GOOD | {"cpu": 18.0, "kb_stream": 600.0}],
    }
    assert table({"2 streams": row}).splitlines()[-1] == (
        "| 2 streams | 9000 | 1.00 | 1.20 (1.00 – 9.00) | 1.2 | 18.00 | **15.0** | not there | **–** "
        "| 1.00 + 0.50 | 0.10 | 0.10 / 0.10 | 1.5 | 9 / 600 |"
    )


def test_how_long_packets_were_there_is_read_from_classes() -> None:
    before = {0: 100.0, 1000: 90.0, 2000: 95.0, 5000: 100.0}
    after = {0: 200.0, 1000: 180.0, 2000: 194.0, 5000: 200.0}
    assert least_covering(before, after, 0.9) == 1.0
    assert least_covering(before, after, 0.99) == 2.0
    assert least_covering(before, after, 0.999) == 5.0
    assert least_covering(before, after | {5000: 199.0}, 1.0) is None, "longer than any class"
    assert least_covering(before, before, 0.99) is None, "nothing came"


def test_where_it_cannot_be_measured_it_says_why() -> None:
    assert lacking() is None or lacking() in {
        "network namespaces need Linux and root",
        "network namespaces need iproute2's `ip`",
        "server and clients need a core each",
    }
