"""An organisation's own sign-in (OpenID Connect): what it says about itself, fetched and kept.

Law: nothing waits for a provider but a sign-in by it. What it said last is good for an hour, and as long as it doesn't answer. It is
reached where the configuration says, by https, without redirects, for a few seconds and some kilobytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
import structlog

from folkmoot.kit import Clock

log = structlog.get_logger("folkmoot.accounts")

GOOD_FOR_S, PATIENCE_S, TRIED_EVERY_S = 3600.0, 5.0, 5.0
LARGEST_ANSWER = 256 * 1024
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, slots=True)
class Provider:
    id: str
    name: str
    issuer: str
    client_id: str
    client_secret: str = ""
    domains: tuple[str, ...] = ()
    """For whose addresses it speaks: those are proven by its word."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a provider says of itself, and its keys by their ids."""

    authorization: str
    token: str
    keys: Mapping[str, Mapping[str, Any]]


class Unanswered(Exception):
    """The provider doesn't answer, or nothing that one could use."""


class Directory:
    def __init__(
        self, provider: Provider, clock: Clock, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self.provider = provider
        self._clock = clock
        self._client = httpx.AsyncClient(
            timeout=PATIENCE_S, follow_redirects=False, transport=transport, trust_env=False
        )
        self._said: Said | None = None
        self._at = self._tried = float("-inf")

    async def said(self, *, anew: bool = False) -> Said:
        """`anew`: a key that isn't known was used; asked for no more often than every few seconds."""
        now = self._clock.monotonic()
        old = anew or now - self._at > GOOD_FOR_S
        if old and now - self._tried > TRIED_EVERY_S:
            self._tried = now
            try:
                self._said, self._at = await self._fetched(), now
            except (Unanswered, httpx.HTTPError, ValueError) as error:
                log.warning("provider doesn't answer", provider=self.provider.id, why=type(error).__name__)
        if self._said is None:
            raise Unanswered
        return self._said

    async def exchange(self, said: Said, form: Mapping[str, str]) -> dict[str, Any]:
        """A code for its tokens."""
        provider = self.provider
        auth = httpx.BasicAuth(provider.client_id, provider.client_secret) if provider.client_secret else None
        more = {} if auth else {"client_id": provider.client_id}
        try:
            return await self._json("POST", said.token, data={**form, **more}, auth=auth)
        except (httpx.HTTPError, ValueError) as error:
            raise Unanswered from error

    async def close(self) -> None:
        await self._client.aclose()

    async def _fetched(self) -> Said:
        issuer = self.provider.issuer
        facts = await self._json("GET", issuer.rstrip("/") + "/.well-known/openid-configuration")
        if facts.get("issuer") != issuer:
            log.warning("provider lies", provider=self.provider.id, about="issuer")
            raise Unanswered
        authorization, token, keys = (_endpoint(facts.get(name), issuer) for name in ENDPOINTS)
        listed = (await self._json("GET", keys)).get("keys", [])
        found = {str(key.get("kid", "")): key for key in listed if isinstance(key, dict)}
        return Said(authorization, token, found)

    async def _json(self, method: str, url: str, **more: Any) -> dict[str, Any]:
        async with self._client.stream(
            method, url, headers={"accept": "application/json"}, **more
        ) as response:
            body = b""
            async for part in response.aiter_bytes():
                body += part
                if len(body) > LARGEST_ANSWER:
                    raise Unanswered
            if response.status_code != 200:
                raise Unanswered
        answer = httpx.Response(200, content=body).json()
        if not isinstance(answer, dict):
            raise Unanswered
        return answer


def _endpoint(said: object, issuer: str) -> str:
    """As safe as the issuer's own address is."""
    if not isinstance(said, str) or urlsplit(said).scheme not in ("https", urlsplit(issuer).scheme):
        raise Unanswered
    return said
