"""Who may do what: one table of verbs, roles and what a meeting is set to, and what is written from it.

    python -m tools.privileges [--check]

`tests/privileges.json` has every cell, for tests in any language: the server is asked each of them raw
(`server/tests/meetings/test_privileges.py`, `tests/hostile/test_privileges.py`), the page shows and hides by the same.
`docs/reference/privileges.md` is for people.

Law: nothing here is read from what decides. A verb that is in no row fails a test.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.generated import settle

CELLS = Path("tests/privileges.json")
PAGE = Path("docs/reference/privileges.md")
Payload = dict[str, Any]


@dataclass(frozen=True)
class Verb:
    """Something that one may ask for, by whichever protocol."""

    feature: str
    """`media` is publishing, `links` is HTTP, `room` is LiveKit's signal, `roomservice` its server API; else of the channel."""
    type: str
    needs: str
    """A word of `may`; or `nothing`, `in`, `a name`, `key`, `nobody`."""
    payload: Payload = field(default_factory=dict)
    """With which it would be done. "other" is a guest who is in, "wai" one who waits, "a host" another host."""
    name: str = ""

    def __str__(self) -> str:
        return self.name or f"{self.feature}.{self.type}"


def of(feature: str, type: str, needs: str, /, name: str = "", **payload: Any) -> Verb:
    return Verb(feature, type, needs, payload, name)


VERBS = (
    of("meeting", "leave", "nothing"),
    of("meeting", "report", "in", participant="other", what="x"),
    of("meeting", "ask_to_share", "in"),
    of("meeting", "take_back", "key"),
    Verb("meeting", "rename", "a name", {"name": "New"}),
    of("meeting", "mute", "host", participant="other", source="microphone"),
    of("meeting", "mute_all", "host"),
    of("meeting", "ask_unmute", "host", participant="other"),
    of("meeting", "spotlight", "host", participants=["other"]),
    of("meeting", "lock", "host", locked=True),
    of("meeting", "end", "host"),
    of("meeting", "remove", "host", participant="other"),
    of("meeting", "stop_everything", "host"),
    of("meeting", "resume", "host", what="all"),
    of("meeting", "set_policy", "host", showTitle=True),
    of("meeting", "let", "host", participant="other", may={"chat": False}),
    of("meeting", "admit", "host", participant="wai"),
    of("meeting", "admit_all", "host"),
    of("meeting", "deny", "host", participant="wai"),
    of("meeting", "send_to_waiting", "host", participant="other"),
    of("meeting", "make_cohost", "own", participant="other"),
    of("meeting", "unmake_cohost", "own", participant="cohost"),
    of("meeting", "hand_over", "own", participant="other"),
    of("meeting", "name_successor", "own", participant="other"),
    of("chat", "send", "chat", text="x"),
    of("chat", "send", "chat", name="chat.send to one", text="x", to="other"),
    of("chat", "send", "chat_hosts", name="chat.send to a host", text="x", to="a host"),
    of("chat", "delete", "host", id="m1"),
    of("chat", "edit", "the writer", id="m1", text="anew"),
    of("chat", "react", "react", id="m1", emoji="👍"),
    of("polls", "ask", "host", question="Well?", options=["yes", "no"]),
    of("polls", "vote", "in", poll="q1", choices=[0]),
    of("polls", "close", "host", poll="q1"),
    of("polls", "discard", "host", poll="q1"),
    of("reactions", "react", "react", emoji="👍"),
    of("reactions", "raise", "in"),
    of("reactions", "lower", "host", participant="other"),
    of("reactions", "lower_all", "host"),
    of("attendance", "switch", "host", on=True),
    of("attendance", "check", "host", for_s=600),
    of("attendance", "here", "in", id=1),
    of("links", "invite", "host"),
    of("links", "list", "host"),
    of("links", "revoke", "host"),
    of("links", "replace_host_key", "own"),
    of("room", "come_in", "in"),
    of("media", "microphone", "unmute"),
    of("media", "camera", "video"),
    of("media", "screen_share", "share"),
    of("media", "data", "nobody"),
    of("roomservice", "*", "nobody"),
)
"""`m1` is the owner's. `chat.delete` is of another's message: of their own anybody may. Attendance is on; a check-in that is under way is the first."""

HOSTS = ("owner", "host", "cohost")
INSIDE = (*HOSTS, "member", "guest")
ROLES = (*INSIDE, "waiting", "removed", "of another meeting")
SWITCHES = ("unmute", "video", "share", "react", "rename", "draw", "files")
WORDS = frozenset((*SWITCHES, "chat", "chat_hosts"))
"""What everybody may who is in, where nothing is taken away."""


@dataclass(frozen=True)
class Setting:
    steps: tuple[tuple[str, Payload], ...] = ()
    """What the owner does of a meeting in which everything is let, and guests wait."""
    left: frozenset[str] = WORDS
    """To whoever doesn't host."""
    guest: frozenset[str] | None = None
    """To the guest alone, where it is another."""


def policy(left: frozenset[str] = WORDS, /, **fields: Any) -> Setting:
    return Setting((("set_policy", fields),), left)


SETTINGS: Mapping[str, Setting] = {
    "open": Setting(),
    **{f"no {word}": policy(WORDS - {word}, may={word: False}) for word in SWITCHES},
    "chat to hosts": policy(WORDS - {"chat"}, chat="hosts"),
    "no chat": policy(WORDS - {"chat", "chat_hosts"}, chat="off"),
    "everybody waits": policy(waitingRoom="everyone"),
    "nobody waits": policy(waitingRoom="off"),
    "personal links only": policy(personalOnly=True),
    "without a host people wait": policy(withoutHost="wait"),
    "muted on entry": policy(muteOnEntry=True),
    "two hosts let somebody in": policy(hostsToAdmit=2),
    "locked": Setting((("lock", {"locked": True}),)),
    "careful": policy(preset="careful"),
    "class": policy(WORDS - {"share", "rename", "chat"}, preset="class"),
    "summit": policy(preset="summit"),
    "stopped": Setting((("stop_everything", {}),), frozenset()),
    "the guest may nothing": Setting(
        (("let", {"participant": "guest", "may": dict.fromkeys((*SWITCHES, "chat"), False)}),),
        guest=frozenset(),
    ),
    "the guest may more": Setting(
        (
            ("set_policy", {"preset": "class"}),
            ("let", {"participant": "guest", "may": {"share": True, "chat": True}}),
        ),
        WORDS - {"share", "rename", "chat"},
        guest=WORDS - {"rename"},
    ),
}


def words(role: str, setting: Setting) -> frozenset[str]:
    """What `you.may` says, and no other."""
    if role in HOSTS:
        return WORDS | ({"host"} if role == "cohost" else {"host", "own"})
    match role:
        case "member":
            return setting.left - {"rename"}  # the name is the invitation's
        case "guest":
            return setting.left if setting.guest is None else setting.guest
    return frozenset()


def may(role: str, verb: Verb, name: str) -> bool:
    setting = SETTINGS[name]
    if verb.type == "resume" and name != "stopped":
        return False  # there must be something to go on with
    match verb.needs:
        case "nothing":
            return role in (*INSIDE, "waiting")
        case "a name":
            return role == "waiting" or "rename" in words(role, setting)
        case "in":
            return role in INSIDE
        case "key":
            return role in ("owner", "host")
        case "the writer":
            return role == "owner"
    return verb.needs in words(role, setting)


def cells() -> str:
    verbs = {str(verb): _told(verb) for verb in VERBS}
    return _object({"roles": _line(ROLES), "verbs": _lines(verbs), "settings": _object(dict(_settings()))})


def _told(verb: Verb) -> Payload:
    return {"feature": verb.feature, "type": verb.type, "payload": verb.payload, "needs": verb.needs}


def _settings() -> Iterator[tuple[str, str]]:
    for name, setting in SETTINGS.items():
        able = {role: sorted(words(role, setting)) for role in ROLES}
        allowed = {role: [str(verb) for verb in VERBS if may(role, verb, name)] for role in ROLES}
        steps = [{"type": type, "payload": payload} for type, payload in setting.steps]
        yield name, _object({"steps": _line(steps), "may": _lines(able), "allowed": _lines(allowed)})


def _lines(of: Mapping[str, Any]) -> str:
    """An object with one field a line, so that a difference is read as one."""
    return _object({name: _line(value) for name, value in of.items()})


def _object(fields: Mapping[str, str]) -> str:
    return "{\n" + ",\n".join(f"{_line(name)}: {text.strip()}" for name, text in fields.items()) + "\n}\n"


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


HEAD = """\
# Who may do what

Generated by `tools/privileges.py`, which is the table that tests ask the server and the page by, cell by cell. What one may is
`you.may` on the meeting channel; a refusal has [a code](refusals.md) and changes nothing.

| what | who may |
|---|---|
"""
SAID = {
    "nothing": "who is in or waits",
    "a name": "hosts, who waits, and others with `rename`",
    "in": "who is in",
    "key": "who proved the host key",
    "the writer": "whose words they are, while they may write",
    "host": "hosts and co-hosts",
    "own": "owner and hosts",
    "nobody": "nobody",
    "chat_hosts": "hosts, and others where chat is to hosts or to all",
}
OF_SETTINGS = """
Hosts may everything but *nobody*'s; who waits, was removed or is in another meeting nothing but what is said above. Of those who are in and
don't host, in a meeting that is set so:

| set to | not |
|---|---|
"""


def page() -> str:
    verbs = [
        f"| `{verb}` | {SAID.get(verb.needs, f'hosts, and others with `{verb.needs}`')} |\n" for verb in VERBS
    ]
    settings = [f"| {name} | {_taken(setting)} |\n" for name, setting in SETTINGS.items()]
    return HEAD + "".join(verbs) + OF_SETTINGS + "".join(settings)


def _taken(setting: Setting) -> str:
    taken = ", ".join(f"`{word}`" for word in sorted(WORDS - setting.left))
    if setting.guest is None:
        return taken
    alone = ", ".join(f"`{word}`" for word in sorted(WORDS - setting.guest))
    return f"{taken}; the guest: {alone}".removeprefix("; ")


def main() -> int:
    return settle({CELLS: cells(), PAGE: page()}, "the table", "python -m tools.privileges")


if __name__ == "__main__":
    sys.exit(main())
