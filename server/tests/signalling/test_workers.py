"""The socket of a worker: who may open one, and what it hears."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from livekit.protocol import agent
from starlette.applications import Starlette
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect

from folkmoot.agents import Agents
from folkmoot.engine.fake import FakeEngine
from folkmoot.kit import ManualClock, SystemRandomness
from folkmoot.protocol.tokens import Claims, Keys, VideoGrant
from folkmoot.protocol.values import Permission
from folkmoot.rooms.live import Rooms
from folkmoot.signalling import workers


class House:
    def __init__(self) -> None:
        self.clock, self.engine = ManualClock(), FakeEngine()
        self.keys = Keys({"key": "s" * 32}, self.clock)
        self.rooms = Rooms(self.engine, self.keys, self.clock)
        self.agents = Agents(self.rooms, self.keys, self.clock, SystemRandomness())
        self.rooms.listen(self.agents.happened)
        self.client = TestClient(Starlette(routes=workers.routes(self.agents, self.keys, self.clock)))

    def socket(self, *, is_agent: bool = True) -> Any:
        claims = Claims("key", "", video=VideoGrant(permission=Permission(agent=is_agent)))
        token = self.keys.mint(claims, timedelta(minutes=5))
        return self.client.websocket_connect("/agent", headers={"Authorization": f"Bearer {token}"})

    def workers(self) -> float:
        return self.agents.counts()["agent_workers"]


@pytest.fixture
def house() -> Iterator[House]:
    made = House()
    with made.client:
        yield made
    made.engine.close()


def register(**more: Any) -> bytes:
    return agent.WorkerMessage(register=agent.RegisterWorkerRequest(**more)).SerializeToString()


def hears(socket: Any) -> agent.ServerMessage:
    return agent.ServerMessage.FromString(socket.receive_bytes())


def test_a_worker_registers_and_is_asked(house: House) -> None:
    with house.socket() as socket:
        socket.send_bytes(register(agent_name=""))
        assert hears(socket).register.worker_id.startswith("AW_")
        assert house.workers() == 1
        house.rooms.open("r")
        job = hears(socket).availability.job
        assert job.room.name == "r"
        yes = agent.AvailabilityResponse(job_id=job.id, available=True, participant_identity="a")
        socket.send_bytes(agent.WorkerMessage(availability=yes).SerializeToString())
        assert hears(socket).assignment.job.id == job.id


def test_what_a_worker_that_hangs_up_was_asked_another_is(house: House) -> None:
    house.rooms.open("r")
    with house.socket() as socket:
        socket.send_bytes(register())
        assert hears(socket).HasField("register")
        job = hears(socket).availability.job
    with house.socket() as another:
        another.send_bytes(register())
        assert hears(another).HasField("register")
        assert hears(another).availability.job.id == job.id


def test_a_worker_that_writes_text_reads_text(house: House) -> None:
    with house.socket() as socket:
        socket.send_text('{"ping": {"timestamp": 3}}')  # before it registers: nothing is said to it
        socket.send_text('{"register": {"agentName": "scribe"}}')
        assert '"workerId"' in socket.receive_text()


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer nonsense"}])
def test_who_brings_no_good_token_is_refused(house: House, headers: dict[str, str]) -> None:
    with (
        pytest.raises(WebSocketDenialResponse) as refusal,
        house.client.websocket_connect("/agent", headers=headers),
    ):
        pass
    assert refusal.value.status_code == 401


def test_a_participants_token_makes_no_worker(house: House) -> None:
    with pytest.raises(WebSocketDenialResponse) as refusal, house.socket(is_agent=False):
        pass
    assert refusal.value.status_code == 401
    assert house.client.get("/agent").status_code == 404


def test_who_says_what_nobody_understands_is_hung_up_in_the_end(house: House) -> None:
    with house.socket() as socket:
        for _ in range(20):
            socket.send_bytes(b"\xff\xff\xff")
        with pytest.raises(WebSocketDisconnect) as end:
            socket.receive_bytes()
        assert end.value.code == 1008


def test_a_job_of_no_known_type_registers_nobody(house: House) -> None:
    with house.socket() as socket:
        socket.send_bytes(register(type=9))
        socket.send_bytes(register(agent_name="scribe"))
        assert hears(socket).register.worker_id
        assert house.workers() == 1
