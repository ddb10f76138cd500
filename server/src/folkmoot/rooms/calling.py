"""Calls that the server makes to a participant, and waits for. Law: bounded in number and in time; only who was called answers."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from folkmoot.engine import SERVER, Said
from folkmoot.kit import Refusal
from folkmoot.protocol import rpc
from folkmoot.protocol.rpc import Acknowledged, Answered, Failed, Failure
from folkmoot.rooms.model import Event, Participant, ParticipantLeft
from folkmoot.rooms.room import Room

ACKNOWLEDGED_WITHIN_S = 2.0
MOST = 1000
"""Calls at once, in the whole house."""


@dataclass(slots=True)
class _Call:
    peer: int
    sid: str
    answer: asyncio.Future[str | Failed]
    acknowledged: asyncio.Event = field(default_factory=asyncio.Event)


class Calls:
    def __init__(self) -> None:
        self._waiting: dict[str, _Call] = {}

    async def call(
        self, room: Room, participant: Participant, call_id: str, method: str, payload: str, timeout_ms: int
    ) -> str | Failed | Refusal:
        if len(payload.encode()) > rpc.MAX_PAYLOAD:
            return _failed(call_id, Failure.REQUEST_PAYLOAD_TOO_LARGE)
        if len(self._waiting) >= MOST:
            return Refusal("room.too_many_calls")
        name = SERVER + call_id
        call = _Call(participant.peer, participant.sid, asyncio.get_running_loop().create_future())
        self._waiting[name] = call
        try:
            asked = rpc.request(name, method, payload, timeout_ms)
            room.engine.send_data(room.handle, [participant.peer], True, asked)
            return await _outcome(name, call, timeout_ms / 1000)
        finally:
            del self._waiting[name]

    def said(self, event: Said) -> None:
        reply = rpc.read(event.packet)
        call = self._waiting.get(reply.id) if reply is not None else None
        if call is None or call.peer != event.peer:
            return
        call.acknowledged.set()
        match reply:
            case Answered(_, payload):
                _settle(call, payload)
            case Failed():
                _settle(call, reply)
            case Acknowledged() | None:
                pass

    def happened(self, event: Event) -> None:
        """Who left doesn't answer any more."""
        if isinstance(event, ParticipantLeft):
            for name, call in self._waiting.items():
                if call.sid == event.info.sid:
                    _settle(call, _failed(name, Failure.RECIPIENT_DISCONNECTED))


async def _outcome(name: str, call: _Call, timeout_s: float) -> str | Failed:
    acknowledged = asyncio.ensure_future(call.acknowledged.wait())
    try:
        await asyncio.wait(
            (acknowledged, call.answer),
            timeout=min(timeout_s, ACKNOWLEDGED_WITHIN_S),
            return_when=asyncio.FIRST_COMPLETED,
        )
        if not call.acknowledged.is_set() and not call.answer.done():
            return _failed(name, Failure.CONNECTION_TIMEOUT)
        async with asyncio.timeout(timeout_s):
            return await call.answer
    except TimeoutError:
        return _failed(name, Failure.RESPONSE_TIMEOUT)
    finally:
        acknowledged.cancel()
        call.answer.cancel()


def _settle(call: _Call, outcome: str | Failed) -> None:
    if not call.answer.done():
        call.answer.set_result(outcome)


def _failed(call_id: str, why: Failure) -> Failed:
    return Failed(call_id, why, rpc.SENTENCES[why])
