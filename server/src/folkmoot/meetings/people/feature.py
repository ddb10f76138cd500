"""The feature `meeting`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field, JsonValue, TypeAdapter

from folkmoot.kit import Refusal
from folkmoot.meetings.feature import Actor, Entry, Event, Feature, May, Role, Wants
from folkmoot.meetings.people.commands import (
    AnyCommand,
    Away,
    Back,
    Close,
    Enter,
    Leave,
    Lose,
    Rename,
    ServeIn,
    ServeOut,
    Wanted,
)
from folkmoot.meetings.people.entering import enter, serve
from folkmoot.meetings.people.hosting import host, left, passing, rename
from folkmoot.meetings.people.permissions import wants
from folkmoot.meetings.people.state import State, evolve


class MeetingFeature(Feature[State, AnyCommand]):
    name = "meeting"
    commands: ClassVar[TypeAdapter[Wanted]] = TypeAdapter(Annotated[Wanted, Field(discriminator="type")])

    def initial(self) -> State:
        return State()

    def decide(
        self, state: State, command: AnyCommand, by: Actor, now: datetime
    ) -> Sequence[Event] | Refusal:
        if state.ended:
            return Refusal("meeting.ended")
        match command:
            case Enter():
                return enter(state, by.participant, command)
            case Lose(people):
                return [event for who in people if who in state.people for event in left(who, "lost")]
            case Away(people, to) | Back(people, to):
                word = "away" if isinstance(command, Away) else "back"
                return [passing(word, who, to) for who in people if who in state.people]
            case ServeIn():
                return serve(state, command)
            case ServeOut(services):
                return [Event("service_left", {"id": who}) for who in services if who in state.services]
            case Close():
                return [Event("ended")]
            case Leave():
                return left(by.participant, "left")
            case Rename():
                return rename(by, command.name)
        return by.lacks(May.HOST) or host(state, command, by)

    def evolve(self, state: State, entry: Entry) -> State:
        return evolve(state, entry) if entry.feature == self.name else state

    def snapshot(self, state: State, to: Actor) -> JsonValue:
        return {
            "title": state.title,
            "number": state.number,
            "locked": state.locked,
            "startedAt": _stamp(state.started_at),
            "ended": state.ended,
            "people": [
                {"id": p.id, "name": p.name, "role": p.role.value, "joinedAt": _stamp(p.joined_at)}
                for p in state.people.values()
                if p.role is not Role.WAITING
            ],
            "services": [{"id": s.id, "name": s.name, "kind": s.kind} for s in state.services.values()],
        }

    def wants(self, state: State) -> Wants:
        return wants(state)


feature = MeetingFeature()


def _stamp(at: datetime | None) -> str:
    return at.isoformat() if at else ""
