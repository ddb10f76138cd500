"""Strangers wait, and learn nothing; who is invited walks in; hosts answer."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from folkmoot.kit import Refusal
from folkmoot.meetings import model
from folkmoot.meetings.door import Joined
from folkmoot.meetings.invitations import MOST_AT_ONCE
from folkmoot.meetings.messages import Do
from folkmoot.meetings.model import Settings
from folkmoot.meetings.newcomers import MOST_OF_A_NETWORK
from folkmoot.meetings.people.entering import MOST_WAITING

from .house import ADMISSION, House, Page


async def careful(**wish: Any) -> tuple[House, Page]:
    house = House()
    await house.create(preset="careful", **wish)
    return house, await house.comes("Ada", host=True)


async def test_a_guest_waits_and_is_let_in() -> None:
    house, ada = await careful()
    bo = await house.comes("Bo")
    assert (bo.waits, bo.you["may"], bo.media) == ("waiting", [], [])
    [waits] = ada.heard("waiting")
    assert (waits["name"], waits["marks"]) == ("Bo", [])
    assert ada.heard("joined") == []
    await ada.do("meeting", "admit", participant=bo.id)
    assert bo.waits is None and bo.you["role"] == "guest" and len(bo.media) == 1
    assert ada.heard("joined") == [{"id": bo.id, "name": "Bo", "role": "guest", "kind": "guest", "org": ""}]
    assert [p["name"] for p in bo.snapshot["meeting"]["people"]] == ["Ada", "Bo"]
    assert isinstance(await bo.do("chat", "send", text="hello"), int)


async def test_who_is_let_in_hears_who_is_away() -> None:
    house, ada = await careful()
    cy, bo = await house.comes("Cy"), await house.comes("Bo")
    await ada.do("meeting", "admit", participant=cy.id)
    cy.cut()
    await house.passes(4)
    assert bo.events == [], "who waits hears of nobody"
    await ada.do("meeting", "admit", participant=bo.id)
    assert bo.heard("away") == [{"participant": cy.id}]


async def test_what_who_waits_is_told_names_nobody() -> None:
    house, ada = await careful()
    await ada.do("chat", "send", text="the secret plan")
    bo = await house.comes("Bo")
    wire = bo.wire
    await house.comes("Cy")
    await ada.do("chat", "send", text="more of the plan")
    await ada.do("reactions", "react", emoji="👍")
    await ada.do("meeting", "mute_all")
    await ada.do("meeting", "rename", name="Ada L.")
    said = json.dumps(bo.welcomes)
    for word in ("Ada", "Cy", "plan", "Standup", ada.id):
        assert word not in said
    assert bo.events == [] and len(bo.welcomes) == 1 and bo.welcomes[0]["seq"] == 0
    assert wire is not None and wire.frames == 1
    await ada.do("meeting", "set_policy", showTitle=True, waitingLine="We begin at nine.")
    shown = bo.snapshot["meeting"]["waiting"]
    assert shown == {"reason": "waiting", "line": "We begin at nine.", "title": "Standup", "host": "Ada L."}


@pytest.mark.parametrize(("feature", "type"), [("meeting", "leave"), ("chat", "send"), ("meeting", "admit")])
async def test_who_waits_may_only_leave_and_say_their_name(feature: str, type: str) -> None:
    house, ada = await careful()
    bo = await house.comes("Bo")
    payloads: dict[str, dict[str, Any]] = {"send": {"text": "let me in"}, "admit": {"participant": bo.id}}
    answer = await bo.do(feature, type, **payloads.get(type, {}))
    if type == "leave":
        assert ada.heard("waiting_left") == [{"id": bo.id, "reason": "left"}]
    else:
        assert answer == "meeting.not_admitted" and bo.waits and ada.heard("joined", "sent") == []


async def test_no_host_no_meeting_and_nobody_needs_to_be_let_in_when_one_comes() -> None:
    house = House()
    await house.create(preset="open")
    ada = await house.comes("Ada", host=True)
    await ada.do("meeting", "set_policy", withoutHost="wait")
    await ada.do("meeting", "leave")
    bo = await house.comes("Bo")
    assert bo.waits == "no_host" and not bo.media
    ada = await house.comes("Ada", host=True)
    assert bo.waits is None and bo.media
    names = [p["name"] for p in ada.snapshot["meeting"]["people"]]
    assert sorted(names) == ["Ada", "Bo"]


async def test_whoever_needs_a_host_to_look_still_waits_when_one_comes() -> None:
    house = House()
    await house.create(preset="careful")
    bo = await house.comes("Bo")
    assert bo.waits == "no_host"
    ada = await house.comes("Ada", host=True)
    assert bo.waits == "waiting"
    assert [w["name"] for w in ada.snapshot["meeting"]["waiting"]] == ["Bo"]


async def test_who_was_let_in_before_walks_in_also_after_a_restart() -> None:
    house, ada = await careful()
    bo = await house.comes("Bo")
    await ada.do("meeting", "admit", participant=bo.id)
    await bo.do("meeting", "leave")
    again = await house.join("Bo", rejoin=bo.joined.rejoin)
    assert isinstance(again, Joined)
    bo.joined = again
    await house.restart()
    await ada.connect()
    bo.seen = None
    await bo.connect()
    house.settle()
    assert bo.waits is None and bo.you["role"] == "guest"


async def test_who_waits_goes_on_waiting_over_a_restart_and_is_gone_when_they_are() -> None:
    house, ada = await careful()
    bo = await house.comes("Bo")
    await house.restart()
    ada.seen = None
    await ada.connect()
    house.settle()
    assert [w["id"] for w in ada.snapshot["meeting"]["waiting"]] == [bo.id]
    await bo.connect()
    house.settle()
    assert bo.waits == "waiting"
    bo.cut()
    await house.passes(31)
    assert ada.heard("waiting_left") == [{"id": bo.id, "reason": "lost"}]


async def test_a_no_is_told_and_keeps_its_bearer_away_for_a_minute() -> None:
    house, ada = await careful()
    bo = await house.comes("Bo")
    wire = bo.wire
    await ada.do("meeting", "deny", participant=bo.id)
    house.settle()
    assert wire is not None and wire.code == 4005
    assert bo.denied == [{"code": "meeting.turned_away", "params": {}}]
    await bo.connect()
    assert bo.refused_entry == Refusal("meeting.turned_away")
    house.clock.advance(61)
    await bo.connect()
    house.settle()
    assert bo.refused_entry is None and bo.waits


async def test_deny_and_block_is_for_good_on_that_device() -> None:
    house, ada = await careful()
    device = model.encode(b"x" * 16)
    bo = await house.comes("Bo", device=device)
    await ada.do("meeting", "deny", participant=bo.id, block=True)
    house.clock.advance(3600)
    again = await house.join("Robert", admission=ADMISSION, device=device, address="203.0.113.9")
    assert isinstance(again, Joined)
    page = Page(house, again)
    await page.connect()
    assert page.refused_entry is not None and page.refused_entry.code == "meeting.removed"


async def test_names_that_look_the_same_are_marked() -> None:
    house, ada = await careful()
    await house.comes("ADA")
    await house.comes("Bo")
    await house.comes("Ｂｏ")
    marks = {w["name"]: w["marks"] for w in ada.heard("waiting")}
    assert marks == {"ADA": ["host_name"], "Bo": [], "Ｂｏ": ["same_name"]}


async def test_sent_to_the_waiting_room_one_hears_nothing_more() -> None:
    house, ada = await careful()
    bo = await house.comes("Bo")
    await ada.do("meeting", "admit", participant=bo.id)
    house.media.asked.clear()
    await ada.do("meeting", "send_to_waiting", participant=bo.id)
    assert bo.waits == "sent" and bo.you["may"] == []
    assert house.media.asked == [(f"m-{ada.joined.meeting.number}", {"remove": [bo.id]})]
    heard = len(bo.events)
    await ada.do("chat", "send", text="about Bo")
    await bo.connect()
    house.settle()
    assert bo.waits == "sent" and len(bo.events) == heard
    assert not house.meetings.may_be_inside(f"m-{ada.joined.meeting.number}", bo.id)
    await ada.do("meeting", "admit", participant=bo.id)
    assert bo.waits is None and "about Bo" not in str(bo.events)


async def test_two_hosts_are_needed_where_the_meeting_says_so() -> None:
    house, ada = await careful()
    eve = await house.comes("Eve", host=True)
    await ada.do("meeting", "set_policy", hostsToAdmit=2)
    bo = await house.comes("Bo")
    await ada.do("meeting", "admit", participant=bo.id)
    await ada.do("meeting", "admit", participant=bo.id)
    assert bo.waits and len(eve.heard("admitted_by")) == 1, "one host's yes is one"
    ada.seen = None
    await ada.connect()
    house.settle()
    assert [one["yes"] for one in ada.snapshot["meeting"]["waiting"]] == [[ada.id]], "a reload forgets no yes"
    await eve.do("meeting", "admit", participant=bo.id)
    assert bo.waits is None


async def test_a10_two_hosts_race_to_admit_and_deny() -> None:
    """Whatever the order: one outcome, told alike to both, and the second hears that it was too late."""
    for first, second in (("admit", "deny"), ("deny", "admit")):
        house, ada = await careful()
        eve = await house.comes("Eve", host=True)
        bo = await house.comes("Bo")
        one, other = (
            ada.ask("meeting", first, participant=bo.id),
            eve.ask("meeting", second, participant=bo.id),
        )
        await asyncio.gather(ada.send(one), eve.send(other))
        house.settle()
        assert isinstance(ada.answers[one], int) and eve.answers[other] == "meeting.not_waiting"
        inside = [p for p in ada.heard("joined") if p["id"] == bo.id]
        assert bool(inside) == (first == "admit") == bool(bo.media)
        assert ada.heard("joined", "waiting_left")[-1:] == eve.heard("joined", "waiting_left")[-1:]


async def test_a_flood_is_bounded_and_stops_nobody_who_is_invited() -> None:
    house, ada = await careful()
    await ada.do("meeting", "set_policy", waitingRoom="guests")
    for n in range(MOST_WAITING):
        joined = await house.join(f"Flood {n}", admission=ADMISSION, address=f"198.51.{n % 4}.7")
        assert isinstance(joined, Joined)
        page = Page(house, joined)
        await page.connect()
        assert page.refused_entry is None
    late = Page(house, await house.join("One more"))  # type: ignore[arg-type]
    await late.connect()
    assert late.refused_entry == Refusal("meeting.waiting_room_full")
    host = await house.comes("Eve", host=True)
    assert host.refused_entry is None and host.media
    assert isinstance(await ada.do("meeting", "admit_all"), int)
    assert len(ada.heard("joined")) == MOST_WAITING + 1


async def test_one_network_cannot_take_every_place_and_keeps_out_nobody_who_is_invited() -> None:
    house, ada = await careful()
    ticket = house.meetings.read_ticket(ada.joined.meeting.number, ada.joined.channel_token)
    own = model.encode(b"b" * 32)
    assert ticket and not isinstance(await house.meetings.invite(ticket, [("Bo", own)]), Refusal)
    codes = []
    for n in range(MOST_OF_A_NETWORK + 1):
        joined = await house.join(f"Flood {n}")
        assert isinstance(joined, Joined)
        page = Page(house, joined)
        await page.connect()
        codes.append(page.refused_entry.code if page.refused_entry else None)
    assert codes == [None] * MOST_OF_A_NETWORK + ["meeting.waiting_room_full"]
    assert (await house.comes("Cy", address="203.0.113.9")).waits == "waiting", "others have their places"
    assert (await house.comes("Bo", admission=own)).waits is None, (
        "who is invited by name walks in from there"
    )


async def test_a_school_behind_one_address_walks_in_by_links_of_their_own_at_nine() -> None:
    """Tickets for 2,000, at one moment and by no limit of their address; more than may wait of one network go in."""
    house, ada = await careful()
    ticket = house.meetings.read_ticket(ada.joined.meeting.number, ada.joined.channel_token)
    assert ticket
    links = [model.encode(n.to_bytes(32, "big")) for n in range(1, 2000)]
    for some in (links[n : n + MOST_AT_ONCE] for n in range(0, len(links), MOST_AT_ONCE)):
        made = await house.meetings.invite(ticket, [("Pupil", link) for link in some])
        assert not isinstance(made, Refusal)
        for link in some:
            joined = await house.join("Pupil", admission=link)
            assert isinstance(joined, Joined) and joined.role == "member"
            if some[0] is links[0]:
                page = Page(house, joined)
                await page.connect()
                assert page.refused_entry is None
    assert ada.meeting and len(ada.meeting.state.people) == 1 + MOST_AT_ONCE and not ada.meeting.state.waiting


async def test_who_comes_and_goes_without_end_is_told_to_wait_before_waiting() -> None:
    house, ada = await careful()
    codes = []
    for n in range(700):
        joined = await house.join(f"Flood {n}")
        assert isinstance(joined, Joined)
        page = Page(house, joined)
        await page.connect()
        codes.append(page.refused_entry.code if page.refused_entry else None)
        if page.wire is not None:
            await page.do("meeting", "leave")
    assert set(codes[-50:]) == {"meeting.waiting_room_full"} and ada.refused_entry is None


async def test_an_old_client_hears_that_it_knows_no_waiting_room() -> None:
    house, _ = await careful()
    refused = await house.join("Old", admission=ADMISSION, device=None)
    assert refused == Refusal("meeting.waits")


async def test_a_knock_on_a_locked_door_is_heard_by_hosts_once_a_minute() -> None:
    house, ada = await careful()
    await ada.do("meeting", "lock", locked=True)
    joined = await house.join("Bo")
    assert isinstance(joined, Joined)
    bo = Page(house, joined)
    for _ in range(3):
        await bo.connect(knock=True)
        assert bo.refused_entry == Refusal("meeting.locked")
    house.settle()
    assert ada.heard("knocks") == [{"name": "Bo"}]
    silent = Page(house, joined)
    house.clock.advance(61)
    await silent.connect()
    house.settle()
    assert len(ada.heard("knocks")) == 1


async def test_a_full_meeting_keeps_out_who_would_walk_in() -> None:
    house = House(settings=Settings(most_people=2))
    await house.create()
    await house.comes("Ada", host=True)
    await house.comes("Bo")
    joined = await house.join("Cy")
    assert isinstance(joined, Joined)
    page = Page(house, joined)
    await page.connect()
    assert page.refused_entry == Refusal("meeting.full", {"most": 2})


# --- another name while waiting ---------------------------------------------------------------------------------------


async def test_who_waits_may_call_themselves_something_else_and_hosts_see_it() -> None:
    house, ada = await careful()
    bo = await house.comes("Bo")
    assert await bo.do("meeting", "rename", name="Ada") == 0, "no number of the log"
    del bo.answers["c1"]
    bo.pending["c1"] = Do(id="c1", feature="meeting", type="rename", payload={"name": "Ada"})
    await bo.send("c1")
    house.settle()
    assert bo.answers["c1"] == 0, "nor when it is asked again"
    assert bo.you["name"] == "Ada" and bo.waits == "waiting" and len(bo.welcomes) == 1
    told = ada.heard("waiting")[-1]
    assert (told["id"], told["name"], told["marks"]) == (bo.id, "Ada", ["host_name"])
    assert await bo.do("meeting", "rename", name="Bob") == "meeting.rate_limited", "no crowd of names"
    assert await bo.do("meeting", "rename", name="\u202e") == "name.invalid"
    house.clock.advance(5)
    await bo.do("meeting", "rename", name="Bob")
    assert ada.heard("waiting")[-1]["marks"] == []
    await bo.connect()
    house.settle()
    assert bo.you["name"] == "Bob", "a line that was lost takes it back from nobody"
    await ada.do("meeting", "admit", participant=bo.id)
    assert ada.heard("joined")[-1]["name"] == "Bob" and bo.you["name"] == "Bob"
    await house.restart()
    for page in (ada, bo):
        page.seen = None
        await page.connect()
    house.settle()
    assert bo.you["name"] == "Bob", "nor does a ticket from before"


async def test_a_yes_to_one_name_is_none_to_another() -> None:
    house, ada = await careful()
    eve = await house.comes("Eve", host=True)
    await ada.do("meeting", "set_policy", hostsToAdmit=2)
    bo = await house.comes("Bo")
    await ada.do("meeting", "admit", participant=bo.id)
    await bo.connect()
    house.settle()
    await bo.do("meeting", "rename", name="The Minister")
    assert ada.heard("waiting")[-1]["yes"] == []
    await eve.do("meeting", "admit", participant=bo.id)
    assert bo.waits
    await ada.do("meeting", "admit", participant=bo.id)
    assert bo.waits is None


async def test_the_name_of_a_personal_link_stays_while_waiting_too(house: House) -> None:
    await house.create(preset="summit")
    ada = await house.comes("Ada", host=True)
    ticket = house.meetings.read_ticket(ada.joined.meeting.number, ada.joined.channel_token)
    own = model.encode(b"b" * 32)
    assert ticket and not isinstance(await house.meetings.invite(ticket, [("Bo", own)]), Refusal)
    bo = await house.comes("Anything", admission=own)
    assert bo.waits and await bo.do("meeting", "rename", name="Boss") == "meeting.not_allowed"
