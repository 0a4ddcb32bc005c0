"""Groups: whose cost may be shown. Pay is private, so a group of fewer than five people is not.

Hiding a single small group would not do where its parent is shown: it is the parent less its sisters. So among the
groups of one parent further ones are hidden, the smallest first, until those hidden have five people together.
The cost of the company as a whole is always shown here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.inputs import Inputs, IntArray

FEWEST = 5
"""People of the smallest group that is shown."""


@dataclass(frozen=True)
class Group:
    """The people below one node of the hierarchy."""

    level: str
    """Level of the node, such as region."""
    name: str
    """Names from the top down to the node."""
    people: int
    spells: IntArray
    """Indices of the spells, shape (spell,)."""


def shown(sizes: Mapping[str, int]) -> frozenset[str]:
    """Return the names, among groups that make up one whole, whose figures may be shown."""
    order = sorted((name for name in sizes if sizes[name]), key=lambda name: (sizes[name], name))
    hidden = sum(sizes[name] < FEWEST for name in order)
    while 0 < hidden < len(order) and sum(sizes[name] for name in order[:hidden]) < FEWEST:
        hidden += 1
    return frozenset(sizes) - frozenset(order[:hidden])


def shown_plans(inputs: Inputs, plans: Iterable[str]) -> frozenset[str]:
    """Return the plans whose figures may be shown."""
    people = inputs.people_by_plan
    return shown({plan: people.get(plan, 0) for plan in plans})


def groups(inputs: Inputs, plans: Iterable[str]) -> tuple[Group, ...]:
    """Return the nodes of every level of the hierarchy that may be shown, from the top down, in order of the seats."""
    known, spells, calendar = set(plans), inputs.spells, inputs.calendar
    here = (spells.start < calendar.end) & ~(spells.end <= calendar.start)
    paid = [s for s, plan in enumerate(spells.plan) if plan in known and here[s]]
    found: list[Group] = []
    parents: set[tuple[str, ...]] = {()}
    levels = list(inputs.reps.levels)
    for depth, level in enumerate(levels, 1):
        members: dict[tuple[str, ...], list[int]] = {}
        for s in paid:
            path = tuple(inputs.reps.levels[name][spells.rep[s]] for name in levels[:depth])
            members.setdefault(path, []).append(s)
        kept = {path for parent in parents for path in _shown_below(parent, members, spells.person)}
        for path, who in members.items():
            if path in kept:
                count = len({spells.person[s] for s in who})
                found.append(Group(level, " / ".join(path), count, np.array(who, dtype=np.int64)))
        parents = kept
    return tuple(found)


def side_by_side(groups: Sequence[Group], spells: IntArray) -> Iterator[tuple[IntArray, IntArray]]:
    """Yield (rows, groups): the rows of some spells that lie in the same groups, so that each is added up once."""
    inside = np.array([np.isin(spells, group.spells) for group in groups]).reshape(len(groups), spells.size)
    kinds, kind = np.unique(inside, axis=1, return_inverse=True)
    for place, members in enumerate(kinds.T):
        if members.any():
            yield np.flatnonzero(kind.reshape(-1) == place), np.flatnonzero(members)


def _shown_below(
    parent: tuple[str, ...], members: Mapping[tuple[str, ...], list[int]], person: tuple[str, ...]
) -> set[tuple[str, ...]]:
    sizes = {path[-1]: len({person[s] for s in who}) for path, who in members.items() if path[:-1] == parent}
    return {(*parent, name) for name in shown(sizes)}
