"""Opening an address to see whether it leads here: real TLS, one path, and nothing inside a network that isn't ours."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from folkmoot.hooks import Egress
from folkmoot.hooks.opening import Opening

from ..cli.test_certificates import Authority

EXPECTED = "ab" * 32


@asynccontextmanager
async def answering(said: bytes, tls: ssl.SSLContext) -> AsyncIterator[tuple[int, list[str]]]:
    asked: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readuntil(b"\r\n\r\n")).decode())
        writer.write(said)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=tls)
    yield server.sockets[0].getsockname()[1], asked
    server.close()


def plain(body: str, status: str = "200 OK") -> bytes:
    return f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\n\r\n{body}".encode()


def tls_of(authority: Authority, folder: Path, name: str) -> ssl.SSLContext:
    files = folder / f"{name}.pem", folder / f"{name}.key"
    authority.issue(*files, name)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    return context


Opens = Callable[..., Opening]


@pytest.fixture
def opens() -> Opens:
    async def here(host: str, port: int) -> list[str]:
        if host == "nowhere.example":
            raise OSError
        return ["127.0.0.1"]

    def made(
        authority: Authority, allowed: tuple[str, ...] = ("127.0.0.0/8",), ours: tuple[str, ...] = ()
    ) -> Opening:
        return Opening(Egress(allowed, here), lambda: ours, authority.client())

    return made


@pytest.mark.parametrize(
    ("said", "word"),
    [
        (plain(EXPECTED), "ok"),
        (plain(EXPECTED + "\n"), "ok"),
        (plain("cd" * 32), "stranger"),
        (plain(EXPECTED, "404 Not Found"), "stranger"),
        (b"HTTP/1.1 302 Found\r\nlocation: https://127.0.0.1/secret\r\ncontent-length: 0\r\n\r\n", "stranger"),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + b"ffff\r\n" + b"x" * 0xFFFF + b"\r\n", "stranger"),
        (b"SSH-2.0-x\r\n", "broken"),
    ],
)  # fmt: skip
async def test_who_answers_is_known_by_what_they_say(
    opens: Opens, tmp_path: Path, said: bytes, word: str
) -> None:
    authority = Authority.new()
    async with answering(said, tls_of(authority, tmp_path, "meet.school.example")) as (port, asked):
        found, until = await opens(authority)(f"https://meet.school.example:{port}", EXPECTED)
        assert found == word
        assert (until is not None) is (word in ("ok", "stranger")), "the end of its certificate"
        assert [one.split("\r\n")[0] for one in asked] == ["GET /.well-known/folkmoot HTTP/1.1"]
        assert f"host: meet.school.example:{port}" in asked[0].lower() and "cookie" not in asked[0].lower()


async def test_what_nobody_vouches_for_is_no_certificate(opens: Opens, tmp_path: Path) -> None:
    authority = Authority.new()
    async with answering(plain(EXPECTED), tls_of(authority, tmp_path, "other.example")) as (port, _):
        assert await opens(authority)(f"https://meet.school.example:{port}", EXPECTED) == (
            "certificate",
            None,
        )
        assert await opens(Authority.new())(f"https://other.example:{port}", EXPECTED) == (
            "certificate",
            None,
        )
    assert await opens(authority)(f"https://meet.school.example:{port}", EXPECTED) == ("away", None)
    assert await opens(authority)("https://nowhere.example", EXPECTED) == ("name", None)


async def test_what_is_inside_is_not_reached_but_for_this_servers_own_address(
    opens: Opens, tmp_path: Path
) -> None:
    authority = Authority.new()
    async with answering(plain(EXPECTED), tls_of(authority, tmp_path, "meet.school.example")) as (
        port,
        asked,
    ):
        origin = f"https://meet.school.example:{port}"
        assert await opens(authority, ())(origin, EXPECTED) == ("inside", None)
        assert await opens(authority, (), ("203.0.113.7",))(origin, EXPECTED) == ("inside", None)
        assert asked == []
        assert (await opens(authority, (), ("127.0.0.1",))(origin, EXPECTED))[0] == "ok"
