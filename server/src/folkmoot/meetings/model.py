"""The values of a meeting, and the ids and secrets that lead into one.

Law: of a secret that opens something, only a hash is kept. The link's secret itself never comes here: the page derives the
admission from it, unless it asks the server to make one. A passcode is short, so its hash is keyed with a secret that isn't
in the database.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from folkmoot.kit import Randomness
from folkmoot.meetings.feature import ParticipantId, Role

NUMBER_DIGITS = 12
PASSCODE_DIGITS = 8
SECRET_BYTES = 16
TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Settings:
    grace_s: float = 30
    """Whose channel isn't back by then has left."""
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
class Standing:
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
    standing: Standing = Standing()
    occurrence: int = 1


@dataclass(frozen=True, slots=True)
class Participant:
    id: ParticipantId
    number: str
    name: str
    role: Role
    rejoin_hash: bytes
    created_at: datetime


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
    """HKDF-SHA256 without salt: one block is all that is asked for."""
    extracted = hmac.digest(bytes(32), secret, "sha256")
    return hmac.digest(extracted, b"folkmoot admission\x01", "sha256")


def hashed(secret: bytes) -> bytes:
    return hashlib.sha256(secret).digest()


def encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text: str | None) -> bytes:
    """Empty for what isn't base64url, or absurdly long: no secret is empty, so it matches nothing."""
    if text is None or len(text) > 256 or not text.isascii():
        return b""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""


class Seals:
    """What this server can vouch for without remembering it. Its key outlives a restart and isn't in the database."""

    def __init__(self, secret: bytes) -> None:
        self._passcode = hmac.digest(secret, b"folkmoot passcode", "sha256")
        self._channel = hmac.digest(secret, b"folkmoot channel", "sha256")

    def passcode(self, number: str, passcode: str) -> bytes:
        return hmac.digest(self._passcode, f"{number}:{passcode}".encode(), "sha256")

    def channel_token(self, number: str, participant: ParticipantId, until: datetime) -> str:
        ends = int(until.timestamp())
        return f"{participant}.{ends}.{self._mac(number, participant, ends)}"

    def read_channel_token(self, number: str, token: str, now: datetime) -> ParticipantId | None:
        participant, _, rest = token.partition(".")
        ends, _, mac = rest.partition(".")
        if not (token.isascii() and ends.isdecimal() and len(ends) <= 12 and len(token) <= 256):
            return None
        expected = self._mac(number, ParticipantId(participant), int(ends))
        if not hmac.compare_digest(mac, expected) or now.timestamp() >= int(ends):
            return None
        return ParticipantId(participant)

    def _mac(self, number: str, participant: ParticipantId, ends: int) -> str:
        return encode(hmac.digest(self._channel, f"{number}|{participant}|{ends}".encode(), "sha256"))
