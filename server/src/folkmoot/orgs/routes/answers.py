"""What routes of organisations share: refusals as problems."""

from __future__ import annotations

from typing import TypeVar

from folkmoot.kit import Problem, Refusal

T = TypeVar("T")


def or_refuse(outcome: T | Refusal) -> T:
    if isinstance(outcome, Refusal):
        raise Problem.of(outcome)
    return outcome


def done(outcome: Refusal | None) -> None:
    if outcome is not None:
        raise Problem.of(outcome)
