"""Who may ask, vote, close and see."""

from __future__ import annotations

from folkmoot.capabilities.polls.messages import Ask, Vote
from folkmoot.capabilities.polls.state import Poll, State
from folkmoot.kit import Refusal
from folkmoot.kit.text import graphemes, spoken
from folkmoot.meetings.feature import Actor

MOST_QUESTION, MOST_OPTION = 300, 120
"""Graphemes."""
MOST_POLLS, MOST_OPEN = 50, 5


def asked(state: State, command: Ask) -> tuple[str, list[str]] | Refusal:
    """Question and options as they are kept."""
    if len(state.polls) >= MOST_POLLS:
        return Refusal("polls.too_many", {"most": MOST_POLLS})
    if len(state.open) >= MOST_OPEN:
        return Refusal("polls.too_many_open", {"most": MOST_OPEN})
    question = _words(command.question, MOST_QUESTION)
    if question is None:
        return Refusal("polls.question_invalid")
    options: list[str] = []
    for place, words in enumerate(command.options):
        option = _words(words, MOST_OPTION)
        if option is None or option in options:
            return Refusal("polls.option_invalid", {"option": place})
        options.append(option)
    return question, options


def voting(poll: Poll | None, command: Vote, by: Actor) -> Refusal | None:
    if poll is None:
        return Refusal("polls.unknown")
    if poll.closed:
        return Refusal("polls.closed")
    chosen = set(command.choices)
    if len(chosen) < len(command.choices) or max(chosen) >= len(poll.options):
        return Refusal("polls.choice_invalid")
    if len(chosen) > 1 and not poll.several:
        return Refusal("polls.choice_invalid")
    return Refusal("polls.voted") if by.participant in poll.voters else None


def sees_results(poll: Poll, by: Actor) -> bool:
    """Hosts see a named poll grow; an anonymous one shows its sums to nobody before it is closed."""
    if poll.closed:
        return poll.for_all or by.hosts
    return by.hosts and not poll.anonymous


def _words(text: str, most: int) -> str | None:
    words = " ".join(spoken(text).split())
    return words if 0 < graphemes(words) <= most else None
