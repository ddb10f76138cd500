"""The Go SDK (its core is pion), unmodified: codecs that no browser sends by itself, people moved and forwarded, methods, limits, trouble.

Each person is a process of `tests/network/client`, which does what a line says and tells what happens to it.
"""

from __future__ import annotations

import json
import queue
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.network.matrix import built
from tests.product import DEV_SECRET, Product

pytestmark = [
    pytest.mark.skipif(shutil.which("go") is None, reason="needs Go for LiveKit's Go client"),
    pytest.mark.timeout(600),  # of the first, in which the client is built: on a new machine, from nothing
]
WITHIN_S = 30.0


class Gopher:
    def __init__(self, program: Path, product: Product, identity: str, room: str, *flags: str) -> None:
        self.identity = identity
        self.told: queue.Queue[dict[str, str]] = queue.Queue()
        self.unread: list[dict[str, str]] = []
        token = product.token(identity, room)
        self.process = subprocess.Popen(
            [program, "-url", product.signal_url, "-person", token, *flags],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
        )  # fmt: skip
        threading.Thread(target=self._listens, daemon=True).start()

    def _listens(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.told.put(json.loads(line))

    def does(self, *words: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(" ".join(words) + "\n")

    def tells(self, what: str, **about: str) -> dict[str, str]:
        """The next event of that kind, whatever else came before it."""
        wanted, until = {"what": what, **about}, time.monotonic() + WITHIN_S
        for one in self.unread:
            if wanted.items() <= one.items():
                self.unread.remove(one)
                return one
        while True:
            try:
                one = self.told.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"{self.identity} doesn't tell {wanted}; but {self.unread}") from None
            if wanted.items() <= one.items():
                return one
            self.unread.append(one)

    def forgets(self) -> None:
        """What is told from here on came later."""
        self.unread.clear()
        while not self.told.empty():
            self.told.get_nowait()

    def ends(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


Comes = Callable[..., Gopher]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("go"))


@pytest.fixture
def comes(program: Path, product: Product) -> Iterator[Comes]:
    """`comes("ada", "room", "-offers", "red")` is in the room; gone when the scene ends."""
    with ExitStack() as all_:

        def come(identity: str, room: str, *flags: str) -> Gopher:
            gopher = Gopher(program, product, identity, room, *flags)
            all_.callback(gopher.ends)
            gopher.tells("in", said=room)
            return gopher

        yield come


Body = dict[str, object]


def ask(product: Product, method: str, at: str, may: Body, body: Body) -> httpx.Response:
    """The server API, by who may so much in that room."""
    token = product.token("server", at, secret=DEV_SECRET, **may)
    return httpx.post(
        f"{product.address}twirp/livekit.RoomService/{method}",
        json=body, headers={"Authorization": f"Bearer {token}"}, timeout=30,
    )  # fmt: skip


def asks(product: Product, method: str, at: str, may: Body, body: Body) -> Any:
    answer = ask(product, method, at, may, body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_voice_that_says_each_word_twice_is_heard_by_who_knows_it_once(comes: Comes) -> None:
    ada = comes("ada", "go-red", "-offers", "red")
    hearers = comes("bo", "go-red"), comes("cai", "go-red", "-single")
    ada.does("sings", "red")
    for one in hearers:
        heard = one.tells("hears", of="ada")
        assert (heard["mime"], heard["said"]) == ("audio/opus", "once")


# This client has one payload type for baseline and main, so nobody offers both.
PROFILES = [("baseline", "42", "baseline,high"), ("main", "4d", "main"), ("high", "64", "baseline,high")]


@pytest.mark.parametrize(("profile", "idc", "offered"), PROFILES)
def test_a_profile_of_h264_comes_as_it_was_sent_with_its_parameter_sets(
    comes: Comes, profile: str, idc: str, offered: str
) -> None:
    room, offers = f"go-h264-{profile}", ("-offers", offered)
    ada, bo = comes("ada", room, *offers), comes("bo", room, *offers)
    ada.does("films", profile)
    seen = bo.tells("sees", of="ada")
    assert seen["said"] == idc and f"profile-level-id={idc}" in seen["line"]
    # who comes late has them too
    assert comes("cai", room, *offers).tells("sees", of="ada")["said"] == idc


@pytest.mark.parametrize("flags", [(), ("-single",)], ids=["two-connections", "one-connection"])
def test_somebody_is_moved_and_heard_where_they_are(
    product: Product, comes: Comes, flags: tuple[str, ...]
) -> None:
    here, there = "go-here" + "".join(flags), "go-there" + "".join(flags)
    ada, bo, eve = comes("ada", here, *flags), comes("bo", here), comes("eve", there, *flags)
    ada.does("sings")
    eve.does("sings")
    bo.tells("hears", of="ada")
    may: Body = {"roomAdmin": True, "destinationRoom": there}
    wanted: Body = {"room": here, "identity": "ada", "destination_room": there}
    elsewhere = ask(product, "MoveParticipant", here, {**may, "destinationRoom": "another"}, wanted)
    assert elsewhere.status_code == 401, "who may take people to another room may not take them here"
    asks(product, "MoveParticipant", here, may, wanted)
    ada.tells("moved", said=there)
    bo.tells("went", of="ada")
    eve.tells("hears", of="ada")
    ada.tells("hears", of="eve")
    ada.does("says", "here-I-am")
    eve.tells("data", of="ada", said="here-I-am")
    gone = ask(product, "MoveParticipant", here, may, wanted)
    assert gone.status_code == 404, "it isn't there any more"


def test_somebody_is_forwarded_and_stays_where_they_are(product: Product, comes: Comes) -> None:
    here, there = "go-stage", "go-overflow"
    ada, bo, eve = (comes(name, room) for name, room in (("ada", here), ("bo", here), ("eve", there)))
    ada.does("sings")
    bo.tells("hears", of="ada")
    wanted: Body = {"room": here, "identity": "ada", "destination_room": there}
    asks(product, "ForwardParticipant", here, {"roomAdmin": True, "destinationRoom": there}, wanted)
    eve.tells("hears", of="ada")
    bo.forgets()
    bo.tells("hears", of="ada")
    ada.does("says", "to-all")
    for one in (bo, eve):
        one.tells("data", of="ada", said="to-all")
    asks(product, "RemoveParticipant", there, {"roomAdmin": True}, {"room": there, "identity": "ada"})
    eve.tells("went", of="ada")
    bo.forgets()
    bo.tells("hears", of="ada")


def test_a_method_is_called_by_the_server_and_by_somebody(product: Product, comes: Comes) -> None:
    ada, bo = comes("ada", "go-rpc"), comes("bo", "go-rpc")
    ada.does("serves", "greet")
    ada.does("says", "ready")
    bo.tells("data", said="ready")
    bo.does("calls", "ada", "greet", "bo")
    bo.tells("answered", of="ada", said="hello, bo")
    may: Body = {"roomAdmin": True}
    wanted: Body = {"room": "go-rpc", "destination_identity": "ada", "method": "greet", "payload": "you"}
    assert asks(product, "PerformRpc", "go-rpc", may, wanted) == {"payload": "hello, you"}
    unknown = ask(product, "PerformRpc", "go-rpc", may, {**wanted, "method": "leave"})
    assert unknown.json()["msg"].startswith("RpcError 1400")


def test_a_room_that_is_full_says_so_and_takes_the_next_when_one_goes(
    product: Product, program: Path, comes: Comes
) -> None:
    room = "go-full"
    asks(product, "CreateRoom", room, {"roomCreate": True}, {"name": room, "max_participants": 1})
    ada = comes("ada", room)
    refused = Gopher(program, product, "bo", room)
    assert "full" in refused.tells("refused")["said"]
    refused.ends()
    ada.ends()
    comes("bo", room)


TROUBLE = ("signal", "migration", "node")  # this client knows no TCP, which is what we have of TLS


@pytest.mark.parametrize("trouble", TROUBLE)
def test_who_is_in_trouble_is_heard_again(comes: Comes, trouble: str) -> None:
    room = f"go-{trouble}"
    ada, bo = comes("ada", room), comes("bo", room)
    for one, other in ((ada, bo), (bo, ada)):
        one.does("sings")
        other.tells("hears", of=one.identity)
    ada.does("simulates", trouble)
    ada.tells("back")
    for one in (ada, bo):
        one.forgets()
    bo.tells("hears", of="ada")
    ada.tells("hears", of="bo")
    ada.does("says", "here-again")
    bo.tells("data", of="ada", said="here-again")


def test_who_is_said_to_speak_speaks_and_who_is_told_to_leave_leaves(comes: Comes) -> None:
    ada, bo = comes("ada", "go-told"), comes("bo", "go-told")
    ada.does("simulates", "speaker")
    bo.tells("speaks", of="ada")
    ada.does("simulates", "leave")
    bo.tells("went", of="ada")
    ada.tells("out")
