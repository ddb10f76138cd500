"""The post: mails are jobs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from email.message import EmailMessage
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.jobs import Jobs
from folkmoot.jobs.queue import Unworkable
from folkmoot.kit import Clock, Randomness
from folkmoot.mail.message import Message, written

KIND = "mail"

Send = Callable[[EmailMessage], Awaitable[None]]
BytesOf = Callable[[str], Awaitable[bytes | None]]
"""Of a file; None: it is gone, and the mail goes without."""


async def no_files(_: str) -> bytes | None:
    return None


class Post:
    def __init__(
        self,
        jobs: Jobs,
        send: Send,
        sender: str,
        sender_name: str,
        clock: Clock,
        randomness: Randomness,
        bytes_of: BytesOf = no_files,
    ) -> None:
        self._jobs, self._send, self._sender, self._sender_name = jobs, send, sender, sender_name
        self._clock, self._randomness, self._bytes_of = clock, randomness, bytes_of
        jobs.does(KIND, self._deliver)

    async def put(self, connection: AsyncConnection, message: Message) -> None:
        """In the transaction of what it tells of."""
        payload = {"id": self._randomness.token(16).hex(), "message": message.packed()}
        await self._jobs.add(connection, KIND, payload)

    async def _deliver(self, payload: Mapping[str, Any]) -> None:
        message = Message.unpacked(payload["message"])
        head = message.letterhead
        logo = await self._bytes_of(head.logo) if head is not None and head.logo else None
        try:
            mail = written(message, self._sender, self._sender_name, payload["id"], self._clock.now(), logo)
        except ValueError:
            raise Unworkable("an address or a subject that can't be") from None
        await self._send(mail)
