"""Programs let in by an API key: seen by everybody, removed by a host, counted by nobody."""

from __future__ import annotations

import asyncio

from folkmoot.kit import Refusal
from folkmoot.meetings.model import Settings
from folkmoot.meetings.people.commands import Mute
from folkmoot.protocol import values
from folkmoot.rooms.model import ParticipantJoined, ParticipantLeft

from .house import House, Page


def info(identity: str, *, agent: bool = False, recorder: bool = False) -> values.Participant:
    known = values.Permission(agent=agent, recorder=recorder)
    return values.Participant("PA_1", identity, values.State.ACTIVE, name="Note taker", permission=known)


async def in_room(house: House, page: Page, identity: str, **permission: bool) -> str:
    room = f"m-{page.joined.meeting.number}"
    house.media.rooms.setdefault(room, []).append(identity)
    house.bus.publish(ParticipantJoined(room, info(identity, **permission)))
    await turns()
    house.settle()
    return room


async def turns() -> None:
    for _ in range(30):
        await asyncio.sleep(0)


async def test_a_recorder_is_seen_by_everybody_and_goes_with_its_media(house: House) -> None:
    ada = await house.comes("Ada", host=True)
    room = await in_room(house, ada, "recorder-1", recorder=True)
    told = {"id": "recorder-1", "name": "Note taker", "kind": "recorder"}
    assert ada.heard("service_joined") == [told]
    late = await house.comes("Late")
    assert late.snapshot["meeting"]["services"] == [told]
    assert [p["name"] for p in late.snapshot["meeting"]["people"]] == ["Ada", "Late"]
    house.bus.publish(ParticipantLeft(room, info("recorder-1"), was_active=True))
    await turns()
    house.settle()
    assert ada.heard("service_left") == [{"id": "recorder-1"}]


async def test_whoever_a_host_sees_a_host_can_mute_and_remove(house: House) -> None:
    ada, bo = await house.comes("Ada", host=True), await house.comes("Bo")
    room = await in_room(house, ada, "agent-1", agent=True)
    assert await bo.do("meeting", "remove", participant="agent-1") == "meeting.not_host"
    house.media.asked.clear()
    await ada.do("meeting", "mute", participant="agent-1", source="microphone")
    await ada.do("meeting", "remove", participant="agent-1")
    assert house.media.asked == [
        (room, {"mute": [("agent-1", "microphone")]}),
        (room, {"remove": ["agent-1"]}),
    ]
    assert not house.meetings.may_be_inside(room, "agent-1"), "nor does it come again"


async def test_it_takes_nobodys_place_and_keeps_no_meeting_alive() -> None:
    house = House(settings=Settings(most_people=1))
    ada = await house.comes("Ada", host=True)
    await in_room(house, ada, "agent-1")
    await ada.do("meeting", "leave")
    assert (await house.comes("Bo")).refused_entry is None
    await house.pages[-1].do("meeting", "leave")
    await house.passes(11 * 60)
    assert house.media.asked[-1][1] == "close"


async def test_who_left_is_not_in_the_room_whatever_token_they_hold(house: House) -> None:
    ada, bo = await house.comes("Ada", host=True), await house.comes("Bo")
    room = f"m-{ada.joined.meeting.number}"
    assert house.meetings.may_be_inside(room, bo.id)
    bo.cut()
    await house.passes(31)
    assert not house.meetings.may_be_inside(room, bo.id)
    house.media.asked.clear()
    await in_room(house, ada, bo.id)
    assert house.media.asked == [(room, {"remove": [bo.id]})], "a door that let them in all the same"


async def test_a_room_of_no_meeting_is_closed(house: House) -> None:
    await house.create()
    house.bus.publish(ParticipantJoined("m-999999999999", info("agent-1")))
    await turns()
    assert house.media.asked == [("m-999999999999", "close")]


async def test_a_program_that_is_there_after_a_restart_is_still_a_service(house: House) -> None:
    ada = await house.comes("Ada", host=True)
    await in_room(house, ada, "agent-1")
    await house.restart()
    await ada.connect()
    await house.passes(60)
    assert ada.heard("service_left") == []


async def test_what_a_program_mutes_is_muted_in_the_fold(house: House) -> None:
    ada = await house.comes("Ada", host=True)
    number = ada.joined.meeting.number
    house.media.asked.clear()
    assert (
        await house.meetings.command(number, Mute(type="mute", participant=ada.id, source="camera")) is None
    )
    house.settle()
    assert ada.heard("muted") and house.media.asked == [(f"m-{number}", {"mute": [(ada.id, "camera")]})]
    refused = await house.meetings.command(number, Mute(type="mute", participant="nobody", source="camera"))
    assert refused == Refusal("meeting.unknown_participant")
