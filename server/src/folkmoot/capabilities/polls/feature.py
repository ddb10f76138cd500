"""The feature `polls`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, ClassVar

from pydantic import Field, JsonValue, TypeAdapter

from folkmoot.capabilities.polls import rules
from folkmoot.capabilities.polls.messages import AnyCommand, Ask, Close, Discard, Vote
from folkmoot.capabilities.polls.state import Poll, State, evolve
from folkmoot.kit import Refusal
from folkmoot.meetings.feature import EVERYONE, NOBODY, Actor, Due, Entry, Event, Feature, May, To


class PollsFeature(Feature[State, AnyCommand | Due]):
    name = "polls"
    commands: ClassVar[TypeAdapter[AnyCommand]] = TypeAdapter(
        Annotated[AnyCommand, Field(discriminator="type")]
    )

    def initial(self) -> State:
        return State()

    def decide(
        self, state: State, command: AnyCommand | Due, by: Actor, now: datetime
    ) -> Sequence[Event] | Refusal:
        match command:
            case Due():
                over = (poll for poll in state.open if poll.closes_at is not None and poll.closes_at <= now)
                return [event for poll in over for event in _close(poll)]
            case Vote():
                return _vote(state, command, by)
        if (refusal := by.lacks(May.HOST)) is not None:
            return refusal
        match command:
            case Ask():
                return _ask(state, command, now)
            case Close() | Discard():
                poll = state.polls.get(command.poll)
                if poll is None:
                    return Refusal("polls.unknown")
                if isinstance(command, Discard):
                    return [Event("discarded", {"poll": poll.id}, erases=poll.everything())]
                return [] if poll.closed else _close(poll)

    def evolve(self, state: State, entry: Entry) -> State:
        return evolve(state, entry)

    def snapshot(self, state: State, to: Actor) -> JsonValue:
        return {"polls": [_shown(poll, to) for poll in state.polls.values()]}

    def shared(self, state: State, to: Actor) -> object | None:
        """With no poll there is nothing of one's own to see."""
        return None if state.polls else self

    def due(self, state: State) -> datetime | None:
        return min((poll.closes_at for poll in state.open if poll.closes_at is not None), default=None)


feature = PollsFeature()


def _ask(state: State, command: Ask, now: datetime) -> Sequence[Event] | Refusal:
    accepted = rules.asked(state, command)
    if isinstance(accepted, Refusal):
        return accepted
    question, options = accepted
    payload: dict[str, JsonValue] = {
        "id": f"q{state.asked + 1}",
        "question": question,
        "options": [*options],
        "several": command.several,
        "anonymous": command.anonymous,
        "results": command.results,
    }
    if command.open_s is not None:
        payload["closesAt"] = (now + timedelta(seconds=command.open_s)).isoformat()
    return [Event("asked", payload)]


def _vote(state: State, command: Vote, by: Actor) -> Sequence[Event] | Refusal:
    poll = state.polls.get(command.poll)
    refusal = rules.voting(poll, command, by)
    if refusal is not None or poll is None:
        return refusal or []
    turnout = poll.turnout + (not poll.has(by.participant))
    told = Event("turnout", {"poll": poll.id, "turnout": turnout}, durable=False, unsigned=True)
    if poll.anonymous:
        return [*_counted(poll, command, by), told]
    before = poll.votes.get(by.participant)
    voted = Event(
        "voted",
        {"poll": poll.id, "choices": _json(sorted(command.choices)), "name": state.names.get(by.participant, "")},
        to=To(hosts=True, people=(by.participant,)),
        erases=(before.seq,) if before else (),
    )  # fmt: skip
    return [voted, told]


def _counted(poll: Poll, command: Vote, by: Actor) -> list[Event]:
    """That they voted, and apart from it the new sum, in which their vote is one of all. The sum before is erased: two of
    them side by side would tell what the vote between them was."""
    counts = [count + (n in command.choices) for n, count in enumerate(poll.counts())]
    took_part = Event("took_part", {"poll": poll.id}, to=To(people=(by.participant,)))
    erases = (poll.sums_seq,) if poll.sums_seq else ()
    summed = Event(
        "summed", {"poll": poll.id, "counts": _json(counts)}, to=NOBODY, erases=erases, unsigned=True
    )
    return [took_part, summed]


def _close(poll: Poll) -> list[Event]:
    to = EVERYONE if poll.for_all else To(hosts=True)
    closed = Event("closed", {"poll": poll.id, "turnout": poll.turnout})
    return [closed, Event("results", {"poll": poll.id, **_results(poll)}, to=to)]


def _results(poll: Poll) -> dict[str, JsonValue]:
    results: dict[str, JsonValue] = {"counts": _json(poll.counts())}
    if not poll.anonymous:
        results["votes"] = [
            {"id": who, "name": vote.name, "choices": _json(vote.choices)} for who, vote in poll.votes.items()
        ]
    return results


def _shown(poll: Poll, to: Actor) -> dict[str, JsonValue]:
    mine = poll.votes.get(to.participant)
    shown: dict[str, JsonValue] = {
        "id": poll.id,
        "by": poll.by,
        "at": poll.asked_at.isoformat(),
        "question": poll.question,
        "options": [*poll.options],
        "several": poll.several,
        "anonymous": poll.anonymous,
        "results": "all" if poll.for_all else "hosts",
        "closesAt": poll.closes_at.isoformat() if poll.closes_at else None,
        "closed": poll.closed,
        "turnout": poll.turnout,
        "voted": poll.has(to.participant),
        "mine": _json(mine.choices) if mine else [],
    }
    return shown | _results(poll) if rules.sees_results(poll, to) else shown


def _json(numbers: Sequence[int]) -> list[JsonValue]:
    return [*numbers]
