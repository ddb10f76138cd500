"""How chat says no; part of the catalogue."""

from __future__ import annotations

from folkmoot.kit.refusals import Meaning

REFUSALS = {
    "chat.empty": Meaning("A message needs some text. Write it."),
    "chat.unknown_message": Meaning("There is no such message any more."),
}
