"""How chat says no; part of the catalogue."""

from __future__ import annotations

from folkmoot.kit.refusals import Meaning

REFUSALS = {
    "chat.empty": Meaning("A message needs some text. Write it."),
    "chat.enough_files": Meaning(
        "A meeting's chat has at most `most` files. Delete some.", 409, {"most": int}
    ),
    "chat.enough_reactions": Meaning("So many people have reacted to this message that it takes no more."),
    "chat.no_words": Meaning("A file has no words to change. Delete it, and send another."),
    "chat.not_yours": Meaning("Only its writer can change a message."),
    "chat.unknown_message": Meaning("There is no such message any more.", 404),
}
