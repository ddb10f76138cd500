"""A colour is judged by what WCAG asks; the nearest that passes is found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.branding.colour import (
    GROUNDS,
    SHAPE,
    STEPS,
    TEXT,
    Colour,
    Light,
    _lch,
    _rgb,
    contrast,
    lack,
    nearest,
    parsed,
    shade,
)

colours = st.integers(0, 0xFFFFFF).map(Colour.of)
lights = st.sampled_from(Light)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21),
        ("#777777", "#ffffff", 4.478),
        ("#767676", "#ffffff", 4.542),
        ("#fff", "#fff", 1),
    ],
)
def test_contrast_is_what_wcag_says(one: str, other: str, ratio: float) -> None:
    a, b = parsed(one), parsed(other)
    assert a and b
    assert contrast(a, b) == contrast(b, a) == pytest.approx(ratio, abs=0.01)


@pytest.mark.parametrize("said", ["#1D4ed8", "#abc"])
def test_a_colour_is_read(said: str) -> None:
    assert str(parsed(said)) == {"#1D4ed8": "#1d4ed8", "#abc": "#aabbcc"}[said]


@pytest.mark.parametrize(
    "said",
    ["", "red", "1d4ed8", "#1d4ed", "#1d4ed8ff", "rgb(0 0 0)", "#12345g", "var(--x)", "#fff;background:url(//x)", "#fff\n", "＃ffffff"],
)  # fmt: skip
def test_what_is_no_colour_is_none(said: str) -> None:
    assert parsed(said) is None


@given(colours, lights)
def test_the_nearest_can_be_read_by_everybody(colour: Colour, light: Light) -> None:
    found, ground = nearest(colour, light), GROUNDS[light]
    assert lack(found, light) is None
    for page in (ground.canvas, ground.surface):
        assert contrast(found, page) >= TEXT
    assert contrast(found, ground.stage) >= SHAPE


@given(colours, lights)
def test_what_passes_stays_as_it_is_and_what_does_not_moves_no_further_than_it_must(
    colour: Colour, light: Light
) -> None:
    found = nearest(colour, light)
    if lack(colour, light) is None:
        assert found == colour
        return
    before, chroma, hue = _lch(colour)
    after = _lch(found)[0]
    back = 3 / STEPS * (1 if before > after else -1)
    assert lack(_rgb(after + back, chroma, hue), light) is not None


@given(colours, lights)
def test_all_that_is_drawn_with_it_can_be_read(colour: Colour, light: Light) -> None:
    drawn = shade(nearest(colour, light), light)
    assert contrast(drawn.on, drawn.accent) >= TEXT
    assert contrast(drawn.on, drawn.hover) >= TEXT
    assert contrast(drawn.accent, drawn.soft) >= TEXT


def test_it_is_said_by_how_much_it_falls_short() -> None:
    yellow = parsed("#ffcc00")
    assert yellow
    missing = lack(yellow, Light.LIGHT)
    assert missing
    assert (missing.against, missing.shown_ratio, missing.least) == ("page", 1.39, 4.5)
    assert str(missing.nearest) == "#8b6d00"
    assert lack(yellow, Light.DARK) is None
