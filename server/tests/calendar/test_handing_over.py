"""Whose a meeting is: what somebody brings into an organisation, and who has it when they go."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from folkmoot.accounts.model import Account, SignUp
from folkmoot.app import owners_of
from folkmoot.calendar import bring
from folkmoot.orgs import OrgId, founding, joining
from folkmoot.orgs.belonging import Belonging

from ..accounts.conftest import Mailbox, opened, text_of
from ..orgs.conftest import Town, built, right
from ..orgs.test_adoption import proves
from .conftest import Person, School, school_of
from .test_mails import calendar_of, mails_to


@dataclass
class University:
    """A school whose domain is proven: Ada owns the organisation, the others have been asked."""

    school: School
    town: Town
    belonging: Belonging
    org: OrgId
    ada: Person
    bo: Person
    eve: Person

    async def account(self, of: Person) -> Account:
        signed = await self.town.office.at.who(of.client.cookies["__Host-folkmoot"])
        assert signed is not None
        return signed[0]

    async def answers(self, who: Person, *meetings: str, yes: bool = True) -> None:
        account = await self.account(who)
        assert await joining.answer(self.town.at, account, self.org, yes=yes, meetings=meetings) is None
        await self.settled()

    async def settled(self) -> None:
        await self.school.leaving.settled()
        await self.belonging.settled()
        await self.town.settled()

    async def deletes(self, who: Person) -> None:
        await self.settled()  # what came before is read before
        await who.asks("DELETE", "/api/account", 204)
        await self.settled()

    def told(self, address: str) -> str:
        """All that they had, for mails go several at once."""
        return "\n".join(text_of(mail) for mail in self.school.mailbox.mails if mail["To"] == address)


@pytest.fixture
async def university(address: str, mailbox: tuple[Mailbox, int], tmp_path: Path) -> AsyncIterator[University]:
    async with opened(address, mailbox, SignUp.OPEN, mail=True) as office, built(office, tmp_path) as town:
        belonging = Belonging(town.at)
        async with school_of(office, belonging.of) as school:
            town.at.along.append(partial(bring, school.calendar))
            ada = await school.person("Ada", "ada@school.example")
            bo = await school.person("Bo", "bo@school.example")
            eve = await school.person("Eve", "eve@school.example")
            account = await office.at.who(ada.client.cookies["__Host-folkmoot"])
            assert account is not None
            org = right(await founding.found(town.at, account[0], "Northfield")).id
            there = University(school, town, belonging, org, ada, bo, eve)
            await proves(town, _Signed(account[0]), org)
            yield there
            await there.settled()
            await belonging.stop()


@dataclass
class _Signed:
    account: Account


async def test_each_chooses_what_comes_along_and_who_declines_keeps_all(university: University) -> None:
    bo, eve = university.bo, university.eve
    physics = await bo.plans("Physics", rrule="FREQ=WEEKLY;COUNT=3")
    university.school.clock.advance(1)  # the latest made comes first
    chess = await bo.plans("Chess")
    hers = await eve.plans("Hers")
    asked = (await bo.asks("GET", "/api/calendar/owned"))["meetings"]
    assert [(one["title"], one["repeats"], one["org"]) for one in asked] == [
        ("Chess", False, None),
        ("Physics", True, None),
    ]
    await university.answers(bo, physics["id"], hers["id"])
    await university.answers(eve, hers["id"], yes=False)
    said = {one["title"]: one["org"] for one in (await bo.asks("GET", "/api/calendar/owned"))["meetings"]}
    assert said == {"Physics": university.org, "Chess": None}, "and nothing that is somebody else's"
    assert (await eve.asks("GET", "/api/calendar/owned"))["meetings"][0]["org"] is None
    assert (await bo.asks("GET", f"/api/calendar/meetings/{physics['id']}"))["mine"] == "owner"
    owners = owners_of(university.town.office.at.storage)
    assert await owners(f"m-{physics['number']}") == [bo.id, university.org], "its webhooks hear of it"
    assert await owners(f"m-{chess['number']}") == [bo.id]


async def test_what_belongs_to_an_organisation_stays_when_its_owner_leaves_it(university: University) -> None:
    ada, bo = university.ada, university.bo
    physics = await bo.plans("Physics", people=[{"to": "pupil@x.example"}])
    chess = await bo.plans("Chess")
    await university.answers(bo, physics["id"])
    assert await joining.leave(university.town.at, await university.account(bo), university.org) is None
    await university.settled()
    assert await bo.refused("GET", f"/api/calendar/meetings/{physics['id']}") == (404, "calendar.unknown")
    assert (await bo.asks("GET", f"/api/calendar/meetings/{chess['id']}"))["mine"] == "owner"
    there = await ada.asks("GET", f"/api/calendar/meetings/{physics['id']}")
    assert (there["mine"], there["number"], len(there["people"])) == ("owner", physics["number"], 1)
    assert "Ada organises this meeting from now on" in university.told("pupil@x.example")
    heard = [calendar_of(mail) for mail in mails_to(university.school, "pupil@x.example")]
    assert {str(one["METHOD"]) for one in heard} == {"REQUEST"}
    latest = max((one.walk("VEVENT")[0] for one in heard), key=lambda one: int(one["SEQUENCE"]))
    assert "Ada" in str(latest["ORGANIZER"].params), "by which calendars go"
    assert "Physics" in university.told("ada@school.example")


async def test_news_that_was_missed_is_found_by_looking(university: University) -> None:
    bo = university.bo
    physics = await bo.plans("Physics")
    await university.answers(bo, physics["id"])
    await university.school.leaving.stop()
    account = await university.account(bo)
    assert await joining.leave(university.town.at, account, university.org) is None
    await university.school.leaving.look()
    assert (await university.ada.asks("GET", f"/api/calendar/meetings/{physics['id']}"))["mine"] == "owner"


async def test_who_deletes_their_account_leaves_their_meetings_to_a_colleague(university: University) -> None:
    ada, bo, eve = university.ada, university.bo, university.eve
    await university.answers(bo)
    await university.answers(eve)
    await bo.plans("Physics", people=[{"to": "pupil@x.example"}, {"to": university.eve.id}])
    over = await bo.plans("Over", starts="2026-01-02T09:00")
    room = await bo.asks("GET", "/api/calendar/room")
    assert await bo.asks("PUT", "/api/calendar/heir", heir=university.eve.id) == {
        "heir": university.eve.id,
        "name": "Eve",
    }
    university.school.clock.advance(24 * 3600.0 * 2)
    await signs_in_again(university, bo, ada, university.eve)
    await university.deletes(bo)
    left = (await university.eve.asks("GET", "/api/calendar/owned"))["meetings"]
    assert [one["title"] for one in left] == ["Physics"]
    kept = await university.eve.asks("GET", f"/api/calendar/meetings/{left[0]['id']}")
    assert kept["mine"] == "owner"
    assert [(one["name"], one["revoked"]) for one in kept["people"]] == [("pupil", False)]
    assert "Physics" in university.told("eve@school.example")
    assert "Eve organises" in university.told("pupil@x.example")
    for ended in (over, room):
        assert await university.eve.refused("GET", f"/api/calendar/meetings/{ended['id']}") == (
            404,
            "calendar.unknown",
        )


async def test_or_to_the_organisation_and_its_own_goes_there_whatever_was_said(
    university: University,
) -> None:
    ada, bo = university.ada, university.bo
    physics, chess = await bo.plans("Physics"), await bo.plans("Chess")
    await university.answers(bo, physics["id"])
    assert (await bo.asks("PUT", "/api/calendar/heir", heir=university.org))["name"] == "Northfield"
    await bo.asks("PUT", "/api/calendar/heir", heir=None)
    assert await bo.asks("GET", "/api/calendar/heir") == {
        "heir": None,
        "name": "",
        "orgs": [{"id": university.org, "name": "Northfield"}],
    }
    await university.deletes(bo)
    assert [one["id"] for one in (await ada.asks("GET", "/api/calendar/owned"))["meetings"]] == [
        physics["id"]
    ]
    assert await ada.refused("GET", f"/api/calendar/meetings/{chess['id']}") == (404, "calendar.unknown")


async def test_an_organisation_that_is_no_more_owns_nothing(university: University) -> None:
    bo = university.bo
    physics = await bo.plans("Physics")
    await university.answers(bo, physics["id"])
    await bo.asks("PUT", "/api/calendar/heir", heir=university.org)
    signed = await university.town.office.at.who(university.ada.client.cookies["__Host-folkmoot"])
    assert signed is not None
    assert await founding.delete(university.town.at, *signed, university.org) is None
    await university.settled()
    assert (await bo.asks("GET", "/api/calendar/owned"))["meetings"][0]["org"] is None
    assert (await bo.asks("GET", "/api/calendar/heir"))["heir"] is None


async def test_nobody_else_can_be_named(university: University) -> None:
    bo = university.bo
    for heir in (university.eve.id, university.org, bo.id, "a_nobody"):
        assert await bo.refused("PUT", "/api/calendar/heir", heir=heir) == (422, "calendar.heir")
    ada = university.ada  # her organisation has nobody else to look after it
    assert await ada.refused("PUT", "/api/calendar/heir", heir=university.org) == (422, "calendar.heir")
    assert (await ada.asks("GET", "/api/calendar/heir"))["orgs"] == []


async def signs_in_again(university: University, *people: Person) -> None:
    for one in people:
        said = {"address": one.address, "password": "a long and rare one ☕"}
        assert (await one.client.post("/api/signin", json=said)).status_code == 200


async def test_an_organiser_hands_a_meeting_to_a_colleague_and_stays_as_cohost(
    university: University,
) -> None:
    ada, bo = university.ada, university.bo
    await university.answers(bo)
    people = [{"to": bo.id}, {"to": "pupil@x.example"}]
    physics = await ada.plans("Physics", rrule="FREQ=WEEKLY;COUNT=3", people=people)
    await (
        university.school.settled()
    )  # mails go several at once: the first has come before the next is written
    at, (his, pupil) = f"/api/calendar/meetings/{physics['id']}", physics["people"]
    given = await ada.asks("POST", f"{at}/people/{his['id']}/owner")
    assert (given["mine"], given["organiser"]) == ("cohost", "Bo")
    now = await bo.asks("GET", at)
    assert (now["mine"], now["link"], now["number"]) == ("owner", physics["link"], physics["number"])
    assert [(one["name"], one["cohost"]) for one in now["people"]] == [("pupil", False), ("Ada", True)]
    await university.school.settled()
    assert "Bo organises this meeting" in university.told("pupil@x.example")
    told = " ".join(university.told("bo@school.example").split())
    assert "Ada handed this meeting to you" in told
    assert f"Keep it, or give it back, here: https://meet.example/meetings/{physics['id']}" in told
    [first, handed] = mails_to(university.school, "pupil@x.example")
    [before], [after] = (calendar_of(mail).walk("VEVENT") for mail in (first, handed))
    assert (after["UID"], after["ORGANIZER"]) == (before["UID"], "mailto:bo@school.example")
    assert after["SEQUENCE"] > before["SEQUENCE"]

    assert await ada.refused("POST", f"{at}/people/{pupil['id']}/owner") == (403, "calendar.not_host")
    [hers] = [one for one in now["people"] if one["account"] == ada.id]
    back = await bo.asks("POST", f"{at}/people/{hers['id']}/owner")
    assert (back["mine"], back["organiser"]) == ("cohost", "Ada")
    assert [one["name"] for one in (await ada.asks("GET", at))["people"]] == ["Bo", "pupil"]


async def test_nobody_is_handed_a_meeting_who_is_no_colleague(university: University) -> None:
    ada, bo, eve = university.ada, university.bo, university.eve
    await university.answers(bo)
    people = [{"to": eve.id}, {"to": bo.address}, {"to": bo.id}]
    physics = await ada.plans("Physics", people=people)
    at, by_id = f"/api/calendar/meetings/{physics['id']}", [one["id"] for one in physics["people"]]
    no = (422, "calendar.not_a_colleague")
    assert await ada.refused("POST", f"{at}/people/{by_id[0]}/owner") == no
    # whether an address has an account is told to nobody
    assert await ada.refused("POST", f"{at}/people/{by_id[1]}/owner") == no
    assert await ada.refused("POST", f"{at}/people/i_nobody/owner") == (404, "invitation.unknown")
    assert await eve.refused("POST", f"{at}/people/{by_id[2]}/owner") == (403, "calendar.not_host")
    await ada.asks("DELETE", f"{at}/people/{by_id[2]}", 204)
    assert await ada.refused("POST", f"{at}/people/{by_id[2]}/owner") == (404, "invitation.unknown")
    assert (await ada.asks("GET", at))["mine"] == "owner"


async def test_who_is_made_organiser_is_asked_and_gives_it_back(university: University) -> None:
    ada, bo = university.ada, university.bo
    await university.answers(bo)
    physics = await ada.plans("Physics", people=[{"to": bo.id}, {"to": "pupil@x.example"}])
    at = f"/api/calendar/meetings/{physics['id']}"
    assert (physics["handed"], physics["mails"]) == (None, True)
    await ada.asks("POST", f"{at}/people/{physics['people'][0]['id']}/owner")
    asked = {"meeting": physics["id"], "title": "Physics", "by": "Ada", "back": True}
    assert (await bo.asks("GET", "/api/calendar"))["handed"] == [asked]
    assert (await bo.asks("GET", at))["handed"] == asked
    assert (await ada.asks("GET", at))["handed"] is None, "only whose it is is asked"
    assert (await ada.asks("GET", "/api/calendar"))["handed"] == []

    back = await bo.asks("PUT", f"{at}/handed", keep=False)
    assert (back["mine"], back["organiser"], back["handed"]) == ("cohost", "Ada", None)
    hers = await ada.asks("GET", at)
    assert (hers["mine"], hers["number"], hers["link"]) == ("owner", physics["number"], physics["link"])
    assert [(one["name"], one["cohost"]) for one in hers["people"]] == [("Bo", True), ("pupil", False)]
    await university.school.settled()
    assert "Ada organises this meeting" in university.told("pupil@x.example")
    assert "Bo handed this meeting to you" in university.told("ada@school.example")

    assert (await ada.asks("PUT", f"{at}/handed", keep=True))["handed"] is None
    assert (await ada.asks("GET", "/api/calendar"))["handed"] == []
    assert (await ada.asks("PUT", f"{at}/handed", keep=True))["mine"] == "owner", "said twice is no fault"
    assert await ada.refused("PUT", f"{at}/handed", keep=False) == (409, "calendar.not_handed")


async def test_nobody_else_answers_and_nothing_goes_to_who_is_no_colleague_any_more(
    university: University,
) -> None:
    ada, bo, eve = university.ada, university.bo, university.eve
    await university.answers(bo)
    await university.answers(eve)
    physics = await ada.plans("Physics", people=[{"to": bo.id}])
    at = f"/api/calendar/meetings/{physics['id']}"
    assert await ada.refused("PUT", f"{at}/handed", keep=False) == (409, "calendar.not_handed")
    await ada.asks("POST", f"{at}/people/{physics['people'][0]['id']}/owner")
    assert await ada.refused("PUT", f"{at}/handed", keep=False) == (403, "calendar.not_host")
    assert await eve.refused("PUT", f"{at}/handed", keep=True) == (404, "calendar.unknown")
    assert await joining.leave(university.town.at, await university.account(bo), university.org) is None
    await university.settled()
    [asked] = (await bo.asks("GET", "/api/calendar"))["handed"]
    assert (asked["by"], asked["back"]) == ("Ada", False)
    assert await bo.refused("PUT", f"{at}/handed", keep=False) == (422, "calendar.not_a_colleague")
    assert (await bo.asks("GET", at))["mine"] == "owner"
    await bo.asks("DELETE", at, 204)
    assert (await bo.asks("GET", at))["handed"] is None, "what is cancelled is asked about no more"
    assert await bo.refused("PUT", f"{at}/handed", keep=True) == (409, "calendar.over")


async def test_who_inherits_is_told_on_the_page_too(university: University) -> None:
    ada, bo, eve = university.ada, university.bo, university.eve
    await university.answers(bo)
    await university.answers(eve)
    physics = await bo.plans("Physics", people=[{"to": eve.id}])
    chess = await bo.plans("Chess", people=[{"to": ada.id}])
    await bo.asks("POST", f"/api/calendar/meetings/{chess['id']}/people/{chess['people'][0]['id']}/owner")
    await bo.asks("PUT", "/api/calendar/heir", heir=eve.id)
    await university.deletes(bo)
    [left] = (await eve.asks("GET", "/api/calendar"))["handed"]
    assert left == {"meeting": physics["id"], "title": "Physics", "by": "", "back": False}
    no = (409, "calendar.not_handed")
    assert await eve.refused("PUT", f"/api/calendar/meetings/{physics['id']}/handed", keep=False) == no
    [hers] = (await ada.asks("GET", "/api/calendar"))["handed"]
    assert (hers["title"], hers["by"], hers["back"]) == ("Chess", "", False), "whose it was has gone since"
