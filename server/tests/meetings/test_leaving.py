"""Leaving is told: a closed tab within seconds, a reload not at all, and a place is kept for whoever comes back."""

from __future__ import annotations

from .house import Crash, House, MemoryJournal, Page


def words(page: Page, *types: str) -> list[tuple[str, str]]:
    return [
        (e["type"], e["payload"].get("participant") or e["payload"].get("id"))
        for e in page.events
        if e["type"] in types
    ]


TOLD = ("away", "back", "left")


async def test_a_closed_socket_is_told_after_three_seconds_and_the_place_is_kept(house: House) -> None:
    ada, bo = await house.comes("Ada"), await house.comes("Bo")
    await bo.do("reactions", "raise")
    bo.cut()
    await house.passes(2.9)
    assert words(ada, *TOLD) == []
    await house.passes(0.1)
    assert words(ada, *TOLD) == [("away", bo.id)]
    await bo.connect()
    house.settle()
    assert words(ada, *TOLD) == [("away", bo.id), ("back", bo.id)]
    assert ada.heard("hand_lowered") == [] and ada.heard("joined") == [
        {"id": bo.id, "name": "Bo", "role": "guest", "kind": "guest", "org": ""}
    ]
    await house.passes(60)
    assert words(ada, "left") == []


async def test_who_says_that_the_tab_goes_is_away_at_once_and_left_after_thirty_seconds(house: House) -> None:
    ada, bo = await house.comes("Ada"), await house.comes("Bo")
    assert bo.meeting and bo.wire
    await bo.meeting.leaving(bo.id, bo.wire)
    house.settle()
    assert words(ada, *TOLD) == [("away", bo.id)]
    await house.passes(29)
    assert words(ada, "left") == []
    await house.passes(1)
    assert words(ada, *TOLD) == [("away", bo.id), ("left", bo.id)]
    assert house.media.asked[-1] == (f"m-{ada.joined.meeting.number}", {"remove": [bo.id]}), (
        "no ghost stays in the room"
    )


async def test_a_reload_within_three_seconds_is_told_nobody(house: House) -> None:
    ada, bo = await house.comes("Ada"), await house.comes("Bo")
    bo.cut()
    await house.passes(2)
    await bo.connect()
    await house.passes(10)
    assert words(ada, *TOLD) == []


async def test_a_newcomer_hears_who_is_away(house: House) -> None:
    await house.comes("Ada")
    bo = await house.comes("Bo")
    bo.cut()
    await house.passes(4)
    cy = await house.comes("Cy")
    assert words(cy, "away") == [("away", bo.id)]


async def test_who_was_away_themself_hears_who_came_back_meanwhile(house: House) -> None:
    ada, bo = await house.comes("Ada"), await house.comes("Bo")
    bo.cut()
    await house.passes(4)
    ada.cut()
    await bo.connect()
    await house.passes(20)
    await ada.connect()
    house.settle()
    assert words(ada, "away", "back")[-1] == ("back", bo.id)


async def test_a_line_that_the_server_cut_is_not_told(house: House) -> None:
    ada, bo = await house.comes("Ada"), await house.comes("Bo")
    assert bo.meeting and bo.wire
    bo.meeting.lost(bo.id, bo.wire, by_us=True)
    bo.wire = None
    await house.passes(20)
    assert words(ada, *TOLD) == []
    await house.passes(11)
    assert words(ada, *TOLD) == [("left", bo.id)]


async def test_all_who_are_lost_leave_in_one_transaction(house: House) -> None:
    pages = [await house.comes(f"Person {n}") for n in range(20)]
    journal = house.journal
    assert isinstance(journal, MemoryJournal)
    writes: list[str] = []

    async def note(what: str) -> None:
        writes.append(what)

    await house.restart()
    await pages[0].connect()
    journal.pause = note
    await house.passes(31)
    assert writes.count("before append") == 1
    assert len(pages[0].heard("left")) == 19


async def test_a_store_that_fails_while_they_are_lost_gives_them_up_later(house: House) -> None:
    ada, bo = await house.comes("Ada"), await house.comes("Bo")
    journal = house.journal
    assert isinstance(journal, MemoryJournal)
    whole = journal.pause

    async def full(_: str) -> None:
        raise Crash

    for page in (ada, bo):
        page.cut()
    journal.pause = full
    await house.passes(31)
    journal.pause = whole
    await house.passes(1)
    await house.passes(31)
    types = [e.type for e in journal.events[ada.joined.meeting.number]]
    assert types.count("left") == 2, "nobody is in for ever"
