"""Rules of meetings as floors, pure.

Law: a rule is a named value with an order, the loosest first. What is in force is the strictest that anybody said: the
organisation, a group its owner is in (or one above that), the meeting. Nobody below makes it looser, and who decided is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from folkmoot.kit import Refusal

RULES: Mapping[str, tuple[str, ...]] = {
    "waiting_room": ("off", "guests", "everyone"),
    "links": ("anybody", "personal"),
    "without_host": ("meet", "wait"),
    "hosts_to_admit": ("one", "two"),
    "share": ("everybody", "hosts"),
    "chat": ("everybody", "hosts", "off"),
    "rename": ("everybody", "hosts"),
    "mute_on_entry": ("off", "on"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One rule, by one who may say it."""

    name: str
    value: str
    by: str
    """An id of a group; empty: the organisation."""


@dataclass(frozen=True, slots=True)
class Decided:
    value: str
    by: str
    name: str = ""
    """How that one is called."""


Floor = Mapping[str, Decided]
"""What is said of nothing isn't in it."""


def checked(name: str, value: str | None) -> Refusal | None:
    if name not in RULES:
        return Refusal("org.rule_unknown", {"known": ", ".join(RULES)})
    if value is not None and value not in RULES[name]:
        return Refusal("org.rule_value", {"known": ", ".join(RULES[name])})
    return None


def strictness(name: str, value: str) -> int:
    """What isn't known here is stricter than nothing: a newer server said it."""
    values = RULES.get(name, ())
    return values.index(value) if value in values else 0


def floor(said: Iterable[Said], names: Mapping[str, str]) -> Floor:
    """Of equally strict ones the first decides: hand in the organisation first, then groups from above."""
    decided: dict[str, Decided] = {}
    for one in said:
        strict = strictness(one.name, one.value)
        before = decided.get(one.name)
        if strict > (strictness(one.name, before.value) if before else 0):
            decided[one.name] = Decided(one.value, one.by, names.get(one.by, ""))
    return decided
