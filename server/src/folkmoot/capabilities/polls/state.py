"""The polls of a meeting, and what each entry does to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from pydantic import JsonValue

from folkmoot.meetings.feature import Entry, ParticipantId


@dataclass(frozen=True, slots=True)
class Vote:
    name: str
    """The voter's, as it was then."""
    choices: tuple[int, ...]
    seq: int


@dataclass(frozen=True, slots=True)
class Poll:
    id: str
    by: ParticipantId
    asked_at: datetime
    question: str
    options: tuple[str, ...]
    several: bool
    anonymous: bool
    for_all: bool
    """Everybody sees the results, not only the hosts."""
    closes_at: datetime | None
    seqs: tuple[int, ...]
    """Of its own entries, but those of votes that can be changed."""
    votes: Mapping[ParticipantId, Vote] = field(default_factory=dict)
    """Of a named poll."""
    voters: frozenset[ParticipantId] = frozenset()
    """Of an anonymous one."""
    sums: tuple[int, ...] = ()
    """Of an anonymous one: how often each option was chosen."""
    sums_seq: int = 0
    closed: bool = False

    @property
    def turnout(self) -> int:
        return len(self.voters) + len(self.votes)

    def has(self, voter: ParticipantId) -> bool:
        return voter in self.votes or voter in self.voters

    def counts(self) -> tuple[int, ...]:
        if self.anonymous:
            return self.sums or (0,) * len(self.options)
        return tuple(sum(n in vote.choices for vote in self.votes.values()) for n in range(len(self.options)))

    def everything(self) -> tuple[int, ...]:
        """The entries that must be erased for the poll to be gone."""
        sums = (self.sums_seq,) if self.sums_seq else ()
        return (*self.seqs, *(vote.seq for vote in self.votes.values()), *sums)


@dataclass(frozen=True, slots=True)
class State:
    asked: int = 0
    """How many ever; also names the next one."""
    polls: Mapping[str, Poll] = field(default_factory=dict)
    names: Mapping[ParticipantId, str] = field(default_factory=dict)
    """Of those who are in."""

    @property
    def open(self) -> tuple[Poll, ...]:
        return tuple(poll for poll in self.polls.values() if not poll.closed)


def evolve(state: State, entry: Entry) -> State:
    payload = entry.payload
    match entry.feature, entry.type:
        case "meeting", "joined":
            return _named(state, payload["id"], payload["name"])
        case "meeting", "renamed":
            return _named(state, payload["participant"], payload["name"])
        case "meeting", "left":
            return replace(state, names={k: v for k, v in state.names.items() if k != payload["id"]})
        case "polls", _ if not payload:
            return state  # erased
        case "polls", "asked":
            poll = _asked(entry)
            return replace(state, asked=state.asked + 1, polls={**state.polls, poll.id: poll})
        case "polls", "discarded":
            return replace(state, polls={k: p for k, p in state.polls.items() if k != payload["poll"]})
        case "polls", _:
            return _changed(state, entry)
    return state


def _asked(entry: Entry) -> Poll:
    payload = entry.payload
    closes_at = payload.get("closesAt")
    return Poll(
        id=str(payload["id"]),
        by=entry.by or ParticipantId(""),
        asked_at=entry.at,
        question=str(payload["question"]),
        options=tuple(map(str, _list(payload["options"]))),
        several=payload["several"] is True,
        anonymous=payload["anonymous"] is True,
        for_all=payload["results"] == "all",
        closes_at=datetime.fromisoformat(str(closes_at)) if closes_at else None,
        seqs=(entry.seq,),
    )


def _changed(state: State, entry: Entry) -> State:
    poll = state.polls.get(str(entry.payload.get("poll")))
    if poll is None:
        return state
    match entry.type:
        case "voted" if entry.by is not None:
            name = str(entry.payload.get("name", ""))
            vote = Vote(name, _numbers(entry.payload["choices"]), entry.seq)
            poll = replace(poll, votes={**poll.votes, entry.by: vote})
        case "took_part" if entry.by is not None:
            poll = replace(poll, voters=poll.voters | {entry.by}, seqs=(*poll.seqs, entry.seq))
        case "summed":
            poll = replace(poll, sums=_numbers(entry.payload["counts"]), sums_seq=entry.seq)
        case "closed":
            poll = replace(poll, closed=True, seqs=(*poll.seqs, entry.seq))
        case "results":
            poll = replace(poll, seqs=(*poll.seqs, entry.seq))
        case _:
            return state
    return replace(state, polls={**state.polls, poll.id: poll})


def _named(state: State, who: JsonValue, name: JsonValue) -> State:
    return replace(state, names={**state.names, ParticipantId(str(who)): str(name)})


def _numbers(value: JsonValue) -> tuple[int, ...]:
    return tuple(int(str(number)) for number in _list(value))


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []
