"""What a meeting allows whom: one value, kept whole in the log. Presets are such values with a name, and an operator's to change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Literal, get_args

from pydantic import JsonValue

from folkmoot.meetings.feature import May

WaitingRoom = Literal["off", "guests", "everyone"]
Chat = Literal["all", "hosts", "off"]
WithoutHost = Literal["wait", "meet"]
Heirs = Literal["named", "invited", "anybody"]
CUSTOM = "custom"
SWITCHES = (May.UNMUTE, May.VIDEO, May.SHARE, May.REACT, May.RENAME, May.DRAW, May.FILES)
"""What is one switch each: for all here, for one person by an override."""


@dataclass(frozen=True, slots=True)
class Policy:
    preset: str = "open"
    waiting_room: WaitingRoom = "off"
    may: frozenset[May] = field(default_factory=lambda: frozenset(SWITCHES))
    """Which of the switches are on."""
    chat: Chat = "all"
    mute_on_entry: bool = False
    without_host: WithoutHost = "meet"
    """What people do while no host is there."""
    show_title: bool = False
    """Who waits sees the meeting's title and its host's name."""
    waiting_line: str = ""
    """Who waits sees this line of the host."""
    personal_only: bool = False
    """A link of one's own is needed, or the host key."""
    hosts_to_admit: int = 1
    heirs: Heirs = "invited"
    """Who may follow the last host where none was named: nobody, who has a personal link, or anybody."""


OPEN = Policy(show_title=True)
CAREFUL = Policy("careful", "guests", without_host="wait")
CLASS = Policy(
    "class",
    "guests",
    frozenset(SWITCHES) - {May.SHARE, May.RENAME},
    chat="hosts",
    mute_on_entry=True,
    without_host="wait",
    personal_only=True,
    heirs="named",
)
SUMMIT = Policy(
    "summit", "everyone", without_host="wait", personal_only=True, hosts_to_admit=2, heirs="named"
)
PRESETS: Mapping[str, Policy] = MappingProxyType({p.preset: p for p in (OPEN, CAREFUL, CLASS, SUMMIT)})

CHOICES: Mapping[str, tuple[str, ...]] = {
    "waitingRoom": get_args(WaitingRoom),
    "chat": get_args(Chat),
    "withoutHost": get_args(WithoutHost),
    "heirs": get_args(Heirs),
}
NAMES: Mapping[str, str] = {
    "preset": "preset",
    "waitingRoom": "waiting_room",
    "chat": "chat",
    "muteOnEntry": "mute_on_entry",
    "withoutHost": "without_host",
    "showTitle": "show_title",
    "waitingLine": "waiting_line",
    "personalOnly": "personal_only",
    "hostsToAdmit": "hosts_to_admit",
    "heirs": "heirs",
}
"""On the wire and here; `may` apart, which is a set here."""


def written(policy: Policy) -> dict[str, JsonValue]:
    fields: dict[str, JsonValue] = {wire: getattr(policy, name) for wire, name in NAMES.items()}
    return fields | {"may": {word.value: word in policy.may for word in SWITCHES}}


def read(payload: Mapping[str, Any]) -> Policy:
    """Total: what isn't there, or isn't known, is as in a meeting of before."""
    return changed(OPEN, payload)


def changed(policy: Policy, by: Mapping[str, Any]) -> Policy:
    """With those fields that are given and can be."""
    told = {NAMES[wire]: value for wire, value in by.items() if wire in NAMES and _can_be(wire, value)}
    may = by.get("may")
    if isinstance(may, Mapping):
        off = {word for word in SWITCHES if may.get(word.value) is False}
        on = {word for word in SWITCHES if may.get(word.value) is True}
        told["may"] = (policy.may | on) - off
    return replace(policy, **told)


def wished(policy: Policy, wish: Mapping[str, Any], presets: Mapping[str, Policy]) -> Policy:
    """A preset, if it is named, and what is wished otherwise; no preset's name is left on what isn't it."""
    base = presets.get(str(wish.get("preset")), policy)
    asked = changed(base, {name: value for name, value in wish.items() if name != "preset"})
    named = presets.get(asked.preset)
    same = replace(asked, waiting_line="") == (replace(named, waiting_line="") if named else None)
    return asked if same else replace(asked, preset=CUSTOM)


def configured(presets: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Policy]:
    """With what an operator says of some, or adds."""
    known = dict(PRESETS)
    for name, said in presets.items():
        fields = {wire: said[own] for wire, own in NAMES.items() if said.get(own) is not None}
        switches = {word.value: said.get(word.value) for word in SWITCHES}
        known[name] = replace(changed(known.get(name, OPEN), fields | {"may": switches}), preset=name)
    return known


def _can_be(wire: str, value: object) -> bool:
    if wire in CHOICES:
        return value in CHOICES[wire]
    if wire == "hostsToAdmit":
        return value in (1, 2) and not isinstance(value, bool)
    if wire in ("preset", "waitingLine"):
        return isinstance(value, str)
    return isinstance(value, bool)
