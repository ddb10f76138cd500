"""What every journal promises; the one in memory that other tests use, and the one in a database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from folkmoot.meetings import StoredJournal
from folkmoot.meetings.feature import Entry, ParticipantId
from folkmoot.meetings.invitations import Invitation
from folkmoot.meetings.journal import Journal
from folkmoot.meetings.model import Meeting, Status
from folkmoot.storage import database_url, open_storage

from ..meetings.house import MemoryJournal

NOW = datetime(2026, 1, 1, 12, 0, 0, 123456, tzinfo=UTC)
ADA, BO = ParticipantId("p_ada"), ParticipantId("p_bo")
MEETING = Meeting("123456789012", "Stand-up ☕", NOW, b"a" * 32, b"b" * 32, b"c" * 32)
FIRST = Entry(1, NOW, "meeting", "started", None, {"title": "Stand-up ☕", "number": MEETING.number})


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def journal(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Journal]:
    if request.param == "memory":
        yield MemoryJournal()
        return
    there = request.getfixturevalue("postgresql").emptied() if request.param == "postgresql" else ""
    storage = await open_storage(database_url(there, tmp_path / "meetings.db"))
    yield StoredJournal(storage)
    await storage.close()


def said(seq: int, text: str = "hello", to: tuple[ParticipantId, ...] | None = None) -> Entry:
    return Entry(seq, NOW, "chat", "sent", ADA, {"text": text}, to=to, command=f"c{seq}")


async def test_a_meeting_is_found_as_it_was_made(journal: Journal) -> None:
    assert await journal.create(MEETING, FIRST)
    assert await journal.find(MEETING.number) == MEETING
    assert await journal.find("999999999999") is None


async def test_a_number_is_given_once(journal: Journal) -> None:
    await journal.create(MEETING, FIRST)
    assert not await journal.create(replace(MEETING, title="Another"), FIRST)
    assert await journal.find(MEETING.number) == MEETING


async def test_entries_come_back_in_order_and_whole(journal: Journal) -> None:
    await journal.create(MEETING, FIRST)
    entries = [said(2, "<b>ünïcode</b> 🎉\n\u2028"), said(5, "between us", (ADA, BO)), said(9)]
    await journal.append(MEETING.number, entries[:2], Status(entered=True), 1005)
    await journal.append(MEETING.number, entries[2:], Status(entered=True), 1005)
    kept = await journal.load(MEETING.number, "shape", 10)
    assert (kept.snapshot, list(kept.tail), list(kept.entries)) == (None, [], [FIRST, *entries])
    assert kept.reserved == 1005


async def test_a_snapshot_of_the_asked_shape_shortens_the_fold(journal: Journal) -> None:
    await journal.create(MEETING, FIRST)
    entries = [said(seq) for seq in range(2, 8)]
    await journal.append(MEETING.number, entries, Status(), 1000)
    await journal.keep_snapshot(MEETING.number, 3, "old", "{}")
    await journal.keep_snapshot(MEETING.number, 5, "shape", '{"so": "far"}')
    kept = await journal.load(MEETING.number, "shape", 4)
    assert kept.snapshot == (5, '{"so": "far"}')
    assert [e.seq for e in kept.tail] == [4, 5] and [e.seq for e in kept.entries] == [6, 7]
    other = await journal.load(MEETING.number, "another shape", 4)
    assert other.snapshot is None and len(other.entries) == 7


async def test_numbers_are_reserved_also_without_entries(journal: Journal) -> None:
    await journal.create(MEETING, FIRST)
    await journal.reserve(MEETING.number, 2001)
    assert (await journal.load(MEETING.number, "", 0)).reserved == 2001


async def test_what_is_erased_is_gone_and_its_place_stays(journal: Journal) -> None:
    await journal.create(MEETING, FIRST)
    await journal.append(MEETING.number, [said(2), said(3, "gone")], Status(), 1000)
    await journal.keep_snapshot(MEETING.number, 3, "shape", '{"with": "gone"}')
    deleted = Entry(4, NOW, "chat", "deleted", ADA, {"id": "m2"}, erases=(3,))
    await journal.append(MEETING.number, [deleted], Status(), 1000)
    kept = await journal.load(MEETING.number, "shape", 10)
    assert kept.snapshot is None
    assert [(e.seq, e.payload) for e in kept.entries[1:]] == [
        (2, {"text": "hello"}),
        (3, {}),
        (4, {"id": "m2"}),
    ]


async def test_it_knows_which_are_occupied_and_which_deserted(journal: Journal) -> None:
    hour = timedelta(hours=1)
    statuses = {
        "100000000001": Status(),
        "100000000002": Status(entered=True),
        "100000000003": Status(entered=True, empty_since=NOW),
        "100000000004": Status(entered=True, empty_since=NOW + 2 * hour),
        "100000000005": Status(entered=True, empty_since=NOW, ended_at=NOW),
    }
    for number, status in statuses.items():
        await journal.create(replace(MEETING, number=number), FIRST)
        await journal.append(number, [said(2)], status, 1000)
    assert list(await journal.occupied()) == ["100000000002"]
    assert list(await journal.deserted(NOW + hour, NOW - hour)) == ["100000000003"]
    assert sorted(await journal.deserted(NOW - hour, NOW)) == ["100000000001"]


async def test_what_is_forgotten_is_gone_and_nothing_else(journal: Journal) -> None:
    old, young, open_ = (replace(MEETING, number=f"10000000000{n}") for n in range(3))
    for meeting in (old, young, open_):
        await journal.create(meeting, FIRST)
        await journal.keep_snapshot(meeting.number, 1, "s", "{}")
    await journal.append(old.number, [said(2)], Status(ended_at=NOW), 2)
    await journal.append(young.number, [said(2)], Status(ended_at=NOW + timedelta(days=1)), 2)
    assert list(await journal.forget(NOW)) == [old.number]
    assert await journal.find(old.number) is None
    kept = await journal.load(old.number, "s", 9)
    assert (kept.snapshot, list(kept.entries), kept.reserved) == (None, [], 0)
    for meeting in (young, open_):
        assert await journal.find(meeting.number) and (await journal.load(meeting.number, "s", 9)).snapshot
    assert list(await journal.forget(NOW)) == []


async def test_what_many_store_at_once_is_all_there_and_a_fault_of_one_is_its_own(journal: Journal) -> None:
    numbers = [f"10000000{n:04}" for n in range(50)]
    for number in numbers:
        await journal.create(replace(MEETING, number=number), FIRST)
    await asyncio.gather(*(journal.append(n, [said(2)], Status(entered=True), 1002) for n in numbers))
    if not isinstance(journal, MemoryJournal):
        twice = journal.append(numbers[0], [said(2, "another writer's")], Status(), 1002)
        others = [journal.append(n, [said(3)], Status(entered=True, locked=True), 1003) for n in numbers[1:]]
        first, *rest = await asyncio.gather(twice, *others, return_exceptions=True)
        assert isinstance(first, IntegrityError) and not any(rest)
        for number in numbers[1:]:
            found = await journal.find(number)
            assert found and found.status.locked
            assert [e.seq for e in (await journal.load(number, "", 9)).entries] == [1, 2, 3]
    assert [e.seq for e in (await journal.load(numbers[0], "", 9)).entries] == [1, 2]


async def test_invitations_are_found_by_their_admission_all_of_them_or_none(journal: Journal) -> None:
    await journal.create(MEETING, FIRST)
    bo, cy = (Invitation(f"i_{n}", n, n.encode() * 16, NOW) for n in ("bo", "cy"))
    assert await journal.invite(MEETING.number, [bo, cy])
    assert list(await journal.invitations(MEETING.number)) == [bo, cy]
    assert await journal.invited(MEETING.number, bo.admission_hash) == bo
    assert await journal.invited("999999999999", bo.admission_hash) is None
    di = Invitation("i_di", "Di", b"d" * 32, NOW)
    assert not await journal.invite(MEETING.number, [di, replace(bo, id="i_other")])
    assert await journal.invited(MEETING.number, di.admission_hash) is None
    assert await journal.revoke_invitation(MEETING.number, bo.id)
    assert not await journal.revoke_invitation(MEETING.number, "i_nothing")
    assert await journal.invited(MEETING.number, bo.admission_hash) == replace(bo, revoked=True)


async def test_a_host_key_is_replaced_and_invitations_go_with_their_meeting(journal: Journal) -> None:
    await journal.create(MEETING, FIRST)
    await journal.replace_host_key(MEETING.number, b"n" * 32)
    assert await journal.find(MEETING.number) == replace(MEETING, host_key_hash=b"n" * 32)
    await journal.invite(MEETING.number, [Invitation("i_bo", "Bo", b"b" * 32, NOW)])
    await journal.append(MEETING.number, [said(2)], Status(ended_at=NOW), 1000)
    assert await journal.forget(NOW + timedelta(days=1)) == [MEETING.number]
    assert list(await journal.invitations(MEETING.number)) == []


async def test_a_days_key_is_kept_and_those_of_other_days_are_not(journal: Journal) -> None:
    assert await journal.network_keys({"01": b"a", "02": b"b"}) == {"01": b"a", "02": b"b"}
    assert await journal.network_keys({"02": b"x", "03": b"c"}) == {"02": b"b", "03": b"c"}
    assert await journal.network_keys({"01": b"y", "02": b"z"}) == {"01": b"y", "02": b"b"}


async def test_networks_are_banned_in_a_meeting_until_they_are_forgotten(journal: Journal) -> None:
    await journal.create(MEETING, FIRST)
    await journal.ban_networks(MEETING.number, ("one", "two"), NOW)
    later = NOW + timedelta(hours=1)
    await journal.ban_networks(MEETING.number, ("two",), later)
    assert sorted(await journal.banned_networks(MEETING.number)) == [("one", NOW), ("two", later)]
    assert await journal.banned_networks("999999999999") == []
    await journal.forget_networks(NOW)
    assert await journal.banned_networks(MEETING.number) == [("two", later)]
