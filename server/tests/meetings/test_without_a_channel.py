"""A client of before uses the media ticket of its join and never the channel: it comes in by the room, and is somebody all the same."""

from __future__ import annotations

from typing import Any

from folkmoot.meetings.door import Joined
from folkmoot.rooms.model import ParticipantJoined, ParticipantLeft

from .house import ADMISSION, House, Page
from .test_services import info, turns


async def of_before(house: House, name: str, **proof: Any) -> Joined:
    joined = await house.join(name, **({"admission": ADMISSION, "device": None} | proof))
    assert isinstance(joined, Joined) and joined.media_token
    return joined


async def uses_its_ticket(house: House, joined: Joined) -> bool:
    """As the room's door asks and reports. False: it was not let in, or turned out again."""
    room = f"m-{joined.meeting.number}"
    if not house.meetings.may_be_inside(room, joined.participant):
        return False
    house.media.rooms.setdefault(room, []).append(joined.participant)
    house.bus.publish(ParticipantJoined(room, info(joined.participant)))
    await turns()
    house.settle()
    return joined.participant in house.media.rooms[room]


async def test_it_is_in_the_list_muted_and_removed_like_everybody(house: House) -> None:
    ada = await house.comes("Ada", host=True)
    old = await of_before(house, "Old")
    assert ada.heard("joined") == [], "a ticket is nobody"
    assert await uses_its_ticket(house, old)
    assert [p["name"] for p in ada.heard("joined")] == ["Old"]
    house.media.asked.clear()
    await ada.do("meeting", "mute_all")
    await ada.do("meeting", "mute", participant=old.participant, source="microphone", hard=True)
    await ada.do("meeting", "remove", participant=old.participant)
    said = {word for _, change in house.media.asked for word in change}
    assert said == {"mute", "permit", "remove"}
    assert not await uses_its_ticket(house, old)


async def test_it_leaves_with_its_media_and_is_not_lost_before(house: House) -> None:
    ada = await house.comes("Ada", host=True)
    old = await of_before(house, "Old")
    await uses_its_ticket(house, old)
    await house.passes(120)
    assert ada.heard("left") == []
    room = f"m-{old.meeting.number}"
    house.bus.publish(ParticipantLeft(room, info(old.participant), was_active=True))
    await turns()
    house.settle()
    assert ada.heard("left") == [{"id": old.participant, "reason": "lost"}]


async def test_lock_removal_and_waiting_room_are_asked_when_it_is_used(house: House) -> None:
    ada = await house.comes("Ada", host=True)
    locked_out, waits, late = [await of_before(house, name) for name in ("One", "Two", "Three")]
    await ada.do("meeting", "lock", locked=True)
    assert not await uses_its_ticket(house, locked_out)
    await ada.do("meeting", "lock", locked=False)
    await ada.do("meeting", "set_policy", waitingRoom="guests")
    assert not await uses_its_ticket(house, waits)
    await ada.do("meeting", "set_policy", waitingRoom="off")
    house.clock.advance(600)
    assert not await uses_its_ticket(house, late), "nor for longer than it lasts"
    assert ada.heard("joined", "waiting") == []


async def test_whoever_was_let_through_the_moment_before_a_lock_is_turned_out(house: House) -> None:
    ada = await house.comes("Ada", host=True)
    old = await of_before(house, "Old")
    room = f"m-{old.meeting.number}"
    assert house.meetings.may_be_inside(room, old.participant)
    await ada.do("meeting", "lock", locked=True)
    house.media.rooms[room] = [old.participant]
    house.bus.publish(ParticipantJoined(room, info(old.participant)))
    await turns()
    assert house.media.rooms[room] == [] and ada.heard("joined") == []


async def test_it_keeps_its_place_over_a_restart_and_cannot_be_sent_to_wait(house: House) -> None:
    ada = await house.comes("Ada", host=True)
    old = await of_before(house, "Old")
    await uses_its_ticket(house, old)
    refused = await ada.do("meeting", "send_to_waiting", participant=old.participant)
    assert refused == "meeting.no_channel"
    await house.restart()
    await ada.connect()
    assert await uses_its_ticket(house, old)
    await house.passes(60)
    assert ada.heard("left") == []


async def test_who_opens_the_channel_as_well_is_one_person(house: House) -> None:
    ada = await house.comes("Ada", host=True)
    old = await of_before(house, "Old")
    await uses_its_ticket(house, old)
    page = Page(house, old)
    house.pages.append(page)
    await page.connect()
    house.settle()
    assert page.refused_entry is None and len(ada.heard("joined")) == 1
    page.cut()
    await house.passes(31)
    assert ada.heard("left") == [{"id": old.participant, "reason": "lost"}]
