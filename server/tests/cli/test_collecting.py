from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from folkmoot.capabilities import FEATURES
from folkmoot.cli.collecting import OLDER, YOUNG, Collecting
from folkmoot.meetings.log import Log

from ..meetings.test_speed import history


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.set_threshold(*thresholds)
    gc.unfreeze()


class Circle:
    def __init__(self) -> None:
        self.me = self


def grow_old() -> list[list[int]]:
    """So much is made that a look among the newest is no longer enough."""
    made = [[n] for n in range((OLDER + 3) * YOUNG)]
    assert gc.get_count()[2]
    return made


def test_two_hundred_long_meetings_are_never_walked_through_at_once() -> None:
    collecting, begun = Collecting(), gc.get_freeze_count()
    logs, walked = [], []
    entries = history(2000)
    for _ in range(200):
        logs.append(Log(FEATURES))
        logs[-1].refold([], entries, 0)
        walked.append(len(gc.get_objects()))
        collecting.look(anyone=True)
    set_aside = gc.get_freeze_count() - begun
    print(f"{set_aside} set aside, at most {max(walked)} walked through")
    assert set_aside > YOUNG * OLDER
    assert max(walked) < set_aside / 3


def test_a_circle_that_was_set_aside_goes_when_nobody_is_there() -> None:
    collecting, circle = Collecting(), Circle()
    seen = weakref.ref(circle)
    kept = grow_old()
    collecting.look(anyone=True)
    del circle
    collecting.look(anyone=True)
    assert seen(), "that is the price"
    collecting.look(anyone=False)
    assert seen() is None
    assert kept


def test_a_new_circle_goes_though_somebody_is_there() -> None:
    collecting = Collecting()
    seen = weakref.ref(Circle())
    kept = grow_old()
    collecting.look(anyone=True)
    assert seen() is None
    assert kept


def test_where_somebody_is_always_there_much_is_looked_through_before_it_is_too_much() -> None:
    collecting, circle = Collecting(much=100_000), Circle()
    seen = weakref.ref(circle)
    kept = grow_old()
    collecting.look(anyone=True)
    del circle
    while seen():
        kept += grow_old()
        collecting.look(anyone=True)
        assert len(kept) < 10_000_000
    assert kept


def test_what_nobody_refers_to_goes_at_once_though_it_was_set_aside() -> None:
    collecting, meeting = Collecting(), Log(FEATURES)
    seen = weakref.ref(meeting)
    kept = grow_old()
    collecting.look(anyone=True)
    del meeting
    assert seen() is None and kept


def test_what_was_set_aside_is_counted_only_when_it_may_be_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    collecting, count, counted = Collecting(much=150_000), gc.get_freeze_count, list[int]()

    def counting() -> int:
        counted.append(count())
        return counted[-1]

    monkeypatch.setattr(gc, "get_freeze_count", counting)
    base = count()
    collecting.look(anyone=True)
    kept = grow_old()
    collecting.look(anyone=True)
    assert (counted, count() > base) == ([], True), "Python walks through all of them to tell"
    del kept
    walked = list[object]()
    monkeypatch.setattr(collecting, "_whole", lambda: walked.append(0))
    for _ in range(100):
        passing = grow_old()
        collecting.look(anyone=True)
        del passing
    assert 0 < len(counted) < 50
    assert walked == [], "most had gone by themselves"
