"""What stands above an organisation's mails."""

from __future__ import annotations

from folkmoot.branding.brands import KIND
from folkmoot.branding.model import Shown
from folkmoot.files import Files
from folkmoot.mail import Letterhead


def letterhead(seen: Shown | None) -> Letterhead | None:
    if seen is None:
        return None
    said, logo = seen.branding, seen.branding.logo
    colour = str(said.accent or "")
    return (
        Letterhead(seen.name, colour, logo.file, logo.width, logo.height)
        if logo
        else Letterhead(seen.name, colour)
    )


async def logo_of(files: Files, id: str) -> bytes | None:
    """None: another has taken its place since the mail was written, or there is none any more."""
    found = await files.find(id)
    if found is None or found.kind != KIND:
        return None
    return b"".join([chunk async for chunk in files.read(found)])
