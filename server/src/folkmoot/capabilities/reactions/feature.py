"""The feature `reactions`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field, JsonValue, TypeAdapter

from folkmoot.kit import Refusal
from folkmoot.meetings.feature import Actor, Command, Emoji, Entry, Event, Feature, May, ParticipantId


class React(Command):
    type: Literal["react"]
    passing: ClassVar[bool] = True
    emoji: Emoji


class Raise(Command):
    type: Literal["raise"]


class Lower(Command):
    type: Literal["lower"]
    participant: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    """Somebody else's: a host may."""


class LowerAll(Command):
    type: Literal["lower_all"]


Asked = React | Raise | Lower | LowerAll


@dataclass(frozen=True, slots=True)
class State:
    hands: tuple[ParticipantId, ...] = ()
    """Raised, oldest first."""


class ReactionsFeature(Feature[State, Asked]):
    name = "reactions"
    commands: ClassVar[TypeAdapter[Asked]] = TypeAdapter(Annotated[Asked, Field(discriminator="type")])

    def initial(self) -> State:
        return State()

    def decide(self, state: State, command: Asked, by: Actor, now: datetime) -> Sequence[Event] | Refusal:
        me = by.participant
        match command:
            case React():
                if (refusal := by.lacks(May.REACT)) is not None:
                    return refusal
                return [Event("reacted", {"emoji": command.emoji}, durable=False)]
            case Raise():
                return [] if me in state.hands else [Event("hand_raised")]
            case Lower():
                whose = ParticipantId(command.participant or me)
                if whose != me and (refusal := by.lacks(May.HOST)) is not None:
                    return refusal
                return [_lowered(whose)] if whose in state.hands else []
            case LowerAll():
                if (refusal := by.lacks(May.HOST)) is not None:
                    return refusal
                return [_lowered(whose) for whose in state.hands]

    def evolve(self, state: State, entry: Entry) -> State:
        match entry.feature, entry.type:
            case "reactions", "hand_raised" if entry.by is not None and entry.by not in state.hands:
                return State((*state.hands, entry.by))
            case "reactions", "hand_lowered":
                return _without(state, entry.payload["participant"])
            case "meeting", "left":
                return _without(state, entry.payload["id"])
            case "meeting", "ended":
                return State()
        return state

    def snapshot(self, state: State, to: Actor) -> JsonValue:
        return {"hands": list(state.hands)}


feature = ReactionsFeature()


def _lowered(whose: ParticipantId) -> Event:
    return Event("hand_lowered", {"participant": whose})


def _without(state: State, whose: JsonValue) -> State:
    return State(tuple(hand for hand in state.hands if hand != whose)) if whose in state.hands else state
