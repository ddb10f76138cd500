"""What a log comes to, by day; wherever it is cut, and however often it is told."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from folkmoot.usage.counting import (
    DAY_MS,
    Count,
    Figures,
    Said,
    Sitting,
    day_of,
    milliseconds,
    most_at_once,
    together,
)
from folkmoot.usage.showing import minutes, month_of

HOUR = 3_600_000
MARCH_31 = milliseconds(datetime(2026, 3, 31, tzinfo=UTC))


def log(*said: tuple[int, str, str]) -> list[Said]:
    return [Said(seq, MARCH_31 + at, type, who) for seq, (at, type, who) in enumerate(said, 1)]


def counted(entries: list[Said]) -> dict[date, Figures]:
    count = Count()
    count.read(entries)
    return count.days


def test_over_midnight_and_into_another_month() -> None:
    night = log(
        (23 * HOUR, "joined", "a"),
        (23 * HOUR, "joined", "b"),
        (25 * HOUR, "left", "b"),
        (26 * HOUR, "ended", ""),
    )
    assert counted(night) == {
        date(2026, 3, 31): Figures(2 * HOUR, 1, 2, 2),
        date(2026, 4, 1): Figures(3 * HOUR, 0, 2, 2),
    }


def test_a_week_without_a_pause_has_seven_whole_days() -> None:
    week = counted(log((0, "joined", "a"), (7 * DAY_MS, "left", "a")))
    assert [figures.ms for figures in week.values()] == [DAY_MS] * 7
    assert together(week.values()) == Figures(7 * DAY_MS, 1, 1, 7)


def test_a_night_of_summer_time_has_the_hours_that_passed() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    for day, hours in ((date(2026, 3, 29), 3), (date(2026, 10, 25), 5)):
        begins, ends = (
            milliseconds(datetime(day.year, day.month, day.day, hour, tzinfo=berlin)) for hour in (0, 4)
        )
        days = counted([Said(1, begins, "joined", "a"), Said(2, ends, "left", "a")])
        assert together(days.values()).ms == hours * HOUR


def test_who_joins_twice_is_one_and_who_never_came_takes_nobody_away() -> None:
    days = counted(log((0, "joined", "a"), (0, "joined", "a"), (HOUR, "left", "b"), (2 * HOUR, "left", "a")))
    assert together(days.values()) == Figures(2 * HOUR, 1, 1, 1)


def test_who_comes_back_is_counted_once_a_day_and_once_more_on_the_next() -> None:
    days = counted(
        log(
            (21 * HOUR, "joined", "a"),
            (22 * HOUR, "left", "a"),
            (23 * HOUR, "joined", "a"),
            (25 * HOUR, "left", "a"),
            (26 * HOUR, "joined", "a"),
            (27 * HOUR, "joined", "b"),
            (28 * HOUR, "ended", ""),
        )
    )
    assert [figures.people for figures in days.values()] == [1, 2]


def sittings_in(entries: list[Said], cuts: int = 0) -> list[tuple[int, int]]:
    """In hours since the last of March; read in so many parts."""
    found, position = list[Sitting](), Count().position
    for part in [entries[n : n + 1] for n in range(len(entries))] if cuts else [entries]:
        count = Count(position)
        count.read(part)
        found, position = [*found, *count.sittings], count.position
    return [((one.began - MARCH_31) // HOUR, (one.ended - MARCH_31) // HOUR) for one in found]


def test_a_meeting_goes_on_while_anybody_is_in_it_and_has_a_pause_while_nobody_is() -> None:
    said = log(
        (1 * HOUR, "joined", "a"),
        (2 * HOUR, "joined", "b"),
        (3 * HOUR, "left", "a"),
        (4 * HOUR, "left", "b"),
        (4 * HOUR, "left", "b"),
        (23 * HOUR, "joined", "b"),
        (26 * HOUR, "ended", ""),
        (27 * HOUR, "joined", "a"),
    )
    assert sittings_in(said) == sittings_in(said, cuts=1) == [(1, 4), (23, 26)]


def test_while_the_server_was_off_no_meeting_went_on() -> None:
    count = Count()
    count.read(log((1 * HOUR, "joined", "a")))
    count.pass_until(MARCH_31 + 2 * HOUR)
    count.skip_until(MARCH_31 + 7 * HOUR)
    count.read([Said(2, MARCH_31 + 8 * HOUR, "ended")])
    assert count.sittings == [
        Sitting(MARCH_31 + HOUR, MARCH_31 + 2 * HOUR),
        Sitting(MARCH_31 + 7 * HOUR, MARCH_31 + 8 * HOUR),
    ]


def test_who_comes_as_others_go_takes_no_second_place() -> None:
    assert most_at_once([]) == 0
    assert most_at_once([Sitting(0, 5), Sitting(5, 9), Sitting(8, 20), Sitting(8, 10)]) == 3


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 20)), max_size=12))
def test_at_once_are_as_many_as_at_the_busiest_moment(spans: list[tuple[int, int]]) -> None:
    each = [Sitting(began, began + long) for began, long in spans]
    busiest = max((sum(one.began <= at < one.ended for one in each) for at in range(60)), default=0)
    assert most_at_once(each) == busiest


def test_a_clock_that_was_set_back_takes_no_minute_away() -> None:
    days = counted(log((5 * HOUR, "joined", "a"), (4 * HOUR, "joined", "b"), (6 * HOUR, "ended", "")))
    assert together(days.values()) == Figures(2 * HOUR, 1, 2, 2)


def test_while_the_server_was_off_nobody_met() -> None:
    count = Count()
    count.read(log((0, "joined", "a")))
    count.pass_until(MARCH_31 + HOUR)
    count.skip_until(MARCH_31 + 9 * HOUR)
    count.read([Said(2, MARCH_31 + 10 * HOUR, "left", "a")])
    assert together(count.days.values()).ms == 2 * HOUR


entries = st.lists(
    st.tuples(
        st.integers(-2 * HOUR, 40 * HOUR),
        st.sampled_from(["joined", "left", "ended"]),
        st.sampled_from("abcd"),
    ),
    max_size=40,
)


@given(entries, st.lists(st.integers(0, 40), max_size=6), st.integers(0, 3))
def test_any_cut_and_any_repeat_gives_the_same(
    said: list[tuple[int, str, str]], cuts: list[int], back: int
) -> None:
    at, timed = 0, []
    for step, type, who in said:
        at += step
        timed.append((at, type, who))
    whole = log(*timed)
    places = [0, *sorted(cuts), len(whole)]
    kept, position = dict[date, Figures](), Count().position
    for begins, ends in pairwise(places):
        part = Count(position)
        part.read(whole[max(0, begins - back) : ends])
        position = part.position
        for day, more in part.days.items():
            kept[day] = kept.get(day, Figures()) + more
    assert kept == counted(whole)


@given(entries, st.integers(0, 60 * HOUR))
def test_a_look_at_a_meeting_that_goes_on_changes_no_sum(said: list[tuple[int, str, str]], look: int) -> None:
    at, timed = 0, []
    for step, type, who in said:
        at += abs(step)
        timed.append((at, type, who))
    whole = log(*timed)
    before = [one for one in whole if one.at <= MARCH_31 + look]
    count = Count()
    count.read(before)
    if count.position.here and len(before) < len(whole):
        count.pass_until(min(MARCH_31 + look, whole[len(before)].at))
    count.read(whole)
    assert {day: one for day, one in count.days.items() if one.ms} == {
        day: one for day, one in counted(whole).items() if one.ms
    }
    assert together(count.days.values()) == together(counted(whole).values())


# --- what is shown ------------------------------------------------------------------------------------------------------

MAY = [date(2026, 5, day) for day in range(1, 32)]


def test_two_people_who_met_are_in_the_month_and_on_no_day() -> None:
    few, many, more = Figures(90_000, 1, 2), Figures(600_000, 2, 5), Figures(900_000, 3, 9)
    month = month_of(MAY[0], {MAY[0]: few, MAY[1]: few, MAY[2]: many, MAY[3]: more})
    assert month.days == [(MAY[0], None), (MAY[1], None), (MAY[2], many), (MAY[3], more)]
    assert (minutes(month.sum), month.sum.meetings, month.sum.peak) == (28, 7, 9)


def test_a_single_day_without_figures_isnt_the_month_less_the_others() -> None:
    few, many, more = Figures(90_000, 1, 2), Figures(600_000, 2, 5), Figures(900_000, 3, 9)
    month = month_of(MAY[0], {MAY[0]: few, MAY[2]: many, MAY[3]: more})
    assert month.days == [(MAY[0], None), (MAY[2], None), (MAY[3], more)]


@given(
    st.dictionaries(
        st.sampled_from(MAY),
        st.builds(Figures, st.integers(0, DAY_MS), st.just(1), st.integers(1, 12)),
        max_size=12,
    )
)
def test_no_day_of_few_is_shown_and_none_is_alone(days: dict[date, Figures]) -> None:
    month = month_of(MAY[0], days)
    hidden = [day for day, figures in month.days if figures is None]
    assert {day for day in days if days[day].peak < 5} <= set(hidden)
    assert len(hidden) != 1 or len(days) == 1
    assert month.sum == together(days.values())


def test_days_before_1970_are_none_of_ours_but_no_fault() -> None:
    assert day_of(-1) == date(1969, 12, 31)
