"""What the invited get: read from a real mail server, its calendar part by an independent parser."""

from __future__ import annotations

from datetime import UTC, date, datetime
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events

from ..accounts.conftest import text_of
from .conftest import Person, School, join, proof_of

MONDAYS = {
    "starts": "2026-03-16T09:00",
    "time_zone": "Europe/Berlin",
    "rrule": "FREQ=WEEKLY;BYDAY=MO;COUNT=4",
}


def calendar_of(mail: EmailMessage) -> Any:
    part = next(one for one in mail.walk() if one.get_content_type() == "text/calendar")
    parsed: Any = icalendar.Calendar.from_ical(str(part.get_content()))
    assert part.get_param("method") == str(parsed["METHOD"])
    return parsed


def starts(calendar: Any, zone: str = "Europe/Berlin") -> list[str]:
    """As another program works them out."""
    there = recurring_ical_events.of(calendar).between(date(2026, 1, 1), date(2027, 1, 1))
    moments = sorted(event["DTSTART"].dt.astimezone(ZoneInfo(zone)) for event in there)
    return [f"{one:%Y-%m-%d %H:%M}" for one in moments]


def mails_to(school: School, address: str) -> list[EmailMessage]:
    return [
        one
        for one in school.mailbox.mails
        if one["To"] == address and one["Subject"] and "Confirm" not in one["Subject"]
    ]


async def test_each_is_invited_in_their_language_and_time(ada: Person, school: School) -> None:
    await school.person("李雷", "lei@x.example", language="zh-CN", time_zone="Asia/Shanghai")
    people = [{"to": "lei@x.example", "name": "Lei"}, {"to": "bo@y.example", "name": "Bo"}]
    made = await ada.plans("Physics", **MONDAYS, people=people)
    await school.settled()
    bo, lei = school.mailbox.last_to("bo@y.example"), school.mailbox.last_to("lei@x.example")
    assert bo["Subject"] == "Invitation: Physics, Mon 16 Mar 2026, 09:00–10:00 (Europe/Berlin)"
    assert lei["Subject"] == "会议邀请：Physics，2026年3月16日周一 16:00–17:00 (Asia/Shanghai)"
    assert (bo["Content-Language"], lei["Content-Language"]) == ("en", "zh-CN")
    assert bo["Reply-To"] == "ada@school.example"
    assert made["people"][1]["link"] in text_of(bo) and made["people"][0]["link"] not in text_of(bo)
    calendar = calendar_of(bo)
    assert str(calendar["METHOD"]) == "REQUEST"
    [event] = calendar.walk("VEVENT")
    assert int(event["SEQUENCE"]) == 0 and str(event["ORGANIZER"]) == "mailto:ada@school.example"
    assert str(event["ATTENDEE"]) == "mailto:bo@y.example", "and nobody else is named"
    assert starts(calendar) == [
        "2026-03-16 09:00",
        "2026-03-23 09:00",
        "2026-03-30 09:00",
        "2026-04-06 09:00",
    ]
    assert starts(calendar, "UTC")[1:3] == ["2026-03-23 08:00", "2026-03-30 07:00"]


async def test_a_change_and_a_cancellation_raise_the_sequence(ada: Person, school: School) -> None:
    made = await ada.plans(**MONDAYS, people=[{"to": "bo@y.example"}])
    path = f"/api/calendar/meetings/{made['id']}"
    await school.settled()  # mails go several at once, in any order: calendars go by the SEQUENCE
    await ada.asks("PATCH", path, scope="this", at="2026-03-23T09:00", starts="2026-03-24T14:00")
    await school.settled()
    await ada.asks("DELETE", path + "?scope=this&at=2026-03-30T09:00", 204)
    await school.settled()
    invited, moved, left_out = map(calendar_of, mails_to(school, "bo@y.example"))
    assert starts(moved) == ["2026-03-16 09:00", "2026-03-24 14:00", "2026-03-30 09:00", "2026-04-06 09:00"]
    assert starts(left_out) == ["2026-03-16 09:00", "2026-03-24 14:00", "2026-04-06 09:00"]
    await ada.asks("DELETE", path, 204)
    await school.settled()
    gone = calendar_of(school.mailbox.last_to("bo@y.example"))
    events = [one.walk("VEVENT")[0] for one in (invited, moved, left_out, gone)]
    assert [int(one["SEQUENCE"]) for one in events] == [0, 1, 2, 3]
    assert len({str(one["UID"]) for one in events}) == 1
    assert str(gone["METHOD"]) == "CANCEL" and str(events[-1]["STATUS"]) == "CANCELLED"


async def test_who_changes_their_mind_all_the_time_floods_nobody(ada: Person, school: School) -> None:
    made = await ada.plans(rrule="FREQ=WEEKLY;COUNT=9", people=[{"to": "bo@x.example"}])
    path = f"/api/calendar/meetings/{made['id']}"
    alone = await ada.plans("Nobody is invited")
    for n in range(20):
        await ada.asks("PATCH", path, title=f"Physics {n}")
    assert await ada.refused("PATCH", path, title="Once more") == (429, "calendar.too_many_changes")
    assert await ada.refused("DELETE", f"{path}?scope=this&at=2026-01-12T09:00") == (
        429,
        "calendar.too_many_changes",
    )
    assert (await ada.asks("GET", path))["title"] == "Physics 19", "what isn't told isn't so"
    await ada.asks("PATCH", path, capacity=20)  # of which nobody is told
    for n in range(21):
        await ada.asks("PATCH", f"/api/calendar/meetings/{alone['id']}", title=f"Alone {n}")
    school.clock.advance(3600.0 / 20)
    await ada.asks("PATCH", path, title="After a while")
    await ada.asks("DELETE", path, 204)
    await school.settled()
    heard = sorted(str(calendar_of(mail)["METHOD"]) for mail in mails_to(school, "bo@x.example"))
    assert heard == ["CANCEL"] + ["REQUEST"] * 22, "and that all of it is cancelled is told always"


async def test_a_day_has_so_many_mails_however_many_are_invited(ada: Person, school: School) -> None:
    people = [{"to": f"p{n}@x.example"} for n in range(100)]
    made = await ada.plans(people=people)
    path = f"/api/calendar/meetings/{made['id']}"
    school.calendar.news.take(ada.id, school.clock.monotonic(), 4950)
    assert await ada.refused("PATCH", path, title="Otherwise") == (429, "calendar.too_many_changes")
    school.clock.advance(24 * 3600.0 / 100)
    await ada.asks("PATCH", path, title="Otherwise")


async def test_from_one_time_on_is_an_event_of_its_own(ada: Person, school: School) -> None:
    made = await ada.plans(**MONDAYS, people=[{"to": "bo@y.example"}])
    await school.settled()
    path = f"/api/calendar/meetings/{made['id']}"
    await ada.asks("PATCH", path, scope="following", at="2026-03-30T09:00", starts="2026-03-30T11:00")
    await school.settled()
    _, *changed = map(calendar_of, mails_to(school, "bo@y.example"))
    assert sorted(starts(one) for one in changed) == [
        ["2026-03-16 09:00", "2026-03-23 09:00"],
        ["2026-03-30 11:00", "2026-04-06 11:00"],
    ]
    assert len({str(one.walk("VEVENT")[0]["UID"]) for one in changed}) == 2


async def test_a_mail_names_the_time_that_it_is_about_and_what_it_was(ada: Person, school: School) -> None:
    """However far it is: it needn't be among the next that are listed."""
    await school.person("李雷", "lei@x.example", language="zh-CN", time_zone="Asia/Shanghai")
    mondays = MONDAYS | {"rrule": "FREQ=WEEKLY;BYDAY=MO;COUNT=10"}
    people = [{"to": "lei@x.example"}, {"to": "bo@y.example"}]
    path = f"/api/calendar/meetings/{(await ada.plans('Physics', **mondays, people=people))['id']}"
    await school.settled()

    async def told(method: str, path: str, **said: object) -> list[tuple[str, str]]:
        before = len(school.mailbox.mails)
        await ada.asks(method, path, 204 if method == "DELETE" else 200, **said)
        await school.settled()
        return sorted((str(one["Subject"]), text_of(one)) for one in school.mailbox.mails[before:])

    bo, lei = await told("PATCH", path, scope="this", at="2026-05-11T09:00", starts="2026-05-12T14:00")
    assert bo[0] == "Changed: Physics, Tue 12 May 2026, 14:00–15:00 (Europe/Berlin)"
    assert "Ada changed one time of this meeting." in bo[1]
    assert "Before: Mon 11 May 2026, 09:00–10:00 (Europe/Berlin)" in bo[1]
    assert lei[0] == "会议变更：Physics，2026年5月12日周二 20:00–21:00 (Asia/Shanghai)"
    assert "原时间：2026年5月11日周一 15:00–16:00 (Asia/Shanghai)" in lei[1]
    bo, lei = await told("DELETE", path + "?scope=this&at=2026-05-04T09:00")
    assert bo[0] == "Cancelled: Physics, Mon 4 May 2026, 09:00–10:00 (Europe/Berlin)"
    assert "Ada cancelled one time of this meeting. The others stay as they are." in bo[1]
    assert "Coming times:" in bo[1] and "/m/" in bo[1], "and the link leads to the others"
    assert "李雷" not in lei[1] and "Ada 取消了其中一次会议，其他各次不变。" in lei[1]
    bo, _ = await told("PATCH", path, scope="this", at="2026-04-27T09:00", title="Chemistry")
    assert bo[0] == "Changed: Chemistry, Mon 27 Apr 2026, 09:00–10:00 (Europe/Berlin)"
    assert "Before:" not in bo[1], "the time is as it was"

    said = await told("PATCH", path, scope="following", at="2026-04-20T09:00", starts="2026-04-20T11:00")
    assert [subject for subject, _ in said[:2]] == [
        "Changed: Physics, from Mon 20 Apr 2026, 11:00–12:00 (Europe/Berlin)",
        "Changed: Physics, until Mon 20 Apr 2026, 09:00–10:00 (Europe/Berlin)",
    ]
    assert "another mail says how it goes on" in said[1][1]
    bo, _ = await told("DELETE", path + "?scope=following&at=2026-05-04T11:00")
    assert bo[0] == "Cancelled: Physics, from Mon 4 May 2026, 11:00–12:00 (Europe/Berlin)"
    assert "What is before that stays as it is." in bo[1]


async def test_that_the_only_time_left_is_cancelled_is_told_too(ada: Person, school: School) -> None:
    made = await ada.plans(rrule="FREQ=WEEKLY;COUNT=2", people=[{"to": "bo@y.example"}])
    path = f"/api/calendar/meetings/{made['id']}"
    for at in ("2026-01-05T09:00", "2026-01-12T09:00"):
        await school.settled()
        await ada.asks("DELETE", f"{path}?scope=this&at={at}", 204)
    await school.settled()
    last = school.mailbox.last_to("bo@y.example")
    assert (last["Subject"], starts(calendar_of(last))) == ("Cancelled: Physics", [])
    assert "Ada cancelled this meeting." in text_of(last) and "others" not in text_of(last)


async def test_that_nothing_follows_what_was_is_told_too(ada: Person, school: School) -> None:
    made = await ada.plans(rrule="FREQ=WEEKLY;COUNT=3", people=[{"to": "bo@y.example"}])
    path = f"/api/calendar/meetings/{made['id']}"
    await school.settled()
    school.clock.advance(6 * 24 * 3600.0)
    await ada.asks("DELETE", path + "?scope=following&at=2026-01-12T09:00", 204)
    await school.settled()
    last = school.mailbox.last_to("bo@y.example")
    assert last["Subject"] == "Cancelled: Physics"
    assert starts(calendar_of(last)) == ["2026-01-05 09:00"], "what was stays in calendars"


def as_a_program_keeps_it(mails: list[EmailMessage]) -> list[str]:
    """Of each event the newest that came, as calendars go by UID and SEQUENCE; in UTC."""
    kept: dict[str, Any] = {}
    for calendar in map(calendar_of, mails):
        for event in calendar.walk("VEVENT"):
            before = kept.get(str(event["UID"]))
            if before is None or int(before.walk("VEVENT")[0]["SEQUENCE"]) < int(event["SEQUENCE"]):
                kept[str(event["UID"])] = calendar
    asked = [one for one in kept.values() if str(one["METHOD"]) == "REQUEST"]
    return sorted(moment for one in asked for moment in starts(one, "UTC"))


async def test_whatever_is_changed_over_a_change_of_clocks_mail_feed_and_page_say_the_same(
    ada: Person, school: School
) -> None:
    """The clocks go forward on the 29th of March. One time is moved over that day, one is left out, from one on it is otherwise, and
    of those one is moved again and the rest cancelled."""
    lei = await school.person("李雷", "lei@x.example", language="zh-CN", time_zone="Asia/Shanghai")
    mondays = MONDAYS | {"rrule": "FREQ=WEEKLY;BYDAY=MO;COUNT=8"}
    made = await ada.plans("Physics", **mondays, people=[{"to": lei.address}])
    path = f"/api/calendar/meetings/{made['id']}"
    await school.settled()
    feed = (await lei.asks("GET", "/api/calendar/feed"))["address"]
    march = ["2026-03-16 08:00", "2026-03-23 08:00", "2026-03-30 07:00"]
    later = ["2026-04-06 07:00", *(f"2026-04-{day} 07:00" for day in (13, 20, 27)), "2026-05-04 07:00"]

    def invitations(address: str) -> list[EmailMessage]:
        return [one for one in mails_to(school, address) if one.is_multipart()]

    async def all_say(*there: str) -> None:
        await school.settled()
        page = [
            one["starts_at"] for one in (await lei.asks("GET", path))["coming"] if one["state"] != "cancelled"
        ]
        assert [one[:16].replace("T", " ") for one in page] == [*there], "the page"
        assert as_a_program_keeps_it(invitations(lei.address)) == [*there], "the mails"
        read: Any = icalendar.Calendar.from_ical((await school.browser().get(feed)).text)
        assert starts(read, "UTC") == [*there], "the feed"

    await all_say(*march, *later)
    await ada.asks("PATCH", path, scope="this", at="2026-03-23T09:00", starts="2026-03-30T14:00")
    await all_say("2026-03-16 08:00", "2026-03-30 07:00", "2026-03-30 12:00", *later)
    await ada.asks("DELETE", path + "?scope=this&at=2026-03-30T09:00", 204)
    before = ("2026-03-16 08:00", "2026-03-30 12:00", "2026-04-06 07:00")
    await all_say(*before, *later[1:])
    await ada.asks("PATCH", path, scope="following", at="2026-04-13T09:00", starts="2026-04-13T11:00")
    await all_say(*before, "2026-04-13 09:00", "2026-04-20 09:00", "2026-04-27 09:00", "2026-05-04 09:00")
    await ada.asks("PATCH", path, scope="this", at="2026-04-20T11:00", starts="2026-04-21T08:30")
    await all_say(*before, "2026-04-13 09:00", "2026-04-21 06:30", "2026-04-27 09:00", "2026-05-04 09:00")
    await ada.asks("DELETE", path + "?scope=following&at=2026-04-27T11:00", 204)
    await all_say(*before, "2026-04-13 09:00", "2026-04-21 06:30")


async def test_nothing_that_is_typed_makes_a_header_or_a_property(ada: Person, school: School) -> None:
    for name in ("title", "notes"):
        said = {name: "x\r\nBcc: eve@evil.example\r\nATTENDEE:mailto:eve@evil.example"}
        answer = await ada.client.post(
            "/api/calendar/meetings",
            json={"starts": "2026-05-05T09:00", "people": [{"to": "bo@y.example", "name": 'B"o;,:'}]} | said,
        )
        assert answer.status_code == (422 if name == "title" else 201), answer.text
    bad = {"to": "bo@y.example\r\nBcc: eve@evil.example"}
    assert await ada.refused("POST", "/api/calendar/meetings", starts="2026-05-05T09:00", people=[bad]) == (
        422,
        "invitation.address",
    )
    await school.settled()
    [mail] = mails_to(school, "bo@y.example")
    assert mail["Bcc"] is None and "eve" not in str(mail["To"])
    [event] = calendar_of(mail).walk("VEVENT")
    assert str(event["ATTENDEE"]) == "mailto:bo@y.example" and "evil" in str(event["DESCRIPTION"])


async def test_one_click_answers_and_a_machine_that_opens_links_does_not(ada: Person, school: School) -> None:
    made = await ada.plans(people=[{"to": "bo@y.example", "name": "Bo"}])
    await school.settled()
    words = text_of(school.mailbox.last_to("bo@y.example"))
    link = next(word for word in words.split() if word.endswith("&a=maybe"))
    token = link.partition("#t=")[2].partition("&")[0]
    page = school.browser()
    shown = (await page.post("/api/calendar/answers/show", json={"token": token})).json()
    assert (shown["title"], shown["name"], shown["answer"], shown["organiser"]) == (
        "Physics",
        "Bo",
        None,
        "Ada",
    )
    said = await page.post("/api/calendar/answers", json={"token": token, "answer": "maybe"})
    assert said.json()["answer"] == "maybe"
    path = f"/api/calendar/meetings/{made['id']}"
    assert [one["answer"] for one in (await ada.asks("GET", path))["people"]] == ["maybe"]
    for wrong in (
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        "i_1." + token.partition(".")[2],
        "",
        "x" * 200,
    ):
        assert (
            await page.post("/api/calendar/answers", json={"token": wrong, "answer": "yes"})
        ).status_code == 404
    assert (
        await page.post("/api/calendar/answers", json={"token": token, "answer": "perhaps"})
    ).status_code == 422
    await ada.asks("DELETE", f"{path}/people/{made['people'][0]['id']}", 204)
    assert (await page.post("/api/calendar/answers/show", json={"token": token})).status_code == 404


async def test_a_feed_shows_a_calendar_until_its_address_is_made_anew(ada: Person, school: School) -> None:
    await ada.plans("Physics", **MONDAYS)
    await ada.plans("Staff", "2026-02-02T10:00", time_zone="America/New_York", minutes=30)
    address = (await ada.asks("GET", "/api/calendar/feed"))["address"]
    program = school.browser()
    there = await program.get(address)
    assert there.headers["content-type"].startswith("text/calendar")
    calendar: Any = icalendar.Calendar.from_ical(there.text)
    assert starts(calendar)[:2] == ["2026-02-02 16:00", "2026-03-16 09:00"]
    assert {str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")} == {"Europe/Berlin", "America/New_York"}
    new = (await ada.asks("POST", "/api/calendar/feed/renew"))["address"]
    assert (await program.get(address)).status_code == 404 and (await program.get(new)).status_code == 200
    assert (await program.get(new.replace(".ics", "00.ics"))).status_code == 404


async def test_without_a_proven_address_nobody_is_written_to(ada: Person, school: School) -> None:
    async with school.office.at.storage.writing() as connection:
        from folkmoot.accounts.tables import addresses

        await connection.execute(addresses.update().values(proven_at=None))
    made = await ada.plans(people=[{"to": "bo@y.example"}])
    await school.settled()
    assert mails_to(school, "bo@y.example") == [] and made["people"][0]["link"]


@pytest.mark.parametrize(
    "zone",
    ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu"],
)
def test_a_zone_is_described_as_the_database_has_it(zone: str) -> None:
    from folkmoot.calendar.zones import described

    calendar = icalendar.Calendar()
    calendar.add_component(described(zone, 2026))
    told: Any = icalendar.Calendar.from_ical(calendar.to_ical())
    known = told.walk("VTIMEZONE")[0].to_tz(lookup_tzid=False)
    for day in range(3 * 365):
        for hour in (0, 5, 12):
            at = datetime(2026, 1, 3, hour, tzinfo=UTC).timestamp() + day * 86400
            wall = datetime.fromtimestamp(at, ZoneInfo(zone)).replace(tzinfo=None)
            assert known.utcoffset(wall) == wall.replace(tzinfo=ZoneInfo(zone)).utcoffset(), wall


async def test_a_mailed_link_lets_them_in(ada: Person, school: School) -> None:
    made = await ada.plans(
        starts="2026-01-01T12:05", time_zone="UTC", people=[{"to": "bo@y.example", "name": "Bo"}]
    )
    await school.settled()
    words = text_of(school.mailbox.last_to("bo@y.example"))
    link = next(word for word in words.split() if "/m/" in word)
    answer = await join(school.browser(), made["number"], "whoever", **proof_of(link))
    assert answer.json()["name"] == "Bo" and answer.json()["role"] == "member"
