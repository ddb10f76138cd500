"""How often a program may ask: so much a minute for each API key, said in every answer to it.

Law: the headers are honest: who keeps to them is never refused. They are those of draft-ietf-httpapi-ratelimit-headers.
"""

from __future__ import annotations

import hashlib
import math

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from folkmoot.accounts.inside import key_of
from folkmoot.kit import Clock, Problem
from folkmoot.kit.bucket import Buckets
from folkmoot.kit.problem import MEDIA_TYPE

REQUESTS, WITHIN_S = 600, 60.0
MOST_KEYS = 20_000
POLICY = f'"key";q={REQUESTS};w={WITHIN_S:.0f}'


class Limited:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets = Buckets(REQUESTS, WITHIN_S, MOST_KEYS)

    def by_key(self, app: ASGIApp) -> ASGIApp:
        async def limiting(scope: Scope, receive: Receive, send: Send) -> None:
            key = None
            if scope["type"] == "http" and scope["path"].startswith("/api/"):
                key = key_of(Headers(scope=scope))
            if key is None:
                await app(scope, receive, send)
                return
            hashed = hashlib.sha256(key.encode()).digest()
            wait = self._buckets.take(hashed, self._clock.monotonic())
            said = {"ratelimit-policy": POLICY, "ratelimit": self._left(hashed)}

            async def adding(message: Message) -> None:
                if message["type"] == "http.response.start":
                    MutableHeaders(scope=message).update(said)
                await send(message)

            await (_refused(wait) if wait else app)(scope, receive, adding)

        return limiting

    def _left(self, key: bytes) -> str:
        """What is left, and after how long all of it is there again."""
        level = self._buckets.level(key, self._clock.monotonic())
        return f'"key";r={math.floor(level)};t={math.ceil((REQUESTS - level) * WITHIN_S / REQUESTS)}'


def _refused(wait: float) -> ASGIApp:
    problem = Problem("request.too_many", {"retry_after_s": round(wait, 1)})
    return JSONResponse(problem.body(), problem.status, problem.headers(), MEDIA_TYPE)
