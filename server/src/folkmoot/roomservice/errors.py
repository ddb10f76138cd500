"""How Twirp says no."""

from __future__ import annotations

from folkmoot.kit import Refusal

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


REFUSALS = {
    "room.unknown": ("not_found", "requested room does not exist"),
    "participant.unknown": ("not_found", "participant does not exist"),
    "participant.too_large": ("invalid_argument", "name, metadata or attributes are too large"),
    "track.unknown": ("not_found", "track is not found"),
    "track.unmute_not_offered": ("invalid_argument", "remote unmute not enabled"),
}


def refused(refusal: Refusal) -> TwirpError:
    return TwirpError(*REFUSALS[refusal.code])
