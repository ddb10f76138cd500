"""Which addresses this machine has, and the sockets to be reached at them."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import ipaddress
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

from folkmoot.config import Config, ConfigError

BACKLOG = 2048
SIOCGIFADDR = 0x8915
OF_CONTAINERS = ("docker", "br-", "virbr", "veth", "lxc")
"""Bridges inside this machine: nobody outside reaches them."""


def of_this_machine() -> list[str]:
    """What others reach it by: first what the default routes leave from, then every other interface's. Nothing is sent."""
    found = [*_left_from(), *_of_interfaces()]
    return [address for address in dict.fromkeys(found) if _reachable(address)]


def _left_from() -> Iterator[str]:
    for family, far in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((far, 9))
            yield str(probe.getsockname()[0])


def _of_interfaces() -> Iterator[str]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for _, name in socket.if_nameindex():
            if name.startswith(OF_CONTAINERS):
                continue
            with contextlib.suppress(OSError):
                answer = fcntl.ioctl(asking, SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
                yield socket.inet_ntoa(answer[20:24])
    with contextlib.suppress(OSError):
        for line in Path("/proc/net/if_inet6").read_text().splitlines():
            digits, *_, name = line.split()
            if not name.startswith(OF_CONTAINERS):
                yield str(ipaddress.IPv6Address(int(digits, 16)))


def _reachable(address: str) -> bool:
    parsed = ipaddress.ip_address(address.partition("%")[0])
    return not (parsed.is_loopback or parsed.is_link_local or parsed.is_unspecified)


def to_advertise(config: Config) -> list[str]:
    """Loopback too while only this machine is served: it works without any network."""
    if config.media.advertise:
        return list(config.media.advertise)
    others = of_this_machine()
    return [*others, "127.0.0.1"] if config.loopback or not others else others


def listen(config: Config) -> list[socket.socket]:
    """Both loopbacks for `localhost`, all of both families for `--lan`; a clear sentence when the port is taken."""
    port, hosts = config.http.port, _hosts(config)
    sockets: list[socket.socket] = []
    for family, host in hosts:
        try:
            sockets.append(_bind(family, host, sockets[0].getsockname()[1] if sockets else port))
        except OSError as error:
            if sockets and family is socket.AF_INET6:
                continue  # a machine without IPv6
            raise _refusal(error, host, port) from None
    return sockets


def _hosts(config: Config) -> list[tuple[socket.AddressFamily, str]]:
    if config.lan or config.http.host == "::":
        return [(socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")]  # noqa: S104
    if config.http.host == "localhost":
        return [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")]
    return [(socket.AF_INET6 if ":" in config.http.host else socket.AF_INET, config.http.host)]


def _bind(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family is socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.bind((host, port))
        made.listen(BACKLOG)
        made.setblocking(False)
    except OSError:
        made.close()
        raise
    return made


def _refusal(error: OSError, host: str, port: int) -> ConfigError:
    if error.errno == errno.EADDRINUSE:
        return ConfigError(
            "http.port_busy",
            f"Port {port} of {host} is in use: another Folkmoot, or another program."
            f" End it, or take another port: folkmoot serve --port {port + 1 if port < 65535 else 0}.",
        )
    if error.errno == errno.EACCES:
        return ConfigError(
            "http.port_forbidden",
            f"Port {port} is for root alone. Take one above 1023, or a reverse proxy before it.",
        )
    return ConfigError("http.no_address", f"Address {host} port {port} can't be used: {error.strerror}.")
