"""The page's own words in a language, as its catalogs have them: for journeys that are made in more than one."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "web/src"
ENTRY = re.compile(r'^msgid "(.+?)"\nmsgstr "(.*)"$', re.MULTILINE)

Say = Callable[..., str]


@cache
def _catalog(language: str) -> dict[str, str]:
    files = SOURCE.glob(f"**/locales/{language}.po")
    return {found[1]: found[2] for file in files for found in ENTRY.finditer(file.read_text())}


def words(locale: str) -> Say:
    """What the page says by that id; of plurals and the like nothing but names is filled in."""
    catalog = _catalog("zh-CN" if locale.startswith("zh") else "en")

    def say(id: str, **values: str) -> str:
        sentence = catalog[id]
        for name, value in values.items():
            sentence = sentence.replace(f"{{{name}}}", value)
        return sentence

    return say
