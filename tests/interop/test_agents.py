"""The livekit-agents framework, unmodified: its worker registers, its program is called and comes, speaks, and goes.

It is large (300 MB with all that it brings), so it isn't among our own requirements: these tests run where `AGENTS_PYTHON`
names a Python that has it (`make agents` makes one), and are skipped otherwise.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from livekit import api, rtc

from tests.interop.test_python_sdk import guest
from tests.product import DEV_KEY, DEV_SECRET, Product

PYTHON = os.environ.get("AGENTS_PYTHON", "")
WORKER = Path(__file__).parent / "agent_worker.py"

pytestmark = pytest.mark.skipif(
    not PYTHON, reason="AGENTS_PYTHON names no Python with livekit-agents (make agents)"
)


@contextmanager
def worker(product: Product, log: Path, name: str) -> Iterator[None]:
    environment = {
        **os.environ,
        "LIVEKIT_URL": product.signal_url,
        "LIVEKIT_API_KEY": DEV_KEY,
        "LIVEKIT_API_SECRET": DEV_SECRET,
        "AGENT_NAME": name,
    }
    with log.open("wb") as out:
        running = subprocess.Popen(
            [PYTHON, str(WORKER), "start"], stdout=out, stderr=subprocess.STDOUT, env=environment
        )
    try:
        yield
    finally:
        running.terminate()
        try:
            running.wait(15)
        except subprocess.TimeoutExpired:
            running.kill()


async def comes(room: rtc.Room, log: Path) -> tuple[str, bytes]:
    """Who says something, and what: a program's kind is among what everybody sees."""
    said: asyncio.Queue[rtc.DataPacket] = asyncio.Queue()
    room.on("data_received", said.put_nowait)
    try:
        packet = await asyncio.wait_for(said.get(), 90)
    except TimeoutError:
        pytest.fail(f"no agent came:\n{_end_of(log)}")
    assert packet.participant is not None
    assert packet.participant.kind == rtc.ParticipantKind.PARTICIPANT_KIND_AGENT
    return packet.participant.identity, packet.data


def _end_of(log: Path) -> str:
    return log.read_text()[-3000:]


def server_api(product: Product) -> api.LiveKitAPI:
    return api.LiveKitAPI(product.address, DEV_KEY, DEV_SECRET)


async def test_a_nameless_agent_comes_to_a_room_by_itself(product: Product, tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    with worker(product, log, ""):
        async with guest(product, "ada", "agent-anybody", single=True) as ada:
            assert (await comes(ada, log))[1] == b"here I am, for anybody"


async def test_an_agent_is_called_by_name_and_called_off(product: Product, tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    with worker(product, log, "scribe"):
        async with guest(product, "ada", "agent-named", single=True) as ada, server_api(product) as server:
            wanted = api.CreateAgentDispatchRequest(agent_name="scribe", room="agent-named", metadata="ada")
            made = await server.agent_dispatch.create_dispatch(wanted)
            identity, words = await comes(ada, log)
            assert words == b"here I am, for ada"
            listed = await server.agent_dispatch.get_dispatch(made.id, "agent-named")
            assert listed is not None
            assert [job.state.participant_identity for job in listed.state.jobs] == [identity]
            gone: asyncio.Queue[rtc.RemoteParticipant] = asyncio.Queue()
            ada.on("participant_disconnected", gone.put_nowait)
            await server.agent_dispatch.delete_dispatch(made.id, "agent-named")
            assert (await asyncio.wait_for(gone.get(), 15)).identity == identity
