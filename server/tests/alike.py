"""Two kinds of question whose answers must not be told apart by a clock.

What is timed is processor time, of both kinds by turns, so that whatever else the machine does falls on both. The margin is wide: a
stranger has three hundred tries an hour, over a network that is uneven by more than this.
"""

from __future__ import annotations

import statistics
from collections.abc import Awaitable, Callable

from .measured import Measured

SAMPLES, APART = 25, 1.45
"""So many of each kind; so far apart may their medians be. One that gives itself away was 1.6 to 1.9 times the other."""
ROUNDS = 3
Ask = Callable[[int, bool], Awaitable[object]]
"""The how manieth, and whether of the kind that is not to be told apart from the other."""


async def told_apart(measured: Measured, begin: Callable[[], Awaitable[Ask]]) -> tuple[float, list[object]]:
    """How far apart they are in time, and everything that was said. `begin` makes anew what is asked of, for each round.

    What gives itself away does so each time; what the machine does otherwise comes and goes.
    """
    said = list[object]()
    least = float("inf")
    for _ in range(ROUNDS):
        least = min(least, await _round(measured, await begin(), said))
        if least < APART:
            break
    return least, said


async def _round(measured: Measured, ask: Ask, said: list[object]) -> float:
    took: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(2 * SAMPLES):
        known = turn % 2 == 0
        with measured.lap() as lap:
            said.append(await ask(turn // 2, known))
        took[known].append(lap.seconds)
    one, other = statistics.median(took[True]), statistics.median(took[False])
    return max(one / other, other / one)
