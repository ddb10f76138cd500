"""What a page's meeting channel says and is told, listened to from outside the page, by the browser's own account."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page, WebSocket

Message = dict[str, Any]


class Channel:
    """Every message of a page's channels since it was listened to: before the page opens one."""

    def __init__(self, page: Page) -> None:
        self.said: list[Message] = []
        self.told: list[Message] = []
        page.on("websocket", self._opened)

    def _opened(self, socket: WebSocket) -> None:
        if not socket.url.endswith("/channel"):
            return
        socket.on("framesent", lambda frame: self.said.extend(_messages(frame)))
        socket.on("framereceived", lambda frame: self.told.extend(_messages(frame)))

    def happened(self, type_: str) -> list[Message]:
        """The meeting's own events of this type, as they came."""
        events = [message["event"] for message in self.told if "event" in message]
        return [event for event in events if (event["feature"], event["type"]) == ("meeting", type_)]

    def refused(self) -> list[str]:
        return [message["refused"]["code"] for message in self.told if "refused" in message]

    def is_answered(self) -> bool:
        """Whether everything that was asked has its answer."""
        asked = {message["do"]["id"] for message in self.said if "do" in message}
        answers = [message.get("done") or message.get("refused") for message in self.told]
        return asked <= {answer["id"] for answer in answers if answer}


def _messages(frame: str | bytes) -> list[Message]:
    said = json.loads(frame)
    return said if isinstance(said, list) else [said]
