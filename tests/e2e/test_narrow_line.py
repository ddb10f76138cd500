"""A line that carries less than what is sent, and keeps what it can't carry for seconds, as routers at home do."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Playwright, expect

from tests.e2e.network import SECOND_HOST, FarHost
from tests.e2e.people import CHROMIUM, Person, eventually, person
from tests.product import Product

WIDTH, HEIGHT, BLOCK = 640, 360, 20

# Of the connection in use and of the largest picture that comes by it.
RECEIVES = """
async () => {
  let height = 0, roundTrip = 0;
  for (const connection of window.connections) {
    if (connection.connectionState === 'closed') continue;
    const stats = await connection.getStats();
    for (const report of stats.values()) {
      if (report.type === 'inbound-rtp' && report.kind === 'video') height = Math.max(height, report.frameHeight ?? 0);
      if (report.type === 'transport' && report.selectedCandidatePairId)
        roundTrip = Math.max(roundTrip, stats.get(report.selectedCandidatePairId).currentRoundTripTime ?? 0);
    }
  }
  return { height, roundTrip };
}
"""


def film(path: Path, frames: int = 6) -> Path:
    """As lively and as grainy as a picture in a dark room, so that an encoder spends all that it may."""
    luck = random.Random(1)
    with path.open("wb") as out:
        out.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F15:1 Ip A1:1 C420jpeg\n".encode())
        for _ in range(frames):
            out.write(b"FRAME\n")
            for _ in range(0, HEIGHT, BLOCK):
                shades = [luck.randrange(40, 200) for _ in range(0, WIDTH, BLOCK)]
                smooth = b"".join(bytes([shade]) * BLOCK for shade in shades)
                for _ in range(BLOCK):
                    grain = luck.randbytes(WIDTH)
                    out.write(bytes(light + (grit & 15) for light, grit in zip(smooth, grain, strict=True)))
            out.write(bytes([128]) * (WIDTH * HEIGHT // 2))
    return path


@pytest.fixture
def far_apart(
    lan_product: tuple[Product, FarHost], playwright: Playwright, tmp_path: Path
) -> Iterator[tuple[Person, Person, FarHost]]:
    """Ada with a lively camera, and Bo on another host, who is sent her large picture."""
    product, far = lan_product
    with (
        person(
            playwright, tmp_path, "Ada", 440, film=film(tmp_path / "ada.y4m"), ignore_https_errors=True
        ) as ada,
        person(
            playwright, tmp_path, "Bo", 620, program=far.program(CHROMIUM), ignore_https_errors=True
        ) as bo,
    ):
        bo.open(ada.start_a_meeting(product.address))
        bo.join()
        bo.hears(ada.hz)
        eventually(lambda: receives(bo)["height"] == HEIGHT, "Bo is sent the large picture", within=20)
        yield ada, bo, far


pytestmark = [SECOND_HOST, pytest.mark.alone]


# A minute of real time; in virtual time it is played at every change (engine/sim/tests/narrow.rs).
@pytest.mark.skipif("NARROW_LINES" not in os.environ, reason="make matrix asks")
def test_a_line_that_fills_up_gets_a_smaller_picture_and_is_not_late(
    far_apart: tuple[Person, Person, FarHost], record_property: Callable[[str, object], None]
) -> None:
    ada, bo, far = far_apart
    far.narrow("300kbit", "3s")
    seen: list[dict[str, float]] = []

    def at_ease() -> bool:
        seen.append(receives(bo))
        return len(seen) > 5 and all(r["height"] < HEIGHT and r["roundTrip"] < 0.5 for r in seen[-5:])

    eventually(at_ease, "the small picture comes, and comes in time", within=40, every=1)
    record_property("narrow_line", seen)
    bo.sees_moving(1)
    bo.hears(ada.hz)
    far.widen()
    eventually(lambda: receives(bo)["height"] == HEIGHT, "the large picture is back", within=90, every=1)


def test_a_line_too_narrow_for_any_picture_keeps_the_sound(
    far_apart: tuple[Person, Person, FarHost],
) -> None:
    ada, bo, far = far_apart
    far.narrow("150kbit", "3s")
    told = bo.page.get_by_role("status").filter(has_text="Sound only for now.")
    expect(told).to_be_visible(timeout=30_000)
    expect(bo.page.get_by_role("gridcell", name="Ada")).to_contain_text("Video paused")
    eventually(lambda: receives(bo)["roundTrip"] < 0.5, "what is sent arrives in time", within=40)
    bo.hears(ada.hz)
    far.widen()
    bo.sees_moving(1, within=90)
    expect(told).to_have_count(0)
    says_whose_line_it_is(ada, bo, far)


def says_whose_line_it_is(ada: Person, bo: Person, far: FarHost) -> None:
    """What Bo sends is lost on his line: each is told so in words, and Ada isn't told that it is hers. Cai, whom she hears well,
    is somebody to compare him with: without, nobody could say whose line it is."""
    cai = Person(ada.browser, "Cai", ada.hz, ignore_https_errors=True)
    cai.open(ada.page.url)
    cai.join(camera=False)
    bo.press("Stop video")
    said = [connection_of(each) for each in (ada, bo)]
    expect(said[0]).to_contain_text("Your connection is good.", timeout=60_000)
    far.lose("24kbit")
    expect(said[1]).to_contain_text(
        re.compile(r"Your connection loses \d+ % of what you send"), timeout=30_000
    )
    theirs = "Your connection is good. What comes from Bo arrives with gaps: it is their line."
    expect(said[0]).to_have_text(theirs, timeout=30_000)
    far.lose_nothing()
    expect(said[1]).not_to_contain_text("Your connection loses", timeout=30_000)
    cai.context.close()


def connection_of(person: Person) -> Locator:
    person.page.get_by_role("contentinfo").get_by_role("button", name="More", exact=True).click()
    person.chooses(person.page.get_by_role("menuitem", name="Connection", exact=True))
    return person.page.get_by_role("dialog", name="Connection").get_by_role("status").first


def receives(who: Person) -> dict[str, float]:
    found: dict[str, float] = who.page.evaluate(RECEIVES)
    return found
