"""The values: a person with an account, their addresses, a session."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from email_validator import EmailNotValidError, validate_email

from folkmoot.kit import Refusal, time_zones

AccountId = NewType("AccountId", str)

LANGUAGES = ("en", "zh-CN")
SESSION_LIFE = timedelta(days=30)
"""After its last use."""
FRESH = timedelta(minutes=10)
"""So long after a proof of who one is may credentials be changed, and an account deleted."""
USED_EVERY = timedelta(minutes=5)
"""A session's last use is noted no more often."""


class State(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"


class SignUp(StrEnum):
    """Who may make an account."""

    OPEN = "open"
    DOMAIN = "domain"
    """Whose address is of one of the domains in the configuration."""
    CLOSED = "closed"
    """By the operator alone: `folkmoot admin create`."""


@dataclass(frozen=True, slots=True)
class Address:
    address: str
    """In the form in which two are compared."""
    proven: bool


@dataclass(frozen=True, slots=True)
class Account:
    id: AccountId
    name: str
    language: str
    time_zone: str
    state: State
    operator: bool
    made_at: datetime
    addresses: tuple[Address, ...] = ()
    picture: str = ""
    """The id of a file."""


@dataclass(frozen=True, slots=True)
class Session:
    hashed: bytes
    account: AccountId
    made_at: datetime
    used_at: datetime
    proven_at: datetime
    """When the person last proved who they are."""
    device: str
    """For its owner's eyes: `Firefox on Linux`."""

    @property
    def id(self) -> str:
        """Names it in a list; opens nothing."""
        return hashlib.sha256(b"session id" + self.hashed).hexdigest()[:24]

    def lives(self, now: datetime) -> bool:
        return now - self.used_at < SESSION_LIFE

    def fresh(self, now: datetime) -> bool:
        return now - self.proven_at < FRESH


def address(text: str) -> str | Refusal:
    """In one form: the domain in lower case and Unicode, the part before it in lower case, as mail servers treat it."""
    try:
        said = validate_email(
            text.strip(), check_deliverability=False, allow_smtputf8=True, test_environment=True
        )
    except EmailNotValidError:
        return Refusal("address.invalid")
    return said.normalized.lower()


def language(text: str) -> str | Refusal:
    return text if text in LANGUAGES else Refusal("language.unknown", {"known": ", ".join(LANGUAGES)})


def time_zone(text: str) -> str | Refusal:
    return text if text in time_zones() else Refusal("time_zone.unknown")


def hashed(secret: str | bytes) -> bytes:
    """Of something random of 128 bits and more: needs no salt, and no slowness."""
    return hashlib.sha256(secret if isinstance(secret, bytes) else secret.encode()).digest()
