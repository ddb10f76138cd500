"""How Twirp says no."""

from __future__ import annotations

STATUS = {
    "malformed": 400,
    "invalid_argument": 400,
    "unauthenticated": 401,
    "not_found": 404,
    "bad_route": 404,
    "unimplemented": 501,
    "internal": 500,
}


class TwirpError(Exception):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code, self.message, self.status = code, message, STATUS[code]


def no_room() -> TwirpError:
    return TwirpError("not_found", "requested room does not exist")


def no_participant() -> TwirpError:
    return TwirpError("not_found", "participant does not exist")


def no_track() -> TwirpError:
    return TwirpError("not_found", "track is not found")
