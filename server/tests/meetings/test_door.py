"""Who is let in, and that whoever is not learns nothing from it."""

from __future__ import annotations

import asyncio
import hmac
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from folkmoot import rest
from folkmoot.kit import Refusal
from folkmoot.kit.network import network
from folkmoot.meetings import model, router
from folkmoot.meetings.door import Created, Joined
from folkmoot.meetings.model import Settings
from folkmoot.meetings.rate_limiter import ATTACK

from .house import ADMISSION, House, Page

WRONG = model.encode(b"b" * 32)


class Door:
    """The house, over HTTP."""

    def __init__(self, house: House, address: str = "198.51.100.7") -> None:
        app = FastAPI()
        rest.install(app, [router(house.meetings)], "0.1.0")
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(address, 4000))
        self.client = httpx.AsyncClient(transport=transport, base_url="https://meet.example")

    async def create(self, **body: Any) -> dict[str, Any]:
        answer = await self.client.post("/api/meetings", json=body)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def join(self, number: str, **body: Any) -> httpx.Response:
        return await self.client.post(f"/api/meetings/{number}/join", json={"name": "Bo"} | body)


async def test_a_link_lets_a_guest_in_and_the_host_key_makes_the_host(house: House) -> None:
    door = Door(house)
    made = await door.create(title="Standup", admission=ADMISSION)
    assert set(made) == {"number", "passcode", "host_key", "title", "created_at"}
    assert len(made["number"]) == 12 and made["number"][0] != "0" and len(made["passcode"]) == 8
    guest = (await door.join(made["number"], admission=ADMISSION, device=DEVICE)).json()
    host = (
        await door.join(made["number"], name="Ada", admission=ADMISSION, host_key=made["host_key"])
    ).json()
    assert (guest["role"], guest["name"], host["role"]) == ("guest", "Bo", "owner")
    assert guest["meeting"] == {"number": made["number"], "title": "Standup", "locked": False}
    assert set(guest) == {"participant", "role", "name", "meeting", "channel_token", "rejoin"}, (
        "a ticket, no media"
    )


async def test_a_server_made_secret_is_told_once_and_its_half_opens_the_meeting(house: House) -> None:
    door = Door(house)
    made = await door.create()
    secret = model.decode(made["link_secret"])
    assert len(secret) == 16
    assert (
        await door.join(made["number"], admission=model.encode(model.admission_of(secret)))
    ).status_code == 200


def test_the_admission_is_what_the_page_derives() -> None:
    # RFC 5869 HKDF-SHA256 of the secret 00 01 … 0f without salt, info "folkmoot admission"
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    secret = bytes(range(16))
    assert model.admission_of(secret) == HKDF(SHA256(), 32, b"", b"folkmoot admission").derive(secret)


async def test_number_and_passcode_let_in(house: House) -> None:
    door = Door(house)
    made = await door.create(admission=ADMISSION)
    assert (await door.join(made["number"], passcode=made["passcode"])).status_code == 200


async def test_unknown_wrong_ended_and_malformed_are_one_answer(house: House) -> None:
    door = Door(house)
    ada = await house.comes("Ada", host=True)
    made = house.created
    assert made
    number = made.meeting.number
    answers = {
        "wrong": await door.join(number, admission=WRONG),
        "none": await door.join(number),
        "garbage": await door.join(number, admission="é" * 300),
        "a wrong host key": await door.join(number, host_key=WRONG),
        "a wrong rejoin": await door.join(number, rejoin=WRONG),
        "unknown": await door.join("999999999999", admission=ADMISSION),
        "malformed": await door.join("12-34", admission=ADMISSION),
        "sql": await door.join("1' OR '1'='1", admission=ADMISSION),
    }
    await ada.do("meeting", "lock", locked=True)
    answers["wrong, and locked"] = await door.join(number, admission=WRONG)
    await ada.do("meeting", "end")
    answers["ended"] = await door.join(number, admission=ADMISSION)
    answers["ended, for the host"] = await door.join(number, host_key=made.host_key)
    seen = {
        why: (a.status_code, a.content, sorted((k, v) for k, v in a.headers.items()))
        for why, a in answers.items()
    }
    assert len(set(map(str, seen.values()))) == 1, seen
    assert answers["wrong"].status_code == 404 and answers["wrong"].json()["code"] == "meeting.closed_door"


async def test_with_a_passcode_every_failure_is_another_one_answer(house: House) -> None:
    ada = await house.comes("Ada", host=True)
    made = house.created
    assert made
    number = made.meeting.number
    answers = [
        await Door(house, "198.51.100.1").join(number, passcode="00000000"),
        await Door(house, "198.51.100.2").join(number, passcode="x" * 10_000),
        await Door(house, "198.51.100.3").join("999999999999", passcode=made.passcode),
    ]
    await ada.do("meeting", "end")
    answers.append(await Door(house, "198.51.100.5").join(number, passcode=made.passcode))
    assert len({(a.status_code, a.content) for a in answers}) == 1
    assert answers[0].status_code == 403 and answers[0].json()["code"] == "meeting.no_match"


async def test_the_same_is_read_and_compared_whether_or_not_there_is_a_meeting(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock on the wall can't say; that the same calls are made can."""
    await house.comes("Ada", host=True)
    assert house.created
    calls: list[str] = []

    def noting(owner: Any, name: str) -> None:
        real = getattr(owner, name)

        def noted(*args: Any, **named: Any) -> Any:
            calls.append(name)
            return real(*args, **named)

        monkeypatch.setattr(owner, name, noted)

    from folkmoot.meetings import rules

    for name in ("find", "load"):
        noting(house.journal, name)
    noting(rules, "hashed")
    noting(hmac, "compare_digest")
    work = []
    for number in (house.created.meeting.number, "999999999999", "nonsense"):
        calls.clear()
        await Door(house).join(number, admission=WRONG)
        work.append(list(calls))
    assert work[0] == work[1] == work[2] and len(work[0]) == 12


async def test_the_right_passcode_is_let_in_beside_others_typos(house: House) -> None:
    door = Door(house)
    made = await door.create(admission=ADMISSION)
    number = made["number"]
    for _ in range(5):
        assert (await door.join(number, passcode="00000000")).status_code == 403
    for _ in range(100):
        assert (await door.join(number, passcode=made["passcode"])).status_code == 200


async def test_a_device_that_was_wrong_waits_five_seconds_where_others_were_too(house: House) -> None:
    door, mine = Door(house), model.encode(bytes(16))
    made = await door.create(admission=ADMISSION)
    number = made["number"]
    codes = [(await door.join(number, passcode="00000000", device=mine)).status_code for _ in range(6)]
    assert codes == [403] * 5 + [429]
    refused = await door.join(number, passcode=made["passcode"], device=mine)
    assert refused.json()["code"] == "meeting.too_many_tries"
    assert refused.headers["retry-after"] == "5"
    house.clock.advance(5)
    assert (await door.join(number, passcode=made["passcode"], device=mine)).status_code == 200


async def test_guesses_at_the_same_moment_are_all_counted(house: House) -> None:
    door = Door(house)
    made = await door.create(admission=ADMISSION)
    guesses = (door.join(made["number"], passcode=f"{n:08}") for n in range(300))
    codes = [answer.status_code for answer in await asyncio.gather(*guesses)]
    assert codes.count(403) == ATTACK
    assert (await door.join(made["number"], admission=ADMISSION)).status_code == 200, "a link isn't a guess"
    right = await door.join(made["number"], passcode=made["passcode"], device=DEVICE)
    assert right.json()["code"] == "meeting.too_many_tries", "it is asked twice"
    house.clock.advance(5)
    right = await door.join(made["number"], passcode=made["passcode"], device=DEVICE)
    assert right.status_code == 200, right.text


async def test_a_number_nobody_has_runs_out_of_tries_just_the_same(house: House) -> None:
    door = Door(house)
    codes = [(await door.join("999999999999", passcode="00000000")).status_code for _ in range(ATTACK + 1)]
    assert codes == [403] * ATTACK + [429]


async def test_making_meetings_is_limited_by_network(house: House) -> None:
    door = Door(house)
    for _ in range(200):
        await door.create(admission=ADMISSION)
    refused = await door.client.post("/api/meetings", json={})
    assert (refused.status_code, refused.json()["code"]) == (429, "meeting.too_many_made")
    assert (await Door(house, "203.0.113.9").create(admission=ADMISSION))["number"]


@pytest.mark.parametrize(
    ("address", "is_of"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("unix:", "unix:"),
    ],
)
def test_whoever_has_an_ipv6_network_is_one(address: str, is_of: str) -> None:
    assert network(address) == is_of


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "a" * 65,
        "x" * 10_000,
        "A\nB",
        "A\0",
        "A\u202eB",
        "\u200b",
        "\u2066A",
        "\ufeffA",
        "A\u0301" * 200,
        "\u3164",
    ],
)
async def test_a_name_that_is_none_is_refused_clearly(house: House, name: str) -> None:
    door = Door(house)
    made = await door.create(admission=ADMISSION)
    answer = await door.join(made["number"], name=name, admission=ADMISSION)
    assert (answer.status_code, answer.json()["code"]) == (422, "name.invalid")
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("  Ada ", "Ada"),
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
        ("张伟", "张伟"),
        ("👩‍👩‍👧‍👦" * 10, "👩‍👩‍👧‍👦" * 10),
        ("Zoe\u0308", "Zoë"),
        ("'; DROP TABLE meetings; --", "'; DROP TABLE meetings; --"),
        ("{{7*7}} ${x} %s", "{{7*7}} ${x} %s"),
    ],
)
async def test_a_name_is_text_and_comes_back_as_it_was(house: House, name: str, kept: str) -> None:
    page = await house.comes(name)
    assert page.name == kept
    assert page.snapshot["meeting"]["people"][0]["name"] == kept


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"name":7}', b'{"name":"\\ud800"}', b"\xff\xfe", b"[" * 50_000]
)
async def test_a_body_that_is_none_is_a_problem_and_repeats_nothing(house: House, body: bytes) -> None:
    answer = await Door(house).client.post(
        "/api/meetings/123456789012/join", content=body, headers={"content-type": "application/json"}
    )
    assert answer.status_code in (400, 422)
    assert set(answer.json()) == {"type", "title", "status", "detail", "code", "params"}


async def test_nobody_makes_themself_host(house: House) -> None:
    door = Door(house)
    made = await door.create(admission=ADMISSION)
    joined = await door.join(made["number"], admission=ADMISSION, role="host", is_host=True, host_key=WRONG)
    assert joined.json()["role"] == "guest"


async def test_the_rejoin_token_brings_the_same_person_back_also_when_locked(house: House) -> None:
    ada = await house.comes("Ada", host=True)
    bo = await house.comes("Bo")
    await ada.do("meeting", "lock", locked=True)
    await bo.do("meeting", "leave")
    again = await house.join("Bo", rejoin=bo.joined.rejoin)
    assert isinstance(again, Joined)
    assert (again.participant, again.rejoin) == (bo.id, bo.joined.rejoin)
    await bo.connect()
    assert bo.refused_entry is None
    host = await house.join("Ada", rejoin=ada.joined.rejoin)
    assert isinstance(host, Joined) and host.role == "owner"


async def test_a_lock_is_asked_at_the_channel_also_of_tickets_from_before(house: House) -> None:
    ada = await house.comes("Ada", host=True)
    early = await house.join("Early")
    await ada.do("meeting", "lock", locked=True)
    late = await house.join("Late")
    for joined in (early, late):
        assert isinstance(joined, Joined)
        page = Page(house, joined)
        await page.connect()
        assert page.refused_entry == Refusal("meeting.locked")
    assert isinstance(late, Joined) and late.meeting.status.locked, "told to one who proved an invitation"
    assert ada.heard("joined") == []
    await ada.do("meeting", "lock", locked=False)
    await page.connect()
    assert page.refused_entry is None


async def test_a_full_meeting_lets_nobody_in_but_a_host() -> None:
    house = House(settings=Settings(most_people=2))
    await house.comes("Ada")
    await house.comes("Bo")
    joined = await house.join("Cy")
    assert isinstance(joined, Joined)
    page = Page(house, joined)
    await page.connect()
    assert page.refused_entry == Refusal("meeting.full", {"most": 2})
    assert (await house.comes("Di", host=True)).refused_entry is None


DEVICE = model.encode(b"d" * 16)
REMOVED = Refusal("meeting.removed", {"again": False, "at": "2026-01-01T12:00:00+00:00"})


async def test_who_was_removed_stays_out_whatever_they_are_called(house: House) -> None:
    ada = await house.comes("Ada", host=True)
    bo = await house.comes("Bo", device=DEVICE)
    cy = await house.comes("Cy", device=model.encode(b"e" * 16))
    wire = bo.wire
    await ada.do("meeting", "remove", participant=bo.id)
    assert wire is not None and wire.code == 4002
    proofs = (
        {"rejoin": bo.joined.rejoin, "admission": ADMISSION},
        {"admission": ADMISSION, "device": DEVICE},
        {"rejoin": cy.joined.rejoin, "device": DEVICE},
    )
    for proof in proofs:
        joined = await house.join("Somebody Else", **proof)
        assert isinstance(joined, Joined)
        page = Page(house, joined)
        await page.connect()
        assert page.refused_entry == REMOVED, proof
    await bo.connect()
    assert bo.refused_entry == REMOVED, "nor by the channel token they still hold"
    await house.restart()
    await bo.connect()
    assert bo.refused_entry == REMOVED
    assert (await house.comes("Di", device=model.encode(b"f" * 16))).refused_entry is None


@pytest.mark.parametrize("device", ["", "short", "!" * 30, model.encode(b"d" * 15), model.encode(b"d" * 33)])
async def test_a_device_is_random_enough_or_refused(house: House, device: str) -> None:
    door = Door(house)
    made = await door.create(admission=ADMISSION)
    answer = await door.join(made["number"], admission=ADMISSION, device=device)
    assert (answer.status_code, answer.json()["code"]) == (422, "device.invalid")


async def test_of_secrets_only_hashes_are_kept(house: House) -> None:
    created: Created = await house.create()
    kept = repr(replace(created.meeting))
    for secret in (created.passcode, created.host_key, ADMISSION):
        assert secret not in kept and repr(model.decode(secret))[2:-1] not in kept


@pytest.mark.parametrize("admission", ["", "short", "!" * 43, model.encode(b"a" * 31)])
async def test_a_meeting_needs_an_admission_that_is_one(house: House, admission: str) -> None:
    answer = await Door(house).client.post("/api/meetings", json={"admission": admission})
    assert (answer.status_code, answer.json()["code"]) == (422, "admission.invalid")


def test_numbers_and_passcodes_use_their_whole_range() -> None:
    class Edge:
        def __init__(self, top: bool) -> None:
            self.top = top

        def below(self, bound: int) -> int:
            return bound - 1 if self.top else 0

        def token(self, size: int) -> bytes:
            return bytes(size)

    assert (model.new_number(Edge(False)), model.new_number(Edge(True))) == ("100000000000", "999999999999")
    assert (model.new_passcode(Edge(False)), model.new_passcode(Edge(True))) == ("00000000", "99999999")
