"""Meetings at once: who takes a place, who is told that there is none, and when it is free again."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from folkmoot.kit import Refusal
from folkmoot.meetings.places import HELD_S, Allowance, Places

FULL = Refusal("meeting.at_once", {"most": 1, "retry_after_s": 30})
ONE = (Allowance("o_1", 1),)


@dataclass
class Hall:
    used: set[str] = field(default_factory=set)
    places: Places = field(init=False)

    def __post_init__(self) -> None:
        self.places = Places(self.used.__contains__)


def test_one_too_many_is_refused_and_the_one_that_goes_on_is_not() -> None:
    hall = Hall()
    assert hall.places.take("1", ONE, 0) is None
    hall.used.add("1")
    assert hall.places.take("2", ONE, 0) == FULL
    assert hall.places.take("2", ONE, 10_000) == FULL, "as long as somebody is in"
    assert hall.places.take("1", ONE, 10_000) is None


def test_whom_nothing_limits_takes_no_place() -> None:
    hall = Hall()
    assert {hall.places.take(str(n), (), 0) for n in range(1000)} == {None}
    assert hall.places.of(("o_1",), 0) == []


def test_of_two_who_begin_at_once_one_is_told() -> None:
    for order in itertools.permutations("12"):
        hall = Hall()
        assert [hall.places.take(n, ONE, 0) for n in order] == [None, FULL]


def test_a_ticket_keeps_its_place_for_a_minute_and_no_longer() -> None:
    hall = Hall()
    assert hall.places.take("1", ONE, 0) is None
    assert hall.places.take("2", ONE, HELD_S - 1) == FULL
    assert hall.places.take("2", ONE, HELD_S) is None
    assert hall.places.take("1", ONE, HELD_S) == FULL


def test_asking_again_keeps_a_place_no_longer() -> None:
    hall = Hall()
    hall.places.take("1", ONE, 0)
    hall.places.take("1", ONE, HELD_S - 1)
    assert hall.places.take("2", ONE, HELD_S) is None


def test_when_everybody_left_the_place_is_free() -> None:
    hall = Hall()
    hall.places.take("1", ONE, 0)
    hall.used.add("1")
    hall.places.came("1")
    assert hall.places.take("2", ONE, 1) == FULL
    hall.used.clear()
    assert hall.places.take("2", ONE, 2) is None, "its ticket's minute isn't waited for"


def test_who_is_in_two_organisations_has_the_places_of_both() -> None:
    hall, both = Hall(), (Allowance("o_1", 1), Allowance("o_2", 2))
    hall.used |= {"1", "2", "3", "4"}
    assert [hall.places.take(n, both, 0) for n in "123"] == [None] * 3
    assert hall.places.take("4", both, 0) == Refusal("meeting.at_once", {"most": 2, "retry_after_s": 30})
    assert hall.places.of(("o_1",), 0) == ["1"]
    assert hall.places.of(("o_2",), 0) == ["2", "3"]


def test_what_went_on_before_a_restart_counts() -> None:
    hall = Hall({"1"})
    assert hall.places.unknown(hall.used) == ["1"]
    hall.places.note("1", "o_1")
    assert hall.places.unknown(hall.used) == []
    assert hall.places.take("2", ONE, 0) == FULL
