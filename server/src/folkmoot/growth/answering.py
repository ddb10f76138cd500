"""A process that answers one question about a book and ends: `python -m folkmoot.growth.answering DATA`, the question on its input.

Law: it is nicer than the server it is of, so that whoever looks at figures takes nothing from who is in a meeting. The answer is on its
output; a refusal is status 3 with its code there.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec

from folkmoot.growth.behind import Page, Told, Wish, events_behind, organisations_behind
from folkmoot.growth.books import Books, GrowthError, bring, describe
from folkmoot.growth.events import lines_of as lines_in
from folkmoot.growth.figures import quarters_of
from folkmoot.growth.forecasting import Explained, explained
from folkmoot.growth.made_of import FIGURES, MADE_OF
from folkmoot.growth.made_up import CURRENCY, YEAR_STARTS, Company
from folkmoot.growth.months import FiscalYear, Month, Quarter
from folkmoot.growth.report import Report, lines_of, month_of, picked, report
from folkmoot.growth.shape import decoded, encoded
from folkmoot.growth.sheets import Wanted, sheet
from folkmoot.growth.typed import Entries, entries, take_back
from folkmoot.growth.warehouse import Book, Taken, Warehouse

REFUSED = 3
NICER = 10
SMALLER = 50
"""How many times smaller than the story's the company is that a page makes up: ready in seconds."""

What = Literal[
    "books",
    "report",
    "organisations",
    "events",
    "sheet",
    "pack",
    "demo",
    "settings",
    "bring",
    "entries",
    "take_back",
    "forecast",
]
Language = Literal["en", "zh-CN"]


class Question(msgspec.Struct, frozen=True, omit_defaults=True):
    what: What
    book: str = ""
    quarter: str = ""
    """A month of it; with `y` at its end, the fiscal year of that month. Empty: the last."""
    figure: str = ""
    """Or a table, or what is taken back."""
    organisation: str = ""
    after: int = 0
    most: int = 0
    language: Language = "en"
    site: str = ""
    currency: str = ""
    year_starts: int = 0
    large: int = 0
    file: str = ""
    """What is read into a book; or where a table is written to."""
    of: str = ""
    began: str = ""
    """A month."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A book that there is."""

    name: str
    book: Book
    empty: bool


def answer(data: Path, asked: Question) -> bytes:
    if asked.what == "books":
        return encoded(list(map(_listed(data), Books(data).names())))
    with Books(data).opened(asked.book, writing=asked.what in _WRITING) as warehouse:
        if asked.what in _WRITING:
            return _WRITING[asked.what](warehouse, asked)
        return _READING[asked.what](warehouse, asked, _quarter(warehouse, asked.quarter))


def _listed(data: Path) -> Callable[[str], Listed]:
    def listed(name: str) -> Listed:
        try:
            with Books(data).opened(name) as warehouse:
                return Listed(name, warehouse.book, report(warehouse) is None)
        except GrowthError:
            return Listed(name, Book(), empty=True)  # it is being written

    return listed


def _report(warehouse: Warehouse, asked: Question, quarter: Quarter | None) -> bytes:
    return encoded(report(warehouse, quarter))


def _organisations(warehouse: Warehouse, asked: Question, quarter: Quarter | None) -> bytes:
    return encoded(organisations_behind(warehouse, _wish(warehouse, asked, quarter), asked.after, asked.most))


def _events(warehouse: Warehouse, asked: Question, quarter: Quarter | None) -> bytes:
    wish = _wish(warehouse, asked, quarter)
    if not MADE_OF[wish.figure].events:
        raise GrowthError("growth.people", "Events of single people are told to nobody.")
    return encoded(events_behind(warehouse, wish, asked.after, asked.most))


def _forecast(warehouse: Warehouse, asked: Question, quarter: Quarter | None) -> bytes:
    found = explained(warehouse, _some(warehouse, quarter).last)
    if found is None:
        raise GrowthError("growth.no_forecast", "No forecast was made of that month.")
    return encoded(found)


def _sheet(warehouse: Warehouse, asked: Question, quarter: Quarter | None) -> bytes:
    sheet(warehouse, Wanted(asked.figure, quarter, asked.of, _began(asked)), Path(asked.file))
    return b""


def _pack(warehouse: Warehouse, asked: Question, quarter: Quarter | None) -> bytes:
    from folkmoot.growth.pack import board_pack

    shown = report(warehouse, quarter)
    if shown is None:
        raise GrowthError("growth.empty", f"The book {asked.book} has no events yet.")
    body: bytes = board_pack(shown, asked.language, asked.site)
    return body


def _demo(warehouse: Warehouse, asked: Question) -> bytes:
    describe(warehouse, title="", made_up=True, seed=2020, currency=CURRENCY, year_starts=YEAR_STARTS)
    bring(warehouse, Company(2020, SMALLER).lines(), _today())
    return b""


def _settings(warehouse: Warehouse, asked: Question) -> bytes:
    """What is said of a book, and its closing, since another currency or sum makes other figures."""
    describe(
        warehouse,
        currency=asked.currency or None,
        year_starts=asked.year_starts or None,
        large=asked.large or None,
    )
    bring(warehouse, (), _today())
    return b""


def _bring(warehouse: Warehouse, asked: Question) -> bytes:
    if not warehouse.described and asked.currency:
        describe(warehouse, currency=asked.currency)
    with Path(asked.file).open("rb") as lines:
        return encoded(bring(warehouse, lines_in(lines), _today()))


def _take_back(warehouse: Warehouse, asked: Question) -> bytes:
    if not take_back(warehouse, asked.figure):
        raise GrowthError("growth.no_entry", f"Nothing of that was typed: {asked.figure}.")
    bring(warehouse, (), _today())
    return b""


def _entries(warehouse: Warehouse, asked: Question, quarter: Quarter | None) -> bytes:
    return encoded(entries(warehouse))


_READING: dict[What, Callable[[Warehouse, Question, Quarter | None], bytes]] = {
    "report": _report, "organisations": _organisations, "events": _events, "sheet": _sheet, "pack": _pack,
    "entries": _entries, "forecast": _forecast,
}  # fmt: skip
_WRITING: dict[What, Callable[[Warehouse, Question], bytes]] = {
    "demo": _demo,
    "settings": _settings,
    "bring": _bring,
    "take_back": _take_back,
}


def _wish(warehouse: Warehouse, asked: Question, quarter: Quarter | None) -> Wish:
    for figure in FIGURES:
        if figure == asked.figure:
            return Wish(figure, _some(warehouse, quarter), asked.of, _began(asked), asked.organisation)
    raise GrowthError("growth.no_table", f"There is no figure {asked.figure!r}.")


def _began(asked: Question) -> Month | None:
    if not asked.began:
        return None
    month = month_of(asked.began)
    if month is None:
        raise GrowthError("growth.quarter", f"{asked.began!r} is no month. Write one such as 2026-07.")
    return month


def _quarter(warehouse: Warehouse, written: str) -> Quarter | None:
    if not written:
        return None
    quarter = picked(written, FiscalYear(warehouse.book.year_starts))
    if quarter is None:
        raise GrowthError("growth.quarter", f"{written!r} is no month. Write one such as 2026-07.")
    return quarter


def _some(warehouse: Warehouse, quarter: Quarter | None) -> Quarter:
    known = quarters_of(lines_of(warehouse), FiscalYear(warehouse.book.year_starts))
    if not known:
        raise GrowthError("growth.empty", "The book has no events yet.")
    return quarter or known[-1]


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


# --- between the two processes --------------------------------------------------------------------------------------


def reports(body: bytes) -> Report | None:
    found: Report | None = decoded(body, Report | None)
    return found


def organisations(body: bytes) -> Page:
    return msgspec.msgpack.decode(body, type=Page)


def forecast(body: bytes) -> Explained:
    return msgspec.msgpack.decode(body, type=Explained)


def events(body: bytes) -> list[Told]:
    return msgspec.msgpack.decode(body, type=list[Told])


def entered(body: bytes) -> Entries:
    return msgspec.msgpack.decode(body, type=Entries)


def taken(body: bytes) -> Taken:
    return msgspec.msgpack.decode(body, type=Taken)


def books(body: bytes) -> list[Listed]:
    return msgspec.msgpack.decode(body, type=list[Listed])


def main() -> int:
    os.nice(NICER)
    asked = msgspec.json.decode(sys.stdin.buffer.read(), type=Question)
    try:
        sys.stdout.buffer.write(answer(Path(sys.argv[1]), asked))
    except GrowthError as refused:
        said = (refused.code, refused.message, refused.line, refused.field)
        sys.stdout.buffer.write(msgspec.json.encode(said))
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main())
