"""An owner's program is told what happens in their meetings, in LiveKit's own words and signed as LiveKit signs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

import pytest
from livekit.api import TokenVerifier, WebhookReceiver

from folkmoot.accounts import profile, signing_in
from folkmoot.hooks import Egress, Forbidden, Hooks, Telling
from folkmoot.hooks.hooks import MOST, REMEMBERED, Hook
from folkmoot.hooks.tables import hooks
from folkmoot.kit import Refusal
from folkmoot.protocol import values, webhooks

from ..accounts.conftest import Office, mailbox, office

__all__ = ["mailbox", "office"]
URL = "https://hooks.example/a"


@dataclass
class Post:
    """What was sent, and what comes back."""

    answers: list[int | Exception] = field(default_factory=list)
    sent: list[tuple[str, bytes, Mapping[str, str]]] = field(default_factory=list)

    async def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        self.sent.append((url, body, headers))
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, Exception):
            raise answer
        return answer


@dataclass
class House:
    office: Office
    hooks: Hooks
    telling: Telling
    post: Post
    owners: dict[str, list[str]] = field(default_factory=dict)

    async def makes(self, owner: str = "o_school", *events: str) -> tuple[Hook, str]:
        made = await self.hooks.make(owner, URL, events or ("room_started",))
        assert not isinstance(made, Refusal)
        await self.telling.refresh()
        return made

    async def tells(self, room: str = "m_1", event: str = "room_started") -> None:
        there = values.Room("RM_1", room)
        at = int(self.office.clock.now().timestamp())
        await self.telling.told(room, event, lambda: webhooks.body(event, "EV_1", at, there, None, None, 0))
        await self.office.jobs.settled()


@pytest.fixture
async def house(office: Office) -> House:
    post = Post()
    hooks = Hooks(office.at, office.jobs, Egress(), post)
    owners: dict[str, list[str]] = {"m_1": ["a_ada", "o_school"]}

    async def owners_of(room: str) -> Sequence[str]:
        return owners.get(room, [])

    return House(office, hooks, Telling(hooks, owners_of), post, owners)


async def test_a_receiver_of_livekits_reads_it_and_believes_it(house: House) -> None:
    hook, secret = await house.makes()
    await house.tells()
    [(url, body, headers)] = house.post.sent
    assert url == URL
    said = json.loads(body)
    assert (said["event"], said["room"]["name"]) == ("room_started", "m_1")
    verifier = TokenVerifier(hook.id, secret, leeway=timedelta(days=3650))
    assert WebhookReceiver(verifier).receive(body.decode(), headers["authorization"]).event == "room_started"
    forged = body.replace(b"m_1", b"m_2")
    with pytest.raises(Exception, match="hash"):
        WebhookReceiver(verifier).receive(forged.decode(), headers["authorization"])


async def test_h44_what_was_caught_signed_by_another_or_changed_is_believed_by_no_receiver(
    house: House,
) -> None:
    hook, secret = await house.makes()
    await house.tells()
    [(_, body, headers)] = house.post.sent
    signed, year = headers["authorization"], timedelta(days=3650)

    def believed(said: bytes, by: TokenVerifier, token: str = signed) -> bool:
        try:
            WebhookReceiver(by).receive(said.decode(), token)
        except Exception:  # noqa: BLE001  (of the receiver, whatever it calls it)
            return False
        return True

    assert believed(body, TokenVerifier(hook.id, secret, leeway=year))
    assert not believed(body, TokenVerifier(hook.id, secret)), (
        "caught, and sent again when its minutes are over"
    )
    assert not believed(body.replace(b"m_1", b"m_2"), TokenVerifier(hook.id, secret, leeway=year))
    assert not believed(body, TokenVerifier(hook.id, secret[::-1], leeway=year)), "signed by another"
    assert not believed(body, TokenVerifier("wh_other", secret, leeway=year)), "another webhook's"
    assert not believed(body, TokenVerifier(hook.id, secret, leeway=year), ""), "without a signature"


async def test_h43_a_receiver_that_hangs_keeps_nobody_else_from_being_told(house: House) -> None:
    """Of many that hang, a few at once are waited for, apart from all that people do."""
    hangs, answered = asyncio.Event(), list[str]()

    async def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
        answered.append(url)
        await hangs.wait()
        return 200

    house.hooks = Hooks(house.office.at, house.office.jobs, Egress(), post)
    await house.makes()
    there = values.Room("RM_1", "m_1")
    for number in range(10):
        told = partial(webhooks.body, "room_started", f"EV_{number}", 1, there, None, None, 0)
        async with asyncio.timeout(5):  # who comes to a meeting waits for none of it
            await house.telling.told("m_1", "room_started", told)
    await house.office.jobs.look()
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        assert await house.office.signs_in("nobody@example.org") is not None
    hangs.set()
    await house.office.jobs.settled()
    assert len(answered) == 10


async def test_who_didnt_ask_for_it_is_told_nothing(house: House) -> None:
    await house.makes("o_school", "room_finished")
    await house.makes("o_other", "room_started")
    await house.tells()
    assert house.post.sent == []


async def test_what_fails_is_tried_again_and_how_it_went_is_seen(house: House) -> None:
    await house.makes()
    house.post.answers = [OSError("ConnectTimeout"), 503, 200]
    await house.tells()
    assert [one.answer for one in await house.hooks.of("o_school")] == ["ConnectTimeout"]
    house.office.clock.advance(61)
    await house.office.jobs.settled()
    assert [one.answer for one in await house.hooks.of("o_school")] == ["503"]
    house.office.clock.advance(121)
    await house.office.jobs.settled()
    [hook] = await house.hooks.of("o_school")
    assert (hook.answer, len(house.post.sent)) == ("200", 3)
    assert [(one.event, one.answer) for one in hook.lately] == [
        ("room_started", answer) for answer in ("200", "503", "ConnectTimeout")
    ]
    first, last = (headers["authorization"] for _, _, headers in (house.post.sent[0], house.post.sent[-1]))
    assert first != last, "each try has a token of its own: one that was caught is soon worth nothing (H44)"


async def test_of_very_many_tries_the_last_are_remembered(house: House) -> None:
    await house.makes()
    for _ in range(REMEMBERED + 3):
        await house.tells()
    [hook] = await house.hooks.of("o_school")
    assert len(hook.lately) == REMEMBERED


@pytest.mark.parametrize("answer", [Forbidden("the address is inside"), 307, 404, 410])
async def test_what_will_never_do_isnt_tried_again(house: House, answer: int | Exception) -> None:
    await house.makes()
    house.post.answers = [answer]
    await house.tells()
    house.office.clock.advance(24 * 3600)
    await house.office.jobs.settled()
    assert len(house.post.sent) == 1
    [(job, why)] = await house.office.jobs.given_up()
    assert job.kind == "hook" and why


async def test_a_webhook_that_was_removed_hears_nothing_more(house: House) -> None:
    hook, _ = await house.makes()
    house.post.answers = [OSError("ConnectError")]
    await house.tells()
    assert await house.hooks.remove("a_ada", hook.id) == Refusal("hook.unknown"), "another's (H39)"
    assert await house.hooks.remove("o_school", hook.id) is None
    house.office.clock.advance(61)
    await house.office.jobs.settled()
    assert len(house.post.sent) == 1


async def test_a_ping_is_told_to_one_alone(house: House) -> None:
    hook, _ = await house.makes()
    await house.makes()
    assert await house.hooks.ping("o_school", hook.id) is None
    await house.office.jobs.settled()
    [(_, body, _)] = house.post.sent
    assert json.loads(body)["event"] == "ping"


async def test_webhooks_of_an_account_go_with_it(house: House) -> None:
    inside = await house.office.has_account()
    await house.makes(inside.account.id)
    await house.makes()
    session = (await signing_in.sessions_of(house.office.at, inside.account))[0]
    assert await profile.delete(house.office.at, inside.account, session) is None
    await house.hooks.forget_orphans()
    assert await house.hooks.owners() == {"o_school"}


async def test_what_can_be_no_webhook_is_refused(house: House) -> None:
    for url, events, code in (
        ("https://127.0.0.1/", ("room_started",), "hook.address"),
        ("http://hooks.example/", ("room_started",), "hook.address"),
        (URL, (), "hook.unknown_event"),
        (URL, ("everything",), "hook.unknown_event"),
    ):
        refusal = await house.hooks.make("o_school", url, events)
        assert isinstance(refusal, Refusal)
        assert refusal.code == code
    for _ in range(MOST):
        await house.makes()
    assert await house.hooks.make("o_school", URL, ("room_started",)) == Refusal("hook.too_many", {"most": MOST})  # fmt: skip


async def test_the_secret_is_sealed_where_it_lies(house: House) -> None:
    _, secret = await house.makes()
    async with house.office.at.storage.reading() as connection:
        rows = (await connection.execute(hooks.select())).all()
    assert secret not in str(rows)


async def test_a_webhook_that_the_plan_holds_no_more_stays_and_hears_nothing_meanwhile(house: House) -> None:
    hook, _ = await house.makes()
    house.office.at.held.holds = lambda owner, service: owner != "o_school"
    await house.tells()
    assert house.post.sent == []
    without = Refusal("plan.without", {"service": "api"})
    assert await house.hooks.ping("o_school", hook.id) == without
    assert await house.hooks.make("o_school", URL, ["room_started"]) == without
    assert [one.id for one in await house.hooks.of("o_school")] == [hook.id]
    house.office.at.held.holds = lambda owner, service: True
    await house.tells()
    assert len(house.post.sent) == 1
