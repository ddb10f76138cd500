"""Who may do what to whom: every command by every role, and what it does to the others."""

from __future__ import annotations

from typing import Any

import pytest

from folkmoot.capabilities import FEATURES
from folkmoot.kit import Refusal
from folkmoot.meetings import people
from folkmoot.meetings.feature import Role

from .house import House, acting

HOST_ONLY: list[tuple[str, str, dict[str, Any]]] = [
    ("meeting", "mute", {"participant": "other", "source": "microphone"}),
    ("meeting", "mute_all", {}),
    ("meeting", "ask_unmute", {"participant": "other"}),
    ("meeting", "remove", {"participant": "other"}),
    ("meeting", "lock", {"locked": True}),
    ("meeting", "end", {}),
    ("reactions", "lower_all", {}),
    ("reactions", "lower", {"participant": "other"}),
]
EVERYBODYS: list[tuple[str, str, dict[str, Any]]] = [
    ("meeting", "rename", {"name": "Robert"}),
    ("chat", "send", {"text": "hello"}),
    ("chat", "send", {"text": "psst", "to": "other"}),
    ("reactions", "react", {"emoji": "🎉"}),
    ("reactions", "raise", {}),
    ("reactions", "lower", {}),
    ("meeting", "leave", {}),
]


@pytest.mark.parametrize(("feature", "type", "payload"), HOST_ONLY)
async def test_what_a_host_may_a_guest_may_not(
    house: House, feature: str, type: str, payload: dict[str, Any]
) -> None:
    ada, bo, cy = await house.comes("Ada", host=True), await house.comes("Bo"), await house.comes("Cy")
    named = {k: cy.id if v == "other" else v for k, v in payload.items()}
    before = ada.seen
    assert await bo.do(feature, type, **named) == "meeting.not_host"
    assert ada.seen == before and not house.media.asked, "a refused command changes nothing"
    assert isinstance(await ada.do(feature, type, **named), int)


@pytest.mark.parametrize(("feature", "type", "payload"), EVERYBODYS)
@pytest.mark.parametrize("host", [True, False])
async def test_what_everybody_may(
    house: House, feature: str, type: str, payload: dict[str, Any], host: bool
) -> None:
    other, me = await house.comes("Other"), await house.comes("Me", host=host)
    named = {k: other.id if v == "other" else v for k, v in payload.items()}
    assert isinstance(await me.do(feature, type, **named), int)


@pytest.mark.parametrize(("feature", "type", "payload"), HOST_ONLY + EVERYBODYS[1:-1])
def test_whoever_waits_may_only_leave_and_say_their_name(
    feature: str, type: str, payload: dict[str, Any]
) -> None:
    from datetime import UTC, datetime

    from folkmoot.meetings.log import Log

    now = datetime(2026, 1, 1, tzinfo=UTC)
    log = Log(FEATURES)
    waiting = acting("p_1", Role.WAITING)
    entered = log.decide(waiting, "meeting", people.Enter("Wai", Role.WAITING), now)
    assert not isinstance(entered, Refusal)
    log.apply(entered[0])
    command = log.parse(feature, type, {k: "p_1" if v == "other" else v for k, v in payload.items()})
    assert log.decide(waiting, feature, command, now) == Refusal("meeting.not_admitted")
    assert log.snapshot(waiting) == "{}"
    assert not entered[0].visible_to(waiting.participant, Role.WAITING)
    assert not isinstance(log.decide(waiting, "meeting", log.parse("meeting", "leave", {}), now), Refusal)


async def test_muting_reaches_the_media_the_one_and_the_hosts(house: House) -> None:
    ada, bo, cy = await house.comes("Ada", host=True), await house.comes("Bo"), await house.comes("Cy")
    await ada.do("meeting", "mute", participant=bo.id, source="microphone")
    room = f"m-{ada.joined.meeting.number}"
    assert house.media.asked == [(room, {"mute": [(bo.id, "microphone")]})]
    told = [page.heard("muted") for page in (ada, bo, cy)]
    assert told == [[{"participant": bo.id, "source": "microphone"}]] * 2 + [[]]


async def test_muting_all_spares_hosts(house: House) -> None:
    ada, bo, cy = await house.comes("Ada", host=True), await house.comes("Bo"), await house.comes("Cy")
    await ada.do("meeting", "mute_all")
    room = f"m-{ada.joined.meeting.number}"
    assert house.media.asked == [(room, {"mute": [(who.id, "microphone") for who in (bo, cy)]})], "one call"


async def test_a_host_can_only_ask_to_unmute(house: House) -> None:
    ada, bo, cy = await house.comes("Ada", host=True), await house.comes("Bo"), await house.comes("Cy")
    await ada.do("meeting", "ask_unmute", participant=bo.id)
    assert (bo.heard("ask_unmute"), cy.heard("ask_unmute")) == ([{"participant": bo.id}], [])
    assert not house.media.asked


async def test_removing_is_seen_by_all_and_final_for_one(house: House) -> None:
    ada, bo, cy = await house.comes("Ada", host=True), await house.comes("Bo"), await house.comes("Cy")
    await ada.do("meeting", "remove", participant=bo.id)
    assert [e["type"] for e in cy.events[-2:]] == ["removed", "left"]
    assert cy.heard("left") == [{"id": bo.id, "reason": "removed"}]
    assert bo.heard("removed") == [{"participant": bo.id, "block": True}], (
        "they hear why before the line is closed"
    )
    assert house.media.asked == [(f"m-{ada.joined.meeting.number}", {"remove": [bo.id]})]
    assert await ada.do("meeting", "remove", participant=bo.id) == "meeting.unknown_participant"
    assert await ada.do("meeting", "remove", participant=ada.id) == "meeting.not_oneself"


async def test_two_hosts_who_remove_each_other_at_once(house: House) -> None:
    import asyncio

    ada, bo = await house.comes("Ada", host=True), await house.comes("Bo", host=True)
    one, other = (
        ada.ask("meeting", "remove", participant=bo.id),
        bo.ask("meeting", "remove", participant=ada.id),
    )
    await asyncio.gather(ada.send(one), bo.send(other))
    house.settle()
    assert isinstance(ada.answers.get(one), int) and other not in bo.answers


@pytest.mark.parametrize(
    ("feature", "type", "payload"),
    [
        ("meeting", "enter", {"name": "x", "role": "host"}),
        ("meeting", "lose", {}),
        ("meeting", "close", {}),
        ("meeting", "lock", {"locked": "yes"}),
        ("meeting", "lock", {}),
        ("meeting", "mute", {"participant": "x" * 257, "source": "microphone"}),
        ("meeting", "mute", {"participant": "x", "source": "thoughts"}),
        ("meeting", "leave", {"more": 1}),
        ("chat", "send", {"text": 7}),
        ("chat", "send", {"text": "x", "type": "delete", "id": "m1"}),
        ("reactions", "react", {"emoji": "💩"}),
        ("reactions", "hand_raised", {}),
        ("__class__", "send", {}),
        ("", "", {}),
    ],
)
async def test_what_the_schema_does_not_know_reaches_no_feature(
    house: House, feature: str, type: str, payload: dict[str, Any]
) -> None:
    from folkmoot.meetings.messages import Do

    ada, bo = await house.comes("Ada", host=True), await house.comes("Bo")
    assert ada.meeting and ada.wire
    before = bo.seen
    asked = Do.model_construct(id="c1", feature=feature, type=type, payload=payload)
    ada.pending["c1"] = asked
    await ada.send("c1")
    house.settle()
    assert ada.answers == {"c1": "meeting.unknown_command"} and bo.seen == before
