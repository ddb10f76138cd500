"""How long folding takes, as it is promised, and how much work it is."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from folkmoot.capabilities import FEATURES
from folkmoot.meetings import StoredJournal
from folkmoot.meetings.feature import Entry, ParticipantId
from folkmoot.meetings.log import TAIL, Log
from folkmoot.meetings.model import Meeting, Settings, Status
from folkmoot.storage import open_storage, sqlite_url

from ..measured import Measured

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PEOPLE = [ParticipantId(f"p_{n}") for n in range(50)]


CALLS_EACH = 32
"""Functions called for one entry, by all features together."""


def history(length: int) -> list[Entry]:
    """A long and lively meeting: everybody came, then they write, raise hands, and write privately."""
    entries = [Entry(1, NOW, "meeting", "started", None, {"title": "Long", "number": "123456789012"})]
    for who in PEOPLE:
        joined = {"id": who, "name": f"Person {who}", "role": "guest"}
        entries.append(Entry(len(entries) + 1, NOW, "meeting", "joined", who, joined))
    while len(entries) < length:
        seq = len(entries) + 1
        by, at = PEOPLE[seq % len(PEOPLE)], NOW + timedelta(seconds=seq)
        match seq % 8:
            case 0:
                entries.append(Entry(seq, at, "reactions", "hand_raised", by, {}, command=f"c{seq}"))
            case 4:
                lowered = {"participant": PEOPLE[(seq - 4) % len(PEOPLE)]}
                entries.append(Entry(seq, at, "reactions", "hand_lowered", by, lowered, command=f"c{seq}"))
            case 5:
                to = PEOPLE[(seq + 1) % len(PEOPLE)]
                payload = {"id": f"m{seq}", "text": "between us", "to": to}
                entries.append(Entry(seq, at, "chat", "sent", by, payload, to=(by, to), command=f"c{seq}"))
            case _:
                payload = {"id": f"m{seq}", "text": "words " * 10}
                entries.append(Entry(seq, at, "chat", "sent", by, payload, command=f"c{seq}"))
    return entries


def folded(entries: list[Entry]) -> Log:
    log = Log(FEATURES)
    log.refold([], entries, 0)
    return log


def test_a_hundred_thousand_entries_fold_in_a_second(
    measured: Measured, record_property: Callable[[str, object], None]
) -> None:
    entries = history(100_000)
    took = measured.seconds(lambda: folded(entries), within=1)
    record_property("fold_100k_s", took)
    print(f"fold of 100,000 entries: {took:.2f} s")
    assert took < 1


def test_each_entry_is_as_much_work_in_a_long_meeting_as_in_a_short_one(measured: Measured) -> None:
    def calls(length: int) -> float:
        entries = history(length)
        with measured.counting() as counted:
            assert folded(entries).seq == length
        return counted.calls / length

    short, long = calls(4_000), calls(40_000)
    print(f"calls for an entry: {short:.1f} of 4,000, {long:.1f} of 40,000")
    assert long < 1.1 * short
    assert long < CALLS_EACH


async def test_a_snapshot_keeps_a_restart_short(
    tmp_path: Path, measured: Measured, record_property: Callable[[str, object], None]
) -> None:
    storage = await open_storage(sqlite_url(tmp_path / "folkmoot.db"))
    journal = StoredJournal(storage)
    entries = history(20_000)
    number, behind = "123456789012", Settings().snapshot_every
    log = Log(FEATURES)
    log.refold([], entries[:-behind], 0)
    await journal.create(Meeting(number, "Long", NOW, b"", b"", b""), entries[0])
    await journal.append(number, entries[1:], Status(entered=True), 20_000)
    await journal.keep_snapshot(number, log.seq, log.shape, log.dump())

    best = math.inf
    for _ in range(3):
        with measured.lap() as lap:
            again = Log(FEATURES)
            kept = await journal.load(number, again.shape, TAIL)
            assert kept.snapshot
            again.restore(*kept.snapshot)
            again.refold(kept.tail, kept.entries, kept.reserved)
        best = min(best, measured.quiet(lap.seconds))

    record_property("restart_ms", best * 1000)
    print(f"restart from a snapshot: {best * 1000:.0f} ms")
    log.refold([], entries[-behind:], 0)
    assert again._states == log._states and again._done == log._done, (
        "a snapshot and what followed is the whole"
    )
    assert best < 0.2
    await storage.close()
