"""What is written to a socket in one turn of the loop, and when it leaves."""

from __future__ import annotations

import asyncio

from folkmoot.cli.corked import MOST, Corked


class Wire(asyncio.Transport):
    def __init__(self) -> None:
        super().__init__()
        self.writes: list[bytes] = []
        self.closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        assert not self.closed
        self.writes.append(bytes(data))

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def get_write_buffer_size(self) -> int:
        return 0


def corked() -> tuple[Corked, Wire]:
    wire = Wire()
    return Corked(wire, asyncio.get_running_loop()), wire


async def test_what_is_said_in_one_turn_leaves_as_one_in_the_next() -> None:
    transport, wire = corked()
    for word in (b"join", b"", b"update", b"answer"):
        transport.write(word)
    assert (wire.writes, transport.get_write_buffer_size()) == ([], 16)
    await asyncio.sleep(0)
    assert wire.writes == [b"joinupdateanswer"]
    await asyncio.sleep(0)
    transport.writelines([b"and ", b"again"])
    await asyncio.sleep(0)
    assert wire.writes == [b"joinupdateanswer", b"and again"]


async def test_a_close_comes_behind_what_was_said_before_it() -> None:
    transport, wire = corked()
    transport.write(b"leave")
    transport.close()
    assert (wire.writes, wire.closed) == ([b"leave"], True)
    await asyncio.sleep(0)
    assert wire.writes == [b"leave"]


async def test_of_much_no_more_waits_than_is_allowed() -> None:
    transport, wire = corked()
    for _ in range(3):
        transport.write(bytes(MOST // 2))
    assert [len(write) for write in wire.writes] == [MOST]
    assert transport.get_write_buffer_size() == MOST // 2


async def test_to_one_who_is_gone_nothing_is_written() -> None:
    transport, wire = corked()
    transport.write(b"hello")
    wire.close()
    await asyncio.sleep(0)
    assert wire.writes == []
