"""Too many at once: who waits, in which order they come in, and how fast."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from folkmoot.kit.arrivals import COMING, DEPTH, FIRST, MOST, Arrivals
from folkmoot.protocol.values import Participant, State
from folkmoot.rooms.model import ParticipantJoined, ParticipantLeft
from folkmoot.rooms.turnstile import Turnstile

ADA = ("room", "ada")


def somebody(identity: str) -> Participant:
    return Participant(sid="PA", identity=identity, state=State.ACTIVE)


IN_TIME, LATE = 0.0, 0.2
Step = tuple[str, int]


def crowd(people: int) -> Arrivals[int]:
    """The first few are in already."""
    arrivals: Arrivals[int] = Arrivals()
    for person in range(people):
        arrivals.arrive(person)
    return arrivals


def test_who_comes_alone_is_in_at_once() -> None:
    arrivals: Arrivals[str] = Arrivals()
    assert arrivals.arrive("ada")
    assert arrivals.beat(IN_TIME) == []
    assert arrivals.arrive("bo")


def test_of_a_crowd_the_rest_waits_and_knows_its_place() -> None:
    arrivals = crowd(FIRST + 3)
    assert list(arrivals.places()) == [(FIRST, 0), (FIRST + 1, 1), (FIRST + 2, 2)]
    arrivals.give_up(FIRST)
    assert list(arrivals.places()) == [(FIRST + 1, 0), (FIRST + 2, 1)]


def test_who_comes_back_goes_before_who_is_new() -> None:
    arrivals = crowd(FIRST + 2)
    assert not arrivals.arrive(99, back=True)
    assert arrivals.beat(LATE)[0] == 99


def test_a_loop_in_time_lets_in_more_and_a_late_one_less_but_never_nobody() -> None:
    arrivals = crowd(10_000)

    def settled(late_s: float) -> int:
        entered = arrivals.beat(late_s)
        for person in entered:
            arrivals.settle(person)
        return len(entered)

    growing = [settled(IN_TIME) for _ in range(3)]
    assert growing == [FIRST + 1, FIRST + 2, FIRST + 3]
    shrinking = [settled(LATE) for _ in range(6)]
    assert shrinking == [3, 1, 1, 1, 1, 1]
    assert max(settled(IN_TIME) for _ in range(100)) == MOST


def test_while_many_are_still_coming_the_next_wait_though_the_loop_is_in_time() -> None:
    arrivals = crowd(FIRST)
    while arrivals.coming < FIRST * DEPTH:
        assert arrivals.beat(IN_TIME) == []
        for person in range(FIRST):
            arrivals.arrive(100 + arrivals.coming + person)
    assert not arrivals.arrive(999), "none waits, the beat has room, but what the others cost is ahead"
    assert [key for key, _ in arrivals.places()] == [999]
    arrivals.settle(0)
    assert arrivals.beat(IN_TIME) == [999]


def test_while_many_have_tickets_who_arrives_first_waits_too_and_one_a_beat_is_in() -> None:
    arrivals: Arrivals[str] = Arrivals()
    for number in range(FIRST * DEPTH + 5):
        arrivals.announce(f"ticket {number}")
    arrivals.settle("ticket 0")
    assert not arrivals.arrive("ada")
    assert not arrivals.arrive("bo")
    assert arrivals.beat(LATE) == ["ada"]


async def test_a_ticket_is_no_second_person_when_its_holder_arrives() -> None:
    turnstile = Turnstile()
    turnstile.announce(*ADA)
    turnstile.announce("room", "bo")
    assert await turnstile.turn(ADA)
    assert turnstile.counts() == {"waiting_to_come_in": 0, "coming_in": 2}


def test_who_never_settles_keeps_a_place_for_two_seconds() -> None:
    arrivals = crowd(FIRST)
    for _ in range(COMING - 1):
        arrivals.beat(IN_TIME)
    assert arrivals.coming == FIRST
    arrivals.beat(IN_TIME)
    assert arrivals.coming == 0


def test_nobody_overtakes_by_coming_when_a_beat_has_room() -> None:
    arrivals = crowd(FIRST + 1)
    arrivals.give_up(FIRST)
    assert not arrivals.arrive(50), "this beat's places are taken"
    assert arrivals.beat(IN_TIME) == [50]


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("new"), st.integers(0, 400)),
            st.tuples(st.just("back"), st.integers(0, 400)),
            st.tuples(st.just("give up"), st.integers(0, 400)),
            st.tuples(st.just("settles"), st.integers(0, 400)),
            st.tuples(st.sampled_from(["in time", "late"]), st.just(0)),
        ),
        max_size=300,
    )
)
def test_whatever_comes_each_is_in_once_in_order_and_all_get_in(steps: list[Step]) -> None:
    arrivals: Arrivals[int] = Arrivals()
    waits: dict[bool, list[int]] = {True: [], False: []}
    seen: set[int] = set()

    def beat(late_s: float) -> None:
        entered = arrivals.beat(late_s)
        assert len(entered) <= MOST
        for key in entered:
            assert (waits[True] or waits[False]).pop(0) == key

    for step, person in steps:
        if step in ("new", "back") and person not in seen:
            seen.add(person)
            if not arrivals.arrive(person, back=step == "back"):
                waits[step == "back"].append(person)
            else:
                assert not waits[True] and not waits[False], "it overtook somebody"
        elif step == "give up":
            arrivals.give_up(person)
            waits = {back: [p for p in lane if p != person] for back, lane in waits.items()}
        elif step == "settles":
            arrivals.settle(person)
        elif step in ("in time", "late"):
            beat(IN_TIME if step == "in time" else LATE)
        assert [key for key, _ in arrivals.places()] == waits[True] + waits[False]
    for _ in range(len(arrivals)):
        beat(LATE)
    assert not len(arrivals)


async def test_all_of_a_crowd_pass_in_order_and_are_told_smaller_places() -> None:
    turnstile, order = Turnstile(), list[int]()
    told: dict[int, list[int]] = {}

    async def come(person: int) -> None:
        assert await turnstile.turn(("room", str(person)), told.setdefault(person, []).append)
        order.append(person)

    async with asyncio.timeout(10):
        await asyncio.gather(*(come(person) for person in range(60)))
    assert order == list(range(60))
    assert told[FIRST] == [0] and told[59][0] == 59 - FIRST
    assert all(places == sorted(places, reverse=True) for places in told.values())


async def test_who_won_t_wait_so_long_is_told_and_who_gives_up_holds_nobody() -> None:
    turnstile = Turnstile()
    for _ in range(FIRST):
        assert await turnstile.turn(ADA)
    gone = asyncio.create_task(turnstile.turn(ADA))
    short = asyncio.create_task(turnstile.turn(ADA, within=0))
    patient = asyncio.create_task(turnstile.turn(ADA))
    await asyncio.sleep(0)
    gone.cancel()
    assert not await short
    async with asyncio.timeout(10):
        assert await patient
    assert turnstile.counts() == {"waiting_to_come_in": 0, "coming_in": 1}, "of one name the last"
    turnstile.happened(ParticipantLeft("room", somebody("bo"), was_active=True))
    assert turnstile.counts()["coming_in"] == 1
    turnstile.happened(ParticipantJoined("room", somebody("ada")))
    assert turnstile.counts()["coming_in"] == 0
