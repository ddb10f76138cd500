"""Who follows the last host: whom they named, or as far as the policy goes; a stranger never by staying."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from folkmoot.kit import Refusal
from folkmoot.meetings.people import Remove

from .house import House, Page

BOS = "YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI"


async def leaves(house: House, page: Page) -> None:
    await page.do("meeting", "leave")


async def closes_the_tab(house: House, page: Page) -> None:
    assert page.meeting and page.wire
    await page.meeting.leaving(page.id, page.wire)
    await house.passes(31)


async def loses_the_line(house: House, page: Page) -> None:
    page.cut()
    await house.passes(31)


async def crashes_with_the_server(house: House, page: Page) -> None:
    others = [one for one in house.pages if one is not page]
    await house.restart()
    for one in others:
        one.seen = None
        await one.connect()
    house.settle()
    await house.passes(31)


async def is_removed_by_the_api(house: House, page: Page) -> None:
    assert (
        await house.meetings.command(page.joined.meeting.number, Remove(type="remove", participant=page.id))
        is None
    )
    house.settle()


GOING: list[Callable[[House, Page], Awaitable[None]]] = [
    leaves,
    closes_the_tab,
    loses_the_line,
    crashes_with_the_server,
    is_removed_by_the_api,
]


async def invited(house: House, host: Page, name: str = "Bo", **coming: Any) -> Page:
    """Somebody with a link of their own."""
    ticket = house.meetings.read_ticket(host.joined.meeting.number, host.joined.channel_token)
    assert ticket and not isinstance(await house.meetings.invite(ticket, [(name, BOS)]), Refusal)
    return await house.comes(name, admission=BOS, **coming)


@pytest.mark.parametrize("goes", GOING)
async def test_whom_the_host_named_follows_however_the_host_goes(house: House, goes: Any) -> None:
    ada, first, bo = await house.comes("Ada", host=True), await house.comes("First"), await house.comes("Bo")
    await ada.do("meeting", "name_successor", participant=bo.id)
    await goes(house, ada)
    assert bo.you["role"] == "cohost" and "host" in bo.you["may"]
    assert first.you["role"] == "guest" and first.heard("hosted") == []
    assert isinstance(await bo.do("meeting", "mute", participant=first.id, source="microphone"), int)


@pytest.mark.parametrize("goes", GOING)
async def test_with_a_cohost_there_nobody_else_follows(house: House, goes: Any) -> None:
    ada, co, bo = await house.comes("Ada", host=True), await house.comes("Co"), await house.comes("Bo")
    await ada.do("meeting", "name_successor", participant=bo.id)
    await ada.do("meeting", "make_cohost", participant=co.id)
    await goes(house, ada)
    assert (co.you["role"], bo.you["role"]) == ("cohost", "guest")


@pytest.mark.parametrize("goes", GOING)
@pytest.mark.parametrize("preset", ["open", "careful"])
async def test_nobody_named_who_was_invited_by_name_follows_before_who_came_first(
    preset: str, goes: Any
) -> None:
    house = House()
    await house.create(preset=preset)
    ada, first = await house.comes("Ada", host=True), await house.comes("First")
    await ada.do("meeting", "admit_all")
    bo = await invited(house, ada)
    assert (first.you["role"], bo.you["role"]) == ("guest", "member")
    await goes(house, ada)
    assert (first.you["role"], bo.you["role"]) == ("guest", "cohost")


@pytest.mark.parametrize("goes", GOING)
@pytest.mark.parametrize("preset", ["open", "careful"])
async def test_who_came_by_the_meetings_link_alone_hosts_nothing_by_staying(preset: str, goes: Any) -> None:
    house = House()
    await house.create(preset=preset)
    ada, bo = await house.comes("Ada", host=True), await house.comes("Bo")
    await ada.do("meeting", "admit_all")
    await goes(house, ada)
    assert bo.you["role"] == "guest"
    told = bo.heard("hosted")[-1:] or [{"hosted": bo.snapshot["meeting"]["hosted"]}]
    assert told == [{"hosted": False}], "the room says so"
    await house.passes(3600)
    await bo.connect()
    house.settle()
    assert bo.you["role"] == "guest", "nor by waiting it out"


@pytest.mark.parametrize("preset", ["class", "summit"])
async def test_no_pupil_follows_the_teacher_unless_named(preset: str) -> None:
    house = House()
    await house.create(preset=preset)
    ada = await house.comes("Ada", host=True)
    await ada.do("meeting", "set_policy", waitingRoom="off")
    bo = await invited(house, ada)
    await loses_the_line(house, ada)
    assert bo.you["role"] == "member" and bo.heard("hosted") == [{"hosted": False}]


async def test_among_friends_a_host_may_let_anybody_follow(house: House) -> None:
    ada, bo, _ = await house.comes("Ada", host=True), await house.comes("Bo"), await house.comes("Cy")
    await ada.do("meeting", "set_policy", heirs="anybody")
    await leaves(house, ada)
    assert bo.you["role"] == "cohost" and "own" not in bo.you["may"]


async def test_who_followed_passes_it_on_while_no_owner_is_there(house: House) -> None:
    ada, bo, cy = await house.comes("Ada", host=True), await house.comes("Bo"), await house.comes("Cy")
    await ada.do("meeting", "make_cohost", participant=bo.id)
    assert await bo.do("meeting", "name_successor", participant=cy.id) == "meeting.not_owner"
    await leaves(house, ada)
    assert isinstance(await bo.do("meeting", "name_successor", participant=cy.id), int)
    assert await cy.do("meeting", "name_successor", participant=cy.id) == "meeting.not_owner"
    await leaves(house, bo)
    assert cy.you["role"] == "cohost"


async def test_the_owner_who_comes_back_owns_and_unmakes_who_followed(house: House) -> None:
    ada, bo = await house.comes("Ada", host=True), await house.comes("Bo")
    await ada.do("meeting", "name_successor", participant=bo.id)
    await loses_the_line(house, ada)
    await ada.connect()
    house.settle()
    assert ada.you["role"] == "owner" and bo.you["role"] == "cohost"
    await ada.do("meeting", "unmake_cohost", participant=bo.id)
    assert bo.you["role"] == "guest"
