"""What comes by the doors of a whole server and should not: H29 to H37 and H40 of the threat model, by number.

Each door's own limits are tried one by one in `server/tests` (`docs/develop/bounds.md`); here they are met from outside, and somebody
who means well comes in beside.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hmac
import json
import os
import resource
import socket
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from livekit.protocol import rtc as wire
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.e2e.gauges import busyness
from tests.hostile.test_coming_back import visitor
from tests.hostile.test_privileges import publishing
from tests.hostile.visitor import ADMISSION, Visitor, meeting, signals
from tests.product import DEV_KEY, DEV_SECRET, Product

IDLE = int(os.environ.get("IDLE_SOCKETS", "1000"))
"""For a release: 20,000, on a machine that has so many files."""
TINY = int(os.environ.get("TINY_FRAMES", "100000"))
MEMORY = 64 * 1024 * 1024
EVIL = {"Origin": "https://evil.example"}


def channel(of: Visitor) -> str:
    return f"{of.product.signal_url}/api/meetings/{of.number}/channel?token={of.joined['channel_token']}"


@contextlib.asynccontextmanager
async def signal(product: Product, identity: str) -> AsyncIterator[ClientConnection]:
    """In a room that is no meeting's, having read how it is in."""
    url = f"{product.signal_url}/rtc?access_token={product.token(identity, 'hostile')}"
    async with connect(url, proxy=None, max_size=None, ping_interval=None) as line:
        await line.recv()
        yield line


async def is_closed(line: ClientConnection, within: float) -> int:
    """The code, once all that was said before is read."""
    async with asyncio.timeout(within):
        with contextlib.suppress(ConnectionClosed):
            while True:
                await line.recv()
    return line.close_code or 0


async def somebody_comes_in(host: Visitor, within: float = 5) -> None:
    async with asyncio.timeout(within):
        assert await visitor(host).comes("Wanted") == "guest"


def memory(product: Product) -> int:
    """What the server's process holds, in bytes."""
    assert product.process
    status = Path(f"/proc/{product.process.pid}/statm").read_text().split()
    return int(status[1]) * resource.getpagesize()


async def test_h29_a_page_of_elsewhere_opens_no_channel_and_there_is_no_cookie_to_abuse(
    product: Product,
) -> None:
    async with meeting(product) as host:
        with pytest.raises(InvalidStatus) as refused:
            await connect(channel(host), proxy=None, additional_headers=EVIL)
        assert refused.value.response.status_code == 403
        body = {"name": "x", "admission": ADMISSION}
        path = f"{product.address}api/meetings/{host.number}/join"
        async with host.http.post(path, json=body, headers=EVIL) as answer:
            assert not answer.cookies and "access-control-allow-origin" not in answer.headers


async def test_h30_frames_too_large_too_many_or_none_end_the_line_and_cost_little(product: Product) -> None:
    async with meeting(product) as host:
        before = memory(product)
        large = visitor(host)
        await large.comes("Large")
        assert large.line
        assert not large.line.protocol.extensions, "nothing is inflated, so nothing is a bomb"
        with contextlib.suppress(ConnectionClosed):
            await large.line.send("x" * (100 * 1024 * 1024))
        assert await is_closed(large.line, 10) in (1006, 1008, 1009)
        tiny = visitor(host)
        await tiny.comes("Tiny")
        assert tiny.line
        with contextlib.suppress(ConnectionClosed):
            for _ in range(TINY):
                await tiny.line.send("")
        assert await is_closed(tiny.line, 10) == 1008
        assert memory(product) - before < MEMORY
        await somebody_comes_in(host)


async def test_h31_idle_sockets_of_one_network_keep_nobody_else_out(product: Product) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 2 * IDLE + 1000), hard))
    async with meeting(product) as host:
        idle = await asyncio.to_thread(idle_sockets, product.port, IDLE)
        try:
            others = busyness()
            began = time.perf_counter()
            await somebody_comes_in(host)
            took = time.perf_counter() - began
            assert took < 1 * max(others, busyness())
        finally:
            for one in idle:
                one.close()
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def idle_sockets(port: int, many: int) -> list[socket.socket]:
    """Of another address of this machine; what is cut at once isn't kept."""
    kept = []
    for _ in range(many):
        with contextlib.suppress(OSError):
            kept.append(socket.create_connection(("127.0.0.1", port), 5, source_address=("127.0.0.2", 0)))
    return kept


def nested(depth: int) -> bytes:
    """Length-delimited fields within each other, as deep as that."""
    inner = b""
    for _ in range(depth):
        if len(inner) > 60_000:
            break
        inner = b"\x0a" + varint(len(inner)) + inner
    return inner


def varint(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out += bytes((value & 0x7F | 0x80,))
        value >>= 7
    return out + bytes((value,))


def malformed() -> Iterator[bytes]:
    yield b"\xf8\x3f\x01" * 100  # fields that nobody knows
    yield nested(10_000)
    yield b"\x0a" + varint(2**31 - 1)
    yield b"\x0a" + varint(2**63)
    yield b""
    yield wire.SignalRequest().SerializeToString()
    yield wire.SignalRequest(sync_state=wire.SyncState()).SerializeToString()
    yield wire.SignalRequest(offer=wire.SessionDescription()).SerializeToString()


async def test_h32_what_is_no_message_is_borne_or_ends_its_own_line(product: Product) -> None:
    async with meeting(product) as host:
        for number, frame in enumerate(malformed()):
            async with signal(product, f"stranger-{number}") as line:
                with contextlib.suppress(ConnectionClosed):
                    await line.send(frame)
                    await line.send(wire.SignalRequest(ping=1).SerializeToString())
                    async with asyncio.timeout(10):
                        while not wire.SignalResponse.FromString(await line.recv(decode=False)).HasField(
                            "pong"
                        ):
                            pass
        await somebody_comes_in(host)
    assert "Traceback" not in product.log.read_text()


async def test_h33_every_verb_in_the_wrong_state_is_refused_by_its_code(product: Product) -> None:
    async with meeting(product) as host:
        async with connect(channel(host), proxy=None) as early:  # before hello
            await early.send(
                json.dumps({"do": {"id": "1", "feature": "meeting", "type": "mute_all", "payload": {}}})
            )
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(early.recv(), 0.3)
        bo = visitor(host)
        await bo.comes("Bo")
        assert bo.line
        await bo.line.send(json.dumps({"hello": {}}))  # twice
        for verb in ("admit", "mute", "unmake_cohost"):
            answer = await bo.do("meeting", verb, participant="p_nobody", source="microphone")
            assert answer["refused"]["code"].startswith("meeting."), verb
        for verb, code in (("resume", "meeting.not_stopped"), ("admit", "meeting.not_waiting")):
            payload = {"what": "all"} if verb == "resume" else {"participant": "p_nobody"}
            assert (await host.do("meeting", verb, **payload))["refused"]["code"] == code
        assert "done" in await bo.do("meeting", "leave")
        assert await is_closed(bo.line, 10) == 1000, "after leaving there is no channel to ask on"
        told, published = await publishing(product, product.token("early", "hostile"))
        assert told == published, "publishing needs no offer, and is refused by no silence"


def offer(sections: int, attributes: int = 0) -> str:
    head = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
    section = "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:{}\r\na=sendonly\r\na=rtpmap:96 VP8/90000\r\n"
    return head + "".join(section.format(n) for n in range(sections)) + "a=x:y\r\n" * attributes


@pytest.mark.parametrize("sdp", [offer(5000), offer(1, 100_000), offer(1) + "a=" + "q" * 10_000_000], ids=["5,000 sections", "100,000 attributes", "10 MB"])  # fmt: skip
async def test_h34_an_offer_without_measure_costs_no_time(product: Product, sdp: str) -> None:
    async with meeting(product) as host:
        before = cpu(product)
        async with signal(product, "talkative") as line:
            request = wire.SignalRequest(offer=wire.SessionDescription(type="offer", sdp=sdp, id=1))
            with contextlib.suppress(ConnectionClosed):
                await line.send(request.SerializeToString())
                await line.send(wire.SignalRequest(ping=1).SerializeToString())
                async with asyncio.timeout(10):
                    while not wire.SignalResponse.FromString(await line.recv(decode=False)).HasField("pong"):
                        pass
        assert cpu(product) - before < 1
        await somebody_comes_in(host)


def cpu(product: Product) -> float:
    """Seconds that the server has worked."""
    assert product.process
    fields = Path(f"/proc/{product.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def test_h35_a_hundred_negotiations_at_once_are_answered_one_after_the_other(product: Product) -> None:
    async with meeting(product) as host:
        async with signal(product, "glaring") as line:
            for number in range(1, 101):
                sdp = wire.SessionDescription(type="offer", sdp=offer(0), id=number)
                await line.send(wire.SignalRequest(offer=sdp).SerializeToString())
            await line.send(wire.SignalRequest(ping=1).SerializeToString())
            answered = []
            async with asyncio.timeout(30):
                async for frame in line:
                    said = wire.SignalResponse.FromString(
                        frame if isinstance(frame, bytes) else frame.encode()
                    )
                    if said.HasField("answer"):
                        answered.append(said.answer.id)
                    if said.HasField("pong"):
                        break
            assert answered == sorted(answered)
        await somebody_comes_in(host)


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def signed(
    claims: dict[str, Any],
    head: dict[str, Any] | None = None,
    secret: str = DEV_SECRET,
    digest: str = "sha256",
) -> str:
    said = f"{part(head or {'alg': 'HS256', 'typ': 'JWT'})}.{part(claims)}"
    mac = hmac.digest(secret.encode(), said.encode(), digest)
    return f"{said}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def bad_tokens() -> dict[str, str]:
    now = int(time.time())
    good: dict[str, Any] = {"iss": DEV_KEY, "sub": "eve", "exp": now + 600, "nbf": now - 5,
                            "video": {"roomJoin": True, "roomAdmin": True, "room": "hostile"}}  # fmt: skip
    none = f"{part({'alg': 'none'})}.{part(good)}."
    twice = (
        f"{part({'alg': 'HS256'})}."
        + base64.urlsafe_b64encode((json.dumps(good)[:-1] + ', "iss": "another"}').encode())
        .rstrip(b"=")
        .decode()
    )
    mac = hmac.digest(DEV_SECRET.encode(), twice.encode(), "sha256")
    return {
        "alg none": none,
        "alg None": none.replace(part({"alg": "none"}), part({"alg": "NoNe"})),
        "HS512 where HS256 is meant": signed(good, {"alg": "HS512"}, digest="sha512"),
        "RS256 signed as HS256": signed(good, {"alg": "RS256"}),
        "a path for a key": signed(good, {"alg": "HS256", "kid": "../../../dev/null"}, secret=""),
        "a key of one's own": signed(
            good, {"alg": "HS256", "jku": "https://evil.example/keys"}, secret="mine"
        ),
        "expired": signed(good | {"exp": now - 3600}),
        "not yet": signed(good | {"nbf": now + 3600}),
        "another issuer": signed(good | {"iss": "nobody"}),
        "two issuers": twice + "." + base64.urlsafe_b64encode(mac).rstrip(b"=").decode(),
        "another room": signed(good | {"video": {"roomJoin": False, "room": "hostile"}}),
        "empty": "",
        "half": signed(good)[:-10],
    }


@pytest.mark.parametrize("kind", bad_tokens())
async def test_h36_a_token_that_is_none_opens_nothing(product: Product, kind: str) -> None:
    token = bad_tokens()[kind]
    for path in ("/rtc", "/rtc/v1"):
        assert await signals(product, token, path) == 401
    async with aiohttp.ClientSession() as http:
        if kind != "another room":
            url = f"{product.address}twirp/livekit.RoomService/ListParticipants"
            async with http.post(
                url, json={"room": "hostile"}, headers={"Authorization": f"Bearer {token}"}
            ) as answer:
                assert answer.status == 401
        async with http.get(f"{product.address}api/meetings/123456789012/invitations", headers={"Authorization": f"Bearer {token}"}) as answer:  # fmt: skip
            assert answer.status == 401


async def test_h36_a_token_of_a_megabyte_is_not_read(product: Product) -> None:
    now = int(time.time())
    huge = signed({"iss": DEV_KEY, "sub": "eve", "exp": now + 600, "metadata": "x" * 1_000_000})
    async with aiohttp.ClientSession() as http:
        with contextlib.suppress(aiohttp.ClientError):
            async with http.get(
                f"{product.address}rtc/validate", headers={"Authorization": f"Bearer {huge}"}
            ) as answer:
                assert answer.status >= 400
    assert product.healthy()


async def test_h37_a_token_is_refused_within_a_second_of_what_ends_it(product: Product) -> None:
    async with meeting(product) as host:
        bo = visitor(host)
        await bo.comes("Bo")
        media = await bo.media_ticket()
        await host.do("meeting", "make_cohost", participant=bo.id)
        assert (await bo.asks("GET", "invitations"))[0] == 200
        await host.do("meeting", "unmake_cohost", participant=bo.id)
        assert (await bo.asks("GET", "invitations"))[0] == 403, "at once"
        await host.do("meeting", "let", participant=bo.id, may={"video": False})
        told, published = await publishing(product, media)
        assert "camera" not in told | published
        async with connect(f"{product.signal_url}/rtc?access_token={media}", proxy=None) as line:
            await line.recv()
            await host.do("meeting", "remove", participant=bo.id)
            await is_closed(line, 5)
        assert await signals(product, media) in (401, 403, 404)
        assert await bo.refused_at_once() == 4002


async def test_h40_nobody_becomes_what_they_call_themselves(product: Product) -> None:
    """What isn't asked is not taken, and of a join the server's log says which words it didn't know."""
    async with meeting(product) as host:
        eve = visitor(host)
        wish: dict[str, Any] = {"role": "owner", "may": ["host"], "participant": host.id, "is_admin": True}
        assert await eve.comes("Eve", **wish) == "guest"
        assert eve.id != host.id
        refused = await eve.do("meeting", "rename", name="Eve", role="host", participant=host.id)
        assert refused["refused"]["code"] == "meeting.unknown_command"
        assert (await eve.do("meeting", "mute_all"))["refused"]["code"] == "meeting.not_host"
    log = product.log.read_text()
    assert "is_admin, may, participant, role" in log and host.id not in log
