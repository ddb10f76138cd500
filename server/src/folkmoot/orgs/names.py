"""Domains as names, pure: in one form, whether anybody may have them, and what they look like.

Law: a domain is compared as the DNS has it (`xn--…`), so what looks alike is never taken for the same. It is shown as people
write it only where that is of one script; else as the DNS has it.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib import resources

import idna
from publicsuffixlist import PublicSuffixList

from folkmoot.kit import Refusal

PROVIDERS = "data/public_providers.txt"
TOGETHER = ({"LATIN"}, {"CJK", "HIRAGANA", "KATAKANA", "LATIN"}, {"CJK", "BOPOMOFO", "LATIN"}, {"CJK", "HANGUL", "LATIN"})  # fmt: skip
"""Scripts that are written in one word (Unicode TR 39, highly restrictive)."""


def domain(text: str) -> str | Refusal:
    """As the DNS has it."""
    bare = text.strip().rstrip(".").removeprefix("@")
    try:
        ascii = idna.encode(bare, uts46=True, transitional=False, std3_rules=True).decode()
    except idna.IDNAError:
        return Refusal("org.domain_invalid")
    labels = ascii.split(".")
    if len(labels) < 2 or len(ascii) > 253 or labels[-1].isdigit():
        return Refusal("org.domain_invalid")
    return ascii


def claimable(ascii: str) -> Refusal | None:
    """A public suffix is nobody's; at a provider for everybody, two people are no organisation."""
    if _suffixes().is_public(ascii):
        return Refusal("org.domain_public")
    parts = ascii.split(".")
    above = {".".join(parts[at:]) for at in range(len(parts) - 1)}
    return Refusal("org.domain_public") if above & _providers() else None


def registrable(ascii: str) -> str:
    """Of it what somebody registered, one label below a public suffix: where a zone begins."""
    return _suffixes().privatesuffix(ascii) or ascii


def written(ascii: str) -> str:
    """In the form in which mail addresses are kept."""
    try:
        return idna.decode(ascii)
    except idna.IDNAError:
        return ascii


def shown(ascii: str) -> str:
    unicode = written(ascii)
    return unicode if all(of_one_script(label) for label in unicode.split(".")) else ascii


def of_one_script(label: str) -> bool:
    """A word of Latin letters alone is ASCII, or has accents that one sees; other scripts that look like it stand out as `xn--`."""
    scripts = {_script(char) for char in label} - {""}
    whole = "".join(label.split("-"))
    if len(scripts) <= 1:
        return not (scripts & {"CYRILLIC", "GREEK", "ARMENIAN"} and all(char in LOOK_LATIN for char in whole))
    return any(scripts <= some for some in TOGETHER)


LOOK_LATIN = frozenset("асеорхуіјѕԁһѵԛԝ" + "οανρυικτ" + "օսոհգց" + "0123456789-")
"""Letters of other scripts that nobody tells from Latin ones."""


def _script(char: str) -> str:
    if char.isascii() and not char.isalpha():
        return ""
    said = unicodedata.name(char, "UNKNOWN").split()[0]
    return "LATIN" if char.isascii() else said.removeprefix("FULLWIDTH")


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@cache
def _providers() -> frozenset[str]:
    lines = resources.files(__package__).joinpath(PROVIDERS).read_text().splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))
