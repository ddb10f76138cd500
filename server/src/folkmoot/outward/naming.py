"""What an organisation may be called where others read it: its own host, the name that its mails are from. Pure.

Law: a name in a mail is never an address, a link, or what looks like somebody else's name; what looks alike is compared by its
skeleton, as Unicode TR 39 has it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping

from folkmoot.kit import Refusal, text
from folkmoot.orgs import names
from folkmoot.orgs.model import OrgId

LONGEST_NAME = 64
ALIKE: Mapping[str, str] = {
    **dict(zip("асеорхуіјѕԁһѵԛԝкмтвн", "aceopxyijsdhvqwkmtbh", strict=True)),
    **dict(zip("ανρυικτεοχβσω", "avpuikteoxbow", strict=True)),
    **dict(zip("օսոհգց", "ounhqg", strict=True)),
    **dict(zip("01|ılłøđħŧ", "olllllodht", strict=True)),
    "i": "l",
}
"""Letters that nobody tells apart in the small print of a mail program. `i`, `l`, `1` and `|` are one."""
WRITTEN_APART = (("rn", "m"), ("vv", "w"), ("cl", "d"))
LINKS = re.compile(r"://|www\.|\b[\w-]+\.(com|org|net|edu|gov|io|info|example|[a-z]{2})\b", re.IGNORECASE)
FORBIDDEN = frozenset('@<>"\\,;:()[]/`')
"""What makes an address, a list or a comment of it in some program that reads mails (RFC 5322, 3.2.3)."""
GENERIC = ("folkmoot",)


def sender_name(said: str) -> str | Refusal:
    """As it is kept."""
    name = text.name(said)
    if isinstance(name, Refusal):
        return Refusal("sender.name")
    if len(name) > LONGEST_NAME or any(char in FORBIDDEN for char in unicodedata.normalize("NFKC", name)):
        return Refusal("sender.name")
    if LINKS.search(name):
        return Refusal("sender.name")
    if not all(names.of_one_script(word) for word in re.split(r"[\s\-·.]+", name) if word):
        return Refusal("sender.name_mixed")
    return name


def taken(name: str, others: Iterable[str], ours: Collection[str]) -> Refusal | None:
    """`others`: what organisations are called that have proven who they are. `ours`: what this server is called."""
    mine = skeleton(name)
    if not mine or any(mine == skeleton(one) for one in (*ours, *GENERIC) if one):
        return Refusal("sender.name_taken")
    return Refusal("sender.name_taken") if any(mine == skeleton(one) for one in others) else None


def skeleton(name: str) -> str:
    """Two names with one look alike."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    seen = "".join(char for char in plain if char.isalnum() or char == "|")
    for _ in range(2):  # a Cyrillic letter looks like `i`, which looks like `l`
        seen = "".join(ALIKE.get(char, char) for char in seen)
    for apart, one in WRITTEN_APART:
        seen = seen.replace(apart, one)
    return seen


def own_host(said: str, main: str, proven: Mapping[str, OrgId], org: OrgId) -> str | Refusal:
    """As the DNS has it: a name within a domain that this organisation has proven, and no other one nearer to it."""
    bare = re.sub(r"^https?://", "", said.strip(), flags=re.IGNORECASE).partition("/")[0]
    host = names.domain(bare)
    if isinstance(host, Refusal):
        return Refusal("host.invalid")
    if host == main or host.startswith("*"):
        return Refusal("host.servers_own")
    if names.shown(host) != names.written(host):
        return Refusal("host.mixed")
    if owner_of(host, proven) != org:
        return Refusal("host.not_proven", {"host": host})
    return host


def owner_of(host: str, proven: Mapping[str, OrgId]) -> OrgId | None:
    """Of the nearest domain above it, or itself, that somebody has proven."""
    labels = host.split(".")
    above = (".".join(labels[at:]) for at in range(len(labels) - 1))
    return next((proven[one] for one in above if one in proven), None)


def is_apex(host: str) -> bool:
    """Of a zone, most likely: no alias (CNAME) can stand there beside its other records."""
    return names.registrable(host) == host
