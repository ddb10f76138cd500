"""The records of those who serve, and of what they were called to; and what follows from a step."""

from __future__ import annotations

from dataclasses import dataclass, field

from folkmoot.protocol import values
from folkmoot.protocol.agents import Availability, DispatchInfo, JobInfo, JobType, Register

Target = tuple[JobType, str]
"""What a dispatch has one job for: the room itself (""), or one of those in it, by sid."""


@dataclass(frozen=True, slots=True)
class Limits:
    workers: int = 1000
    dispatches: int = 100
    """Of one room."""
    jobs: int = 2000
    """Of one dispatch."""
    answer_within_s: float = 10
    leave_within_s: float = 3
    """Who is told that its job is over, and stays in the room, is removed."""


@dataclass(slots=True)
class Worker:
    id: str
    key: str
    """The API key that it came with, which signs what it is given."""
    registration: Register
    full: bool = False
    load: float = 0
    jobs: set[str] = field(default_factory=set)

    def serves(self, kind: JobType, wanted: values.AgentWanted) -> bool:
        mine = self.registration
        return (mine.type, mine.agent_name, mine.deployment) == (kind, wanted.agent_name, wanted.deployment)


@dataclass(slots=True)
class Job:
    info: JobInfo
    target: Target
    asked: bool = False
    """A worker was, and hasn't answered."""
    tried: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Dispatch:
    id: str
    wanted: values.AgentWanted
    created_ns: int
    jobs: dict[Target, Job] = field(default_factory=dict)


@dataclass(slots=True)
class Inside:
    """Somebody in a room whom a program may serve."""

    info: values.Participant
    publishes: bool = False


@dataclass(slots=True)
class ServedRoom:
    info: values.Room
    dispatches: dict[str, Dispatch] = field(default_factory=dict)
    inside: dict[str, Inside] = field(default_factory=dict)

    def shown(self, dispatch: Dispatch, deleted_ns: int = 0) -> DispatchInfo:
        jobs = tuple(job.info for job in dispatch.jobs.values())
        return DispatchInfo(
            dispatch.id, self.info.name, dispatch.wanted, jobs, dispatch.created_ns, deleted_ns
        )


@dataclass(frozen=True, slots=True)
class Ask:
    worker: str
    job: JobInfo


@dataclass(frozen=True, slots=True)
class Assign:
    worker: str
    job: JobInfo
    accepted: Availability


@dataclass(frozen=True, slots=True)
class Terminate:
    worker: str
    job: str


@dataclass(frozen=True, slots=True)
class Evict:
    """Its job was taken from it, and it stays."""

    room: str
    identity: str


Output = Ask | Assign | Terminate | Evict
