"""Charts as they are drawn: every value is written, and what is meant most is filled darkest."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from itertools import pairwise

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from folkmoot.paper.faces import ACCENT, HAIR, INK, PLAIN, QUIET, SHADE, STRONG
from folkmoot.paper.parts import Bar

HEIGHT, FOOT, HEAD = 130, 16, 14
SMALL = 7.5


class Chart(Flowable, ABC):
    """Values over a line, with their labels below it."""

    def __init__(self, bars: Sequence[Bar]) -> None:
        super().__init__()
        self.bars = bars
        self.spaceAfter = 8

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:  # noqa: N803
        self.width, self.height = aW, HEIGHT
        return aW, HEIGHT

    def draw(self) -> None:
        if not self.bars:
            return
        self.canv.setStrokeColor(INK)
        self.canv.setLineWidth(0.6)
        low = self._at(0)
        self.canv.line(0, low, self.width, low)
        self.figure()
        for n, bar in enumerate(self.bars):
            _said(self.canv, self._middle(n), FOOT - 11, bar.label, bar.strong)

    @abstractmethod
    def figure(self) -> None: ...

    def _middle(self, n: int) -> float:
        return self.width * (n + 0.5) / len(self.bars)

    def _at(self, value: float) -> float:
        values = [bar.value for bar in self.bars]
        bottom, top = min(0.0, *values), max(0.0, *values)
        return FOOT + (value - bottom) / ((top - bottom) or 1) * (HEIGHT - FOOT - HEAD)


class BarChart(Chart):
    def figure(self) -> None:
        wide = self.width / len(self.bars) * 0.62
        for n, bar in enumerate(self.bars):
            base, end = sorted((self._at(0), self._at(bar.value)))
            self.canv.setFillColor(ACCENT if bar.strong else SHADE)
            self.canv.rect(self._middle(n) - wide / 2, base, wide, end - base, fill=1, stroke=1)
            _said(self.canv, self._middle(n), end + 4, bar.said, bar.strong)


class LineChart(Chart):
    def figure(self) -> None:
        self.canv.setStrokeColor(ACCENT)
        self.canv.setLineWidth(1.2)
        points = [(self._middle(n), self._at(bar.value)) for n, bar in enumerate(self.bars)]
        for (ax, ay), (bx, by) in pairwise(points):
            self.canv.line(ax, ay, bx, by)
        for (x, y), bar in zip(points, self.bars, strict=True):
            self.canv.setFillColor(ACCENT if bar.strong else HAIR)
            self.canv.circle(x, y, 3 if bar.strong else 2, fill=1, stroke=1)
            _said(self.canv, x, y + 6, bar.said, bar.strong)


def _said(canvas: Canvas, x: float, y: float, words: str, strong: bool) -> None:
    canvas.setFillColor(INK if strong else QUIET)
    canvas.setFont(STRONG if strong else PLAIN, SMALL)
    canvas.drawCentredString(x, y, words)
