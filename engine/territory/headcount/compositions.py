"""Compositions: how the new territories are shared out among the nodes of a level.

A band within a level has targets that depend on how many seats each node has. Where there are few ways to share the new
territories out, the location problem of each way has bounds of its own, and every plan belongs to one of the ways:

    LB(p) = min over the ways of LB(way)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

import numpy as np

from engine.inputs import IntArray
from engine.territory.headcount.bounds import nodes_of, others_of, same_sides
from engine.territory.headcount.sites import Sites
from solvers.location.dual import Ascent, Bound
from solvers.location.instance import Location

MOST = 60
"""Ways up to which each has a bound of its own."""
ROUNDS = 800
FIRST = 60
"""Evaluations of a way's bound before anything is known of the others."""


@dataclass
class Way:
    """One way to share the new territories out, and its bound."""

    problem: Location
    ascent: Ascent
    bound: Bound | None = None

    @property
    def value(self) -> float:
        """The bound; inf when counting shows that there is no plan of this kind."""
        return inf if self.bound is None else self.bound.value


def ways(given: Sites, count: int) -> list[Way]:
    """Return every way, climbed a little; none where bands have no level, or where there are too many ways."""
    levels = given.band_levels
    if not levels:
        return []
    node = nodes_of(given, levels)
    names = list(dict.fromkeys(node))
    inside = [[j for j in others_of(given) if node[j] == here] for here in names]
    shares = _shares(count - len(given.kept), [len(part) for part in inside], MOST)
    if not 0 < len(shares) <= MOST:
        return []
    group = np.array([names.index(here) for here in node], dtype=np.int64)
    kept = np.bincount(group[given.kept], minlength=len(names))
    found = []
    for share in shares:
        sample = sorted(
            [*given.kept, *(j for part, size in zip(inside, share, strict=True) for j in part[:size])]
        )
        problem = _problem(given, sample, group, kept + np.array(share))
        found.append(Way(problem, Ascent(problem)))
    return found


def climb(found: list[Way], target: float, rounds: int) -> float:
    """Climb every way whose bound is below the target, and return the least bound of all."""
    from solvers.location.locate import hopeless

    for way in found:
        if way.bound is None and hopeless(way.problem):
            continue
        if way.bound is None or way.value < target:
            way.bound = way.ascent.climb(target, rounds)
    return min((way.value for way in found), default=-inf)


def _problem(given: Sites, sample: list[int], group: IntArray, quota: IntArray) -> Location:
    node = [str(g) for g in group.tolist()]
    bands = [same_sides(given, given.spec.constraints[place], sample, node) for place in given.bands]
    weight, lower, upper = (np.array(part, dtype=np.int64) for part in zip(*bands, strict=True))
    keep = np.concatenate((given.keep, np.zeros(len(given.places), dtype=np.bool_)))
    count = int(quota.sum())
    return Location(given.cost, weight, lower, upper, given.fixed, keep, count, group, quota.astype(np.int64))


def _shares(total: int, room: list[int], most: int) -> list[tuple[int, ...]]:
    """Return the ways to put `total` into places of limited room; one more than `most` of them at most."""
    found: list[tuple[int, ...]] = []
    for share in _split(total, room):
        found.append(share)
        if len(found) > most:
            break
    return found


def _split(total: int, room: list[int]) -> Iterator[tuple[int, ...]]:
    if not room:
        if total == 0:
            yield ()
        return
    for here in range(min(total, room[0]) + 1):
        for rest in _split(total - here, room[1:]):
            yield (here, *rest)
