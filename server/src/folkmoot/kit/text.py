"""Names and titles that people give. Law: what is accepted is inert text of a bounded length, in one normal form.

What could make a name look like nothing, like something else, or reorder the text around it, is refused, not removed: who
chose it should see that it isn't taken.
"""

from __future__ import annotations

import unicodedata

from folkmoot.kit.refusal import Refusal

MOST_GRAPHEMES = 64
MOST_BYTES = 256
MOST_TITLE_BYTES = 512

JOINERS = "\u200c\u200d"
"""Invisible, but scripts and emoji are spelled with them."""
BLANK_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"
"""By category letters or symbols, to the eye nothing."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of one."""


def name(text: str) -> str | Refusal:
    accepted = _line(text, MOST_BYTES)
    if accepted is None or not accepted or graphemes(accepted) > MOST_GRAPHEMES:
        return Refusal("name.invalid")
    return accepted


def title(text: str) -> str | Refusal:
    accepted = _line(text, MOST_TITLE_BYTES)
    return Refusal("title.invalid") if accepted is None else accepted


def cell(text: str) -> str:
    """As it stands in a table that a spreadsheet opens: what would be a formula there is text."""
    return f"'{text}" if text.startswith(FORMULA) else text


def folded(text: str) -> str:
    """As two are compared when somebody searches."""
    return unicodedata.normalize("NFKC", text).casefold()


def graphemes(text: str) -> int:
    """How many characters a reader would count; close to it where scripts are intricate."""
    count = 0
    flags = 0
    before = ""
    for char in text:
        joined = before == "\u200d"
        before = char
        if char in JOINERS or "\U0001f3fb" <= char <= "\U0001f3ff" or unicodedata.category(char)[0] == "M":
            continue
        if "\U0001f1e6" <= char <= "\U0001f1ff":
            flags += 1
            count += flags % 2  # two letters are one flag
            continue
        flags = 0
        count += not joined
    return count


def spoken(text: str) -> str:
    """A message as it is kept: its words untouched, without what is no text at all."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))


def _line(text: str, most_bytes: int) -> str | None:
    """One line in NFC; None if it can't be one. Empty stays empty."""
    if len(text) > most_bytes:
        return None
    line = unicodedata.normalize("NFC", text)
    if any(_forbidden(char) for char in line) or len(line.encode()) > most_bytes:
        return None
    line = line.strip()
    if line and all(unicodedata.category(char)[0] in "MCZ" and not _unassigned(char) for char in line):
        return None  # nothing of it would be seen
    return line


def _forbidden(char: str) -> bool:
    category = unicodedata.category(char)
    if category == "Cf":
        return (
            char not in JOINERS and not "\U000e0020" <= char <= "\U000e007f"
        )  # flags of regions are spelled so
    if category == "Cn":
        return not _unassigned(char)
    return category in ("Cc", "Cs", "Co", "Zl", "Zp") or char in BLANK_LETTERS


def _unassigned(char: str) -> bool:
    """An emoji newer than this Python, most likely; the rest of the category are noncharacters."""
    point = ord(char)
    is_noncharacter = point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF
    return unicodedata.category(char) == "Cn" and not is_noncharacter
