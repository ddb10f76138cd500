"""What is one's own: a calendar from elsewhere, being rung, a roll that all could see; and what is left when somebody goes."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import pytest

from folkmoot.calendar import importing
from folkmoot.kit import Refusal

from ..accounts.conftest import text_of
from .conftest import Person, School, enters, proof_of
from .test_coming import came, do, later
from .test_mails import calendar_of, mails_to

FOREIGN = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//elsewhere//EN
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:STANDARD
DTSTART:20261025T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:1@elsewhere
DTSTART;TZID=Europe/Berlin:20260105T090000
DTEND;TZID=Europe/Berlin:20260105T094500
RRULE:FREQ=WEEKLY;COUNT=3
SUMMARY:Seminar
DESCRIPTION:<script>alert(1)</script>
ATTENDEE:mailto:eve@evil.example
END:VEVENT
BEGIN:VEVENT
UID:2@elsewhere
DTSTART:20200105T090000Z
SUMMARY:Long over
END:VEVENT
BEGIN:VEVENT
UID:3@elsewhere
DTSTART:20260105T090000Z
RRULE:FREQ=SECONDLY
SUMMARY:Too often
END:VEVENT
END:VCALENDAR
"""


async def imports(person: Person, body: bytes) -> Any:
    return await person.client.post(
        "/api/calendar/import", content=body, headers={"content-type": "text/calendar"}
    )


async def test_a_calendar_from_elsewhere_is_taken_in_and_invites_nobody(ada: Person, school: School) -> None:
    taken = (await imports(ada, FOREIGN.encode())).json()
    assert [(one["title"], one["why"]) for one in taken["left"]] == [
        ("Long over", "calendar.over"),
        ("Too often", "calendar.rule"),
    ]
    [id] = taken["made"]
    made = await ada.asks("GET", f"/api/calendar/meetings/{id}")
    assert (made["title"], made["minutes"], made["time_zone"], made["people"]) == (
        "Seminar",
        45,
        "Europe/Berlin",
        [],
    )
    assert [one["starts_at"][:16] for one in made["coming"]] == [
        "2026-01-05T08:00",
        "2026-01-12T08:00",
        "2026-01-19T08:00",
    ]
    await school.settled()
    assert mails_to(school, "eve@evil.example") == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00" * 1000,
        b"BEGIN:VCALENDAR",
        b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 5000,
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:"
        + b"x" * 100_000
        + b"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\n" + b"END:VCALENDAR\r\n" * 9,
        b"BEGIN:VCALENDAR\r\nX:\xff\xfe\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\nEND:VEVENT\r\n" * 201 + b"END:VCALENDAR\r\n",
    ],
)
def test_nonsense_is_refused_with_why(body: bytes) -> None:
    refused = importing.read(body)
    assert isinstance(refused, Refusal) and refused.code == "calendar.import" and refused.params["why"]


def test_ten_megabytes_of_nonsense_are_not_even_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_: object) -> None:
        raise AssertionError("it was parsed")

    monkeypatch.setattr("icalendar.Calendar.from_ical", never)
    for nonsense in (b"\x00", b"BEGIN:VCALENDAR\r\n", b"A" * 70 + b"\r\n"):
        assert isinstance(
            importing.read(b"BEGIN:VCALENDAR\r\n" + nonsense * (10_000_000 // len(nonsense))), Refusal
        )


async def test_who_is_rung_hears_it_at_an_open_page_and_by_mail(
    ada: Person, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    bo = await school.person("Bo", "bo@x.example")
    made = await ada.plans(people=[{"to": bo.id}])
    began, listen = asyncio.Event(), school.bell.listen

    async def noted(*said: Any) -> Any:
        began.set()
        return await listen(*said)

    monkeypatch.setattr(school.bell, "listen", noted)
    listening = asyncio.create_task(bo.asks("GET", "/api/calendar/rings"))
    await began.wait()
    path = f"/api/calendar/meetings/{made['id']}/people/{made['people'][0]['id']}/ring"
    assert await ada.asks("POST", path) == {"open": True, "mailed": True, "quiet": False}
    [ring] = (await listening)["rings"]
    assert (ring["title"], ring["by"], ring["number"]) == ("Physics", "Ada", made["number"])
    assert await ada.refused("POST", path) == (429, "ring.too_often")
    await school.settled()
    subjects = [mail["Subject"] for mail in mails_to(school, "bo@x.example")]
    assert "Ada is calling you: Physics" in subjects  # beside the invitation, whichever came first


async def test_quiet_hours_are_kept_also_over_midnight(ada: Person, school: School) -> None:
    bo = await school.person("Bo", "bo@x.example", time_zone="Asia/Shanghai")
    made = await ada.plans(people=[{"to": bo.id}])
    hours = {"from": "19:00", "to": "07:30", "mail": True}
    kept = await bo.client.put("/api/calendar/quiet", json=hours)
    assert kept.json() == {**hours, "mails": True}  # it is 20:00 there
    path = f"/api/calendar/meetings/{made['id']}/people/{made['people'][0]['id']}/ring"
    assert await ada.asks("POST", path) == {"open": False, "mailed": False, "quiet": True}
    early = await bo.client.put("/api/calendar/quiet", json={"from": "9:00", "to": "19:00"})
    assert early.json()["from"] == "09:00"
    for wrong in ("25:00", "9:60", "9", ":00", "9:000"):
        refused = await bo.client.put("/api/calendar/quiet", json={"from": wrong, "to": None})
        assert refused.status_code == 422, wrong


async def test_a_roll_is_kept_when_all_could_see_it(ada: Person, school: School) -> None:
    made = await ada.plans(starts="2026-01-01T12:05", time_zone="UTC", attendance=True)
    owner = await came(await enters(school, ada.client, made["number"]))
    guest = await came(
        await enters(school, school.browser(), made["number"], "=Gus", **proof_of(made["link"]))
    )
    assert guest.snapshot["attendance"]["on"] is True, "everybody is told"
    await do(owner, "attendance", "check", after_s=60, for_s=30)
    school.clock.advance(60)
    await school.meetings.tick()
    [asked] = guest.heard("checking")
    await do(guest, "attendance", "here", id=asked["id"])
    school.clock.advance(600)
    await school.meetings.tick()
    await do(owner, "meeting", "end")
    path = f"/api/calendar/meetings/{made['id']}/occurrences/1"
    roll = await ada.asks("GET", path + "/attendance")
    assert [(one["name"], one["account"], one["minutes"]) for one in roll["people"]] == [
        ("Ada", True, 11),
        ("=Gus", False, 11),
    ]
    assert roll["checks"][0]["present"] == ["=Gus"]
    assert [one["checks"] for one in roll["people"]] == [[False], [True]]
    table = (await ada.client.get(path + "/attendance.csv")).text
    assert "'=Gus,no," in table and "\n=Gus" not in table, "no spreadsheet takes a name for a formula"


async def test_two_of_one_name_are_two_and_what_a_host_switched_on_is_found_on_the_page(
    ada: Person, school: School
) -> None:
    made = await ada.plans(starts="2026-01-01T12:05", time_zone="UTC", waiting_room="off")
    owner = await came(await enters(school, ada.client, made["number"]))
    twins = []
    for n in range(2):
        proof = proof_of(made["link"]) | {"device": "ZGV2aWNl" + "AAAAAAAAAAAAAA" + "AB"[n] * 2}
        twins.append(await came(await enters(school, school.browser(), made["number"], "Gus", **proof)))
    path = f"/api/calendar/meetings/{made['id']}/occurrences/1"
    assert (await ada.asks("GET", path))["attendance"] is False
    await do(owner, "attendance", "switch", on=True)
    await do(owner, "attendance", "check", for_s=30)
    [asked] = twins[0].heard("checking")
    await do(twins[1], "attendance", "here", id=asked["id"])
    school.clock.advance(60)
    await do(owner, "meeting", "end")
    assert (await ada.asks("GET", path))["attendance"] is True
    roll = await ada.asks("GET", path + "/attendance")
    assert [(one["name"], one["checks"]) for one in roll["people"] if one["name"] == "Gus"] == [
        ("Gus", [False]),
        ("Gus", [True]),
    ]
    table = (await ada.client.get(path + "/attendance.csv")).text
    assert sorted(line[-2:] for line in table.split() if line.startswith("Gus")) == ["es", "no"]


async def test_without_being_switched_on_there_is_no_roll(ada: Person, school: School) -> None:
    bo = await school.person("Bo", "bo@x.example")
    made = await ada.plans(starts="2026-01-01T12:05", time_zone="UTC", people=[{"to": bo.id}])
    owner = await came(await enters(school, ada.client, made["number"]))
    await do(owner, "chat", "send", text="see you next week")
    await do(owner, "meeting", "end")
    path = f"/api/calendar/meetings/{made['id']}/occurrences/1"
    assert await ada.refused("GET", path + "/attendance") == (409, "calendar.no_roll")
    assert await bo.refused("GET", path + "/attendance") == (403, "calendar.not_host")
    kept = await bo.asks("GET", path)
    assert [(one["name"], one["text"]) for one in kept["chat"]] == [("Ada", "see you next week")]
    assert kept["kept_until"].startswith("2026-01-31")
    eve = await school.person("Eve", "eve@x.example")
    assert await eve.refused("GET", path) == (404, "calendar.unknown")
    assert await ada.refused("GET", path.replace("/1", "/2")) == (404, "calendar.occurrence_unknown")


async def test_templates_are_kept_and_removed(ada: Person) -> None:
    made = await ada.asks("POST", "/api/calendar/templates", 201, name="Seminar", minutes=90, preset="class")
    assert [one["id"] for one in await ada.asks("GET", "/api/calendar/templates")] == [made["id"]]
    await ada.asks("DELETE", f"/api/calendar/templates/{made['id']}", 204)
    assert await ada.refused("DELETE", f"/api/calendar/templates/{made['id']}") == (
        404,
        "calendar.no_template",
    )


async def test_who_goes_takes_a_copy_and_leaves_nothing(ada: Person, school: School) -> None:
    bo = await school.person("Bo", "bo@x.example")
    made = await ada.plans("Canary title", notes="canary notes", people=[{"to": "bo@x.example"}])
    theirs = await bo.plans("Bo's own", people=[{"to": ada.id}])
    await ada.asks("POST", "/api/calendar/templates", 201, name="Canary template")
    copy = (await ada.asks("GET", "/api/account/export"))["calendar"]
    assert {one["title"] for one in copy["meetings"]} == {"Canary title", "Bo's own"}
    assert copy["meetings"][0]["invited"][0]["address"] == "bo@x.example"
    await school.settled()  # what came before is read before
    await ada.asks("DELETE", "/api/account", 204)
    await school.leaving.settled()
    await school.settled()
    gone = calendar_of(school.mailbox.last_to("bo@x.example"))
    assert str(gone["METHOD"]) == "CANCEL" and "Ada" not in str(gone), "nobody is named who is gone"
    assert await bo.refused("GET", f"/api/calendar/meetings/{made['id']}") == (404, "calendar.unknown")
    assert (await bo.asks("GET", f"/api/calendar/meetings/{theirs['id']}"))["people"] == []
    async with school.office.at.storage.reading() as connection:
        from folkmoot.calendar.tables import invitations, people, series, templates

        rows = [
            str(row)
            for table in (series, invitations, templates, people)
            for row in await connection.execute(table.select())
        ]
    assert not [row for row in rows if "anary" in row or ada.id in row]


async def test_a_teacher_plans_a_weekly_class_over_a_change_of_the_clocks_seen_from_two_zones(
    school: School,
) -> None:
    """The journey: from planning to the second week, in Berlin and in Shanghai."""
    teacher = await school.person(
        "Frau Krause", "krause@school.example", time_zone="Europe/Berlin", language="en"
    )
    pupil = await school.person("李雷", "lei@x.example", time_zone="Asia/Shanghai", language="zh-CN")
    made = await teacher.plans(
        "Physics 10b",
        "2026-03-23T09:00",
        rrule="FREQ=WEEKLY;COUNT=3",
        minutes=45,
        who="invited",
        people=[{"to": "lei@x.example"}],
    )
    assert made["time_zone"] == "Europe/Berlin", "the teacher's own, unless they say otherwise"
    await school.settled()
    assert "2026年3月23日周一 16:00–16:45" in str(school.mailbox.last_to("lei@x.example")["Subject"])
    for week, (day, utc) in enumerate([("2026-03-23", "08:00"), ("2026-03-30", "07:00")], 1):
        await later(school, f"{day}T{utc[:2]}:00" if week == 1 else f"{day}T06:55")
        for one in (teacher, pupil):  # who was signed out meanwhile signs in again
            signed = await one.client.post(
                "/api/signin", json={"address": one.address, "password": "a long and rare one ☕"}
            )
            assert signed.status_code == 200, signed.text
        board = await pupil.asks("GET", "/api/calendar")
        [now] = [one for one in board["now"] if one["at"] == f"{day}T09:00"]
        assert now["starts_at"] == f"{day}T{utc}:00+00:00" and now["state"] == "open"
        host = await came(await enters(school, teacher.client, made["number"]))
        there = await came(await enters(school, pupil.client, made["number"]))
        assert (host.you["role"], there.you["role"], there.you["name"]) == ("owner", "member", "李雷")
        await do(host, "meeting", "end")
    earlier = (await teacher.asks("GET", "/api/calendar"))["earlier"]
    assert [one["n"] for one in earlier] == [2, 1]
    assert datetime.fromisoformat(earlier[0]["began_at"]).hour == 6


async def test_who_is_not_invited_asks_the_organiser_and_learns_nothing(ada: Person, school: School) -> None:
    bo = await school.person("Bo", "bo@x.example")
    made = await ada.plans("Physics", who="invited")
    await bo.asks("POST", "/api/calendar/ask", 204, number=made["number"])
    await bo.asks("POST", "/api/calendar/ask", 204, number=made["number"])
    await bo.asks("POST", "/api/calendar/ask", 204, number="000000000000")
    await school.settled()
    [mail] = mails_to(school, ada.address)
    assert mail["Subject"] == "Bo asks to be invited: Physics"
    assert "bo@x.example" in text_of(mail) and f"/meetings/{made['id']}" in text_of(mail)
    for _ in range(7):
        await bo.asks("POST", "/api/calendar/ask", 204, number=made["number"])
    assert await bo.refused("POST", "/api/calendar/ask", number=made["number"]) == (
        429,
        "calendar.asked_too_often",
    )
    assert await bo.refused("POST", "/api/calendar/ask", number="no number") == (422, "request.invalid")


async def test_a_meeting_is_found_by_its_number_by_who_is_of_it(ada: Person, school: School) -> None:
    bo = await school.person("Bo", "bo@x.example")
    made = await ada.plans("Physics")
    assert (await ada.asks("GET", f"/api/calendar/numbers/{made['number']}"))["id"] == made["id"]
    for number in (made["number"], "000000000000"):
        assert await bo.refused("GET", f"/api/calendar/numbers/{number}") == (404, "calendar.unknown")
    assert await ada.asks("GET", "/api/calendar/rules") == {"rules": {}}


async def test_a_server_that_stops_answers_who_listens(
    ada: Person, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, listen = asyncio.Event(), school.bell.listen

    async def noted(*said: Any) -> Any:
        began.set()
        return await listen(*said)

    monkeypatch.setattr(school.bell, "listen", noted)
    listening = asyncio.create_task(ada.asks("GET", "/api/calendar/rings"))
    await began.wait()
    school.bell.stop()
    async with asyncio.timeout(20):
        assert (await listening)["rings"] == []
        assert (await ada.asks("GET", "/api/calendar/rings"))["rings"] == [], (
            "nor does who asks meanwhile wait"
        )
