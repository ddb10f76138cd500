"""How what a meeting knows follows from its log.

Law: `evolve` is total: it follows every entry that any version of ours ever stored, and refuses none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from folkmoot.meetings.feature import Entry, May, ParticipantId, Role, Source
from folkmoot.meetings.people import floor, limits, policy
from folkmoot.meetings.people.state import (
    MOST_KNOWN,
    MOST_TURNED_AWAY,
    Known,
    Person,
    Service,
    State,
    Stopped,
    Waiting,
    Whose,
)

Key = TypeVar("Key")
Value = TypeVar("Value")


def evolve(state: State, entry: Entry) -> State:
    follow = FOLLOWS.get(entry.type)
    return state if follow is None else follow(state, entry)


# --- the meeting ------------------------------------------------------------------------------------------------------


def _started(state: State, entry: Entry) -> State:
    payload = entry.payload
    allowed, banned, most = payload.get("policy"), payload.get("banned"), payload.get("most")
    return replace(
        state,
        banned={str(mark): datetime.fromisoformat(str(at)) for mark, at in banned.items()}
        if isinstance(banned, Mapping)
        else state.banned,
        most=most if isinstance(most, int) else None,
        title=str(payload["title"]),
        number=str(payload["number"]),
        started_at=entry.at,
        policy=policy.read(allowed) if isinstance(allowed, Mapping) else state.policy,
        floor=floor.read(payload.get("floor")),
    )


def _floor(state: State, entry: Entry) -> State:
    return replace(state, floor=floor.read(entry.payload["rules"]))


def _limits(state: State, entry: Entry) -> State:
    return replace(state, limits=limits.read(entry.payload), limits_at=entry.at)


def _ended(state: State, entry: Entry) -> State:
    return replace(state, ended=True, people={}, waiting={}, services={}, muted={}, hosted=False)


def _locked(state: State, entry: Entry) -> State:
    return replace(state, locked=entry.payload["locked"] is True)


def _policy(state: State, entry: Entry) -> State:
    return replace(state, policy=policy.read(entry.payload))


def _stopped(state: State, entry: Entry) -> State:
    """Single people lose what they had beyond the policy; what was taken from them stays taken."""
    at, by = entry.at, ParticipantId(str(entry.payload["by"]))
    stopped = Stopped(at, by, str(entry.payload["name"]), state.policy, state.locked)
    kept = {who: {w: on for w, on in may.items() if not on} for who, may in state.overrides.items()}
    return replace(state, stopped=stopped, overrides={who: may for who, may in kept.items() if may})


def _resumed(state: State, entry: Entry) -> State:
    return replace(state, stopped=None) if entry.payload.get("over") is True else state


def _spotlight(state: State, entry: Entry) -> State:
    shown = entry.payload["participants"]
    return replace(state, spotlight=tuple(ParticipantId(str(who)) for who in shown))  # type: ignore[union-attr]


# --- who is here ------------------------------------------------------------------------------------------------------


def _joined(state: State, entry: Entry) -> State:
    who, name = _id(entry), str(entry.payload["name"])
    role = Role(str(entry.payload["role"]))
    if role is Role.WAITING:  # of a version before: they wait again when they come again
        return state
    before, waited = state.known.get(who), state.waiting.get(who)
    came_as = before.came_as if before and before.name == name else name
    role_at = before.role_at if before and before.role is role else entry.at
    known = Known(name, role, came_as, role_at) if before is None else replace(before, name=name, role=role)
    known = replace(known, came_as=came_as, role_at=role_at)
    if waited is not None:
        known = replace(known, device=waited.device or known.device, link=waited.link or known.link)
        known = replace(known, came_as=waited.came_as or known.came_as)
        known = replace(known, account=waited.account or known.account)
    everybody = {**state.known, who: known}
    if len(everybody) > MOST_KNOWN:
        _forget_one(everybody, state.people)
    return replace(
        state,
        people={**state.people, who: Person(who, name, role, entry.at, entry.seq, _whose(entry))},
        waiting=_without(state.waiting, who),
        sent=_without(state.sent, who),
        known=everybody,
        hosted=state.hosted or role.hosts,
        began_at=state.began_at or entry.at,
        owner=who if role is Role.OWNER else state.owner,
    )


def _forget_one(known: dict[ParticipantId, Known], here: Mapping[ParticipantId, Person]) -> None:
    gone = next((who for who, one in known.items() if who not in here and not one.role.hosts), None)
    if gone is not None:
        del known[gone]


def _identity(state: State, entry: Entry) -> State:
    """Of who is in or waits: what they are known by. Told to nobody."""
    who, payload = _id(entry), entry.payload
    device, link = str(payload.get("device", "")), str(payload.get("link", ""))
    account = str(payload.get("account", ""))
    if (known := state.known.get(who)) is not None:
        known = replace(known, device=device or known.device, link=link or known.link)
        known = replace(known, account=account or known.account)
        known = replace(known, key=known.key or payload.get("key") is True)
        known = replace(known, by_room=payload.get("by_room") is True)
        state = replace(state, known={**state.known, who: known})
    if (waits := state.waiting.get(who)) is not None:
        waits = replace(waits, device=device or waits.device, link=link or waits.link)
        waits = replace(waits, account=account or waits.account)
        state = replace(state, waiting={**state.waiting, who: waits})
    return state


def _left(state: State, entry: Entry) -> State:
    who = _id(entry)
    gone = state.people.get(who)
    people = _without(state.people, who)
    hosted = state.hosted
    if gone is not None and gone.role.hosts:
        hosted = any(person.role.hosts for person in people.values())
    return replace(
        state,
        people=people,
        hosted=hosted,
        muted=_without(state.muted, who),
        spotlight=tuple(one for one in state.spotlight if one != who),
    )


def _removed(state: State, entry: Entry) -> State:
    who = ParticipantId(str(entry.payload["participant"]))
    if entry.payload.get("block") is False:
        return replace(state, sent={**state.sent, who: "was_removed"})
    known, waits = state.known.get(who), state.waiting.get(who)
    marks = {mark for one in (known, waits) if one for mark in (one.device, one.link, one.account) if mark}
    banned = {**state.banned, **dict.fromkeys(marks, entry.at)}
    return replace(state, removed={**state.removed, who: entry.at}, banned=banned)


def _service_joined(state: State, entry: Entry) -> State:
    who = _id(entry)
    service = Service(who, str(entry.payload["name"]), str(entry.payload["kind"]), entry.at)
    return replace(state, services={**state.services, who: service})


def _service_left(state: State, entry: Entry) -> State:
    return replace(state, services=_without(state.services, _id(entry)))


# --- who waits --------------------------------------------------------------------------------------------------------


def _waiting(state: State, entry: Entry) -> State:
    who, payload = _id(entry), entry.payload
    before, renamed = state.waiting.get(who), entry.payload.get("renamed") is True
    waits = Waiting(
        who,
        str(payload["name"]),
        before.at if before else entry.at,
        str(payload["reason"]),
        tuple(str(mark) for mark in payload["marks"]),  # type: ignore[union-attr]
        Role(str(payload.get("role", "guest"))),
        before.device if before else "",
        before.link if before else "",
        frozenset(ParticipantId(str(host)) for host in payload.get("yes", ())),  # type: ignore[union-attr]
        before.came_as if before and renamed else str(payload["name"]),
        entry.at if renamed else before.renamed_at if before else None,
        _whose(entry),
        before.account if before else "",
    )
    return replace(state, waiting={**state.waiting, who: waits})


def _waiting_left(state: State, entry: Entry) -> State:
    who = _id(entry)
    waits = state.waiting.get(who)
    state = replace(state, waiting=_without(state.waiting, who))
    if waits is None or entry.payload.get("reason") != "denied":
        return state
    turned = {**state.turned_away, **dict.fromkeys(filter(None, (who, waits.device)), entry.at)}
    return replace(state, turned_away=dict(list(turned.items())[-MOST_TURNED_AWAY:]))


def _sent(state: State, entry: Entry) -> State:
    """They were in; the entries beside it say that they left and wait."""
    return replace(state, sent={**state.sent, _id(entry): ""})


def _admitted_by(state: State, entry: Entry) -> State:
    who, host = _id(entry), entry.by
    waits = state.waiting.get(who)
    if waits is None or host is None:
        return state
    return replace(state, waiting={**state.waiting, who: replace(waits, yes=waits.yes | {host})})


def _revoked(state: State, entry: Entry) -> State:
    return replace(state, revoked=state.revoked | {str(entry.payload["link"])})


# --- of one person ----------------------------------------------------------------------------------------------------


def _muted(state: State, entry: Entry) -> State:
    who = ParticipantId(str(entry.payload["participant"]))
    source: Source = entry.payload["source"]  # type: ignore[assignment]
    if who not in state.people and who not in state.services:
        return state
    return replace(state, muted={**state.muted, who: {**state.muted.get(who, {}), source: entry.seq}})


def _overrides(state: State, entry: Entry) -> State:
    who, said = ParticipantId(str(entry.payload["participant"])), entry.payload["may"]
    words = {word.value: word for word in May}
    may = {words[w]: on is True for w, on in said.items() if w in words}  # type: ignore[union-attr]
    others = _without(state.overrides, who)
    return replace(state, overrides={**others, who: may} if may else others)


def _role_changed(state: State, entry: Entry) -> State:
    who, role = ParticipantId(str(entry.payload["participant"])), Role(str(entry.payload["role"]))
    here, known = state.people.get(who), state.known.get(who)
    if here is not None:
        state = replace(state, people={**state.people, who: replace(here, role=role)})
        state = replace(state, hosted=any(person.role.hosts for person in state.people.values()))
    if known is not None:
        changed = replace(known, role=role, role_at=entry.at)
        state = replace(state, known={**state.known, who: changed})
    return replace(state, owner=who) if role is Role.OWNER else state


def _successor(state: State, entry: Entry) -> State:
    named = entry.payload["participant"]
    return replace(state, successor=None if named is None else ParticipantId(str(named)))


def _key_replaced(state: State, entry: Entry) -> State:
    keeper = ParticipantId(str(entry.payload["keeper"]))
    known = {who: replace(one, key=who == keeper) for who, one in state.known.items()}
    return replace(state, known=known)


def _renamed(state: State, entry: Entry) -> State:
    who, name = ParticipantId(str(entry.payload["participant"])), str(entry.payload["name"])
    here, known = state.people.get(who), state.known.get(who)
    if here is not None:
        state = replace(state, people={**state.people, who: replace(here, name=name)})
    if known is not None:
        state = replace(state, known={**state.known, who: replace(known, name=name)})
    return state


def _picture(state: State, entry: Entry) -> State:
    who, picture = ParticipantId(str(entry.payload["participant"])), str(entry.payload["picture"])
    if (here := state.people.get(who)) is not None:
        shown = replace(here, whose=here.whose._replace(picture=picture))
        return replace(state, people={**state.people, who: shown})
    if (waits := state.waiting.get(who)) is not None:
        seen = replace(waits, whose=waits.whose._replace(picture=picture))
        return replace(state, waiting={**state.waiting, who: seen})
    return state


FOLLOWS: Mapping[str, Callable[[State, Entry], State]] = {
    "started": _started,
    "ended": _ended,
    "locked": _locked,
    "policy": _policy,
    "floor": _floor,
    "limits": _limits,
    "stopped": _stopped,
    "resumed": _resumed,
    "spotlight": _spotlight,
    "joined": _joined,
    "identity": _identity,
    "device": _identity,
    "left": _left,
    "removed": _removed,
    "service_joined": _service_joined,
    "service_left": _service_left,
    "waiting": _waiting,
    "waiting_left": _waiting_left,
    "sent_to_waiting": _sent,
    "admitted_by": _admitted_by,
    "revoked": _revoked,
    "muted": _muted,
    "overrides": _overrides,
    "role_changed": _role_changed,
    "successor": _successor,
    "key_replaced": _key_replaced,
    "renamed": _renamed,
    "picture": _picture,
}
"""`device` is what `identity` was called before."""


def _whose(entry: Entry) -> Whose:
    said = entry.payload
    return Whose(str(said.get("kind", "guest")), str(said.get("org", "")), str(said.get("picture", "")))


def _id(entry: Entry) -> ParticipantId:
    return ParticipantId(str(entry.payload["id"]))


def _without(several: Mapping[Key, Value], one: Key) -> Mapping[Key, Value]:
    return {key: value for key, value in several.items() if key != one} if one in several else several
