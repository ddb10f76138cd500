"""How Twirp says no."""

from __future__ import annotations

from folkmoot.kit import Refusal
from folkmoot.kit.refusals import CATALOGUE, TWIRP

CODES = {
    "meeting.decides": "failed_precondition",
    "meeting.ended": "not_found",
    "meeting.unknown_participant": "not_found",
    "room.unknown": "not_found",
    "participant.unknown": "not_found",
    "participant.too_large": "invalid_argument",
    "track.unknown": "not_found",
    "room.full": "resource_exhausted",
    "participant.not_connected": "failed_precondition",
    "participant.stays": "failed_precondition",
    "participant.forwarded": "failed_precondition",
    "participant.there_already": "already_exists",
    "server.too_many_rooms": "resource_exhausted",
    "room.too_many_calls": "resource_exhausted",
    "dispatch.unknown": "not_found",
    "dispatch.too_many": "resource_exhausted",
    "track.unmute_not_offered": "invalid_argument",
}
"""What rooms refuse, in Twirp's words."""


class TwirpError(Exception):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code, self.message, self.status = code, message, TWIRP[code].status or 500


def refused(refusal: Refusal) -> TwirpError:
    return TwirpError(CODES[refusal.code], CATALOGUE[refusal.code].sentence)
