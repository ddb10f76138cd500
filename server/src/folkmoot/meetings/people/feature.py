"""The feature `meeting`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, ClassVar, get_args

from pydantic import Field, JsonValue, TypeAdapter

from folkmoot.kit import Refusal
from folkmoot.meetings.feature import Actor, Due, Entry, Event, Feature, May, ParticipantId, To, Wants
from folkmoot.meetings.people import commands as asked
from folkmoot.meetings.people import policy, showing
from folkmoot.meetings.people.admitting import admitting
from folkmoot.meetings.people.appointing import appoint, take_back
from folkmoot.meetings.people.departing import TO_HOSTS, depart
from folkmoot.meetings.people.entering import enter, rename_waiting, serve
from folkmoot.meetings.people.evolving import evolve
from folkmoot.meetings.people.governing import (
    let,
    resume,
    set_floor,
    set_limits,
    set_policy,
    show_picture,
    stop,
)
from folkmoot.meetings.people.hosting import ask_to_share, host, passing, rename, report
from folkmoot.meetings.people.limits import ends_at
from folkmoot.meetings.people.permissions import wants
from folkmoot.meetings.people.state import State

OWN = get_args(asked.Own)


class MeetingFeature(Feature[State, asked.AnyCommand]):
    name = "meeting"
    commands: ClassVar[TypeAdapter[asked.Wanted]] = TypeAdapter(
        Annotated[asked.Wanted, Field(discriminator="type")]
    )

    def __init__(self, presets: Mapping[str, policy.Policy] = policy.PRESETS) -> None:
        self.presets = presets

    def initial(self) -> State:
        return State()

    def decide(
        self, state: State, command: asked.AnyCommand | Due, by: Actor, now: datetime
    ) -> Sequence[Event] | Refusal:
        if state.ended:
            return Refusal("meeting.ended")
        if isinstance(command, Due):
            return [Event("ended", {"by": "plan"})]
        if isinstance(command, OWN):
            return _by_itself(state, command, by, now)
        match command:
            case asked.Leave():
                return depart(state, (by.participant,), "left")
            case asked.Rename():
                return rename_waiting(state, by, command, now) if by.waits else rename(by, command)
            case asked.AskToShare():
                return ask_to_share(by)
            case asked.TakeBack():
                return take_back(state, by)
        if isinstance(command, get_args(asked.Appointing)):
            return appoint(state, command, by)
        return by.lacks(May.HOST) or self._hosting(state, command, by, now)

    def evolve(self, state: State, entry: Entry) -> State:
        return evolve(state, entry) if entry.feature == self.name else state

    def snapshot(self, state: State, to: Actor) -> JsonValue:
        return showing.snapshot(state, to)

    def shared(self, state: State, to: Actor) -> object | None:
        return None if to.hosts else state

    def waiting(self, state: State, to: ParticipantId) -> JsonValue:
        return showing.waiting(state, to)

    def wants(self, state: State) -> Wants:
        return wants(state)

    def due(self, state: State) -> datetime | None:
        return None if state.ended else ends_at(state.limits, state.limits_at, state.began_at)

    def _hosting(
        self, state: State, command: asked.AnyCommand, by: Actor, now: datetime
    ) -> Sequence[Event] | Refusal:
        match command:
            case asked.SetPolicy():
                return set_policy(state, command, self.presets)
            case asked.Let():
                return let(state, command)
            case asked.Resume():
                return resume(state, command)
            case asked.Admit() | asked.AdmitAll() | asked.Deny() | asked.SendToWaiting():
                return admitting(state, command, by, now)
        if isinstance(command, get_args(asked.Hosting)):
            return host(state, command, by)
        raise TypeError(type(command))


def _by_itself(state: State, command: asked.Own, by: Actor, now: datetime) -> Sequence[Event] | Refusal:
    match command:
        case asked.Enter():
            return enter(state, by.participant, command, now)
        case asked.Lose(people):
            return depart(state, people, "lost")
        case asked.Away(people, to) | asked.Back(people, to):
            word = "away" if isinstance(command, asked.Away) else "back"
            return [passing(word, who, to) for who in people if who in state.people]
        case asked.Informed():
            return _informed(state, command, by, now)
        case asked.ServeIn():
            return serve(state, command)
        case asked.ServeOut(services):
            return [Event("service_left", {"id": who}) for who in services if who in state.services]
        case asked.Close():
            return [Event("ended")]
        case asked.Revoke(link):
            return [Event("revoked", {"link": link}, to=TO_HOSTS)]
        case asked.SetFloor(rules):
            return set_floor(state, rules)
        case asked.SetLimits(limits):
            return set_limits(state, limits, now)
        case asked.Picture():
            return show_picture(state, command)
        case asked.ReplaceKey(keeper):
            return [Event("key_replaced", {"keeper": keeper}, to=TO_HOSTS)]
        case asked.Knock(name):
            return [Event("knocks", {"name": name}, durable=False, to=TO_HOSTS)]
        case asked.Guessing():
            return [Event("guessing", {}, durable=False, to=TO_HOSTS)]
        case asked.Tell(word, to):
            return [Event(word, {}, durable=False, to=To(people=(to,)))]


def _informed(state: State, command: asked.Informed, by: Actor, now: datetime) -> Sequence[Event] | Refusal:
    if isinstance(command.command, asked.Report):
        return report(state, command, by)
    return by.lacks(May.HOST) or stop(state, by, command.recent, now)


feature = MeetingFeature()
