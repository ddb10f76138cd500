"""The engine as Python sees it: its calls, refusals and news. Media has its own scenes in Rust."""

from __future__ import annotations

import select
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from folkmoot_engine import Engine, EngineError


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = Engine("127.0.0.1", 0, ["127.0.0.1"])
    yield engine
    engine.close()


@pytest.fixture
def by_tcp() -> Iterator[Engine]:
    engine = Engine("127.0.0.1", 0, ["127.0.0.1"], 0)
    yield engine
    engine.close()


def refusal(error: pytest.ExceptionInfo[EngineError]) -> str:
    assert error.value.message.endswith("."), "a refusal is a sentence"
    return error.value.code


def test_a_datagram_reaches_the_engine_and_comes_back(engine: Engine) -> None:
    [(transport, address, took)] = engine.probe()
    assert (transport, address) == ("udp", f"127.0.0.1:{engine.udp_port}")
    assert took is not None
    assert took < 1
    assert engine.tcp_port is None


def test_by_tcp_too_where_it_has_a_port_for_it(by_tcp: Engine) -> None:
    found = {(transport, address): took for transport, address, took in by_tcp.probe()}
    assert list(found) == [
        ("udp", f"127.0.0.1:{by_tcp.udp_port}"),
        ("tcp", f"127.0.0.1:{by_tcp.tcp_port}"),
    ]
    assert all(took is not None and took < 1 for took in found.values())


def test_an_address_that_is_not_ours_gives_no_echo() -> None:
    # 192.0.2.0/24 is for documentation: nobody answers there.
    engine = Engine("127.0.0.1", 0, ["192.0.2.1"])
    assert engine.probe(0.05) == [("udp", f"192.0.2.1:{engine.udp_port}", None)]
    engine.close()


@pytest.mark.parametrize(
    ("host", "port", "advertise", "code"),
    [
        ("nowhere", 0, ["127.0.0.1"], "engine.bad_address"),
        ("127.0.0.1", 0, ["localhost"], "engine.bad_address"),
        ("127.0.0.1", 0, [], "engine.no_address"),
        ("192.0.2.1", 0, ["192.0.2.1"], "engine.bind"),
    ],
)
def test_an_engine_that_cannot_start_says_why(host: str, port: int, advertise: list[str], code: str) -> None:
    with pytest.raises(EngineError) as error:
        Engine(host, port, advertise)
    assert refusal(error) == code


def test_a_port_in_use_is_refused(engine: Engine) -> None:
    with pytest.raises(EngineError) as error:
        Engine("127.0.0.1", engine.udp_port, ["127.0.0.1"])
    assert refusal(error) == "engine.bind"


def test_a_tcp_port_in_use_is_refused_and_takes_no_udp_port_along(by_tcp: Engine) -> None:
    with pytest.raises(EngineError, match=f"TCP port {by_tcp.tcp_port} of 127.0.0.1") as error:
        Engine("127.0.0.1", 0, ["127.0.0.1"], by_tcp.tcp_port)
    assert refusal(error) == "engine.bind"


def test_who_is_not_reached_by_udp_is_told_of_tcp_alone(engine: Engine, by_tcp: Engine) -> None:
    def transports(at: Engine, connection: int) -> list[str]:
        lines = at.create_offer(connection).splitlines()
        return [line.split(" ")[2] for line in lines if line.startswith("a=candidate:")]

    peer = by_tcp.open_peer(by_tcp.open_room(), "alice", "PA_alice", True)
    assert transports(by_tcp, by_tcp.open_connection(peer, "subscriber")) == ["udp", "tcp"]
    by_tcp.use_tcp(peer)
    assert transports(by_tcp, by_tcp.open_connection(peer, "subscriber")) == ["tcp"]
    peer = engine.open_peer(engine.open_room(), "alice", "PA_alice", True)
    with pytest.raises(EngineError) as error:
        engine.use_tcp(peer)
    assert refusal(error) == "engine.no_tcp"


def test_unknown_handles_are_refused(engine: Engine) -> None:
    calls: dict[str, list[Callable[[], object]]] = {
        "engine.unknown_room": [
            lambda: engine.open_peer(7, "a", "PA_a", True),
            lambda: engine.send_data(7, None, True, b""),
        ],
        "engine.unknown_peer": [
            lambda: engine.open_connection(7, "single"),
            lambda: engine.set_can_publish_data(7, True),
        ],
        "engine.unknown_connection": [
            lambda: engine.accept_offer(7, "", {}),
            lambda: engine.create_offer(7),
            lambda: engine.accept_answer(7, ""),
            lambda: engine.add_candidate(7, ""),
            lambda: engine.negotiation(7),
            lambda: engine.publish(7, "0", "TR_a", "camera"),
            lambda: engine.subscribe(7, 7),
        ],
        "engine.unknown_track": [lambda: engine.set_muted(7, True), lambda: engine.never_replay(7)],
        "engine.unknown_subscription": [lambda: engine.configure_subscription(7, True, 2)],
    }
    for code, acts in calls.items():
        for act in acts:
            with pytest.raises(EngineError) as error:
                act()
            assert refusal(error) == code


def test_closing_closes_what_hangs_on_it_and_may_be_repeated(engine: Engine) -> None:
    room = engine.open_room()
    peer = engine.open_peer(room, "alice", "PA_alice", True)
    connection = engine.open_connection(peer, "single")
    assert engine.stats()["connections"] == 1
    for _ in range(2):
        engine.close_room(room)
        engine.close_peer(peer)
        engine.close_connection(connection)
        engine.unpublish(99)
        engine.unsubscribe(99)
    stats = engine.stats()
    assert (stats["rooms"], stats["peers"], stats["connections"]) == (0, 0, 0)


def test_a_description_that_is_none_is_refused_and_harms_nothing(engine: Engine) -> None:
    peer = engine.open_peer(engine.open_room(), "alice", "PA_alice", True)
    connection = engine.open_connection(peer, "publisher")
    for sdp in ("", "v=0", "\0" * 100, "v=0\r\n" * 1000, "x" * 1_000_000):
        with pytest.raises(EngineError) as error:
            engine.accept_offer(connection, sdp, {})
        assert refusal(error) == "engine.bad_sdp"
    assert engine.stats()["connections"] == 1


def test_offers_come_from_the_side_whose_role_it_is(engine: Engine) -> None:
    peer = engine.open_peer(engine.open_room(), "alice", "PA_alice", True)
    with pytest.raises(EngineError) as error:
        engine.open_connection(peer, "spectator")
    assert refusal(error) == "engine.bad_role"
    subscriber = engine.open_connection(peer, "subscriber")
    publisher = engine.open_connection(peer, "publisher")
    acts: list[Callable[[], object]] = [
        lambda: engine.accept_offer(subscriber, "v=0\r\n", {}),
        lambda: engine.create_offer(publisher),
        lambda: engine.accept_answer(publisher, "v=0\r\n"),
    ]
    for act in acts:
        with pytest.raises(EngineError) as error:
            act()
        assert refusal(error) == "engine.wrong_role"


def test_our_offer_names_our_address_and_leaves_the_handshake_to_the_client(engine: Engine) -> None:
    peer = engine.open_peer(engine.open_room(), "alice", "PA_alice", True)
    subscriber = engine.open_connection(peer, "subscriber")
    assert engine.negotiation(subscriber).needed
    offer = engine.create_offer(subscriber)
    lines = offer.split("\r\n")
    assert "a=ice-lite" in lines
    assert "a=setup:passive" in lines
    assert "a=end-of-candidates" in lines
    assert any("typ host" in line and f" 127.0.0.1 {engine.udp_port} " in line for line in lines)


def test_candidates_are_taken_and_bounded(engine: Engine) -> None:
    peer = engine.open_peer(engine.open_room(), "alice", "PA_alice", True)
    connection = engine.open_connection(peer, "single")
    for _ in range(256):
        engine.add_candidate(connection, "candidate:1 1 udp 1 192.0.2.1 9 typ host")
    with pytest.raises(EngineError) as error:
        engine.add_candidate(connection, "candidate:1 1 udp 1 192.0.2.1 9 typ host")
    assert refusal(error) == "engine.too_many_candidates"


def test_nothing_has_happened_yet(engine: Engine) -> None:
    assert engine.drain() == []
    readable, _, _ = select.select([engine.fileno()], [], [], 0)
    assert readable == []


def test_a_closed_engine_refuses_and_frees_its_port() -> None:
    engine = Engine("127.0.0.1", 0, ["127.0.0.1"])
    engine.close()
    engine.close()
    assert engine.drain() == []
    with pytest.raises(EngineError) as error:
        engine.open_room()
    assert refusal(error) == "engine.closed"
    Engine("127.0.0.1", engine.udp_port, ["127.0.0.1"]).close()


def test_ipv4_and_ipv6_share_a_port() -> None:
    if not Path("/proc/net/if_inet6").exists():
        pytest.skip("this machine has no IPv6")
    engine = Engine("::", 0, ["127.0.0.1", "::1"], 0)
    assert all(took is not None for *_, took in engine.probe())
    engine.close()
