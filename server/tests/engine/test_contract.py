"""One suite for every engine: the fake always, the Rust wheel where it is installed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from folkmoot.engine import Engine, EngineError, read_event
from folkmoot.engine.fake import FakeEngine
from folkmoot.engine.native import open_engine


@pytest.fixture(params=["fake", "native"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    if request.param == "native":
        pytest.importorskip("folkmoot_engine")
        made: Engine = open_engine("127.0.0.1", 0, ["127.0.0.1"], 0)
    else:
        made = FakeEngine()
    yield made
    made.close()


def test_rooms_peers_and_connections_open_and_close(engine: Engine) -> None:
    room = engine.open_room()
    peer = engine.open_peer(room, "alice", "PA_alice", True)
    connections = {engine.open_connection(peer, role) for role in ("single", "publisher", "subscriber")}
    assert len(connections) == 3
    for connection in connections:
        assert not engine.negotiation(connection).missing_audio
    engine.set_can_publish_data(peer, False)
    engine.use_tcp(peer)
    engine.use_tcp(peer)
    engine.close_connection(connections.pop())
    engine.close_peer(peer)
    engine.close_peer(peer)
    engine.close_room(room)
    engine.close_room(room)


def test_closing_a_peer_closes_what_hangs_on_it(engine: Engine) -> None:
    room = engine.open_room()
    peer = engine.open_peer(room, "alice", "PA_alice", True)
    connection = engine.open_connection(peer, "single")
    engine.close_peer(peer)
    with pytest.raises(EngineError):
        engine.negotiation(connection)


def test_unknown_handles_are_refused(engine: Engine) -> None:
    for call in (
        lambda: engine.open_peer(4711, "alice", "PA_alice", True),
        lambda: engine.open_connection(4711, "single"),
        lambda: engine.use_tcp(4711),
        lambda: engine.accept_offer(4711, "v=0\r\n", {}),
        lambda: engine.create_offer(4711),
        lambda: engine.publish(4711, "0", "TR_x", "camera"),
        lambda: engine.subscribe(4711, 4711),
        lambda: engine.negotiation(4711),
    ):
        with pytest.raises(EngineError):
            call()


def test_a_session_description_that_cannot_be_is_refused(engine: Engine) -> None:
    peer = engine.open_peer(engine.open_room(), "alice", "PA_alice", True)
    connection = engine.open_connection(peer, "single")
    with pytest.raises(EngineError):
        engine.accept_offer(connection, "nonsense", {})


def test_an_answer_that_nobody_awaits_is_refused(engine: Engine) -> None:
    peer = engine.open_peer(engine.open_room(), "alice", "PA_alice", True)
    connection = engine.open_connection(peer, "subscriber")
    with pytest.raises(EngineError):
        engine.accept_answer(connection, "v=0\r\n")


def test_a_subscriber_connection_can_offer_before_it_has_any_track(engine: Engine) -> None:
    peer = engine.open_peer(engine.open_room(), "alice", "PA_alice", True)
    connection = engine.open_connection(peer, "subscriber")
    offer = engine.create_offer(connection)
    assert offer.startswith("v=0\r\n")
    assert engine.create_offer(connection) == offer, "one offer is out at a time"
    assert not engine.negotiation(connection).needed


def test_nothing_happened_drains_to_nothing(engine: Engine) -> None:
    assert engine.fileno() >= 0
    assert engine.drain() == []
    assert all(isinstance(v, int | float) for v in engine.stats().values())


def test_an_event_newer_than_us_is_ignored() -> None:
    assert read_event(("event_of_tomorrow", 1, 2)) is None
