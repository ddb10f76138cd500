"""The door itself: refusals before the upgrade, framing, pings, slow and silent clients."""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from livekit.protocol import rtc
from starlette.applications import Starlette
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect

from folkmoot.engine.fake import FakeEngine
from folkmoot.kit import ManualClock
from folkmoot.protocol import responses
from folkmoot.protocol.tokens import Claims, Keys, VideoGrant
from folkmoot.protocol.values import Permission
from folkmoot.rooms.live import Rooms
from folkmoot.rooms.turnstile import Turnstile
from folkmoot.signalling import collapse_slashes, routes, session
from folkmoot.signalling.outbox import MOST_BYTES, Outbox

SECRET = "the-secret-of-this-server-0123456789"


class House:
    def __init__(self, turnstile: Turnstile | None = None) -> None:
        self.clock = ManualClock()
        self.engine = FakeEngine()
        self.keys = Keys({"devkey": SECRET}, self.clock)
        self.rooms = Rooms(self.engine, self.keys, self.clock)
        app = Starlette(routes=routes(self.rooms, self.keys, self.clock, turnstile or Turnstile()))
        self.client = TestClient(collapse_slashes(app))

    def token(
        self,
        identity: str = "alice",
        room: str = "room",
        *,
        join: bool = True,
        secret: str = SECRET,
        own_metadata: bool = False,
    ) -> str:
        may = Permission(can_update_metadata=own_metadata)
        claims = Claims("devkey", identity, video=VideoGrant(room, join, permission=may))
        return Keys({"devkey": secret}, self.clock).mint(claims, timedelta(minutes=5))

    def refused(self, path: str) -> tuple[int, str]:
        with pytest.raises(WebSocketDenialResponse) as refusal, self.client.websocket_connect(path):
            pass
        return refusal.value.status_code, refusal.value.text


@pytest.fixture
def house() -> Iterator[House]:
    made = House()
    with made.client:  # one loop for all
        yield made
    made.engine.close()


class NobodysTurn(Turnstile):
    async def turn(self, *args: Any, **kwargs: Any) -> bool:
        return False


@pytest.fixture
def crowded() -> Iterator[House]:
    made = House(NobodysTurn())
    with made.client:
        yield made
    made.engine.close()


def packed(*, compress: bool = True, **fields: Any) -> str:
    request = rtc.JoinRequest(**fields).SerializeToString()
    wrapped = rtc.WrappedJoinRequest(
        compression=rtc.WrappedJoinRequest.Compression.GZIP if compress else 0,  # type: ignore[arg-type]
        join_request=gzip.compress(request) if compress else request,
    )
    return base64.urlsafe_b64encode(wrapped.SerializeToString()).decode().rstrip("=")


def receive(socket: Any) -> rtc.SignalResponse:
    return rtc.SignalResponse.FromString(socket.receive_bytes())


def read_to_the_end(socket: Any) -> None:
    while True:
        socket.receive_bytes()


def test_a_client_of_the_newer_path_joins_with_a_packed_request(house: House) -> None:
    offer = rtc.SessionDescription(type="offer", sdp="v=0\r\nm=audio 9 x 111\r\na=recvonly\r\n", id=1)
    query = packed(publisher_offer=offer, connection_settings=rtc.ConnectionSettings(auto_subscribe=True))
    with house.client.websocket_connect(
        f"/rtc/v1?join_request={query}&access_token={house.token()}"
    ) as socket:
        assert receive(socket).join.participant.identity == "alice"
        assert receive(socket).refresh_token
        assert receive(socket).answer.id == 1


def test_a_client_of_the_older_path_joins_by_query_with_a_bearer_token(house: House) -> None:
    headers = {"Authorization": f"Bearer {house.token()}"}
    with house.client.websocket_connect(
        "/rtc?auto_subscribe=1&sdk=go&protocol=17", headers=headers
    ) as socket:
        assert receive(socket).join.subscriber_primary
        assert receive(socket).refresh_token
        assert receive(socket).offer.id == 1


@pytest.mark.parametrize("path", ["/rtc", "/rtc/v1"])
def test_who_may_not_come_in_learns_it_before_the_upgrade(house: House, path: str) -> None:
    stranger = house.token(secret="not-the-secret-of-this-server-000000")
    join = f"&join_request={packed()}"
    assert house.refused(f"{path}?x=1{join}")[0] == 401
    assert house.refused(f"{path}?access_token={stranger}{join}")[0] == 401
    assert house.refused(f"{path}?access_token={house.token(join=False)}{join}")[0] == 401
    assert house.refused(f"{path}?access_token={house.token(identity='')}{join}")[0] == 400
    assert house.refused(f"{path}?access_token={house.token(room='')}{join}")[0] == 400
    house.clock.advance(400)
    expired = house.token()
    house.clock.advance(400)
    assert house.refused(f"{path}?access_token={expired}{join}")[0] == 401


@pytest.mark.parametrize("fields", [{"metadata": "m"}, {"participant_attributes": {"role": "host"}}])
def test_only_who_may_change_its_metadata_may_bring_some_along(house: House, fields: dict[str, Any]) -> None:
    path = f"/rtc/v1?join_request={packed(**fields)}&access_token="
    assert house.refused(path + house.token()) == (401, "unauthorized: permissions denied")
    with house.client.websocket_connect(path + house.token(own_metadata=True)) as socket:
        me = receive(socket).join.participant
        assert me.metadata == "m" or me.attributes["role"] == "host"


def test_half_a_character_comes_no_further_than_the_door(house: House) -> None:
    broken = base64.b64encode(b'{"a": "\\ud800"}').decode()
    token = house.token(own_metadata=True)
    assert (
        house.client.get("/rtc/validate", params={"access_token": token, "attributes": broken}).status_code
        == 400
    )
    with house.client.websocket_connect(f"/rtc?access_token={house.token(identity=chr(0xD800))}") as socket:
        assert receive(socket).join.participant.identity == "?"


def test_validate_tells_what_the_upgrade_would(house: House) -> None:
    good = house.client.get(f"/rtc/validate?access_token={house.token()}")
    assert (good.status_code, good.text, good.headers["Access-Control-Allow-Origin"]) == (200, "success", "*")
    bad = house.client.get("/rtc/validate?access_token=nonsense")
    assert (bad.status_code, bad.headers["Access-Control-Allow-Origin"]) == (401, "*")
    assert house.client.get(f"/rtc/v1/validate?access_token={house.token()}").status_code == 400
    v1 = f"/rtc/v1/validate?access_token={house.token()}&join_request={packed()}"
    assert house.client.get(v1).text == "success"
    assert house.rooms.all() == [], "validating opens nothing"


def test_a_plain_request_to_a_signal_path_is_not_found_in_other_words_than_a_missing_room(
    house: House,
) -> None:
    answer = house.client.get("/rtc")
    assert answer.status_code == 404
    assert "requested room does not exist" not in answer.text


def test_doubled_slashes_lead_to_the_same_door(house: House) -> None:
    assert (
        house.client.get(f"http://testserver//rtc//validate?access_token={house.token()}").status_code == 200
    )


def test_a_join_request_that_inflates_too_far_is_refused(house: House) -> None:
    huge = rtc.WrappedJoinRequest(
        compression=rtc.WrappedJoinRequest.Compression.GZIP,
        join_request=gzip.compress(bytes(8 * 1024 * 1024)),
    )
    text = base64.urlsafe_b64encode(huge.SerializeToString()).decode()
    status, sentence = house.refused(f"/rtc/v1?access_token={house.token()}&join_request={text}")
    assert (status, sentence) == (400, "join_request too large")


@pytest.mark.parametrize("join_request", ["", "%%%", "AAAA", "a", packed(compress=False)[:7]])
def test_a_join_request_of_garbage_is_refused_or_harmless(house: House, join_request: str) -> None:
    answer = house.client.get(
        "/rtc/v1/validate", params={"access_token": house.token(), "join_request": join_request}
    )
    assert answer.status_code in (200, 400)


def test_the_server_answers_in_the_format_that_it_was_spoken_to_last(house: House) -> None:
    with house.client.websocket_connect(f"/rtc?access_token={house.token()}") as socket:
        for _ in range(3):
            socket.receive_bytes()
        socket.send_text(json.dumps({"pingReq": {"timestamp": "5"}, "fieldOfTomorrow": 1}))
        assert json.loads(socket.receive_text())["pongResp"]["lastPingTimestamp"] == "5"
        socket.send_bytes(rtc.SignalRequest(ping=7).SerializeToString())
        assert receive(socket).pong > 0


def test_who_pings_and_stops_is_gone_and_who_never_pinged_is_not(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "PATIENCE_S", 0.01)  # by the machine; the house's clock stands still
    never = house.client.websocket_connect(f"/rtc?access_token={house.token('bob')}")
    with never as still, house.client.websocket_connect(f"/rtc?access_token={house.token()}") as socket:
        for _ in range(3):
            socket.receive_bytes()
            still.receive_bytes()
        socket.send_bytes(rtc.SignalRequest(ping=1).SerializeToString())
        assert receive(socket).pong
        house.clock.advance(1)
        with pytest.raises(WebSocketDisconnect) as gone:
            read_to_the_end(socket)
        assert gone.value.code == session.POLICY
        still.send_bytes(rtc.SignalRequest(ping=1).SerializeToString())
        while not receive(still).pong:
            pass


def test_garbage_frames_are_borne_for_a_while(house: House) -> None:
    with house.client.websocket_connect(f"/rtc?access_token={house.token()}") as socket:
        for _ in range(3):
            socket.receive_bytes()
        socket.send_bytes(b"\xff\xff\xff")
        socket.send_bytes(rtc.SignalRequest(ping=1).SerializeToString())
        assert receive(socket).pong
        for _ in range(20):
            socket.send_bytes(b"\xff\xff\xff")
        with pytest.raises(WebSocketDisconnect):
            socket.receive_bytes()


def test_who_asks_without_end_is_read_more_slowly(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def passes(seconds: float) -> None:
        house.clock.advance(seconds + 1e-6)

    monkeypatch.setattr(asyncio, "sleep", passes)
    with house.client.websocket_connect(f"/rtc?access_token={house.token()}") as socket:
        for _ in range(3):
            socket.receive_bytes()
        for number in range(session.REQUESTS + 100):
            socket.send_bytes(rtc.SignalRequest(ping=number).SerializeToString())
            assert receive(socket).pong
    assert house.clock.monotonic() == pytest.approx(2, rel=0.01), "the last hundred at fifty a second"


def test_who_asks_at_length_without_end_is_read_more_slowly_too(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def passes(seconds: float) -> None:
        house.clock.advance(seconds + 1e-6)

    monkeypatch.setattr(asyncio, "sleep", passes)
    long = rtc.SignalRequest(trickle=rtc.TrickleRequest(candidateInit="x" * 500_000))
    times = round(1.5 * session.REQUEST_BYTES / 500_000)
    with house.client.websocket_connect(f"/rtc?access_token={house.token()}") as socket:
        for _ in range(3):
            socket.receive_bytes()
        for number in range(times):
            socket.send_bytes(long.SerializeToString())
            socket.send_bytes(rtc.SignalRequest(ping=number).SerializeToString())
            assert receive(socket).pong
    assert house.clock.monotonic() == pytest.approx(session.PER_SECONDS / 2, rel=0.05)


def test_who_came_too_late_to_a_full_room_hears_so_and_is_let_go(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.rooms.open("room").max_participants = 1
    path = f"/rtc?access_token={house.token('bob')}"
    with house.client.websocket_connect(f"/rtc?access_token={house.token('alice')}"):
        may_join, asked = house.rooms.may_join, [0]

        def saw_a_place_first(*who: Any) -> Any:
            asked[0] += 1
            return None if asked[0] == 1 else may_join(*who)

        monkeypatch.setattr(house.rooms, "may_join", saw_a_place_first)
        with house.client.websocket_connect(path) as socket:
            leave = receive(socket).leave
            assert (leave.action, leave.reason) == (rtc.LeaveRequest.Action.DISCONNECT, 7)
            with pytest.raises(WebSocketDisconnect):
                socket.receive_bytes()


def test_a_revoked_token_is_refused_before_the_upgrade(house: House) -> None:
    house.rooms.remove("room", "alice", revoked_before=2**33)
    assert house.refused(f"/rtc?access_token={house.token()}") == (401, "unauthorized: token was revoked")
    assert house.refused(f"/rtc?access_token={house.token()}&reconnect=1&sid=PA_x")[0] == 401


def test_a_session_that_is_no_more_sends_the_client_to_begin_anew(house: House) -> None:
    path = f"/rtc?access_token={house.token()}&reconnect=1&sid=PA_gone"
    with house.client.websocket_connect(path) as socket:
        leave = receive(socket).leave
        assert (leave.action, leave.reason) == (rtc.LeaveRequest.Action.RECONNECT, 6)
        with pytest.raises(WebSocketDisconnect):
            socket.receive_bytes()


def test_a_client_that_leaves_is_gone_and_its_socket_closed(house: House) -> None:
    with house.client.websocket_connect(f"/rtc?access_token={house.token()}") as socket:
        for _ in range(3):
            socket.receive_bytes()
        socket.send_bytes(rtc.SignalRequest(leave=rtc.LeaveRequest()).SerializeToString())
        with pytest.raises(WebSocketDisconnect):
            socket.receive_bytes()
    room = house.rooms.room("room")
    assert room is not None and room.empty


def test_what_a_client_does_not_read_is_bounded_by_the_memory_it_takes() -> None:
    async def scene() -> None:
        outbox, small = Outbox(), responses.pong(1)
        for _ in range(10_000):
            outbox.send(small)
        assert not outbox.overflowed, "many small ones are little"
        large = responses.updates([bytes(64 * 1024)])[0]
        for _ in range(MOST_BYTES // (64 * 1024)):
            outbox.send(large)
        assert outbox.overflowed
        assert await outbox.next() is None

    asyncio.run(scene())


def test_all_that_was_said_before_the_end_is_written() -> None:
    async def scene() -> None:
        outbox = Outbox()
        outbox.send(responses.pong(1))
        outbox.hang_up()
        outbox.send(responses.pong(2))
        assert await outbox.next() == responses.pong(1).binary
        assert await outbox.next() is None

    asyncio.run(scene())


def test_when_too_many_come_a_newcomer_is_asked_to_try_again(crowded: House) -> None:
    path = f"/rtc?access_token={crowded.token()}"
    with pytest.raises(WebSocketDenialResponse) as refusal, crowded.client.websocket_connect(path):
        pass
    assert (refusal.value.status_code, refusal.value.headers["retry-after"]) == (503, "2")
    assert refusal.value.text == "too many join at once, try again"
    assert crowded.rooms.all() == []


def test_who_was_let_into_a_meeting_by_its_channel_does_not_wait_once_more(crowded: House) -> None:
    with crowded.client.websocket_connect(f"/rtc?access_token={crowded.token(room='m-1')}") as socket:
        assert receive(socket).join.room.name == "m-1"
