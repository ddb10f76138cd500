"""Rules against a brute force that knows nothing of how they are worked out: every day is looked at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil import rrule as library
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.calendar import repeating
from folkmoot.calendar.model import Stretch, moment
from folkmoot.calendar.repeating import Rule

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Sydney",
    "Africa/Casablanca",
    "America/Sao_Paulo",
    "Asia/Shanghai",
    "UTC",
)
FIRST, LAST = datetime(2025, 1, 1), datetime(2027, 12, 31)  # noqa: DTZ001
STARTS = st.datetimes(FIRST, LAST).map(lambda at: at.replace(second=0, microsecond=0))


@st.composite
def rules(draw: st.DrawFn) -> tuple[str, int, frozenset[int]]:
    freq = draw(st.sampled_from(("DAILY", "WEEKLY")))
    every = draw(st.integers(1, 5))
    days = draw(st.frozensets(st.integers(0, 6), min_size=1, max_size=4)) if freq == "WEEKLY" else frozenset()
    return freq, every, days


def by_hand(
    starts: datetime, freq: str, every: int, days: frozenset[int], until: datetime
) -> Iterator[datetime]:
    monday = starts.date() - timedelta(days=starts.weekday())
    at = starts
    while at < until:
        if freq == "DAILY":
            fits = (at.date() - starts.date()).days % every == 0
        else:
            fits = at.weekday() in days and ((at.date() - monday).days // 7) % every == 0
        if fits:
            yield at
        at += timedelta(days=1)


def said(freq: str, every: int, days: frozenset[int]) -> str:
    on = f";BYDAY={','.join(DAYS[day] for day in sorted(days))}" if days else ""
    return f"FREQ={freq};INTERVAL={every}{on}"


@given(STARTS, rules(), st.integers(0, 900), st.integers(1, 90))
@settings(max_examples=150)
def test_every_day_is_one_by_hand_if_it_is_one(
    starts: datetime, rule: tuple[str, int, frozenset[int]], skip: int, length: int
) -> None:
    stretch = Stretch(starts, 60, "UTC", rule=said(*rule))
    since = starts + timedelta(days=skip)
    before = since + timedelta(days=length)
    wanted = [one for one in by_hand(starts, *rule, before) if one >= since]
    assert list(repeating.starts(stretch, since, before)) == wanted


@given(STARTS, st.sampled_from(ZONES), rules())
@settings(max_examples=150)
def test_the_clock_on_the_wall_says_the_same_all_year(
    starts: datetime, zone: str, rule: tuple[str, int, frozenset[int]]
) -> None:
    stretch = Stretch(starts, 60, zone, rule=said(*rule))
    begins = moment(starts, zone)
    for local, at in repeating.moments(stretch, begins, begins + timedelta(days=400)):
        wall = at.astimezone(ZoneInfo(zone))
        left_out = wall.replace(tzinfo=None) != local
        if left_out:  # a time that the clocks leave out: as long after midnight as it would have been
            assert (wall.replace(tzinfo=None) - local) in (timedelta(hours=1), timedelta(minutes=30))
        assert wall.fold == 0, "of a time that comes twice it is the first"


@given(st.integers(1, 12), st.integers(-5, 31).filter(bool), st.integers(0, 6))
@settings(max_examples=60)
def test_months_and_years_by_hand(month: int, place: int, weekday: int) -> None:
    starts = datetime(2026, month, 1, 8)  # noqa: DTZ001
    if 1 <= place <= 31:
        rule = f"FREQ=MONTHLY;BYMONTHDAY={place}"

        def fits(at: datetime) -> bool:
            return at.day == place

    else:
        rule = f"FREQ=MONTHLY;BYDAY={place}{DAYS[weekday]}"

        def fits(at: datetime) -> bool:
            ahead = sum(1 for n in range(7, 35, 7) if (at + timedelta(days=n)).month == at.month)
            return at.weekday() == weekday and ahead == -place - 1

    stretch = Stretch(starts, 60, "UTC", rule=rule)
    before = starts + timedelta(days=800)
    every = (starts + timedelta(days=n) for n in range(800))
    assert list(repeating.starts(stretch, starts, before)) == [at for at in every if fits(at)]


@given(
    st.text(max_size=320)
    | st.from_regex(r"FREQ=(DAILY|MONTHLY|YEARLY);(BY[A-Z]{2,9}=[-0-9,A-Z]{1,12};?){0,3}", fullmatch=True)
)
@settings(max_examples=300)
def test_whatever_is_said_is_a_rule_or_a_reason(text: str) -> None:
    read = repeating.read(text, datetime(2026, 1, 1, 9), "Europe/Berlin")  # noqa: DTZ001
    assert isinstance(read, Rule | str)


@pytest.mark.parametrize("count", ["", ";COUNT=5"])
@pytest.mark.parametrize(
    "rule", ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31", "FREQ=MONTHLY;BYSETPOS=366;BYDAY=MO",
     "FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=31", "FREQ=MONTHLY;INTERVAL=12;BYMONTH=2", "FREQ=DAILY;INTERVAL=7;BYDAY=FR"]
)  # fmt: skip
def test_a_rule_that_never_comes_is_given_up(rule: str, count: str, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[int] = []
    rebuild = library._iterinfo.rebuild

    def noted(self: library._iterinfo, year: int, month: int) -> None:
        looked_at.append(year)
        rebuild(self, year, month)

    monkeypatch.setattr(library._iterinfo, "rebuild", noted)
    assert isinstance(repeating.read(rule + count, datetime(2026, 1, 1, 9), "UTC"), str)  # noqa: DTZ001
    assert 2026 in looked_at
    assert max(looked_at) <= 2037, "nobody looks for it until the year 9999"


def test_a_time_that_the_clocks_leave_out_and_one_that_comes_twice() -> None:
    assert moment(datetime(2026, 3, 29, 2, 30), "Europe/Berlin") == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # noqa: DTZ001
    assert moment(datetime(2026, 10, 25, 2, 30), "Europe/Berlin") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # noqa: DTZ001
