"""Questions to everybody: asked, answered, closed in time; and what of an anonymous one is written nowhere."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.capabilities.polls.messages import MOST_OPTIONS
from folkmoot.capabilities.polls.rules import MOST_OPEN, MOST_POLLS

from ..meetings.house import House, MemoryJournal, Page, run

TEA = {"question": "Tea or coffee?", "options": ["Tea", "Coffee"]}


async def asks(host: Page, **poll: Any) -> str:
    answer = await host.do("polls", "ask", **(TEA | poll))
    assert isinstance(answer, int), answer
    return str(host.heard("asked")[-1]["id"])


async def votes(page: Page, poll: str, *choices: int) -> Any:
    return await page.do("polls", "vote", poll=poll, choices=[*choices])


def shown(page: Page) -> Any:
    """As somebody sees it who loads the page anew."""
    [poll] = page.snapshot["polls"]["polls"]
    return poll


async def reloads(page: Page) -> None:
    page.seen = None
    await page.connect()
    page.house.settle()


async def test_a_question_reaches_everybody_and_its_results_when_it_is_closed(house: House) -> None:
    host, ada, bo = await house.comes("Host", host=True), await house.comes("Ada"), await house.comes("Bo")
    poll = await asks(host)
    assert bo.heard("asked") == [{"id": poll, **TEA, "several": False, "anonymous": False, "results": "all"}]
    await votes(ada, poll, 0)
    await votes(bo, poll, 1)
    assert [heard["turnout"] for heard in ada.heard("turnout")] == [1, 2]
    assert [len(page.heard("voted")) for page in (host, ada, bo)] == [2, 1, 1], "theirs, and the hosts'"
    await host.do("polls", "close", poll=poll)
    results = {
        "poll": poll,
        "counts": [1, 1],
        "votes": [
            {"id": ada.id, "name": "Ada", "choices": [0]},
            {"id": bo.id, "name": "Bo", "choices": [1]},
        ],
    }
    assert [page.heard("results") for page in (host, ada, bo)] == [[results]] * 3
    late = await house.comes("Late")
    assert shown(late)["counts"] == [1, 1]
    assert (shown(late)["closed"], shown(late)["voted"], shown(late)["turnout"]) == (True, False, 2)


async def test_a_named_vote_can_be_changed_until_the_poll_is_closed(house: House) -> None:
    host, ada = await house.comes("Host", host=True), await house.comes("Ada")
    poll = await asks(host)
    await votes(ada, poll, 0)
    await votes(ada, poll, 1)
    await reloads(ada)
    assert (shown(ada)["mine"], shown(ada)["turnout"]) == ([1], 1)
    await reloads(host)
    assert shown(host)["counts"] == [0, 1]
    await host.do("polls", "close", poll=poll)
    assert await votes(ada, poll, 0) == "polls.closed"


async def test_results_for_hosts_are_for_hosts(house: House) -> None:
    host, ada = await house.comes("Host", host=True), await house.comes("Ada")
    poll = await asks(host, results="hosts")
    await votes(ada, poll, 0)
    await host.do("polls", "close", poll=poll)
    assert (len(host.heard("results")), ada.heard("results")) == (1, [])
    await reloads(ada)
    assert "counts" not in shown(ada)
    await reloads(host)
    assert shown(host)["counts"] == [1, 0]


async def test_it_closes_by_itself_also_when_the_server_was_away_at_the_moment(house: House) -> None:
    host, ada = await house.comes("Host", host=True), await house.comes("Ada")
    poll = await asks(host, open_s=60)
    await votes(ada, poll, 1)
    await house.passes(59)
    assert ada.heard("closed") == []
    await house.restart()
    house.clock.advance(1)
    for page in (host, ada):
        await page.connect()
    await house.passes(1)
    assert ada.heard("closed") == [{"poll": poll, "turnout": 1}]
    assert ada.heard("results")[0]["counts"] == [0, 1]
    await house.passes(60)
    assert len(ada.heard("closed")) == 1


async def test_several_answers_only_where_several_are_asked_for(house: House) -> None:
    host, ada = await house.comes("Host", host=True), await house.comes("Ada")
    one, several = await asks(host), await asks(host, several=True)
    assert await votes(ada, one, 0, 1) == "polls.choice_invalid"
    assert isinstance(await votes(ada, several, 1, 0), int)
    assert await votes(ada, several, 0, 0) == "polls.choice_invalid"
    assert await votes(ada, one, 2) == "polls.choice_invalid"
    assert await votes(ada, "q99", 0) == "polls.unknown"


async def test_only_hosts_ask_close_and_discard(house: House) -> None:
    host, ada = await house.comes("Host", host=True), await house.comes("Ada")
    poll = await asks(host)
    assert await ada.do("polls", "ask", **TEA) == "meeting.not_host"
    assert await ada.do("polls", "close", poll=poll) == "meeting.not_host"
    assert await ada.do("polls", "discard", poll=poll) == "meeting.not_host"
    assert ada.heard("closed", "discarded") == []


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"question": " \u200d \n"}, "polls.question_invalid"),
        ({"question": "?" * 301}, "polls.question_invalid"),
        ({"options": ["Tea", " Tea"]}, "polls.option_invalid"),
        ({"options": ["Tea", ""]}, "polls.option_invalid"),
        ({"options": ["Tea", "x" * 121]}, "polls.option_invalid"),
        ({"options": ["Tea"]}, "meeting.unknown_command"),
        ({"options": [str(n) for n in range(MOST_OPTIONS + 1)]}, "meeting.unknown_command"),
        ({"open_s": 0}, "meeting.unknown_command"),
        ({"anonymous": "yes"}, "meeting.unknown_command"),
    ],
)
async def test_a_question_that_is_none_is_refused_and_nobody_hears_of_it(
    house: House, wrong: dict[str, Any], code: str
) -> None:
    host, ada = await house.comes("Host", host=True), await house.comes("Ada")
    assert await host.do("polls", "ask", **(TEA | wrong)) == code
    assert ada.heard("asked") == []


async def test_polls_are_bounded(house: House) -> None:
    host = await house.comes("Host", host=True)
    for n in range(MOST_POLLS):
        if n >= MOST_OPEN:
            house.clock.advance(10)
            assert await host.do("polls", "ask", **TEA) == "polls.too_many_open"
            await host.do("polls", "close", poll=f"q{n - MOST_OPEN + 1}")
        house.clock.advance(10)
        await asks(host)
    assert await host.do("polls", "ask", **TEA) == "polls.too_many"


async def test_a_discarded_poll_is_erased_with_every_vote(house: House) -> None:
    host, ada = await house.comes("Host", host=True), await house.comes("Ada")
    poll = await asks(host, question="What may nobody find again?")
    await votes(ada, poll, 0)
    await votes(ada, poll, 1)
    await host.do("polls", "close", poll=poll)
    await host.do("polls", "discard", poll=poll)
    assert ada.heard("discarded") == [{"poll": poll}]
    kept = stored(house)
    assert "nobody find again" not in kept and "choices" not in kept and "counts" not in kept
    await house.restart()
    await reloads(ada)
    assert ada.snapshot["polls"] == {"polls": []}


# --- anonymous --------------------------------------------------------------------------------------------------------


def stored(house: House) -> str:
    """Every byte that is kept."""
    assert isinstance(house.journal, MemoryJournal)
    rows = [
        [e.seq, e.feature, e.type, e.by, e.command, e.payload]
        for events in house.journal.events.values()
        for e in events
    ]
    return json.dumps([rows, list(house.journal.snapshots.values())])


async def test_an_anonymous_poll_shows_its_sums_when_it_is_closed_and_to_nobody_before(house: House) -> None:
    host, ada, bo = await house.comes("Host", host=True), await house.comes("Ada"), await house.comes("Bo")
    poll = await asks(host, anonymous=True)
    await votes(ada, poll, 1)
    assert await votes(ada, poll, 0) == "polls.voted"
    await votes(bo, poll, 1)
    await reloads(host)
    assert (shown(host)["turnout"], "counts" in shown(host)) == (2, False)
    await reloads(ada)
    assert (shown(ada)["voted"], shown(ada)["mine"]) == (True, [])
    await house.restart()
    for page in (host, ada, bo):
        await page.connect()
    await host.do("polls", "close", poll=poll)
    assert bo.heard("results") == [{"poll": poll, "counts": [0, 2]}]


def test_nothing_stored_or_sent_joins_an_anonymous_voter_to_a_choice() -> None:
    """Whoever of them chose what: but for the sums, the same bytes are written."""

    @given(st.permutations([0, 0, 1, 1, 2]), st.permutations([0, 0, 1, 1, 2]))
    def holds(one: list[int], other: list[int]) -> None:
        seen: list[list[str]] = []

        async def scene(choices: list[int]) -> None:
            house = House()
            host = await house.comes("Host", host=True)
            people = [await house.comes(name) for name in ("Ada", "Bo", "Cy", "Di", "Eve")]
            poll = await asks(host, options=["Tea", "Coffee", "Water"], anonymous=True)
            for page, choice in zip(people, choices, strict=True):
                assert isinstance(await votes(page, poll, choice), int)
            await host.do("polls", "close", poll=poll)
            seen.append([stored(house), *(json.dumps(page.events) for page in (host, *people))])

        run(scene(one))
        run(scene(other))
        assert seen[0] == seen[1]

    holds()
