"""What an operator writes about presets is what meetings are made like, and what strangers meet at their doors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from tests.hostile.test_coming_back import visitor
from tests.hostile.visitor import meeting
from tests.product import Product

SAID = """
[presets.careful]
waiting_line = "The lesson begins at nine."
chat = "hosts"
[presets.council]
waiting_room = "everyone"
hosts_to_admit = 2
share = false
heirs = "anybody"
"""


@pytest.fixture(scope="module")
def ruled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    file: Path = tmp_path_factory.mktemp("etc") / "folkmoot.toml"
    file.write_text(SAID)
    product = Product(tmp_path_factory.mktemp("data"), "--dev", "--config", str(file))
    product.start()
    yield product
    product.stop()


async def test_a_preset_is_changed_and_another_added_by_the_configuration(ruled: Product) -> None:
    async with aiohttp.ClientSession() as http, http.get(f"{ruled.address}api/presets") as answer:
        told = {one["name"]: one["policy"] for one in await answer.json()}
    assert list(told) == ["open", "careful", "class", "summit", "council"]
    assert (told["careful"]["waitingRoom"], told["careful"]["chat"]) == ("guests", "hosts")
    async with meeting(ruled, preset="careful") as host:
        bo = visitor(host)
        assert await bo.comes("Bo") == "waiting"
        shown = bo.heard[-1]["welcome"]["snapshot"]["meeting"]["waiting"]
        assert shown["line"] == "The lesson begins at nine."
        await host.do("meeting", "admit", participant=bo.id)
        assert (await bo.do("chat", "send", text="x"))["refused"]["code"] == "meeting.not_allowed"


async def test_a_running_meeting_takes_an_added_preset_and_is_named_by_it(ruled: Product) -> None:
    async with meeting(ruled, preset="council") as host:
        bo = visitor(host)
        assert await bo.comes("Bo") == "waiting"
        await host.do("meeting", "admit", participant=bo.id)
        assert (await host.event("admitted_by"))["id"] == bo.id, "and a second host is needed"
        assert "done" in await host.do("meeting", "set_policy", preset="open")
        assert (await host.event("policy"))["preset"] == "open"
        assert "done" in await host.do("meeting", "set_policy", preset="council")
        assert (await host.event("policy", preset="council"))["may"]["share"] is False
        refused = await host.do("meeting", "set_policy", preset="nowhere")
        assert refused["refused"] == {"id": refused["refused"]["id"], "code": "meeting.unknown_preset",
                                      "params": {"known": "open, careful, class, summit, council"}}  # fmt: skip


def test_a_preset_that_cannot_be_is_refused_at_the_start(tmp_path: Path) -> None:
    file = tmp_path / "folkmoot.toml"
    file.write_text('[presets.careful]\nwaiting_room = "sometimes"\n')
    product = Product(tmp_path / "data", "--dev", "--config", str(file))
    with pytest.raises(AssertionError, match=r"presets\.careful\.waiting_room"):
        product.start()
