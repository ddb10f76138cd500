"""Whether a webhook is Stripe's: `Stripe-Signature: t=…,v1=…,v1=…`.

Law: a signature is of the body to the byte and of its moment, by a secret that only Stripe and this server have. While a secret is
exchanged several are good, on either side. What is older than the tolerance, or from a moment that hasn't come, is no better than a forged one.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime

TOLERANCE_S = 300
LONGEST = 4096
MOST = 16
"""Signatures that are looked at."""


def signed(header: str, body: bytes, secrets: Iterable[str], now: datetime) -> bool:
    said = _read(header)
    if said is None:
        return False
    moment, signatures = said
    good = [_of(secret, moment, body) for secret in secrets]
    matches = [hmac.compare_digest(one, each) for one in good for each in signatures]
    return any(matches) and abs(now.timestamp() - int(moment)) <= TOLERANCE_S


def _of(secret: str, moment: str, body: bytes) -> bytes:
    return hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest().encode()


def _read(header: str) -> tuple[str, list[bytes]] | None:
    if len(header) > LONGEST or not header.isascii():
        return None
    pairs = [part.strip().partition("=") for part in header.split(",")]
    moments = [value for name, _, value in pairs if name == "t"]
    signatures = [value.encode() for name, _, value in pairs if name == "v1"]
    if len(moments) != 1 or not (moments[0].isdigit() and len(moments[0]) <= 12):
        return None
    return moments[0], signatures[:MOST]
