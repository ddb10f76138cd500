"""What a document is made of. Words are plain text; nothing in them is markup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Language = Literal["en", "zh-CN"]


@dataclass(frozen=True, slots=True)
class Heading:
    words: str
    level: Literal[1, 2] = 1
    leads_to: str = ""
    """The mark of the figure that it is about."""


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. A line's end in it stays one."""

    words: str
    kind: Literal["plain", "strong", "small", "label"] = "plain"


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    right: bool = False
    """Numbers stand at the right."""
    share: float = 1
    """Of the width, beside the others."""
    leads_to: str = ""
    """The mark of the figure whose definition holds for it."""


@dataclass(frozen=True, slots=True)
class Table:
    """Its first row is said again on each page that it goes on to."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    total: Sequence[str] = ()
    strong: frozenset[int] = frozenset()
    """Rows that are set apart."""


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    value: str
    change: str = ""
    definition: str = ""
    mark: str = ""
    """What headings and columns lead to."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Several figures beside each other, each with what it is."""

    figures: Sequence[Figure]
    across: int = 3


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    value: float
    said: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """Each bar has its value above it, so that none needs colour to be read."""

    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True)
class Lines:
    """One line through points, each with its value."""

    points: Sequence[Bar]


@dataclass(frozen=True, slots=True)
class Beside:
    """Two halves of the page: who it is from and who it is to, or two charts."""

    left: Sequence[Part]
    right: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Keep:
    """Not parted by the end of a page."""

    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class NewPage:
    pass


Part = Heading | Text | Table | Figures | Bars | Lines | Beside | Keep | NewPage


@dataclass(frozen=True, slots=True)
class Paper:
    title: str
    language: Language
    dated: date
    parts: Sequence[Part]
    author: str = ""
    foot: str = ""
    """Stands on each page, beside its number."""
    stamp: str = field(default="")
    """Stands at the head of each page, in a frame: what nobody may overlook, such as that figures are made up."""
