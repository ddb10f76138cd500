"""So many meetings at once as the plan allows: at the door of each kind, in a database of each kind."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from folkmoot.kit import Refusal
from folkmoot.meetings.model import Settings
from folkmoot.meetings.places import Allowance

from .conftest import Line, Person, School, enters, join, proof_of, school_of
from .test_coming import NINE, came, do, later, refused


def allows(school: School, most: int | None, *holders: str) -> None:
    """`holders`: the organisations that every owner is in; none: each counts alone."""
    placing = school.meetings.placing
    placing.owner_of = school.meetings.plans.owner_of  # type: ignore[attr-defined]
    placing.allowed = lambda owner: [
        Allowance(holder, most) for holder in holders or (owner,) if most is not None
    ]


@contextlib.asynccontextmanager
async def again(school: School) -> AsyncIterator[School]:
    """As after kill -9: another process on the same database."""
    async with school_of(school.office) as after:
        await after.meetings.awaken()
        yield after


async def starts(who: Person) -> Any:
    return await who.asks("POST", "/api/calendar/now", 201, title="Now")


async def test_where_no_plan_says_so_nothing_is_limited(ada: Person, school: School) -> None:
    for _ in range(5):
        made = await starts(ada)
        await came(await enters(school, ada.client, made["number"]))


async def test_an_instant_one_too_many_is_refused_and_those_that_go_on_are_open(
    ada: Person, school: School
) -> None:
    allows(school, 1)
    first = await starts(ada)
    await came(await enters(school, ada.client, first["number"]))
    answer = await ada.client.post("/api/calendar/now", json={"title": "Two"})
    assert (answer.status_code, await refused(answer)) == (
        409,
        ("meeting.at_once", {"most": 1, "retry_after_s": 30}),
    )
    guest = await enters(school, school.browser(), first["number"], "Gus", **proof_of(first["link"]))
    assert (await came(guest)).you["name"] == "Gus"
    bo = await school.person("Bo", "bo@other.example")
    await came(await enters(school, bo.client, (await starts(bo))["number"]))


async def test_colleagues_share_the_places_of_their_organisation(ada: Person, school: School) -> None:
    allows(school, 2, "o_1")
    bo = await school.person("Bo", "bo@school.example")
    await came(await enters(school, ada.client, (await starts(ada))["number"]))
    line = await came(await enters(school, bo.client, (await starts(bo))["number"]))
    assert await ada.refused("POST", "/api/calendar/now", title="Three") == (409, "meeting.at_once")
    await do(line, "meeting", "end")
    await came(await enters(school, ada.client, (await starts(ada))["number"]))


async def test_two_starts_at_once(ada: Person, school: School) -> None:
    allows(school, 1)
    made = [await starts(ada) for _ in range(4)]
    answers = await asyncio.gather(*(join(ada.client, one["number"]) for one in made))
    assert sorted(one.status_code for one in answers) == [200, 409, 409, 409]


async def test_a_planned_one_waits_for_a_place_and_takes_it(ada: Person, school: School) -> None:
    allows(school, 1)
    planned = await ada.plans(starts=NINE, time_zone="UTC")
    now = await starts(ada)
    line = await came(await enters(school, ada.client, now["number"]))
    await later(school, "2026-01-01T13:00")
    code, params = await refused(
        await join(school.browser(), planned["number"], "Gus", **proof_of(planned["link"]))
    )
    assert (code, params["most"]) == ("meeting.at_once", 1)
    assert (await ada.asks("GET", "/api/calendar"))["now"][0]["number"] == now["number"]
    await do(line, "meeting", "end")
    await came(await enters(school, school.browser(), planned["number"], "Gus", **proof_of(planned["link"])))


async def test_ones_own_room_counts(ada: Person, school: School) -> None:
    allows(school, 1)
    room = await ada.asks("GET", "/api/calendar/room")
    await came(await enters(school, ada.client, (await starts(ada))["number"]))
    assert (await refused(await join(ada.client, room["number"])))[0] == "meeting.at_once"


async def test_a_stranger_hears_nothing_of_places(ada: Person, school: School) -> None:
    allows(school, 1)
    room = await ada.asks("GET", "/api/calendar/room")
    await came(await enters(school, ada.client, (await starts(ada))["number"]))
    planned = await join(school.browser(), room["number"], "Eve", admission="A" * 43)
    nobodys = await join(school.browser(), "999999999999", "Eve", admission="A" * 43)
    assert (planned.status_code, planned.content) == (nobodys.status_code, nobodys.content)


async def test_with_an_old_ticket_nobody_begins_one_too_many(ada: Person, school: School) -> None:
    allows(school, 1)
    room = await ada.asks("GET", "/api/calendar/room")
    ticket = (await join(ada.client, room["number"])).json()["channel_token"]
    school.clock.advance(61)
    await came(await enters(school, ada.client, (await starts(ada))["number"]))
    known = school.meetings.read_ticket(room["number"], ticket)
    assert known is not None
    refusal = await school.meetings.enter(known, Line(), None)
    assert isinstance(refusal, Refusal) and refusal.code == "meeting.at_once"


async def test_everybody_left_and_its_place_is_free(ada: Person, school: School) -> None:
    allows(school, 1)
    line = await came(await enters(school, ada.client, (await starts(ada))["number"]))
    line.meeting.lost(line.id, line)  # type: ignore[attr-defined]
    school.clock.advance(20)
    await school.meetings.tick()
    assert await ada.refused("POST", "/api/calendar/now", title="Two") == (409, "meeting.at_once"), (
        "their line may come back"
    )
    school.clock.advance(Settings().grace_s)
    await school.meetings.tick()
    await came(await enters(school, ada.client, (await starts(ada))["number"]))


async def test_after_a_crash_what_went_on_counts_until_nobody_comes_back(ada: Person, school: School) -> None:
    allows(school, 1)
    await came(await enters(school, ada.client, (await starts(ada))["number"]))
    before = school.meetings
    async with again(school) as after:
        allows(after, 1)
        bo = Person(after, after.browser(), ada.id, ada.name, ada.address)
        bo.client.cookies.update(ada.client.cookies)
        assert await bo.refused("POST", "/api/calendar/now", title="Two") == (409, "meeting.at_once")
        await after.meetings.tick()
        after.clock.advance(Settings().grace_s + 1)
        await after.meetings.tick()
        await came(await enters(after, bo.client, (await starts(bo))["number"]))
    assert before.counts()["meetings"] == 1, "nobody said goodbye there"


async def test_who_begins_where_it_can_t_be_asked_begins(ada: Person, school: School) -> None:
    allows(school, 1)

    async def broken(_: str) -> str | None:
        raise OSError("the database is away")

    made = [await starts(ada) for _ in range(2)]
    school.meetings.placing.owner_of = broken
    for one in made:
        await came(await enters(school, ada.client, one["number"]))
