"""What every bus promises."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from folkmoot.bus import Bus, MemoryBus


@dataclass(frozen=True)
class Rang:
    times: int


@dataclass(frozen=True)
class RangTwice(Rang):
    pass


@pytest.fixture(params=[MemoryBus])
def bus(request: pytest.FixtureRequest) -> Bus:
    made: Bus = request.param()
    return made


def test_a_listener_hears_its_kind_in_order_and_no_other(bus: Bus) -> None:
    heard: list[object] = []
    bus.subscribe(Rang, heard.append)
    for event in (Rang(1), "a word", RangTwice(2), Rang(3)):
        bus.publish(event)
    assert heard == [Rang(1), RangTwice(2), Rang(3)]


def test_after_the_end_nothing_more_is_heard(bus: Bus) -> None:
    heard: list[object] = []
    end = bus.subscribe(Rang, heard.append)
    end()
    end()
    bus.publish(Rang(1))
    assert heard == []


def test_the_same_listener_twice_ends_one_at_a_time(bus: Bus) -> None:
    heard: list[object] = []
    end = bus.subscribe(Rang, heard.append)
    bus.subscribe(Rang, heard.append)
    end()
    bus.publish(Rang(1))
    assert heard == [Rang(1)]


def test_one_that_fails_spares_the_others_and_who_said_it(bus: Bus) -> None:
    heard: list[object] = []

    def fails(_: Rang) -> None:
        raise RuntimeError("no")

    bus.subscribe(Rang, fails)
    bus.subscribe(Rang, heard.append)
    bus.publish(Rang(1))
    assert heard == [Rang(1)]


def test_what_is_said_while_listening_is_heard_after_it_by_all(bus: Bus) -> None:
    heard: list[tuple[str, int]] = []

    def echoes(event: Rang) -> None:
        heard.append(("first", event.times))
        if event.times == 1:
            bus.publish(Rang(2))

    bus.subscribe(Rang, echoes)
    bus.subscribe(Rang, lambda event: heard.append(("second", event.times)))
    bus.publish(Rang(1))
    assert heard == [("first", 1), ("second", 1), ("first", 2), ("second", 2)]
