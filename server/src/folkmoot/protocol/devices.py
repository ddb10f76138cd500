"""Codecs that some devices say they have and don't have well, by the rules that LiveKit's server has for them.

Law: what a client says of itself is believed here, for it costs nobody but itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from folkmoot.protocol.joining import Client

AV1, H264 = "video/AV1", "video/H264"


@dataclass(frozen=True, slots=True)
class Disabled:
    """Mime types: neither sent nor received, and not sent."""

    codecs: tuple[str, ...] = ()
    publish: tuple[str, ...] = ()

    def allowed(self, codecs: Sequence[str]) -> list[str]:
        """Of these what the client may send."""
        return [mime for mime in codecs if mime not in self.codecs and mime not in self.publish]


def disabled(client: Client) -> Disabled:
    browser, system = client.browser, client.os
    if browser == "safari":
        return Disabled(codecs=(AV1,))
    firefox = browser in ("firefox", "firefox mobile") and system in ("linux", "android")
    if firefox or (system == "android" and client.device_model == "xiaomi 2201117ti"):
        return Disabled(publish=(H264,))
    return Disabled()
