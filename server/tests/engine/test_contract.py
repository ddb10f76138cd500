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
    assert engine.last_message(peer) == 0
    engine.set_away(peer, True)
    engine.set_away(peer, False)
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


def test_a_peer_outlives_the_room_that_it_was_taken_from(engine: Engine) -> None:
    here, there = engine.open_room(), engine.open_room()
    peer = engine.open_peer(here, "alice", "PA_alice", True)
    connection = engine.open_connection(peer, "single")
    with pytest.raises(EngineError):
        engine.move_peer(peer, 4711, "PA_x")
    with pytest.raises(EngineError):
        engine.forward_peer(peer, 4711, True)
    engine.forward_peer(peer, there, True)
    engine.forward_peer(peer, there, False)
    engine.move_peer(peer, there, "PA_there")
    engine.close_room(here)
    assert not engine.negotiation(connection).missing_audio
    engine.close_room(there)
    with pytest.raises(EngineError):
        engine.negotiation(connection)


def test_unknown_handles_are_refused(engine: Engine) -> None:
    for call in (
        lambda: engine.open_peer(4711, "alice", "PA_alice", True),
        lambda: engine.open_connection(4711, "single"),
        lambda: engine.use_tcp(4711),
        lambda: engine.last_message(4711),
        lambda: engine.set_away(4711, True),
        lambda: engine.move_peer(4711, 4712, "PA_x"),
        lambda: engine.forward_peer(4711, 4712, True),
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


TRANSPORT = (
    "c=IN IP4 0.0.0.0\r\na=ice-ufrag:CLNT\r\na=ice-pwd:cccccccccccccccccccccccc\r\n"
    f"a=fingerprint:sha-256 {':'.join(['AB'] * 32)}\r\na=setup:active\r\na=rtcp-mux\r\n"
)


def described(*sections: str) -> str:
    names = " ".join(str(n) for n in range(len(sections)))
    head = f"v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE {names}\r\n"
    return head + "".join(section + f"a=mid:{n}\r\n" + TRANSPORT for n, section in enumerate(sections))


def video(direction: str, *codecs: tuple[int, str], track: str = "") -> str:
    numbers = " ".join(str(number) for number, _ in codecs)
    lines = [f"m=video 9 UDP/TLS/RTP/SAVPF {numbers}", f"a={direction}"]
    lines += [f"a=rtpmap:{number} {codec}/90000" for number, codec in codecs]
    lines += [f"a=msid:stream {track}"] if track else []
    return "".join(line + "\r\n" for line in lines)


DATA = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=sctp-port:5000\r\n"


def published(engine: Engine, room: int) -> tuple[int, int]:
    """A track in H.264, `TR_h`, and one in VP8, `TR_v`."""
    connection = engine.open_connection(engine.open_peer(room, "alice", "PA_alice", True), "single")
    h264, vp8 = (
        video("sendonly", (97, "H264"), track="cam"),
        video("sendonly", (96, "VP8"), track="screen"),
    )
    assert engine.accept_offer(connection, described(h264, vp8), {}).refused == []
    return (
        engine.publish(connection, "0", "TR_h", "camera"),
        engine.publish(connection, "1", "TR_v", "screen_share"),
    )


def test_a_track_that_a_single_connection_cannot_decode_is_refused_once_and_again_when_wanted_anew(
    engine: Engine,
) -> None:
    room = engine.open_room()
    cam, screen = published(engine, room)
    bob = engine.open_connection(engine.open_peer(room, "bob", "PA_bob", True), "single")
    offer = described(video("recvonly", (96, "VP8")))
    engine.accept_offer(bob, offer, {})
    given_up = engine.subscribe(bob, cam)
    assert (engine.negotiation(bob).needed, engine.negotiation(bob).missing_video) == (True, 0)
    engine.subscribe(bob, screen)
    answer = engine.accept_offer(bob, offer, {})
    assert (answer.refused, answer.mid_to_track) == (["TR_h"], {"0": "TR_v"})
    assert not engine.negotiation(bob).needed
    assert engine.accept_offer(bob, offer, {}).refused == []
    engine.unsubscribe(given_up)
    assert not engine.negotiation(bob).needed, "the client knew nothing of it"
    engine.subscribe(bob, cam)
    both = described(video("recvonly", (96, "VP8")), video("recvonly", (96, "VP8"), (97, "H264")))
    answer = engine.accept_offer(bob, both, {})
    assert (answer.refused, answer.mid_to_track) == ([], {"0": "TR_v", "1": "TR_h"})


def test_a_track_whose_codec_an_answer_leaves_out_is_refused_once(engine: Engine) -> None:
    room = engine.open_room()
    cam, screen = published(engine, room)
    bob = engine.open_connection(engine.open_peer(room, "bob", "PA_bob", True), "subscriber")
    given_up = engine.subscribe(bob, cam)
    engine.create_offer(bob)
    kept = video("recvonly", (96, "VP8"))
    assert engine.accept_answer(bob, described(DATA, kept)).refused == ["TR_h"]
    engine.unsubscribe(given_up)
    assert engine.negotiation(bob).needed, "the client knows of its section"
    engine.create_offer(bob)
    assert engine.accept_answer(bob, described(DATA, kept.replace("recvonly", "inactive"))).refused == []
    assert not engine.negotiation(bob).needed
    engine.subscribe(bob, screen)
    engine.create_offer(bob)
    assert engine.accept_answer(bob, described(DATA, kept)).refused == []
    assert not engine.negotiation(bob).needed


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


def in_two_codecs(engine: Engine, room: int) -> tuple[int, int]:
    """A track `TR_two` in H.264 that can be had in VP8, and its publisher's connection, which has a section for that."""
    connection = engine.open_connection(engine.open_peer(room, "alice", "PA_alice", True), "single")
    first, second = (
        video("sendonly", (97, "H264"), track="cam"),
        video("sendonly", (96, "VP8"), track="more"),
    )
    engine.accept_offer(connection, described(first, second), {})
    return engine.publish(connection, "0", "TR_two", "camera", "video/VP8"), connection


def test_who_lacks_a_tracks_first_codec_is_given_a_place_for_its_backup(engine: Engine) -> None:
    room = engine.open_room()
    track, _ = in_two_codecs(engine, room)
    for codecs, in_backup in (([(96, "VP8")], ["TR_two"]), ([(96, "VP8"), (97, "H264")], [])):
        bob = engine.open_connection(engine.open_peer(room, "bob", "PA_bob", True), "single")
        engine.subscribe(bob, track)
        answer = engine.accept_offer(bob, described(video("recvonly", *codecs)), {})
        assert (answer.refused, answer.mid_to_track) == ([], {"0": "TR_two"})
        assert answer.in_backup == in_backup
        two = engine.open_connection(engine.open_peer(room, "cy", "PA_cy", True), "subscriber")
        engine.subscribe(two, track)
        engine.create_offer(two)
        kept = video("recvonly", *((96 if name == "VP8" else 125, name) for _, name in codecs))
        accepted = engine.accept_answer(two, described(DATA, kept))
        assert (accepted.refused, accepted.in_backup) == ([], in_backup)


def test_who_has_neither_codec_is_refused(engine: Engine) -> None:
    room = engine.open_room()
    track, _ = in_two_codecs(engine, room)
    bob = engine.open_connection(engine.open_peer(room, "bob", "PA_bob", True), "single")
    engine.subscribe(bob, track)
    answer = engine.accept_offer(bob, described(video("recvonly", (98, "VP9"))), {})
    assert (answer.refused, answer.in_backup, answer.mid_to_track) == (["TR_two"], [], {})


def test_a_backup_comes_in_on_a_section_of_its_own_and_goes_again(engine: Engine) -> None:
    track, _ = in_two_codecs(engine, engine.open_room())
    with pytest.raises(EngineError):
        engine.publish_backup(track, "7", True)
    engine.publish_backup(track, "1", True)
    engine.drop_backup(track)
    engine.publish_backup(track, "1", False)
    engine.unpublish(track)
    with pytest.raises(EngineError):
        engine.publish_backup(track, "1", True)
    with pytest.raises(EngineError):
        engine.drop_backup(track)
