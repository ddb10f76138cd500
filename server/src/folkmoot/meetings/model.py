"""The values of a meeting, and the ids and secrets that lead into one.

Law: of a secret that opens something, only a hash is kept. The link's secret itself never comes here: the page derives the
admission from it, unless it asks the server to make one. A passcode is short, so its hash is keyed with a secret that isn't
in the database.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from folkmoot.kit import Randomness
from folkmoot.meetings.feature import ParticipantId

NUMBER_DIGITS = 12
PASSCODE_DIGITS = 8
SECRET_BYTES = 16
TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Settings:
    hide_s: float = 3
    """Whose channel is gone for so long is told to be away."""
    grace_s: float = 30
    """Whose channel isn't back by then has left."""
    most_people: int = 2000
    most_running: int = 10_000
    """Meetings at once in this process."""
    empty_life: timedelta = timedelta(minutes=10)
    """A meeting that everybody left ends after this."""
    unentered_life: timedelta = timedelta(days=1)
    """One that nobody ever came to, after this."""
    retention: timedelta = timedelta(days=30)
    """What is kept of an ended meeting is deleted after this."""
    snapshot_every: int = 500
    """Durable entries."""
    channel_token_life: timedelta = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Status:
    """What the door needs to know without folding the log; kept in step with it."""

    locked: bool = False
    entered: bool = False
    """Somebody was in."""
    empty_since: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    number: str
    title: str
    created_at: datetime
    admission_hash: bytes
    passcode_hash: bytes
    host_key_hash: bytes
    status: Status = Status()
    occurrence: int = 1
    planned: bool = False
    """Its number outlives its occurrences."""

    @property
    def rests(self) -> bool:
        """Planned, and nothing of it takes place."""
        return self.planned and self.status.ended_at is not None


def new_number(randomness: Randomness) -> str:
    """Names a meeting and opens nothing; unpredictable all the same."""
    return str(10 ** (NUMBER_DIGITS - 1) + randomness.below(9 * 10 ** (NUMBER_DIGITS - 1)))


def is_number(text: str) -> bool:
    return len(text) == NUMBER_DIGITS and text.isascii() and text.isdigit()


def new_passcode(randomness: Randomness) -> str:
    return f"{randomness.below(10**PASSCODE_DIGITS):0{PASSCODE_DIGITS}}"


def new_token(randomness: Randomness) -> str:
    return encode(randomness.token(TOKEN_BYTES))


def new_participant(randomness: Randomness) -> ParticipantId:
    return ParticipantId("p_" + encode(randomness.token(12)))


def admission_of(secret: bytes) -> bytes:
    """As the page derives it from the link's secret."""
    return HKDF(SHA256(), 32, salt=None, info=b"folkmoot admission").derive(secret)


def hashed(secret: bytes) -> bytes:
    return hashlib.sha256(secret).digest()


def encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text: str | None, longest: int = 256) -> bytes:
    """Empty for what isn't base64url, or absurdly long: no secret is empty, so it matches nothing."""
    if text is None or len(text) > longest or not text.isascii():
        return b""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
