"""How polls say no; part of the catalogue."""

from __future__ import annotations

from folkmoot.kit.refusals import Meaning

REFUSALS = {
    "polls.question_invalid": Meaning("A question has 1 to 300 visible characters. Change it."),
    "polls.option_invalid": Meaning(
        "An option has 1 to 120 visible characters, and no two are alike. `option` says which, from 0.",
        None,
        {"option": int},
    ),
    "polls.too_many": Meaning("A meeting holds that many polls. Discard one.", None, {"most": int}),
    "polls.too_many_open": Meaning("That many polls are open already. Close one.", None, {"most": int}),
    "polls.unknown": Meaning("There is no such poll any more."),
    "polls.closed": Meaning("The poll is closed. No vote counts any more."),
    "polls.choice_invalid": Meaning("Choose among the options, each once, and one alone where one is asked for."),
    "polls.voted": Meaning("You have voted. Nobody knows which vote is yours, so it can't be changed."),
}  # fmt: skip
