"""The server API over HTTP: grants, both encodings, and what each method leaves behind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, cast

import pytest
from livekit.protocol import models, room
from starlette.applications import Starlette
from starlette.testclient import TestClient

from folkmoot.agents import Agents
from folkmoot.engine.fake import FakeEngine
from folkmoot.kit import ManualClock, Refusal, SystemRandomness
from folkmoot.meetings import Meetings
from folkmoot.meetings.people.commands import End, Mute, Remove
from folkmoot.protocol.joining import Client, Joining
from folkmoot.protocol.requests import AddTrack, Offer
from folkmoot.protocol.responses import Message
from folkmoot.protocol.tokens import Claims, Keys, VideoGrant
from folkmoot.protocol.values import Kind, Source
from folkmoot.rooms.live import Rooms
from folkmoot.roomservice import routes
from folkmoot.roomservice.methods import METHODS

SECRET = "s" * 32
OFFER = "v=0\r\nm=audio 9 x 111\r\na=mid:0\r\na=sendonly\r\na=msid:s mic\r\n"


class Heard:
    def __init__(self) -> None:
        self.got: list[Message] = []
        self.hung_up = False

    def send(self, message: Message) -> None:
        self.got.append(message)

    def hang_up(self) -> None:
        self.hung_up = True

    def last(self, name: str) -> Any:
        return [getattr(m.wire, name) for m in self.got if m.name == name][-1]


class Commanded:
    """Meetings that note what they are told to do."""

    def __init__(self) -> None:
        self.told: list[tuple[str, object]] = []
        self.answer: Refusal | None = None

    async def command(self, number: str, command: object) -> Refusal | None:
        self.told.append((number, command))
        return self.answer


class House:
    def __init__(self) -> None:
        self.clock = ManualClock()
        self.engine = FakeEngine()
        self.keys = Keys({"key": SECRET}, self.clock)
        self.rooms = Rooms(self.engine, self.keys, self.clock)
        self.meetings = Commanded()
        asked = cast(Meetings, self.meetings)
        self.agents = Agents(self.rooms, self.keys, self.clock, SystemRandomness())
        self.rooms.listen(self.agents.happened)
        self.client = TestClient(Starlette(routes=routes(self.rooms, self.keys, asked, self.agents)))

    def call(self, method: str, body: dict[str, Any], **grants: Any) -> tuple[int, dict[str, Any]]:
        token = self.keys.mint(Claims("key", "", video=VideoGrant(**grants)), timedelta(minutes=1))
        headers = {"Authorization": f"Bearer {token}"}
        path = method if "/" in method else f"RoomService/{method}"
        answer = self.client.post(f"/twirp/livekit.{path}", json=body, headers=headers)
        return answer.status_code, answer.json()

    def admin(self, method: str, **body: Any) -> tuple[int, dict[str, Any]]:
        return self.call(method, {"room": "r", **body}, room_admin=True, room="r")

    def joins(self, identity: str, name: str = "r") -> Heard:
        heard = Heard()
        claims = Claims("key", identity, video=VideoGrant(name, True))
        sid = self.rooms.join(claims, Joining(client=Client("test", "1", 17), single=True), heard)
        assert isinstance(sid, str)
        self.rooms.handle(sid, name, AddTrack("mic", Kind.AUDIO, Source.MICROPHONE))
        self.rooms.handle(sid, name, Offer(OFFER))
        inside = self.rooms.room(name)
        assert inside is not None
        me = inside.by_sid(sid)
        assert me is not None
        self.rooms.engine_events([("connected", me.single)])
        return heard


@pytest.fixture
def house() -> Iterator[House]:
    made = House()
    yield made
    made.engine.close()


def test_a_room_is_made_once_listed_and_deleted(house: House) -> None:
    wanted = {"name": "r", "empty_timeout": 77, "max_participants": 5, "metadata": "m"}
    status, made = house.call("CreateRoom", wanted, room_create=True)
    assert (status, made["name"], made["empty_timeout"], made["max_participants"]) == (200, "r", 77, 5)
    _, again = house.call("CreateRoom", {"name": "r", "empty_timeout": 9}, room_create=True)
    assert (again["sid"], again["empty_timeout"]) == (made["sid"], 77)
    _, listed = house.call("ListRooms", {"names": ["r"]}, room_list=True)
    assert [r["sid"] for r in listed["rooms"]] == [made["sid"]]
    assert house.call("DeleteRoom", {"room": "r"}, room_create=True)[0] == 200
    assert house.call("ListRooms", {}, room_list=True)[1] == {"rooms": []}, "what is empty is said, too"
    assert house.call("DeleteRoom", {"room": "r"}, room_create=True)[1]["code"] == "not_found"


def test_an_empty_room_goes_after_its_own_timeout(house: House) -> None:
    house.call("CreateRoom", {"name": "r", "empty_timeout": 2}, room_create=True)
    house.clock.advance(3)
    house.rooms.tick()
    assert house.rooms.room("r") is None


def test_no_method_works_without_its_grant(house: House) -> None:
    house.joins("alice")
    assert house.client.post("/twirp/livekit.RoomService/ListRooms", json={}).status_code == 401
    assert house.call("ListRooms", {}, room_create=True)[0] == 401
    assert house.call("CreateRoom", {"name": "x"}, room_list=True)[0] == 401
    assert house.call("DeleteRoom", {"room": "r"}, room_admin=True, room="r")[0] == 401
    for method in ("ListParticipants", "GetParticipant", "RemoveParticipant", "MutePublishedTrack"):
        assert house.call(method, {"room": "r", "identity": "alice"}, room_admin=True, room="other")[0] == 401
    for method in ("UpdateParticipant", "UpdateSubscriptions", "SendData", "UpdateRoomMetadata"):
        assert house.call(method, {"room": "r", "identity": "alice"}, room_create=True)[0] == 401
    assert house.rooms.identities("r") == ["alice"]


def test_a_token_may_come_in_the_address(house: House) -> None:
    token = house.keys.mint(Claims("key", "", video=VideoGrant(room_list=True)), timedelta(minutes=1))
    path = "/twirp/livekit.RoomService/ListRooms?access_token="
    assert house.client.post(path + token, json={}).status_code == 200
    assert house.client.post(path + token[:-2], json={}).status_code == 401


def test_a_page_of_another_origin_may_ask(house: House) -> None:
    asked = {"Origin": "https://other.example", "Access-Control-Request-Headers": "authorization"}
    before = house.client.options("/twirp/livekit.RoomService/ListRooms", headers=asked)
    assert before.status_code == 204
    assert "Authorization" in before.headers["Access-Control-Allow-Headers"]
    refused = house.client.post("/twirp/livekit.RoomService/ListRooms", json={}, headers=asked)
    assert (refused.status_code, refused.headers["Access-Control-Allow-Origin"]) == (401, "*")


def test_what_this_server_has_not_is_refused_as_twirp_does(house: House) -> None:
    def code(service: str, method: str) -> tuple[int, str]:
        answer = house.client.post(f"/twirp/livekit.{service}/{method}", json={})
        return answer.status_code, answer.json()["code"]

    assert code("Egress", "ListEgress") == (501, "unimplemented")
    for service, method in (("Nonsense", "ListEgress"), ("RoomService", "Nonsense")):
        assert code(service, method) == (404, "bad_route")


@pytest.mark.parametrize("method", ["MoveParticipant", "ForwardParticipant"])
def test_people_are_taken_elsewhere_by_who_may_in_both_rooms(house: House, method: str) -> None:
    house.joins("alice")
    house.call("CreateRoom", {"name": "full", "max_participants": 1}, room_create=True)
    house.joins("bob", "full")

    def ask(destination: str, identity: str = "alice", room: str = "r", **grants: Any) -> tuple[int, str]:
        body = {"room": room, "identity": identity, "destination_room": destination}
        may = {"room_admin": True, "room": room, "destination_room": destination, **grants}
        status, answer = house.call(method, body, **may)
        return status, answer.get("code", "")

    assert ask("side", room_admin=False) == (401, "unauthenticated")
    assert ask("side", destination_room="") == (401, "unauthenticated")
    assert ask("side", destination_room="other") == (401, "unauthenticated")
    assert ask("r") == (400, "invalid_argument")
    assert ask("") == (400, "invalid_argument")
    assert ask("x" * 257) == (400, "invalid_argument")
    assert ask("side", identity="nobody") == (404, "not_found")
    assert ask("side", room="nowhere") == (404, "not_found")
    assert ask("full") == (429, "resource_exhausted")
    assert ask("m-4711") == (412, "failed_precondition"), "a meeting decides who is in its room"
    assert ask("side") == (200, "")
    assert house.rooms.identities("side") == ["alice"]
    assert house.rooms.identities("r") == ([] if method == "MoveParticipant" else ["alice"])


def test_people_are_listed_removed_and_not_found(house: House) -> None:
    alice = house.joins("alice")
    _, listed = house.admin("ListParticipants")
    assert [(p["identity"], p["state"], len(p["tracks"])) for p in listed["participants"]] == [
        ("alice", "ACTIVE", 1)
    ]
    assert house.admin("GetParticipant", identity="alice")[1]["identity"] == "alice"
    assert house.admin("GetParticipant", identity="nobody") == (
        404,
        {"code": "not_found", "msg": "participant does not exist"},
    )
    assert house.admin("RemoveParticipant", identity="alice")[0] == 200
    assert alice.hung_up


def test_a_track_is_muted_but_never_unmuted_from_afar(house: House) -> None:
    alice = house.joins("alice")
    sid = alice.last("track_published").track.sid
    status, answer = house.admin("MutePublishedTrack", identity="alice", track_sid=sid, muted=True)
    assert (status, answer["track"]["muted"]) == (200, True)
    assert alice.last("mute").muted
    assert house.admin("MutePublishedTrack", identity="alice", track_sid=sid, muted=False)[0] == 400
    assert house.admin("MutePublishedTrack", identity="alice", track_sid="TR_x", muted=True)[0] == 404


def test_revoking_the_right_to_publish_ends_what_is_published(house: House) -> None:
    alice, bob = house.joins("alice"), house.joins("bob")
    sid = alice.last("track_published").track.sid
    may = {"can_subscribe": True, "can_publish": False, "can_publish_data": True}
    assert house.admin("UpdateParticipant", identity="alice", permission=may)[0] == 200
    assert alice.last("track_unpublished").track_sid == sid
    (seen,) = bob.last("update").participants
    assert (seen.identity, list(seen.tracks), seen.permission.can_publish) == ("alice", [], False)
    assert not house.keys.verify(alice.last("refresh_token")).video.permission.can_publish


def test_names_metadata_and_attributes_are_told_to_everybody(house: House) -> None:
    alice, bob = house.joins("alice"), house.joins("bob")
    house.admin("UpdateParticipant", identity="alice", name="Alice", metadata="m", attributes={"k": "v"})
    for person in (alice, bob):
        (seen,) = person.last("update").participants
        assert (seen.name, seen.metadata, dict(seen.attributes)) == ("Alice", "m", {"k": "v"})
    assert house.admin("UpdateRoomMetadata", metadata="agenda")[1]["metadata"] == "agenda"
    assert bob.last("room_update").room.metadata == "agenda"


def test_more_metadata_than_a_room_can_bear_is_refused(house: House) -> None:
    house.joins("alice")
    huge = "m" * 600_000
    assert house.call("CreateRoom", {"name": "x", "metadata": huge}, room_create=True)[0] == 400
    assert house.admin("UpdateRoomMetadata", metadata=huge)[0] == 400
    assert house.admin("UpdateParticipant", identity="alice", metadata=huge)[0] == 400
    assert house.admin("UpdateParticipant", identity="alice", attributes={"a": huge[:70_000]})[0] == 400


def test_subscriptions_and_data_from_the_server(house: House) -> None:
    alice = house.joins("alice")
    house.joins("bob")
    sid = alice.last("track_published").track.sid
    inside = house.rooms.room("r")
    assert inside is not None
    bob = inside.by_identity("bob")
    assert bob is not None and sid in bob.subscriptions
    house.admin("UpdateSubscriptions", identity="bob", track_sids=[sid], subscribe=False)
    assert sid not in bob.subscriptions
    house.admin("SendData", data="aGk=", kind="LOSSY", destination_identities=["bob"], topic="t")
    (sent,) = house.engine.called("send_data")
    assert sent[:3] == (inside.handle, [bob.peer], False)
    packet = models.DataPacket.FromString(sent[3])
    assert (packet.user.payload, packet.user.topic, packet.participant_identity) == (b"hi", "t", "")


def test_protobuf_is_answered_in_protobuf(house: House) -> None:
    house.rooms.open("r")
    token = house.keys.mint(Claims("key", "", video=VideoGrant(room_list=True)), timedelta(minutes=1))
    answer = house.client.post(
        "/twirp/livekit.RoomService/ListRooms",
        content=room.ListRoomsRequest().SerializeToString(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/protobuf"},
    )
    assert answer.headers["content-type"] == "application/protobuf"
    assert [r.name for r in room.ListRoomsResponse.FromString(answer.content).rooms] == ["r"]


def test_what_cannot_be_read_or_is_not_there(house: House) -> None:
    assert house.call("NoSuchMethod", {})[1]["code"] == "bad_route"
    token = house.keys.mint(Claims("key", "", video=VideoGrant(room_list=True)), timedelta(minutes=1))
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/protobuf"}
    path = "/twirp/livekit.RoomService/ListRooms"
    assert house.client.post(path, content=b"\xff\xff", headers=headers).json()["code"] == "malformed"
    large = house.client.post(path, content=bytes(1024 * 1024 + 1), headers=headers)
    assert large.json()["code"] == "invalid_argument"


ROOM = "m-123456789012"


NUMBER = ROOM[2:]


@pytest.mark.parametrize(
    ("method", "body", "outcome", "told"),
    [
        ("ListRooms", {}, 200, None),
        ("ListParticipants", {}, 200, None),
        ("GetParticipant", {"identity": "ann"}, 200, None),
        ("DeleteRoom", {}, 200, End(type="end")),
        ("RemoveParticipant", {"identity": "ann"}, 200, Remove(type="remove", participant="ann")),
        (
            "MutePublishedTrack",
            {"identity": "ann", "track_sid": "mic", "muted": True},
            200,
            Mute(type="mute", participant="ann", source="microphone"),
        ),
        ("CreateRoom", {"max_participants": 1}, 412, None),
        ("UpdateParticipant", {"identity": "ann", "name": "Host"}, 412, None),
        ("UpdateSubscriptions", {"identity": "ann", "track_sids": ["mic"]}, 412, None),
        ("SendData", {"data": "aGk=", "kind": "RELIABLE"}, 412, None),
        ("UpdateRoomMetadata", {"metadata": "agenda"}, 412, None),
        ("PerformRpc", {"destination_identity": "ann", "method": "leave"}, 412, None),
        ("MoveParticipant", {"identity": "ann", "destination_room": "side"}, 412, None),
        ("ForwardParticipant", {"identity": "ann", "destination_room": "side"}, 412, None),
    ],
)
def test_in_a_meetings_room_each_method_looks_is_the_meetings_command_or_is_refused(
    house: House, method: str, body: dict[str, Any], outcome: int, told: object
) -> None:
    ann = house.joins("ann", ROOM)
    real = ann.last("track_published").track.sid
    body = {"room": ROOM, "name": ROOM, **body}
    body = {k: real if v == "mic" else [real] if v == ["mic"] else v for k, v in body.items()}
    before = list(house.engine.calls)
    grants = {"room_admin": True, "room": ROOM, "room_create": True, "room_list": True}
    grants |= {"destination_room": "side"}
    status, answer = house.call(method, body, **grants)
    assert status == outcome, answer
    assert house.meetings.told == ([] if told is None else [(NUMBER, told)])
    if outcome == 412:
        assert answer["code"] == "failed_precondition"
        assert house.engine.calls == before, "nothing happened in the room"


def test_no_method_is_left_out_of_that(house: House) -> None:
    (marks,) = test_in_a_meetings_room_each_method_looks_is_the_meetings_command_or_is_refused.pytestmark
    assert {row[0] for row in marks.args[1]} == set(METHODS)


def test_what_a_meeting_refuses_is_refused_and_what_it_cannot_do_not_done(house: House) -> None:
    ann = house.joins("ann", ROOM)
    sid = ann.last("track_published").track.sid
    grants = {"room_admin": True, "room": ROOM}
    house.meetings.answer = Refusal("meeting.unknown_participant")
    muting = {"room": ROOM, "identity": "ann", "track_sid": sid, "muted": True}
    assert house.call("MutePublishedTrack", muting, **grants)[1]["code"] == "not_found"
    assert house.call("MutePublishedTrack", {**muting, "track_sid": "TR_x"}, **grants)[0] == 404
    assert house.call("MutePublishedTrack", {**muting, "identity": "bob"}, **grants)[0] == 404
    assert house.call("RemoveParticipant", {"room": ROOM, "identity": "bob"}, **grants)[0] == 404
    track = house.rooms.track(ROOM, "ann", sid)
    assert not isinstance(track, Refusal) and not track.muted
    house.rooms.mute(ROOM, "ann", "microphone")
    assert house.call("MutePublishedTrack", {**muting, "muted": False}, **grants)[0] == 400
    house.meetings.answer = Refusal("meeting.ended")
    assert house.call("DeleteRoom", {"room": ROOM}, room_create=True)[0] == 200, "it stood there all the same"
    assert house.call("DeleteRoom", {"room": ROOM}, room_create=True)[0] == 404


def test_in_a_room_of_its_own_no_meeting_is_asked(house: House) -> None:
    house.joins("ann")
    assert house.admin("RemoveParticipant", identity="ann")[0] == 200
    assert house.meetings.told == []


def test_programs_are_called_to_a_room_listed_and_called_off(house: House) -> None:
    status, made = house.admin(
        "AgentDispatchService/CreateDispatch", agent_name="scribe", metadata="in short"
    )
    assert status == 200
    assert (made["agent_name"], made["room"], made["metadata"], made["id"][:3]) == (
        "scribe",
        "r",
        "in short",
        "AD_",
    )
    status, listed = house.admin("AgentDispatchService/ListDispatch")
    assert (status, made["id"] in [d["id"] for d in listed["agent_dispatches"]]) == (200, True)
    status, gone = house.admin("AgentDispatchService/DeleteDispatch", dispatch_id=made["id"])
    assert (status, gone["state"]["deleted_at"] != "0") == (200, True)
    assert house.admin("AgentDispatchService/DeleteDispatch", dispatch_id=made["id"])[0] == 404


def test_who_doesnt_administer_a_room_calls_nobody_to_it(house: House) -> None:
    for method in ("CreateDispatch", "ListDispatch", "DeleteDispatch"):
        path = f"AgentDispatchService/{method}"
        assert house.call(path, {"room": "r"}, room_admin=True, room="other")[0] == 401
        assert house.call(path, {"room": "r"}, room_create=True)[0] == 401
    assert house.admin("AgentDispatchService/ListDispatch") == (
        404, {"code": "not_found", "msg": "requested room does not exist"},
    )  # fmt: skip
    assert house.admin("AgentDispatchService/CreateDispatch", agent_name="x" * 257)[0] == 400
    assert house.admin("AgentDispatchService/CreateDispatch", metadata="x" * 600_000)[0] == 400
    assert house.call("AgentDispatchService/CreateDispatch", {}, room_admin=True)[0] == 400


def test_a_room_is_made_with_programs_and_not_with_recording(house: House) -> None:
    made = house.call("CreateRoom", {"name": "r", "agents": [{"agent_name": "scribe"}]}, room_create=True)
    assert made[0] == 200
    listed = house.admin("AgentDispatchService/ListDispatch")[1]["agent_dispatches"]
    assert [d["agent_name"] for d in listed] == ["scribe"]
    assert house.call("CreateRoom", {"name": "s", "egress": {"room": {}}}, room_create=True)[0] == 501


def test_a_call_needs_somebody_to_be_called(house: House) -> None:
    def calls(identity: str = "alice", **more: Any) -> tuple[int, dict[str, Any]]:
        body = {"room": "r", "destination_identity": identity, **more}
        return house.call("PerformRpc", body, room_admin=True, room="r")

    assert calls("")[0] == 400
    assert calls(method="m" * 257)[0] == 400
    assert calls(method="m")[0] == 404
    house.joins("alice")
    assert calls(payload="x" * 16_000) == (
        400, {"code": "malformed", "msg": "RpcError 1402: Request payload too large"},
    )  # fmt: skip
    assert calls(response_timeout_ms=10) == (
        408, {"code": "canceled", "msg": "RpcError 1501: Connection timeout"},
    )  # fmt: skip
    assert house.call("PerformRpc", {"room": "r"}, room_admin=True, room="other")[0] == 401
    assert house.call("PerformRpc", {"room": "m-1"}, room_admin=True, room="m-1")[0] == 412
