"""Coming in: of people at the channel's end of the door, and of programs. Everything that may keep them out is asked here.

Law: one question, `standing`, says what a meeting makes of an identity; nobody else looks at bans, roles and admissions.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pydantic import JsonValue

from folkmoot.kit import Refusal, text
from folkmoot.meetings.feature import NOBODY, Actor, Event, May, ParticipantId, Role
from folkmoot.meetings.identity import Identity
from folkmoot.meetings.people.commands import Enter, Rename, ServeIn
from folkmoot.meetings.people.departing import TO_HOSTS
from folkmoot.meetings.people.state import NOBODYS, Known, State, Waiting, Whose

MOST_SERVICES = 64
MOST_WAITING = 500
TURNED_AWAY_FOR = timedelta(seconds=60)
"""So long after a host's no the same person isn't shown again."""
RENAMED_AGAIN = timedelta(seconds=5)
"""Who waits calls themselves something else no sooner: each time is told to every host."""
LIKENESS = HOST_NAME, SAME_NAME = "host_name", "same_name"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the meeting makes of somebody who comes."""

    name: str
    role: Role
    was_in: bool
    """Let in before, and not sent away since."""
    removed_at: datetime | None
    turned_away_at: datetime | None
    sent: str | None
    """They were in and were sent out: they wait, with this mark, if it is one."""


def standing(state: State, who: ParticipantId, asked: Enter) -> Standing:
    name, role = as_whom(state, who, asked)
    before = _were(state, who, asked.identity)
    sent = next((state.sent[one] for one in before if one in state.sent), None)
    return Standing(
        name,
        role,
        was_in=bool(before) and sent is None,
        removed_at=_removed_at(state, who, asked),
        turned_away_at=state.turned_away.get(who) or state.turned_away.get(asked.identity.device or "-"),
        sent=sent,
    )


def as_whom(state: State, who: ParticipantId, asked: Enter) -> tuple[str, Role]:
    """Name and role of somebody who comes, by what they say and what the meeting knows of them."""
    known, waits = state.known.get(who), state.waiting.get(who)
    proved = _proved(state, who, asked)
    if waits is not None and asked.name == waits.came_as:
        asked = replace(asked, name=waits.name)
    if known is None:
        return asked.name, proved
    name = known.name if asked.name == known.came_as or known.link else asked.name
    newer = asked.proved_at is None or asked.proved_at >= known.role_at
    return name, proved if asked.role.owns and newer else known.role


def _proved(state: State, who: ParticipantId, asked: Enter) -> Role:
    """The first who holds the host key is the owner. Who is signed in is what they were, at whatever device."""
    account = asked.identity.account
    if account and not asked.role.owns:
        same = (known.role for known in state.known.values() if known.account == account)
        if (role := next(same, None)) is not None:
            return role if role is not Role.OWNER else Role.HOST
    if asked.role is Role.COHOST:
        return Role.COHOST
    if asked.role.hosts:
        return Role.OWNER if state.owner in (None, who) else Role.HOST
    return Role.MEMBER if asked.identity.link else asked.role


def _were(state: State, who: ParticipantId, of: Identity) -> list[ParticipantId]:
    """As whom they were in before: as this participant, by this device, or with this account."""
    before = [who] if who in state.known else []
    if not before and (of.device or of.account):
        before += [one for one, known in state.known.items() if _is(known, of)]
    return before


def _is(known: Known, of: Identity) -> bool:
    same_device = of.device and known.device == of.device
    return bool(same_device or (of.account and known.account == of.account))


def _removed_at(state: State, who: ParticipantId, asked: Enter) -> datetime | None:
    known = state.known.get(who)
    marks = (asked.identity.device, asked.identity.link, asked.identity.account, known.link if known else "")
    banned = (state.banned[mark] for mark in marks if mark and mark in state.banned)
    return state.removed.get(who) or next(banned, None)


# --- coming in --------------------------------------------------------------------------------------------------------


def enter(state: State, who: ParticipantId, asked: Enter, now: datetime) -> Sequence[Event] | Refusal:
    stands = standing(state, who, asked)
    if stands.removed_at is not None:
        return Refusal("meeting.removed", {"again": False, "at": stands.removed_at.isoformat()})
    if who in state.people:
        return [*_again(state, who, stands), *_identity(state, who, asked)]
    if (refusal := _kept_out(state, who, stands, asked, now)) is not None:
        return refusal
    reason = _waits(state, stands, asked)
    if reason is not None and asked.by_room:
        return Refusal("meeting.waits")
    if reason is not None:
        return _wait(state, who, stands, asked, reason, now)
    if not stands.role.hosts and asked.most is not None and len(state.people) >= asked.most:
        return Refusal("meeting.full", {"most": asked.most})
    inside = let_in(state, who, stands.name, stands.role, asked.whose)
    return [*inside, *_identity(state, who, asked)]


def let_in(
    state: State, who: ParticipantId, name: str, role: Role, whose: Whose = NOBODYS
) -> Iterator[Event]:
    yield joined(who, name, role, whose)
    if role.hosts and not state.hosted:
        yield from hosted(state, but=who)


def joined(who: ParticipantId, name: str, role: Role, whose: Whose) -> Event:
    return Event("joined", {"id": who, "name": name, "role": role.value, **whose.said()})


def hosted(state: State, but: ParticipantId | None = None) -> Iterator[Event]:
    """A host is there: whom nothing else kept out comes in."""
    yield Event("hosted", {"hosted": True})
    for waits in state.waiting.values():
        if waits.reason == "no_host" and waits.id != but:
            yield joined(waits.id, waits.name, waits.role, waits.whose)


def serve(state: State, asked: ServeIn) -> Sequence[Event] | Refusal:
    if asked.id in state.removed:
        return Refusal("meeting.removed", {"again": False, "at": state.removed[asked.id].isoformat()})
    if asked.id in state.services:
        return []
    if len(state.services) >= MOST_SERVICES:
        return Refusal("meeting.full", {"most": MOST_SERVICES})
    return [Event("service_joined", {"id": asked.id, "name": asked.name, "kind": asked.kind})]


def _again(state: State, who: ParticipantId, stands: Standing) -> Iterator[Event]:
    """They are in already; what they proved since may make more of them."""
    here = state.people[who].role
    if stands.role.owns and not here.owns:
        yield Event("role_changed", {"participant": who, "role": stands.role.value})
        if not state.hosted:
            yield from hosted(state)


def _identity(state: State, who: ParticipantId, asked: Enter) -> Iterator[Event]:
    known = state.known.get(who)
    of = asked.identity
    said = (of.device, of.link, of.account, asked.role.owns, asked.by_room)
    kept = ("", "", "", False, False)
    if known is not None:
        kept = (known.device, known.link, known.account, known.key, known.by_room)
        said = (said[0] or kept[0], said[1] or kept[1], said[2] or kept[2], said[3] or kept[3], said[4])
    if said != kept:
        device, link, account, key, by_room = said
        told: dict[str, JsonValue] = {"device": device, "link": link, "key": key, "by_room": by_room}
        if account:
            told["account"] = account
        yield Event("identity", {"id": who, **told}, to=NOBODY)


def _kept_out(
    state: State, who: ParticipantId, stands: Standing, asked: Enter, now: datetime
) -> Refusal | None:
    """A host is let in to whatever they host; who waits already goes on waiting."""
    if stands.role.hosts:
        return None
    link = asked.identity.link
    if link in state.revoked and not stands.was_in:
        return Refusal("meeting.link_revoked")
    if who in state.waiting:
        return None
    if state.locked and not stands.was_in:
        return Refusal("meeting.locked")
    if state.policy.personal_only and not link and not stands.was_in and stands.sent is None:
        return Refusal("meeting.personal_only")
    if stands.turned_away_at is not None and now - stands.turned_away_at < TURNED_AWAY_FOR:
        return Refusal("meeting.turned_away")
    return None


# --- waiting ----------------------------------------------------------------------------------------------------------


def waits(state: State, who: ParticipantId, asked: Enter) -> bool:
    """Whether they would wait, if they came now."""
    return who not in state.people and _waits(state, standing(state, who, asked), asked) is not None


def _waits(state: State, stands: Standing, asked: Enter) -> str | None:
    """Why; None: they come in."""
    if stands.role.hosts:
        return None
    if "link_in_use" in asked.marks:
        return "link_in_use"
    if stands.sent is not None:
        return "sent"
    if stands.was_in:
        return None
    link, room = asked.identity.link, state.policy.waiting_room
    if "guessed" in asked.marks or ("was_removed" in asked.marks and not link):
        return "waiting"
    if room == "everyone" or (room == "guests" and not link):
        return "waiting"
    return "no_host" if state.policy.without_host == "wait" and not state.hosted else None


def _wait(
    state: State, who: ParticipantId, stands: Standing, asked: Enter, reason: str, now: datetime
) -> Sequence[Event] | Refusal:
    before = state.waiting.get(who)
    if before is None and len(state.waiting) >= MOST_WAITING:
        return Refusal("meeting.waiting_room_full")
    marks = tuple(dict.fromkeys((*_marks(state, who, stands, asked), *(before.marks if before else ()))))
    kept = reason if before is None or before.reason == "no_host" else before.reason
    if before is not None and (before.name, before.reason, before.marks) == (stands.name, kept, marks):
        return []
    at = before.at if before else now
    yes = before.yes if before and before.name == stands.name else ()
    return [
        waiting(who, stands.name, stands.role, kept, marks, at, yes, whose=asked.whose),
        *_identity_of_waiting(who, asked),
    ]


def rename_waiting(state: State, by: Actor, command: Rename, now: datetime) -> Sequence[Event] | Refusal:
    """Hosts see at once who it says it is, and whom that looks like. What the door noticed stays; what hosts said to the other
    name is void."""
    waits, name = state.waiting[by.participant], text.name(command.name)
    if isinstance(name, Refusal):
        return name
    if waits.link or waits.account:
        return Refusal("meeting.not_allowed", {"may": May.RENAME.value})
    if name == waits.name:
        return []
    since = now - waits.renamed_at if waits.renamed_at else RENAMED_AGAIN
    if since < RENAMED_AGAIN:
        return Refusal("meeting.rate_limited", {"retry_after_s": (RENAMED_AGAIN - since).total_seconds()})
    noticed = (mark for mark in waits.marks if mark not in LIKENESS)
    marks = (*noticed, *_likeness(state, waits.id, name))
    event = waiting(waits.id, name, waits.role, waits.reason, marks, waits.at, whose=waits.whose)
    return [replace(event, payload={**event.payload, "renamed": True})]


def waiting(
    who: ParticipantId,
    name: str,
    role: Role,
    reason: str,
    marks: Sequence[str],
    at: datetime,
    yes: Collection[ParticipantId] = (),
    whose: Whose = NOBODYS,
) -> Event:
    told: dict[str, JsonValue] = {"id": who, "name": name, "at": at.isoformat(), "marks": [*marks]}
    told |= {"yes": [*sorted(yes)], **whose.said()}
    return Event("waiting", told | {"role": role.value, "reason": reason}, to=TO_HOSTS)


def _identity_of_waiting(who: ParticipantId, asked: Enter) -> Iterator[Event]:
    told = {"device": asked.identity.device, "link": asked.identity.link, "account": asked.identity.account}
    if any(told.values()):
        yield Event(
            "identity", {"id": who, **{name: value for name, value in told.items() if value}}, to=NOBODY
        )


def _marks(state: State, who: ParticipantId, stands: Standing, asked: Enter) -> Iterator[str]:
    yield from asked.marks
    if stands.sent:
        yield stands.sent
    yield from _likeness(state, who, stands.name)


def _likeness(state: State, who: ParticipantId, name: str) -> Iterator[str]:
    mine = alike(name)
    same = [person for person in state.people.values() if alike(person.name) == mine]
    if any(person.role.hosts for person in same):
        yield HOST_NAME
    elif same or any(one.id != who and alike(one.name) == mine for one in state.waiting.values()):
        yield SAME_NAME


def alike(name: str) -> str:
    """Two names that look the same are the same."""
    return unicodedata.normalize("NFKC", name).casefold().replace(" ", "")


def seen_waiting(waits: Waiting) -> dict[str, JsonValue]:
    seen: dict[str, JsonValue] = {"id": waits.id, "name": waits.name, "at": waits.at.isoformat()}
    seen |= waits.whose.said()
    return seen | {"marks": [*waits.marks], "yes": [*sorted(waits.yes)]}
