"""H42: an address that somebody chose leads out into the public, or nowhere."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Sequence

import pytest

from folkmoot.hooks import Egress, Forbidden, Poster, egress

PUBLIC = "93.184.216.34"


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1", "0x7f000001", "2130706433", "0177.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1",
        "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1",
        "[::1]", "[::]", "[fe80::1]", "[fe80::1%25eth0]", "[fd00::1]", "[ff02::1]", "[::ffff:127.0.0.1]",
        "[::ffff:169.254.169.254]", "[64:ff9b::7f00:1]", "[64:ff9b::a9fe:a9fe]", "[2002:7f00:1::]", "[::127.0.0.1]",
        "[2001:0:1::1]", "[fec0::1]",
    ],
)  # fmt: skip
def test_an_address_inside_is_refused_however_it_is_written(host: str) -> None:
    assert Egress().check(f"https://{host}/hook") == "inside"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://hooks.example/", "scheme"),
        ("gopher://hooks.example/", "scheme"),
        ("file:///etc/passwd", "address"),
        ("https://user:password@hooks.example/", "address"),
        ("https://hooks.example:22/", "port"),
        ("https://hooks.example:99999/", "address"),
        ("https:///nobody", "address"),
        ("https://hooks.example/\r\nX-Evil: 1", "address"),
        ("https://hooks.example/#x", "address"),
        ("https://[::1", "address"),
        ("https://" + "a" * 3000, "address"),
        ("", "address"),
    ],
)
def test_what_is_no_address_for_it_is_refused(url: str, why: str) -> None:
    assert Egress().check(url) == why


@pytest.mark.parametrize(
    "url", ["https://hooks.example/a?b=c", f"https://{PUBLIC}/", "https://[2606:2800::1]:8443/"]
)
def test_what_is_out_in_the_public_may_be_told(url: str) -> None:
    assert Egress().check(url) is None


def resolving(*answers: Sequence[str]) -> tuple[Egress, list[str]]:
    left, asked = list(answers), list[str]()

    async def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return left.pop(0) if len(left) > 1 else left[0]

    return Egress(resolve=resolve), asked


@pytest.mark.parametrize("found", [["127.0.0.1"], [PUBLIC, "10.0.0.1"], ["::1"], ["fe80::1%eth0"], []])
async def test_a_name_that_leads_inside_is_refused(found: list[str]) -> None:
    """Also where only one of its addresses does."""
    egress, _ = resolving(found)
    with pytest.raises(Forbidden):
        await Poster(egress)("https://hooks.example/", b"{}", {})


class Receiver:
    """A server of this machine that counts who comes, and answers as it is told to."""

    def __init__(self, answer: bytes) -> None:
        self.answer, self.requests, self.came = answer, list[bytes](), 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.came += 1
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))  # fmt: skip
            self.requests.append(head + await reader.readexactly(length))
            writer.write(self.answer)
            await writer.drain()
            writer.close()


@contextlib.asynccontextmanager
async def receiver(answer: bytes) -> AsyncIterator[tuple[Receiver, int]]:
    there = Receiver(answer)
    server = await asyncio.start_server(there.serve, "127.0.0.1", 0)
    async with server:
        yield there, server.sockets[0].getsockname()[1]


def of_this_machine(*answers: Sequence[str]) -> Egress:
    """As where the operator allows it, which is the only way a test can be reached."""
    left = list(answers)

    async def resolve(host: str, port: int) -> Sequence[str]:
        return left.pop(0) if len(left) > 1 else left[0]

    return Egress(["127.0.0.0/8"], resolve)


async def test_it_connects_to_the_address_that_was_looked_at() -> None:
    """DNS rebinding: the name means something else a moment later, and nobody asks again."""
    async with receiver(b"HTTP/1.1 204 \r\n\r\n") as (there, port):
        egress, asked = resolving(["127.0.0.1"], ["10.0.0.1"])
        egress._allowed = of_this_machine(["x"])._allowed
        assert await Poster(egress)(f"http://hooks.example:{port}/a", b"{}", {"x-y": "z"}) == 204
    assert asked == ["hooks.example"], "asked once"
    assert f"host: hooks.example:{port}".encode() in there.requests[0].lower()
    assert there.requests[0].startswith(b"POST /a HTTP/1.1")


async def test_no_redirect_is_followed() -> None:
    async with receiver(b"HTTP/1.1 200 \r\n\r\n") as (inner, secret):
        to = f"HTTP/1.1 307 \r\nlocation: http://127.0.0.1:{secret}/\r\ncontent-length: 0\r\n\r\n".encode()
        async with receiver(to) as (outer, port):
            answer = await Poster(of_this_machine(["127.0.0.1"]))(f"http://hooks.example:{port}/", b"{}", {})
    assert (answer, outer.came, inner.came) == (307, 1, 0)


async def test_of_a_gigabyte_nothing_but_the_status_is_read() -> None:
    """H43."""
    head = b"HTTP/1.1 200 \r\ncontent-length: 1073741824\r\n\r\n" + b"x" * 65536
    async with receiver(head) as (_, port):
        async with asyncio.timeout(5):
            answer = await Poster(of_this_machine(["127.0.0.1"]))(f"http://hooks.example:{port}/", b"{}", {})
    assert answer == 200


async def test_why_there_was_no_answer_is_one_word_of_a_few() -> None:
    async def nothing(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(-2, "Name or service not known")

    async def says(by: Egress, url: str) -> str:
        try:
            return str(await Poster(by)(url, b"{}", {}))
        except OSError as fault:
            return str(fault)

    async def fishing(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Before it is asked."""
        writer.write(b"gone fishing\r\n\r\n")
        await writer.drain()
        writer.close()

    here = of_this_machine(["127.0.0.1"])
    assert await says(Egress([], nothing), "https://hooks.example/") == "name"
    assert await says(here, "http://hooks.example:1/") == "away"
    server = await asyncio.start_server(fishing, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        assert await says(here, f"http://hooks.example:{port}/") == "broken"
        assert await says(here, f"https://hooks.example:{port}/") == "certificate"


async def test_who_doesnt_answer_in_time_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(egress, "WITHIN_S", 0.05)
    over = asyncio.Event()

    async def silent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(OSError, match=r"^late$"):
            await Poster(of_this_machine(["127.0.0.1"]))(f"http://hooks.example:{port}/", b"{}", {})
        over.set()
