"""What the meeting log promises, each promise a test over generated histories."""

from __future__ import annotations

import asyncio
import random
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from folkmoot.meetings.model import Settings

from .house import Crash, House, MemoryJournal, Page, run

# what somebody may ask: feature, type, payload; a number in it means one of the people
ASKED: list[tuple[str, str, dict[str, Any]]] = [
    ("chat", "send", {"text": "hello"}),
    ("chat", "send", {"text": "hello again"}),
    ("chat", "send", {"text": "between us", "to": 0}),
    ("chat", "send", {"text": "between us", "to": 1}),
    ("chat", "send", {"text": ""}),
    ("chat", "delete", {"id": "m1"}),
    ("chat", "shout", {}),
    ("reactions", "react", {"emoji": "👍"}),
    ("reactions", "react", {"emoji": "<script>"}),
    ("reactions", "raise", {}),
    ("reactions", "lower", {}),
    ("reactions", "lower", {"participant": 0}),
    ("reactions", "lower_all", {}),
    ("meeting", "lock", {"locked": True}),
    ("meeting", "lock", {"locked": False}),
    ("meeting", "mute", {"participant": 1, "source": "microphone"}),
    ("meeting", "mute_all", {}),
    ("meeting", "rename", {"name": "Somebody Else"}),
    ("meeting", "rename", {"name": "a\nb"}),
    ("nothing", "of ours", {}),
]
ALWAYS_KEPT = ("send", "delete", "rename")
PEOPLE = 3
STRICT = settings(max_examples=1000, derandomize=True, suppress_health_check=list(HealthCheck))

commands = st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, len(ASKED) - 1))


def ask(page: Page, pages: list[Page], index: int) -> str:
    feature, type, payload = ASKED[index]
    named = {
        k: pages[v].id if isinstance(v, int) and v is not True and v is not False else v
        for k, v in payload.items()
    }
    return page.ask(feature, type, **named)


def visible(house: House, page: Page) -> list[tuple[int, str, str]]:
    """What the journal has for this person, after their welcome, but for what was erased."""
    assert isinstance(house.journal, MemoryJournal) and house.created
    since, gone = page.welcomes[0]["seq"], erased(house)
    entries = [e for e in house.journal.events[house.created.meeting.number] if e.seq not in gone]
    return [
        (e.seq, e.feature, e.type) for e in entries if e.seq > since and (e.to is None or page.id in e.to)
    ]


def erased(house: House) -> set[int]:
    """Messages whose words are gone: who was there saw them, and who was cut meanwhile is spared them."""
    assert isinstance(house.journal, MemoryJournal) and house.created
    entries = house.journal.events[house.created.meeting.number]
    return {e.seq for e in entries if e.type == "sent" and not e.payload}


def durable(house: House, page: Page) -> list[tuple[int, str, str]]:
    passing, gone = {"reacted", "ask_unmute", "away", "back"}, erased(house)
    events = [e for e in page.events if e["type"] not in passing and e["seq"] not in gone]
    return [(e["seq"], e["feature"], e["type"]) for e in events]


async def gather(house: House, people: int = PEOPLE) -> list[Page]:
    return [await house.comes(f"Person {n}", host=n == 0) for n in range(people)]


@STRICT
@given(st.lists(commands, max_size=25), st.integers(0, 2**32))
def test_everybody_hears_one_order_whatever_the_interleaving(asked: list[tuple[int, int]], seed: int) -> None:
    async def scene() -> None:
        house = House()
        pages = await gather(house)
        dice = random.Random(seed)

        async def loiter(_: str) -> None:
            for _turn in range(dice.randrange(4)):
                await asyncio.sleep(0)

        assert isinstance(house.journal, MemoryJournal)
        house.journal.pause = loiter

        async def one(who: int, index: int) -> None:
            await loiter("")
            house.clock.advance(0.25)  # nobody is asked to slow down
            await pages[who].send(ask(pages[who], pages, index))

        await asyncio.gather(*(one(who, index) for who, index in asked))
        house.settle()
        order: dict[int, str] = {}
        for page in pages:
            numbers = [event["seq"] for event in page.events]
            assert numbers == sorted(set(numbers))
            assert durable(house, page) == visible(house, page)
            assert not page.pending, "every command has exactly one answer"
            for event in page.events:
                assert order.setdefault(event["seq"], event["type"]) == event["type"]

    run(scene())


steps = st.one_of(
    st.tuples(st.just("ask"), commands),
    st.tuples(st.just("carry"), st.tuples(st.integers(0, PEOPLE - 1), st.integers(1, 400))),
    st.tuples(st.just("cut"), st.tuples(st.integers(0, PEOPLE - 1), st.just(0))),
    st.tuples(st.just("connect"), st.tuples(st.integers(0, PEOPLE - 1), st.just(0))),
)


@STRICT
@example([("ask", (0, 0)), ("ask", (0, 5)), ("cut", (0, 0))])  # deleted before it had arrived
@given(st.lists(steps, max_size=40))
def test_cutting_lines_at_any_byte_loses_and_doubles_nothing(
    history: list[tuple[str, tuple[int, int]]],
) -> None:
    async def scene() -> None:
        house = House()
        pages = await gather(house)
        for kind, (who, number) in history:
            page = pages[who]
            house.clock.advance(0.25)  # nobody is asked to slow down
            match kind:
                case "ask":
                    await page.send(ask(page, pages, number))
                case "carry" if page.wire is not None:
                    page.wire.carry(number)
                case "cut":
                    page.cut()
                case "connect":
                    await page.connect()
        for page in pages:
            if page.wire is None:
                await page.connect()
        house.settle()
        for page in pages:
            assert len(page.welcomes) == 1, "nobody had to start anew"
            assert durable(house, page) == visible(house, page)
            assert not page.pending
            reactions = [e["seq"] for e in page.events if e["type"] == "reacted"]
            assert reactions == [e["seq"] for e in pages[0].events if e["type"] == "reacted"]

    run(scene())


@STRICT
@given(st.lists(commands, min_size=1, max_size=15), st.lists(st.integers(0, 12), max_size=4))
def test_killed_between_any_two_steps_it_comes_back_with_all_it_acknowledged(
    asked: list[tuple[int, int]], crashes: list[int]
) -> None:
    async def scene() -> None:
        house = House(settings=Settings(snapshot_every=4))
        pages = await gather(house)
        journal = house.journal
        assert isinstance(journal, MemoryJournal) and house.created
        countdown = list(crashes)

        async def die(_: str) -> None:
            if countdown:
                countdown[0] -= 1
                if countdown[0] < 0:
                    countdown.pop(0)
                    raise Crash

        journal.pause = die
        for who, index in asked:
            page = pages[who]
            await page.send(ask(page, pages, index))
            house.settle()
            if page.pending:  # no answer: the process died under it
                await house.restart()
                paused, journal.pause = journal.pause, nothing
                for each in pages:
                    await each.connect()
                house.settle()
                journal.pause = paused
        stored = journal.events[house.created.meeting.number]
        for page in pages:
            assert not page.pending
            mine = [e for e in stored if e.by == page.id and e.type == "sent"]
            assert len({e.command for e in mine}) == len(mine), "nothing was done twice"
            assert durable(house, page) == visible(house, page)
        numbers = [e.seq for e in stored]
        assert numbers == sorted(set(numbers))
        kept = {(e.by, e.command) for e in stored}
        for page in pages:
            for command, index in asked_by(page, pages, asked).items():
                if ASKED[index][1] in ALWAYS_KEPT and isinstance(page.answers[command], int):
                    assert (page.id, command) in kept, f"{ASKED[index]} was acknowledged"
        ran = await fresh_snapshots(pages)
        await house.restart()
        assert await fresh_snapshots(pages) == ran, "what runs is the fold of what is stored"

    run(scene())


async def fresh_snapshots(pages: list[Page]) -> list[Any]:
    for page in pages:
        page.seen = None
        await page.connect()
        page.house.settle()
    return [page.snapshot for page in pages]


async def nothing(_: str) -> None:
    return None


def asked_by(page: Page, pages: list[Page], asked: list[tuple[int, int]]) -> dict[str, int]:
    """Its commands by their ids."""
    mine = [index for who, index in asked if pages[who] is page]
    return {f"c{n}": index for n, index in enumerate(mine, 1)}
