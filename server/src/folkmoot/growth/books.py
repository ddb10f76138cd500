"""The books of a server: one file each in a folder of the data folder, found by name.

Law: a book is written by one at a time, and what is read of it is always from between two writings. What is refused leaves it as it
was, with what is said of it; a new one is not made then.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from folkmoot.growth.closing import close, closed_on
from folkmoot.growth.events import Wrong, read
from folkmoot.growth.forecasting import keep_forecasts
from folkmoot.growth.ready import keep, prepared
from folkmoot.growth.warehouse import Book, Held, Taken, Warehouse

FOLDER = "growth"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
CURRENCY = re.compile(r"[A-Z]{3}")
DEMO, OWN = "demo", "own"
HOW = (
    "Bring one: folkmoot growth import FILE --book NAME.",
    "This server's own is made at night, and at once on the page /operator/growth.",
)

SENTENCES = {
    "growth.line_too_long": "has more than 4096 bytes",
    "growth.no_json": "is no JSON object",
    "growth.field": "isn't what the format says",
    "growth.missing": "is missing",
    "growth.unknown": "isn't in the format",
    "growth.no_offset": "has no offset, such as Z or +02:00",
    "growth.period": "is before `first`, or more than ten years after it",
    "growth.of_both": "stands beside an organisation: say one of them",
}
"""What is wrong with a line, or with a field of it; docs/reference/growth-events.md has the format."""


class GrowthError(Exception):
    def __init__(self, code: str, message: str, line: int = 0, field: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.line, self.field = code, message, line, field


class Books:
    def __init__(self, data: Path) -> None:
        self._folder = data / FOLDER

    @property
    def files(self) -> list[Path]:
        return sorted(self._folder.glob("*.duckdb"))

    def names(self) -> list[str]:
        return [file.stem for file in self.files]

    @contextmanager
    def opened(self, name: str, *, writing: bool = False) -> Iterator[Warehouse]:
        """`writing`: alone, and made if it isn't there."""
        if not NAME.fullmatch(name):
            raise GrowthError("growth.name", f"{name!r} is no name of a book. Use a–z, 0–9 and -.")
        file = self._folder / f"{name}.duckdb"
        if not writing and not file.exists():
            there = ", ".join(self.names()) or "none yet"
            said = f"There is no book {name}. There are: {there}. {HOW[name == OWN]}"
            raise GrowthError("growth.no_book", said)
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if writing:
            with self._written(name, file) as warehouse:
                yield warehouse
            return
        with self._held(name, writing=False) as warehouse:
            if closed_on(warehouse):
                yield warehouse
                return
        with self._written(name, file) as warehouse:
            _close_anew(warehouse)
        with self._held(name, writing=False) as warehouse:
            yield warehouse

    @contextmanager
    def _written(self, name: str, file: Path) -> Iterator[Warehouse]:
        is_new = not file.exists()
        with self._held(name, writing=True) as warehouse:
            if is_new:
                _close_anew(warehouse)
            before = warehouse.book
            try:
                yield warehouse
            except GrowthError:
                if warehouse.book != before:
                    warehouse.say(before)
                if is_new:
                    file.unlink()
                raise
            made = prepared(warehouse)
        keep(file, made)

    def _held(self, name: str, *, writing: bool) -> Warehouse:
        try:
            return Warehouse(self._folder / f"{name}.duckdb", reading=not writing)
        except Held:
            raise GrowthError(
                "growth.in_use", f"The book {name} is being written. Try again when that is done."
            ) from None


def _close_anew(warehouse: Warehouse) -> None:
    """A new book, one that an older version closed, one from a backup: whoever writes closes it as well."""
    bring(warehouse, (), datetime.now(UTC).date().isoformat())


def bring(warehouse: Warehouse, lines: Iterable[bytes], today: str) -> Taken:
    """Events of a file into a book, and the closing after it. A line that is wrong leaves the book as it was."""
    try:
        taken = warehouse.take(read(lines))
    except Wrong as wrong:
        where = f"line {wrong.line}" + (f", field {wrong.field}" if wrong.field else "")
        expected = f" ({wrong.expected})" if wrong.expected else ""
        said = f"{where}: {SENTENCES[wrong.code]}{expected}. Nothing was taken."
        raise GrowthError(wrong.code, said, wrong.line, wrong.field) from None
    close(warehouse, today)
    keep_forecasts(warehouse, today)
    return taken


def describe(warehouse: Warehouse, **said: object) -> Book:
    """What is said of a book; what isn't said stays."""
    currency = said.get("currency")
    if currency is not None and not CURRENCY.fullmatch(str(currency)):
        raise GrowthError("growth.currency", f"{currency} is no currency. Write three capitals, such as EUR.")
    book = replace(warehouse.book, **{name: value for name, value in said.items() if value is not None})  # type: ignore[arg-type]
    warehouse.say(book)
    return book
