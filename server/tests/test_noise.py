"""A flood is one line a minute, and what every network does is none."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from structlog.testing import capture_logs

from folkmoot.kit import ManualClock
from folkmoot.noise import EVERY_S, Noise


class Scene:
    def __init__(self) -> None:
        self.clock, self.stats = ManualClock(), {"unknown_source": 0.0, "media_refused": 0.0}
        self.noise = Noise(lambda: self.stats, self.clock)

    def passes(self, seconds: float, **a_second: float) -> list[MutableMapping[str, Any]]:
        with capture_logs() as lines:
            for _ in range(int(seconds / EVERY_S)):
                self.clock.advance(EVERY_S)
                for kind, count in a_second.items():
                    self.stats[kind] += count * EVERY_S
                self.noise.look()
        return list(lines)


def test_a_flood_of_three_minutes_is_three_lines_and_says_how_much() -> None:
    lines = Scene().passes(180, unknown_source=200_000)
    assert [line["count"] for line in lines] == [400_000, 12_000_000, 12_000_000]


def test_each_kind_is_told_of_by_itself() -> None:
    lines = Scene().passes(10, unknown_source=5_000, media_refused=5_000)
    assert sorted(str(line["event"]) for line in lines) == [
        "datagrams come that are nobody's",
        "packets come that can't be opened",
    ]


def test_what_clients_that_move_leave_behind_is_not_worth_a_line() -> None:
    assert Scene().passes(120, unknown_source=100) == []


def test_an_engine_whose_thread_died_and_counts_anew_is_no_flood() -> None:
    scene = Scene()
    scene.passes(10, unknown_source=5_000)
    scene.stats["unknown_source"] = 0.0
    assert scene.passes(120, unknown_source=10) == []
