"""Signs that pass, and hands that stay up."""

from __future__ import annotations

from typing import get_args

import pytest

from folkmoot.meetings.feature import Emoji

from ..meetings.house import House, MemoryJournal


@pytest.mark.parametrize("emoji", get_args(Emoji))
async def test_a_reaction_reaches_everybody_and_is_kept_nowhere(house: House, emoji: str) -> None:
    ada, bo = await house.comes("Ada"), await house.comes("Bo")
    await ada.do("reactions", "react", emoji=emoji)
    assert [page.heard("reacted") for page in (ada, bo)] == [[{"emoji": emoji}]] * 2
    assert isinstance(house.journal, MemoryJournal)
    assert all(e.type != "reacted" for events in house.journal.events.values() for e in events)
    late = await house.comes("Late")
    assert late.snapshot["reactions"] == {"hands": []}


async def test_an_old_reaction_is_not_shown_to_somebody_who_was_away(house: House) -> None:
    ada, bo, cy = await house.comes("Ada"), await house.comes("Bo"), await house.comes("Cy")
    bo.cut()
    cy.cut()
    await ada.do("reactions", "react", emoji="👍")
    house.clock.advance(5)
    await bo.connect()
    house.clock.advance(6)
    await cy.connect()
    house.settle()
    assert (len(bo.heard("reacted")), len(cy.heard("reacted"))) == (1, 0)


async def test_hands_stay_up_in_the_order_they_went_up(house: House) -> None:
    ada, bo = await house.comes("Ada"), await house.comes("Bo")
    for page in (bo, ada, bo):
        assert isinstance(await page.do("reactions", "raise"), int)
    assert [e["by"] for e in ada.events if e["type"] == "hand_raised"] == [bo.id, ada.id]
    late = await house.comes("Late")
    assert late.snapshot["reactions"] == {"hands": [bo.id, ada.id]}
    await bo.do("reactions", "lower")
    assert ada.heard("hand_lowered") == [{"participant": bo.id}]


async def test_the_hand_goes_down_when_its_owner_leaves(house: House) -> None:
    ada, bo = await house.comes("Ada"), await house.comes("Bo")
    await bo.do("reactions", "raise")
    await bo.do("meeting", "leave")
    late = await house.comes("Late")
    assert late.snapshot["reactions"] == {"hands": []}
    assert ada.heard("hand_lowered") == [], "one fact is told once"


async def test_a_host_lowers_one_or_all(house: House) -> None:
    host = await house.comes("Host", host=True)
    people = [await house.comes(name) for name in ("Ada", "Bo", "Cy")]
    for page in people:
        await page.do("reactions", "raise")
    await host.do("reactions", "lower", participant=people[1].id)
    await host.do("reactions", "lower_all")
    lowered = [h["participant"] for h in people[0].heard("hand_lowered")]
    assert lowered == [people[1].id, people[0].id, people[2].id]


async def test_raised_hands_survive_a_crash(house: House) -> None:
    ada = await house.comes("Ada")
    await ada.do("reactions", "raise")
    await house.restart()
    ada.seen = None
    await ada.connect()
    house.settle()
    assert ada.snapshot["reactions"] == {"hands": [ada.id]}
