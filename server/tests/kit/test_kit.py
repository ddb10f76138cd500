from datetime import timedelta

import pytest

from folkmoot.kit import ManualClock, Problem, Refusal, Sids
from folkmoot.kit.refusals import CATALOGUE


class Counting:
    """Randomness that counts, so that what is made of it is known."""

    def __init__(self) -> None:
        self._next = 0

    def below(self, bound: int) -> int:
        self._next += 1
        return self._next % bound

    def token(self, size: int) -> bytes:
        return bytes(size)


def test_a_manual_clock_moves_only_when_told() -> None:
    clock = ManualClock()
    before = clock.now()
    assert clock.monotonic() == 0.0
    clock.advance(61.5)
    assert clock.monotonic() == 61.5
    assert clock.now() - before == timedelta(seconds=61.5)
    with pytest.raises(ValueError, match="backwards"):
        clock.advance(-1)


def test_sids_say_what_they_name_and_replay_from_the_same_randomness() -> None:
    one, two = Sids(Counting()), Sids(Counting())
    made = [one.room(), one.participant(), one.track("AM")]
    assert [m[:3] for m in made] == ["RM_", "PA_", "TR_"]
    assert made[2].startswith("TR_AM")
    assert made == [two.room(), two.participant(), two.track("AM")]
    assert len({Sids().room() for _ in range(100)}) == 100


def test_a_refusal_becomes_a_problem_with_the_same_code() -> None:
    problem = Problem.of(Refusal("meeting.too_many_tries", {"retry_after_s": 9}))
    assert problem.status == 429
    assert problem.body() == {
        "type": "urn:folkmoot:problem:meeting.too_many_tries",
        "title": "Too many tries",
        "status": 429,
        "detail": CATALOGUE["meeting.too_many_tries"].sentence,
        "code": "meeting.too_many_tries",
        "params": {"retry_after_s": 9},
    }
    assert problem.headers() == {"retry-after": "9", "ratelimit": '"tries";r=0;t=9'}


def test_a_wait_is_said_in_whole_seconds_that_are_long_enough() -> None:
    assert Problem("signin.too_many_tries", {"retry_after_s": 0.3}).headers()["retry-after"] == "1"
    assert Problem("signin.too_many_tries", {"retry_after_s": 7.1}).headers()["retry-after"] == "8"


def test_a_code_that_nobody_knows_is_a_fault_not_an_answer() -> None:
    with pytest.raises(KeyError):
        Problem("meeting.made_up")
