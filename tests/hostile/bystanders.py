"""Two of another room, who notice nothing; and what else has to be as it was when an attack is over."""

from __future__ import annotations

import asyncio
import contextlib
import struct
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.hostile import wire
from tests.hostile.participant import Manner, Participant, inside
from tests.product import Product

SPEAKER = 4711
"""Her stream's number."""
FRAME_S = 0.02
LONGEST_GAP_S = 0.4
"""Between what a packet took and none: what a listener's buffer bears. The machine that runs the test is busy with the attack."""
GROWTH = 24 << 20
"""Bytes of memory that are no leak: pages that the allocator keeps."""


class Bystanders:
    """A speaks, B listens: when each packet left, when the kernel had it for B."""

    def __init__(self, speaker: Participant, listener: Participant) -> None:
        self.speaker, self.listener = speaker, listener
        self.left: dict[int, int] = {}
        self.arrived: dict[int, int] = {}
        self.strange = 0
        listener.received = self._hears

    async def speak(self) -> None:
        began, n = time.monotonic(), 0
        while True:
            self.left[n] = time.time_ns()
            said = b"heard" + struct.pack("!I", n)
            self.speaker.rtp(
                wire.Rtp(SPEAKER, n, said.ljust(80, b"."), timestamp=960 * n, extensions={wire.MID: b"1"})
            )
            n += 1
            await asyncio.sleep(max(0.0, began + n * FRAME_S - time.monotonic()))

    def _hears(self, packet: bytes, at: int) -> None:
        assert self.listener.theirs
        header = wire.header_length(packet)
        said = self.listener.theirs.open(packet, header)[header:]
        if said.startswith(b"heard"):
            (n,) = struct.unpack("!I", said[5:9])
            self.arrived.setdefault(n, at)
        else:
            self.strange += 1

    async def heard_all(self) -> None:
        """Of what was said until now; the longest that a packet took is no gap."""
        said = set(self.left)
        await self.listener.until(lambda: said <= self.arrived.keys(), "what was said", within=3)
        longest = max(self.arrived[n] - self.left[n] for n in said) / 1e9
        assert longest < LONGEST_GAP_S, f"a gap of {longest:.3f} s"
        assert self.strange == 0, "somebody else is heard on her stream"


@asynccontextmanager
async def unharmed(product: Product, *, lines: int = 0) -> AsyncIterator[Bystanders]:
    """Around an attack: the process stands, the two hear each other without a gap, memory is what it was, and of the attack
    there are no more than so many lines in the log."""
    manners = Manner(microphone=SPEAKER), Manner(hears=1)
    async with (
        inside(product, "ada", "next-door", manners[0]) as ada,
        inside(product, "bo", "next-door", manners[1]) as bo,
    ):
        two = Bystanders(ada, bo)
        speaking = asyncio.create_task(two.speak())
        await bo.until(lambda: len(two.arrived) > 5, "a first word")
        before, told = resident(product), len(complaints(product))
        yield two
        await two.heard_all()
        assert product.process and product.process.poll() is None, "the process has ended"
        assert product.healthy()
        await bo.until(lambda: resident(product) < before + GROWTH, "memory as it was", within=10)
        assert len(complaints(product)) - told <= lines, complaints(product)[told:]
        speaking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await speaking


def resident(product: Product) -> int:
    assert product.process
    status = Path(f"/proc/{product.process.pid}/status").read_text()
    return 1024 * next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))


def busy(product: Product) -> float:
    """Seconds of CPU so far."""
    assert product.process
    fields = Path(f"/proc/{product.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def complaints(product: Product) -> list[str]:
    """What the log has above information: an exception has none of its own, and is one."""
    text = product.log.read_text()
    return [
        line
        for line in text.splitlines()
        if "Traceback" in line or any(f'"level": "{bad}"' in line for bad in ("warning", "error", "critical"))
    ]
