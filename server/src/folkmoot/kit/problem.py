"""A refusal at an HTTP door: its code's status and sentence (`refusals`), and params for a translation."""

from __future__ import annotations

from collections.abc import Mapping

from folkmoot.kit.refusal import Refusal
from folkmoot.kit.refusals import CATALOGUE


class Problem(Exception):
    """Raised by routes; the app turns it into `application/problem+json` `{code, message, params}`."""

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
        return {"code": self.code, "message": self.message, "params": self.params}

    def headers(self) -> dict[str, str]:
        after = self.params.get("retry_after_s")
        return {} if after is None else {"retry-after": str(after)}
