"""What is allowed: to all by the policy, to one by overrides, and everything at once stopped and let go on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from pydantic import JsonValue

from folkmoot.kit import Refusal, text
from folkmoot.meetings.feature import EVERYONE, Actor, Event, May, ParticipantId, To
from folkmoot.meetings.people import floor, limits, policy
from folkmoot.meetings.people.commands import Did, Let, Picture, Resume, SetPolicy
from folkmoot.meetings.people.departing import TO_HOSTS
from folkmoot.meetings.people.policy import Policy
from folkmoot.meetings.people.state import Person, State, Stopped, Waiting


def set_policy(state: State, command: SetPolicy, presets: Mapping[str, Policy]) -> Sequence[Event] | Refusal:
    if command.preset is not None and command.preset not in presets:
        return Refusal("meeting.unknown_preset", {"known": ", ".join(presets)})
    line = text.title(command.waiting_line or "")
    if isinstance(line, Refusal):
        return Refusal("meeting.line_invalid")
    wanted = floor.under(policy.wished(state.policy, command.wish(), presets), state.floor)
    return [policy_event(wanted)] if wanted != state.policy else []


def set_floor(state: State, rules: floor.Floor) -> Sequence[Event]:
    """By what stands above. Nothing that was stricter gets looser by it."""
    if rules == state.floor:
        return []
    wanted = floor.under(state.policy, rules)
    events = [Event("floor", {"rules": floor.written(rules)})]
    return [*events, policy_event(wanted)] if wanted != state.policy else events


def set_limits(state: State, said: limits.Limits, now: datetime) -> Sequence[Event]:
    """By whoever's plan it is."""
    if said == state.limits:
        return []
    over = limits.ends_at(said, now, state.began_at)
    return [Event("limits", limits.written(said) | {"endsAt": over.isoformat() if over else None})]


def show_picture(state: State, command: Picture) -> Sequence[Event]:
    """Of whoever is in or waits as that account, on each of their devices. Who waits is seen by hosts alone."""
    return [
        Event("picture", {"participant": one.id, "picture": command.picture}, to=to)
        for one, to in of_account(state, command.account)
        if one.whose.picture != command.picture
    ]


def of_account(state: State, account: str) -> Iterator[tuple[Person | Waiting, To]]:
    """Whom it has here, and who sees them."""
    for person in state.people.values():
        if state.known[person.id].account == account:
            yield person, EVERYONE
    for waits in state.waiting.values():
        if waits.account == account:
            yield waits, TO_HOSTS


def policy_event(wanted: Policy) -> Event:
    return Event("policy", policy.written(wanted))


def with_switch(of: Policy, word: May, *, on: bool) -> Policy:
    return replace(of, may=of.may | {word} if on else of.may - {word}, preset=policy.CUSTOM)


def let(state: State, command: Let) -> Sequence[Event] | Refusal:
    who = ParticipantId(command.participant)
    if who not in state.people:
        return Refusal("meeting.unknown_participant")
    if state.people[who].role.hosts:
        return Refusal("meeting.outranked")
    said = {May(word): on for word, on in command.may.model_dump(exclude_unset=True).items()}
    event = overriding(state, who, said)
    return [event] if event.payload["may"] != _words(state.overrides.get(who, {})) else []


def overriding(state: State, who: ParticipantId, said: Mapping[May, bool | None]) -> Event:
    """All that holds for that person alone from now on."""
    held: dict[May, bool | None] = {**state.overrides.get(who, {}), **said}
    may = _words({word: on for word, on in held.items() if on is not None})
    return Event("overrides", {"participant": who, "may": may}, to=TO_HOSTS)


def _words(may: Mapping[May, bool]) -> dict[str, JsonValue]:
    return {word.value: on for word, on in may.items()}


# --- stop everything --------------------------------------------------------------------------------------------------


def stop(state: State, by: Actor, recent: Sequence[Did], now: datetime) -> Sequence[Event]:
    """All but hosts: nothing may be sent, said or drawn, and nobody comes in. What is sent already ends."""
    if state.stopped is not None:
        return [_recent(recent)]
    person = state.people.get(by.participant)
    told: dict[str, JsonValue] = {
        "at": now.isoformat(),
        "by": by.participant,
        "name": person.name if person else "",
    }
    stopped = Event("stopped", told | {"kept": policy.written(state.policy)})
    nothing = replace(state.policy, may=frozenset(), chat="off", preset=policy.CUSTOM)
    lock = [] if state.locked else [Event("locked", {"locked": True})]
    return [stopped, policy_event(nothing), *lock, _recent(recent)]


def resume(state: State, command: Resume) -> Sequence[Event] | Refusal:
    stopped = state.stopped
    if stopped is None:
        return Refusal("meeting.not_stopped")
    wanted = floor.under(_with_again(state, stopped, command.what), state.floor)
    unlocks = command.what in ("all", "lock") and state.locked and not stopped.was_locked
    locked = state.locked and not unlocks
    over = command.what == "all" or (_same(wanted, stopped.kept) and locked == stopped.was_locked)
    return [*_resumed(state, wanted, stopped, command.what, unlocks=unlocks, over=over)]


def _with_again(state: State, stopped: Stopped, what: str) -> Policy:
    match what:
        case "all":
            return stopped.kept
        case "lock":
            return state.policy
        case "chat":
            return replace(state.policy, chat=stopped.kept.chat)
    return replace(state.policy, may=state.policy.may | (stopped.kept.may & {May(what)}))


def _same(one: Policy, other: Policy) -> bool:
    return replace(one, preset="") == replace(other, preset="")


def _resumed(
    state: State, wanted: Policy, stopped: Stopped, what: str, *, unlocks: bool, over: bool
) -> Iterator[Event]:
    if over:
        wanted = floor.under(stopped.kept, state.floor)
    if wanted != state.policy:
        yield policy_event(wanted)
    if unlocks:
        yield Event("locked", {"locked": False})
    yield Event("resumed", {"what": what, "over": over})


def _recent(recent: Sequence[Did]) -> Event:
    people: list[JsonValue] = [
        {
            "participant": one.participant,
            "name": one.name,
            "did": [{"what": what, "at": at.isoformat()} for what, at in one.did],
        }
        for one in recent
    ]
    return Event("recent", {"people": people}, durable=False, to=TO_HOSTS)
