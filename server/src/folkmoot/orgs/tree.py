"""The tree of an organisation's groups, pure: where one may stand, and what is under it.

Law: no group is under itself, however it is moved; the tree is no deeper than `DEEPEST`; siblings have different names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from folkmoot.kit import Refusal
from folkmoot.kit.text import folded
from folkmoot.orgs.model import DEEPEST, Group, GroupId

UNKNOWN = Refusal("org.group_unknown")


class Tree:
    def __init__(self, groups: Iterable[Group]) -> None:
        self.groups: Mapping[GroupId, Group] = {group.id: group for group in groups}
        self._under: dict[GroupId | None, list[Group]] = {}
        for group in self.groups.values():
            self._under.setdefault(group.parent, []).append(group)

    def children(self, of: GroupId | None) -> list[Group]:
        return sorted(self._under.get(of, []), key=lambda group: (folded(group.name), group.id))

    def above(self, id: GroupId) -> list[GroupId]:
        """Itself and those it is in, the nearest first."""
        found: list[GroupId] = []
        at: GroupId | None = id
        while at is not None and at in self.groups and at not in found:
            found.append(at)
            at = self.groups[at].parent
        return found

    def below(self, id: GroupId) -> list[GroupId]:
        """Itself and all that is in it."""
        found = [id]
        for one in found:
            found.extend(group.id for group in self._under.get(one, []))
        return found

    def may_stand(self, id: GroupId | None, name: str, under: GroupId | None) -> Refusal | None:
        """`id`: None for a new one."""
        if under is not None and under not in self.groups:
            return UNKNOWN
        if id is not None and under is not None and id in self.above(under):
            return Refusal("org.group_in_itself")
        depth = (len(self.above(under)) if under else 0) + (self._height(id) if id else 1)
        if depth > DEEPEST:
            return Refusal("org.groups_too_deep", {"most": DEEPEST})
        same = [
            one for one in self._under.get(under, []) if folded(one.name) == folded(name) and one.id != id
        ]
        return Refusal("org.group_taken") if same else None

    def walk(self) -> Iterator[tuple[Group, int]]:
        """As it is drawn, each with its depth."""
        waiting = [(group, 0) for group in reversed(self.children(None))]
        while waiting:
            group, depth = waiting.pop()
            yield group, depth
            waiting.extend((child, depth + 1) for child in reversed(self.children(group.id)))

    def named(self, path: Iterable[str]) -> GroupId | None:
        """`Teachers/Science`; None where that isn't."""
        at: GroupId | None = None
        for name in path:
            found = [one for one in self._under.get(at, []) if folded(one.name) == folded(name)]
            if not found:
                return None
            at = found[0].id
        return at

    def _height(self, id: GroupId) -> int:
        return 1 + max((self._height(child.id) for child in self._under.get(id, [])), default=0)
