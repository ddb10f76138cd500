"""The same words as a page, under the name of an organisation: for mail programs that show pages. Pure.

Law: it loads nothing. The logo comes with the mail; the words are those of the text beside it, and none of them is markup.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

LINK = re.compile(r"https?://[^\s<>\"]+")
COLOUR = re.compile("#[0-9a-f]{6}")
LOGO = "logo@folkmoot"
"""The part of the mail that the page shows."""
HIGHEST = 48
"""The logo, in pixels of the page."""
FACE = "'Segoe UI',-apple-system,Roboto,'Helvetica Neue','PingFang SC','Noto Sans SC',sans-serif"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Whose mail it is."""

    name: str
    colour: str = ""
    """`#rrggbb`; empty: none."""
    logo: str = ""
    """A file's id; empty: none. Its bytes are looked for when the mail is sent."""
    width: int = 0
    height: int = 0

    @classmethod
    def unpacked(cls, payload: Mapping[str, Any] | None) -> Letterhead | None:
        return None if payload is None else cls(**payload)


def under(head: Letterhead, text: str) -> str:
    """In words alone."""
    return f"{head.name}\n\n{text}"


def page(head: Letterhead, text: str, language: str, *, logo: bool) -> str:
    """`logo`: it comes along."""
    colour = head.colour if COLOUR.fullmatch(head.colour) else "#7c7871"
    parts = [_paragraph(one) for one in text.strip().split("\n\n")]
    return (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8"></head>'
        f'<body style="margin:0;padding:24px 16px;font:16px/1.5 {FACE}">'
        f'<div style="max-width:600px;margin:0 auto;border-top:4px solid {colour};padding-top:16px">'
        f"{_logo(head) if logo else ''}"
        f'<p style="margin:0 0 24px;font-weight:600">{escape(head.name)}</p>'
        f"{''.join(parts)}</div></body></html>"
    )


def _logo(head: Letterhead) -> str:
    height = min(HIGHEST, head.height)
    width = max(1, round(head.width * height / max(1, head.height)))
    return f'<p style="margin:0 0 8px"><img src="cid:{LOGO}" alt="" width="{width}" height="{height}"></p>'


def _paragraph(words: str) -> str:
    lines = "<br>".join(_line(line) for line in words.split("\n"))
    return f'<p style="margin:0 0 16px;overflow-wrap:anywhere">{lines}</p>'


def _line(words: str) -> str:
    found, begins = [], 0
    for link in LINK.finditer(words):
        address = escape(link[0])
        found += [escape(words[begins : link.start()]), f'<a href="{address}">{address}</a>']
        begins = link.end()
    return "".join([*found, escape(words[begins:])])
