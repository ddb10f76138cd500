"""People come, are lost, come back, leave; the meeting goes on, and ends."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from folkmoot.kit import Refusal
from folkmoot.meetings import live
from folkmoot.meetings.door import Joined
from folkmoot.meetings.journal import Kept
from folkmoot.meetings.live import FOLDED_AT_ONCE
from folkmoot.protocol import values
from folkmoot.rooms.model import ParticipantJoined

from .house import ADMISSION, Crash, House, MemoryJournal


async def test_everybody_sees_who_is_here_in_the_order_they_came(house: House) -> None:
    ada = await house.comes("Ada", host=True)
    bo = await house.comes("Bo")
    assert [p["name"] for p in bo.snapshot["meeting"]["people"]] == ["Ada", "Bo"]
    assert bo.snapshot["meeting"]["title"] == "Standup"
    assert ada.heard("joined") == [{"id": bo.id, "name": "Bo", "role": "guest", "kind": "guest", "org": ""}]
    assert bo.welcomes[0]["seq"] >= ada.events[-1]["seq"] and not bo.events, (
        "what came before the welcome is in its snapshot"
    )


async def test_a_short_loss_goes_unnoticed(house: House) -> None:
    ada, bo = await house.comes("Ada"), await house.comes("Bo")
    bo.cut()
    await house.passes(29)
    await ada.do("chat", "send", text="still there?")
    await bo.connect()
    house.settle()
    await house.passes(60)
    assert ada.heard("left") == []
    assert [m["text"] for m in bo.heard("sent")] == ["still there?"] and len(bo.welcomes) == 1


async def test_whoever_does_not_come_back_is_lost_and_may_come_again(house: House) -> None:
    ada, bo = await house.comes("Ada"), await house.comes("Bo")
    bo.cut()
    await house.passes(31)
    assert ada.heard("left") == [{"id": bo.id, "reason": "lost"}]
    await bo.connect()
    house.settle()
    assert [e["id"] for e in ada.heard("joined")] == [bo.id, bo.id]
    assert len(bo.welcomes) == 2 and bo.events == [], (
        "what happened while they weren't in isn't theirs to ask for"
    )


async def test_a_restart_is_a_short_loss_for_everybody(house: House) -> None:
    ada, bo = await house.comes("Ada"), await house.comes("Bo")
    await ada.do("chat", "send", text="before")
    await house.restart()
    await ada.connect()
    house.settle()
    await house.passes(29)
    assert ada.heard("left") == [] and len(ada.welcomes) == 1
    await house.passes(2)
    assert ada.heard("left") == [{"id": bo.id, "reason": "lost"}]
    late = await house.comes("Cy")
    assert [m["text"] for m in late.snapshot["chat"]["messages"]] == ["before"]


async def test_numbers_never_repeat_after_a_crash_also_those_of_passing_events(house: House) -> None:
    ada, bo = await house.comes("Ada"), await house.comes("Bo")
    await ada.do("reactions", "react", emoji="👍")
    seen = bo.seen
    await house.restart()
    for page in (ada, bo):
        await page.connect()
    await ada.do("chat", "send", text="after")
    assert seen is not None and bo.seen is not None and bo.seen > seen
    assert [m["text"] for m in bo.heard("sent")] == ["after"]


async def test_a_reload_replaces_the_older_channel(house: House) -> None:
    ada, bo = await house.comes("Ada"), await house.comes("Bo")
    older, meeting = bo.wire, bo.meeting
    assert older is not None and meeting is not None
    again = await house.join("Bo", rejoin=bo.joined.rejoin, admission=ADMISSION)
    assert isinstance(again, Joined) and again.participant == bo.id
    bo.wire = None  # another page of theirs: the older one isn't cut, it is told
    bo.meeting = None
    await bo.connect()
    meeting.lost(bo.id, older)
    await house.passes(60)
    assert older.code == 4004
    assert ada.heard("left") == [] and len(ada.heard("joined")) == 1


async def test_leaving_is_said_and_done_and_takes_the_media_along(house: House) -> None:
    ada, bo = await house.comes("Ada"), await house.comes("Bo")
    wire = bo.wire
    assert isinstance(await bo.do("meeting", "leave"), int)
    assert wire is not None and wire.code == 1000
    assert ada.heard("left") == [{"id": bo.id, "reason": "left"}]
    assert house.media.asked == [(f"m-{bo.joined.meeting.number}", {"remove": [bo.id]})]


async def test_the_meeting_goes_on_without_its_host_and_nobody_is_promoted(house: House) -> None:
    ada, bo = await house.comes("Ada", host=True), await house.comes("Bo")
    await ada.do("meeting", "leave")
    assert await bo.do("meeting", "end") == "meeting.not_host"
    assert await bo.do("chat", "send", text="well") == bo.seen
    assert "role_changed" not in [e["type"] for e in bo.events]


async def test_a_guest_who_finds_the_host_key_becomes_host_in_place(house: House) -> None:
    await house.comes("Ada")
    bo = await house.comes("Bo")
    assert house.created
    again = await house.join("Bo", rejoin=bo.joined.rejoin, host_key=house.created.host_key)
    assert isinstance(again, Joined)
    bo.joined = again
    await bo.connect()
    house.settle()
    assert bo.heard("role_changed") == [{"participant": bo.id, "role": "owner"}]
    assert isinstance(await bo.do("meeting", "lock", locked=True), int)


async def test_ended_by_its_host_everybody_hears_it_and_the_door_is_closed(house: House) -> None:
    ada, bo = await house.comes("Ada", host=True), await house.comes("Bo")
    wires = [ada.wire, bo.wire]
    assert isinstance(await ada.do("meeting", "end"), int), "the host's own answer still arrives"
    assert bo.heard("ended") == [{}]
    assert [wire.code for wire in wires if wire] == [4003, 4003]
    assert house.media.asked == [(f"m-{ada.joined.meeting.number}", "close")]
    assert await house.join("Cy") == Refusal("meeting.closed_door")
    await bo.connect()
    assert bo.refused_entry == Refusal("meeting.ended")


async def test_an_end_survives_a_crash(house: House) -> None:
    ada = await house.comes("Ada", host=True)
    await ada.do("meeting", "end")
    await house.restart()
    await ada.connect()
    assert ada.refused_entry == Refusal("meeting.ended")


async def test_ten_minutes_after_the_last_one_left_it_ends(house: House) -> None:
    ada = await house.comes("Ada", host=True)
    await ada.do("meeting", "leave")
    await house.passes(9 * 60)
    assert isinstance(await house.join("Bo"), Joined)
    await house.passes(2 * 60)
    assert await house.join("Cy") == Refusal("meeting.closed_door")


async def test_coming_back_in_time_keeps_it_alive(house: House) -> None:
    ada = await house.comes("Ada", host=True)
    await ada.do("meeting", "leave")
    await house.passes(9 * 60)
    await house.comes("Bo")
    await house.passes(30 * 60)
    assert isinstance(await house.join("Cy"), Joined)


async def test_one_that_nobody_came_to_waits_a_day(house: House) -> None:
    await house.create()
    await house.passes(23 * 3600)
    assert isinstance(await house.join("Ada"), Joined)
    await house.passes(2 * 3600)
    assert await house.join("Ada") == Refusal("meeting.closed_door")


async def test_a_meeting_nobody_is_in_is_not_kept_in_memory(house: House) -> None:
    ada = await house.comes("Ada", host=True)
    assert house.meetings.counts() == {"meetings": 1, "people_in_meetings": 1}
    await ada.do("meeting", "leave")
    await house.passes(1)
    assert house.meetings.counts() == {"meetings": 0, "people_in_meetings": 0}


def in_media(identity: str, sid: str) -> values.Participant:
    return values.Participant(sid, identity, values.State.ACTIVE)


async def test_a_media_token_does_not_outlive_a_removal_or_the_meeting(house: House) -> None:
    ada, bo = await house.comes("Ada", host=True), await house.comes("Bo")
    room = f"m-{ada.joined.meeting.number}"
    await ada.do("meeting", "remove", participant=bo.id)
    house.media.asked.clear()
    house.bus.publish(ParticipantJoined(room, in_media(bo.id, "PA_1")))
    house.bus.publish(ParticipantJoined(room, in_media("an agent let in by an API key", "PA_2")))
    house.bus.publish(ParticipantJoined("somebody's own room", in_media(bo.id, "PA_3")))
    await turns()
    assert house.media.asked == [(room, {"remove": [bo.id]})]
    await ada.do("meeting", "end")
    house.media.asked.clear()
    house.bus.publish(ParticipantJoined(room, in_media(ada.id, "PA_4")))
    await turns()
    assert house.media.asked == [(room, "close")]


async def test_media_that_fails_does_not_stop_the_meeting(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, bo = await house.comes("Ada", host=True), await house.comes("Bo")

    def fails(*_: object, **__: object) -> bool:
        raise RuntimeError("the engine is gone")

    monkeypatch.setattr(house.media, "enforce", fails)
    assert isinstance(await ada.do("meeting", "mute", participant=bo.id, source="camera"), int)
    assert isinstance(await ada.do("meeting", "remove", participant=bo.id), int)


async def test_a_journal_that_fails_costs_the_connection_and_no_order(house: House) -> None:
    ada, bo = await house.comes("Ada", host=True), await house.comes("Bo")
    journal = house.journal
    assert isinstance(journal, MemoryJournal)
    broken, whole = bo.wire, journal.pause

    async def full(_: str) -> None:
        raise Crash

    journal.pause = full
    id = ada.ask("chat", "send", text="hello")
    await ada.send(id)
    assert broken is not None and broken.code == 1011 and not bo.heard("sent")
    journal.pause = whole
    for page in (ada, bo):
        await page.connect()
    house.settle()
    assert isinstance(ada.answers[id], int)
    assert [m["text"] for m in bo.heard("sent")] == ["hello"]


async def test_stopping_waits_for_what_is_being_stored(house: House) -> None:
    ada = await house.comes("Ada")
    journal = house.journal
    assert isinstance(journal, MemoryJournal)
    slow = asyncio.Event()
    journal.pause = lambda _: slow.wait()
    sending = asyncio.create_task(ada.send(ada.ask("chat", "send", text="just before")))
    await turns()
    house.meetings.let_all_go()
    stopping = asyncio.create_task(house.meetings.stop())
    await turns()
    assert not stopping.done()
    slow.set()
    await stopping
    await sending
    assert [e.type for e in journal.events[ada.joined.meeting.number]][-1] == "sent"
    assert ada.wire and ada.wire.code == 1011, "come back later"


async def turns() -> None:
    """What was started in passing is through."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_start_waits_for_none_of_many_meetings_and_gives_up_all(house: House) -> None:
    for n in range(200):
        house.created = None
        house.clock.advance(1)
        await house.comes(f"Person {n}")
    loads: list[str] = []
    journal = house.journal
    assert isinstance(journal, MemoryJournal)
    whole = journal.load

    async def counted(number: str, shape: str, tail: int) -> Kept:
        loads.append(number)
        return await whole(number, shape, tail)

    journal.load = counted  # type: ignore[method-assign]
    await house.restart()
    assert loads == []
    await house.passes(1)
    assert len(loads) == FOLDED_AT_ONCE
    for _ in range(5):
        await house.passes(31)
    assert list(await journal.occupied()) == [], "nobody came back anywhere"


async def test_a_meeting_whose_disk_hangs_keeps_no_other_from_its_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live, "TICK_WITHIN_S", 0.01)
    journal = MemoryJournal()
    house = House(journal)
    ada = await house.comes("Ada", host=True)
    first, house.created = house.created, None
    bo = await house.comes("Bo", host=True)
    await house.comes("Cy")
    assert first is not None
    hangs, append = asyncio.Event(), journal.append

    async def hanging(number: str, *words: Any) -> None:
        if number == first.meeting.number:
            await hangs.wait()
        await append(number, *words)

    monkeypatch.setattr(journal, "append", hanging)
    ada.cut()
    house.pages[-1].cut()
    for _ in range(3):
        await house.passes(20)
    assert bo.heard("left"), "the other meeting was asked all the same"
    hangs.set()
    await house.passes(1)
    await house.passes(1)
    await house.meetings.stop()
