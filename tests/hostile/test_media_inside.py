"""From inside, by somebody with good keys: H11 to H24 of the threat model. What they send is their own trouble, or nobody's."""

from __future__ import annotations

import asyncio
import os
import random
import socket
import struct
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from tests.hostile import sctp, wire
from tests.hostile.bystanders import SPEAKER, complaints, unharmed
from tests.hostile.participant import Manner, Participant, inside, trickled
from tests.product import Product

MIC, CAMERA = 100, 200
PACKETS, KBPS = 3000, 12_000
"""What one may send here: little, so that a flood fits into a test. And one thread has everybody's media."""
LONG = int(os.environ.get("LONG_MESSAGE", "1200"))
"""Pieces of a thousand bytes of a message without end, more than is listened to; 16,384 for a release."""
MORE = "a participant sends more than it may"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    limits = {
        "FOLKMOOT_MEDIA__MOST_UPLINK_PACKETS": str(PACKETS),
        "FOLKMOOT_MEDIA__MOST_UPLINK_KBPS": str(KBPS),
        "FOLKMOOT_MEDIA__THREADS": "1",
    }
    product = Product(tmp_path_factory.mktemp("data"), "--dev", environment=limits)
    product.start()
    yield product
    product.stop()


@asynccontextmanager
async def liar(product: Product, manner: Manner) -> AsyncIterator[Participant]:
    async with inside(product, "mallory", "hostile", manner) as mallory:
        yield mallory


@asynccontextmanager
async def film(product: Product) -> AsyncIterator[tuple[Participant, Participant]]:
    """Mallory shows a camera, and Mallory's mate looks at it."""
    async with (
        liar(product, Manner(microphone=MIC, camera=CAMERA)) as mallory,
        inside(product, "mate", "hostile", Manner(sees=1, hears=1)) as mate,
    ):
        yield mallory, mate


def frame(n: int, *, key: bool = False, ssrc: int = CAMERA) -> wire.Rtp:
    said = wire.picture(n, key=key)
    extensions = {wire.MID: b"2", wire.TWCC: struct.pack("!H", n & 0xFFFF)}
    return wire.Rtp(ssrc, n, said, wire.VP8, 3000 * n, True, extensions)


def word(n: int, ssrc: int = MIC) -> wire.Rtp:
    return wire.Rtp(ssrc, n, timestamp=960 * n, extensions={wire.MID: b"1"})


class Counted:
    """What comes to somebody."""

    def __init__(self, whose: Participant) -> None:
        self.packets = self.bytes = 0
        whose.received = self._count

    def _count(self, packet: bytes, _: int) -> None:
        self.packets += 1
        self.bytes += len(packet)


def key_requests(whose: Participant) -> int:
    """PLIs among what was reported."""
    return sum(_packets(compound).count((206, 1)) for compound in whose.reports)


def _packets(compound: bytes) -> list[tuple[int, int]]:
    found, at = [], 0
    while at + 4 <= len(compound):
        first, kind, length = struct.unpack_from("!BBH", compound, at)
        found.append((kind, first & 31))
        at += 4 * (length + 1)
    return found


async def test_h11_who_sends_too_much_is_policed_and_told_of_once(product: Product) -> None:
    async with unharmed(product, lines=1) as two, film(product) as (mallory, mate):
        assert mallory.keys
        seen = Counted(mate)
        flood = [frame(n, key=n == 0).sealed(mallory.keys) for n in range(5 * PACKETS)]
        large = [
            wire.Rtp(MIC, n, bytes(1100), extensions={wire.MID: b"1"}).sealed(mallory.keys)
            for n in range(2000)
        ]
        await asyncio.to_thread(_pours, mallory, [*flood, *large])
        await mate.until(lambda: any(MORE in line for line in complaints(product)), "a line in the log", 8)
        assert seen.packets < 4.5 * PACKETS, "what is too much goes to nobody"
        assert sum(MORE in line for line in complaints(product)) == 1, "once, not for each packet"
        before = len(two.arrived)
        await two.listener.until(lambda: len(two.arrived) > before + 10, "more words")


def _pours(mallory: Participant, flood: list[bytes]) -> None:
    for n, datagram in enumerate(flood):
        mallory.send(datagram)
        if n % 100 == 99:
            time.sleep(0.004)  # the pace of the flood: 25,000 a second


async def test_h12_h20_h21_packets_that_lie_of_what_is_in_them_are_dropped(product: Product) -> None:
    async with unharmed(product) as two, film(product) as (mallory, mate):
        for packet in [*_odd(), *_nested(), *_of_another_codec()]:
            assert mallory.keys
            mallory.send(packet.sealed(mallory.keys))
            mallory.send(packet.header() + packet.payload)  # under no key
            await asyncio.sleep(0.001)  # below what one may send
        for raw in (b"\x80", b"\x80" * 3, b"\x8f\x60" + b"\xff" * 30, b"\x90\x60" + b"\xff" * 20):
            mallory.send(raw)
        await _a_picture_comes(mallory, mate, 30_000)
        assert two.strange == 0


def _odd() -> Iterator[wire.Rtp]:
    """RTP: nothing in it, 15 contributors, padding past its begin, extensions past its end."""
    for n in range(100, 120):
        for first, payload in (
            (0x80, b""),
            (0xA0, b"\xff"),
            (0xA0, bytes(10) + b"\xff"),
            (0x80, b"\0"),
            (0x40, b""),
        ):
            yield wire.Rtp(MIC, n, payload, first=first)
            yield wire.Rtp(CAMERA, n, payload, wire.VP8, first=first)
    for n, lie in enumerate((b"\0", b"\xff" * 16, b"\0" * 200, bytes(range(1, 200)))):
        yield wire.Rtp(
            CAMERA, 300 + n, wire.picture(n, key=True), wire.VP8, extensions={1: lie[:16], 14: lie[:16]}
        )


def _nested() -> Iterator[wire.Rtp]:
    """Retransmissions: of nothing, of themselves, of what was never sent, within each other."""
    for n, original in enumerate((0, 1, 0x7FFF, 0xFFFF, 65_000)):
        inner = struct.pack("!H", original)
        for payload in (
            b"",
            inner[:1],
            inner,
            inner * 50,
            inner + b"\x90",
            inner + wire.picture(n, key=True),
        ):
            yield wire.Rtp(CAMERA + 1, n * 10, payload, wire.RTX, extensions={wire.MID: b"2"})
    for n in range(20):  # RED within RED, of lengths that lie
        yield wire.Rtp(MIC, 2000 + n, (bytes([0x80 | 63, 0, 0, 255]) * 60)[: n * 12 + 1], 63)


def _of_another_codec() -> Iterator[wire.Rtp]:
    luck = random.Random(7)
    begins = (
        b"\x67\x42\xe0\x1f", b"\x78\xff\xff", b"\x7c\x85", b"\x5c\x05",  # H.264: SPS, STAP-A, FU-A, FU-B
        b"\x12\0\x0a" + b"\xff" * 9, b"\x7a" + b"\xff" * 10,  # AV1: a size of 2^63
        b"\xff" * 20, b"\x90\xff" + b"\xff" * 10, b"\x80", b"\x90\xe0\xff",  # VP8 and VP9 cut short
    )  # fmt: skip
    for n in range(400):
        payload = begins[n % len(begins)] + luck.randbytes(luck.randrange(300))
        yield wire.Rtp(CAMERA, 1000 + n, payload, wire.VP8, 3000 * n, n % 3 == 0, {wire.MID: b"2"})


async def _a_picture_comes(mallory: Participant, mate: Participant, begins: int) -> None:
    """Within two seconds, honest packets are passed on as ever."""
    seen, n = Counted(mate), begins
    deadline = time.monotonic() + 2
    while not seen.packets:
        assert time.monotonic() < deadline, "nothing comes"
        mallory.rtp(frame(n, key=True))
        n += 1
        await asyncio.sleep(0.03)  # the camera's pace


async def test_h13_h17_another_ones_stream_is_neither_taken_nor_ended(product: Product) -> None:
    async with unharmed(product) as two:
        impostor = Manner(microphone=SPEAKER, hears=2)
        async with inside(product, "eve", "next-door", impostor) as eve, liar(product, impostor) as mallory:
            ours = two.listener.streams[0]
            for who in (eve, mallory):
                for n in range(60):
                    who.rtp(wire.Rtp(SPEAKER, 2 * n, b"stolen" * 10, extensions={wire.MID: b"1"}))
                    who.rtp(wire.Rtp(ours, n, b"stolen" * 10, extensions={wire.MID: b"1"}))
                    for ssrc in (SPEAKER, ours, 1):
                        who.rtcp(wire.rtcp(201, 0) + struct.pack("!BBHI", 0x81, 203, 1, ssrc))
                        who.rtcp(wire.pli(ssrc) + wire.nack(ssrc, range(n, n + 17)))
                    await asyncio.sleep(0.002)  # a word of hers in between
            before = len(two.arrived)
            await two.listener.until(lambda: len(two.arrived) > before + 10, "more words")


async def test_h14_ten_thousand_streams_are_no_more_than_some(product: Product) -> None:
    async with unharmed(product, lines=2), liar(product, Manner(microphone=MIC, camera=CAMERA)) as mallory:
        assert mallory.keys
        for n in range(10_000):
            packet = word(n, 50_000 + n) if n % 2 else frame(n, key=True, ssrc=50_000 + n)
            packet.extensions[wire.MID] = (b"1", b"2", b"7", b"")[n % 4] or b"\0"
            mallory.send(packet.sealed(mallory.keys))
            if n % 50 == 0:
                await asyncio.sleep(0.005)  # so that they arrive


async def test_h15_numbers_and_clocks_that_leap_are_followed_within_two_seconds(product: Product) -> None:
    async with unharmed(product), film(product) as (mallory, mate):
        sequence, leaps = 0, (1, 30_000, 3, 20_000, 32_767, 500, 1, 65_000)
        for n, leap in enumerate(leaps * 2):
            sequence += leap
            for last in range(3):
                sequence += 1
                odd = (0, 2**32 - 1, 2**31, n * 3000)[n % 4]
                mallory.rtp(
                    wire.Rtp(
                        CAMERA,
                        sequence,
                        wire.picture(n, key=last == 0),
                        wire.VP8,
                        odd,
                        last == 2,
                        {wire.MID: b"2"},
                    )
                )
                report = struct.pack(
                    "!BBHIQIII", 0x80, 200, 6, CAMERA, random.getrandbits(64) * (n % 2), odd, 0, 0
                )
                mallory.rtcp(report)
            await asyncio.sleep(0.01)  # so that they arrive
        await _a_picture_comes(mallory, mate, sequence + 1)


async def test_h16_feedback_that_lies_makes_little_work_and_sends_nobody_more(product: Product) -> None:
    async with unharmed(product) as two, film(product) as (mallory, mate):
        await _a_picture_comes(mallory, mate, 0)
        seen, ours = Counted(mate), mate.streams[1] if len(mate.streams) > 1 else mate.streams[0]
        mallory.reports.clear()
        began, sent, answered = time.monotonic(), 0, 0
        lies = [*_feedback(mate.streams)]
        for n in range(100, 200):
            asked = key_requests(mallory)
            mallory.rtp(
                frame(n, key=n == 100 or asked > answered)
            )  # a camera that answers nothing is asked again sooner
            sent, answered = sent + 1, asked
            for lie in lies[n % 5 :: 5]:
                mate.rtcp(lie)
            mate.rtcp(wire.nack(ours, range(n * 17, n * 17 + 2000)))
            for stream in mate.streams:
                mate.rtcp(wire.pli(stream) * 20)
            await asyncio.sleep(0.02)  # the camera's pace
        took = time.monotonic() - began
        assert key_requests(mallory) <= took / 0.5 + 2, "a key frame is asked for twice a second"
        assert seen.packets <= 2 * sent + 100 + 40 * took, "once again, and probes, and no more"
        assert two.arrived


def _feedback(streams: list[int]) -> Iterator[bytes]:
    """Transport-wide: of 65,535 packets; of the future; arrived before they left. REMB of nothing and of all there is."""
    everything = struct.pack("!H", 0x2000 | 0x1FFF) * 8
    for base in (0, 1, 0x7FFF, 0xFFFF):
        for reference in (0, 1, 0x7FFFFF, 0xFFFFFF):
            yield wire.twcc(base, 0xFFFF, reference, everything, b"\1" * 600)
            yield wire.twcc(base, 14, reference, struct.pack("!H", 0xBFFF), b"\1" * 14)
            yield wire.twcc(base, 7, reference, struct.pack("!H", 0xD555 | 0x2AAA), b"\x80\0" * 7)
    for bits in (0, 1, 2**62, 2**63 - 1):
        yield wire.remb(bits, *streams)
    for kind in range(200, 208):
        for count in (0, 1, 4, 15, 31):
            yield wire.rtcp(kind, count, *streams, tail=os.urandom(40))
            yield wire.rtcp(201, 0) + struct.pack("!BBH", 0x80 | count, kind, 0xFFFF) + os.urandom(20)


async def test_h18_of_bad_chunks_floods_of_inits_and_leaps_nothing_comes(product: Product) -> None:
    async with unharmed(product, lines=2), liar(product, Manner(microphone=MIC)) as mallory:
        talk = sctp.Association(mallory)
        await talk.begin()
        talk.opens(0, b"_reliable")
        for n in range(300):
            mallory.sctp(sctp.packet(0, sctp.init(n + 1, window=1 << 30, streams=0xFFFF)))
            await asyncio.sleep(0.001)  # below what one may send
        for kind in range(256):
            for length in (None, 0, 3, 0xFFFF):
                talk.send(sctp.chunk(kind, 0xFF, os.urandom(kind % 40), length))
            await asyncio.sleep(0.002)  # below what one may send
        for leap in (1, 2**16, 2**31 - 1, 2**32 - 1):
            talk.send(sctp.chunk(sctp.FORWARD, 0, struct.pack("!IHH", (talk.tsn + leap) % 2**32, 0, 0xFFFF)))


async def test_h19_a_message_without_end_is_cut_and_what_was_of_it_is_gone(product: Product) -> None:
    async with unharmed(product, lines=2), liar(product, Manner(microphone=MIC)) as mallory:
        talk = sctp.Association(mallory)
        await talk.begin()
        talk.opens(0, b"_reliable")
        for n in range(LONG):
            talk.send(talk.data(0, sctp.BEGINS if n == 0 else sctp.MIDDLE, bytes(1000), number=1))
            if n % 20 == 0:
                await asyncio.sleep(0.02)  # below what one may send
        again = sctp.Association(mallory)
        for n in range(400):  # and one in crumbs
            crumbs = [talk.data(2, sctp.MIDDLE, b"x", number=1) for _ in range(40)]
            talk.send(*crumbs)
            if n % 8 == 0:
                await asyncio.sleep(0.05)  # below what one may send
        await asyncio.wait_for(again.begin(), 10)  # the old one was cut, another may begin


async def test_h22_a_thousand_layers_are_no_more_than_eight(product: Product) -> None:
    async with unharmed(product) as two:
        many = Manner(camera=CAMERA, rids=tuple(f"r{n}" for n in range(1000)))
        somebody = Participant(product, "mallory", "layers", many)
        await somebody.ask()
        await somebody.is_reached()
        await somebody.shake_hands()
        for n in range(1500):
            rid = f"r{n % 1000}" if n < 1000 else f"r{n % 3}"
            packet = frame(n, key=True, ssrc=9000 + n % 1000)
            packet.extensions[4] = rid.encode()
            somebody.rtp(packet)
            if n % 50 == 0:
                await asyncio.sleep(0.06)  # below what one may send
        assert key_requests(somebody) < 60
        assert two.arrived
        await somebody.leave()


async def test_h23_candidates_without_end_or_of_anywhere_are_never_dialled(product: Product) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as inner:
        inner.bind(("127.0.0.1", 0))
        inner.settimeout(1)
        port = inner.getsockname()[1]
        targets = (
            f"127.0.0.1 {port}",
            f"169.254.169.254 {port}",
            f"0.0.0.0 {port}",
            f"x.local {port}",
            "::1 53",
            "a b",
        )
        async with unharmed(product), liar(product, Manner(microphone=MIC)) as mallory:
            for n in range(400):
                await mallory.say(trickled(f"candidate:{n} 1 udp 2122260223 {targets[n % 6]} typ host"))
            lines = [f"a=candidate:{n} 1 udp 1 {targets[n % 6]} typ host" for n in range(5000)]
            await mallory.offers_again(mallory.offer() + "\r\n".join(lines) + "\r\n")
            for n in range(20):
                mallory.rtp(word(n))
            with pytest.raises(TimeoutError):
                await asyncio.to_thread(inner.recv, 2048)


async def test_h24_a_storm_of_restarts_keeps_nobody_and_the_storming_one_is_heard(product: Product) -> None:
    async with unharmed(product, lines=2), film(product) as (mallory, mate):
        for _ in range(60):
            mallory.ufrag, mallory.password = os.urandom(6).hex(), os.urandom(16).hex()
            await mallory.offers_again()
        await _a_picture_comes(mallory, mate, 0)
