"""`/healthz`: whether every part of the server is well, and which isn't.

Law: a part is asked by a function that waits for nothing and answers in a word or two what is wrong with it. What falls ill is
logged once, and once more when it is well again, also while nobody asks. While the server stops it is not ready.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from folkmoot.kit import Clock, Recurring

EVERY_S = 5.0

log = structlog.get_logger("folkmoot.health")

Ailment = Callable[[], str | None]


class Health:
    def __init__(self, clock: Clock) -> None:
        self._parts: dict[str, Ailment] = {}
        self._known: dict[str, str] = {}
        self._stopping = False
        self._looking = Recurring("health", self._look, EVERY_S, clock)
        self.add("health", self._looking.ailment)
        self.start, self.stop = self._looking.start, self._looking.stop

    def add(self, part: str, ailment: Ailment) -> None:
        self._parts[part] = ailment

    def ill(self) -> dict[str, str]:
        """By part what is wrong with it."""
        found = {part: what for part, ask in self._parts.items() if (what := _asked(ask)) is not None}
        for part, what in found.items():
            if self._known.get(part) != what:
                log.error("a part of the server is ill", part=part, ailment=what)
        for part in self._known.keys() - found.keys():
            log.info("a part of the server is well again", part=part)
        self._known = found
        return found

    def stops(self) -> None:
        """From now on nobody new is to be sent here."""
        self._stopping = True

    def counts(self) -> dict[str, float]:
        return {"parts_ill": len(self.ill())}

    def routes(self) -> list[Route]:
        return [Route("/healthz", self._answer, methods=["GET", "HEAD"])]

    async def _look(self) -> None:
        self.ill()

    async def _answer(self, _: Request) -> Response:
        ill = self.ill()
        if self._stopping:
            return PlainTextResponse("stopping", 503)
        if ill:
            return PlainTextResponse("\n".join(f"{part}: {what}" for part, what in ill.items()), 503)
        return PlainTextResponse("ok")


def _asked(ailment: Ailment) -> str | None:
    try:
        return ailment()
    except Exception:  # noqa: BLE001  (what can't be asked isn't well)
        return "can't be asked"
