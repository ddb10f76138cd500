"""The server calls a participant's method, and waits for the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest
from livekit.protocol import models

from folkmoot.kit import Refusal
from folkmoot.protocol.rpc import Failed
from folkmoot.rooms import calling

from .conftest import Person, Scene

Outcome = str | Failed | Refusal


async def begun(scene: Scene, person: Person, **more: Any) -> tuple[asyncio.Task[Outcome], models.DataPacket]:
    """A call on its way, and the packet that the engine was given."""
    wish: Coroutine[Any, Any, Outcome] = scene.rooms.call(
        "room", person.identity, "add", "1+1", more.get("timeout_ms", 5000)
    )
    task = asyncio.create_task(wish)
    await asyncio.sleep(0)
    (_, to, reliable, data) = scene.engine.called("send_data")[-1]
    assert (to, reliable) == ([person.me.peer], True)
    return task, models.DataPacket.FromString(data)


def answers(scene: Scene, person: Person, **packet: Any) -> None:
    scene.emit("said", person.me.peer, models.DataPacket(**packet).SerializeToString())


async def test_a_call_is_answered(scene: Scene) -> None:
    alice = scene.joins("alice")
    task, packet = await begun(scene, alice)
    asked = packet.rpc_request
    assert (asked.method, asked.payload, asked.version) == ("add", "1+1", 1)
    assert packet.participant_identity == asked.id
    assert asked.id.startswith("server:")
    answers(scene, alice, rpc_ack=models.RpcAck(request_id=asked.id))
    answers(scene, alice, rpc_response=models.RpcResponse(request_id=asked.id, payload="2"))
    assert await task == "2"


async def test_what_the_participant_refuses_is_told(scene: Scene) -> None:
    alice = scene.joins("alice")
    task, packet = await begun(scene, alice)
    error = models.RpcError(code=1400, message="Method not supported at destination")
    answers(scene, alice, rpc_response=models.RpcResponse(request_id=packet.rpc_request.id, error=error))
    outcome = await task
    assert isinstance(outcome, Failed)
    assert outcome.code == 1400


async def test_nobody_answers_for_another(scene: Scene) -> None:
    alice, eve = scene.joins("alice"), scene.joins("eve")
    task, packet = await begun(scene, alice)
    answers(scene, eve, rpc_response=models.RpcResponse(request_id=packet.rpc_request.id, payload="3"))
    answers(scene, alice, rpc_response=models.RpcResponse(request_id="server:other", payload="4"))
    scene.emit("said", alice.me.peer, b"\xff\xff")
    answers(scene, alice, rpc_response=models.RpcResponse(request_id=packet.rpc_request.id, payload="2"))
    assert await task == "2"


async def test_who_leaves_answers_no_more(scene: Scene) -> None:
    alice = scene.joins("alice")
    task, _ = await begun(scene, alice)
    scene.rooms.remove("room", "alice")
    outcome = await task
    assert isinstance(outcome, Failed)
    assert outcome.code == 1503


async def test_who_says_nothing_is_given_up(scene: Scene) -> None:
    alice = scene.joins("alice")
    task, _ = await begun(scene, alice, timeout_ms=10)
    outcome = await task
    assert isinstance(outcome, Failed)
    assert outcome.code == 1501
    task, packet = await begun(scene, alice, timeout_ms=10)
    answers(scene, alice, rpc_ack=models.RpcAck(request_id=packet.rpc_request.id))
    outcome = await task
    assert isinstance(outcome, Failed)
    assert outcome.code == 1502


async def test_what_cant_be_called_isnt(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await scene.rooms.call("room", "alice", "m", "", 10) == Refusal("room.unknown")
    alice = scene.joins("alice")
    assert await scene.rooms.call("room", "bob", "m", "", 10) == Refusal("participant.unknown")
    large = await scene.rooms.call("room", "alice", "m", "x" * 15_361, 10)
    assert isinstance(large, Failed)
    assert large.code == 1402
    monkeypatch.setattr(calling, "MOST", 1)
    task, _ = await begun(scene, alice)
    assert await scene.rooms.call("room", "alice", "m", "", 10) == Refusal("room.too_many_calls")
    scene.rooms.remove("room", "alice")
    await task
