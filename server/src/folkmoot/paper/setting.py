"""From parts to a PDF's bytes. The library (reportlab: BSD, pure Python, parts its fonts itself) is known here and in the files beside."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    PageBreak,
    PageTemplate,
    Paragraph,
    TableStyle,
)
from reportlab.platypus import Table as Grid

from folkmoot.paper.charts import BarChart, LineChart
from folkmoot.paper.faces import HAIR, INK, PLAIN, QUIET, STRONG, loaded, style
from folkmoot.paper.parts import (
    Bars,
    Beside,
    Figure,
    Figures,
    Heading,
    Keep,
    Language,
    Lines,
    NewPage,
    Paper,
    Part,
    Table,
    Text,
)  # fmt: skip

SIDE, TOP, BOTTOM, GAP = 20 * mm, 22 * mm, 22 * mm, 8 * mm
WIDTH = A4[0] - 2 * SIDE
PAGE = {"en": "Page {n} of {all}", "zh-CN": "第 {n} 页，共 {all} 页"}


def written(paper: Paper) -> bytes:
    loaded()
    into = io.BytesIO()
    frame = Frame(SIDE, BOTTOM, WIDTH, A4[1] - TOP - BOTTOM, 0, 0, 0, 0)
    sheet = BaseDocTemplate(
        into, pagesize=A4, title=paper.title, author=paper.author, creator="Folkmoot", subject="", lang=paper.language, invariant=1,
        initialFontName=PLAIN,
    )  # fmt: skip
    sheet.addPageTemplates(PageTemplate(frames=[frame]))
    flowing = _set(paper.parts, paper.language, WIDTH)
    sheet.build(flowing or [_words("", "plain", paper.language)], canvasmaker=partial(_Numbered, paper))
    return into.getvalue()


class _Numbered(Canvas):
    """Says on each page which of how many it is, once all are there."""

    def __init__(self, paper: Paper, *args: object, **named: object) -> None:
        super().__init__(*args, **named)  # type: ignore[arg-type]
        self._paper = paper
        self._pages: list[dict[str, object]] = []
        self.setDateFormatter(lambda *_: f"D:{paper.dated:%Y%m%d}000000Z")

    def showPage(self) -> None:  # noqa: N802
        self._pages.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined]

    def save(self) -> None:
        for page in self._pages:
            self.__dict__.update(page)
            self._around(len(self._pages))
            super().showPage()
        super().save()

    def _around(self, pages: int) -> None:
        self.setFont(PLAIN, 7.5)
        self.setFillColor(QUIET)
        self.drawString(SIDE, 12 * mm, self._paper.foot)
        number = PAGE[self._paper.language].format(n=self.getPageNumber(), all=pages)
        self.drawRightString(A4[0] - SIDE, 12 * mm, number)
        if self._paper.stamp:
            self._stamp(self._paper.stamp)

    def _stamp(self, words: str) -> None:
        wide = self.stringWidth(words, STRONG, 9) + 12
        x, y = A4[0] - SIDE - wide, A4[1] - 16 * mm
        self.setStrokeColor(INK)
        self.setDash(2, 2)
        self.roundRect(x, y, wide, 16, 3)
        self.setFillColor(INK)
        self.setFont(STRONG, 9)
        self.drawString(x + 6, y + 5, words)


def _set(parts: Sequence[Part], language: Language, width: float) -> list[Flowable]:
    return [flowing for part in parts for flowing in _one(part, language, width)]


def _one(part: Part, language: Language, width: float) -> list[Flowable]:
    match part:
        case Heading(words, level, leads_to):
            return [_words(words, f"heading{level}", language, leads_to=leads_to)]
        case Text(words, kind):
            return [_words(words, kind, language)]
        case Bars(bars):
            return [BarChart(bars)]
        case Lines(points):
            return [LineChart(points)]
        case Keep(inner):
            return [KeepTogether(_set(inner, language, width))]
        case NewPage():
            return [PageBreak()]
        case _:
            return [_GRIDS[type(part)](part, language, width)]


def _words(
    words: str, kind: str, language: Language, *, right: bool = False, leads_to: str = "", mark: str = ""
) -> Paragraph:
    shown = escape(words).replace("\n", "<br/>")
    if leads_to:
        shown = f"<a href={quoteattr('#' + leads_to)}>{shown}</a>"
    if mark:
        shown = f"<a name={quoteattr(mark)}/>{shown}"
    return Paragraph(shown, style(kind, language, right=right))


def _table(table: Table, language: Language, width: float) -> Grid:
    shares = sum(column.share for column in table.columns)
    head = table.columns
    rows: list[list[Flowable]] = [
        [_words(c.title, "cell-head", language, right=c.right, leads_to=c.leads_to) for c in head]
    ]
    for n, row in enumerate(table.rows):
        rows.append(_row(table, row, "cell-strong" if n in table.strong else "cell", language))
    if table.total:
        rows.append(_row(table, table.total, "cell-strong", language))
    looks: list[Any] = [
        ("LINEBELOW", (0, 0), (-1, -1), 0.5, HAIR),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        *_PADDED,
    ]
    if table.total:
        looks.append(("LINEABOVE", (0, -1), (-1, -1), 0.8, INK))
    wide = [width * column.share / shares for column in table.columns]
    return Grid(rows, wide, repeatRows=1, splitInRow=1, style=TableStyle(looks), spaceBefore=2, spaceAfter=10)


def _row(table: Table, row: Sequence[str], kind: str, language: Language) -> list[Flowable]:
    return [
        _words(words, kind, language, right=column.right)
        for column, words in zip(table.columns, row, strict=True)
    ]


def _figures(figures: Figures, language: Language, width: float) -> Grid:
    across = figures.across
    cells = [_figure(figure, language) for figure in figures.figures]
    cells += [[] for _ in range(-len(cells) % across)]
    rows = [cells[n : n + across] for n in range(0, len(cells), across)]
    looks = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 12),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 10),
    ]
    return Grid(rows, [width / across] * across, style=TableStyle(looks), spaceAfter=6)


def _figure(figure: Figure, language: Language) -> list[Flowable]:
    said = (
        ("cell-strong", figure.name),
        ("value", figure.value),
        ("cell", figure.change),
        ("small", figure.definition),
    )
    shown: list[Flowable] = [_words(words, kind, language) for kind, words in said if words]
    if figure.mark:
        shown[0] = _words(figure.name, "cell-strong", language, mark=figure.mark)
    return shown


def _beside(beside: Beside, language: Language, width: float) -> Grid:
    half = (width - GAP) / 2
    row = [_set(beside.left, language, half), "", _set(beside.right, language, half)]
    looks = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ]
    return Grid([row], [half, GAP, half], style=TableStyle(looks), spaceAfter=8)


_PADDED = [
    ("LEFTPADDING", (0, 0), (0, -1), 0), ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 3), ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
]  # fmt: skip
_GRIDS: dict[type, Callable[..., Grid]] = {Table: _table, Figures: _figures, Beside: _beside}
