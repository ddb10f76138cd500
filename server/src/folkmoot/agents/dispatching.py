"""Who is asked to do which job, and what became of it: a pure state machine.

Law: a dispatch has one job for its room and one for each who is in it, or publishes there, as far as there are workers for
such jobs; `_fill` makes it so after whatever changed. A worker that declines or doesn't answer isn't asked for that job again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from folkmoot.agents.model import (
    Ask,
    Assign,
    Dispatch,
    Evict,
    Inside,
    Job,
    Limits,
    Output,
    ServedRoom,
    Target,
    Terminate,
    Worker,
)
from folkmoot.kit import Randomness, Refusal, Sids
from folkmoot.protocol import values
from folkmoot.protocol.agents import (
    Availability,
    DispatchInfo,
    JobInfo,
    JobStatus,
    JobType,
    Register,
    UpdateJob,
    UpdateWorker,
)
from folkmoot.rooms.model import Now, is_helper
from folkmoot.rooms.timers import Timers

NO_DISPATCH = Refusal("dispatch.unknown")
Targets = list[tuple[Target, values.Participant | None]]
FINE = 1000
"""So finely a worker's load counts."""


class Dispatching:
    def __init__(self, randomness: Randomness, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.workers: dict[str, Worker] = {}
        self.rooms: dict[str, ServedRoom] = {}
        self.timers = Timers()
        self.out: list[Output] = []
        self._jobs: dict[str, Job] = {}
        self._sids, self._randomness = Sids(randomness), randomness

    def take_outputs(self) -> list[Output]:
        out, self.out = self.out, []
        return out

    # --- workers ------------------------------------------------------------------------------------------------------

    def register(self, key: str, registration: Register, now: Now) -> Worker | None:
        """None: there are as many as may be."""
        if len(self.workers) >= self.limits.workers:
            return None
        worker = Worker(self._sids.worker(), key, registration)
        self.workers[worker.id] = worker
        return worker

    def ready(self, now: Now) -> None:
        """A worker may take more than before."""
        for room in self.rooms.values():
            self._fill_room(room, now)

    def gone(self, worker_id: str, now: Now) -> None:
        """What it was asked and didn't answer, others are asked. What it does already it may go on doing in the room."""
        worker = self.workers.pop(worker_id, None)
        for job_id in sorted(worker.jobs) if worker else ():
            job = self._jobs[job_id]
            if job.asked:
                self._find_worker(job, now)

    def updated(self, worker_id: str, news: UpdateWorker, now: Now) -> None:
        worker = self.workers[worker_id]
        was_full = worker.full
        worker.load = news.load
        if news.full is not None:
            worker.full = news.full
        if was_full and not worker.full:
            self.ready(now)

    def answered(self, worker_id: str, answer: Availability, now: Now) -> None:
        job = self._jobs.get(answer.job)
        if job is None or not job.asked or job.info.worker != worker_id:
            return  # it took too long, or was never asked
        self.timers.cancel(("answer", job.info.id))
        if answer.done:
            job.asked = False
            self._end(job, JobStatus.SUCCESS, "", now)
        elif answer.available and answer.identity:
            job.asked = False
            job.info = replace(job.info, status=JobStatus.RUNNING, identity=answer.identity)
            self.out.append(Assign(worker_id, job.info, answer))
        else:
            self._find_worker(job, now)

    def progressed(self, worker_id: str, news: UpdateJob, now: Now) -> None:
        job = self._jobs.get(news.job)
        if job is None or job.asked or job.info.worker != worker_id or job.info.status.ended:
            return  # the room may have closed before it heard so
        if news.status.ended:
            self._end(job, news.status, news.error, now)
        else:
            job.info = replace(job.info, error=news.error, updated_ns=_ns(now))

    # --- rooms --------------------------------------------------------------------------------------------------------

    def opened(self, info: values.Room, wanted: Iterable[values.AgentWanted], now: Now) -> None:
        room = self.rooms[info.name] = ServedRoom(info)
        for one in wanted:
            self._add(room, one, now)
        self._fill_room(room, now)

    def closed(self, name: str, now: Now) -> None:
        room = self.rooms.pop(name, None)
        for dispatch in room.dispatches.values() if room else ():
            self._drop_jobs(dispatch, now)

    def joined(self, name: str, info: values.Participant, now: Now) -> None:
        """Helpers serve; they are not served."""
        room = self.rooms.get(name)
        if room is not None and not is_helper(info.kind, info.permission):
            inside = room.inside[info.sid] = Inside(info)
            self._fill_room(room, now, _about(inside))

    def published(self, name: str, info: values.Participant, now: Now) -> None:
        room = self.rooms.get(name)
        inside = room.inside.get(info.sid) if room else None
        if room is not None and inside is not None and not inside.publishes:
            inside.info, inside.publishes = info, True
            self._fill_room(room, now, _about(inside))

    def left(self, name: str, info: values.Participant, now: Now) -> None:
        room = self.rooms.get(name)
        if room is None:
            return
        room.inside.pop(info.sid, None)
        for dispatch in room.dispatches.values():
            for target, job in tuple(dispatch.jobs.items()):
                if target[1] == info.sid:
                    self._drop(dispatch, job, now)
                elif job.info.identity == info.identity and info.disconnect_reason is not _REPLACED:
                    self._take_away(job, JobStatus.FAILED, "agent worker left the room", now)

    # --- for who has authority over rooms -----------------------------------------------------------------------------

    def create(self, room: ServedRoom, wanted: values.AgentWanted, now: Now) -> DispatchInfo | Refusal:
        if len(room.dispatches) >= self.limits.dispatches:
            return Refusal("dispatch.too_many", {"most": self.limits.dispatches})
        dispatch = self._add(room, wanted, now)
        self._fill(room, dispatch, _targets(room), now)
        return room.shown(dispatch)

    def delete(self, room: ServedRoom, dispatch_id: str, now: Now) -> DispatchInfo | Refusal:
        dispatch = room.dispatches.pop(dispatch_id, None)
        if dispatch is None:
            return NO_DISPATCH
        for job in dispatch.jobs.values():
            if job.info.status is JobStatus.RUNNING:
                at = now.at + self.limits.leave_within_s
                self.timers.arm(("evict", room.info.name, job.info.identity), at)
        self._drop_jobs(dispatch, now)
        return room.shown(dispatch, deleted_ns=_ns(now))

    def timed_out(self, now: Now) -> None:
        while (due := self.timers.pop_due(now.at)) is not None:
            name, *about = due
            if name == "answer":
                job = self._jobs.get(about[0])
                if job is not None and job.asked:
                    self._find_worker(job, now)
            else:
                self.out.append(Evict(about[0], about[1]))

    # --- inside -------------------------------------------------------------------------------------------------------

    def _add(self, room: ServedRoom, wanted: values.AgentWanted, now: Now) -> Dispatch:
        dispatch = Dispatch(self._sids.dispatch(), wanted, _ns(now))
        room.dispatches[dispatch.id] = dispatch
        return dispatch

    def _fill_room(self, room: ServedRoom, now: Now, targets: Targets | None = None) -> None:
        if not self.workers:
            return
        for dispatch in room.dispatches.values():
            self._fill(room, dispatch, _targets(room) if targets is None else targets, now)

    def _fill(self, room: ServedRoom, dispatch: Dispatch, targets: Targets, now: Now) -> None:
        """Jobs that there is somebody for and nobody does. One that nobody wanted is offered to who wasn't asked yet."""
        for target, who in targets:
            job = dispatch.jobs.get(target)
            if (
                job is None
                and len(dispatch.jobs) < self.limits.jobs
                and self._able(target[0], dispatch.wanted)
            ):
                job = dispatch.jobs[target] = self._make(room, dispatch, target, who)
            if job is not None and job.info.status is JobStatus.PENDING and not job.asked:
                self._find_worker(job, now)

    def _make(
        self, room: ServedRoom, dispatch: Dispatch, target: Target, who: values.Participant | None
    ) -> Job:
        info = JobInfo(self._sids.job(), dispatch.id, target[0], dispatch.wanted, room.info, who)
        job = self._jobs[info.id] = Job(info, target)
        return job

    def _able(
        self, kind: JobType, wanted: values.AgentWanted, without: frozenset[str] = frozenset()
    ) -> list[Worker]:
        return [
            w for w in self.workers.values() if w.serves(kind, wanted) and not w.full and w.id not in without
        ]

    def _find_worker(self, job: Job, now: Now) -> None:
        self._release(job)
        able = self._able(job.info.type, job.info.wanted, frozenset(job.tried))
        job.asked = bool(able)
        if not able:
            job.info = replace(job.info, worker="")
            return
        worker = self._choose(able)
        worker.jobs.add(job.info.id)
        job.tried.add(worker.id)
        at = _ns(now)
        job.info = replace(job.info, worker=worker.id, started_ns=at, updated_ns=at)
        self.timers.arm(("answer", job.info.id), now.at + self.limits.answer_within_s)
        # It is asked as if it ran already: that is how LiveKit's server puts it.
        self.out.append(Ask(worker.id, replace(job.info, status=JobStatus.RUNNING)))

    def _choose(self, able: list[Worker]) -> Worker:
        """By lot, the idle ones more often."""
        shares = [1 + round((1 - worker.load) * FINE) for worker in able]
        lot = self._randomness.below(sum(shares))
        for worker, share in zip(able, shares, strict=True):
            if lot < share:
                return worker
            lot -= share
        raise AssertionError("a lot is smaller than all shares")

    def _drop_jobs(self, dispatch: Dispatch, now: Now) -> None:
        for job in tuple(dispatch.jobs.values()):
            self._take_away(job, JobStatus.SUCCESS, "", now)

    def _drop(self, dispatch: Dispatch, job: Job, now: Now) -> None:
        """Whom it was to serve is gone."""
        self._take_away(job, JobStatus.SUCCESS, "", now)
        dispatch.jobs.pop(job.target, None)

    def _take_away(self, job: Job, status: JobStatus, error: str, now: Now) -> None:
        if job.info.status is JobStatus.RUNNING and job.info.worker in self.workers:
            self.out.append(Terminate(job.info.worker, job.info.id))
        if not job.info.status.ended:
            self._end(job, status, error, now)

    def _end(self, job: Job, status: JobStatus, error: str, now: Now) -> None:
        self._release(job)
        at = _ns(now)
        job.asked = False
        job.info = replace(job.info, status=status, error=error, ended_ns=at, updated_ns=at)
        self._jobs.pop(job.info.id, None)

    def _release(self, job: Job) -> None:
        self.timers.cancel(("answer", job.info.id))
        if (worker := self.workers.get(job.info.worker)) is not None:
            worker.jobs.discard(job.info.id)


_REPLACED = values.Reason.DUPLICATE_IDENTITY


def _targets(room: ServedRoom) -> Targets:
    people = (each for inside in room.inside.values() for each in _about(inside))
    return [((JobType.ROOM, ""), None), *people]


def _about(inside: Inside) -> Targets:
    kinds = (JobType.PARTICIPANT, JobType.PUBLISHER) if inside.publishes else (JobType.PARTICIPANT,)
    return [((kind, inside.info.sid), inside.info) for kind in kinds]


def _ns(now: Now) -> int:
    return now.ms * 1_000_000
