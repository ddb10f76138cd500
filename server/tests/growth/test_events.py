"""What is an event, and what is refused with its line and field."""

from __future__ import annotations

import io
import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.growth.events import LONGEST_LINE, InvoiceLine, Wrong, lines_of, read

GOOD = {
    "kind": "invoice.line", "id": "e1", "at": "2026-01-01T00:00:00+01:00", "organisation": "o1", "invoice": "2026-1",
    "amount": 1234, "currency": "EUR", "first": "2026-01-01", "last": "2026-01-31",
}  # fmt: skip


def refused(said: bytes) -> tuple[int, str, str]:
    with pytest.raises(Wrong) as wrong:
        list(read([b"\n", said]))
    return wrong.value.line, wrong.value.field, wrong.value.code


def test_a_line_is_an_event_and_an_empty_one_is_passed_over() -> None:
    [event] = read([b"\n", json.dumps(GOOD).encode()])
    assert isinstance(event, InvoiceLine) and event.amount == 1234


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("amount", 12.5, "growth.field"),
        ("amount", "1234", "growth.field"),
        ("amount", 10**15 + 1, "growth.field"),
        ("currency", "eur", "growth.field"),
        ("first", "2026-02-30", "growth.field"),
        ("kind", "invoice.lines", "growth.field"),
        ("organisation", "", "growth.field"),
        ("id", "e" * 81, "growth.field"),
        ("at", "2026-01-01T00:00:00", "growth.no_offset"),
        ("last", "2025-12-31", "growth.period"),
        ("last", "2036-06-01", "growth.period"),
    ],
)
def test_a_field_that_is_wrong_is_named(field: str, value: object, code: str) -> None:
    assert refused(json.dumps(GOOD | {field: value}).encode()) == (2, field, code)


def test_a_field_that_is_missing_or_not_known_is_named() -> None:
    without = {name: value for name, value in GOOD.items() if name != "invoice"}
    assert refused(json.dumps(without).encode()) == (2, "invoice", "growth.missing")
    assert refused(json.dumps(GOOD | {"ammount": 3}).encode()) == (2, "ammount", "growth.unknown")
    assert refused(json.dumps(GOOD | {"\x1b[2J" + "a" * 90: 3}).encode()) == (
        2,
        "?[2J" + "a" * 76,
        "growth.unknown",
    )


def test_seats_below_zero_are_refused() -> None:
    said = {"kind": "subscription.set", "plan": "team", "seats": -1, "monthly": 1, "currency": "EUR"}
    event = {name: GOOD[name] for name in ("id", "at", "organisation")} | said
    assert refused(json.dumps(event).encode()) == (2, "seats", "growth.field")


def test_what_is_no_object_or_too_long_is_refused() -> None:
    assert refused(b"{") == (2, "", "growth.no_json")
    assert refused(b"[1]") == (2, "", "growth.no_json")
    assert refused(b"\xff\xfe") == (2, "", "growth.no_json")
    assert refused(b'{"kind":"' + b"a" * LONGEST_LINE) == (2, "", "growth.line_too_long")


def test_a_line_without_an_end_is_not_read_to_it() -> None:
    endless = io.BytesIO(b"a" * 10_000_000)
    with pytest.raises(Wrong) as wrong:
        list(read(lines_of(endless)))
    assert wrong.value.code == "growth.line_too_long"
    assert endless.tell() <= LONGEST_LINE + 1


@given(st.binary(max_size=200))
def test_whatever_comes_is_an_event_or_refused(said: bytes) -> None:
    with suppress(Wrong):
        list(read([said]))
