"""The feature `attendance`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, ClassVar, Literal

from pydantic import Field, JsonValue, TypeAdapter

from folkmoot.kit import Refusal
from folkmoot.meetings.feature import Actor, Command, Due, Entry, Event, Feature, May, ParticipantId, To

LONGEST_WAIT_S, SHORTEST_S, LONGEST_S = 3600, 15, 600
TO_HOSTS = To(hosts=True)


class Switch(Command):
    type: Literal["switch"]
    on: bool


class Check(Command):
    """Everybody is asked to say that they are there. The page draws when, so that nobody else knows."""

    type: Literal["check"]
    after_s: Annotated[int, Field(ge=0, le=LONGEST_WAIT_S)] = 0
    for_s: Annotated[int, Field(ge=SHORTEST_S, le=LONGEST_S)] = 60


class Here(Command):
    type: Literal["here"]
    id: Annotated[int, Field(ge=1)]


Asked = Switch | Check | Here


@dataclass(frozen=True, slots=True)
class Checking:
    id: int
    until: datetime
    here: frozenset[ParticipantId] = frozenset()


@dataclass(frozen=True, slots=True)
class State:
    on: bool = False
    planned_at: datetime | None = None
    """When a check-in is to begin; only hosts know."""
    lasts: timedelta = timedelta()
    checking: Checking | None = None
    checks: int = 0


class AttendanceFeature(Feature[State, Asked | Due]):
    name = "attendance"
    commands: ClassVar[TypeAdapter[Asked]] = TypeAdapter(Annotated[Asked, Field(discriminator="type")])

    def initial(self) -> State:
        return State()

    def decide(
        self, state: State, command: Asked | Due, by: Actor, now: datetime
    ) -> Sequence[Event] | Refusal:
        match command:
            case Due():
                return _due(state, now)
            case Here():
                return _here(state, command, by, now)
        if (refusal := by.lacks(May.HOST)) is not None:
            return refusal
        if isinstance(command, Switch):
            return [] if command.on == state.on else [Event("switched", {"on": command.on})]
        return _check(state, command, now)

    def evolve(self, state: State, entry: Entry) -> State:
        match entry.feature, entry.type:
            case "meeting", "started":
                return replace(state, on=entry.payload.get("attendance") is True)
            case "meeting", "ended":
                return State()
            case "attendance", "switched":
                on = entry.payload["on"] is True
                return replace(state, on=on) if on else State(checks=state.checks)
            case "attendance", "planned":
                lasts = timedelta(seconds=_number(entry.payload["for_s"]))
                return replace(state, planned_at=_moment(entry.payload["at"]), lasts=lasts)
            case "attendance", "checking":
                checking = Checking(int(_number(entry.payload["id"])), _moment(entry.payload["until"]))
                return replace(state, planned_at=None, checking=checking, checks=checking.id)
            case "attendance", "here" if state.checking is not None and entry.by is not None:
                here = state.checking.here | {entry.by}
                return replace(state, checking=replace(state.checking, here=here))
            case "attendance", "checked":
                return replace(state, checking=None)
        return state

    def snapshot(self, state: State, to: Actor) -> JsonValue:
        checking = state.checking
        shown: dict[str, JsonValue] = {
            "on": state.on,
            "checking": None
            if checking is None
            else {"id": checking.id, "until": checking.until.isoformat()},
            "here": checking is not None and to.participant in checking.here,
        }
        if to.hosts:
            shown["planned"] = state.planned_at.isoformat() if state.planned_at else None
            shown["present"] = [*sorted(checking.here)] if checking else []
        return shown

    def shared(self, state: State, to: Actor) -> object | None:
        return None if state.checking is not None or to.hosts else state

    def due(self, state: State) -> datetime | None:
        return state.planned_at or (state.checking.until if state.checking else None)


def _check(state: State, command: Check, now: datetime) -> Sequence[Event] | Refusal:
    if not state.on:
        return Refusal("attendance.off")
    if state.checking is not None or state.planned_at is not None:
        return Refusal("attendance.checking")
    if command.after_s:
        at = now + timedelta(seconds=command.after_s)
        return [Event("planned", {"at": at.isoformat(), "for_s": command.for_s}, to=TO_HOSTS)]
    return [_begin(state, timedelta(seconds=command.for_s), now)]


def _due(state: State, now: datetime) -> Sequence[Event]:
    if state.planned_at is not None and state.planned_at <= now:
        return [_begin(state, state.lasts, now)]
    if state.checking is not None and state.checking.until <= now:
        return [Event("checked", {"id": state.checking.id, "present": len(state.checking.here)})]
    return []


def _begin(state: State, lasts: timedelta, now: datetime) -> Event:
    return Event("checking", {"id": state.checks + 1, "until": (now + lasts).isoformat()})


def _here(state: State, command: Here, by: Actor, now: datetime) -> Sequence[Event] | Refusal:
    checking = state.checking
    if checking is None or checking.id != command.id or now >= checking.until:
        return Refusal("attendance.over")
    return [] if by.participant in checking.here else [Event("here", {"id": checking.id}, to=TO_HOSTS)]


def _moment(text: JsonValue) -> datetime:
    return datetime.fromisoformat(str(text))


def _number(said: JsonValue) -> float:
    return float(said) if isinstance(said, int | float) else 0.0


feature = AttendanceFeature()
