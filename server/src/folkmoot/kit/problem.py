"""A refusal at an HTTP door, as RFC 9457 has it: `{type, title, status, detail}`, and our `code` with `params` for a translation."""

from __future__ import annotations

import math
from collections.abc import Mapping

from folkmoot.kit.refusal import Refusal
from folkmoot.kit.refusals import CATALOGUE

MEDIA_TYPE = "application/problem+json"
TYPE = "urn:folkmoot:problem:"


class Problem(Exception):
    """Raised by routes; the app turns it into `application/problem+json`."""

    def __init__(self, code: str, params: Mapping[str, object] | None = None) -> None:
        meaning = CATALOGUE[code]
        assert meaning.status is not None, f"{code} is said on the channel alone"
        self.status, self.code, self.message = meaning.status, code, meaning.sentence
        self.params = dict(params or {})
        super().__init__(f"{self.status} {code}")

    @classmethod
    def of(cls, refusal: Refusal) -> Problem:
        return cls(refusal.code, refusal.params)

    def body(self) -> dict[str, object]:
        return {
            "type": TYPE + self.code,
            "title": self.message.partition(". ")[0].removesuffix("."),
            "status": self.status,
            "detail": self.message,
            "code": self.code,
            "params": self.params,
        }

    def headers(self) -> dict[str, str]:
        after = self.params.get("retry_after_s")
        if not isinstance(after, int | float):
            return {}
        seconds = max(1, math.ceil(after))
        return {"retry-after": str(seconds), "ratelimit": f'"tries";r=0;t={seconds}'}
