"""The door of a planned meeting: who comes in, who waits for its time, who is told that it is over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from folkmoot.accounts import AccountChanged, AccountId
from folkmoot.accounts.store import change_account
from folkmoot.calendar import Picturing
from folkmoot.kit import Refusal
from folkmoot.meetings.messages import Do

from .conftest import Line, Person, School, enters, join, proof_of

NINE = "2026-01-01T13:00"
"""One hour after the clock of these scenes begins."""


async def later(school: School, at: str) -> None:
    wanted = datetime.fromisoformat(at + "+00:00")
    school.clock.advance((wanted - school.clock.now()).total_seconds())


async def came(line: Line | Refusal) -> Line:
    assert isinstance(line, Line), line
    return line


async def do(line: Any, feature: str, type: str, **payload: Any) -> None:
    await line.meeting.do(
        line.id, line, Do(id=f"c{len(line.told)}", feature=feature, type=type, payload=payload)
    )
    assert not [one for one in line.told if "refused" in one], line.told[-1]


async def refused(answer: Any) -> tuple[str, Any]:
    assert answer.status_code >= 400
    return answer.json()["code"], answer.json()["params"]


async def test_a_guest_waits_for_the_time_and_the_owner_does_not(ada: Person, school: School) -> None:
    made = await ada.plans(starts=NINE, time_zone="UTC")
    guest, number = school.browser(), made["number"]
    code, params = await refused(await join(guest, number, "Gus", **proof_of(made["link"])))
    assert code == "meeting.not_started" and params["retry_after_s"] == 30
    assert (params["starts_at"], params["opens_at"]) == (
        "2026-01-01T13:00:00+00:00",
        "2026-01-01T12:50:00+00:00",
    )
    owner = await came(await enters(school, ada.client, number))
    assert owner.you["role"] == "owner" and owner.snapshot["meeting"]["people"][0]["kind"] == "member"
    there = await came(await enters(school, guest, number, "Gus", **proof_of(made["link"])))
    assert there.you["role"] == "guest"
    assert [(one["name"], one["kind"]) for one in there.snapshot["meeting"]["people"]] == [
        ("Ada", "member"),
        ("Gus", "guest"),
    ]


async def test_it_opens_some_minutes_early_without_a_host(ada: Person, school: School) -> None:
    made = await ada.plans(starts=NINE, time_zone="UTC", early_minutes=5)
    await later(school, "2026-01-01T12:56")
    await came(await enters(school, school.browser(), made["number"], "Gus", **proof_of(made["link"])))
    board = await ada.asks("GET", "/api/calendar")
    assert [(one["title"], one["state"]) for one in board["now"]] == [("Physics", "running")]


async def test_a_stranger_hears_nothing_of_a_plan(ada: Person, school: School) -> None:
    made = await ada.plans(starts=NINE, time_zone="UTC")
    eve = await school.person("Eve", "eve@other.example")
    for client in (school.browser(), eve.client):
        planned = await join(client, made["number"], "Eve", admission="A" * 43)
        nobodys = await join(client, "999999999999", "Eve", admission="A" * 43)
        assert (planned.status_code, planned.content) == (nobodys.status_code, nobodys.content)


async def test_each_week_has_a_log_of_its_own_and_no_ban_is_forgotten(ada: Person, school: School) -> None:
    made = await ada.plans(starts=NINE, time_zone="UTC", rrule="FREQ=WEEKLY;COUNT=2")
    number, link = made["number"], proof_of(made["link"])
    owner = await came(await enters(school, ada.client, number))
    bo = await school.person("Bo", "bo@x.example")
    there = await came(await enters(school, bo.client, number, **link))
    await do(owner, "chat", "send", text="first week")
    await do(owner, "meeting", "remove", participant=there.id)  # type: ignore[attr-defined]
    await later(school, "2026-01-01T13:05")
    await do(owner, "meeting", "end")
    code, params = await refused(await join(school.browser(), number, "Gus", **link))
    assert code == "meeting.over" and params["ended_at"].startswith("2026-01-01T13:05") and params["id"] == ""
    await later(school, "2026-01-08T12:55")
    guest = await came(await enters(school, school.browser(), number, "Gus", **link))
    assert guest.snapshot["chat"]["messages"] == [] if "messages" in guest.snapshot["chat"] else True
    assert "first week" not in str(guest.told)
    again = await enters(school, bo.client, number, "Other", **link)
    assert isinstance(again, Refusal) and again.code == "meeting.removed"
    earlier = (await ada.asks("GET", "/api/calendar"))["earlier"]
    assert [(one["n"], one["people"]) for one in earlier] == [(1, 2)]


async def test_who_tries_it_out_before_its_time_and_ends_it_takes_nothing_from_those_who_come_then(
    ada: Person, school: School
) -> None:
    bo = await school.person("Bo", "bo@x.example")
    made = await ada.plans(starts=NINE, time_zone="UTC", early_minutes=10, people=[{"to": bo.id}])
    number, link = made["number"], proof_of(made["link"])
    owner = await came(await enters(school, ada.client, number))
    await do(owner, "meeting", "end")
    code, params = await refused(await join(school.browser(), number, "Gus", **link))
    assert code == "meeting.not_started" and params["opens_at"].startswith("2026-01-01T12:50")
    await later(school, "2026-01-01T12:55")
    board = await bo.asks("GET", "/api/calendar")
    assert [one["state"] for one in [*board["now"], *board["coming"]]] == ["open"]
    await came(await enters(school, school.browser(), number, "Gus", **link))


async def test_what_its_host_has_ended_is_offered_to_nobody_who_could_not_come(
    ada: Person, school: School
) -> None:
    """As the door has it: over until its next time, unless a host begins it again."""
    bo = await school.person("Bo", "bo@x.example")
    made = await ada.plans(starts="2026-01-01T12:05", time_zone="UTC", people=[{"to": bo.id}])
    rule = {"starts": "2026-01-01T12:05", "time_zone": "UTC", "rrule": "FREQ=WEEKLY;COUNT=2"}
    weekly = await ada.plans("Chess", people=[{"to": bo.id}], **rule)

    async def shown(who: Person) -> list[tuple[str, str]]:
        board = await who.asks("GET", "/api/calendar")
        there = [*board["now"], *board["coming"]]
        return [(one["title"], one["state"]) for one in there if one["starts_at"] < "2026-01-02"]

    both = [("Chess", "open"), ("Physics", "open")]
    assert (sorted(await shown(ada)), sorted(await shown(bo))) == (both, both)
    for number in (made["number"], weekly["number"]):
        owner = await came(await enters(school, ada.client, number))
        await do(owner, "meeting", "end")
    code, _ = await refused(await join(bo.client, made["number"]))
    assert code == "meeting.over"
    assert await shown(bo) == []
    assert (await bo.asks("GET", "/api/calendar"))["next"]["starts_at"].startswith("2026-01-08")
    assert sorted(await shown(ada)) == both, "a host may begin it again"
    await came(await enters(school, ada.client, made["number"]))
    assert await shown(bo) == [("Physics", "running")]


async def test_a_ticket_of_one_week_opens_nothing_of_the_next(ada: Person, school: School) -> None:
    made = await ada.plans(starts="2026-01-01T12:05", minutes=5, time_zone="UTC", rrule="FREQ=DAILY;COUNT=2")
    number, link = made["number"], proof_of(made["link"])
    first = (await join(school.browser(), number, "Gus", **link)).json()
    owner = await came(await enters(school, ada.client, number))
    await do(owner, "meeting", "end")
    await later(school, "2026-01-01T23:59")
    await enters(school, ada.client, number)
    ticket = school.meetings.read_ticket(number, first["channel_token"])
    assert ticket is not None
    refusal = await school.meetings.enter(ticket, Line(), None)
    assert isinstance(refusal, Refusal) and refusal.code == "meeting.ended"
    assert (await join(school.browser(), number, "Gus", rejoin=first["rejoin"])).status_code == 404


async def test_who_is_invited_needs_no_link_and_a_cohost_hosts(ada: Person, school: School) -> None:
    bo, cy = await school.person("Bo", "bo@x.example"), await school.person("Cy", "cy@x.example")
    people_ = [{"to": "bo@x.example", "cohost": True}, {"to": cy.id}]
    made = await ada.plans(starts=NINE, time_zone="UTC", waiting_room="guests", people=people_)
    host = await came(await enters(school, bo.client, made["number"]))
    assert host.you["role"] == "cohost"
    member = await came(await enters(school, cy.client, made["number"], "The Dean"))
    assert member.you["role"] == "member" and member.you["name"] == "Cy", "names come from the account"


async def test_for_people_with_an_account_and_for_the_invited(ada: Person, school: School) -> None:
    bo = await school.person("Bo", "bo@x.example")
    signed = await ada.plans(starts="2026-01-01T12:05", time_zone="UTC", who="signed_in")
    assert (await refused(await join(school.browser(), signed["number"], "G", **proof_of(signed["link"]))))[
        0
    ] == "meeting.sign_in"
    outsider = await came(await enters(school, bo.client, signed["number"], **proof_of(signed["link"])))
    assert outsider.snapshot["meeting"]["people"][0]["kind"] == "outsider", "signed in, and not invited"
    listed = await ada.plans(
        starts="2026-01-01T12:05", time_zone="UTC", who="invited", people=[{"to": "cy@x.example"}]
    )
    assert await refused(await join(bo.client, listed["number"], **proof_of(listed["link"]))) == (
        "meeting.not_invited",
        {"account": "Bo"},
    )
    own = proof_of(listed["people"][0]["link"])
    assert (await join(school.browser(), listed["number"], "Cy", **own)).status_code == 200


async def test_a_personal_link_lets_one_in_and_the_second_waits(ada: Person, school: School) -> None:
    made = await ada.plans(
        starts="2026-01-01T12:05", time_zone="UTC", people=[{"to": "cy@x.example", "name": "Cy"}]
    )
    own = proof_of(made["people"][0]["link"])
    first = await came(await enters(school, school.browser(), made["number"], "someone", **own))
    assert first.you["name"] == "Cy"
    second = await came(await enters(school, school.browser(), made["number"], "someone else", **own))
    assert second.you["role"] == "waiting"
    assert first.heard("link_used_elsewhere")
    path = f"/api/calendar/meetings/{made['id']}/people/{made['people'][0]['id']}"
    await ada.asks("DELETE", path, 204)
    assert (await join(school.browser(), made["number"], "third", **own)).status_code == 404
    renewed = await ada.asks("POST", path + "/renew")
    assert (await join(school.browser(), made["number"], "Cy", **own)).status_code == 404
    assert (
        await join(school.browser(), made["number"], "Cy", **proof_of(renewed["link"]))
    ).status_code == 200


async def test_as_many_as_there_are_places(ada: Person, school: School) -> None:
    made = await ada.plans(starts="2026-01-01T12:05", time_zone="UTC", capacity=1)
    link = proof_of(made["link"])
    await came(await enters(school, school.browser(), made["number"], "One", **link))
    full = await enters(school, school.browser(), made["number"], "Two", **link)
    assert full == Refusal("meeting.full", {"most": 1})
    await came(await enters(school, ada.client, made["number"]))


async def test_an_instant_meeting_is_owned_by_its_account_and_once(ada: Person, school: School) -> None:
    made = await ada.asks("POST", "/api/calendar/now", 201, title="Quick")
    owner = await came(await enters(school, ada.client, made["number"]))
    assert owner.you["role"] == "owner"
    await do(owner, "meeting", "end")
    code, params = await refused(await join(ada.client, made["number"]))
    assert code == "meeting.over" and params["id"] == made["id"]


async def test_a_room_opens_again_and_again(ada: Person, school: School) -> None:
    room = await ada.asks("GET", "/api/calendar/room")
    for _ in range(2):
        owner = await came(await enters(school, ada.client, room["number"]))
        await do(owner, "meeting", "end")
    guest = await came(
        await enters(school, school.browser(), room["number"], "Gus", **proof_of(room["link"]))
    )
    assert guest.you["role"] == "waiting", "until its host is there"


async def test_what_is_cancelled_says_so_to_who_was_invited(ada: Person, school: School) -> None:
    made = await ada.plans(starts=NINE, time_zone="UTC")
    await ada.asks("DELETE", f"/api/calendar/meetings/{made['id']}", 204)
    assert (await refused(await join(school.browser(), made["number"], "G", **proof_of(made["link"]))))[
        0
    ] == "meeting.cancelled"
    assert (await join(school.browser(), made["number"], "G", admission="A" * 43)).status_code == 404


async def test_a_break_does_not_end_a_class_and_being_deserted_after_it_does(
    ada: Person, school: School
) -> None:
    made = await ada.plans(starts="2026-01-01T12:05", minutes=60, time_zone="UTC")
    owner = await came(await enters(school, ada.client, made["number"]))
    await do(owner, "meeting", "leave")
    school.clock.advance(30 * 60)
    await school.meetings.tick()
    again = await came(await enters(school, ada.client, made["number"]))
    assert again.snapshot["meeting"]["startedAt"].startswith("2026-01-01T12:00")
    await do(again, "meeting", "leave")
    school.clock.advance(60 * 60)
    await school.meetings.tick()
    assert [one["n"] for one in (await ada.asks("GET", "/api/calendar"))["earlier"]] == [1]


async def test_what_was_kept_goes_with_retention_and_the_series_stays(ada: Person, school: School) -> None:
    made = await ada.plans(starts="2026-01-01T12:05", time_zone="UTC", rrule="FREQ=MONTHLY;COUNT=6")
    owner = await came(await enters(school, ada.client, made["number"]))
    await do(owner, "meeting", "end")
    for _ in range(2):
        school.clock.advance(16 * 24 * 3600)
        await school.meetings.tick()
        await ada.asks("GET", "/api/account")
    assert (await ada.asks("GET", "/api/calendar"))["earlier"] == []
    await came(await enters(school, ada.client, made["number"]))


async def test_number_and_passcode_let_in_unless_the_planner_says_no(ada: Person, school: School) -> None:
    made = await ada.plans(starts=NINE, time_zone="UTC")
    path, guest = f"/api/calendar/meetings/{made['id']}", school.browser()
    await later(school, NINE)
    typed = {"passcode": made["passcode"]}
    assert (await join(guest, made["number"], "Guest", **typed)).status_code == 200
    closed = await ada.asks("PATCH", path, by_number=False)
    assert closed["passcode"] is None and closed["link"] == made["link"]
    assert (await join(guest, made["number"], "Another", **typed)).status_code == 403
    assert (await join(guest, made["number"], "By link", **proof_of(made["link"]))).status_code == 200
    assert (await ada.asks("PATCH", path, by_number=True))["passcode"] == made["passcode"]
    assert (await join(guest, made["number"], "Third", **typed)).status_code == 200


async def test_a_picture_that_is_changed_in_a_meeting_is_seen_by_who_is_there(school: School) -> None:
    ada, bo = await school.person("Ada", "ada@example.org"), await school.person("Bo", "bo@example.org")
    room = await ada.asks("POST", "/api/calendar/now", 201, waiting_room="off")
    picturing = Picturing(school.calendar, school.meetings.has_picture)
    proof = proof_of(room["link"])
    number = room["number"]
    at_ada = await came(await enters(school, ada.client, number))
    at_bo = await came(await enters(school, bo.client, number, **proof))
    guest = await came(await enters(school, school.browser(), number, "Cy", **proof))

    async def is_now(picture: str | None) -> None:
        async with school.office.at.storage.writing() as connection:
            await change_account(connection, AccountId(bo.id), picture=picture)
        school.office.at.bus.publish(AccountChanged(AccountId(bo.id)))
        await picturing.settled()

    await is_now("f_new")
    told = [{"participant": at_bo.id, "picture": "f_new"}]  # type: ignore[attr-defined]
    assert at_ada.heard("picture") == guest.heard("picture") == at_bo.heard("picture") == told
    await is_now("f_new")  # her name was changed, say
    assert at_ada.heard("picture") == told
    late = await came(await enters(school, school.browser(), number, "Di", **proof))
    assert [one.get("picture") for one in late.snapshot["meeting"]["people"]][:2] == [None, "f_new"]
    await is_now(None)
    assert guest.heard("picture")[-1]["picture"] == ""
    await picturing.stop()


async def test_hosts_see_the_new_picture_of_one_who_waits_and_all_see_it_when_they_are_in(
    school: School,
) -> None:
    ada, bo = await school.person("Ada", "ada@example.org"), await school.person("Bo", "bo@example.org")
    room = await ada.asks("POST", "/api/calendar/now", 201, waiting_room="everyone")
    picturing = Picturing(school.calendar, school.meetings.has_picture)
    number, proof = room["number"], proof_of(room["link"])
    at_ada = await came(await enters(school, ada.client, number))
    at_bo = await came(await enters(school, bo.client, number, "Bo", **proof))
    other = await came(await enters(school, school.browser(), number, "Cy", **proof))
    async with school.office.at.storage.writing() as connection:
        await change_account(connection, AccountId(bo.id), picture="f_new")
    school.office.at.bus.publish(AccountChanged(AccountId(bo.id)))
    await picturing.settled()
    who = at_bo.id  # type: ignore[attr-defined]
    assert at_ada.heard("picture") == [{"participant": who, "picture": "f_new"}]
    assert at_bo.heard("picture") == other.heard("picture") == []
    again = await came(await enters(school, ada.client, number))
    assert [one.get("picture") for one in again.snapshot["meeting"]["waiting"]] == ["f_new", None]
    await do(again, "meeting", "admit", participant=who)
    assert again.heard("joined")[-1]["picture"] == "f_new"
    await picturing.stop()
