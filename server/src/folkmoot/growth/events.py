"""The events that figures come from, one JSON object a line: docs/reference/growth-events.md.

Law: an event is taken whole or refused with its line and field. Money is in minor units of a currency (cents), never a fraction. An id
names an event once and for all: the same file brought twice changes nothing. What isn't in the format is refused, so that a field
with a slip in its name is not a silent zero.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, BinaryIO, Literal, Union

import msgspec
from msgspec import Meta, Struct

LONGEST_LINE = 4096
LONGEST_PERIOD = 3660
"""Days that a line of an invoice may be for: ten years."""
LONGEST_SAID = 80
MOST = 10**15

Id = Annotated[str, Meta(min_length=1, max_length=80)]
Words = Annotated[str, Meta(max_length=200)]
Currency = Annotated[str, Meta(pattern="^[A-Z]{3}$")]
Amount = Annotated[int, Meta(ge=-MOST, le=MOST)]
Positive = Annotated[int, Meta(ge=0, le=MOST)]
Seats = Annotated[int, Meta(ge=0, le=10_000_000)]
Domain = Annotated[str, Meta(max_length=253)]
Decimal = Annotated[str, Meta(pattern=r"^\d{1,9}(\.\d{1,8})?$")]


class Event(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind"):
    id: Id
    at: datetime
    """When it happened; with an offset."""


class PersonJoined(Event, tag="person.joined", frozen=True):
    """Somebody was in a meeting for the first time. `person` is a word of the sender's, such as a hash: never a name."""

    person: Id
    domain: Domain = ""


class PersonHosted(Event, tag="person.hosted", frozen=True):
    """Somebody started a meeting for the first time."""

    person: Id
    domain: Domain = ""


class OrganisationCreated(Event, tag="organisation.created", frozen=True):
    organisation: Id
    person: Annotated[str, Meta(max_length=80)] = ""
    domain: Domain = ""
    name: Words = ""


class SubscriptionSet(Event, tag="subscription.set", frozen=True):
    """From here on the organisation has so many seats for so much a month. Nothing a month: a free plan, or a trial."""

    organisation: Id
    plan: Words
    seats: Seats
    monthly: Positive
    currency: Currency
    until: date | None = None
    """Contracted, so that it can't end before; None: from period to period."""


class SubscriptionEnded(Event, tag="subscription.ended", frozen=True):
    organisation: Id
    reason: Words = ""


class InvoiceLine(Event, tag="invoice.line", frozen=True):
    """A line before tax; below zero on a credit note. It is earned by the day from `first` to `last`, both inclusive."""

    organisation: Id
    invoice: Id
    amount: Amount
    currency: Currency
    first: date
    last: date


class Tax(Event, tag="tax", frozen=True):
    organisation: Id
    invoice: Id
    amount: Amount
    currency: Currency


class Payment(Event, tag="payment", frozen=True):
    """Money that came; below zero: that was given back."""

    organisation: Id
    invoice: Id
    amount: Amount
    currency: Currency


class Cost(Event, tag="cost", frozen=True):
    name: Words
    amount: Amount
    currency: Currency
    first: date
    last: date


class Rate(Event, tag="rate", frozen=True):
    """One unit of `currency` is `rate` of `to`, from the day of `at` on until the next."""

    currency: Currency
    to: Currency
    rate: Decimal


class Usage(Event, tag="usage", frozen=True):
    """Who met: on the day, or in the month that begins on the day, of an organisation, of a domain, or of the whole server."""

    span: Literal["day", "month"]
    date: date
    participants: Positive
    meetings: Positive = 0
    minutes: Positive = 0
    organisations: Positive = 0
    """That met: of the whole server, where no event of each is brought."""
    organisation: Annotated[str, Meta(max_length=80)] = ""
    domain: Domain = ""


KINDS: tuple[type[Event], ...] = (
    PersonJoined, PersonHosted, OrganisationCreated, SubscriptionSet, SubscriptionEnded, InvoiceLine, Tax, Payment, Cost, Rate, Usage,
)  # fmt: skip
_decoder = msgspec.json.Decoder(Union[KINDS])  # noqa: UP007
_MISSING = re.compile(r"missing required field `(.+?)`")
_UNKNOWN = re.compile(r"contains unknown field `(.+)`")
_FIELD = re.compile(r" - at `\$\.([a-z]+)")


@dataclass(frozen=True, slots=True)
class Wrong(Exception):
    """What can't be taken: `code` of the catalogue of refusals."""

    line: int
    field: str
    code: str
    expected: str = ""
    """What the format has there, such as `int` >= 0."""


def lines_of(file: BinaryIO) -> Iterator[bytes]:
    """A line without an end is not read to its end: the first part of it is too long already."""
    while line := file.readline(LONGEST_LINE + 1):
        yield line


def read(lines: Iterable[bytes]) -> Iterator[Event]:
    """The events of a file, or `Wrong` at the first line that is none. Empty lines are passed over."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _event(number, line)


def _event(number: int, line: bytes) -> Event:
    if len(line) > LONGEST_LINE:
        raise Wrong(number, "", "growth.line_too_long")
    try:
        event: Event = _decoder.decode(line)
    except msgspec.ValidationError as error:
        raise _refused(number, str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Wrong(number, "", "growth.no_json") from None
    if wrong := _mistaken(event):
        raise Wrong(number, *wrong)
    return event


def _mistaken(event: Event) -> tuple[str, str] | None:
    """What no single field shows: the field to look at, and the code."""
    if event.at.tzinfo is None:
        return "at", "growth.no_offset"
    if isinstance(event, (InvoiceLine, Cost)):
        days = (event.last - event.first).days + 1
        if not 1 <= days <= LONGEST_PERIOD:
            return "last", "growth.period"
    if isinstance(event, Rate) and float(event.rate) == 0:
        return "rate", "growth.field"
    if isinstance(event, Usage) and event.organisation and event.domain:
        return "domain", "growth.of_both"
    return None


def _refused(number: int, said: str) -> Wrong:
    """What msgspec's sentence is about."""
    if missing := _MISSING.search(said):
        return Wrong(number, missing[1], "growth.missing")
    if unknown := _UNKNOWN.search(said):
        return Wrong(number, _harmless(unknown[1]), "growth.unknown")
    if field := _FIELD.search(said):
        return Wrong(number, field[1], "growth.field", _harmless(said[: field.start()]))
    return Wrong(number, "", "growth.no_json")


def _harmless(words: str) -> str:
    """A stranger's, that will stand in a terminal."""
    return "".join(one if one.isprintable() else "?" for one in words[:LONGEST_SAID])
