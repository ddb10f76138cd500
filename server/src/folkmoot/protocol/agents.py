"""What programs that serve rooms say on `/agent` and hear there, and how the server API shows what they were called to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from google.protobuf import json_format
from google.protobuf.message import DecodeError
from livekit.protocol import agent, agent_dispatch

from folkmoot.protocol import values
from folkmoot.protocol.requests import MAX_FRAME, Malformed
from folkmoot.protocol.responses import Message, Server, participant_info, room_info, server_info
from folkmoot.protocol.values import Permission, Source

NAME_ATTRIBUTE = "lk.agent_name"
"""By which clients know whose program a participant is."""


class JobType(IntEnum):
    ROOM = 0
    PUBLISHER = 1
    PARTICIPANT = 2


class JobStatus(IntEnum):
    PENDING = 0
    RUNNING = 1
    SUCCESS = 2
    FAILED = 3

    @property
    def ended(self) -> bool:
        return self in (JobStatus.SUCCESS, JobStatus.FAILED)


UNLESS_SAID = Permission(can_update_metadata=True, agent=True)
"""What its programs may, where it doesn't say."""

# --- what a worker says -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Register:
    type: JobType
    agent_name: str = ""
    version: str = ""
    deployment: str = ""
    permission: Permission = UNLESS_SAID


@dataclass(frozen=True, slots=True)
class Availability:
    job: str
    available: bool = False
    done: bool = False
    """Nothing is left to do: the job succeeded without it."""
    name: str = ""
    identity: str = ""
    metadata: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UpdateJob:
    job: str
    status: JobStatus
    error: str = ""


@dataclass(frozen=True, slots=True)
class UpdateWorker:
    full: bool | None
    load: float


@dataclass(frozen=True, slots=True)
class Ping:
    timestamp: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing to do: not served, or newer than we are."""

    name: str = ""


Said = Register | Availability | UpdateJob | UpdateWorker | Ping | Unknown


def decode(frame: bytes | str) -> Said:
    if len(frame) > MAX_FRAME:
        raise Malformed("frame too large")
    message = agent.WorkerMessage()
    try:
        if isinstance(frame, str):
            json_format.Parse(frame, message, ignore_unknown_fields=True)
        else:
            message.ParseFromString(frame)
    except (DecodeError, json_format.ParseError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed("not a worker's message") from error
    name = message.WhichOneof("message")
    return Unknown() if name is None else _said(name, getattr(message, name))


def _said(name: str, body: Any) -> Said:
    match name:
        case "register":
            return _register(body)
        case "availability":
            return Availability(
                body.job_id,
                body.available,
                body.terminate,
                body.participant_name,
                body.participant_identity,
                body.participant_metadata,
                dict(body.participant_attributes),
            )
        case "update_job" if body.status in set(JobStatus):
            return UpdateJob(body.job_id, JobStatus(body.status), body.error)
        case "update_worker":
            full = body.status == agent.WorkerStatus.WS_FULL if body.HasField("status") else None
            return UpdateWorker(full, min(max(body.load, 0.0), 1.0))
        case "ping":
            return Ping(body.timestamp)
    return Unknown(name)


def _register(body: Any) -> Register:
    if body.type not in set(JobType):
        raise Malformed("unknown type of job")
    kind = JobType(body.type)
    if not body.HasField("allowed_permissions"):
        return Register(kind, body.agent_name, body.version, body.deployment)
    p = body.allowed_permissions
    permission = Permission(
        can_subscribe=p.can_subscribe,
        can_publish=p.can_publish,
        can_publish_data=p.can_publish_data,
        can_publish_sources=frozenset(Source(s) for s in p.can_publish_sources if s in set(Source)),
        can_update_metadata=p.can_update_metadata,
        hidden=p.hidden,
        agent=True,
        can_subscribe_metrics=p.can_subscribe_metrics,
    )
    return Register(kind, body.agent_name, body.version, body.deployment, permission)


# --- what it hears, and what the server API shows ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class JobInfo:
    id: str
    dispatch: str
    type: JobType
    wanted: values.AgentWanted
    room: values.Room
    participant: values.Participant | None = None
    status: JobStatus = JobStatus.PENDING
    error: str = ""
    worker: str = ""
    identity: str = ""
    started_ns: int = 0
    ended_ns: int = 0
    updated_ns: int = 0


@dataclass(frozen=True, slots=True)
class DispatchInfo:
    id: str
    room: str
    wanted: values.AgentWanted
    jobs: tuple[JobInfo, ...] = ()
    created_ns: int = 0
    deleted_ns: int = 0


def registered(worker: str, server: Server) -> Message:
    return _message(register=agent.RegisterWorkerResponse(worker_id=worker, server_info=server_info(server)))


def asked(job: JobInfo) -> Message:
    return _message(availability=agent.AvailabilityRequest(job=_job(job)))


def assigned(job: JobInfo, token: str) -> Message:
    return _message(assignment=agent.JobAssignment(job=_job(job), token=token))


def terminated(job: str) -> Message:
    return _message(termination=agent.JobTermination(job_id=job))


def pong(timestamp: int, now_ms: int) -> Message:
    return _message(pong=agent.WorkerPong(last_timestamp=timestamp, timestamp=now_ms))


def dispatch(info: DispatchInfo) -> Any:
    shown = agent_dispatch.AgentDispatch(
        id=info.id,
        agent_name=info.wanted.agent_name,
        room=info.room,
        metadata=info.wanted.metadata,
        deployment=info.wanted.deployment,
        attributes=info.wanted.attributes,
    )
    shown.state.created_at, shown.state.deleted_at = info.created_ns, info.deleted_ns
    shown.state.jobs.extend(_job(job) for job in info.jobs)
    return shown


def dispatches(listed: Iterable[DispatchInfo]) -> Any:
    return agent_dispatch.ListAgentDispatchResponse(agent_dispatches=[dispatch(one) for one in listed])


def _message(**body: Any) -> Message:
    message: Any = agent.ServerMessage(**body)
    return Message(message)


def _job(job: JobInfo) -> Any:
    shown = agent.Job(
        id=job.id,
        dispatch_id=job.dispatch,
        type=job.type.value,  # type: ignore[arg-type]
        room=room_info(job.room, ()),
        metadata=job.wanted.metadata,
        agent_name=job.wanted.agent_name,
        deployment=job.wanted.deployment,
        attributes=job.wanted.attributes,
        state=agent.JobState(
            status=job.status.value,  # type: ignore[arg-type]
            error=job.error,
            started_at=job.started_ns,
            ended_at=job.ended_ns,
            updated_at=job.updated_ns,
            participant_identity=job.identity,
            worker_id=job.worker,
        ),
    )
    if job.participant is not None:
        shown.participant.CopyFrom(participant_info(job.participant))
    return shown
