"""How much one person may ask of a meeting. Pure: the time is handed in.

Counted by person, not by connection: who comes again has spent what they spent.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from folkmoot.kit import Bucket
from folkmoot.meetings.feature import ParticipantId

COMMANDS, PER_SECONDS = 20, 5.0
PASSING, PASSING_PER_SECONDS = 20, 5.0
"""Reactions and the like have a budget of their own."""
HELLOS, HELLOS_PER_SECONDS = 30, 30.0
"""Each may cost a whole welcome."""
MOST_PEOPLE = 5000


@dataclass(frozen=True, slots=True)
class _Budget:
    commands: Bucket
    passing: Bucket
    hellos: Bucket


class Budgets:
    def __init__(self) -> None:
        self._of: OrderedDict[ParticipantId, _Budget] = OrderedDict()

    def command(self, who: ParticipantId, now: float, *, passing: bool) -> float:
        """0: it may pass; else seconds until the next one might."""
        budget = self._budget(who, now)
        return (budget.passing if passing else budget.commands).take(now)

    def hello(self, who: ParticipantId, now: float) -> float:
        return self._budget(who, now).hellos.take(now)

    def _budget(self, who: ParticipantId, now: float) -> _Budget:
        found = self._of.get(who)
        if found is None:
            found = self._of[who] = _Budget(
                Bucket(COMMANDS, PER_SECONDS, now),
                Bucket(PASSING, PASSING_PER_SECONDS, now),
                Bucket(HELLOS, HELLOS_PER_SECONDS, now),
            )
        self._of.move_to_end(who)
        if len(self._of) > MOST_PEOPLE:
            self._of.popitem(last=False)
        return found
