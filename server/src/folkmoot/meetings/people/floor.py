"""Rules that stand above a meeting: what its owner's organisation says. A meeting may be stricter, never looser.

Law: a policy in force is under its floor, whoever asked for it, and an override gives nobody what the floor takes from all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast

from pydantic import JsonValue

from folkmoot.meetings.feature import May
from folkmoot.meetings.people.policy import CHOICES, CUSTOM, Chat, Policy, WaitingRoom

Floor = Mapping[str, tuple[str, str]]
"""Each rule with its value, and what the one is called who decided it."""
CHATTING = frozenset((May.CHAT, May.CHAT_HOSTS))


def under(policy: Policy, floor: Floor) -> Policy:
    """The stricter of both, word for word."""
    wanted = policy
    for name, (value, _) in floor.items():
        apply = RULES.get(name)
        if apply is not None:
            wanted = apply(wanted, value)
    return wanted if wanted == policy else replace(wanted, preset=CUSTOM)


def denied(floor: Floor) -> frozenset[May]:
    """What no override gives."""
    said = {name: value for name, (value, _) in floor.items()}
    words = {May.SHARE} if said.get("share") == "hosts" else set()
    words |= {May.RENAME} if said.get("rename") == "hosts" else set()
    words |= {"hosts": {May.CHAT}, "off": set(CHATTING)}.get(said.get("chat", ""), set())
    return frozenset(words)


def written(floor: Floor) -> dict[str, JsonValue]:
    return {name: {"value": value, "by": by} for name, (value, by) in floor.items()}


def read(said: object) -> Floor:
    """Total: what isn't a rule is none."""
    if not isinstance(said, Mapping):
        return {}
    return {str(name): (str(one["value"]), str(one["by"])) for name, one in said.items() if _is_rule(one)}


def _is_rule(one: Any) -> bool:
    return isinstance(one, Mapping) and "value" in one and "by" in one


def _hosts_only(word: May) -> Callable[[Policy, str], Policy]:
    return lambda policy, value: replace(policy, may=policy.may - {word}) if value == "hosts" else policy


def _stricter(wire: str, asked: str, held: str) -> bool:
    """Choices stand in order, the loosest first."""
    order = CHOICES[wire]
    return asked in order and order.index(asked) > order.index(held)


def _waiting_room(policy: Policy, value: str) -> Policy:
    stricter = _stricter("waitingRoom", value, policy.waiting_room)
    return replace(policy, waiting_room=cast(WaitingRoom, value)) if stricter else policy


def _chat(policy: Policy, value: str) -> Policy:
    return replace(policy, chat=cast(Chat, value)) if _stricter("chat", value, policy.chat) else policy


def _without_host(policy: Policy, value: str) -> Policy:
    return replace(policy, without_host="wait") if value == "wait" else policy


RULES: Mapping[str, Callable[[Policy, str], Policy]] = {
    "waiting_room": _waiting_room,
    "without_host": _without_host,
    "links": lambda policy, value: replace(policy, personal_only=True) if value == "personal" else policy,
    "hosts_to_admit": lambda policy, value: replace(policy, hosts_to_admit=2) if value == "two" else policy,
    "share": _hosts_only(May.SHARE),
    "rename": _hosts_only(May.RENAME),
    "chat": _chat,
    "mute_on_entry": lambda policy, value: replace(policy, mute_on_entry=True) if value == "on" else policy,
}
