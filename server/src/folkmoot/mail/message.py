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

from folkmoot.mail import letter
from folkmoot.mail.letter import Letterhead


@dataclass(frozen=True, slots=True)
class Message:
    """Plain text, which says the same to everybody and loads nothing; under an organisation's letterhead beside the same words as a page."""

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
    from_name: str = ""
    """Empty: what this server is called."""
    from_address: str = ""
    """Whose domain lets this server send. Empty: this server's."""
    letterhead: Letterhead | None = None

    def packed(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def unpacked(cls, payload: Mapping[str, Any]) -> Message:
        return cls(**{**payload, "letterhead": Letterhead.unpacked(payload.get("letterhead"))})


def written(
    message: Message, sender: str, sender_name: str, id: str, at: datetime, logo: bytes | None = None
) -> EmailMessage:
    """`id`: the same for the same mail, however often it is tried. `logo`: a PNG, of the letterhead. Raises ValueError for what no header can hold."""
    sender = message.from_address or sender
    mail = EmailMessage(policy=SMTPUTF8)
    mail["From"] = Address(message.from_name or sender_name, addr_spec=sender)
    mail["To"] = Address(addr_spec=message.to)
    if message.reply_to:
        mail["Reply-To"] = Address(addr_spec=message.reply_to)
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{id}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    head = message.letterhead
    mail.set_content(message.text if head is None else letter.under(head, message.text))
    if head is not None:
        _add_page(mail, message, head, logo)
    if message.calendar is not None:
        mail.add_alternative(message.calendar, subtype="calendar", params={"method": message.method})
    mail["Content-Language"] = message.language  # only now: with its parts it would be a part's
    return mail


def _add_page(mail: EmailMessage, message: Message, head: Letterhead, logo: bytes | None) -> None:
    said = letter.page(head, message.text, message.language, logo=logo is not None)
    mail.add_alternative(said, subtype="html")
    if logo is not None:
        *_, page = mail.iter_parts()
        assert isinstance(page, EmailMessage)
        page.add_related(
            logo, "image", "png", cid=f"<{letter.LOGO}>", filename="logo.png", disposition="inline"
        )
