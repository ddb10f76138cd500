"""What the DNS says of who may send mail for a domain, read and judged. Pure, but for the asking that is handed in.

What it must say: SPF (RFC 7208) lets this server's mail out, since the envelope is of the same domain as `From`, so that DMARC
(RFC 7489) finds SPF passing *and aligned*. DKIM (RFC 6376) is signed by the operator's mail server, where it does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from folkmoot.orgs.resolving import Ask

MOST_LOOKUPS = 10
"""RFC 7208, 4.6.4: past them SPF fails, whatever follows."""
GOOD = "spf.good"
"""Without it mails are not from that domain: they would be refused, or taken for forged."""


async def spf(ask: Ask, domain: str, wanted: str) -> str | None:
    """`wanted`: the domain whose SPF is this server's. None: the DNS doesn't answer."""
    texts = await ask(domain, "TXT")
    if texts is None:
        return None
    found = policies(texts)
    if not found:
        return "spf.none"
    if len(found) > 1:
        return "spf.several"
    left = [MOST_LOOKUPS]
    permits = await _permits(ask, found[0], wanted.lower().rstrip("."), left, {domain})
    if permits is None:
        return None
    if permits:
        return GOOD
    return "spf.too_many" if left[0] <= 0 else "spf.without"


def policies(texts: Sequence[str]) -> list[str]:
    return [one for one in texts if re.match(r"v=spf1(\s|$)", one.strip(), re.IGNORECASE)]


async def _permits(ask: Ask, policy: str, wanted: str, left: list[int], met: set[str]) -> bool | None:
    """Whether it comes to that include before something that ends it."""
    for term in policy.lower().split()[1:]:
        if re.fullmatch(r"[+\-~?]?all", term):
            return False
        if re.match(r"\+?(a|mx|ptr|exists)([:/]|$)", term):
            left[0] -= 1
        found = re.fullmatch(r"(?:\+?include:|redirect=)(\S+)", term)
        if found is None:
            continue
        left[0] -= 1
        if left[0] < 0:
            return False
        name = found[1].rstrip(".")
        if name == wanted:
            return True
        if name in met:
            continue
        met.add(name)
        texts = await ask(name, "TXT")
        if texts is None:
            return None
        for one in policies(texts)[:1]:
            inner = await _permits(ask, one, wanted, left, met)
            if inner is not False:
                return inner
    return False


async def dkim(ask: Ask, domain: str, target: str) -> str | None:
    """`target`: where the operator's key is, such as `folkmoot._domainkey.meet.example`; its first label is the selector."""
    if not target:
        return None
    found = await ask(dkim_name(domain, target), "CNAME")
    if found is None:
        return None
    return (
        "dkim.good"
        if target.lower().rstrip(".") in {one.lower().rstrip(".") for one in found}
        else "dkim.none"
    )


def dkim_name(domain: str, target: str) -> str:
    return f"{target.partition('.')[0]}._domainkey.{domain}"


async def dmarc(ask: Ask, domain: str, zone: str) -> str | None:
    """`zone`: the domain that was registered, whose word holds where its own is missing (RFC 7489, 6.6.3)."""
    for name in dict.fromkeys((domain, zone)):
        texts = await ask(f"_dmarc.{name}", "TXT")
        if texts is None:
            return None
        said = [one for one in texts if re.match(r"v=dmarc1\s*(;|$)", one.strip(), re.IGNORECASE)]
        if len(said) == 1:
            tags = dict(re.findall(r"(\w+)\s*=\s*([^;\s]+)", said[0].lower()))
            policy = tags.get("sp" if name != domain and "sp" in tags else "p", "none")
            return f"dmarc.{policy}" if policy in ("none", "quarantine", "reject") else "dmarc.missing"
    return "dmarc.missing"
