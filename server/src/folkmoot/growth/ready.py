"""What is looked at first, made ready when a book is written: every quarter and fiscal year of it, whole, in a file beside the book.

Law: it is of one state of the book's file and of no other, and may be gone at any time: whoever doesn't find it computes the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from folkmoot.growth.closing import FORM
from folkmoot.growth.report import report
from folkmoot.growth.shape import encoded
from folkmoot.growth.warehouse import Book, Warehouse

MOST = 60
"""Quarters and years, the latest ones."""
LAST = ""


@dataclass(frozen=True, slots=True)
class Ready:
    book: Book
    reports: Mapping[str, bytes]
    """By what names a quarter or a year. Without any, the book is empty."""
    of: tuple[int, int] = (0, 0)
    form: int = 0
    """What wrote it: another version's figures are of another shape."""


def prepared(warehouse: Warehouse) -> Ready:
    last = report(warehouse)
    if last is None:
        return Ready(warehouse.book, {})
    spans = sorted([*last.quarters, *last.years], key=lambda one: one.last)[-MOST:]
    return Ready(
        warehouse.book,
        {LAST: encoded(last)} | {one.id: encoded(report(warehouse, one)) for one in spans},
    )


def keep(file: Path, made: Ready) -> None:
    """`file`: the book's, as it is now."""
    beside = file.with_suffix(".ready")
    draft = file.with_suffix(".ready-draft")
    draft.write_bytes(msgspec.msgpack.encode(replace(made, of=_state(file), form=FORM)))
    draft.replace(beside)


def found(file: Path) -> Ready | None:
    try:
        kept = msgspec.msgpack.decode(file.with_suffix(".ready").read_bytes(), type=Ready)
        return kept if (kept.of, kept.form) == (_state(file), FORM) else None
    except (OSError, msgspec.DecodeError):
        return None


def _state(file: Path) -> tuple[int, int]:
    looked = file.stat()
    return looked.st_mtime_ns, looked.st_size
