"""What a browser says that it is, in a few words for its owner: `Firefox on Linux`. Nothing else of it is kept."""

from __future__ import annotations

from collections.abc import Mapping

BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "FxiOS": "Firefox", "CriOS": "Chrome", "Chrome": "Chrome", "Safari": "Safari"}  # fmt: skip
SYSTEMS = {"iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Windows": "Windows", "Mac OS": "macOS", "CrOS": "ChromeOS", "Linux": "Linux"}  # fmt: skip


def device_of(headers: Mapping[str, str]) -> str:
    said = headers.get("user-agent", "")
    browser = next((name for mark, name in BROWSERS.items() if mark in said), "")
    system = next((name for mark, name in SYSTEMS.items() if mark in said), "")
    return " on ".join(part for part in (browser, system) if part)
