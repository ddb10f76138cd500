"""What a plan allows a meeting: said ten minutes before, never a cut without words."""

from __future__ import annotations

from folkmoot.kit import Refusal
from folkmoot.meetings import people
from folkmoot.meetings.door import Joined

from .house import House, Page

FORTY = people.Limits(minutes=40)


def limited(limits: people.Limits) -> House:
    house = House()
    house.meetings.limits_of = lambda number: limits
    return house


async def test_a_meeting_without_limits_knows_of_none(house: House) -> None:
    ada = await house.comes("Ada", host=True)
    assert ada.snapshot["meeting"]["endsAt"] is None
    assert ada.heard("limits") == []
    await house.passes(24 * 3600)
    assert ada.heard("ended") == []


async def test_it_ends_when_its_minutes_are_over_and_who_is_in_knew_from_the_start() -> None:
    house = limited(FORTY)
    await house.create()
    house.clock.advance(3600)  # its link was made long before
    ada = await house.comes("Ada", host=True)
    shown = ada.snapshot["meeting"]
    assert (shown["minutes"], shown["endsAt"]) == (40, "2026-01-01T13:40:00+00:00")
    await house.passes(39 * 60 + 59)
    assert ada.heard("ended") == []
    await house.passes(1)
    assert [one["by"] for one in ada.heard("ended")] == ["plan"]


async def test_who_is_in_knows_how_many_may_be() -> None:
    house = limited(people.Limits(people=7))
    await house.create()
    ada = await house.comes("Ada", host=True)
    assert ada.snapshot["meeting"]["most"] == 7


async def test_who_comes_later_has_the_same_end(house: House) -> None:
    house.meetings.limits_of = lambda number: FORTY
    ada = await house.comes("Ada")
    await house.passes(60 * 35)
    bo = await house.comes("Bo")
    assert bo.snapshot["meeting"]["endsAt"] == ada.snapshot["meeting"]["endsAt"]


async def test_a_restart_doesn_t_begin_the_minutes_anew() -> None:
    house = limited(FORTY)
    await house.comes("Ada")
    house.clock.advance(30 * 60)
    await house.restart()
    house.meetings.limits_of = lambda number: FORTY
    ada = await house.comes("Ada")
    assert ada.snapshot["meeting"]["endsAt"] == "2026-01-01T12:40:00+00:00"


async def test_a_limit_that_comes_late_leaves_ten_minutes(house: House) -> None:
    ada = await house.comes("Ada")
    await house.passes(3 * 3600)
    house.meetings.limits_of = lambda number: FORTY
    await house.passes(1)
    [told] = ada.heard("limits")
    assert told["endsAt"] == "2026-01-01T15:10:01+00:00"
    await house.passes(599)
    assert ada.heard("ended") == []
    await house.passes(1)
    assert len(ada.heard("ended")) == 1


async def test_a_better_plan_takes_the_end_away(house: House) -> None:
    house.meetings.limits_of = lambda number: FORTY
    ada = await house.comes("Ada")
    await house.passes(35 * 60)
    house.meetings.limits_of = lambda number: people.Limits()
    await house.passes(1)
    assert ada.heard("limits")[-1]["endsAt"] is None
    await house.passes(3600)
    assert ada.heard("ended") == []


async def test_so_many_people_as_the_plan_allows_and_who_is_in_stays() -> None:
    house = limited(people.Limits(people=2))
    ada, _ = await house.comes("Ada"), await house.comes("Bo")
    joined = await house.join("Cy")
    assert isinstance(joined, Joined)
    page = Page(house, joined)
    await page.connect()
    assert page.refused_entry == Refusal("meeting.full", {"most": 2})
    house.meetings.limits_of = lambda number: people.Limits(people=1)
    await house.passes(1)
    assert ada.heard("left") == []
