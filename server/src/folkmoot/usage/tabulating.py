"""Usage as tables that a spreadsheet opens. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from folkmoot.kit import text
from folkmoot.usage.showing import Month, minutes
from folkmoot.usage.summing import Summed

COLUMNS = ("participant_minutes", "meetings", "most_people")


def of_days(month: Month) -> str:
    """The last line is the sum. A day without figures of its own has empty cells."""
    lines: list[Sequence[object]] = [("day", *COLUMNS)]
    for day, one in month.days:
        lines.append((day, "", "", "") if one is None else (day, minutes(one), one.meetings, one.peak))
    whole = month.sum
    return _written([*lines, (f"{month.first:%Y-%m}", minutes(whole), whole.meetings, whole.peak)])


def of_organisations(each: Iterable[Summed]) -> str:
    return _written([("organisation", "name", *COLUMNS), *map(_line, each)])


def _line(one: Summed) -> Sequence[object]:
    return (one.org, one.name, minutes(one.figures), one.figures.meetings, one.figures.peak)


def _written(lines: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([text.cell(str(cell)) for cell in line] for line in lines)
    return out.getvalue()
