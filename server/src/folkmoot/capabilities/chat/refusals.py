"""How chat says no; part of the catalogue."""

from __future__ import annotations

from folkmoot.kit.refusals import Meaning

REFUSALS = {
    "chat.empty": Meaning("A message needs some text. Write it."),
    "chat.enough_reactions": Meaning("So many people have reacted to this message that it takes no more."),
    "chat.not_yours": Meaning("Only its writer can change a message."),
    "chat.unknown_message": Meaning("There is no such message any more."),
}
