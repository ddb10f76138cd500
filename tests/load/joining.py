"""What the room's logic costs for one more who comes: CPU of Python alone, with an engine that does nothing.

    python -m tests.load.joining [--people 100 200 400]

Each comes with microphone and camera in its first offer, connects, and its timers pass; the figure is the median of the last
twenty, and the whole of closing the room. CPU time, so a busy machine adds little. That it doesn't grow with the crowd where it
needn't is held by counts, not by a clock: `server/tests/rooms/test_crowds.py`, `tests/load/test_joining.py`.
"""

from __future__ import annotations

import argparse
import logging
import statistics
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, cast

import structlog

from folkmoot.engine import port
from folkmoot.kit import ManualClock
from folkmoot.protocol.joining import Client, Joining
from folkmoot.protocol.requests import AddTrack, Offer
from folkmoot.protocol.responses import Message
from folkmoot.protocol.tokens import Claims, Keys, VideoGrant
from folkmoot.protocol.values import Kind, Layer, Source
from folkmoot.rooms.live import Rooms

LAYERS = (Layer(0, 320, 180), Layer(1, 640, 360), Layer(2, 1280, 720))
TRACKS = (
    AddTrack("mic", Kind.AUDIO, Source.MICROPHONE),
    AddTrack("cam", Kind.VIDEO, Source.CAMERA, layers=LAYERS),
)


@dataclass(frozen=True)
class Section:
    mid: str
    kind: str
    track_id: str
    codecs: list[str]
    rids: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Answer:
    sdp: str = "v=0\r\n"
    mid_to_track: dict[str, str] = field(default_factory=dict)
    receiving: tuple[Section, ...] = (
        Section("1", "audio", "mic", ["audio/opus"]),
        Section("2", "video", "cam", ["video/VP8"], ["q", "h", "f"]),
    )
    refused: list[str] = field(default_factory=list)
    in_backup: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Negotiation:
    needed: bool = False
    missing_audio: int = 0
    missing_video: int = 0


class Nothing:
    """An engine in name: each call is answered, none does anything."""

    def __init__(self) -> None:
        self._handles = 0

    def __getattr__(self, name: str) -> Any:
        def call(*_: Any) -> int:
            self._handles += 1
            return self._handles

        setattr(self, name, call)
        return call

    def accept_offer(self, *_: Any) -> port.Answer:
        return Answer()

    def negotiation(self, _: int) -> port.Negotiation:
        return Negotiation()


class Sink:
    def send(self, message: Message) -> None:
        assert message.binary

    def hang_up(self) -> None:
        pass


@dataclass
class Crowd:
    """A room that fills."""

    auto_subscribe: bool
    clock: ManualClock = field(default_factory=ManualClock)
    people: int = 0

    def __post_init__(self) -> None:
        keys = Keys({"key": "s" * 32}, self.clock)
        self.rooms = Rooms(cast(port.Engine, Nothing()), keys, self.clock)

    def comes(self) -> None:
        """One more, who is heard and seen."""
        self.people += 1
        claims = Claims("key", f"p{self.people}", name="Somebody", video=VideoGrant("room", True))
        wanted = Joining(
            Client("js", "2", 17),
            single=True,
            auto_subscribe=self.auto_subscribe,
            adaptive_stream=True,
            add_tracks=TRACKS,
            offer=Offer("v=0\r\n", 1),
        )
        sid = self.rooms.join(claims, wanted, Sink())
        assert isinstance(sid, str)
        room = self.rooms.room("room")
        me = room.by_sid(sid) if room else None
        assert me is not None
        self.rooms.engine_events([("connected", me.primary)])
        self.clock.advance(0.01)
        self.rooms.tick()


def measured(people: int, *, auto_subscribe: bool) -> tuple[float, float]:
    """Milliseconds for one of the last twenty, and for closing the room."""
    crowd, each = Crowd(auto_subscribe), []
    for _ in range(people):
        began = time.process_time()
        crowd.comes()
        each.append(time.process_time() - began)
    began = time.process_time()
    crowd.rooms.close_all()
    return 1000 * statistics.median(each[-20:]), 1000 * (time.process_time() - began)


def calls_of(people: int, *, auto_subscribe: bool) -> int:
    """How many functions are called for the last who comes: what a busy machine doesn't change."""
    crowd, calls = Crowd(auto_subscribe), Counter[str]()
    for _ in range(people - 1):
        crowd.comes()
    sys.setprofile(lambda _, event, __: calls.update((event,)))
    try:
        crowd.comes()
    finally:
        sys.setprofile(None)
    return calls["call"] + calls["c_call"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--people", type=int, nargs="+", default=[100, 200, 400])
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    for people in parser.parse_args().people:
        for auto in (False, True):
            one, close = measured(people, auto_subscribe=auto)
            how = "everybody receives everybody" if auto else "nobody receives anybody yet"
            print(f"{people} people, {how}: {one:.2f} ms for one more, {close:.0f} ms to close")


if __name__ == "__main__":
    main()
