"""What follows for an address of one's own: it is never gone suddenly."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from folkmoot.orgs import OrgId
from folkmoot.outward.model import LEAVING, PATIENCE, Host, Seen, State, Step, Why, due, follows, looked

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def kept(**more: object) -> Host:
    return replace(Host("meet.school.example", OrgId("o_1"), NOON, ready_at=NOON), **more)  # type: ignore[arg-type]


def leaving(why: Why) -> Host:
    return kept(leaving_since=NOON, why=why)


@pytest.mark.parametrize(
    ("host", "held", "proven", "there", "after", "step"),
    [
        (kept(), True, True, True, DAY, None),
        (kept(), False, True, True, DAY, (Step.LEAVES, Why.SERVICE)),
        (kept(), True, False, True, DAY, (Step.LEAVES, Why.PROOF)),
        (kept(), False, False, False, DAY, (Step.LEAVES, Why.DISSOLVED)),
        (leaving(Why.SERVICE), True, True, True, DAY, (Step.BACK, None)),
        (leaving(Why.PROOF), True, True, True, LEAVING, (Step.BACK, None)),
        (leaving(Why.PROOF), True, False, True, LEAVING - DAY, None),
        (leaving(Why.PROOF), True, False, True, LEAVING, (Step.GONE, None)),
        (leaving(Why.REMOVED), True, True, True, LEAVING - DAY, None),  # who took it out isn't asked again
        (leaving(Why.REMOVED), True, True, True, LEAVING, (Step.GONE, None)),
        (leaving(Why.SERVICE), False, True, True, 10 * LEAVING, None),  # a plan's end deletes nothing
        (leaving(Why.DISSOLVED), False, False, False, LEAVING, (Step.GONE, None)),
    ],
)
def test_what_follows_when_its_ground_is_lost_or_found(
    host: Host, held: bool, proven: bool, there: bool, after: timedelta, step: object
) -> None:
    assert follows(host, held, proven, there, NOON + after) == step


def test_links_name_it_when_it_has_led_here_and_not_when_it_has_failed_for_a_day() -> None:
    host = Host("meet.school.example", OrgId("o_1"), NOON)
    assert host.state(NOON) is State.WAITING

    def looks(host: Host, seen: Seen | None, now: datetime) -> tuple[Host, Step | None]:
        changed, step = looked(host, seen, None, now)
        if "seen" in changed:
            changed["seen"] = Seen(str(changed["seen"]))
        return replace(host, **changed), step  # type: ignore[arg-type]

    host, step = looks(host, Seen.NO_RECORD, NOON)
    assert (host.state(NOON), step, host.wrong_since) == (State.WAITING, None, None)
    host, step = looks(host, Seen.OK, NOON)
    assert (host.state(NOON), step) == (State.READY, Step.READY)
    host, step = looks(host, Seen.AWAY, NOON + DAY)
    assert (host.state(NOON + DAY), step) == (State.READY, None), "a hiccup is nobody's news"
    host, step = looks(host, None, NOON + 2 * DAY)
    assert step is None, "who doesn't answer says nothing"
    host = replace(host, looked_at=NOON + DAY)
    late = NOON + DAY + PATIENCE
    host, step = looks(host, Seen.AWAY, late)
    assert (host.state(late), step) == (State.FAILING, Step.FAILS)
    host, step = looks(host, Seen.ELSEWHERE, late + DAY)
    assert step is None, "it is said once"
    host, step = looks(host, Seen.OK, late + 2 * DAY)
    assert (host.state(late + 2 * DAY), step) == (State.READY, Step.READY)


def test_it_is_looked_at_often_while_somebody_waits_for_it() -> None:
    waiting = Host("meet.school.example", OrgId("o_1"), NOON)
    assert due(waiting, NOON)
    assert not due(replace(waiting, looked_at=NOON), NOON + timedelta(minutes=9))
    assert due(replace(waiting, looked_at=NOON), NOON + timedelta(minutes=10))
    assert not due(kept(looked_at=NOON), NOON + timedelta(hours=23))
    assert due(kept(looked_at=NOON), NOON + DAY)
    assert not due(leaving(Why.REMOVED), NOON + 9 * DAY)
