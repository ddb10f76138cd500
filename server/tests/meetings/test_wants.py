"""What features want of the world, and when they are due: as a value, in one call, and never somebody who isn't in."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, ClassVar, Literal

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field, JsonValue, TypeAdapter

from folkmoot.capabilities import FEATURES
from folkmoot.kit import Refusal
from folkmoot.meetings import people
from folkmoot.meetings.door import Joined
from folkmoot.meetings.feature import (
    Actor,
    Command,
    Due,
    Entry,
    Event,
    Feature,
    ParticipantId,
    Role,
    Source,
    Wants,
)
from folkmoot.meetings.log import Log
from folkmoot.rooms.model import ParticipantJoined

from .house import House, Page, acting, run
from .test_log_promises import PEOPLE, STRICT
from .test_services import info, turns


class Begin(Command):
    type: Literal["begin"]
    seconds: int


class Break(Command):
    type: Literal["break"]


class Other(Command):
    type: Literal["other"]


@dataclass(frozen=True, slots=True)
class Quiet:
    until: datetime | None = None


class QuietTime(Feature[Quiet, Any]):
    """Nobody may speak for a while: the smallest that wants something and is due. Broken on demand."""

    name = "quiet"
    commands: ClassVar[TypeAdapter[Any]] = TypeAdapter(
        Annotated[Begin | Break | Other, Field(discriminator="type")]
    )

    def initial(self) -> Quiet:
        return Quiet()

    def decide(self, state: Quiet, command: Any, by: Actor, now: datetime) -> Sequence[Event] | Refusal:
        match command:
            case Begin():
                return [Event("begun", {"until": (now + timedelta(seconds=command.seconds)).isoformat()})]
            case Due():
                return [Event("over")]
            case Break():
                return [Event("broken")]
        raise RuntimeError("a fault of this feature")

    def evolve(self, state: Quiet, entry: Entry) -> Quiet:
        match entry.feature, entry.type:
            case "quiet", "begun":
                return replace(state, until=datetime.fromisoformat(str(entry.payload["until"])))
            case "quiet", "over":
                return Quiet()
            case "quiet", "broken":
                raise RuntimeError("a fault of this feature")
        return state

    def snapshot(self, state: Quiet, to: Actor) -> JsonValue:
        return state.until is not None

    def wants(self, state: Quiet) -> Wants:
        silent: frozenset[Source] = frozenset({"microphone"})
        return Wants(denied={ParticipantId("p_quiet"): silent} if state.until else {})

    def due(self, state: Quiet) -> datetime | None:
        return state.until


async def quiet() -> tuple[House, Page, Page]:
    house = House(features=(*FEATURES, QuietTime()))
    return house, await house.comes("Ada", host=True), await house.comes("Bo")


async def test_a_feature_is_asked_when_its_moment_has_come() -> None:
    house, ada, bo = await quiet()
    await ada.do("quiet", "begin", seconds=300)
    await house.passes(299)
    assert bo.heard("over") == []
    await house.passes(1)
    assert bo.heard("over") == [{}]
    assert [e["by"] for e in bo.events if e["type"] == "over"] == [None], "by the meeting itself"
    await house.passes(10)
    assert bo.heard("over") == [{}], "once"


async def test_what_was_due_while_the_server_was_away_comes_after() -> None:
    house, ada, _ = await quiet()
    await ada.do("quiet", "begin", seconds=5)
    await house.restart()
    house.clock.advance(20)
    await ada.connect()
    await house.passes(0)
    assert ada.heard("over") == [{}]


async def test_a_feature_that_breaks_takes_nobody_along() -> None:
    house, ada, bo = await quiet()
    assert await ada.do("quiet", "other") == "meeting.failed"
    assert isinstance(await ada.do("quiet", "break"), int)
    assert isinstance(await ada.do("chat", "send", text="still here"), int)
    assert [m["text"] for m in bo.heard("sent")] == ["still here"]
    await house.restart()
    await bo.connect()
    await ada.connect()
    assert isinstance(await bo.do("chat", "send", text="and after"), int)


def test_a_feature_follows_its_own_and_the_meetings_entries_and_nobody_elses() -> None:
    class Following(QuietTime):
        heard: ClassVar[list[str]] = []

        def evolve(self, state: Quiet, entry: Entry) -> Quiet:
            self.heard.append(entry.feature)
            return state

    log = Log((*FEATURES, Following()))
    for seq, feature in enumerate(("meeting", "chat", "quiet", "polls", "gone"), 1):
        log.apply(Entry(seq, datetime(2026, 1, 1, tzinfo=UTC), feature, "said", None, {}))
    assert (Following.heard, log.seq) == (["meeting", "quiet"], 5)


async def test_a_fault_of_one_meeting_stops_no_other(monkeypatch: Any) -> None:
    house, ada, _ = await quiet()
    house.created = None
    cy = await house.comes("Cy")
    di = await house.comes("Di")
    assert ada.meeting and di.meeting is not ada.meeting

    async def broken() -> None:
        raise RuntimeError("a fault of this meeting")

    monkeypatch.setattr(ada.meeting, "tick", broken)
    di.cut()
    await house.passes(31)
    assert cy.heard("left") == [{"id": di.id, "reason": "lost"}]


def waiting_log() -> tuple[Log, Actor]:
    log = Log(FEATURES)
    now = datetime.fromisoformat("2026-01-01T12:00:00+00:00")
    who = acting("p_wai", Role.WAITING)
    for by, command in (
        (acting("p_ada", Role.HOST), people.Enter("Ada", Role.HOST)),
        (who, people.Enter("Wai", Role.WAITING)),
    ):
        entries = log.decide(by, "meeting", command, now)
        assert not isinstance(entries, Refusal)
        for entry in entries:
            log.apply(entry)
    return log, who


def test_who_waits_is_wanted_nowhere_and_sees_nothing() -> None:
    log, who = waiting_log()
    assert log.wants().inside == {"p_ada"}
    assert log.snapshot(who) == "{}"
    ada = log.actor(ParticipantId("p_ada"))
    assert ada is not None and '"Wai"' not in log.snapshot(ada)


class Counted:
    """A channel that nobody reads."""

    media_url = ""

    def __init__(self) -> None:
        self.frames: list[str] = []

    def send(self, text: str) -> None:
        self.frames.append(text)

    def close(self, code: int) -> None:
        raise AssertionError(f"cut with {code}")


async def test_muting_a_crowd_is_one_call_and_one_frame_each(house: House) -> None:
    ada = await house.comes("Ada", host=True)
    crowd = [Counted() for _ in range(1100)]
    for n, channel in enumerate(crowd):
        joined = await house.join(f"Person {n}")
        assert isinstance(joined, Joined)
        ticket = house.meetings.read_ticket(joined.meeting.number, joined.channel_token)
        assert ticket and not isinstance(await house.meetings.enter(ticket, channel, None), Refusal)
    assert ada.wire
    before = ada.wire.frames
    for channel in crowd:
        channel.frames.clear()
    house.media.asked.clear()
    await ada.do("meeting", "mute_all")
    [(_, change)] = house.media.asked
    assert len(change["mute"]) == 1100
    assert ada.wire.frames - before == 2, "one batch and the answer"
    assert {len(channel.frames) for channel in crowd} == {1}
    assert len(ada.heard("muted")) == 1100


async def test_a_wish_that_media_missed_is_asked_again(house: House, monkeypatch: Any) -> None:
    ada, bo = await house.comes("Ada", host=True), await house.comes("Bo")
    whole = house.media.enforce

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("the engine is gone")

    monkeypatch.setattr(house.media, "enforce", fails)
    await ada.do("meeting", "remove", participant=bo.id)
    monkeypatch.setattr(house.media, "enforce", whole)
    await ada.do("chat", "send", text="anything")
    assert house.media.asked == [(f"m-{ada.joined.meeting.number}", {"remove": [bo.id]})]


WHO = st.integers(0, PEOPLE - 1)
steps = st.one_of(
    st.tuples(st.just("cut"), WHO),
    st.tuples(st.just("connect"), WHO),
    st.tuples(st.just("media"), WHO),
    st.tuples(st.just("leave"), WHO),
    st.tuples(st.just("remove"), WHO),
    st.tuples(st.just("lock"), WHO),
    st.tuples(st.just("passes"), st.integers(1, 40)),
    st.tuples(st.just("restart"), WHO),
    st.tuples(st.just("rules"), st.integers(0, 10_000)),
)
RULING: list[tuple[str, dict[str, Any]]] = [
    ("set_policy", {"waitingRoom": "guests"}),
    ("set_policy", {"waitingRoom": "everyone", "withoutHost": "wait"}),
    ("set_policy", {"preset": "open"}),
    ("set_policy", {"may": {"unmute": False, "share": False}, "chat": "hosts"}),
    ("let", {"participant": "?", "may": {"unmute": False}}),
    ("let", {"participant": "?", "may": {"unmute": None, "video": True}}),
    ("mute", {"participant": "?", "source": "microphone", "hard": True}),
    ("admit", {"participant": "?"}),
    ("admit_all", {}),
    ("deny", {"participant": "?", "block": True}),
    ("send_to_waiting", {"participant": "?"}),
    ("remove", {"participant": "?", "block": False}),
    ("make_cohost", {"participant": "?"}),
    ("unmake_cohost", {"participant": "?"}),
    ("hand_over", {"participant": "?"}),
    ("name_successor", {"participant": "?"}),
    ("take_back", {}),
    ("stop_everything", {}),
    ("resume", {"what": "all"}),
    ("resume", {"what": "chat"}),
]
"""By anybody, whoever they are: `?` is somebody."""


@settings(STRICT, max_examples=300)
@given(st.lists(steps, max_size=25))
def test_never_is_somebody_in_the_room_who_is_not_in_the_fold(history: list[tuple[str, int]]) -> None:
    """Whoever holds a ticket for media uses it whenever they like."""

    async def scene() -> None:
        house = House()
        pages = [await house.comes(f"Person {n}", host=n == 0) for n in range(PEOPLE)]
        room = f"m-{pages[0].joined.meeting.number}"
        for kind, number in history:
            house.clock.advance(0.25)  # nobody is asked to slow down
            await play(house, pages, room, kind, number)
            await turns()
            meeting = house.meetings._running.get(room[2:])
            inside = set(house.media.inside(room))
            assert inside <= (set(meeting.state.people) if meeting else set()), (kind, number)
            shows_what_is_so(house, pages, room)

    run(scene())


def shows_what_is_so(house: House, pages: list[Page], room: str) -> None:
    """What a page shows that one may is what `decide` goes by; who waits holds no media and heard no event since."""
    meeting = house.meetings._running.get(room[2:])
    house.settle()
    for page in pages:
        if meeting is None or page.wire is None or page.wire.code is not None or not page.is_up:
            continue
        assert page.you["may"] == sorted(people.able(meeting.state, page.id)), page.name
        assert (page.you["role"] == "waiting") == (page.id in meeting.state.waiting)
        assert not (page.id in meeting.state.people and page.id in meeting.state.waiting)
    if meeting is not None:
        hosts = any(person.role.hosts for person in meeting.state.people.values())
        assert meeting.state.hosted == hosts


async def play(house: House, pages: list[Page], room: str, kind: str, number: int) -> None:
    page = pages[number % PEOPLE]
    match kind:
        case "cut":
            page.cut()
        case "connect":
            await page.connect()
        case "media" if page.media and house.meetings.may_be_inside(room, page.id):
            house.media.rooms.setdefault(room, []).append(page.id)
            house.bus.publish(ParticipantJoined(room, info(page.id)))
        case "leave":
            await page.do("meeting", "leave")
        case "remove":
            await pages[0].do("meeting", "remove", participant=page.id)
        case "lock":
            await pages[0].do("meeting", "lock", locked=number % 2 == 0)
        case "passes":
            await house.passes(number)
        case "rules":
            type, payload = RULING[number % len(RULING)]
            somebody = pages[number // 7 % PEOPLE].id
            named = {key: somebody if value == "?" else value for key, value in payload.items()}
            await page.do("meeting", type, **named)
        case "restart":
            house.media.rooms.clear()
            await house.restart()
            await asyncio.sleep(0)


async def test_a_role_given_in_the_meeting_holds_when_its_bearer_comes_back(house: House) -> None:
    ada, bo = await house.comes("Ada", host=True), await house.comes("Bo")
    assert house.created
    old = bo.joined
    again = await house.join("Bo", rejoin=bo.joined.rejoin, host_key=house.created.host_key)
    assert isinstance(again, Joined)
    bo.joined = again
    await bo.connect()
    bo.joined = old  # the ticket from before
    await bo.do("meeting", "leave")
    await house.restart()
    bo.seen = None
    await bo.connect()
    house.settle()
    assert bo.you["role"] == "host" and "host" in bo.you["may"]
    del ada


async def test_one_hears_at_once_what_one_may_now(house: House) -> None:
    bo = await house.comes("Bo")
    assert bo.you["may"] == [
        "chat",
        "chat_hosts",
        "draw",
        "files",
        "react",
        "rename",
        "share",
        "unmute",
        "video",
    ]
    await bo.do("meeting", "rename", name="Robert")
    assert bo.you["name"] == "Robert"


async def test_a_name_survives_a_minute_of_absence_and_gives_way_to_another(house: House) -> None:
    ada, bo = await house.comes("Ada"), await house.comes("Bo")
    await bo.do("meeting", "rename", name="Robert")
    bo.cut()
    await house.passes(60)
    again = await house.join("Bo", rejoin=bo.joined.rejoin)
    assert isinstance(again, Joined) and again.name == "Robert"
    other = await house.join("Bobby", rejoin=bo.joined.rejoin)
    assert isinstance(other, Joined) and other.name == "Bobby"
    await bo.connect()
    house.settle()
    assert ada.heard("joined")[-1]["name"] == "Robert"
