"""One channel from hello to close: a reader, a writer, and what is let through."""

from __future__ import annotations

import asyncio

import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from folkmoot.channel.outbox import Outbox
from folkmoot.kit import Refusal
from folkmoot.kit.frames import line_of
from folkmoot.meetings import Meetings, messages
from folkmoot.meetings.media import room_of
from folkmoot.meetings.messages import Do, Hello, Leaving
from folkmoot.meetings.running import DENIED, ENDED, REMOVED, TRY_AGAIN, LetGo, RunningMeeting
from folkmoot.meetings.tickets import Ticket
from folkmoot.rooms.turnstile import Turnstile

log = structlog.get_logger("folkmoot.channel")

NORMAL, UNSUPPORTED, POLICY = 1000, 1003, 1008
LARGEST_MESSAGE = 32 * 1024
MOST_WASTED = 100
"""Frames that said nothing we could act on, before we stop listening."""
HELLO_WITHIN_S = 10
WRITE_WITHIN_S = 10
CLOSED_FOR = {"meeting.removed": REMOVED, "meeting.ended": ENDED}


async def serve(websocket: WebSocket, ticket: Ticket, meetings: Meetings, turnstile: Turnstile) -> None:
    """An accepted socket of somebody whose token is good."""
    session = _Session(websocket, ticket, meetings, turnstile)
    writer = asyncio.create_task(session.write())
    reader = asyncio.create_task(session.read())
    try:
        await asyncio.wait((reader, writer), return_when=asyncio.FIRST_COMPLETED)
    finally:
        session.leave()
        session.outbox.close(NORMAL)
        if not writer.done():
            await asyncio.wait((writer,), timeout=1)
        for task in (reader, writer):
            task.cancel()
        outcomes = await asyncio.gather(reader, writer, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, Exception):
                log.error(
                    "channel failed", number=ticket.number, participant=ticket.participant, exc_info=outcome
                )


class _Session:
    def __init__(
        self, websocket: WebSocket, ticket: Ticket, meetings: Meetings, turnstile: Turnstile
    ) -> None:
        self._websocket, self._ticket, self._meetings = websocket, ticket, meetings
        self._turnstile = turnstile
        self._meeting: RunningMeeting | None = None
        self._wasted = 0
        self.outbox = Outbox(_media_url(websocket), line_of(websocket.scope))

    async def write(self) -> None:
        try:
            while (text := await self.outbox.next()) is not None:
                async with asyncio.timeout(WRITE_WITHIN_S):
                    await self._websocket.send_text(text)
            async with asyncio.timeout(WRITE_WITHIN_S):
                await close(self._websocket, self.outbox.code or NORMAL)
        except (TimeoutError, WebSocketDisconnect, RuntimeError, OSError):
            return  # the socket is gone, or as good as gone

    async def read(self) -> None:
        try:
            async with asyncio.timeout(HELLO_WITHIN_S):
                hello = await self._next(Hello)
            if not isinstance(hello, Hello):
                return
            await self._enter(hello)
            while (meeting := self._meeting) is not None and (
                asked := await self._next(Do, Leaving)
            ) is not None:
                who = self._ticket.participant
                if isinstance(asked, Do) and not await meeting.do(who, self.outbox, asked):
                    self._waste()
                elif isinstance(asked, Leaving):
                    await meeting.leaving(who, self.outbox)
        except TimeoutError:
            self.outbox.close(POLICY)
        except (WebSocketDisconnect, RuntimeError):
            return
        except LetGo:
            self.outbox.close(TRY_AGAIN)
        except BaseException:
            self.outbox.close(TRY_AGAIN)
            raise

    def leave(self) -> None:
        if self._meeting is not None:
            by_us = self.outbox.code is not None
            self._meeting.lost(self._ticket.participant, self.outbox, by_us=by_us)

    async def _enter(self, hello: Hello) -> None:
        who = (room_of(self._ticket.number), self._ticket.participant)
        await self._turnstile.turn(who, self._tell_place, back=hello.resume is not None)
        entered = await self._meetings.enter(self._ticket, self.outbox, hello.resume, knock=hello.knock)
        if isinstance(entered, Refusal):
            self.outbox.send(messages.denied(entered))
            self.outbox.close(CLOSED_FOR.get(entered.code, DENIED))
        else:
            self._meeting = entered

    def _tell_place(self, place: int) -> None:
        self.outbox.send(messages.queued(place))

    async def _next(self, *kinds: type[Hello | Do | Leaving]) -> Hello | Do | Leaving | None:
        """The next message of these kinds; None when nothing more will come."""
        while self.outbox.code is None:
            received = await self._websocket.receive()
            if received["type"] == "websocket.disconnect":
                return None
            frame = received.get("text")
            if frame is None:
                self.outbox.close(UNSUPPORTED)
                return None
            message = messages.parse(frame)
            if isinstance(message, Do) and len(frame.encode()) > LARGEST_MESSAGE:
                # Answered, not cut off: a page would send it again on every new channel.
                self.outbox.send(messages.refused(message.id, Refusal("meeting.too_large")))
                message = None
            if isinstance(message, kinds):
                return message
            self._waste()
        return None

    def _waste(self) -> None:
        self._wasted += 1
        if self._wasted > MOST_WASTED:
            self.outbox.close(POLICY)


def _media_url(websocket: WebSocket) -> str:
    """Media is signalled where this channel came to."""
    return str(websocket.base_url).rstrip("/")


async def close(websocket: WebSocket, code: int) -> None:
    if websocket.application_state is WebSocketState.CONNECTED:
        await websocket.close(code)
