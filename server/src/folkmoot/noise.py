"""What strangers throw at the media ports is told in the log: one line a minute for each kind, however much of it there is.

Law: the media threads count and say nothing, for a line a packet would be the attack's second half. No address is told; who
wants one asks the firewall.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import structlog

from folkmoot.kit import Clock, Recurring

EVERY_S = 2.0
QUIET_S = 60.0
"""Between two lines of one kind."""
KINDS = {
    "unknown_source": ("datagrams come that are nobody's", 1000),
    "media_refused": ("packets come that can't be opened", 1000),
    "tcp_shown_out": ("connections come that say nothing of use", 50),
    "tcp_refused": ("connections come that there is no room for", 50),
}
"""By counter: how it is said, and from how many in one look on it is worth a word: a client that moves leaves some behind."""

log = structlog.get_logger("folkmoot.noise")


class Noise:
    def __init__(self, stats: Callable[[], Mapping[str, float]], clock: Clock) -> None:
        self._stats, self._clock = stats, clock
        self._seen: dict[str, float] = {}
        self._told: dict[str, tuple[float, float]] = {}
        self._looking = Recurring("noise", self._look, EVERY_S, clock)
        self.start, self.stop, self.ailment = self._looking.start, self._looking.stop, self._looking.ailment

    async def _look(self) -> None:
        self.look()

    def look(self) -> None:
        stats, now = self._stats(), self._clock.monotonic()
        for kind, (sentence, many) in KINDS.items():
            count = stats.get(kind, 0.0)
            more = count - self._seen.get(kind, 0.0)
            self._seen[kind] = count
            when, before = self._told.get(kind, (-QUIET_S, 0.0))
            if more >= many and now - when >= QUIET_S:
                self._told[kind] = (now, count)
                log.warning(sentence, count=int(count - min(before, count)))
