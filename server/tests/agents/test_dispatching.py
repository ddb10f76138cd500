"""Workers are asked, rooms are served: with a still clock and workers whose every message is kept."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from livekit.protocol.agent import JobStatus as WireStatus

from folkmoot.agents.live import Agents
from folkmoot.agents.model import Limits
from folkmoot.engine.fake import FakeEngine
from folkmoot.kit import ManualClock, Refusal
from folkmoot.protocol.agents import (
    Availability,
    DispatchInfo,
    JobStatus,
    JobType,
    Ping,
    Register,
    UpdateJob,
    UpdateWorker,
)
from folkmoot.protocol.joining import Joining
from folkmoot.protocol.requests import AddTrack, Offer
from folkmoot.protocol.responses import Message
from folkmoot.protocol.tokens import Claims, Keys, RoomConfig, VideoGrant
from folkmoot.protocol.values import AgentWanted, Kind, ParticipantKind, Permission, Source
from folkmoot.rooms.live import Rooms

OFFER = "v=0\r\nm=audio 9 x 111\r\na=mid:0\r\na=sendonly\r\na=msid:s mic\r\n"
NAMED = AgentWanted("scribe", metadata="in short", attributes={"tongue": "de"})


class Dice:
    def __init__(self) -> None:
        self._random = random.Random(3)

    def below(self, bound: int) -> int:
        return self._random.randrange(bound)

    def token(self, size: int) -> bytes:
        return bytes(size)


@dataclass(eq=False)
class Worker:
    stage: Stage
    id: str = ""
    got: list[Message] = field(default_factory=list)
    hung_up: bool = False

    def send(self, message: Message) -> None:
        self.got.append(message)

    def hang_up(self) -> None:
        self.hung_up = True

    def heard(self, name: str) -> list[Any]:
        return [getattr(m.wire, name) for m in self.got if m.name == name]

    @property
    def asked(self) -> list[Any]:
        return [a.job for a in self.heard("availability")]

    def says(self, said: Any) -> None:
        self.stage.agents.said(self.id, said)

    def accepts(self, job: Any, identity: str = "agent-1") -> Any:
        self.says(Availability(job.id, True, identity=identity, name="Scribe", attributes={"a": "b"}))
        return self.heard("assignment")[-1]

    def declines(self, job: Any) -> None:
        self.says(Availability(job.id))

    def leaves(self) -> None:
        self.stage.agents.gone(self.id)


class Nobody:
    def send(self, message: Message) -> None: ...
    def hang_up(self) -> None: ...


class Stage:
    def __init__(self, limits: Limits | None = None) -> None:
        self.clock, self.engine = ManualClock(), FakeEngine()
        self.keys = Keys({"key": "s" * 32, "other": "o" * 32}, self.clock)
        self.rooms = Rooms(self.engine, self.keys, self.clock, randomness=Dice())
        self.agents = Agents(self.rooms, self.keys, self.clock, Dice(), limits=limits)
        self.rooms.listen(self.agents.happened)

    def worker(self, name: str = "", kind: JobType = JobType.ROOM, key: str = "key", **more: Any) -> Worker:
        worker = Worker(self)
        worker.id = self.agents.register(key, Register(kind, name, **more), worker) or ""
        return worker

    def joins(self, identity: str, room: str = "r", token: str = "", **claims: Any) -> str:
        made = Claims("key", identity, video=VideoGrant(room, True), **claims)
        joined = self.rooms.join(self.keys.verify(token) if token else made, Joining(single=True), Nobody())
        assert isinstance(joined, str)
        self.engine.emit("connected", self.rooms.room(room).by_sid(joined).primary)  # type: ignore[union-attr]
        self.rooms.engine_events(self.engine.drain())
        return joined

    def publishes(self, sid: str, room: str = "r") -> None:
        self.rooms.handle(sid, room, AddTrack(cid="mic", kind=Kind.AUDIO, source=Source.MICROPHONE))
        self.rooms.handle(sid, room, Offer(OFFER))

    def passes(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.agents.tick()

    def only(self, room: str = "r") -> DispatchInfo:
        listed = self.agents.listed(room)
        assert not isinstance(listed, Refusal)
        (one,) = listed
        return one


@pytest.fixture
def stage() -> Iterator[Stage]:
    made = Stage()
    yield made
    made.rooms.close_all()
    made.engine.close()


def test_a_nameless_worker_is_asked_for_each_room_and_brought_in_by_a_token(stage: Stage) -> None:
    worker = stage.worker()
    assert worker.heard("register")[0].worker_id == worker.id
    assert worker.heard("register")[0].server_info.agent_protocol == 1
    stage.joins("alice")
    (job,) = worker.asked
    assert (job.type, job.room.name, job.state.status, job.state.worker_id) == (
        JobType.ROOM, "r", WireStatus.JS_RUNNING, worker.id,
    )  # fmt: skip
    given = worker.accepts(job)
    assert given.job.id == job.id
    claims = stage.keys.verify(given.token)
    assert (claims.identity, claims.name, claims.kind) == ("agent-1", "Scribe", ParticipantKind.AGENT)
    assert (claims.video.room, claims.video.room_join, claims.video.permission.agent) == ("r", True, True)
    assert claims.attributes == {"a": "b", "lk.agent_name": ""}
    stage.joins("", token=given.token)
    assert stage.rooms.identities("r") == ["alice", "agent-1"]


def test_what_an_agent_may_is_what_its_worker_said(stage: Stage) -> None:
    worker = stage.worker("scribe", key="other", permission=Permission(can_publish=False, recorder=True))
    stage.agents.create("r", NAMED)
    given = worker.accepts(worker.asked[0])
    claims = stage.keys.verify(given.token)
    assert claims.key == "other", "the key it came with vouches for it"
    may = claims.video.permission
    assert (may.can_publish, may.can_subscribe, may.agent, may.recorder) == (False, True, True, False)


def test_one_that_is_called_by_name_hears_what_it_was_told(stage: Stage) -> None:
    scribe, other = stage.worker("scribe"), stage.worker()
    made = stage.agents.create("r", NAMED)
    assert isinstance(made, DispatchInfo)
    (job,) = scribe.asked
    assert (job.dispatch_id, job.metadata, dict(job.attributes)) == (made.id, "in short", {"tongue": "de"})
    assert [j.agent_name for j in other.asked] == [""], (
        "the room was opened, so the nameless one comes as well"
    )


def test_a_room_is_opened_with_those_that_its_token_names(stage: Stage) -> None:
    scribe, other = stage.worker("scribe"), stage.worker()
    stage.joins("alice", room_config=RoomConfig(agents=(NAMED,)))
    assert [j.agent_name for j in scribe.asked] == ["scribe"]
    assert other.asked == [], "who names somebody calls nobody else"


def test_who_declines_isnt_asked_again_and_another_is(stage: Stage) -> None:
    first, second = stage.worker(), stage.worker()
    stage.joins("alice")
    asked = next(w for w in (first, second) if w.asked)
    other = second if asked is first else first
    asked.declines(asked.asked[0])
    assert [j.id for j in other.asked] == [asked.asked[0].id]
    other.declines(other.asked[0])
    assert len(asked.asked) == len(other.asked) == 1
    assert stage.only().jobs[0].status is JobStatus.PENDING
    third = stage.worker()
    assert len(third.asked) == 1, "one that comes later is"


def test_who_says_nothing_is_passed_over_and_too_late_afterwards(stage: Stage) -> None:
    first, second = stage.worker(), stage.worker()
    stage.joins("alice")
    silent = next(w for w in (first, second) if w.asked)
    other = second if silent is first else first
    stage.passes(9)
    assert other.asked == []
    stage.passes(1.5)
    (job,) = other.asked
    silent.says(Availability(job.id, True, identity="late"))
    assert not silent.heard("assignment")
    other.accepts(job)


def test_a_worker_that_goes_before_it_answers_leaves_the_question_to_others(stage: Stage) -> None:
    first = stage.worker()
    stage.joins("alice")
    second = stage.worker()
    assert second.asked == []
    first.leaves()
    assert len(second.asked) == 1
    second.accepts(second.asked[0])
    second.leaves()
    third = stage.worker()
    assert third.asked == [], "what one does already is not done twice"


def test_a_full_worker_isnt_asked_until_it_has_room(stage: Stage) -> None:
    worker = stage.worker()
    worker.says(UpdateWorker(True, 1.0))
    stage.joins("alice")
    assert worker.asked == []
    worker.says(UpdateWorker(False, 0.1))
    assert len(worker.asked) == 1


def test_idle_workers_are_asked_more_often(stage: Stage) -> None:
    busy, idle = stage.worker(), stage.worker()
    busy.says(UpdateWorker(None, 0.95))
    for n in range(40):
        stage.rooms.open(f"room-{n}")
    assert len(busy.asked) + len(idle.asked) == 40
    assert len(idle.asked) > 30


def test_people_and_publishers_are_served_one_by_one_and_helpers_are_not(stage: Stage) -> None:
    people = stage.worker(kind=JobType.PARTICIPANT)
    voices = stage.worker(kind=JobType.PUBLISHER)
    alice = stage.joins("alice")
    stage.joins("rec", kind=ParticipantKind.EGRESS)
    stage.joins("agent", kind=ParticipantKind.AGENT)
    assert [j.participant.identity for j in people.asked] == ["alice"]
    assert voices.asked == []
    stage.publishes(alice)
    (job,) = voices.asked
    assert (job.participant.identity, [t.name for t in job.participant.tracks]) == ("alice", [""])
    voices.accepts(job)
    stage.rooms.remove("r", "alice")
    assert [t.job_id for t in voices.heard("termination")] == [job.id]
    assert stage.only().jobs == ()


def test_who_was_there_before_the_call_is_served_too(stage: Stage) -> None:
    stage.joins("alice")
    people = stage.worker("scribe", JobType.PARTICIPANT)
    stage.agents.create("r", NAMED)
    assert [j.participant.identity for j in people.asked] == ["alice"]


def test_a_job_is_listed_as_it_goes_on_and_ends(stage: Stage) -> None:
    worker = stage.worker("scribe")
    stage.agents.create("x", NAMED)
    (job,) = worker.asked
    worker.accepts(job)
    scribes = [d for d in stage.agents.listed("x") if d.wanted == NAMED]  # type: ignore[union-attr]
    assert (scribes[0].jobs[0].status, scribes[0].jobs[0].identity) == (JobStatus.RUNNING, "agent-1")
    worker.says(UpdateJob(job.id, JobStatus.FAILED, "no pen"))
    ended = stage.agents.listed("x", scribes[0].id)[0].jobs[0]  # type: ignore[index]
    assert (ended.status, ended.error, ended.ended_ns > 0) == (JobStatus.FAILED, "no pen", True)
    worker.says(UpdateJob(job.id, JobStatus.RUNNING))
    assert stage.agents.listed("x", scribes[0].id)[0].jobs[0].status is JobStatus.FAILED  # type: ignore[index]


def test_nobodys_job_is_another_workers_to_end(stage: Stage) -> None:
    worker, stranger = stage.worker(), stage.worker("stranger")
    stage.joins("alice")
    worker.accepts(worker.asked[0])
    stranger.says(UpdateJob(worker.asked[0].id, JobStatus.FAILED))
    stranger.says(Availability(worker.asked[0].id, True, identity="eve"))
    assert stage.only().jobs[0].status is JobStatus.RUNNING
    assert not stranger.heard("assignment")


def test_an_agent_that_leaves_the_room_has_ended_its_job(stage: Stage) -> None:
    worker = stage.worker()
    stage.joins("alice")
    given = worker.accepts(worker.asked[0])
    stage.joins("", token=given.token)
    stage.joins("", token=given.token)  # it came anew, and replaced itself
    assert stage.only().jobs[0].status is JobStatus.RUNNING
    stage.rooms.remove("r", "agent-1")
    assert (stage.only().jobs[0].status, len(worker.heard("termination"))) == (JobStatus.FAILED, 1)


def test_a_room_that_ends_ends_its_jobs(stage: Stage) -> None:
    worker = stage.worker()
    stage.joins("alice")
    worker.accepts(worker.asked[0])
    stage.rooms.close("r")
    assert [t.job_id for t in worker.heard("termination")] == [worker.asked[0].id]
    assert stage.agents.listed("r") == Refusal("room.unknown")


def test_whoever_is_called_off_and_stays_is_removed(stage: Stage) -> None:
    worker = stage.worker("scribe")
    stage.joins("alice")
    made = stage.agents.create("r", NAMED)
    assert isinstance(made, DispatchInfo)
    given = worker.accepts(worker.asked[0])
    stage.joins("", token=given.token)
    gone = stage.agents.delete("r", made.id)
    assert isinstance(gone, DispatchInfo)
    assert (gone.deleted_ns > 0, gone.jobs[0].status) == (True, JobStatus.SUCCESS)
    assert len(worker.heard("termination")) == 1
    assert "agent-1" in stage.rooms.identities("r"), "it may say goodbye"
    stage.passes(3.5)
    assert stage.rooms.identities("r") == ["alice"]
    assert stage.agents.delete("r", made.id) == Refusal("dispatch.unknown")


def test_to_a_meeting_nobody_comes_uncalled(stage: Stage) -> None:
    anybody, scribe = stage.worker(), stage.worker("scribe")
    assert stage.agents.create("m-123", NAMED) == Refusal("room.unknown"), "there is none"
    stage.rooms.open("m-123")
    assert anybody.asked == []
    stage.agents.create("m-123", NAMED)
    assert len(scribe.asked) == 1


def test_there_are_so_many_and_no_more() -> None:
    stage = Stage(Limits(workers=1, dispatches=2, jobs=2))
    worker = stage.worker("scribe", JobType.PARTICIPANT)
    assert stage.worker().id == ""
    stage.agents.create("r", NAMED)
    assert stage.agents.create("r", NAMED) == Refusal("dispatch.too_many", {"most": 2})
    for n in range(5):
        stage.joins(f"p{n}")
    assert len(worker.asked) == 2
    stage.rooms.close_all()


def test_a_worker_that_pings_is_answered_and_is_hung_up_when_the_server_stops(stage: Stage) -> None:
    worker = stage.worker()
    worker.says(Ping(7))
    assert worker.heard("pong")[0].last_timestamp == 7
    stage.agents.hang_up()
    assert worker.hung_up


def test_a_token_lives_an_hour(stage: Stage) -> None:
    worker = stage.worker()
    stage.joins("alice")
    expires = stage.keys.verify(worker.accepts(worker.asked[0]).token).expires
    assert expires is not None
    assert expires - stage.clock.now() == timedelta(hours=1)
