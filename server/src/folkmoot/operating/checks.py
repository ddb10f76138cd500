"""What was looked at, and how it is: as `folkmoot doctor` says it in the shell, and the operator's page in theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509

SOON_DAYS = 21
"""A certificate that ends sooner is said so: time to find out why nobody renewed it."""


@dataclass(frozen=True, slots=True)
class Finding:
    good: bool
    what: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Certified:
    names: tuple[str, ...]
    until: datetime
    days_left: int
    soon: bool
    ours: bool
    """Made by this server, so every browser warns once."""


def certificate(file: Path, now: datetime, *, ours: bool) -> Certified | None:
    """Blocks. None: it can't be read."""
    try:
        read = x509.load_pem_x509_certificate(file.read_bytes())
    except (OSError, ValueError):
        return None
    try:
        said = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        names = (*said.get_values_for_type(x509.DNSName), *map(str, said.get_values_for_type(x509.IPAddress)))
    except x509.ExtensionNotFound:
        names = ()
    left = (read.not_valid_after_utc - now).days
    return Certified(names, read.not_valid_after_utc, left, left < SOON_DAYS, ours)
