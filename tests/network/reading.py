"""What is read off a cell, how two servers compare in it, and the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

MOVES_PER_S, STANDS_MS = 10, 1000
WORSE, NOBODYS_MS = 1.1, 50
"""More than a tenth worse, and by more than anybody would notice."""
UNREAD = ("settling", "at once")


@dataclass(frozen=True, slots=True)
class Measure:
    name: str
    unit: str
    less_is_better: bool = True


GAP = Measure("longest gap in a voice", "ms")
LATE = Measure("latest word", "ms")
AT_ONCE = Measure("latest word at the step", "ms")
FREEZE = Measure("longest freeze", "ms")
RATE = Measure("slowest picture", "/s", less_is_better=False)
MOVING = Measure("pictures that move", "", less_is_better=False)
BACK = Measure("best layer back", "ms")
MEASURES = (GAP, LATE, AT_ONCE, FREEZE, RATE, MOVING, BACK)
NEVER = 60_000.0

Reading = dict[Measure, float]


def read(windows: Sequence[dict[str, Any]], *, all_move: bool = True) -> Reading:
    """Of one cell, once. `all_move`: none of its pictures is expected to wait."""
    read_off = [window for window in windows if window["name"] not in UNREAD]
    voices = [voice for window in read_off for voice in window["voices"]]
    pictures = [picture for window in read_off for picture in window["pictures"]]
    at_once = [voice for window in windows if window["name"] == "at once" for voice in window["voices"]]
    found: Reading = {}
    keep(found, GAP, max, [voice["gap_ms"] for voice in voices])
    keep(found, LATE, max, [voice["late_ms"] for voice in voices])
    keep(found, AT_ONCE, max, [voice["late_ms"] for voice in at_once])
    if all_move:
        keep(found, FREEZE, max, [picture["freeze_ms"] for picture in pictures])
        keep(found, RATE, min, [picture["rate"] for picture in pictures])
    found[MOVING] = min(sum(map(moves, window["pictures"])) for window in read_off)
    for window in read_off:
        if window["name"] == "wide again":
            found[BACK] = max(NEVER if p["best_ms"] is None else p["best_ms"] for p in window["pictures"])
    return found


def keep(found: Reading, measure: Measure, of: Any, values: Sequence[float | None]) -> None:
    known = [value for value in values if value is not None]
    if known:
        found[measure] = of(known)


def moves(picture: dict[str, Any]) -> bool:
    return bool(picture["rate"] >= MOVES_PER_S and picture["freeze_ms"] <= STANDS_MS)


def is_worse(measure: Measure, ours: Sequence[float], theirs: Sequence[float]) -> bool:
    """Our median is more than a tenth worse, beyond both spreads, and it is something that anybody notices."""
    if not ours or not theirs:
        return False
    if measure.less_is_better:
        apart = min(ours) > max(theirs) and median(ours) > WORSE * median(theirs)
        return apart and (measure.unit != "ms" or median(ours) - median(theirs) > NOBODYS_MS)
    return max(ours) < min(theirs) and median(ours) * WORSE < median(theirs)


def shown(measure: Measure, values: Sequence[float]) -> str:
    if not values:
        return "–"
    if median(values) >= NEVER:
        return "never"
    low, high = min(values), max(values)
    digits = 1 if measure.unit == "/s" else 0
    spread = "" if low == high else f" ({low:.{digits}f}–{high:.{digits}f})"
    return f"{median(values):.{digits}f}{spread}"


def table(cells: dict[str, dict[str, list[Reading]]], ours: str, theirs: str | None) -> str:
    """A row a cell: ours / theirs, the middle of the runs and their spread; in bold where ours is worse."""
    head = ["cell", *(f"{m.name}{', ' + m.unit if m.unit else ''}" for m in MEASURES)]
    rows = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for name, runs in cells.items():
        row = [name]
        for measure in MEASURES:
            mine = [reading[measure] for reading in runs.get(ours, []) if measure in reading]
            other = [reading[measure] for reading in runs.get(theirs or "", []) if measure in reading]
            text = shown(measure, mine) + (f" / {shown(measure, other)}" if theirs else "")
            if not mine and not other:
                text = ""
            row.append(f"**{text}**" if is_worse(measure, mine, other) else text)
        rows.append("| " + " | ".join(row) + " |")
    return "\n".join(rows)
