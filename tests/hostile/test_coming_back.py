"""Guessing, forwarding, coming back, and two hosts at once, against a whole server: A2, A4, A5, A9, A10 of the threat model.

What time does to each is a scene in `server/tests/meetings`, where it is virtual.
"""

from __future__ import annotations

import asyncio
import secrets
from typing import Any

import aiohttp

from folkmoot.meetings.model import encode
from folkmoot.meetings.rate_limiter import ATTACK, FREE
from tests.hostile.visitor import ADMISSION, ELSEWHERE, HOME, Visitor, meeting, signals
from tests.product import Product


def visitor(host: Visitor) -> Visitor:
    return Visitor(host.product, host.http, host.number)


async def invited(host: Visitor, name: str) -> str:
    """The admission of a link of their own."""
    own = encode(secrets.token_bytes(32))
    status, _ = await host.asks("POST", "invitations", people=[{"name": name, "admission": own}])
    assert status == 201
    return own


async def test_a2_a_device_has_five_guesses_then_one_in_five_seconds(product: Product) -> None:
    async with meeting(product) as host:
        mine = {"device": encode(secrets.token_bytes(16)), "address": HOME}
        guess = visitor(host)
        codes = []
        for n in range(FREE + 5):
            await guess.join("Guess", passcode=f"{n:08}", **mine)
            codes.append(guess.joined["code"])
        assert codes == ["meeting.no_match"] * FREE + ["meeting.too_many_tries"] * 5
        assert 4 <= guess.joined["params"]["retry_after_s"] <= 5
        for n in range(FREE):
            await guess.join("Other", passcode=f"{n:08}", address=HOME)
        assert guess.joined["code"] == "meeting.no_match", "each device has a queue of its own"
        assert await guess.join("Link", admission=ADMISSION, **mine) == 200, "a link isn't a guess"


async def test_a2_after_fifty_a_right_passcode_leads_to_the_waiting_room_and_the_host_is_told(
    product: Product,
) -> None:
    async with meeting(product) as host:
        guess = visitor(host)
        for n in range(ATTACK):
            assert await guess.join("Guess", passcode=f"{n:08}", address=f"198.51.{n}.1") == 403
        right: dict[str, Any] = {"passcode": host.made["passcode"], "address": ELSEWHERE}
        right["device"] = encode(secrets.token_bytes(16))
        knows = visitor(host)
        assert await knows.join("Bo", **right) == 429
        await asyncio.sleep(knows.joined["params"]["retry_after_s"])  # as they are told
        assert await knows.join("Bo", **right) == 200
        assert knows.joined["role"] == "waiting"
        assert (await knows.enter())["welcome"]["you"]["role"] == "waiting"
        assert await visitor(host).comes("Cy", address=ELSEWHERE) == "guest", "links are untouched"
        waits = await host.event("waiting")
        assert waits["marks"] == ["guessed"] and host.events("guessing") == [{}]


async def test_a4_a_forwarded_link_lets_in_one_visibly(product: Product) -> None:
    async with meeting(product, preset="class") as host:
        link = await invited(host, "Bo")
        bo, stranger = visitor(host), visitor(host)
        assert await bo.comes("Anything", admission=link) == "member"
        assert await stranger.comes("Mallory", admission=link, address=ELSEWHERE) == "waiting"
        assert (await host.event("waiting"))["marks"] == ["link_in_use", "same_name"]
        await bo.event("link_used_elsewhere")
        assert not any("media" in message for message in stranger.heard)
        status, _ = await host.asks("GET", "invitations")
        assert status == 200
        assert await visitor(host).comes("Nobody") == "meeting.personal_only"


async def test_a5_removed_and_back_by_every_way(product: Product) -> None:
    """By name, browser, link, token for coming back, and media ticket: kept out. Only the network: held, and marked."""
    async with meeting(product) as host:
        link = await invited(host, "Bo")
        device = encode(secrets.token_bytes(16))
        bo = visitor(host)
        assert await bo.comes("Bo", admission=link, device=device, address=HOME) == "member"
        media, rejoin = await bo.media_ticket(), bo.joined["rejoin"]
        assert "done" in await host.do("meeting", "remove", participant=bo.id)
        for proof in (
            {"rejoin": rejoin, "admission": None, "address": ELSEWHERE},
            {"device": device, "address": ELSEWHERE},
            {"admission": link, "address": ELSEWHERE},
            {"rejoin": rejoin, "device": device, "address": HOME},
        ):
            assert await visitor(host).comes("Somebody Else", **proof) == "meeting.removed", proof
        assert await signals(product, media) in (401, 403, 404), "by a media ticket from before"
        assert await visitor(host).comes("Di", address=HOME) == "waiting"
        assert (await host.event("waiting"))["marks"] == ["was_removed"]
        assert await visitor(host).comes("Ed", address=ELSEWHERE) == "guest"
        product.kill()
        product.start()
        async with aiohttp.ClientSession() as http:
            late = Visitor(product, http, host.number)
            assert await late.comes("Fay", address=HOME) == "waiting", "also after a crash"


async def test_a9_a_token_is_good_for_its_own_meeting_its_own_role_and_until_its_end(
    product: Product,
) -> None:
    async with meeting(product) as host, meeting(product) as other:
        bo = visitor(host)
        assert await bo.comes("Bo") == "guest"
        media = await bo.media_ticket()
        there = Visitor(product, other.http, other.number)
        there.joined = bo.joined
        assert (await there.asks("GET", "invitations"))[0] == 401, "of another meeting"
        assert await there.refused_at_once() == 4001
        await host.do("meeting", "make_cohost", participant=bo.id)
        await bo.event("role_changed")
        assert "done" in await bo.do("meeting", "mute_all")
        assert (await bo.asks("GET", "invitations"))[0] == 200
        await host.do("meeting", "unmake_cohost", participant=bo.id)
        assert (await bo.do("meeting", "mute_all"))["refused"]["code"] == "meeting.not_host"
        assert (await bo.asks("GET", "invitations"))[0] == 403, "after a role was taken"
        assert (await bo.enter())["welcome"]["you"]["role"] == "guest", "nor is it in the ticket from before"
        await host.do("meeting", "end")
        assert await bo.refused_at_once() == 4003
        assert await signals(product, media) in (401, 403, 404), "after the end"
        assert await visitor(host).comes("Late") == "meeting.closed_door"


async def test_a10_two_hosts_race_to_admit_and_deny(product: Product) -> None:
    """Whoever is first: one outcome, told alike to both, and the second hears that it was too late."""
    async with meeting(product, preset="careful") as ada:
        eve = visitor(ada)
        assert await eve.comes("Eve", host_key=ada.made["host_key"]) == "host"
        for round in range(20):
            bo = visitor(ada)
            assert await bo.comes(f"Bo {round}", address=f"198.51.{round}.1") == "waiting"
            verbs = [(ada, "admit"), (eve, "deny")] if round % 2 else [(eve, "admit"), (ada, "deny")]
            answers = await asyncio.gather(
                *(who.do("meeting", verb, participant=bo.id) for who, verb in verbs)
            )
            assert sum("done" in answer for answer in answers) == 1
            [late] = [answer["refused"]["code"] for answer in answers if "refused" in answer]
            assert late == "meeting.not_waiting"
            let_in = "done" in answers[0]
            kind = "joined" if let_in else "waiting_left"
            told = [await one.event(kind, id=bo.id) for one in (ada, eve)]
            assert told[0] == told[1]
            heard = await bo.until("media" if let_in else "denied")
            assert ("media" in heard) is let_in
