"""A whole server in which much is said, and much goes wrong: no word of a person is in a log line or in a metric."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from fastapi import FastAPI
from starlette.testclient import TestClient, WebSocketTestSession

from folkmoot import logs
from folkmoot.app import create_app
from folkmoot.bus import MemoryBus
from folkmoot.capabilities.chat.feature import ChatFeature
from folkmoot.config import load
from folkmoot.engine.fake import FakeEngine
from folkmoot.keyring import equipped, new_secrets
from folkmoot.kit import ManualClock
from folkmoot.meetings import commits
from folkmoot.storage import open_storage, sqlite_url

WORDS = (
    "quarterly",
    "hildegard",
    "wolfram",
    "giselher",
    "cucumber",
    "rhubarb",
    "parsnip",
    "turnip",
    "gooseberry",
)


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


class Meeting:
    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.made = client.post("/api/meetings", json={"title": "quarterly"}).json()
        self.path = f"/api/meetings/{self.made['number']}"
        self.count = 0

    def joins(self, name: str) -> dict[str, Any]:
        body = {"name": name, "host_key": self.made["host_key"]}
        joined: dict[str, Any] = self.client.post(f"{self.path}/join", json=body).json()
        return joined

    def opens(self, joined: dict[str, Any]) -> WebSocketTestSession:
        return self.client.websocket_connect(f"{self.path}/channel?token={joined['channel_token']}")

    def does(self, socket: WebSocketTestSession, feature: str, type: str, **payload: Any) -> dict[str, Any]:
        """The answer."""
        self.count += 1
        id = f"c{self.count}"
        do = {"id": id, "feature": feature, "type": type, "payload": payload}
        socket.send_json({"do": do})
        while True:
            for frame in _messages(socket.receive_json()):
                for kind in ("done", "refused"):
                    if frame.get(kind, {}).get("id") == id:
                        return {kind: frame[kind]}


def _messages(frame: Any) -> list[dict[str, Any]]:
    return frame if isinstance(frame, list) else [frame]


def said_and_done(meeting: Meeting) -> None:
    """All that goes well, and what is refused."""
    ada, bo = meeting.joins("hildegard"), meeting.joins("wolfram")
    with meeting.opens(ada) as hers, meeting.opens(bo) as his:
        for socket in (hers, his):
            socket.send_json({"hello": {}})
        options = ["parsnip", "turnip"]
        done = [
            meeting.does(hers, "chat", "send", text="cucumber"),
            meeting.does(hers, "chat", "send", text="rhubarb", to=bo["participant"]),
            meeting.does(his, "meeting", "rename", name="giselher"),
            meeting.does(hers, "polls", "ask", question="gooseberry", options=options),
        ]
        assert all("done" in answer for answer in done), done
        assert "refused" in meeting.does(hers, "chat", "cucumber", rhubarb="parsnip")
        assert "refused" in meeting.does(hers, "chat", "send", text=["cucumber"])
        hers.send_text("cucumber {")
        hers.send_json({"hildegard": "wolfram"})
        assert "done" in meeting.does(hers, "reactions", "raise")


def strangers_say(meeting: Meeting) -> None:
    client = meeting.client
    assert client.post(f"{meeting.path}/join", content=b'{"name": "hildegard').status_code == 422
    assert client.post(f"{meeting.path}/join", json={"name": ["hildegard"]}).status_code == 422
    assert (
        client.post(f"{meeting.path}/join", json={"name": "wolfram", "passcode": "turnip"}).status_code == 403
    )
    assert client.get("/api/cucumber?rhubarb=parsnip").status_code == 404
    assert client.get("/rtc/validate?access_token=turnip&gooseberry=1").status_code == 401


def everything_fails(meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the middle of somebody's words: in a capability, then in the database, then at the door."""

    def chokes(self: object, state: object, command: Any, by: object, now: object) -> Any:
        return {}[command.text]

    async def twice(connection: Any, steps: Any) -> None:
        for _ in range(2):
            await write(connection, steps)

    write = commits._write
    with monkeypatch.context() as patched:
        patched.setattr(ChatFeature, "decide", chokes)
        with meeting.opens(meeting.joins("hildegard")) as socket:
            socket.send_json({"hello": {}})
            assert "refused" in meeting.does(socket, "chat", "send", text="cucumber")
    with monkeypatch.context() as patched, meeting.opens(meeting.joins("wolfram")) as socket:
        socket.send_json({"hello": {}})
        assert "welcome" in socket.receive_json()
        patched.setattr(commits, "_write", twice)
        send = {"id": "x", "feature": "chat", "type": "send", "payload": {"text": "rhubarb"}}
        socket.send_json({"do": send})
        while socket.receive()["type"] != "websocket.close":
            pass
    with monkeypatch.context() as patched:
        patched.setattr("folkmoot.kit.text.name", lambda said: {}[said])
        assert meeting.client.post(f"{meeting.path}/join", json={"name": "giselher"}).status_code == 500


def serving(app: FastAPI) -> TestClient:
    return TestClient(app, raise_server_exceptions=False, client=("127.0.0.1", 40_000))


@pytest.mark.parametrize("form", ["json", "console"])
async def test_what_people_say_is_in_no_log_and_no_metric(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(form, "debug")
    config = equipped(load({"dev": True, "data": tmp_path}, {}), new_secrets())
    engine, storage = FakeEngine(), await open_storage(sqlite_url(tmp_path / "folkmoot.db"))
    app = create_app(config, new_secrets(), storage, MemoryBus(), engine, ManualClock())
    with serving(app) as client:
        meeting = Meeting(client)
        said_and_done(meeting)
        strangers_say(meeting)
        everything_fails(meeting, monkeypatch)
        metrics = client.get("/metrics").text
    engine.close()
    logged = "".join(capsys.readouterr()).lower()
    assert "folkmoot_people_in_meetings" in metrics
    for happened in ("a feature can't decide", "keyerror", "integrityerror", "request failed", "traceback"):
        assert happened in logged, "the scene is what it says"
    assert [word for word in WORDS if word in logged] == []
    assert [word for word in WORDS if word in metrics.lower()] == []


def test_an_exception_says_where_it_came_from_and_nothing_that_was_sent(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure("json")
    try:
        try:
            json.loads("cucumber")
        except ValueError:
            raise OSError(28, "No space left on device")  # noqa: B904  (its context is the point)
    except OSError:
        structlog.get_logger().exception("can't write")
    written = json.loads(capsys.readouterr().err)["exception"]
    assert "JSONDecodeError" in written and "test_words.py" in written
    assert written.endswith("OSError: [Errno 28] No space left on device")
