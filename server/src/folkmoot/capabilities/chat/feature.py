"""The feature `chat`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field, JsonValue, TypeAdapter

from folkmoot.capabilities.chat import deciding, evolving, showing
from folkmoot.capabilities.chat.commands import Asked, Bring
from folkmoot.capabilities.chat.model import State
from folkmoot.kit import Refusal
from folkmoot.meetings.feature import Actor, Entry, Event, Feature


class ChatFeature(Feature[State, Asked | Bring]):
    name = "chat"
    commands: ClassVar[TypeAdapter[Asked]] = TypeAdapter(Annotated[Asked, Field(discriminator="type")])

    def initial(self) -> State:
        return State()

    def decide(
        self, state: State, command: Asked | Bring, by: Actor, now: datetime
    ) -> Sequence[Event] | Refusal:
        return deciding.decide(state, command, by, now)

    def evolve(self, state: State, entry: Entry) -> State:
        return evolving.evolve(state, entry)

    def snapshot(self, state: State, to: Actor) -> JsonValue:
        return showing.snapshot(state, to)

    def shared(self, state: State, to: Actor) -> object | None:
        return showing.shared(state, to)


feature = ChatFeature()
