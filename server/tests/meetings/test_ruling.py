"""What people may, who rules, and stopping everything: in force at once, on the channel and in the room alike."""

from __future__ import annotations

from typing import Any

import pytest

from folkmoot.meetings.door import Joined, Wish
from folkmoot.meetings.people import PRESETS

from .house import ADMISSION, House, MemoryJournal, Page

TWO_MINUTES_AGO = 121


def permitted(house: House, who: Page) -> Any:
    """What the room was last told that they may send."""
    told = [change["permit"][who.id] for _, change in house.media.asked if who.id in change.get("permit", {})]
    return told[-1] if told else None


async def test_a_switch_is_in_force_at_once_for_page_channel_and_media(house: House) -> None:
    ada, bo = await house.comes("Ada", host=True), await house.comes("Bo")
    await ada.do("meeting", "set_policy", may={"share": False, "react": False})
    assert "share" not in bo.you["may"] and "share" in ada.you["may"]
    assert permitted(house, bo) == ("microphone", "camera")
    assert permitted(house, ada) is None, "hosts may everything"
    assert await bo.do("reactions", "react", emoji="👍") == "meeting.not_allowed"
    assert bo.heard("policy")[-1]["preset"] == "custom" and bo.heard("policy")[-1]["may"]["share"] is False
    await ada.do("meeting", "set_policy", may={"share": True})
    assert permitted(house, bo) == ("microphone", "camera", "screen_share", "screen_share_audio")


async def test_what_one_person_may_is_theirs_alone_and_survives_their_return(house: House) -> None:
    ada, bo, cy = await house.comes("Ada", host=True), await house.comes("Bo"), await house.comes("Cy")
    await ada.do("meeting", "let", participant=bo.id, may={"chat": False})
    assert await bo.do("chat", "send", text="x") == "meeting.not_allowed"
    assert await bo.do("chat", "send", text="x", to=ada.id) == "meeting.not_allowed"
    assert isinstance(await cy.do("chat", "send", text="x"), int)
    assert ada.heard("overrides") == [{"participant": bo.id, "may": {"chat": False}}]
    assert cy.heard("overrides") == []
    await bo.do("meeting", "leave")
    again = await house.join("Bo", rejoin=bo.joined.rejoin)
    assert isinstance(again, Joined)
    bo.joined = again
    await bo.connect()
    house.settle()
    assert "chat" not in bo.you["may"]
    await ada.do("meeting", "let", participant=bo.id, may={"chat": None})
    assert "chat" in bo.you["may"]


async def test_chat_to_hosts_alone(house: House) -> None:
    ada, bo, cy = await house.comes("Ada", host=True), await house.comes("Bo"), await house.comes("Cy")
    await ada.do("meeting", "set_policy", chat="hosts")
    assert await bo.do("chat", "send", text="to all") == "meeting.not_allowed"
    assert await bo.do("chat", "send", text="to Cy", to=cy.id) == "meeting.not_allowed"
    assert isinstance(await bo.do("chat", "send", text="to Ada", to=ada.id), int)
    assert isinstance(await ada.do("chat", "send", text="to all"), int)
    await ada.do("meeting", "make_cohost", participant=cy.id)
    assert isinstance(await bo.do("chat", "send", text="to Cy", to=cy.id), int)


async def test_a_hard_mute_takes_the_microphone_and_the_sound_of_a_screen(house: House) -> None:
    ada, bo = await house.comes("Ada", host=True), await house.comes("Bo")
    await ada.do("meeting", "mute", participant=bo.id, source="microphone", hard=True)
    assert permitted(house, bo) == ("camera", "screen_share")
    assert "unmute" not in bo.you["may"]
    bo.media.clear()
    await bo.connect()
    house.settle()
    assert bo.media[-1]["token"].endswith(": camera screen_share"), "nor by a new token"
    terms = house.meetings.terms(f"m-{bo.joined.meeting.number}", bo.id)
    assert terms.sources == ("camera", "screen_share"), "nor by one from before"


async def test_muting_all_hard_is_the_policy(house: House) -> None:
    ada, bo = await house.comes("Ada", host=True), await house.comes("Bo")
    await ada.do("meeting", "mute_all", hard=True)
    late = await house.comes("Late")
    assert "unmute" not in bo.you["may"] and "unmute" not in late.you["may"] and "unmute" in ada.you["may"]


async def test_whoever_comes_in_muted_is_so_once_and_hosts_are_not(house: House) -> None:
    ada, bo = await house.comes("Ada", host=True), await house.comes("Bo")
    await ada.do("meeting", "set_policy", muteOnEntry=True)
    room = f"m-{bo.joined.meeting.number}"
    assert house.meetings.terms(room, bo.id).begins_muted
    assert not house.meetings.terms(room, bo.id).begins_muted, "a line that was lost mutes nobody again"
    assert not house.meetings.terms(room, ada.id).begins_muted


# --- who rules --------------------------------------------------------------------------------------------------------


async def test_the_first_who_holds_the_host_key_owns_the_first_who_comes_does_not(house: House) -> None:
    bo = await house.comes("Bo")
    ada = await house.comes("Ada", host=True)
    eve = await house.comes("Eve", host=True)
    assert (bo.you["role"], ada.you["role"], eve.you["role"]) == ("guest", "owner", "host")
    assert eve.snapshot["meeting"]["owner"] == ada.id and "own" in eve.you["may"]


async def test_a_cohost_hosts_and_appoints_nobody(house: House) -> None:
    ada, bo, cy = await house.comes("Ada", host=True), await house.comes("Bo"), await house.comes("Cy")
    await ada.do("meeting", "make_cohost", participant=bo.id)
    assert bo.you["role"] == "cohost" and "host" in bo.you["may"] and "own" not in bo.you["may"]
    assert isinstance(await bo.do("meeting", "mute", participant=cy.id, source="microphone"), int)
    assert await bo.do("meeting", "make_cohost", participant=cy.id) == "meeting.not_owner"
    for verb in ("mute", "remove"):
        payload = {"source": "microphone"} if verb == "mute" else {}
        assert await bo.do("meeting", verb, participant=ada.id, **payload) == "meeting.outranked"
    await ada.do("meeting", "unmake_cohost", participant=bo.id)
    assert bo.you["role"] == "guest" and await bo.do("meeting", "lock", locked=True) == "meeting.not_host"


async def test_handed_over_and_taken_back_by_who_holds_the_key(house: House) -> None:
    ada, bo = await house.comes("Ada", host=True), await house.comes("Bo")
    await ada.do("meeting", "hand_over", participant=bo.id)
    assert (ada.you["role"], bo.you["role"]) == ("host", "owner")
    assert await bo.do("meeting", "take_back") == "meeting.not_owner"
    await ada.do("meeting", "take_back")
    assert (ada.you["role"], bo.you["role"]) == ("owner", "host")
    await ada.do("meeting", "unmake_cohost", participant=bo.id)
    assert bo.you["role"] == "guest"


async def test_the_owner_comes_back_as_owner_by_another_browser_and_after_a_restart(house: House) -> None:
    ada = await house.comes("Ada", host=True)
    await house.comes("Bo")
    await house.restart()
    ada.seen = None
    await ada.connect()
    house.settle()
    assert ada.you["role"] == "owner"
    await ada.do("meeting", "leave")
    other = await house.comes("Ada", host=True)
    assert other.you["role"] == "host" and "own" in other.you["may"], "the key is enough to host"
    await other.do("meeting", "take_back")
    assert other.you["role"] == "owner"


async def test_when_the_last_host_leaves_the_named_one_takes_over_else_nobody_hosts(house: House) -> None:
    ada, bo = await house.comes("Ada", host=True), await house.comes("Bo")
    await ada.do("meeting", "name_successor", participant=bo.id)
    ada.cut()
    await house.passes(31)
    assert bo.you["role"] == "cohost" and bo.heard("hosted") == []
    await bo.do("meeting", "leave")
    cy = await house.comes("Cy")
    assert cy.snapshot["meeting"]["hosted"] is False and cy.you["role"] == "guest"


async def test_a_room_without_a_host_says_so(house: House) -> None:
    ada, bo = await house.comes("Ada", host=True), await house.comes("Bo")
    await ada.do("meeting", "leave")
    assert bo.heard("hosted") == [{"hosted": False}] and bo.you["role"] == "guest"
    await house.comes("Ada", host=True)
    assert bo.heard("hosted")[-1] == {"hosted": True}


async def test_a_lost_host_key_is_replaced_by_its_owner(house: House) -> None:
    ada, bo = await house.comes("Ada", host=True), await house.comes("Bo")
    assert house.created
    number = ada.joined.meeting.number
    hers, his = (house.meetings.read_ticket(number, p.joined.channel_token) for p in (ada, bo))
    assert hers and his
    refused = await house.meetings.replace_host_key(his)
    assert not isinstance(refused, str) and refused.code == "meeting.not_owner"
    key = await house.meetings.replace_host_key(hers)
    assert isinstance(key, str)
    old = await house.join("Thief", admission=ADMISSION, host_key=house.created.host_key)
    assert isinstance(old, Joined) and old.role == "guest"
    new = await house.join("Ada", admission=ADMISSION, host_key=key)
    assert isinstance(new, Joined) and new.role == "host"


# --- spotlight, asking, stopping --------------------------------------------------------------------------------------


async def test_four_are_in_the_spotlight_at_most_and_leave_it_with_the_meeting(house: House) -> None:
    ada, bo = await house.comes("Ada", host=True), await house.comes("Bo")
    await ada.do("meeting", "spotlight", participants=[bo.id, ada.id])
    assert bo.heard("spotlight") == [{"participants": [bo.id, ada.id]}]
    five = ["p_1", "p_2", "p_3", "p_4", "p_5"]
    assert await ada.do("meeting", "spotlight", participants=five) == "meeting.unknown_command"
    assert await ada.do("meeting", "spotlight", participants=["p_1"]) == "meeting.unknown_participant"
    await bo.do("meeting", "leave")
    assert (await house.comes("Cy")).snapshot["meeting"]["spotlight"] == [ada.id]


async def test_who_may_not_share_may_ask(house: House) -> None:
    ada, bo, cy = await house.comes("Ada", host=True), await house.comes("Bo"), await house.comes("Cy")
    await bo.do("meeting", "ask_to_share")
    assert ada.heard("asks_to_share") == []
    await ada.do("meeting", "set_policy", may={"share": False})
    await bo.do("meeting", "ask_to_share")
    assert ada.heard("asks_to_share") == [{"participant": bo.id}] and cy.heard("asks_to_share") == []


async def test_everything_is_stopped_and_goes_on_switch_by_switch(house: House) -> None:
    ada, bo = await house.comes("Ada", host=True), await house.comes("Bo")
    await ada.do("meeting", "set_policy", may={"draw": False})
    await ada.do("meeting", "let", participant=bo.id, may={"draw": True})
    await bo.do("chat", "send", text="something vile")
    before = bo.heard("policy")[-1]
    await ada.do("meeting", "stop_everything")
    assert bo.you["may"] == [] and "chat" in ada.you["may"]
    assert permitted(house, bo) == ()
    assert bo.heard("stopped") == [
        {"at": "2026-01-01T12:00:00+00:00", "by": ada.id, "name": "Ada", "kept": before}
    ]
    assert bo.heard("locked") == [{"locked": True}]
    [recent] = ada.heard("recent")
    assert [(one["name"], [did["what"] for did in one["did"]]) for one in recent["people"]] == [
        ("Bo", ["chat.sent", "meeting.joined"])
    ]
    assert "vile" not in str(recent) and bo.heard("recent") == []
    await ada.do("meeting", "resume", what="chat")
    assert bo.you["may"] == ["chat", "chat_hosts"]
    assert bo.heard("resumed")[-1] == {"what": "chat", "over": False}
    await ada.do("meeting", "resume", what="all")
    assert bo.heard("policy")[-1] == before and bo.heard("locked")[-1] == {"locked": False}
    assert bo.heard("resumed")[-1] == {"what": "all", "over": True}
    assert await ada.do("meeting", "resume", what="all") == "meeting.not_stopped"


async def test_each_switch_given_back_is_the_end_of_the_stop(house: House) -> None:
    ada, bo = await house.comes("Ada", host=True), await house.comes("Bo")
    before = set(bo.you["may"])
    await ada.do("meeting", "stop_everything")
    for what in ("unmute", "video", "share", "chat", "react", "rename", "draw", "files"):
        await ada.do("meeting", "resume", what=what)
    assert set(bo.you["may"]) == before and bo.heard("resumed")[-1]["over"] is False
    await ada.do("meeting", "resume", what="lock")
    assert bo.heard("resumed")[-1]["over"] is True
    assert (await house.comes("Cy")).snapshot["meeting"]["stopped"] is None


async def test_a_stop_survives_a_restart(house: House) -> None:
    ada, bo = await house.comes("Ada", host=True), await house.comes("Bo")
    await ada.do("meeting", "stop_everything")
    await house.restart()
    for page in (ada, bo):
        page.seen = None
        await page.connect()
    house.settle()
    assert bo.you["may"] == [] and bo.snapshot["meeting"]["stopped"]["name"] == "Ada"


async def test_what_was_done_long_ago_is_not_recent(house: House) -> None:
    ada, bo = await house.comes("Ada", host=True), await house.comes("Bo")
    await bo.do("chat", "send", text="hello")
    house.clock.advance(TWO_MINUTES_AGO)
    await ada.do("meeting", "stop_everything")
    assert ada.heard("recent") == [{"people": []}]


async def test_a_report_is_told_to_nobody_and_kept(house: House) -> None:
    ada, bo, cy = await house.comes("Ada", host=True), await house.comes("Bo"), await house.comes("Cy")
    await bo.do("chat", "send", text="something vile")
    assert isinstance(await cy.do("meeting", "report", participant=bo.id, what="insults"), int)
    assert all(page.heard("reported") == [] for page in (ada, bo, cy))
    assert isinstance(house.journal, MemoryJournal)
    events = house.journal.events[ada.joined.meeting.number]
    [kept] = [dict[str, Any](entry.payload) for entry in events if entry.type == "reported"]
    assert (kept["about"], kept["name"], kept["by_name"], kept["what"]) == (bo.id, "Bo", "Cy", "insults")
    assert [did["what"] for did in kept["did"]] == ["chat.sent", "meeting.joined"]
    assert await cy.do("meeting", "report", participant="p_x", what="") == "meeting.unknown_participant"


# --- presets ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("preset", list(PRESETS))
async def test_a_meeting_is_made_by_a_preset_and_says_which(preset: str) -> None:
    house = House()
    await house.create(preset=preset)
    ada = await house.comes("Ada", host=True)
    assert ada.snapshot["meeting"]["policy"]["preset"] == preset
    await ada.do("meeting", "set_policy", preset="open")
    assert ada.heard("policy")[-1:] == ([] if preset == "open" else [ada.heard("policy")[-1]])
    await ada.do("meeting", "set_policy", chat="off")
    assert ada.heard("policy")[-1]["preset"] == "custom"


async def test_what_is_no_preset_is_refused(house: House) -> None:
    refused = await house.meetings.create(Wish("", ADMISSION, "secret"), "")
    assert getattr(refused, "code", "") == "meeting.unknown_preset"
    ada = await house.comes("Ada", host=True)
    assert await ada.do("meeting", "set_policy", preset="secret") == "meeting.unknown_preset"
    assert await ada.do("meeting", "set_policy", waitingLine="a\nb") == "meeting.line_invalid"
    assert await ada.do("meeting", "set_policy", chat="sometimes") == "meeting.unknown_command"
