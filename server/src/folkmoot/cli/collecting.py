"""When Python looks for what is unreachable, so that nobody waits for it.

Law: a look walks through what was made since the last one and no further. What is left of that is set aside (`gc.freeze`): it
still goes when nothing refers to it, only circles in it stay until a whole look. That one is for when nobody is connected, or
when much has been set aside since the last: for a room of five thousand messages it takes a millisecond, and for two hundred
of them it would be heard. Nor is what was set aside counted at each look, for Python counts by walking, too.
"""

from __future__ import annotations

import gc

YOUNG = 10_000
"""Objects that are made between two looks among the newest; Python's own 700 are made by a few joins."""
OLDER = 3
"""Of those looks until what was left of them is looked through as well."""
NEVER = 2**31 - 1
MUCH = 1_000_000


class Collecting:
    def __init__(self, much: int = MUCH) -> None:
        """From now on. What is loaded by now stays until the end."""
        self._much = much
        self._after_whole = 0
        self._set_aside = 0
        """At most so many since the last whole look."""
        gc.set_threshold(YOUNG, OLDER, NEVER)
        self._whole()

    def look(self, *, anyone: bool) -> None:
        """Often, between two turns of the loop; `anyone` is connected."""
        if not anyone and self._set_aside:
            self._whole()
        elif gc.get_count()[2]:
            gc.collect()
            self._set_aside += len(gc.get_objects(generation=2))
            gc.freeze()
            if self._is_too_much():
                self._whole()

    def _is_too_much(self) -> bool:
        """Some of what was set aside has gone by itself: it is counted only when it might be too much."""
        if self._set_aside > self._after_whole + self._much:
            self._set_aside = max(1, gc.get_freeze_count() - self._after_whole)
        return self._set_aside > self._after_whole + self._much

    def _whole(self) -> None:
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        self._set_aside = 0
        self._after_whole = gc.get_freeze_count()
