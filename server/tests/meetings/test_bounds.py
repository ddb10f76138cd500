"""What one server bears: meetings at once, people in one, and what each of them is told."""

from __future__ import annotations

from folkmoot.kit import Refusal
from folkmoot.meetings.door import Joined
from folkmoot.meetings.model import Settings

from .house import House, Page


async def test_one_meeting_too_many_is_asked_to_come_back_and_those_that_run_are_open() -> None:
    house = House(settings=Settings(most_running=2))
    ada = await house.comes("Ada")
    first, house.created = house.created, None
    await house.comes("Bo")
    house.created = None
    await house.create()
    refused = await house.join("Cy")
    assert refused == Refusal("meeting.too_many_running", {"retry_after_s": 30})
    third, house.created = house.created, first
    await house.comes("Di")
    assert ada.heard("joined")
    house.created = third
    house.pages[1].cut()
    await house.passes(31)
    assert isinstance(await house.join("Cy"), Joined), "one of them is empty now"


async def test_a_ticket_from_before_is_asked_again_at_the_channel() -> None:
    house = House(settings=Settings(most_running=1))
    await house.create()
    joined = await house.join("Ada")
    assert isinstance(joined, Joined)
    await house.passes(1)  # nobody came, and it was let go of
    house.created = None
    await house.comes("Bo")
    late = Page(house, joined)
    await late.connect()
    assert late.refused_entry == Refusal("meeting.too_many_running", {"retry_after_s": 30})


async def test_what_a_stranger_is_told_does_not_change_when_the_server_is_full() -> None:
    house = House(settings=Settings(most_running=1))
    await house.comes("Ada")
    house.created = None
    await house.create()
    answers = {await refused(house, admission="A" * 43), await refused(house, passcode="00000000")}
    assert answers == {"meeting.closed_door", "meeting.no_match"}


async def refused(house: House, **proof: str) -> str:
    answer = await house.join("Mallory", **proof)
    assert isinstance(answer, Refusal)
    return answer.code
