"""The values: a meeting in time, what of it repeats, one time that it takes place, who is invited.

Law: the times of a plan are local, so that nine o'clock stays nine o'clock when the clocks are changed; a moment is computed when it
is needed. A time that a change of the clocks leaves out is as long after midnight as it would have been; of one that comes
twice it is the first (RFC 5545, 3.3.5).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Literal, NewType
from zoneinfo import ZoneInfo

from folkmoot.kit import Refusal

SeriesId = NewType("SeriesId", str)
Who = Literal["link", "signed_in", "invited"]
WAYS = ("link", "signed_in", "invited")
Said = Literal["yes", "no", "maybe"]
ANSWERS = ("yes", "no", "maybe")

MOST_OWNED = 1000
"""Meetings to come of one person."""
MOST_MINUTES = 24 * 60
MOST_EARLY = 120
MOST_NOTES = 4000
EARLY = 10
LOCAL = "%Y-%m-%dT%H:%M"
EARLIEST, LATEST = datetime(2000, 1, 1), datetime(2199, 12, 31)  # noqa: DTZ001  (local times have no zone)


class Kind(StrEnum):
    PLANNED = "planned"
    ROOM = "room"
    """Somebody's own: always there, under one number."""
    INSTANT = "instant"


class Mine(StrEnum):
    """Who somebody is to a meeting."""

    OWNER = "owner"
    COHOST = "cohost"
    INVITED = "invited"

    @property
    def hosts(self) -> bool:
        return self is not Mine.INVITED


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a series that keeps one rule. Editing this and the following ends one and begins another."""

    starts: datetime
    """Local, of the first."""
    minutes: int
    zone: str
    title: str = ""
    notes: str = ""
    rule: str = ""
    """RFC 5545 without COUNT and UNTIL. Empty: once."""
    count: int | None = None
    until: datetime | None = None
    """Local, and still in it."""
    uid: str = "1"
    """Names it to other calendars: to those each stretch is an event."""


@dataclass(frozen=True, slots=True)
class Change:
    """Of one time alone."""

    cancelled: bool = False
    starts: datetime | None = None
    minutes: int | None = None
    title: str | None = None
    notes: str | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """On which people meet."""

    preset: str = "open"
    waiting_room: str | None = None
    who: Who = "link"
    early_minutes: int = EARLY
    capacity: int | None = None
    attendance: bool = False
    by_number: bool = True
    """Number and passcode let somebody in, as a link does."""


@dataclass(frozen=True, slots=True)
class Series:
    id: SeriesId
    number: str
    owner: str
    kind: Kind
    title: str
    notes: str
    zone: str
    made_at: datetime
    minutes: int = 60
    terms: Terms = Terms()
    stretches: tuple[Stretch, ...] = ()
    changes: Mapping[str, Change] = field(default_factory=dict)
    """By the local start that the rule gives: it names the time."""
    sequence: int = 0
    """RFC 5545's: rises with what the invited should know."""
    cancelled_at: datetime | None = None
    link_version: int = 1
    org: str | None = None
    """Which organisation it belongs to. None: its owner alone."""
    handed_by: str | None = None
    """Whose it was, while who was made its owner hasn't said that they keep it. Empty: somebody who has gone. None: nobody is asked."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    at: str
    """The local start that the rule gives it. It keeps this name when it is moved."""
    starts_at: datetime
    minutes: int
    zone: str
    title: str
    notes: str
    changed: bool = False
    cancelled: bool = False

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Invitation:
    id: str
    series: SeriesId
    name: str
    address: str | None
    account: str | None
    language: str
    cohost: bool
    answer: Said | None
    version: int
    """Of its secret: a new one makes the old void."""
    revoked: bool
    made_at: datetime


def local(text: str) -> datetime | Refusal:
    """Seconds, if given, must be none: a plan is by the minute."""
    try:
        said = datetime.strptime(text.removesuffix(":00") if text.count(":") == 2 else text, LOCAL)  # noqa: DTZ007
    except ValueError:
        return Refusal("calendar.time")
    return said if EARLIEST <= said <= LATEST else Refusal("calendar.time")


def named(starts: datetime) -> str:
    return starts.strftime(LOCAL)


def moment(starts: datetime, zone: str) -> datetime:
    return starts.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def locally(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


# --- as they are kept ---------------------------------------------------------------------------------------------------


def packed(series: Series) -> dict[str, Any]:
    """What of a series no query asks for."""
    return {
        "stretches": [_packed_stretch(one) for one in series.stretches],
        "changes": {at: _packed_change(one) for at, one in series.changes.items()},
        "terms": {name: getattr(series.terms, name) for name in Terms.__dataclass_fields__},
    }


def unpacked_stretches(kept: Mapping[str, Any]) -> tuple[Stretch, ...]:
    return tuple(
        Stretch(
            **{
                **one,
                "starts": at_local(one["starts"]),
                "until": at_local(one["until"]) if one["until"] else None,
            }
        )
        for one in kept["stretches"]
    )


def unpacked_changes(kept: Mapping[str, Any]) -> dict[str, Change]:
    return {
        at: Change(**{**one, "starts": at_local(one["starts"]) if one["starts"] else None})
        for at, one in kept["changes"].items()
    }


def unpacked_terms(kept: Mapping[str, Any]) -> Terms:
    known = Terms.__dataclass_fields__
    return Terms(**{name: value for name, value in kept["terms"].items() if name in known})


def at_local(text: str) -> datetime:
    """Of a name that is known to be one."""
    return datetime.strptime(text, LOCAL)  # noqa: DTZ007


def _packed_stretch(one: Stretch) -> dict[str, Any]:
    fields = {name: getattr(one, name) for name in Stretch.__dataclass_fields__}
    return fields | {"starts": named(one.starts), "until": named(one.until) if one.until else None}


def _packed_change(one: Change) -> dict[str, Any]:
    fields = {name: getattr(one, name) for name in Change.__dataclass_fields__}
    return fields | {"starts": named(one.starts) if one.starts else None}
