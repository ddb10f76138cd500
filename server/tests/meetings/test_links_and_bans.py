"""Links of one's own, bans by whatever somebody is known by, and guessing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from folkmoot.kit import Refusal
from folkmoot.meetings import StoredJournal, model
from folkmoot.meetings.door import Joined
from folkmoot.meetings.feature import ParticipantId
from folkmoot.meetings.invitations import MOST_AT_ONCE
from folkmoot.meetings.networks import Networks, same
from folkmoot.meetings.rate_limiter import ATTACK
from folkmoot.storage import database_url, open_storage

from .house import ADMISSION, SECRET, Dice, House, MemoryJournal, Page
from .test_door import Door

ELSEWHERE = "203.0.113.9"


def admission(n: int) -> str:
    return model.encode(n.to_bytes(32, "big"))


async def klass(house: House, *names: str) -> tuple[Page, list[dict[str, Any]], Door]:
    """A class whose teacher is there, and has invited these."""
    await house.create(preset="class")
    ada = await house.comes("Ada", host=True)
    door = Door(house)
    people = [{"name": name, "admission": admission(n)} for n, name in enumerate(names, 1)]
    answer = await door.client.post(invitations(ada), json={"people": people}, headers=bearer(ada))
    assert answer.status_code == 201, answer.text
    made: list[dict[str, Any]] = answer.json()
    return ada, made, door


def invitations(page: Page) -> str:
    return f"/api/meetings/{page.joined.meeting.number}/invitations"


def bearer(page: Page) -> dict[str, str]:
    return {"Authorization": f"Bearer {page.joined.channel_token}"}


async def refused_at_the_channel(house: House, name: str, **proof: Any) -> str:
    joined = await house.join(name, **proof)
    assert isinstance(joined, Joined), joined
    page = Page(house, joined)
    await page.connect()
    return page.refused_entry.code if page.refused_entry else page.you.get("role", "in")


async def test_who_is_invited_by_name_walks_in_under_it_and_cannot_change_it(house: House) -> None:
    ada, _, _ = await klass(house, "Bo")
    bo = await house.comes("Boss of it all", admission=admission(1))
    assert bo.waits is None and bo.you["name"] == "Bo" and bo.you["role"] == "member"
    assert await bo.do("meeting", "rename", name="Robert") == "meeting.not_allowed"
    assert await refused_at_the_channel(house, "Stranger") == "meeting.personal_only"
    assert [p["name"] for p in ada.heard("joined")] == ["Bo"]


async def test_a4_a_forwarded_link_lets_in_one_visibly(house: House) -> None:
    ada, _, _ = await klass(house, "Bo")
    bo = await house.comes("Bo", admission=admission(1))
    stranger = await house.comes("Stranger", admission=admission(1), address=ELSEWHERE)
    assert stranger.waits == "link_in_use" and not stranger.media and stranger.events == []
    assert bo.heard("link_used_elsewhere") == [{}]
    assert [w["marks"] for w in ada.heard("waiting")] == [["link_in_use", "same_name"]]
    again = await house.join("Other", rejoin=stranger.joined.rejoin)
    assert isinstance(again, Joined)
    stranger.joined = again
    await stranger.connect()
    house.settle()
    assert stranger.waits == "link_in_use", "coming again washes it off nobody"
    await bo.connect()
    house.settle()
    assert bo.waits is None and len(bo.media) >= 1, "who used it first reloads as they like"


async def test_a_link_is_revoked_alone(house: House) -> None:
    ada, made, door = await klass(house, "Bo", "Cy")
    early = await house.join("Bo", admission=admission(1))
    assert isinstance(early, Joined)
    answer = await door.client.delete(f"{invitations(ada)}/{made[0]['id']}", headers=bearer(ada))
    assert answer.status_code == 204
    late = await house.join("Bo", admission=admission(1))
    assert isinstance(late, Refusal) and late.code == "meeting.closed_door"
    page = Page(house, early)
    await page.connect()
    assert page.refused_entry == Refusal("meeting.link_revoked"), "nor a ticket from before"
    assert (await house.comes("Cy", admission=admission(2))).waits is None
    listed = (await door.client.get(invitations(ada), headers=bearer(ada))).json()
    assert [(i["name"], i["used"], i["live"], i["revoked"]) for i in listed] == [
        ("Bo", False, False, True),
        ("Cy", True, True, False),
    ]


async def test_only_hosts_who_are_in_invite_and_only_what_can_be(house: House) -> None:
    ada, made, door = await klass(house, "Bo")
    bo = await house.comes("Bo", admission=admission(1))
    one = {"people": [{"name": "Cy", "admission": admission(9)}]}
    post = door.client.post
    assert (await post(invitations(ada), json=one)).status_code == 401
    assert (await post(invitations(ada), json=one, headers=bearer(bo))).json()["code"] == "meeting.not_host"
    assert (await door.client.get(invitations(ada), headers=bearer(bo))).status_code == 403
    bad = {"people": [{"name": "Cy", "admission": "short"}]}
    assert (await post(invitations(ada), json=bad, headers=bearer(ada))).json()["code"] == "admission.invalid"
    taken = {"people": [{"name": "Bo2", "admission": admission(1)}]}
    assert (await post(invitations(ada), json=taken, headers=bearer(ada))).status_code == 409
    many = {"people": [{"name": "x", "admission": admission(n)} for n in range(MOST_AT_ONCE + 1)]}
    assert (await post(invitations(ada), json=many, headers=bearer(ada))).status_code == 422
    unknown = await door.client.delete(f"{invitations(ada)}/i_nothing", headers=bearer(ada))
    assert unknown.json()["code"] == "invitation.unknown"
    await ada.do("meeting", "leave")
    assert (await post(invitations(ada), json=one, headers=bearer(ada))).status_code == 403
    del made


# --- bans -------------------------------------------------------------------------------------------------------------


async def test_a5_removed_and_back_by_every_way(house: House) -> None:
    """New name, new tab, link, rejoin token, old ticket: blocked. Only the network: held, and marked."""
    ada, _, _ = await klass(house, "Bo", "Cy")
    device = model.encode(b"b" * 16)
    bo = await house.comes("Bo", admission=admission(1), device=device)
    token = bo.media[-1]["token"]
    assert token
    await ada.do("meeting", "set_policy", preset="open")
    await ada.do("meeting", "remove", participant=bo.id)
    for proof in (
        {"rejoin": bo.joined.rejoin, "address": ELSEWHERE},
        {"admission": ADMISSION, "device": device, "address": ELSEWHERE},
        {"admission": admission(1), "address": ELSEWHERE},
        {"rejoin": bo.joined.rejoin, "device": device},
    ):
        assert await refused_at_the_channel(house, "Somebody Else", **proof) == "meeting.removed", proof
    await bo.connect()
    assert bo.refused_entry is not None and bo.refused_entry.code == "meeting.removed"
    room = f"m-{bo.joined.meeting.number}"
    assert not house.meetings.may_be_inside(room, bo.id), "with a media token minted before"
    held = await house.comes("Di")
    assert held.waits == "waiting" and ada.heard("waiting")[-1]["marks"] == ["was_removed"]
    assert (await house.comes("Cy", admission=admission(2))).waits is None, "who is invited by name walks in"
    assert (await house.comes("Ed", address=ELSEWHERE)).waits is None
    house.clock.advance(24 * 3600 + 1)
    assert (await house.comes("Fay")).waits is None, "a day later nobody knows that network"


async def test_a_device_means_nothing_in_another_meeting(house: House) -> None:
    ada, device = await house.comes("Ada", host=True), model.encode(b"b" * 16)
    bo = await house.comes("Bo", device=device)
    await ada.do("meeting", "remove", participant=bo.id)
    here = house.meetings.read_ticket(bo.joined.meeting.number, bo.joined.channel_token)
    await house.create("Another")
    again = await house.comes("Bo", device=device)
    there = house.meetings.read_ticket(again.joined.meeting.number, again.joined.channel_token)
    assert again.waits is None and again.media
    assert here and there and here.identity.device != there.identity.device


async def test_removed_without_block_one_may_ask_to_come_back(house: House) -> None:
    ada, bo = await house.comes("Ada", host=True), await house.comes("Bo")
    await ada.do("meeting", "remove", participant=bo.id, block=False)
    await bo.connect()
    house.settle()
    assert bo.waits == "sent" and ada.heard("waiting")[-1]["marks"] == ["was_removed"]
    await ada.do("meeting", "admit", participant=bo.id)
    assert bo.waits is None


async def test_of_a_network_nothing_is_kept_in_the_log(house: House) -> None:
    ada, bo = await house.comes("Ada", host=True), await house.comes("Bo")
    await ada.do("meeting", "remove", participant=bo.id)
    number = ada.joined.meeting.number
    ticket = house.meetings.read_ticket(number, bo.joined.channel_token)
    assert ticket and ticket.identity.network
    assert isinstance(house.journal, MemoryJournal)
    kept = repr(house.journal.events[number])
    assert not any(name in kept for name in ticket.identity.network.split("~")) and "198.51.100.7" not in kept


async def test_a_network_is_known_again_for_a_day_over_midnights_and_restarts(house: House) -> None:
    """Removed at ten to midnight, by a ticket of the afternoon."""
    house.clock.advance(2 * 3600)
    ada, bo = await house.comes("Ada", host=True), await house.comes("Bo")
    house.clock.advance(9 * 3600 + 3000)
    await ada.do("meeting", "remove", participant=bo.id)
    for hours in (0, 1, 8, 14.9):
        house.clock.advance(hours * 3600)
        await house.restart()
        assert (await house.comes("Di")).waits == "waiting", hours
        assert (await house.comes("Ed", address=ELSEWHERE)).waits is None
    house.clock.advance(360 + 1)
    assert (await house.comes("Fay")).waits is None, "a day later nobody knows that network"


async def test_a_networks_name_is_another_each_day_and_in_each_meeting() -> None:
    from datetime import UTC, datetime, timedelta

    journal, now = MemoryJournal(), datetime(2026, 1, 1, 12, tzinfo=UTC)
    networks = Networks(journal, Dice())
    await networks.ready(now)
    names = networks.names("1", "2001:db8:1:2::5", now)
    assert names == networks.names("1", "2001:db8:1:2::6", now)
    assert not same(names, networks.names("2", "2001:db8:1:2::5", now))
    assert networks.names("1", "127.0.0.1", now) == networks.names("1", "::1", now) == ""
    first = dict(journal.keys)
    again = Networks(journal, Dice())
    await again.ready(now)
    assert again.names("1", "2001:db8:1:2::5", now) == names, "the keys outlive a restart"
    later = now + timedelta(days=3)
    await networks.ready(later)
    assert not same(names, networks.names("1", "2001:db8:1:2::5", later))
    assert not {*first.values()} & {*journal.keys.values()}, "and are thrown away"


async def test_what_is_kept_of_networks_is_gone_after_a_day(tmp_path: Path) -> None:
    """The name is in no file of the database; of its key the journal's own test says so."""
    storage = await open_storage(database_url("", tmp_path / "meetings.db"))
    house = House(StoredJournal(storage))
    ada, bo = await house.comes("Ada", host=True), await house.comes("Bo")
    await ada.do("meeting", "remove", participant=bo.id)
    number = ada.joined.meeting.number
    [(name, _), _] = await house.journal.banned_networks(number)
    house.clock.advance(3 * 24 * 3600)
    await house.comes("Ada", host=True)
    await house.passes(60)
    await storage.close()
    kept = b"".join(file.read_bytes() for file in files(tmp_path))
    assert number.encode() in kept and name.encode() not in kept


def files(folder: Path) -> list[Path]:
    return [*folder.iterdir()]


# --- guessing ---------------------------------------------------------------------------------------------------------


async def test_a2_after_fifty_failures_a_right_passcode_leads_to_the_waiting_room(house: House) -> None:
    created = await house.create()
    number = created.meeting.number
    ada = await house.comes("Ada", host=True)
    codes = []
    for n in range(ATTACK):
        wrong = await house.join("Guess", passcode=f"{n:08}", address=f"198.51.100.{n}")
        codes.append(getattr(wrong, "code", ""))
    assert set(codes) == {"meeting.no_match"}
    device = model.encode(b"g" * 16)
    proof: dict[str, Any] = {"passcode": created.passcode, "device": device, "address": ELSEWHERE}
    first = await house.join("Bo", **proof)
    assert getattr(first, "code", "") == "meeting.too_many_tries", "comes twice, five seconds apart"
    house.clock.advance(5)
    bo = await house.join("Bo", **proof)
    assert isinstance(bo, Joined)
    page = Page(house, bo)
    house.pages.append(page)
    await page.connect()
    house.settle()
    assert page.waits == "waiting" and not page.media
    assert ada.heard("guessing") == [{}] and ada.heard("waiting")[-1]["marks"] == ["guessed"]
    again = await house.join("Bo", rejoin=bo.rejoin, address=ELSEWHERE)
    assert isinstance(again, Joined)
    page.joined = again
    await page.do("meeting", "leave")
    page.seen = None
    await page.connect()
    house.settle()
    assert page.waits == "waiting", "a rejoin token proves no more than what it was given for"
    assert (await house.comes("Cy")).waits is None, "a link isn't a guess"
    assert number == page.joined.meeting.number


async def test_a2_one_device_guesses_five_times_then_once_in_five_seconds(house: House) -> None:
    await house.create()
    device = model.encode(b"g" * 16)
    got: list[str] = []
    for n in range(60):
        wrong = await house.join("Guess", passcode=f"{n:08}", device=device)
        got.append(getattr(wrong, "code", ""))
        house.clock.advance(1)
    assert got[:5] == ["meeting.no_match"] * 5
    assert got[5:].count("meeting.no_match") <= 12
    assert set(got) == {"meeting.no_match", "meeting.too_many_tries"}


@pytest.mark.parametrize("who", ["", "p_1", "p_1~i_x", "p_1~i_x~g"])
def test_a_rejoin_token_that_was_changed_is_none(house: House, who: str) -> None:
    from folkmoot.meetings.tickets import Returning, TokenSigner

    signer = TokenSigner(SECRET)
    of = Returning(ParticipantId("p_1"), "i_x", guessed=True)
    token = signer.rejoin("1", of)
    assert signer.read_rejoin("1", token) == of
    assert signer.read_rejoin("1", signer.rejoin("1", Returning(of.participant))) == Returning(of.participant)
    mac = token.rpartition(".")[2]
    assert who == "p_1~i_x~g" or signer.read_rejoin("1", f"{who}.{mac}") is None
