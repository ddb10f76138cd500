"""By SMTP to one server, which sends it on."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Literal

import aiosmtplib

from folkmoot.jobs.queue import Unworkable

TIMEOUT_S = 30.0
FOR_GOOD = 500
"""SMTP replies from here on say that trying again is no use."""


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    host: str
    port: int
    security: Literal["tls", "starttls", "none"]
    user: str
    password: str = field(repr=False)


class Smtp:
    def __init__(self, settings: SmtpSettings) -> None:
        self.settings = settings

    async def send(self, mail: EmailMessage) -> None:
        said = self.settings
        try:
            await aiosmtplib.send(
                mail,
                hostname=said.host,
                port=said.port,
                use_tls=said.security == "tls",
                start_tls=said.security == "starttls",
                username=said.user or None,
                password=said.password or None,
                timeout=TIMEOUT_S,
            )
        except aiosmtplib.SMTPRecipientsRefused as refused:
            if all(one.code >= FOR_GOOD for one in refused.recipients):
                raise Unworkable("the mail server refuses that address") from None
            raise
        except aiosmtplib.SMTPResponseException as refused:
            if refused.code >= FOR_GOOD and not isinstance(refused, aiosmtplib.SMTPAuthenticationError):
                raise Unworkable(f"the mail server answers {refused.code}") from None
            raise
