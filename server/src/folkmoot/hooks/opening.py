"""Opening an address as a browser would, to see whether it leads to this server: one fixed path, at most some bytes of what comes.

Law: as for webhooks, what isn't out in the public is not reached; but for the addresses that this server's own name has.
"""

from __future__ import annotations

import asyncio
import hmac
import ssl
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from folkmoot.hooks.egress import WITHIN_S, Egress, Forbidden, of_tls

PATH = "/.well-known/folkmoot"
LONGEST = 1024


class Opening:
    """`ours`: the addresses of this server's own name. `trusted`: a certificate authority of one's own, for tests."""

    def __init__(
        self, egress: Egress, ours: Callable[[], Collection[str]], trusted: ssl.SSLContext | None = None
    ) -> None:
        self._egress, self._ours, self._trusted = egress, ours, trusted

    async def __call__(self, origin: str, expected: str) -> tuple[str, datetime | None]:
        """A word, and the end of the certificate. `ok`: what was expected came; `stranger`: something else did; else one of
        `egress.WHY`, or `inside`."""
        import httpx  # as for webhooks: who has no own address needn't load it

        there = urlsplit(origin)
        host, port = there.hostname or "", there.port or (443 if there.scheme == "https" else 80)
        try:
            address = (await self._egress.addresses(host, port, self._ours()))[0]
        except Forbidden:
            return "inside", None
        except OSError as error:
            return str(error), None
        url = httpx.URL(origin + PATH).copy_with(host=address)
        try:
            async with asyncio.timeout(WITHIN_S), self._client(httpx) as client:
                headers, extensions = {"host": there.netloc}, {"sni_hostname": host}
                async with client.stream("GET", url, headers=headers, extensions=extensions) as answer:
                    said = b""
                    async for piece in answer.aiter_raw():
                        said += piece
                        if len(said) > LONGEST:
                            break
                    good = answer.status_code == 200 and hmac.compare_digest(said.strip(), expected.encode())
                    return ("ok" if good else "stranger"), _until(answer)
        except (httpx.TimeoutException, TimeoutError):
            return "late", None
        except httpx.HTTPError as error:
            if not isinstance(error, httpx.ConnectError):
                return "broken", None
            return ("certificate" if of_tls(error) else "away"), None

    def _client(self, httpx: Any) -> Any:
        verify: Any = True if self._trusted is None else self._trusted
        return httpx.AsyncClient(trust_env=False, follow_redirects=False, verify=verify)


def _until(answer: Any) -> datetime | None:
    spoken = answer.extensions["network_stream"].get_extra_info("ssl_object")
    shown = spoken.getpeercert() if spoken is not None else None
    if not shown:
        return None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC)
