"""How attendance says no; part of the catalogue."""

from __future__ import annotations

from folkmoot.kit.refusals import Meaning

REFUSALS = {
    "attendance.off": Meaning("Nobody's attendance was noted: it was switched off. Switch it on, and everybody sees it."),
    "attendance.checking": Meaning("A check-in is under way, or comes. Wait for it."),
    "attendance.over": Meaning("That check-in is over. The next one counts."),
}  # fmt: skip
