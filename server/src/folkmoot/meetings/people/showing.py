"""What somebody may see of the meeting: who is in, all of it that is theirs to know; who waits, the host's line."""

from __future__ import annotations

from datetime import datetime

from pydantic import JsonValue

from folkmoot.meetings.feature import Actor, ParticipantId, Role
from folkmoot.meetings.people import floor, policy
from folkmoot.meetings.people.entering import seen_waiting
from folkmoot.meetings.people.limits import ends_at
from folkmoot.meetings.people.state import Person, State


def snapshot(state: State, to: Actor) -> dict[str, JsonValue]:
    shown: dict[str, JsonValue] = {
        "title": state.title,
        "number": state.number,
        "locked": state.locked,
        "startedAt": _stamp(state.started_at),
        "ended": state.ended,
        "people": [_person(person) for person in state.people.values()],
        "services": [{"id": s.id, "name": s.name, "kind": s.kind} for s in state.services.values()],
        "policy": policy.written(state.policy),
        "floor": floor.written(state.floor),
        "stopped": _stopped(state),
        "spotlight": [*state.spotlight],
        "owner": state.owner,
        "successor": state.successor,
        "hosted": state.hosted,
        "minutes": state.limits.minutes,
        "most": state.limits.people,
        "endsAt": _stamp(ends_at(state.limits, state.limits_at, state.began_at)) or None,
    }
    return shown | _for_hosts(state) if to.hosts else shown


def waiting(state: State, who: ParticipantId) -> JsonValue:
    """No name, no count, no word of anybody who is in, but where the host shows it."""
    waits = state.waiting.get(who)
    if waits is None:
        return None
    shows = state.policy.show_title
    return {
        "waiting": {
            "reason": waits.reason if state.hosted else "no_host",
            "line": state.policy.waiting_line,
            "title": state.title if shows else None,
            "host": _host(state) if shows else None,
        }
    }


def _for_hosts(state: State) -> dict[str, JsonValue]:
    return {
        "waiting": [seen_waiting(waits) for waits in state.waiting.values()],
        "overrides": {
            who: {word.value: on for word, on in may.items()} for who, may in state.overrides.items()
        },
    }


def _person(person: Person) -> dict[str, JsonValue]:
    shown: dict[str, JsonValue] = {"id": person.id, "name": person.name, "role": person.role.value}
    return shown | {"joinedAt": _stamp(person.joined_at), **person.whose.said()}


def _stopped(state: State) -> JsonValue:
    stopped = state.stopped
    if stopped is None:
        return None
    kept = policy.written(stopped.kept)
    return {"at": _stamp(stopped.at), "by": stopped.by, "name": stopped.name, "kept": kept}


def _host(state: State) -> str | None:
    """Its owner's name, or any host's who is there."""
    owner = state.known.get(state.owner) if state.owner else None
    there = next((person.name for person in state.people.values() if person.role.hosts), None)
    return owner.name if owner is not None and owner.role is Role.OWNER else there


def _stamp(at: datetime | None) -> str:
    return at.isoformat() if at else ""
