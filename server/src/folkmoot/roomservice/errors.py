"""How Twirp says no."""

from __future__ import annotations

from folkmoot.kit.refusals import TWIRP


class TwirpError(Exception):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code, self.message, self.status = code, message, TWIRP[code].status or 500


def no_room() -> TwirpError:
    return TwirpError("not_found", "requested room does not exist")


def no_participant() -> TwirpError:
    return TwirpError("not_found", "participant does not exist")


def no_track() -> TwirpError:
    return TwirpError("not_found", "track is not found")
