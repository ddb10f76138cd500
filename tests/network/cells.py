"""The cells of the matrix: who sends, over which line it is watched, for how long, and what is read off.

Law: both servers get the same cell in the same way; what a cell is called says all that is particular of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tests.network.line import Way

SETTLES_S = 6.0


@dataclass(frozen=True, slots=True)
class Phase:
    """The line as it is for so long. The first one's beginning is for settling and isn't read."""

    name: str
    way: Way
    seconds: float


@dataclass(frozen=True, slots=True)
class Cell:
    name: str
    phases: tuple[Phase, ...]
    senders: int = 1
    kind: str = "hd"
    client: str = "go"

    @property
    def all_move(self) -> bool:
        """Of more tiles than the line carries some wait."""
        return self.kind != "small"


def steady(
    name: str, way: Way, senders: int = 2, kind: str = "hd", client: str = "go", for_s: float = 15
) -> Cell:
    return Cell(name, (Phase("settling", way, SETTLES_S), Phase("steady", way, for_s)), senders, kind, client)


def steps(name: str, way: Way, wide: int = 5_000_000, narrow: int = 300_000, client: str = "go") -> Cell:
    """`at once` is what nobody can know before: the queue that is there when the rate has gone down."""
    at = {rate: replace(way, rate=rate) for rate in (wide, narrow)}
    return Cell(
        name,
        (
            Phase("settling", at[wide], 8),
            Phase("at once", at[narrow], 5),
            Phase("narrow", at[narrow], 10),
            Phase("wide again", at[wide], 14),
        ),
        client=client,
    )


MBIT3 = 3_000_000
CELLS = (
    steady("a good line", Way()),
    steady("1 % lost", Way(loss=0.01)),
    steady("5 % lost", Way(loss=0.05)),
    steady("20 % lost", Way(loss=0.2)),
    steady("30 % lost", Way(loss=0.3)),
    steady("150 ms each way", Way(delay_ms=150)),
    steady("300 ms each way", Way(delay_ms=300)),
    steady("30 ms of jitter", Way(jitter_ms=30)),
    steady("5 % overtaken", Way(reorder=0.05)),
    steady("5 % lost, 100 ms each way, 30 ms of jitter", Way(loss=0.05, delay_ms=100, jitter_ms=30)),
    steps("steps, queue of 50 ms", Way(queue_ms=50)),
    steps("steps, queue of 3 s", Way(queue_ms=3000)),
    steps("steps, queue of 50 ms, 100 ms each way", Way(queue_ms=50, delay_ms=100)),
    steps("steps, queue of 3 s, 100 ms each way", Way(queue_ms=3000, delay_ms=100)),
    steps("steps, queue of 3 s, 1 % lost", Way(queue_ms=3000, loss=0.01)),
    steady("25 tiles in 3 Mb/s, queue of 50 ms", Way(MBIT3, 50), 25, "small"),
    steady("25 tiles in 3 Mb/s, queue of 3 s", Way(MBIT3, 3000), 25, "small"),
    steady("6 of 720p in 3 Mb/s, queue of 50 ms", Way(MBIT3, 50), 6),
    steady("6 of 720p in 3 Mb/s, queue of 3 s", Way(MBIT3, 3000), 6),
    steady("Chromium, 5 % lost", Way(loss=0.05), 1, client="chromium", for_s=31),
    steps("Chromium, steps, queue of 50 ms", Way(queue_ms=50), narrow=200_000, client="chromium"),
    steps("Chromium, steps, queue of 3 s", Way(queue_ms=3000), narrow=200_000, client="chromium"),
    steady("Firefox, 5 % lost", Way(loss=0.05), 1, client="firefox", for_s=31),
    steps("Firefox, steps, queue of 3 s", Way(queue_ms=3000), narrow=200_000, client="firefox"),
)
