"""What is asked for. All of it is bounded here; what is wrong with an accepted shape, `rules` says."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from folkmoot.meetings.feature import Command

MOST_OPTIONS = 10
LONGEST_S = 24 * 60 * 60

Id = Annotated[str, Field(min_length=1, max_length=16)]
Words = Annotated[str, Field(max_length=2048)]
Choice = Annotated[int, Field(ge=0, lt=MOST_OPTIONS)]


class Ask(Command):
    type: Literal["ask"]
    question: Words
    options: Annotated[list[Words], Field(min_length=2, max_length=MOST_OPTIONS)]
    several: bool = False
    """More than one answer each."""
    anonymous: bool = False
    results: Literal["all", "hosts"] = "all"
    """Who sees the results."""
    open_s: Annotated[int, Field(ge=10, le=LONGEST_S)] | None = None
    """Seconds until it closes by itself; absent: when a host closes it."""


class Vote(Command):
    type: Literal["vote"]
    poll: Id
    choices: Annotated[list[Choice], Field(min_length=1, max_length=MOST_OPTIONS)]


class Close(Command):
    type: Literal["close"]
    poll: Id


class Discard(Command):
    """The poll and every vote of it are erased."""

    type: Literal["discard"]
    poll: Id


AnyCommand = Ask | Vote | Close | Discard
