"""A7, the privilege matrix: every verb × every role × what the meeting is set to, generated from one table, asserted cell by cell.

The table says what each verb needs and each setting leaves; nothing of it is read from what decides. A verb that is in no row fails.
"""

from __future__ import annotations

import itertools
from typing import Any, get_args

import pytest

from folkmoot.capabilities import FEATURES
from folkmoot.kit import Refusal
from folkmoot.meetings import people
from folkmoot.meetings.door import Joined
from folkmoot.meetings.people import commands

from .house import House, Page

Payload = dict[str, Any]
VERBS: dict[tuple[str, str], tuple[str, Payload]] = {
    # what it needs, and a payload that would be done; "other" is Oz, a guest, "wai" is who waits
    ("meeting", "leave"): ("nothing", {}),
    ("meeting", "report"): ("being in", {"participant": "other", "what": "x"}),
    ("meeting", "ask_to_share"): ("being in", {}),
    ("meeting", "take_back"): ("the key", {}),
    ("meeting", "rename"): ("rename", {"name": "New"}),
    ("meeting", "mute"): ("host", {"participant": "other", "source": "microphone"}),
    ("meeting", "mute_all"): ("host", {}),
    ("meeting", "ask_unmute"): ("host", {"participant": "other"}),
    ("meeting", "spotlight"): ("host", {"participants": ["other"]}),
    ("meeting", "lock"): ("host", {"locked": True}),
    ("meeting", "end"): ("host", {}),
    ("meeting", "remove"): ("host", {"participant": "other"}),
    ("meeting", "stop_everything"): ("host", {}),
    ("meeting", "resume"): ("host", {"what": "all"}),
    ("meeting", "set_policy"): ("host", {"showTitle": True}),
    ("meeting", "let"): ("host", {"participant": "other", "may": {"chat": False}}),
    ("meeting", "admit"): ("host", {"participant": "wai"}),
    ("meeting", "admit_all"): ("host", {}),
    ("meeting", "deny"): ("host", {"participant": "wai"}),
    ("meeting", "send_to_waiting"): ("host", {"participant": "other"}),
    ("meeting", "make_cohost"): ("own", {"participant": "other"}),
    ("meeting", "unmake_cohost"): ("own", {"participant": "cohost"}),
    ("meeting", "hand_over"): ("own", {"participant": "other"}),
    ("meeting", "name_successor"): ("own", {"participant": "other"}),
    ("chat", "send"): ("chat", {"text": "x"}),
    ("chat", "delete"): ("its author", {"id": "m1"}),
    ("polls", "ask"): ("host", {"question": "Well?", "options": ["yes", "no"]}),
    ("polls", "vote"): ("being in", {"poll": "q1", "choices": [0]}),
    ("polls", "close"): ("host", {"poll": "q1"}),
    ("polls", "discard"): ("host", {"poll": "q1"}),
    ("reactions", "react"): ("react", {"emoji": "👍"}),
    ("reactions", "raise"): ("being in", {}),
    ("reactions", "lower"): ("host", {"participant": "other"}),
    ("reactions", "lower_all"): ("host", {}),
}
ROLES = ("owner", "host", "cohost", "member", "guest", "waiting", "removed", "of another meeting")
HOSTS = ("owner", "host", "cohost")
SETTINGS: dict[str, set[str]] = {
    # what one who doesn't host is left with
    "open": {"chat", "react", "rename"},
    "class": {"react"},
    "stopped": set(),
    "locked": {"chat", "react", "rename"},
}
STEPS: dict[str, tuple[str, Payload] | None] = {
    "open": None,
    "class": ("set_policy", {"preset": "class"}),
    "stopped": ("stop_everything", {}),
    "locked": ("lock", {"locked": True}),
}


def may(role: str, needs: str, left: set[str]) -> bool:
    if needs == "nothing":
        return role in (*HOSTS, "member", "guest", "waiting")
    if role not in (*HOSTS, "member", "guest"):
        return False
    match needs:
        case "being in":
            return True
        case "host" | "its author":
            return role in HOSTS
        case "own" | "the key":
            return role in ("owner", "host")
        case "rename" if role == "member":
            return False  # the name is the invitation's
    return role in HOSTS or needs in left


async def scene(setting: str) -> dict[str, Page]:
    """One of each, in a meeting set so. Who is to be is there before it is."""
    house = House()
    await house.create()
    everybody = {"owner": await house.comes("Owner", host=True), "host": await house.comes("Host", host=True)}
    owner = everybody["owner"]
    number = owner.joined.meeting.number
    ticket = house.meetings.read_ticket(number, owner.joined.channel_token)
    assert ticket and not isinstance(await house.meetings.invite(ticket, [("Member", ADMISSION2)]), Refusal)
    everybody["member"] = await house.comes("Member", admission=ADMISSION2)
    for name in ("cohost", "guest", "other", "removed"):
        everybody[name] = await house.comes(name)
    await owner.do("meeting", "make_cohost", participant=everybody["cohost"].id)
    await owner.do("chat", "send", text="the first message")
    await owner.do("polls", "ask", question="?", options=["yes", "no"])
    await owner.do("meeting", "set_policy", waitingRoom="guests")
    everybody["waiting"] = await house.comes("Waiting", address="203.0.113.9")
    assert everybody["waiting"].waits
    await owner.do("meeting", "remove", participant=everybody["removed"].id)
    if (step := STEPS[setting]) is not None:
        await owner.do("meeting", step[0], **step[1])
    everybody["of another meeting"] = await elsewhere(house)
    for page in everybody.values():
        page.answers.clear()
    return everybody


ADMISSION2 = "YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI"


async def elsewhere(house: House) -> Page:
    """A host, of another meeting of the same server."""
    here = house.created
    await house.create("Another")
    page = await house.comes("Elsewhere", host=True)
    house.created = here
    return page


def named(payload: Payload, everybody: dict[str, Page]) -> Payload:
    ids = {"other": everybody["other"].id, "wai": everybody["waiting"].id, "cohost": everybody["cohost"].id}

    def meant(value: Any) -> Any:
        if isinstance(value, list):
            return [meant(one) for one in value]
        return ids.get(value, value) if isinstance(value, str) else value

    return {key: meant(value) for key, value in payload.items()}


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("role", ROLES)
async def test_every_verb_in_every_cell(role: str, setting: str) -> None:
    wrong = []
    for (feature, verb), (needs, payload) in VERBS.items():
        everybody = await scene(setting)
        page, owner = everybody[role], everybody["owner"]
        before = owner.meeting.state if owner.meeting else None
        answer = await ask_raw(page, owner, feature, verb, named(payload, everybody))
        allowed = may(role, needs, SETTINGS[setting])
        if verb == "resume" and allowed:
            allowed = setting == "stopped"  # there must be something to go on with
        if isinstance(answer, int) != allowed:
            wrong.append((feature, verb, answer))
        elif not allowed and owner.meeting and owner.meeting.state != before:
            wrong.append((feature, verb, "refused, and something changed"))
    assert not wrong


async def ask_raw(page: Page, owner: Page, feature: str, verb: str, payload: Payload) -> Any:
    """On the channel of the owner's meeting, whoever it is."""
    if page.meeting is not owner.meeting:
        id = page.ask(feature, verb, **payload)
        assert owner.meeting and page.wire
        await owner.meeting.do(page.id, page.wire, page.pending[id])
        page.house.settle()
        return page.answers.get(id)
    return await page.do(feature, verb, **payload)


def test_no_verb_is_forgotten() -> None:
    known = set()
    for feature in (people.feature, *FEATURES):
        kinds = feature.commands.json_schema()["discriminator"]["mapping"]
        known |= {(feature.name, kind) for kind in kinds}
    assert known == set(VERBS)


@pytest.mark.parametrize(("preset", "role"), list(itertools.product(people.PRESETS, ("cohost", "guest"))))
async def test_what_the_page_shows_is_what_is_decided(preset: str, role: str) -> None:
    """`may` on the page is `decide`'s verdict, word for word."""
    tries: dict[str, tuple[str, str, Payload]] = {
        "chat": ("chat", "send", {"text": "x"}),
        "chat_hosts": ("chat", "send", {"text": "x", "to": "owner"}),
        "react": ("reactions", "react", {"emoji": "👍"}),
        "rename": ("meeting", "rename", {"name": "New"}),
        "host": ("meeting", "mute_all", {}),
        "own": ("meeting", "name_successor", {}),
    }
    everybody = await scene("open")
    owner = everybody["owner"]
    await owner.do("meeting", "set_policy", preset=preset)
    page = everybody[role]
    for word, (feature, verb, payload) in tries.items():
        asked = {key: owner.id if value == "owner" else value for key, value in payload.items()}
        answer = await page.do(feature, verb, **asked)
        assert isinstance(answer, int) == (word in page.you["may"]), (word, answer)


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
