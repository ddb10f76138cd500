"""Where a request of a stranger's wish may go. The rule is pure; the poster connects to the address that was looked at.

Law: what isn't known to be out in the public is not reached.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from urllib.parse import urlsplit

WITHIN_S = 10.0
LONGEST_URL = 2000
PORTS = frozenset({443, 8443})
"""With `http` allowed: any."""
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

IN_IPV6 = (
    (ipaddress.ip_network("64:ff9b::/96"), 0),
    (ipaddress.ip_network("64:ff9b:1::/48"), 0),
    (ipaddress.ip_network("2002::/16"), 80),
    (ipaddress.ip_network("::/96"), 0),
)
"""Ways to write an IPv4 address as one of IPv6, and how far from the right it stands there: NAT64, 6to4, compatible."""


WHY = ("name", "away", "late", "certificate", "broken")
"""Why there was no answer: no such name, nobody there, not in time, no certificate that holds, no HTTP. Pages have words for each."""


class Forbidden(Exception):
    """It may not go there, and never will."""


class Egress:
    def __init__(self, allowed: Sequence[str] = (), resolve: Resolve | None = None) -> None:
        """`allowed`: networks of the operator's own that may be reached all the same, by plain http too."""
        self._allowed = [ipaddress.ip_network(one) for one in allowed]
        self._resolve = resolve or _resolved

    def check(self, url: str) -> str | None:
        """What is wrong with it at first sight, in a word; what it resolves to is looked at each time it is used."""
        try:
            there = urlsplit(url)
            port = there.port
        except ValueError:
            return "address"
        if len(url) > LONGEST_URL or not there.hostname or there.username is not None or there.fragment:
            return "address"
        if not all(" " < c < "\x7f" for c in url):
            return "address"
        if there.scheme != "https" and not (there.scheme == "http" and self._allowed):
            return "scheme"
        if port is not None and port not in PORTS and not self._allowed:
            return "port"
        literal = _literal(there.hostname)
        return None if literal is None or self.may(literal) else "inside"

    async def addresses(self, host: str, port: int, also: Collection[str] = ()) -> list[str]:
        """All that it is, if each of them may be reached, or is one of `also`. One that may not spoils the others: somebody is trying
        something."""
        try:
            async with asyncio.timeout(WITHIN_S):
                found = list(dict.fromkeys(await self._resolve(host, port)))
        except (OSError, TimeoutError, UnicodeError) as error:
            raise OSError("late" if isinstance(error, TimeoutError) else "name") from None
        if not found or not all(
            one in also or self.may(ipaddress.ip_address(one.partition("%")[0])) for one in found
        ):
            raise Forbidden("the address is inside")
        return found

    def may(self, address: Address) -> bool:
        return any(address in network for network in self._allowed) or _public(address)


def _public(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or _within(address)
        if inner is not None:
            return _public(inner)
        if address.teredo is not None or address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _within(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    for network, shift in IN_IPV6:
        if address in network:
            return ipaddress.IPv4Address(int(address) >> shift & 0xFFFFFFFF)
    return None


def _literal(host: str) -> Address | None:
    """Also as the C library reads numbers: `127.1`, `0x7f000001`, `2130706433`."""
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, UnicodeError):
        return None


async def _resolved(host: str, port: int) -> list[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(one[4][0]) for one in found]


class Poster:
    """httpx, which is told the address to connect to: the name is for the certificate and the `Host` header alone, so a name that
    means something else a moment later changes nothing."""

    def __init__(self, egress: Egress) -> None:
        import httpx  # some megabytes that a server without webhooks needn't spend

        self._egress, self._http = egress, httpx
        self._client: httpx.AsyncClient | None = None

    async def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """The status of the answer. Raises OSError with one of `WHY` where there is none, Forbidden where it may not go."""
        if (wrong := self._egress.check(url)) is not None:
            raise Forbidden(wrong)
        parsed = self._http.URL(url)
        port = parsed.port or (443 if parsed.scheme == "https" else 80)
        there = (await self._egress.addresses(parsed.host, port))[0]
        name = parsed.netloc.decode()
        client = self._client = self._client or self._http.AsyncClient(
            trust_env=False, follow_redirects=False
        )
        try:
            async with asyncio.timeout(WITHIN_S):
                async with client.stream(
                    "POST",
                    parsed.copy_with(host=there),
                    content=body,
                    headers=dict(headers) | {"host": name},
                    extensions={"sni_hostname": parsed.host},
                ) as answer:
                    return answer.status_code  # whatever follows isn't read: it may be a gigabyte
        except (self._http.HTTPError, TimeoutError) as error:
            raise OSError(self._why(error)) from None

    def _why(self, error: Exception) -> str:
        """One of `WHY`."""
        if isinstance(error, TimeoutError | self._http.TimeoutException):
            return "late"
        if not isinstance(error, self._http.ConnectError):
            return "broken"
        return "certificate" if of_tls(error) else "away"

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()


def of_tls(error: BaseException | None) -> bool:
    """httpx says of a certificate that doesn't hold what it says of a closed port."""
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False
