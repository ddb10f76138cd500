"""At the media port: H1 to H10 of the threat model. Who has no key gets no answer, no state, and nobody's attention.

`FLOOD=200000` asks for the rate that a release has to bear; a machine that runs other tests beside is asked for less.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from OpenSSL import SSL

from tests.hostile import wire
from tests.hostile.bystanders import SPEAKER, Bystanders, busy, complaints, unharmed
from tests.hostile.participant import Manner, Participant, Refused, inside
from tests.product import Product

FLOOD = int(os.environ.get("FLOOD", "8000"))
"""Datagrams a second."""
FLOOD_S = 1.5
NOBODYS = "datagrams come that are nobody's"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """With one thread for everybody's media: the attacked and the others share it."""
    alone = {"FOLKMOOT_MEDIA__THREADS": "1"}
    product = Product(tmp_path_factory.mktemp("data"), "--dev", environment=alone)
    product.start()
    yield product
    product.stop()


@contextmanager
def stranger(address: str = "127.0.0.1") -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.bind((address, 0))
        made.settimeout(0.3)
        yield made


def hears_nothing(line: socket.socket) -> bool:
    try:
        return line.recv(2048) == b"never"
    except TimeoutError:
        return True


def flood(address: tuple[str, int], datagram: Callable[[int], bytes]) -> None:
    """At the rate, as evenly as it goes."""
    with stranger() as line:
        began, sent = time.monotonic(), 0
        while (passed := time.monotonic() - began) < FLOOD_S:
            while sent < passed * FLOOD:
                line.sendto(datagram(sent), address)
                sent += 1
            time.sleep(0.002)  # the pace of the flood


def hello(random_bytes: bytes = bytes(32), *, cut: slice = slice(None)) -> bytes:
    """A ClientHello as OpenSSL says it, under other random bytes."""
    said = bytearray(HELLO)
    said[27:59] = random_bytes
    return bytes(said)[cut]


def _first_flight() -> bytes:
    connection = SSL.Connection(SSL.Context(SSL.DTLS_METHOD))
    connection.set_connect_state()
    try:
        connection.do_handshake()
    except SSL.WantReadError:
        return connection.bio_read(4096)
    raise AssertionError("no handshake is over before it began")


HELLO = _first_flight()


def fragment(number: int, message: int, total: int, offset: int, length: int, content: bytes) -> bytes:
    """Of a handshake message, in a record of its own; what it says of itself need not be so."""
    head = b"\1" + struct.pack("!I", total)[1:] + struct.pack("!H", message)
    head += struct.pack("!I", offset)[1:] + struct.pack("!I", length)[1:]
    body = head + content
    return b"\x16\xfe\xfd\0\0" + struct.pack("!Q", number)[2:] + struct.pack("!H", len(body)) + body


def lies_in_stun(username: str) -> Iterator[bytes]:
    """Cut anywhere; lengths that lie; attributes without end; an address that is none."""
    whole = wire.check(username, "a password of somebody's")
    yield from (whole[:n] for n in range(len(whole)))
    for at in (2, 22, 24, 40):
        for lie in (0, 1, 3, 0x7FFF, 0xFFFF):
            yield whole[:at] + struct.pack("!H", lie) + whole[at + 2 :]
    for kind in (wire.USERNAME, wire.INTEGRITY, wire.XOR_MAPPED, 0x8022):
        yield wire.stun(1, bytes(12), wire.attribute(kind, b"\xff" * 60_000))
        yield wire.stun(1, bytes(12), wire.attribute(kind, b"") * 15_000)
    for mapped in (b"", b"\0", b"\0\1\0", b"\0\2" + bytes(5), b"\0\3" + bytes(40)):
        for kind in (1, 0x101, 0x111):
            yield wire.stun(kind, bytes(12), wire.attribute(wire.XOR_MAPPED, mapped))


async def test_h1_stun_that_lies_of_its_lengths_is_dropped(product: Product) -> None:
    async with unharmed(product) as two:
        name = f"{two.speaker.their_ufrag}:x"
        with stranger() as line:
            for username in (name, "nobody:x", "", ":" * 500):
                for datagram in lies_in_stun(username):
                    line.sendto(datagram, two.speaker.server)
            assert hears_nothing(line)
        for datagram in lies_in_stun(name):
            two.speaker.send(datagram)  # and where a client is known by its address


async def test_h2_a_flood_of_checks_costs_others_nothing_and_the_log_a_line(product: Product) -> None:
    async with unharmed(product, lines=1) as two:
        checks = [wire.check(f"{n:08x}:x", "p" * 24) for n in range(64)]
        await asyncio.to_thread(flood, two.speaker.server, lambda n: checks[n % 64])
        await two.listener.until(lambda: any(NOBODYS in line for line in complaints(product)), "a line", 8)


async def test_h3_a_check_under_a_wrong_password_or_name_is_not_answered_and_leaves_nothing(
    product: Product,
) -> None:
    async with unharmed(product) as two:
        ours, theirs = two.speaker.ufrag, two.speaker.their_ufrag
        with stranger() as line:
            for n in range(500):
                line.sendto(wire.check(f"{theirs}:{ours}", f"wrong{n:020}"), two.speaker.server)
                line.sendto(wire.check(f"{n:08}:{ours}", two.speaker.their_password), two.speaker.server)
                line.sendto(wire.check(f"{theirs}:{ours}", None), two.speaker.server)
            assert hears_nothing(line)
            line.sendto(wire.check(f"{theirs}:{ours}", two.speaker.their_password), two.speaker.server)
            assert line.recv(2048)[:2] == b"\1\1", "the right one would have been"


async def test_h4_nothing_is_reflected_and_media_goes_to_nobody_who_has_not_answered(
    product: Product,
) -> None:
    async with unharmed(product) as two:
        liar = two.listener
        heard = len(two.arrived)
        with stranger("127.0.0.3") as victim:  # whose address the liar writes on its checks
            sent = 0
            for _ in range(50):
                check = liar.check()
                sent += len(check)
                victim.sendto(check, liar.server)
                await asyncio.sleep(0.01)  # the pace of a client's checks, and a word of hers in between
            got = 0
            try:
                while True:
                    datagram = victim.recv(2048)
                    assert datagram[0] < 4, "media for somebody who has not asked for it"
                    got += len(datagram)
            except TimeoutError:
                pass
            assert 0 < got <= 3 * sent, (got, sent)
        assert len(two.arrived) > heard, "it is sent home all the while"


async def test_h5_a_hello_from_elsewhere_wins_no_race(product: Product) -> None:
    async with unharmed(product) as two:
        somebody = Participant(product, "cy", "race", Manner(microphone=1))
        await somebody.ask()
        with stranger("127.0.0.2") as racer:
            racing = asyncio.create_task(asyncio.to_thread(_races, racer, two.speaker.server))
            await somebody.is_reached()
            await somebody.shake_hands()
            await racing
            assert hears_nothing(racer)
        assert somebody.keys
        await somebody.leave()


def _races(line: socket.socket, address: tuple[str, int]) -> None:
    for n in range(2000):
        line.sendto(hello(random.randbytes(32)), address)
        if n % 100 == 0:
            time.sleep(0.001)  # the pace of the race


async def test_h6_fragments_of_nothing_over_each_other_or_past_the_end_are_dropped(product: Product) -> None:
    async with unharmed(product) as two:
        liar = Participant(product, "mallory", "fragments", Manner(microphone=1))
        await liar.ask()
        await liar.is_reached()
        luck, before = random.Random(7), busy(product)
        for n in range(2000):
            total = luck.choice((0, 1, 100, 0xFFFFFF))
            offset, length = luck.choice((0, 1, 99, 0xFFFFFE)), luck.choice((0, 1, 50, 0xFFFFFF))
            content = luck.randbytes(min(length, luck.randrange(200)))
            liar.send(fragment(n, luck.randrange(3), total, offset, length, content))
            if n % 50 == 0:
                await asyncio.sleep(0.005)  # so that they arrive
        assert busy(product) - before < 5, "it spins"
        await liar.leave()
        async with inside(product, "cy", "fragments", Manner(microphone=2)):
            assert two.arrived


async def test_h7_who_has_another_certificate_than_was_said_is_not_heard(product: Product) -> None:
    async with unharmed(product) as two:
        thief = Participant(
            product, "mallory", "stolen", Manner(microphone=1, fingerprint=":".join(["00"] * 32))
        )
        await thief.ask()
        async with inside(product, "mate", "stolen", Manner(hears=1)) as mate:
            heard: list[bytes] = []
            mate.received = lambda packet, _: heard.append(packet)
            await thief.is_reached()
            with contextlib.suppress(Refused):
                await thief.shake_hands()
            for n in range(50):
                if thief.keys:
                    thief.rtp(wire.Rtp(1, n, extensions={wire.MID: b"1"}))
                await asyncio.sleep(0.005)  # a word's pace, and faster
            assert two.arrived
            assert heard == []
        await thief.leave()


@pytest.mark.parametrize(
    "manner",
    [
        pytest.param(Manner(microphone=1, ciphers="AES128-SHA:AES256-SHA:@SECLEVEL=0"), id="h8-weak-ciphers"),
        pytest.param(Manner(microphone=1, ciphers="ALL:eNULL:@SECLEVEL=0", newest=0xFEFF), id="h8-dtls-1.0"),
        pytest.param(Manner(microphone=1, srtp="SRTP_AES128_CM_SHA1_32"), id="h8-short-tags"),
        pytest.param(Manner(microphone=1, srtp=""), id="h8-no-protection"),
    ],
)
async def test_h8_a_handshake_that_is_not_safe_is_none(product: Product, manner: Manner) -> None:
    async with unharmed(product) as two:
        somebody = Participant(product, "mallory", "unsafe", manner)
        somebody.patience = 2
        await somebody.ask()
        await somebody.is_reached()
        with pytest.raises(Refused):
            await somebody.shake_hands()
        somebody.send(wire.Rtp(1, 1).header() + b"clear" * 20)
        assert two.arrived
        await somebody.leave()


async def test_h9_fifty_thousand_half_open_handshakes_hold_nothing(product: Product) -> None:
    async with unharmed(product, lines=1) as two:
        liar = Participant(product, "mallory", "half-open", Manner(microphone=1))
        await liar.ask()
        await liar.is_reached()
        await asyncio.to_thread(_half_open, two, liar)
        await liar.leave()


def _half_open(two: Bystanders, liar: Participant) -> None:
    """Forty thousand of strangers; ten of one who has shown the password."""
    with stranger() as line:
        for n in range(50_000):
            said = hello(n.to_bytes(32, "big"))
            if n % 5:
                line.sendto(said, two.speaker.server)
            else:
                liar.send(said)
            if n % 200 == 0:
                time.sleep(0.002)  # the pace of the flood
        assert hears_nothing(line)


async def test_h10_a_flood_of_packets_that_open_under_no_key_is_dropped(product: Product) -> None:
    async with unharmed(product, lines=2) as two:
        packets = [wire.Rtp(SPEAKER, n).header() + random.randbytes(900) for n in range(32)]
        packets += [wire.pli(SPEAKER) + random.randbytes(40) for _ in range(32)]
        await asyncio.to_thread(flood, two.speaker.server, lambda n: packets[n % 64])
        # And from an address that is known.
        for n in range(4000):
            two.listener.send(packets[n % 64])
            if n % 50 == 0:
                await asyncio.sleep(0.001)  # so that they arrive
