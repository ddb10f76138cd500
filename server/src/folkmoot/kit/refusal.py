"""An expected no, as a value. Broken invariants are exceptions; a refusal is something that a person may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Refusal:
    code: str
    """Stable and translatable, such as `meeting.not_host`."""
    params: Mapping[str, object] = field(default_factory=dict)
    """What the translated sentence needs, never more than the refused one may know."""
