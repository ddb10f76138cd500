"""Which services somebody's plan holds, as tiers below plans ask: of an account or an organisation, by its id.

Law: it is answered from memory and fails open. What a plan holds no more is refused with a code that says so, and nothing of it is
deleted: it works again when a plan has it. Signing in, and whatever keeps strangers out, is asked of no plan.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from folkmoot.kit import Refusal

API, DIRECTORY_SYNC, BRANDING = "api", "directory_sync", "branding"


@dataclass(slots=True)
class Holding:
    holds: Callable[[str, str], bool] = lambda owner, service: True
    """Set by who knows plans. Where nobody sells any, everybody has all."""

    def lacks(self, owner: str, service: str) -> Refusal | None:
        return None if self.holds(owner, service) else Refusal("plan.without", {"service": service})
