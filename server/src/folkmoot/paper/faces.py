"""The letters and colours of a page."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FONTS = Path(__file__).parent / "fonts"
PLAIN, STRONG = "Folkmoot", "Folkmoot-Strong"
INK, QUIET, HAIR, ACCENT = HexColor("#1B1D1B"), HexColor("#5B605B"), HexColor("#D5D6D0"), HexColor("#0B6B5E")
SHADE, DARK = HexColor("#E8E8E3"), HexColor("#4A4E49")


@cache
def loaded() -> None:
    """Read once, and only where a document is written."""
    pdfmetrics.registerFont(TTFont(PLAIN, FONTS / "regular.ttf"))
    pdfmetrics.registerFont(TTFont(STRONG, FONTS / "bold.ttf"))


def _style(name: str, size: float, leading: float, **more: Any) -> ParagraphStyle:
    said: dict[str, Any] = {"fontName": PLAIN, "textColor": INK, "splitLongWords": 1} | more
    return ParagraphStyle(name, fontSize=size, leading=leading, **said)


STYLES = {
    "heading1": _style("heading1", 20, 26, fontName=STRONG, spaceAfter=10),
    "heading2": _style("heading2", 12, 16, fontName=STRONG, spaceBefore=14, spaceAfter=5),
    "plain": _style("plain", 9.5, 14, spaceAfter=6),
    "strong": _style("strong", 9.5, 14, fontName=STRONG, spaceAfter=6),
    "small": _style("small", 8, 11.5, textColor=QUIET, spaceAfter=4),
    "label": _style("label", 8, 11.5, fontName=STRONG, textColor=QUIET, spaceAfter=2),
    "cell": _style("cell", 8.5, 12),
    "cell-strong": _style("cell-strong", 8.5, 12, fontName=STRONG),
    "cell-head": _style("cell-head", 8, 11.5, textColor=QUIET),
    "value": _style("value", 17, 22, fontName=STRONG),
}


def style(name: str, language: str, *, right: bool = False) -> ParagraphStyle:
    """English breaks between words, Chinese between characters."""
    said: dict[str, Any] = {"alignment": TA_RIGHT} if right else {}
    wrap = "CJK" if language == "zh-CN" else None
    return ParagraphStyle(f"{name}-{language}-{right}", parent=STYLES[name], wordWrap=wrap, **said)
