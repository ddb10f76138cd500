"""Files in the chat: who brings them, who gets them, and when they are gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI

from folkmoot.capabilities.chat.previews import MOST_BYTES, size_of
from folkmoot.capabilities.chat.routes import router
from folkmoot.capabilities.chat.sharing import Sharing
from folkmoot.files import Bounds, Files, Folder
from folkmoot.jobs import Jobs
from folkmoot.kit import SystemRandomness
from folkmoot.meetings import StoredJournal
from folkmoot.meetings.model import Settings
from folkmoot.rest.api import install
from folkmoot.storage import Storage, open_storage

from ..meetings.house import House, Page

BOUNDS = Bounds(most=1000, quota=2600, each=1500)
SETTINGS = Settings(retention=timedelta(days=1))
JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08\x00\x30\x00\x40\x01\x01\x11\x00rest"
"""64 pixels wide, 48 high."""


@dataclass
class Hall:
    house: House
    client: httpx.AsyncClient
    jobs: Jobs
    files: Files
    storage: Storage
    folder: Path
    count: int = field(default=0)

    async def brings(
        self, page: Page, content: bytes = b"hello", *, name: str = "notes.txt", **said: str
    ) -> httpx.Response:
        self.count += 1
        headers = {
            "folkmoot-name": quote(name),
            "folkmoot-command": f"f{self.count}",
            "content-type": "text/plain",
        }
        headers |= {f"folkmoot-{what.replace('_', '-')}": value for what, value in said.items()}
        answer = await self.client.post(self.address(page), content=content, headers=bearing(page) | headers)
        self.house.settle()
        return answer

    async def fetches(self, page: Page, id: str) -> httpx.Response:
        return await self.client.get(f"{self.address(page)}/{id}", headers=bearing(page))

    async def on_disk(self) -> int:
        """Once what was to be forgotten is."""
        await self.jobs.look()
        await self.jobs.settled()
        return sum(one.is_file() for one in self.folder.rglob("*"))

    def address(self, page: Page) -> str:
        return f"/api/meetings/{page.joined.meeting.number}/files"


def bearing(page: Page) -> dict[str, str]:
    return {"authorization": f"Bearer {page.joined.channel_token}"}


def code(answer: httpx.Response) -> str:
    return str(answer.json()["code"])


@pytest.fixture
async def hall(address: str, tmp_path: Path) -> AsyncIterator[Hall]:
    storage = await open_storage(address)
    journal = StoredJournal(storage)
    house = House(journal, SETTINGS)
    jobs = Jobs(storage, house.clock, SystemRandomness())
    files = Files(storage, Folder(tmp_path / "files"), jobs, house.clock, SystemRandomness())
    journal.owns(files)
    app = FastAPI()
    install(
        app, [router(house.meetings, Sharing(house.meetings, files, storage.writing, BOUNDS), files)], "1"
    )
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 4000))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield Hall(house, client, jobs, files, storage, tmp_path / "files")
    await jobs.stop()
    await storage.close()


def file_of(page: Page) -> dict[str, object]:
    return dict(page.heard("sent")[-1]["file"])


async def test_what_one_brings_everybody_hears_of_and_fetches_as_it_was(hall: Hall) -> None:
    ada, bo = await hall.house.comes("Ada"), await hall.house.comes("Bo")
    assert (await hall.brings(ada, b"as it was", name="报告.pdf")).status_code == 204
    said = bo.heard("sent")[-1]
    assert (said["text"], said["file"]["name"], said["file"]["size"]) == ("", "报告.pdf", 9)
    got = await hall.fetches(bo, said["file"]["id"])
    assert got.content == b"as it was"
    assert got.headers["content-disposition"].startswith("attachment")
    assert got.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in got.headers["content-security-policy"]
    later = await hall.house.comes("Cy")
    assert later.snapshot["chat"]["messages"][-1]["file"] == said["file"]


async def test_a_private_file_is_for_the_two_and_for_no_host(hall: Hall) -> None:
    host = await hall.house.comes("Host", host=True)
    ada, bo = await hall.house.comes("Ada"), await hall.house.comes("Bo")
    await hall.brings(ada, to=bo.id)
    assert host.heard("sent") == []
    id = str(file_of(bo)["id"])
    assert [(await hall.fetches(one, id)).status_code for one in (ada, bo, host)] == [200, 200, 404]


async def test_who_waits_was_removed_or_has_left_brings_and_fetches_nothing(hall: Hall) -> None:
    await hall.house.create(waiting_room="guests")
    host = await hall.house.comes("Host", host=True)
    bo, waits = await hall.house.comes("Bo"), await hall.house.comes("Wai")
    await host.do("meeting", "admit", participant=bo.id)
    await hall.brings(host)
    id = str(file_of(bo)["id"])
    assert (await hall.fetches(bo, id)).status_code == 200
    await host.do("meeting", "remove", participant=bo.id)
    for outside in (waits, bo):
        assert code(await hall.fetches(outside, id)) == "meeting.not_admitted"
        assert code(await hall.brings(outside)) == "meeting.not_admitted"
    await host.do("meeting", "leave")
    assert (await hall.fetches(host, id)).status_code == 403
    assert await hall.on_disk() == 1


async def test_without_a_ticket_of_this_meeting_there_is_nothing(hall: Hall) -> None:
    ada = await hall.house.comes("Ada")
    await hall.brings(ada)
    address = f"{hall.address(ada)}/{file_of(ada)['id']}"
    assert (await hall.client.get(address)).status_code == 401
    other = await hall.house.create("Elsewhere")
    stranger = await hall.house.comes("Stranger")
    elsewhere = f"/api/meetings/{other.meeting.number}/files/{file_of(ada)['id']}"
    assert (await hall.client.get(elsewhere, headers=bearing(stranger))).status_code == 404
    assert (await hall.client.get(address, headers=bearing(stranger))).status_code == 401


async def test_where_a_host_allows_no_files_none_is_kept_also_of_one_that_is_on_its_way(hall: Hall) -> None:
    host, bo = await hall.house.comes("Host", host=True), await hall.house.comes("Bo")
    begun, on = asyncio.Event(), asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield b"half"
        begun.set()
        await on.wait()
        yield b"the rest"

    under_way = asyncio.create_task(hall.brings(bo, slowly()))  # type: ignore[arg-type]
    await begun.wait()
    await host.do("meeting", "set_policy", may={"files": False})
    assert code(await hall.brings(bo)) == "meeting.not_allowed"
    on.set()
    assert code(await under_way) == "meeting.not_allowed"
    assert await hall.on_disk() == 0
    assert (await hall.brings(host)).status_code == 204
    assert await bo.do("chat", "send", text="words go on") is not None


async def test_stopping_everything_stops_files(hall: Hall) -> None:
    host, bo = await hall.house.comes("Host", host=True), await hall.house.comes("Bo")
    await host.do("meeting", "stop_everything")
    assert code(await hall.brings(bo)) == "meeting.not_allowed"
    await host.do("meeting", "resume", what="all")
    assert (await hall.brings(bo)).status_code == 204


async def test_what_is_too_large_or_too_much_is_refused_and_nothing_stays(hall: Hall) -> None:
    ada, bo = await hall.house.comes("Ada"), await hall.house.comes("Bo")
    assert code(await hall.brings(ada, b"x" * 1001)) == "files.too_large"
    assert (await hall.brings(ada, b"x" * 1000)).status_code == 204
    answer = await hall.brings(ada, b"x" * 600)
    assert (code(answer), answer.json()["params"]) == ("files.quota", {"most": 1500})
    assert (await hall.brings(bo, b"x" * 1000)).status_code == 204
    assert (await hall.brings(bo, b"x" * 501)).json()["params"] == {"most": 1500}
    assert (await hall.brings(bo, b"x" * 500)).status_code == 204
    assert (await hall.brings(ada, b"y" * 101)).json()["params"] == {"most": 2600}
    assert code(await hall.brings(ada, b"")) == "files.empty"
    assert await hall.on_disk() == 3


async def test_a_hundred_at_once_bring_no_more_than_one_after_another(hall: Hall) -> None:
    """H53. The file system is asked in threads, so they do run side by side."""
    pages = [await hall.house.comes(f"P{n}") for n in range(10)]
    answers = await asyncio.gather(*(hall.brings(page, b"x" * 300) for page in pages))
    assert sum(one.status_code == 204 for one in answers) == 8
    assert await hall.on_disk() == 8


async def test_what_is_sent_twice_is_there_once(hall: Hall) -> None:
    ada = await hall.house.comes("Ada")
    await hall.brings(ada, command="the same")
    assert (await hall.brings(ada, command="the same")).status_code == 204
    assert len(ada.heard("sent")) == 1
    assert await hall.on_disk() == 1


async def test_a_deleted_message_takes_its_file_and_its_picture_along(hall: Hall) -> None:
    host, bo = await hall.house.comes("Host", host=True), await hall.house.comes("Bo")
    await hall.brings(bo, JPEG + b"all of it", preview=str(len(JPEG)))
    file = file_of(host)
    small = dict(file["preview"])  # type: ignore[call-overload]
    assert (small["width"], small["height"]) == (64, 48)
    assert (await hall.fetches(host, str(small["id"]))).content == JPEG
    assert (await hall.fetches(host, str(file["id"]))).content == b"all of it"
    assert await hall.on_disk() == 2
    assert await bo.do("chat", "edit", id="m1", text="words") == "chat.no_words"
    await host.do("chat", "delete", id="m1")
    assert await hall.on_disk() == 0
    assert (await hall.fetches(bo, str(file["id"]))).status_code == 404


async def test_what_calls_itself_a_small_picture_and_is_none_is_left_out(hall: Hall) -> None:
    ada = await hall.house.comes("Ada")
    page = b"<script>alert(1)</script>"
    await hall.brings(ada, page + b"file", preview=str(len(page)))
    assert "preview" not in file_of(ada)
    assert await hall.on_disk() == 1


async def test_files_go_with_the_history_of_their_meeting_and_no_sooner(hall: Hall) -> None:
    host = await hall.house.comes("Host", host=True)
    await hall.brings(host)
    await host.do("meeting", "end")
    await hall.house.passes(60 * 60)
    assert await hall.on_disk() == 1
    await hall.house.passes(24 * 60 * 60)
    assert await hall.on_disk() == 0


async def test_files_are_there_after_a_restart(hall: Hall) -> None:
    ada = await hall.house.comes("Ada")
    await hall.brings(ada)
    id = str(file_of(ada)["id"])
    await hall.house.restart()
    sharing = Sharing(hall.house.meetings, hall.files, hall.storage.writing, BOUNDS)
    ticket = hall.house.meetings.read_ticket(ada.joined.meeting.number, ada.joined.channel_token)
    assert ticket is not None
    await ada.connect()
    assert getattr(await sharing.find(ticket, id), "id", None) == id


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
        JPEG[:12],
        JPEG.replace(b"\x00\x30\x00\x40", b"\xff\xff\xff\xff"),
        JPEG.replace(b"\x00\x30\x00\x40", b"\x00\x00\x00\x40"),
        JPEG.replace(b"\x00\x04ab", b"\x00\x01ab"),
        b"\xff\xd8" + b"\xff" * 70_000,
        JPEG + b"x" * MOST_BYTES,
    ],
)
def test_a_picture_is_small_by_its_own_header_or_it_is_none(content: bytes) -> None:
    assert size_of(JPEG) == (64, 48)
    assert size_of(content) is None


async def test_one_asks_what_one_may_bring_before_one_does(hall: Hall) -> None:
    ada, bo = await hall.house.comes("Ada"), await hall.house.comes("Bo")
    await hall.brings(ada, b"x" * 1000)
    asked = [await hall.client.get(hall.address(one), headers=bearing(one)) for one in (ada, bo)]
    assert [one.json() for one in asked] == [{"most": 1000, "left": 500}, {"most": 1000, "left": 1500}]
    assert (await hall.client.get(hall.address(ada))).status_code == 401
