"""People meet in real browsers: what they see, what they hear, and what survives."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Playwright, expect

from tests.e2e.conftest import TONES, Someone
from tests.e2e.gauges import busyness
from tests.e2e.network import SECOND_HOST, FarHost
from tests.e2e.people import CHROMIUM, Person, eventually, person
from tests.product import Product


def test_four_people_see_and_hear_each_other(product: Product, someone: Someone) -> None:
    people = [someone(name) for name in TONES]
    link = people[0].start_a_meeting(product.address)
    for other in people[1:]:
        other.open(link)
        other.join()
    for me in people:
        me.hears(*(other.hz for other in people if other is not me), within=30)
        me.sees_moving(3, within=30)
        assert me.received()["cipher"] == ["SRTP_AEAD_AES_256_GCM"]


def test_chat_hands_and_reactions_reach_the_others(two: tuple[Person, Person]) -> None:
    ada, bo = two
    bo.opens("Chat")
    bo.writes("Tea at four? <b>not bold</b>")
    ada.opens("Chat")
    ada.sees_text("Tea at four? <b>not bold</b>")
    answers_with(ada, "Bo", "Reply")
    ada.writes("At five")
    expect(bo.page.get_by_role("article").filter(has_text="At five").get_by_text("not bold")).to_be_visible()
    answers_with(bo, "Ada", "🎉")
    ada.page.get_by_role("button", name="🎉, 1 (Bo)").click()
    expect(bo.page.get_by_role("button", name="🎉, 2 (Me, Ada)")).to_be_visible()
    bo.page.get_by_text("Tea at four?").last.hover()
    bo.page.get_by_role("button", name="Options for your message").click()
    bo.page.get_by_role("menuitem", name="Edit").click()
    box = bo.page.get_by_role("textbox", name="Change what you wrote")
    box.fill("Tea\nat\nfive?")
    nothing_covered(bo.page.get_by_role("log").get_by_role("article"))
    box.fill("Tea at five?")
    bo.page.keyboard.press("Enter")
    ada.sees_text("Tea at five?")
    expect(ada.page.get_by_text("not bold")).to_have_count(0)
    ada.page.get_by_role("textbox", name="Search the chat").fill("five tea")
    expect(ada.page.get_by_text("1 message found")).to_be_visible()
    ada.page.keyboard.press("Escape")
    with ada.page.expect_download() as saved:
        ada.press("Save the chat as a file")
    assert "Bo: Tea at five?" in saved.value.path().read_text()
    bo.page.get_by_role("button", name="Hand", exact=False).first.click()
    ada.opens("People")
    hands = ada.page.get_by_role("region", name="Hands")
    expect(hands.get_by_text("Bo")).to_be_visible()
    bo.press("React")
    bo.press("Applause")
    expect(ada.page.get_by_role("gridcell", name="Bo, guest").get_by_text("👏")).to_be_visible()


def nothing_covered(rows: Locator) -> None:
    def apart() -> bool:
        boxes = [row.bounding_box() for row in rows.all()]
        places = [(box["y"], box["y"] + box["height"]) for box in boxes if box]
        return all(end <= begin + 1 for (_, end), (begin, _) in pairwise(places))

    eventually(apart, "no message lies over another")


def answers_with(person: Person, writer: str, item: str) -> None:
    """To that writer's last message."""
    person.page.get_by_role("button", name=f"Options for a message of {writer}").last.click()
    person.page.get_by_role("menuitem", name=item).click()


def test_muting_makes_silence_and_unmuting_brings_the_voice_back(two: tuple[Person, Person]) -> None:
    ada, bo = two
    ada.hears(bo.hz)
    bo.press("Mute microphone")
    eventually(lambda: not ada.heard(), "Bo is silent")
    bo.press("Unmute microphone")
    ada.hears(bo.hz)


@pytest.mark.alone
def test_a_meeting_outlives_the_server(
    product: Product, two: tuple[Person, Person], record_property: Callable[[str, object], None]
) -> None:
    """kill -9, start again: the chat is there, and media is back within eight seconds of the server's first answer."""
    ada, bo = two
    ada.opens("Chat")
    ada.writes("written before the crash")
    bo.opens("Chat")
    bo.sees_text("written before the crash")
    others = busyness()
    product.kill()
    product.start()
    answered = time.monotonic()
    ada.hears(bo.hz, within=20)
    bo.hears(ada.hz, within=20)
    ada.sees_moving(1)
    bo.sees_moving(1)
    took = time.monotonic() - answered
    record_property("seconds_until_media_is_back", took)
    assert took <= (8 + 2) * max(others, busyness())  # two probes of about a second each are in it
    ada.sees_text("written before the crash")


def test_while_the_server_is_away_the_last_pictures_stay_and_it_is_said(
    product: Product, two: tuple[Person, Person]
) -> None:
    ada, bo = two
    ada.sees_moving(1)
    product.kill()
    ada.sees_text("Reconnecting…")
    ada.page.wait_for_timeout(1_000)
    picture = ada.page.locator("[role=gridcell]:not([data-self]) video[data-source=camera]")
    expect(picture).to_be_visible()
    drawn = "(v) => [v.videoWidth > 0 || v.poster.length > 0, getComputedStyle(v).opacity, getComputedStyle(v).filter]"
    eventually(
        lambda: picture.evaluate(drawn) == [True, "1", "saturate(0) brightness(0.5)"],
        "it is there, and grey",
    )
    ada.sees_text("Folkmoot isn't answering.", within=15)
    product.start()
    ada.hears(bo.hz)
    expect(ada.page.get_by_text("Folkmoot isn't answering.")).to_have_count(0)


@pytest.mark.alone
@SECOND_HOST
def test_a_cut_network_heals_by_itself(
    lan_product: tuple[Product, FarHost], someone: Someone, playwright: Playwright, tmp_path: Path
) -> None:
    """Eight seconds without a network: media is back within three seconds after it returned."""
    product, far = lan_product
    ada = someone("Ada", ignore_https_errors=True)
    with person(
        playwright, tmp_path, "Bo", 620, program=far.program(CHROMIUM), ignore_https_errors=True
    ) as bo:
        link = ada.start_a_meeting(product.address)
        bo.open(link)
        bo.join()
        ada.hears(bo.hz)
        bo.hears(ada.hz)
        far.cut()
        bo.page.wait_for_timeout(8_000)
        before = bo.received()
        far.mend()
        mended = time.monotonic()
        eventually(lambda: bo.received()["audio"] > before["audio"], "sound flows again", within=10)
        eventually(lambda: bo.received()["frames"] > before["frames"], "pictures flow again", within=10)
        assert time.monotonic() - mended <= 3 * busyness()
        ada.hears(bo.hz)


@SECOND_HOST
def test_who_sits_where_no_udp_passes_is_in_the_meeting_by_tcp(
    lan_product: tuple[Product, FarHost], someone: Someone, playwright: Playwright, tmp_path: Path
) -> None:
    product, far = lan_product
    far.let_no_udp_pass()
    ada = someone("Ada", ignore_https_errors=True)
    with person(
        playwright, tmp_path, "Bo", 620, program=far.program(CHROMIUM), ignore_https_errors=True
    ) as bo:
        link = ada.start_a_meeting(product.address)
        bo.open(link)
        bo.join()
        ada.hears(bo.hz)
        bo.hears(ada.hz)
        ada.sees_moving(1)
        bo.sees_moving(1)
        assert (ada.ways(), bo.ways()) == ({"udp"}, {"tcp"})


@SECOND_HOST
def test_a_network_that_blocks_calls_is_named_and_the_call_begins_when_it_no_longer_does(
    lan_product: tuple[Product, FarHost], someone: Someone, playwright: Playwright, tmp_path: Path
) -> None:
    product, far = lan_product
    far.let_only_the_web_pass(urlsplit(product.address).port or 443)
    ada = someone("Ada", ignore_https_errors=True)
    with person(
        playwright, tmp_path, "Bo", 620, program=far.program(CHROMIUM), ignore_https_errors=True
    ) as bo:
        bo.open(ada.start_a_meeting(product.address))
        bo.join()
        told = bo.page.get_by_role("status").filter(has_text="This network blocks calls.")
        expect(told).to_be_visible(timeout=40_000)
        expect(ada.page.get_by_role("gridcell", name="Bo")).to_contain_text("Connecting…")
        bo.context.grant_permissions(["clipboard-read", "clipboard-write"])
        told.get_by_role("button", name="Copy details").click()
        expect(told.get_by_role("button", name="Copied")).to_be_visible()
        assert f"Server: {product.address.rstrip('/')}\n" in bo.page.evaluate(
            "navigator.clipboard.readText()"
        )
        far.let_all_pass()
        bo.hears(ada.hz, within=40)
        expect(told).to_have_count(0)
