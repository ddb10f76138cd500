"""What is done about an invoice that isn't paid.

Law: first words, then fewer new things, never people's data and never a running meeting. No step is left out, and none comes sooner
after the one before than it should, though the server was off for a year.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum


class Step(StrEnum):
    REMINDED = "reminded"
    """The subscription is past due."""
    REMINDED_AGAIN = "reminded_again"
    WARNED = "warned"
    """With the day on which it is restricted."""
    RESTRICTED = "restricted"
    """New meetings have the free plan's limits."""
    ENDED = "ended"


AFTER = {
    Step.REMINDED: 1,
    Step.REMINDED_AGAIN: 10,
    Step.WARNED: 21,
    Step.RESTRICTED: 30,
    Step.ENDED: 60,
}
"""Days after the one on which it was due."""
ORDER = tuple(AFTER)


def next_step(due_on: date, taken: Mapping[Step, date], today: date) -> Step | None:
    """What is to be done today. None: nothing."""
    step = next((one for one in ORDER if one not in taken), None)
    return step if step is not None and today >= day_of(step, due_on, taken) else None


def day_of(step: Step, due_on: date, taken: Mapping[Step, date]) -> date:
    """The first on which it may be taken, as far as can be told."""
    day, place = due_on + timedelta(days=AFTER[step]), ORDER.index(step)
    for before in reversed(ORDER[:place]):
        if before in taken:
            return max(day, taken[before] + timedelta(days=AFTER[step] - AFTER[before]))
    return day
