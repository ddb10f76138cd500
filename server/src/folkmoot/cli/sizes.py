"""How much that is, for a person: 16.9 GB."""

from __future__ import annotations

UNITS = ("kB", "MB", "GB", "TB")


def in_words(size: int) -> str:
    """Thousands, as a shop that sells disks has them."""
    if size < 1000:
        return f"{size} bytes"
    amounts = ((size / 1000 ** (place + 1), unit) for place, unit in enumerate(UNITS))
    amount, unit = next((one for one in amounts if one[0] < 999.95), (size / 1000 ** len(UNITS), UNITS[-1]))
    return f"{amount:.1f} {unit}"
