"""A refusal at an HTTP door: status, stable code, one sentence for a developer, params for a translation."""

from __future__ import annotations

from collections.abc import Mapping

from folkmoot.kit.refusal import Refusal


class Problem(Exception):
    """Raised by routes; the app turns it into `application/problem+json` `{code, message, params}`."""

    status = 400
    code = "bad_request"
    message = "The request can't be understood."

    def __init__(
        self,
        status: int | None = None,
        code: str | None = None,
        message: str | None = None,
        params: Mapping[str, object] | None = None,
    ) -> None:
        self.status = self.status if status is None else status
        self.code = self.code if code is None else code
        self.message = self.message if message is None else message
        self.params = dict(params or {})
        super().__init__(f"{self.status} {self.code}: {self.message}")

    @classmethod
    def of(cls, refusal: Refusal, status: int, message: str) -> Problem:
        return cls(status, refusal.code, message, refusal.params)

    def body(self) -> dict[str, object]:
        return {"code": self.code, "message": self.message, "params": self.params}
