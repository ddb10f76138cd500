"""Certificates of several names on one port, chosen by what a client asks for (SNI), and read again when their files change.

Law: what was good stays in use until something better can be read; a renewal that is half written breaks nothing. A name from the
network is looked up among those read, and never makes a path.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from cryptography import x509
from uvicorn.config import create_ssl_context

from folkmoot.config import Config, ConfigError

MOST = 5000
"""Certificates in the folder; more are a mistake."""
LARGEST = 256 * 1024
EVERY_S = 10.0

log = structlog.get_logger("folkmoot")
Signature = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Held:
    """One that was read."""

    file: Path
    names: tuple[str, ...]
    until: datetime
    context: ssl.SSLContext
    signature: Signature


class Certificates:
    def __init__(self, certificate: Path, key: Path, folder: Path | None = None) -> None:
        """Raises OSError and ssl.SSLError where the server's own can't be used."""
        self._main, self._folder = (certificate, key), folder
        self._own = _read(certificate, key)
        self._held: dict[Path, Held] = {}
        self._of: Mapping[str, Held] = {}
        self.broken: dict[Path, str] = {}
        """Why one can't be used."""
        self.look()

    def context(self) -> ssl.SSLContext:
        """For the listening sockets."""
        made = _context(*self._main)
        made.sni_callback = self._choose
        return made

    def look(self) -> None:
        """Reads what has changed. Blocks for some milliseconds: called in a thread."""
        broken: dict[Path, str] = {}
        self._own = self._kept(self._own, *self._main, broken) or self._own
        held: dict[Path, Held] = {}
        for certificate, key in pairs(self._folder):
            found = self._kept(self._held.get(certificate), certificate, key, broken)
            if found is not None:
                held[certificate] = found
        self._held, self.broken = held, broken
        by_name: dict[str, Held] = {}
        for one in sorted(held.values(), key=lambda one: one.until):
            by_name |= dict.fromkeys(one.names, one)
        self._of = by_name

    def until(self, host: str) -> datetime | None:
        """The end of what a client is shown who asks for that name. None: nothing here names it."""
        found = self._named(host) or (self._own if _covers(self._own.names, host) else None)
        return found.until if found else None

    def every(self) -> list[Held]:
        return [self._own, *self._held.values()]

    def _choose(self, spoken: Any, name: str | None, _: object) -> None:
        found = self._named(name.lower().rstrip(".")) if name else None
        spoken.context = (found or self._own).context

    def _named(self, host: str) -> Held | None:
        return self._of.get(host) or self._of.get("*." + host.partition(".")[2])

    def _kept(
        self, before: Held | None, certificate: Path, key: Path, broken: dict[Path, str]
    ) -> Held | None:
        try:
            if before is not None and before.signature == _signature(certificate, key):
                return before
            found = _read(certificate, key)
        except (OSError, ssl.SSLError, ValueError) as error:
            broken[certificate] = _why(error)
            if certificate not in self.broken:
                log.warning("a certificate can't be used", file=str(certificate), why=broken[certificate])
            return before
        if before is not None:
            log.info("a certificate was renewed", file=str(certificate), until=found.until.isoformat())
        return found


def certificates_of(settings: Config) -> Certificates | None:
    """None: this server speaks plain http, to this machine or to the proxy before it."""
    http = settings.http
    if http.certificate is None or http.key is None:
        return None
    try:
        return Certificates(http.certificate, http.key, http.certificates)
    except (OSError, ValueError) as error:
        raise ConfigError("config.certificate", f"{http.certificate} can't be used: {_why(error)}.") from None


def pairs(folder: Path | None) -> Iterator[tuple[Path, Path]]:
    """Certificate and key: `NAME/fullchain.pem` and `privkey.pem` (certbot), `NAME.crt` and `.key` (lego), also a folder deeper (Caddy)."""
    if folder is None or not folder.is_dir():
        return
    found = 0
    for certificate in sorted(folder.glob("*/fullchain.pem")):
        key = certificate.with_name("privkey.pem")
        if key.exists() and (found := found + 1) <= MOST:
            yield certificate, key
    for certificate in sorted([*folder.glob("*.crt"), *folder.glob("*/*.crt")]):
        key = certificate.with_suffix(".key")
        if key.exists() and (found := found + 1) <= MOST:
            yield certificate, key


def _covers(names: tuple[str, ...], host: str) -> bool:
    return host in names or "*." + host.partition(".")[2] in names


def _read(certificate: Path, key: Path) -> Held:
    signature = _signature(certificate, key)
    if any(size > LARGEST for _, size, _ in signature):
        raise ValueError("it is too large for a certificate")
    shown = x509.load_pem_x509_certificate(certificate.read_bytes())
    try:
        said = shown.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        names = tuple(name.lower() for name in said.get_values_for_type(x509.DNSName))
    except x509.ExtensionNotFound:
        names = ()
    return Held(certificate, names, shown.not_valid_after_utc, _context(certificate, key), signature)


def _context(certificate: Path, key: Path) -> ssl.SSLContext:
    """As uvicorn makes its own."""
    return create_ssl_context(
        certfile=str(certificate),
        keyfile=str(key),
        password=None,
        ssl_version=ssl.PROTOCOL_TLS_SERVER,
        cert_reqs=ssl.CERT_NONE,
        ca_certs=None,
        ciphers=None,
    )


def _signature(*files: Path) -> Signature:
    return tuple((seen.st_mtime_ns, seen.st_size, seen.st_ino) for seen in (file.stat() for file in files))


def _why(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return "certificate and key don't belong together, or one of them isn't PEM"
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
