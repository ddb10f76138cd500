"""A mail as a value, and as bytes (RFC 5322, RFC 6047 for calendars)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTPUTF8
from email.utils import format_datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Message:
    """Plain text only: it says the same to everybody, and loads nothing."""

    to: str
    """A bare address."""
    subject: str
    text: str
    language: str = "en"
    calendar: str | None = None
    """iCalendar, sent as an invitation."""
    method: str = "REQUEST"
    reply_to: str = ""
    """Whom the reader answers, where that is a person."""

    def packed(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def unpacked(cls, payload: Mapping[str, Any]) -> Message:
        return cls(**payload)


def written(message: Message, sender: str, sender_name: str, id: str, at: datetime) -> EmailMessage:
    """`id`: the same for the same mail, however often it is tried. Raises ValueError for what no header can hold."""
    mail = EmailMessage(policy=SMTPUTF8)
    mail["From"] = Address(sender_name, addr_spec=sender)
    mail["To"] = Address(addr_spec=message.to)
    if message.reply_to:
        mail["Reply-To"] = Address(addr_spec=message.reply_to)
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{id}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    if message.calendar is not None:
        mail.add_alternative(message.calendar, subtype="calendar", params={"method": message.method})
    mail["Content-Language"] = message.language  # only now: with its parts it would be a part's
    return mail
