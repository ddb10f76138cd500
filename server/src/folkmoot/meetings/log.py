"""The log of one meeting, as values: what is decided, in which place, and what follows from it.

Law: `decide` changes nothing. What it answers is stored first (the durable part) and applied then, by `apply`, in the same
order; nobody hears of an entry that isn't stored. Sequence numbers only grow, also those of passing entries and across a
crash: `reserved` is stored before any number up to it is given away, and a restart goes on after it.

What somebody may see is guarded here and nowhere else. A replay gives them what they could see when it happened: nothing from
before they were let in, nothing that was erased since. A fault of one feature is its own: the others go on.

No clock, no storage, no task in here; `live` is the shell.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict, deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import structlog
from pydantic import JsonValue, TypeAdapter, ValidationError

from folkmoot.kit import Refusal
from folkmoot.meetings import people
from folkmoot.meetings.feature import (
    NOTHING,
    Actor,
    AnyFeature,
    Command,
    Due,
    Entry,
    Event,
    ParticipantId,
    Wants,
)
from folkmoot.meetings.recent import Recent

logger = structlog.get_logger("folkmoot.meetings")

TAIL = 1000
"""So many entries are kept at hand for those who resume; who missed more gets a fresh snapshot."""
REMEMBERED = 128
"""So many of each person's commands are known again when they come twice."""
PASSING_TAIL = 200
REMEMBERED_PEOPLE = 5000
PASSING_LIFE = timedelta(seconds=10)
"""A reaction that is older than this isn't shown to somebody who was away."""
RESERVE = 1000


class Log:
    def __init__(
        self, features: Iterable[AnyFeature], meeting: people.MeetingFeature = people.feature
    ) -> None:
        self._features: dict[str, AnyFeature] = {meeting.name: meeting}
        for feature in features:
            if feature.name in self._features:
                raise ValueError(f"two features are called {feature.name}")
            self._features[feature.name] = feature
        self._states: dict[str, Any] = {name: f.initial() for name, f in self._features.items()}
        self._tail: deque[Entry] = deque()
        self._passed: deque[Entry] = deque(maxlen=PASSING_TAIL)
        """Apart, so that applause pushes nothing out that was kept."""
        self._wants: dict[str, tuple[Any, Wants]] = {}
        self._whole: tuple[Wants, ...] = ()
        self._together = NOTHING
        self._shown: dict[str, tuple[object, str]] = {}
        self._whole_after = 0
        """Every durable entry with a greater number is in the tail."""
        self._done: dict[ParticipantId, OrderedDict[str, int]] = {}
        self.recent = Recent()
        self.seq = 0
        self.reserved = 0

    @property
    def meeting(self) -> people.State:
        state: people.State = self._states["meeting"]
        return state

    def state_of(self, feature: str) -> Any:
        return self._states[feature]

    # --- commands ---------------------------------------------------------------------------------------------------

    def parse(self, feature: str, type: str, payload: Mapping[str, JsonValue]) -> Any | Refusal:
        """A command that its feature understands."""
        known = self._features.get(feature)
        if known is None:
            return Refusal("meeting.unknown_command")
        try:
            return known.commands.validate_python({**payload, "type": type})
        except ValidationError:
            return Refusal("meeting.unknown_command")

    def already_done(self, by: ParticipantId, command: str) -> int | None:
        """The number that this command was acknowledged with before."""
        done = self._done.get(by)
        return done.get(command) if done else None

    def actor(self, participant: ParticipantId) -> Actor | None:
        return people.actor(self.meeting, participant)

    def decide(
        self, by: Actor, feature: str, command: Any, now: datetime, id: str | None = None
    ) -> list[Entry] | Refusal:
        """The entries that would follow."""
        if by.waits and isinstance(command, Command) and not command.of_waiting:
            return Refusal("meeting.not_admitted")
        if self.meeting.ended:
            return Refusal("meeting.ended")
        if isinstance(command, people.StopEverything | people.Report):
            command = people.Informed(command, self.recent.of(self.meeting, now))
        events = self._features[feature].decide(self._states[feature], command, by, now)
        if isinstance(events, Refusal):
            return events
        author = by.participant or None
        return [
            self._place(n, event, feature, author, now, id) for n, event in enumerate(events, self.seq + 1)
        ]

    def remember(self, by: ParticipantId, command: str, seq: int) -> None:
        done = self._done.get(by)
        if done is None:
            done = self._done[by] = OrderedDict()
        done[command] = seq
        done.move_to_end(command)
        if len(done) > REMEMBERED:
            done.popitem(last=False)
        if len(self._done) > REMEMBERED_PEOPLE:
            del self._done[next(iter(self._done))]

    # --- entries ----------------------------------------------------------------------------------------------------

    def apply(self, entry: Entry) -> None:
        self.seq = entry.seq
        self.recent.follow(entry)
        if not entry.durable:
            self._passed.append(entry)
            return
        for name in self._who_follows(entry.feature):
            try:
                self._states[name] = self._features[name].evolve(self._states[name], entry)
            except Exception:
                # Its state stays as it was, now and at every replay: the meeting and the other features go on.
                logger.exception("a feature can't follow", feature=name, seq=entry.seq, kind=entry.type)
        if entry.command is not None and entry.by is not None:
            self.remember(entry.by, entry.command, entry.seq)
        if entry.erases:
            self._tail = deque(kept for kept in self._tail if kept.seq not in entry.erases)
        self._tail.append(entry)
        if len(self._tail) > TAIL:
            self._whole_after = self._tail.popleft().seq

    def missed(self, by: Actor, seen: int, now: datetime) -> list[Entry] | None:
        """What this person may see of what came after `seen`. None: the log at hand doesn't reach back so far, or they weren't
        here then."""
        here = self.meeting.people.get(by.participant)
        if here is None or not max(self._whole_after, here.since) <= seen <= self.seq:
            return None
        passed = (entry for entry in self._passed if now - entry.at <= PASSING_LIFE)
        since = (entry for entry in (*self._tail, *passed) if entry.seq > seen)
        mine = (entry for entry in since if entry.visible_to(by.participant, by.role))
        return sorted(mine, key=lambda entry: entry.seq)

    def meeting_after(self, entries: Iterable[Entry]) -> people.State:
        """What the feature `meeting` will know once these are applied."""
        state = self.meeting
        for entry in entries:
            state = people.feature.evolve(state, entry) if entry.durable else state
        return state

    def snapshot(self, to: Actor) -> str:
        """Of all features, as JSON. What many get alike is written once."""
        parts = ((name, self._written(name, feature, to)) for name, feature in self._features.items())
        return "{" + ",".join(f'"{name}":{part}' for name, part in parts if part is not None) + "}"

    # --- what follows outside ---------------------------------------------------------------------------------------

    def wants(self) -> Wants:
        """What all features want, together."""
        whole = tuple(self._wants_of(name, feature) for name, feature in self._features.items())
        if len(whole) != len(self._whole) or any(a is not b for a, b in zip(whole, self._whole, strict=True)):
            self._whole, self._together = whole, Wants.together(whole)
        return self._together

    def due(self, now: datetime) -> list[str]:
        """Features whose moment has come."""
        return [name for name, feature in self._features.items() if self._is_due(name, feature, now)]

    def when_due(self, feature: str, now: datetime) -> list[Entry] | Refusal:
        return self.decide(people.MEETING, feature, Due(), now)

    # --- keeping and restoring --------------------------------------------------------------------------------------

    @property
    def shape(self) -> str:
        """Of the states: a snapshot stored by another version, whose states look different, is of no use."""
        return _shape(tuple((name, type(state)) for name, state in self._states.items()))

    def dump(self) -> str:
        return json.dumps(
            {
                "states": {
                    n: _codec(f).dump_python(self._states[n], mode="json") for n, f in self._features.items()
                },
                "done": self._done,
            },
            separators=(",", ":"),
        )

    def restore(self, seq: int, dumped: str) -> None:
        kept = json.loads(dumped)
        for name, feature in self._features.items():
            self._states[name] = _codec(feature).validate_json(json.dumps(kept["states"][name]))
        self._done = {ParticipantId(who): OrderedDict(done) for who, done in kept["done"].items()}
        self.seq = self._whole_after = seq

    def refold(self, tail: Sequence[Entry], entries: Iterable[Entry], reserved: int) -> None:
        """After `restore`, or from nothing: `tail` is what came before for those who resume, then what follows is applied."""
        self._tail.extend(tail)
        if tail:
            self._whole_after = tail[0].seq - 1
        for entry in entries:
            self.apply(entry)
        self.reserved = reserved
        self.seq = max(self.seq, reserved)

    # --- inside -----------------------------------------------------------------------------------------------------

    def _who_follows(self, feature: str) -> Iterable[str]:
        if feature == people.feature.name:
            return self._features
        return (feature,) if feature in self._features else ()

    def _wants_of(self, name: str, feature: AnyFeature) -> Wants:
        state = self._states[name]
        known = self._wants.get(name)
        if known is None or known[0] is not state:
            try:
                known = (state, feature.wants(state))
            except Exception:
                logger.exception("a feature doesn't know what it wants", feature=name)
                known = (state, known[1] if known else NOTHING)
            self._wants[name] = known
        return known[1]

    def _is_due(self, name: str, feature: AnyFeature, now: datetime) -> bool:
        try:
            at = feature.due(self._states[name])
        except Exception:
            logger.exception("a feature doesn't know when it is due", feature=name)
            return False
        return at is not None and at <= now

    def _written(self, name: str, feature: AnyFeature, to: Actor) -> str | None:
        state = self._states[name]
        if to.waits:
            shown = feature.waiting(state, to.participant)
            return None if shown is None else _json(shown)
        shared = feature.shared(state, to)
        if shared is None:
            return _json(feature.snapshot(state, to))
        kept = self._shown.get(name)
        if kept is None or kept[0] is not shared:
            kept = self._shown[name] = (shared, _json(feature.snapshot(state, to)))
        return kept[1]

    def _place(
        self, seq: int, event: Event, feature: str, by: ParticipantId | None, now: datetime, id: str | None
    ) -> Entry:
        if event.unsigned:
            by = id = None
        return Entry(
            seq,
            now,
            feature,
            event.type,
            by,
            event.payload,
            event.durable,
            self._resolved(event),
            id,
            event.erases,
            event.drops,
        )

    def _resolved(self, event: Event) -> tuple[ParticipantId, ...] | None:
        if event.to.everyone:
            return None
        named = event.to.people or ()
        hosts = (p.id for p in self.meeting.people.values() if event.to.hosts and p.role.hosts)
        return tuple(dict.fromkeys((*named, *hosts)))


def _json(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _codec(feature: AnyFeature) -> TypeAdapter[Any]:
    """Reads and writes a feature's state."""
    kind = type(feature.initial())
    found = _codecs.get(kind)
    if found is None:
        found = _codecs[kind] = TypeAdapter(kind)
    return found


_codecs: dict[type[Any], TypeAdapter[Any]] = {}


@lru_cache
def _shape(kinds: tuple[tuple[str, type[Any]], ...]) -> str:
    schemas = {name: TypeAdapter(kind).json_schema() for name, kind in kinds}
    return hashlib.sha256(json.dumps(schemas, sort_keys=True).encode()).hexdigest()
