"""Money: whole minor units of one currency.

Law: never a float, never two currencies in one sum. A part of an amount is cut toward zero where it ends, not where it lies: parts
that follow each other add up to the whole, to the unit, however often it is cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import total_ordering

from folkmoot.kit.currency import DECIMALS

MOST = 10**15
"""Minor units of one amount: what any of our columns holds a thousand sums of."""


class Mixed(ValueError):
    """Two currencies in one sum: a fault of ours. What somebody sends is refused before."""


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    amount: int
    currency: str

    def __post_init__(self) -> None:
        if self.currency not in DECIMALS:
            raise ValueError(f"{self.currency} is no currency")

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._of(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._of(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __mul__(self, times: int) -> Money:
        return Money(self.amount * times, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._of(other)

    def __bool__(self) -> bool:
        return self.amount != 0

    def __str__(self) -> str:
        """For a log and a test; pages write it in the reader's way."""
        places = DECIMALS[self.currency]
        digits = str(abs(self.amount)).rjust(places + 1, "0")
        whole, rest = (digits[:-places], "." + digits[-places:]) if places else (digits, "")
        return f"{'-' if self.amount < 0 else ''}{whole}{rest} {self.currency}"

    def _of(self, other: Money) -> int:
        if other.currency != self.currency:
            raise Mixed(f"{self.currency} and {other.currency}")
        return other.amount


def cut(number: int, by: int) -> int:
    """`number / by`, cut toward zero: what a credit loses is what the charge lost."""
    return number // by if number >= 0 else -(-number // by)


def rounded(number: int, by: int) -> int:
    """`number / by`, half away from zero: a credit's tax is the charge's."""
    return cut(2 * number + (by if number >= 0 else -by), 2 * by)


def half_even(number: int, by: int) -> int:
    """`number / by`, half to the even one: many of them lean to neither side."""
    whole, rest = divmod(number, by)
    return whole + (2 * rest > by or (2 * rest == by and whole % 2 == 1))


def part(amount: int, first: int, last: int, of: int) -> int:
    """What falls on the days `first` … `last` of `of`, counted from 0, both inclusive."""
    return cut(amount * (last + 1), of) - cut(amount * first, of)


def read(written: str, currency: str) -> int | None:
    """Minor units of `6.00`. None: it isn't an amount of that currency."""
    places = DECIMALS.get(currency)
    whole, point, rest = written.removeprefix("-").partition(".")
    if places is None or not _digits(whole) or (point and not (_digits(rest) and len(rest) <= places)):
        return None
    amount = int(whole + rest.ljust(places, "0"))
    return None if amount > MOST else -amount if written.startswith("-") else amount


def _digits(said: str) -> bool:
    return said.isascii() and said.isdigit() and len(said) <= 16
