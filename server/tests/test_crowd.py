"""1,100 people in one meeting, on channel and signal, none of whom reads: they come in one burst, and the server stops."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.types import Receive, Scope, Send

from folkmoot.app import Farewell
from folkmoot.channel.outbox import Outbox as Channel
from folkmoot.kit import Refusal
from folkmoot.meetings.door import Joined
from folkmoot.meetings.running import TRY_AGAIN
from folkmoot.protocol.joining import Joining
from folkmoot.protocol.responses import Message
from folkmoot.protocol.tokens import Claims, VideoGrant
from folkmoot.protocol.values import Action, Reason
from folkmoot.signalling.outbox import Outbox as Signal

from .meetings.house import House
from .rooms.conftest import Scene

CROWD = 1100


async def comes(house: House, name: str) -> Channel:
    joined = await house.join(name)
    assert isinstance(joined, Joined)
    ticket = house.meetings.read_ticket(joined.meeting.number, joined.channel_token)
    assert ticket is not None
    channel = Channel()
    entered = await house.meetings.enter(ticket, channel, None)
    assert not isinstance(entered, Refusal)
    return channel


def signals(scene: Scene, identity: str) -> Signal:
    signal = Signal()
    claims = Claims("devkey", identity, video=VideoGrant("m-100000000001", True))
    assert isinstance(scene.rooms.join(claims, Joining(single=True), signal), str)
    return signal


async def everything(outbox: Channel) -> list[str]:
    frames = []
    while (frame := await outbox.next()) is not None:
        frames.append(frame)
    return frames


async def last(outbox: Signal) -> Message:
    """What is written last, as the room made it."""
    frame = None
    while (waiting := await outbox._waiting.next()) is not None:
        frame = waiting
    assert frame is not None
    return frame


async def test_a_burst_of_joins_and_a_server_that_stops_cut_nobody_before_their_goodbye() -> None:
    house, scene = House(), Scene()
    await house.create()
    channels = [await comes(house, f"Person {number}") for number in range(CROWD)]
    signalling = [signals(scene, f"p_{number}") for number in range(CROWD)]
    assert {channel.code for channel in channels} == {None}
    assert not any(signal.overflowed for signal in signalling)
    farewell = Farewell(scene.rooms.send_away, scene.rooms.close_all, house.meetings.let_all_go)
    await farewell.say(within=0)
    assert {channel.code for channel in channels} == {TRY_AGAIN}
    for channel in (channels[0], channels[-1]):
        frames = await everything(channel)
        assert '"welcome"' in frames[0], "what was said before still arrives"
    for signal in signalling:
        leave = (await last(signal)).wire.leave
        assert Action(leave.action) is Action.RECONNECT and Reason(leave.reason) is Reason.SERVER_SHUTDOWN
        assert not signal.overflowed
    scene.engine.close()


async def test_sockets_that_go_on_closing_are_waited_for_and_one_that_never_does_is_not() -> None:
    farewell, told = Farewell(), [asyncio.Event() for _ in range(CROWD + 1)]

    async def socket(scope: Scope, receive: Receive, send: Send) -> None:
        await told[scope["number"]].wait()

    async def nothing(*_: object) -> Any:
        raise AssertionError

    async def opens(number: int) -> None:
        await counted({"type": "websocket", "number": number}, nothing, nothing)

    async def close() -> None:
        """One after the other, as a machine that has much to write."""
        for number, event in enumerate(told[:CROWD]):
            event.set()
            if number % 100 == 0:
                await asyncio.sleep(0.1)

    counted = farewell.counted(socket)
    sockets = [asyncio.create_task(opens(number)) for number in range(len(told))]
    await asyncio.sleep(0)
    closing = asyncio.create_task(close())
    async with asyncio.timeout(20):
        await farewell.say(within=0.6)
    assert closing.done() and sum(task.done() for task in sockets) == CROWD
    told[-1].set()
    await asyncio.gather(*sockets)
