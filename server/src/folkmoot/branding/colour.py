"""An organisation's colour: read, judged against what it stands on, and the nearest that can be read. Pure.

Law: text is read by everybody. A colour is taken only where words in it, and words on it, have the contrast that WCAG 2.2 asks of text
(1.4.3: 4.5 to 1), and where it is told from the stage behind pictures (1.4.11: 3 to 1), in a light page and in a dark one. What is
derived from it (under the pointer, behind a choice) is derived here alone, so that no page has to know how.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Literal

HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
TEXT, SHAPE = 4.5, 3.0
STEPS = 1000
"""Of lightness, when the nearest is looked for."""
MOST_KNOWN = 1024
"""Colours whose shades are remembered: every guest of an organisation asks for the same."""


@dataclass(frozen=True, slots=True)
class Colour:
    """sRGB, 0 to 255 each."""

    red: int
    green: int
    blue: int

    def __str__(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"

    @property
    def luminance(self) -> float:
        red, green, blue = (_linear(one) for one in (self.red, self.green, self.blue))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    @property
    def number(self) -> int:
        return self.red << 16 | self.green << 8 | self.blue

    @classmethod
    def of(cls, number: int) -> Colour:
        return cls(number >> 16 & 255, number >> 8 & 255, number & 255)


class Light(StrEnum):
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Ground:
    """What the page's own colours are, as `web/src/ui/tokens.css` has them."""

    canvas: Colour
    surface: Colour
    stage: Colour
    towards: int
    """Where what can be read lies: -1 darker, 1 lighter."""


@dataclass(frozen=True, slots=True)
class Shade:
    """A colour and what is drawn with it."""

    accent: Colour
    hover: Colour
    on: Colour
    """Words on either."""
    soft: Colour
    """Behind words in `accent`."""


Against = Literal["page", "label", "stage"]
"""`label`: words on the colour. `stage`: the ground behind pictures."""


@dataclass(frozen=True, slots=True)
class Lack:
    light: Light
    against: Against
    ratio: float
    least: float
    nearest: Colour

    @property
    def shown_ratio(self) -> float:
        """Rounded down: 4.496 is not 4.5."""
        return int(self.ratio * 100) / 100


def parsed(said: str) -> Colour | None:
    """`#rgb` or `#rrggbb`, and nothing else that a browser would take for a colour."""
    if not HEX.fullmatch(said):
        return None
    digits = said[1:] if len(said) == 7 else "".join(2 * one for one in said[1:])
    return Colour.of(int(digits, 16))


def contrast(one: Colour, other: Colour) -> float:
    """1 to 21, as WCAG has it."""
    dim, bright = sorted((one.luminance, other.luminance))
    return (bright + 0.05) / (dim + 0.05)


GROUNDS = {
    Light.LIGHT: Ground(Colour.of(0xF7F6F2), Colour.of(0xFFFFFF), Colour.of(0xE3E1DA), -1),
    Light.DARK: Ground(Colour.of(0x131412), Colour.of(0x1C1E1B), Colour.of(0x0B0C0B), 1),
}
WORDS = (Colour.of(0xFFFFFF), Colour.of(0x10110F))
"""What may be written on a colour: the one that reads better."""


def lack(colour: Colour, light: Light) -> Lack | None:
    """What it falls short of, and the nearest that doesn't."""
    short = _short(colour, light)
    return None if short is None else Lack(light, *short, nearest(colour, light))


@lru_cache(MOST_KNOWN)
def nearest(colour: Colour, light: Light) -> Colour:
    """The same hue, darker or lighter by as little as does; where its chroma can't be shown so, less of that."""
    if _short(colour, light) is None:
        return colour
    lightness, chroma, hue = _lch(colour)
    towards = GROUNDS[light].towards
    least, most = 0, round(STEPS * (lightness if towards < 0 else 1 - lightness)) + 1
    while most - least > 1:
        half = (least + most) // 2
        fails = _short(_rgb(lightness + towards * half / STEPS, chroma, hue), light) is not None
        least, most = (half, most) if fails else (least, half)
    return _rgb(lightness + towards * most / STEPS, chroma, hue)


@lru_cache(MOST_KNOWN)
def shade(colour: Colour, light: Light) -> Shade:
    ground = GROUNDS[light]
    on = _words_on(colour)
    lightness, chroma, hue = _lch(colour)
    hover = next(
        found
        for step in (6, 4, 2, 0)
        for found in (_rgb(lightness + ground.towards * step / 100, chroma, hue),)
        if step == 0 or (_short(found, light) is None and contrast(on, found) >= TEXT)
    )
    mixed = (_mixed(colour, ground.surface, part) for part in (0.14, 0.1, 0.07, 0.04, 0.02, 0))
    soft = next(found for found in mixed if contrast(colour, found) >= TEXT)
    return Shade(colour, hover, on, soft)


def _short(colour: Colour, light: Light) -> tuple[Against, float, float] | None:
    """Of what it lacks most: against what, what it has, what it needs."""
    ground = GROUNDS[light]
    has: dict[Against, tuple[float, float]] = {
        "page": (min(contrast(colour, ground.canvas), contrast(colour, ground.surface)), TEXT),
        "label": (contrast(colour, _words_on(colour)), TEXT),
        "stage": (contrast(colour, ground.stage), SHAPE),
    }
    against, (ratio, least) = min(has.items(), key=lambda one: one[1][0] / one[1][1])
    return None if ratio >= least else (against, ratio, least)


def _words_on(colour: Colour) -> Colour:
    return max(WORDS, key=lambda words: contrast(colour, words))


def _mixed(one: Colour, other: Colour, part: float) -> Colour:
    pairs = ((one.red, other.red), (one.green, other.green), (one.blue, other.blue))
    return Colour(*(round(mine * part + theirs * (1 - part)) for mine, theirs in pairs))


# --- OKLab (Björn Ottosson, 2020): equal steps look equal ------------------------------------------------------------------


def _linear(channel: int) -> float:
    part = channel / 255
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _lch(colour: Colour) -> tuple[float, float, float]:
    red, green, blue = (_linear(one) for one in (colour.red, colour.green, colour.blue))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _rgb(lightness: float, chroma: float, hue: float) -> Colour:
    """With less chroma where a screen can't show that much of it at this lightness."""
    lightness = min(1.0, max(0.0, lightness))
    least, most = 0.0, chroma
    if _shown(lightness, chroma, hue) is None:
        for _ in range(12):
            half = (least + most) / 2
            least, most = (half, most) if _shown(lightness, half, hue) else (least, half)
        chroma = least
    return _shown(lightness, chroma, hue) or Colour.of(0xFFFFFF if lightness > 0.5 else 0)


def _shown(lightness: float, chroma: float, hue: float) -> Colour | None:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    parts = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    if any(not -0.0005 <= part <= 1.0005 for part in parts):
        return None
    return Colour(*(_channel(part) for part in parts))


def _channel(part: float) -> int:
    part = min(1.0, max(0.0, part))
    return round(255 * (12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055))
