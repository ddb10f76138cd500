"""A7, the privilege matrix: every verb × every role × what the meeting is set to, asked raw, cell by cell, of channel, HTTP and room.

The table is `tools/privileges.py`, which reads nothing from what decides. `tests/hostile/test_privileges.py` asks a whole server.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, get_args

import pytest
from tools.privileges import ROLES, SETTINGS, VERBS, Payload, Verb, may, words

from folkmoot.capabilities import FEATURES
from folkmoot.kit import Refusal
from folkmoot.meetings import model, people
from folkmoot.meetings.door import Joined
from folkmoot.meetings.media import room_of
from folkmoot.meetings.people import commands

from .house import House, Page
from .test_door import Door

TAKES_AWAY = {"chat.delete", "polls.close", "polls.discard", "links.revoke", "links.replace_host_key"}
"""What leaves the meeting's people as they were, and the next one with nothing to do it to."""
OWN_LINK = "YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI"


async def scene(setting: str) -> dict[str, Page]:
    """One of each, in a meeting set so. Who is to be is there before it is."""
    house = House()
    await house.create()
    everybody = {"owner": await house.comes("Owner", host=True), "host": await house.comes("Host", host=True)}
    owner = everybody["owner"]
    ticket = house.meetings.read_ticket(owner.joined.meeting.number, owner.joined.channel_token)
    assert ticket and not isinstance(await house.meetings.invite(ticket, [("Member", OWN_LINK)]), Refusal)
    everybody["member"] = await house.comes("Member", admission=OWN_LINK)
    for name in ("cohost", "guest", "other", "removed"):
        everybody[name] = await house.comes(name)
    await owner.do("meeting", "make_cohost", participant=everybody["cohost"].id)
    await owner.do("chat", "send", text="the first message")
    await owner.do("polls", "ask", question="?", options=["yes", "no"])
    await owner.do("attendance", "switch", on=True)
    await owner.do("meeting", "set_policy", waitingRoom="guests")
    everybody["waiting"] = await house.comes("Waiting", address="203.0.113.9")
    assert everybody["waiting"].waits
    await owner.do("meeting", "remove", participant=everybody["removed"].id)
    for step, payload in SETTINGS[setting].steps:
        assert isinstance(await owner.do("meeting", step, **named(payload, everybody, owner)), int)
    everybody["of another meeting"] = await elsewhere(house)
    house.clock.advance(5)
    for page in everybody.values():
        page.answers.clear()
    return everybody


async def elsewhere(house: House) -> Page:
    """A host, of another meeting of the same server."""
    here = house.created
    await house.create("Another")
    page = await house.comes("Elsewhere", host=True)
    house.created = here
    return page


def named(payload: Mapping[str, Any], everybody: Mapping[str, Page], by: Page) -> Payload:
    ids = {role: page.id for role, page in everybody.items()}
    if "waiting" in ids:
        ids["wai"] = ids["waiting"]
        ids["a host"] = ids["host"] if by is everybody["owner"] else ids["owner"]

    def meant(value: Any) -> Any:
        if isinstance(value, list):
            return [meant(one) for one in value]
        return ids.get(value, value) if isinstance(value, str) else value

    return {
        key: meant(value) if key in ("participant", "participants", "to") else value
        for key, value in payload.items()
    }


@pytest.mark.parametrize("setting", SETTINGS)
async def test_every_verb_in_every_cell(setting: str) -> None:
    """Whatever changed a meeting was its last."""
    wrong = []
    for role in ROLES:
        everybody = await scene(setting)
        for verb in sorted(VERBS, key=lambda verb: may(role, verb, setting)):
            everybody["owner"].house.clock.advance(5)
            before = state_of(everybody["owner"])
            done = await is_done(verb, role, everybody)
            if done is not may(role, verb, setting):
                wrong.append((role, str(verb), "done" if done else "refused"))
            elif not done and state_of(everybody["owner"]) != before:
                wrong.append((role, str(verb), "refused, and something changed"))
            if state_of(everybody["owner"]) != before or str(verb) in TAKES_AWAY:
                everybody = await scene(setting)
    assert not wrong


@pytest.mark.parametrize("setting", SETTINGS)
async def test_what_the_page_shows_is_what_is_decided(setting: str) -> None:
    everybody = await scene(setting)
    for role in ("owner", "host", "cohost", "member", "guest", "waiting"):
        assert set(everybody[role].you["may"]) == words(role, SETTINGS[setting]), role


def state_of(owner: Page) -> people.State:
    assert owner.meeting
    return owner.meeting.state


async def is_done(verb: Verb, role: str, everybody: Mapping[str, Page]) -> bool:
    page, owner = everybody[role], everybody["owner"]
    match verb.feature:
        case "room":
            return comes_in(page, owner)
        case "media":
            return comes_in(page, owner) and verb.type in terms(page, owner)
        case "roomservice":
            return False  # `tests/hostile/test_privileges.py`
        case "links":
            return await by_http(verb.type, page, owner)
    payload = named(verb.payload, everybody, page)
    if str(verb) == "attendance.here":
        await owner.do("attendance", "check", for_s=600)  # so that there is something to answer
    return isinstance(await by_channel(page, owner, verb, payload), int)


async def by_channel(page: Page, owner: Page, verb: Verb, payload: Payload) -> Any:
    """On the channel of the owner's meeting, whoever it is."""
    if page.meeting is owner.meeting:
        return await page.do(verb.feature, verb.type, **payload)
    id = page.ask(verb.feature, verb.type, **payload)
    assert owner.meeting and page.wire
    await owner.meeting.do(page.id, page.wire, page.pending[id])
    page.house.settle()
    return page.answers.get(id)


async def by_http(type: str, page: Page, owner: Page) -> bool:
    client, path = Door(page.house).client, f"/api/meetings/{owner.joined.meeting.number}"
    bearer = {"Authorization": f"Bearer {page.joined.channel_token}"}
    new = {"people": [{"name": "New", "admission": model.encode(b"n" * 32)}]}
    match type:
        case "invite":
            answer = await client.post(f"{path}/invitations", json=new, headers=bearer)
        case "list":
            answer = await client.get(f"{path}/invitations", headers=bearer)
        case "revoke":
            made = await owner.house.journal.invitations(owner.joined.meeting.number)
            answer = await client.delete(f"{path}/invitations/{made[0].id}", headers=bearer)
        case _:
            answer = await client.post(f"{path}/host-key", headers=bearer)
    assert answer.is_success or answer.json()["code"] in (
        *("meeting.not_host", "meeting.not_owner", "meeting.not_admitted", "channel.bad_token"),
    )
    return answer.is_success


def comes_in(page: Page, owner: Page) -> bool:
    """By any token that names them."""
    return owner.house.meetings.may_be_inside(room_of(owner.joined.meeting.number), page.id)


def terms(page: Page, owner: Page) -> Collection[str]:
    sources = owner.house.meetings.terms(room_of(owner.joined.meeting.number), page.id).sources
    assert sources is not None
    return sources


def test_no_verb_is_forgotten() -> None:
    known = set()
    for feature in (people.feature, *FEATURES):
        kinds = feature.commands.json_schema()["discriminator"]["mapping"]
        known |= {(feature.name, kind) for kind in kinds}
    others = {
        (verb.feature, verb.type)
        for verb in VERBS
        if verb.feature in ("links", "room", "media", "roomservice")
    }
    assert known | others == {(verb.feature, verb.type) for verb in VERBS}


async def test_a9_a_ticket_is_good_for_its_own_meeting_and_until_its_end() -> None:
    everybody = await scene("open")
    owner, guest = everybody["owner"], everybody["guest"]
    house, number = owner.house, owner.joined.meeting.number
    other = everybody["of another meeting"].joined.meeting.number
    assert house.meetings.read_ticket(other, guest.joined.channel_token) is None
    await owner.do("meeting", "make_cohost", participant=guest.id)
    await owner.do("meeting", "unmake_cohost", participant=guest.id)
    await guest.connect()
    house.settle()
    assert guest.you["role"] == "guest", "a role that was taken is in no token"
    await owner.do("meeting", "end")
    await guest.connect()
    assert guest.refused_entry == Refusal("meeting.ended")
    assert not house.meetings.may_be_inside(f"m-{number}", guest.id)
    late = await house.join("Late")
    assert not isinstance(late, Joined)


def test_the_meetings_own_commands_are_in_no_schema() -> None:
    mapping = people.feature.commands.json_schema()["discriminator"]["mapping"]
    own = {kind.__name__.lower() for kind in get_args(commands.Own)}
    assert not own & {kind.replace("_", "") for kind in mapping}
