"""Meetings are planned, changed and cancelled."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from folkmoot.accounts.tables import accounts

from ..alike import APART, SAMPLES, told_apart
from ..measured import Measured
from .conftest import Person, School

MONDAYS = {
    "starts": "2026-03-16T09:00",
    "time_zone": "Europe/Berlin",
    "rrule": "FREQ=WEEKLY;BYDAY=MO;COUNT=4",
}


def starts(planned: Any) -> list[str]:
    return [one["starts_at"][:16] for one in planned["coming"] if one["state"] != "cancelled"]


async def test_what_is_planned_is_in_the_calendar(ada: Person) -> None:
    made = await ada.plans(notes="Bring a pendulum.", time_zone="Europe/Berlin")
    assert made["starts"] == "2026-01-05T09:00" and made["mine"] == "owner"
    assert (
        made["link"].startswith(f"https://meet.example/m/{made['number']}#k=") and len(made["passcode"]) == 8
    )
    assert await ada.asks("GET", f"/api/calendar/meetings/{made['id']}") == made
    board = await ada.asks("GET", "/api/calendar")
    assert board["next"]["starts_at"] == "2026-01-05T08:00:00+00:00" and board["next"]["state"] == "planned"
    assert [one["title"] for one in board["coming"]] == ["Physics"] and board["today"] == []


async def test_nine_stays_nine_when_the_clocks_are_changed(ada: Person) -> None:
    made = await ada.plans(**MONDAYS)
    assert starts(made) == ["2026-03-16T08:00", "2026-03-23T08:00", "2026-03-30T07:00", "2026-04-06T07:00"]


async def test_one_time_is_moved_and_another_left_out(ada: Person) -> None:
    made = await ada.plans(**MONDAYS)
    path = f"/api/calendar/meetings/{made['id']}"
    moved = await ada.asks(
        "PATCH",
        path,
        scope="this",
        at="2026-03-23T09:00",
        starts="2026-03-24T14:00",
        title="Physics, in the lab",
    )
    assert starts(moved) == ["2026-03-16T08:00", "2026-03-24T13:00", "2026-03-30T07:00", "2026-04-06T07:00"]
    assert (
        moved["coming"][1] | {"title": "Physics, in the lab", "changed": True, "at": "2026-03-23T09:00"}
        == moved["coming"][1]
    )
    await ada.asks("DELETE", path + "?scope=this&at=2026-03-30T09:00", 204)
    left = await ada.asks("GET", path)
    assert starts(left) == ["2026-03-16T08:00", "2026-03-24T13:00", "2026-04-06T07:00"]
    assert [one["state"] for one in left["coming"]].count("cancelled") == 1


async def test_from_one_time_on_it_is_otherwise_and_the_link_stays(ada: Person) -> None:
    made = await ada.plans(**MONDAYS)
    path = f"/api/calendar/meetings/{made['id']}"
    after = await ada.asks("PATCH", path, scope="following", at="2026-03-30T09:00", starts="2026-03-30T11:00")
    assert starts(after) == ["2026-03-16T08:00", "2026-03-23T08:00", "2026-03-30T09:00", "2026-04-06T09:00"]
    assert (after["link"], after["number"]) == (made["link"], made["number"])
    await ada.asks("DELETE", path + "?scope=following&at=2026-04-06T11:00", 204)
    assert starts(await ada.asks("GET", path)) == ["2026-03-16T08:00", "2026-03-23T08:00", "2026-03-30T09:00"]


async def test_all_of_it_is_changed_and_cancelled(ada: Person) -> None:
    made = await ada.plans(**MONDAYS)
    path = f"/api/calendar/meetings/{made['id']}"
    other = await ada.asks(
        "PATCH", path, title="Optics", starts="2026-03-17T10:00", rrule="FREQ=WEEKLY;COUNT=2"
    )
    assert (other["title"], other["sequence"]) == ("Optics", 1)
    assert starts(other) == ["2026-03-17T09:00", "2026-03-24T09:00"]
    await ada.asks("DELETE", path, 204)
    gone = await ada.asks("GET", path)
    assert gone["cancelled"] and starts(gone) == []
    assert (await ada.asks("GET", "/api/calendar"))["coming"] == []
    assert await ada.refused("PATCH", path, title="Again") == (409, "calendar.over")


async def test_it_begins_with_the_first_day_that_the_rule_has(ada: Person) -> None:
    made = await ada.plans(
        starts="2026-03-18T09:00", rrule="FREQ=WEEKLY;BYDAY=MO,FR;COUNT=3", time_zone="UTC"
    )
    assert starts(made) == ["2026-03-20T09:00", "2026-03-23T09:00", "2026-03-27T09:00"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"starts": "tomorrow"}, "calendar.time"),
        ({"starts": "2026-02-30T09:00"}, "calendar.time"),
        ({"starts": "9999-01-01T09:00"}, "calendar.time"),
        ({"minutes": 0}, "calendar.minutes"),
        ({"minutes": 1441}, "calendar.minutes"),
        ({"time_zone": "Mars/Olympus"}, "time_zone.unknown"),
        ({"rrule": "FREQ=SECONDLY"}, "calendar.rule"),
        ({"rrule": "FREQ=DAILY;COUNT=99999999"}, "calendar.rule"),
        ({"rrule": "FREQ=DAILY;INTERVAL=0"}, "calendar.rule"),
        ({"rrule": "FREQ=DAILY;BYHOUR=1"}, "calendar.rule"),
        ({"rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "calendar.rule"),
        ({"rrule": "FREQ=WEEKLY;BYDAY=XX"}, "calendar.rule"),
        ({"rrule": "FREQ=WEEKLY;COUNT=2;UNTIL=20260501"}, "calendar.rule"),
        ({"rrule": "rubbish"}, "calendar.rule"),
        ({"rrule": "FREQ=WEEKLY;UNTIL=20200101"}, "calendar.rule"),
        ({"early_minutes": 121}, "calendar.early"),
        ({"capacity": 0}, "calendar.capacity"),
        ({"preset": "party"}, "meeting.unknown_preset"),
        ({"title": "a\u202eb"}, "title.invalid"),
        ({"starts": "2020-01-05T09:00"}, "calendar.over"),
        ({"people": [{"to": "not an address"}]}, "invitation.address"),
        ({"people": [{"to": "a@b.example"}, {"to": "A@B.example"}]}, "invitation.already"),
    ],
)
async def test_what_cannot_be_planned_is_refused_with_why(
    ada: Person, said: dict[str, Any], code: str
) -> None:
    _, refused = await ada.refused(
        "POST", "/api/calendar/meetings", **{"title": "x", "starts": "2026-05-05T09:00", **said}
    )
    assert refused == code
    assert (await ada.asks("GET", "/api/calendar"))["coming"] == []


async def test_who_is_not_of_it_sees_no_such_meeting(ada: Person, school: School) -> None:
    made = await ada.plans()
    eve = await school.person("Eve", "eve@other.example")
    path = f"/api/calendar/meetings/{made['id']}"
    for method, below in (
        ("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/people"), ("PUT", "/answer"), ("DELETE", "/people/i_1"),
    ):  # fmt: skip
        body = (
            {"people": [{"to": "x@y.example"}]} if below == "/people" else {"answer": "yes", "title": "Mine"}
        )
        assert await eve.refused(method, path + below, **body) == (404, "calendar.unknown"), (method, below)
    assert (await school.browser().get(path)).json()["code"] == "account.signed_out"


async def test_who_is_invited_sees_it_and_changes_nothing(ada: Person, school: School) -> None:
    bo = await school.person("Bo", "bo@school.example")
    made = await ada.plans(people=[{"to": "bo@school.example", "name": "Bo"}, {"to": "cy@x.example"}])
    path = f"/api/calendar/meetings/{made['id']}"
    seen = await bo.asks("GET", path)
    assert seen["mine"] == "invited" and seen["passcode"] is None
    assert [one["name"] for one in seen["people"]] == ["Bo"], "nobody else's address is told"
    assert seen["link"] == made["people"][0]["link"]
    assert await bo.refused("PATCH", path, title="Mine") == (403, "calendar.not_host")
    await bo.asks("PUT", path + "/answer", 204, answer="maybe")
    assert (await ada.asks("GET", path))["people"][0]["answer"] == "maybe"


async def test_a_cohost_changes_it_cancels_nothing_and_appoints_nobody(ada: Person, school: School) -> None:
    bo = await school.person("Bo", "bo@school.example")
    made = await ada.plans(people=[{"to": bo.id, "cohost": True}, {"to": "cy@x.example"}])
    path = f"/api/calendar/meetings/{made['id']}"
    assert (await bo.asks("PATCH", path, title="Ours"))["mine"] == "cohost"
    cy, at = made["people"][1]["id"], made["coming"][0]["at"]
    for which in ("", f"?scope=this&at={at}", f"?scope=following&at={at}"):
        assert await bo.refused("DELETE", path + which) == (403, "calendar.not_host")
    assert await bo.refused("PATCH", f"{path}/people/{cy}", cohost=True) == (403, "calendar.not_host")
    assert await bo.refused("POST", path + "/people", people=[{"to": "d@x.example", "cohost": True}]) == (
        403,
        "calendar.not_host",
    )


async def test_who_has_no_address_is_invited_by_name_and_their_link_is_passed_on_by_hand(
    ada: Person, school: School
) -> None:
    before = len(school.mailbox.mails)
    made = await ada.plans(people=[{"to": "", "name": "Jonas Weber"}, {"to": "", "name": "Jonas Weber"}])
    path = f"/api/calendar/meetings/{made['id']}/people"
    assert [(one["name"], one["address"], one["mailed"]) for one in made["people"]] == [
        ("Jonas Weber", None, False)
    ] * 2
    assert made["people"][0]["link"] != made["people"][1]["link"]
    assert await ada.refused("POST", path, people=[{"to": "", "name": " "}]) == (422, "invitation.address")
    await school.settled()
    assert len(school.mailbox.mails) == before


async def test_my_room_is_always_the_same(ada: Person) -> None:
    room = await ada.asks("GET", "/api/calendar/room")
    assert room["kind"] == "room" and room["starts"] is None
    changed = await ada.asks("PATCH", "/api/calendar/room", title="Ada's office", waiting_room="everyone")
    again = await ada.asks("GET", "/api/calendar/room")
    assert again == changed and again["number"] == room["number"] and again["waiting_room"] == "everyone"


async def has_a_picture(school: School, person: Person, picture: str) -> None:
    async with school.calendar.storage.writing() as connection:
        mine = accounts.c.id == person.id
        await connection.execute(accounts.update().where(mine).values(picture=picture))


async def test_who_is_invited_as_an_account_is_shown_with_their_picture(ada: Person, school: School) -> None:
    bo = await school.person("Bo", "bo@x.example")
    await has_a_picture(school, bo, "f_bo")
    planned = await ada.plans(people=[{"to": bo.id}, {"to": "eve@example.org"}])
    assert [one["picture"] for one in planned["people"]] == ["f_bo", None]
    path = f"/api/calendar/meetings/{planned['id']}/people"
    renewed = await ada.asks("POST", f"{path}/{planned['people'][0]['id']}/renew")
    assert renewed["picture"] == "f_bo"


async def test_who_invites_is_shown_with_their_picture_to_who_is_invited(ada: Person, school: School) -> None:
    bo = await school.person("Bo", "bo@x.example")
    await ada.plans(people=[{"to": bo.id}])
    assert (await bo.asks("GET", "/api/calendar"))["next"]["picture"] is None
    await has_a_picture(school, ada, "f_ada")
    shown = (await bo.asks("GET", "/api/calendar"))["next"]
    assert (shown["organiser"], shown["picture"]) == ("Ada", "f_ada")


async def test_an_invitation_tells_nobody_who_has_an_account(ada: Person, school: School) -> None:
    await has_a_picture(school, await school.person("Robert", "bob@example.org"), "f_robert")
    planned = await ada.plans()
    where = f"/api/calendar/meetings/{planned['id']}/people"
    made = await ada.asks("POST", where, 201, people=[{"to": "bob@example.org"}, {"to": "eve@example.org"}])
    of_each = ("id", "name", "address", "link")
    known, unknown = ({name: said for name, said in one.items() if name not in of_each} for one in made)
    assert known == unknown
    assert [one["name"] for one in made] == ["bob", "eve"]


async def test_who_invites_learns_neither_by_words_nor_by_time_who_has_an_account(
    school: School, measured: Measured
) -> None:
    ada = await school.person("Ada", "ada@school.example")
    for number in range(SAMPLES):
        await school.person(f"P{number}", f"p{number}@elsewhere.example")

    async def begin() -> Callable[[int, bool], Awaitable[object]]:
        path = f"/api/calendar/meetings/{(await ada.plans())['id']}/people"

        async def asks(number: int, known: bool) -> object:
            address = f"{'p' if known else 'q'}{number}@elsewhere.example"
            [said] = await ada.asks("POST", path, 201, people=[{"to": address}])
            named = {"id", "link", "address", "name"}
            return {key: value for key, value in said.items() if key not in named}

        return asks

    ratio, said = await told_apart(measured, begin)
    assert all(one == said[0] for one in said)
    assert ratio < APART
