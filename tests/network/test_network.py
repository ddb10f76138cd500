"""The matrix judged by itself: that its lines do what they are told, and three cheap cells of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.network.browsers import gaps
from tests.network.browsers import judge as judge_browser
from tests.network.cells import CELLS
from tests.network.line import PROGRAM, Way, address, can_be_made, lines
from tests.network.matrix import LOTS, Journal, Stage, built, lot, readings, write
from tests.network.reading import AT_ONCE, BACK, FREEZE, GAP, LATE, MOVING, NEVER, RATE, is_worse, read, table
from tests.network.servers import folkmoot

LINES = pytest.mark.skipif(
    not os.environ.get("NARROW_LINES")
    or not can_be_made()
    or not PROGRAM.exists()
    or not shutil.which("ping"),
    reason="measures time on real lines: make matrix does it first; needs root, /dev/net/tun, ping, folkmoot-line",
)
GO = pytest.mark.skipif(shutil.which("go") is None, reason="needs Go for LiveKit's Go client")


def window(
    name: str, late: float = 30, rate: float = 25, freeze: float = 80, best: float | None = 10
) -> dict[str, Any]:
    return {
        "name": name,
        "voices": [{"gap_ms": 40, "late_ms": late}],
        "pictures": [
            {"rate": rate, "freeze_ms": freeze, "best_ms": best},
            {"rate": 25, "freeze_ms": 80, "best_ms": 5},
        ],
    }


def test_a_cell_is_read_without_its_settling_and_what_nobody_can_know_by_itself() -> None:
    found = read(
        [window("settling", late=9000), window("at once", late=2000), window("wide again", 60, 8, 1200, None)]
    )
    assert found == {GAP: 40, LATE: 60, AT_ONCE: 2000, FREEZE: 1200, RATE: 8, MOVING: 1, BACK: NEVER}


def test_worse_is_beyond_both_spreads_and_more_than_anybody_would_miss() -> None:
    assert is_worse(FREEZE, [900, 1000, 1100], [400, 500, 600])
    assert not is_worse(FREEZE, [500, 1000, 1100], [400, 500, 600]), "the spreads meet"
    assert not is_worse(FREEZE, [81, 82, 83], [60, 61, 62]), "nobody sees twenty milliseconds"
    assert is_worse(MOVING, [14, 15, 15], [17, 17, 18])
    assert not is_worse(MOVING, [25, 25, 25], [0, 0, 0])
    assert not is_worse(LATE, [], [1, 2, 3])


def test_the_table_says_both_and_marks_what_is_worse() -> None:
    runs = {
        "a cell": {
            "Folkmoot": [{FREEZE: 900.0, RATE: 25.0}, {FREEZE: 950.0, RATE: 25.0}],
            "LiveKit": [{FREEZE: 100.0}],
        }
    }
    assert table(runs, "Folkmoot", "LiveKit").splitlines()[-1] == (
        "| a cell |  |  |  | **925 (900–950) / 100** | 25.0 / – |  |  |"
    )


def test_runs_are_kept_and_read_beside_those_of_before(tmp_path: Path) -> None:
    kept = tmp_path / "runs.jsonl"
    for server, run in (
        ("LiveKit", {"windows": [window("steady")]}),
        ("Folkmoot", {"failed": "nobody came"}),
    ):
        Journal(kept).add({"server": server, "cell": "1 % lost", **run})
    Journal(kept).add({"server": "Folkmoot", "cell": "a cell of before", "windows": []})
    found = readings(CELLS, Journal(kept).runs)
    assert set(found) == {cell.name for cell in CELLS}
    assert [reading[RATE] for reading in found["1 % lost"]["LiveKit"]] == [25]
    assert "Folkmoot" not in found["1 % lost"]


def test_there_are_four_and_twenty_cells_and_each_has_its_lot_and_its_name() -> None:
    assert len({cell.name for cell in CELLS}) == 24
    assert {lot(cell) for cell in CELLS} == set(LOTS)


def test_a_browsers_samples_are_read_as_windows() -> None:
    samples = [
        {
            "at": 1000 + 100 * n,
            "voice": n * 5,
            "late": 40,
            "pictures": n if n < 5 or n > 14 else 5,
            "height": 180 if n < 10 else 360,
        }
        for n in range(20)
    ]
    found = judge_browser("steady", 1000, 3000, samples)
    assert found["pictures"][0]["freezes"] == 1
    assert found["pictures"][0]["best_ms"] == 1000
    assert found["voices"][0] == {"gap_ms": 100, "late_ms": 40}
    assert gaps([], 0, 50) == [50]


def test_the_table_is_written_between_its_marks(tmp_path: Path) -> None:
    document = tmp_path / "networks.md"
    document.write_text("before\n<!-- the table -->\nold\n<!-- its end -->\nafter\n")
    write(document, "new")
    assert document.read_text() == "before\n<!-- the table -->\nnew\n<!-- its end -->\nafter\n"


@LINES
def test_a_line_delays_and_loses_as_it_is_told(tmp_path: Path) -> None:
    with address(), lines(1, tmp_path) as (line,):
        line.behaves(Way(delay_ms=100))
        began = time.monotonic()
        assert ping(line.over_there("ping", "-c1", "-W2", line.ours)) == 1
        assert time.monotonic() - began > 0.2
        line.behaves(Way(loss=1))
        assert ping(line.over_there("ping", "-c2", "-i0.2", "-W1", line.ours)) == 0


def ping(words: list[str]) -> int:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return done.stdout.count("bytes from")


@LINES
@GO
def test_a_gallery_moves_by_what_carries_two_thirds_of_it_and_a_bad_line_is_heard_by(tmp_path: Path) -> None:
    cheap = [cell for cell in CELLS if cell.name in ("5 % lost", "25 tiles in 3 Mb/s, queue of 3 s")]
    stage = Stage(built(tmp_path), tmp_path / "no-film")
    with address(), folkmoot() as server, lines(2, tmp_path) as both:
        found = {
            cell.name: read(stage.play(cell, line, server), all_move=cell.all_move)
            for cell, line in zip(cheap, both, strict=True)
        }
    lost, gallery = found["5 % lost"], found["25 tiles in 3 Mb/s, queue of 3 s"]
    assert lost[GAP] < 400 and lost[MOVING] == 2, lost
    assert gallery[MOVING] >= 14 and gallery[LATE] < 1000, gallery
